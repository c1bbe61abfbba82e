"""Comparison requests: two match requests, each perhaps under a named catalogue version."""

from dataclasses import dataclass, replace
from typing import Any

from service.domain.errors import ErrorCode, InvalidInput, Problem
from service.domain.text import Text
from service.intake.requests import MatchRequest, RequestReader

_SIDES = ("before", "after")
_VERSION = "catalogue_version"


@dataclass(frozen=True, slots=True)
class Side:
    """One side as understood. `catalogue_version` None means the present one."""

    request: MatchRequest
    catalogue_version: str | None


class ComparisonReader:
    """Reads `{"before": …, "after": …}`."""

    def __init__(self, requests: RequestReader) -> None:
        self._requests = requests

    def read(self, raw: object) -> tuple[Side, Side]:
        """Both sides. Raises InvalidInput with every problem of both at once."""
        body = _mapping(raw, "")
        unknown = [Problem(f"/{k}", ErrorCode.UNKNOWN_KEY, _ONLY) for k in body if k not in _SIDES]
        missing = [Problem(f"/{k}", ErrorCode.REQUIRED, _NEEDED) for k in _SIDES if k not in body]
        problems = [*unknown, *missing]
        sides: list[Side] = []
        for name in (n for n in _SIDES if n in body):
            try:
                sides.append(self._side(body[name], f"/{name}"))
            except InvalidInput as error:
                problems += error.problems
        if problems:
            raise InvalidInput(tuple(problems))
        return sides[0], sides[1]

    def _side(self, raw: object, pointer: str) -> Side:
        side = dict(_mapping(raw, pointer))
        version = side.pop(_VERSION, None)
        if version is not None and not isinstance(version, str):
            place = f"{pointer}/{_VERSION}"
            raise InvalidInput((Problem(place, ErrorCode.WRONG_TYPE, _A_VERSION),))
        try:
            return Side(self._requests.read(side), version)
        except InvalidInput as error:
            placed = (replace(p, pointer=pointer + p.pointer) for p in error.problems)
            raise InvalidInput(tuple(placed)) from None


_ONLY = Text("只能有 before 和 after 两项", "only before and after are known here")
_NEEDED = Text("必须填写", "is required")
_A_VERSION = Text("应为规则版本号字符串", "must be a catalogue version, a string")
_AN_OBJECT = Text("应为 JSON 对象", "must be a JSON object")


def _mapping(raw: object, pointer: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise InvalidInput((Problem(pointer, ErrorCode.WRONG_TYPE, _AN_OBJECT),))
    return raw
