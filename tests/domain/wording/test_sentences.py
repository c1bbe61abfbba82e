"""The words of a rule: generated, complete in both languages, and true to the rule."""

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given

from service.domain.rules.amounts import Benefit
from service.domain.rules.caps import Per
from service.domain.rules.conditions import Basis, Condition
from service.domain.rules.operators import Quantifier, Range
from service.domain.rules.quantities import Growth, Mean, Ratio, Sum
from service.domain.text import Text
from service.domain.wording.money import formula
from service.domain.wording.sentences import clause, heading, required_text, sentence
from tests.domain.bounds import at_least, at_most, less_than, more_than, years
from tests.domain.groups import any_of, every_of, not_, some_of
from tests.domain.predicates import among, ask, combined, holds, undecided
from tests.domain.sample import LISTS, VOCABULARY, D, money
from tests.domain.strategies import FAST, conditions
from tests.domain.table import ROWS, Row

ENTERPRISE, LISTED = among("kind", "enterprise"), among("listed", True)
STAFF, SMALL = ask("employees", at_least(1000)), among("employees", 5)

SENTENCES: tuple[tuple[Condition, str, str], ...] = (
    (ENTERPRISE, "主体类型为企业", "Kind of applicant: Enterprise"),
    (LISTED, "已上市", "Listed"),
    (among("listed", False), "已上市：否", "Listed: no"),
    (among("first_year", 2025), "首次升规年份为 2025", "First year: 2025"),
    (
        among("kind", "enterprise", "institute"),
        "主体类型为以下之一：企业、科研机构",
        "Kind of applicant: one of Enterprise or Research institute",
    ),
    (
        among("main_field", "quantum", umbrella="future_information"),
        "主要领域为量子科技（没有列全，属于未来信息的其他情形是否也算，由有关方面认定）",
        (
            "Main field: Quantum technology "
            "(the list is open: others within Future information count if whoever decides says so)"
        ),
    ),
    (
        among("kind", "enterprise", umbrella="individual"),
        "主体类型为企业（个人是否也算，由有关方面认定）",
        "Kind of applicant: Enterprise (whether Individual counts too is left to whoever decides)",
    ),
    (
        among("fields", "quantum"),
        "技术领域包括量子科技",
        "Technology fields: including Quantum technology",
    ),
    (
        among("fields", "quantum", "robots"),
        "技术领域包括以下至少一项：量子科技、机器人",
        "Technology fields: including at least one of Quantum technology or Robots",
    ),
    (
        among("fields", "quantum", "robots", need=Quantifier.ALL),
        "技术领域包括以下全部：量子科技、机器人",
        "Technology fields: including all of Quantum technology and Robots",
    ),
    (
        among("kind", "enterprise", "institute", "individual"),
        "主体类型为以下之一：企业、科研机构、个人",
        "Kind of applicant: one of Enterprise, Research institute or Individual",
    ),
    (
        among("purpose", "first_set", "trial"),
        "支持事项为以下之一：首台套奖励、“首试、首用”",
        "Purpose: one of First-set award or First trial",
    ),
    (among("region", "310000"), "注册地属于上海市", "Registered region: within Shanghai"),
    (among("region", "310115"), "注册地为浦东新区", "Registered region: Pudong"),
    (
        among("region", "110000", "310000"),
        "注册地属于以下之一：北京市、上海市",
        "Registered region: within one of Beijing or Shanghai",
    ),
    (
        among("industry", "C391"),
        "所属行业属于电子设备制造业 C391",
        "Industry: within Electronic equipment C391",
    ),
    (STAFF, "职工总数不低于 1,000 人", "Employees: at least 1,000"),
    (
        ask("revenue", more_than(D("20000000.50"))),
        "营业收入超过 20,000,000.50 元",
        "Revenue: more than CNY 20,000,000.50",
    ),
    (ask("debt_ratio", at_most(70)), "资产负债率不超过 70%", "Debt ratio: at most 70%"),
    (ask("tenor", less_than(12)), "贷款期限低于 12 个月", "Loan term: less than 12 months"),
    (
        ask("employees", Range(5, 10, high_included=False)),
        "职工总数不低于 5 人，且低于 10 人",
        "Employees: at least 5 and less than 10",
    ),
    (
        ask("first_year", at_least(2025)),
        "首次升规年份不早于 2025 年",
        "First year: in or after 2025",
    ),
    (
        ask("first_year", at_least(3)),
        "首次升规年份不低于 3 年",
        "First year: at least 3 years",
    ),
    (ask("tenor", at_least(1)), "贷款期限不低于 1 个月", "Loan term: at least 1 month"),
    (
        ask("founded_on", less_than(date(2026, 1, 1))),
        "成立日期早于 2026-01-01",
        "Date of founding: before 2026-01-01",
    ),
    (
        ask("founded_on", Range(date(2026, 1, 1), date(2026, 12, 31))),
        "成立日期不早于 2026-01-01，且不晚于 2026-12-31",
        "Date of founding: on or after 2026-01-01 and on or before 2026-12-31",
    ),
    (
        ask("founded_on", years(Range(24, 60, high_included=False))),
        "自成立日期至评估日满 2 年，且不满 5 年",
        "Date of founding: at least 2 years and less than 5 years before the as-of date",
    ),
    (
        ask("founded_on", years(more_than(12))),
        "自成立日期至评估日超过 1 年",
        "Date of founding: more than 1 year before the as-of date",
    ),
    (
        holds("high_tech"),
        "资质证书包括高新技术企业，且在有效期内",
        "Certificates: High-tech enterprise, within its term",
    ),
    (
        holds("high_tech", "specialised"),
        "资质证书包括以下至少一项，且在有效期内：高新技术企业、专精特新企业",
        ("Certificates: within its term, at least one of High-tech enterprise or Specialised SME"),
    ),
    (
        combined(Ratio, "rnd revenue", at_least(D("0.03"))),
        "研发费用与营业收入之比不低于 3%",
        "The ratio of R&D spending to revenue: at least 3%",
    ),
    (
        combined(Ratio, "revenue employees", at_least(Fraction(500_000))),
        "营业收入与职工总数之比不低于 50 万元/人",
        "The ratio of revenue to employees: at least CNY 500,000 per person",
    ),
    (
        combined(Growth, "revenue revenue_before", more_than(Fraction(1, 8))),
        "营业收入较上年营业收入的增幅超过 12.5%",
        "Growth of revenue over revenue of the year before: more than 12.5%",
    ),
    (
        combined(Sum, "rnd revenue", at_least(100)),
        "研发费用、营业收入之和不低于 100 元",
        "The sum of R&D spending and revenue: at least CNY 100",
    ),
    (
        combined(Mean, "rnd revenue", at_least(100)),
        "研发费用、营业收入的平均值不低于 100 元",
        "The mean of R&D spending and revenue: at least CNY 100",
    ),
    (
        undecided(),
        "有行业影响力（条文没有说明标准，由有关方面认定）",
        "Influential in its industry (not defined by the text; left to whoever decides)",
    ),
    (
        undecided(Basis.STATED),
        "有行业影响力（由有关方面认定）",
        "Influential in its industry (left to whoever decides)",
    ),
    (
        every_of(LISTED, any_of(LISTED, SMALL)),
        "【以下各项都要满足：已上市；【以下至少满足一项：已上市；职工总数为 5 人】】",
        "[all of: Listed; [any of: Listed; Employees: 5]]",
    ),
    (
        some_of(2, ENTERPRISE, LISTED),
        "【以下至少满足 2 项：主体类型为企业；已上市】",
        "[at least 2 of: Kind of applicant: Enterprise; Listed]",
    ),
    (not_(LISTED), "【不是下列情况：已上市】", "[not the case: Listed]"),
    (
        ask("employees", at_least(5), term=Text("团队人数", "Team size")),
        "团队人数不低于 5 人",
        "Team size: at least 5",
    ),
    (
        replace(any_of(LISTED, STAFF), term=Text("骨干企业", "Backbone firm")),
        "骨干企业【以下至少满足一项：已上市；职工总数不低于 1,000 人】",
        "Backbone firm [any of: Listed; Employees: at least 1,000]",
    ),
    (
        replace(not_(LISTED), term=Text("已在境内上市", "Listed at home")),
        "不是下列情况：已在境内上市【已上市】",
        "not the case: Listed at home [Listed]",
    ),
)


