"""Files that machines write as streams of record batches: Parquet and JSON lines.

A batch at a time is in memory, whatever the file's length. What people make is read by `intake`.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from functools import partial
from pathlib import Path
from typing import TypeAlias

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from service.bulk.json_lines import MAX_COLUMNS, FileFault, read_lines
from service.bulk.memory import TOO_MUCH
from service.domain.errors import ErrorCode, Refused
from service.domain.text import Text

ROWS = 1 << 14
# Bytes of a Parquet column that are read at a time.
CHUNK_BYTES = 1 << 16
FORMATS = (".parquet", ".jsonl")

_UNREADABLE = Text("无法读取 {name}：{why}", "{name} cannot be read: {why}")
_DAMAGED = Text(
    "不是完整的 Parquet 文件，可能被截断、损坏，或是别的格式",
    "it is no whole Parquet file: cut off, damaged, or of another format",
)
_NO_JSON = Text(
    "有一行不是 UTF-8 的 JSON；每行应为一个对象",
    "a line is no JSON in UTF-8; each is to be an object",
)
_NO_TEXT = Text(
    "{column} 列有不是 UTF-8 的文字", "the column {column} holds text that is not UTF-8"
)
_NO_ZONE = Text(
    "{column} 列的时间带有未知的时区",
    "the times of the column {column} are of an unknown time zone",
)

_Reader: TypeAlias = Callable[[Path], tuple[pa.Schema, Iterator[pa.RecordBatch]]]


def read_batches(
    path: Path, words: Collection[str] = ()
) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """The columns of a file and its rows in batches. Text columns named in `words` may come as
    dictionaries, where the file has them so. Raises Refused, also while reading on."""
    parquet = partial(_open_parquet, words=words)
    lines = partial(read_lines, rows=ROWS)
    readers: dict[str, _Reader] = {".parquet": parquet, ".jsonl": lines}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise _refuse_file(
            f"只读取 {'、'.join(FORMATS)} 文件", f"only {', '.join(FORMATS)} files are read"
        )
    try:
        schema, batches = reader(path)
    except (pa.ArrowException, duckdb.Error, OSError, ValueError) as error:
        raise _unreadable_file(path, error) from None
    if len(schema.names) > MAX_COLUMNS:
        raise _refuse_file(f"超过 {MAX_COLUMNS} 列", f"more than {MAX_COLUMNS} columns")
    doubled = sorted(name for name, count in Counter(schema.names).items() if count > 1)
    if doubled:
        raise _refuse_file(f"列名重复：{doubled[0]}", f"the column {doubled[0]} is there twice")
    return schema, _guard_batches(path, batches)


def _guard_batches(path: Path, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    try:
        yield from batches
    except (pa.ArrowException, duckdb.Error, OSError, ValueError) as error:
        raise _unreadable_file(path, error) from None


def _unreadable_file(path: Path, error: Exception) -> Refused:
    """What is wrong with a file, in our words: those of a library name its own parts and paths."""
    if isinstance(error, MemoryError):
        return Refused(TOO_MUCH, ErrorCode.TOO_LARGE)
    if isinstance(error, FileFault):
        why = error.said
    else:
        why = _DAMAGED if path.suffix.lower() == ".parquet" else _NO_JSON
    return Refused(_UNREADABLE.format(name=path.name, why=why), ErrorCode.BAD_REQUEST)


def _refuse_file(zh: str, en: str) -> Refused:
    return Refused(Text(zh, en), ErrorCode.BAD_REQUEST)


def _open_parquet(path: Path, words: Collection[str]) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    held = pa.parquet.read_metadata(path)
    columns = (held.schema.column(i) for i in range(held.num_columns))
    chosen = [c.path for c in columns if c.path in words and c.logical_type.type == "STRING"]
    file = pa.parquet.ParquetFile(
        path, metadata=held, read_dictionary=chosen, pre_buffer=False, buffer_size=CHUNK_BYTES
    )
    schema = pa.schema([f.with_type(_as_text(f.type)) for f in file.schema_arrow])
    for field in schema:
        if not all(map(_is_known, _zones_in(field.type))):
            raise FileFault(_NO_ZONE.format(column=field.name))
    return schema, (_with_texts(b, schema) for b in file.iter_batches(batch_size=ROWS))


def _as_text(kind: pa.DataType) -> pa.DataType:
    """Some programs write texts without saying that their bytes are such."""
    is_bytes = pa.types.is_binary(kind) or pa.types.is_large_binary(kind)
    return pa.string() if is_bytes else kind


def _zones_in(kind: pa.DataType) -> Iterator[str]:
    """The time zones of the times in a column, also of those in lists and records."""
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        yield kind.tz
    parts = [kind.value_type] if pa.types.is_dictionary(kind) else []
    parts += [kind.field(i).type for i in range(kind.num_fields)]
    for part in parts:
        yield from _zones_in(part)


def _is_known(zone: str) -> bool:
    """Whether a time there can be written down."""
    try:
        pc.cast(pa.scalar(0, pa.timestamp("s", zone)), pa.string())
    except pa.ArrowInvalid:
        return False
    return True


def _with_texts(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Texts that whoever reads them can read: the library looks for itself where it is told to
    only. Raises FileFault."""
    columns = []
    for field, column in zip(schema, batch.columns, strict=True):
        try:
            read = column.cast(field.type)
            read.validate(full=True)
        except pa.ArrowInvalid:
            raise FileFault(_NO_TEXT.format(column=field.name)) from None
        columns.append(read)
    return pa.RecordBatch.from_arrays(columns, schema=schema)
