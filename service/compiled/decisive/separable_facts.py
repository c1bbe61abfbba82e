"""Facts that a rule asks more than once, and whether its tests of one may be looked at one by one.

Where each fact stands in one test only, the tests of a rule are answered independently of one
another. Where a fact stands in several, one answer moves them together: in "an enterprise, and not
a bank" a bank is an enterprise, so the second test never fails while the first does.

Looking at such tests one by one is still right where it claims nothing false. What it claims are
*arguments*: "this test decides the root, if those other tests come out so". An argument follows a
path from the test up to the root; at each group on the way the other parts must come out so that
the test decides, and none of them may decide the group without it. The tests are *separable* where
every argument that needs certain outcomes of one fact has a value of the fact that gives them all.

For "an enterprise, and not a bank": the argument "not a bank fails the rule, while it is an
enterprise" has a value, a bank. "Is it an enterprise? No, while it is a bank" would need a bank
that is no enterprise, but nobody argues so: one failing test fails the rule.
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
    """A test of the rule and whether it is negated; its number, None where it asks another fact."""

    number: int | None
    negated: bool


class RuleOfFact(NamedTuple):
    """A rule as far as one fact is concerned: it holds where all its literals do and none of the
    excluded parts."""

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
    """Whether the tests of a fact may be looked at one by one. `values` has, for each value of the
    fact, the outcomes it gives to the tests. False, too, of a rule with too many arguments."""
    try:
        found = {a for goal in (True, False) for a in _arguments(rule, goal)}
    except _TooMany:
        return False
    return all(_has_value(argument, values) for argument in found)


class _Argument(NamedTuple):
    """One way in which a test decides the root."""

    needs: Needs  # the outcomes that tests of the fact must have for it
    undecided: "frozenset[FactLiteral | RuleOfFact]"  # parts that must not decide without the test
    own: bool  # whether the test asks the fact itself


class _TooMany(Exception):
    """Not an error: the rule has too many arguments to look through."""


def _has_value(argument: _Argument, values: Sequence[Outcomes]) -> bool:
    """Whether one value gives all outcomes that an argument needs. True of one that needs an
    outcome which no value gives: nobody can argue so, whether tests are looked at apart or not."""
    needs = argument.needs
    if not all(any(v[number] is truth for v in values) for number, truth in needs):
        return True
    return not needs or any(
        all(v[number] is truth for number, truth in needs)
        and (argument.own or not any(_decides(part, v) for part in argument.undecided))
        for v in values
    )


def _arguments(rule: RuleOfFact, goal: bool) -> set[_Argument]:
    """Every way in which a test makes the rule hold (`goal`), or fail: to hold, all other parts
    must hold too; to fail, none of them may fail it already."""
    arguments: set[_Argument] = set()
    for i, part in enumerate(rule.parts):
        others = [other for k, other in enumerate(rule.parts) if k != i]
        for way in _of_part(part, goal):
            if goal:
                proofs = _all_of(_proofs_of(other, goal) for other in others)
                arguments.update(way._replace(needs=way.needs | needs) for needs in proofs)
            else:
                arguments.add(way._replace(undecided=way.undecided.union(others)))
        if len(arguments) > MAX_ARGUMENTS:
            raise _TooMany
    return arguments


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
    """Every set of outcomes of the fact that makes a part hold (`goal`), or fail."""
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
