"""Which column of a person's table is which fact: by id, name, label or another name it goes by.

A header may carry more than the name: an asterisk, a colon, a unit in brackets. A name that two
facts go by is taken for neither.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cached_property

from service.domain.facts.vocabulary import Fact, FactType, Owner, Vocabulary
from service.intake.currency import Currency, currency_of
from service.intake.simplified import folded, plain_characters
from service.intake.written_numbers import period_scale

_BRACKETS = re.compile(r"[(\[【〔{]([^()\[\]【】〔〕{}]*)[)\]】〕}]")
_PARTED = re.compile(r"(?<![0-9]),|,(?![0-9])|[;、。]")
_UNIT_WORD = re.compile(r"^(?:金额)?单位\s*[:为]?")
_MARKS = re.compile(r"[\s*#:,.;、·“”\"'’‘!?/_\-—–]+")
_UNIT_SAID = re.compile(r"(?:单位|unit|amountsin)[:是为]?([^\s。)）]{1,20})", re.IGNORECASE)
_UNIT_BEGINS = re.compile(r"(?=单位|單位)")
_UNIT_AND_WORD = re.compile(r"(?:单位|單位|unit)\s*[:：]?\s*\S+", re.IGNORECASE)
_UNIT_LINE = re.compile(r"(?:单位|unit|amountsin)[:是为]")
_SEVERAL_UNITS = re.compile(r"[,;、/及和与]")
# What in brackets makes another figure of it: of a year or some time, of somebody else, a part, a
# share, a growth, what is planned.
_OTHER_FIGURE = re.compile(
    r"[12][0-9]{3}|[0-9]{2}年|[近前末初]|[一二两三四五六七八九十0-9]个?(?:年|月|季)|[本当今去上每半]年|[本当上每]月"
    r"|季度|累计|预|计划|目标|拟|同比|环比|增[长速幅]|占|率|均|母公司|集团|合并|其中|不含|[税折]后"
)
# What in brackets only says how to fill the column. Whatever else stands there may make another
# figure of it, and is not passed over.
_ABOUT_FILLING = re.compile(
    r"填|空|必选|可选|单选|多选|选择|下拉|如有|若有|^例|例如|示例|格式|全称|名称|代码|编号|[0-9]+位|中文|汉字|精确"
    r"|执照|登记|工商|^[省市区县镇乡/及和到至]+$|[大中小门]类|国标|gb/?t|^是/?否$|^有/?无$"
    r"|^y/n$|^yes/no$|required|optional|select|choose|fill|format|code|e\.g\.|if any"
)
# What only asks: no two names are alike for it.
_WHETHER = re.compile(r"^(?:是否|有无|已经?)+")
_TWO_LANGUAGES = re.compile(r"\s*([^A-Za-z]*[^A-Za-z\s/])[\s/]+([A-Za-z][A-Za-z \n]*)")
_DAY_FORM = re.compile(r"[/ymd.年月日-]+")
_COUNTED_IN = re.compile(r"[人名位家个项件]|people|persons|staff")
# A year before: what the facts of the last year are called.
_LAST_YEAR = re.compile(r"上一?(?:个)?(?:会计)?年度?")
FIGURES = frozenset((FactType.MONEY, FactType.NUMBER, FactType.INTEGER))
_PERCENT = frozenset(("%", "百分比", "percent"))
_ALIKE = 0.6
# No name of a column is longer, nor the names of its groups together.
_MAX_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Header:
    """A column's header as understood: the fact, None where it is none, and for amounts and periods
    what a bare number is counted in, None where the header does not say."""

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
        return found | {bare_name(f.id): f for f in self.vocabulary.stated}

    def _named(self, owner: Owner, names: Callable[[Fact], Iterable[str]]) -> dict[str, Fact]:
        named: dict[str, list[Fact]] = {}
        for fact in (f for f in self.vocabulary.stated if f.owner is owner):
            for name in {bare_name(n) for n in names(fact)}:
                named.setdefault(name, []).append(fact)
        return {name: facts[0] for name, facts in named.items() if len(facts) == 1}

    def read(self, text: str) -> Header:
        """A header as it stands over a column."""
        if len(text) > _MAX_LENGTH:
            return Header(text, None)
        plain = plain_characters(text).strip()
        fact = self._by_name.get(bare_name(plain))
        if fact is not None:
            return self._with_notes(text, fact, [])
        # A name may have brackets of its own: a note stands behind it in others.
        for bracket in _BRACKETS.finditer(plain):
            named = plain[: bracket.start()] + plain[bracket.end() :]
            fact = self._by_name.get(bare_name(named)) if _BRACKETS.search(named) else None
            if fact is not None:
                return self._with_notes(text, fact, _notes_of(bracket[0]))
        notes = list(_notes_of(plain))
        bare = _BRACKETS.sub("", plain)
        for note in notes:
            fact = self._by_name.get(bare_name(note + bare)) or self._by_name.get(
                bare_name(bare + note)
            )
            if fact is not None:
                return self._with_notes(text, fact, [n for n in notes if n != note])
        fact = self._by_name.get(bare_name(bare))
        if fact is None:
            fact = self._in_two_languages(bare)
        return self._with_notes(text, fact, notes) if fact else self._with_bare_unit(text, plain)

    def header_of(self, text: str, fact: Fact | None) -> Header:
        """The header of a column of which a person said what it is; a unit in it counts."""
        if fact is None:
            return Header(text, None)
        found = self._with_notes(text, fact, _notes_of(plain_characters(text)))
        return found if found.fact else Header(text, fact)

    def _in_two_languages(self, bare: str) -> Fact | None:
        """企业名称 Company: the same fact, said in Chinese and behind it in English."""
        parted = _TWO_LANGUAGES.fullmatch(bare)
        if parted is None:
            return None
        chinese, english = (self._by_name.get(bare_name(part)) for part in parted.groups())
        return chinese if chinese is english else None

    def names_fact(self, text: str) -> bool:
        """Whether a text is the name of a fact, and nothing else."""
        return len(text) <= _MAX_LENGTH and bare_name(text) in self._by_name

    def read_under(self, group: str, member: str) -> Header:
        """A header below the name of a group, which may name a unit or make another figure of it:
        财务情况（万元） over 营业收入; 2023年 over it."""
        joint = f"{group} {member}"
        if len(group) > _MAX_LENGTH:
            return Header(joint, None)
        if (whole := self.read(joint)).fact is not None:
            return whole
        header = replace(self.read(member), text=joint)
        if header.fact is None or header.fact.type not in FIGURES:
            return header
        notes = list(_notes_of(plain_characters(group)))
        if header.fact.type is FactType.MONEY and header.unit is None:
            currency = currency_of(self.vocabulary, header.fact)
            for note in notes:
                if currency.is_foreign(folded(note)):
                    return Header(joint, None)
                if (scale := currency.scale(folded(note))) is not None:
                    header = replace(header, unit=scale, unit_name=note)
        bare = _LAST_YEAR.sub("", plain_characters(group).casefold())
        return Header(joint, None) if _OTHER_FIGURE.search(bare) else header

    def _with_notes(self, text: str, fact: Fact, notes: Iterable[str]) -> Header:
        """A fact's name with what stands in brackets beside it: a unit, a note on how to fill it.
        Beside anything else it is the name of another figure, and of no fact."""
        currency = currency_of(self.vocabulary, fact) if fact.type is FactType.MONEY else None
        unit: tuple[Decimal, str] | None = None
        percent = False
        for note in notes:
            if currency is not None and (scale := currency.scale(folded(note))) is not None:
                if unit is not None and unit[0] != scale:
                    return Header(text, None)
                unit = scale, note
            elif fact.type is FactType.NUMBER and note.casefold() in _PERCENT:
                percent = True
            elif (periods := period_scale(note, fact.unit)) is not None:
                unit = Decimal(periods), note
            elif not self._says_the_same(fact, note):
                return Header(text, None)
        scale, name = unit or (None, None)
        return Header(text, fact, scale, name, percent)

    def _says_the_same(self, fact: Fact, note: str) -> bool:
        """Whether a note in brackets leaves the figure what it is: another name of the fact, what
        it is counted in, how to fill it."""
        if self._by_name.get(bare_name(note)) is fact:
            return True
        note = note.casefold()
        if fact.type is FactType.INTEGER and _COUNTED_IN.fullmatch(note):
            return True
        if fact.type is FactType.DATE and _DAY_FORM.fullmatch(note):
            return True
        if fact.unit and note in self._unit_names(fact.unit):
            return True
        return is_about_filling(note)

    def _unit_names(self, unit: str) -> frozenset[str]:
        words = self.vocabulary.unit_words(unit)
        named = (*words.label.by_language().values(), *words.each.by_language().values())
        return frozenset(n.casefold() for n in (*named, *words.aliases))

    def _with_bare_unit(self, text: str, plain: str) -> Header:
        """营业收入万元, 贷款期限/月: an amount or a period whose unit stands at the end without
        brackets."""
        for end in range(len(plain) - 1, 0, -1):
            fact = self._by_name.get(bare_name(plain[:end]))
            if fact is None:
                continue
            unit = folded(plain[end:].lstrip(" /:,_-"))
            scale = self._scale_of(fact, unit)
            if scale is not None:
                return Header(text, fact, scale, unit)
        return Header(text, None)

    def _scale_of(self, fact: Fact, unit: str) -> Decimal | None:
        if fact.type is FactType.MONEY:
            return currency_of(self.vocabulary, fact).scale(unit)
        periods = period_scale(unit, fact.unit)
        return None if periods is None else Decimal(periods)

    def suggestion(self, text: str) -> Fact | None:
        """The fact whose name is most like a header that is none."""
        given = _WHETHER.sub("", bare_name(_BRACKETS.sub("", plain_characters(text))))
        if not 2 <= len(given) <= _MAX_LENGTH:
            return None
        alike = {name: _likeness(given, _WHETHER.sub("", name)) for name in self._by_name}
        name = max(alike, key=lambda n: alike[n], default="")
        return self._by_name[name] if alike.get(name, 0) >= _ALIKE else None


def is_about_filling(note: str) -> bool:
    """Whether a note in brackets says how to fill a column, and nothing of what its cells are."""
    plain = note.casefold()
    return not _OTHER_FIGURE.search(plain) and bool(_ABOUT_FILLING.search(plain))


def parts_in_brackets(header: str) -> tuple[str, list[str]]:
    """A header without its brackets, and the notes in them."""
    return _BRACKETS.sub("", header), list(_notes_of(header))


def _notes_of(header: str) -> Iterable[str]:
    """What stands in a header's brackets, each note for itself, without 单位: before it."""
    for bracket in _BRACKETS.findall(header):
        for part in _PARTED.split(bracket):
            if note := _UNIT_WORD.sub("", part.strip()).strip():
                yield note


