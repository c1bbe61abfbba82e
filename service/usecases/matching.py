"""Matching a profile: the whole catalogue, or one programme; with a receipt of the answer."""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import orjson

from service import __version__
from service.compiled.compiled_catalogue import Clock, CompiledCatalogue
from service.compiled.recall.boards import Board
from service.compiled.recall.drafts import HINTS, OTHERS, WARNINGS
from service.compiled.recall.programmes import Programmes, Shut
from service.compiled.recall.sights import Sights
from service.domain.evaluation.assessment import (
    Conflict,
    find_conflicts,
    mark_contested,
    with_contested_certificates,
)
from service.domain.evaluation.evaluator import (
    IN_REACH,
    Evaluation,
    Status,
    evaluate_programme,
    subjects,
)
from service.domain.evaluation.plausibility import find_implausible
from service.domain.index.status_index import evaluate_selected
from service.domain.rules.catalogue import Catalogue
from service.intake.notices import Notice
from service.intake.profiles import dump_profile
from service.intake.requests import MatchRequest
from service.rendering.canonical_json import canonical_json
from service.rendering.category_json import conflict_warnings, implausible_json
from service.rendering.json_parts import Json, text_json
from service.usecases.reference.lookup import find_programme


@dataclass(frozen=True, slots=True)
class Record:
    """What a receipt keeps: the request as understood and the answer as given, canonical JSON."""

    id: str
    as_of: date
    catalogue_version: str
    engine_version: str
    request: bytes
    result: bytes


class Recorder(Protocol):
    """Keeps receipts."""

    def record(self, record: Record) -> None:
        """Returns once the receipt is durable. Raises Refused (busy) where it cannot be taken."""
        ...


@dataclass(frozen=True)
class MatchService:
    """The matching use cases: a workbench, a clock, a source of receipt ids, and who keeps them
    (None: nobody, by the operator's choice)."""

    compiled: CompiledCatalogue
    clock: Clock
    new_id: Callable[[], str]
    recorder: Recorder | None

    def match(self, raw: object) -> bytes:
        """The contract's answer to a match request as JSON, recorded; its `receipt_id` is null
        where nothing is kept. Raises InvalidInput."""
        request = self.compiled.requests.read(raw)
        as_of = request.as_of or self.clock.today()
        answer = answer_request(self.compiled, request, as_of)
        receipt_id = canonical_json(self._record(request, as_of, answer))
        return b'{"receipt_id":%b,%b' % (receipt_id, answer.removeprefix(b"{"))

    def match_json(self, raw: object) -> Json:
        """The same as plain data."""
        answer: Json = orjson.loads(self.match(raw))
        return answer

    def check(self, programme_id: str, raw: object) -> Json:
        """One programme's match object; where the profile has several fitting projects, the first
        is the object and all are listed. Raises NotFound, InvalidInput."""
        programme = find_programme(self.compiled.catalogue, programme_id)
        request = self.compiled.requests.read(raw)
        as_of = request.as_of or self.clock.today()
        profile = with_contested_certificates(self.compiled.catalogue, request.profile, as_of)
        matches = [evaluate_programme(programme, s, as_of) for s in subjects(programme, profile)]
        found = [self.compiled.answers.match(m, as_of) for m in matches]
        return {
            **found[0],
            "as_of": as_of.isoformat(),
            "catalogue_version": self.compiled.catalogue.version,
            "other_subjects": found[1:],
            "profile_warnings": _warnings(self.compiled, request, as_of),
        }

    def answer(self, request: MatchRequest, as_of: date, *, brief: bool = False) -> Json:
        """The answer without its receipt; of a brief one, the matches out of reach have only the
        condition that they fail for."""
        answer: Json = orjson.loads(answer_request(self.compiled, request, as_of, brief=brief))
        return answer

    def _record(self, request: MatchRequest, as_of: date, answer: bytes) -> str | None:
        if self.recorder is None:
            return None
        receipt_id = self.new_id()
        kept = {
            "as_of": as_of.isoformat(),
            "statuses": sorted(s.value for s in request.statuses) if request.statuses else None,
            "profile": dump_profile(request.stated),
        }
        self.recorder.record(
            Record(
                receipt_id,
                as_of,
                self.compiled.catalogue.version,
                __version__,
                canonical_json(kept),
                answer,
            )
        )
        return receipt_id


_ALL = frozenset(Status)


def answer_request(
    compiled: CompiledCatalogue, request: MatchRequest, as_of: date, *, brief: bool = False
) -> bytes:
    """The contract's answer but for its receipt, as canonical JSON: the same request, catalogue and
    day give the same bytes. `statuses` filters the matches, never the summary. A brief answer has,
    of matches that are out of reach, only the first condition that is not met."""
    recall, catalogue = compiled.recall(as_of), compiled.catalogue
    sights = recall.sights(request.profile)
    stated = recall.categories.of(sights)
    conflicting = stated.conflicts
    if conflicting:
        sights = recall.sights(mark_contested(request.profile, conflicting))
        stated = recall.categories.of(sights)
    board, wanted = recall.boards.of(sights), request.statuses or _ALL
    filling = sights.company.filling
    filling[HINTS] = stated.hints.fill(filling)
    filling[WARNINGS] = canonical_json(_told(catalogue, request, conflicting, as_of))
    if not wanted <= IN_REACH:
        others = b",".join(_out_of_reach(recall.programmes, board, sights, wanted, brief))
        if others:
            filling[OTHERS] = others
    offers, openings = recall.boards.offers(board, sights), recall.boards.openings(board, sights)
    return recall.drafts.answer(board, offers, openings, wanted, sights)


def _out_of_reach(
    programmes: Programmes, board: Board, sights: Sights, wanted: Container[Status], brief: bool
) -> Iterator[bytes]:
    """By status; within one by how few changes it takes."""
    found: dict[Status, list[Shut]] = {status: [] for status in Status}
    for programme, status, whose in board.others:
        if status in wanted:
            found[status].append(programmes.shut(programme, sights.of(whose), brief))
    for shuts in found.values():
        for shut in sorted(shuts, key=lambda s: (s.distance, s.programme, s.ref)):
            yield shut.match


def evaluate_request(compiled: CompiledCatalogue, request: MatchRequest, as_of: date) -> Evaluation:
    """A request evaluated under a catalogue, with all its evidence."""
    profile = with_contested_certificates(compiled.catalogue, request.profile, as_of)
    return evaluate_selected(compiled.index, compiled.catalogue, profile, as_of, _ALL)


def _warnings(compiled: CompiledCatalogue, request: MatchRequest, as_of: date) -> list[Json]:
    """What the submitted profile itself gives cause to say."""
    found = find_conflicts(compiled.catalogue.categories.values(), request.profile, as_of)
    return _told(compiled.catalogue, request, found, as_of)


def _told(
    catalogue: Catalogue, request: MatchRequest, found: Sequence[Conflict], as_of: date
) -> list[Json]:
    implausible = find_implausible(catalogue, request.profile, as_of)
    return [
        *(_notice(n) for n in request.notices),
        *conflict_warnings(catalogue, found),
        *map(implausible_json, implausible),
    ]


def _notice(notice: Notice) -> Json:
    return {"code": notice.code, "text": text_json(notice.text), "fact": notice.fact}
