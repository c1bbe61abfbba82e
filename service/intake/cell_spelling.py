"""Cells as people fill them, brought into the form that machines write.

Several codes come out parted by "|", none as "-", certificates as a JSON list. Whether a value is
allowed is not asked here: the fact's own reader does.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial

from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.rules.rounding import nearest_cent
from service.domain.rules.units import SHARE_NAME
from service.domain.text import Text, without_direction
from service.intake.allowed_values import is_share, number_example
from service.intake.certificate_spelling import read_awards, read_certificates
from service.intake.code_names import CodeNames
from service.intake.currency import ONE, Currency, currency_of
from service.intake.headers import FIGURES
from service.intake.identity import is_uscc
from service.intake.sheet_signs import UNSAVED
from service.intake.table_columns import TableColumn
from service.intake.writing_habits import WritingHabits, habits_of
from service.intake.written_amounts import names_its_unit, read_amount
from service.intake.written_days import read_day
from service.intake.written_numbers import read_count, read_number, read_share
from service.intake.written_values import (
    Unreadable,
    WrittenValue,
    asked_for,
    plain_decimal,
    plain_text,
    read_identifier,
    read_yes_no,
    refuse_either_sign,
    refuse_footnote,
    says_none,
    says_whether,
)

Spell = Callable[[str], WrittenValue]

# What people write where they know nothing. None of these is a value of any fact.
UNKNOWN_WORDS = frozenset(
    [
        "不详",
        "未知",
        "n/a",
        "n.a.",
        "tbc",
        "tbd",
        "na",
        "待定",
        "待补充",
        "待核实",
        "不清楚",
        "未填",
        "unknown",
        "tbd",
        "?",
        "？",
    ]
)
_FAILED = re.compile(r"#(?:[A-Z0-9/_]{2,}[!?]|N/A|\?)")
# What may be called by any word.
_ANY_TEXT = (FactType.TEXT, FactType.IDENTIFIER)
_SETS = (FactType.CODES, FactType.CERTIFICATES, FactType.AWARDS)
_STROKES = frozenset(["-", "--", "—", "——", "–", "/", "\\", "／"])
# A term of fewer is as likely said in years where nobody says what is counted.
_FEW_MONTHS = 12
_ROUNDED = Text("按分四舍五入，取 {amount}", "rounded to the cent: {amount}")
_AS_UNKNOWN = Text("按未知处理", "taken as unknown")
# 未上市, 非高新: who says what a company is not has not said that it is nothing else either.
_DENIED = re.compile(r"(?:未|尚未|暂未|从未|没有|暂无|非|不是)\S")
_ONLY_DENIED = Text(
    "只说明不是什么，按未知处理；一样也没有请写“无”",
    "says only what it is not, taken as unknown; write 无 for none at all",
)
_ONLY_WHETHER = Text(
    "只说明有没有，按未知处理；请写明是哪一种，一样也没有请写“无”",
    "says only whether there is one, taken as unknown; name which, or write 无 for none at all",
)
_BREAK = re.compile(r"[ \t]*[\r\n\v\f\t]+\s*")
_BREAK_IN_ENGLISH = re.compile(rf"(?<=[!-~]){_BREAK.pattern}(?=[!-~])")
_BY_ADDRESS = Text("按其开头的“{name}”理解", "taken by its beginning, {name}")
# The one list whose names people cut short: 浦东 for 浦东新区.
_SHORTENED = "regions"


@dataclass(frozen=True)
class Speller:
    """Makes the reader of one column's cells."""

    vocabulary: Vocabulary
    names: Mapping[str, CodeNames]
    spreadsheet: bool = False
    commas: bool = False

    def reader(self, column: TableColumn) -> Spell:
        """What turns a cell of this column, never an empty one, into the machine's form; empty text
        stands for unknown. It raises Unreadable."""
        fact = column.header.fact
        assert fact is not None
        spell = self._of_type(fact, column)

        def read(given: str) -> WrittenValue:
            text = self._by_habit(fact, column, without_direction(given))
            folded = plain_text(text)
            _refuse_failed(text)
            if fact.scheme and says_none(text):
                return WrittenValue("", _AS_UNKNOWN)
            if folded in UNKNOWN_WORDS and (fact.scheme or fact.type not in _ANY_TEXT):
                return WrittenValue("", _AS_UNKNOWN)
            if folded in _STROKES:
                return _read_stroke(fact, text.strip())
            if fact.type in _LISTED or fact.type is FactType.IDENTIFIER:
                refuse_footnote(text)
            if fact.type in FIGURES and self.habits.comma:
                if not self.spreadsheet:
                    refuse_either_sign(text, commas=fact.type is not FactType.NUMBER)
                return spell(self.habits.figure(text))
            if fact.type in FIGURES:
                text = self.habits.figure(text)
            if self.commas and fact.type in FIGURES:
                refuse_either_sign(text, commas=fact.type is FactType.NUMBER or not self._chinese)
            return spell(text)

        return read

    def _by_habit(self, fact: Fact, column: TableColumn, text: str) -> str:
        """A cell without what is only a habit of the catalogue's language, or its word for what is
        counted: 31/12/2020, oui, 12 personnes."""
        word = plain_text(text)
        if word in self.habits.unknown and fact.type not in _ANY_TEXT:
            return "unknown"
        if word in self.habits.none and fact.type in _SETS:
            return "-"
        if fact.type is FactType.DATE:
            return self.habits.day(text)
        if fact.type is FactType.BOOLEAN:
            return self.habits.whether(text)
        if fact.type in (FactType.INTEGER, FactType.NUMBER):
            bare = self._without_unit(fact, column, text)
            # In thousands, 1.050 may be one and a bit.
            is_whole = fact.type is FactType.INTEGER and column.unit == ONE
            return self.habits.whole(bare) if is_whole else bare
        return text

    def _without_unit(self, fact: Fact, column: TableColumn, text: str) -> str:
        """A cell without the catalogue's word for what the fact is counted in. Below a header that
        counts in another unit it keeps its own, in the word that is read everywhere."""
        # A percent sign says that a small number is no share: it stays.
        if fact.unit in (None, "%", SHARE_NAME):
            return text
        words = self.vocabulary.unit_words(fact.unit)
        for name in {*words.label.by_language().values(), *words.each.by_language().values()}:
            bare = text.rstrip().removesuffix(name).rstrip() if name else text
            if bare != text.rstrip() and bare[-1:].isdigit():
                return bare if column.unit == ONE else f"{bare} {fact.unit}"
        return text

    @cached_property
    def habits(self) -> WritingHabits:
        return habits_of(self.vocabulary.languages)

    def _of_type(self, fact: Fact, column: TableColumn) -> Spell:
        if fact.type is FactType.MONEY:
            return partial(_read_amount, currency_of(self.vocabulary, fact), column)
        if is_share(fact):
            most = fact.maximum or ONE
            return lambda text: read_share(
                text,
                in_per_cent=column.header.percent,
                most=most,
                example=number_example(fact),
            )
        if fact.type is FactType.NUMBER:
            percent = fact.unit == "%"
            unclear = percent and (self.spreadsheet or not _says_percent(column))
            return lambda text: read_number(text, percent=percent, ambiguous=unclear)
        if fact.type in (FactType.CODES, FactType.CERTIFICATES):
            return partial(_unless_denied, partial(_LISTED[fact.type], self._names(fact)))
        if fact.type in _LISTED:
            return partial(_LISTED[fact.type], self._names(fact))
        if fact.type is FactType.IDENTIFIER:
            is_sound = _SOUND.get(fact.scheme or "", lambda _: False)
            return lambda text: read_identifier(text, is_sound)
        if fact.type is FactType.INTEGER:
            is_open = fact.unit == "month" and column.header.scale is None
            is_own = column.header.text == fact.id
            return partial(
                read_count,
                unit=fact.unit,
                times=column.unit,
                ambiguous_below=_FEW_MONTHS if is_open and not is_own else 0,
                example=number_example(fact),
            )
        if fact.type is FactType.BOOLEAN:
            names = (*fact.label.by_language().values(), *fact.aliases)
            return partial(read_yes_no, called=frozenset(map(asked_for, names)))
        return _PLAIN[fact.type]

    @cached_property
    def _chinese(self) -> bool:
        """Whether amounts are of a place where commas part thousands, whatever parts cells."""
        return currency_of(self.vocabulary).in_chinese

    def _names(self, fact: Fact) -> CodeNames:
        assert fact.list is not None
        return self.names[fact.list]


