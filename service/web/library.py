"""The start page, the programme library, the measures, and what the results rest on."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request

from service.domain.dates import Window
from service.domain.evaluation.evaluator import Status
from service.domain.rules.catalogue import Evidence
from service.domain.text import Text
from service.rendering import catalogue_json
from service.rendering.json_parts import Json
from service.usecases.reference import lookup
from service.usecases.reference.facets import FACETS, facets
from service.usecases.reference.lookup import ProgrammeQuery
from service.web.check import check_page
from service.web.ports import PageContext
from service.web.security import OPENING, Tokens

_PAGE = 24
_SUGGESTED = 5
_LONGEST_QUERY = 100
# A cursor holds the query.
_LONGEST_CURSOR = 4000


def add_views(pages: Blueprint, site: PageContext, tokens: Tokens) -> None:
    """Everything that can be read without a case."""
    compiled, catalogue = site.compiled, site.catalogue

    def cards() -> list[Json]:
        """The measures, official documents before what the press reports."""
        found = [catalogue_json.measure_card(catalogue, m) for m in catalogue.measures.values()]
        return sorted(found, key=lambda card: card["evidence"] != Evidence.OFFICIAL)

    @pages.get("/")
    def start() -> str:
        if (request.blueprint or "").startswith("embed"):
            return check_page(site, tokens)
        amounts = [p for p in catalogue.programmes.values() if p.benefit and p.benefit.cap]
        return render_template(
            "start.html",
            measures=cards(),
            with_amount=len(amounts),
            token=tokens.make(OPENING),
        )

    def suggestions() -> list[Text]:
        """What could be searched for instead: the instruments and fields that programmes have."""
        used = [(p.instrument, p.fields) for p in catalogue.programmes.values()]
        lists = catalogue.vocabulary.lists
        instruments = Counter(lists["instruments"].label_of(i) for i, _ in used)
        named = Counter(lists["fields"].label_of(f) for _, fields in used for f in fields)
        best = [*instruments.most_common(_SUGGESTED), *named.most_common(_SUGGESTED)]
        return [label for label, _ in best]

    @pages.get("/library")
    def library() -> str:
        query = _query()
        hits = site.search(query.q) if query.q else None

        def found(_: str) -> Sequence[str]:
            return hits.ids if hits else ()

        return render_template(
            "library.html",
            page=lookup.list_programmes(compiled, replace(query, limit=_PAGE), found),
            query=query,
            chosen=_chosen(query),
            facets=facets(compiled, query, found),
            nearest=hits is not None and hits.nearest,
            suggestions=() if hits is None or hits.ids else suggestions(),
        )

    @pages.get("/programmes/<programme_id>")
    def programme(programme_id: str) -> str:
        found = lookup.find_programme(catalogue, programme_id)
        measure = catalogue.measures[found.measure]
        return render_template(
            "programme.html",
            programme=catalogue_json.programme_json(compiled.catalogue, compiled.answers, found),
            measure=catalogue_json.measure_card(catalogue, measure),
            article=measure.article(found.article),
            window=when(found.window, site.today()),
            token=tokens.make(OPENING),
        )

    _add_documents(pages, site, cards)


def _add_documents(pages: Blueprint, site: PageContext, cards: Callable[[], list[Json]]) -> None:
    """The measures, and what the results rest on."""
    catalogue = site.catalogue

    @pages.get("/measures")
    def measures() -> str:
        return render_template("measures.html", measures=cards())

    @pages.get("/measures/<measure_id>")
    def measure(measure_id: str) -> str:
        found = lookup.find_measure(catalogue, measure_id)
        return render_template(
            "measure.html",
            measure=catalogue_json.measure_json(catalogue, found, site.wording),
            programmes=catalogue.programmes,
        )

    @pages.get("/about")
    def about() -> str:
        kept = site.cases.kept.days
        return render_template("about.html", days=kept, statuses=[s.value for s in Status])


def when(window: Window, today: date) -> tuple[str, int | None]:
    """Where a day stands to a window: "opens" and the days until then, "open" and the days left
    (None without an end), "over" and the days since."""
    if window.start is not None and today < window.start:
        return "opens", (window.start - today).days
    if window.end is None:
        return "open", None
    left = (window.end - today).days
    return ("open", left) if left >= 0 else ("over", -left)


def _query() -> ProgrammeQuery:
    """The criteria in the address; what is blank is open."""

    def given(name: str, most: int = _LONGEST_QUERY) -> str | None:
        return request.args.get(name, "").strip()[:most] or None

    return ProgrammeQuery(
        q=given("q"),
        cursor=given("cursor", _LONGEST_CURSOR),
        measure=given("measure"),
        jurisdiction=given("jurisdiction"),
        instrument=given("instrument"),
        commitment=given("commitment"),
        kind=given("kind"),
        field=given("field"),
    )


def _chosen(query: ProgrammeQuery) -> dict[str, Any]:
    """The criteria as they stand in the address, without the place in the list."""
    named = {name: getattr(query, name) for name in ("q", *FACETS)}
    return {name: value for name, value in named.items() if value}
