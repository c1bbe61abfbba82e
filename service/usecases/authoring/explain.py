"""What a rule says and does, before it is served: its sentences, its money, and what comes out on
both sides of every bound.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.advice.candidate_values import candidate_values
from service.domain.errors import InvalidInput
from service.domain.evaluation.evaluator import PROMISING, Match, Status, evaluate_programme
from service.domain.facts.profile import PROJECT_KIND, Subject, Value
from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.rules.catalogue import Example, Programme
from service.domain.rules.conditions import Condition, children_of, facts_of
from service.domain.text import Text
from service.domain.wording.labels import NONE, STATUS
from service.domain.wording.money import formula
from service.domain.wording.sentences import heading
from service.domain.wording.values import value_text
from service.rendering.application_json import application_json
from service.rendering.json_parts import Json, money_json, text_json
from service.usecases.authoring.boundary_examples import boundary_examples
from service.usecases.authoring.deciding import decided_by
from service.usecases.authoring.examples import example_match

_PLAIN = (FactType.CODE, FactType.BOOLEAN)
_ORDERED = (FactType.INTEGER, FactType.NUMBER, FactType.MONEY, FactType.DATE)
_GOOD = frozenset({*PROMISING, Status.WATCH})
_UNKNOWN = Text("不清楚", "not known")
_MAX_VALUES = 12


@dataclass(frozen=True, slots=True)
class BoundaryRow:
    """One value of one fact, the others being those of the programme's best example."""

    fact: str
    value: Value | None
    words: Text
    match: Match


def explain(compiled: CompiledCatalogue, programme: Programme) -> Json:
    """Everything that a programme's file makes, in both languages, as plain data."""
    vocabulary = compiled.catalogue.vocabulary
    return {
        "id": programme.id,
        "name": text_json(programme.name),
        "measure": programme.measure,
        "article": programme.article,
        "window": {
            "from": programme.window.start.isoformat() if programme.window.start else None,
            "to": programme.window.end.isoformat() if programme.window.end else None,
        },
        "conditions": list(_condition_lines(programme.condition, vocabulary)),
        "money": text_json(formula(programme.benefit, vocabulary)) if programme.benefit else None,
        "application": application_json(programme.application, vocabulary),
        "boundaries": [
            {
                "fact": row.fact,
                "label": text_json(vocabulary.facts[row.fact].label),
                "value": text_json(row.words),
                **_outcome_json(row.match, vocabulary),
            }
            for row in boundary_rows(compiled, programme)
        ],
        "examples": list(_example_rows(compiled, programme)),
    }


def _condition_lines(
    condition: Condition, vocabulary: Vocabulary, depth: int = 0
) -> Iterator[Json]:
    """The tree, a line for each condition."""
    yield {
        "depth": depth,
        "text": text_json(heading(condition, vocabulary)),
        "article": condition.clause.article,
        "basis": condition.basis.value,
    }
    for child in children_of(condition):
        yield from _condition_lines(child, vocabulary, depth + 1)


def _outcome_json(match: Match, vocabulary: Vocabulary) -> Json:
    ceiling = match.ceiling
    return {
        "status": match.status.value,
        "status_text": text_json(STATUS[match.status]),
        "ceiling": money_json(ceiling.amount) if ceiling and match.status in _GOOD else None,
        "decided_by": text_json(decided_by(match, vocabulary)),
    }


def _example_rows(compiled: CompiledCatalogue, programme: Programme) -> Iterator[Json]:
    """Those of the file, then those that follow from the measure."""
    vocabulary = compiled.catalogue.vocabulary
    typed = ((e, Text(e.say or "", e.say or ""), False) for e in programme.examples)
    made = ((b.example, b.say, True) for b in boundary_examples(programme, vocabulary))
    for example, say, derived in (*typed, *made):
        try:
            match = example_match(compiled, programme, example)
        except InvalidInput:
            continue  # told by the test
        yield {
            "say": text_json(say),
            "line": None if derived else example.line,
            "as_of": example.as_of.isoformat(),
            "derived": derived,
            **_outcome_json(match, vocabulary),
        }


def boundary_rows(compiled: CompiledCatalogue, programme: Programme) -> Iterator[BoundaryRow]:
    """For each fact of the conditions the values at which something turns, one fact at a time;
    last, the fact unknown."""
    base, best = best_match(compiled, programme), best_example(programme)
    if base is None or best is None:
        return
    vocabulary, day = compiled.catalogue.vocabulary, best.as_of
    for fact_id in sorted(facts_of(programme.condition), key=list(vocabulary.facts).index):
        fact = vocabulary.facts[fact_id]
        for value in _values_to_try(fact, programme, base.subject, day):
            subject = _with_fact(base.subject, fact_id, value)
            match = evaluate_programme(programme, subject, day)
            words = _UNKNOWN if value is None else value_text(value, fact, vocabulary)
            said = words if words.zh else NONE
            yield BoundaryRow(fact_id, value, said, match)


