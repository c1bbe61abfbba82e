"""Quantities as policy files write them: what they mean, what they say, what is refused."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any, get_args

import pytest

from service.catalogue.conditions import Compiler
from service.catalogue.quantities import HEADS
from service.catalogue.standard_conditions import Standards
from service.catalogue.yaml_tree import Faults, parse
from service.domain.evaluation.evaluator import evaluate_condition
from service.domain.facts.parameters import DatedValue, Parameter
from service.domain.facts.profile import Award, Certificate, Project, Value
from service.domain.facts.vocabulary import FactType
from service.domain.rules.conditions import Condition, Predicate
from service.domain.rules.quantities import Core, Score, Short
from service.domain.rules.unit_check import unit_of
from service.domain.text import Text
from service.domain.truth import Truth
from service.domain.wording.sentences import required_text, sentence
from tests.domain.sample import DAY, D, subject
from tests.domain.sample import VOCABULARY as SAMPLE

WAGE = Parameter(
    "wage", Text("平均工资", "Average wage"), "CNY/person",
    (DatedValue(date(2025, 1, 1), Fraction(9)), DatedValue(date(2026, 1, 1), Fraction(10))),
    date(2026, 12, 31), "a yearbook", verified=False,
)  # fmt: skip
LISTED = (
    replace(SAMPLE.facts["company.awards"], id="company.projects", name="projects",
            type=FactType.PROJECTS, list=None, label=Text("全部项目", "All projects")),
    replace(SAMPLE.facts["company.fields"], id="company.projects_absent", name="projects_absent",
            list="project_kinds"),
)  # fmt: skip
VOCABULARY = replace(
    SAMPLE, parameters={"wage": WAGE}, facts={**SAMPLE.facts, **{f.id: f for f in LISTED}}
)


def projects(*amounts: int) -> tuple[Project, ...]:
    """Contracts of these amounts."""
    kind = "product"
    return tuple(
        Project(str(n), kind, {"project.kind": kind, "project.contract_amount": D(amount)})
        for n, amount in enumerate(amounts)
    )


OTHERS = Standards(programmes={"x-award": Text("首次出口奖励", "First-export award")})

# A condition, its sentences, facts that meet it and facts that do not.
WRITTEN: list[tuple[str, str, str, dict[str, Value], dict[str, Value]]] = [
    (
        "{sum: [company.revenue, company.rnd, 50], at_least: 100}",
        "营业收入、研发费用、50 元之和不低于 100 元",
        "The sum of revenue, R&D spending and CNY 50: at least CNY 100",
        {"revenue": 20, "rnd": 30}, {"revenue": 20, "rnd": 29},
    ),
    (
        "{difference: [company.revenue, company.revenue_before], more_than: 0}",
        "营业收入减去上年营业收入的差额超过 0 元",
        "Revenue less revenue of the year before: more than CNY 0",
        {"revenue": 2, "revenue_before": 1}, {"revenue": 1, "revenue_before": 1},
    ),
    (
        "{fact: company.rnd, at_least: {product: [0.03, company.revenue]}}",
        "研发费用不低于营业收入的 3%",
        "R&D spending: at least 3% of revenue",
        {"rnd": 3, "revenue": 100}, {"rnd": 3, "revenue": 101},
    ),
    (
        "{fact: company.revenue, at_most: {product: [2, company.revenue_before]}}",
        "营业收入不超过 2 倍上年营业收入",
        "Revenue: at most 2 × revenue of the year before",
        {"revenue": 4, "revenue_before": 2}, {"revenue": 5, "revenue_before": 2},
    ),
    (
        ("{mean: [{growth: [company.revenue, company.revenue_before]}, "
        "{ratio: [company.rnd, company.revenue]}], at_least: 0.2}"),
        "（营业收入较上年营业收入的增幅）、（研发费用与营业收入之比）的平均值不低于 20%",
        ("The mean of (growth of revenue over revenue of the year before) and"
        " (the ratio of R&D spending to revenue): at least 20%"),
        {"revenue": 12, "revenue_before": 10, "rnd": 3},
        {"revenue": 12, "revenue_before": 10, "rnd": 2},
    ),
    (
        "{least: [company.revenue, company.rnd], at_least: 5}",
        "营业收入、研发费用中的最小者不低于 5 元",
        "The least of revenue and R&D spending: at least CNY 5",
        {"revenue": 5, "rnd": 5}, {"revenue": 5, "rnd": 4},
    ),
    (
        "{greatest: [company.revenue, company.rnd], at_least: 5}",
        "营业收入、研发费用中的最大者不低于 5 元",
        "The greatest of revenue and R&D spending: at least CNY 5",
        {"revenue": 5, "rnd": 4}, {"revenue": 4, "rnd": 4},
    ),
    (
        ("{fact: company.employees, less_than: {by: company.kind, "
        "values: {enterprise: 100, institute: 50}, otherwise: 10}}"),
        "职工总数低于（按主体类型：企业 100 人，科研机构 50 人，其他情形为 10 人）",
        ("Employees: less than (by kind of applicant: Enterprise 100, Research institute 50, "
        "otherwise 10)"),
        {"employees": 99, "kind": "enterprise"}, {"employees": 99, "kind": "institute"},
    ),
    (
        ("{fact: company.rnd, at_least: {cases: [{when: {fact: company.listed, is: true}, "
        "then: 100}], otherwise: 50}}"),
        "研发费用不低于（已上市的，为 100 元；其他情形为 50 元）",
        "R&D spending: at least (where listed: CNY 100; otherwise CNY 50)",
        {"rnd": 100, "listed": True}, {"rnd": 99, "listed": True},
    ),
    (
        ("{fact: company.rnd, at_least: {bands: [{up_to: 1000, rate: 0.05}, {rate: 0.03}], "
        "of: company.revenue}}"),
        "研发费用不低于（按营业收入所在档次：不超过 1,000 元的，5%，其余，3%）",
        ("R&D spending: at least (by the band that revenue lies in: up to CNY 1,000: 5%,"
        " beyond: 3%)"),
        {"rnd": 50, "revenue": 1000}, {"rnd": 49, "revenue": 1000},
    ),
    (
        ("{bands: [{below: 100, rate: 0.5}, {rate: 0.3}], of: company.revenue, progressive: true, "
        "at_least: 80}"),
        "按营业收入分段累计：不足 100 元的部分 50%，超过的部分 30%不低于 80 元",
        "By parts of revenue: 50% below CNY 100, 30% beyond: at least CNY 80",
        {"revenue": 200}, {"revenue": 199},
    ),
    (
        "{difference: [2026-06-30, company.founded_on], at_least: 30}",
        "成立日期至2026-06-30的天数不低于 30 天",
        "Days from date of founding to 2026-06-30: at least 30 days",
        {"founded_on": date(2026, 5, 31)}, {"founded_on": date(2026, 6, 1)},
    ),
    (
        "{fact: company.founded_on, age_at_most: {days: 30}}",
        "成立日期至评估日的天数不低于 0 天，且不超过 30 天",
        "Days from date of founding to the as-of date: at least 0 days and at most 30 days",
        {"founded_on": date(2026, 11, 1)}, {"founded_on": date(2026, 1, 1)},
    ),
    (
        ("{fact: company.rnd, at_least: {product: [company.revenue, {bands: [{below: 100, "
        "amount: 1.6}, {amount: 0.5}], unit: times, of: company.employees}]}}"),
        "研发费用不低于营业收入 × （按职工总数所在档次：不足 100 人的，1.6 倍，其余，0.5 倍）",
        ("R&D spending: at least revenue × (by the band that employees lies in: below 100: "
        "1.6 times, beyond: 0.5 times)"),
        {"rnd": 160, "revenue": 100, "employees": 99},
        {"rnd": 159, "revenue": 100, "employees": 99},
    ),
    (
        "{months_between: [company.founded_on, as_of], at_least: 6}",
        "成立日期至评估日的整月数不低于 6 个月",
        "Full months from date of founding to the as-of date: at least 6 months",
        {"founded_on": DAY.replace(month=5)}, {"founded_on": DAY.replace(month=6)},
    ),
    (
        "{months_between: [company.founded_on, as_of], begun: true, at_most: 6}",
        "成立日期至评估日的月数（不足一个月的按一个月计）不超过 6 个月",
        ("Months from date of founding to the as-of date, a month begun counted whole: "
        "at most 6 months"),
        {"founded_on": date(2026, 5, 22)}, {"founded_on": date(2026, 5, 21)},
    ),
    (
        "{year_of: company.founded_on, is: 2026}",
        "成立日期所在年份为 2026 年",
        "The year of date of founding: 2026",
        {"founded_on": DAY.replace(month=1)}, {"founded_on": DAY.replace(year=2025)},
    ),
    (
        "{had: {purpose: first_set, year: last_year}}",
        "有上一年获得的已获支持（首台套奖励）",
        "Support received (First-set award) had last year: at least one",
        {"awards": (Award("first_set", year=2025),)},
        {"awards": (Award("first_set", year=2024), Award("trial", year=2025))},
    ),
    (
        "{product: [company.revenue, {power: {of: 1.01375, times: 2}}], at_least: 102.76}",
        "营业收入 × 1.01375 的 2 次方不低于 102.76 元",
        "Revenue × 1.01375 to the power of 2: at least CNY 102.76",
        {"revenue": 100}, {"revenue": 99},
    ),
    (
        "{price: 20, of: company.employees, at_least: 60}",
        "20 元/人 × 职工总数不低于 60 元",
        "CNY 20 per person × employees: at least CNY 60",
        {"employees": 3}, {"employees": 2},
    ),
    (
        "{awards: {purpose: trial, year: {from: 2_years_ago, to: this_year}}, at_least: 2}",
        "本年和此前 2 年获得的已获支持（首试、首用）的件数不低于 2",
        ("The number of support received (First trial) had this year or in the 2 years before: "
        "at least 2"),
        {"awards": (Award("trial", year=2024), Award("trial", year=2026))},
        {"awards": (Award("trial", year=2023), Award("trial", year=2026))},
    ),
    (
        "{awards: {purpose: trial, year: {from: 5_years_ago, to: 3_years_ago}}, at_least: 1}",
        "有 5 年前那一年至 3 年前那一年获得的已获支持（首试、首用）",
        ("Support received (First trial) had from the year 5 years ago to the year 3 years ago: "
        "at least one"),
        {"awards": (Award("trial", year=2021),)}, {"awards": (Award("trial", year=2024),)},
    ),
    (
        "{awards: {purpose: trial, year: {from: 2024, to: last_year}}, at_least: 1}",
        "有 2024 年至上一年获得的已获支持（首试、首用）",
        "Support received (First trial) had from 2024 to last year: at least one",
        {"awards": (Award("trial", year=2025),)}, {"awards": (Award("trial", year=2026),)},
    ),
    (
        "{year_of: company.founded_on, at_least: 3_years_ago}",
        "成立日期所在年份不低于评估日的 3 年前",
        "The year of date of founding: at least the year 3 years before the as-of date",
        {"founded_on": DAY.replace(year=2023)}, {"founded_on": DAY.replace(year=2022)},
    ),
    (
        "{had: {programme: x-award}}",
        "有已获支持（首次出口奖励）",
        "Support received (First-export award): at least one",
        {"awards": (Award("first_set", programme="x-award"),)},
        {"awards": (Award("first_set", programme="x-other"),)},
    ),
    (
        "{award_amounts: {purpose: first_set}, at_least: 100}",
        "已获支持（首台套奖励）的合计金额不低于 100 元",
        "The total of support received (First-set award): at least CNY 100",
        {"awards": (Award("first_set", amount=D(60)), Award("first_set", amount=D(40)))},
        {"awards": (Award("first_set", amount=D(60)), Award("trial", amount=D(40)))},
    ),
    (
        "{projects: {kind: product, sum: project.contract_amount}, at_least: 500}",
        "各项目（首台套产品）的合同金额合计不低于 500 元",
        ("The sum of contract amount over all projects (First-of-its-kind product): "
        "at least CNY 500"),
        {"company.projects": projects(300, 200)}, {"company.projects": projects(300, 199)},
    ),
    (
        ("{projects: {kind: product, where: {fact: project.contract_amount, at_least: 200}}, "
        "more_than: 1}"),
        "项目（首台套产品；合同金额不低于 200 元）的个数超过 1",
        ("The number of projects (First-of-its-kind product; contract amount: at least CNY 200): "
        "more than 1"),
        {"company.projects": projects(300, 200)}, {"company.projects": projects(300, 199)},
    ),
    (
        "{projects: {kind: product, sum: project.contract_amount, best: 2}, at_least: 300}",
        "各项目（首台套产品）的合同金额中最大的 2 个之和不低于 300 元",
        ("The sum of the 2 largest contract amount of all projects (First-of-its-kind product): "
        "at least CNY 300"),
        {"company.projects": projects(100, 200, 1)}, {"company.projects": projects(100, 199, 99)},
    ),
    (
        "{month_of: company.founded_on, at_most: 3}",
        "成立日期所在月份不超过 3", "The month of date of founding: at most 3",
        {"founded_on": date(2026, 3, 31)}, {"founded_on": date(2026, 4, 1)},
    ),
    (
        "{projects: {kind: product, largest: project.contract_amount}, at_least: 300}",
        "各项目（首台套产品）的合同金额中最大的一个不低于 300 元",
        "The largest contract amount of all projects (First-of-its-kind product): at least CNY 300",
        {"company.projects": projects(300, 200)}, {"company.projects": projects(299, 299)},
    ),
    (
        "{certificates: {category: specialised, valid: false}, at_least: 2}",
        "专精特新企业证书的件数不低于 2",
        "The number of certificates (Specialised SME): at least 2",
        {"certificates": (Certificate("specialised"), Certificate("little_giant"))},
        {"certificates": (Certificate("specialised"), Certificate("high_tech"))},
    ),
    (
        "{fact: company.certificates, holds: high_tech, issued: last_year}",
        "有上一年取得的有效的高新技术企业证书",
        "Valid certificates (High-tech enterprise) issued last year: at least one",
        {"certificates": (Certificate("high_tech", date(2025, 3, 1), date(2028, 2, 29)),)},
        {"certificates": (Certificate("high_tech", date(2026, 3, 1), date(2029, 2, 28)),)},
    ),
    (
        "{product: [{parameter: wage}, company.employees], at_least: 100}",
        "平均工资 × 职工总数不低于 100 元",
        "Average wage × employees: at least CNY 100",
        {"employees": 10}, {"employees": 9},
    ),
    (
        "{product: [{parameter: wage, day: company.founded_on}, company.employees], at_least: 100}",
        "成立日期当日的平均工资 × 职工总数不低于 100 元",
        "Average wage (of date of founding) × employees: at least CNY 100",
        {"employees": 10, "founded_on": date(2026, 1, 1)},
        {"employees": 10, "founded_on": date(2025, 12, 31)},
    ),
    (
        "{fact: company.first_year, is: last_year}",
        "首次升规年份为评估日的上一年",
        "First year: the year before the as-of date",
        {"first_year": 2025}, {"first_year": 2026},
    ),
    (
        "{fact: company.rnd, at_least: {value: 7, unit: CNY}}",
        "研发费用不低于 7 元",
        "R&D spending: at least CNY 7",
        {"rnd": 7}, {"rnd": 6},
    ),
    (
        "{fact: company.rnd, at_most: {value: {low: 2, high: 4}, unit: CNY}}",
        "研发费用不超过 2 元 至 4 元",
        "R&D spending: at most CNY 2 to CNY 4",
        {"rnd": 2}, {"rnd": 5},
    ),
    (
        "{steps: company.employees, each: 100, at_least: 2}",
        "职工总数每满 100 人的次数不低于 2",
        "The number of times that employees holds 100 whole: at least 2",
        {"employees": 200}, {"employees": 199},
    ),
    (
        "{steps: company.rnd, each: 10, begun: true, at_least: 2}",
        "研发费用每 10 元（不足的按一个计）的次数不低于 2",
        "The number of times that R&D spending holds CNY 10, a part counted as one: at least 2",
        {"rnd": 11}, {"rnd": 10},
    ),
]  # fmt: skip


def compiled(written: str) -> tuple[Condition | None, list[str]]:
    faults = Faults()
    document = parse("rule.yaml", written.encode(), faults)
    condition = Compiler(VOCABULARY, "doc", {}, OTHERS).compile(document.data, document, (), 1)
    return condition, [fault.message.en for fault in faults.diagnostics]


@pytest.mark.parametrize(
    ("written", "zh", "en", "met", "missed"), WRITTEN, ids=lambda v: str(v)[:40]
)
def test_a_written_quantity(
    written: str, zh: str, en: str, met: dict[str, Value], missed: dict[str, Value]
) -> None:
    """It says in both languages what it asks, holds where it should, and asks what it lacks."""
    condition, faults = compiled(written)
    assert faults == []
    assert condition is not None
    words = sentence(condition, VOCABULARY)
    assert (words.zh, words.en) == (zh, en)
    assert required_text(condition)
    assert evaluate_condition(condition, subject(met), DAY).truth is Truth.TRUE
    assert evaluate_condition(condition, subject(missed), DAY).truth is Truth.FALSE
    nothing = evaluate_condition(condition, subject({}), DAY)
    # Who states projects need not say of which kinds there are none.
    asked = tuple(f for f in condition.facts if f != "company.projects_absent")
    assert (nothing.truth, nothing.missing) == (Truth.UNKNOWN, asked)


def test_beyond_its_last_day_a_parameter_is_unknown() -> None:
    """And before its first; in between each day has the value of its own time."""
    days = (date(2024, 12, 31), date(2025, 6, 1), date(2026, 1, 1), date(2027, 1, 1))
    assert [WAGE.value_on(day) for day in days] == [None, 9, 10, None]
    condition, _ = compiled("{product: [{parameter: wage}, company.employees], at_least: 100}")
    assert condition is not None
    later = evaluate_condition(condition, subject({"employees": 10}), date(2027, 1, 1))
    assert (later.truth, later.missing) == (Truth.UNKNOWN, ())


def test_every_key_and_every_class_is_written_above() -> None:
    """A key without words, a unit and a meaning is found here."""
    met = {head for head in HEADS if any(f"{{{head}:" in w[0] for w in WRITTEN)}
    # Points, which are a score, need a model: see test_standard_conditions.
    assert met == HEADS - {"points"}
    seen: set[type] = set()
    for written, *_ in WRITTEN:
        condition, _ = compiled(written)
        assert isinstance(condition, Predicate)
        unit_of(condition.quantity, VOCABULARY)
        _gather(condition.quantity, seen)
    assert seen == {*get_args(Core), *get_args(Short)} - {Score}


def _gather(quantity: Any, seen: set[type]) -> None:
    seen.add(type(quantity))
    for part in quantity.parts:
        _gather(part, seen)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("{sum: [company.revenue, company.employees], at_least: 1}",
         "CNY and person do not go together"),
        ("{fact: company.revenue, at_least: company.employees}",
         "CNY and person do not go together"),
        ("{growth: [company.revenue, company.employees], at_least: 1}",
         "CNY and person do not go together"),
        ("{sum: [company.revenue, company.name], at_least: 1}",
         "sum needs facts that are numbers"),
        ("{ratio: [company.revenue], at_least: 1}", "ratio needs a list of facts"),
        ("{fact: company.founded_on, age_less_than: {weeks: 9}}",
         "an age is {years: …}, {months: …} or {days: …}"),
        ("{fact: company.founded_on, age_less_than: {days: 0.5}}",
         "an age is a whole number of years, months or days"),
        ("{fact: company.revenue, age_less_than: {days: 90}}",
         "'age_less_than' does not go with company.revenue"),
        ("{power: {of: 1.02, times: 1}, at_least: 1}",
         "power is {of: 1.02, times: 10}; times is a whole"),
        ("{projects: {sum: company.revenue}, at_least: 1}", "projects count by their own facts"),
        ("{projects: {kind: nothing}, at_least: 1}", "'nothing' is not in list"),
        ("{awards: {purpose: trial, within: {months: 3, fiscal_years: 3}}, at_least: 1}",
         "within is {months: 36}"),
        ("{ratio: [company.revenue, company.rnd, company.rnd], at_least: 1}",
         "ratio needs exactly two facts"),
        ("{sum: [company.revenue, company.rnd]}", "a quantity is asked nothing"),
        ("{sum: [company.revenue, company.rnd], holds: x}",
         "holds needs a number: write it in digits, such as 20_000_000"),
        ("{year_of: company.revenue, is: 2025}", "CNY and day do not go together"),
        ("{month_of: company.revenue, is: 3}", "CNY and day do not go together"),
        ("{projects: {kind: product, best: 2}, at_least: 1}", "best is how many of the largest"),
        ("{projects: {kind: product, sum: project.contract_amount, best: 1}, at_least: 1}",
         "best is how many of the largest"),
        ("{months_between: [company.founded_on, as_of], begun: 1, at_least: 1}",
         "begun must be true or false"),
        ("{months_between: [company.founded_on], at_least: 1}",
         "months_between needs [first day, last day]"),
        ("{by: company.revenue, values: {a: 1}, at_least: 1}",
         "by needs a fact with a list of codes or a whole number, not company.revenue"),
        ("{by: company.kind, values: {nobody: 1}, at_least: 1}",
         "'nobody' is not in list 'kinds'"),
        ("{bands: [{rate: 1}, {up_to: 5, rate: 2}], of: company.revenue, at_least: 1}",
         "only the last band may be without an end"),
        ("{bands: [{up_to: 5, rate: 1}, {up_to: 5, rate: 2}], of: company.revenue, at_least: 1}",
         "bands must rise from the lowest up"),
        ("{bands: [{up_to: 5, rate: -1}], of: company.revenue, at_least: 1}",
         "a band is worth nothing below zero"),
        ("{fact: company.rnd, at_least: {value: 1, unit: furlong}}",
         "there is no unit 'furlong'"),
        (("{fact: company.rnd, at_least: {cases: [{when: {fact: company.nothing, is: 1}, then: 1}],"
         " otherwise: 2}}"), "there is no fact 'company.nothing'"),
        ("{fact: company.rnd, within: {product: [2, company.rnd]}}",
         "'within' does not go with company.rnd, which is of type money"),
        ("{fact: company.employees, at_least: 300, at_most: 100}", "nothing lies between"),
        (
            "{fact: company.founded_on, after: 2026-01-01, before: 2026-01-01}",
            "nothing lies between",
        ),
        ("{sum: [company.rnd, company.revenue], more_than: 5, at_most: 5}", "nothing lies between"),
        ("{had: {}}", "which support? name a programme"),
        ("{had: {purpose: nothing}}", "'nothing' is not in list 'purposes'"),
        ("{had: {year: soon}}", "a year is 2025, this_year, last_year"),
        ("{had: {year: {from: last_year, to: 2_years_ago}}}", "ends with 2_years_ago, before"),
        ("{certificates: {valid: true}, at_least: 1}", "which certificates? name a category"),
        ("{parameter: gold, at_least: 1}", "there is no parameter 'gold'"),
        (
            "{parameter: wage, day: company.revenue, at_least: 1}",
            "`day` names a fact that is a day",
        ),
        (
            "{parameter: wage, own: company.rnd, at_least: 1}",
            "company.rnd does not stand in the place of wage",
        ),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_refused(written: str, fault: str) -> None:
    condition, faults = compiled(written)
    assert condition is None
    assert [f for f in faults if f.startswith(fault.split(":", maxsplit=1)[0])], faults
