"""How far the cells of a workbook reach, found out before anything makes room for them.

The reader of workbooks allocates by the outermost cell, so one cell in the last row and column
would ask for all memory. Every part that is a sheet by its content is parsed, whatever its name; as
the reader takes much for a sheet that is no XML, every part that the workbook names has to be XML
from its beginning to its end.
"""

import posixpath
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias
from xml.parsers import expat

from service.domain.errors import ErrorCode, Refused
from service.domain.text import Text

# A workbook may unpack to so many bytes, and a sheet claim so many columns and cells.
MAX_UNPACKED = 1 << 30
MAX_COLUMNS = 2_000
MAX_CELLS = 60_000_000
MAX_MERGES = 20_000
MAX_ERRORS = 100_000
_LONGEST_ERROR = 20
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_COUNT = re.compile(r"[0-9]{1,9}")
_ROW = re.compile(r"[1-9][0-9]{0,6}")
_NAMES = "xl/_rels/workbook.xml.rels"
_READ_ALWAYS = ("xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", _NAMES)
_BLOCK = 1 << 20
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"
_TOO_LARGE = Text("工作簿太大", "the workbook is too large")
_NO_WORKBOOK = Text("不是有效的 .xlsx 工作簿", "no valid .xlsx workbook")


class _Unsafe(Exception):
    """The part reaches too far, or declares what a sheet has no use for."""


# The texts of the cells of one sheet that hold an error (#DIV/0!), by row and column from zero.
ErrorCells: TypeAlias = Mapping[tuple[int, int], str]


class _Extent:
    """Follows the cells of one part; stops at the first sign that they reach too far. `errors` has
    the cells that hold an error."""

    def __init__(self, parser: expat.XMLParserType, size: int) -> None:
        """`size`: the bytes of the part."""
        self.size = size
        self.row = self.column = self.columns = self.merges = 0
        self.has_root = self.is_sheet = False
        self.parser = parser
        self.errors: dict[tuple[int, int], str] = {}
        # A sheet has few names and few columns, each a million times.
        self._tags: dict[str, str] = {}
        self._numbers: dict[str, int] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = self._tags.get(name)
        if tag is None:
            tag = self._tags[name] = name.rpartition(" ")[2]
        if not self.has_root:
            self.has_root, self.is_sheet = True, tag == "worksheet"
        if tag == "sst":
            self._strings(attributes.get("uniqueCount", "0"))
        elif tag == "row":
            self._row(attributes.get("r", ""))
        elif tag == "c":
            self._cell(attributes.get("r", ""))
            if attributes.get("t") == "e":
                self.errors[self.row - 1, self.column - 1] = ""
                self.parser.CharacterDataHandler = self._error
                self.parser.EndElementHandler = self.end
        elif tag == "mergeCell":
            self.merges += 1
        if self.columns > MAX_COLUMNS or self.row * self.columns > MAX_CELLS:
            raise _Unsafe
        if self.merges > MAX_MERGES or len(self.errors) > MAX_ERRORS:
            raise _Unsafe

    def _strings(self, declared: str) -> None:
        """Room is made for so many texts; each takes a byte at least."""
        if not _COUNT.fullmatch(declared) or int(declared) > self.size:
            raise _Unsafe

    def _row(self, number: str) -> None:
        if number and not _ROW.fullmatch(number):
            raise _Unsafe
        self.row = int(number) if number else self.row + 1
        self.column = 0

    def _cell(self, reference: str) -> None:
        found = _REFERENCE.fullmatch(reference)
        if found is None and reference:
            found = _REFERENCE.fullmatch(reference.upper())
            if found is None:
                raise _Unsafe
        if found is None:
            self.column += 1
        else:
            letters, digits = found.groups()
            column = self._numbers.get(letters)
            if column is None:
                column = self._numbers[letters] = _number(letters)
            self.column = column
            self.row = max(self.row, int(digits))
        self.columns = max(self.columns, self.column)

    def _error(self, text: str) -> None:
        cell = self.row - 1, self.column - 1
        if text.startswith("#") and not self.errors[cell]:
            self.errors[cell] = text[:_LONGEST_ERROR]

    def end(self, name: str) -> None:
        if self._tags[name] == "c":
            self.parser.CharacterDataHandler = self.parser.EndElementHandler = None

    def entity(self, *_: object) -> None:
        raise _Unsafe


