"""Which unit the head of a table names: for all its amounts, in a line over it (单位：万元), or in
a line of units below the names.
"""

import re
from collections.abc import Iterable
from decimal import Decimal

from service.intake.currency import Currency
from service.intake.header_notes import COUNTED_IN, DAY_FORM, PERCENT, notes_of
from service.intake.simplified import folded, plain_characters

# How a line of text says a unit; folded, so that 單位 and full-width signs are among them.
_UNIT_LINE = re.compile(r"(?:单位|unit|amountsin)[:是为]")
_UNIT_NAMED = re.compile(r"(?:单位|unit|amountsin)[:是为]?([^\s。)）]{1,20})")
# Where a line is divided, before it is folded: folding takes away the blanks that divide it.
_BEFORE_UNIT = re.compile(r"(?=单位|單位)")
_UNIT_AND_WORD = re.compile(r"(?:单位|單位|unit)\s*[:：]?\s*\S+", re.IGNORECASE)
_BETWEEN_UNITS = re.compile(r"[,;、/及和与]")


def unit_said(texts: Iterable[str], currency: Currency) -> tuple[Decimal, str] | None:
    """The unit of amounts that a line over the table names for the whole of it: 单位：万元,
    单位：万元、人, 客户名单（万元）, Unit: k€. Where lines name two, neither is it."""
    said: dict[Decimal, str] = {}
    for text in texts:
        notes = notes_of(plain_characters(text))
        for word in (*_units_named(text, currency), *map(folded, notes)):
            if (scale := currency.scale(word)) is not None:
                said.setdefault(scale, word)
    return next(iter(said.items())) if len(said) == 1 else None


def _units_named(text: str, currency: Currency) -> list[str]:
    """What a line names as units: behind each 单位, for 编制单位：徐汇支行 may stand before it, as
    far as the line goes, or else to the next blank, for 填表人：张三 may stand behind it."""
    for parts in (_BEFORE_UNIT.split(text), _UNIT_AND_WORD.findall(text)):
        named = filter(None, (_UNIT_NAMED.search(folded(part)) for part in parts))
        words = [word for said in named for word in _BETWEEN_UNITS.split(said[1])]
        if any(currency.scale(word) is not None for word in words):
            return words
    return []


def is_unit_line(cells: Iterable[str], currency: Currency) -> bool:
    """Whether cells are units and nothing else, one of money among them: 万元, 人, 年/月/日."""
    words = [folded(cell).strip("()") for cell in cells]
    money = [word for word in words if currency.scale(word) is not None]
    rest = [word for word in words if word not in money]
    return bool(money) and all(
        word in PERCENT or COUNTED_IN.fullmatch(word) or DAY_FORM.fullmatch(word) for word in rest
    )


def says_unit(text: str) -> bool:
    """Whether a text is a line that names a unit for the whole table."""
    return _UNIT_LINE.search(folded(text)) is not None
