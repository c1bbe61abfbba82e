"""Files of machines that cannot be read are refused in our own words, also on the way."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from service.bulk.inputs import read_batches
from service.bulk.memory import bounded_memory
from service.domain.errors import Refused


def read(path: Path) -> int:
    return sum(batch.num_rows for batch in read_batches(path)[1])


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    path = tmp_path / "companies.parquet"
    table = pa.table({"company.kind": ["enterprise"] * 2000})
    pyarrow.parquet.write_table(table, path, compression="none")
    return path


@pytest.mark.parametrize(
    ("start", "end", "new"),
    [
        (20, 60, b"\xff" * 40),  # the values: met only while reading on
        (-200, -120, b"\xee" * 80),  # the columns
        (-4, None, b""),  # the mark of its end
        (0, None, b"hello"),
        (0, None, b""),
    ],
)
def test_a_damaged_parquet_file_is_refused(
    parquet: Path, start: int, end: int | None, new: bytes
) -> None:
    """Without a word of the library that reads it."""
    assert read(parquet) == 2000
    content = bytearray(parquet.read_bytes())
    content[start:end] = new
    parquet.write_bytes(content)
    with pytest.raises(Refused, match=r"companies\.parquet cannot be read: it is no whole Parquet"):
        read(parquet)


@pytest.mark.parametrize("around", [lambda t: t, pa.list_, lambda t: pa.struct({"since": t})])
def test_times_of_an_unknown_zone_are_refused(
    tmp_path: Path, around: Callable[[pa.DataType], pa.DataType]
) -> None:
    """Nobody can say which day such a time is on; wherever in a column it stands."""
    path = tmp_path / "companies.parquet"
    for zone in ("Asia/Shanghai", "+08:00", "Mars/Phobos"):
        kind = around(pa.timestamp("us", zone))
        pyarrow.parquet.write_table(pa.table({"founded": pa.nulls(1, kind)}), path)
        if zone == "Mars/Phobos":
            with pytest.raises(Refused, match=r"column founded are of an unknown time zone"):
                read(path)
        else:
            assert read(path) == 1


def test_text_in_a_parquet_file_is_utf_8_or_refused(tmp_path: Path) -> None:
    """Whether the file says that its bytes are text, as most do, or leaves that to its reader."""
    path = tmp_path / "companies.parquet"
    for content in ("惠策".encode(), b"\xff"):
        for column in (pa.array([content]), pa.array([content]).view(pa.string())):
            pyarrow.parquet.write_table(pa.table({"company.name": column}), path)
            if content == b"\xff":
                with pytest.raises(Refused, match=r"company\.name holds text that is not UTF-8"):
                    read(path)
            else:
                (batch,) = read_batches(path)[1]
                assert batch.column(0).to_pylist() == ["惠策"]


def test_a_small_file_that_unpacks_to_all_memory_is_refused(tmp_path: Path) -> None:
    """One text of a megabyte in 20,000 rows: 307 bytes that asked for 16 GB."""
    path = tmp_path / "companies.parquet"
    one = pa.DictionaryArray.from_arrays(pa.array([0] * 20_000, pa.int32()), ["x" * (1 << 20)])
    pyarrow.parquet.write_table(pa.table({"note": one}), path, store_schema=False)
    with bounded_memory(1 << 26), pytest.raises(Refused, match="more memory"):
        read(path)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'{"a": "b"}\n{"a": \n', "line 2 is no JSON"),
        (b"{x}\n", "line 1 is no JSON"),
        (b'{"a": "b"}\r\n\r\n{x}', "line 3 is no JSON"),
        (b"\x00\xff\xfe", "is no JSON"),
        (b'{"a": "\xff"}\n', "is no JSON"),
        (b"[1]\n", "a line is no JSON object"),
    ],
    ids=["cut", "first", "behind a blank one", "no text", "no UTF-8", "a list"],
)
def test_lines_that_are_no_json_are_refused(tmp_path: Path, content: bytes, why: str) -> None:
    """Which, where it is known; and no path of ours."""
    path = tmp_path / "companies.jsonl"
    path.write_bytes(content)
    with pytest.raises(Refused, match=why) as refused:
        read(path)
    assert str(tmp_path) not in str(refused.value)
