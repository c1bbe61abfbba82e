"""How codes come in: members of a code list, alone or several."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from service.domain.errors import ErrorCode
from service.domain.facts.code_lists import CodeList
from service.domain.text import Text, enumerated
from service.intake.code_names import CodeNames
from service.intake.faults import (
    Fault,
    InvalidValue,
    invalid_value,
    nearest_name,
    shown_text,
    wrong_type,
)
from service.intake.name_lookup import LONGEST_NAME
from service.intake.values import JsonSchema, string

MAX_CODES = 200
SHORT_LIST = 60
# The names of so many lists are kept; each list is another once the catalogue is.
CACHE_SIZE = 32
# Of a list that is no longer, whoever wrote another code is told all there are.
MAX_NAMED = 24
_MAY_BE = Text("{said}；可以是 {codes}", "{said}; it may be {codes}")


@lru_cache(CACHE_SIZE)
def names_of(codes: CodeList) -> CodeNames:
    """The names of a list, whose table is made once and not for every search in vain."""
    return CodeNames(codes, shortened=True)


@dataclass(frozen=True)
class CodeKind:
    """One code of a list."""

    codes: CodeList

    def read(self, raw: object) -> str:
        code = string(raw)
        if code in self.codes:
            return code
        words = Text("{list}中没有 {code}", "{code} is not in the list {list}").format(
            list=self.codes.label, code=shown_text(code)
        )
        if len(self.codes.codes) <= MAX_NAMED:
            words = _MAY_BE.format(said=words, codes=enumerated(self.codes.codes))
        raise InvalidValue(
            Fault(ErrorCode.UNKNOWN_CODE, words, suggest=lambda: self.suggestion(code))
        )

    @property
    def long(self) -> bool:
        """Whether the list is held once, apart, in the OpenAPI document."""
        return len(self.codes.codes) > SHORT_LIST and not self.codes.extension_pattern

    def suggestion(self, given: str) -> str | None:
        """The code whose name was written instead, also as pages and tables read it (上海徐汇); or
        else the code written most alike."""
        given = given.strip()
        named = names_of(self.codes).candidates(given) if len(given) <= LONGEST_NAME else []
        if len(named) == 1:
            return named[0]
        return self.codes.by_label.get(given.lower()) or nearest_name(given, self.codes.codes)

    def describe(self) -> JsonSchema:
        """A short list in full; a list that may be continued as a pattern. A long list has no
        `enum` here: the document holds it once, apart."""
        described: JsonSchema = {"type": "string", "x-list": self.codes.id}
        listed = list(self.codes.codes)
        if self.codes.extension_pattern:
            return {**described, "pattern": self._pattern(listed)}
        return described if self.long else {**described, "enum": listed}

    def _pattern(self, listed: list[str]) -> str:
        broad = {p for entry in self.codes.codes.values() for p in entry.parents}
        exact = "|".join(re.escape(code) for code in listed)
        leaves = "|".join(re.escape(code) for code in listed if code not in broad)
        return f"^(?:{exact}|(?:{leaves})(?:{self.codes.extension_pattern}))$"


@dataclass(frozen=True)
class CodesKind:
    """Several codes of a list, none twice; the empty list means none.

    `at_least_one`: there is always one, and one alone may stand without brackets.
    """

    one: CodeKind
    at_least_one: bool = False

    @property
    def long(self) -> bool:
        return self.one.long

    @property
    def codes(self) -> CodeList:
        return self.one.codes

    def read(self, raw: object) -> frozenset[str]:
        if self.at_least_one and isinstance(raw, str):
            return self._not_alone(frozenset((self.one.read(raw),)))
        if not isinstance(raw, list):
            raise wrong_type("代码列表", "a list of codes")
        if self.at_least_one and not raw:
            zh, en = "至少选一项；不清楚可不填", "must hold at least one; omit it where unknown"
            raise invalid_value(ErrorCode.INVALID_VALUE, zh, en)
        if len(raw) > MAX_CODES:
            zh, en = "最多 {most} 项", "must hold at most {most} entries"
            raise invalid_value(ErrorCode.TOO_LONG, zh, en, most=str(MAX_CODES))
        return self._not_alone(self._plainly(raw) or self._one_by_one(raw))

    def _not_alone(self, found: frozenset[str]) -> frozenset[str]:
        """Refuses what says only that there is nothing else."""
        if found and found <= self.codes.completing:
            zh, en = "只说没有别的，还须写明是什么", "says there is nothing else; say what there is"
            raise invalid_value(ErrorCode.INVALID_VALUE, zh, en)
        return found

    def _plainly(self, raw: list[Any]) -> frozenset[str] | None:
        """The codes, where all stand in the list as they are and none twice."""
        try:
            found = frozenset(raw)
        except TypeError:
            return None
        return found if len(found) == len(raw) and found <= self.codes.codes.keys() else None

    def _one_by_one(self, raw: list[object]) -> frozenset[str]:
        seen: set[str] = set()
        faults = [fault for i, code in enumerate(raw) for fault in self._faults(i, code, seen)]
        if faults:
            raise InvalidValue(*faults)
        return frozenset(seen)

    def _faults(self, index: int, raw: object, seen: set[str]) -> Iterator[Fault]:
        try:
            code = self.one.read(raw)
        except InvalidValue as error:
            yield from (replace(fault, at=(index, *fault.at)) for fault in error.faults)
            return
        if code in seen:
            words = Text("{code} 重复", "{code} is repeated").format(code=code)
            yield Fault(ErrorCode.DUPLICATE_VALUE, words, (index,))
        seen.add(code)

    def describe(self) -> JsonSchema:
        described: JsonSchema = {
            "type": "array",
            "items": self.one.describe(),
            "uniqueItems": True,
            "maxItems": MAX_CODES,
        }
        if not self.at_least_one:
            return described
        return {"anyOf": [self.one.describe(), {**described, "minItems": 1}]}
