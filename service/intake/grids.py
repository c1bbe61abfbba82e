"""Tables that people made, as cells of text: CSV in their encodings, sheets of a workbook.

Nothing is decided here about what a cell means. A grid shows its first rows, so that somebody can
find the header, and then streams the rest in batches with the number of each row.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Protocol, TextIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from numpy.typing import NDArray
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from service.domain.errors import ErrorCode, Refused
from service.domain.text import Text
from service.intake.sheet_extent import MAX_COLUMNS, SheetSigns, check_extent

# Of so many rows a batch is answered: more take no less time, and more memory.
ROWS = 1 << 11
HEAD_ROWS = 40
FORMATS = (".csv", ".xlsx")
# The first rows of a table of 2,000 columns take some two millions.
_HEAD_CHARACTERS = 8 << 20
# A cell merged over so many columns beyond its own is a line of text.
_WIDE = 2
_SNIFFED = 1 << 22
# Bytes of a CSV file that are read at a time.
_BLOCK = 1 << 21
_WHOLE_BELOW = 1 << 26
_DELIMITERS = (",", ";", "\t", "，")
_CUT_SHORT = re.compile(r"Expected \d+ columns, got \d+")
_NAMED = 20


class Merge(NamedTuple):
    """Cells shown as one: first and last row and column, counted from zero."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class GridBatch:
    """Rows of a grid: their numbers as a spreadsheet counts them, and columns named "0", "1", …"""

    numbers: NDArray[np.int64]
    rows: pa.RecordBatch


class Grid(Protocol):
    """A table of text cells. `first_column`: how far to the right it begins; `spreadsheet`: whether
    numbers may have been shown otherwise than they are held; `commas`: whether a comma may part
    decimals, as where semicolons part the cells; `lines_of_text`: the numbers of rows
    passed over, complete once all batches are read; `hidden_rows` (their numbers) and
    `hidden_columns` (from zero) are not shown by the workbook, and read like any other."""

    sheet: str | None
    first_column: int
    head: Sequence[Sequence[str | None]]
    merges: Sequence[Merge]
    spreadsheet: bool
    commas: bool
    lines_of_text: list[int]
    hidden_rows: Sequence[int]
    hidden_columns: Collection[int]

    def batches(self, first_row: int) -> Iterator[GridBatch]:
        """The rows from one on, counted from zero. Raises Refused."""
        ...


def open_grids(path: Path) -> Iterator[Grid]:
    """The sheets of a workbook that hold something and are not hidden, or the one table of a CSV
    file. Raises Refused."""
    if path.suffix.lower() == ".csv":
        yield _CsvGrid(path)
        return
    signs = check_extent(path)
    with _as_refused(path):
        book = CalamineWorkbook.from_path(str(path))
        shown = [m.name for m in book.sheets_metadata if m.visible == SheetVisibleEnum.Visible]
    for name in shown:
        with _as_refused(path):
            sheet = book.get_sheet_by_name(name)
        if sheet.start is not None:
            yield _SheetGrid(sheet, signs.get(name) or SheetSigns())


@contextmanager
def _as_refused(path: Path) -> Iterator[None]:
    """Turn what the reader of workbooks cannot read into Refused."""
    try:
        yield
    except (CalamineError, OSError) as error:
        raise _refused(
            f"无法读取 {path.name}：{error}", f"{path.name} cannot be read: {error}"
        ) from None


