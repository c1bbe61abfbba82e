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
from service.intake.currency import currency_of
from service.intake.header_notes import (
    BRACKETS,
    COUNTED_IN,
    DAY_FORM,
    PERCENT,
    is_about_filling,
    makes_another_figure,
    notes_of,
)
from service.intake.header_units import hints_at_money, is_money_unit
from service.intake.simplified import folded, plain_characters
from service.intake.written_numbers import period_scale

_MARKS = re.compile(r"[\s*#:,.;、·“”\"'’‘!?/_\-—–]+")
# What only says that something is asked, or that it is the company's: two names that both have it
# are no more alike for it (所属支行, 所属行业).
_WHETHER = re.compile(r"^(?:是否|有无|已经?|所属)+")
_ENGLISH, _BETWEEN = r"[A-Za-z][A-Za-z .&'’\n]*", r"[\s/|·-]*"
_CHINESE = r"[^A-Za-z\s/][^A-Za-z]*"
_TWO_LANGUAGES = tuple(
    re.compile(rf"\s*({one}?){_BETWEEN}({other})\s*")
    for one, other in ((_CHINESE, _ENGLISH), (_ENGLISH, _CHINESE))
)
# A share or a growth is none of the amount that it is reckoned from.
_IS_RATE = re.compile(r"占比|比[例重]|强度|增[长速幅]|[同环]比|率$|ratio|growth|rate$")
# What is left when debts or costs are taken off, or was two years ago, is another amount.
_IS_OTHER_AMOUNT = re.compile(r"净|上上|前年|前一年|同期|^net|beforelast")
# A year before: what the facts of the last year are called.
_LAST_YEAR = re.compile(r"上一?(?:个)?(?:会计)?年度?")
FIGURES = frozenset((FactType.MONEY, FactType.NUMBER, FactType.INTEGER))
# What names a company or tells it from others.
_NAMES = (FactType.TEXT, FactType.IDENTIFIER)
_ALIKE = 0.6
# No name of a column is longer, nor the names of its groups together.
_MAX_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Header:
    """A column's header as understood: the fact, None where it is none, and for amounts and periods
    the `scale` by which a bare number is multiplied (10,000 below 万元, 12 below years), None where
    the header does not say, and how the header says it."""

    text: str
    fact: Fact | None
    scale: Decimal | None = None
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
        named: dict[str, Fact] = {}
        for owner in (Owner.PROJECT, Owner.COMPANY):
            named |= self._named(owner, lambda f: f.aliases) | self._named(owner, _own_names)
        # An id is nobody else's name.
        return named | {bare_name(f.id): f for f in self.vocabulary.stated}

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
        for bracket in BRACKETS.finditer(plain):
            named = plain[: bracket.start()] + plain[bracket.end() :]
            fact = self._by_name.get(bare_name(named)) if BRACKETS.search(named) else None
            if fact is not None:
                return self._with_notes(text, fact, notes_of(bracket[0]))
        notes = list(notes_of(plain))
        bare = BRACKETS.sub("", plain)
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
        header = self._with_notes(text, fact, notes_of(plain_characters(text)))
        return header if header.fact else Header(text, fact)

    def _in_two_languages(self, bare: str) -> Fact | None:
        """企业名称 Company: the same fact, said in Chinese and in English."""
        for parted in filter(None, (form.fullmatch(bare) for form in _TWO_LANGUAGES)):
            one, other = (self._by_name.get(bare_name(part)) for part in parted.groups())
            if one is other:
                return one
        return None

    def fact_named(self, text: str) -> Fact | None:
        """The fact of which a text is the name, and nothing else."""
        return self._by_name.get(bare_name(text)) if len(text) <= _MAX_LENGTH else None

    def read_under(self, group: str, *below: str) -> Header:
        """A header below the names of groups, the outermost first: each may name a unit or make
        another figure of it. 财务情况（万元） over 营业收入; 2023年 over it."""
        joint = " ".join((group, *below))
        if len(joint) - len(below[-1]) > _MAX_LENGTH:
            return Header(joint, None)
        over = " ".join((group, *below[:-1]))
        for named in (joint, f"{below[-1]}{over}"):  # 资产 over 总额; 研发费用 over 前一年度
            if (whole := self.read(named)).fact is not None:
                return replace(whole, text=joint)
        member = self.read_under(*below) if len(below) > 1 else self.read(*below)
        header = replace(member, text=joint)
        if header.fact is None or header.fact.type not in FIGURES:
            return header
        notes = list(notes_of(plain_characters(group)))
        if header.fact.type is FactType.MONEY:
            currency = currency_of(self.vocabulary, header.fact)
            for note in notes:
                scale = currency.scale(word := folded(note))
                if scale is None and (
                    is_money_unit(word, currency) or hints_at_money(word, currency)
                ):
                    return Header(joint, None)
                if scale is not None and header.scale is None:
                    header = replace(header, scale=scale, unit_name=note)
        bare = _LAST_YEAR.sub("", plain_characters(group).casefold())
        return Header(joint, None) if makes_another_figure(bare) else header

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
            elif fact.type is FactType.NUMBER and note.casefold() in PERCENT:
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
        if fact.type is FactType.INTEGER and COUNTED_IN.fullmatch(note):
            return True
        if fact.type is FactType.DATE and DAY_FORM.fullmatch(note):
            return True
        if fact.unit and note in self._unit_names(fact.unit):
            return True
        return is_about_filling(note)

    def _unit_names(self, unit: str) -> frozenset[str]:
        words = self.vocabulary.unit_words(unit)
        named = (*words.label.by_language().values(), *words.each.by_language().values())
        return frozenset(plain_characters(n).casefold() for n in (*named, *words.aliases))

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
        given = _WHETHER.sub("", bare_name(BRACKETS.sub("", plain_characters(text))))
        if not (3 if given.isascii() else 2) <= len(given) <= _MAX_LENGTH:
            return None
        alike = {
            name: _likeness(given, _WHETHER.sub("", name))
            for name, fact in self._by_name.items()
            if fact.type not in _NAMES or not _is_of_it(given, name)
        }
        if _IS_RATE.search(given):
            alike = {n: a for n, a in alike.items() if self._by_name[n].type is FactType.NUMBER}
        if _IS_OTHER_AMOUNT.search(given):
            alike = {n: a for n, a in alike.items() if self._by_name[n].type not in FIGURES}
        name = max(alike, key=lambda n: alike[n], default="")
        return self._by_name[name] if alike.get(name, 0) >= _ALIKE else None


def read_header(names: HeaderNames, *texts: str) -> Header:
    """What stands over one column: its own name, behind the names of the groups it is in."""
    plain = [" ".join(text.split()) for text in texts]
    return names.read_under(*plain) if len(plain) > 1 else names.read(*plain)


def _own_names(fact: Fact) -> Iterable[str]:
    return (fact.id, fact.name, fact.label.zh, fact.label.en)


def bare_name(name: str) -> str:
    """A name without case, spaces and marks."""
    return _MARKS.sub("", plain_characters(name).casefold())


def _is_of_it(given: str, name: str) -> bool:
    """Whether a header is about something of what the name stands for (借款人类型), not about that
    itself: in Chinese what a word is stands at its end."""
    return not given.isascii() and name in given and not given.endswith(name)


def _likeness(given: str, name: str) -> float:
    if len(name) >= 3 and (name in given or given in name):
        return max(_ALIKE, min(len(name), len(given)) / max(len(name), len(given)))
    return SequenceMatcher(None, given, name).ratio()
