"""What more exact values of a stated fact can do to the tests that it leaves open, as bit sets.

A stated value is *coarse* for a test where a more exact one would settle it: "Shanghai", where a
rule asks for a district of it. Some values are left open for good: a code under an open list, whose
rule does not say whether it counts. The first kind is worth a question, the second is not.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain
from typing import NamedTuple, TypeAlias

from service.compiled.decisive.fact_tests import (
    FactTests,
    Question,
    asking_again,
    reachable_by,
    tests_from,
)
from service.compiled.evaluated_subject import EvaluatedSubject, LeafNumbers, SubjectStatuses
from service.domain.advice.candidate_values import (
    refining_samples,
    refining_values,
    relevant_part,
)
from service.domain.cache import BoundedCache
from service.domain.facts.profile import Subject, Value
from service.domain.facts.vocabulary import Vocabulary
from service.domain.index.bitset import BitSet, bitset_of, places_of, union_of
from service.domain.index.status_index import StatusIndex
from service.domain.rules.conditions import Predicate
from service.domain.rules.operators import Decision, InSet, can_stay_open

# How many tests are kept with the part of a value that concerns them; how many whole values.
REACHABLE_CACHE_SIZE = 32_768
CACHE_SIZE = 512
# Whether a more exact value makes a test FALSE, and whether one makes it TRUE. None: the stated
# value settles the test already, or no value does.
Reachable: TypeAlias = tuple[bool, bool] | None


class CoarseTests(NamedTuple):
    """The tests that one value of a fact is too coarse for, as far as they have been looked at: at
    which bits; by number those that a more exact value settles, with whether one makes them FALSE,
    and TRUE; and the same as bit sets."""

    looked_at: BitSet
    by_number: Mapping[int, tuple[Question, bool, bool]]
    tests: FactTests


_NONE_LOOKED_AT = CoarseTests(0, {}, tests_from((), (), 0))


class CoarseValues:
    """Finds the stated facts that are not exact enough, for one catalogue. `facts` are the tests of
    each fact as answers to it can change them where it is not stated."""

    def __init__(
        self,
        index: StatusIndex,
        vocabulary: Vocabulary,
        numbers: LeafNumbers,
        facts: Mapping[str, FactTests],
    ) -> None:
        self._index, self._vocabulary, self._numbers = index, vocabulary, numbers
        self._facts = facts
        # By fact the places of the tests at each bit that a stated value may leave open.
        self._by_bit = {fact: _by_bit(tests.questions) for fact, tests in facts.items()}
        self._may_be_open = {fact: bitset_of(tests) for fact, tests in self._by_bit.items()}
        # The questions that a stated value can leave open with no more exact one to settle them.
        self._unsettled = {
            fact: [
                (operator, bitset_of(q.bits))
                for q in tests.questions
                if can_stay_open(operator := numbers.test(q.number).operator)
            ]
            for fact, tests in facts.items()
        }
        # In a tuple, so that what reaches nothing is told from what has not been looked for.
        self._reachable: BoundedCache[tuple[int, Value], tuple[Reachable]] = BoundedCache(
            REACHABLE_CACHE_SIZE
        )
        self._coarse_tests: BoundedCache[tuple[str, Value], CoarseTests] = BoundedCache(CACHE_SIZE)
        self._left_open: BoundedCache[object, BitSet] = BoundedCache(CACHE_SIZE)

    def coarse_facts(self, opened: SubjectStatuses) -> Iterator[tuple[str, FactTests]]:
        """The stated facts that leave tests open, with what more exact values can do where a test
        can still change the programme's status."""
        subject = opened.subject
        for fact, value in self._may_leave_open(subject, opened.reading.lanes.open):
            if at := self._index.open_tests(fact, value, subject.as_of):
                tests = self._settled_by_more(fact, value, at & opened.live, subject.as_of)
                yield fact, tests._replace(open=at & tests.others)

    def left_open(self, subject: EvaluatedSubject, open_: BitSet) -> Iterator[tuple[str, BitSet]]:
        """The stated facts that some tests among `open_` leave open for good, with the bits of
        these: no more exact value settles them. Codes, and records of certificates."""
        for fact, value in self._may_leave_open(subject, open_):
            key = fact, value, subject.as_of
            left = self._left_open.get(key)
            if left is None:
                at = self._index.open_tests(*key)
                left = union_of(
                    bits
                    for operator, bits in self._unsettled[fact]
                    if bits & at and operator.decide(value, subject.as_of) is Decision.OPEN
                )
                self._left_open.keep(key, left)
            if left & open_:
                yield fact, left & open_

    def _may_leave_open(
        self, subject: EvaluatedSubject, open_: BitSet
    ) -> Iterator[tuple[str, Value]]:
        """The stated facts that may leave tests open, among these and others."""
        for fact, value in subject.facts.items():
            if self._may_be_open.get(fact, 0) & open_:
                yield fact, value

    def _settled_by_more(self, fact: str, value: Value, live: BitSet, as_of: date) -> FactTests:
        """What more exact values of a fact can do to its tests, at least at the `live` bits. What
        is known of a value is kept, and added to when other bits are asked for; of certificates it
        depends on the day, and nothing is kept."""
        if isinstance(value, tuple):
            return self._look_at(fact, value, _NONE_LOOKED_AT, live, as_of).tests
        known = self._coarse_tests.get((fact, value), _NONE_LOOKED_AT)
        if live & ~known.looked_at:
            found = self._look_at(fact, value, known, live, as_of)
            known = self._coarse_tests.keep((fact, value), found)
        return known.tests

    def _look_at(
        self, fact: str, value: Value, known: CoarseTests, live: BitSet, as_of: date
    ) -> CoarseTests:
        """What is known of a value, and of its tests at the `live` bits beside."""
        whole, by_bit, found = self._facts[fact], self._by_bit[fact], dict(known.by_number)
        at = places_of(live & ~known.looked_at & self._may_be_open[fact])
        # A few tests may stand at thousands of bits.
        for place in frozenset(chain.from_iterable(map(by_bit.__getitem__, at))):
            question = whole.questions[place]
            if question.number not in found:
                reachable = self._reachable_from(fact, question.number, value, as_of)
                if reachable is not None:
                    found[question.number] = (question, *reachable)
        asked = [question for question, *_ in found.values()]
        twice = asking_again(asked, whole.lanes) if whole.is_repeated else 0
        tests = tests_from(found.values(), whole.lanes, twice)
        return CoarseTests(live | known.looked_at, found, tests)

    def _reachable_from(self, fact: str, number: int, value: Value, as_of: date) -> Reachable:
        """Whether a more exact value of a fact makes a test FALSE, and whether one makes it TRUE;
        None where this value settles it, or none can. Of a set only the members that concern the
        test are looked at: so few different sets are left that most have been met before."""
        leaf = self._numbers.test(number)
        if isinstance(value, tuple):
            return self._find_reachable(fact, leaf, value, as_of)
        relevant = relevant_part(leaf.operator, value)
        key = number, relevant
        known = self._reachable.get(key)
        if known is None:
            known = (self._find_reachable(fact, leaf, relevant, as_of),)
            self._reachable.keep(key, known)
        return known[0]

    def _find_reachable(self, fact: str, leaf: Predicate, value: Value, as_of: date) -> Reachable:
        if leaf.operator.decide(value, as_of) is not Decision.COARSE:
            return None
        if isinstance(leaf.operator, InSet):
            found = reachable_by(leaf, refining_samples(leaf.operator, value), as_of)
            if all(found):
                return found
        stated = Subject(None, {fact: value}, {})
        values = refining_values(self._vocabulary.facts[fact], leaf, stated, as_of)
        return reachable_by(leaf, values, as_of)


def _by_bit(questions: Iterable[Question]) -> dict[int, tuple[int, ...]]:
    """The tests at each bit where any stands, by their places."""
    found: dict[int, tuple[int, ...]] = {}
    for place, question in enumerate(questions):
        for bit in question.bits:
            found[bit] = (*found.get(bit, ()), place)
    return found
