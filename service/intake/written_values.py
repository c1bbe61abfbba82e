"""Values as people write them: amounts, numbers, days, yes and no.

What is written comes out in the one form that a profile holds, together with what had to be said
about it: that only a month was given, for instance. Whatever could mean two things is not read at
all: `Unreadable` says what would be.
"""

import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from service.domain.numerals import chinese_integer
from service.domain.text import Text, grouped
from service.intake.currency import ONE, Currency
from service.intake.simplified import folded

_APPROXIMATE = re.compile(
    r"^(?:约|大约|近|超|超过|逾|不足|~|≈|>|<|≥|≤)|(?:左右|以上|以下|余元|多元|[+])$"
)
_SIGNED = r"(?P<sign>[-−]?)"
_GROUPED = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
_NUMBER = re.compile(rf"{_SIGNED}(?P<digits>{_GROUPED})(?P<unit>[^0-9.,]*)")
# An amount that does not say what it counts in, as a cell has it: 6,000 or 八千, and no 八千万.
_NUMERALS = "零〇一二两兩三四五六七八九十百千壹贰貳叁參肆伍陆陸柒捌玖拾佰仟"
BARE_AMOUNT = rf"[-−]?[0-9０-９{_NUMERALS}][0-9０-９.,．，\s{_NUMERALS}]*"
_COUNTED = re.compile(r"(?:人|名|位|个月|个|家|项|件|年|月|岁|people|persons?|months?|years?)$")
_PERIODS = {"年": "year", "岁": "year", "year": "year", "个月": "month", "月": "month",
            "month": "month"}  # fmt: skip
_PERIOD_UNITS = {("year", "month"): 12, ("year", "year"): 1, ("month", "month"): 1}
# 一年半, 两年零三个月, 1 year 6 months: of a fact that is counted in months.
_YEARS_AND_MONTHS = re.compile(
    r"(?:(?P<years>[0-9]+|[一二两三四五六七八九十]+)(?:年|years?))?"
    r"(?:(?P<half>半年?|andahalf)|[零又and]*(?P<months>[0-9]+|[一二两三四五六七八九十]+)"
    r"(?:个月|months?))?"
)
_MAX_LENGTH = 60
# No number or day is longer, whatever stands beside it. Expressions that look for one in a whole
# page of text would take seconds.
_MAX_CELL = 400
# Two numbers in one cell, which without the blank between them make a third; but 52 000 000.
_SEVERAL = re.compile(r"[0-9０-９]\s+[0-9０-９]")
_BY_BLANKS = re.compile(
    r"[^0-9]*[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+(?:[.,][0-9]+)?[^0-9]*"
    r"|[0-9]{4} [0-9]{2} [0-9]{2}"
)
_EITHER_SIGN = re.compile(
    r"[^0-9]*(?P<whole>[1-9][0-9]{0,2})(?P<sign>[.,])(?P<rest>[0-9]{3})(?P<unit>[^0-9.,]*)"
)
_MAGNITUDES = "百千万亿"
_MYRIADS = re.compile(f"[{_MAGNITUDES}]")
_SCALED = re.compile(
    rf"{_SIGNED}(?P<digits>[0-9]{{1,15}}(?:\.[0-9]{{1,15}})?)×10\^(?P<scale>[1-9]|1[0-2])"
)
# A spreadsheet keeps fifteen digits of a number.
_SCIENTIFIC = re.compile(r"[0-9]+(?:[.,][0-9]+)?E[+-]?[0-9]+")
_CUT_DIGITS = re.compile(r"[0-9]{15}000")
_MAY_BE_CUT = Text(
    "末三位是 000，若曾被表格软件当作数字则已不是原来的代码，请核对",
    "ends in 000: if a spreadsheet ever took it for a number it is another code; please compare",
)
# A bare number so large in a unit that names more than one is as likely meant without it.
_MANY_OF_A_UNIT, _IMPROBABLE = Decimal(10**6), Decimal(10**10)
_LIKE_ONES = Text("按列注明的单位为 {amount}；像是未按该单位填写，请核对",
                  "comes to {amount} in the unit that the column names; it looks as if it were"
                  " not counted in it: please check")  # fmt: skip

