"""What answers can do to a rule whose tests of one fact are entangled (one answer moves several).

The bit sets of `OpenFacts` look at each test by itself. Where one fact stands in several tests that
are live still, all answers to such facts are tried at once, in a truth table. The tests of every
other fact can be looked at one by one, so that what they do comes to three bits a node: whether
something is left open, whether it can fail, whether it can hold. A rule has few such states,
however many facts it asks and whichever of them are stated.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from service.compiled.decisive.fact_tests import NOBODY, SOME_DAY, bits_of_others
from service.compiled.decisive.rule_effects import (
    FactAnswers,
    NodeStates,
    RuleEffects,
    find_effects,
)
from service.compiled.decisive.shared_tests import SharedFact, SharedTests, shared_tests
from service.compiled.evaluated_subject import EvaluatedSubject, LeafNumbers
from service.domain.advice.candidate_values import refining_values
from service.domain.cache import BoundedCache
from service.domain.facts.profile import Subject, Value
from service.domain.facts.vocabulary import Vocabulary
from service.domain.index.bitset import BitSet, places_of
from service.domain.index.normal_form import normalise
from service.domain.index.status_index import StatusIndex
from service.domain.rules.conditions import Condition, Connective, Group
from service.domain.rules.intervals import truth_of
from service.domain.truth import Truth

# Of the states of rules, and of values of the facts of a rule; there are few of either.
CACHE_SIZE = 4_096


def _refined(withheld: bytes, answered: bytes) -> bytes:
    """What an answer makes of tests: those that are decided without it stay as they are."""
    return bytes(w if w != Truth.UNKNOWN else a for w, a in zip(withheld, answered, strict=True))


# Not an effect: none has been found yet.
_UNKNOWN = RuleEffects(0, 0, ())


class SharedRule(NamedTuple):
    """A programme's rule as one that asks a fact more than once: the first programme that has it,
    the bits where its nodes stand, for each of the `NodeStates`, such facts, and whether what
    answers to them can do hangs on the day."""

    rule: int
    states: BitSet
    facts: tuple[str, ...]
    dated: bool


class SharedEffects(NamedTuple):
    """What answers can do in some programmes: where other tests move the roots by failing, and by
    holding; the programmes by the shared facts that move them; and those with too many answers."""

    refutes: BitSet
    proves: BitSet
    by_fact: dict[str, BitSet]
    beyond: BitSet


class SharedFactSearch:
    """Finds what answers can do in the rules of one catalogue; `entangled` has the programmes whose
    tests of a fact are, by fact, where it is not stated."""

    def __init__(
        self,
        index: StatusIndex,
        vocabulary: Vocabulary,
        entangled: Mapping[str, BitSet],
    ) -> None:
        self._index, self._vocabulary, self._entangled = index, vocabulary, entangled
        self._lanes = [(lane.offset, lane.occupied) for lane in index.lanes]
        self._width = index.all_bits.bit_length()
        self._rules: dict[Condition, int] = {}
        self._trees: dict[int, SharedTests] = {}
        self._shared_rules: dict[int, SharedRule] = {}
        self._by_key: BoundedCache[object, FactAnswers] = BoundedCache(CACHE_SIZE)
        self._effects: BoundedCache[object, RuleEffects | None] = BoundedCache(CACHE_SIZE)

    def effects(
        self,
        stated: Sequence[tuple[str, BitSet]],
        states: NodeStates,
        programmes: BitSet,
        subject: EvaluatedSubject,
    ) -> SharedEffects:
        """What answers can do in programmes where tests of one fact are entangled; `states` are
        those of all nodes, `stated` the facts that are not stated exactly enough, each with the
        programmes in which this leaves its tests entangled."""
        facts, side_by_side = subject.facts, 0
        for part in reversed(states):
            side_by_side = (side_by_side << self._width) | (part & states.live)
        known, as_of = self._effects, subject.as_of
        refutes = proves = beyond = 0
        by_fact: dict[str, BitSet] = {}
        for place in places_of(programmes):
            rule = self._shared_rules.get(place) or self._shared_rule(place)
            own = (side_by_side & rule.states) >> place
            open_ = tuple([fact for fact in rule.facts if fact not in facts])
            coarse = [fact for fact, held in stated if held >> place & 1]
            given = self._answers(rule.rule, coarse, subject) if coarse else ()
            key = rule.rule, own, open_, given, as_of if rule.dated else None
            effect = known.get(key, _UNKNOWN)
            if effect is _UNKNOWN:
                effect = known.keep(key, self._find(rule.rule, own, open_, given, subject))
            if effect is None:
                beyond |= 1 << place
                continue
            refutes |= effect.refutes << place
            proves |= effect.proves << place
            for fact in effect.facts:
                by_fact[fact] = by_fact.get(fact, 0) | (1 << place)
        return SharedEffects(refutes, proves, by_fact, beyond)

    def _find(
        self,
        rule: int,
        own: BitSet,
        open_: tuple[str, ...],
        given: tuple[FactAnswers, ...],
        subject: EvaluatedSubject,
    ) -> RuleEffects | None:
        """What answers can do in one rule whose nodes have these states, to shared facts that are
        not stated, and to those that are not stated exactly enough."""
        states = [(own >> (n * self._width)) & self._index.all_bits for n in range(4)]
        answers = (*self._answers(rule, open_, subject), *given)
        return find_effects(self._shared_tests(rule), NodeStates._make(states), answers)

    def _shared_rule(self, place: int) -> SharedRule:
        rule = self._rules.setdefault(self._index.programmes[place].condition, place)
        facts = tuple([fact for fact, held in self._entangled.items() if held >> place & 1])
        own = self._index.all_bits & ~bits_of_others(self._lanes, 1 << place)
        states = 0
        for _ in NodeStates._fields:
            states = (states << self._width) | own
        shared = self._shared_tests(rule).facts
        dated = any(shared[fact].reckoned for fact in facts)
        return self._shared_rules.setdefault(place, SharedRule(rule, states, facts, dated))

    def _answers(
        self, rule: int, facts: Iterable[str], subject: EvaluatedSubject
    ) -> tuple[FactAnswers, ...]:
        """What facts make of a rule's tests of them, as they are stated, and by all answers."""
        return tuple([self._every_answer(rule, fact, subject) for fact in facts])

    def _every_answer(self, rule: int, fact: str, subject: EvaluatedSubject) -> FactAnswers:
        shared = self._shared_tests(rule).facts[fact]
        value = subject.facts.get(fact)
        if isinstance(value, tuple):
            return self._all_answers(fact, value, shared, subject)
        # What numbers made of a day can still be hangs on today.
        key = rule, fact, value, subject.as_of if shared.reckoned else None
        answers = self._by_key.get(key)
        return answers or self._by_key.keep(key, self._all_answers(fact, value, shared, subject))

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
        outcomes = {_refined(withheld, outcome(v)) for v in values}
        return FactAnswers(fact, withheld, tuple(sorted(outcomes)))

    def _shared_tests(self, rule: int) -> SharedTests:
        """Where a rule asks facts that it asks more than once."""
        tests = self._trees.get(rule)
        if tests is None:
            root = normalise(self._index.programmes[rule].condition)
            number_of = LeafNumbers().number_of
            tests = self._trees[rule] = shared_tests(self._index.lanes[0], root, number_of)
        return tests
