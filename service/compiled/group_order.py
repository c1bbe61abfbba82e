"""In which order matches of an answer come: groups by status, nearness, and what they wait for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import product

from service.compiled.evaluated_subject import SubjectStatuses
from service.compiled.match_groups import Held, MatchGroup
from service.compiled.match_writer import SubjectMatch
from service.domain.advice.settling import SettledBy
from service.domain.evaluation.evaluator import (
    OPEN,
    PROMISING,
    AnswerOptions,
    Status,
    Wait,
)
from service.domain.facts.asking import UnlikelyFacts
from service.domain.facts.profile import Profile
from service.domain.index.bitset import BitSet, bits_by_key, bitset_of, union_of
from service.domain.index.status_index import StatusIndex
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.measures import Evidence

_STATUSES = tuple(Status)


class GroupOrder:
    """Puts the matches of one catalogue's answers in groups, in reading order."""

    def __init__(self, catalogue: Catalogue, index: StatusIndex) -> None:
        self._catalogue, self._index = catalogue, index
        programmes = index.programmes
        self._news = bitset_of(i for i, p in enumerate(programmes) if p.evidence is Evidence.NEWS)
        self._for_projects = bitset_of(i for i, p in enumerate(programmes) if p.supports)
        self._asking = bits_by_key(tuple(p.facts) for p in programmes)
        self._needing = bits_by_key(tuple(p.needed_facts) for p in programmes)
        self.of_jurisdiction = bits_by_key((p.jurisdiction,) for p in programmes)

    def groups(
        self,
        subjects: list[SubjectStatuses],
        promising: list[SubjectMatch],
        unlikely: UnlikelyFacts,
        options: AnswerOptions,
        profile: Profile,
    ) -> Iterator[MatchGroup]:
        """The matches of the wanted statuses in groups, in reading order; of a folded answer those
        of near places first, whatever their status."""
        everywhere = self._sections([self._index.all_programmes])
        ordered = options.fold is not None or not OPEN.isdisjoint(options.statuses)
        near = self._sections(self._by_distance(profile)) if ordered else everywhere
        for status in _STATUSES:
            if status not in options.statuses:
                continue
            if status in PROMISING:
                yield MatchGroup(status, (), tuple([m for m in promising if m.status is status]))
            elif status in OPEN:
                yield from self._open_groups(subjects, unlikely, near)
            else:
                for section in everywhere if options.fold is None else near:
                    held = ((s.subject, s.by_status[status]) for s in subjects)
                    yield MatchGroup(status, _within(section, held))

    def _sections(self, places: Iterable[BitSet]) -> list[BitSet]:
        """The programmes of each of some places, official ones before those that only the press
        tells of."""
        return [place & kind for place in places for kind in (~self._news, self._news)]

    def _by_distance(self, profile: Profile) -> list[BitSet]:
        """The programmes by how far their places are from the applicant, the nearest first."""
        found: dict[int, BitSet] = defaultdict(int)
        for jurisdiction, distance in self._catalogue.distances(profile.company).items():
            found[distance] |= self.of_jurisdiction[jurisdiction]
        return [found[distance] for distance in sorted(found)]

    def within(self, jurisdictions: Iterable[str]) -> BitSet:
        """The programmes of some places."""
        return union_of(self.of_jurisdiction[jurisdiction] for jurisdiction in jurisdictions)

    def _open_groups(
        self,
        subjects: list[SubjectStatuses],
        unlikely: UnlikelyFacts,
        sections: list[BitSet],
    ) -> Iterator[MatchGroup]:
        """The open matches by how many facts could still decide each, those of the first `sections`
        before those of further ones, and those nearer to an answer (`wait_of`) before the rest;
        last those that none can."""
        by_count: dict[tuple[Wait, int], list[Held]] = defaultdict(list)
        never: list[Held] = []
        for found in subjects:
            waits = self._waits(found, unlikely)
            for count, held in counted(found.by_fact.values(), found.undetermined):
                if count == 0:
                    never.append((found.subject, held))
                    continue
                for wait, waiting in waits.items():
                    by_count[wait, count].append((found.subject, held & waiting))
        ordered = [by_count[order] for order in sorted(by_count)]
        for section, alike in product(sections, ordered):
            if chosen := _within(section, alike):
                yield MatchGroup(Status.UNDETERMINED, chosen, settled_by=SettledBy.FACTS)
        for section in sections:
            if left := _within(section, never):
                yield MatchGroup(Status.UNDETERMINED, left, settled_by=SettledBy.AUTHORITY)

    def _waits(self, asked: SubjectStatuses, unlikely: UnlikelyFacts) -> dict[Wait, BitSet]:
        """The programmes by what `wait_of` says of them."""
        awaited = self._for_projects if asked.subject.ref is None else 0
        ordinary = far = 0
        for fact, held in asked.by_fact.items():
            if fact in unlikely.unasked:
                far |= held
            elif fact in unlikely.unhinted:
                far |= held & self._needing.get(fact, 0)
            else:
                ordinary |= held
        for fact in unlikely.of_project:
            far |= awaited & self._asking.get(fact, 0)
        return {
            Wait.ANSWER: ordinary & ~awaited & ~far,
            Wait.PROJECT: ordinary & awaited & ~far,
            Wait.UNLIKELY: ordinary & far,
            Wait.ONLY_UNLIKELY: ~ordinary,
        }


def _within(section: BitSet, held: Iterable[Held]) -> tuple[Held, ...]:
    """What some subjects have in a section."""
    return tuple([(subject, found) for subject, whole in held if (found := whole & section)])


def counted(sets: Iterable[BitSet], whole: BitSet) -> Iterator[tuple[int, BitSet]]:
    """The members of a set by how many of some sets they are in: sums by binary digit, all at
    once."""
    digits: list[BitSet] = []
    for members in sets:
        carry = members
        for i, digit in enumerate(digits):
            digits[i], carry = digit ^ carry, digit & carry
            if not carry:
                break
        if carry:
            digits.append(carry)
    parts = [(0, whole)]
    for i, digit in enumerate(digits):
        parts = [
            (count + (one << i), held)
            for count, part in parts
            for one, held in ((0, part & ~digit), (1, part & digit))
            if held
        ]
    yield from parts
