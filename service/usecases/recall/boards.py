"""Boards: how the whole catalogue stands for profiles that are alike in all that programmes ask.

The index decides every status. What follows from the statuses and the amounts (the order, the best
combination, the questions) is worked out once and kept.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from service.domain.amounts import Ceiling
from service.domain.catalogue import Catalogue, Programme
from service.domain.combination import best_combination
from service.domain.evaluation import Status, in_reading_order
from service.domain.index import Index
from service.domain.likeness import Likeness, asked_by_programmes
from service.domain.profile import PROJECTS_ABSENT, Subject
from service.domain.questions import ranked
from service.domain.vocabulary import FactType
from service.intake.canonical import canonical_json
from service.usecases.advice import combination_json, question_json
from service.usecases.answers import summary_json
from service.usecases.recall.programmes import Outline, Programmes
from service.usecases.recall.shelves import Kept
from service.usecases.recall.sights import Sights, Whose
from service.usecases.rendering import Json

# How many of a kind are kept: boards, and tallies of either side.
MOST_KEPT = 512
PROMISING = frozenset({Status.ELIGIBLE, Status.POTENTIAL})
OPEN = frozenset({Status.UNDETERMINED})
# Advice is drawn from these, shown or not.
ADVISED = PROMISING | OPEN


class Seat(NamedTuple):
    """A programme on a board: its status, and whose it is."""

    programme: Programme
    status: Status
    whose: Whose


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """The matches that one kind of advice is drawn from; `bases` are the facts that their amounts
    hang on."""

    seats: tuple[tuple[Seat, Outline], ...]
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """How all programmes stand: the promising, the open, those out of reach. `summary` counts them
    by status, as JSON."""

    promising: Side
    open: Side
    others: tuple[Seat, ...]
    summary: bytes


class Known(NamedTuple):
    """How a programme stands for a subject, and what this subject may get."""

    programme: Programme
    status: Status
    whose: Whose
    outline: Outline
    missing: tuple[str, ...]
    subject: Subject
    ceiling: Ceiling | None
    money: bytes


class Counted(NamedTuple):
    """A match of a tally: all of it but the subject."""

    status: Status
    whose: Whose
    outline: Outline
    money: bytes

    def told(self, sights: Sights) -> bytes:
        """The contract's match object."""
        return self.outline.match(sights.of(self.whose), self.money)


class Tally(NamedTuple):
    """A side with a profile's amounts: its matches in reading order, and the advice as JSON."""

    matches: tuple[Counted, ...]
    advice: bytes


Advise: TypeAlias = Callable[[Iterable[Known]], object]


class Boards:
    """The boards of one catalogue on one day."""

    def __init__(
        self, index: Index, catalogue: Catalogue, likeness: Likeness, programmes: Programmes
    ) -> None:
        self._index, self._catalogue = index, catalogue
        self._programmes = programmes
        asked = asked_by_programmes(catalogue)
        self._key = likeness.key(asked, (PROJECTS_ABSENT,), further=True)
        self._awards = [f.id for f in catalogue.vocabulary.company if f.type is FactType.AWARDS]
        self._boards = Kept(self._make, MOST_KEPT)
        self._tallies = Kept(self._tally, MOST_KEPT)

    def of(self, sights: Sights) -> Board:
        """The board for a profile."""
        key = self._key
        projects = [(sight.kind, key(sight.classes)) for sight in sights.projects]
        return self._boards.by((key(sights.company.classes), *projects), sights)

    def _make(self, sights: Sights) -> Board:
        seats = list(self._seats(sights))
        counted = Counter(seat.status for seat in seats)
        summary = summary_json({status: counted[status] for status in Status})
        promising = self._side((s for s in seats if s.status in PROMISING), sights, self._awards)
        open_ = self._side((s for s in seats if s.status in OPEN), sights)
        others = tuple(s for s in seats if s.status not in ADVISED)
        return Board(promising, open_, others, canonical_json(summary))

    def _seats(self, sights: Sights) -> Iterator[Seat]:
        index, profile, as_of = self._index, sights.profile, self._programmes.as_of
        for reading in index.read(profile, as_of):
            project = reading.project
            place = None if project is None else profile.projects.index(project)
            for status, chosen in index.by_status(reading, as_of).items():
                for programme in index.pick(chosen):
                    yield Seat(programme, status, programme.supports if place is None else place)

    def _side(self, chosen: Iterable[Seat], sights: Sights, bases: Iterable[str] = ()) -> Side:
        recalled = self._programmes.outline
        seats = tuple((s, recalled(s.programme, sights.of(s.whose))) for s in chosen)
        benefits = (seat.programme.benefit for seat, _ in seats)
        facts = (fact for benefit in benefits if benefit for fact in benefit.facts)
        return Side(seats, tuple(dict.fromkeys([*facts, *bases])))

    def promising(self, board: Board, sights: Sights) -> Tally:
        """What may be claimed, and the best combination of it."""
        return self._tallied(board.promising, sights, self._best)

    def open(self, board: Board, sights: Sights) -> Tally:
        """What is open, and the questions about it."""
        return self._tallied(board.open, sights, self._questions)

    def _tallied(self, side: Side, sights: Sights, advise: Advise) -> Tally:
        subjects = [sights.company.subject, *[s.subject for s in sights.projects]]
        values = tuple([(s.ref, *map(s.facts.get, side.bases)) for s in subjects])
        return self._tallies.by((side, values), side, sights, advise)

    def _tally(self, side: Side, sights: Sights, advise: Advise) -> Tally:
        known = in_reading_order([self._known(*seat, sights) for seat in side.seats])
        matches = tuple([Counted(k.status, k.whose, k.outline, k.money) for k in known])
        return Tally(matches, canonical_json(advise(known)))

    def _known(self, seat: Seat, outline: Outline, sights: Sights) -> Known:
        subject = sights.of(seat.whose).subject
        money = self._programmes.money(seat.programme, subject)
        return Known(*seat, outline, outline.missing, subject, *money)

    def _best(self, known: Iterable[Known]) -> Json | None:
        return combination_json(best_combination(self._catalogue, known))

    def _questions(self, known: Iterable[Known]) -> list[Json]:
        asked = ranked((k, k.outline.decisive) for k in known)
        return [question_json(q, self._catalogue.vocabulary) for q in asked]
