"""Drafts: whole answers written beforehand, with holes for all that is a profile's own."""

from collections.abc import Callable, Hashable
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import NamedTuple, TypeAlias

import orjson

from service.compiled.recall.boards import Board, Known, Offers, Openings, Stand
from service.compiled.recall.programmes import CEILING, REF
from service.compiled.recall.shelves import Kept
from service.compiled.recall.sights import Sights, Whose
from service.compiled.recall.templates import SEAM, Hole, Pieces, Template
from service.domain.advice.combination import Combination
from service.domain.evaluation.evaluator import OPEN, Status
from service.domain.rules.catalogue import Catalogue
from service.rendering.advice_json import combination_json
from service.rendering.canonical_json import canonical_json
from service.rendering.json_parts import money_json, subject_name

# Variants kept of all drafts together.
CACHE_SIZE = 256
Wanted: TypeAlias = frozenset[Status]
# The company's filling has what goes here. OTHERS are matches, with a comma between two.
HINTS, WARNINGS, OTHERS = Hole(), Hole(), Hole()
_QUESTIONS, _TOTAL = Hole(), Hole()


class Placed(NamedTuple):
    """A template that some subject fills; but its ceiling, if any, is among the company's."""

    template: Template
    whose: Whose
    ceiling: Hole | None = None


class Draft:
    """Canonical JSON of plain data in which some values are holes of the company's, or placed."""

    __slots__ = ("_asked", "_order", "_parts", "_values")

    def __init__(self, data: object, pieces: Pieces) -> None:
        self._values = [b""]
        self._asked: dict[Whose, dict[Hole, int]] = {}
        found: list[Placed | Hole] = []

        def note(value: object) -> orjson.Fragment:
            assert isinstance(value, Placed | Hole)
            found.append(value)
            return orjson.Fragment(SEAM)

        first, *rest = pieces.shared(canonical_json(data, note).split(SEAM))
        self._parts, order = [first], []
        for value, piece in zip(found, rest, strict=True):
            if isinstance(value, Hole):
                self._parts += [b"", piece]
                order.append(self._place(None, value))
            else:
                # Two pieces that meet are not made one, or no other draft could share them.
                self._parts += [b"", *value.template.parts, b"", piece]
                order += [0, *(self._place_in(value, hole) for hole in value.template.holes), 0]
        self._order: Callable[[list[bytes]], tuple[bytes, ...]] = itemgetter(*order)

    def _place_in(self, placed: Placed, hole: Hole) -> int:
        if hole is CEILING and placed.ceiling is not None:
            return self._place(None, placed.ceiling)
        return self._place(None if hole.company else placed.whose, hole)

    def _place(self, whose: Whose, hole: Hole) -> int:
        """Where the value of a hole stands among all values: each is looked up once."""
        asked = self._asked.setdefault(whose, {})
        if hole not in asked:
            asked[hole] = len(self._values)
            self._values.append(b"")
        return asked[hole]

    def fill(self, sights: Sights) -> bytes:
        """The JSON for one profile."""
        values, parts = self._values.copy(), self._parts.copy()
        for whose, holes in self._asked.items():
            filling = sights.of(whose).filling
            for hole, place in holes.items():
                values[place] = filling[hole]
        parts[1::2] = self._order(values)
        return b"".join(parts)


class Drafts:
    """The drafts of one catalogue on one day."""

    def __init__(self, catalogue: Catalogue, as_of: date, pieces: Pieces) -> None:
        self._catalogue, self._as_of = catalogue, as_of
        self._pieces = pieces
        self._ref = Template(REF, pieces)
        self._drafts = Kept(self._make, CACHE_SIZE)

    def answer(
        self, board: Board, offers: Offers, openings: Openings, wanted: Wanted, sights: Sights
    ) -> bytes:
        """The contract's answer but for its receipt."""
        filling = sights.company.filling
        filling[_QUESTIONS] = openings.questions
        filling[_TOTAL] = _money(offers.best.total)
        for chosen in offers.best.chosen:
            filling[chosen.match.stand.counted] = _money(chosen.amount)
        for known in offers.matches:
            filling[known.stand.ceiling] = known.money
        if wanted >= OPEN:
            for stand, money in zip(openings.stands, openings.money, strict=True):
                filling[stand.ceiling] = money
        others = OTHERS in filling
        key = board, wanted, others, openings.stands, _outcome(offers)
        draft = self._drafts.by(key, board, offers, openings.stands, wanted, others)
        return draft.fill(sights)

    def _make(
        self,
        board: Board,
        offers: Offers,
        open_: tuple[Stand, ...],
        wanted: Wanted,
        others: bool,
    ) -> Draft:
        shown = [s for s in (*(k.stand for k in offers.matches), *open_) if s.seat.status in wanted]
        placed = [Placed(s.outline.template, s.seat.whose, s.ceiling) for s in shown]
        data = {
            "as_of": self._as_of.isoformat(),
            "best_combination": self._combination(offers.best),
            "catalogue_version": self._catalogue.version,
            "category_hints": HINTS,
            "matches": [*placed, *([OTHERS] if others else [])],
            "next_questions": _QUESTIONS,
            "summary": orjson.Fragment(board.summary),
            "warnings": WARNINGS,
        }
        return Draft(data, self._pieces)

    def _combination(self, best: Combination[Known]) -> object:
        amounts = iter([_TOTAL, *(c.match.stand.counted for c in best.chosen)])
        return combination_json(best, lambda _amount: next(amounts), self._name)

    def _name(self, known: Known) -> object:
        whose = known.stand.seat.whose
        return Placed(self._ref, whose) if isinstance(whose, int) else subject_name(known)


def _money(amount: Decimal) -> bytes:
    return canonical_json(money_json(amount))


def _outcome(offers: Offers) -> Hashable:
    """All of the offers but who gets how much."""
    best = offers.best
    return (
        tuple([k.stand for k in offers.matches]),
        tuple([c.match.stand for c in best.chosen]),
        tuple([(o.match.stand, o.reason, o.instead and o.instead.stand) for o in best.left_out]),
    )
