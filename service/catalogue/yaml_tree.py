"""Strict YAML: plain data with the line of every value, or diagnostics.

Stricter than YAML itself: no duplicate keys, no aliases, no `yes` for true, no octal or sexagesimal
numbers. Fractions become exact decimals and dates become dates.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

import yaml

from service.domain.errors import BrokenCatalogue, Diagnostic

Path: TypeAlias = tuple[str | int, ...]

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9_]*)")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9_]*)\.[0-9]+")
_HAN = "[\u4e00-\u9fff]"
_HALF_WIDTH = re.compile(rf"{_HAN}([,;:?!]){_HAN}")


class Faults:
    """Gathers diagnostics so that all faults of all files are told at once."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []

    def add(self, file: str, line: int, message: str, allowed: Iterable[str] = ()) -> None:
        self.found.append(Diagnostic(file, line, message, tuple(allowed)))

    def stop_if_any(self) -> None:
        """Raise BrokenCatalogue with everything found so far."""
        if self.found:
            raise BrokenCatalogue(tuple(sorted(set(self.found))))


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

    def fault(self, path: Path, message: str, allowed: Iterable[str] = ()) -> None:
        self.faults.add(self.file, self.line(path), message, allowed)


def parse(file: str, content: bytes, faults: Faults) -> Document:
    """Parse one file. What is wrong goes to `faults`; the data then holds None in its place."""
    document = Document(file, None, {}, faults)
    try:
        text = content.decode("utf-8")
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except UnicodeDecodeError as error:
        faults.add(file, content[: error.start].count(b"\n") + 1, "not UTF-8")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        faults.add(file, mark.line + 1 if mark else 1, f"not YAML: {error.problem}")
    except yaml.YAMLError as error:
        faults.add(file, 1, f"not YAML: {error}")
    else:
        document.data = _Builder(document).build(node, ()) if node else None
    return document


class _Builder:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.seen: set[int] = set()

    def build(self, node: yaml.Node, path: Path) -> object:
        self.document.lines[path] = node.start_mark.line + 1
        if id(node) in self.seen:
            self.document.fault(path, "aliases are not allowed: write the value out")
            return None
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        self.seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*path, i)) for i, child in enumerate(node.value)]
        assert isinstance(node, yaml.MappingNode)
        return self._mapping(node, path)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, object]:
        built: dict[str, object] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = key_node.value
            if not isinstance(key, str) or key_node.tag == "tag:yaml.org,2002:merge":
                self.document.faults.add(self.document.file, line, "a key must be a plain word")
                continue
            if key in built:
                self.document.faults.add(self.document.file, line, f"key {key!r} stands twice")
            built[key] = self.build(value_node, (*path, key))
            self.document.lines[*path, key] = line
        return built

    def _scalar(self, node: yaml.ScalarNode, path: Path) -> object:
        kind, text = node.tag.rsplit(":", 1)[-1], str(node.value)
        if kind == "str":
            self._check_punctuation(text, path)
            return text
        if kind == "null":
            return None
        if kind == "bool" and text in ("true", "false"):
            return text == "true"
        if kind == "int" and _INTEGER.fullmatch(text):
            return int(text.replace("_", ""))
        if kind == "float" and _DECIMAL.fullmatch(text):
            return Decimal(text.replace("_", ""))
        if kind == "timestamp" and len(text) == 10:
            return self._date(text, path)
        self.document.fault(path, f"{text!r} is ambiguous: quote it if it is text")
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
