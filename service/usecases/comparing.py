"""What changes between two profiles, two dates or two catalogue versions; replaying receipts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

import orjson

from service import __version__
from service.catalogue.loader import load_catalogue
from service.catalogue.source import Source
from service.domain.comparison import Difference, Reason, compare
from service.domain.evaluation import Evaluation, Match, evaluate
from service.domain.explain import heading, observed_text
from service.domain.vocabulary import Vocabulary
from service.intake.canonical import canonical_json
from service.intake.comparisons import Side
from service.usecases.answers import summary_json
from service.usecases.matching import render
from service.usecases.rendering import Json, clause_json, money_json, text_json
from service.usecases.workbench import Clock, Workbench


class Digests(Protocol):
    sha256: str
    sm3: str


class Kept(Protocol):
    """A receipt as it was kept."""

    id: str
    created_at: datetime
    as_of: date
    catalogue_version: str
    engine_version: str
    profile: bytes
    result: bytes
    digests: Digests


@dataclass(frozen=True)
class Comparing:
    """Works across catalogue versions: `source_of` gives the files of a kept version and raises
    NotFound for one that is not kept; `receipt` gives a kept receipt or raises NotFound."""

    bench: Workbench
    clock: Clock
    receipt: Callable[[str], Kept]
    source_of: Callable[[str], Source]

    def bench_of(self, version: str) -> Workbench:
        """The workbench of a catalogue version. Raises NotFound."""
        if version == self.bench.catalogue.version:
            return self.bench
        return Workbench(load_catalogue(self.source_of(version)))

    def compare(self, raw: object) -> Json:
        """Two match requests side by side: what differs, because of what. Raises InvalidInput."""
        before, after = self.bench.comparisons.read(raw)
        return comparison_json(self._evaluate(before), self._evaluate(after))

    def _evaluate(self, side: Side) -> Evaluation:
        version, request = side.catalogue_version, side.request
        bench = self.bench if version is None else self.bench_of(version)
        return evaluate(bench.catalogue, request.profile, request.as_of or self.clock.today())

    def show(self, receipt_id: str) -> Json:
        """A receipt as kept. Raises NotFound."""
        kept = self.receipt(receipt_id)
        return {
            "receipt_id": kept.id,
            "created_at": kept.created_at.isoformat(),
            "as_of": kept.as_of.isoformat(),
            "catalogue_version": kept.catalogue_version,
            "engine_version": kept.engine_version,
            "digests": {"sha256": kept.digests.sha256, "sm3": kept.digests.sm3},
            "request": orjson.loads(kept.profile),
            "answer": orjson.loads(kept.result),
        }

    def replay(self, receipt_id: str) -> Json:
        """A receipt evaluated again under the catalogue of its day, to the byte, and under the
        present one, with the difference. Raises NotFound."""
        kept = self.receipt(receipt_id)
        raw: Any = orjson.loads(kept.profile)
        own = self.bench_of(kept.catalogue_version)
        then, again = _answered(own, raw, kept.as_of)
        now, _ = _answered(self.bench, raw, kept.as_of)
        return {
            "receipt_id": kept.id,
            "as_of": kept.as_of.isoformat(),
            "identical": again == kept.result,
            "engine_version": {"then": kept.engine_version, "now": __version__},
            "catalogue_version": {
                "then": kept.catalogue_version,
                "now": self.bench.catalogue.version,
            },
            "answer": orjson.loads(again),
            "difference": comparison_json(then, now),
        }


def _answered(bench: Workbench, raw: object, as_of: date) -> tuple[Evaluation, bytes]:
    """The evaluation of a kept request under a catalogue, and its answer in canonical JSON."""
    request = bench.requests.read(raw)
    evaluation = evaluate(bench.catalogue, request.profile, as_of)
    return evaluation, canonical_json(render(bench, evaluation, request))


def comparison_json(before: Evaluation, after: Evaluation) -> Json:
    """Both sides' totals, and every match that differs."""
    return {
        "before": _side(before),
        "after": _side(after),
        "changes": [_difference(d, after.catalogue.vocabulary) for d in compare(before, after)],
    }


def _side(evaluation: Evaluation) -> Json:
    return {
        "as_of": evaluation.as_of.isoformat(),
        "catalogue_version": evaluation.catalogue.version,
        "summary": summary_json(evaluation.summary),
    }


def _difference(difference: Difference, vocabulary: Vocabulary) -> Json:
    present = difference.after or difference.before
    assert present is not None
    return {
        "programme": difference.programme,
        "name": text_json(present.programme.name),
        "subject": difference.subject,
        "before": _outcome(difference.before),
        "after": _outcome(difference.after),
        "because": [_reason(r, vocabulary) for r in difference.reasons],
    }


def _outcome(match: Match | None) -> Json | None:
    if match is None:
        return None
    amount = match.ceiling.amount if match.ceiling else None
    return {"status": match.status.value, "ceiling": money_json(amount)}


def _reason(reason: Reason, vocabulary: Vocabulary) -> Json:
    found: Json = {"cause": reason.cause.value, "facts": list(reason.facts)}
    if reason.before is not None and reason.after is not None:
        condition = reason.after.condition
        found["text"] = text_json(heading(condition, vocabulary))
        found["clause"] = clause_json(condition.clause)
        found["before"] = observed_text(reason.before.observed)
        found["after"] = observed_text(reason.after.observed)
    return found
