"""What answers to all open facts can do together, as bit sets over the lanes of the index."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from service.compiled.evaluated_subject import EvaluatedSubject
from service.compiled.fact_tests import FactTests
from service.compiled.rule_effects import NodeStates
from service.domain.cache import BoundedCache
from service.domain.index.bitset import BitSet
from service.domain.index.status_index import StatusIndex

# Sets of stated facts whose sums are kept; each is six times as wide as the index.
CACHE_SIZE = 64


class AnswerSums(NamedTuple):
    """What answers to several facts can do: programmes in which tests of one of them may hang
    together; the tests that answers can make FALSE, and those that none can make TRUE; of the
    programmes whose tests can be looked at one by one those that are open, and the same of them."""

    entangled: BitSet
    refutable: BitSet
    stuck: BitSet
    open_apart: BitSet
    refutable_apart: BitSet
    stuck_apart: BitSet

    def with_stuck(self, undecided: BitSet) -> "AnswerSums":
        """The same, with what no answer decides."""
        return self._replace(
            stuck=self.stuck | undecided,
            open_apart=self.open_apart | undecided,
            stuck_apart=self.stuck_apart | undecided,
        )

    def apart(self, live: BitSet) -> NodeStates:
        """The states of nodes as far as facts decide them that stand nowhere else."""
        open_ = self.open_apart
        return NodeStates(live, open_, open_ & self.refutable_apart, open_ & ~self.stuck_apart)


class AnswerSummer:
    """Brings together what answers to single facts can do, for one catalogue. The sets of a fact
    lie side by side in one number, so that those of many facts take one operation each."""

    def __init__(self, index: StatusIndex, facts: Mapping[str, FactTests]) -> None:
        self._index, self._width = index, index.all_bits.bit_length()
        self._unstated = {f: self._side_by_side(t, t.test_bits) for f, t in facts.items()}
        self._by_stated: BoundedCache[tuple[str, ...], BitSet] = BoundedCache(CACHE_SIZE)

    def together(
        self,
        subject: EvaluatedSubject,
        coarse: Iterable[tuple[str, BitSet, FactTests]],
    ) -> AnswerSums:
        """What answers can do to the facts that are not stated, and to those that are stated but
        `coarse`: where these leave tests open, and what answers can do there."""
        summed = self._of_unstated(subject)
        for _, at, tests in coarse:
            summed |= self._side_by_side(tests, at)
        sums, whole = [], self._index.all_bits
        for _ in AnswerSums._fields:
            sums.append(summed & whole)
            summed >>= self._width
        return AnswerSums._make(reversed(sums)).with_stuck(self._index.undecided)

    def _of_unstated(self, subject: EvaluatedSubject) -> BitSet:
        """The same of the facts that are not stated: in a register, of all companies alike."""
        stated = tuple(subject.facts)
        found = self._by_stated.get(stated)
        if found is None:
            found = 0
            for fact, own in self._unstated.items():
                if fact not in subject.facts:
                    found |= own
            self._by_stated.keep(stated, found)
        return found

    def _side_by_side(self, tests: FactTests, at: BitSet) -> BitSet:
        """What answers to a fact can do where it leaves tests open."""
        found = 0
        stuck = at & ~tests.provable
        for part in AnswerSums(
            tests.entangled,
            tests.refutable,
            stuck,
            at & tests.apart,
            tests.refutable & tests.apart,
            stuck & tests.apart,
        ):
            found = found << self._width | part
        return found
