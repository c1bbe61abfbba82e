"""What answers can do to a rule whose tests of one fact hang together.

The bit sets of `OpenFacts` look at each test by itself. Where one fact stands in several tests that
still have a say, all answers to such facts are tried at once, in a truth table. The tests of every
other fact can be looked at one by one, so that what they do comes to three bits a node: whether
something is left open, whether it can fail, whether it can hold. A rule has few such states,
however many facts it asks and whichever of them are stated.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from service.compiled.evaluated_subject import EvaluatedSubject, LeafNumbers
from service.compiled.fact_tests import NOBODY, SOME_DAY, FactTests
from service.compiled.rule_search import RuleSearch
from service.domain.advice.answer_table import AnswerTable
from service.domain.advice.candidate_values import refining_values
from service.domain.advice.decisive_facts import MAX_COMBINATIONS
from service.domain.cache import BoundedCache
from service.domain.facts.profile import Subject, Value
from service.domain.facts.vocabulary import Vocabulary
from service.domain.index.bitset import BitSet, places_of
from service.domain.index.layout import Lane
from service.domain.index.normal_form import Conjunction, normalise
from service.domain.index.status_index import StatusIndex
from service.domain.rules.conditions import Connective, Group, Predicate
from service.domain.rules.intervals import truth_of
from service.domain.truth import Truth

_TRUTHS = sorted(Truth)
# Of the states of rules, of which there are few; and of values of facts.
EFFECTS_CACHE_SIZE = 4_096
CACHE_SIZE = 512
_Truths: TypeAlias = tuple[int, int]


class FactAnswers(NamedTuple):
    """What a fact makes of a rule's tests of it, a byte for each: as it is, and by each answer."""

    fact: str
    withheld: bytes
    given: tuple[bytes, ...]


class SharedTest(NamedTuple):
    """A test of a fact that the rule asks more than once, or makes a number of: its place among
    these tests, and whether it must not hold."""

    fact: str
    place: int
    negated: bool


class RuleNode(NamedTuple):
    """A conjunction of a rule: the bit it stands at, its tests of shared facts, and what must not
    hold beside."""

    bit: BitSet
    tests: tuple[SharedTest, ...]
    excluded: "tuple[RuleNode, ...]"


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


class SharedFact(NamedTuple):
    """A fact that a rule asks more than once, or makes a number of: its tests, the nodes that each
    stands in, and whether numbers are made of it."""

    tests: tuple[Predicate, ...]
    nodes: tuple[BitSet, ...]
    reckoned: bool


class SharedTests(NamedTuple):
    """A rule as far as such facts are concerned."""

    root: RuleNode
    facts: Mapping[str, SharedFact]


def shared_tests(
    lane: Lane, root: Conjunction, number_of: Callable[[Predicate], int]
) -> SharedTests:
    """Those of a rule whose root stands in a lane."""
    tests = list(_tests(root))
    counted = Counter(test.quantity.facts[0] for test in tests)
    counted.update(test.quantity.facts[0] for test in tests if not test.quantity.single)
    numbers: dict[str, dict[int, int]] = {f: {} for f, count in counted.items() if count > 1}
    named: dict[str, list[Predicate]] = {fact: [] for fact in numbers}
    for test in tests:
        fact = test.quantity.facts[0]
        if fact in numbers and number_of(test) not in numbers[fact]:
            numbers[fact][number_of(test)] = len(named[fact])
            named[fact].append(test)
    nodes = {fact: [0] * len(found) for fact, found in named.items()}

    def node_of(lane: Lane, node: Conjunction) -> RuleNode:
        tests = tuple(
            SharedTest(fact, numbers[fact][number_of(leaf)], negated)
            for leaf, negated in node.literals
            if isinstance(leaf, Predicate)
            and len(leaf.quantity.facts) == 1
            and (fact := leaf.quantity.facts[0]) in numbers
        )
        for test in tests:
            nodes[test.fact][test.place] |= 1 << lane.offset
        # A lane may exclude more than this rule does.
        inner = zip(lane.excluded, node.excluded, strict=False)
        return RuleNode(1 << lane.offset, tests, tuple(node_of(a, b) for a, b in inner))

    tree = node_of(lane, root)
    return SharedTests(tree, {f: _shared_fact(found, nodes[f]) for f, found in named.items()})


def _shared_fact(tests: list[Predicate], nodes: list[BitSet]) -> SharedFact:
    reckoned = not all(test.quantity.single for test in tests)
    return SharedFact(tuple(tests), tuple(nodes), reckoned)


def _tests(node: Conjunction) -> Iterator[Predicate]:
    """The tests that one fact decides."""
    for leaf, _ in node.literals:
        if isinstance(leaf, Predicate) and len(leaf.quantity.facts) == 1:
            yield leaf
    for excluded in node.excluded:
        yield from _tests(excluded)


