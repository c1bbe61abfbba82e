"""Which rows of a clerk's table are companies, and what is said of the others."""

from pathlib import Path
from typing import Any

import pytest

from service.domain.errors import InvalidInput
from service.domain.facts.vocabulary import Vocabulary
from service.usecases.portfolio.sheet_choice import open_company_table
from service.usecases.portfolio.table_notes import passed_over_notes
from service.usecases.portfolio.table_preview import preview
from tests.usecases.portfolio.tables import csv_table, put, rows_of, workbook


def test_names_of_members_below_a_group_are_no_company(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """Years below an amount make other figures of it; what is merged over two columns with no line
    below is refused, for nobody says which of them is meant."""

    def fill(_: Any, sheet: Any) -> None:
        put(sheet, {0: ["单位名称", "营业收入（万元）", None, "注册地"], 1: [None, 2023, 2024],
                    2: ["某某公司", 1, 2, "上海"]})  # fmt: skip
        sheet.merge_range(0, 1, 0, 2, "营业收入（万元）")

    table = open_company_table(vocabulary, workbook(tmp_path / "in.xlsx", fill))
    (row,) = rows_of(table)
    assert row["company.name"] == "某某公司"
    assert row["company.registered_region"] == "310000"
    assert "company.revenue" not in row

    def across(_: Any, sheet: Any) -> None:
        put(sheet, {0: ["单位名称", "注册地"], 1: ["某某公司", "上海市", "徐汇区"]})
        sheet.merge_range(0, 1, 0, 2, "注册地")

    table = open_company_table(vocabulary, workbook(tmp_path / "in.xlsx", across))
    assert [c.letters for c in table.layout.columns if c.is_doubled] == ["B", "C"]


def test_a_total_in_two_cells_and_numbers_of_columns_are_no_companies(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    table = csv_table(
        tmp_path,
        vocabulary,
        "序号,企业名称,员工人数,研发人员\n甲,乙,1,2\n1,某某公司,3,4\n合,计,3,4\n负责人：,张三,,填表人：\n",
    )
    assert [row["company.name"] for row in rows_of(table)] == ["某某公司"]
    assert (table.rows.totals, sorted(table.rows.notes)) == ([4], [2, 5])


def test_what_sums_companies_up_is_no_company(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """Sums of a branch, means and shares, and figures beside which no name stands."""
    lines = ["支行,企业名称,注册地,营业收入（万元）,员工人数", "徐汇,甲,徐汇区,100,10"]
    lines += ["徐汇支行 汇总,,,100,10", "平均,,,100,10", "其中：高企,,,100,10"]
    lines += [",,,100,10", "静安,,静安区,200,20"]
    table = csv_table(tmp_path, vocabulary, "\n".join(lines) + "\n")
    read = [row["company.revenue"] for row in rows_of(table)]
    assert read == ["1000000", "2000000"]
    assert (table.rows.totals, table.rows.unnamed) == ([3, 4, 5], [6])
    assert any("（6）" in note.zh for note in passed_over_notes(table))
    unnamed = csv_table(tmp_path, vocabulary, "营业收入（万元）,员工人数\n100,10\n")
    assert len(rows_of(unnamed)) == 1


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("企业名称,营业收入（元）,员工人数\n海星公司,520000,5\n企业名称,员工人数,营业收入\n海月公司,50,9000\n",
         "is the name of a column and no company"),
        ("企业名称,海星公司\n注册地,上海\n营业收入,520000\n", "transpose"),
        ("项目,海星公司,海月公司\n主体类型,企业,企业\n注册地,上海,上海\n人数,5,6\n", "transpose"),
    ],
)  # fmt: skip
def test_another_table_below_and_a_table_whose_companies_stand_in_columns_are_refused(
    tmp_path: Path, vocabulary: Vocabulary, lines: str, said: str
) -> None:
    """What stands below another header would be read under the wrong names."""
    path = tmp_path / "in.csv"
    path.write_text(lines)
    with pytest.raises(InvalidInput, match=said):
        preview(open_company_table(vocabulary, path))


def test_titles_of_parts_and_examples_are_no_companies(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """A line above the header that stands once more, a number before a title, 示例; 三一重工 is a
    company."""
    lines = [
        "企业名称,注册地,员工人数",
        "（示例）某某公司,上海,10",
        "一、上海企业,,",
        "三一重工,,5",
    ]
    lines += [
        "甲公司,,",
        "北京企业,,",
        "企业名称,注册地,员工人数",
        "例：乙公司,北京,1",
        "丁公司,,2",
    ]
    table = csv_table(tmp_path, vocabulary, "\n".join(lines) + "\n")
    assert [row["company.name"] for row in rows_of(table)] == ["三一重工", "甲公司", "丁公司"]
    assert sorted(table.rows.notes) == [2, 3, 6, 7, 8]


def test_a_header_of_several_lines_may_stand_again(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """A printed page repeats its cells as they are, with the breaks and blanks in them."""
    header = '"企业\n名称","注册　地","员工\n人数",备注\n'
    table = csv_table(tmp_path, vocabulary, f"{header}甲公司,上海,5,\n{header}乙公司,北京,6,\n")
    assert [row["company.name"] for row in rows_of(table)] == ["甲公司", "乙公司"]
    assert table.rows.notes == [3]


def test_lines_below_the_table_are_no_companies(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """Totals with a colon, how many there are, and who filled it in; a company may be called so."""
    path = tmp_path / "in.csv"
    lines = ["企业名称,员工人数", "甲,1", "说明书印刷厂,2", "共同富裕公司,3", "备注：无,4"]
    lines += ["合计：,10", "总 计,10", "共4家企业,", "注：数据来自系统,", "填表人：张三,"]
    lines += ["合 计：3家,10", "填表人：张三,审核：李四", "制表人：,王五", "附：不含小微企业,"]
    lines += ["记录数：4,", "制表：张三　复核：李四,2026-10-08"]
    path.write_text("\n".join(lines) + "\n")
    table = open_company_table(vocabulary, path)
    names = [row["company.name"] for row in rows_of(table)]
    assert names == ["甲", "说明书印刷厂", "共同富裕公司", "备注：无"]
    passed = {
        **{why: [] for why in table.rows.passed_over_or_repeated},
        "totals": [6, 7, 8, 11],
        "lines_of_text": [9, 10, 12, 13, 14, 15, 16],
    }
    assert table.rows.passed_over_or_repeated == passed
    preview(table)
    assert list(table.batches())
    assert table.rows.passed_over_or_repeated == passed


def test_a_company_that_stands_twice_is_told(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """By its code; each row is answered, and told again however often the table is read."""
    path = tmp_path / "in.csv"
    code = "91310000MA1FL2AB6U"
    path.write_text(
        f"企业名称,信用代码\n甲,{code}\n乙,\n丙,{code[:8]}-{code[8:]}\n丁,\n乙,\n甲,{code.lower()}\n"
    )
    table = open_company_table(vocabulary, path)
    preview(table)
    assert len(rows_of(table)) == 6
    assert (table.rows.repeated, table.rows.renamed) == ([6, 7], [4])
    repeated, renamed = passed_over_notes(table)[-3:-1]
    assert "（6、7）" in repeated.zh
    assert "名称不同" in renamed.zh
    assert "（4）" in renamed.zh


@pytest.mark.parametrize(
    ("lines", "repeated"),
    [
        (["甲,{a}", "甲,"], [3]),
        (["甲,", "甲,{a}"], [3]),
        (["甲,{a}", "甲,{b}"], []),
        (["甲,{a}", "乙,", "甲,{b}", "甲,"], [5]),
    ],
)
def test_a_company_is_known_by_its_name_where_a_row_has_no_code(
    tmp_path: Path, vocabulary: Vocabulary, lines: list[str], repeated: list[int]
) -> None:
    """Two of one name that have codes of their own are two companies."""
    text = "\n".join(["企业名称,信用代码", *lines])
    codes = {"a": "91310000MA1FL2AB6U", "b": "91310104MA1K027071"}
    table = csv_table(tmp_path, vocabulary, text.format(**codes) + "\n")
    rows_of(table)
    assert (table.rows.repeated, table.rows.renamed) == (repeated, [])


def test_a_stroke_for_a_name_is_no_company_and_a_name_alone_is_pointed_out(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    lines = [
        "企业名称,注册地,营业收入（万元）",
        "甲公司,上海,1",
        "……,,",
        "—,,",
        "N/A,,",
        "暂无,,",
        "—,,5",
    ]
    table = csv_table(tmp_path, vocabulary, "\n".join([*lines, "乙公司,,"]) + "\n")
    assert [row["company.name"] for row in rows_of(table)] == ["甲公司", "乙公司"]
    assert (table.rows.without_facts, table.rows.unnamed) == ([3, 4, 5, 6], [7])
    assert table.rows.names_alone == [8]
    assert any("（8）" in note.zh for note in passed_over_notes(table))


@pytest.mark.parametrize(
    ("head", "foot", "is_refused"),
    [("企业名称,营业收入", "单位：万元", True), ("企业名称,营业收入", "Unit: RMB 10,000", True),
     ("单位：万元,\n企业名称,营业收入", "单位：万元", False),
     ("企业名称,营业收入（万元）", "单位：万元", False), ("企业名称,注册地", "单位：万元", False),
     ("企业名称,营业收入", "单位：万美元", True)],
)  # fmt: skip
def test_a_unit_below_the_companies_holds_already_or_is_refused(
    tmp_path: Path, vocabulary: Vocabulary, head: str, foot: str, is_refused: bool
) -> None:
    place = "上海" if "注册地" in head else "12000000"
    table = csv_table(tmp_path, vocabulary, f'{head}\n甲公司,{place}\n"{foot}",\n')
    if is_refused:
        with pytest.raises(InvalidInput, match="A3"):
            rows_of(table)
    else:
        assert [row["company.name"] for row in rows_of(table)] == ["甲公司"]
