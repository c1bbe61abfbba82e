"""The answers of a company as they are remembered and compared: a letter a programme and subject.

The index gives the statuses of all programmes at once, so that twenty thousand companies are
compared in seconds; evidence is made only for what differs.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.evaluation.claimed_certificates import with_contested_certificates
from service.domain.evaluation.evaluator import LISTED, Status
from service.domain.facts.profile import Profile
from service.domain.index.bitset import BitSet
from service.domain.rules.programmes import Programme
from service.rendering.canonical_json import canonical_json
from service.rendering.catalogue_json import programme_json

# Remembered in the database: letters are never given another meaning.
LETTERS: Mapping[Status, str] = {
    Status.ELIGIBLE: "e",
    Status.POTENTIAL: "p",
    Status.UNDETERMINED: "u",
    Status.WATCH: "w",
    Status.INELIGIBLE: "i",
    Status.NOT_IN_FORCE: "n",
}
STATUSES = {letter: status for status, letter in LETTERS.items()}
# A programme that does not look at the subject.
NOT_ASKED = "-"
# The company itself, and projects of the kinds that it has not submitted.
COMPANY_ROW = ""


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """A programme and a subject for which the answer is another; None: it was not asked, or is not
    any more. `amended`: the programme itself is another than it was."""

    programme: str
    subject: str
    before: Status | None
    after: Status | None
    amended: bool = False


@dataclass(frozen=True)
class FollowedCatalogue:
    """A compiled catalogue, with the order in which its answers are remembered."""

    compiled: CompiledCatalogue

    @property
    def version(self) -> str:
        return self.compiled.catalogue.version

    @cached_property
    def digests(self) -> dict[str, str]:
        """Every programme in order, with the digest of all that is said of it."""
        catalogue, answers = self.compiled.catalogue, self.compiled.answers
        return {
            p.id: hashlib.sha256(canonical_json(programme_json(catalogue, answers, p))).hexdigest()
            for p in sorted(catalogue.programmes.values(), key=lambda p: p.id)
        }

    @cached_property
    def _places(self) -> NDArray[np.intp]:
        """For each place in the order, the programme's place in the index."""
        place = {p.id: i for i, p in enumerate(self.compiled.index.programmes)}
        return np.array([place[i] for i in self.digests], np.intp)

    @cached_property
    def with_windows(self) -> tuple[tuple[int, Programme], ...]:
        """The programmes that are applied for in certain periods, with their places."""
        known = self.compiled.catalogue.programmes
        listed = ((place, known[i]) for place, i in enumerate(self.digests))
        return tuple((place, p) for place, p in listed if p.application.windows)

    def rows(self, profile: Profile, as_of: date) -> dict[str, str]:
        """The answers of a profile on a day."""
        settled = with_contested_certificates(self.compiled.catalogue, profile, as_of)
        index = self.compiled.index
        rows: dict[str, NDArray[np.uint8]] = {}
        for truths in index.truths_of(settled, as_of):
            ref = truths.project.ref if truths.project else COMPANY_ROW
            row = rows.get(ref)
            if row is None:
                row = rows[ref] = np.full(len(index.programmes), ord(NOT_ASKED), np.uint8)
            for status, chosen in index.by_status(truths, as_of).items():
                if chosen:
                    row[_places_of(chosen, len(row))] = ord(LETTERS[status])
        return {ref: row[self._places].tobytes().decode() for ref, row in rows.items()}


def _places_of(chosen: BitSet, count: int) -> NDArray[np.bool_]:
    packed = np.frombuffer(chosen.to_bytes((count + 7) // 8, "little"), np.uint8)
    return np.unpackbits(packed, count=count, bitorder="little").view(np.bool_)


def reordered(
    rows: Mapping[str, str], before: Mapping[str, str], after: Mapping[str, str]
) -> dict[str, str]:
    """Rows in the order of another catalogue; what is new in it was not asked."""
    place = {programme: i for i, programme in enumerate(before)}
    places = [place.get(programme) for programme in after]
    return {
        ref: "".join(NOT_ASKED if i is None else row[i] for i in places)
        for ref, row in rows.items()
    }


def removed(
    rows: Mapping[str, str], before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[AnswerChange]:
    """Programmes that are gone from the catalogue and were worth telling."""
    for place, programme in enumerate(before):
        if programme not in after:
            for ref, row in rows.items():
                status = STATUSES.get(row[place])
                if status in LISTED:
                    yield AnswerChange(programme, ref, status, None)


def changes(
    before: Mapping[str, str],
    after: Mapping[str, str],
    programmes: tuple[str, ...],
    amended: frozenset[str] = frozenset(),
) -> Iterator[AnswerChange]:
    """What differs and is worth telling: what is listed now, or was. A project that is new is held
    against what was said of such a project before it was there."""
    for ref, row in after.items():
        former = before.get(ref, before.get(COMPANY_ROW, NOT_ASKED * len(row)))
        for place in _differing(former, row, programmes, amended):
            old, new = STATUSES.get(former[place]), STATUSES.get(row[place])
            programme = programmes[place]
            if new is None and any(r[place] != NOT_ASKED for r in after.values()):
                continue  # told of the project that is asked now
            if old in LISTED or new in LISTED:
                yield AnswerChange(programme, ref, old, new, programme in amended)


def _differing(
    former: str, row: str, programmes: tuple[str, ...], amended: frozenset[str]
) -> list[int]:
    if former == row and not amended:
        return []
    pairs = enumerate(zip(former, row, strict=True))
    return [i for i, (old, new) in pairs if old != new or (programmes[i] in amended and new != "-")]
