"""JSON lines as columns of text, every number as it was written.

DuckDB finds the names of the columns. It reads numbers as doubles, which hold no more than fifteen
digits of an amount, so the values are read here.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from itertools import count, islice
from pathlib import Path
from typing import Any, NoReturn

import duckdb
import pyarrow as pa

from service.domain.text import Text

MAX_LINE_BYTES = 1 << 20
# Many times the facts that there are.
MAX_COLUMNS = 2_000
# Facts have three levels; whoever reads a cell again has the same stack as we.
MAX_DEPTH = 60
_TOO_DEEP = Text("有一行嵌套太深", "a line is nested too deeply")
_LONG_LINE = Text("第 {line} 行超过 1 MB", "line {line} is longer than 1 MB")
_NO_JSON = Text(
    "第 {line} 行不是 JSON；每行应为一个对象", "line {line} is no JSON; each is to be an object"
)
# Exponents beyond this say nothing about a company; the text stays as it is and is refused later.
_MAX_EXPONENT = 40


class FileFault(ValueError):
    """What is wrong with a file, in words."""

    def __init__(self, said: Text) -> None:
        super().__init__(said.en)
        self.said = said


def read_lines(path: Path, rows: int) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """The columns of a file with one object a line, lists and objects as JSON; batches of so many
    rows. Raises ValueError, also while reading on, and DuckDB's errors."""
    names = _names_in(path)
    schema = pa.schema([(name, pa.string()) for name in names])
    return schema, _read_batches(path, schema, rows)


def _names_in(path: Path) -> list[str]:
    """The keys of all lines, or one more than there may be."""
    _check_lengths(path)
    try:
        found = duckdb.connect(config={"threads": 1, "memory_limit": "1GB"}).execute(
            "SELECT DISTINCT unnest(json_keys(json)) FROM"
            " read_json_objects(?, format='nd', maximum_object_size=?) LIMIT ?",
            [str(path), MAX_LINE_BYTES, MAX_COLUMNS + 1],
        )
        return sorted(str(name) for (name,) in found.fetchall())
    except duckdb.InvalidInputException:
        _refuse_first_line_without_json(path)
        raise


def _refuse_first_line_without_json(path: Path) -> None:
    """Raises FileFault with the line's number, which DuckDB tells one too high; ValueError where
    it is no text in UTF-8."""
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, 1):
            try:
                if not line.isspace():
                    json.loads(line)
            except json.JSONDecodeError:
                raise FileFault(_NO_JSON.format(line=str(number))) from None
            except RecursionError:
                raise FileFault(_TOO_DEEP) from None


def _check_lengths(path: Path) -> None:
    """Raises FileFault for a line that is too long, which DuckDB passes where its room allows."""
    with path.open("rb") as file:
        for number in count(1):
            line = file.readline(MAX_LINE_BYTES + 1)
            if not line:
                return
            if len(line) > MAX_LINE_BYTES:
                raise FileFault(_LONG_LINE.format(line=str(number)))


def _read_batches(path: Path, schema: pa.Schema, rows: int) -> Iterator[pa.RecordBatch]:
    with path.open(encoding="utf-8-sig") as file:
        lines = (line for line in file if not line.isspace())
        while block := list(islice(lines, rows)):
            read = [_read_object(line) for line in block]
            if not schema.names:
                raise FileFault(Text("没有一行有内容", "no line holds anything"))
            columns = [[_cell_text(row.get(name)) for row in read] for name in schema.names]
            yield pa.record_batch([pa.array(c, pa.string()) for c in columns], schema=schema)


def _read_object(line: str) -> dict[str, Any]:
    try:
        found = _DECODER.decode(line)
    except RecursionError:
        raise FileFault(_TOO_DEEP) from None
    if not isinstance(found, dict):
        raise FileFault(Text("有一行不是 JSON 对象", "a line is no JSON object"))
    return found


def _without_repeated_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, unless a key stands in it twice: nobody knows which value is meant."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise FileFault(Text("有一行同一个键出现两次", "a key stands twice in a line"))
    return found


class _Number(str):
    """A number that is no whole one, as it was written."""

    __slots__ = ()


def _read_number(written: str) -> _Number:
    """Without an exponent."""
    if "e" not in written.lower():
        return _Number(written)
    exact = Decimal(written)
    return _Number(f"{exact:f}" if abs(exact.adjusted()) < _MAX_EXPONENT else written)


def _no_number(written: str) -> NoReturn:
    raise FileFault(Text("{word} 不是 JSON", "{word} is no JSON").format(word=written))


def _read_whole(written: str) -> int | _Number:
    """A whole number; one that is longer than any figure stays as it was written."""
    return int(written) if len(written) <= _MAX_EXPONENT else _Number(written)


_DECODER = json.JSONDecoder(
    parse_float=_read_number,
    parse_int=_read_whole,
    parse_constant=_no_number,
    object_pairs_hook=_without_repeated_keys,
)


def _cell_text(value: Any) -> str | None:
    """A value as a cell of text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else _json_text(value)


def _json_text(value: Any, depth: int = MAX_DEPTH) -> str:
    """JSON in which every number stands as it was written."""
    if isinstance(value, _Number):
        return str(value)
    if not isinstance(value, (list, dict)):
        return json.dumps(value)
    if depth == 0:
        raise FileFault(_TOO_DEEP)
    if isinstance(value, list):
        return f"[{','.join(_json_text(v, depth - 1) for v in value)}]"
    pairs = ",".join(f"{json.dumps(k)}:{_json_text(v, depth - 1)}" for k, v in value.items())
    return f"{{{pairs}}}"
