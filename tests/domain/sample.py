"""A small vocabulary of its own, a subject described in it and money in short.

It is not the project's vocabulary: the domain must not depend on any city, list or fact.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from service.catalogue.vocabulary import OWN_UNITS
from service.domain.facts.code_lists import Code, CodeList
from service.domain.facts.profile import Provenance, Subject, Value
from service.domain.facts.vocabulary import Fact, FactType, Owner, UnitWords, Vocabulary
from service.domain.rules import quantities as forms
from service.domain.rules.amounts import Benefit
from service.domain.rules.caps import Cap, Per
from service.domain.rules.conditions import Clause
from service.domain.rules.quantities import Quantity
from service.domain.rules.units import unit
from service.domain.text import Text

CLAUSE = Clause("doc", 3)
DAY = date(2026, 11, 22)
D = Decimal


def _code(code: str, zh: str, en: str, *parents: str, **more: object) -> Code:
    return Code(code, Text(zh, en), parents, **more)  # type: ignore[arg-type]


def _list(name: str, *codes: Code, extension_pattern: str | None = None) -> CodeList:
    return CodeList(name, Text(f"{name}表", name), {c.code: c for c in codes}, extension_pattern)


KINDS = _list(
    "kinds",
    _code("enterprise", "企业", "Enterprise"),
    _code("institute", "科研机构", "Research institute"),
    _code("individual", "个人", "Individual"),
)
REGIONS = _list(
    "regions",
    _code("110000", "北京市", "Beijing"),
    _code("110105", "朝阳区", "Chaoyang", "110000"),
    _code("310000", "上海市", "Shanghai"),
    _code("310106", "静安区", "Jing'an", "310000"),
    _code("310108", "闸北区", "Zhabei", "310000", successor="310106", valid_to=2015),
    _code("310115", "浦东新区", "Pudong", "310000"),
    _code("310119", "南汇区", "Nanhui", "310000", successor="310115", valid_to=2009),
)
INDUSTRIES = _list(
    "industries",
    _code("C", "制造业", "Manufacturing"),
    _code("C38", "电气机械制造业", "Electrical machinery", "C"),
    _code("C39", "电子设备制造业", "Electronic equipment", "C"),
    _code("I", "信息服务业", "Information services"),
    _code("I65", "软件业", "Software", "I"),
    extension_pattern="[0-9]{1,2}",
)
FIELDS = _list(
    "fields",
    _code("future_health", "未来健康", "Future health"),
    _code("future_information", "未来信息", "Future information"),
    _code("robots", "机器人", "Robots"),
    _code("gene_therapy", "基因治疗", "Gene therapy", "future_health"),
    _code("quantum", "量子科技", "Quantum technology", "future_information"),
    _code("six_g", "第六代通信", "Sixth-generation mobile", "future_information"),
    _code("brain_interface", "脑机接口", "Brain interfaces", "future_health", "future_information"),
)
RECOGNITIONS = _list(
    "recognitions",
    _code("incubator", "高质量孵化器", "High-quality incubator"),
    _code("leader", "生态主导型企业", "Ecosystem leader", undefined=True),
    _code("operator", "园区运营方", "Park operator", may_also_be=("incubator", "leader")),
    _code("neither", "以上均无", "None of these", excludes=("incubator", "leader")),
)
CATEGORIES = _list(
    "categories",
    _code("high_tech", "高新技术企业", "High-tech enterprise"),
    _code("specialised", "专精特新企业", "Specialised SME"),
    _code("little_giant", "小巨人企业", "Little giant", "specialised"),
    _code("pioneer", "先锋企业", "Pioneer", undefined=True),
)
PROJECT_KINDS = _list(
    "project_kinds",
    _code("product", "首台套产品", "First-of-its-kind product"),
    _code("standard", "标准", "Standard"),
)
PURPOSES = _list(
    "purposes",
    _code("first_set", "首台套奖励", "First-set award"),
    _code("trial", "首试、首用", "First trial"),
    _code("rest", "其他", "Other", catch_all=True),
)
LEVELS = _list(
    "levels",
    _code("municipal", "市级", "Municipal", one_with=("provincial",)),
    _code("provincial", "省级", "Provincial"),
    _code("district", "区级", "District"),
)
LISTS = (
    KINDS,
    REGIONS,
    INDUSTRIES,
    FIELDS,
    RECOGNITIONS,
    CATEGORIES,
    PROJECT_KINDS,
    PURPOSES,
    LEVELS,
)


def _fact(name: str, kind: FactType, zh: str, en: str, **more: object) -> Fact:
    owner, short = name.split(".")
    question = Text(f"{zh}？", f"{en}?")
    return Fact(
        name, Owner(owner), short, kind, Text(zh, en), question, Text("", ""),
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


_FACTS = (
    _fact("company.name", FactType.TEXT, "名称", "Name"),
    _fact("company.kind", FactType.CODE, "主体类型", "Kind of applicant", list="kinds"),
    _fact("company.region", FactType.CODE, "注册地", "Registered region", list="regions"),
    _fact("company.presence", FactType.CODES, "经营地", "Places of business", list="regions"),
    _fact("company.industry", FactType.CODE, "所属行业", "Industry", list="industries"),
    _fact("company.fields", FactType.CODES, "技术领域", "Technology fields", list="fields"),
    _fact("company.main_field", FactType.CODE, "主要领域", "Main field", list="fields"),
    _fact(
        "company.recognitions", FactType.CODES, "已获认定", "Recognitions", list="recognitions"
    ),
    _fact(
        "company.certificates", FactType.CERTIFICATES, "资质证书", "Certificates",
        list="categories",
    ),
    _fact("company.awards", FactType.AWARDS, "已获支持", "Support received", list="purposes"),
    _fact("company.purpose", FactType.CODE, "支持事项", "Purpose", list="purposes"),
    _fact("company.founded_on", FactType.DATE, "成立日期", "Date of founding"),
    _fact("company.employees", FactType.INTEGER, "职工总数", "Employees", unit="person"),
    _fact("company.revenue", FactType.MONEY, "营业收入", "Revenue"),
    _fact("company.revenue_before", FactType.MONEY, "上年营业收入", "Revenue of the year before"),
    _fact("company.rnd", FactType.MONEY, "研发费用", "R&D spending"),
    _fact("company.tenor", FactType.NUMBER, "贷款期限", "Loan term", unit="month"),
    _fact("company.debt_ratio", FactType.NUMBER, "资产负债率", "Debt ratio", unit="%"),
    _fact("company.first_year", FactType.INTEGER, "首次升规年份", "First year", unit="year"),
    _fact("company.listed", FactType.BOOLEAN, "已上市", "Listed"),
    _fact("project.kind", FactType.CODE, "项目类型", "Kind of project", list="project_kinds"),
    _fact("project.contract_amount", FactType.MONEY, "合同金额", "Contract amount"),
    _fact("project.lpr", FactType.NUMBER, "贷款利率", "Loan prime rate"),
)  # fmt: skip
_UNITS = {
    "CNY": UnitWords(Text("元", "CNY"), Text("元", "CNY")),
    "person": UnitWords(Text("人", ""), Text("人", "person")),
    **OWN_UNITS,
}
VOCABULARY = Vocabulary({f.id: f for f in _FACTS}, {c.id: c for c in LISTS}, (), _UNITS, "CNY")


def full_name(fact: str) -> str:
    """A fact's name with its owner, which may be left out for a company's."""
    return fact if "." in fact else f"company.{fact}"


def subject(facts: Mapping[str, Value], **provenance: Provenance) -> Subject:
    """The company itself, with these facts; the owner may be left out of their names."""
    marks = {full_name(name): mark for name, mark in provenance.items()}
    return Subject(None, {full_name(name): value for name, value in facts.items()}, marks)


def money(
    cap: Decimal | None = None, low: Decimal | None = None, high: Decimal | None = None,
    of: str = "", times: tuple[str, ...] = (), *, per: Per = Per.UNSTATED,
    one_off: bool | None = None,
) -> Benefit:  # fmt: skip
    """The short form of a money rule: a share of facts, and a cap."""
    caps = () if cap is None else (Cap(forms.Constant(Fraction(cap), unit("CNY"))),)
    if low is None or high is None:
        return Benefit(caps=caps, per=per, one_off=one_off)
    rate: Quantity = forms.Constant(Fraction(low))
    if low != high:
        rate = forms.Between(Fraction(low), Fraction(high))
    parts = (forms.FactQuantity(fact) for fact in (of, *times))
    return Benefit(forms.Product((rate, *parts)), caps, per=per, one_off=one_off)
