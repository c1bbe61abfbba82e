"""A row's own cells may name its kind of project: implied where one kind alone has them, never
chosen among several."""

from pathlib import Path

import pytest

from service.app import Services
from service.bulk.batch_engine import Detail
from service.domain.facts.vocabulary import Vocabulary
from service.intake.batch_choices import ChoicesRequest
from service.usecases.portfolio.choice_reader import choices_for
from service.usecases.portfolio.faults import FaultLog
from service.usecases.portfolio.portfolio import run_batch
from service.usecases.portfolio.table_choices import NO_CHOICES, TableChoices
from service.usecases.portfolio.table_notes import table_warnings
from service.usecases.portfolio.table_preview import preview
from tests.usecases.portfolio.tables import csv_table, faults_of, rows_of
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
    """Any project may have a contract: of a row that does not say which it is, it is not taken for
    a first-of-kind product's."""
    text = "企业名称,项目类型,合同金额（万元）\n甲,研发项目,500\n乙,,500\n丙,,\n"
    table = csv_table(tmp_path, vocabulary, text)
    assert faults_of(table) == {
        "C2": "belongs to no project of this row's kind",
        "C3": "may belong to several kinds of project (First-set, first-batch or first-version"
        " product of a future industry): name the “Kind of project”",
    }
    assert [row["project.kind"] for row in rows_of(table)] == ["rnd_project", None, None]


@pytest.mark.parametrize(
    ("choices", "kinds"),
    [
        (NO_CHOICES, ["loan", None]),
        (
            ChoicesRequest(columns=("B=project.contract_amount", "C=")),
            ["first_of_kind_product"] * 2,
        ),
        (ChoicesRequest(stated=("project.kind=loan",)), None),
    ],
)
def test_a_column_that_any_project_may_have_is_not_taken_for_one_kinds(
    own_huice: Services,
    tmp_path: Path,
    choices: ChoicesRequest | TableChoices,
    kinds: list[str] | None,
) -> None:
    """A bank's list has the contracts of its loans; who says otherwise is believed."""
    reader = own_huice.compiled.reader
    chosen = choices if isinstance(choices, TableChoices) else choices_for(reader, choices)
    text = "企业名称,合同金额（万元）,贷款期限\n甲,500,3年\n乙,600,\n"
    table = csv_table(tmp_path, reader.vocabulary, text, chosen)
    if kinds is None:
        assert set(faults_of(table)) == {"B2", "B3"}
        return
    assert [row.get("project.kind") for row in rows_of(table)] == kinds
    said = [w.en for w in table_warnings(table) if "any project may have one" in w.en]
    assert len(said) == (chosen is NO_CHOICES)


def test_cells_of_projects_of_different_kinds_are_told_before_anything_runs(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    text = "企业名称,岗位,贷款期限\n甲,核心研发人员,3年\n"
    shown = preview(csv_table(tmp_path, vocabulary, text))
    assert [u["column"] for u in shown["unreadable"]] == ["B", "C"]
    assert "belong to projects of different kinds" in shown["unreadable"][0]["why"]["en"]


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
