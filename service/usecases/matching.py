"""Matching a profile: the whole catalogue, or one programme; with a receipt of the answer."""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import orjson

from service import __version__
from service.domain.assessment import Conflict, conflicts, contest
from service.domain.catalogue import Catalogue
from service.domain.evaluation import IN_REACH, Evaluation, Status, check, subjects
from service.domain.index import survey
from service.intake.canonical import canonical_json
from service.intake.profiles import Notice, dump_profile
from service.intake.requests import MatchRequest
from service.usecases.browsing import find_programme
from service.usecases.hints import conflict_warnings, settled
from service.usecases.recall.boards import Board
from service.usecases.recall.drafts import HINTS, OTHERS, WARNINGS
from service.usecases.recall.programmes import Programmes, Shut
from service.usecases.recall.sights import Sights
from service.usecases.rendering import Json, text_json
from service.usecases.workbench import Clock, Workbench


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
class Matching:
    """The matching use cases: a workbench, a clock, a source of receipt ids, and who keeps them
    (None: nobody, by the operator's choice)."""

    bench: Workbench
    clock: Clock
    new_id: Callable[[], str]
    recorder: Recorder | None

    def match(self, raw: object) -> bytes:
        """The contract's answer to a match request as JSON, recorded; its `receipt_id` is null
        where nothing is kept. Raises InvalidInput."""
        request = self.bench.requests.read(raw)
        as_of = request.as_of or self.clock.today()
        answer = answer_request(self.bench, request, as_of)
        receipt_id = canonical_json(self._record(request, as_of, answer))
        return b'{"receipt_id":%b,%b' % (receipt_id, answer.removeprefix(b"{"))

    def kept(self, raw: object) -> Json:
        """The same as plain data."""
        answer: Json = orjson.loads(self.match(raw))
        return answer

    def check(self, programme_id: str, raw: object) -> Json:
        """One programme's match object; where the profile has several fitting projects, the first
        is the object and all are listed. Raises NotFound, InvalidInput."""
        programme = find_programme(self.bench.catalogue, programme_id)
        request = self.bench.requests.read(raw)
        as_of = request.as_of or self.clock.today()
        profile = settled(self.bench.catalogue, request.profile, as_of)
        matches = [check(programme, s, as_of) for s in subjects(programme, profile)]
        found = [self.bench.answers.match(m, as_of) for m in matches]
        return {
            **found[0],
            "as_of": as_of.isoformat(),
            "catalogue_version": self.bench.catalogue.version,
            "other_subjects": found[1:],
            "profile_warnings": _warnings(self.bench, request, as_of),
        }

    def answer(self, request: MatchRequest, as_of: date, *, brief: bool = False) -> Json:
        """The answer without its receipt; of a brief one, the matches out of reach have only the
        condition that they fail for."""
        answer: Json = orjson.loads(answer_request(self.bench, request, as_of, brief=brief))
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
                self.bench.catalogue.version,
                __version__,
                canonical_json(kept),
                answer,
            )
        )
        return receipt_id


_ALL = frozenset(Status)


def answer_request(
    bench: Workbench, request: MatchRequest, as_of: date, *, brief: bool = False
) -> bytes:
    """The contract's answer but for its receipt, as canonical JSON: the same request, catalogue and
    day give the same bytes. `statuses` filters the matches, never the summary. A brief answer has,
    of matches that are out of reach, only the first condition that is not met."""
    recall, catalogue = bench.recall(as_of), bench.catalogue
    sights = recall.sights(request.profile)
    stated = recall.categories.of(sights)
    conflicting = stated.conflicts
    if conflicting:
        sights = recall.sights(contest(request.profile, conflicting))
        stated = recall.categories.of(sights)
    board, wanted = recall.boards.of(sights), request.statuses or _ALL
    filling = sights.company.filling
    filling[HINTS] = stated.hints.fill(filling)
    filling[WARNINGS] = canonical_json(_told(catalogue, request, conflicting))
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


def evaluate_request(bench: Workbench, request: MatchRequest, as_of: date) -> Evaluation:
    """A request evaluated under a catalogue, with all its evidence."""
    profile = settled(bench.catalogue, request.profile, as_of)
    return survey(bench.index, bench.catalogue, profile, as_of, _ALL)


def _warnings(bench: Workbench, request: MatchRequest, as_of: date) -> list[Json]:
    """What the submitted profile itself gives cause to say."""
    found = conflicts(bench.catalogue.categories.values(), request.profile, as_of)
    return _told(bench.catalogue, request, found)


def _told(catalogue: Catalogue, request: MatchRequest, found: Sequence[Conflict]) -> list[Json]:
    return [*(_notice(n) for n in request.notices), *conflict_warnings(catalogue, found)]


def _notice(notice: Notice) -> Json:
    return {"code": notice.code, "text": text_json(notice.text), "fact": notice.fact}
