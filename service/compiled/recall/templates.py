"""JSON with holes: what many answers have in common is written once, the rest is filled in.

No template holds anything that was submitted: figures, codes and names come from the subject whose
answer it is.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

import orjson

from service.domain.evaluation.evaluator import Finding
from service.domain.facts.profile import Subject
from service.domain.facts.vocabulary import Owner
from service.domain.rules.intervals import observed_value
from service.domain.rules.quantities import Quantity
from service.domain.wording.sentences import observed_text
from service.rendering.canonical_json import canonical_json

# JSON has no such byte: in a string it stands as an escape.
SEAM = b"\0"
MAX_PIECES = 16_384
_COMPANY = f"{Owner.COMPANY}."


class Hole:
    """A place to be filled. `look` gives the plain value that belongs there for a subject; without
    it the value has to be given. Where it is the `company`'s, it is the same for every project."""

    __slots__ = ("company", "look")

    def __init__(
        self, look: Callable[[Subject], object] | None = None, *, company: bool = False
    ) -> None:
        self.look = look
        self.company = company


class Filling(dict[Hole, bytes]):
    """What fills the holes for one subject, worked out when it is asked for."""

    def __init__(self, subject: Subject) -> None:
        super().__init__()
        self.subject = subject

    def __missing__(self, hole: Hole) -> bytes:
        assert hole.look is not None
        found = self[hole] = canonical_json(hole.look(self.subject))
        return found


class Template:
    """Canonical JSON of plain data in which some values are holes, or templates themselves."""

    __slots__ = ("holes", "parts")

    def __init__(self, data: object, pieces: "Pieces") -> None:
        self.holes: list[Hole] = []
        shared = pieces.shared(canonical_json(data, self._note).split(SEAM))
        self.parts = [b""] * (2 * len(shared) - 1)
        self.parts[::2] = shared

    def _note(self, value: object) -> orjson.Fragment:
        if isinstance(value, Template):
            self.holes += value.holes
            return orjson.Fragment(SEAM.join(value.parts[::2]))
        if not isinstance(value, Hole):
            raise TypeError(type(value).__qualname__)
        self.holes.append(value)
        return orjson.Fragment(SEAM)

    def fill(self, filling: Mapping[Hole, bytes]) -> bytes:
        """The JSON, with every hole's value, itself JSON, in its place."""
        parts = self.parts.copy()
        parts[1::2] = [filling[hole] for hole in self.holes]
        return b"".join(parts)


class Pieces:
    """What stands between holes, each piece kept once for all templates."""

    def __init__(self) -> None:
        self._known: dict[bytes, bytes] = {}

    def shared(self, pieces: Iterable[bytes]) -> list[bytes]:
        """The same pieces, those that are known already as they are known."""
        if len(self._known) >= MAX_PIECES:
            self._known.clear()
        return [self._known.setdefault(piece, piece) for piece in pieces]


class Holes:
    """The hole for what was observed of each quantity."""

    def __init__(self, as_of: date) -> None:
        self.as_of = as_of
        self._known: dict[Quantity, Hole] = {}

    def seen(self, finding: Finding) -> Hole | None:
        """What stands for the value that a finding saw: nothing where it saw none."""
        if finding.observed is None:
            return None
        quantity: Quantity = finding.condition.quantity  # type: ignore[union-attr]  # saw a value
        hole = self._known.get(quantity)
        if hole is None:
            company = all(fact.startswith(_COMPANY) for fact in quantity.facts)
            hole = Hole(
                lambda subject: observed_text(observed_value(quantity, subject, self.as_of)),
                company=company,
            )
            self._known[quantity] = hole
        return hole
