"""Plain data made of the events of a YAML file, with the line of each of its parts.

Events, and not the tree that can be composed of them: to make its nodes took as long as to parse.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

import yaml
from yaml.composer import ComposerError
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from service.catalogue.fault_words import NOTHING, quoted, say
from service.catalogue.numbers import number_hint, written_plainly
from service.catalogue.yaml_faults import MAX_DEPTH, TOO_DEEP, lookalike_in
from service.domain.text import Text

# By the `id` of a mapping or list, which must be held as long: where each of its parts begins.
Marks: TypeAlias = dict[int, Any]

# Seven times what our longest file holds. Each of them may be a fault, and to word one may take a
# comparison with all that is allowed in its place.
_MAX_VALUES = 50_000
_MAX_NUMBER_LENGTH = 40

# What nearly all keys are, and nothing is wrong with.
_is_plain_key = re.compile("[A-Za-z_][A-Za-z0-9_.]*").fullmatch
# With what a word begins that YAML may read as something else.
_AMBIGUOUS = frozenset(yaml.CSafeLoader.yaml_implicit_resolvers)
_KINDS = {"str", "null", "bool", "int", "float", "timestamp", "merge", "value"}
_YES = {"yes", "on", "y", "true"}
_is_integer = re.compile(r"[-+]?(0|[1-9][0-9]*(_[0-9]+)*)").fullmatch
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9_]*)\.[0-9]+")
# Nobody writes a nought behind two decimals, and who parts thousands by a point means them so.
_POINT_OF_THOUSANDS = re.compile(r"[-+]?[1-9][0-9]{0,2}\.[0-9]{2}0")
_HAN = "[\u4e00-\u9fff]"
_HALF_WIDTH = re.compile(rf"{_HAN}([,;:?!]){_HAN}")
_SURROGATE = re.compile("[\ud800-\udfff]")


class TooMuch(Exception):
    """A file of which nothing is built: it holds too many values."""

    def __init__(self, line: int, message: Text) -> None:
        super().__init__(message.en)
        self.line, self.message = line, message


class ValueBuilder:
    """Makes plain data of a text. What is wrong goes to `faults`, with its line, and None stands in
    its place. `start` is where the data begin, None where there are none; `marks` are of them."""

    def __init__(self, text: str) -> None:
        loader = yaml.CSafeLoader(text)
        self._next: Callable[[], Any] = loader.get_event
        self._resolve: Callable[..., str] = loader.resolve
        self._values_left = _MAX_VALUES
        self.faults: list[tuple[int, Text]] = []
        self.marks: Marks = {}
        self.start: Any = None

    def build(self) -> object:
        """The data; None of an empty file. Raises yaml.YAMLError, TooMuch."""
        self._next()
        if isinstance(self._next(), StreamEndEvent):
            return None
        first = self._next()
        self.start = first.start_mark
        built = self._value(first, 0)
        self._next()
        behind = self._next()
        if not isinstance(behind, StreamEndEvent):
            raise ComposerError(
                "expected a single document", first.start_mark,
                "but found another document", behind.start_mark,
            )  # fmt: skip
        return built

    def _value(self, event: Any, depth: int) -> object:
        kind = type(event)
        if kind is ScalarEvent:
            return self._scalar(event)
        if kind is AliasEvent:
            self._fault(event, say("yaml_aliases_not_allowed"))
            return None
        if depth > MAX_DEPTH:
            self._fault(event, TOO_DEEP)
            self._skip(event)
            return None
        return (self._mapping if kind is MappingStartEvent else self._sequence)(depth + 1)

    def _mapping(self, depth: int) -> dict[str, object]:
        take = self._next
        built: dict[str, object] = {}
        marks = self.marks[id(built)] = dict[str, Any]()
        pairs = 0
        while type(key := take()) is not MappingEndEvent:
            pairs += 1
            if type(key) is not ScalarEvent:
                self._skip_key(key)
                continue
            name, value = key.value, take()
            if not _is_plain_key(name) and (wrong := self._fault_of_key(key, value)):
                self._fault(key, wrong)
                self._skip(value)
                continue
            if name in built:
                self._fault(key, say("key_stands_twice", key=quoted(name)))
            marks[name] = key.start_mark
            built[name] = (
                self._scalar(value) if type(value) is ScalarEvent else self._value(value, depth)
            )
        self._count_values(pairs)
        return built

    def _sequence(self, depth: int) -> list[object]:
        take = self._next
        built: list[object] = []
        marks = self.marks[id(built)] = list[Any]()
        while type(part := take()) is not SequenceEndEvent:
            marks.append(part.start_mark)
            built.append(self._value(part, depth))
        self._count_values(len(built))
        return built

    def _count_values(self, number: int) -> None:
        self._values_left -= number
        if self._values_left < 0:
            raise TooMuch(1, say("holds_too_many_values", max_values=_MAX_VALUES))

    def _skip_key(self, key: Any) -> None:
        """Take a key that is no word, and its value."""
        self._fault(key, _fault_of_odd_key(key))
        self._skip(key)
        self._skip(self._next())

    def _skip(self, event: Any) -> None:
        """Take all that belongs to an event."""
        depth = int(isinstance(event, CollectionStartEvent))
        while depth:
            event = self._next()
            depth += isinstance(event, CollectionStartEvent)
            depth -= isinstance(event, CollectionEndEvent)

    def _fault(self, event: Any, message: Text) -> None:
        self.faults.append((line_of(event), message))

    def _kind(self, event: ScalarEvent) -> str:
        """What YAML takes a value for, such as `int`."""
        tag = event.tag
        if tag is None or tag == "!":
            tag = self._resolve(yaml.ScalarNode, event.value, event.implicit)
        return tag.rsplit(":", 1)[-1]

    def _scalar(self, event: ScalarEvent) -> object:
        text: str = event.value
        if event.tag is None and not (event.implicit[0] and text[:1] in _AMBIGUOUS):
            return text if text.isascii() else self._text(text, event)
        if event.implicit[0] and len(text) <= _MAX_NUMBER_LENGTH and _is_integer(text):
            return int(text.replace("_", ""))
        kind = self._kind(event)
        if kind == "str":
            return text if text.isascii() else self._text(text, event)
        if kind == "null":
            return None
        if kind == "bool" and text in ("true", "false"):
            return text == "true"
        if kind in ("int", "float") and len(text) > _MAX_NUMBER_LENGTH:
            self._fault(event, say("a_number_of_characters_is_too", len=len(text)))
            return None
        if kind == "float" and _POINT_OF_THOUSANDS.fullmatch(text):
            self._fault(event, _fault_of_thousands(text))
            return None
        if kind == "float" and _DECIMAL.fullmatch(text):
            return Decimal(text.replace("_", ""))
        if kind == "timestamp" and len(text) == 10:
            return self._date(text, event)
        self._fault(event, _fault_of_scalar(kind, text))
        return None

    def _text(self, text: str, event: ScalarEvent) -> str | None:
        if _SURROGATE.search(text):
            self._fault(event, say("holds_half_a_character_a_lone"))
            return None
        half = _HALF_WIDTH.search(text)
        if half:
            full = chr(ord(half[1]) + 0xFEE0)
            message = say(
                "half_width_between_chinese_characters_write",
                half=quoted(half[1]),
                full=quoted(full),
            )
            self._fault(event, message)
        return text

    def _date(self, text: str, event: Event) -> date | None:
        try:
            return date.fromisoformat(text)
        except ValueError:
            self._fault(event, say("is_no_day_of_the_calendar", text=text))
            return None

    def _fault_of_key(self, key: ScalarEvent, value: Event) -> Text | None:
        """What is wrong with a key, be it that it was not meant as one; None where nothing is."""
        name, kind = key.value, self._kind(key)
        if kind == "merge":
            return say("yaml_merge_key")
        if not name.strip():
            return say("a_key_must_be_a_plain")
        if not name.isascii():
            if _SURROGATE.search(name):
                return say("a_key_holds_half_a_character")
            if sign := lookalike_in(name):
                return say("key", name=quoted(name), sign=sign)
        if isinstance(value, ScalarEvent) and not value.value and self._kind(value) == "null":
            if kind in ("int", "float") or name.isdecimal():
                return say("a_comma_before_ended_the_number", name=quoted(name))
            if re.search(_HAN, name):
                return say("yaml_half_width_comma", name=quoted(name))
        return None


def line_of(event: Any) -> int:
    """At which line (from 1) an event begins."""
    return int(event.start_mark.line) + 1


def _fault_of_odd_key(key: Event) -> Text:
    """What is wrong with a key that is no word."""
    if isinstance(key, AliasEvent):
        return say("yaml_aliases_not_allowed")
    is_list = isinstance(key, SequenceStartEvent)
    return say("a_key_is_a_list" if is_list else "a_key_must_be_a_plain")


def _fault_of_thousands(text: str) -> Text:
    """What a number such as 100.000 may mean: a thousand times as much, or what it says."""
    many, few = (written_plainly(Decimal(text) * times) for times in (1000, 1))
    return say("a_point_before_three_digits", text=text, many=many, few=few)


def _fault_of_scalar(kind: str, text: str) -> Text:
    """What is wrong with a value that is none of ours."""
    if kind not in _KINDS:
        return say("yaml_tags_not_allowed")
    hint = number_hint(text) if kind == "float" else NOTHING
    if hint != NOTHING:
        return say("must_be_a_number", hint=hint)
    meant = "true" if text.lower() in _YES else "false"
    otherwise = say("or_write", value=meant) if kind == "bool" else NOTHING
    return say("yaml_ambiguous_text", text=quoted(text), otherwise=otherwise)
