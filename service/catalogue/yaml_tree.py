"""Strict YAML: plain data with the line of every value, or diagnostics.

Stricter than YAML itself: no duplicate keys, no aliases, no `yes` for true, no octal or sexagesimal
numbers. Fractions become exact decimals and dates become dates.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

import yaml

from service.catalogue.fault_words import NOTHING, quoted, say
from service.catalogue.numbers import number_hint, written_plainly
from service.catalogue.unseen_signs import unseen_signs, without_unseen
from service.catalogue.yaml_faults import MAX_DEPTH, explain_fault, is_too_deep, lookalike_in
from service.domain.errors import BrokenCatalogue, Diagnostic, HuiceError
from service.domain.text import Text

Path: TypeAlias = tuple[str | int, ...]

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*(_[0-9]+)*)")
_KINDS = {"str", "null", "bool", "int", "float", "timestamp", "merge", "value"}
_YES = {"yes", "on", "y", "true"}
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9_]*)\.[0-9]+")
# Nobody writes a nought behind two decimals, and who parts thousands by a point means them so.
_POINT_OF_THOUSANDS = re.compile(r"[-+]?[1-9][0-9]{0,2}\.[0-9]{2}0")
_HAN = "[\u4e00-\u9fff]"
_HALF_WIDTH = re.compile(rf"{_HAN}([,;:?!]){_HAN}")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MAX_NUMBER_LENGTH = 40
_MAX_FILE_BYTES = 1_000_000
# Seven times what our longest file holds. Each of them may be a fault, and to word one may take a
# comparison with all that is allowed in its place.
_MAX_VALUES = 50_000
_MAX_ALLOWED = 40


class Faults:
    """Gathers diagnostics so that all faults of all files are told at once."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []

    def add(self, file: str, line: int, message: Text, allowed: Iterable[str] = ()) -> None:
        """Note a fault; of what is allowed the first are named, and how many more there are."""
        names = tuple(allowed)
        shown = names[:_MAX_ALLOWED]
        self.diagnostics.append(Diagnostic(file, line, message, shown, len(names) - len(shown)))

    def stop_if_any(self) -> None:
        """Raise BrokenCatalogue with everything found so far."""
        if self.diagnostics:
            raise BrokenCatalogue(tuple(sorted(set(self.diagnostics), key=lambda d: d.place)))


@dataclass
class Document:
    """One parsed file: its data, and the nodes that these were made of, which know their lines."""

    file: str
    data: object
    faults: Faults = field(repr=False)
    root: yaml.Node | None = field(default=None, repr=False)

    def line(self, path: Path) -> int:
        """The line (from 1) of a path, or of the nearest thing around it."""
        node, place = self.root, self.root
        for step in path:
            found = _part_of(node, step)
            if found is None:
                break
            place, node = found
        return 1 if place is None else place.start_mark.line + 1

    def innermost(self, path: Path, inside: tuple[object, object] | None) -> Path:
        """The path of a mapping below `path`, or of a value in it; `path` itself where that is not
        known."""
        if inside is None:
            return path
        mapping, value = inside
        place = path if mapping is None else _find_path(self.at(path), path, lambda v: v is mapping)
        if place is None:
            return path
        if value is None:
            return place
        return _find_path(self.at(place), place, lambda v: v == value and v is not True) or place

    def at(self, path: Path) -> object:
        """What the file holds at a path; None where nothing stands there."""
        data = self.data
        for step in path:
            if isinstance(data, dict):
                data = data.get(step)
            elif isinstance(data, list) and isinstance(step, int) and step < len(data):
                data = data[step]
            else:
                return None
        return data

    def fault(self, path: Path, message: Text, allowed: Iterable[str] = ()) -> None:
        self.faults.add(self.file, self.line(path), message, allowed)

    @contextmanager
    def noting_errors(self) -> Iterator[None]:
        """An error of the program while it reads this file is a fault of the file: whoever starts
        the service hears which one it is."""
        try:
            yield
        except HuiceError:
            raise
        except Exception as error:  # noqa: BLE001  whatever it is, it is told
            self.fault((), unreadable_by(error))


