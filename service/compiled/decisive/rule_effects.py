"""What answers can do to a rule, from what each fact makes of its tests: a truth table over all
answers to the facts that it asks more than once."""

from collections.abc import Iterator
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from service.compiled.decisive.shared_tests import RuleNode, SharedTest
from service.domain.advice.answer_table import AnswerTable
from service.domain.advice.decisive_facts import MAX_COMBINATIONS
from service.domain.index.bitset import BitSet
from service.domain.truth import Truth

# An enumeration's members are slow to name.
_FALSE, _UNKNOWN, _TRUE = Truth
_NEGATED = bytes.maketrans(b"\0\1\2", b"\2\1\0")
_Truths: TypeAlias = tuple[int, int]


class FactAnswers(NamedTuple):
    """What a fact makes of a rule's tests of it, a byte for each: as it is, and by each answer."""

    fact: str
    withheld: bytes
    given: tuple[bytes, ...]


class NodeStates(NamedTuple):
    """Bit sets of nodes: those that are live (they can still decide the rule), and those in which
    facts that stand nowhere else are open, one of them can make them fail, all of them can let them
    hold."""

    live: BitSet
    open: BitSet
    refutable: BitSet
    provable: BitSet


class RuleEffects(NamedTuple):
    """The nodes that move the root where one of their other tests fails, and where these hold; the
    shared facts an answer to which moves it."""

    refutes: BitSet
    proves: BitSet
    facts: tuple[str, ...]


class _LiveNode(NamedTuple):
    """A node that is live: its open tests of shared facts; the nodes below it that have such tests
    in them or below them, and those that are independent of shared facts; whether it has other open
    parts than tests of shared facts, and the truths that these parts together can come to."""

    node: RuleNode
    tests: tuple[SharedTest, ...]
    shared: "tuple[_LiveNode, ...]"
    independent: "tuple[_LiveNode, ...]"
    has_others: bool
    reachable: tuple[Truth, ...]

    @property
    def key(self) -> str:
        """What its other parts together are called in the table, where facts stand by their ids."""
        return f"node {self.node.bit:x}"

    @property
    def is_shared(self) -> bool:
        """Whether tests of shared facts stand in it or below it."""
        return bool(self.tests or self.shared)

    def with_shared(self) -> "Iterator[_LiveNode]":
        """It and all nodes below it in or below which tests of shared facts stand."""
        yield self
        for inner in self.shared:
            yield from inner.with_shared()


class RuleTable:
    """One table for the nodes in or below which tests of shared facts stand. What is independent of
    shared facts counts as one part of the node that it stands in. `answers` has the combinations,
    `parts` how many answers there are to all else of each node together."""

    def __init__(
        self, root: RuleNode, states: NodeStates, answers: tuple[FactAnswers, ...]
    ) -> None:
        self._states, self._asked_facts = states, {a.fact for a in answers}
        self._root = self._live_node(root)
        self._nodes = list(self._root.with_shared())
        # By fact what its answers make of each live test; how many there are that these tell apart.
        self._outcomes: dict[str, dict[int, bytes]] = {}
        self._facts: dict[str, int] = {}
        for fact, withheld, given in answers:
            tests = [t.place for n in self._nodes for t in n.tests if t.fact == fact]
            rows = list(zip(withheld, *given, strict=True))
            told_apart = list(dict.fromkeys(zip(*[rows[test] for test in tests], strict=True)))
            if told_apart:
                by_test = map(bytes, zip(*told_apart, strict=True))
                self._outcomes[fact] = dict(zip(tests, by_test, strict=True))
                self._facts[fact] = len(told_apart) - 1
        self.parts = {n.key: len(n.reachable) for n in self._nodes if n.has_others}
        largest_first = sorted(self._facts.items(), key=itemgetter(1), reverse=True)
        self.answers = AnswerTable(dict(largest_first) | self.parts)
        self.refutes = self.proves = 0

    def outcomes(self) -> tuple[int, int]:
        """The combinations of answers that decide the rule, and those that leave it open."""
        possible, true = self._truths(self._root)
        return true | (self.answers.whole & ~possible), possible & ~true

    def effects(self) -> RuleEffects | None:
        """What answers can do; None where there are too many of them to be tried."""
        table = self.answers
        if table.count > MAX_COMBINATIONS:
            return None
        decided, open_ = self.outcomes()
        for live in self._nodes:
            moving = [
                truth
                for digit, truth in enumerate(live.reachable, 1)
                if table.moved_by(live.key, digit, decided, open_)
            ]
            self._note(live, fails=_FALSE in moving, holds=_TRUE in moving)
        facts = tuple([f for f in self._facts if table.moves(f, decided, open_)])
        return RuleEffects(self.refutes, self.proves, facts)

    def _live_node(self, node: RuleNode) -> _LiveNode:
        states = self._states
        below = [self._live_node(e) for e in node.excluded if e.bit & states.live]
        independent = tuple([inner for inner in below if not inner.is_shared])
        # Of each independent node, and of the other facts: can it let this node fail, or hold?
        others = [(_TRUE in n.reachable, _FALSE in n.reachable) for n in independent]
        if node.bit & states.open:
            others.append((bool(node.bit & states.refutable), bool(node.bit & states.provable)))
        reachable = [_FALSE] if any(fails for fails, _ in others) else []
        if others and all(holds for _, holds in others):
            reachable.append(_TRUE)
        tests = tuple([test for test in node.tests if test.fact in self._asked_facts])
        shared = tuple([inner for inner in below if inner.is_shared])
        return _LiveNode(node, tests, shared, independent, bool(others), tuple(reachable))

    def _note(self, live: _LiveNode, *, fails: bool, holds: bool) -> None:
        """The other facts of a node, and the independent nodes below it, move the root where they
        let it fail, or hold."""
        here = live.node.bit & self._states.open
        self.refutes |= here & self._states.refutable if fails else 0
        self.proves |= here & self._states.provable if holds else 0
        for inner in live.independent:
            self._note(inner, fails=holds, holds=fails and _TRUE in inner.reachable)

    # INVARIANT: a node that is not live below one that is live is FALSE: it would decide that one.
    def _truths(self, live: _LiveNode) -> _Truths:
        """The combinations of answers in which a node is not FALSE, and those in which it is
        TRUE."""
        table = self.answers
        possible = true = table.whole
        if live.has_others:
            possible, true = table.where(live.key, [_UNKNOWN, *live.reachable])
        for test in live.tests:
            outcomes = self._outcomes[test.fact][test.place]
            if test.negated:
                outcomes = outcomes.translate(_NEGATED)
            may, does = table.where(test.fact, outcomes)
            possible, true = possible & may, true & does
        for inner in live.shared:
            may, does = self._truths(inner)
            possible, true = possible & ~does, true & ~may
        return possible, true
