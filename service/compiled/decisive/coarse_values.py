"""What more exact values of a stated fact can do to the tests that it leaves open, as bit sets.

A stated value is *coarse* for a test where a more exact one would settle it: "Shanghai", where a
rule asks for a district of it. Some values are left open for good: a code under an open list, whose
rule does not say whether it counts. The first kind is worth a question, the second is not.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import reduce
from itertools import chain
from operator import or_
from typing import NamedTuple, TypeAlias

from service.compiled.decisive.fact_tests import (
    FactTests,
    Question,
    bits_of_others,
    reachable_by,
    tests_from,
    with_settled,
)
from service.compiled.evaluated_subject import EvaluatedSubject, LeafNumbers, OpenSubject
from service.domain.advice.candidate_values import (
    refining_samples,
    refining_values,
    relevant_part,
)
from service.domain.cache import BoundedCache
from service.domain.facts.profile import Subject, Value
from service.domain.facts.vocabulary import Vocabulary
from service.domain.index.bitset import BitSet, bitset_of, places_of
from service.domain.index.status_index import StatusIndex
from service.domain.rules.conditions import Predicate
from service.domain.rules.operators import Decision, InSet, can_stay_open

# How many tests are kept with the part of a value that concerns them; and how many whole values.
REACHABLE_CACHE_SIZE = 32_768
CACHE_SIZE = 512
# Whether a more exact value makes a test FALSE, and whether one makes it TRUE. None: the stated
# value settles the test already, or no value does.
Reachable: TypeAlias = tuple[bool, bool] | None


class PlacedTest(NamedTuple):
    """A test by its number; the bits where it stands, those of them where it must not hold, and the
    programmes they belong to. As numbers: a set is as wide as the index."""

    number: int
    bits: tuple[int, ...]
    negated: frozenset[int]
    programmes: tuple[int, ...]


class CoarseTests(NamedTuple):
    """The tests that one value of a fact is too coarse for, as far as they have been looked at."""

    looked_at: BitSet  # the bits whose tests have been looked at
    # of these the tests that a more exact value settles; whether one makes them FALSE, and TRUE
    settled_tests: tuple[tuple[PlacedTest, bool, bool], ...]
    tests: FactTests  # the same as bit sets


_NO_TESTS = tests_from(())
_NONE_LOOKED_AT = CoarseTests(0, (), _NO_TESTS)


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
        # By fact the bits of the tests that a stated value may leave open.
        self._may_be_open = {
            fact: reduce(or_, [q.at for q in tests.questions if self._is_of_codes(q)], 0)
            for fact, tests in facts.items()
        }
        # By fact the tests at each bit.
        starts = [lane.offset for lane in index.lanes]
        self._placed = {f: _by_bit(tests.questions, starts) for f, tests in facts.items()}
        # The questions that a stated value can leave open with no more exact one to settle them.
        self._unsettled = {
            fact: tuple(
                q for q in tests.questions if can_stay_open(numbers.test(q.number).operator)
            )
            for fact, tests in facts.items()
        }
        self._coarse_tests: BoundedCache[tuple[str, Value], CoarseTests] = BoundedCache(CACHE_SIZE)
        # In a tuple, so that what reaches nothing is told from what has not been looked for.
        self._reachable: BoundedCache[tuple[int, Value], tuple[Reachable]] = BoundedCache(
            REACHABLE_CACHE_SIZE
        )
        self._left_open: BoundedCache[object, BitSet] = BoundedCache(CACHE_SIZE)

    def _is_of_codes(self, question: Question) -> bool:
        """Whether a question is about codes or certificates: of what is yes or no, no value leaves
        one open."""
        operator = self._numbers.test(question.number).operator
        return not isinstance(operator, InSet) or bool(operator.codes or operator.umbrella)

    def coarse_facts(self, opened: OpenSubject) -> Iterator[tuple[str, BitSet, FactTests]]:
        """The stated facts that leave tests open, each with the bits of these tests, and with what
        more exact values can do where a test can still change the programme's status."""
        subject, open_ = opened.subject, opened.reading.lanes.open
        for fact, value in subject.facts.items():
            if self._may_be_open.get(fact, 0) & open_:
                at = self._index.open_tests(fact, value, subject.as_of)
                if at:
                    live = at & opened.live
                    yield fact, at, self._coarse_tests_of(fact, value, live, subject.as_of)

    def left_open(self, subject: EvaluatedSubject, open_: BitSet) -> Iterator[tuple[str, BitSet]]:
        """The stated facts that some tests among `open_` leave open for good, with the bits of
        these: no more exact value settles them. Codes, and records of certificates."""
        for fact, value in subject.facts.items():
            tests = self._facts.get(fact)
            if tests and tests.test_bits & open_:
                left = self._left_open_by(fact, value, subject.as_of) & open_
                if left:
                    yield fact, left

    def _left_open_by(self, fact: str, value: Value, as_of: date) -> BitSet:
        key = fact, value, as_of
        left = self._left_open.get(key)
        if left is None:
            left = 0
            unknown = self._index.open_tests(fact, value, as_of)
            for question in self._unsettled[fact] if unknown else ():
                if question.at & unknown:
                    operator = self._numbers.test(question.number).operator
                    if operator.decide(value, as_of) is Decision.OPEN:
                        left |= question.at
            self._left_open.keep(key, left)
        return left

    def _coarse_tests_of(self, fact: str, value: Value, live: BitSet, as_of: date) -> FactTests:
        """What more exact values of a fact can do, at least at the `live` bits. What is known of a
        value is kept, and added to when other bits are asked for; of certificates it depends on
        the day, and nothing is kept."""
        if isinstance(value, tuple):
            return self._look_at(fact, value, _NONE_LOOKED_AT, live, as_of).tests
        known = self._coarse_tests.get((fact, value)) or _NONE_LOOKED_AT
        if live & ~known.looked_at:
            known = self._look_at(fact, value, known, live, as_of)
            self._coarse_tests.keep((fact, value), known)
        return known.tests

    def _look_at(
        self, fact: str, value: Value, known: CoarseTests, live: BitSet, as_of: date
    ) -> CoarseTests:
        """What is known of a value, and of its tests at the `live` bits beside."""
        tests, placed = self._facts[fact], self._placed[fact]
        by_number = {test[0].number: test for test in known.settled_tests}
        for bit in places_of(live & ~known.looked_at):
            for test in placed.get(bit, ()):
                if test.number not in by_number:
                    reachable = self._reachable_from(fact, test.number, value, as_of)
                    if reachable is not None:
                        by_number[test.number] = (test, *reachable)
        settled = tuple(by_number.values())
        return CoarseTests(live | known.looked_at, settled, _of_fact(tests, settled))

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


