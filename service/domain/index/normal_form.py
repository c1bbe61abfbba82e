"""Condition trees brought into one shape, so that trees of different programmes can be laid over
one another.

Every connective reduces to one: *these tests hold, and none of these excluded conjunctions does*.
"A or B" excludes the conjunction "not A and not B". "At least two of three" is that every pair has
one that holds: of n conditions at least k hold exactly where every choice of n - k + 1 of them has
one that does. De Morgan's laws hold in Kleene logic, so the shape has the same truth as the tree,
UNKNOWN included.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import comb
from typing import Any, TypeAlias

from service.domain.rules.conditions import Condition, Connective, Group, Predicate, Undecided
from service.domain.rules.operators import InSet, Quantifier

Literal: TypeAlias = tuple[Predicate | Undecided, bool]


@dataclass(frozen=True)
class Conjunction:
    """An AND: it holds where all literals do and none of the excluded conjunctions does.

    A literal is a test with whether it is negated.
    """

    literals: tuple[Literal, ...] = ()
    excluded: "tuple[Conjunction, ...]" = ()

    @cached_property
    def shape(self) -> tuple[Any, ...]:
        """The tree without its tests; it is the larger the more is excluded, and the deeper."""
        return tuple(e.shape for e in self.excluded)


def normalise(condition: Condition, negated: bool = False) -> Conjunction:
    """The conjunction that holds where a condition does, or, negated, where it does not.

    "A or B" excludes that both fail; "at least two of A, B, C" that both of any pair do:

    >>> from service.domain.rules.conditions import Clause
    >>> from service.domain.rules.operators import Range
    >>> from service.domain.rules.quantities import FactQuantity
    >>> clause = Clause("measure", "1")
    >>> a, b, c = (Predicate(FactQuantity(fact), Range(low=1), clause) for fact in "abc")
    >>> def failing(whole):
    ...     return [[test.quantity.fact for test, _ in node.literals] for node in whole.excluded]
    >>> failing(normalise(Group(Connective.ANY, (a, b), clause)))
    [['a', 'b']]
    >>> failing(normalise(Group(Connective.AT_LEAST, (a, b, c), clause, count=2)))
    [['a', 'b'], ['a', 'c'], ['b', 'c']]
    """
    if not isinstance(condition, Group):
        return _leaf_conjunction(condition, negated)
    children, gate = condition.children, condition.gate
    if gate is Connective.NOT:
        return normalise(children[0], not negated)
    if gate is Connective.AT_LEAST:
        needed = len(children) - condition.count + 1 if negated else condition.count
        return _at_least(needed, children, negated)
    if (gate is Connective.ALL) != negated:
        return _conjunction(normalise(c, negated) for c in children)
    return _any_of(normalise(c, not negated) for c in children)


def facts_asked_otherwise(one: Condition, other: Condition) -> frozenset[str]:
    """The facts that two conditions do not ask the same at the same places of their shape.

    >>> from service.domain.rules.conditions import Clause
    >>> from service.domain.rules.operators import Range
    >>> from service.domain.rules.quantities import FactQuantity
    >>> clause = Clause("measure", "1")
    >>> def rule(**least):
    ...     tests = (Predicate(FactQuantity(f), Range(low=n), clause) for f, n in least.items())
    ...     return Group(Connective.ALL, tuple(tests), clause)
    >>> sorted(facts_asked_otherwise(rule(a=1, b=2), rule(a=1, b=3)))
    ['b']
    >>> sorted(facts_asked_otherwise(rule(a=1, b=2), rule(a=1)))
    ['a', 'b']
    """
    pairs = list(_side_by_side(normalise(one), normalise(other)))
    if None in pairs:
        return frozenset((*one.facts, *other.facts))
    unlike = (pair for pair in pairs if pair and _question(pair[0]) != _question(pair[1]))
    return frozenset(fact for pair in unlike for leaf, _ in pair for fact in leaf.facts)


def _side_by_side(one: Conjunction, other: Conjunction) -> Iterator[tuple[Literal, Literal] | None]:
    """The literals at the same places; None where a place is in one alone."""
    if len(one.literals) != len(other.literals) or len(one.excluded) != len(other.excluded):
        yield None
        return
    yield from zip(one.literals, other.literals, strict=True)
    for mine, theirs in zip(one.excluded, other.excluded, strict=True):
        yield from _side_by_side(mine, theirs)


def _question(literal: Literal) -> object:
    """What a literal asks, wherever it is written."""
    leaf, negated = literal
    return (leaf.quantity, leaf.operator, negated) if isinstance(leaf, Predicate) else negated


def laid_out_size(condition: Condition) -> int:
    """How many tests a condition comes to in this shape, which is not made for that: of "at least"
    each is in as many choices as there are of the others.

    >>> from service.domain.rules.conditions import Clause
    >>> from service.domain.text import Text
    >>> clause = Clause("measure", "1")
    >>> tests = (Undecided(Text("", ""), clause),) * 30
    >>> laid_out_size(Group(Connective.AT_LEAST, tests, clause, count=15))
    2326762800
    """
    if not isinstance(condition, Group):
        return 1
    inner, count = sum(map(laid_out_size, condition.children)), len(condition.children)
    if condition.gate is not Connective.AT_LEAST:
        return inner
    sizes = (condition.count, count - condition.count + 1)
    least = min(sizes, key=lambda size: comb(count, size))
    return inner * comb(count - 1, least - 1)


def _leaf_conjunction(leaf: Predicate | Undecided, negated: bool) -> Conjunction:
    among = leaf.operator if isinstance(leaf, Predicate) else None
    if (
        not isinstance(leaf, Predicate)
        or not isinstance(among, InSet)
        or among.need is Quantifier.ANY
    ):
        return Conjunction(((leaf, negated),))
    each = [InSet((v,), Quantifier.ANY, among.umbrella, among.codes) for v in among.values]
    tests = (Conjunction(((Predicate(leaf.quantity, one, leaf.clause), False),)) for one in each)
    return _negation(_conjunction(tests)) if negated else _conjunction(tests)


def _at_least(needed: int, children: tuple[Condition, ...], negated: bool) -> Conjunction:
    """At least `needed` of n hold: some choice of that many does, or, the same said the other way,
    every choice of n - needed + 1 has one that does. Whichever of the two takes fewer choices."""
    rest = len(children) - needed + 1
    if not 1 <= needed <= len(children):
        return Conjunction() if needed < 1 else _negation(Conjunction())
    if comb(len(children), rest) <= comb(len(children), needed):
        chosen = combinations(children, rest)
        return _conjunction(_any_of(normalise(c, not negated) for c in some) for some in chosen)
    chosen = combinations(children, needed)
    return _any_of(_negation(_conjunction(normalise(c, negated) for c in some)) for some in chosen)


def _conjunction(parts: Iterable[Conjunction]) -> Conjunction:
    literals: list[Literal] = []
    excluded: list[Conjunction] = []
    for part in parts:
        literals += part.literals
        excluded += part.excluded
    excluded.sort(key=lambda e: e.shape, reverse=True)
    return Conjunction(tuple(literals), tuple(excluded))


def _any_of(opposites: Iterable[Conjunction]) -> Conjunction:
    """The disjunction of nodes that are given by their negations: the negation of their
    conjunction."""
    return _negation(_conjunction(opposites))


def _negation(node: Conjunction) -> Conjunction:
    if len(node.literals) == 1 and not node.excluded:
        leaf, negated = node.literals[0]
        return Conjunction(((leaf, not negated),))
    if len(node.excluded) == 1 and not node.literals:
        return node.excluded[0]
    return Conjunction((), (node,))
