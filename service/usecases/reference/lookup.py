"""Looking things up: programmes, measures, articles, the vocabulary and its code lists."""

import base64
import binascii
import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import TypeVar

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.errors import ErrorCode, InvalidInput, NotFound, Problem
from service.domain.facts.code_lists import CodeList
from service.domain.index.bitset import BitSet
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.measures import Article, Measure
from service.domain.rules.programmes import Programme
from service.domain.text import Text, nearest
from service.domain.truth import Truth
from service.rendering.json_parts import Json, text_json

PAGE = 20
MAX_PAGE = 200
# The criteria that a programme fits by having just that value.
EXACT = ("measure", "instrument", "commitment", "kind", "field")
Found = TypeVar("Found")

_PROGRAMME = Text("支持事项", "programme")
_MEASURE = Text("政策文件", "measure")
_ARTICLE = Text("条款", "article")
_LIST = Text("代码表", "code list")


@dataclass(frozen=True)
class ProgrammeQuery:
    """What to list; None leaves a criterion open. `q` is full text."""

    q: str | None = None
    measure: str | None = None
    jurisdiction: str | None = None
    instrument: str | None = None
    commitment: str | None = None
    kind: str | None = None
    field: str | None = None
    in_force_on: date | None = None
    department: str | None = None
    changed_since: str | date | None = None
    sort: str | None = None
    cursor: str | None = None
    limit: int = PAGE

    def fingerprint(self) -> str:
        """What a cursor belongs to: every criterion but the position and the page's size."""
        named = {f.name: getattr(self, f.name) for f in fields(self)}
        return json.dumps({k: str(v) for k, v in named.items() if k not in ("cursor", "limit")})


def find_programme(catalogue: Catalogue, programme_id: str) -> Programme:
    """Raises NotFound with the nearest id."""
    return _find(catalogue.programmes, programme_id, _PROGRAMME)


def find_measure(catalogue: Catalogue, measure_id: str) -> Measure:
    """Raises NotFound with the nearest id."""
    return _find(catalogue.measures, measure_id, _MEASURE)


def find_list(catalogue: Catalogue, name: str) -> CodeList:
    """Raises NotFound with the nearest name."""
    return _find(catalogue.vocabulary.lists, name, _LIST)


def find_article(measure: Measure, number: str) -> Article:
    """An article by its number or name as it stands in a URL. Raises NotFound."""
    articles = {str(a.number): a for a in measure.articles}
    return _find(articles, number, _ARTICLE)


def _find(known: Mapping[str, Found], name: str, kind: Text) -> Found:
    if name in known:
        return known[name]
    raise NotFound(kind, name, nearest(name, known))


def list_programmes(
    compiled: CompiledCatalogue,
    query: ProgrammeQuery,
    search: Callable[[str], Iterable[str]],
    changed: Callable[[str | date], Container[str]] | None = None,
) -> Json:
    """One page of programmes: by relevance where `q` is given, else in the documents' order, unless
    the query sorts them. `changed` gives those that are new or other than at a version or a day.

    `search` gives the ids that full text finds, best first. Raises InvalidInput for a cursor that
    was not made for this query and catalogue.
    """
    found = select_programmes(compiled, query, search, changed)
    start = _position(query, compiled.catalogue.version)
    page = found[start : start + query.limit]
    end = start + len(page)
    programmes, ids = compiled.catalogue.programmes, compiled.table.ids
    return {
        "items": [_item(compiled, programmes[ids[place]]) for place in page],
        "next_cursor": _cursor(query, end, compiled.catalogue.version)
        if end < len(found)
        else None,
        "total": len(found),
    }


def previous_cursor(compiled: CompiledCatalogue, query: ProgrammeQuery) -> str | None:
    """The cursor of the page before the one that a query is at; None where that is the first, or
    there is none. Raises InvalidInput as `list_programmes` does."""
    start = _position(query, compiled.catalogue.version) - query.limit
    return _cursor(query, start, compiled.catalogue.version) if start > 0 else None


def select_programmes(
    compiled: CompiledCatalogue,
    query: ProgrammeQuery,
    search: Callable[[str], Iterable[str]],
    changed: Callable[[str | date], Container[str]] | None = None,
) -> list[int]:
    """The places, in the table of programmes, of all that a query is about, in its order, whatever
    its page."""
    found = None if query.q is None else search(query.q)
    chosen = fitting(compiled, query, changed)
    return compiled.table.in_order(chosen, found, query.sort)


def fitting(
    compiled: CompiledCatalogue,
    query: ProgrammeQuery,
    changed: Callable[[str | date], Container[str]] | None = None,
) -> BitSet:
    """The programmes that the criteria of a query leave, whatever its full text."""
    table, left = compiled.table, compiled.table.all_programmes
    for criterion in EXACT:
        value = getattr(query, criterion)
        if value is not None:
            left &= table.having[criterion].get(value, 0)
    if query.jurisdiction is not None:
        left &= table.valid_at(_covering(compiled.catalogue, query.jurisdiction))
    if query.in_force_on is not None:
        left &= table.in_force(query.in_force_on)
    if query.department is not None:
        left &= table.responsible(query.department)
    if query.changed_since is not None and changed is not None:
        recent = changed(query.changed_since)
        left &= table.bits_of(name for name in table.ids if name in recent)
    return left


def _covering(catalogue: Catalogue, place: str) -> Iterator[str]:
    """The jurisdictions whose programmes may be claimed at a place."""
    relation = catalogue.vocabulary.regions.relation
    return (wider for wider in catalogue.jurisdictions if relation(place, wider) is Truth.TRUE)


def _item(compiled: CompiledCatalogue, programme: Programme) -> Json:
    """A programme as a list shows it."""
    return {
        **compiled.answers.programme(programme),
        "article": programme.article,
        "kinds": list(programme.kinds),
        "departments": [text_json(d) for d in programme.departments],
        "ceiling": compiled.answers.benefit(programme),
    }


def _cursor(query: ProgrammeQuery, position: int, version: str) -> str:
    raw = json.dumps([position, query.fingerprint(), version])
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def _position(query: ProgrammeQuery, version: str) -> int:
    if query.cursor is None:
        return 0
    try:
        padded = query.cursor + "=" * (-len(query.cursor) % 4)
        position, fingerprint, made_for = json.loads(base64.urlsafe_b64decode(padded))
    except (binascii.Error, ValueError, TypeError):
        position, fingerprint, made_for = None, "", ""
    fits = fingerprint == query.fingerprint() and made_for == version
    if not fits or type(position) is not int or position < 0:
        message = Text(
            "游标不属于这次查询，请从头列出", "the cursor is not of this query: list from the start"
        )
        raise InvalidInput(
            (Problem("/cursor", ErrorCode.INVALID_CURSOR, message),), ErrorCode.INVALID_CURSOR
        )
    return position
