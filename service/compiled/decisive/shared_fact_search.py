"""What answers can do to a rule whose tests of one fact are entangled (one answer moves several).

The bit sets of `OpenFacts` look at each test by itself. Where one fact stands in several tests that
are live still, all answers to such facts are tried at once, in a truth table. The tests of every
other fact can be looked at one by one, so that what they do comes to three bits a node: whether
something is left open, whether it can fail, whether it can hold. A rule has few such states,
however many facts it asks and whichever of them are stated.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from service.compiled.decisive.fact_tests import bits_of_others
from service.compiled.decisive.rule_effects import (
    FactAnswers,
    NodeStates,
    RuleEffects,
    RuleTable,
)
from service.compiled.decisive.shared_tests import SharedTests, shared_tests
from service.compiled.evaluated_subject import EvaluatedSubject
from service.domain.advice.candidate_values import refining_values
from service.domain.cache import BoundedCache
from service.domain.facts.profile import Subject, Value
from service.domain.facts.vocabulary import Vocabulary
from service.domain.index.bitset import BitSet, places_of
from service.domain.index.normal_form import normalise
from service.domain.index.status_index import StatusIndex
from service.domain.rules.conditions import Condition, Connective, Group, Predicate
from service.domain.rules.intervals import truth_of
from service.domain.truth import Truth

# Of the states of rules, and of values of the facts of a rule; there are few of either.
CACHE_SIZE = 4_096


# Not an effect: none has been found yet.
_UNKNOWN = RuleEffects(0, 0, ())


class SharedRule(NamedTuple):
    """A programme's rule: the first programme that has it, its tests, the bits where its nodes
    stand, the facts whose tests are entangled while they are not stated, and whether what answers
    to these can do hangs on the day."""

    first: int
    tests: SharedTests
    bits: BitSet
    facts: tuple[str, ...]
    is_dated: bool


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
        self._rules: dict[Condition, int] = {}
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
        facts, live = subject.facts, states.live
        open_, refutable, provable = [part & live for part in states[1:]]
        refutes = proves = beyond = 0
        by_fact: dict[str, BitSet] = {}
        for place in places_of(programmes):
            rule = self._shared_rules.get(place) or self._shared_rule(place)
            bits = rule.bits
            own = NodeStates(
                (live & bits) >> place,
                (open_ & bits) >> place,
                (refutable & bits) >> place,
                (provable & bits) >> place,
            )
            # Answers to what is not stated are the same whoever asks: worked out only where needed.
            asked = tuple([fact for fact in rule.facts if fact not in facts])
            coarse = [fact for fact, held in stated if held >> place & 1] if stated else ()
            given = self._answers(rule, coarse, subject) if coarse else ()
            key = rule.first, own, asked, given, subject.as_of if rule.is_dated else None
            effect = self._effects.get(key, _UNKNOWN)
            if effect is _UNKNOWN:
                answers = (*self._answers(rule, asked, subject), *given)
                effect = RuleTable(rule.tests.root, own, answers).effects()
                self._effects.keep(key, effect)
            if effect is None:
                beyond |= 1 << place
                continue
            if effect.refutes or effect.proves:
                refutes |= effect.refutes << place
                proves |= effect.proves << place
            for fact in effect.facts:
                by_fact[fact] = by_fact.get(fact, 0) | (1 << place)
        return SharedEffects(refutes, proves, by_fact, beyond)

    def _shared_rule(self, place: int) -> SharedRule:
        condition = self._index.programmes[place].condition
        first = self._rules.setdefault(condition, place)
        known = self._shared_rules.get(first)
        tests = known.tests if known else shared_tests(self._index.lanes[0], normalise(condition))
        facts = tuple([fact for fact, held in self._entangled.items() if held >> place & 1])
        bits = self._index.all_bits & ~bits_of_others(self._lanes, 1 << place)
        is_dated = not all(test.quantity.single for fact in facts for test in tests.tests[fact])
        return self._shared_rules.setdefault(place, SharedRule(first, tests, bits, facts, is_dated))

    def _answers(
        self, rule: SharedRule, facts: Sequence[str], subject: EvaluatedSubject
    ) -> tuple[FactAnswers, ...]:
        return tuple([self._every_answer(rule, fact, subject) for fact in facts])

    def _every_answer(self, rule: SharedRule, fact: str, subject: EvaluatedSubject) -> FactAnswers:
        tests, value = rule.tests.tests[fact], subject.facts.get(fact)
        # What records say, and what numbers made of a day can still be, hangs on today.
        is_dated = isinstance(value, tuple) or not all(test.quantity.single for test in tests)
        key = rule.first, fact, value, subject.as_of if is_dated else None
        known = self._by_key.get(key)
        return known or self._by_key.keep(key, self._all_answers(fact, tests, subject))

    def _all_answers(
        self, fact: str, tests: tuple[Predicate, ...], subject: EvaluatedSubject
    ) -> FactAnswers:
        def outcome(value: Value | None) -> bytes:
            one = Subject(None, {} if value is None else {fact: value}, {})
            return bytes([truth_of(test, one, subject.as_of) for test in tests])

        whole, asked = Group(Connective.ALL, tests, tests[0].clause), self._vocabulary.facts[fact]
        withheld = outcome(subject.facts.get(fact))
        given = {
            # Tests that are decided without an answer stay as they are.
            bytes(w if w != Truth.UNKNOWN else a for w, a in zip(withheld, outcome(v), strict=True))
            for v in refining_values(asked, whole, subject.subject, subject.as_of)
        }
        return FactAnswers(fact, withheld, tuple(sorted(given)))
