"""Clerks' tables: understood column by column, or refused cell by cell; never answered wrongly."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from service.domain.errors import InvalidInput, Refused
from service.domain.facts.vocabulary import Vocabulary
from service.intake.grid import GridBatch
from service.intake.identity import is_uscc
from service.usecases.portfolio.company_rows import CompanyRows
from service.usecases.portfolio.faults import FaultLog
from service.usecases.portfolio.sheet_choice import open_company_table
from service.usecases.portfolio.table_choices import TableChoices
from service.usecases.portfolio.table_notes import table_notes, table_warnings
from service.usecases.portfolio.table_preview import preview
from tests.usecases.portfolio.tables import csv_table, faults_of, put, rows_of, workbook


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
    passed_over = table.rows.passed_over_or_repeated
    assert {why: rows for why, rows in passed_over.items() if rows} == {
        "totals": [8],
        "lines_of_text": [10],
    }
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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-32"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
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


def test_signs_that_nobody_sees_and_formulas_of_a_text_are_no_part_of_a_cell(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """What a page leaves in copied text; ="…", by which a system keeps a code from becoming a
    number. In even rows and in rows of unlike lengths."""
    code = "91310000MA1FL2AB6U"
    cells = f'"=""甲公司""",企\u200b业,="{code[:8]}-{code[8:]}"'
    for rest in ("", "\n乙"):
        table = csv_table(
            tmp_path, vocabulary, f"企业\u200b名称,主体类型,信用代码\n{cells}{rest}\n"
        )
        assert tuple(rows_of(table)[0].values()) == ("甲公司", "enterprise", code)