_DAY = re.compile(
    r"(?P<y>[0-9]{4})(?:[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})"
    r"|年(?P<m2>[0-9]{1,2})月(?P<d2>[0-9]{1,2})[日号]?|(?P<m3>[0-9]{2})(?P<d3>[0-9]{2}))"
)
_CHINESE_DAY = re.compile(
    r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十]{1,3})[日号])?"
)
# The time of a day, as spreadsheets write it behind one.
_TIME = re.compile(r"(?:\s+|(?<=[0-9])[Tt])[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?\s*$")
# A day whose cell lost its format: spreadsheets count days from the end of 1899. 1927 to 2064.
_SERIAL, _SERIALS, _SERIAL_ZERO = re.compile(r"[0-9]{5}"), (10_000, 60_000), 693_594
# Not 2021.1: a spreadsheet writes October so, too.
_MONTH = re.compile(
    r"(?P<y>[0-9]{4})(?:年(?P<m>[0-9]{1,2})月?|[-/](?P<m2>[0-9]{1,2})"
    r"|\.(?P<m3>0[1-9]|1[0-2]))"
)

_YES = frozenset(
    ["是", "有", "对", "√", "✓", "✔", "☑", "y", "yes", "true", "t", "1", "已", "具备", "符合"]
)
_NO = frozenset(
    [
        "否",
        "无",
        "没有",
        "不是",
        "错",
        "×",
        "✗",
        "✘",
        "x",
        "n",
        "no",
        "false",
        "f",
        "0",
        "未",
        "不具备",
        "不符合",
    ]
)


