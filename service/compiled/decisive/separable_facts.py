"""Facts that a rule asks more than once, and whether its tests of one may be looked at one by one.

Where each fact stands in one test only, the tests of a rule are answered independently of one
another. Where a fact stands in several, one answer moves them together: in "an enterprise, and not
a bank" a bank is an enterprise, so the second test never fails while the first does.

Looking at such tests one by one is as if each asked a fact of its own. They are *separable* where
that claims nothing false: whatever answer to whichever fact moves the root, while others are given
or not, moves it as well where the fact's tests come out as one of its values has them. A truth
table over all that the tests, and all else in the rule, can come to shows both.

In "in Beijing, in Shanghai and listed, or as an authority decides" they are not: looked at one by
one, to be listed could let the rule hold, but nobody sits in both.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from service.compiled.decisive.rule_effects import FactAnswers, NodeStates, RuleTable
from service.compiled.decisive.shared_tests import RuleNode, SharedTest, rule_node
from service.domain.index.bitset import BitSet, union_of
from service.domain.index.layout import Lane
from service.domain.index.normal_form import Conjunction
from service.domain.rules.conditions import Predicate
from service.domain.truth import Truth

# Rules with more combinations of outcomes than this are not looked through.
MAX_COMBINATIONS = 1 << 14
_WITHHELD, _DECIDED = bytes([Truth.UNKNOWN]), (bytes([Truth.FALSE]), bytes([Truth.TRUE]))


class RuleOfFact(NamedTuple):
    """A rule as far as one fact is concerned: each of its tests stands as if it asked a fact of its
    own. The tests, in the order of these."""

    root: RuleNode
    tests: tuple[Predicate, ...]


def rule_of_fact(lane: Lane, root: Conjunction, fact: str) -> RuleOfFact:
    """A rule whose root is in a lane, with all that does not ask the fact left blank."""
    tests: list[Predicate] = []

    def apart(test: Predicate, negated: bool) -> SharedTest | None:
        if not test.quantity.single or test.quantity.facts[0] != fact:
            return None
        tests.append(test)
        return SharedTest(str(len(tests) - 1), 0, negated)

    return RuleOfFact(rule_node(lane, root, apart), tuple(tests))


def is_separable(root: RuleNode, outcomes: Collection[bytes]) -> bool:
    """Whether the tests of a fact may be looked at one by one, in a rule of which they stand as if
    each asked a fact of its own. `outcomes` has what the values of the fact make of the tests, a
    byte for each. False, too, of a rule with too many combinations."""
    tests = [
        FactAnswers(str(i), _WITHHELD, tuple(t for t in _DECIDED if t[0] in reached))
        for i, reached in enumerate(zip(*outcomes, strict=True))
    ]
    states = NodeStates(live=-1, open=union_of(_bits_of_others(root)), refutable=-1, provable=-1)
    table = RuleTable(root, states, tuple(tests))
    answers = table.answers
    if answers.count > MAX_COMBINATIONS:
        return False
    facts = [test.fact for test in tests]
    together = union_of(
        answers.holding(
            {
                test.fact: (test.withheld, *test.given).index(bytes([truth]))
                for test, truth in zip(tests, outcome, strict=True)
            }
        )
        for outcome in (_WITHHELD * len(tests), *outcomes)
    )
    decided, open_ = table.outcomes()

    def claimed(moved: int) -> int:
        return answers.by_any(facts, moved) & ~answers.by_any(facts, moved & together)

    return not claimed(decided) & open_ and not any(
        claimed(answers.moved_by(key, digit, decided, open_))
        for key, count in table.parts.items()
        for digit in range(1, count + 1)
    )


def _bits_of_others(node: RuleNode) -> Iterator[BitSet]:
    """The nodes that have other tests."""
    if node.has_others:
        yield node.bit
    for inner in node.excluded:
        yield from _bits_of_others(inner)
