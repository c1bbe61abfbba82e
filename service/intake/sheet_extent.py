"""How far the cells of a workbook reach, found out before anything makes room for them.

The reader of workbooks allocates by the outermost cell, so one cell in the last row and column
would ask for all memory. Every part that is a sheet by its content is parsed, whatever its name.
"""

import re
import zipfile
from pathlib import Path
from xml.parsers import expat

from service.domain.errors import ErrorCode, Refused
from service.domain.text import Text

# A workbook may unpack to so many bytes, and a sheet claim so many columns and cells.
MAX_UNPACKED = 1 << 30
MAX_COLUMNS = 2_000
MAX_CELLS = 60_000_000
MAX_MERGES = 20_000
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_BLOCK = 1 << 20
_TOO_LARGE = Text("工作簿太大", "the workbook is too large")
_NO_WORKBOOK = Text("不是有效的 .xlsx 工作簿", "no valid .xlsx workbook")


class _Unsafe(Exception):
    """The part reaches too far, or declares what a sheet has no use for."""


class _Extent:
    """Follows the cells of one part; stops at the first sign that they reach too far."""

    def __init__(self) -> None:
        self.depth = self.row = self.column = self.columns = self.merges = 0
        self.is_sheet = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        self.depth += 1
        if self.depth == 1:
            self.is_sheet = tag == "worksheet"
        if tag == "row":
            self.row = int(attributes["r"]) if attributes.get("r", "").isdecimal() else self.row + 1
            self.column = 0
        elif tag == "c":
            self._cell(attributes.get("r", ""))
        elif tag == "mergeCell":
            self.merges += 1
        if self.columns > MAX_COLUMNS or self.row * self.columns > MAX_CELLS:
            raise _Unsafe
        if self.merges > MAX_MERGES:
            raise _Unsafe

    def _cell(self, reference: str) -> None:
        found = _REFERENCE.fullmatch(reference.upper())
        self.column = _number(found[1]) if found else self.column + 1
        if found:
            self.row = max(self.row, int(found[2]))
        self.columns = max(self.columns, self.column)

    def end(self, _: str) -> None:
        self.depth -= 1

    def entity(self, *_: object) -> None:
        raise _Unsafe


def check_extent(path: Path) -> None:
    """Raises Refused for what is no workbook, unpacks to too much, or has cells too far out."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = [e for e in packed.infolist() if not e.is_dir()]
            if sum(e.file_size for e in parts) > MAX_UNPACKED:
                raise Refused(_TOO_LARGE, ErrorCode.TOO_LARGE)
            for part in parts:
                _check_part(packed, part)
    except _Unsafe:
        raise Refused(_TOO_LARGE, ErrorCode.TOO_LARGE) from None
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise Refused(_NO_WORKBOOK, ErrorCode.BAD_REQUEST) from None


def _check_part(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Parses a part as far as it is a sheet; what is no XML is no sheet either."""
    parser = expat.ParserCreate(namespace_separator=" ")
    extent = _Extent()
    parser.StartElementHandler = extent.start
    parser.EndElementHandler = extent.end
    parser.EntityDeclHandler = extent.entity
    unpacked = 0
    with packed.open(part) as file:
        while block := file.read(_BLOCK):
            unpacked += len(block)
            if unpacked > MAX_UNPACKED:
                raise _Unsafe
            try:
                parser.Parse(block)
            except expat.ExpatError:
                return
            if extent.depth and not extent.is_sheet:
                return


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
