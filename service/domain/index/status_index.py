"""The index: every programme's status for a profile in a few look-ups.

All trees are laid over one another in lanes (see `layout`), so that each stated fact is looked up
once for all programmes, whatever their number, and what is not stated costs one look-up in all.

The reference evaluator is the authority; this agrees with it on every operator, by tests.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple, TypeAlias

from service.domain.cache import BoundedCache
from service.domain.evaluation.evaluator import (
    Evaluation,
    Status,
    evaluate_programme,
    in_reading_order,
)
from service.domain.facts.profile import (
    NO_PROJECT,
    PROJECT_KIND,
    PROJECTS_ABSENT,
    Profile,
    Project,
    Subject,
    Value,
    company_subject,
    hypothetical_subject,
    project_subject,
)
from service.domain.index.bitset import BitSet, bitset_of
from service.domain.index.column import Column, ColumnLookup, IndexedTest, TruthMasks
from service.domain.index.column_factory import build_columns, merge_columns
from service.domain.index.interval_columns import DerivedQuantity, IntervalTable, interval_table_of
from service.domain.index.layout import Lane, assign_lanes, literals_by_bit, sorted_by_shape
from service.domain.index.normal_form import normalise
from service.domain.rules.catalogue import Catalogue, Commitment, Programme
from service.domain.rules.conditions import Undecided
from service.domain.rules.quantities import Quantity

Facts: TypeAlias = Mapping[str, Value]

# Sets of stated facts, and days, whose masks are kept.
CACHE_SIZE = 2048


class LaneTruths(NamedTuple):
    """What the tests come to over the lanes: where they can be TRUE, and where a value that is
    stated, or a criterion nobody can decide, leaves them UNKNOWN. `unstated`: where facts that are
    not stated do."""

    possible: BitSet
    open: BitSet
    unstated: BitSet


class Ends(NamedTuple):
    """What answers can make of the tests, over the lanes: where they are at the worst not FALSE
    (`low`) or TRUE (`least`), and where at the best (`high`, `best`)."""

    low: BitSet
    least: BitSet
    high: BitSet
    best: BitSet


class SubjectTruths(NamedTuple):
    """The statuses of the programmes in `applicable` for one subject, as bit sets.

    `project` is None where the subject is the company or a hypothetical project; `denied` where the
    company says that it has none of the kind.
    """

    project: Project | None
    applicable: BitSet
    possible: BitSet
    true: BitSet
    lanes: LaneTruths
    denied: bool = False


class StatusIndex:
    """The compiled catalogue. Built once, read by any number of threads.

    Bit i of a set is `programmes[i]`. The order is the index's own.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        nodes = {name: normalise(p.condition) for name, p in catalogue.programmes.items()}
        order = sorted_by_shape(nodes)
        self.programmes: tuple[Programme, ...] = tuple(catalogue.programmes[n] for n in order)
        self.all_programmes: BitSet = (1 << len(order)) - 1
        self.lanes: list[Lane] = assign_lanes([(i, nodes[n]) for i, n in enumerate(order)])
        self.all_bits: BitSet = (1 << self.lanes[-1].end) - 1
        self._steps = [
            (lane.number, lane.offset, lane.occupied, [e.number for e in lane.excluded])
            for lane in reversed(self.lanes)
        ]
        self.columns: dict[str, list[Column]] = {}
        self.combined: list[DerivedQuantity] = []
        self.undecided: BitSet = 0
        self._make_columns()
        self._looks: dict[str, ColumnLookup] = {}
        self._lines: dict[str, IntervalTable] = {}
        for fact, columns in self.columns.items():
            column = merge_columns(columns)
            self._looks[fact] = column.masks
            if line := interval_table_of(column):
                self._lines[fact] = line
        self._unstated: BoundedCache[object, BitSet] = BoundedCache(CACHE_SIZE)
        self.of_kind: dict[str, BitSet] = _bits_by_key(p.supports for p in self.programmes)
        self._committed = _bits_by_key((p.commitment,) for p in self.programmes)
        self.entitled: BitSet = self._committed.get(Commitment.ENTITLEMENT, 0)
        self.planned: BitSet = self._committed.get(Commitment.PLANNED, 0)
        self._in_force: BoundedCache[date, BitSet] = BoundedCache(CACHE_SIZE)

    def _make_columns(self) -> None:
        entries: dict[Quantity, list[IndexedTest]] = defaultdict(list)
        undecided = []
        for place, leaf, negated in literals_by_bit(self.lanes):
            if isinstance(leaf, Undecided):
                undecided.append(place)
            else:
                entries[leaf.quantity].append(IndexedTest(place, leaf.operator, negated))
        self.undecided = bitset_of(undecided)
        for quantity, found in entries.items():
            columns = build_columns(quantity, found, self.all_bits)
            if quantity.single:
                self.columns[quantity.facts[0]] = columns
            else:
                self.combined.append(DerivedQuantity(quantity, columns))

    def in_force(self, as_of: date) -> BitSet:
        """The programmes in force on a day."""
        bits = self._in_force.get(as_of)
        if bits is None:
            windows = enumerate(p.window for p in self.programmes)
            bits = self._in_force.keep(as_of, bitset_of(i for i, w in windows if as_of in w))
        return bits

    def truths_of(self, profile: Profile, as_of: date) -> tuple[SubjectTruths, ...]:
        """One reading for the company with all hypothetical projects, and one for each project."""
        company = profile.company
        stated = self._look_up_stated(company, as_of)
        if not profile.projects and PROJECTS_ABSENT not in company:
            lanes = self._resolve_truths(company, None, stated, as_of)
            return (SubjectTruths(None, self.all_programmes, *self._fold_lanes(lanes), lanes),)
        return tuple(self._per_project(profile, stated, as_of))

    def _per_project(
        self, profile: Profile, stated: TruthMasks, as_of: date
    ) -> Iterator[SubjectTruths]:
        company, of_kind = profile.company, self.of_kind
        kinds = {p.kind for p in profile.projects} & of_kind.keys()
        asked = self.all_programmes
        for kind in kinds:
            asked &= ~of_kind[kind]
        absent = company.get(PROJECTS_ABSENT)
        denied = self.only_for(absent) & asked if isinstance(absent, frozenset) else 0
        if asked ^ denied:
            yield self._truths_for(company, None, asked ^ denied, stated, as_of)
        if denied:
            nothing = Project("", "", {PROJECT_KIND: NO_PROJECT})
            reading = self._truths_for(company, nothing, denied, stated, as_of)
            yield reading._replace(project=None, denied=True)
        for project in profile.projects:
            asked = of_kind.get(project.kind, 0)
            if asked:
                yield self._truths_for(company, project, asked, stated, as_of)

    def only_for(self, kinds: frozenset[Any]) -> BitSet:
        """The programmes that support projects of these kinds and of no other."""
        named = others = 0
        for kind, programmes in self.of_kind.items():
            if kind in kinds:
                named |= programmes
            else:
                others |= programmes
        return named & ~others

    def _truths_for(
        self,
        company: Facts,
        project: Project | None,
        asked: BitSet,
        stated: TruthMasks,
        as_of: date,
    ) -> SubjectTruths:
        if project is not None and not company.keys().isdisjoint(project.facts):
            company, project_facts = {**company, **project.facts}, None
            stated = self._look_up_stated(company, as_of)
        else:
            project_facts = project.facts if project else None
        lanes = self._resolve_truths(company, project_facts, stated, as_of)
        possible, true = self._fold_lanes(lanes)
        return SubjectTruths(project, asked, possible & asked, true & asked, lanes)

    def _look_up_stated(self, facts: Facts, as_of: date) -> TruthMasks:
        """What single facts leave, over the lanes: can be true, and UNKNOWN."""
        possible, unknown = self.all_bits, self.undecided
        looks, lines = self._looks, self._lines
        for fact, value in facts.items():
            # Most facts are numbers: their look-up stands here, since a call would double its cost.
            if fact in lines:
                bounds, table, last = lines[fact]
                i = bisect_left(bounds, value)
                possible &= table[2 * i + (i < last and bounds[i] == value)]
            elif fact in looks:
                also_possible, also_unknown = looks[fact](value, as_of)
                possible &= also_possible
                if also_unknown:
                    unknown |= also_unknown
        return possible, unknown

    def _resolve_truths(
        self, company: Facts, project: Facts | None, stated: TruthMasks, as_of: date
    ) -> LaneTruths:
        """What all tests come to, once all is looked up."""
        possible, unknown = stated
        keys: object = tuple(company)
        if project:
            also_possible, also_unknown = self._look_up_stated(project, as_of)
            possible, unknown = possible & also_possible, unknown | also_unknown
            keys = (keys, tuple(project))
        unstated = self._unstated.get(keys)
        if unstated is None:
            unstated = self._unstated_tests(keys, {*company, *(project or ())})
        if self.combined:
            facts = {**company, **project} if project else company
            for combined in self.combined:
                found = combined.masks(facts, as_of)
                if found is None:
                    unknown |= combined.test_bits
                else:
                    for also_possible, also_unknown in found:
                        possible, unknown = possible & also_possible, unknown | also_unknown
        return LaneTruths(possible, unknown, unstated)

    def _unstated_tests(self, keys: object, stated: set[str]) -> BitSet:
        """The tests of the single facts that are not stated."""
        found = 0
        for fact, columns in self.columns.items():
            if fact not in stated:
                for column in columns:
                    found |= column.test_bits
        return self._unstated.keep(keys, found)

    def _fold_lanes(self, lanes: LaneTruths) -> TruthMasks:
        """The lanes brought together: a node holds where its tests do and no exception does."""
        possible = lanes.possible
        true = possible ^ (possible & (lanes.open | lanes.unstated))
        if len(self.lanes) == 1:
            return possible, true
        possible_of = [0] * len(self.lanes)
        true_of = possible_of.copy()
        node_possible = node_true = 0
        for number, start, occupied, exceptions in self._steps:
            node_possible = (possible >> start) & occupied
            node_true = (true >> start) & occupied
            for e in exceptions:
                node_possible ^= node_possible & true_of[e]
                node_true ^= node_true & possible_of[e]
            possible_of[number], true_of[number] = node_possible, node_true
        return node_possible, node_true

    def open_tests(self, fact: str, value: Value, as_of: date) -> BitSet:
        """Where a stated fact leaves tests UNKNOWN."""
        look = self._looks.get(fact)
        return look(value, as_of)[1] if look else 0

    def moving(self, ends: Ends, roots: BitSet) -> TruthMasks:
        """Where in the lanes a test that lets its node be FALSE or not, and where one that lets it
        be TRUE or not, does the same to the root of one of these programmes."""
        low, least, high, best = ends
        reached = [(0, 0, 0, 0)] * len(self.lanes)
        for number, start, occupied, exceptions in self._steps:
            a, b = (low >> start) & occupied, (least >> start) & occupied
            c, d = (high >> start) & occupied, (best >> start) & occupied
            for e in exceptions:
                low_e, least_e, high_e, best_e = reached[e]
                a, b, c, d = a & ~best_e, b & ~high_e, c & ~least_e, d & ~low_e
            reached[number] = a, b, c, d
        passes = [(0, 0)] * len(self.lanes)
        passes[0] = roots, roots
        up = on = 0
        for number, start, _, exceptions in reversed(self._steps):
            _, _, c, d = reached[number]
            first, second = passes[number]
            first &= c
            second &= d
            up |= first << start
            on |= second << start
            for e in exceptions:
                passes[e] = second, first
        return up, on

    def by_status(self, reading: SubjectTruths, as_of: date) -> Mapping[Status, BitSet]:
        """The programmes of each status in a reading."""
        force = self.in_force(as_of)
        asked = reading.applicable & force
        possible, true = reading.possible & force, reading.true & force
        entitled, planned = true & self.entitled, true & self.planned
        return {
            Status.ELIGIBLE: entitled,
            Status.POTENTIAL: true ^ entitled ^ planned,
            Status.UNDETERMINED: possible ^ true,
            Status.WATCH: planned,
            Status.INELIGIBLE: asked ^ possible,
            Status.NOT_IN_FORCE: reading.applicable ^ asked,
        }

    def numbered(self, chosen: BitSet) -> Iterator[tuple[int, Programme]]:
        """The programmes of a bit set with their places."""
        while chosen:
            low = chosen & -chosen
            place = low.bit_length() - 1
            yield place, self.programmes[place]
            chosen ^= low

    def programmes_in(self, chosen: BitSet) -> Iterator[Programme]:
        """The programmes of a bit set."""
        return (programme for _, programme in self.numbered(chosen))


