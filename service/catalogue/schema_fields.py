"""What a value of a policy file may be: the fields, in marshmallow's sense, that shapes are
made of.

What a value means, and whether the codes and facts it names exist, is checked where it is compiled.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from service.catalogue.numbers import number_hint
from service.catalogue.texts import read_text
from service.domain.rules.amounts import Per
from service.domain.rules.catalogue import Commitment, Evidence, NumberKind
from service.domain.rules.conditions import Basis
from service.domain.text import Text
from service.domain.wording.labels import BASIS, COMMITMENT, EVIDENCE, NUMBER_KIND, PER


class Strict(Schema):
    class Meta:
        unknown = RAISE


_KINDS = {list: "a list", dict: "a mapping", type(None): "empty"}


class Str(fields.Field[str]):
    """Text as it stands; numbers that look like codes must be quoted."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        if isinstance(value, list | dict) or value is None:
            raise ValidationError(f"must be text, not {_KINDS[type(value)]}")
        if not isinstance(value, str):
            raise ValidationError(f'must be text: quote it, as in "{value}"')
        if not value.strip():
            raise ValidationError("must not be empty")
        return value


class Exact(fields.Field[Decimal]):
    """An exact number."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise ValidationError(f"must be a number{number_hint(value)}")
        return Decimal(value)


class Day(fields.Field[date]):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> date:
        if not isinstance(value, date):
            raise ValidationError("must be a date such as 2025-09-26, without quotes")
        return value


class Flag(fields.Field[bool]):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("must be true or false, without quotes")
        return value


class Bilingual(fields.Field[Text]):
    """`{zh: …, en: …}`, or whichever languages the catalogue is written in, all of them there."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Text:
        text = read_text(value)
        if isinstance(text, str):
            raise ValidationError(text)
        return text


class OneOrMore(fields.Field[tuple[str, ...]]):
    """One code, or a list of several, each once."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> tuple[str, ...]:
        several = value if isinstance(value, list) else [value]
        if not several or not all(isinstance(v, str) and v for v in several):
            raise ValidationError("must be a code, or a list of codes")
        if len(set(several)) != len(several):
            raise ValidationError("a code stands twice")
        return tuple(several)


class ArticleNumber(fields.Field[int | str]):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> int | str:
        if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
            raise ValidationError("must be an article's number or the name of a part")
        return value


_ENUM_WORDS: Mapping[Any, Mapping[Any, Text]] = {
    Commitment: COMMITMENT, Evidence: EVIDENCE, NumberKind: NUMBER_KIND, Per: PER, Basis: BASIS,
}  # fmt: skip


class OneOfWords(validate.OneOf):
    """One of our own fixed values; of another word, the one that it may mean."""

    def __init__(self, enum: Any) -> None:
        super().__init__([e.value for e in enum], error="must be one of: {choices}")
        self.words = _ENUM_WORDS.get(enum, {})

    def _format_error(self, value: Any) -> str:
        words = {str(code): words for code, words in self.words.items()}
        meant = meant_value(value, [str(c) for c in self.choices], words)
        return super()._format_error(value) + (f"; did you mean {meant!r}?" if meant else "")


def meant_value(written: object, values: list[str], words: Mapping[str, Text]) -> str | None:
    """Which of some fixed values a word that is none was probably meant for: one that is spelt much
    like it, or whose Chinese name has half of its characters."""
    if not isinstance(written, str) or not written.strip():
        return None
    near = get_close_matches(written.strip().lower(), values, n=1)
    if near:
        return near[0]
    signs = set(written.strip())
    shared = {value: len(signs & set(name.zh)) for value, name in words.items()}
    best = max(shared, key=lambda value: shared[value], default="")
    return best if best and shared[best] * 2 >= len(signs) else None


def one_of(enum: Any) -> validate.OneOf:
    return OneOfWords(enum)


IDENTIFIER = validate.Regexp(
    r"[^\s/|?#%\\.-][^\s/|?#%\\]*$",
    error="must be letters, digits, dots and hyphens, a letter or digit first",
)
ADDRESS = validate.Regexp(r"https?://[^\s/]+(/\S*)?", error="must be an address such as https://…")


class MonthDay(fields.Field[tuple[int, int]]):
    """A day of every year, such as 03-01."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> tuple[int, int]:
        match = re.fullmatch(r"(\d\d)-(\d\d)", value) if isinstance(value, str) else None
        try:
            if match:
                day = date(2028, int(match[1]), int(match[2]))  # a leap year
                return day.month, day.day
        except ValueError:
            pass
        raise ValidationError("must be month and day such as 03-01")
