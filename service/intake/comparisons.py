"""Comparison requests: two match requests, each perhaps under a named catalogue version."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from service.domain.errors import ErrorCode, InvalidInput, NotFound, Problem
from service.domain.text import Text
from service.intake.faults import MAX_PROBLEMS, pointer_step
from service.intake.records import Nested, Record, Scalar, make_record
from service.intake.requests import MatchRequest, RequestReader
from service.intake.values import TextKind

_SIDES = ("before", "after")
_VERSION = "catalogue_version"
_STATUSES = "statuses"

# The reader of a catalogue version, None for the present one. Raises NotFound.
ReaderOf: TypeAlias = Callable[[str | None], RequestReader]


@dataclass(frozen=True, slots=True)
class ComparisonSide:
    """One side as understood. `catalogue_version` None means the present one."""

    request: MatchRequest
    catalogue_version: str | None


def read_comparison(raw: object, reader_of: ReaderOf) -> tuple[ComparisonSide, ComparisonSide]:
    """Both sides of `{"before": …, "after": …}`, each read in the words of its own catalogue.

    Raises InvalidInput with every problem of both at once.
    """
    body = _mapping(raw, "")
    strange = [k for k in body if k not in _SIDES][:MAX_PROBLEMS]
    unknown = [Problem(pointer_step(k), ErrorCode.UNKNOWN_KEY, _ONLY) for k in strange]
    missing = [Problem(f"/{k}", ErrorCode.REQUIRED, _NEEDED) for k in _SIDES if k not in body]
    problems = [*unknown, *missing]
    sides: list[ComparisonSide] = []
    for name in (n for n in _SIDES if n in body):
        try:
            sides.append(_side(body[name], f"/{name}", reader_of))
        except InvalidInput as error:
            problems += error.problems
    if problems:
        raise InvalidInput(tuple(problems))
    return sides[0], sides[1]


def _side(raw: object, pointer: str, reader_of: ReaderOf) -> ComparisonSide:
    side = dict(_mapping(raw, pointer))
    version = side.pop(_VERSION, None)
    place = f"{pointer}/{_VERSION}"
    if _STATUSES in side:
        raise InvalidInput((Problem(f"{pointer}/{_STATUSES}", ErrorCode.UNKNOWN_KEY, _ALL),))
    if version is not None and not isinstance(version, str):
        raise InvalidInput((Problem(place, ErrorCode.WRONG_TYPE, _A_VERSION),))
    try:
        return ComparisonSide(reader_of(version).read(side), version)
    except NotFound:
        raise InvalidInput((Problem(place, ErrorCode.UNKNOWN_CODE, _NOT_KEPT),)) from None
    except InvalidInput as error:
        placed = (replace(p, pointer=pointer + p.pointer) for p in error.problems)
        raise InvalidInput(tuple(placed)) from None


def comparison_schema(requests: RequestReader) -> Record:
    """What a comparison request looks like, for the OpenAPI document."""
    parts = requests.schema.declared_fields
    side = make_record(
        Record,
        "ComparedSide",
        {
            "as_of": parts["as_of"],
            _VERSION: Scalar(
                TextKind(),
                description="Judge under the rules of this version; the present ones unless given."
                "\n\n按此版本的规则评估，不填为现行版本。",
            ),
            "profile": parts["profile"],
        },
    )
    sides = {name: Nested(side, required=True) for name in _SIDES}
    return make_record(Record, "CompareRequest", sides)


_ONLY = Text("只能有 before 和 after 两项", "only before and after are known here")
_NEEDED = Text("必须填写", "is required")
_ALL = Text("比较总是包括所有结论", "a comparison always covers every status")
_A_VERSION = Text("应为规则版本号字符串", "must be a catalogue version, a string")
_NOT_KEPT = Text("没有保存这个版本的规则", "this version of the rules is not kept")
_AN_OBJECT = Text("应为 JSON 对象", "must be a JSON object")


def _mapping(raw: object, pointer: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise InvalidInput((Problem(pointer, ErrorCode.WRONG_TYPE, _AN_OBJECT),))
    return raw
