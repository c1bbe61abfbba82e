"""Answers written as Parquet, CSV or JSON lines, a batch at a time.

Whatever text was submitted stays text: in a CSV a leading sign that a spreadsheet would take for a
formula gets an apostrophe.
"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from service.domain.errors import Refused
from service.domain.text import Text

FORMATS = (".parquet", ".csv", ".jsonl", ".xlsx")  # a workbook is made by the use case
GROUP_ROWS = 1 << 15
# As text, and as objects, answers take many times the memory: so many rows are turned at a time.
TEXT_ROWS, JSON_ROWS = 1 << 11, 1 << 9
_FORMULA = r"^[=+\-@\t\r]"
_NUMBER = r"^[+-]?[0-9]+(\.[0-9]+)?$"


class Writer(Protocol):
    def write(self, batch: pa.RecordBatch) -> None: ...

    def close(self) -> None: ...


@contextmanager
def writer_for(path: Path, schema: pa.Schema) -> Iterator[Writer]:
    """Writes beside the file and puts it in place at the end, so that a half is never found."""
    makers: dict[str, Any] = {".parquet": _Parquet, ".csv": _Csv, ".jsonl": _JsonLines}
    maker = makers.get(path.suffix.lower())
    if maker is None:
        zh, en = f"只写出 {'、'.join(FORMATS)} 文件", f"only {', '.join(FORMATS)} files are written"
        raise Refused(Text(zh, en))
    with placed_when_whole(path) as beside:
        writer: Writer = maker(beside, schema)
        try:
            yield writer
        finally:
            writer.close()


@contextmanager
def placed_when_whole(path: Path) -> Iterator[Path]:
    """A file beside the wanted one, put in its place at the end: a half is never found. It is the
    reader's, with the rights of any new file; those that the service keeps for itself have
    `storage/whole_files.py`. Raises Refused where there is no such folder."""
    if not path.parent.is_dir():
        words = Text("没有文件夹 {folder}", "there is no folder {folder}")
        raise Refused(words.format(folder=str(path.parent)))
    beside = path.with_name(f".{path.name}.part")
    try:
        yield beside
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


class _Parquet:
    """Groups of rows, each written in a thread of its own while the next comes together."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        # The least and greatest of a status or of a small number serve nobody, and take as long to
        # find as all the rest.
        ranged = [
            f.name
            for f in schema
            if not (pa.types.is_dictionary(f.type) or pa.types.is_int16(f.type))
        ]
        # A column of a group is one page: each page is compressed from the beginning.
        self.writer = pa.parquet.ParquetWriter(
            path,
            schema,
            compression="zstd",
            compression_level=1,
            write_statistics=ranged,
            max_rows_per_page=2 * GROUP_ROWS,
        )
        self.thread = ThreadPoolExecutor(1)
        self.writing: Future[None] | None = None
        self.buffered: list[pa.RecordBatch] = []

    def write(self, batch: pa.RecordBatch) -> None:
        self.buffered.append(batch)
        if sum(b.num_rows for b in self.buffered) >= GROUP_ROWS:
            self._flush()

    def _flush(self) -> None:
        self._wait()
        if self.buffered:
            table = pa.Table.from_batches(self.buffered)
            self.writing = self.thread.submit(self.writer.write_table, table)
            self.buffered = []

    def _wait(self) -> None:
        if self.writing is not None:
            writing, self.writing = self.writing, None
            writing.result()

    def close(self) -> None:
        try:
            self._flush()
            self._wait()
        finally:
            self.thread.shutdown()
            self.writer.close()


def _batch_parts(batch: pa.RecordBatch, rows: int) -> Iterator[pa.RecordBatch]:
    return (batch.slice(start, rows) for start in range(0, batch.num_rows, rows))


class _Csv:
    def __init__(self, path: Path, schema: pa.Schema) -> None:
        # Columns that are handed through have names that somebody else chose.
        names = _neutral_column(pa.array(schema.names, pa.string())).to_pylist()
        types = [_plain_type(field.type) for field in schema]
        plain = pa.schema(zip(names, types, strict=True))
        self.file = path.open("wb")
        self.file.write(b"\xef\xbb\xbf")
        self.writer = pa.csv.CSVWriter(self.file, plain)
        self.schema = plain

    def write(self, batch: pa.RecordBatch) -> None:
        for part in _batch_parts(batch, TEXT_ROWS):
            columns = [_csv_column(column) for column in part.columns]
            self.writer.write_batch(pa.record_batch(columns, schema=self.schema))

    def close(self) -> None:
        self.writer.close()
        self.file.close()


class _JsonLines:
    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.file = path.open("wb")

    def write(self, batch: pa.RecordBatch) -> None:
        for part in _batch_parts(batch, JSON_ROWS):
            plain = {
                n: _plain_column(c) for n, c in zip(part.schema.names, part.columns, strict=True)
            }
            columns = {name: column.to_pylist() for name, column in plain.items()}
            for i in range(part.num_rows):
                row = {name: column[i] for name, column in columns.items()}
                self.file.write(orjson.dumps(row, default=_written_value) + b"\n")

    def close(self) -> None:
        self.file.close()


def _plain_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return kind
    return pa.string()


def _plain_column(column: pa.Array) -> pa.Array:
    """Numbers and truths as they are, everything else as text."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_list(column.type) or pa.types.is_struct(column.type):
        written = [None if v is None else _json_line(v) for v in column.to_pylist()]
        return pa.array(written, pa.string())
    return column.cast(_plain_type(column.type))


def _json_line(value: object) -> str:
    return orjson.dumps(value, default=_written_value).decode()


def _written_value(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _csv_column(column: pa.Array) -> pa.Array:
    """A column as it stands in the file; of a dictionary each word is looked at once."""
    if pa.types.is_dictionary(column.type):
        return _csv_column(column.dictionary).take(column.indices)
    return _neutral_column(_plain_column(column))


def _neutral_column(column: pa.Array) -> pa.Array:
    if not pa.types.is_string(column.type):
        return column
    risky = pc.match_substring_regex(column, _FORMULA)
    if not pc.any(risky).as_py():
        return column
    risky = pc.and_not(risky, pc.match_substring_regex(column, _NUMBER))
    return pc.if_else(risky, pc.binary_join_element_wise("'", column, ""), column)
