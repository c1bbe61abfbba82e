"""Words for people: the language of the page, money, days, places, values."""

import gettext
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from service.domain.facts.profile import PROJECT_KIND, Award, Certificate
from service.domain.facts.vocabulary import Fact, Vocabulary
from service.domain.text import Text
from service.domain.wording.sentences import value_text

WAN, YI = Decimal(10) ** 4, Decimal(10) ** 8
_TERM = Text("{name}（{start} 至 {end}）", "{name} ({start} to {end})")
_AWARD = Text("{name}（{parts}）", "{name} ({parts})")
_NONE = Text("没有", "none")


_language: ContextVar[str] = ContextVar("language", default="zh")


def set_language(chosen: str) -> None:
    """Set the language of the page that is being made: "zh" or "en"."""
    _language.set(chosen)


def language() -> str:
    """The language of the page."""
    return _language.get()


def load_translations(folder: Path) -> Callable[..., Markup]:
    """What translates the Chinese words of the templates into the language of the page, and fills
    their `%(name)s` places.

    A page looks up hundreds of them: each is looked up once for the process.
    """
    english = gettext.translation("messages", folder, ["en"]).gettext

    @cache
    def known(text: str, tongue: str) -> Markup:
        return Markup(english(text) if tongue == "en" else text)  # noqa: S704 - our own words

    def translate(text: str, **parts: object) -> Markup:
        found = known(text, language())
        return found % parts if parts else found

    return translate


def translate(text: Text | Mapping[str, str] | str | None) -> str:
    """A bilingual text in the language of the page; plain strings as they are."""
    if text is None:
        return ""
    if isinstance(text, Text):
        return text.in_language(language())
    return text if isinstance(text, str) else text[language()]


def money(amount: str | Decimal | None) -> str:
    """Yuan as people write it: 1,800 万元, 2 亿元, CNY 18,000,000; never rounded."""
    if amount is None:
        return ""
    value = Decimal(amount)
    if language() == "en":
        return f"CNY {_grouped(value)}"
    for unit, name in ((YI, "亿元"), (WAN, "万元")):
        scaled = value / unit
        if abs(value) >= unit and scaled == scaled.quantize(Decimal("0.01")):
            return f"{_grouped(scaled)} {name}"
    return f"{_grouped(value)} 元"


def _grouped(value: Decimal) -> str:
    digits = f"{value:,f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def fact_value(value: object, fact: Fact, vocabulary: Vocabulary) -> str:
    """A stated value in words; certificates with their terms, an empty list as none."""
    if isinstance(value, tuple | frozenset) and not value:
        return translate(_NONE)
    if isinstance(value, tuple):
        return "、".join(_record(v, fact, vocabulary) for v in value)
    if fact.type.value == "money":
        return money(value if isinstance(value, Decimal) else str(value))
    return translate(value_text(value, fact, vocabulary))


def _record(record: object, fact: Fact, vocabulary: Vocabulary) -> str:
    codes = vocabulary.codes_of(fact)
    assert codes is not None
    if isinstance(record, Certificate):
        name = codes.label_of(record.category)
        start, end = (str(d) if d else "?" for d in (record.issued_on, record.expires_on))
        return translate(_TERM.format(name=name, start=start, end=end))
    assert isinstance(record, Award)
    name = codes.label_of(record.purpose)
    parts = [money(record.amount)] if record.amount is not None else []
    parts += [str(record.year)] if record.year else []
    return translate(_AWARD.format(name=name, parts=" ".join(parts))) if parts else translate(name)


def days_left(last: str | None, today: date) -> int | None:
    """Days from today to the last day, that day not counted; None without an end."""
    return None if last is None else (date.fromisoformat(last) - today).days


def truth_badge(truth: str) -> Markup:
    """✓, ✗ or ? with the word that a screen reader says."""
    sign, words = _MARKS[truth]
    return Markup('<span class="mark {}"><span aria-hidden="true">{}</span>{}</span>').format(
        truth, sign, Markup('<span class="vh">{}</span>').format(escape(translate(words)))
    )


_MARKS: dict[str, tuple[str, Text]] = {
    "true": ("✓", Text("满足：", "met:")),
    "false": ("✗", Text("不满足：", "not met:")),
    "unknown": ("?", Text("尚不确定：", "not yet known:")),
}

LABELS: dict[str, dict[str, Text]] = {
    "status": {
        "eligible": Text("符合", "Eligible"),
        "potential": Text("可能符合", "May qualify"),
        "undetermined": Text("尚不能判断", "Not yet decided"),
        "watch": Text("尚未开放", "Not open yet"),
        "ineligible": Text("不符合", "Does not qualify"),
        "not_in_force": Text("不在有效期", "Not in force"),
    },
    "commitment": {
        "entitlement": Text("条件齐全，自动适用", "Automatic right"),
        "funding": Text("有资金，细则另定", "Money, details to follow"),
        "support": Text("给予支持，未写金额", "Support, no amount named"),
        "facilitation": Text("由银行等机构决定", "A bank or other body decides"),
        "planned": Text("已公布，尚未开放", "Announced, not open yet"),
    },
    "basis": {
        "stated": Text("条文写明", "stated"),
        "implied": Text("由发文机关或上下文推知", "implied"),
        "undefined": Text("条文未作界定", "undefined term"),
    },
    "provenance": {
        "declared": Text("自报", "declared"),
        "verified": Text("已核验", "verified"),
        "derived": Text("推定", "derived"),
    },
    "evidence": {
        "official": Text("正式文件", "Official document"),
        "news": Text("新闻报道", "Press report"),
    },
    "number": {
        "parameter": Text("用于判断或计算", "Used in a rule"),
        "target": Text("政府目标，不是给企业的", "Government target, no benefit"),
        "metadata": Text("文件信息", "About the document"),
        "name": Text("名称的一部分", "Part of a name"),
    },
    "facet": {
        "jurisdiction": Text("地区", "Place"),
        "measure": Text("政策文件", "Document"),
        "instrument": Text("支持方式", "Instrument"),
        "commitment": Text("承诺程度", "What is promised"),
        "kind": Text("适用主体", "For whom"),
        "field": Text("技术领域", "Field"),
    },
    "per": {
        "contract": Text("按合同计", "per contract"),
        "project": Text("按项目计", "per project"),
        "event": Text("按活动计", "per event"),
        "person": Text("按人计", "per person"),
        "company": Text("按企业计", "per company"),
        "year": Text("按年计", "per year"),
    },
}


def label(kind: str, value: str | None) -> str:
    """The word for one of our own fixed values."""
    words = LABELS[kind].get(value or "")
    return translate(words) if words else (value or "")


def template_names(vocabulary: Vocabulary) -> dict[str, Any]:
    """Filters that depend on the vocabulary."""

    def code(value: str, list_id: str) -> str:
        codes = vocabulary.lists.get(list_id)
        return translate(codes.label_of(value)) if codes else value

    def project_kind(value: str) -> str:
        fact = vocabulary.facts.get(PROJECT_KIND)
        codes = vocabulary.codes_of(fact) if fact else None
        return translate(codes.label_of(value)) if codes else value

    return {
        "code": code,
        "project_kind": project_kind,
        "t": translate,
        "money": money,
        "mark": truth_badge,
    }


def separators() -> dict[str, str]:
    """Punctuation between pieces of text, in the language of the page."""
    if language() == "en":
        return {"colon": ": ", "comma": ", ", "semi": "; "}
    return {"colon": "：", "comma": "、", "semi": "；"}
