"""Which unit the lines around a table name for all its amounts: 单位：万元, Unit: RMB 10,000.

A line that names another currency, or a unit of money that is not understood whole, is no unit: the
amounts that rest on it are refused, never counted in something near it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from service.domain.text import Text
from service.intake.currency import BESIDE_NAME, SCALES, Currency
from service.intake.header_notes import BRACKETS
from service.intake.simplified import folded, plain_characters

# What stands before a unit: 单位, 金额单位, 币种, Unit, amounts in. What has another word before
# it is a body: 编制单位, 填报单位.
_LABEL = re.compile(
    r"(?P<about>[^\W\d_]{0,6}?)(?:单位|(?P<currency>币种|币别|货币|\bcurrency\b)|\bunits?\b"
    r"|\b(?:amounts?|figures|values)(?: are)?(?: (?:stated|expressed))? in\b)"
    r"\s*(?P<colon>[:是为]?)\s*",
    re.IGNORECASE,
)
_OF_MONEY = frozenset(("", "金额", "货币", "计量", "计价", "记账", "数据", "报表", "本表", "表内"))
_PARTS = re.compile(r"(?<![0-9]),|,(?![0-9])|[;、/及和与。]")
_MAX_WORDS = 8
_MAX_LINE = 200
_SHORT = 8
_SAYS = re.compile(r"(?:单位|unit|amountsin)[:是为]")


@dataclass(frozen=True, slots=True)
class TableUnit:
    """What lines say of amounts: `scale` of which currency's units one is, as the line has it in
    `name`. Where they name another currency or what cannot be read, `fault` says so and `scale` is
    None; `is_foreign`: whether the currency is another."""

    scale: Decimal | None
    name: str
    fault: Text | None = None
    is_foreign: bool = False


def unit_said(texts: Iterable[str], currency: Currency) -> TableUnit | None:
    """The unit of amounts that lines over a table name for the whole of it; None where none does.
    Of several units that differ none holds."""
    said = [unit for text in texts for unit in _units_of(text[:_MAX_LINE], currency)]
    foreign = [unit for unit in said if unit.is_foreign]
    unclear = [unit for unit in said if unit.fault]
    if foreign or unclear:
        return (foreign or unclear)[0]
    # A currency alone is no unit beside one: 单位：万元 币种：人民币.
    scales = {unit.scale: unit for unit in reversed(said) if not _is_currency_alone(unit, currency)}
    if len(scales) > 1:
        return _not_understood("、".join(dict.fromkeys(unit.name for unit in said)))
    return next(iter((scales or {unit.scale: unit for unit in said}).values()), None)


def says_other_unit(text: str, currency: Currency, unit: Decimal) -> bool:
    """Whether a line below a table names a unit of money that is not the one that was taken."""
    found = unit_said([text], currency)
    return found is not None and found.scale != unit


def says_unit(text: str) -> bool:
    """Whether a text is a line that names a unit for the whole table."""
    return _SAYS.search(folded(text)) is not None


def is_money_unit(word: str, currency: Currency) -> bool:
    """Whether a folded word is a unit of money and nothing else, of whatever currency is known."""
    return currency.scale(word) is not None or currency.is_foreign_unit(word)


def hints_at_money(word: str, currency: Currency) -> bool:
    """Whether a folded word that was not understood seems to be a unit of money: it names a
    currency, or is short and begins with what amounts are counted in."""
    if any(name in word for name in (*currency.names, *currency.others)):
        return True
    if any(unicodedata.category(character) == "Sc" for character in word):
        return True
    begins = word.startswith((*SCALES, *BESIDE_NAME)) or word[:1].isdigit()
    return begins and (len(word) <= _SHORT or word[:1].isdigit())


def _is_currency_alone(unit: TableUnit, currency: Currency) -> bool:
    word = folded(unit.name)
    return word in currency.names and not currency.is_unit_word(word)


def _units_of(text: str, currency: Currency) -> Iterator[TableUnit]:
    """What one line names: behind each label, in each bracket, or by itself."""
    plain = plain_characters(text)
    labels = list(_LABEL.finditer(plain))
    for i, label in enumerate(labels):
        end = labels[i + 1].start() if i + 1 < len(labels) else len(plain)
        yield from _labelled_units(label, _within_bracket(plain[label.end() : end]), currency)
    if labels:
        return
    for note in BRACKETS.findall(plain):
        yield from _units_in(note, currency)
    whole = folded(plain)
    if is_money_unit(whole, currency):
        yield _unit(plain.strip(), currency)
        return
    for word in plain.split():
        named, _ = currency.without_name(folded(word))
        if (named or currency.is_foreign_unit(folded(word))) and is_money_unit(
            folded(word), currency
        ):
            yield _unit(word, currency)


def _labelled_units(label: re.Match[str], value: str, currency: Currency) -> Iterator[TableUnit]:
    """What stands behind one label. Behind the unit of a body (编制单位) stands its name."""
    found = list(_units_in(value, currency))
    if found:
        yield from found
        return
    about = label["about"].casefold()
    if not label["colon"] and label["currency"] is None and "in" not in label[0].casefold():
        return
    first = folded(value.split(maxsplit=1)[0]) if value.split() else ""
    is_currency = label["currency"] is not None
    if first and (is_currency or (about in _OF_MONEY and hints_at_money(first, currency))):
        yield _not_understood(value.strip())


def _units_in(value: str, currency: Currency) -> Iterator[TableUnit]:
    """The units that a text begins with: the longest run of its words that is one, for 填表人：张三
    may stand behind it; 万元、人 names two, of which one is of money."""
    words = value.split()
    for count in range(min(len(words), _MAX_WORDS), 0, -1):
        found = [p for p in _PARTS.split(" ".join(words[:count])) if p.strip()]
        units = [p for p in found if is_money_unit(folded(p), currency)]
        if not units:
            continue
        behind = folded(words[count]) if count < len(words) else ""
        is_alone = all(_is_currency_alone(_unit(p.strip(), currency), currency) for p in units)
        # RMB thousnad is no RMB; RMB Date: 2026-09 is.
        if _continues(behind) or (is_alone and behind and ":" not in behind):
            yield _not_understood(value.strip())
            return
        yield from (_unit(p.strip(), currency) for p in units)
        return


def _continues(word: str) -> bool:
    """Whether a word behind a unit seems to be more of it."""
    return word[:1].isdigit() or word in SCALES or word in BESIDE_NAME


def _unit(name: str, currency: Currency) -> TableUnit:
    scale = currency.scale(folded(name))
    if scale is not None:
        return TableUnit(scale, name)
    words = Text(
        "表格写明单位或币种为“{name}”：金额应以{currency}计，请折算",
        "the table says its amounts are in “{name}”: an amount is in {currency}; please convert it",
    ).format(name=name, currency=currency.label)
    return TableUnit(None, name, words, is_foreign=True)


def _not_understood(name: str) -> TableUnit:
    shown = name[:40]
    words = Text(
        "表格写明的单位“{shown}”看不懂或不止一个：请在表头或金额后写明单位",
        "the unit that the table names, “{shown}”, is not understood or not the only one: name"
        " the unit in the header or behind the amount",
    ).format(shown=shown)
    return TableUnit(None, shown, words)


def _within_bracket(text: str) -> str:
    """A text up to the bracket that closes one which opened before it."""
    depth = 0
    for i, character in enumerate(text):
        if character in "([【":
            depth += 1
        elif character in ")]】":
            depth -= 1
            if depth < 0:
                return text[:i]
    return text
