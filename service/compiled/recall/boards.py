"""Boards: how the whole catalogue stands for profiles that are alike in all that programmes ask.

The index decides every status. What a board's amounts come to for one of these profiles (the order,
the best combination, the questions) is worked out again where it hangs on the profile's figures.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from service.compiled.recall.programmes import Outline, Programmes
from service.compiled.recall.shelves import Kept
from service.compiled.recall.sights import Sights, Whose
from service.compiled.recall.templates import Hole
from service.domain.advice.combination import Combination, awards_of, best_combination
from service.domain.advice.questions import rank_questions
from service.domain.evaluation.evaluator import IN_REACH, OPEN, PROMISING, Status, reading_order
from service.domain.facts.profile import PROJECTS_ABSENT, Subject
from service.domain.index.status_index import StatusIndex
from service.domain.likeness import Likeness, asked_by_programmes
from service.domain.rules.amounts import Ceiling
from service.domain.rules.catalogue import Catalogue, Programme
from service.rendering.advice_json import question_json
from service.rendering.canonical_json import canonical_json
from service.rendering.match_json import summary_json

# How many boards are kept, and how many lists of questions.
CACHE_SIZE = 256
_RANK = itemgetter(0)


class Seat(NamedTuple):
    """A programme on a board: its status, and whose it is."""

    programme: Programme
    status: Status
    whose: Whose


@dataclass(frozen=True, slots=True, eq=False)
class Stand:
    """A seat that advice is drawn from, with the holes for its ceiling and for what it adds to the
    best combination."""

    seat: Seat
    outline: Outline
    ceiling: Hole = field(default_factory=Hole)
    counted: Hole = field(default_factory=Hole)


class Known(NamedTuple):
    """How a programme stands for a subject, and what this subject may get."""

    programme: Programme
    status: Status
    subject: Subject
    missing: tuple[str, ...]
    ceiling: Ceiling | None
    money: bytes
    stand: Stand


Ranked: TypeAlias = tuple[object, Known]


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """The matches that one kind of advice is drawn from, with what is known of them where it is the
    same for everybody; `bases` are the facts that the others' amounts hang on."""

    stands: tuple[Stand, ...]
    fixed: tuple[Ranked | None, ...]
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    """How all programmes stand: the promising, the open, those out of reach. `summary` counts them
    by status, as JSON."""

    promising: Side
    open: Side
    others: tuple[Seat, ...]
    summary: bytes


class Offers(NamedTuple):
    """What may be claimed, in reading order, and the best combination of it."""

    matches: tuple[Known, ...]
    best: Combination[Known]


class Openings(NamedTuple):
    """What is open, in reading order, with what each bounds; and the questions about it as JSON."""

    stands: tuple[Stand, ...]
    money: tuple[bytes, ...]
    questions: bytes


class Boards:
    """The boards of one catalogue on one day."""

    def __init__(
        self, index: StatusIndex, catalogue: Catalogue, likeness: Likeness, programmes: Programmes
    ) -> None:
        self._index, self._catalogue = index, catalogue
        self._programmes = programmes
        asked = asked_by_programmes(catalogue)
        self._key = likeness.key(asked, (PROJECTS_ABSENT,), further=True)
        self._boards = Kept(self._make, CACHE_SIZE)
        self._openings = Kept(self._open, CACHE_SIZE)

    def of(self, sights: Sights) -> Board:
        """The board for a profile."""
        key = self._key
        projects = [(sight.kind, key(sight.classes)) for sight in sights.projects]
        return self._boards.by((key(sights.company.classes), *projects), sights)

    def _make(self, sights: Sights) -> Board:
        seats = list(self._seats(sights))
        counted = Counter(seat.status for seat in seats)
        summary = summary_json({status: counted[status] for status in Status})
        promising = self._side((s for s in seats if s.status in PROMISING), sights)
        open_ = self._side((s for s in seats if s.status in OPEN), sights)
        others = tuple(s for s in seats if s.status not in IN_REACH)
        return Board(promising, open_, others, canonical_json(summary))

    def _seats(self, sights: Sights) -> Iterator[Seat]:
        index, profile, as_of = self._index, sights.profile, self._programmes.as_of
        for reading in index.truths_of(profile, as_of):
            project = reading.project
            place = None if project is None else profile.projects.index(project)
            for status, chosen in index.by_status(reading, as_of).items():
                for programme in index.programmes_in(chosen):
                    yield Seat(
                        programme, status, (programme.supports or None) if place is None else place
                    )

    def _side(self, chosen: Iterable[Seat], sights: Sights) -> Side:
        recalled = self._programmes.outline
        stands = tuple(Stand(s, recalled(s.programme, sights.of(s.whose))) for s in chosen)
        benefits = (stand.seat.programme.benefit for stand in stands)
        facts = (fact for benefit in benefits if benefit for fact in benefit.facts)
        fixed = tuple(self._fixed(stand, sights) for stand in stands)
        return Side(stands, fixed, tuple(dict.fromkeys(facts)))

    def _fixed(self, stand: Stand, sights: Sights) -> Ranked | None:
        """What hangs neither on a figure nor on a project's name, and on nobody's other facts."""
        benefit = stand.seat.programme.benefit
        if isinstance(stand.seat.whose, int) or (benefit and benefit.facts):
            return None
        rank, known = self._ranked(stand, sights)
        nobody = replace(known.subject, facts={}, provenance={})
        return rank, known._replace(subject=nobody)

    def _ranked(self, stand: Stand, sights: Sights) -> Ranked:
        programme, status, whose = stand.seat
        subject = sights.of(whose).subject
        bound, money = self._programmes.money(programme, subject)
        known = Known(programme, status, subject, stand.outline.missing, bound, money, stand)
        return reading_order(known), known

    def _all_known(self, side: Side, sights: Sights) -> list[Known]:
        """A side's matches in reading order."""
        found = [
            ranked_ or self._ranked(stand, sights)
            for stand, ranked_ in zip(side.stands, side.fixed, strict=True)
        ]
        found.sort(key=_RANK)
        return [known for _, known in found]

    def offers(self, board: Board, sights: Sights) -> Offers:
        """What a profile may claim."""
        known = tuple(self._all_known(board.promising, sights))
        awards = awards_of(sights.profile)
        return Offers(known, best_combination(self._catalogue, known, awards))

    def openings(self, board: Board, sights: Sights) -> Openings:
        """What is open for a profile."""
        side = board.open
        subjects = [sights.company.subject, *[s.subject for s in sights.projects]]
        values = tuple([(s.ref, *map(s.facts.get, side.bases)) for s in subjects])
        return self._openings.by((side, values), side, sights)

    def _open(self, side: Side, sights: Sights) -> Openings:
        known = self._all_known(side, sights)
        asked = rank_questions((k, k.stand.outline.decisive) for k in known)
        told = [question_json(q, self._catalogue.vocabulary) for q in asked]
        stands, money = tuple(k.stand for k in known), tuple(k.money for k in known)
        return Openings(stands, money, canonical_json(told))