def speller_for(
    vocabulary: Vocabulary, *, spreadsheet: bool, commas: bool, within: str | None = None
) -> Speller:
    """`spreadsheet`: whether numbers come from cells that may have been shown otherwise than they
    are held (12.5% is held as 0.125); `commas`: whether a comma may part decimals; `within`: the
    place in which places are looked for."""
    names = {
        name: CodeNames(codes, name == _SHORTENED, within if name == _SHORTENED else None)
        for name, codes in vocabulary.lists.items()
    }
    return Speller(vocabulary, names, spreadsheet, commas)


def _read_amount(currency: Currency, column: TableColumn, text: str) -> WrittenValue:
    """An amount, unless the table says that it is in what it cannot be taken in."""
    fault = column.unit_fault
    if fault and fault.fault and (fault.is_foreign or not names_its_unit(text, currency)):
        raise Unreadable(fault.fault.zh, fault.fault.en)
    found = read_amount(text, currency, column.unit, ambiguous_below=column.ambiguous_below)
    exact = Decimal(found.value)
    rounded = nearest_cent(exact)
    if rounded == exact:
        return found
    value = plain_decimal(rounded)
    return WrittenValue(value, found.remark or _ROUNDED.format(amount=value))


def _refuse_failed(text: str) -> None:
    """Raises Unreadable for what a formula leaves that failed, or that was saved unreckoned."""
    if text == UNSAVED:
        raise Unreadable(
            "公式的结果没有存在文件里：请用表格软件打开并保存后再用",
            "the formula's result is not in the file: open it in a spreadsheet and save it again",
        )
    if _FAILED.fullmatch(text):
        raise Unreadable("公式出错，没有结果", "the formula failed and has no result")