def _part_of(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    """The node at which a part of a node is marked, and the part itself."""
    if isinstance(node, yaml.MappingNode):
        parts = [(key, value) for key, value in node.value if key.value == step]
        return parts[-1] if parts else None
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


def unreadable_by(error: Exception) -> Text:
    """The words for a file at which the program itself failed."""
    how = f"{type(error).__name__} {error}".strip()
    return say("cannot_be_read_by_the_program", error=how)


def _find_path(data: object, path: Path, is_meant: Callable[[object], bool]) -> Path | None:
    """The first place below a path whose value is meant."""
    if is_meant(data):
        return path
    parts: Iterable[tuple[str | int, object]] = ()
    if isinstance(data, dict):
        parts = data.items()
    elif isinstance(data, list):
        parts = enumerate(data)
    found = (_find_path(value, (*path, key), is_meant) for key, value in parts)
    return next((place for place in found if place is not None), None)


def parse(file: str, content: bytes, faults: Faults) -> Document:
    """Parse one file. What is wrong goes to `faults`; the data then holds None in its place."""
    document = Document(file, None, faults)
    text = _decode_file(file, content, faults)
    if text is None:
        return document
    if is_too_deep(text):
        faults.add(file, 1, say("nested_deeper_than_levels", max_depth=MAX_DEPTH))
        return document
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        faults.add(file, *explain_fault(text, error))
    except (yaml.YAMLError, UnicodeError) as error:
        reason = getattr(error, "reason", None) or str(error)
        faults.add(file, 1, say("not_yaml_for_a_reason", reason=reason))
    else:
        try:
            document.root = node
            document.data = _Builder(document).build(node) if node else None
        except _TooManyValues:
            faults.add(file, 1, say("holds_too_many_values", max_values=_MAX_VALUES))
    return document


def _decode_file(file: str, content: bytes, faults: Faults) -> str | None:
    """The text of a file; None, with the fault noted, where it is none."""
    if len(content) > _MAX_FILE_BYTES:
        faults.add(file, 1, say("larger_than_bytes", max_file_bytes=_MAX_FILE_BYTES))
        return None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        faults.add(file, line, say("not_utf_8_save_the_file", hint=_encoding_hint(content)))
        return None
    for line, words in unseen_signs(text):
        faults.add(file, line, words)
    return without_unseen(text)


def _encoding_hint(content: bytes) -> Text:
    """What a file that is not UTF-8 seems to be written in; nothing where that cannot be seen."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return say("hint_utf_16")
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return NOTHING
    if "\0" in text or not _is_in_pairs(content):
        return NOTHING
    return say("but_gbk_as_it_seems")


def _is_in_pairs(content: bytes) -> bool:
    """Whether most bytes beyond ASCII stand in pairs, as Chinese characters do and single letters
    with an accent do not."""
    runs = [len(run) for run in _BEYOND_ASCII.findall(content)]
    return 2 * sum(n % 2 for n in runs) < len(runs)


class _TooManyValues(Exception):
    """A file that holds more than `_MAX_VALUES`."""


class _Builder:
    """Makes plain data of nodes. Raises _TooManyValues."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.visited: set[yaml.Node] = set()
        self.values_left = _MAX_VALUES

    def build(self, node: yaml.Node, depth: int = 0) -> object:
        if node in self.visited:
            self._fault(node, say("yaml_aliases_not_allowed"))
            return None
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        self.visited.add(node)
        if depth > MAX_DEPTH:
            self._fault(node, say("nested_deeper_than_levels", max_depth=MAX_DEPTH))
            return None
        self.values_left -= len(node.value)
        if self.values_left < 0:
            raise _TooManyValues
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, depth + 1) for child in node.value]
        assert isinstance(node, yaml.MappingNode)
        return self._mapping(node, depth)

    def _fault(self, node: yaml.Node, message: Text) -> None:
        self.document.faults.add(self.document.file, node.start_mark.line + 1, message)

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, object]:
        built: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            self.visited.add(key_node)
            wrong = _fault_of_key(key_node, value_node)
            if wrong:
                self._fault(key_node, wrong)
                continue
            if key in built:
                self._fault(key_node, say("key_stands_twice", key=quoted(key)))
            built[key] = self.build(value_node, depth + 1)
        return built

    def _scalar(self, node: yaml.ScalarNode) -> object:
        kind, text = node.tag.rsplit(":", 1)[-1], str(node.value)
        if kind == "str":
            return text if text.isascii() else self._text(text, node)
        if kind == "null":
            return None
        if kind == "bool" and text in ("true", "false"):
            return text == "true"
        if kind in ("int", "float") and len(text) > _MAX_NUMBER_LENGTH:
            self._fault(node, say("a_number_of_characters_is_too", len=len(text)))
            return None
        if kind == "int" and _INTEGER.fullmatch(text):
            return int(text.replace("_", ""))
        if kind == "float" and _POINT_OF_THOUSANDS.fullmatch(text):
            self._fault(node, _fault_of_thousands(text))
            return None
        if kind == "float" and _DECIMAL.fullmatch(text):
            return Decimal(text.replace("_", ""))
        if kind == "timestamp" and len(text) == 10:
            return self._date(text, node)
        self._fault(node, _fault_of_scalar(kind, text))
        return None

    def _text(self, text: str, node: yaml.ScalarNode) -> str | None:
        if _SURROGATE.search(text):
            self._fault(node, say("holds_half_a_character_a_lone"))
            return None
        half = _HALF_WIDTH.search(text)
        if half:
            full = chr(ord(half[1]) + 0xFEE0)
            message = say(
                "half_width_between_chinese_characters_write",
                half=quoted(half[1]),
                full=quoted(full),
            )
            self._fault(node, message)
        return text

    def _date(self, text: str, node: yaml.Node) -> date | None:
        try:
            return date.fromisoformat(text)
        except ValueError:
            self._fault(node, say("is_no_day_of_the_calendar", text=text))
            return None


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


def _fault_of_key(key: yaml.Node, value: yaml.Node) -> Text | None:
    """What is wrong with a key, be it that it was not meant as one; None where nothing is."""
    name = key.value
    if isinstance(key, yaml.SequenceNode):
        return say("a_key_is_a_list")
    if key.tag == "tag:yaml.org,2002:merge":
        return say("yaml_merge_key")
    if not isinstance(name, str) or not name.strip():
        return say("a_key_must_be_a_plain")
    if not name.isascii():
        if _SURROGATE.search(name):
            return say("a_key_holds_half_a_character")
        if sign := lookalike_in(name):
            return say("key", name=quoted(name), sign=sign)
    if isinstance(value, yaml.ScalarNode) and value.tag.endswith(":null") and not value.value:
        if key.tag.endswith((":int", ":float")) or name.isdecimal():
            return say("a_comma_before_ended_the_number", name=quoted(name))
        if re.search(_HAN, name):
            return say("yaml_half_width_comma", name=quoted(name))
    return None