class Unreadable(ValueError):
    """What was written cannot be taken for one value; `text` says why, and what can be."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh, en)


@dataclass(frozen=True, slots=True)
class Written:
    """A value in the form that a profile holds, as text; `remark` is what a person should know of
    how it was read."""

    value: str
    remark: Text | None = None


plain_text = folded


def refuse_footnote(text: str) -> None:
    """Raises Unreadable where a figure such as ① or ² stands in a text: it refers to a note, though
    folded it would be one more digit of the value."""
    if not text.isascii() and any(unicodedata.category(c) == "No" for c in text):
        raise Unreadable(
            "①、² 之类的脚注数字不是数值的一部分，请删去",
            "a figure of a footnote such as ① or ² is no part of the value; remove it",
        )


def refuse_either_sign(written: str, *, commas: bool) -> None:
    """Raises Unreadable for one group of three digits behind a point, which may part thousands or
    decimals: 5.200. `commas`: behind a comma, too. Whoever writes 万 behind it writes the point
    before decimals."""
    found = _EITHER_SIGN.fullmatch(plain_text(written))
    if found is None or _MYRIADS.search(found["unit"]) or (found["sign"] == "," and not commas):
        return
    whole, rest, sign = found["whole"], found["rest"], found["sign"]
    raise Unreadable(
        f"{whole}{sign}{rest} 里的“{sign}”看不出是千分位还是小数点：请写成 {whole}{rest}，"
        f"或 {whole}.{rest}0",
        f"the “{sign}” in {whole}{sign}{rest} may part thousands or decimals: write {whole}{rest},"
        f" or {whole}.{rest}0",
    )


def read_identifier(written: str, is_sound: Callable[[str], bool]) -> Written:
    """A code, in capitals; an apostrophe keeps a spreadsheet from taking it for a number. Raises
    Unreadable where one has done so, and its last digits are lost."""
    code = plain_text(written).lstrip("'‘’`").upper()
    if _CUT_DIGITS.fullmatch(code) and is_sound(code):
        return Written(code, _MAY_BE_CUT)
    if _SCIENTIFIC.fullmatch(code) or _CUT_DIGITS.fullmatch(code):
        raise Unreadable(
            "表格软件把代码当成了数字，末几位已丢失：请先把这一列设为“文本”格式，再按执照重新填写",
            "the spreadsheet took the code for a number, and its last digits are lost: format the"
            " column as text, then enter the code anew from the licence",
        )
    return Written(code)


def _refuse_long(written: str) -> None:
    if len(written) > _MAX_CELL:
        raise Unreadable(
            f"有 {len(written)} 个字符，不像一个值",
            f"has {len(written)} characters: no single value",
        )


def single_number(written: str) -> str:
    """A text that holds one number, folded. Raises Unreadable."""
    _refuse_long(written)
    refuse_footnote(written)
    if _SEVERAL.search(written) and not _BY_BLANKS.fullmatch(written.strip()):
        raise Unreadable("像是写了两个数，请只写一个", "seems to hold two numbers; write one")
    return plain_text(written)


def read_amount(
    written: str, currency: Currency, unit: Decimal = ONE, *, ambiguous_below: int = 0
) -> Written:
    """An amount of money: 5,200万, ￥52,000,000, 六千万元, 6000w, 5.2 million EUR. A number without
    a unit of its own is counted in `unit`.

    `ambiguous_below`: nobody says what the numbers count in, and one below this, which may be
    meant in 万元 or the like, is not read. Raises Unreadable.
    """
    text = single_number(written)
    if len(text) > _MAX_LENGTH:
        raise _no_amount(currency)
    if currency.is_foreign(text):
        raise Unreadable(
            f"金额应以{currency.label.zh}计，请折算",
            f"an amount is in {currency.label.en}; please convert it",
        )
    if _APPROXIMATE.search(text):
        raise Unreadable(
            "“约”“超”之类不是确切金额，请写出确切数字",
            "an amount must be exact, without words such as “about” or “over”",
        )
    if scaled := _SCALED.fullmatch(text):
        return _scaled_amount(scaled, unit)
    named, bare = currency.without_name(text)
    otherwise, is_bare = ONE if named else unit, not named and not names_unit(bare)
    found = _NUMBER.fullmatch(bare)
    if found is None:
        chinese = _chinese_amount(bare, currency, otherwise)
        if is_bare and 0 < chinese < ambiguous_below:
            raise _no_unit(currency, written)
        return Written(_plain(chinese))
    scale = otherwise
    if found["unit"]:
        counted = currency.scale(found["unit"] + (currency.names[0] if named else ""))
        if counted is None:
            raise _no_amount(currency)
        scale = counted
    number = Decimal(found["digits"].replace(",", ""))
    if is_bare and 0 < number < ambiguous_below:
        raise _no_unit(currency, written)
    amount = number * scale
    large = is_bare and scale > ONE and number >= _MANY_OF_A_UNIT and amount >= _IMPROBABLE
    remark = _LIKE_ONES.format(amount=grouped(int(amount))) if large else None
    return Written(_plain(-amount if found["sign"] else amount), remark)


def names_unit(amount: str) -> bool:
    """Whether a folded amount says what it is counted in; neither 6000 nor 八千 does."""
    return not re.fullmatch(BARE_AMOUNT, amount)


def _scaled_amount(scaled: re.Match[str], unit: Decimal) -> Written:
    """52×10^6, as a cell is read that shows 52 and holds 52000000: so much of the currency, unless
    it is said to be counted in anything else than what is shown."""
    scale = Decimal(10) ** int(scaled["scale"])
    if unit not in (ONE, scale):
        shown = scaled["digits"]
        raise Unreadable(
            f"单元格显示 {shown}，存的却是它的 {scale:f} 倍，与写明的单位对不上："
            "请改用常规的数字格式",
            f"the cell shows {shown} and holds {scale:f} times as much, which does not fit the unit"
            " that is named: use a plain number format",
        )
    return Written(_plain(Decimal(scaled["sign"] + scaled["digits"]) * scale))


def _chinese_amount(text: str, currency: Currency, unit: Decimal) -> Decimal:
    try:
        number = chinese_integer(text)
    except ValueError:
        raise _no_amount(currency) from None
    if text[0] in _MAGNITUDES:  # without a number of them
        raise _no_amount(currency)
    counted = any(c in "万亿" for c in text)
    return Decimal(number) * (ONE if counted else unit)


def _plain(amount: Decimal) -> str:
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _no_amount(currency: Currency) -> Unreadable:
    if currency.in_chinese:
        return Unreadable(
            "看不出金额；可写 52000000、5,200万 或 0.52亿元",
            "no amount; write 52,000,000 or 52 million",
        )
    return Unreadable(
        "看不出金额；可写 52000000 或 5.2 million", "no amount; write 52000000 or 5.2 million"
    )


def _no_unit(currency: Currency, written: str) -> Unreadable:
    """What is said of 5200 where it may be yuan or 万元."""
    given, own = written.strip()[:_MAX_LENGTH], currency.label
    if currency.in_chinese:
        return Unreadable(
            f"看不出是 {given} {own.zh}还是 {given} 万{own.zh}：请在表头或金额后写明单位",
            f"may be {given} {own.en} or {given} 万{own.zh}: name the unit in the header or behind"
            " the amount",
        )
    return Unreadable(
        f"看不出是 {given} 还是 {given} 千：请写明单位",
        f"may be {given} {own.en} or {given} thousand {own.en}: name the unit in the header or"
        " behind the amount",
    )


def is_below(written: str | None, bound: int) -> bool:
    """Whether a cell is a bare number between zero and a bound."""
    found = (
        _NUMBER.fullmatch(plain_text(written)) if written and len(written) <= _MAX_LENGTH else None
    )
    if found is None or found["unit"]:
        return False
    return 0 < Decimal(found["digits"].replace(",", "")) < bound


def read_count(written: str, unit: str | None = None, times: Decimal = ONE) -> Written:
    """A whole number: 1,200, 120人 or 三十; of a fact counted in months 3年 is 36 and 一年半 18.
    `times`: how many of the unit a bare number counts, 12 below a header in years. Raises
    Unreadable, also where what is counted is another period than the fact's `unit`."""
    if unit == "month" and (months := _years_and_months(written)):
        return Written(str(months))
    text = single_number(written)
    counted = _COUNTED.search(text)
    factor = period_factor(counted[0] if counted else "", unit)
    number = _whole_number(text[: counted.start()] if counted else text)
    if factor is None or number is None:
        raise Unreadable("应为整数，例如 120", "must be a whole number such as 120")
    return Written(str(number * factor if counted else number * int(times)))


