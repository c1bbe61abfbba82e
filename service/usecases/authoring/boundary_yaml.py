"""Examples for a programme's file, made from its rule: both sides of every value at which something
turns.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.errors import InvalidInput
from service.domain.evaluation.evaluator import Match, Status
from service.domain.facts.profile import PROJECT_KIND
from service.domain.facts.vocabulary import Fact, FactType
from service.domain.rules.programmes import Example, Programme
from service.usecases.authoring.boundaries import (
    GOOD,
    ORDERED,
    BoundaryRow,
    best_example,
    best_match,
    boundary_rows,
)
from service.usecases.authoring.examples import example_match
from service.usecases.authoring.record_examples import record_variants

_PLAIN_WORD = re.compile(r"[A-Za-z][\w.-]*", re.ASCII)
_PLAIN = (FactType.CODE, FactType.BOOLEAN)


def boundary_yaml(compiled: CompiledCatalogue, programme: Programme) -> str:
    """Examples for the file: both sides of every value at which the result turns or the money
    bends, each fact unknown where that leaves it open, and a code that is refused. A value of the
    best example itself is not said again."""
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
    yield from (_example_yaml(row, facts) for row in refused if facts[row.fact].type not in ORDERED)
    rows = [r for r in readable if r.value is None or facts[r.fact].type in ORDERED]
    for before, row in zip([None, *rows], rows, strict=False):
        if row.value is None:
            if row.match.status is Status.UNDETERMINED:
                yield _example_yaml(row, facts)
        elif before is not None and _result_turns(before, row):
            sides = (side for side in (before, row) if not _is_stated(side, best))
            yield from (_example_yaml(side, facts) for side in sides)
        elif row.bends and not _is_stated(row, best):
            yield _example_yaml(row, facts)
    yield from _record_lines(compiled, programme, best)


def _record_lines(
    compiled: CompiledCatalogue, programme: Programme, best: Example
) -> Iterator[str]:
    """Examples of what the applicant holds: support had, certificates."""
    for fact, records in record_variants(programme, compiled.catalogue.vocabulary, best):
        stated = replace(best, given={**best.given, fact: records})
        try:
            match = example_match(compiled, programme, stated)
        except InvalidInput:
            continue  # the vocabulary does not let it be stated so
        yield f"  - with: {{{fact}: {_yaml_literal(records)}}}\n    expect: {_expected_yaml(match)}"


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
        sayable = row.value is None or kind in ORDERED or kind in _PLAIN
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


def _is_stated(row: BoundaryRow, best: Example) -> bool:
    """Whether a row is the best example as it stands."""
    return row.value is not None and best.given.get(row.fact) == row.value


def _result_turns(before: BoundaryRow, row: BoundaryRow) -> bool:
    """Whether the result of one value is another than that of the value before it."""
    return before.fact == row.fact and before.match.status is not row.match.status


def _expected_yaml(match: Match) -> str:
    parts = [f"status: {match.status.value}"]
    if match.status in GOOD and match.ceiling and match.ceiling.amount is not None:
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
    if isinstance(value, dict):
        parts = (f"{k}: {v if k == 'year' else _yaml_literal(v)}" for k, v in value.items())
        return f"{{{', '.join(parts)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_yaml_literal, value))}]"
    if isinstance(value, frozenset):
        return f"[{', '.join(_yaml_literal(code) for code in sorted(value))}]"
    if fact is not None and fact.unit == "year" and isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return value if _PLAIN_WORD.fullmatch(value) else json.dumps(value, ensure_ascii=False)
    whole, _, fraction = str(value).partition(".")
    grouped = f"{int(whole):_}"
    return f"{grouped}.{fraction}" if fraction.strip("0") else grouped
