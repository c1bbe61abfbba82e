"""What is shown of a table before it runs."""

from datetime import date
from pathlib import Path

import pytest

from service.app import Services
from service.domain.facts.vocabulary import FactType, Vocabulary
from service.intake.allowed_values import number_example
from service.usecases.portfolio.portfolio import row_check
from service.usecases.portfolio.table_preview import preview
from tests.usecases.portfolio.tables import csv_table


def test_what_the_run_will_refuse_is_refused_in_the_preview(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """Below a fact's least value, above its greatest, with more places than it has; more digits of
    an amount than cents are rounded, and that is said."""
    text = "企业名称,注册地,员工人数,研发费用（万元）,营业收入（万元）,专利数\n"
    text += "甲,上海徐汇,-5,-1,5233.3333333333,1.5\n"
    found = preview(csv_table(tmp_path, vocabulary, text))
    (row,) = found["sample"]
    faults = {c["cell"] for c in row["cells"] if c["fault"]}
    assert {"C2"} <= faults
    assert {u["column"] for u in found["unreadable"]} >= {"C"}
    revenue = next(c for c in row["cells"] if c["fact"] == "company.revenue")
    assert revenue["read_as"] == "52333333.33"
    assert any("52333333.33" in remark["en"] for remark in found["remarks"])


def test_half_a_cent_is_rounded_up_as_is_said_and_no_amount_is_too_long(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """What has more digits than the usual arithmetic holds is a fault of its cell or an amount."""
    text = "企业名称,营业收入（元）\n甲,52000000.125\n乙,1000000000000000000000000000001.5\n"
    first, second = preview(csv_table(tmp_path, vocabulary, text))["sample"]
    read = [c for c in first["cells"] if c["fact"] == "company.revenue"]
    assert [c["read_as"] for c in read] == ["52000000.13"]
    assert any(c["fact"] == "company.revenue" for c in second["cells"])


def test_the_example_of_a_number_lies_within_its_bounds(vocabulary: Vocabulary) -> None:
    for fact in vocabulary.stated:
        if fact.type in (FactType.NUMBER, FactType.INTEGER):
            shown = number_example(fact)
            number = float(shown.removesuffix("%")) / (
                100 if shown.endswith("%") and not fact.unit else 1
            )
            assert fact.minimum is None or number >= fact.minimum, fact.id
            assert fact.maximum is None or number <= fact.maximum, fact.id


def test_no_fact_is_suggested_for_a_column_whose_use_is_known(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """Neither for a unit or a currency, which are named as what the amounts are counted in, nor
    for the customer's number or a year."""
    text = "Customer No.,企业名称,营业收入,单位,币种,年度\nC1,甲,5200,万元,人民币,2025\n"
    found = preview(csv_table(tmp_path, vocabulary, text))
    assert [c["suggestion"] for c in found["passed_through"] if c["column"] != "C"] == [None] * 4
    assert any("D 单位" in w["zh"] and "E 币种" in w["zh"] for w in found["warnings"])


@pytest.mark.parametrize(
    ("header", "cells", "fact"),
    [
        ("类型", ["企业", "个体工商户", "企业"], "company.kind"),  # whatever 项目类型 is like
        ("类型", ["企业", "VIP"], "project.kind"),
        ("借款人类型", ["有限责任公司"], "company.kind"),
        ("借款人所在区", ["朝阳"], "company.registered_region"),
        ("借款人信用代码", ["—"], "company.uscc"),
        ("No.", ["1"], None),
        ("备注", ["无", "无"], None),
        ("营业成本（万元）", ["5203", "6809"], None),  # trades have such codes
        ("研发投入占比", ["12.5%"], None),
        ("科技小巨人", ["是"], None),
        ("证件号码", ["91310000MA1FL2AB6U"], "company.uscc"),
    ],
)
def test_what_a_column_may_be_is_suggested_by_its_words_and_by_what_its_header_is_about(
    tmp_path: Path, vocabulary: Vocabulary, header: str, cells: list[str], fact: str | None
) -> None:
    rows = "".join(f"甲{i},{cell}\n" for i, cell in enumerate(cells))
    found = preview(csv_table(tmp_path, vocabulary, f"企业名称,{header}\n{rows}"))
    (column,) = found["passed_through"]
    assert (column["suggestion"] or {}).get("fact") == fact


def test_of_several_years_of_one_figure_the_last_alone_is_suggested(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    text = "企业名称,2023年营业收入,2024年营业收入,2025年营业收入\n甲,1,2,3\n"
    found = preview(csv_table(tmp_path, vocabulary, text))["passed_through"]
    facts = [(c["suggestion"] or {}).get("fact") for c in found]
    assert facts == [None, None, "company.revenue"]


def test_what_should_be_checked_in_a_row_is_said_before_the_table_runs(
    own_huice: Services, tmp_path: Path
) -> None:
    """Once for all rows alike, with the first of them; nothing of a row that is refused."""
    compiled = own_huice.compiled
    rows = "".join(f"甲{i},100,200,2015-03-01\n" for i in range(5))
    text = f"企业名称,职工总数,科技人员数,成立日期\n{rows}乙,100,200,x\n丙,100,20,2030-01-01\n"
    table = csv_table(tmp_path, compiled.catalogue.vocabulary, text)
    check = row_check(compiled, date(2026, 11, 22))
    said = [w["en"] for w in preview(table, check=check)["warnings"] if "check" in w["en"]]
    assert [words.partition(":")[0] for words in said] == [
        "Please check, of rows 5 (2, 3, 4, …)",
        "Please check, of rows 1 (8)",
    ]


def test_what_one_column_is_no_other_is_said_to_be(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """截至6月营业收入 beside the year's: who took the suggestion would have both refused."""
    text = "企业名称,营业收入（万元）,截至6月营业收入（万元）,平均营业收入\n甲,5200,2600,5000\n"
    found = preview(csv_table(tmp_path, vocabulary, text))["passed_through"]
    assert [column["suggestion"] for column in found] == [None, None]
    alone = text.replace("营业收入（万元）,截至", "截至").replace("5200,", "")
    first, _ = preview(csv_table(tmp_path, vocabulary, alone))["passed_through"]
    assert first["suggestion"]["fact"] == "company.revenue"
