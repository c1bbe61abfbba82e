"""What came out of a request, in the small form that a receipt keeps: statuses and amounts."""

from collections.abc import Iterable, Mapping

import orjson

from service.domain.evaluation.evaluator import MatchLike, Status
from service.rendering.canonical_json import canonical_json
from service.rendering.json_parts import Json, money_json, subject_name
from service.rendering.match_json import STATUS_WORDS, summary_json

_KEYS = ("programme", "subject", "status", "amount", "low", "high")
_NO_AMOUNT = (None, None, None)


def outcome_bytes(summary: Mapping[Status, int], listed: Iterable[MatchLike]) -> bytes:
    """How many matches came out how, and each that was listed by status and amount, as canonical
    JSON."""
    matches = [_match_values(match) for match in listed]
    return canonical_json({"matches": matches, "summary": summary_json(summary)})


def outcome_json(kept: bytes) -> Json | None:
    """The outcome of a receipt as it is shown; None where the receipt kept none."""
    if not kept:
        return None
    outcome = orjson.loads(kept)
    outcome["matches"] = [dict(zip(_KEYS, match, strict=True)) for match in outcome["matches"]]
    shown: Json = outcome
    return shown


def _match_values(match: MatchLike) -> tuple[str | None, ...]:
    bound, status = match.ceiling, STATUS_WORDS[match.status]
    whole = (match.programme.id, subject_name(match), status)
    if bound is None:
        return (*whole, *_NO_AMOUNT)
    return (*whole, *map(money_json, (bound.amount, bound.low, bound.high)))
