"""A CSV file as a table of text cells: its encoding and delimiter are found out."""

import codecs
import csv
import io
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TextIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from service.domain.errors import ErrorCode, Refused
from service.intake.csv_quotes import open_quote, refuse_open_quote
from service.intake.grid import (
    HEAD_ROWS,
    INVISIBLE,
    ROWS,
    GridBatch,
    Merge,
    instead_of_table,
    refused,
    visible,
)
from service.intake.sheet_signs import MAX_COLUMNS

# With a mark at its beginning or without.
_UTF_8 = "utf-8-sig"
# The first rows of a table of 2,000 columns take some two millions.
_HEAD_CHARACTERS = 8 << 20
# How a workbook begins.
_ZIPPED = b"PK\x03\x04"
_SNIFFED = 1 << 22
# Bytes of a CSV file that are read at a time.
_BLOCK = 1 << 21
_WHOLE_BELOW = 1 << 26
_DELIMITERS = (",", ";", "\t", "，")
_FEW_BARS = 2
_CUT_SHORT = re.compile(r"Expected \d+ columns, got \d+")
_NAMED = 20
# ="0012": so a system keeps a spreadsheet from taking a code for a number.
_TEXT_FORMULA = re.compile(r'^\s*="([^"]*)"\s*$')


class CsvGrid:
    """A CSV file: UTF-8 (with or without a mark), UTF-16 or GB18030; parted by comma, semicolon,
    tabulator or bar."""

    spreadsheet = False
    sheet: str | None = None
    first_column = 0
    merges: Sequence[Merge] = ()
    hidden_rows: Sequence[int] = ()
    hidden_columns: Collection[int] = ()
    is_hidden = False

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
            raise refused(f"超过 {MAX_COLUMNS} 列", f"more than {MAX_COLUMNS} columns")
        self.head: Sequence[Sequence[str | None]] = [[*map(_bare, row)] for row in head]

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
        read = pa.csv.ReadOptions(block_size=_BLOCK, column_names=names, skip_rows=skipped)
        try:
            with self._in_utf8() as path:
                refuse_open_quote(path, self._delimiter, self._path.name)
                stream = pa.csv.open_csv(path, read, parse_options=parse, convert_options=text)
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

    @contextmanager
    def _in_utf8(self) -> Iterator[Path]:
        """The file, or a copy of it, in the one encoding that Arrow knows by itself. Another it
        would decode by this interpreter, in threads that read ahead: a process that ended meanwhile
        hung, or was aborted."""
        if self._encoding == _UTF_8:
            yield self._path
            return
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", suffix=".csv") as copy:
            with self._path.open(encoding=self._encoding, newline="") as file:
                shutil.copyfileobj(file, copy, _BLOCK)
            copy.flush()
            yield Path(copy.name)

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
                    pa.array([_bare(row[i]) if i < len(row) else None for _, row in block],
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


def _bare(cell: str) -> str | None:
    """A cell without blanks around it, signs that nobody sees, and the formula of a text."""
    text = visible(cell)
    return visible(_TEXT_FORMULA.sub(r"\1", text)) if text else None


def _trim_cells(column: pa.Array) -> pa.Array:
    """A column of cells, each trimmed."""
    bare = column
    for found, instead in ((INVISIBLE, ""), (_TEXT_FORMULA.pattern, r"\1")):
        if pc.any(pc.match_substring_regex(bare, found)).as_py():
            bare = pc.replace_substring_regex(bare, found, instead)
    bare = pc.utf8_trim_whitespace(bare)
    return pc.if_else(pc.equal(bare, ""), None, bare)


def is_by_guess(path: Path) -> bool:
    """Whether a file is read in an encoding that fits nearly any bytes, for want of a better."""
    return _find_encoding(path) == "gb18030"


def _find_encoding(path: Path) -> str:
    """The encoding a file is written in. Raises Refused where none of those known fits."""
    small = path.stat().st_size <= _WHOLE_BELOW
    with path.open("rb") as file:
        start = file.read(-1 if small else _SNIFFED)
    if start.startswith(_ZIPPED):
        raise refused(
            "这是工作簿而不是 CSV：请把文件名改为以 .xlsx 结尾",
            "this is a workbook and no CSV: have its name end in .xlsx",
        )
    if other := instead_of_table(start):
        raise Refused(other, ErrorCode.BAD_REQUEST)
    for encoding in _encodings_to_try(start):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            decoder.decode(start, final=small)
        except UnicodeDecodeError:
            continue
        return encoding
    raise refused(
        "文件的文字编码不是 UTF-8 也不是 GB18030，请另存为 UTF-8",
        "the file is neither UTF-8 nor GB18030 text; save it as UTF-8",
    )


def _encodings_to_try(start: bytes) -> tuple[str, ...]:
    """The one that a file's mark names, or those that have none."""
    # The mark of one of these begins like that of UTF-16.
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return ("utf-32",)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    return _UTF_8, "gb18030"


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
        raise open_quote(path.name, len(rows) + 1) from None
    return delimiter, ends, rows


def _first_lines(file: TextIO) -> Iterator[str]:
    """The lines that the first rows may take. Raises Refused where they are no table's."""
    left = _HEAD_CHARACTERS
    for _ in range(4 * HEAD_ROWS):
        line = file.readline(left + 1)
        left -= len(line)
        if left < 0:
            raise refused(
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
    if _is_parted_by_bars(bare):
        return "|"
    counted = Counter(c for c in bare if c in _DELIMITERS)
    best = max((",", ";", "\t"), key=lambda c: (counted[c], c == ","))
    if counted["，"] > 2 * counted[best]:
        raise refused("请用半角逗号分隔各列", "columns must be parted by plain commas")
    return best


def _is_parted_by_bars(start: str) -> bool:
    """Whether each line has as many bars: a bar may also part the values of a cell."""
    counts = {line.count("|") for line in start.splitlines() if line.strip()}
    return len(counts) == 1 and counts.pop() >= _FEW_BARS


def _longer_rows(path: Path, rows: list[int], width: int) -> Refused:
    """Rows with more cells than the header, told without what stands in them."""
    shown = "、".join(map(str, rows[:_NAMED])) + ("…" if len(rows) > _NAMED else "")
    return refused(
        f"{path.name} 第 {shown} 行的格数多于表头的 {width} 格；含逗号的内容请加引号",
        f"{path.name}: row {shown} has more cells than the header, which has {width}; quote text"
        " that holds commas",
    )


def _unreadable_file(path: Path, why: str) -> Refused:
    return refused(f"无法读取 {path.name}：{why}", f"{path.name} cannot be read: {why}")