@pytest.mark.parametrize(
    ("condition", "zh", "en"),
    [
        (LISTED, "已上市", "listed"),
        (among("listed", False), "并非已上市", "not listed"),
        (
            every_of(STAFF, among("listed", False)),
            "【以下各项都要满足：职工总数不低于 1,000 人；并非已上市】",
            "[all of: employees: at least 1,000; not listed]",
        ),
        (STAFF, "职工总数不低于 1,000 人", "employees: at least 1,000"),
    ],
)
def test_a_condition_within_a_sentence(condition: Condition, zh: str, en: str) -> None:
    """No capital where the sentence does not begin, and what is denied is said so: "at most … where
    not listed"."""
    said = clause(condition, VOCABULARY)
    assert (said.zh, said.en) == (zh, en)


@pytest.mark.parametrize(("condition", "zh", "en"), SENTENCES, ids=[s[2] for s in SENTENCES])
def test_sentences(condition: Condition, zh: str, en: str) -> None:
    assert sentence(condition, VOCABULARY) == Text(zh, en)


@pytest.mark.parametrize(
    ("condition", "zh", "en"),
    [
        (every_of(LISTED), "以下各项都要满足", "all of these"),
        (any_of(LISTED), "以下至少满足一项", "at least one of these"),
        (not_(LISTED), "不是下列情况", "not the case"),
        (some_of(1, LISTED), "以下至少满足 1 项", "at least 1 of these"),
        (
            replace(any_of(LISTED), term=Text("骨干企业", "Backbone firm")),
            "骨干企业（以下至少满足一项）",
            "Backbone firm (at least one of these)",
        ),
        (
            replace(not_(LISTED), term=Text("已在境内上市", "Listed at home")),
            "不是下列情况：已在境内上市",
            "not the case: Listed at home",
        ),
        (LISTED, "已上市", "Listed"),
    ],
)
def test_a_heading_leaves_what_is_listed_below_it(condition: Condition, zh: str, en: str) -> None:
    """A group is announced without a trailing colon; a test is its own sentence."""
    assert heading(condition, VOCABULARY) == Text(zh, en)


