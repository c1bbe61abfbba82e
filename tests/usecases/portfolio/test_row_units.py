"""Amounts whose unit stands in another column of their row."""

from pathlib import Path

from service.domain.facts.vocabulary import Vocabulary
from tests.usecases.portfolio.tables import csv_table, faults_of, rows_of


def test_another_column_may_say_what_a_row_s_amounts_are_in(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """As if it stood behind the amount; what names its own unit keeps it, another currency is
    refused wherever the unit is named. A column 单位 may hold names of firms, and then says nothing
    of amounts."""
    lines = ["企业名称,营业收入,资产总额（万元）,币种,单位", "甲,5200,80,人民币,万元"]
    lines += ["乙,520000000,80,美元,元", "丙,3千万元,80,CNY,亿元", "丁,300,80,港币,"]
    table = csv_table(tmp_path, vocabulary, "\n".join(lines) + "\n")
    found = rows_of(table)
    assert [row["company.revenue"] for row in found] == ["52000000", None, "30000000", None]
    assert [row["company.total_assets"] for row in found] == ["800000", None, "800000", None]
    assert faults_of(table).keys() == {"B3", "C3", "B5", "C5"}
    one = "企业名称,营业收入,营收单位,资产总额\n甲,1000000,万元,2000000\n乙,5,万美元,2000000\n"
    found = rows_of(csv_table(tmp_path, vocabulary, one))
    assert [row["company.revenue"] for row in found] == ["10000000000", None]
    assert [row["company.total_assets"] for row in found] == ["2000000", "2000000"]
    written = '企业名称,营业收入,Unit\n甲,"5,200","RMB 10,000"\n乙,7,RMB mn\n丙,99000000,万元\n'
    counted = csv_table(tmp_path, vocabulary, written)
    (batch,) = counted.batches()
    assert batch.rows.column("company.revenue").to_pylist() == [
        "52000000", "7000000", "990000000000",
    ]  # fmt: skip
    assert [(r.row, "not counted" in r.remark.en) for r in batch.remarks] == [(2, True)]
    firms = csv_table(tmp_path, vocabulary, "企业名称,单位,营业收入\n甲,徐汇支行,520000000\n")
    assert [row["company.revenue"] for row in rows_of(firms)] == ["520000000"]


def test_a_figure_in_characters_counts_in_the_unit_beside_it_and_a_stroke_in_none(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """八千 beside 万元 is no eight thousand yuan, nor is it so where nobody names a unit."""
    cells = {
        "八千": "80000000",
        "５00": "5000000",
        "八千万": "80000000",
        "三百五": "3500000",
        "零": "0",
        "-": None,
    }
    lines = ["企业名称,营业收入,单位", *(f"甲,{cell},万元" for cell in cells), "甲,一百,百万元"]
    table = csv_table(tmp_path, vocabulary, "\n".join(lines) + "\n")
    assert [row["company.revenue"] for row in rows_of(table)] == [*cells.values(), None]
    assert faults_of(table).keys() == {"B8"}  # 一百百万元 is no number
    alone = csv_table(tmp_path, vocabulary, "企业名称,营业收入\n甲,八千\n乙,六千万\n丙,八千元\n")
    assert [row["company.revenue"] for row in rows_of(alone)] == [None, "60000000", "8000"]
    assert "万元" in faults_of(alone)["B2"]
