"""Which column of a person's table is which fact: by id, name, label or another name it goes by.

A header may carry more than the name: an asterisk, a colon, a unit in brackets. A name that two
facts go by is taken for neither.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cached_property

from service.domain.facts.vocabulary import Fact, FactType, Owner, Vocabulary
from service.domain.text import Text
from service.intake.currency import Currency, currency_of, folded

_BRACKETS = re.compile(r"[(\[【〔{]([^()\[\]【】〔〕{}]*)[)\]】〕}]")
_MARKS = re.compile(r"[\s*#:,.;、·“”\"'’‘!?/_\-—–]+")
_UNIT_SAID = re.compile(r"(?:单位|unit|amountsin)[:是为]?([^\s,，;；。)）]{1,20})", re.IGNORECASE)
# What in brackets makes another figure of it: of a year or some time, of somebody else, a part, a
# share, a growth, what is planned.
_OTHER_FIGURE = re.compile(
    r"[12][0-9]{3}|[0-9]{2}年|[近前末]|[一二两三四五六七八九十0-9]个?(?:年|月|季)|[本当今去上每半]年|[本当上每]月"
    r"|季度|累计|预|计划|目标|拟|同比|环比|增[长速幅]|占|率|均|母公司|集团|合并|其中|不含|[税折]后"
)
_PERCENT = frozenset(("%", "百分比", "percent"))
_ALIKE = 0.6
# What stands round a certificate's name over a column of its own.
_ABOUT_IT = re.compile(
    r"^(?:是否为?|有无|持有|获得)|(?:资质|证书|认定|资格|称号)?(?:编号|号码|证号|号|有效期|有效期至|到期日|到期时间"
    r"|截止日期?|发证日期?|发证时间|认定时间|认定日期|认定年份|获得时间|批次)?$"
)


@dataclass(frozen=True, slots=True)
class Header:
    """A column's header as understood: the fact, None where it is none, and for amounts what a bare
    number is counted in, None where the header does not say."""

    text: str
    fact: Fact | None
    unit: Decimal | None = None
    unit_name: str | None = None
    percent: bool = False


class HeaderNames:
    """The names of a vocabulary's facts as they may stand over a column."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    @cached_property
    def _by_name(self) -> Mapping[str, Fact]:
        """Facts by their folded names: a company's before a project's, for a row is a company; of
        one owner's a fact's own before what another also goes by. Of two that are left, neither."""
        found: dict[str, Fact] = {}
        for owner in (Owner.PROJECT, Owner.COMPANY):
            found |= self._named(owner, lambda f: f.aliases) | self._named(owner, _own_names)
        # An id is nobody else's name.
        return found | {_folded(f.id): f for f in self.vocabulary.facts.values()}

    def _named(self, owner: Owner, names: Callable[[Fact], Iterable[str]]) -> dict[str, Fact]:
        named: dict[str, list[Fact]] = {}
        for fact in (f for f in self.vocabulary.facts.values() if f.owner is owner):
            for name in {_folded(n) for n in names(fact)}:
                named.setdefault(name, []).append(fact)
        return {name: facts[0] for name, facts in named.items() if len(facts) == 1}

    def read(self, text: str) -> Header:
        """A header as it stands over a column."""
        plain = unicodedata.normalize("NFKC", text).strip()
        fact = self._by_name.get(_folded(plain))
        brackets = [b.strip().casefold() for b in _BRACKETS.findall(plain)]
        if fact is None and not any(map(_OTHER_FIGURE.search, brackets)):
            fact = self._by_name.get(_folded(_BRACKETS.sub("", plain)))
        if fact is None:
            return self._with_bare_unit(text, plain)
        if fact.type is FactType.MONEY:
            currency = currency_of(self.vocabulary, fact)
            for unit in (folded(b).removeprefix("单位:") for b in brackets):
                if (scale := currency.scale(unit)) is not None:
                    return Header(text, fact, scale, unit)
                if currency.is_foreign(unit):
                    return Header(text, None)  # its numbers are no amounts of ours
        return Header(text, fact, percent=any(b in _PERCENT for b in brackets))

    def _with_bare_unit(self, text: str, plain: str) -> Header:
        """营业收入万元, 营业收入/亿元: an amount whose unit stands at the end without brackets."""
        for end in range(len(plain) - 1, 0, -1):
            fact = self._by_name.get(_folded(plain[:end]))
            if fact is not None and fact.type is FactType.MONEY:
                unit = folded(plain[end:].lstrip(" /:,_-"))
                scale = currency_of(self.vocabulary, fact).scale(unit)
                if scale is not None:
                    return Header(text, fact, scale, unit)
        return Header(text, None)

    def suggestion(self, text: str) -> Fact | None:
        """The fact whose name is most like a header that is none."""
        given = _folded(_BRACKETS.sub("", unicodedata.normalize("NFKC", text)))
        if len(given) < 2:
            return None
        name = max(self._by_name, key=lambda n: _likeness(given, n), default="")
        return self._by_name[name] if _likeness(given, name) >= _ALIKE else None


class CertificateHeaders:
    """Tells a column that is for one certificate: 高新技术企业证书编号, 是否专精特新中小企业."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._named: dict[str, tuple[Fact, Text]] = {}
        for fact in vocabulary.facts.values():
            codes = vocabulary.codes_of(fact) if fact.type is FactType.CERTIFICATES else None
            for entry in codes.codes.values() if codes else ():
                for name in (entry.label.zh, entry.label.en, *entry.aliases):
                    self._named.setdefault(_folded(name), (fact, entry.label))

    def category_named(self, header: str) -> tuple[Fact, Text] | None:
        """The fact that holds such certificates, and the certificate's name."""
        bare = _folded(_BRACKETS.sub("", unicodedata.normalize("NFKC", header)))
        return self._named.get(bare) or self._named.get(_ABOUT_IT.sub("", bare))


def _own_names(fact: Fact) -> Iterable[str]:
    return (fact.id, fact.name, fact.label.zh, fact.label.en)


def _folded(name: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", name).casefold())


def _likeness(given: str, name: str) -> float:
    if len(name) >= 3 and (name in given or given in name):
        return max(_ALIKE, min(len(name), len(given)) / max(len(name), len(given)))
    return SequenceMatcher(None, given, name).ratio()


def unit_said(texts: Iterable[str], currency: Currency) -> tuple[Decimal, str] | None:
    """The unit that a line over the table names for the whole of it: 单位：万元, Unit: k€."""
    for text in texts:
        found = _UNIT_SAID.search(folded(text))
        scale = currency.scale(found[1]) if found else None
        if found and scale is not None:
            return scale, found[1]
    return None