LABELS = [code.label for codes in LISTS for code in codes.codes.values()]
NAMED = {word for label in LABELS for word in re.findall(r"\w+", label.en)}
# Identifiers that may never be read by a person; "incubator" is also a word of a label.
RAW = {c for codes in LISTS for c in codes.codes if c not in NAMED} | set(VOCABULARY.facts)
HAN = re.compile(r"[\u4e00-\u9fff]")


def check_words(words: Text) -> None:
    """Both languages are there, filled in, in their own script and punctuation, without codes."""
    assert words.zh
    assert words.en
    assert not {"{", "}"} & set(words.zh + words.en)
    assert not HAN.search(words.en)
    assert HAN.search(words.zh)
    assert not re.search(r"[\u4e00-\u9fff][,;:()]|[,;:()][\u4e00-\u9fff]", words.zh)
    for text in (words.zh, words.en):
        assert not RAW & set(re.findall(r"[a-zA-Z0-9_.]+", text))
        assert "  " not in text
        assert text == text.strip()


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r.key)
def test_every_row_of_the_table_reads(row: Row) -> None:
    """Whatever the table of operators asks can be said in both languages."""
    words = sentence(row.condition, VOCABULARY)
    check_words(words)
    check_words(heading(row.condition, VOCABULARY))


@FAST
@given(conditions(VOCABULARY, counted=True))
def test_every_condition_reads(condition: Condition) -> None:
    """So can every other condition."""
    words = sentence(condition, VOCABULARY)
    check_words(words)
    assert "None" not in words.zh + words.en


@FAST
@given(conditions(VOCABULARY, counted=True), conditions(VOCABULARY, counted=True))
def test_the_words_of_a_group_contain_the_words_of_its_parts(
    first: Condition, second: Condition
) -> None:
    """Nothing below a group is left unsaid."""
    whole = sentence(every_of(first, not_(second)), VOCABULARY)
    for part in (first, second):
        words = sentence(part, VOCABULARY)
        assert words.zh in whole.zh
        assert words.en in whole.en


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (ENTERPRISE, "enterprise"),
        (among("listed", False), "false"),
        (among("fields", "quantum", "robots"), "quantum, robots"),
        (among("fields", "quantum", "robots", need=Quantifier.ALL), "all of quantum, robots"),
        (holds("high_tech", "pioneer"), "high_tech, pioneer"),
        (ask("employees", Range(5, 10, high_included=False)), ">= 5 and < 10"),
        (ask("revenue", more_than(D("20000000"))), "> 20000000"),
        (ask("founded_on", at_most(date(2026, 1, 1))), "<= 2026-01-01"),
        (ask("founded_on", years(at_least(60))), ">= 60 months"),
        (combined(Ratio, "rnd revenue", at_least(Fraction(3, 100))), ">= 0.03"),
        (every_of(LISTED), None),
        (undecided(), None),
    ],
)
def test_what_was_asked_for(condition: Condition, text: str | None) -> None:
    """The threshold to set beside what was seen; groups and open points have none."""
    assert required_text(condition) == text


CONTRACT = "project.contract_amount"


@pytest.mark.parametrize(
    ("benefit", "zh", "en"),
    [
        (
            money(D(20_000_000), D("0.30"), D("0.30"), CONTRACT, per=Per.CONTRACT, one_off=True),
            "不超过合同金额的 30%，且最高 2,000 万元（按合同计），一次性",
            "up to 30% of contract amount, and at most CNY 20,000,000 per contract, one-off",
        ),
        (
            money(None, D("0.20"), D("0.30"), CONTRACT),
            "不超过合同金额的 20%–30%（按什么计，条文未明说）",
            "up to 20%–30% of contract amount (the text does not say per what)",
        ),
        (
            money(D(1_000_000), D("0.5"), D("0.5"), CONTRACT, ("project.lpr",), per=Per.YEAR),
            "不超过合同金额 × 贷款利率的 50%，且最高 100 万元（按年计）",
            "up to 50% of contract amount × loan prime rate, and at most CNY 1,000,000 per year",
        ),
        (
            money(D(500_000)),
            "最高 50 万元（按什么计，条文未明说）",
            "at most CNY 500,000 (the text does not say per what)",
        ),
    ],
)
def test_the_money_rule(benefit: Benefit, zh: str, en: str) -> None:
    assert formula(benefit, VOCABULARY) == Text(zh, en)


@pytest.mark.parametrize("per", Per)
def test_every_way_of_counting_a_ceiling_is_worded(per: Per) -> None:
    """No two ways say the same; where the text is silent, that is said."""
    ways = [formula(money(D(5), per=p), VOCABULARY) for p in Per]
    assert ways.count(formula(money(D(5), per=per), VOCABULARY)) == 1
    check_words(ways[list(Per).index(per)])
