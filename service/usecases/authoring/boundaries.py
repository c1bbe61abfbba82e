"""What comes out on both sides of every value at which a programme's result or money turns: one
fact at a time, the others being those of its best example.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.advice.candidate_values import candidate_values, is_allowed
from service.domain.errors import InvalidInput
from service.domain.evaluation.evaluator import PROMISING, Match, Status, evaluate_programme
from service.domain.facts.profile import Subject, Value
from service.domain.facts.vocabulary import Fact, FactType
from service.domain.rules.amount_bends import bending_points
from service.domain.rules.conditions import Connective, Group, tests_below
from service.domain.rules.programmes import Example, Programme
from service.domain.text import Text
from service.domain.wording.labels import NONE
from service.domain.wording.values import value_text
from service.usecases.authoring.examples import example_match

ORDERED = (FactType.INTEGER, FactType.NUMBER, FactType.MONEY, FactType.DATE)
GOOD = frozenset({*PROMISING, Status.WATCH})
_UNKNOWN = Text("不清楚", "not known")
_MAX_CODES = 12
# Numbers without a unit, such as shares, are told apart so far.
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class BoundaryRow:
    """One value of one fact, the others being those of the programme's best example; None where it
    is not known. `bends`: the money bends there."""

    fact: str
    value: Value | None
    words: Text
    match: Match
    bends: bool = False


def boundary_rows(compiled: CompiledCatalogue, programme: Programme) -> Iterator[BoundaryRow]:
    """For each fact of the conditions and of the money the values at which something turns; last,
    the fact unknown."""
    base, best = best_match(compiled, programme), best_example(programme)
    if base is None or best is None:
        return
    facts = compiled.catalogue.vocabulary.facts
    money = programme.benefit.facts if programme.benefit else ()
    for fact_id in sorted({*programme.condition.facts, *money}, key=list(facts).index):
        values = FactValues(compiled, programme, base.subject, best.as_of, facts[fact_id])
        yield from _rows(values)


@dataclass(frozen=True)
class FactValues:
    """The values of one fact that a programme tells apart, for a subject with the others."""

    compiled: CompiledCatalogue
    programme: Programme
    subject: Subject
    day: date
    fact: Fact

    def told_apart(self) -> list[Value]:
        """Values of the fact among which the rule, or its money, makes a difference."""
        rule = self.programme.condition
        inside = (test for q in self.programme.money for test in tests_below(q))
        asked = Group(Connective.ALL, (rule, *inside), rule.clause)
        return candidate_values(self.fact, asked, self.subject, self.day)

    def single(self) -> list[Value]:
        """The values of `told_apart` that are at most one code, for facts that may hold several;
        and the subject's own value."""
        own = self.subject.facts.get(self.fact.id)
        found = self.told_apart()
        return [v for v in found if not isinstance(v, frozenset) or len(v) <= 1 or v == own]

    def at_bends(self) -> frozenset[Value]:
        """Both sides of every value at which the money bends."""
        benefit = self.programme.benefit
        if benefit is None or self.fact.type not in ORDERED or self.fact.type is FactType.DATE:
            return frozenset()
        points = bending_points(benefit, self.fact, self.subject, self.day)
        # Below nothing nobody has anything to be reckoned from.
        beside = (v for point in points if point > 0 for v in _beside(self.fact, point))
        return frozenset(v for v in beside if is_allowed(self.fact, v))


def _rows(values: FactValues) -> Iterator[BoundaryRow]:
    """The rows of one fact."""
    if values.fact.type in ORDERED:
        bends = values.at_bends()
        every = sorted({*values.told_apart(), *bends})
        yield from _where_something_turns([_row(values, v, v in bends) for v in every])
    else:
        yield from (_row(values, value) for value in values.single()[:_MAX_CODES])
    yield _row(values, None)


def _row(values: FactValues, value: Value | None, bends: bool = False) -> BoundaryRow:
    fact, vocabulary = values.fact, values.compiled.catalogue.vocabulary
    others = {k: v for k, v in values.subject.facts.items() if k != fact.id}
    facts = others if value is None else {**others, fact.id: value}
    match = evaluate_programme(values.programme, replace(values.subject, facts=facts), values.day)
    words = _UNKNOWN if value is None else value_text(value, fact, vocabulary)
    return BoundaryRow(fact.id, value, words if words.zh else NONE, match, bends)


def _beside(fact: Fact, point: Fraction) -> Iterator[Value]:
    """A value and its neighbours, as near as people tell numbers of this kind apart."""
    step = fact.step or _HUNDREDTH
    if fact.type is FactType.NUMBER:
        step = Decimal(1) if fact.unit else _HUNDREDTH
    below = (point / Fraction(step)).__floor__()
    exact = below * Fraction(step) == point
    for steps in (below - 1, below, below + 1) if exact else (below, below + 1):
        yield int(step * steps) if fact.type is FactType.INTEGER else step * steps


def _where_something_turns(rows: list[BoundaryRow]) -> Iterator[BoundaryRow]:
    """The rows beside each other of which one comes out otherwise, and those where money bends; the
    first where nothing turns at all."""
    kept = {id(row) for row in rows if row.bends}
    for before, row in pairwise(rows):
        if before.match.status is not row.match.status:
            kept |= {id(before), id(row)}
    yield from [row for row in rows if id(row) in kept] or rows[:1]


def best_match(compiled: CompiledCatalogue, programme: Programme) -> Match | None:
    """The best example of a programme, as it comes out."""
    best = best_example(programme)
    try:
        return None if best is None else example_match(compiled, programme, best)
    except InvalidInput:
        return None


def best_example(programme: Programme) -> Example | None:
    """The first that reaches a good status, else the first."""
    good = {status.value for status in GOOD}
    found = (e for e in programme.examples if e.expect.status in good)
    return next(found, None) or next(iter(programme.examples), None)
