"""What answers to the facts of a catalogue can do to its tests, worked out once at load."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

from service.compiled.decisive.fact_tests import (
    FactTests,
    Question,
    probes,
    programmes_at,
    reachable_by,
    tests_from,
)
from service.compiled.decisive.separable_facts import (
    is_separable,
    rule_of_fact,
)
from service.compiled.decisive.shared_tests import RuleNode
from service.compiled.elsewhere import HERE, Elsewhere
from service.compiled.evaluated_subject import ConditionNumbers
from service.domain.advice.candidate_values import candidate_values
from service.domain.dates import ANY_DAY
from service.domain.facts.profile import NOBODY
from service.domain.facts.vocabulary import Fact, Vocabulary
from service.domain.index.bitset import BitSet, bitset_of
from service.domain.index.layout import literals_by_bit
from service.domain.index.status_index import StatusIndex
from service.domain.rules.conditions import Connective, Group, Predicate
from service.domain.rules.operators import HoldsCertificate, InSet, Operator


@dataclass
class _Places:
    """The bits at which one test stands, as often as it stands there; those where it must not
    hold."""

    bits: list[int] = field(default_factory=list)
    negated: list[int] = field(default_factory=list)


class FactCompiler:
    """Works the tests of each fact out; those that a stated value may leave open are numbered by
    `numbers`. `made_of` has the tests of numbers that are made of one fact which is not merely
    read, by it; `derived` those of numbers made of several. `known_tests`: what was worked out
    before, under the same numbers, of facts whose tests stand where they stood."""

    def __init__(
        self,
        index: StatusIndex,
        vocabulary: Vocabulary,
        numbers: ConditionNumbers,
        known_tests: Mapping[str, FactTests] = MappingProxyType({}),
    ) -> None:
        self._index, self._vocabulary, self.numbers = index, vocabulary, numbers
        self._known_tests = known_tests
        # Of all tests, to work with: a large catalogue has tens of thousands that nobody asks for.
        self._leaves = ConditionNumbers()
        self._lanes = [(lane.offset, lane.occupied) for lane in index.lanes]
        # Of a rule that asks a fact more than once, by what its values make of the tests there.
        self._separable: dict[tuple[RuleNode, frozenset[bytes]], bool] = {}
        self.made_of: dict[str, BitSet] = {}
        self.derived = 0
        for number in index.combined:
            if len(facts := number.quantity.facts) == 1:
                self.made_of[facts[0]] = self.made_of.get(facts[0], 0) | number.test_bits
            else:
                self.derived |= number.test_bits
        self._tested = self._places()
        # Now, and not by whichever process works them out.
        for test in (n for places in self._tested.values() for n in places):
            if not self._is_always_settled(test):
                numbers.number_of(self._leaves.test(test))
        self._rest = HERE.divide(self.tests_of, self.left)

    def __getstate__(self) -> dict[str, Any]:
        """What is kept of it: what it has worked out."""
        return {"numbers": self.numbers, "tests": self.tests}

    @property
    def left(self) -> Sequence[str]:
        """The facts whose tests have to be worked out."""
        return [fact for fact in self._tested if fact not in self._known_tests]

    def begin(self, elsewhere: Elsewhere) -> None:
        """Have others begin with the tests; whoever asks for `tests` does the rest."""
        self._rest = elsewhere.divide(self.tests_of, self.left)

    @cached_property
    def tests(self) -> dict[str, FactTests]:
        """What answers to each fact that a test asks can do, by fact, in the order of the index."""
        found = {fact: tests for part in self._rest() for fact, tests in part.items()}
        return {fact: (found.get(fact) or self._known_tests[fact]) for fact in self._tested}

    def tests_of(self, facts: Iterable[str]) -> dict[str, FactTests]:
        """By fact what answers can do to its tests, for some facts."""
        known = self._vocabulary.facts
        return {fact: self._tests_of(known[fact], self._tested[fact]) for fact in facts}

    def _places(self) -> dict[str, dict[int, _Places]]:
        """Where the tests of single facts stand, by fact and number, but for what is known; a fact
        that numbers alone are made of has none."""
        by_fact: dict[str, dict[int, _Places]] = defaultdict(lambda: defaultdict(_Places))
        for bit, leaf, negated in literals_by_bit(self._index.lanes):
            if isinstance(leaf, Predicate) and leaf.quantity.single:
                of_fact = by_fact[leaf.quantity.facts[0]]
                if leaf.quantity.facts[0] in self._known_tests:
                    continue
                places = of_fact[self._leaves.number_of(leaf)]
                places.bits.append(bit)
                if negated:
                    places.negated.append(bit)
        for fact in self.made_of:
            by_fact[fact] |= {}
        return by_fact

    def _tests_of(self, fact: Fact, places: Mapping[int, _Places]) -> FactTests:
        entangled = self._entangled(fact, self._repeated.get(fact.id, []))
        entangled |= programmes_at(self.made_of.get(fact.id, 0), self._lanes)
        found = [
            (Question(n, tuple(at.bits), frozenset(at.negated)), *self._reachable(n, fact))
            for n, at in places.items()
        ]
        questions = tuple(
            [
                test._replace(number=self.numbers.number_of(self._leaves.test(test.number)))
                for test, *_ in found
                if not self._is_always_settled(test.number)
            ]
        )
        return tests_from(found, self._lanes, entangled)._replace(questions=questions)

    @cached_property
    def _repeated(self) -> dict[str, list[int]]:
        """The programmes that ask a fact more than once, by fact. Every test is looked at for it:
        only where the tests of any fact are worked out."""
        counts = Counter(
            (leaf.quantity.facts[0], place)
            for lane in self._index.lanes
            for place, node in lane.nodes
            for leaf, _ in node.literals
            if isinstance(leaf, Predicate) and leaf.quantity.single
        )
        found: dict[str, list[int]] = defaultdict(list)
        for (fact, place), count in counts.items():
            if count > 1:
                found[fact].append(place)
        return found

    def _is_always_settled(self, number: int) -> bool:
        """Whether no stated value leaves a test open, be it for good or until it is more exact."""
        return not isinstance(self._leaves.test(number).operator, InSet | HoldsCertificate)

    def _reachable(self, number: int, fact: Fact) -> tuple[bool, bool]:
        leaf = self._leaves.test(number)
        return reachable_by(leaf, probes(leaf, fact), ANY_DAY)

    def _entangled(self, fact: Fact, places: Iterable[int]) -> BitSet:
        """The programmes whose tests of a fact are entangled, among those that ask it more than
        once."""
        entangled = []
        outcomes: dict[tuple[Operator, ...], frozenset[bytes]] = {}
        roots = self._index.lanes[0]
        trees = dict(roots.nodes)
        for place in places:
            rule = rule_of_fact(roots, trees[place], fact.id)
            asked = tuple([test.operator for test in rule.tests])
            if asked not in outcomes:
                outcomes[asked] = _outcomes(fact, rule.tests)
            key = rule.root, outcomes[asked]
            if key not in self._separable:
                self._separable[key] = is_separable(*key)
            if not self._separable[key]:
                entangled.append(place)
        return bitset_of(entangled)


def _outcomes(fact: Fact, tests: tuple[Predicate, ...]) -> frozenset[bytes]:
    """What the values of a fact make of some tests of it."""
    whole = Group(Connective.ALL, tests, tests[0].clause)
    return frozenset(
        bytes([t.operator.decide(value, ANY_DAY).truth for t in tests])
        for value in candidate_values(fact, whole, NOBODY, ANY_DAY)
    )
