"""How far the cells of a workbook reach, found out before anything makes room for them; and what
the reader of workbooks does not tell of them.

The reader of workbooks allocates by the outermost cell, so one cell in the last row and column
would ask for all memory. Every part that is a sheet by its content is parsed, whatever its name; as
the reader takes much for a sheet that is no XML, every part that the workbook names has to be XML
from its beginning to its end.
"""

import posixpath
import re
import time
import zipfile
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from service.domain.errors import ErrorCode, Refused
from service.domain.text import Text, grouped
from service.intake.number_formats import NumberWords, formats_of

# A workbook may unpack to so many bytes, and a sheet claim so many columns and cells; rows are the
# format's own bound, which calamine, the reader, does not hold.
MAX_UNPACKED = 1 << 30
MAX_SHEET_ROWS = 1_048_576
MAX_COLUMNS = 2_000
MAX_CELLS = 60_000_000
MAX_MERGES = 20_000
MAX_ERRORS = 100_000
MAX_WORDED = 5_000_000
# A cell's text, as it is written down: a program's own bound is 32,767 characters.
MAX_TEXT_BYTES = 1 << 20
# Of a processor's time, for all parts: half a million rows of twenty cells take half of it.
MAX_SECONDS = 60.0
_MAX_ERROR_LENGTH = 20
# What stands for the result of a formula that was saved without one.
UNSAVED = "=?"
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_COUNT = re.compile(r"[0-9]{1,9}")
_ROW = re.compile(r"[1-9][0-9]{0,6}")
_NAMES = "xl/_rels/workbook.xml.rels"
_STYLES = "xl/styles.xml"
_READ_ALWAYS = ("xl/workbook.xml", "xl/sharedStrings.xml", _STYLES, _NAMES)
_BLOCK = 1 << 20
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"
_TOO_LARGE = Text("工作簿太大", "the workbook is too large")
_TOO_MANY_ROWS = Text(
    f"工作表超过 {grouped(MAX_SHEET_ROWS)} 行，请分成几个文件，或另存为 CSV",
    f"a sheet has more than {grouped(MAX_SHEET_ROWS)} rows: split it into several files,"
    " or save it as CSV",
)
_TOO_LONG = Text(
    f"读取工作簿超过 {MAX_SECONDS:.0f} 秒，请分成几个文件，或另存为 CSV",
    f"reading the workbook takes more than {MAX_SECONDS:.0f} seconds: split it into several files,"
    " or save it as CSV",
)
_NO_WORKBOOK = Text("不是有效的 .xlsx 工作簿", "no valid .xlsx workbook")