def _by_bit(
    questions: Iterable[Question], starts: Sequence[int]
) -> dict[int, tuple[PlacedTest, ...]]:
    """The tests at each bit where any stands; `starts` are those of the lanes, in order."""
    found: dict[int, tuple[PlacedTest, ...]] = {}
    for question in questions:
        bits = tuple(places_of(question.at))
        programmes = tuple([bit - starts[bisect_right(starts, bit) - 1] for bit in bits])
        negated = frozenset(places_of(question.negated))
        test = PlacedTest(question.number, bits, negated, programmes)
        for bit in bits:
            found[bit] = (*found.get(bit, ()), test)
    return found


def _of_fact(tests: FactTests, settled_tests: Sequence[tuple[PlacedTest, bool, bool]]) -> FactTests:
    """What answers can do to the tests of a fact that are settled by them."""
    coarse = with_settled(
        _NO_TESTS, [(test.bits, test.negated, fails, holds) for test, fails, holds in settled_tests]
    )
    twice = 0
    if tests.repeated:  # also one test may stand twice
        times = Counter(chain.from_iterable(test.programmes for test, *_ in settled_tests))
        twice = bitset_of(programme for programme, count in times.items() if count > 1)
    return coarse._replace(
        test_bits=tests.test_bits,
        lanes=tests.lanes,
        entangled=twice,
        not_entangled=bits_of_others(tests.lanes, twice),
        several=tests.several,
        repeated=tests.repeated,
    )
