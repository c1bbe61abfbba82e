"""The start page, the programme library, and the page of each programme."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from flask import render_template, request

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.compiled.programme_table import OFFICIAL, SORTED, ProgrammeTable
from service.domain.dates import Window
from service.domain.errors import InvalidInput, NotFound
from service.domain.facts.code_lists import CodeList
from service.domain.text import Text
from service.rendering import catalogue_json
from service.rendering.next_steps import next_step
from service.usecases.reference import lookup
from service.usecases.reference.facets import FACETS, facets
from service.usecases.reference.lookup import ProgrammeQuery
from service.web.cases import load_case
from service.web.check import check_page, first_fields
from service.web.documents import measure_cards
from service.web.field_values import written
from service.web.picked import MAX_COMPARED
from service.web.questions import check_length
from service.web.security import OPENING
from service.web.views import Views, get

_PAGE = 24
_MAX_SUGGESTED = 5
_PLACES_SHOWN = 12
# Where nothing fits whole, few are worth a look.
_MAX_NEAREST = 10
# Only so near is the end of a document told in days: far off it would be taken for a deadline.
SOON_DAYS = 180
_MEASURES_SHOWN = 12
_MAX_QUERY_LENGTH = 100
# A cursor holds the query.
_MAX_CURSOR_LENGTH = 4000


class LibraryViews(Views):
    """The start page, the library, and the page of each programme."""

    @get("/")
    def start(self) -> str:
        if (request.blueprint or "").startswith("embed"):
            return check_page(self.site, self.tokens)
        return render_template(
            "start.html",
            measures=measure_cards(self.site.catalogue, _MEASURES_SHOWN),
            all_measures=len(self.site.catalogue.measures),
            covered=_covered_places(self.site.compiled.table, self.site.vocabulary.regions),
            most_measures=_MEASURES_SHOWN,
            with_amount=self.site.compiled.table.with_amount,
            token=self.tokens.make(OPENING),
            fields=first_fields(self.site),
            length=check_length(self.site.steps),
        )

    @get("/library")
    def library(self) -> str:
        query = criteria()
        hits = self.site.search(query.q) if query.q else None
        words = _suggestions(self.site.compiled)

        def hit_ids(_: str) -> Sequence[str]:
            return hits.ids if hits else ()

        listed = query if query.q or query.sort else replace(query, sort=OFFICIAL)
        if hits is not None and hits.nearest:
            listed = replace(listed, limit=min(listed.limit, _MAX_NEAREST))
        try:
            page = lookup.list_programmes(self.site.compiled, listed, hit_ids, self.site.changed)
        except InvalidInput:  # a link kept from before the catalogue changed: from the start
            listed = replace(listed, cursor=None)
            page = lookup.list_programmes(self.site.compiled, listed, hit_ids, self.site.changed)
        return render_template(
            "library.html",
            page=page,
            previous=lookup.previous_cursor(self.site.compiled, listed),
            query=replace(query, cursor=listed.cursor),
            chosen=_chosen(query),
            facets=facets(self.site.compiled, query, hit_ids, self.site.changed),
            sorts=SORTED,
            most=MAX_COMPARED,
            nearest=hits is not None and hits.nearest,
            read_as=() if hits is None else hits.read_as,
            examples=words,
            suggestions=() if hits is None or hits.ids else words,
        )

    @get("/programmes/<programme_id>")
    def programme(self, programme_id: str) -> str:
        programme = lookup.find_programme(self.site.catalogue, programme_id)
        measure = self.site.catalogue.measures[programme.measure]
        return render_template(
            "programme.html",
            programme=catalogue_json.programme_json(
                self.site.catalogue, self.site.compiled.answers, programme
            ),
            measure=catalogue_json.measure_card(self.site.catalogue, measure),
            article=measure.article(programme.article),
            window=when(programme.window, self.site.today()),
            soon=SOON_DAYS,
            step=next_step(self.site.catalogue, programme, self.site.today()),
            token=self.tokens.make(OPENING),
            own=self._own_case(),
        )

    def _own_case(self) -> str:
        """The key of the case whose result led here, where it is one."""
        key = request.args.get("case", "")
        try:
            return load_case(self.site, key).id if key else ""
        except NotFound:
            return ""


class _Covered(NamedTuple):
    """The places that most programmes are of, and those in which others of them lie and which lie
    in no other: what holds for a whole country says nothing of each of its cities."""

    places: list[str]
    countries: list[str]


def _covered_places(table: ProgrammeTable, regions: CodeList) -> _Covered:
    """As many as a line takes."""
    shown = _most_common(table, "jurisdiction", _PLACES_SHOWN)
    around = {above for p in shown if p in regions for above in regions.ancestors(p) - {p}}
    countries = [p for p in shown if p in around and not regions.codes[p].parents]
    return _Covered([p for p in shown if p not in countries], countries)


def _most_common(table: ProgrammeTable, criterion: str, most: int) -> list[str]:
    """The values of a criterion that most programmes have."""
    counted = Counter({value: held.bit_count() for value, held in table.having[criterion].items()})
    return [value for value, _ in counted.most_common(most)]


def _suggestions(compiled: CompiledCatalogue) -> list[Text]:
    """What could be searched for instead: the instruments and fields that programmes have."""
    suggestions: list[Text] = []
    for criterion in ("instrument", "field"):
        common = _most_common(compiled.table, criterion, _MAX_SUGGESTED)
        if not common:
            continue  # a catalogue need not have such a list
        labels = compiled.catalogue.vocabulary.lists[f"{criterion}s"]
        suggestions += [labels.label_of(code) for code in common]
    return suggestions


def when(window: Window, today: date) -> tuple[str, int | None]:
    """How a day lies to a window: "opens" and the days until then, "open" and the days left (None
    without an end), "over" and the days since."""
    if window.start is not None and today < window.start:
        return "opens", (window.start - today).days
    if window.end is None:
        return "open", None
    left = (window.end - today).days
    return ("open", left) if left >= 0 else ("over", -left)


def criteria() -> ProgrammeQuery:
    """The criteria in the address; what is blank is open."""

    def given(name: str, most: int = _MAX_QUERY_LENGTH) -> str | None:
        return written(request.args, name)[:most] or None

    return ProgrammeQuery(
        q=given("q"),
        cursor=given("cursor", _MAX_CURSOR_LENGTH),
        measure=given("measure"),
        jurisdiction=given("jurisdiction"),
        instrument=given("instrument"),
        commitment=given("commitment"),
        kind=given("kind"),
        field=given("field"),
        department=given("department"),
        changed_since=_day(given("changed_since")),
        sort=given("sort") if given("sort") in SORTED else None,
        limit=_PAGE,
    )


def _day(written: str | None) -> date | None:
    """A day as browsers send it; what is none is left out, as a blank field is."""
    try:
        return date.fromisoformat(written or "")
    except ValueError:
        return None


def _chosen(query: ProgrammeQuery) -> dict[str, str]:
    """The criteria as they stand in the address, without the place in the list."""
    named = {n: getattr(query, n) for n in ("q", *FACETS, "changed_since", "sort")}
    return {name: str(value) for name, value in named.items() if value}
