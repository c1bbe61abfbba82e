"""Clerks' tables: understood column by column, or refused cell by cell; never answered wrongly."""

import csv
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from service.domain.errors import InvalidInput, Refused
from service.domain.facts.vocabulary import Vocabulary
from service.usecases.portfolio.company_table import CompanyTable, open_company_table
from service.usecases.portfolio.faults import FaultLog
from service.usecases.portfolio.table_preview import preview
from service.usecases.portfolio.template import csv_template, xlsx_template

Fill = Callable[[Any, Any], None]


def workbook(path: Path, fill: Fill) -> Path:
    with xlsxwriter.Workbook(path) as book:
        fill(book, book.add_worksheet("客户"))
    return path


def rows_of(table: CompanyTable) -> list[dict[str, str | None]]:
    return [row for batch in table.batches() for row in batch.rows.to_pylist()]


def faults_of(table: CompanyTable) -> dict[str, str]:
    """Each wrong cell with what is wrong, in English."""
    log = FaultLog(table.vocabulary, table)
    for batch in table.batches():
        log.add(batch)
    return {str(f.cell): f.why.en for f in log.faults}


def put(sheet: Any, lines: Mapping[int, list[object]]) -> None:
    for row, cells in lines.items():
        for column, cell in enumerate(cells):
            if cell is not None:
                sheet.write(row, column, cell)


