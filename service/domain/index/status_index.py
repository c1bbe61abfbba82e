"""The index: every programme's status for a profile in a few look-ups.

The truths of all conditions come from the `TruthIndex`; here they become statuses.

The evaluator is the reference; this agrees with it on every operator, by tests.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from service.domain.cache import BoundedCache
from service.domain.deferred import values_of
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
    company_subject,
    hypothetical_subject,
    project_subject,
)
from service.domain.index.bitset import BitSet, bits_by_key, places_of
from service.domain.index.column import TruthMasks
from service.domain.index.layout import assign_lanes, literals_by_bit
from service.domain.index.normal_form import normalise
from service.domain.index.truth_index import Facts, LaneTruths, TruthIndex
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Predicate, Undecided
from service.domain.rules.programmes import Commitment, Programme

# Days whose masks are kept.
CACHE_SIZE = 2048
# In the order of `by_status`: an enumeration's members are slow to name.
_ELIGIBLE, _POTENTIAL, _UNDETERMINED, _WATCH, _INELIGIBLE, _NOT_IN_FORCE = Status


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


class StatusIndex(TruthIndex):
    """The programmes of a catalogue. Bit i of a set is `programmes[i]`; the order is the index's
    own."""

    def __init__(
        self,
        catalogue: Catalogue,
        earlier: "StatusIndex | None" = None,
        touched: frozenset[str] = frozenset(),
    ) -> None:
        """`earlier`, `touched`: as of a `TruthIndex`."""
        conditions = {name: p.condition for name, p in catalogue.programmes.items()}
        super().__init__(conditions, earlier, touched)
        self.programmes: Sequence[Programme] = values_of(catalogue.programmes, self.order)
        self.all_programmes: BitSet = (1 << len(self.order)) - 1
        self.of_kind: dict[str, BitSet] = bits_by_key(p.supports for p in self.programmes)
        self._committed = bits_by_key((p.commitment,) for p in self.programmes)
        self.entitled: BitSet = self._committed.get(Commitment.ENTITLEMENT, 0)
        self.planned: BitSet = self._committed.get(Commitment.PLANNED, 0)
        self._windows = bits_by_key((p.window,) for p in self.programmes)
        self._in_force: BoundedCache[date, BitSet] = BoundedCache(CACHE_SIZE)

    def tests(self) -> Iterator[tuple[int, Predicate | Undecided, bool]]:
        """Every test with the bit it stands at and whether it must not hold. The trees are laid out
        again for it, whether or not the index holds them still: one that was kept holds none."""
        trees = [(i, normalise(p.condition)) for i, p in enumerate(self.programmes)]
        return literals_by_bit(assign_lanes(trees))

    def in_force(self, as_of: date) -> BitSet:
        """The programmes in force on a day."""
        bits = self._in_force.get(as_of)
        if bits is None:
            bits = 0
            for window, having in self._windows.items():
                if as_of in window:
                    bits |= having
            self._in_force.keep(as_of, bits)
        return bits

    def truths_of(self, profile: Profile, as_of: date) -> tuple[SubjectTruths, ...]:
        """One reading for the company with all hypothetical projects, and one for each project."""
        company = profile.company
        stated = self._look_up_company(company, as_of)
        if not profile.projects and PROJECTS_ABSENT not in company:
            lanes = self._resolve_truths(company, None, stated, as_of)
            can, must = lanes.nodes
            return (SubjectTruths(None, self.all_programmes, can[0], must[0], lanes),)
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
            stated = self._look_up_company(company, as_of)
        else:
            project_facts = project.facts if project else None
        lanes = self._resolve_truths(company, project_facts, stated, as_of)
        can, must = lanes.nodes
        return SubjectTruths(project, asked, can[0] & asked, must[0] & asked, lanes)

    def by_status(self, reading: SubjectTruths, as_of: date) -> Mapping[Status, BitSet]:
        """The programmes of each status in a reading."""
        force = self.in_force(as_of)
        asked = reading.applicable & force
        possible, true = reading.possible & force, reading.true & force
        entitled, planned = true & self.entitled, true & self.planned
        return {
            _ELIGIBLE: entitled,
            _POTENTIAL: true ^ entitled ^ planned,
            _UNDETERMINED: possible ^ true,
            _WATCH: planned,
            _INELIGIBLE: asked ^ possible,
            _NOT_IN_FORCE: reading.applicable ^ asked,
        }

    def programmes_in(self, chosen: BitSet) -> Iterator[Programme]:
        """The programmes of a bit set."""
        return (self.programmes[place] for place in places_of(chosen))


def evaluate_readings(
    index: StatusIndex,
    catalogue: Catalogue,
    profile: Profile,
    readings: Iterable[SubjectTruths],
    as_of: date,
    wanted: Container[Status],
    among: Mapping[str | None, BitSet] | None = None,
) -> Evaluation:
    """The evaluation of a profile that the index has read, with the matches of the wanted statuses
    only; its summary counts all. `among`: of some programmes only, named by the project that they
    are looked at for.

    The index decides which programmes those are; their findings come from the reference evaluator.
    """
    summary = dict.fromkeys(Status, 0)
    matches = []
    for reading in readings:
        subject = project_subject(profile, reading.project) if reading.project else None
        ref = reading.project.ref if reading.project else None
        named = index.all_programmes if among is None else among.get(ref, 0)
        for status, chosen in index.by_status(reading, as_of).items():
            summary[status] += chosen.bit_count()
            if status in wanted:
                matches += [
                    evaluate_programme(p, subject or default_subject(profile, p.supports), as_of)
                    for p in index.programmes_in(chosen & named)
                ]
    ordered = in_reading_order(matches, catalogue, profile)
    return Evaluation(as_of, catalogue, profile, ordered, summary)


def default_subject(profile: Profile, kinds: tuple[str, ...]) -> Subject:
    """The subject the reference evaluator uses where no project of the kinds is submitted."""
    return hypothetical_subject(profile, kinds) if kinds else company_subject(profile)
