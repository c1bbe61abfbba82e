"""Answers as files: what is text stays text, and a half is never found."""

from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from service.bulk.outputs import placed_when_whole, writer_for
from service.domain.errors import Refused

ROWS = pa.RecordBatch.from_pydict(
    {
        "name": pa.array(["=1+1", "-5", "甲", None]),
        "most": pa.array([Decimal("1.50"), None, Decimal("2.00"), None], pa.decimal128(18, 2)),
        "status": pa.array(["potential", "watch", "watch", None]).dictionary_encode(),
        "count": pa.array([1, 2, 3, None], pa.int32()),
    }
)
WRITTEN = {
    ".csv": (
        '\ufeff"name","most","status","count"\n'
        '"\'=1+1","1.50","potential",1\n"-5",,"watch",2\n"甲","2.00","watch",3\n,,,\n'
    ),
    ".jsonl": (
        '{"name":"=1+1","most":"1.50","status":"potential","count":1}\n'
        '{"name":"-5","most":null,"status":"watch","count":2}\n'
        '{"name":"甲","most":"2.00","status":"watch","count":3}\n'
        '{"name":null,"most":null,"status":null,"count":null}\n'
    ),
}


@pytest.mark.parametrize("ending", WRITTEN)
def test_a_file_holds_what_was_written(tmp_path: Path, ending: str) -> None:
    """Amounts as text with their places; in a CSV nothing that a spreadsheet takes for a formula,
    while a negative number stays one."""
    target = tmp_path / f"answers{ending}"
    with writer_for(target, ROWS.schema) as writer:
        writer.write(ROWS)
    assert target.read_text(encoding="utf-8") == WRITTEN[ending]


def test_words_of_a_dictionary_are_looked_at_like_any_text(tmp_path: Path) -> None:
    words = pa.DictionaryArray.from_arrays(
        pa.array([1, 0, None, 1], pa.int8()), pa.array(["甲", "=1+1"])
    )
    batch = pa.record_batch([words], names=["given"])
    with writer_for(tmp_path / "answers.csv", batch.schema) as writer:
        writer.write(batch)
    written = (tmp_path / "answers.csv").read_text(encoding="utf-8-sig")
    assert written == '"given"\n"\'=1+1"\n"甲"\n\n"\'=1+1"\n'


def test_parquet_comes_back_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "answers.parquet"
    with writer_for(target, ROWS.schema) as writer:
        writer.write(ROWS)
        writer.write(ROWS.slice(1))
    assert pa.parquet.read_table(target).to_pylist() == [*ROWS.to_pylist(), *ROWS.to_pylist()[1:]]


def test_a_half_is_never_found(tmp_path: Path) -> None:
    """What fails leaves nothing, and what stood there before stands there still."""
    target = tmp_path / "answers.csv"
    target.write_text("before", encoding="utf-8")
    with suppress(ZeroDivisionError), placed_when_whole(target) as beside:
        beside.write_text("half", encoding="utf-8")
        raise ZeroDivisionError
    assert [p.name for p in tmp_path.iterdir()] == ["answers.csv"]
    assert target.read_text(encoding="utf-8") == "before"


@pytest.mark.parametrize(
    ("name", "said"), [("answers.pdf", "only .parquet"), ("no/answers.csv", "there is no folder")]
)
def test_what_cannot_be_written_is_said_before_anything_is(
    tmp_path: Path, name: str, said: str
) -> None:
    with pytest.raises(Refused, match=said), writer_for(tmp_path / name, ROWS.schema):
        pass