def test_a_title_a_unit_merged_cells_and_totals(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """The title's unit holds for amounts that name none; lines that are no company are told."""

    def fill(book: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 0, 4, "科技型企业客户清单")
        put(sheet, {
            1: [None, None, None, None, "单位：万元"],
            2: ["序号", "企业名称", "所属区", "营业收入", "成立时间"],
            3: [1, "甲", None, "5,200", "2021年3月"],
            4: [2, "乙", None, "5200万元", None],
            6: [3, "丙", "北京海淀", 80.5, "2020/5/1"],
            7: [None, "合 计", None, 10480.5, None],
        })  # fmt: skip
        sheet.merge_range(3, 2, 4, 2, "上海市徐汇区")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_datetime(4, 4, date(2019, 12, 31), day)
        sheet.merge_range(9, 0, 9, 4, "填表人：张三")

    table = open_company_table(vocabulary, workbook(tmp_path / "in.xlsx", fill))
    found = rows_of(table)
    assert [row["company.name"] for row in found] == ["甲", "乙", "丙"]
    assert [row["company.revenue"] for row in found] == ["52000000", "52000000", "805000"]
    assert [row["company.registered_region"] for row in found] == ["310104", "310104", "110108"]
    assert [row["company.founded_on"] for row in found] == [
        "2021-03-01",
        "2019-12-31",
        "2020-05-01",
    ]
    assert [row["序号"] for row in found] == ["1", "2", "3"]
    assert table.passed_over == {"totals": [8], "without_facts": [], "lines_of_text": [10]}
    shown = preview(table)
    assert shown["header_row"] == 3
    revenue = next(c for c in shown["columns"] if c["fact"] == "company.revenue")
    assert (revenue["unit"], revenue["unit_from"]) == ("万元", "title")


def test_a_header_of_two_lines(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """A group's name over its members; names merged downwards beside it."""

    def fill(_: Any, sheet: Any) -> None:
        for column, name in ((0, "企业名称"), (1, "主体类型")):
            sheet.merge_range(0, column, 1, column, name)
        sheet.merge_range(0, 2, 0, 3, "人员")
        put(sheet, {1: [None, None, "员工人数", "博士"], 2: ["甲", "企业", "120人", 3]})

    table = open_company_table(vocabulary, workbook(tmp_path / "in.xlsx", fill))
    (row,) = rows_of(table)
    assert row["company.name"] == "甲"
    assert row["company.kind"] == "enterprise"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_files_in_any_usual_encoding(
    tmp_path: Path, vocabulary: Vocabulary, encoding: str, delimiter: str
) -> None:
    path = tmp_path / "in.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\r\n")
        writer.writerow(["客户清单（2026年）", "", ""])
        writer.writerow(["客户名称", "KIND", "上年度营业收入（万元）"])
        writer.writerow(["甲", "企业", "5,200"])
        writer.writerow(["", "", ""])
        writer.writerow(["乙", "Enterprise", ""])
    found = rows_of(open_company_table(vocabulary, path))
    assert [tuple(row.values()) for row in found] == [
        ("甲", "enterprise", "52000000"),
        ("乙", "enterprise", None),
    ]


def test_every_fault_of_every_row_has_its_cell(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """A sentence for each, in both languages; sound cells of the row are read all the same."""

    def fill(_: Any, sheet: Any) -> None:
        put(sheet, {
            0: ["企业名称", "注册地", "营收（万元）", "员工人数", "成立日期", "是否出口", "市占率"],
            1: ["甲", "朝阳区", "约6000", "八十", "2021/13/1", "可能", 0.125],
            2: ["乙", "浦东", "—", 80, "2021/12/1", "√", "12.5%"],
        })  # fmt: skip

    table = open_company_table(vocabulary, workbook(tmp_path / "in.xlsx", fill))
    assert faults_of(table).keys() == {"B2", "C2", "D2", "E2", "F2", "G2"}
    sound = rows_of(table)[1]
    assert sound["company.revenue"] is None
    assert sound["company.exports"] == "true"
    assert sound["company.market_share"] == "12.5"


def test_a_year_in_a_header_is_not_taken_for_the_last_one(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """It is handed through, with the fact that may be meant."""

    def fill(_: Any, sheet: Any) -> None:
        put(sheet, {0: ["企业名称", "2023年营业收入"], 1: ["甲", 100]})

    shown = preview(open_company_table(vocabulary, workbook(tmp_path / "in.xlsx", fill)))
    (unknown,) = shown["passed_through"]
    assert unknown["header"] == "2023年营业收入"
    assert "revenue" in unknown["suggestion"]["fact"]


@pytest.mark.parametrize(
    "header",
    ["营业收入（万元）", "营业收入(单位:万元)", "营业收入万元", "营业收入/万元", "营收【万元】"],
)
def test_a_unit_in_a_header_is_understood_in_any_form(
    tmp_path: Path, vocabulary: Vocabulary, header: str
) -> None:
    path = tmp_path / "in.csv"
    path.write_text(f"企业名称,{header}\n甲,520.5\n")
    table = open_company_table(vocabulary, path)
    assert [row["company.revenue"] for row in rows_of(table)] == ["5205000"]
    assert table.layout.facts["company.revenue"].unit_name == "万元"


def test_small_amounts_without_a_unit_are_pointed_out(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    def fill(_: Any, sheet: Any) -> None:
        put(sheet, {0: ["企业名称", "营业收入"], 1: ["甲", 5200]})

    shown = preview(open_company_table(vocabulary, workbook(tmp_path / "in.xlsx", fill)))
    assert "万元" in shown["warnings"][0]["en"]


def test_no_known_column_is_an_error_that_names_what_was_seen(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    path = tmp_path / "in.csv"
    path.write_text("编号,备注\n1,x\n")
    with pytest.raises(InvalidInput, match="编号"):
        open_company_table(vocabulary, path)


def test_one_fact_over_two_columns_is_an_error(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = tmp_path / "in.csv"
    path.write_text("营业收入,营收\n1,2\n")
    with pytest.raises(InvalidInput, match="A “营业收入” and B “营收”"):
        open_company_table(vocabulary, path)


def test_a_row_of_another_length_is_refused_without_its_content(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    path = tmp_path / "in.csv"
    path.write_text("企业名称,营业收入\n甲,5,200\n")
    with pytest.raises(Refused) as refused:
        rows_of(open_company_table(vocabulary, path))
    assert "甲" not in refused.value.reason.zh


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["t.xlsx", "t.csv"])
def test_a_template_is_read_back_whole_with_its_example(
    tmp_path: Path, vocabulary: Vocabulary, language: str, name: str
) -> None:
    """Every column is known again, and the example has no fault."""
    maker = xlsx_template if name.endswith("xlsx") else csv_template
    path = tmp_path / name
    path.write_bytes(maker(vocabulary, language))
    table = open_company_table(vocabulary, path)
    assert table.layout.passed_through == ()
    assert len(table.layout.facts) == len(vocabulary.facts) - 1
    assert faults_of(table) == {}
    (example,) = rows_of(table)
    assert date.fromisoformat(str(example["company.founded_on"])) == date(2021, 3, 1)