def find_effects(
    rule: SharedTests, states: NodeStates, answers: tuple[FactAnswers, ...]
) -> RuleEffects | None:
    """What answers can do; None where there are too many of them to be tried."""
    search = _Search(rule.root, states, answers)
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


class _Search:
    """One table for the nodes on the way to tests of shared facts. What lies beside that way moves
    independently, and counts as one part of the node that it hangs on."""

    def __init__(
        self, root: RuleNode, states: NodeStates, answers: tuple[FactAnswers, ...]
    ) -> None:
        self._states = states
        self._answers = {a.fact: (a.withheld, *a.given) for a in answers}
        self._root = self._part(root)
        self.refutes = self.proves = 0

    def sizes(self) -> dict[str, int]:
        """How many answers each shared fact, and all else of each node together, can be given."""
        found = {part.name: len(part.ends) for part in self._root.ways()}
        return found | {fact: len(told) - 1 for fact, told in self._answers.items()}

    def effects(self, table: AnswerTable) -> RuleEffects:
        """What answers can do."""
        possible, true = self._truths(self._root, table)
        decided, open_ = true | (table.whole & ~possible), possible & ~true
        for part in self._root.ways():
            moved = [
                truth
                for digit, truth in enumerate(part.ends, 1)
                if table.moves_by(part.name, digit, decided, open_)
            ]
            fails, holds = Truth.FALSE in moved, Truth.TRUE in moved
            self._note(part.node, fails=fails, holds=holds)
            for beside in part.beside:
                self._spread(beside, fails=holds, holds=fails)
        facts = tuple([f for f in self._answers if table.moves(f, decided, open_)])
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
        tests = tuple([test for test in node.tests if test.fact in self._answers])
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
        if part.has_others:
            possible, true = table.where(part.name, [Truth.UNKNOWN, *part.ends])
        for test in part.tests:
            told = [_TRUTHS[x[test.place]] for x in self._answers[test.fact]]
            may, does = table.where(test.fact, [~t for t in told] if test.negated else told)
            possible, true = possible & may, true & does
        for inner in part.on_the_way:
            may, does = self._truths(inner, table)
            possible, true = possible & ~does, true & ~may
        return possible, true


def _refined(withheld: bytes, answered: bytes) -> bytes:
    """What an answer makes of tests: those that are decided without it stay as they are."""
    return bytes(w if w != Truth.UNKNOWN else a for w, a in zip(withheld, answered, strict=True))


def _with_a_say(told: FactAnswers, nodes: tuple[BitSet, ...], live: BitSet) -> FactAnswers | None:
    """What a fact makes of the tests that have a say still, in these nodes: answers that differ in
    others only are one. None where all of these are decided."""
    kept = [bool(bits & live) for bits in nodes]

    def left(outcome: bytes) -> bytes:
        return bytes(truth if keep else 0 for truth, keep in zip(outcome, kept, strict=True))

    withheld = left(told.withheld)
    if Truth.UNKNOWN not in withheld:
        return None
    given = sorted({left(outcome) for outcome in told.given} - {withheld})
    return FactAnswers(told.fact, withheld, tuple(given))


# Not an effect: none has been found yet.
_UNKNOWN = RuleEffects(0, 0, ())


class SharedRule(NamedTuple):
    """A programme's rule as one that asks a fact more than once: the first programme that has it,
    the bits where its nodes stand, once and for each of the `NodeStates`, such facts, and whether
    what answers to them can do hangs on the day."""

    rule: int
    bits: BitSet
    states: BitSet
    facts: tuple[str, ...]
    dated: bool


class SharedEffects(NamedTuple):
    """What answers can do in some programmes: the bits of their nodes; where other tests move the
    roots by failing, and by holding; the programmes by the shared facts that move them; and those
    with too many answers."""

    bits: BitSet
    refutes: BitSet
    proves: BitSet
    by_fact: dict[str, BitSet]
    beyond: BitSet


