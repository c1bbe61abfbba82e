"""Looking things up: programmes, measures, articles, the vocabulary and its code lists."""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from difflib import get_close_matches
from typing import Any, TypeVar

from service.domain.catalogue import Article, Catalogue, Measure, Programme
from service.domain.codes import Code, CodeList
from service.domain.errors import ErrorCode, InvalidInput, NotFound, Problem
from service.domain.text import Text
from service.domain.truth import Truth
from service.domain.vocabulary import Fact
from service.usecases.applications import application_json
from service.usecases.rendering import Json, text_json
from service.usecases.workbench import Workbench

PAGE = 20
LARGEST_PAGE = 200
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
    near = get_close_matches(name, known, n=1)
    raise NotFound(kind, name, near[0] if near else None)


def list_programmes(
    bench: Workbench, query: ProgrammeQuery, search: Callable[[str], Iterable[str]]
) -> Json:
    """One page of programmes: by relevance where `q` is given, else in the documents' order.

    `search` gives the ids that full text finds, best first. Raises InvalidInput for a cursor that
    was not made for this query and catalogue.
    """
    known = bench.catalogue.programmes
    ordered = known if query.q is None else [i for i in search(query.q) if i in known]
    found = [known[i] for i in ordered if _fits(bench.catalogue, known[i], query)]
    start = _position(query, bench.catalogue.version)
    page = found[start : start + query.limit]
    end = start + len(page)
    return {
        "items": [bench.answers.programme(p) for p in page],
        "next_cursor": _cursor(query, end, bench.catalogue.version) if end < len(found) else None,
        "total": len(found),
    }


def _fits(catalogue: Catalogue, programme: Programme, query: ProgrammeQuery) -> bool:
    regions = catalogue.vocabulary.lists["regions"]
    wanted = query.jurisdiction
    exact = (
        (query.measure, (programme.measure,)),
        (query.instrument, (programme.instrument,)),
        (query.commitment, (programme.commitment.value,)),
        (query.kind, programme.kinds),
        (query.field, programme.fields),
    )
    return (
        all(value is None or value in values for value, values in exact)
        and (wanted is None or regions.relation(wanted, programme.jurisdiction) is Truth.TRUE)
        and (query.in_force_on is None or query.in_force_on in programme.window)
    )


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


def programme_json(bench: Workbench, programme: Programme) -> Json:
    """A programme whole: conditions in words, amounts, clauses, examples."""
    measure = bench.catalogue.measures[programme.measure]
    return {
        **bench.answers.programme(programme),
        "article": programme.article,
        "kinds": list(programme.kinds),
        "fields": list(programme.fields),
        "decided_by": text_json(programme.decided_by),
        "departments": [text_json(d) for d in programme.departments],
        "purpose": programme.purpose,
        "parameters": dict(programme.parameters or {}),
        "notes": [text_json(n) for n in programme.notes],
        "conditions": [bench.answers.condition(c) for c in programme.condition.children],
        "ceiling": bench.answers.benefit(programme),
        "usual_conditions": [text_json(u.text) for u in measure.usual_conditions],
        "overlap": text_json(measure.overlap.text) if measure.overlap else None,
        "clauses": bench.answers.clauses(programme),
        "application": application_json(programme.application, bench.catalogue.vocabulary),
        "examples": [_example(e) for e in programme.examples],
    }


def _example(example: Any) -> Json:
    expect = example.expect
    return {
        "say": example.say,
        "as_of": example.as_of.isoformat(),
        "given": {fact: _plain(value) for fact, value in example.given.items()},
        "expect": {
            "status": expect.status,
            "ceiling": None if expect.ceiling is None else f"{expect.ceiling:.2f}",
        },
    }


def _plain(value: object) -> object:
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return value if isinstance(value, bool | int) or value is None else str(value)


def no_wording(measure: str, article: Article) -> Json:
    """What stands for the official text where no database is at hand."""
    del measure, article
    return {"official_text": None, "official_text_current": None}


