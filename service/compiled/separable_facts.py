"""Facts that a rule asks more than once, and whether its tests of one may be looked at one by one.

Where each fact stands in one test only, tests can be answered independently of one another. Where a
fact stands in several, an answer moves them together: of "an enterprise, and no bank" the first
cannot fail while the second does. But as long as every combination of outcomes that an argument
could call for has a value that gives it, taking the tests for independent claims nothing false. An
argument is a path from a test to the root, with proofs of all that must hold for the test to
decide, while what would decide without it must not.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias, assert_never

from service.domain.index.normal_form import Conjunction
from service.domain.rules.conditions import Predicate, Undecided
from service.domain.truth import Truth

# A rule with more arguments than this is not looked through.
MAX_ARGUMENTS = 500

# The outcomes that one value gives a fact's tests, by number.
Outcomes: TypeAlias = Mapping[int, Truth]
# Outcomes that a fact's tests must have for a proof.
Needs: TypeAlias = frozenset[tuple[int, Truth]]
_NOTHING: Needs = frozenset()


class FactLiteral(NamedTuple):
    """A literal: the number of its test, None where it asks another fact; whether it is negated."""

    number: int | None
    negated: bool


class RuleOfFact(NamedTuple):
    """A rule as far as one fact is concerned: all parts hold, an excluded one where it does not."""

    literals: "tuple[FactLiteral, ...]"
    excluded: "tuple[RuleOfFact, ...]"

    @property
    def parts(self) -> "list[FactLiteral | RuleOfFact]":
        return [*self.literals, *self.excluded]

    @property
    def numbers(self) -> list[int]:
        """The fact's tests, one for each place where they stand."""
        own = [a.number for a in self.literals if a.number is not None]
        return own + [n for e in self.excluded for n in e.numbers]


def rule_of_fact(
    node: Conjunction, fact: str, number_of: Callable[[Predicate | Undecided], int]
) -> RuleOfFact:
    """A rule with all that does not ask the fact left blank."""

    def asks(leaf: Predicate | Undecided) -> bool:
        return isinstance(leaf, Predicate) and leaf.quantity.single and fact in leaf.facts

    return RuleOfFact(
        tuple(
            FactLiteral(number_of(x) if asks(x) else None, negated) for x, negated in node.literals
        ),
        tuple(rule_of_fact(e, fact, number_of) for e in node.excluded),
    )


def is_separable(rule: RuleOfFact, values: Sequence[Outcomes]) -> bool:
    """Whether the tests of a fact may be looked at one by one; `values` are the outcomes that
    values of the fact give them."""
    try:
        found = {a for goal in (True, False) for a in _arguments(rule, goal)}
    except _TooMany:
        return False
    return all(_has_value(argument, values) for argument in found)


class _Argument(NamedTuple):
    """How a test decides the root: what the fact must come to, what must not decide without the
    test, and whether the test is one of the fact itself."""

    needs: Needs
    undecided: "frozenset[FactLiteral | RuleOfFact]"
    own: bool


class _TooMany(Exception):
    """Not an error: the rule has too many arguments to look through."""


def _has_value(argument: _Argument, values: Sequence[Outcomes]) -> bool:
    """Whether a value gives all that an argument needs, where each of it can be had at all."""
    needs = argument.needs
    if not all(any(v[number] is truth for v in values) for number, truth in needs):
        return True
    return not needs or any(
        all(v[number] is truth for number, truth in needs)
        and (argument.own or not any(_decides(part, v) for part in argument.undecided))
        for v in values
    )


def _arguments(rule: RuleOfFact, goal: bool) -> set[_Argument]:
    """For each test of a rule the ways in which it makes the rule hold (`goal`) or fail."""
    found: set[_Argument] = set()
    for i, part in enumerate(rule.parts):
        others = [other for k, other in enumerate(rule.parts) if k != i]
        for way in _of_part(part, goal):
            if goal:
                proofs = _all_of(_proofs_of(other, goal) for other in others)
                found.update(way._replace(needs=way.needs | needs) for needs in proofs)
            else:
                found.add(way._replace(undecided=way.undecided.union(others)))
        if len(found) > MAX_ARGUMENTS:
            raise _TooMany
    return found


def _of_part(part: FactLiteral | RuleOfFact, goal: bool) -> set[_Argument]:
    match part:
        case RuleOfFact():
            return _arguments(part, not goal)
        case FactLiteral():
            (needs,) = _proofs_of(part, goal)
            return {_Argument(needs, frozenset(), part.number is not None)}
        case _:
            assert_never(part)


def _proofs_of(part: FactLiteral | RuleOfFact, goal: bool) -> set[Needs]:
    """What the fact must come to for a part to be as a rule's goal wants it, in every way."""
    match part:
        case RuleOfFact():
            ways = [_proofs_of(inner, not goal) for inner in part.parts]
            return set().union(*ways) if goal else _all_of(ways)
        case FactLiteral(number, negated):
            if number is None:
                return {_NOTHING}
            return {frozenset([(number, Truth.of(goal is not negated))])}
        case _:
            assert_never(part)


def _all_of(ways: Iterable[set[Needs]]) -> set[Needs]:
    found = {_NOTHING}
    for each in ways:
        found = {needs | more for needs in found for more in each}
        if len(found) > MAX_ARGUMENTS:
            raise _TooMany
    return found


def _decides(part: FactLiteral | RuleOfFact, outcomes: Outcomes) -> bool:
    """Whether a value may by itself make a rule fail through a part of it, whatever else is."""
    return bool(_numbers_of(part)) and _may(part, outcomes, holds=False)


def _numbers_of(part: FactLiteral | RuleOfFact) -> list[int]:
    match part:
        case RuleOfFact():
            return part.numbers
        case FactLiteral(number, _):
            return [] if number is None else [number]
        case _:
            assert_never(part)


def _may(part: FactLiteral | RuleOfFact, outcomes: Outcomes, *, holds: bool) -> bool:
    """Whether a part may speak for its rule (`holds`) or against it, other facts permitting."""
    match part:
        case RuleOfFact():
            inner = [_may(p, outcomes, holds=not holds) for p in part.parts]
            return any(inner) if holds else all(inner)
        case FactLiteral(number, negated):
            return number is None or outcomes[number] is Truth.of(holds is not negated)
        case _:
            assert_never(part)
