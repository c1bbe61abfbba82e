"""Strict YAML: plain data with the line of every value, or diagnostics.

Stricter than YAML itself: no duplicate keys, no aliases, no `yes` for true, no octal or sexagesimal
numbers. Fractions become exact decimals and dates become dates.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from service.catalogue.fault_words import NOTHING, say
from service.catalogue.unseen_signs import unseen_signs, without_unseen
from service.catalogue.yaml_faults import explain_fault
from service.catalogue.yaml_values import Marks, TooMuch, ValueBuilder
from service.domain.errors import BrokenCatalogue, Diagnostic, HuiceError
from service.domain.text import Text

Path: TypeAlias = tuple[str | int, ...]

_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
_MAX_FILE_BYTES = 1_000_000
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
    """One parsed file: its data, and where these and their parts begin."""

    file: str
    data: object
    faults: Faults = field(repr=False)
    marks: Marks = field(default_factory=dict, repr=False)
    start: Any = field(default=None, repr=False)

    def line(self, path: Path) -> int:
        """The line (from 1) of a path, or of the nearest thing around it."""
        data: Any = self.data
        mark = self.start
        for step in path:
            try:
                mark, data = self.marks[id(data)][step], data[step]
            except (KeyError, IndexError, TypeError):
                break
        return 1 if mark is None else int(mark.line) + 1

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
    try:
        builder = ValueBuilder(text)
        document.data = builder.build()
    except TooMuch as fault:
        faults.add(file, fault.line, fault.message)
    except yaml.MarkedYAMLError as error:
        faults.add(file, *explain_fault(text, error))
    except (yaml.YAMLError, UnicodeError) as error:
        reason = getattr(error, "reason", None) or str(error)
        faults.add(file, 1, say("not_yaml_for_a_reason", reason=reason))
    else:
        document.marks, document.start = builder.marks, builder.start
        for line, words in builder.faults:
            faults.add(file, line, words)
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