def _own_names(fact: Fact) -> Iterable[str]:
    return (fact.id, fact.name, fact.label.zh, fact.label.en)


def bare_name(name: str) -> str:
    """A name without case, spaces and marks."""
    return _MARKS.sub("", plain_characters(name).casefold())


def _likeness(given: str, name: str) -> float:
    if len(name) >= 3 and (name in given or given in name):
        return max(_ALIKE, min(len(name), len(given)) / max(len(name), len(given)))
    return SequenceMatcher(None, given, name).ratio()


def unit_said(texts: Iterable[str], currency: Currency) -> tuple[Decimal, str] | None:
    """The unit of amounts that a line over the table names for the whole of it: 单位：万元,
    单位：万元、人, 客户名单（万元）, Unit: k€. Where lines name two, neither is it."""
    said: dict[Decimal, str] = {}
    for text in texts:
        notes = _notes_of(plain_characters(text))
        for word in (*_words_of_unit(text, currency), *map(folded, notes)):
            if (scale := currency.scale(word)) is not None:
                said.setdefault(scale, word)
    return next(iter(said.items())) if len(said) == 1 else None


def _words_of_unit(text: str, currency: Currency) -> list[str]:
    """What a line names as units: behind each 单位, for 编制单位：徐汇支行 may stand before it, as
    far as the line goes, or else to the next blank, for 填表人：张三 may stand behind it."""
    for parts in (_UNIT_BEGINS.split(text), _UNIT_AND_WORD.findall(text)):
        found = filter(None, (_UNIT_SAID.search(folded(part)) for part in parts))
        words = [w for said in found for w in _SEVERAL_UNITS.split(said[1])]
        if any(currency.scale(word) is not None for word in words):
            return words
    return []


def is_unit_line(cells: Iterable[str], currency: Currency) -> bool:
    """Whether cells are units and nothing else, one of money among them: 万元, 人, 年/月/日."""
    words = [folded(cell).strip("()") for cell in cells]
    money = [word for word in words if currency.scale(word) is not None]
    rest = [word for word in words if word not in money]
    return bool(money) and all(
        word in _PERCENT or _COUNTED_IN.fullmatch(word) or _DAY_FORM.fullmatch(word)
        for word in rest
    )


def says_unit(text: str) -> bool:
    """Whether a text is a line that names a unit for the whole table."""
    return _UNIT_LINE.search(folded(text)) is not None
