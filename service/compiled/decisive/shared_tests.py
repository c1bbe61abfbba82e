"""The tests of a rule that one fact decides: where they stand in its tree."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import NamedTuple

from service.domain.index.bitset import BitSet
from service.domain.index.layout import Lane
from service.domain.index.normal_form import Conjunction
from service.domain.rules.conditions import Predicate


class SharedTest(NamedTuple):
    """A test of a fact that may have several: its place among these, and whether it must not
    hold."""

    fact: str
    place: int
    negated: bool


class RuleNode(NamedTuple):
    """A conjunction of a rule: the bit it stands at, its tests of such facts, whether it has
    others, and what must not hold beside."""

    bit: BitSet
    tests: tuple[SharedTest, ...]
    has_others: bool
    excluded: "tuple[RuleNode, ...]"


class SharedTests(NamedTuple):
    """A rule, and the tests of each fact that decides some by itself."""

    root: RuleNode
    tests: Mapping[str, tuple[Predicate, ...]]


def shared_tests(lane: Lane, root: Conjunction) -> SharedTests:
    """The tests of a rule whose root is in a lane; those that ask the same of a fact are one."""
    by_fact: dict[str, dict[object, Predicate]] = defaultdict(dict)

    def placed(test: Predicate, negated: bool) -> SharedTest:
        fact, asked = test.quantity.facts[0], (test.quantity, test.operator)
        own = by_fact[fact]
        own.setdefault(asked, test)
        return SharedTest(fact, list(own).index(asked), negated)

    tree = rule_node(lane, root, placed)
    return SharedTests(tree, {fact: tuple(own.values()) for fact, own in by_fact.items()})


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
