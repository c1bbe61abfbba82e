"""What a value of a policy file may be: the fields, in marshmallow's sense, that shapes are
made of.

What a value means, and whether the codes and facts it names exist, is checked where it is compiled.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from service.catalogue.day_hints import day_hint
from service.catalogue.fault_words import NOTHING, joined_by_commas, quoted, say
from service.catalogue.numbers import number_hint
from service.catalogue.texts import WrongText, read_text
from service.domain.rules.caps import Per
from service.domain.rules.conditions import Basis
from service.domain.rules.measures import Evidence, NumberKind
from service.domain.rules.programmes import Commitment
from service.domain.text import Text, join, nearest
from service.domain.wording.labels import BASIS, COMMITMENT, EVIDENCE, NUMBER_KIND, PER

_T = TypeVar("_T")


class Value(fields.Field[_T]):
    """A field that a value is read by which is there."""

    def read(self, value: Any) -> _T:
        """What is meant. Raises ValidationError."""
        raise NotImplementedError

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> _T:
        return self.read(value)


class _DoesNotFit(Exception):
    """Not an error: marshmallow is to look."""


class Strict(Schema):
    """A mapping of which every key is known. What fits is read by the keys that stand there:
    marshmallow looks for each that might, of which a programme has thirty, and keeps account of
    faults. It reads, and words the faults of, whatever does not fit."""

    class Meta:
        unknown = RAISE

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        fields_by_key = {field.data_key or n: (n, field) for n, field in self.load_fields.items()}
        self._required = {key for key, (_, field) in fields_by_key.items() if field.required}
        self._readers = {key: (n, _reader(field)) for key, (n, field) in fields_by_key.items()}

    def _deserialize(self, data: Any, **options: Any) -> Any:
        with suppress(ValidationError, _DoesNotFit):
            return self.read_keys(data)
        return super()._deserialize(data, **options)

    def read_keys(self, data: Any) -> dict[str, Any]:
        """What a mapping says that fits key by key. Raises ValidationError or _DoesNotFit."""
        readers = self._readers
        if not (isinstance(data, dict) and readers.keys() >= data.keys() >= self._required):
            raise _DoesNotFit
        found = {}
        for key, value in data.items():
            name, read = readers[key]
            found[name] = read(value)
        return found

    @property
    def reader(self) -> Callable[[Any], Any]:
        """What reads a mapping that fits; with all that marshmallow does where more is done than to
        read key by key."""
        return self.load if any(self._hooks.values()) else self.read_keys


def _reader(field: fields.Field[Any]) -> Callable[[Any], Any]:
    """What reads a value that fits a field as the field does, and raises ValidationError or
    _DoesNotFit of any other."""
    read, checks = _reader_unchecked(field), tuple(field.validators)

    def checked(value: Any) -> Any:
        if value is None:
            raise _DoesNotFit
        found = read(value)
        for check in checks:
            check(found)
        return found

    return checked


def _reader_unchecked(field: fields.Field[Any]) -> Callable[[Any], Any]:
    if type(field) is fields.List:
        return _list_reader(_reader(field.inner))
    if type(field) is fields.Nested:
        schema = field.schema
        return schema.reader if isinstance(schema, Strict) else schema.load
    return field.read if isinstance(field, Value) else field.deserialize


def _list_reader(read: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    def read_list(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise _DoesNotFit
        return [read(part) for part in value]

    return read_list


_KINDS = {list: "a_list", dict: "a_mapping", type(None): "empty"}


def invalid(key: str, /, **parts: object) -> ValidationError:
    """A value that is none, in the words of a key."""
    return ValidationError([say(key, **parts)])


class OneOfKeys(Strict):
    """A mapping of which some keys are alternatives: exactly one of them stands there, or else the
    `fault` is told, in the words of a key."""

    alternatives: ClassVar[frozenset[str]]
    fault: ClassVar[str]

    @validates_schema
    def check_together(self, data: Mapping[str, Any], **_: Any) -> None:
        """Raises ValidationError."""
        if len(data.keys() & self.alternatives) != 1:
            raise invalid(self.fault)


class Str(Value[str]):
    """Text as it stands; numbers that look like codes must be quoted."""

    def read(self, value: Any) -> str:
        if isinstance(value, list | dict) or value is None:
            raise invalid("must_be_text", kind=say(_KINDS[type(value)]))
        if not isinstance(value, str):
            raise invalid("must_be_quoted_text", value=value)
        if not value.strip():
            raise invalid("must_not_be_empty")
        return value


class Exact(Value[Decimal]):
    """An exact number."""

    def read(self, value: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise invalid("must_be_a_number", hint=number_hint(value))
        return Decimal(value)


class Day(Value[date]):
    def read(self, value: Any) -> date:
        if not isinstance(value, date):
            raise ValidationError([say("must_be_a_date", hint=day_hint([value]))])
        return value


class Flag(Value[bool]):
    def read(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise invalid("must_be_true_or_false_without")
        return value


class Bilingual(Value[Text]):
    """`{zh: …, en: …}`, or whichever languages the catalogue is written in, all of them there."""

    def read(self, value: Any) -> Text:
        try:
            return read_text(value)
        except WrongText as fault:
            raise ValidationError([fault.message]) from None


class ShownLine:
    """Takes a text that a line of a list or a heading can show: none of its wordings is longer than
    so many characters."""

    def __init__(self, longest: int) -> None:
        self.longest = longest

    def __call__(self, text: Text) -> None:
        """Raises ValidationError."""
        length = max(map(len, text.by_language().values()))
        if length > self.longest:
            raise invalid("must_fit_a_line", length=length, longest=self.longest)


NAME, TITLE = ShownLine(200), ShownLine(500)


class OneOrMore(Value[tuple[str, ...]]):
    """One code, or a list of several, each once."""

    def read(self, value: Any) -> tuple[str, ...]:
        several = value if isinstance(value, list) else [value]
        if not several or not all(isinstance(v, str) and v for v in several):
            raise invalid("must_be_codes")
        if len(set(several)) != len(several):
            raise invalid("a_code_stands_twice")
        return tuple(several)


class ArticleNumber(Value[int | str]):
    def read(self, value: Any) -> int | str:
        if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
            raise invalid("must_be_an_article_s_number")
        return value


_ENUM_WORDS: Mapping[Any, Mapping[Any, Text]] = {
    Commitment: COMMITMENT, Evidence: EVIDENCE, NumberKind: NUMBER_KIND, Per: PER, Basis: BASIS,
}  # fmt: skip


class Among(validate.OneOf):
    """Takes one of a few values; for another word it names the value that may have been meant."""

    def __init__(self, choices: Iterable[str], words: Mapping[str, Text] | None = None) -> None:
        super().__init__(list(choices))
        self.words = words or {}

    def __call__(self, value: Any) -> Any:
        if value in self.choices:
            return value
        meant = meant_value(value, [str(c) for c in self.choices], self.words)
        hint = say("or_did_you_mean", meant=quoted(meant)) if meant else NOTHING
        written = (
            quoted(value) if isinstance(value, str | int | Decimal) else say("what_stands_there")
        )
        found = say("must_be_one_of_these", choices=joined_by_commas(self.choices), written=written)
        raise ValidationError([join([found, hint], Text("", ""))])


class Pattern(validate.Regexp):
    """Text of a form, and the key of what is said of any other."""

    def __init__(self, regex: str, key: str) -> None:
        super().__init__(regex)
        self.key = key

    def __call__(self, value: Any) -> Any:
        if self.regex.match(value) is None:
            raise invalid(self.key)
        return value


def at_least_one(number: int) -> None:
    """How many there are, where none would be nothing to say. Raises ValidationError."""
    if number < 1:
        raise invalid("must_be_one_or_more")


CURRENCY = Pattern("[A-Z]{3}$", "must_be_a_code_of_iso")


def meant_value(written: object, values: list[str], words: Mapping[str, Text]) -> str | None:
    """Which of some fixed values a word that is none was probably meant for: one that is spelt much
    like it, or whose Chinese name has half of its characters."""
    if not isinstance(written, str) or not written.strip():
        return None
    near = nearest(written.strip().lower(), values)
    if near:
        return near
    signs = set(written.strip())
    shared = {value: len(signs & set(name.zh)) for value, name in words.items()}
    best = max(shared, key=lambda value: shared[value], default="")
    return best if best and shared[best] * 2 >= len(signs) else None


def one_of(enum: Any) -> Among:
    """Takes the values of one of our own enumerations."""
    words = {str(code): words for code, words in _ENUM_WORDS.get(enum, {}).items()}
    return Among([e.value for e in enum], words)


IDENTIFIER = Pattern(r"[^\s/|?#%\\.-][^\s/|?#%\\]*$", "must_be_an_id")
ADDRESS = Pattern(r"https?://[^\s/]+(/\S*)?", "must_be_an_address")


def month_and_day(raw: object) -> tuple[int, int] | None:
    """A day of every year, as written; None where there is no such day.

    >>> month_and_day("02-29")
    (2, 29)
    """
    match = re.fullmatch(r"(\d\d)-(\d\d)", raw) if isinstance(raw, str) else None
    try:
        day = date(2028, int(match[1]), int(match[2])) if match else None  # a leap year
    except ValueError:
        return None
    return None if day is None else (day.month, day.day)


class MonthDay(Value[tuple[int, int]]):
    """A day of every year, such as 03-01."""

    def read(self, value: Any) -> tuple[int, int]:
        found = month_and_day(value)
        if found is None:
            raise invalid("must_be_month_and_day_such")
        return found