class _SheetGrid:
    spreadsheet, commas = True, False

    def __init__(self, sheet: CalamineSheet, signs: SheetSigns) -> None:
        self.sheet: str | None = sheet.name
        assert sheet.start is not None
        self._signs = signs
        self.hidden_rows: Sequence[int] = [i + 1 for i in signs.hidden_rows]
        self.hidden_columns: Collection[int] = signs.hidden_columns
        self._errors: dict[int, dict[int, str]] = {}
        for (row, column), text in signs.errors.items():
            self._errors.setdefault(row, {})[column - sheet.start[1]] = text or "#?"
        self.first_column = left = sheet.start[1]
        self._sheet = sheet
        self._width = max(sheet.width, 1)
        places = range(left, left + self._width)
        self._worded = [column - left for column in signs.worded if column in places]
        self.merges: Sequence[Merge] = [
            Merge(top, a - left, bottom, b - left)
            for (top, a), (bottom, b) in sheet.merged_cell_ranges or ()
        ]
        self.head: Sequence[Sequence[str | None]] = [
            self._cells(row, i) for i, row in enumerate(islice(sheet.iter_rows(), HEAD_ROWS))
        ]
        self.lines_of_text: list[int] = []

    def batches(self, first_row: int) -> Iterator[GridBatch]:
        self.lines_of_text.clear()
        lines = self._lines(first_row)
        names = [str(i) for i in range(self._width)]
        while block := list(islice(lines, ROWS)):
            columns = ([cells[i] for _, cells in block] for i in range(self._width))
            arrays = [pa.array(c, pa.string()) for c in columns]
            numbers = np.array([n for n, _ in block], np.int64)
            yield GridBatch(numbers, pa.record_batch(arrays, names=names))

    def _lines(self, first_row: int) -> Iterator[tuple[int, list[str | None]]]:
        """Rows with their numbers. What is merged downwards holds for each of its rows; a line of
        text across the table (a note, a signature) is no company."""
        tall: dict[int, list[Merge]] = {}
        for merge in self.merges:
            if merge.left == merge.right and merge.bottom > merge.top:
                tall.setdefault(merge.top, []).append(merge)
        wide = {m.top for m in self.merges if m.top == m.bottom and m.right - m.left >= _WIDE}
        held: dict[int, tuple[int, str | None]] = {}
        for i, row in enumerate(self._sheet.iter_rows()):
            cells = self._cells(row, i)
            for column, (bottom, text) in held.items():
                if i <= bottom:
                    cells[column] = cells[column] or text
            for merge in tall.get(i, ()):
                held[merge.left] = merge.bottom, cells[merge.left]
            if i < first_row:
                continue
            if i in wide:
                self.lines_of_text.append(i + 1)
            else:
                yield i + 1, cells

    def _cells(self, row: Sequence[object], number: int) -> list[str | None]:
        """A row as text. A cell in which a formula failed says so, rather than be empty; a number
        is what is shown of it: 12.5% of 0.125."""
        cells = [*map(cell_text, row), *[None] * (self._width - len(row))]
        for column in self._worded:
            value = row[column] if column < len(row) else None
            if isinstance(value, float) and (
                words := self._signs.words(number, column + self.first_column)
            ):
                cells[column] = words.shown(value)
        for column, text in self._errors.get(number, {}).items():
            if 0 <= column < len(cells):
                cells[column] = text
        return cells


def cell_text(cell: object) -> str | None:
    """A cell as text: a whole number without a fraction, a day without a time; None if empty."""
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        # Of 52.34 a book may hold 52.340000000000003; the person who filled it saw fifteen digits.
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else f"{cell:.15g}"
    if isinstance(cell, datetime):
        whole = cell.time() == time.min
        return cell.date().isoformat() if whole else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip() or None


class _CsvGrid:
    """A CSV file: UTF-8 (with or without a mark), UTF-16 or GB18030; parted by comma, semicolon or
    tabulator."""

    spreadsheet = False
    sheet: str | None = None
    first_column = 0
    merges: Sequence[Merge] = ()
    hidden_rows: Sequence[int] = ()
    hidden_columns: Collection[int] = ()

    def __init__(self, path: Path) -> None:
        self._path = path
        self.lines_of_text: list[int] = []
        try:
            self._encoding = _find_encoding(path)
            self._delimiter, self._lines, head = _read_head(path, self._encoding)
        except OSError as error:
            raise _unreadable_file(path, str(error)) from None
        self.commas = self._delimiter == ";"
        if max(map(len, head), default=0) > MAX_COLUMNS:
            raise _refused(f"超过 {MAX_COLUMNS} 列", f"more than {MAX_COLUMNS} columns")
        self.head: Sequence[Sequence[str | None]] = [
            [c.strip() or None for c in row] for row in head
        ]

    def batches(self, first_row: int) -> Iterator[GridBatch]:
        if first_row > len(self.head):
            return
        width = len(self.head[first_row - 1]) if first_row else 0
        names = [str(i) for i in range(width)]
        skipped = self._lines[first_row - 1] if first_row else 0
        done = first_row
        try:
            for batch in self._stream(names, skipped, first_row):
                done += batch.rows.num_rows
                yield batch
        except pa.ArrowInvalid as error:
            if not _CUT_SHORT.search(str(error)):
                raise _unreadable_file(self._path, "CSV") from None
            yield from self._uneven(names, done)
        except (pa.ArrowException, UnicodeError, OSError) as error:
            raise _unreadable_file(self._path, type(error).__name__) from None

    def _stream(self, names: list[str], skipped: int, first_row: int) -> Iterator[GridBatch]:
        text = pa.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
        )
        # An empty line has its number like any other.
        parse = pa.csv.ParseOptions(
            newlines_in_values=True, delimiter=self._delimiter, ignore_empty_lines=False
        )
        read = pa.csv.ReadOptions(
            block_size=_BLOCK, encoding=self._encoding, column_names=names, skip_rows=skipped
        )
        try:
            stream = pa.csv.open_csv(self._path, read, parse_options=parse, convert_options=text)
        except pa.ArrowInvalid as error:
            if "Empty CSV" in str(error):
                return
            raise
        number = first_row
        for block in stream:
            # Of short rows a block holds many: answers take more memory than what is asked.
            for start in range(0, block.num_rows, ROWS):
                batch = block.slice(start, ROWS)
                numbers = np.arange(number + 1, number + 1 + batch.num_rows, dtype=np.int64)
                number += batch.num_rows
                yield GridBatch(
                    numbers, pa.record_batch(list(map(_trim_cells, batch.columns)), names=names)
                )

    def _uneven(self, names: list[str], done: int) -> Iterator[GridBatch]:
        """The rows from one on where some are shorter than the header, or longer by empty cells:
        spreadsheets leave out what is empty at the end. Raises Refused where a row has more."""
        width = len(names)
        try:
            longer = [n for n, row in self._records(done) if any(map(str.strip, row[width:]))]
            if longer:
                raise _longer_rows(self._path, longer, width)
            records = self._records(done)
            while block := list(islice(records, ROWS)):
                columns = (
                    pa.array([row[i].strip() or None if i < len(row) else None for _, row in block],
                             pa.string())
                    for i in range(width)
                )  # fmt: skip
                numbers = np.array([n for n, _ in block], np.int64)
                yield GridBatch(numbers, pa.record_batch(list(columns), names=names))
        except (csv.Error, UnicodeError, OSError) as error:
            raise _unreadable_file(self._path, type(error).__name__) from None

    def _records(self, done: int) -> Iterator[tuple[int, list[str]]]:
        """The rows after so many, with their numbers."""
        with self._path.open(encoding=self._encoding, newline="") as file:
            rows = csv.reader(file, delimiter=self._delimiter)
            yield from islice(enumerate(rows, 1), done, None)


