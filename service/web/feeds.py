"""What changes, as an Atom feed that any reader follows without an account: of one programme, of a
document, of a place, of a search, or of whatever else the library narrows to."""

import heapq
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from urllib.parse import quote

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from service.domain.index.bitset import BitSet, bitset_of
from service.domain.rules.application import next_period
from service.domain.rules.programmes import Programme
from service.domain.text import LIST_COMMA, Text, join, quoted, text_of
from service.domain.wording.change_labels import PROGRAMME_CHANGE, PROGRAMME_PART
from service.rendering.atom import AtomEntry, AtomHead, atom_feed
from service.rendering.json_parts import Json
from service.rendering.texts import read_texts
from service.usecases.reference import lookup
from service.usecases.reference.facets import FACETS
from service.web.formatting import language
from service.web.library import criteria
from service.web.ports import PageContext
from service.web.security import Tokens

_WORDS = read_texts(__file__)

MAX_ENTRIES = 50
ATOM = "application/atom+xml"
# How long before a programme ends its end is announced.
_ENDING = timedelta(days=30)
_HOUR = 3600


def add_views(pages: Blueprint, site: PageContext, tokens: Tokens) -> None:
    """The feed; a portal's frame has none."""
    del tokens
    if pages.name.startswith("embed"):
        return

    @pages.get("/changes.atom")
    def feed() -> Response:
        chosen = _chosen_programmes(site)
        rules = heapq.nlargest(
            MAX_ENTRIES, _changed_rules(site, chosen), key=lambda c: (c.at, c.id)
        )
        days = heapq.nlargest(
            MAX_ENTRIES, _days_reached(site, chosen), key=lambda c: (c.announced_on, c.id)
        )
        entries = sorted(
            (*(_rule_entry(site, rule) for rule in rules), *(_day_entry(site, d) for d in days)),
            key=lambda e: (e.updated, e.id),
        )
        content = atom_feed(_feed_head(site), entries[::-1][:MAX_ENTRIES], language())
        response = Response(content, content_type=f"{ATOM}; charset=utf-8")
        kept = f"public, max-age={_HOUR}" if site.is_open else "private, no-cache"
        response.headers["Cache-Control"] = kept
        response.add_etag()
        return response.make_conditional(request.environ)


def _chosen_programmes(site: PageContext) -> BitSet:
    """The programmes that the address asks for, in the table of programmes; all without a word.
    Raises NotFound."""
    table, named = site.compiled.table, request.args.getlist("programme")[:MAX_ENTRIES]
    if named:
        return table.bits_of(lookup.find_programme(site.catalogue, one).id for one in named)
    query = criteria()
    hits = site.search(query.q).ids if query.q else ()
    return bitset_of(lookup.select_programmes(site.compiled, query, lambda _: hits))


def _feed_head(site: PageContext) -> AtomHead:
    asked = sorted((k, v) for k, v in request.args.items(multi=True) if v)
    words = ":".join(["urn:huice:changes", language(), *(quote(f"{k}={v}") for k, v in asked)])
    named, several = dict(asked), request.args.getlist("programme")
    one = site.catalogue.programmes.get(several[0]) if len(several) == 1 else None
    document = site.catalogue.measures.get(named.get("measure", ""))
    title = _WORDS["title"]
    if one is not None:
        title = _WORDS["of"].format(what=one.name)
    elif document is not None:
        title = _WORDS["of"].format(what=document.title)
    elif "q" in named:
        title = _WORDS["of"].format(what=quoted(named["q"][:100]))
    elif named.get("jurisdiction") in site.vocabulary.regions.codes:
        title = _WORDS["of"].format(what=site.vocabulary.regions.label_of(named["jurisdiction"]))
    known = {k: v for k, v in named.items() if k in ("q", *FACETS)}
    page = _page_address(one) if one else url_for(".library", **known, _external=True)
    otherwise = max(m.reviewed_on for m in site.catalogue.measures.values())
    return AtomHead(words, title, _start_of_day(otherwise, site), page, request.url)


class _ChangedRule(NamedTuple):
    """A programme that a version of the catalogue changed, added or removed."""

    at: datetime
    version: str
    item: Json

    @property
    def id(self) -> str:
        return f"urn:huice:{self.version}:{self.item['programme']}"


def _changed_rules(site: PageContext, chosen: BitSet) -> Iterator[_ChangedRule]:
    """The changes of the chosen programmes; where all are chosen, also which were removed."""
    table = site.compiled.table
    narrowed = chosen != table.all_programmes
    for step in site.changes():
        for item in step.items:
            place = table.places.get(item["programme"])
            gone = place is None and not narrowed and item["change"] == "removed"
            if gone or (place is not None and chosen >> place & 1):
                yield _ChangedRule(step.at, step.version, item)


def _rule_entry(site: PageContext, rule: _ChangedRule) -> AtomEntry:
    item = rule.item
    known = site.catalogue.programmes.get(item["programme"])
    return AtomEntry(
        rule.id,
        _WORDS["line"].format(
            name=text_of(item["name"], item["name"]), what=PROGRAMME_CHANGE[item["change"]]
        ),
        rule.at.isoformat(),
        _lines_of(item, known),
        _page_address(known) if known else None,
    )


def _lines_of(item: Json, known: Programme | None) -> tuple[Text, ...]:
    parts = dict.fromkeys(PROGRAMME_PART.get(key, _WORDS["other"]) for key in item.get("keys", ()))
    changed = (_WORDS["changed"].format(parts=join(parts, LIST_COMMA)),) if parts else ()
    return (*changed, *((known.summary,) if known else ()))


class _DayReached(NamedTuple):
    """A day of a programme that was reached, or soon will be, and when that was announced."""

    announced_on: date
    programme: str
    kind: str
    day: date | None

    @property
    def id(self) -> str:
        return f"urn:huice:{self.programme}:{self.kind}:{self.day}"


def _days_reached(site: PageContext, chosen: BitSet) -> Iterator[_DayReached]:
    """The days on which a programme came into force, is near its end, or takes applications."""
    today, table = site.today(), site.compiled.table
    for window, programmes in table.windows(chosen):
        first, last = window.start, window.end
        for kind, announced_on, day in (
            ("opens", first, first),
            ("ends", last and last - _ENDING, last),
        ):
            if (
                announced_on is not None
                and announced_on <= today
                and (kind != "ends" or today in window)
            ):
                yield from (_DayReached(announced_on, name, kind, day) for name in programmes)
    for name in table.with_periods(chosen):
        programme = site.catalogue.programmes[name]
        period = next_period(programme.application, programme.window, today)
        begun = period.window.start if period and period.open else None
        if begun is not None and begun <= today:
            yield _DayReached(begun, name, "applications", begun)


def _day_entry(site: PageContext, reached: _DayReached) -> AtomEntry:
    programme = site.catalogue.programmes[reached.programme]
    return AtomEntry(
        reached.id,
        _WORDS["line"].format(
            name=programme.name, what=PROGRAMME_CHANGE[reached.kind].format(day=str(reached.day))
        ),
        _start_of_day(reached.announced_on, site),
        (programme.summary,),
        _page_address(programme),
    )


def _page_address(programme: Programme) -> str:
    return url_for(".programme", programme_id=programme.id, _external=True)


def _start_of_day(day: date, site: PageContext) -> str:
    """The beginning of a day, where the service is."""
    return datetime.combine(day, time.min, site.now().tzinfo).isoformat()