def _years_and_months(written: str) -> int | None:
    """The months of a period said in years and months, or in halves of a year."""
    found = _YEARS_AND_MONTHS.fullmatch(plain_text(written)[:_MAX_LENGTH])
    if found is None or not (found["half"] or (found["years"] and found["months"])):
        return None
    years, months = (_whole_number(found[part] or "0") or 0 for part in ("years", "months"))
    return 12 * years + months + (6 if found["half"] else 0)


def period_factor(word: str, unit: str | None) -> int | None:
    """How many of the unit one of what is counted is; None where that is no whole number."""
    period = _PERIODS.get(word.removesuffix("s"))
    if unit is None or (period is None and (not word or unit not in _PERIODS.values())):
        return 1
    return _PERIOD_UNITS.get((period or "", unit))


def period_scale(name: str, unit: str | None) -> int | None:
    """How many of the unit one of a period is that a header names: 12 of 年 for months; None where
    it names no period, or one that is no whole number of them."""
    period = _PERIODS.get(name.casefold().removesuffix("数").removesuffix("s"))
    return None if period is None else _PERIOD_UNITS.get((period, unit or ""))


def _whole_number(text: str) -> int | None:
    found = _NUMBER.fullmatch(text) if len(text) <= _MAX_LENGTH else None
    if found is None:
        with suppress(ValueError):
            return chinese_integer(text) if text[:1] not in _MAGNITUDES else None
        return None
    number = Decimal(found["digits"].replace(",", ""))
    if found["unit"] or number != number.to_integral_value():
        return None
    return -int(number) if found["sign"] else int(number)


