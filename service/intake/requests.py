"""Match requests: a profile, the day it is judged on, and which answers are wanted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields

from service.domain.errors import ErrorCode, InvalidInput, Problem
from service.domain.evaluation.evaluator import Status
from service.domain.facts.code_lists import Code, CodeList
from service.domain.facts.profile import Profile
from service.domain.text import Text
from service.intake.code_values import CodeKind, CodesKind
from service.intake.faults import MAX_PROBLEMS, Fault, InvalidValue, problems
from service.intake.notices import Notice
from service.intake.profiles import ProfileReader
from service.intake.records import Nested, Raw, Record, Scalar, faults_of
from service.intake.values import DateKind

_STATUSES = CodeList(
    "statuses", Text("结论", "statuses"), {s.value: Code(s.value, Text(s, s)) for s in Status}
)
_PROFILE = "profile"


@dataclass(frozen=True, slots=True)
class MatchRequest:
    """A request as understood. `as_of` None means today, `statuses` None means all.

    `stated` is what was submitted, `profile` that with the facts that stand in for the rest.
    """

    stated: Profile
    profile: Profile
    notices: tuple[Notice, ...]
    as_of: date | None
    statuses: frozenset[Status] | None


class RawField(fields.Field[Any]):
    """A required value that somebody else reads."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        del attr, data, kwargs
        return value

    def read(self, raw: object) -> object:
        """The value as it is."""
        return raw


class _RequestRecord(Record):
    """What stands around the profile."""

    def faults(self, values: dict[str, Any], raw: Raw) -> Iterator[Fault]:
        if values.get("statuses") == frozenset():
            words = Text("至少写一项，或不填", "must name at least one, or be left out")
            yield Fault(ErrorCode.INVALID_VALUE, words, ("statuses",))


class RequestReader:
    """Reads match requests. `schema` describes them, profile included."""

    def __init__(self, profiles: ProfileReader) -> None:
        self._profiles = profiles
        self._around = _record(RawField(required=True, error_messages=_required_messages()))
        self.schema = _record(
            Nested(
                profiles.schema,
                required=True,
                description="What is known of the company and its projects; may be empty."
                "\n\n企业和项目的已知情况，可以为空。",
            )
        )

    def read(self, raw: object) -> MatchRequest:
        """The request in plain JSON values. Raises InvalidInput with every problem at once."""
        found: list[Problem] = []
        values: dict[str, Any] = {}
        try:
            values = self._read_around(raw)
        except InvalidInput as error:
            found.extend(error.problems)
        inner = raw.get(_PROFILE) if isinstance(raw, dict) else None
        if inner is None:
            raise InvalidInput(tuple(found))
        try:
            stated = self._profiles.read_stated(inner, f"/{_PROFILE}")
        except InvalidInput as error:
            raise InvalidInput((*found, *error.problems)[:MAX_PROBLEMS]) from None
        if found:
            raise InvalidInput(tuple(found))
        statuses = values.get("statuses")
        wanted = None if statuses is None else frozenset(Status(s) for s in statuses)
        profile, notices = self._profiles.complete(stated)
        return MatchRequest(stated, profile, notices, values.get("as_of"), wanted)

    def _read_around(self, raw: Any) -> dict[str, Any]:
        try:
            values = self._around.read(raw)
        except InvalidValue:
            try:
                values = self._around.load(raw)
            except ValidationError as error:
                raise InvalidInput(problems(faults_of(error.messages), "")) from None
        assert isinstance(values, dict)
        return values


def _record(profile: fields.Field[Any]) -> _RequestRecord:
    parts: dict[str, fields.Field[Any]] = {
        "as_of": Scalar(
            DateKind(),
            description="The day the profile is judged on; today unless given."
            "\n\n评估日，不填为今天。",
            examples=["2026-11-22"],
        ),
        "statuses": Scalar(
            CodesKind(CodeKind(_STATUSES)),
            minItems=1,
            description="Only matches with these statuses are listed; the summary counts all."
            "\n\n只列出这些结论的事项；summary 仍统计全部。",
        ),
        _PROFILE: profile,
    }
    record = _RequestRecord.from_dict(parts, name="MatchRequest")()
    assert isinstance(record, _RequestRecord)
    return record


def _required_messages() -> dict[str, Any]:
    words = Text("必须填写", "is required")
    nothing = Text("必须填写，不能为 null", "is required and cannot be null")
    return {
        "required": [Fault(ErrorCode.REQUIRED, words)],
        "null": [Fault(ErrorCode.REQUIRED, nothing)],
    }