def _bits_by_key(keys: Iterator[tuple[Any, ...]]) -> dict[Any, BitSet]:
    """The places at which each key stands; several may stand at one."""
    places: dict[Any, list[int]] = defaultdict(list)
    for i, several in enumerate(keys):
        for key in several:
            places[key].append(i)
    return {key: bitset_of(held) for key, held in places.items()}


def evaluate_selected(
    index: StatusIndex,
    catalogue: Catalogue,
    profile: Profile,
    as_of: date,
    wanted: Container[Status],
) -> Evaluation:
    """The evaluation with the matches of the wanted statuses only; its summary counts all.

    The index decides which programmes those are; their findings come from the reference evaluator.
    """
    summary = dict.fromkeys(Status, 0)
    matches = []
    for reading in index.truths_of(profile, as_of):
        subject = project_subject(profile, reading.project) if reading.project else None
        for status, chosen in index.by_status(reading, as_of).items():
            summary[status] += chosen.bit_count()
            if status in wanted:
                matches += [
                    evaluate_programme(p, subject or default_subject(profile, p.supports), as_of)
                    for p in index.programmes_in(chosen)
                ]
    return Evaluation(as_of, catalogue, profile, in_reading_order(matches), summary)


def default_subject(profile: Profile, kinds: tuple[str, ...]) -> Subject:
    """The subject the reference evaluator uses where no project of the kinds is submitted."""
    return hypothetical_subject(profile, kinds) if kinds else company_subject(profile)