def _trim_cells(column: pa.Array) -> pa.Array:
    bare = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(bare, ""), None, bare)


def _find_encoding(path: Path) -> str:
    """The encoding a file is written in. Raises Refused where none of those known fits."""
    small = path.stat().st_size <= _WHOLE_BELOW
    with path.open("rb") as file:
        start = file.read(-1 if small else _SNIFFED)
    # The mark of one of these begins like that of UTF-16.
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            decoder.decode(start, final=small)
        except UnicodeDecodeError:
            continue
        return encoding
    raise _refused(
        "文件的文字编码不是 UTF-8 也不是 GB18030，请另存为 UTF-8",
        "the file is neither UTF-8 nor GB18030 text; save it as UTF-8",
    )


def _read_head(path: Path, encoding: str) -> tuple[str, list[int], list[list[str]]]:
    """What parts the cells, the first rows, and after how many lines of the file each ends."""
    with path.open(encoding=encoding, newline="") as file:
        start = list(_first_lines(file))
    delimiter = _find_delimiter("".join(start))
    # Lines may end in a carriage return alone, as Excel on a Macintosh writes them.
    reader = csv.reader(io.StringIO("".join(start), newline=""), delimiter=delimiter)
    rows, ends = [], []
    try:
        for row in islice(reader, HEAD_ROWS):
            rows.append(row)
            ends.append(reader.line_num)
    except csv.Error:
        raise _refused(
            f"{path.name} 第 {len(rows) + 1} 行有一格太长，可能是引号没有成对",
            f"{path.name}: a cell of row {len(rows) + 1} is too long; a quote may lack its other",
        ) from None
    return delimiter, ends, rows


def _first_lines(file: TextIO) -> Iterator[str]:
    """The lines that the first rows may take. Raises Refused where they are no table's."""
    left = _HEAD_CHARACTERS
    for _ in range(4 * HEAD_ROWS):
        line = file.readline(left + 1)
        left -= len(line)
        if left < 0:
            raise _refused(
                f"前 {4 * HEAD_ROWS} 行超过 {_HEAD_CHARACTERS >> 20} 兆字符",
                f"the first {4 * HEAD_ROWS} lines are longer than {_HEAD_CHARACTERS >> 20} million"
                " characters",
            )
        if not line:
            return
        yield line


def _find_delimiter(start: str) -> str:
    """The sign that parts the most cells, quoted text left out."""
    bare = re.sub(r'"(?:[^"]|"")*"', "", start)
    counted = Counter(c for c in bare if c in _DELIMITERS)
    best = max((",", ";", "\t"), key=lambda c: (counted[c], c == ","))
    if counted["，"] > 2 * counted[best]:
        raise _refused("请用半角逗号分隔各列", "columns must be parted by plain commas")
    return best


def _longer_rows(path: Path, rows: list[int], width: int) -> Refused:
    """Rows with more cells than the header, told without what stands in them."""
    shown = "、".join(map(str, rows[:_NAMED])) + ("…" if len(rows) > _NAMED else "")
    return _refused(
        f"{path.name} 第 {shown} 行的格数多于表头的 {width} 格；含逗号的内容请加引号",
        f"{path.name}: row {shown} has more cells than the header, which has {width}; quote text"
        " that holds commas",
    )


def _unreadable_file(path: Path, why: str) -> Refused:
    return _refused(f"无法读取 {path.name}：{why}", f"{path.name} cannot be read: {why}")


def _refused(zh: str, en: str) -> Refused:
    return Refused(Text(zh, en), ErrorCode.BAD_REQUEST)