@pytest.mark.parametrize(
    ("start", "said"),
    [(b"\xd0\xcf\x11\xe0", "old .xls"), (b"<html><table>", "a page"), (b"%PDF-1.7", "a PDF")],
)
@pytest.mark.parametrize("name", ["in.csv", "in.xlsx"])
def test_a_file_that_is_no_table_is_told_what_it_is(
    tmp_path: Path, vocabulary: Vocabulary, name: str, start: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(start)
    with pytest.raises(Refused, match=said):
        open_company_table(vocabulary, path)


def test_lines_may_end_in_carriage_returns_alone(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes("企业名称,员工人数\r甲,50\r乙,60\r".encode())
    found = rows_of(open_company_table(vocabulary, path))
    assert [tuple(row.values()) for row in found] == [("甲", "50"), ("乙", "60")]


def test_a_quote_that_is_never_closed_is_told_with_its_row(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    with pytest.raises(Refused, match="row 3"):
        csv_table(tmp_path, vocabulary, "企业名称,员工人数\n甲,50\n" + '"' + "乙" * 200_000)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("bad", ['"乙,60', '乙,"60'])
def test_no_company_is_lost_behind_a_quote_that_is_never_closed(
    tmp_path: Path, vocabulary: Vocabulary, bad: str, encoding: str
) -> None:
    """All that followed would be a cell of its row."""
    path = tmp_path / "in.csv"
    path.write_bytes(f"企业名称,员工人数\n甲,50\n{bad}\n丙,70\n丁,80\n".encode(encoding))
    with pytest.raises(Refused, match="row 3"):
        rows_of(open_company_table(vocabulary, path))


def test_a_quote_in_the_midst_of_a_cell_means_itself(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    found = rows_of(csv_table(tmp_path, vocabulary, '企业名称,员工人数\n甲 19" 厂,50\n乙,60\n'))
    assert [tuple(row.values()) for row in found] == [('甲 19" 厂', "50"), ("乙", "60")]


def test_a_header_in_two_languages_is_read_where_both_say_the_same(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """One below the other in a cell, or side by side; never where they differ."""

    def fill(_: Any, sheet: Any) -> None:
        put(sheet, {0: ["企业名称\nCompany", "主体类型 / Kind", "资产总额\nRevenue",
                        "Registered region 注册地", "Founded成立日期"],
                    1: ["甲", "企业", 5]})  # fmt: skip

    table = open_company_table(vocabulary, workbook(tmp_path / "in.xlsx", fill))
    names = ("name", "kind", "registered_region", "founded_on")
    assert table.layout.facts.keys() == {f"company.{name}" for name in names}


def test_every_fault_of_every_row_has_its_cell(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """A sentence for each, in both languages; sound cells of the row are read all the same."""

    def fill(_: Any, sheet: Any) -> None:
        put(sheet, {
            0: ["企业名称", "注册地", "营收（万元）", "员工人数", "成立日期", "是否出口", "市占率"],
            1: ["甲", "朝阳区", "约6000", "几十", "2021/13/1", "可能", 0.125],
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


@pytest.mark.parametrize("header", ["营业收入（万美元）", "营业收入（$）", "营业收入(USD)"])
def test_a_column_in_another_currency_is_not_read_as_one_s_own(
    tmp_path: Path, vocabulary: Vocabulary, header: str
) -> None:
    shown = preview(csv_table(tmp_path, vocabulary, f"企业名称,员工人数,{header}\n甲,5,520.5\n"))
    assert [column["header"] for column in shown["passed_through"]] == [header]


@pytest.mark.parametrize(
    "header",
    ["营业收入（万元）", "营业收入(单位:万元)", "营业收入万元", "营业收入/万元", "营收【万元】"],
)
def test_a_unit_in_a_header_is_understood_in_any_form(
    tmp_path: Path, vocabulary: Vocabulary, header: str
) -> None:
    table = csv_table(tmp_path, vocabulary, f"企业名称,{header}\n甲,520.5\n")
    assert [row["company.revenue"] for row in rows_of(table)] == ["5205000"]
    assert table.layout.facts["company.revenue"].unit_name == "万元"


def test_a_period_below_a_certificate_is_its_term(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = tmp_path / "in.csv"
    path.write_text(
        "企业名称,高新技术企业,,贷款信息,\n,证书编号,期限,金额（万元）,期限（年）\n"
        "甲,GR1,2024-11-01至2027-10-31,100,3\n乙,,,100,18个月\n"
    )
    rows = rows_of(open_company_table(vocabulary, path))
    assert [row["project.tenor_months"] for row in rows] == ["36", "18"]
    assert "2027-10-31" in (rows[0]["company.certificates"] or "")


def test_a_percent_sign_says_that_a_small_number_is_no_share(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    table = csv_table(tmp_path, vocabulary, "企业名称,市占率\n甲,0.5%\n乙,0.5\n")
    assert [row["company.market_share"] for row in rows_of(table)] == ["0.5", None]
    assert faults_of(table).keys() == {"B3"}


def test_small_amounts_that_nobody_names_a_unit_of_are_not_read(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """5200 may be yuan or 万元, and so may 520,000 beside it; what is too large for that, none, and
    what names its unit, may not. An id for a header is a program's, which the vocabulary tells the
    unit."""
    path = tmp_path / "in.csv"
    cells = ["5200", '"520,000"', "52000000", "0", "5200元", "￥5200", "0.52亿"]
    path.write_text("企业名称,营业收入\n" + "".join(f"甲,{c}\n" for c in cells))
    table = open_company_table(vocabulary, path)
    assert faults_of(table).keys() == {"B2", "B3", "B7"}  # ￥ says whose money, not how counted
    assert "万元" in faults_of(table)["B2"]
    read = [row["company.revenue"] for row in rows_of(table)]
    assert read == [None, None, "52000000", "0", "5200", None, "52000000"]
    path.write_text("企业名称,营业收入\n甲,520000\n乙,99999999\n")
    found = rows_of(open_company_table(vocabulary, path))
    assert [row["company.revenue"] for row in found] == ["520000", "99999999"]
    path.write_text("企业名称,company.revenue\n甲,5200\n")
    assert rows_of(open_company_table(vocabulary, path))[0]["company.revenue"] == "5200"


_SOUND = '[{"category": "qflp", "issued_on": "2025-01-02", "number": "A-1"}]'


@pytest.mark.parametrize(
    ("header", "cell", "other", "read", "wrong"),
    [
        ("营业收入（元）", "12345678.125", "5000000", "12345678.13", None),
        ("营业收入（元）", "12345678.125", "5,000,000", "12345678.13", None),
        ("从业人数", "12.5", "7", None, "must be a whole number such as 120"),
        ("从业人数", "12.5", "7人", None, "must be a whole number such as 120"),
        ("company.certificates", _SOUND, _SOUND, _SOUND, None),
        ("company.certificates", _SOUND, "无", _SOUND, None),
        ("company.certificates", _SOUND.replace("A", "①"), _SOUND, None, "a figure of a footnote"),
        ("company.certificates", _SOUND.replace("A", "①"), "无", None, "a figure of a footnote"),
    ],
)
def test_a_cell_is_read_alike_whatever_stands_beside_it(
    tmp_path: Path, vocabulary: Vocabulary, header: str, cell: str, other: str, read: str | None,
    wrong: str | None,
) -> None:  # fmt: skip
    """In a column that is all in the form for machines, and in one that is not."""
    path = tmp_path / "in.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["企业名称", header], ["甲", cell], ["乙", other]])
    table = open_company_table(vocabulary, path)
    name = next(n for n in table.schema.names if n != "company.name")
    assert rows_of(table)[0][name] == read
    assert faults_of(table).get("B2", "")[: len(wrong or "")] == (wrong or "")


def test_no_known_column_is_an_error_that_names_what_was_seen(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    with pytest.raises(InvalidInput, match="编号"):
        csv_table(tmp_path, vocabulary, "编号,备注\n1,x\n")


def test_a_file_in_another_encoding_is_refused_with_the_one_it_was_read_in(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes("企業名稱,註冊地,營業收入\n甲,上海,1\n".encode("big5"))
    with pytest.raises(InvalidInput, match="Big5"):
        open_company_table(vocabulary, path)


def test_of_two_columns_that_are_one_fact_none_is_taken_until_one_is_chosen(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """Where no other fact is left, that is what is wrong."""
    with pytest.raises(InvalidInput, match=r"A “.*” and B “.*” are both"):
        csv_table(tmp_path, vocabulary, "营业收入,营收\n1,2\n")
    text = "企业名称,营业收入（万元）,营收（万元）,注册地\n甲,1,2,上海\n"
    table = csv_table(tmp_path, vocabulary, text)
    assert "company.revenue" not in rows_of(table)[0]
    (warning,) = table_warnings(table)
    assert (
        "“Revenue of the last year” and none was taken: B 营业收入（万元）, C 营收（万元）;"
        in warning.en
    )
    revenue = vocabulary.facts["company.revenue"]
    table = open_company_table(
        vocabulary, tmp_path / "in.csv", TableChoices(columns={"C": revenue})
    )
    assert rows_of(table)[0]["company.revenue"] == "20000"
    assert table_warnings(table) == []


@pytest.mark.parametrize(
    ("chosen", "read"),
    [
        ({}, {"company.name": "甲", "company.employees": "5",
              "company.registered_region": "310000"}),
        ({"E": "company.name"}, {"company.name": "乙", "company.employees": "7",
                                 "project.loan_principal": "5000000"}),
        ({"E": None}, {"company.name": "甲", "company.registered_region": "310000",
                       "project.loan_principal": "5000000"}),
    ],
)  # fmt: skip
def test_of_lists_side_by_side_one_is_read_and_nothing_of_another_company(
    tmp_path: Path,
    vocabulary: Vocabulary,
    chosen: dict[str, str | None],
    read: dict[str, str],
) -> None:
    """The loan of the second list is no loan of the first one's companies, unless the sender says
    that it is one list: then of two columns of staff neither is taken."""
    header = "企业名称,员工人数,注册地,,名称,员工人数,贷款金额（万元）"
    columns = {a: vocabulary.facts[f] if f else None for a, f in chosen.items()}
    table = csv_table(
        tmp_path, vocabulary, f"{header}\n甲,5,上海,,乙,7,500\n", TableChoices(columns=columns)
    )
    facts = {name: v for name, v in rows_of(table)[0].items() if name in vocabulary.facts}
    facts.pop("project.kind", None)
    assert facts == read
    told = [warning.en for warning in table_warnings(table) if "side by side" in warning.en]
    assert len(told) == (chosen != {"E": None})


def test_a_hidden_sheet_that_holds_a_list_is_told_and_not_read(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    path = tmp_path / "in.xlsx"
    book = xlsxwriter.Workbook(path)
    for name, header in (
        ("旧", ["企业名称", "注册地", "行业"]),
        ("说明", ["填表说明"]),
        ("新", ["企业名称", "注册地"]),
    ):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, header)
        sheet.write_row(1, 0, ["甲"])
        if name == "新":
            sheet.activate()
            sheet.set_first_sheet()
        else:
            sheet.hide()
    book.close()
    table = open_company_table(vocabulary, path)
    assert (table.grid.sheet, table.hidden_lists, table.other_sheets) == ("新", ("旧",), ())
    (warning,) = table_warnings(table)
    assert "旧" in warning.zh


def test_all_rows_with_more_cells_than_the_header_are_refused_without_their_content(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    with pytest.raises(Refused) as refused:
        rows_of(csv_table(tmp_path, vocabulary, "企业名称,营业收入\n甲,5,200\n乙\n丙,6,200\n"))
    assert "甲" not in refused.value.reason.zh
    assert "第 2、4 行" in refused.value.reason.zh


def test_short_rows_and_empty_lines_of_a_text_file_keep_their_numbers(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """A spreadsheet leaves out what is empty at the end of a line; a cell is told where it is."""
    table = csv_table(
        tmp_path, vocabulary, "企业名称,注册地,员工人数\n甲,上海\n\n乙,火星,5,,\n丙,北京,6\n"
    )
    assert faults_of(table).keys() == {"B4"}
    rows = rows_of(open_company_table(vocabulary, tmp_path / "in.csv"))
    assert [row["company.employees"] for row in rows] == [None, "5", "6"]


def test_empty_lines_are_passed_over_by_the_block(
    tmp_path: Path, vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Millions of them are not looked at one by one; what stands behind them keeps its number."""
    looked_at: list[int] = []
    companies = CompanyRows.companies

    def counted(rows: CompanyRows, batch: GridBatch) -> Any:
        looked_at.append(batch.rows.num_rows)
        return companies(rows, batch)

    monkeypatch.setattr(CompanyRows, "companies", counted)
    path = tmp_path / "in.csv"
    path.write_text(
        "企业名称,注册地\n甲,上海市\n" + 500_000 * "\n" + "乙,上海市\n", encoding="utf-8"
    )
    table = open_company_table(vocabulary, path)
    found = [number for batch in table.batches() for number in batch.numbers]
    assert found == [2, 500_003]
    assert sum(looked_at) < 100_000


def test_a_number_is_read_as_the_workbook_shows_it_and_what_it_hides_is_told(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """A share as per cent, 万元 by a cell's format, dollars as no yuan; a hidden column is read."""

    def fill(book: Any, sheet: Any) -> None:
        put(sheet, {0: ["企业名称", "市场占有率", "营业收入", "资产总额", "员工人数"],
                    1: ["甲"], 2: ["乙", 12.5, 52000000, 0.1 + 0.2, 5]})  # fmt: skip
        sheet.write(1, 1, 0.125, book.add_format({"num_format": "0.0%"}))
        sheet.write(1, 2, 5200, book.add_format({"num_format": '0"万元"'}))
        sheet.write(1, 3, 5200, book.add_format({"num_format": "[$$-409]#,##0"}))
        sheet.write(2, 3, 0.1 + 0.2, book.add_format({"num_format": '0.00"亿"'}))
        sheet.set_column(4, 4, None, None, {"hidden": True})
        sheet.set_row(2, None, None, {"hidden": True})

    table = open_company_table(vocabulary, workbook(tmp_path / "in.xlsx", fill))
    first, second = rows_of(table)
    assert (first["company.market_share"], first["company.revenue"]) == ("12.5", "52000000")
    assert second["company.total_assets"] == "30000000"
    assert faults_of(table).keys() == {"D2"}
    rows, columns = preview(table)["warnings"]
    assert "（3）" in rows["zh"]
    assert "E 员工人数" in columns["zh"]


def test_what_a_group_of_columns_says_holds_for_its_members(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """A unit over several columns, merged or not; a year over figures makes others of them, and of
    a name or a place none. Names that stand a line higher are not lost."""

    def fill(_: Any, sheet: Any) -> None:
        put(sheet, {
            0: ["客户名称", "经营情况（万元）", None, "2023年", None, "基本情况", None],
            1: [None, "营业收入", "研发费用", "资产总额", "员工人数", "注册地", "是否盈利"],
            2: ["甲", 5200, "300元", 8000, 120, "上海", "是"],
            3: ["客户名称", "营业收入", "研发费用", "资产总额", "员工人数", "注册地", "是否盈利"],
            4: ["乙", 520],
        })  # fmt: skip
        sheet.merge_range(0, 3, 0, 4, "2023年")

    table = open_company_table(vocabulary, workbook(tmp_path / "in.xlsx", fill))
    first, second = rows_of(table)
    assert (first["company.revenue"], first["company.rnd_expense"]) == ("52000000", "300")
    assert first["company.registered_region"] == "310000"
    assert second["company.revenue"] == "5200000"
    through = [column.header.text for column in table.layout.passed_through]
    assert through == ["2023年 资产总额", "2023年 员工人数"]
    assert table.rows.notes == [4]


@pytest.mark.parametrize("header", ["年度", "数据时点", "财务数据截止日", "报表日期", "As-of date"])
def test_figures_of_rows_that_are_each_of_a_year_are_not_taken(
    tmp_path: Path, vocabulary: Vocabulary, header: str
) -> None:
    table = csv_table(
        tmp_path,
        vocabulary,
        f"企业名称,{header},注册地,营业收入（万元）\n甲,2024年,上海,1\n甲,2025年,上海,2\n",
    )
    assert table.layout.facts.keys() == {"company.name", "company.registered_region"}
    warning, repeated = preview(table)["warnings"]
    assert "stood there before" in repeated["en"]
    assert header in warning["en"]


@pytest.mark.parametrize(
    "title",
    [
        "编制单位：徐汇支行    单位：万元",
        "填报单位：徐汇支行，单位：万元",
        "单位： 万元　填表人：张三",
    ],
)
def test_the_unit_is_found_beside_who_made_the_table(
    tmp_path: Path, vocabulary: Vocabulary, title: str
) -> None:
    def fill(_: Any, sheet: Any) -> None:
        put(sheet, {0: [title], 1: ["企业名称", "营业收入"], 2: ["甲", 520000]})

    table = open_company_table(vocabulary, workbook(tmp_path / "in.xlsx", fill))
    assert rows_of(table)[0]["company.revenue"] == "5200000000"


def test_units_in_a_line_of_their_own_and_a_year_in_the_title(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    table = csv_table(
        tmp_path,
        vocabulary,
        "2023年客户数据,,,\n企业名称,营业收入,资产总额,员工人数\n,万元,（亿元）,人\n某公司,5200,0.8,5\n浦东小计,1,1,1\n",
    )
    (row,) = rows_of(table)
    assert (row["company.revenue"], row["company.total_assets"]) == ("52000000", "80000000")
    assert table.rows.totals == [5]
    year, total = preview(table)["warnings"]
    assert "2023" in year["zh"]
    assert "totals" in total["en"]


def test_the_sheet_with_the_most_known_columns_is_read(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """A list of contents has a name in it, too."""

    def fill(book: Any, sheet: Any) -> None:
        put(sheet, {0: ["名称", "说明"], 1: ["客户表", "见第二页"]})
        put(book.add_worksheet("名单"), {0: ["企业名称", "注册地"], 1: ["甲", "上海"]})

    table = open_company_table(vocabulary, workbook(tmp_path / "in.xlsx", fill))
    assert (table.grid.sheet, table.other_sheets) == ("名单", ("客户",))


@pytest.mark.parametrize(
    ("line", "unit"),
    [("2025年客户名单（万元）", 10**4), ("金额单位：万元、人", 10**4), ("单位：元/万元", 1),
     ("单位:RMB million", 10**6), ("Unit: RMB 10,000", 10**4), ("Unit: RMB 100 million", 10**8),
     ("Unit: RMB 1,000  Date: 2026-09", 1000), ("人民币：万元", 10**4),
     ("Unit: RMB in millions", 10**6),
     ("Amounts in millions of RMB", 10**6), ("单位：万元 币种：人民币", 10**4),
     ("RMB million", 10**6), ("单位：百万元（人民币）", 10**6), ("Unit: RMB (thousands)", 1000),
     ("人民币 万元", 10**4),
     ("单位：徐汇支行", 1), ("万达集团客户", 1)],
)  # fmt: skip
def test_a_line_above_the_table_may_name_units_of_several_kinds(
    tmp_path: Path, vocabulary: Vocabulary, line: str, unit: int
) -> None:
    """Of two units of money neither holds."""
    layout = csv_table(tmp_path, vocabulary, f'"{line}",\n企业名称,营业收入\n甲,5200\n').layout
    assert layout.facts["company.revenue"].unit == unit
    assert layout.facts["company.revenue"].says_unit is (unit > 1)


@pytest.mark.parametrize("line", ["金额单位：人民币元", "单位：人民币元", "单位：元 币种：人民币"])
def test_a_line_above_the_table_that_names_yuan_is_a_unit(
    tmp_path: Path, vocabulary: Vocabulary, line: str
) -> None:
    table = csv_table(tmp_path, vocabulary, f"{line}\n企业名称,营业收入\n甲,5200\n")
    assert rows_of(table)[0]["company.revenue"] == "5200"


@pytest.mark.parametrize(
    ("line", "header", "named"),
    [(line, header, named) for line, named in [
        ("单位：万美元", "美元"), ("币种：美元", "美元"), ("单位：万港元", "港元"),
        ("（万美元）", "美元"),
        ("Unit: USD million", "USD"), ("单位：万元 币种：港币", "港币"), ("单位：美元 万", "美元"),
    ] for header in ("营业收入", "营业收入（万元）")]
    + [(line, "营业收入", named) for line, named in [
        ("单位：万卢布", "万卢布"), ("Unit: RMB 25 million", "25"), ("单位：万元、元", "万元"),
        ("币种：本外币", "本外币"), ("Unit: RMB foo", "foo"),
        ("Unit: RMB 10,000", "RMB 10"), ("Unit: RMB 1,000", "RMB 1"),
    ]],
)  # fmt: skip
def test_amounts_below_another_currency_or_a_unit_not_understood_are_refused_by_its_name(
    tmp_path: Path, vocabulary: Vocabulary, line: str, header: str, named: str
) -> None:
    """Nor are they where a line of units of its own says so; and an amount that names its unit is
    read below one that is not understood."""
    table = csv_table(tmp_path, vocabulary, f'{line},\n企业名称,{header}\n甲,"12,000,000"\n')
    assert named in table.layout.columns[1].unit_fault.fault.zh  # type: ignore[union-attr]
    assert rows_of(table)[0].get("company.revenue") is None
    assert faults_of(table).keys() == {"B3"}
    if "（" not in header and not table.layout.columns[1].unit_fault.is_foreign:  # type: ignore[union-attr]
        table = csv_table(tmp_path, vocabulary, f"{line},\n企业名称,{header}\n甲,1200万元\n")
        assert rows_of(table)[0]["company.revenue"] == "12000000"


def test_a_line_of_units_below_the_names_may_name_another_currency(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    text = "企业名称,营业收入,资产总额\n,万美元,万元\n甲,52000000,8000\n"
    (row,) = rows_of(csv_table(tmp_path, vocabulary, text))
    assert (row.get("company.revenue"), row["company.total_assets"]) == (None, "80000000")


@pytest.mark.parametrize("cell", ["￥5,200", "RMB 5200", "人民币5200", "CNY 5,200.00", "¥5200万"])
def test_the_sign_of_the_currency_leaves_the_unit_of_the_column_as_it_is(
    tmp_path: Path, vocabulary: Vocabulary, cell: str
) -> None:
    for head in ("企业名称,营业收入（万元）", "单位：万元\n企业名称,营业收入"):
        table = csv_table(tmp_path, vocabulary, f'{head}\n甲,"{cell}"\n')
        assert rows_of(table)[0]["company.revenue"] == "52000000"
    table = csv_table(tmp_path, vocabulary, f'企业名称,营业收入,单位\n甲,"{cell}",万元\n')
    assert rows_of(table)[0]["company.revenue"] == "52000000"


def test_a_formula_that_failed_is_a_fault_and_no_empty_cell(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """#DIV/0! says nothing about a company, least of all that its figure is unknown."""

    def fill(book: Any, sheet: Any) -> None:
        put(
            sheet,
            {
                1: [None, "企业名称", "营业收入（万元）", "员工人数"],
                2: [None, "甲"],
                3: [None, "乙"],
            },
        )
        sheet.write_formula(2, 2, "=100*52", None, 5200)
        sheet.write_formula(3, 2, "=1/0", None, "#DIV/0!")
        sheet.write_formula(3, 3, "=X1", None, "#REF!")
        book.add_worksheet("别的").write_formula(2, 2, "=1/0", None, "#DIV/0!")

    table = open_company_table(vocabulary, workbook(tmp_path / "in.xlsx", fill))
    assert [row["company.revenue"] for row in rows_of(table)] == ["52000000", None]
    assert faults_of(table).keys() == {"C4", "D4"}
    log = FaultLog(vocabulary, table)
    for batch in table.batches():
        log.add(batch)
    assert [f.cell_text for f in log.faults] == ["#DIV/0!", "#REF!"]


def test_a_formula_whose_result_was_not_saved_is_a_fault(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """Programs write books so; nothing and 0 that were saved are what they are."""

    def fill(_: Any, sheet: Any) -> None:
        put(sheet, {0: ["企业名称", "营业收入（万元）", "员工人数"], 1: ["甲公司"], 2: ["乙公司"]})
        sheet.write_formula(1, 1, "=100*52", None, "")
        sheet.write_formula(1, 2, "=5", None, 5)
        sheet.write_formula(2, 1, "=0", None, 0)
        sheet.write_formula(3, 0, '="丙"&"公司"', None, "丙公司")

    table = open_company_table(vocabulary, workbook(tmp_path / "in.xlsx", fill))
    found = faults_of(table)
    assert found.keys() == {"B2"}
    assert "open it in a spreadsheet" in found["B2"]
    rows = rows_of(table)
    assert [row["company.name"] for row in rows] == ["甲公司", "乙公司", "丙公司"]
    assert [row["company.revenue"] for row in rows] == [None, "0", None]


def test_a_number_that_a_format_shows_smaller_is_not_multiplied_twice(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """52,000,000 yuan shown as 5200.0 below 万元 are not 520 billion; below another unit nobody can
    tell what is meant."""

    def fill(book: Any, sheet: Any) -> None:
        put(sheet, {0: ["企业名称", "营业收入（万元）", "资产总额", "员工人数"]})
        for row, code in enumerate(("0!.0,", '0!.0,"万元"', "#,##0.0,,"), 1):
            shown = book.add_format({"num_format": code})
            sheet.write(row, 0, f"公司{row}")
            sheet.write(row, 1, 52_000_000, shown)
            sheet.write(row, 2, 52_000_000, shown)
            sheet.write(row, 3, 1200, shown if row > 2 else None)

    table = open_company_table(vocabulary, workbook(tmp_path / "in.xlsx", fill))
    assert faults_of(table).keys() == {"B4", "D4"}
    rows = rows_of(table)
    assert [row["company.revenue"] for row in rows] == ["52000000", "52000000", None]
    assert [row["company.total_assets"] for row in rows] == ["52000000"] * 3


def test_headers_and_forms_as_banks_write_them(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """A name cut short, and the name of a group before that of the column."""
    text = "企业名称,Entity type,注册所在区,入统,有出口,知识产权质押,贷款期限\n"
    text += "甲,Limited company,徐汇区,是,无,√,3年\n"
    table = csv_table(tmp_path, vocabulary, text)
    assert faults_of(table) == {}
    (row,) = rows_of(table)
    assert row["company.kind"] == "enterprise"
    assert (row["company.registered_region"], row["company.exports"]) == ("310104", "false")
    assert (row["company.in_statistics_register"], row["project.ip_pledged"]) == ("true", "true")


def test_an_address_is_the_place_it_begins_with_and_that_is_said(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """Of several places of one name none is taken, nor of two places in a cell; an abolished place
    keeps its code."""
    places = {
        "上海市浦东新区张衡路123号": "310115",
        "青岛市北区延安路1号": "370203",
        "江西省吉安市新干县金川镇": "360824",
        "江苏省苏州市苏州工业园区星湖街": "320500",
        "上海市北京东路1号": "310000",
        "上海市闸北区": "310108",
        "上海市闸北区共和新路1号": "310108",
        "朝阳区建国路1号": None,
        "南京东路100号": None,
        "上海市浦东新区和徐汇区": None,
        "上海市浦东新区张衡路1号；北京市海淀区": None,
    }
    lines = "".join(f"公司{i},{place}\n" for i, place in enumerate(places))
    table = csv_table(tmp_path, vocabulary, f"企业名称,注册地址\n{lines}")
    (batch,) = table.batches()
    assert batch.rows.column("company.registered_region").to_pylist() == list(places.values())
    assert [remark.row for remark in batch.remarks] == [0, 1, 2, 3, 4, 6]
    found = faults_of(table)
    assert found.keys() == {"B9", "B10", "B11", "B12"}
    assert "Beijing" in found["B9"]


def test_who_has_no_code_says_so(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """无 below the credit code says nothing known; a company may be called so."""
    lines = "企业名称,统一社会信用代码\n甲公司,无\n乙公司,未知\n丙公司,暂无\n无,/\n"
    table = csv_table(tmp_path, vocabulary, lines)
    assert [list(row.values()) for row in rows_of(table)] == [
        ["甲公司", None], ["乙公司", None], ["丙公司", None], ["无", None],
    ]  # fmt: skip
    assert faults_of(table) == {}


def test_days_as_people_and_spreadsheets_leave_them(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """A bare number in a column of days is a day whose format was lost: read, and told."""

    def fill(_: Any, sheet: Any) -> None:
        days = [
            44256,
            "44256",
            "2021年3月",
            "2021/3/1",
            "20210301",
            "2021.3.1",
            "2021.03",
            4425,
            "21/3/1",
        ]
        put(sheet, {i: [f"企业{i}", day] for i, day in enumerate(days, 1)})
        put(sheet, {0: ["公司名称", "设立日期"]})

    table = open_company_table(vocabulary, workbook(tmp_path / "in.xlsx", fill))
    found = [row["company.founded_on"] for row in rows_of(table)]
    assert found == ["2021-03-01"] * 7 + [None, None]
    assert faults_of(table).keys() == {"B9", "B10"}
    (batch,) = table.batches()
    assert [remark.row for remark in batch.remarks] == [0, 1, 2, 6]


def test_a_column_about_a_certificate_that_says_no_more_is_pointed_out_and_not_taken(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """Which year it was recognised says nothing of whether it is valid."""
    table = csv_table(
        tmp_path, vocabulary, "企业名称,高新技术企业认定年份,拟申请专精特新,备注\n甲,2023,是,x\n"
    )
    (row,) = rows_of(table)
    assert "company.certificates" not in row
    shown = preview(table)
    assert ["高新技术企业认定年份" in w["zh"] for w in shown["warnings"]] == [True, False]
    assert ["拟申请专精特新" in w["zh"] for w in shown["warnings"]] == [False, True]
    assert any("高新技术企业认定年份" in n.zh and "资质证书" in n.zh for n in table_notes(table))


def test_traditional_characters_are_read_like_simplified_ones(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """Headers, units, places, industries, yes and no, totals and notes. What a company is called
    stays as it is written."""
    path = tmp_path / "in.csv"
    path.write_text(
        "企業名稱;註冊地;所屬行業;營業收入(萬元);資產總額;是否高新技術企業;主體類型;稅號\n"
        "臺灣飛灣電子;上海市徐匯區;軟件和信息技術服務業;5,200;0.8億元;無;企業;\n"
        "總計;;;5,200;;;;\n註：數據來源於企業;;;;;;;\n",
        encoding="utf-8",
    )
    table = open_company_table(vocabulary, path)
    (row,) = rows_of(table)
    expected = {
        "company.name": "臺灣飛灣電子", "company.registered_region": "310104",
        "company.industry": "I65", "company.revenue": "52000000",
        "company.total_assets": "80000000", "company.kind": "enterprise",
    }  # fmt: skip
    assert {fact: row[fact] for fact in expected} == expected
    assert "high_tech_enterprise" not in str(row["company.certificates"])
    assert "company.uscc" in row
    passed_over = table.rows.passed_over_or_repeated
    assert (passed_over["totals"], passed_over["lines_of_text"]) == ([3], [4])


def test_only_the_first_sheet_of_companies_is_read_and_the_others_are_named(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """A hidden sheet and one of instructions are passed over."""

    def fill(book: Any, sheet: Any) -> None:
        put(sheet, {0: ["请如实填写"], 1: ["不得空缺"]})
        hidden = book.add_worksheet("旧")
        put(hidden, {0: ["企业名称", "员工人数"], 1: ["错", 1]})
        hidden.hide()
        put(book.add_worksheet("一季度"), {0: ["企业名称", "从业人员数"], 1: ["甲", 120]})
        put(book.add_worksheet("二季度"), {0: ["企业名称", "从业人员数"], 1: ["乙", 80]})

    table = open_company_table(vocabulary, workbook(tmp_path / "in.xlsx", fill))
    assert [row["company.name"] for row in rows_of(table)] == ["甲"]
    assert table.other_sheets == ("客户", "二季度")
    assert any("二季度" in note.zh for note in table_notes(table))
    alike, *_ = table_warnings(table)
    assert ("二季度" in alike.zh, "客户" in alike.zh) == (True, False)


def test_a_banks_list_with_everything_at_once(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """GB18030, semicolons, a title with a unit, a header with its own, codes with blanks, names of
    places and industries, signs of money and of truth; what is no figure is refused."""
    path = tmp_path / "in.csv"
    path.write_bytes(
        "某行科技企业名录;;;;;;;\r\n;;;;;;金额单位：亿元;\r\n"
        "客户名称;统一社会信用代码;注册地;所属行业;营业收入;研发费用（万元）;是否出口;资质荣誉\r\n"
        "甲;91310000 ma1fl2ab6u;上海市浦东新区;软件和信息技术服务业;0.52;800;√;"
        "高新技术企业、科技型中小企业（2026-05-20至2026-12-31）\r\n"
        ";;;;;;;\r\n"
        "乙;;江西吉安新干;C39;￥52,000,000;约800;×;无\r\n"
        "丙;;朝阳区;；;5200万;-800;是;/\r\n"
        "合 计;;;;1.56;1600;;\r\n".encode("gb18030")
    )
    table = open_company_table(vocabulary, path)
    first, second, third = rows_of(table)
    assert first["company.uscc"] == "91310000MA1FL2AB6U"
    assert [r["company.registered_region"] for r in (first, second)] == ["310115", "360824"]
    assert [r["company.industry"] for r in (first, second)] == ["I65", "C39"]
    assert [r["company.revenue"] for r in (first, second, third)] == ["52000000", None, "52000000"]
    assert [r["company.rnd_expense"] for r in (first, second)] == ["8000000", None]
    assert [r["company.exports"] for r in (first, second, third)] == ["true", "false", "true"]
    assert '"expires_on": "2026-12-31"' in str(first["company.certificates"])
    assert second["company.certificates"] == "-"
    assert faults_of(table).keys() == {"E6", "F6", "C7", "D7", "H7"}


def test_who_denies_one_thing_has_not_denied_the_rest(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """未上市 may be quoted elsewhere: unknown, and told. The markets go by their usual names."""
    path = tmp_path / "in.csv"
    cells = ["未上市", "科创板", "北交所、港股", "新三板创新层", "无", "主板", "否"]
    path.write_text("企业名称,上市情况\n" + "".join(f"甲,{c}\n" for c in cells))
    table = open_company_table(vocabulary, path)
    (batch,) = table.batches()
    assert batch.rows.column("company.listings").to_pylist() == [
        None, "domestic_exchange", "domestic_exchange|overseas_exchange", "neeq", "-", None, None
    ]  # fmt: skip
    assert [remark.row for remark in batch.remarks] == [0, 6]
    assert [fault.row for fault in batch.faults] == [5]


def test_a_certificate_whose_name_has_a_bracket_is_read_with_and_without_its_term(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """Every certificate by its own name, in both languages."""
    path = tmp_path / "in.csv"
    codes = vocabulary.codes_of(vocabulary.facts["company.certificates"])
    assert codes is not None
    names = [n for e in codes.codes.values() for n in (e.label.zh, e.label.en)]
    assert any("（" in name for name in names)
    written = [w for n in names for w in (n, f"{n}（2024-11-01至2027-10-31）")]
    lines = "".join(f'甲,"{w}"\n' for w in written)
    path.write_text(f"企业名称,资质证书\n{lines}")
    table = open_company_table(vocabulary, path)
    assert faults_of(table) == {}
    read = [json.loads(str(row["company.certificates"])) for row in rows_of(table)]
    assert [list(held) for ((held),) in read] == [
        ["category"],
        ["category", "issued_on", "expires_on"],
    ] * len(names)


def test_a_code_that_a_spreadsheet_took_for_a_number_is_refused_with_the_remedy(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """In the cell of a workbook, as text, in a text file; nor are two such codes one company."""

    def fill(_: Any, sheet: Any) -> None:
        put(sheet, {0: ["企业名称", "统一社会信用代码"], 1: ["甲", 913101150000000000.0],
                    2: ["乙", 913101150000000100.0], 3: ["丙", "9.13E+17"]})  # fmt: skip

    path = workbook(tmp_path / "in.xlsx", fill)
    table = open_company_table(vocabulary, path)
    assert {cell for cell, why in faults_of(table).items() if "as text" in why} == {
        "B2", "B3", "B4",
    }  # fmt: skip
    assert not table.rows.repeated
    lines = "企业名称,税号\n甲,9.13E+17\n乙,9.13101e17\n丙,913101150000000000\n丁,9.13E+17\n"
    table = csv_table(tmp_path, vocabulary, lines)
    assert list(faults_of(table)) == ["B2", "B3", "B4", "B5"]
    assert not table.rows.repeated


def test_a_sound_code_that_ends_in_zeros_is_taken_and_pointed_out(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    code = next(c for i in range(31) if is_uscc(c := f"9131011500000{i:02}000"))
    table = csv_table(tmp_path, vocabulary, f"企业名称,税号\n甲,{code}\n")
    (batch,) = table.batches()
    assert not batch.faults
    assert len(batch.remarks) == 1


def test_a_point_before_three_digits_is_refused_where_semicolons_part_the_cells(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """There a comma may part decimals, and a point thousands. 万 behind it is written where it
    does not; elsewhere a point is a point."""
    rows = ["甲;5.200;1.000;3", "乙;5.200万;12;3.500", "丙;5.2;12;3.5", "丁;5,200;1,200;3,500",
            "戊;12.345.678;12;1", "己;0.200;12;1", "庚;￥5.200元;12;1"]  # fmt: skip
    head = "企业名称;营业收入（元）;员工人数;创新能力评价得分"
    table = csv_table(tmp_path, vocabulary, "\n".join([head, *rows]))
    found = faults_of(table)
    assert set(found) == {"B2", "C2", "D3", "D5", "B6", "B8"}
    assert "write 5200, or 5.2000" in found["B2"]
    assert [r["company.revenue"] for r in rows_of(table)] == [
        None, "52000", "5.2", "5200", None, "0.2", None,
    ]  # fmt: skip
    table = csv_table(tmp_path, vocabulary, "企业名称,营业收入（元）\n甲,5.200\n")
    assert not faults_of(table)
