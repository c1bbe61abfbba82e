"""Match requests: a profile, the day it is judged on, and which answers are wanted."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, fields

from service.domain.errors import ErrorCode, InvalidInput, Problem
from service.domain.evaluation.evaluator import LISTED, AnswerDetail, AnswerOptions, Status
from service.domain.facts.code_lists import Code, CodeList
from service.domain.facts.profile import Profile
from service.domain.text import Text
from service.intake.code_values import CodeKind, CodesKind
from service.intake.faults import MAX_PROBLEMS, Fault, InvalidValue, faults_as_problems
from service.intake.notices import Notice
from service.intake.number_values import Bounds, IntegerKind
from service.intake.profiles import ProfileReader
from service.intake.records import Nested, Raw, Record, Scalar, faults_of
from service.intake.values import DateKind, TextKind

DEFAULT_LIMIT = 50
MAX_LIMIT = 500


def _listed(name: str, label: Text, members: type[StrEnum]) -> CodeList:
    return CodeList(name, label, {m.value: Code(m.value, Text(m, m)) for m in members})


_STATUSES = _listed("statuses", Text("结论", "statuses"), Status)
_DETAILS = _listed("details", Text("详略", "details"), AnswerDetail)
_PROFILE = "profile"


@dataclass(frozen=True, slots=True)
class MatchRequest:
    """A request as understood. `as_of` None means today; `statuses` are those it names, None where
    it names none; `cursor` is where to go on in what `options` list.

    `stated` is what was submitted, `profile` that with the facts that stand in for the rest.
    """

    stated: Profile
    profile: Profile
    notices: tuple[Notice, ...]
    as_of: date | None
    statuses: frozenset[Status] | None
    options: AnswerOptions = field(default_factory=AnswerOptions)
    cursor: str | None = None


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

    def find_faults(self, values: dict[str, Any], raw: Raw) -> Iterator[Fault]:
        if values.get("statuses") == frozenset():
            words = Text("至少写一项，或不填", "must name at least one, or be left out")
            yield Fault(ErrorCode.INVALID_VALUE, words, ("statuses",))


class RequestReader:
    """Reads match requests. `schema` describes them, profile included."""

    def __init__(self, profiles: ProfileReader) -> None:
        self._profiles = profiles
        tags = profiles.vocabulary.languages
        listed = {tag: Code(tag, Text(tag, tag)) for tag in tags}
        languages = CodeList("languages", Text("语言", "languages"), listed)
        raw_profile = RawField(required=True, error_messages=_required_messages())
        self._around = _record(raw_profile, languages)
        self.schema = _record(
            Nested(
                profiles.schema,
                required=True,
                description="What is known of the company and its projects; may be empty."
                "\n\n企业和项目的已知情况，可以为空。",
            ),
            languages,
        )

    def read(self, raw: object) -> MatchRequest:
        """The request in plain JSON values. Raises InvalidInput with every problem at once."""
        problems: list[Problem] = []
        values: dict[str, Any] = {}
        try:
            values = self._read_around(raw)
        except InvalidInput as error:
            problems.extend(error.problems)
        inner = raw.get(_PROFILE) if isinstance(raw, dict) else None
        if inner is None:
            raise InvalidInput(tuple(problems))
        try:
            stated = self._profiles.read_stated(inner, f"/{_PROFILE}")
        except InvalidInput as error:
            raise InvalidInput((*problems, *error.problems)[:MAX_PROBLEMS]) from None
        if problems:
            raise InvalidInput(tuple(problems))
        statuses = values.get("statuses")
        wanted = None if statuses is None else frozenset(Status(s) for s in statuses)
        profile, notices = self._profiles.complete(stated)
        options = AnswerOptions(
            statuses=LISTED if wanted is None else wanted,
            detail=AnswerDetail(values.get("detail") or AnswerDetail.FULL),
            language=values.get("lang"),
            limit=values.get("limit") or DEFAULT_LIMIT,
        )
        day, cursor = values.get("as_of"), values.get("cursor")
        return MatchRequest(stated, profile, notices, day, wanted, options, cursor)

    def _read_around(self, raw: Any) -> dict[str, Any]:
        try:
            values = self._around.read(raw)
        except InvalidValue:
            try:
                values = self._around.load(raw)
            except ValidationError as error:
                raise InvalidInput(faults_as_problems(faults_of(error.messages), "")) from None
        assert isinstance(values, dict)
        return values


def _record(profile: fields.Field[Any], languages: CodeList) -> _RequestRecord:
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
            description="Only matches with these statuses are listed, eligible, potential,"
            " undetermined and watch unless given; the summary counts all."
            "\n\n只列出这些结论的事项，不填为 eligible、potential、undetermined、watch；"
            "summary 仍统计全部。",
        ),
        "detail": Scalar(
            CodeKind(_DETAILS),
            description="How much to tell of each match: `full` unless given; `brief` has ceiling,"
            " missing facts and the condition that decides, and no category hints; `statuses` has"
            " neither that nor advice."
            "\n\n每个匹配写多详细，不填为 full；brief 只有上限、缺少的信息和起决定作用的条件，"
            "没有资质提示；statuses 只有结论，也没有建议。",
        ),
        "lang": Scalar(
            CodeKind(languages),
            description="Texts in this language only; in both unless given."
            "\n\n文字只用这种语言，不填为中英文都有。",
        ),
        **_page_fields(),
        _PROFILE: profile,
    }
    record = _RequestRecord.from_dict(parts, name="MatchRequest")()
    assert isinstance(record, _RequestRecord)
    return record


def _page_fields() -> dict[str, fields.Field[Any]]:
    """How many matches are listed at a time, and from where on."""
    return {
        "limit": Scalar(
            IntegerKind(Bounds(Decimal(1), Decimal(MAX_LIMIT))),
            description=f"How many matches at most; {DEFAULT_LIMIT} unless given."
            f"\n\n最多列出多少个匹配，不填为 {DEFAULT_LIMIT}。",
        ),
        "cursor": Scalar(
            TextKind(),
            description="`next_cursor` of the answer before, to the same request."
            "\n\n上一页回答中的 next_cursor，其余请求内容不变。",
        ),
    }


def _required_messages() -> dict[str, Any]:
    words = Text("必须填写", "is required")
    nothing = Text("必须填写，不能为 null", "is required and cannot be null")
    return {
        "required": [Fault(ErrorCode.REQUIRED, words)],
        "null": [Fault(ErrorCode.REQUIRED, nothing)],
    }