def read_number(written: str, *, percent: bool, ambiguous: bool = False) -> Written:
    """A number, 12.5 or 1,200.5; a percentage also as 12.5%.

    `ambiguous`: a percentage of 1 or less without the sign may be a share (0.125 for 12.5%), as
    spreadsheets hold it, and is not read. Raises Unreadable.
    """
    text = single_number(written)
    signed = percent and text.endswith("%")
    bare = text.removesuffix("%") if signed else text
    found = _NUMBER.fullmatch(bare) if len(bare) <= _MAX_LENGTH else None
    if found is None or found["unit"]:
        example = "12.5%" if percent else "12.5"
        raise Unreadable(f"应为数字，例如 {example}", f"must be a number such as {example}")
    number = Decimal(found["digits"].replace(",", ""))
    if percent and ambiguous and not signed and 0 < number <= 1:
        raise Unreadable(
            f"看不出是 {number}% 还是 {number * 100:f}%，请写上百分号",
            f"may be {number}% or {number * 100:f}%; write the percent sign as text",
        )
    return Written(_plain(-number if found["sign"] and number else number))


def read_day(written: str, *, month_allowed: bool = True, serial_allowed: bool = False) -> Written:
    """A day, also with a time behind it: 2021-03-01, 2021/3/1, 2021.3.1, 20210301, 2021年3月1日.
    2021年3月 is read as its first day, and where `serial_allowed` a spreadsheet's number of a day
    as that day, both with a remark. Raises Unreadable."""
    _refuse_long(written)
    text = _in_figures(single_number(_TIME.sub("", written)))
    if found := _DAY.fullmatch(text):
        month = found["m"] or found["m2"] or found["m3"]
        return Written(_day(found["y"], month, found["d"] or found["d2"] or found["d3"], written))
    if serial_allowed and _SERIAL.fullmatch(text) and _SERIALS[0] <= int(text) <= _SERIALS[1]:
        day = date.fromordinal(_SERIAL_ZERO + int(text)).isoformat()
        remark = Text("序列号，按 {day} 理解", "a spreadsheet's number of a day; taken as {day}")
        return Written(day, remark.format(day=day))
    month_only = _MONTH.fullmatch(text)
    if month_only and month_allowed:
        month = month_only["m"] or month_only["m2"] or month_only["m3"]
        day = _day(month_only["y"], month, "1", written)
        remark = Text("只写了年月，按 {day} 理解", "only a month is given; taken as {day}")
        return Written(day, remark.format(day=day))
    raise Unreadable(
        "看不出是哪一天；可写 2021-03-01、2021/3/1 或 2021年3月1日",
        "no day; write 2021-03-01, 2021/3/1 or 2021年3月1日",
    )


def _in_figures(text: str) -> str:
    """二〇二一年三月十二日 as 2021年3月12日; whatever is written otherwise as it is."""
    found = _CHINESE_DAY.fullmatch(text)
    if found is None:
        return text
    try:
        numbers = [chinese_integer(part) for part in found.groups() if part]
    except ValueError:
        return text
    return "".join(f"{n}{unit}" for n, unit in zip(numbers, "年月日", strict=False))


def _day(year: str, month: str, day: str, written: str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        shown = written.strip()[:_MAX_LENGTH]
        raise Unreadable(f"没有 {shown} 这一天", f"there is no day {shown}") from None


def says_no(written: str) -> bool:
    """Whether somebody says there is none: 无, 没有, no; a number is none of these."""
    text = plain_text(written)
    return text in _NO and not text.isdigit()


def read_yes_no(written: str) -> Written:
    """是, 有, √, yes … or 否, 无, ×, no …. Raises Unreadable."""
    text = plain_text(written)
    if text in _YES or text in _NO:
        return Written("true" if text in _YES else "false")
    raise Unreadable("请写“是”或“否”", "write yes or no")