def check_extent(path: Path) -> Mapping[str, ErrorCells]:
    """The cells that hold an error, by the name of their sheet: a reader of workbooks takes them
    for empty ones. Raises Refused for what is no workbook, unpacks to too much, or has cells too
    far out."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = [e for e in packed.infolist() if not e.is_dir()]
            if sum(e.file_size for e in parts) > MAX_UNPACKED:
                raise Refused(_TOO_LARGE, ErrorCode.TOO_LARGE)
            named = _named_parts(packed)
            errors = {
                part.filename: _check_part(packed, part, is_named=_base(part.filename) in named)
                for part in parts
            }
            return _by_sheet(packed, {part: cells for part, cells in errors.items() if cells})
    except _Unsafe:
        raise Refused(_TOO_LARGE, ErrorCode.TOO_LARGE) from None
    except (
        zipfile.BadZipFile,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        LookupError,
        ValueError,
    ):
        raise Refused(_NO_WORKBOOK, ErrorCode.BAD_REQUEST) from None


def _by_sheet(
    packed: zipfile.ZipFile, errors: Mapping[str, ErrorCells]
) -> Mapping[str, ErrorCells]:
    """The same by the names of the sheets instead of those of the parts. Raises ValueError."""
    if not errors:
        return {}
    targets = {
        rel["Id"]: posixpath.normpath(posixpath.join("/xl", rel["Target"])).lstrip("/")
        for rel in _elements(packed, _NAMES, "Relationship")
    }
    sheets = {
        targets.get(sheet[_RELATION]): sheet["name"]
        for sheet in _elements(packed, "xl/workbook.xml", "sheet")
    }
    if not errors.keys() <= sheets.keys():
        raise ValueError("a sheet without a name")
    return {sheets[part]: cells for part, cells in errors.items()}


def _named_parts(packed: zipfile.ZipFile) -> frozenset[str]:
    """What the workbook may be read from, by the last part of the names: how folders and letters
    are taken is the reader's affair. Raises ValueError."""
    targets = (rel.get("Target", "") for rel in _elements(packed, _NAMES, "Relationship"))
    return frozenset(map(_base, (*_READ_ALWAYS, *targets)))


def _base(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2].casefold()


def _elements(packed: zipfile.ZipFile, part: str, tag: str) -> list[dict[str, str]]:
    """The attributes of a part's elements of one name. Raises ValueError."""
    found: list[dict[str, str]] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, attributes: (
        found.append(attributes) if name.rpartition(" ")[2] == tag else None
    )
    try:
        parser.Parse(packed.read(part), True)
    except (KeyError, expat.ExpatError):
        raise ValueError(part) from None
    return found


def _check_part(packed: zipfile.ZipFile, part: zipfile.ZipInfo, *, is_named: bool) -> ErrorCells:
    """Parses a part as far as it is a sheet; one that the workbook names to its end. Another that
    is no XML is no sheet either. Raises ValueError."""
    parser = expat.ParserCreate(namespace_separator=" ")
    extent = _Extent(parser, part.file_size)
    parser.StartElementHandler = extent.start
    parser.EntityDeclHandler = extent.entity
    unpacked = 0
    with packed.open(part) as file:
        try:
            while block := file.read(_BLOCK):
                unpacked += len(block)
                if unpacked > MAX_UNPACKED:
                    raise _Unsafe
                parser.Parse(block)
                if extent.has_root and not (extent.is_sheet or is_named):
                    return {}
            parser.Parse(b"", True)
        except expat.ExpatError:
            if is_named or extent.is_sheet:
                raise ValueError(part.filename) from None
            return {}
    return extent.errors


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
