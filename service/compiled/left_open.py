"""What no answer of the company settles and several programmes share, such as a term that nobody
has defined: found for all programmes at once on bit sets.

Held equal to `shared_points`, the reference, which looks at one match at a time.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from service.compiled.decisive.coarse_values import CoarseValues
from service.compiled.decisive.fact_tests import programmes_at
from service.compiled.evaluated_subject import SubjectStatuses
from service.domain.advice.open_points import (
    MAX_NAMED,
    Point,
    SharedPoint,
    UnsettledFact,
    in_order,
    left_term,
    named,
)
from service.domain.index.bitset import BitSet, bitset_of, places_of
from service.domain.index.layout import literals_by_bit
from service.domain.index.status_index import StatusIndex
from service.domain.rules.conditions import Undecided


class LeftOpen:
    """Finds what programmes leave to an authority to settle, for one catalogue."""

    def __init__(self, index: StatusIndex, coarse: CoarseValues) -> None:
        self._index, self._coarse = index, coarse
        self._lanes = [(lane.offset, lane.occupied) for lane in index.lanes]
        self._bits = dict(self._shared_bits())

    def _shared_bits(self) -> Iterator[tuple[Point, BitSet]]:
        """Each undefined term that several programmes use, with the bits at which it stands."""
        places: dict[Point, list[int]] = defaultdict(list)
        for bit, leaf, _ in literals_by_bit(self._index.lanes):
            if isinstance(leaf, Undecided):
                places[left_term(leaf)].append(bit)
        for point, found in places.items():
            bits = bitset_of(found)
            if programmes_at(bits, self._lanes).bit_count() > 1:
                yield point, bits

    def shared(self, subjects: Iterable[SubjectStatuses]) -> tuple[SharedPoint, ...]:
        """The points that several programmes share, those of most matches first."""
        matches: Counter[Point] = Counter()
        held_by: dict[Point, BitSet] = defaultdict(int)
        for found in subjects:
            for point, held in self._points(found) if found.undetermined else ():
                matches[point] += held.bit_count()
                held_by[point] |= held
        return in_order(
            SharedPoint(point, matches[point], self._named(held))
            for point, held in held_by.items()
            if held.bit_count() > 1
        )

    def _named(self, held: BitSet) -> tuple[str, ...]:
        """The programmes by id, as `named`: none of them is taken up for that."""
        if held.bit_count() > MAX_NAMED:
            return ()
        return named([self._index.order[place] for place in places_of(held)])

    def _points(self, found: SubjectStatuses) -> Iterator[tuple[Point, BitSet]]:
        """Each point with the programmes whose status can still depend on it."""
        lanes, subject, live = found.reading.lanes, found.subject, found.live
        for point, bits in self._bits.items():
            if bits & live:
                yield point, programmes_at(bits & live, self._lanes)
        for fact, bits in self._coarse.left_open(subject, lanes.open & live):
            yield UnsettledFact(fact, subject.facts[fact]), programmes_at(bits, self._lanes)
