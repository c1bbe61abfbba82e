"""What more exact values of a stated fact can do to the tests that it leaves open, as bit sets.

A stated value is *coarse* for a test where a more exact one would settle it: "Shanghai", where a
rule asks for a district of it. Some values are left open for good: a code under an open list, whose
rule does not say whether it counts. The first kind is worth a question, the second is not.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TypeAlias

from service.compiled.decisive.fact_tests import (
    FactTests,
    Question,
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

# How many tests are kept with the part of a value that concerns them.
CACHE_SIZE = 32_768
# Whether a more exact value makes a test FALSE, and whether one makes it TRUE. None: the stated
# value settles the test already, or no value does.
Reachable: TypeAlias = tuple[bool, bool] | None


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
        self._starts = [lane.offset for lane in index.lanes]
        # By fact the tests at each bit that a stated value may leave open.
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
            CACHE_SIZE
        )

    def coarse_facts(self, opened: SubjectStatuses) -> Iterator[tuple[str, FactTests]]:
        """The stated facts that leave tests open, with what more exact values can do where a test
        can still change the programme's status."""
        subject = opened.subject
        for fact, value, at in self._open_tests(subject, opened.reading.lanes.open):
            tests = self._settled_by_more(fact, value, at & opened.live, subject.as_of)
            yield fact, tests._replace(open=at & tests.others)

    def left_open(self, subject: EvaluatedSubject, open_: BitSet) -> Iterator[tuple[str, BitSet]]:
        """The stated facts that some tests among `open_` leave open for good, with the bits of
        these: no more exact value settles them. Codes, and records of certificates."""
        for fact, value, at in self._open_tests(subject, open_):
            left = union_of(
                bits & at & open_
                for operator, bits in self._unsettled[fact]
                if bits & at & open_ and operator.decide(value, subject.as_of) is Decision.OPEN
            )
            if left:
                yield fact, left

    def _open_tests(
        self, subject: EvaluatedSubject, open_: BitSet
    ) -> Iterator[tuple[str, Value, BitSet]]:
        """The stated facts that leave tests open, among these and others, with where they do."""
        for fact, value in subject.facts.items():
            if self._may_be_open.get(fact, 0) & open_:
                at = self._index.open_tests(fact, value, subject.as_of)
                if at:
                    yield fact, value, at

    def _settled_by_more(self, fact: str, value: Value, live: BitSet, as_of: date) -> FactTests:
        """What more exact values of a fact can do to its tests at the `live` bits."""
        by_bit = self._by_bit[fact]
        asked = {q.number: q for bit in places_of(live) for q in by_bit.get(bit, ())}
        found = [
            (question, *reachable)
            for question in asked.values()
            if (reachable := self._reachable_from(fact, question.number, value, as_of))
        ]
        twice = 0
        if self._facts[fact].is_repeated:  # also one test may stand twice
            times = Counter(self._programme_at(bit) for test, *_ in found for bit in test.bits)
            twice = bitset_of(programme for programme, count in times.items() if count > 1)
        return tests_from(found, self._facts[fact].lanes, twice)

    def _programme_at(self, bit: int) -> int:
        return bit - self._starts[bisect_right(self._starts, bit) - 1]

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


def _by_bit(questions: Iterable[Question]) -> dict[int, tuple[Question, ...]]:
    """The tests at each bit where any stands."""
    found: dict[int, tuple[Question, ...]] = {}
    for question in questions:
        for bit in question.bits:
            found[bit] = (*found.get(bit, ()), question)
    return found
