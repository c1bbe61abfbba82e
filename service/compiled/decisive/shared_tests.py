"""The tests of facts that a rule asks more than once, or makes numbers of: where they stand."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from service.domain.index.bitset import BitSet
from service.domain.index.layout import Lane
from service.domain.index.normal_form import Conjunction
from service.domain.rules.conditions import Predicate


class SharedTest(NamedTuple):
    """A test of a fact that the rule asks more than once, or makes a number of: its place among
    these tests, and whether it must not hold."""

    fact: str
    place: int
    negated: bool


class RuleNode(NamedTuple):
    """A conjunction of a rule: the bit it stands at, its tests of shared facts, whether it has
    others, and what must not hold beside."""

    bit: BitSet
    tests: tuple[SharedTest, ...]
    has_others: bool
    excluded: "tuple[RuleNode, ...]"


class SharedFact(NamedTuple):
    """A fact that a rule asks more than once, or makes a number of: its tests, and whether numbers
    are made of it."""

    tests: tuple[Predicate, ...]
    reckoned: bool


class SharedTests(NamedTuple):
    """A rule as far as such facts are concerned."""

    root: RuleNode
    facts: Mapping[str, SharedFact]


def shared_tests(
    lane: Lane, root: Conjunction, number_of: Callable[[Predicate], int]
) -> SharedTests:
    """The tests of facts that a rule asks more than once; `root` is the root of the rule in its
    lane."""
    tests = list(tests_of_one_fact(root))
    counted = Counter(test.quantity.facts[0] for test in tests)
    counted.update(test.quantity.facts[0] for test in tests if not test.quantity.single)
    numbers: dict[str, dict[int, int]] = {f: {} for f, count in counted.items() if count > 1}
    named: dict[str, list[Predicate]] = {fact: [] for fact in numbers}
    for test in tests:
        fact = test.quantity.facts[0]
        if fact in numbers and number_of(test) not in numbers[fact]:
            numbers[fact][number_of(test)] = len(named[fact])
            named[fact].append(test)

    def shared(test: Predicate, negated: bool) -> SharedTest | None:
        fact = test.quantity.facts[0]
        return (
            SharedTest(fact, numbers[fact][number_of(test)], negated) if fact in numbers else None
        )

    tree = rule_node(lane, root, shared)
    return SharedTests(tree, {f: _shared_fact(own) for f, own in named.items()})


def rule_node(
    lane: Lane, node: Conjunction, shared: Callable[[Predicate, bool], SharedTest | None]
) -> RuleNode:
    """A node with the tests that are `shared`, of those that one fact decides."""
    found = (
        shared(leaf, negated)
        for leaf, negated in node.literals
        if isinstance(leaf, Predicate) and len(leaf.quantity.facts) == 1
    )
    tests = tuple([test for test in found if test is not None])
    # A lane may exclude more than this rule does.
    inner = zip(lane.excluded, node.excluded, strict=False)
    excluded = tuple([rule_node(a, b, shared) for a, b in inner])
    return RuleNode(1 << lane.offset, tests, len(tests) < len(node.literals), excluded)


def _shared_fact(tests: list[Predicate]) -> SharedFact:
    return SharedFact(tuple(tests), not all(test.quantity.single for test in tests))


def tests_of_one_fact(node: Conjunction) -> Iterator[Predicate]:
    """The tests that one fact decides."""
    for leaf, _ in node.literals:
        if isinstance(leaf, Predicate) and len(leaf.quantity.facts) == 1:
            yield leaf
    for excluded in node.excluded:
        yield from tests_of_one_fact(excluded)
