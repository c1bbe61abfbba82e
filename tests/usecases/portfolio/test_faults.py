"""The workbook of faulty rows, corrected by its sender and sent again."""

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from service.domain.facts.vocabulary import Vocabulary
from service.usecases.portfolio.company_table import CompanyTable
from service.usecases.portfolio.faults import FaultLog, write_faults
from service.usecases.portfolio.sheet_choice import open_company_table
from tests.usecases.portfolio.tables import faults_of, put, rows_of, workbook

HEAD: list[object] = ["企业名称", "主体类型", None, None, "注册地", "高新技术企业", None, "期限/年"]
NAMES: list[object] = [None, None, "营业收入", "资产总额", None, "是否", "有效期至", None]


def _write(path: Path, lines: list[list[object]], title: str, place: str) -> Path:
    def fill(_: Any, sheet: Any) -> None:
        rows: list[list[object]] = [["某行客户"], [title], HEAD, NAMES, *lines]
        put(sheet, dict(enumerate([[place if c == "火星" else c for c in row] for row in rows])))
        sheet.merge_range(2, 2, 2, 3, "经营情况")

    return workbook(path, fill)


def _given_back(table: CompanyTable, path: Path, correct: dict[str, str]) -> Path:
    """The workbook of faults, with some words of its faulty rows put right."""
    log = FaultLog(table.vocabulary, table)
    for batch in table.batches():
        log.add(batch)
    write_faults(log, path, "zh")
    given = CalamineWorkbook.from_path(path)
    corrected = path.with_name("corrected.xlsx")
    with xlsxwriter.Workbook(corrected) as book:
        for name in given.sheet_names:
            rows = given.get_sheet_by_name(name).to_python()
            cells: list[list[object]] = [
                [correct.get(str(c), c) if c != "" else None for c in row] for row in rows
            ]
            put(book.add_worksheet(name), dict(enumerate(cells)))
    return corrected


@pytest.mark.parametrize("title", ["单位：万元", "Unit: RMB 10,000", "单位：元"])
def test_faulty_rows_that_were_corrected_are_read_as_the_table_would_be(
    tmp_path: Path, vocabulary: Vocabulary, title: str
) -> None:
    """A unit above the table and the names of groups stand in the headers of the faulty rows, whose
    sheet is read, not the list of faults beside it."""
    lines: list[list[object]] = [
        ["甲", "企业", 5200, 12000000, "火星", "是", "2027-10-31", 3],
        ["乙", "企业", "￥5,200", 80, "火星", "否", None, 2],
    ]
    first = open_company_table(vocabulary, _write(tmp_path / "a.xlsx", lines, title, "火星"))
    assert faults_of(first).keys() == {"E5", "E6"}
    path = _given_back(first, tmp_path / "faults.xlsx", {"火星": "上海徐汇"})
    again = open_company_table(vocabulary, path)
    assert (again.grid.sheet, again.other_sheets) == ("有误的行", ("错误清单",))
    original = open_company_table(vocabulary, _write(tmp_path / "b.xlsx", lines, title, "上海徐汇"))
    facts = [{k: v for k, v in row.items() if k in vocabulary.facts} for row in rows_of(original)]
    assert [{k: row.get(k) for k in facts[0]} for row in rows_of(again)] == facts
    assert facts[0]["company.revenue"] == ("5200" if title == "单位：元" else "52000000")


def test_faulty_rows_below_another_currency_are_not_read_as_the_catalogues(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    lines: list[list[object]] = [["甲", "企业", 5200, 12000000, "火星", "是", "2027-10-31", 3]]
    first = open_company_table(
        vocabulary, _write(tmp_path / "a.xlsx", lines, "单位：万美元", "火星")
    )
    path = _given_back(first, tmp_path / "faults.xlsx", {"火星": "上海徐汇"})
    (row,) = rows_of(open_company_table(vocabulary, path))
    assert (row.get("company.revenue"), row["company.registered_region"]) == (None, "310104")
