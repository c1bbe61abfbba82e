"""The companies of a table, kept as a run read them."""

from pathlib import Path

import pytest

from service.app import Services
from service.bulk.batch_engine import Detail
from service.bulk.inputs import read_batches
from service.usecases.portfolio.batch_source import open_source
from service.usecases.portfolio.portfolio import run_batch
from service.usecases.portfolio.table_rows import write_table_rows
from service.usecases.tenancy.candidate_sources import write_rows
from tests.synthetic import DAY

TABLE = """客户名单,,,,
企业名称,统一社会信用代码,职工总数,客户号,备注
甲,,20,C1,x
乙,12345,20,C2,
丙,,二十人左右,C3,
"""


def test_a_run_keeps_each_company_with_its_row_and_whether_a_cell_is_faulty(
    own_huice: Services, tmp_path: Path
) -> None:
    """As they are read where nobody ran the table: facts as machines write them, the customer's
    number beside them, and no other column of the sender's."""
    table, kept, read = (tmp_path / name for name in ("t.csv", "run.parquet", "read.parquet"))
    table.write_text(TABLE, encoding="utf-8")
    compiled = own_huice.compiled
    run_batch(
        compiled, table, tmp_path / "a.jsonl", DAY, Detail.COUNTS, lambda _: None, table_rows=kept
    )
    write_rows(compiled, open_source(compiled.catalogue, table), read)
    by_run, by_reading = (
        [row for batch in read_batches(path)[1] for row in batch.to_pylist()]
        for path in (kept, read)
    )
    assert by_run == by_reading
    assert [(r["row"], r["faulty"], r["own.客户号"]) for r in by_run] == [
        (3, False, "C1"), (4, True, "C2"), (5, True, "C3"),
    ]  # fmt: skip
    assert by_run[0]["company.employees"] == "20"
    assert "own.备注" not in by_run[0]


def test_no_half_of_a_file_is_left(own_huice: Services, tmp_path: Path) -> None:
    """A run that is cut off leaves none, rather than some of the companies."""
    table, kept = tmp_path / "t.csv", tmp_path / "run.parquet"
    table.write_text(TABLE, encoding="utf-8")
    catalogue = own_huice.compiled.catalogue
    source = open_source(catalogue, table)

    def cut_off() -> None:
        with write_table_rows(kept, source.schema, catalogue.vocabulary) as rows:
            rows.add(next(source.batches()))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cut_off()
    assert [*tmp_path.iterdir()] == [table]
