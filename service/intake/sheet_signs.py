"""One part of a workbook, followed cell by cell: how far it reaches, what its reader leaves out."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from service.domain.text import Text, grouped
from service.intake.number_formats import NumberWords

MAX_SHEET_ROWS = 1_048_576
MAX_COLUMNS = 2_000
MAX_CELLS = 60_000_000
MAX_MERGES = 20_000
MAX_ERRORS = 100_000
MAX_WORDED = 5_000_000
_MAX_ERROR_LENGTH = 20
# What stands for the result of a formula that was saved without one.
UNSAVED = "=?"
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_COUNT = re.compile(r"[0-9]{1,9}")
_ROW = re.compile(r"[1-9][0-9]{0,6}")
_TOO_LARGE = Text("工作簿太大", "the workbook is too large")
_TOO_MANY_ROWS = Text(
    f"工作表超过 {grouped(MAX_SHEET_ROWS)} 行，请分成几个文件，或另存为 CSV",
    f"a sheet has more than {grouped(MAX_SHEET_ROWS)} rows: split it into several files,"
    " or save it as CSV",
)


class UnsafeSheet(Exception):
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


class Extent:
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
        if follow is None:
            return
        follow(attributes)
        if self.row > MAX_SHEET_ROWS:
            raise UnsafeSheet(_TOO_MANY_ROWS)
        if self.columns > MAX_COLUMNS or self.row * self.columns > MAX_CELLS:
            raise UnsafeSheet
        if self.merges > MAX_MERGES or len(self.signs.errors) > MAX_ERRORS:
            raise UnsafeSheet

    def _worded(self, words: NumberWords) -> None:
        self.count_worded += 1
        if self.count_worded > MAX_WORDED:
            raise UnsafeSheet
        rows = self.signs.worded.setdefault(self.column - 1, {}).setdefault(words, array("I"))
        if rows and rows[-1] >= self.row - 1:
            raise UnsafeSheet  # rows stand in their order in every workbook that a program wrote
        rows.append(self.row - 1)

    def _column(self, attributes: dict[str, str]) -> None:
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if _is_hidden(attributes) and _COUNT.fullmatch(first) and _COUNT.fullmatch(last):
            self.signs.hidden_columns |= set(range(int(first) - 1, min(int(last), MAX_COLUMNS)))

    def _strings(self, attributes: dict[str, str]) -> None:
        """Room is made for so many texts; each takes a byte at least."""
        declared = attributes.get("uniqueCount", "0")
        if not _COUNT.fullmatch(declared) or int(declared) > self.size:
            raise UnsafeSheet

    def _text(self, _: dict[str, str]) -> None:
        self.text_start = self.parser.CurrentByteIndex

    def _run(self, _: dict[str, str]) -> None:
        """A part of a text in a font of its own."""
        if self.parser.CurrentByteIndex - self.text_start > MAX_TEXT_BYTES:
            raise UnsafeSheet

    def _row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", "")
        if number and not _ROW.fullmatch(number):
            raise UnsafeSheet
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
                raise UnsafeSheet
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
        raise UnsafeSheet


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    return attributes.get("hidden", "0") in ("1", "true")


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


# A cell's text, as it is written down: a program's own bound is 32,767 characters.
MAX_TEXT_BYTES = 1 << 20