def measure_json(
    catalogue: Catalogue, measure: Measure, wording: Callable[[str, Article], Json] = no_wording
) -> Json:
    """A measure with how each of its articles is encoded; `wording` gives the official text that
    the operator imported."""
    return {
        **measure_card(catalogue, measure),
        "issuers": [text_json(i) for i in measure.issuers],
        "departments": [text_json(d) for d in measure.departments],
        "decided_by": text_json(measure.decided_by),
        "window_note": text_json(measure.window_note) if measure.window_note else None,
        "source": measure.source,
        "url": measure.url,
        "overlap": text_json(measure.overlap.text) if measure.overlap else None,
        "usual_conditions": [text_json(u.text) for u in measure.usual_conditions],
        "articles": [article_json(catalogue, measure, a, wording) for a in measure.articles],
    }


def measure_card(catalogue: Catalogue, measure: Measure) -> Json:
    """The short form of a measure."""
    return {
        "id": measure.id,
        "number": measure.number,
        "title": text_json(measure.title),
        "jurisdiction": measure.jurisdiction,
        "evidence": measure.evidence.value,
        "issued_on": measure.issued_on.isoformat(),
        "reviewed_on": measure.reviewed_on.isoformat(),
        "valid_from": measure.window.start.isoformat() if measure.window.start else None,
        "valid_to": measure.window.end.isoformat() if measure.window.end else None,
        "window_inferred": measure.window.inferred,
        "programmes": len(catalogue.by_measure[measure.id]),
    }


def article_json(
    catalogue: Catalogue,
    measure: Measure,
    article: Article,
    wording: Callable[[str, Article], Json] = no_wording,
) -> Json:
    """An article: our gist, the official text's digest, its programmes, why the rest is none."""
    programmes = [p.id for p in catalogue.by_measure[measure.id] if p.article == article.number]
    return {
        "measure": measure.id,
        "article": article.number,
        "title": text_json(article.title),
        "gist": text_json(article.gist),
        "digest": article.digest,
        **wording(measure.id, article),
        "programmes": programmes,
        "unmatched": text_json(article.unmatched) if article.unmatched else None,
        "numbers": [
            {
                "text": n.text,
                "kind": n.kind.value,
                "programme": n.programme,
                "note": text_json(n.note) if n.note else None,
            }
            for n in article.numbers
        ],
    }


def vocabulary_json(catalogue: Catalogue) -> Json:
    """Every fact with its type, unit, words; the names of the code lists."""
    vocabulary = catalogue.vocabulary
    return {
        "facts": [_fact(f) for f in vocabulary.facts.values()],
        "lists": [
            {"id": c.id, "label": text_json(c.label), "source": c.source, "size": len(c.codes)}
            for c in vocabulary.lists.values()
        ],
    }


def _fact(fact: Fact) -> Json:
    return {
        "id": fact.id,
        "type": fact.type.value,
        "unit": fact.unit,
        "list": fact.list,
        "label": text_json(fact.label),
        "question": text_json(fact.question),
        "help": text_json(fact.help),
        "minimum": None if fact.minimum is None else str(fact.minimum),
        "maximum": None if fact.maximum is None else str(fact.maximum),
        "positive": fact.positive,
        "changeable": fact.changeable,
        "sensitivity": fact.sensitivity.value,
        "default_from": fact.default_from,
        "kinds": list(fact.kinds),
    }


def codes_json(codes: CodeList) -> Json:
    """A code list, broad to narrow."""
    return {
        "id": codes.id,
        "label": text_json(codes.label),
        "source": codes.source,
        "deeper": codes.deeper,
        "codes": [_code(c) for c in codes.codes.values()],
    }


def _code(code: Code) -> Json:
    return {
        "code": code.code,
        "label": text_json(code.label),
        "within": list(code.parents),
        "successor": code.successor,
        "valid_to": code.valid_to,
        "undefined": code.undefined,
        "help": text_json(code.help) if code.help else None,
    }
