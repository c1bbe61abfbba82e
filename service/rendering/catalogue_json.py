"""Programmes, measures, articles, the vocabulary and code lists as the JSON of the contract."""

from collections.abc import Callable, Sequence
from typing import Any

from service.domain.facts.code_lists import Code, CodeList
from service.domain.facts.vocabulary import Fact, Vocabulary
from service.domain.rules.caps import Cap
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.measures import Article, Measure
from service.domain.rules.programmes import Programme
from service.domain.rules.unit_check import unit_of
from service.domain.rules.units import unit
from service.domain.text import Text
from service.domain.wording.selection import selection_words
from service.rendering.application_json import application_json
from service.rendering.json_parts import Json, text_json
from service.rendering.match_json import MatchRenderer
from service.rendering.money_json import cap_json

_JUDGED = Text("{what}，由{who}认定", "{what}: for {who} to judge")


def programme_json(catalogue: Catalogue, renderer: MatchRenderer, programme: Programme) -> Json:
    """A programme whole: conditions in words, amounts, clauses, examples."""
    measure = catalogue.measures[programme.measure]
    return {
        **renderer.programme(programme),
        "article": programme.article,
        "kinds": list(programme.kinds),
        "fields": list(programme.fields),
        "decided_by": text_json(programme.decided_by),
        "departments": [text_json(d) for d in programme.departments],
        "purpose": programme.purpose,
        "parameters": dict(programme.parameters or {}),
        "notes": [text_json(n) for n in notes_of(programme)],
        "conditions": [renderer.condition(c) for c in programme.condition.children],
        "ceiling": renderer.benefit(programme),
        "usual_conditions": [text_json(u.text) for u in measure.usual_conditions],
        "overlap": text_json(measure.overlap.text) if measure.overlap else None,
        "clauses": renderer.clauses(programme),
        "application": application_json(programme.application, catalogue.vocabulary),
        "examples": [_example(e) for e in programme.examples],
    }


def notes_of(programme: Programme) -> tuple[Text, ...]:
    """What a reader is told beside the rule: first, that others choose among those who qualify, and
    what is theirs to judge."""
    chosen = programme.selection
    first = () if chosen is None else (selection_words(chosen),)
    left = programme.others_judge
    judged = () if left is None else (_JUDGED.format(what=left, who=programme.decided_by),)
    return (*first, *judged, *programme.notes)


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
    catalogue: Catalogue,
    measure: Measure,
    wording: Callable[[str, Article], Json] = no_wording,
    articles: Sequence[Article] | None = None,
) -> Json:
    """A measure with how each of its articles is encoded, or some of them; `wording` gives the
    official text that the operator imported."""
    shown_articles = measure.articles if articles is None else articles
    return {
        **measure_card(catalogue, measure),
        "issuers": [text_json(i) for i in measure.issuers],
        "departments": [text_json(d) for d in measure.departments],
        "decided_by": text_json(measure.decided_by),
        "window_note": text_json(measure.window_note) if measure.window_note else None,
        "source": measure.source,
        "url": measure.url,
        "overlap": text_json(measure.overlap.text) if measure.overlap else None,
        "caps": [shared_cap_json(cap, catalogue.vocabulary) for cap in measure.caps],
        "usual_conditions": [text_json(u.text) for u in measure.usual_conditions],
        "articles": [article_json(catalogue, measure, a, wording) for a in shown_articles],
    }


def shared_cap_json(cap: Cap, vocabulary: Vocabulary) -> Json:
    """A cap on several programmes together, with those and the article that sets it. Its figure
    is in the catalogue's currency; what is in another stands in its words alone."""
    assert cap.shared is not None
    programmes = sorted(cap.shared.programmes)
    foreign = unit_of(cap.quantity, vocabulary) != unit(vocabulary.currency)
    return {
        **cap_json(cap, vocabulary),
        **({"amount": None} if foreign else {}),
        "article": cap.shared.clause.article,
        "programmes": programmes,
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
    programmes = list(catalogue.by_article.get((measure.id, article.number), ()))
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
        "deeper": codes.extension_pattern,
        "codes": [_code(c) for c in codes.codes.values()],
    }


def _code(code: Code) -> Json:
    return {
        "code": code.code,
        "label": text_json(code.label),
        "within": list(code.parents),
        "successor": code.successor,
        "valid_to": code.valid_to,
        "retired_on": code.retired_on.isoformat() if code.retired_on else None,
        "undefined": code.undefined,
        "none_of_others": code.none_of_others,
        "help": text_json(code.help) if code.help else None,
    }