def best_match(compiled: CompiledCatalogue, programme: Programme) -> Match | None:
    """The best example of a programme, as it comes out."""
    best = best_example(programme)
    try:
        return None if best is None else example_match(compiled, programme, best)
    except InvalidInput:
        return None


def best_example(programme: Programme) -> Example | None:
    """The first that reaches a good status, else the first."""
    good = {status.value for status in _GOOD}
    found = (e for e in programme.examples if e.expect.status in good)
    return next(found, None) or next(iter(programme.examples), None)


def _values_to_try(
    fact: Fact, programme: Programme, subject: Subject, day: date
) -> list[Value | None]:
    values = candidate_values(fact, programme.condition, subject, day)
    if fact.type in _ORDERED:
        values = sorted(set(values), key=lambda v: v)
    return [*values[:_MAX_VALUES], None]


def _with_fact(subject: Subject, fact: str, value: Value | None) -> Subject:
    facts = {k: v for k, v in subject.facts.items() if k != fact}
    return replace(subject, facts=facts if value is None else {**facts, fact: value})


def boundary_yaml(compiled: CompiledCatalogue, programme: Programme) -> str:
    """Examples for the file: both sides of every value at which the result turns, each fact unknown
    where that leaves it open, and a code that is refused."""
    lines = ["examples:", *dict.fromkeys(_example_lines(compiled, programme))]
    return "\n".join(lines) + "\n"


def _example_lines(compiled: CompiledCatalogue, programme: Programme) -> Iterator[str]:
    base, best = best_match(compiled, programme), best_example(programme)
    if base is None or best is None:
        return
    yield f"  - expect: {_expected_yaml(base)}"
    facts = compiled.catalogue.vocabulary.facts
    readable = list(_readable_rows(compiled, programme, best))
    refused = [row for row in readable if row.match.status is Status.INELIGIBLE]
    yield from (
        _example_yaml(row, facts) for row in refused if facts[row.fact].type not in _ORDERED
    )
    rows = [r for r in readable if r.value is None or facts[r.fact].type in _ORDERED]
    for before, row in zip([None, *rows], rows, strict=False):
        if row.value is None:
            if row.match.status is Status.UNDETERMINED:
                yield _example_yaml(row, facts)
        elif before is not None and _result_turns(before, row):
            yield from (_example_yaml(side, facts) for side in (before, row))


def _example_yaml(row: BoundaryRow, facts: Mapping[str, Fact]) -> str:
    """A row as an example of the file."""
    value = _yaml_literal(row.value, facts[row.fact])
    return f"  - with: {{{row.fact}: {value}}}\n    expect: {_expected_yaml(row.match)}"


def _readable_rows(
    compiled: CompiledCatalogue, programme: Programme, best: Example
) -> Iterator[BoundaryRow]:
    """The rows that an example can say, as they come out when it is read like a request: there a
    fact may stand in for another, and a project always has a kind."""
    facts = compiled.catalogue.vocabulary.facts
    for row in boundary_rows(compiled, programme):
        kind = facts[row.fact].type
        sayable = row.value is None or kind in _ORDERED or kind in _PLAIN
        if row.fact == PROJECT_KIND or not sayable:
            continue
        given = {k: v for k, v in best.given.items() if k != row.fact}
        if row.value is not None:
            given[row.fact] = row.value
        try:
            match = example_match(compiled, programme, replace(best, given=given))
        except InvalidInput:
            continue
        yield replace(row, match=match)


def _result_turns(before: BoundaryRow, row: BoundaryRow) -> bool:
    """Whether the result of one value is another than that of the value before it."""
    return before.fact == row.fact and before.match.status is not row.match.status


def _expected_yaml(match: Match) -> str:
    parts = [f"status: {match.status.value}"]
    if match.status in _GOOD and match.ceiling and match.ceiling.amount is not None:
        parts.append(f"ceiling: {_yaml_literal(match.ceiling.amount)}")
    if match.missing:
        parts.append(f"missing: [{', '.join(match.missing)}]")
    return f"{{{', '.join(parts)}}}"


def _yaml_literal(value: object, fact: Fact | None = None) -> str:
    """A value as a file writes it; a year of the calendar has no thousands."""
    if value is None:
        return "unknown"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, frozenset):
        return f"[{', '.join(_yaml_literal(code) for code in sorted(value))}]"
    if fact is not None and fact.unit == "year" and isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return f'"{value}"' if value[:1].isdigit() else value
    whole, _, fraction = str(value).partition(".")
    grouped = f"{int(whole):_}"
    return f"{grouped}.{fraction}" if fraction.strip("0") else grouped
