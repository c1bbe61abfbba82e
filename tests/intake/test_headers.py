"""What stands over a column: which fact it is, in which unit, and what makes it another figure."""

import pytest

from service.app import Services
from service.domain.facts.vocabulary import Vocabulary
from service.intake.headers import FIGURES, HeaderNames


@pytest.fixture(scope="module")
def vocabulary(own_huice: Services) -> Vocabulary:
    return own_huice.compiled.catalogue.vocabulary


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Revenue (RMB mn)", 10**6),
        ("Revenue (CNY m)", 10**6),
        ("Revenue (RMB'000)", 1000),
        ("Revenue (RMB 10,000)", 10**4),
        ("营业收入（人民币万元，必填）", 10**4),
        ("营业收入（上年度）（百万元）", 10**6),
        ("营收（金额单位：十万元）", 10**5),
        ("上年度营业收入（营业收入）（元）", 1),
    ],
)
def test_a_unit_is_understood_as_english_and_chinese_books_have_it(
    vocabulary: Vocabulary, header: str, unit: int
) -> None:
    read = HeaderNames(vocabulary).read(header)
    assert read.fact is not None
    assert read.fact.id == "company.revenue"
    assert read.scale == unit


def test_a_header_that_names_two_units_is_not_counted_in_either(vocabulary: Vocabulary) -> None:
    """The name of the currency beside a unit is none: RMB/万元."""
    read = HeaderNames(vocabulary).read
    assert [read(f"营业收入（{unit}）").scale for unit in ("元/万元", "万/亿", "RMB/万元")] == [
        None, None, 10**4,
    ]  # fmt: skip
    assert read("营业收入（元/万元）").fact is None


@pytest.mark.parametrize(
    ("group", "member", "fact"),
    [
        ("研发费用（万元）", "上年度", "company.rnd_expense"),
        ("研发费用（万元）", "前一年度", "company.rnd_expense_previous_year"),
        ("营业收入（万元）", "前一年度", "company.revenue_previous_year"),
        ("营业收入（万元）", "2024", None),
        ("营业收入（万元）", "增长率", None),
    ],
)
def test_a_group_may_be_the_figure_and_what_stands_below_it_the_year(
    vocabulary: Vocabulary, group: str, member: str, fact: str | None
) -> None:
    read = HeaderNames(vocabulary).read_under(group, member)
    assert (read.fact and read.fact.id) == fact
    assert read.scale == (fact and 10**4)
    assert read.text == f"{group} {member}"


def test_a_header_may_name_the_unit_of_its_fact(vocabulary: Vocabulary) -> None:
    """Whatever a fact is counted in may stand in brackets behind its name, in either language."""
    names = HeaderNames(vocabulary)
    counted = [f for f in vocabulary.facts.values() if f.unit and f.type in FIGURES]
    assert len(counted) > 4
    for fact in counted:
        unit = vocabulary.unit_words(fact.unit or "")
        for word in {unit.label.zh, unit.each.zh, unit.label.en, unit.each.en, *unit.aliases} - {
            ""
        }:
            assert names.read(f"{fact.label.zh}（{word}）").fact is fact, word
            assert names.read(f"{fact.label.en} ({word})").fact is fact, word


@pytest.mark.parametrize(
    ("header", "fact"), [("是否上市", "company.listings"), ("是否已经上市", "company.listings")]
)
def test_a_suggestion_is_for_what_is_asked_not_that_it_is_asked(
    vocabulary: Vocabulary, header: str, fact: str
) -> None:
    near = HeaderNames(vocabulary).suggestion(header)
    assert near is not None
    assert near.id == fact


@pytest.mark.parametrize(
    "header",
    ["所属支行", "上上年营业收入", "前年营业收入", "上年同期营业收入", "净资产", "Net assets"],
)
def test_what_is_another_thing_has_no_suggestion(vocabulary: Vocabulary, header: str) -> None:
    """A branch is no trade for being the company's, too; what is left of assets without debts, or
    was so the year before last, taken for another figure would do harm."""
    assert HeaderNames(vocabulary).suggestion(header) is None


@pytest.mark.parametrize(
    ("header", "name"), [("Revenue (CNY)", "CNY"), ("营业收入（RMB 万元）", "RMB 万元")]
)
def test_a_unit_is_told_as_the_header_writes_it(
    vocabulary: Vocabulary, header: str, name: str
) -> None:
    assert HeaderNames(vocabulary).read(header).unit_name == name


@pytest.mark.parametrize(
    ("note", "is_other"),
    [
        ("（2023年）", True), ("（近三年）", True), ("（预计）", True), ("(累计)", True),
        ("（同比增长）", True), ("（其中境外）", True), ("（23年）", True), ("（本月）", True),
        ("（月）", True), ("（年初）", True), ("（境外）", True), ("（比例）", True),
        ("（Q1）", True), ("（RMB foo）", True),
        ("（万元）", False), ("（单位：万元）", False), ("（必填）", False), ("（元）", False),
        ("（上年度）", False), ("（如有，请填写）", False),
    ],
)  # fmt: skip
def test_what_a_bracket_makes_of_a_figure_is_not_passed_over(
    vocabulary: Vocabulary, note: str, is_other: bool
) -> None:
    """Another year, several years, a plan, a share: none of them is the fact whose name stands
    before the bracket. A unit, a note on how to fill the cell is."""
    fact = HeaderNames(vocabulary).read(f"营业收入{note}").fact
    assert (fact is None) is is_other
