"""Matching a profile: the whole catalogue, or one programme; with a receipt of the answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from math import inf
from typing import Protocol

from service import __version__
from service.domain.combination import best_combination
from service.domain.evaluation import Evaluation, Status, check, subjects
from service.domain.index import survey
from service.domain.questions import next_questions
from service.intake.canonical import canonical_json
from service.intake.profiles import Notice, dump_profile
from service.intake.requests import MatchRequest
from service.usecases.advice import combination_json, question_json
from service.usecases.answers import summary_json
from service.usecases.browsing import find_programme
from service.usecases.hints import category_hints, conflict_warnings, settled
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

    def match(self, raw: object) -> Json:
        """The contract's answer to a match request, recorded; its `receipt_id` is None where
        nothing is kept. Raises InvalidInput."""
        request = self.bench.requests.read(raw)
        answer = self.answer(request, request.as_of or self.clock.today())
        return {"receipt_id": self._record(request, answer), **answer}

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

    def answer(
        self, request: MatchRequest, as_of: date, brief: frozenset[Status] = frozenset()
    ) -> Json:
        """The answer without its receipt; matches of the `brief` statuses without the conditions
        that they do not fail for."""
        return answer_request(self.bench, request, as_of, brief)

    def _record(self, request: MatchRequest, answer: Json) -> str | None:
        if self.recorder is None:
            return None
        receipt_id = self.new_id()
        kept = {
            "as_of": answer["as_of"],
            "statuses": sorted(s.value for s in request.statuses) if request.statuses else None,
            "profile": dump_profile(request.stated),
        }
        self.recorder.record(
            Record(
                receipt_id,
                date.fromisoformat(answer["as_of"]),
                self.bench.catalogue.version,
                __version__,
                canonical_json(kept),
                canonical_json(answer),
            )
        )
        return receipt_id


# Advice is drawn from these, shown or not.
ADVISED = frozenset({Status.ELIGIBLE, Status.POTENTIAL, Status.UNDETERMINED})
_ALL = frozenset(Status)
_RANK = {status.value: rank for rank, status in enumerate(Status)}


def answer_request(
    bench: Workbench, request: MatchRequest, as_of: date, brief: frozenset[Status] = frozenset()
) -> Json:
    """The same request, catalogue and day give the same answer to the byte."""
    needed = ADVISED | (request.statuses or _ALL)
    return render(bench, evaluate_request(bench, request, as_of, needed), request, brief)


def evaluate_request(
    bench: Workbench, request: MatchRequest, as_of: date, wanted: frozenset[Status] = _ALL
) -> Evaluation:
    """A request evaluated under a catalogue, with the matches of the wanted statuses."""
    profile = settled(bench.catalogue, request.profile, as_of)
    return survey(bench.index, bench.catalogue, profile, as_of, wanted)


def render(
    bench: Workbench,
    evaluation: Evaluation,
    request: MatchRequest,
    brief: frozenset[Status] = frozenset(),
) -> Json:
    """An evaluation as the contract's answer; `statuses` filters the matches, never the summary."""
    wanted = request.statuses or frozenset(Status)
    shown = [m for m in evaluation.matches if m.status in wanted]
    as_of = evaluation.as_of
    matches = [bench.answers.match(m, as_of, brief=m.status in brief) for m in shown]
    best = best_combination(bench.catalogue, evaluation.matches)
    vocabulary = bench.catalogue.vocabulary
    questions = next_questions(evaluation.matches, vocabulary, evaluation.as_of)
    return {
        "as_of": evaluation.as_of.isoformat(),
        "catalogue_version": evaluation.catalogue.version,
        "summary": summary_json(evaluation.summary),
        "matches": sorted(matches, key=_closeness),
        "best_combination": combination_json(best),
        "next_questions": [question_json(q, vocabulary) for q in questions],
        "category_hints": category_hints(bench.catalogue, evaluation.profile, evaluation.as_of),
        "warnings": _warnings(bench, request, evaluation.as_of),
    }


def _warnings(bench: Workbench, request: MatchRequest, as_of: date) -> list[Json]:
    """What the submitted profile itself gives cause to say."""
    conflicting = conflict_warnings(bench.catalogue, request.profile, as_of)
    return [*(_notice(n) for n in request.notices), *conflicting]


def _closeness(match: Json) -> tuple[int, float]:
    """Keeps the order of statuses, and within the ineligible sorts by how few changes it takes."""
    near = match["near_miss"]
    distance = near["distance"] if near and near["distance"] else inf
    return _RANK[match["status"]], distance if match["status"] == Status.INELIGIBLE else 0


def _notice(notice: Notice) -> Json:
    return {"code": notice.code, "text": text_json(notice.text), "fact": notice.fact}
