"""Files of companies as streams of record batches: CSV, Parquet, JSON lines, spreadsheets.

A batch at a time is in memory, whatever the file's length; a spreadsheet is read whole, so its size
and the cells it claims are bounded before anything parses it.
"""

import csv
import re
import zipfile
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from python_calamine import CalamineWorkbook

from service.bulk.json_lines import read_lines
from service.domain.errors import ErrorCode, Refused
from service.domain.text import Text

ROWS = 1 << 14
# Bytes of a Parquet column that are read at a time.
CHUNK = 1 << 16
# A workbook may unpack to so many bytes, and a sheet claim so many columns and cells.
MAX_UNPACKED = 1 << 30
MAX_COLUMNS = 2_000
MAX_CELLS = 60_000_000
FORMATS = (".csv", ".parquet", ".jsonl", ".xlsx")

_Reader: TypeAlias = Callable[[Path], tuple[pa.Schema, Iterator[pa.RecordBatch]]]
_CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')
_ROW = re.compile(rb'<row\b[^>]*?\br="([0-9]{1,7})"')


def read_batches(
    path: Path, words: Collection[str] = ()
) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """The columns of a file and its rows in batches. Text columns named in `words` may come as
    dictionaries, where the file has them so. Raises Refused, also while reading on."""
    parquet = partial(_parquet, words=words)
    lines = partial(read_lines, rows=ROWS)
    readers: dict[str, _Reader] = {
        ".csv": _csv, ".parquet": parquet, ".jsonl": lines, ".xlsx": _xlsx
    }  # fmt: skip
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise _refused(
            f"只读取 {'、'.join(FORMATS)} 文件", f"only {', '.join(FORMATS)} files are read"
        )
    try:
        schema, batches = reader(path)
    except (pa.ArrowException, duckdb.Error, zipfile.BadZipFile, OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    names = schema.names
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise _refused(f"列名重复：{doubled[0]}", f"the column {doubled[0]} is there twice")
    return schema, _guarded(path, batches)


def _guarded(path: Path, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    try:
        yield from batches
    except (pa.ArrowException, duckdb.Error, ValueError) as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: Exception) -> Refused:
    lines = str(error).strip().splitlines()
    why = lines[0] if lines else type(error).__name__
    return _refused(f"无法读取 {path.name}：{why}", f"{path.name} cannot be read: {why}")


def _refused(zh: str, en: str) -> Refused:
    return Refused(Text(zh, en), ErrorCode.BAD_REQUEST)


def _csv(path: Path) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """All columns as text; an empty cell is null."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        names = next(csv.reader(file), [])
    text = pa.csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()),
        null_values=[""],
        strings_can_be_null=True,
    )
    parse = pa.csv.ParseOptions(newlines_in_values=True)
    stream = pa.csv.open_csv(
        path, pa.csv.ReadOptions(block_size=8 << 20), parse_options=parse, convert_options=text
    )
    return stream.schema, iter(stream)


def _parquet(path: Path, words: Collection[str]) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    held = pa.parquet.read_metadata(path)
    columns = (held.schema.column(i) for i in range(held.num_columns))
    chosen = [c.path for c in columns if c.path in words and c.logical_type.type == "STRING"]
    file = pa.parquet.ParquetFile(
        path, metadata=held, read_dictionary=chosen, pre_buffer=False, buffer_size=CHUNK
    )
    return file.schema_arrow, file.iter_batches(batch_size=ROWS)


def _xlsx(path: Path) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """The first sheet; its first row names the columns."""
    _check_extent(path)
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    rows = sheet.iter_rows()
    header = [str(cell).strip() for cell in next(rows, [])]
    while header and not header[-1]:
        header.pop()
    schema = pa.schema([(name, pa.string()) for name in header])
    return schema, _sheet_batches(rows, schema)


def _sheet_batches(rows: Iterator[Sequence[object]], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    width = len(schema.names)
    while block := list(islice(rows, ROWS)):
        columns = [
            [_shown(row[i]) if i < len(row) else None for row in block] for i in range(width)
        ]
        yield pa.record_batch([pa.array(c, pa.string()) for c in columns], schema=schema)


def _shown(cell: object) -> str | None:
    """A cell as text: a whole number without a fraction, a day without a time."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    text = str(cell).strip()
    return text.removesuffix(" 00:00:00") or None


def _check_extent(path: Path) -> None:
    """Refuses a workbook that unpacks to too much or whose cells lie too far out."""
    too_large = _refused("工作簿太大", "the workbook is too large")
    with zipfile.ZipFile(path) as packed:
        if sum(entry.file_size for entry in packed.infolist()) > MAX_UNPACKED:
            raise too_large
        for name in packed.namelist():
            if name.startswith("xl/worksheets/sheet"):
                rows, columns = _extent(packed, name)
                if columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
                    raise too_large


def _extent(packed: zipfile.ZipFile, name: str) -> tuple[int, int]:
    """The last row and column that a sheet's XML mentions."""
    rows = columns = unpacked = 0
    tail = b""
    with packed.open(name) as sheet:
        while block := sheet.read(1 << 20):
            unpacked += len(block)
            if unpacked > MAX_UNPACKED:
                return MAX_CELLS, MAX_COLUMNS
            text = tail + block
            for column, row in _CELL.findall(text):
                columns = max(columns, _number(column))
                rows = max(rows, int(row))
            rows = max([rows, *(int(r) for r in _ROW.findall(text))])
            tail = text[-200:]
    return rows, columns


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
