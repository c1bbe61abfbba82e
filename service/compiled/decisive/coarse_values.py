"""What more exact values of a stated fact can do to the tests that it leaves open, as bit sets.

A stated value is *coarse* for a test where a more exact one would settle it: "Shanghai", where a
rule asks for a district of it. Some values are left open for good: a code under an open list, whose
rule does not say whether it counts. The first kind is worth a question, the second is not.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain

from service.compiled.decisive.fact_tests import FactTests, settled_tests
from service.compiled.evaluated_subject import ConditionNumbers, EvaluatedSubject, SubjectStatuses
from service.domain.advice.candidate_values import finer_parts
from service.domain.cache import BoundedCache
from service.domain.facts.profile import Value
from service.domain.index.bitset import BitSet, bitset_of, union_of
from service.domain.index.status_index import StatusIndex
from service.domain.rules.operators import Decision, can_stay_open

# Of values of facts.
CACHE_SIZE = 512


class CoarseValues:
    """Finds the stated facts that are not exact enough, for one catalogue. `facts` are the tests of
    each fact as answers to it can change them where it is not stated."""

    def __init__(
        self, index: StatusIndex, numbers: ConditionNumbers, facts: Mapping[str, FactTests]
    ) -> None:
        self._index, self._facts = index, facts
        # The tests that a stated value may leave open.
        self._may_be_open = {
            fact: bitset_of(chain.from_iterable([question.bits for question in tests.questions]))
            for fact, tests in facts.items()
        }
        # The questions that a stated value can leave open with no more exact one to settle them.
        self._unsettled = {
            fact: [
                (operator, bitset_of(q.bits))
                for q in tests.questions
                if can_stay_open(operator := numbers.test(q.number).operator)
            ]
            for fact, tests in facts.items()
        }
        self._settled_tests: BoundedCache[object, FactTests] = BoundedCache(CACHE_SIZE)
        self._left_open: BoundedCache[object, BitSet] = BoundedCache(CACHE_SIZE)

    def coarse_facts(self, opened: SubjectStatuses) -> Iterator[tuple[str, FactTests]]:
        """The stated facts that leave tests open, with what more exact values can do where a test
        can still change the programme's status."""
        subject = opened.subject
        for fact, value in self._may_leave_open(subject, opened.reading.lanes.open):
            if at := self._index.open_tests(fact, value, subject.as_of):
                tests = self._settled_by_more(fact, value, subject.as_of)
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

    def _settled_by_more(self, fact: str, value: Value, as_of: date) -> FactTests:
        """What more exact values of a fact can do to its tests. It is kept; of certificates it
        depends on the day."""
        key = fact, value, as_of if isinstance(value, tuple) else None
        known = self._settled_tests.get(key)
        if known is None:
            found = self._index.settled_by_more(fact, value, as_of, finer_parts)
            known = self._settled_tests.keep(key, settled_tests(found, self._facts[fact].lanes))
        return known
