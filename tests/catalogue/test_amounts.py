"""Money rules as measures write them: one file each, amounts worked out by hand, true sentences."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from service.catalogue.amounts import build_benefit
from service.catalogue.conditions import Compiler
from service.catalogue.programme_schemas import BenefitSchema
from service.catalogue.shape_check import check_shape
from service.catalogue.yaml_tree import Faults, parse
from service.domain.facts.code_lists import Code, CodeList
from service.domain.facts.parameters import DatedValue, Parameter
from service.domain.facts.profile import Subject
from service.domain.facts.vocabulary import Fact, FactType, Owner, UnitWords, Vocabulary
from service.domain.rules.amounts import Benefit, ceiling
from service.domain.rules.caps import AddsUp
from service.domain.rules.ceiling import Ceiling
from service.domain.rules.conditions import Clause, Connective, Group
from service.domain.text import Text
from service.domain.wording.money import formula
from tests.domain.sample import DAY, D

CLAUSE = Clause("doc", 1)


def _fact(name: str, kind: FactType, zh: str, en: str, **more: Any) -> Fact:
    owner, short = name.split(".")
    return Fact(name, Owner(owner), short, kind, Text(zh, en), Text("", ""), Text("", ""), **more)


def _money(name: str, zh: str, en: str, **more: Any) -> Fact:
    return _fact(name, FactType.MONEY, zh, en, minimum=D(0), **more)


def _list(name: str, **codes: Text) -> CodeList:
    return CodeList(name, Text("", ""), {code: Code(code, text) for code, text in codes.items()})


LEVELS = _list("levels", national=Text("国家级", "National"), municipal=Text("市级", "Municipal"))
FACTS = (
    _fact("project.new_staff", FactType.INTEGER, "新招用人数", "New staff", unit="person",
          minimum=D(0)),
    _fact("project.area", FactType.NUMBER, "租用面积", "Rented area", unit="m2", minimum=D(0)),
    _fact("project.months", FactType.INTEGER, "租用月数", "Months rented", unit="month",
          minimum=D(0)),
    _fact("project.tons", FactType.NUMBER, "减排量", "Tons saved", unit="ton", minimum=D(0)),
    _fact("project.sets", FactType.INTEGER, "设备台数", "Sets", unit="set", minimum=D(0)),
    _fact("project.years", FactType.INTEGER, "资助年数", "Years", unit="year", minimum=D(0)),
    _fact("project.level", FactType.CODE, "认定级别", "Level", list="levels"),
    _fact("project.lpr", FactType.NUMBER, "贷款利率", "Loan rate", minimum=D(0), maximum=D(1)),
    _fact("company.in_zone", FactType.BOOLEAN, "位于示范区", "In the zone"),
    _money("project.cost", "投入", "Cost"),
    _money("project.sales", "本年销售额", "Sales"),
    _money("project.sales_before", "上年销售额", "Sales of the year before"),
    _money("project.contribution", "年度贡献", "Contribution of the year"),
    _money("project.received", "已获支持", "Support received"),
    _money("project.city_award", "市级奖励", "City award"),
    _money("project.principal", "贷款本金", "Loan principal", repayable=True),
    _money("project.capital", "到账外资", "Foreign capital paid in", unit="USD"),
)  # fmt: skip


def _unit(zh: str, en: str, counted: str | None = None) -> UnitWords:
    each = Text(zh, en)
    return UnitWords(each if counted is None else Text(counted, en), each)


UNITS = {
    "CNY": _unit("元", "CNY"), "USD": _unit("美元", "USD"), "person": _unit("人", "person"),
    "m2": _unit("㎡", "m²"),
    "month": UnitWords(Text("个月", "months"), Text("月", "month")),
    "ton": _unit("吨", "ton"),
    "set": _unit("台", "unit"),
    "year": UnitWords(Text("年", "years"), Text("年", "year")),
}  # fmt: skip
WAGE = Parameter(
    "wage", Text("社平工资", "Average wage"), "CNY",
    (DatedValue(date(2026, 1, 1), Fraction(10_000)),), date(2027, 1, 1), "a table", True,
)  # fmt: skip
VOCABULARY = Vocabulary(
    {f.id: f for f in FACTS}, {"levels": LEVELS}, (), UNITS, "CNY", parameters={"wage": WAGE}
)
EVERYBODY = Group(Connective.ALL, (), CLAUSE)


def read(written: str) -> tuple[Benefit | None, list[str]]:
    faults = Faults()
    document = parse("x.yaml", written.encode(), faults)
    raw = check_shape(BenefitSchema(), document)
    compiler = Compiler(VOCABULARY, "doc", {})
    built = build_benefit(raw, document, compiler.quantities, CLAUSE, EVERYBODY) if raw else None
    return built, [fault.message.en for fault in faults.diagnostics]


def reckoned(benefit: Benefit, facts: dict[str, Any]) -> Ceiling:
    stated = {name if "." in name else f"project.{name}": v for name, v in facts.items()}
    return ceiling(benefit, Subject("p", stated, {}), DAY)


M = 1_000_000
# How a measure says it, what it says in both languages, and the amounts of some applicants.
ROWS: list[tuple[str, str, str, list[tuple[dict[str, Any], str]]]] = [
    ("{price: 1500, of: project.new_staff, per: person}",  # 每招用 1 人补贴 1,500 元
     "不超过 1,500 元/人 × 新招用人数（按人计）",
     "up to CNY 1,500 per person × new staff per person",
     [({"new_staff": 12}, "18000.00"), ({"new_staff": 0}, "0.00"), ({}, "?")]),
    (("{price: 30, of: [project.area, project.months], per: company, "
     "caps: [{price: 30_000, of: project.months}]}"),  # 30 元/㎡/月且 1,000 ㎡
     "不超过 30 元/㎡·月 × 租用面积 × 租用月数，且不超过 3 万元/月 × 租用月数（按企业计）",
     ("up to CNY 30 per m² and month × rented area × months rented, and at most CNY 30,000 per"
     " month × months rented per company"),
     [({"area": D(800), "months": 12}, "288000.00"), ({"area": D(1200), "months": 12}, "360000.00"),
      ({"months": 12}, "<=360000.00")]),
    ("{price: 20, of: project.tons, cap: 500_000, per: project}",  # 元/吨
     "不超过 20 元/吨 × 减排量，且最高 50 万元（按项目计）",
     "up to CNY 20 per ton × tons saved, and at most CNY 500,000 per project",
     [({"tons": D("1234.5")}, "24690.00"), ({"tons": D(30_000)}, "500000.00"),
      ({}, "<=500000.00")]),
    ("{amount: {by: project.level, values: {national: 500_000, municipal: 200_000}}, per: item}",
     "按认定级别：国家级 50 万元，市级 20 万元（按项计）",
     "by level: National CNY 500,000, Municipal CNY 200,000, per item",
     [({"level": "national"}, "500000.00"), ({"level": "municipal"}, "200000.00"),
      ({}, "200000.00..500000.00")]),
    (("{amount: {bands: [{up_to: 10_000_000, rate: 0.01}, {rate: 0.012}], of: project.cost},"
     " per: project}"),  # 1,000 万以下 1 %，以上 1.2 %
     "按投入所在档次：不超过 1,000 万元的，1%，其余，1.2%（按项目计）",
     "by the band that cost lies in: up to CNY 10,000,000: 1%, beyond: 1.2%, per project",
     [({"cost": D(10 * M)}, "100000.00"), ({"cost": D("10000000.01")}, "120000.00")]),
    (("{amount: {bands: [{up_to: 1_000_000, rate: 0.50}, {rate: 0.30}], of: project.cost,"
     " progressive: true}, per: project}"),  # 不超过 100 万部分 50 %，超过部分 30 %
     "按投入分段累计：不超过 100 万元的部分 50%，超过的部分 30%（按项目计）",
     "by parts of cost: 50% up to CNY 1,000,000, 30% beyond, per project",
     [({"cost": D(M)}, "500000.00"), ({"cost": D(3 * M)}, "1100000.00")]),
    (("{amount: {bands: [{up_to: 10_000_000, rate: 0.01}, {rate: 0}], of: project.cost},"
     " per: project}"),
     "按投入所在档次：不超过 1,000 万元的，1%，其余不计（按项目计）",
     "by the band that cost lies in: up to CNY 10,000,000: 1%, beyond: nothing, per project",
     [({"cost": D(10 * M)}, "100000.00"), ({"cost": D("10000000.01")}, "0.00")]),
    (("{amount: {bands: [{up_to: 1_000_000, rate: 0.50}, {rate: 0}], of: project.cost,"
     " progressive: true}, per: project}"),
     "按投入分段累计：不超过 100 万元的部分 50%，超过的部分不计（按项目计）",
     "by parts of cost: 50% up to CNY 1,000,000, nothing beyond, per project",
     [({"cost": D(M)}, "500000.00"), ({"cost": D(3 * M)}, "500000.00")]),
    (("{rate: 0.30, of: project.cost, caps: [{amount: 200_000, per: project},"
     " {amount: 1_000_000, per: company}], per: project}"),  # 单个 20 万，同一单位累计 100 万
     "不超过投入的 30%（按项目计），且单个项目最高 20 万元，且同一企业合计最高 100 万元",
     ("up to 30% of cost, and at most CNY 200,000 per project, and at most CNY 1,000,000 for one"
     " company in all"),
     [({"cost": D(500_000)}, "150000.00"), ({"cost": D(M)}, "200000.00")]),
    ("{rate: 0.50, of: project.cost, caps: [{amount: project.contribution}], per: year}",
     "不超过投入的 50%，且不超过年度贡献（按年计）",  # 不超过年度贡献
     "up to 50% of cost, and at most contribution of the year per year",
     [({"cost": D(M), "contribution": D(300_000)}, "300000.00"),
      ({"cost": D(M), "contribution": D(900_000)}, "500000.00"), ({"cost": D(M)}, "<=500000.00")]),
    ("{rate: 0.50, of: project.cost, caps: [{price: 1_500_000, of: project.sets}], per: project}",
     "不超过投入的 50%，且不超过 150 万元/台 × 设备台数（按项目计）",  # 不超过每台 150 万
     "up to 50% of cost, and at most CNY 1,500,000 per unit × sets per project",
     [({"cost": D(10 * M), "sets": 2}, "3000000.00"), ({"cost": D(4 * M), "sets": 2},
                                                      "2000000.00")]),
    (("{rate: 0.50, of: project.cost, over: {years: 2}, caps: [{amount: 100_000,"
     " per: [project, year]}], per: project}"),  # 每个项目每年不超过 10 万
     "每年不超过投入的 50%，且单个项目每年最高 10 万元（按项目计），最长 2 年",
     ("up to 50% of cost a year, and at most CNY 100,000 a year for each project,"
      " for at most 2 years"),
     [({"cost": D(300_000)}, "200000.00 / 100000.00"),
      ({"cost": D(100_000)}, "100000.00 / 50000.00")]),
    ("{amount: {low: 30_000, high: 50_000}, per: unstated}",  # 给予 3 万至 5 万元
     "3 万元 至 5 万元（按什么计，条文未明说）",
     "CNY 30,000 to CNY 50,000 (the text does not say per what)", [({}, "30000.00..50000.00")]),
    ("{rate: {low: 0.02}, of: project.cost, per: project}",  # 不低于 2 %
     "不低于投入的 2%（按项目计）", "at least 2% of cost per project",
     [({"cost": D(50_000)}, "1000.00..None"), ({}, "?")]),
    ("{rate: {low: 0.02}, of: project.cost, over: {years: 3}, cap: 5_000, per: project}",
     "每年不低于投入的 2%，且最高 5,000 元（按项目计），最长 3 年",
     "at least 2% of cost a year, and at most CNY 5,000 per project, for at most 3 years",
     [({"cost": D(50_000)}, "3000.00..5000.00")]),
    ("{amount: {low: 30_000}, cap: 50_000, per: company}",
     "不低于 3 万元，且最高 5 万元（按企业计）",
     "at least CNY 30,000, and at most CNY 50,000 per company", [({}, "30000.00..50000.00")]),
    ("{rate: 0.10, of: project.cost, floor: 10_000, cap: 50_000, per: company}",
     "不超过投入的 10%，且最高 5 万元，且不低于 1 万元（按企业计）",
     "up to 10% of cost, and at most CNY 50,000, and at least CNY 10,000 per company",
     [({"cost": D(50_000)}, "10000.00"), ({"cost": D(300_000)}, "30000.00"),
      ({}, "10000.00..50000.00")]),
    ("{rate: 0.10, of: project.cost, minimum: 10_000, cap: 50_000, per: company}",
     "不超过投入的 10%，且最高 5 万元（按企业计），不足 1 万元的不予支付",
     ("up to 10% of cost, and at most CNY 50,000 per company, "
      "and nothing where it comes to less than CNY 10,000"),
     [({"cost": D(100_000)}, "10000.00"), ({"cost": D(99_999)}, "0.00"),
      ({}, "<=50000.00")]),
    ("{rate: 0.01, of: {difference: [project.sales, project.sales_before]}, per: year}",
     "不超过（本年销售额减去上年销售额的差额）的 1%（按年计）",  # 增量部分的 1 %
     "up to 1% of (sales less sales of the year before) per year",
     [({"sales": D(5 * M), "sales_before": D(3 * M)}, "20000.00"),
      ({"sales": D(3 * M), "sales_before": D(5 * M)}, "0.00")]),
    ("{amount: 4_000_000, less: project.received, per: project}",  # 补齐至 400 万元
     "不超过 400 万元减去已获支持的差额（按项目计）",
     "up to CNY 4,000,000 less support received per project",
     [({"received": D(1_500_000)}, "2500000.00"), ({"received": D(5 * M)}, "0.00"),
      ({}, "<=4000000.00")]),
    ("{rate: 1, of: project.city_award, cap: 500_000, per: project}",  # 按市级奖励 1:1 配套
     "不超过市级奖励，且最高 50 万元（按项目计）",
     "up to city award, and at most CNY 500,000 per project",
     [({"city_award": D(300_000)}, "300000.00"), ({"city_award": D(M)}, "500000.00")]),
    (("{amount: 100_000, plus: [{when: {fact: company.in_zone, is: true}, amount: 100_000}],"
     " per: company}"),  # 属于…的再给 10 万
     "不超过 10 万元，位于示范区的，再加 10 万元（按企业计）",
     "up to CNY 100,000, plus CNY 100,000 where in the zone, per company",
     [({"company.in_zone": True}, "200000.00"), ({"company.in_zone": False}, "100000.00"),
      ({}, "100000.00..200000.00")]),
    (("{rate: 0.10, of: project.cost, plus: [{when: {fact: company.in_zone, is: true},"
     " points: 0.05}], per: project}"),
     "不超过（10%，位于示范区的，再加 5 个百分点） × 投入（按项目计）",
     "up to (10%, plus 5 percentage points where in the zone) × cost per project",
     [({"cost": D(M), "company.in_zone": True}, "150000.00"),
      ({"cost": D(M), "company.in_zone": False}, "100000.00")]),
    (("{rate: 0.10, of: project.cost, plus: [{when: {fact: company.in_zone, is: true},"
     " share: 0.20}],"
     " per: project}"),  # 上浮 20 %
     "不超过投入的 10%，位于示范区的，上浮 20%（按项目计）",
     "up to 10% of cost, 20% more where in the zone, per project",
     [({"cost": D(M), "company.in_zone": True}, "120000.00")]),
    (("{amount: {by: project.level, values: {national: 300_000}, otherwise: 100_000},"
     " plus: [{when: {fact: company.in_zone, is: true}, amount: 50_000}], per: company}"),
     # 国家级 30 万，其他 10 万；属于…的再给 5 万：给谁都再给
     ("不超过（按认定级别：国家级 30 万元，其他情形为 10 万元），"
      "位于示范区的，再加 5 万元（按企业计）"),
     ("up to (by level: National CNY 300,000, otherwise CNY 100,000),"
     " plus CNY 50,000 where in the zone, per company"),
     [({"level": "national", "company.in_zone": True}, "350000.00"),
      ({"level": "municipal", "company.in_zone": True}, "150000.00")]),
    (("{amount: {by: project.years, values: {1: 300, 2: 300, 3: 200}, otherwise: 0},"
     " plus: [{when: {fact: company.in_zone, is: true}, share: 0.20}], cap: 500, per: project}"),
     ("不超过（（按资助年数：为 1 年、2 年的 300 元，为 3 年的 200 元），"
     "位于示范区的，上浮 20%），且最高 500 元（按项目计）"),
     ("up to ((by years: 1 year or 2 years: CNY 300, 3 years: CNY 200), 20% more where in the"
     " zone), and at most CNY 500 per project"),
     [({"years": 2, "company.in_zone": True}, "360.00")]),
    (("{rate: {cases: [{when: {fact: project.months, less_than: 6}, then: 0},"
     " {when: {fact: project.tons, at_most: 2}, then: 0.10}], otherwise: 0.20},"
     " of: {ratio: [project.cost, 1.13]}, per: project}"),  # 不含税价
     ("不超过（租用月数低于 6 个月的，不计；减排量不超过 2 吨的，为 10%；其他情形为 20%）"
     " × （投入除以 1.13）（按项目计）"),
     ("up to (where months rented: less than 6 months: nothing; where tons saved: at most 2 ton:"
     " 10%; otherwise 20%) × (cost divided by 1.13) per project"),
     [({"months": 6, "tons": D(2), "cost": D(1_130_000)}, "100000.00"),
      ({"months": 5, "tons": D(2), "cost": D(1_130_000)}, "0.00")]),
    ("{amount: 300_000, over: {years: project.years, at_most: 3}, per: year}",  # 最长 3 年
     "每年 30 万元，按资助年数计，最长 3 年",
     "CNY 300,000 a year, for years, at most 3 years",
     [({"years": 2}, "600000.00 / 300000.00"), ({"years": 5}, "900000.00 / 300000.00"),
      ({}, "<=900000.00")]),
    (("{rate: {by: project.level, values: {national: 0.30, municipal: 0.10}}, of: project.cost,"
      " cap: 500_000, per: project}"),  # 国家级 30 %、市级 10 %
     "不超过（按认定级别：国家级 30%，市级 10%） × 投入，且最高 50 万元（按项目计）",
     "up to (by level: National 30%, Municipal 10%) × cost, and at most CNY 500,000 per project",
     [({"level": "national", "cost": D(1_000_000)}, "300000.00"),
      ({"level": "municipal", "cost": D(1_000_000)}, "100000.00"),
      ({"cost": D(1_000_000)}, "100000.00..300000.00")]),
    (("{rate: {cases: [{when: {fact: company.in_zone, is: true}, then: 0.5}], otherwise: {value:"
      " {low: 0.2, high: 0.3}}}, of: project.cost, per: project}"),  # 园区内 50 %，其他 20 %—30 %
     "不超过（位于示范区的，为 50%；其他情形为 20% 至 30%） × 投入（按项目计）",
     "up to (where in the zone: 50%; otherwise 20% to 30%) × cost per project",
     [({"company.in_zone": True, "cost": D(100)}, "50.00")]),
    (("{rate: {bands: [{below: 1_000, amount: 0.10}, {amount: 0.05}], of: project.sales},"
      " of: project.cost, per: project}"),
     "不超过（按本年销售额所在档次：不足 1,000 元的，10%，其余，5%） × 投入（按项目计）",
     "up to (by the band that sales lies in: below CNY 1,000: 10%, beyond: 5%) × cost per project",
     [({"sales": D("999.99"), "cost": D(100)}, "10.00"),
      ({"sales": D(1000), "cost": D(100)}, "5.00"), ({"cost": D(100)}, "5.00..10.00")]),
    (("{amount: 100, instalments: [{share: 0.30, when: {zh: 立项后, en: on approval}},"
      " {share: 0.70, when: {zh: 验收后, en: on completion}}], per: project}"),
     "最高 100 元（按项目计），按 30%（立项后）、70%（验收后） 分期支付",
     ("at most CNY 100 per project, paid in instalments of 30% (on approval), 70% (on"
      " completion)"),
     [({}, "100.00")]),
    ("{amount: 1_000_000, instalments: [0.30, 0.30, 0.40], per: project}",  # 分期
     "最高 100 万元（按项目计），按 30%、30%、40% 分期支付",
     "at most CNY 1,000,000 per project, paid in instalments of 30%, 30%, 40%",
     [({}, "1000000.00")]),
    (("{amount: 100, instalments: [{ratio: [1, 3]}, {share: {ratio: [2, 3]}, when: {zh: 验收后,"
      " en: on completion}}], per: project}"),
     "最高 100 元（按项目计），按 1/3、2/3（验收后） 分期支付",
     "at most CNY 100 per project, paid in instalments of 1/3, 2/3 (on completion)",
     [({}, "100.00")]),
    (("{amount: {by: project.years, values: {1: 300, 2: 200}, otherwise: 100}, per: project}"),
     "按资助年数：为 1 年的 300 元，为 2 年的 200 元，其他情形为 100 元（按项目计）",
     "by years: 1 year: CNY 300, 2 years: CNY 200, otherwise CNY 100, per project",
     [({"years": 1}, "300.00"), ({"years": 2}, "200.00"), ({"years": 3}, "100.00"),
      ({}, "100.00..300.00")]),
    (("{amount: {ratio: [{by: project.level, values: {national: 900, municipal: 100}},"
      " {ratio: [project.sets, {value: 1, unit: set}]}]}, per: project}"),  # 多家平均分配
     "不超过（按认定级别：国家级 900 元，市级 100 元）除以设备台数（按项目计）",
     "up to (by level: National CNY 900, Municipal CNY 100) divided by sets per project",
     [({"level": "national", "sets": 3}, "300.00"), ({"level": "municipal", "sets": 3}, "33.33"),
      ({"sets": 2}, "50.00..450.00")]),
    (("{amount: {by: project.level, values: {national: 900, municipal: 100}}, plus: [{when: {fact:"
      " company.in_zone, is: true}, share: 1}], over: {months: project.months}, per: person}"),
     ("每月不超过（（按认定级别：国家级 900 元，市级 100 元），位于示范区的，上浮 100%）"
      "（按人计），按租用月数计"),
     ("up to ((by level: National CNY 900, Municipal CNY 100), 100% more where in the zone)"
      " a month, per person, for months rented"),
     [({"level": "national", "company.in_zone": True, "months": 2}, "3600.00 / 3600.00"),
      ({"level": "municipal", "company.in_zone": False, "months": 2}, "200.00 / 200.00")]),
    (("{rate: 0.50, of: project.principal, times: [project.lpr], caps: [{amount: 500_000,"
     " per: year}], over: {months: project.months, at_most: 36, amount_per: year}, per: year}"),
     "每年不超过贷款本金 × 贷款利率的 50%，且每年最高 50 万元，按租用月数计，最长 36 个月",
     ("up to 50% of loan principal × loan rate a year, and at most CNY 500,000 a year, for"
            " months rented, at most 36 months"),
     [({"principal": D(10 * M), "lpr": D("0.03"), "months": 18}, "225000.00 / 150000.00"),
      ({"principal": D(100 * M), "lpr": D("0.03"), "months": 36}, "1500000.00 / 500000.00"),
      ({"principal": D(10 * M), "lpr": D("0.03"), "months": 6}, "75000.00 / 75000.00")]),
    ("{rate: 1, of: project.principal, cap: 5_000_000, per: company, repayable: true}",  # 贷款
     "不超过贷款本金，且最高 500 万元（按企业计）（须偿还，不计入合计）",
     "up to loan principal, and at most CNY 5,000,000 per company (to be repaid; in no total)",
     [({"principal": D(3 * M)}, "3000000.00")]),
    ("{rate: 0.02, of: project.capital, cap: 200_000, currency: USD, per: project}",
     "不超过到账外资的 2%，且最高 20 万美元（按项目计）",
     "up to 2% of foreign capital paid in, and at most USD 200,000 per project",
     [({"capital": D(5 * M)}, "100000.00")]),
    (("{rate: 0.10, of: project.cost, caps: [{amount: 300_000, when: {fact: company.in_zone,"
     " is: true}}, {amount: 500_000, per: project}], per: project}"),  # 在示范区的不超过 30 万
     "不超过投入的 10%，且位于示范区的，最高 30 万元，且单个项目最高 50 万元（按项目计）",
     ("up to 10% of cost, and at most CNY 300,000 where in the zone, and at most CNY 500,000 per"
      " project"),
     [({"cost": D(9 * M), "company.in_zone": True}, "300000.00"),
      ({"cost": D(4 * M), "company.in_zone": False}, "400000.00"),
      ({"cost": D(9 * M), "company.in_zone": False}, "500000.00"),
      ({"cost": D(4 * M)}, "300000.00..400000.00"), ({"cost": D(2 * M)}, "200000.00"),
      ({"company.in_zone": True}, "<=300000.00"), ({}, "<=500000.00")]),
    ("{rate: 0.80, of: project.cost, over: {months: 12, amount_per: month}, per: month}",
     "每月不超过投入的 80%，最长 12 个月",
     "up to 80% of cost a month, for at most 12 months",
     [({"cost": D(10_000)}, "96000.00 / 96000.00")]),
    (("{amount: 100_000, over: {months: project.months}, caps: [{amount: 600_000, per: year,"
      " when: {fact: company.in_zone, is: true}}, {amount: 50_000, per: month, when: {fact:"
      " project.level, is: municipal}}], per: company}"),
     ("每月 10 万元，且位于示范区的，每年最高 60 万元，且认定级别为市级的，每月最高 5 万元"
      "（按企业计），按租用月数计"),
     ("CNY 100,000 a month, and at most CNY 600,000 a year where in the zone, and at most"
      " CNY 50,000 a month where level: Municipal per company, for months rented"),
     [({"months": 18, "company.in_zone": True, "level": "national"}, "1200000.00 / 600000.00"),
      ({"months": 18, "company.in_zone": False, "level": "national"}, "1800000.00 / 1200000.00"),
      ({"months": 18, "company.in_zone": False, "level": "municipal"}, "900000.00 / 600000.00")]),
    ("{rate: {ratio: [1, 3]}, of: project.cost, round: nearest, per: project}",
     "不超过（1/3） × 投入（按项目计），四舍五入到 0.01 元",
     "up to (1/3) × cost per project, rounded to the nearest CNY 0.01",
     [({"cost": D(2)}, "0.67"), ({"cost": D(1)}, "0.33"), ({}, "?")]),
    ("{rate: 0.10, of: project.cost, cap: 10_050, round: {how: up, to: 100}, per: project}",
     "不超过投入的 10%，且最高 10,050 元（按项目计），向上取到 100 元的整数倍",
     ("up to 10% of cost, and at most CNY 10,050 per project, rounded up to whole multiples of"
      " CNY 100"),
     [({"cost": D(1_001)}, "200.00"), ({"cost": D(100_400)}, "10050.00"),
      ({}, "<=10050.00")]),
    (("{price: {product: [{value: 2, unit: times}, {parameter: wage}]}, of: project.new_staff,"
      " per: company}"),  # 每招用一人两个月社平工资
     "不超过（2 倍社平工资） × 新招用人数（按企业计）",
     "up to (2 × average wage) × new staff per company", [({"new_staff": 3}, "60000.00")]),
    # 前一年全额、以后减半，按月计到满
    (("{amount: {product: [0.02, project.principal]}, per: project,"
      " over: {months: project.months, amount_per: year, shares: [1, 0.50, 0.50]}}"),
     "每年不超过贷款本金的 2%（按项目计），按租用月数计，最长 36 个月，逐年按 100%、50%、50% 支付",
     ("up to 2% of loan principal a year per project, for months rented, at most 36"
     " months, of which 100%, 50% and 50% is paid year by year"),
     [({"principal": D(M), "months": 30}, "35000.00 / 20000.00"),
      ({"principal": D(M), "months": 6}, "10000.00 / 10000.00"),
      ({"principal": D(M), "months": 99}, "40000.00 / 20000.00")]),
    # 国家级首年六成、次年四成，其他两年各半，每年不超过 60 万
    (("{rate: 1, of: project.cost, per: project, caps: [{amount: 600_000, per: year}],"
      " over: {shares: {by: project.level, values: {national: [0.60, 0.40]},"
      " otherwise: [0.50, 0.50]}}}"),
     ("每年不超过投入，且每年最高 60 万元（按项目计），最长 2 年，逐年支付，"
      "第 1 年（按认定级别：国家级 60%，其他情形为 50%）；"
      "第 2 年（按认定级别：国家级 40%，其他情形为 50%）"),
     ("up to cost a year, and at most CNY 600,000 a year per project, for at most 2 years, paid"
      " year by year, in year 1 (by level: National 60%, otherwise 50%); in year 2 (by level:"
      " National 40%, otherwise 50%)"),
     [({"cost": D(M), "level": "national"}, "1000000.00 / 600000.00"),
      ({"cost": D(M), "level": "city"}, "1000000.00 / 500000.00"),
      ({"cost": D(M)}, "1000000.00")]),
    (("{amount: {bands: [{up_to: 1_000_000, price: 0.05}, {price: 0.08}], progressive: true,"
      " of: project.capital}, per: company}"),  # 每 1 美元奖励 0.05 元
     ("按到账外资分段累计：不超过 100 万美元的部分 0.05 元/美元，"
      "超过的部分 0.08 元/美元（按企业计）"),
     ("by parts of foreign capital paid in: CNY 0.05 per USD up to USD 1,000,000, CNY"
     " 0.08 per USD beyond, per company"),
     [({"capital": D(1_500_000)}, "90000.00")]),
    (("{amount: {sum: [1000, {price: {by: project.level, values: {national: 30, municipal: 20},"
      " otherwise: 0}, of: project.tons}]}, per: project}"),  # 一千元，另按级别每吨 30、20 元
     "不超过 1,000 元、（（按认定级别：国家级 30 元/吨，市级 20 元/吨） × 减排量）之和（按项目计）",
     ("up to the sum of CNY 1,000 and ((by level: National CNY 30 p"
      "er ton, Municipal CNY 20 per ton) × tons saved) per project"),
     [({"level": "municipal", "tons": D(5)}, "1100.00")]),
    ("{price: 0.05, of: project.capital, cap: 10_000, per: company}",
     "不超过 0.05 元/美元 × 到账外资，且最高 1 万元（按企业计）",
     "up to CNY 0.05 per USD × foreign capital paid in, and at most CNY 10,000 per company",
     [({"capital": D(100_000)}, "5000.00"), ({"capital": D(M)}, "10000.00")]),
    (("{amount: {by: project.level, values: {national: 500_000, municipal: 200_000},"
      " otherwise: 0}, per: item}"),  # a table of all codes has no rest, be it told
     "按认定级别：国家级 50 万元，市级 20 万元（按项计）",
     "by level: National CNY 500,000, Municipal CNY 200,000, per item",
     [({}, "200000.00..500000.00")]),
    ("{text: {zh: 视情况给予奖励, en: an award as the case may be}, per: unstated}",  # 视情况给予
     "视情况给予奖励", "an award as the case may be", [({"cost": D(M)}, "?")]),
]  # fmt: skip


def shown(found: Ceiling) -> str:
    """A ceiling in short: an amount, ends, what one year comes to."""
    if found.amount is not None:
        year = found.per_year.amount if found.per_year else None
        return f"{found.amount}" + (f" / {year}" if year is not None else "")
    if found.low is not None:
        return f"{found.low}..{found.high}"
    return "?" if found.high is None else f"<={found.high}"


@pytest.mark.parametrize(("written", "zh", "en", "amounts"), ROWS, ids=lambda v: str(v)[:30])
def test_a_money_rule(
    written: str, zh: str, en: str, amounts: list[tuple[dict[str, Any], str]]
) -> None:
    benefit, faults = read(written)
    assert faults == []
    assert benefit is not None
    words = formula(benefit, VOCABULARY)
    assert (words.zh, words.en) == (zh, en)
    for facts, expected in amounts:
        assert shown(reckoned(benefit, facts)) == expected, facts


def test_the_words_of_a_further_language_are_kept() -> None:
    """A fact named in French as well is so in every money rule that names it."""
    named = Text("Dépenses", "Spending", (("fr", "Dépenses"),))
    facts = {**VOCABULARY.facts}
    facts["project.cost"] = replace(facts["project.cost"], label=named)
    benefit, _ = read("{rate: 0.3, of: project.cost, cap: 5, per: project}")
    assert benefit is not None
    words = formula(benefit, replace(VOCABULARY, facts=facts))
    assert dict(words.others) == {"fr": "up to 30% of Dépenses, and at most CNY 5 per project"}


def test_several_add_up_where_each_is_counted_for_itself() -> None:
    """By contract, project, event, item or person; but not where that is our own reading."""
    for per, expected in (("project", AddsUp.IMPLIED), ("company", AddsUp.UNSTATED)):
        benefit, _ = read(f"{{amount: 5, per: {per}}}")
        assert benefit is not None
        assert benefit.several is expected
    own, _ = read("{amount: 5, per: project, per_basis: implied}")
    said, _ = read("{amount: 5, per: project, adds_up: stated}")
    assert own is not None
    assert said is not None
    assert (own.several, said.several) == (AddsUp.UNSTATED, AddsUp.STATED)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("{rate: 30, of: project.cost, per: project}", "rate 30 is more than the whole"),
        ("{rate: 1.5, of: project.cost, per: project}", "rate 1.5 is more than the whole"),
        ("{rate: 0, of: project.cost, per: project}", "rate 0 must be above 0"),
        ("{rate: 1, of: project.principal, per: company}", "has to be paid back: `repayable:"),
        ("{rate: 30%, of: project.cost, per: project}", "not '30%': write 0.3"),
        ("{rate: {by: project.level, values: {national: 30}}, of: project.cost, per: project}",
         "rate 30 is more than the whole"),
        ("{rate: project.cost, of: project.cost, per: project}", "rate must be a share"),
        ("{rate: {low: 0.3, high: 0.2}, of: project.cost, per: project}", "low must not be above"),
        ("{amount: 5, instalments: [{share: 1}], per: company}", "must be a share, or {share"),
        ("{amount: 5, instalments: [{ratio: [1, 3]}, {ratio: [1, 3]}], per: company}",
         "instalments must come to 1"),
        ("{amount: 5, instalments: [{ratio: [3, 1]}, 0.5], per: company}", "a ratio of the whole"),
        ("{amount: 5, instalments: [{ratio: [1]}, 0.5], per: company}", "such as 0.30 or {ratio"),
        ("{amount: 5, instalments: [{ratio: [project.cost, 3]}], per: company}", "a number"),
        ("{amount: {by: project.years, values: {one: 5}}, per: project}",
         "'one' is no whole number, as project.years is"),
        ("{amount: {by: project.cost, values: {5: 5}}, per: project}",
         "not project.cost: ranges of numbers take `bands` or `cases`"),
        ("{rate: 0.3, of: project.new_staff, per: project}", "a rate is a share of money"),
        ("{rate: 0.3, per: project}", "rate needs `of`"),
        ("{cap: 1.005, per: project}", "cap is finer than 0.01"),
        ("{cap: 0, per: project}", "cap must be above 0"),
        ("{cap: -5, per: project}", "cap must be above 0"),
        ("{cap: project.new_staff, per: project}", "cap must be money"),
        ("{amount: {sum: [project.cost, project.new_staff]}, per: project}",
         "CNY and person do not go together"),
        ("{amount: project.capital, per: project}", "amount must be money"),
        ("{rate: 1, of: project.principal, per: company}", "the whole of project.principal has"),
        ("{amount: 5, rate: 0.1, of: project.cost, per: company}", "an amount is told once"),
        ("{of: project.cost, per: company}", "'of' needs an amount"),
        ("{per: company}", "a benefit has an amount, a cap or a text"),
        ("{amount: 5, instalments: [0.3, 0.3], per: company}", "instalments must come to 1"),
        ("{amount: {product: [0.3, 0.2]}, per: year}", "one of the factors is in CNY"),
        ("{amount: 5, over: {years: project.months}, per: year}", "years must be a number of"),
        ("{amount: 5, over: {years: 51}, per: year}", "years cannot be more than 50"),
        ("{amount: 5, over: {months: 601}, per: year}", "months cannot be more than 600"),
        ("{cap: 5, over: {years: 3}, per: year}", "`over` needs the amount"),
        ("{amount: {low: 5, high: 3}, per: year}", "low must not be above high"),
        ("{rate: 0.03, of: project.cost, over: {months: project.months}, per: project}",
         "is this share of money that of one month, one quarter or one year? `amount_per`"),
        ("{rate: 0.03, of: project.cost, over: {quarters: 2}, per: project}", "`amount_per`"),
        ("{amount: 5, over: {quarters: 2, months: 6}, per: year}",
         "over has years, quarters or months, one of them"),
        ("{rate: 0.1, of: project.cost, minimum: 5, floor: 9, per: year}",
         "a minimum cannot stand beside 'floor'"),
        ("{rate: 0.1, of: project.cost, minimum: 5, cap: 4, per: year}", "above the cap: nobody"),
        ("{rate: 0.1, of: project.cost, minimum: project.cost, per: year}", "minimum is a figure"),
        ("{amount: 5, times: [0.5], per: year}", "'times' stands beside no amount"),
        ("{amount: 5, of: project.cost, per: year}", "'of' stands beside no amount"),
        ("{amount: {by: {ratio: [project.cost, project.cost]}, values: {1: 5}}, per: year}",
         "ratio of a quantity and itself"),
        ("{amount: {by: {year_of: as_of}, values: {2.5: 5}}, per: year}",
         "is no whole number"),
        ("{amount: {by: {year_of: as_of}, values: {2025: 5}}, per: year}",
         "nothing"),
        ("{rate: {low: 0, high: 0.5}, of: project.cost, per: year}", "so much is written 0.5"),
        ("{amount: {product: [3, 2]}, per: year}", "one of the factors is in CNY: say which"),
    ],
)  # fmt: skip
def test_what_no_measure_can_mean_is_refused(written: str, fault: str) -> None:
    _, faults = read(written)
    assert [f for f in faults if fault in f], faults


def test_rounding_is_downward_at_the_very_end() -> None:
    """A third of ten yuan, three times over, is not 9.99."""
    benefit, _ = read(
        "{amount: {product: [{value: 3, unit: times}, {ratio: [project.cost, {value: 3}]}]},"
        " per: item}"
    )
    assert benefit is not None
    assert reckoned(benefit, {"cost": D(10)}).amount == Decimal("10.00")