class SharedFactSearch:
    """Finds what answers can do in the rules of one catalogue; `facts` are those that a rule asks
    more than once, with their tests."""

    def __init__(
        self,
        index: StatusIndex,
        vocabulary: Vocabulary,
        numbers: LeafNumbers,
        rules: RuleSearch,
        facts: Mapping[str, FactTests],
    ) -> None:
        self._index, self._vocabulary, self._numbers = index, vocabulary, numbers
        self._rules, self._facts = rules, facts
        self._width = index.all_bits.bit_length()
        self._trees: dict[int, SharedTests] = {}
        self._shared_rules: dict[int, SharedRule] = {}
        self._by_key: BoundedCache[object, FactAnswers] = BoundedCache(CACHE_SIZE)
        self._effects: BoundedCache[object, RuleEffects | None] = BoundedCache(EFFECTS_CACHE_SIZE)

    def effects(
        self,
        asked: Mapping[str, FactTests],
        states: NodeStates,
        programmes: BitSet,
        subject: EvaluatedSubject,
    ) -> SharedEffects:
        """What answers can do in programmes where tests of one fact that is `asked` hang together;
        `states` are those of all nodes."""
        facts, side_by_side = subject.facts, 0
        for part in reversed(states):
            side_by_side = (side_by_side << self._width) | (part & states.live)
        stated = [(fact, tests.entangled) for fact, tests in asked.items() if fact in facts]
        bits = refutes = proves = beyond = 0
        by_fact: dict[str, BitSet] = {}
        for place in places_of(programmes):
            found = self._shared_rules.get(place) or self._shared_rule(place)
            own = (side_by_side & found.states) >> place
            open_ = tuple([fact for fact in found.facts if fact not in facts])
            coarse = tuple([fact for fact, held in stated if held >> place & 1])
            effect = self._effect(found, own, open_, coarse, subject)
            bits |= found.bits
            if effect is None:
                beyond |= 1 << place
                continue
            refutes |= effect.refutes << place
            proves |= effect.proves << place
            for fact in effect.facts:
                by_fact[fact] = by_fact.get(fact, 0) | (1 << place)
        return SharedEffects(bits, refutes, proves, by_fact, beyond)

    def _effect(
        self,
        found: SharedRule,
        own: BitSet,
        open_: tuple[str, ...],
        coarse: tuple[str, ...],
        subject: EvaluatedSubject,
    ) -> RuleEffects | None:
        """What answers can do in one rule whose nodes have these states, to shared facts that are
        not stated, and to those that are not stated exactly enough."""
        given = self._answers(found.rule, coarse, own, subject) if coarse else ()
        key = found.rule, own, open_, given, subject.as_of if found.dated else None
        effect = self._effects.get(key, _UNKNOWN)
        if effect is _UNKNOWN:
            states = [(own >> (n * self._width)) & self._index.all_bits for n in range(4)]
            answers = (*self._answers(found.rule, open_, own, subject), *given)
            rule = self._shared_tests(found.rule)
            effect = find_effects(rule, NodeStates._make(states), answers)
            self._effects.keep(key, effect)
        return effect

    def _shared_rule(self, place: int) -> SharedRule:
        tests = self._rules.tests_of(place)
        facts = tuple([f for f, known in self._facts.items() if known.entangled >> place & 1])
        states = 0
        for _ in NodeStates._fields:
            states = (states << self._width) | tests.bits
        shared = self._shared_tests(tests.rule).facts
        dated = any(shared[fact].reckoned for fact in facts)
        found = SharedRule(tests.rule, tests.bits, states, facts, dated)
        return self._shared_rules.setdefault(place, found)

    def _answers(
        self, rule: int, facts: Iterable[str], own: BitSet, subject: EvaluatedSubject
    ) -> tuple[FactAnswers, ...]:
        """What facts make of a rule's tests of them that have a say in nodes of these states, as
        they are stated, and by all answers; those that leave one of them open."""
        shared, live = self._shared_tests(rule).facts, own & self._index.all_bits
        found = (
            _with_a_say(self._every_answer(rule, fact, subject), shared[fact].nodes, live)
            for fact in facts
        )
        return tuple([told for told in found if told is not None])

    def _every_answer(self, rule: int, fact: str, subject: EvaluatedSubject) -> FactAnswers:
        shared = self._shared_tests(rule).facts[fact]
        value = subject.facts.get(fact)
        if isinstance(value, tuple):
            return self._all_answers(fact, value, shared, subject)
        # What numbers made of a day can still be hangs on today.
        key = rule, fact, value, subject.as_of if shared.reckoned else None
        told = self._by_key.get(key)
        return told or self._by_key.keep(key, self._all_answers(fact, value, shared, subject))

    def _all_answers(
        self, fact: str, value: Value | None, shared: SharedFact, subject: EvaluatedSubject
    ) -> FactAnswers:
        tests, day, stated = shared.tests, subject.as_of, subject.subject
        if value is None:
            stated, day = NOBODY, day if shared.reckoned else SOME_DAY
        whole = Group(Connective.ALL, tests, tests[0].clause)

        def outcome(value: Value | None) -> bytes:
            one = Subject(None, {} if value is None else {fact: value}, {})
            return bytes([truth_of(test, one, day) for test in tests])

        values = refining_values(self._vocabulary.facts[fact], whole, stated, day)
        withheld = outcome(value)
        told = {_refined(withheld, outcome(v)) for v in values}
        return FactAnswers(fact, withheld, tuple(sorted(told)))

    def _shared_tests(self, rule: int) -> SharedTests:
        """Where a rule asks facts that it asks more than once."""
        found = self._trees.get(rule)
        if found is None:
            root = normalise(self._index.programmes[rule].condition)
            lane, number_of = self._index.lanes[0], self._numbers.number_of
            found = self._trees[rule] = shared_tests(lane, root, number_of)
        return found