class _Unsafe(Exception):
    """The part reaches too far, takes too long, or declares what a sheet does not need."""

    def __init__(self, reason: Text = _TOO_LARGE) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class SheetSigns:
    """What a reader of workbooks does not tell of a sheet, rows and columns from zero: the texts of
    cells that hold an error (#DIV/0!) or a formula whose result was not saved, which it takes for
    empty ones; the rows of a column whose
    numbers are shown with words beside them; what is hidden."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    worded: dict[int, dict[NumberWords, "array[int]"]] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)

    def words(self, row: int, column: int) -> NumberWords | None:
        """What is shown beside the number of a cell."""
        for words, rows in self.worded.get(column, {}).items():
            at = bisect_left(rows, row)
            if at < len(rows) and rows[at] == row:
                return words
        return None

    def __bool__(self) -> bool:
        return bool(self.errors or self.worded or self.hidden_rows or self.hidden_columns)


class _Extent:
    """Follows the cells of one part; stops at the first sign that they reach too far."""

    def __init__(
        self, parser: expat.XMLParserType, size: int, formats: Mapping[str, NumberWords]
    ) -> None:
        """`size`: the bytes of the part; `formats`: styles whose numbers are shown with words."""
        self.size = size
        self.row = self.column = self.columns = self.merges = 0
        self.has_root = self.is_sheet = False
        self.parser = parser
        self.signs = SheetSigns()
        self.formats = formats
        self.count_worded = 0
        self.elements = self.text_start = 0
        self._followed = {
            "sst": self._strings,
            "si": self._text,
            "is": self._text,
            "r": self._run,
            "row": self._row,
            "c": self._cell,
            "col": self._column,
            "mergeCell": self._merge,
            "f": self._formula,
        }
        self.kind = "n"
        self.in_value = False
        # A sheet has few names and few columns, each a million times.
        self._tags: dict[str, str] = {}
        self._numbers: dict[str, int] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        tag = self._tags.get(name)
        if tag is None:
            tag = self._tags[name] = name.rpartition(" ")[2]
        if not self.has_root:
            self.has_root, self.is_sheet = True, tag == "worksheet"
        follow = self._followed.get(tag)
        if follow is not None:
            follow(attributes)
        if self.row > MAX_SHEET_ROWS:
            raise _Unsafe(_TOO_MANY_ROWS)
        if self.columns > MAX_COLUMNS or self.row * self.columns > MAX_CELLS:
            raise _Unsafe
        if self.merges > MAX_MERGES or len(self.signs.errors) > MAX_ERRORS:
            raise _Unsafe

    def _worded(self, words: NumberWords) -> None:
        self.count_worded += 1
        if self.count_worded > MAX_WORDED:
            raise _Unsafe
        rows = self.signs.worded.setdefault(self.column - 1, {}).setdefault(words, array("I"))
        if rows and rows[-1] >= self.row - 1:
            raise _Unsafe  # rows stand in their order in every workbook that a program wrote
        rows.append(self.row - 1)

    def _column(self, attributes: dict[str, str]) -> None:
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if _is_hidden(attributes) and _COUNT.fullmatch(first) and _COUNT.fullmatch(last):
            self.signs.hidden_columns |= set(range(int(first) - 1, min(int(last), MAX_COLUMNS)))

    def _strings(self, attributes: dict[str, str]) -> None:
        """Room is made for so many texts; each takes a byte at least."""
        declared = attributes.get("uniqueCount", "0")
        if not _COUNT.fullmatch(declared) or int(declared) > self.size:
            raise _Unsafe

    def _text(self, _: dict[str, str]) -> None:
        self.text_start = self.parser.CurrentByteIndex

    def _run(self, _: dict[str, str]) -> None:
        """A part of a text in a font of its own."""
        if self.parser.CurrentByteIndex - self.text_start > MAX_TEXT_BYTES:
            raise _Unsafe

    def _row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", "")
        if number and not _ROW.fullmatch(number):
            raise _Unsafe
        self.row = int(number) if number else self.row + 1
        self.column = 0
        if _is_hidden(attributes) and len(self.signs.hidden_rows) < MAX_ERRORS:
            self.signs.hidden_rows.append(self.row - 1)

    def _cell(self, attributes: dict[str, str]) -> None:
        self._go_to(attributes.get("r", ""))
        kind = self.kind = attributes.get("t", "n")
        # The order of calculation names cells, too.
        if self.is_sheet and kind == "n" and attributes.get("s") in self.formats:
            self._worded(self.formats[attributes["s"]])
        elif kind == "e":
            self.signs.errors[self.row - 1, self.column - 1] = ""
            self.parser.CharacterDataHandler = self._error
            self.parser.EndElementHandler = self.end

    def _formula(self, _: dict[str, str]) -> None:
        """A formula: nothing is known of its result unless one is saved behind it."""
        if self.is_sheet and self.kind == "n" and self.row and self.column:
            self.in_value = False
            self.signs.errors[self.row - 1, self.column - 1] = UNSAVED
            self._followed["v"] = self._value
            self.parser.CharacterDataHandler = self._result
            self.parser.EndElementHandler = self.end

    def _value(self, _: dict[str, str]) -> None:
        self.in_value = True

    def _result(self, text: str) -> None:
        if self.in_value and text.strip():
            self.signs.errors.pop((self.row - 1, self.column - 1), None)

    def _merge(self, _: dict[str, str]) -> None:
        self.merges += 1

    def _go_to(self, reference: str) -> None:
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
        if text.startswith("#") and not self.signs.errors[cell]:
            self.signs.errors[cell] = text[:_MAX_ERROR_LENGTH]

    def end(self, name: str) -> None:
        if self._tags[name] == "c":
            self.parser.CharacterDataHandler = self.parser.EndElementHandler = None
            self._followed.pop("v", None)

    def entity(self, *_: object) -> None:
        raise _Unsafe


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    return attributes.get("hidden", "0") in ("1", "true")


def check_extent(path: Path) -> Mapping[str, SheetSigns]:
    """What the reader of workbooks does not tell, by the name of the sheet. Raises Refused for what
    is no workbook, unpacks to too much, or has cells too far out."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = [e for e in packed.infolist() if not e.is_dir()]
            if sum(e.file_size for e in parts) > MAX_UNPACKED:
                raise _Unsafe
            deadline = time.thread_time() + MAX_SECONDS
            named = _named_parts(packed)
            has_styles = any(part.filename == _STYLES for part in parts)
            formats = _formats(packed) if has_styles else {}
            signs = {
                part.filename: _check_part(
                    packed, part, formats, deadline, is_named=_base(part.filename) in named
                )
                for part in parts
            }
            return _by_sheet(packed, {part: found for part, found in signs.items() if found})
    except _Unsafe as error:
        raise Refused(error.reason, ErrorCode.TOO_LARGE) from None
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