def _says_percent(column: TableColumn) -> bool:
    fact = column.header.fact
    return column.header.percent or (fact is not None and column.header.text == fact.id)


def _read_stroke(fact: Fact, text: str) -> WrittenValue:
    """A stroke says that there is nothing to say; only the plain one that there is none."""
    if fact.type not in _SETS:
        return WrittenValue("", _AS_UNKNOWN)
    if text == "-":
        return WrittenValue("-")
    raise Unreadable(
        f"“{text}”看不出是没有还是未知：没有请写“无”，未知请留空",
        f"“{text}” may mean none or unknown: write 无 for none, leave it empty if unknown",
    )


def _unless_denied(spell: Spell, text: str) -> WrittenValue:
    """A list, or nothing known where the cell only denies one thing, or says yes or no."""
    try:
        return spell(text)
    except Unreadable:
        if _DENIED.match(plain_text(text)):
            return WrittenValue("", _ONLY_DENIED)
        if says_whether(text):
            return WrittenValue("", _ONLY_WHETHER)
        raise


def _read_code(names: CodeNames, text: str) -> WrittenValue:
    """A code by its name; of an address the place that it begins with, and that is said."""
    try:
        return WrittenValue(names.find(text))
    except Unreadable:
        found = names.find_address(text)
        if found is None:
            raise
    code, name = found
    return WrittenValue(code, _BY_ADDRESS.format(name=name))


def _read_codes(names: CodeNames, text: str) -> WrittenValue:
    if text.lstrip().startswith("["):
        return WrittenValue(text)
    return WrittenValue("|".join(names.find_several(text)) or "-")


def _in_one_line(text: str) -> str:
    """A name that a narrow column had broken: 上海云鹊 over 有限公司; English words stay parted."""
    joined = _BREAK_IN_ENGLISH.sub(" ", text.strip())
    return _BREAK.sub("", joined)


def is_blank(text: str) -> bool:
    """Whether a cell is filled with a word or a stroke for nothing known."""
    folded = plain_text(text)
    return folded in UNKNOWN_WORDS or folded in _STROKES


_SOUND: Mapping[str, Callable[[str], bool]] = {"uscc": is_uscc}
_LISTED: Mapping[FactType, Callable[[CodeNames, str], WrittenValue]] = {
    FactType.CODE: _read_code,
    FactType.CODES: _read_codes,
    FactType.CERTIFICATES: read_certificates,
    FactType.AWARDS: read_awards,
}
_PLAIN: Mapping[FactType, Spell] = {
    FactType.DATE: partial(read_day, serial_allowed=True),
    # An apostrophe keeps a spreadsheet from taking a code for a number.
    FactType.TEXT: lambda text: WrittenValue(_in_one_line(text)),
}
