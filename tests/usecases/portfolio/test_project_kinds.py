"""A row's own cells may name its kind of project: implied where one kind alone has them, never
chosen among several."""

from pathlib import Path

from service.app import Services
from service.bulk.engine import Detail
from service.domain.facts.vocabulary import Vocabulary
from service.usecases.portfolio.faults import FaultLog
from service.usecases.portfolio.portfolio import run_batch
from service.usecases.portfolio.table_notes import table_warnings
from tests.usecases.portfolio.tables import csv_table, rows_of
from tests.usecases.portfolio.test_table_choices import DAY

LOANS = "企业名称,贷款金额（万元）,贷款期限\n甲,500,36\n乙,,\n"


def test_a_loans_columns_make_their_rows_loans(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """Said before anything runs; a row that fills none of them has no project."""
    table = csv_table(tmp_path, vocabulary, LOANS)
    assert [row["project.kind"] for row in rows_of(table)] == ["loan", None]
    (said,) = (w.en for w in table_warnings(table))
    assert "Principal of the loan" in said
    assert "taken for it" in said


def test_a_kind_that_is_stated_stays(tmp_path: Path, vocabulary: Vocabulary) -> None:
    text = "企业名称,项目类型,合同金额（万元）\n甲,研发项目,500\n乙,,500\n"
    table = csv_table(tmp_path, vocabulary, text)
    kinds = [row["project.kind"] for row in rows_of(table)]
    assert kinds == ["rnd_project", "first_of_kind_product"]


def test_what_several_kinds_have_is_refused_with_what_to_add(
    own_huice: Services, tmp_path: Path
) -> None:
    """Its cell says which kinds of project may have it."""
    vocabulary = own_huice.compiled.catalogue.vocabulary
    table = csv_table(tmp_path, vocabulary, "企业名称,项目所在地\n甲,上海\n")
    (said,) = (w.en for w in table_warnings(table))
    assert "several kinds" in said
    log = FaultLog(vocabulary)
    run_batch(
        own_huice.compiled, table, tmp_path / "out.csv", DAY, Detail.COUNTS, lambda _: None, log=log
    )
    (fault,) = log.faults
    assert fault.cell == "B2"
    assert "Research and development project" in fault.allowed.en
