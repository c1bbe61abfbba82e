"""Strict YAML: plain data with the line of every value, or diagnostics.

Stricter than YAML itself: no duplicate keys, no aliases, no `yes` for true, no octal or sexagesimal
numbers. Fractions become exact decimals and dates become dates.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

import yaml

from service.catalogue.numbers import number_hint
from service.catalogue.yaml_faults import MAX_DEPTH, explain_fault, is_too_deep, lookalike_in
from service.domain.errors import BrokenCatalogue, Diagnostic

Path: TypeAlias = tuple[str | int, ...]

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*(_[0-9]+)*)")
_KINDS = {"str", "null", "bool", "int", "float", "timestamp", "merge", "value"}
_YES = {"yes", "on", "y", "true"}
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9_]*)\.[0-9]+")
_HAN = "[\u4e00-\u9fff]"
_HALF_WIDTH = re.compile(rf"{_HAN}([,;:?!]){_HAN}")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MAX_NUMBER_LENGTH = 40
_MAX_FILE_BYTES = 4_000_000
_MAX_ALLOWED = 40


class Faults:
    """Gathers diagnostics so that all faults of all files are told at once."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []

    def add(self, file: str, line: int, message: str, allowed: Iterable[str] = ()) -> None:
        """Note a fault; of what is allowed the first are named, and how many more there are."""
        names = tuple(allowed)
        shown = names[:_MAX_ALLOWED]
        self.diagnostics.append(Diagnostic(file, line, message, shown, len(names) - len(shown)))

    def stop_if_any(self) -> None:
        """Raise BrokenCatalogue with everything found so far."""
        if self.diagnostics:
            raise BrokenCatalogue(tuple(sorted(set(self.diagnostics))))


@dataclass
class Document:
    """One parsed file: its data, and the line (from 1) of every path in it."""

    file: str
    data: object
    lines: dict[Path, int] = field(repr=False)
    faults: Faults = field(repr=False)

    def line(self, path: Path) -> int:
        """The line of a path, or of the nearest thing around it."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)

    def innermost(self, path: Path, inside: tuple[object, object] | None) -> Path:
        """Where a mapping stands below a path, or where in it a value does; the path itself where
        that is not known."""
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

    def fault(self, path: Path, message: str, allowed: Iterable[str] = ()) -> None:
        self.faults.add(self.file, self.line(path), message, allowed)


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
    document = Document(file, None, {}, faults)
    text = _decode_file(file, content, faults)
    if text is None:
        return document
    if is_too_deep(text):
        faults.add(file, 1, f"nested deeper than {MAX_DEPTH} levels")
        return document
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        faults.add(file, *explain_fault(text, error))
    except (yaml.YAMLError, UnicodeError) as error:
        reason = getattr(error, "reason", None) or str(error)
        faults.add(file, 1, f"not YAML: {reason}")
    else:
        document.data = _Builder(document).build(node, ()) if node else None
    return document


def _decode_file(file: str, content: bytes, faults: Faults) -> str | None:
    """The text of a file; None, with the fault noted, where it is none."""
    if len(content) > _MAX_FILE_BYTES:
        faults.add(file, 1, f"larger than {_MAX_FILE_BYTES} bytes")
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        faults.add(file, line, f"not UTF-8{_encoding_hint(content)}: save the file as UTF-8")
        return None


def _encoding_hint(content: bytes) -> str:
    """What a file that is not UTF-8 seems to be written in; nothing where that cannot be seen."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return " but UTF-16"
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "" if "\0" in text else " but GBK, as it seems"


class _Builder:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.visited: set[yaml.Node] = set()

    def build(self, node: yaml.Node, path: Path) -> object:
        self.document.lines[path] = node.start_mark.line + 1
        if node in self.visited:
            self.document.fault(path, "aliases are not allowed: write the value out")
            return None
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        self.visited.add(node)
        if len(path) > MAX_DEPTH:
            self.document.fault(path, f"nested deeper than {MAX_DEPTH} levels")
            return None
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*path, i)) for i, child in enumerate(node.value)]
        assert isinstance(node, yaml.MappingNode)
        return self._mapping(node, path)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, object]:
        built: dict[str, object] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = key_node.value
            self.visited.add(key_node)
            wrong = _fault_of_key(key_node, value_node)
            if wrong:
                self.document.faults.add(self.document.file, line, wrong)
                continue
            if key in built:
                self.document.faults.add(self.document.file, line, f"key {key!r} stands twice")
            built[key] = self.build(value_node, (*path, key))
            self.document.lines[*path, key] = line
        return built

    def _scalar(self, node: yaml.ScalarNode, path: Path) -> object:
        kind, text = node.tag.rsplit(":", 1)[-1], str(node.value)
        if kind == "str":
            if _SURROGATE.search(text):
                self.document.fault(path, "holds half a character (a lone surrogate)")
                return None
            self._check_punctuation(text, path)
            return text
        if kind == "null":
            return None
        if kind == "bool" and text in ("true", "false"):
            return text == "true"
        if kind in ("int", "float") and len(text) > _MAX_NUMBER_LENGTH:
            self.document.fault(path, f"a number of {len(text)} characters is too long")
            return None
        if kind == "int" and _INTEGER.fullmatch(text):
            return int(text.replace("_", ""))
        if kind == "float" and _DECIMAL.fullmatch(text):
            return Decimal(text.replace("_", ""))
        if kind == "timestamp" and len(text) == 10:
            return self._date(text, path)
        self.document.fault(path, _fault_of_scalar(kind, text))
        return None

    def _check_punctuation(self, text: str, path: Path) -> None:
        half = _HALF_WIDTH.search(text)
        if half:
            full = chr(ord(half[1]) + 0xFEE0)
            message = f"half-width {half[1]!r} between Chinese characters: write {full!r}"
            self.document.fault(path, message)

    def _date(self, text: str, path: Path) -> date | None:
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.document.fault(path, f"{text} is not a day of the calendar")
            return None


def _fault_of_scalar(kind: str, text: str) -> str:
    """What is wrong with a value that is none of ours."""
    if kind not in _KINDS:
        return "tags are not allowed: write the value as it is"
    hint = number_hint(text) if kind == "float" else ""
    if hint:
        return f"must be a number{hint}"
    words = f"{text!r} is ambiguous: quote it if it is text"
    if kind == "bool":
        words += f", or write {'true' if text.lower() in _YES else 'false'}"
    return words


def _fault_of_key(key: yaml.Node, value: yaml.Node) -> str | None:
    """What is wrong with a key, be it that it was not meant as one; None where nothing is."""
    name = key.value
    if not isinstance(name, str) or key.tag == "tag:yaml.org,2002:merge" or not name.strip():
        return "a key must be a plain word"
    if _SURROGATE.search(name):
        return "a key holds half a character (a lone surrogate)"
    if not name.isascii() and (sign := lookalike_in(name)):
        return f"key {name!r}: {sign}"
    if isinstance(value, yaml.ScalarNode) and value.tag.endswith(":null") and not value.value:
        if key.tag.endswith((":int", ":float")) or name.isdecimal():
            return f"a comma before {name!r} ended the number: write thousands as 10_000"
        if re.search(_HAN, name):
            return f"a half-width ',' before {name!r} ended the text: write '，' or use quotes"
    return None
