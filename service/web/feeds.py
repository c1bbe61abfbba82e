"""What changes, as an Atom feed that any reader follows without an account: of one programme, of a
document, of a place, of a search, or of whatever else the library narrows to."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from urllib.parse import quote

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from service.domain.rules.application import next_period
from service.domain.rules.catalogue import Programme
from service.domain.text import Text, join, text_of
from service.domain.wording.change_labels import PROGRAMME_CHANGE, PROGRAMME_PART
from service.rendering.atom import AtomEntry, AtomHead, atom_feed
from service.rendering.json_parts import Json
from service.usecases.reference import lookup
from service.usecases.reference.facets import FACETS
from service.web.formatting import language
from service.web.library import criteria
from service.web.ports import PageContext
from service.web.security import Tokens

MAX_ENTRIES = 50
ATOM = "application/atom+xml"
# So long before a document ends, its end is news.
_ENDING = timedelta(days=30)
_HOUR = 3600
_TITLE = Text("惠策：政策有变化", "Huice: programmes that change")
_OF = Text("惠策：{what}有变化", "Huice: {what} changes")
_LINE = Text("{name}：{what}", "{name}: {what}")
_OTHER = Text("其他内容", "other parts")
_CHANGED = Text("有变化的：{parts}", "changed: {parts}")


def add_views(pages: Blueprint, site: PageContext, tokens: Tokens) -> None:
    """The feed; a portal's frame has none."""
    del tokens
    if pages.name.startswith("embed"):
        return

    @pages.get("/changes.atom")
    def feed() -> Response:
        chosen = _chosen_programmes(site)
        entries = sorted(
            (*_changed_rules(site, chosen), *_days_come(site, chosen)),
            key=lambda e: (e.updated, e.id),
        )
        content = atom_feed(_feed_head(site), entries[::-1][:MAX_ENTRIES], language())
        response = Response(content, content_type=f"{ATOM}; charset=utf-8")
        kept = f"public, max-age={_HOUR}" if site.is_open else "private, no-cache"
        response.headers["Cache-Control"] = kept
        response.add_etag()
        return response.make_conditional(request.environ)


def _chosen_programmes(site: PageContext) -> Mapping[str, Programme]:
    """The programmes that the address asks for; all without a word. Raises NotFound."""
    named = request.args.getlist("programme")[:MAX_ENTRIES]
    if named:
        return {one: lookup.find_programme(site.catalogue, one) for one in named}
    query = criteria()
    hits = site.search(query.q).ids if query.q else ()
    found = lookup.select_programmes(site.compiled, query, lambda _: hits)
    programmes = site.catalogue.programmes
    return {name: programmes[name] for name in (site.compiled.table.ids[i] for i in found)}


def _feed_head(site: PageContext) -> AtomHead:
    asked = sorted((k, v) for k, v in request.args.items(multi=True) if v)
    words = ":".join(["urn:huice:changes", language(), *(quote(f"{k}={v}") for k, v in asked)])
    named, several = dict(asked), request.args.getlist("programme")
    one = site.catalogue.programmes.get(several[0]) if len(several) == 1 else None
    document = site.catalogue.measures.get(named.get("measure", ""))
    title = _TITLE
    if one is not None:
        title = _OF.format(what=one.name)
    elif document is not None:
        title = _OF.format(what=document.title)
    elif "q" in named:
        title = _OF.format(what=f"“{named['q'][:100]}”")
    elif named.get("jurisdiction") in site.vocabulary.regions.codes:
        title = _OF.format(what=site.vocabulary.regions.label_of(named["jurisdiction"]))
    known = {k: v for k, v in named.items() if k in ("q", *FACETS)}
    page = _page_address(one) if one else url_for(".library", **known, _external=True)
    otherwise = max(m.reviewed_on for m in site.catalogue.measures.values())
    return AtomHead(words, title, _start_of_day(otherwise, site), page, request.url)


def _changed_rules(site: PageContext, chosen: Mapping[str, Programme]) -> Iterator[AtomEntry]:
    """What became other when the rules were changed."""
    narrowed = len(chosen) < len(site.catalogue.programmes)
    for step in site.changes():
        for item in step.items:
            known = chosen.get(item["programme"])
            if known is None and (narrowed or item["change"] != "removed"):
                continue
            yield AtomEntry(
                f"urn:huice:{step.version}:{item['programme']}",
                _LINE.format(
                    name=text_of(item["name"], item["name"]), what=PROGRAMME_CHANGE[item["change"]]
                ),
                step.at.isoformat(),
                _lines_of(item, known),
                _page_address(known) if known else None,
            )


def _lines_of(item: Json, known: Programme | None) -> tuple[Text, ...]:
    parts = dict.fromkeys(PROGRAMME_PART.get(key, _OTHER) for key in item.get("keys", ()))
    changed = (_CHANGED.format(parts=join(parts, "、", ", ")),) if parts else ()
    return (*changed, *((known.summary,) if known else ()))


def _days_come(site: PageContext, chosen: Mapping[str, Programme]) -> Iterator[AtomEntry]:
    """The days that have come: in force, soon at an end, applications taken."""
    today = site.today()
    for p in chosen.values():
        period = next_period(p.application, p.window, today)
        first, last = p.window.start, p.window.end
        begun = period.window.start if period and period.open else None
        known = (
            ("opens", first, first),
            ("ends", last and last - _ENDING, last),
            ("applications", begun, begun),
        )
        for kind, told_on, day in known:
            if told_on is not None and told_on <= today and (kind != "ends" or today in p.window):
                yield AtomEntry(
                    f"urn:huice:{p.id}:{kind}:{day}",
                    _LINE.format(name=p.name, what=PROGRAMME_CHANGE[kind].format(day=str(day))),
                    _start_of_day(told_on, site),
                    (p.summary,),
                    _page_address(p),
                )


def _page_address(programme: Programme) -> str:
    return url_for(".programme", programme_id=programme.id, _external=True)


def _start_of_day(day: date, site: PageContext) -> str:
    """The beginning of a day, where the service is."""
    return datetime.combine(day, time.min, site.now().tzinfo).isoformat()
