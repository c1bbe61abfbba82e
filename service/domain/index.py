"""The index: every programme's status for a profile in a few look-ups.

All trees are laid over one another in lanes (see `lanes`), so that each stated fact is looked up
once for all programmes, whatever their number, and what is not stated costs one look-up in all.

The reference evaluator is the authority; this agrees with it on every operator, by tests.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple, TypeAlias

from service.domain.bounds import Combined, Line, line_of
from service.domain.catalogue import Catalogue, Commitment, Programme
from service.domain.columns import Column, Entry, Look, Masks
from service.domain.conditions import Quantity, Undecided
from service.domain.evaluation import Evaluation, Status, check, in_reading_order
from service.domain.lanes import Bits, Lane, bits, lay_out, literals, normalise, sorted_by_shape
from service.domain.looks import columns_of, joined
from service.domain.profile import (
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

Facts: TypeAlias = Mapping[str, Value]

# Sets of stated facts, and days, whose masks are kept.
MOST_KNOWN = 2048


class Reading(NamedTuple):
    """The statuses of the programmes in `asked` for one subject, as bit sets.

    `project` is None where the subject is the company or a hypothetical project.
    """

    project: Project | None
    asked: Bits
    can: Bits
    true: Bits


class Index:
    """The compiled catalogue. Built once, read by any number of threads.

    Bit i of a set is `programmes[i]`. The order is the index's own.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        nodes = {name: normalise(p.condition) for name, p in catalogue.programmes.items()}
        order = sorted_by_shape(nodes)
        self.programmes: tuple[Programme, ...] = tuple(catalogue.programmes[n] for n in order)
        self.full: Bits = (1 << len(order)) - 1
        self.lanes: list[Lane] = lay_out([(i, nodes[n]) for i, n in enumerate(order)])
        self.wide: Bits = (1 << self.lanes[-1].end) - 1
        self._steps = [
            (lane.number, lane.start, lane.present, [e.number for e in lane.exceptions])
            for lane in reversed(self.lanes)
        ]
        self.columns: dict[str, list[Column]] = {}
        self.combined: list[Combined] = []
        self.undecided: Bits = 0
        self._make_columns()
        self._looks: dict[str, Look] = {}
        self._lines: dict[str, Line] = {}
        for fact, columns in self.columns.items():
            column = joined(columns)
            self._looks[fact] = column.masks
            if line := line_of(column):
                self._lines[fact] = line
        self._unstated: dict[object, Bits] = {}
        self.of_kind: dict[str | None, Bits] = _grouped(p.supports for p in self.programmes)
        self._committed = _grouped(p.commitment for p in self.programmes)
        self.entitled: Bits = self._committed.get(Commitment.ENTITLEMENT, 0)
        self.planned: Bits = self._committed.get(Commitment.PLANNED, 0)
        self._in_force: dict[date, Bits] = {}

    def _make_columns(self) -> None:
        entries: dict[Quantity, list[Entry]] = defaultdict(list)
        undecided = []
        for place, leaf, negated in literals(self.lanes):
            if isinstance(leaf, Undecided):
                undecided.append(place)
            else:
                entries[leaf.quantity].append(Entry(place, leaf.operator, negated))
        self.undecided = bits(undecided)
        for quantity, found in entries.items():
            columns = columns_of(quantity, found, self.wide)
            if quantity.single:
                self.columns[quantity.facts[0]] = columns
            else:
                self.combined.append(Combined(quantity, columns))

    def in_force(self, as_of: date) -> Bits:
        """The programmes in force on a day."""
        known = self._in_force.get(as_of)
        if known is None:
            if len(self._in_force) >= MOST_KNOWN:
                self._in_force.clear()
            windows = enumerate(p.window for p in self.programmes)
            known = self._in_force[as_of] = bits(i for i, w in windows if as_of in w)
        return known

    def read(self, profile: Profile, as_of: date) -> tuple[Reading, ...]:
        """One reading for the company with all hypothetical projects, and one for each project."""
        company = profile.company
        stated = self._stated(company, as_of)
        if not profile.projects and PROJECTS_ABSENT not in company:
            can, true = self._settled(company, None, stated, as_of)
            return (Reading(None, self.full, can, true),)
        return tuple(self._readings(profile, stated, as_of))

    def _readings(self, profile: Profile, stated: Masks, as_of: date) -> Iterator[Reading]:
        company, of_kind = profile.company, self.of_kind
        kinds = {p.kind for p in profile.projects} & of_kind.keys()
        asked = self.full
        for kind in kinds:
            asked ^= of_kind[kind]
        absent = company.get(PROJECTS_ABSENT)
        denied = 0
        for kind in absent if isinstance(absent, frozenset) else ():
            denied |= of_kind.get(kind, 0) & asked
        if asked ^ denied:
            yield self._reading(company, None, asked ^ denied, stated, as_of)
        if denied:
            nothing = Project("", "", {PROJECT_KIND: NO_PROJECT})
            reading = self._reading(company, nothing, denied, stated, as_of)
            yield Reading(None, denied, reading.can, reading.true)
        for project in profile.projects:
            asked = of_kind.get(project.kind, 0)
            if asked:
                yield self._reading(company, project, asked, stated, as_of)

    def _reading(
        self, company: Facts, project: Project | None, asked: Bits, stated: Masks, as_of: date
    ) -> Reading:
        if project is not None and not company.keys().isdisjoint(project.facts):
            company, project_facts = {**company, **project.facts}, None
            stated = self._stated(company, as_of)
        else:
            project_facts = project.facts if project else None
        can, true = self._settled(company, project_facts, stated, as_of)
        return Reading(project, asked, can & asked, true & asked)

    def _stated(self, facts: Facts, as_of: date) -> Masks:
        """What single facts leave, over the lanes: can be true, and UNKNOWN."""
        can, unsure = self.wide, self.undecided
        looks, lines = self._looks, self._lines
        for fact, value in facts.items():
            # Most facts are numbers: their look-up stands here, since a call would double its cost.
            if fact in lines:
                bounds, table, last = lines[fact]
                i = bisect_left(bounds, value)
                can &= table[2 * i + (i < last and bounds[i] == value)]
            elif fact in looks:
                may, maybe = looks[fact](value, as_of)
                can &= may
                if maybe:
                    unsure |= maybe
        return can, unsure

    def _settled(self, company: Facts, project: Facts | None, stated: Masks, as_of: date) -> Masks:
        """Where the programmes can be true and where they are, once all is looked up."""
        can, unsure = stated
        keys: object = tuple(company)
        if project:
            may, maybe = self._stated(project, as_of)
            can, unsure = can & may, unsure | maybe
            keys = (keys, tuple(project))
        unknown = self._unstated.get(keys)
        if unknown is None:
            unknown = self._find_unstated(keys, {*company, *(project or ())})
        unsure |= unknown
        if self.combined:
            facts = {**company, **project} if project else company
            for combined in self.combined:
                found = combined.masks(facts, as_of)
                if found is None:
                    unsure |= combined.tested
                else:
                    for may, maybe in found:
                        can, unsure = can & may, unsure | maybe
        return self._folded(can, can ^ (can & unsure))

    def _find_unstated(self, keys: object, stated: set[str]) -> Bits:
        """The tests of the single facts that are not stated."""
        if len(self._unstated) >= MOST_KNOWN:
            self._unstated.clear()
        found = 0
        for fact, columns in self.columns.items():
            if fact not in stated:
                for column in columns:
                    found |= column.tested
        self._unstated[keys] = found
        return found

    def _folded(self, can: Bits, true: Bits) -> Masks:
        """The lanes brought together: a node holds where its tests do and no exception does."""
        if len(self.lanes) == 1:
            return can, true
        cans = [0] * len(self.lanes)
        trues = cans.copy()
        may = does = 0
        for number, start, present, exceptions in self._steps:
            may = (can >> start) & present
            does = (true >> start) & present
            for e in exceptions:
                may ^= may & trues[e]
                does ^= does & cans[e]
            cans[number], trues[number] = may, does
        return may, does

    def by_status(self, reading: Reading, as_of: date) -> Mapping[Status, Bits]:
        """The programmes of each status in a reading."""
        force = self.in_force(as_of)
        asked = reading.asked & force
        can, true = reading.can & force, reading.true & force
        entitled, planned = true & self.entitled, true & self.planned
        return {
            Status.ELIGIBLE: entitled,
            Status.POTENTIAL: true ^ entitled ^ planned,
            Status.UNDETERMINED: can ^ true,
            Status.WATCH: planned,
            Status.INELIGIBLE: asked ^ can,
            Status.NOT_IN_FORCE: reading.asked ^ asked,
        }

    def pick(self, chosen: Bits) -> Iterator[Programme]:
        """The programmes of a bit set."""
        while chosen:
            low = chosen & -chosen
            yield self.programmes[low.bit_length() - 1]
            chosen ^= low


def _grouped(keys: Iterator[Any]) -> dict[Any, Bits]:
    places: dict[Any, list[int]] = defaultdict(list)
    for i, key in enumerate(keys):
        places[key].append(i)
    return {key: bits(held) for key, held in places.items()}


def survey(
    index: Index, catalogue: Catalogue, profile: Profile, as_of: date, wanted: Container[Status]
) -> Evaluation:
    """The evaluation with the matches of the wanted statuses only; its summary counts all.

    The index decides which programmes those are; their findings come from the reference evaluator.
    """
    summary = dict.fromkeys(Status, 0)
    matches = []
    for reading in index.read(profile, as_of):
        subject = project_subject(profile, reading.project) if reading.project else None
        for status, chosen in index.by_status(reading, as_of).items():
            summary[status] += chosen.bit_count()
            if status in wanted:
                matches += [
                    check(p, subject or subject_without(profile, p.supports), as_of)
                    for p in index.pick(chosen)
                ]
    return Evaluation(as_of, catalogue, profile, in_reading_order(matches), summary)


def subject_without(profile: Profile, kind: str | None) -> Subject:
    """The subject the reference evaluator uses where no project of the kind is submitted."""
    return company_subject(profile) if kind is None else hypothetical_subject(profile, kind)
