"""What answers can do to a rule, from what each fact makes of its tests: a truth table over all
answers to the facts that it asks more than once."""

from collections.abc import Iterator
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from service.compiled.decisive.shared_tests import RuleNode, SharedTest, SharedTests
from service.domain.advice.answer_table import AnswerTable
from service.domain.advice.decisive_facts import MAX_COMBINATIONS
from service.domain.index.bitset import BitSet
from service.domain.truth import Truth

_TURNED = bytes.maketrans(b"\0\1\2", b"\2\1\0")
_Truths: TypeAlias = tuple[int, int]


class FactAnswers(NamedTuple):
    """What a fact makes of a rule's tests of it, a byte for each: as it is, and by each answer."""

    fact: str
    withheld: bytes
    given: tuple[bytes, ...]


class NodeStates(NamedTuple):
    """Bit sets of nodes: those that have a say, and those in which facts that stand nowhere else
    are open, one of them can make them fail, all of them can let them hold."""

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


def find_effects(
    rule: SharedTests, states: NodeStates, answers: tuple[FactAnswers, ...]
) -> RuleEffects | None:
    """What answers can do; None where there are too many of them to be tried."""
    search = _EffectSearch(rule.root, states, answers)
    table = AnswerTable(search.sizes())
    return search.effects(table) if table.count <= MAX_COMBINATIONS else None


class _RulePart(NamedTuple):
    """A node that has a say: the tests of shared facts in it that are open, the nodes below it on
    the way to such tests and those beside that way, whether it has other parts, and what these can
    come to beside staying open."""

    node: RuleNode
    tests: tuple[SharedTest, ...]
    on_the_way: "tuple[_RulePart, ...]"
    beside: "tuple[_RulePart, ...]"
    has_others: bool
    ends: tuple[Truth, ...]

    @property
    def name(self) -> str:
        return f"{self.node.bit:x}"

    @property
    def leads_on(self) -> bool:
        """Whether tests of shared facts stand in it or below it."""
        return bool(self.tests or self.on_the_way)

    def ways(self) -> "Iterator[_RulePart]":
        """It and all nodes below it on the way to tests of shared facts."""
        yield self
        for inner in self.on_the_way:
            yield from inner.ways()


class _EffectSearch:
    """One table for the nodes on the way to tests of shared facts. What lies beside that way moves
    independently, and counts as one part of the node that it hangs on."""

    def __init__(
        self, root: RuleNode, states: NodeStates, answers: tuple[FactAnswers, ...]
    ) -> None:
        self._states = states
        # By fact what its answers make of each test, that with none first.
        self._outcomes = {
            a.fact: [bytes(told) for told in zip(a.withheld, *a.given, strict=True)]
            for a in answers
        }
        self._sizes = {a.fact: len(a.given) for a in answers}
        self._root = self._part(root)
        self._ways = list(self._root.ways())
        self.refutes = self.proves = 0

    def sizes(self) -> dict[str, int]:
        """How many answers each shared fact, and all else of each node together, can be given."""
        facts = sorted(self._sizes.items(), key=itemgetter(1), reverse=True)
        return dict(facts) | {part.name: len(part.ends) for part in self._ways if part.ends}

    def effects(self, table: AnswerTable) -> RuleEffects:
        """What answers can do."""
        possible, true = self._truths(self._root, table)
        decided, open_ = true | (table.whole & ~possible), possible & ~true
        for part in self._ways:
            moved = [
                truth
                for digit, truth in enumerate(part.ends, 1)
                if table.moves_by(part.name, digit, decided, open_)
            ]
            fails, holds = Truth.FALSE in moved, Truth.TRUE in moved
            self._note(part.node, fails=fails, holds=holds)
            for beside in part.beside:
                self._spread(beside, fails=holds, holds=fails)
        facts = tuple([f for f in self._sizes if table.moves(f, decided, open_)])
        return RuleEffects(self.refutes, self.proves, facts)

    def _part(self, node: RuleNode) -> _RulePart:
        states = self._states
        below = [self._part(e) for e in node.excluded if e.bit & states.live]
        beside = tuple([part for part in below if not part.leads_on])
        # Of the other facts, and of each node beside the way: can it let the node fail, or hold?
        others = [(Truth.TRUE in part.ends, Truth.FALSE in part.ends) for part in beside]
        if node.bit & states.open:
            others.append((bool(node.bit & states.refutable), bool(node.bit & states.provable)))
        ends = [Truth.FALSE] if any(fails for fails, _ in others) else []
        if others and all(holds for _, holds in others):
            ends.append(Truth.TRUE)
        tests = tuple([test for test in node.tests if test.fact in self._sizes])
        ways = tuple([part for part in below if part.leads_on])
        return _RulePart(node, tests, ways, beside, bool(others), tuple(ends))

    def _note(self, node: RuleNode, *, fails: bool, holds: bool) -> None:
        """The other facts of a node move the root where they let it fail, or hold."""
        here = node.bit & self._states.open
        self.refutes |= here & self._states.refutable if fails else 0
        self.proves |= here & self._states.provable if holds else 0

    def _spread(self, part: _RulePart, *, fails: bool, holds: bool) -> None:
        """A node beside the way moves the root where it fails, or where it holds."""
        holds = holds and Truth.TRUE in part.ends
        self._note(part.node, fails=fails, holds=holds)
        for inner in part.beside:
            self._spread(inner, fails=holds, holds=fails)

    # INVARIANT: a node that has no say below one that has is FALSE: it would decide that one.
    def _truths(self, part: _RulePart, table: AnswerTable) -> _Truths:
        """In which combinations a node that has a say is not FALSE, and in which it is TRUE."""
        possible = true = table.whole
        if part.ends:
            possible, true = table.where(part.name, [Truth.UNKNOWN, *part.ends])
        elif part.has_others:
            true = 0
        for test in part.tests:
            told = self._outcomes[test.fact][test.place]
            may, does = table.where(test.fact, told.translate(_TURNED) if test.negated else told)
            possible, true = possible & may, true & does
        for inner in part.on_the_way:
            may, does = self._truths(inner, table)
            possible, true = possible & ~does, true & ~may
        return possible, true
