"""How one value comes in: what is accepted, what it becomes, and the same as JSON Schema.

Each kind holds the reader and the description of it side by side, so that what the OpenAPI document
allows is what is accepted. `read` takes a plain JSON value that is not null and raises Wrong.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Protocol, TypeAlias

from service.domain.errors import ErrorCode
from service.domain.facts.profile import Value
from service.domain.text import Text, without_direction
from service.intake.faults import Fault, InvalidValue, invalid_value, wrong_type
from service.intake.identity import Uscc, UsccError, parse_uscc

JsonSchema: TypeAlias = dict[str, object]

MAX_TEXT_LENGTH = 200
# Days and years of a profile lie between these.
FIRST_YEAR, LAST_YEAR = 1900, 2200
# Credit codes that were taken apart.
CACHE_SIZE = 256

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_CURSOR, _CURSORS = re.compile(r"[0-9]{1,15}"), 10**15
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class ValueKind(Protocol):
    """One kind of value."""

    def read(self, raw: object) -> Value:
        """The value as a profile holds it. Raises Wrong."""
        ...

    def describe(self) -> JsonSchema:
        """What `read` accepts."""
        ...


@dataclass(frozen=True)
class CursorKind:
    """Where a list goes on, as an answer gives it: a number as text, or the number itself."""

    def read(self, raw: object) -> int:
        if isinstance(raw, str) and _CURSOR.fullmatch(raw):
            return int(raw)
        if not isinstance(raw, int) or isinstance(raw, bool) or not 0 <= raw < _CURSORS:
            raise wrong_type("回答中的 cursor", "the `cursor` of an answer")
        return raw

    def describe(self) -> JsonSchema:
        bounds = {"minimum": 0, "exclusiveMaximum": _CURSORS}
        return {"type": ["string", "integer"], "pattern": f"^{_CURSOR.pattern}$", **bounds}


@dataclass(frozen=True)
class TextKind:
    """1 to 200 characters, kept as sent but for marks of direction; no control character."""

    longest: int = MAX_TEXT_LENGTH

    def read(self, raw: object) -> str:
        text = without_direction(string(raw))
        if not text:
            raise invalid_value(ErrorCode.INVALID_VALUE, "不能为空", "must not be empty")
        if len(text) > self.longest:
            raise invalid_value(
                ErrorCode.TOO_LONG,
                "最多 {most} 个字符",
                "must be at most {most} characters",
                most=str(self.longest),
            )
        _refuse_controls(text)
        return text

    def describe(self) -> JsonSchema:
        return {
            "type": "string",
            "minLength": 1,
            "maxLength": self.longest,
            "pattern": r"^[^\u0000-\u001f\u007f-\u009f]*$",
        }


@dataclass(frozen=True)
class RefKind:
    """A submitter's own name for a project."""

    pattern = re.compile(r"[A-Za-z0-9._-]{1,64}")

    def read(self, raw: object) -> str:
        text = string(raw)
        if not self.pattern.fullmatch(text):
            raise invalid_value(
                ErrorCode.INVALID_VALUE,
                "应为 1 至 64 个字符，只用英文字母、数字和 . _ -",
                "must be 1 to 64 Latin letters, digits or . _ -",
            )
        if text == "company":
            raise invalid_value(
                ErrorCode.INVALID_VALUE, "company 是保留字", "the word company is reserved"
            )
        return text

    def describe(self) -> JsonSchema:
        return {"type": "string", "pattern": f"^(?!company$){self.pattern.pattern}$"}


@lru_cache(CACHE_SIZE)
def parsed_uscc(text: str) -> Uscc:
    """A code taken apart; remembered, since each is looked at twice. Raises UsccError."""
    return parse_uscc(text)


@dataclass(frozen=True)
class UsccKind:
    """A unified social credit code, blanks and hyphens allowed; comes out bare, in capitals."""

    def read(self, raw: object) -> str:
        text = string(raw)
        _refuse_controls(text)
        try:
            return parsed_uscc(text).code
        except UsccError as error:
            words = Text(error.zh, error.en)
            raise InvalidValue(Fault(ErrorCode(error.reason.value), words)) from None

    def describe(self) -> JsonSchema:
        gap, digit, symbol = "[ -]*", "[0-9]", "[0-9A-HJ-NP-RTUWXYa-hj-np-rtuwxy]"
        parts = f"(?:{symbol}{gap}){{2}}(?:{digit}{gap}){{6}}(?:{symbol}{gap}){{10}}"
        return {
            "type": "string",
            "format": "uscc",
            "pattern": f"^{gap}{parts}$",
            "maxLength": 100,
        }


@dataclass(frozen=True)
class BooleanKind:
    def read(self, raw: object) -> bool:
        if isinstance(raw, bool):
            return raw
        raise wrong_type("true 或 false", "true or false")

    def describe(self) -> JsonSchema:
        return {"type": "boolean"}


@dataclass(frozen=True)
class DateKind:
    """YYYY-MM-DD, a real day of the years 1900 to 2200."""

    def read(self, raw: object) -> date:
        if not isinstance(raw, str):
            raise wrong_type('形如 "2026-11-22" 的日期', 'a date such as "2026-11-22"')
        if not _DATE.fullmatch(raw):
            zh, en = "日期应写成 2026-11-22 的样子", "a date is written like 2026-11-22"
            raise invalid_value(ErrorCode.INVALID_DATE, zh, en)
        try:
            day = date.fromisoformat(raw)
        except ValueError:
            zh, en = "没有 {day} 这一天", "there is no day {day}"
            raise invalid_value(ErrorCode.INVALID_DATE, zh, en, day=raw) from None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            zh, en = (
                "年份应在 {first} 至 {last} 之间",
                "the year must lie between {first} and {last}",
            )
            ends = {"first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
            raise invalid_value(ErrorCode.OUT_OF_RANGE, zh, en, **ends)
        return day

    def describe(self) -> JsonSchema:
        day = r"(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
        pattern = rf"^(?:(?:19|2[01])[0-9]{{2}}|2200)-{day}$"
        return {
            "type": "string",
            "format": "date",
            "pattern": pattern,
            "examples": ["2024-11-01"],
        }


def string(raw: object) -> str:
    """The raw value where it is a string. Raises Wrong."""
    if isinstance(raw, str):
        return raw
    raise wrong_type("带引号的字符串", "a string in quotes")


def _refuse_controls(text: str) -> None:
    if found := _CONTROLS.search(text):
        zh, en = "含有控制字符 {c}", "holds the control character {c}"
        raise invalid_value(ErrorCode.INVALID_CHARACTER, zh, en, c=f"U+{ord(found[0]):04X}")