def _formats(packed: zipfile.ZipFile) -> Mapping[str, NumberWords]:
    with packed.open(_STYLES) as styles:
        return formats_of(styles)


def _by_sheet(packed: zipfile.ZipFile, signs: Mapping[str, SheetSigns]) -> Mapping[str, SheetSigns]:
    """The same by the names of the sheets instead of those of the parts. Raises ValueError."""
    if not signs:
        return {}
    targets = {
        rel["Id"]: posixpath.normpath(posixpath.join("/xl", rel["Target"])).lstrip("/")
        for rel in _elements(packed, _NAMES, "Relationship")
    }
    sheets = {
        targets.get(sheet[_RELATION]): sheet["name"]
        for sheet in _elements(packed, "xl/workbook.xml", "sheet")
    }
    if not signs.keys() <= sheets.keys():
        raise ValueError("a sheet without a name")
    return {sheets[part]: found for part, found in signs.items()}


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


def _check_part(
    packed: zipfile.ZipFile,
    part: zipfile.ZipInfo,
    formats: Mapping[str, NumberWords],
    deadline: float,
    *,
    is_named: bool,
) -> SheetSigns:
    """Parses a part as far as it is a sheet; one that the workbook names to its end. Another that
    is no XML is no sheet either. `deadline`: by this thread's processor time. Raises ValueError."""
    parser = expat.ParserCreate(namespace_separator=" ")
    extent = _Extent(parser, part.file_size, formats)
    parser.StartElementHandler = extent.start
    parser.EntityDeclHandler = extent.entity
    unpacked = elements = last_element = 0
    with packed.open(part) as file:
        try:
            while block := file.read(_BLOCK):
                unpacked += len(block)
                if unpacked > MAX_UNPACKED or unpacked - last_element > MAX_TEXT_BYTES + _BLOCK:
                    raise _Unsafe
                if time.thread_time() > deadline:
                    raise _Unsafe(_TOO_LONG)
                parser.Parse(block)
                if extent.elements > elements:
                    elements, last_element = extent.elements, unpacked
                if extent.has_root and not (extent.is_sheet or is_named):
                    return SheetSigns()
            parser.Parse(b"", True)
        except expat.ExpatError:
            if is_named or extent.is_sheet:
                raise ValueError(part.filename) from None
            return SheetSigns()
    return extent.signs if extent.is_sheet else SheetSigns()


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
