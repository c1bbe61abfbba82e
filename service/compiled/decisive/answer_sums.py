"""What answers to all unanswered facts can do together, as bit sets over the lanes of the index.

`FactTests` says of one fact which of its tests an answer can make FALSE, and which TRUE. For a
company these sets are joined: those of every fact it has not stated, and of every fact it has
stated too coarsely (a city, where a rule asks for a district).
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from service.compiled.decisive.fact_tests import FactTests
from service.compiled.decisive.rule_effects import NodeStates
from service.compiled.evaluated_subject import EvaluatedSubject
from service.domain.index.bitset import BitSet
from service.domain.index.status_index import StatusIndex


class AnswerSums(NamedTuple):
    """What answers to several facts can do; the last three sets leave out the entangled programmes.

    A programme is *entangled* where it tests one fact more than once in such a way that the tests
    cannot be looked at one by one (see `separable_facts`). A test is *stuck* where no answer makes
    it TRUE.
    """

    entangled: BitSet  # programmes
    refutable: BitSet  # bits of tests that some answer makes FALSE
    stuck: BitSet  # bits of tests that no answer makes TRUE
    open_not_entangled: BitSet  # bits of open tests
    refutable_not_entangled: BitSet
    stuck_not_entangled: BitSet

    def with_stuck(self, undecided: BitSet) -> "AnswerSums":
        """These sums with the bits of terms that nobody has defined counted as stuck: no answer
        decides them."""
        return self._replace(
            stuck=self.stuck | undecided,
            open_not_entangled=self.open_not_entangled | undecided,
            stuck_not_entangled=self.stuck_not_entangled | undecided,
        )

    def not_entangled(self, live: BitSet) -> NodeStates:
        """The states of nodes in programmes that are not entangled, of which some are `live`."""
        open_ = self.open_not_entangled
        refutable = open_ & self.refutable_not_entangled
        return NodeStates(live, open_, refutable, open_ & ~self.stuck_not_entangled)


class AnswerSummer:
    """Joins what answers to single facts can do, for one catalogue. The six sets of a fact lie side
    by side in one wide integer, so that one operation joins all six."""

    def __init__(self, index: StatusIndex, facts: Mapping[str, FactTests]) -> None:
        self._index, self._width = index, index.all_bits.bit_length()
        self._unstated = {f: self._side_by_side(t, t.test_bits) for f, t in facts.items()}

    def together(
        self,
        subject: EvaluatedSubject,
        coarse: Iterable[tuple[str, BitSet, FactTests]],
    ) -> AnswerSums:
        """The sets of all facts that are not stated, and of the `coarse` ones: each with the bits
        at which its value leaves tests open, and what more exact values can do there."""
        summed = 0
        for fact, own in self._unstated.items():
            if fact not in subject.facts:
                summed |= own
        for _, at, tests in coarse:
            summed |= self._side_by_side(tests, at)
        sums, whole = [], self._index.all_bits
        for _ in AnswerSums._fields:
            sums.append(summed & whole)
            summed >>= self._width
        return AnswerSums._make(reversed(sums)).with_stuck(self._index.undecided)

    def _side_by_side(self, tests: FactTests, at: BitSet) -> BitSet:
        """The six sets of one fact, whose tests are open `at` these bits."""
        sets = 0
        stuck = at & ~tests.provable
        for part in AnswerSums(
            tests.entangled,
            tests.refutable,
            stuck,
            at & tests.not_entangled,
            tests.refutable & tests.not_entangled,
            stuck & tests.not_entangled,
        ):
            sets = sets << self._width | part
        return sets
