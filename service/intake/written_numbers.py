"""Numbers, percentages and periods as people write them: 1,200, 120人, 三十, 12.5%, 一年半."""

import re
from contextlib import suppress
from decimal import Decimal

from service.domain.numerals import ENGLISH_DIGITS, chinese_integer
from service.intake.currency import ONE
from service.intake.written_values import (
    MAGNITUDES,
    MAX_LENGTH,
    NUMBER,
    Unreadable,
    WrittenValue,
    plain_decimal,
    plain_text,
    single_number,
)

_COUNTED = re.compile(r"(?:人|名|位|个月|个|家|项|件|年|月|岁|people|persons?|months?|years?)$")
_A = frozenset(("a", "an"))
_PERIODS = {"年": "year", "岁": "year", "year": "year", "个月": "month", "月": "month",
            "month": "month"}  # fmt: skip
_PERIOD_UNITS = {("year", "month"): 12, ("year", "year"): 1, ("month", "month"): 1}
_FEW = rf"[0-9]+|[一二两三四五六七八九十]+|an?|{'|'.join(ENGLISH_DIGITS)}"
# 一年半, 1.5年, 两年零三个月, one year, a year and a half: of a fact that is counted in months.
_YEARS_AND_MONTHS = re.compile(
    rf"(?:(?P<years>[0-9]+\.[0-9]+|{_FEW})(?P<halfway>andahalf)?(?:年期?|years?))?"
    rf"(?:(?P<half>半年?期?|andahalf)|[零又and]*(?P<months>{_FEW})(?:个月期?|months?))?"
)
# Such a number of what a fact counts, to be given as an example.
_EXAMPLES = {"month": "36", "year": "5", "person": "120"}


def read_count(
    written: str,
    unit: str | None = None,
    times: Decimal = ONE,
    *,
    ambiguous_below: int = 0,
    example: str | None = None,
) -> WrittenValue:
    """A whole number: 1,200, 120人 or 三十; of a fact counted in months 3年 is 36 and 一年半 18.
    `times`: how many of the unit a bare number counts, 12 below a header in years.
    `ambiguous_below`: nobody says whether months or years are counted, and a bare number below this
    is not read. Raises Unreadable, with an `example`, also where what is counted is another period
    than the fact's `unit`."""
    if unit == "month" and (months := _years_and_months(written)):
        return WrittenValue(str(months))
    text = single_number(written)
    counted = _COUNTED.search(text)
    factor = period_factor(counted[0] if counted else "", unit)
    number = _whole_number(text[: counted.start()] if counted else text)
    if factor is None or number is None:
        raise _no_count(unit, example)
    if not counted and 0 < number < ambiguous_below:
        raise Unreadable(
            f"看不出是 {number} 个月还是 {number} 年：请写明，或写进表头",
            f"may be {number} months or {number} years: say which, here or in the header",
        )
    return WrittenValue(str(number * factor if counted else number * int(times)))


def _years_and_months(written: str) -> int | None:
    """The months of a period said in years and months, or in halves of a year."""
    found = _YEARS_AND_MONTHS.fullmatch(plain_text(written)[:MAX_LENGTH])
    if found is None:
        return None
    years, months = (_few(found[part] or "0") for part in ("years", "months"))
    total = 12 * years + months + (6 if found["half"] or found["halfway"] else 0)
    return int(total) if total and total == total.to_integral_value() else None


def _few(text: str) -> Decimal:
    if text in _A:
        return ONE
    number = _whole_number(text)
    return Decimal(text if number is None else number)


def _no_count(unit: str | None, example: str | None) -> Unreadable:
    example = example or _EXAMPLES.get(unit or "", "3")
    return Unreadable(f"应为整数，例如 {example}", f"must be a whole number such as {example}")


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
    written = NUMBER.fullmatch(text) if len(text) <= MAX_LENGTH else None
    if written is None:
        if text in ENGLISH_DIGITS:
            return ENGLISH_DIGITS[text]
        with suppress(ValueError):
            return chinese_integer(text) if text[:1] not in MAGNITUDES else None
        return None
    number = Decimal(written["digits"].replace(",", ""))
    if written["unit"] or number != number.to_integral_value():
        return None
    return -int(number) if written["sign"] else int(number)


def read_number(written: str, *, percent: bool, ambiguous: bool = False) -> WrittenValue:
    """A number, 12.5 or 1,200.5; a percentage also as 12.5%.

    `ambiguous`: a percentage of 1 or less without the sign may be a share (0.125 for 12.5%), as
    spreadsheets hold it, and is not read. Raises Unreadable.
    """
    text = single_number(written)
    signed = percent and text.endswith("%")
    bare = text.removesuffix("%") if signed else text
    found = NUMBER.fullmatch(bare) if len(bare) <= MAX_LENGTH else None
    if found is None or found["unit"]:
        example = "12.5%" if percent else "12.5"
        raise Unreadable(f"应为数字，例如 {example}", f"must be a number such as {example}")
    number = Decimal(found["digits"].replace(",", ""))
    if percent and ambiguous and not signed and 0 < number <= 1:
        raise Unreadable(
            f"看不出是 {number}% 还是 {number.scaleb(2):f}%，请写上百分号",
            f"may be {number}% or {number.scaleb(2):f}%; write the percent sign as text",
        )
    return WrittenValue(plain_decimal(-number if found["sign"] and number else number))


def read_share(written: str, *, in_per_cent: bool, most: Decimal, example: str) -> WrittenValue:
    """A share of one, at most `most`: 3% is 0.03, and so is 3 where the header counts in per cent
    (`in_per_cent`); there a number that may itself be such a share is not read. Raises
    Unreadable."""
    text = with_percent_sign(single_number(written))
    bare = text.removesuffix("%")
    found = NUMBER.fullmatch(bare) if len(bare) <= MAX_LENGTH else None
    if found is None or found["unit"]:
        raise Unreadable(f"应为数字，例如 {example}", f"must be a number such as {example}")
    number = Decimal(found["sign"].replace("−", "-") + found["digits"].replace(",", ""))
    if bare == text and in_per_cent and 0 < number <= most:
        raise Unreadable(
            f"看不出是 {number}% 还是 {number.scaleb(2):f}%，请写上百分号",
            f"may be {number}% or {number.scaleb(2):f}%; write the percent sign as text",
        )
    if bare == text and number > most and not in_per_cent:
        raise Unreadable(
            f"看不出是不是 {number:f}%：请写上百分号，例如 {example}",
            f"may be {number:f}%: write the percent sign, such as {example}",
        )
    return WrittenValue(plain_decimal(number / 100 if bare != text or in_per_cent else number))


_PER_CENT = re.compile(r"(?:percent|个?百分点|个点)$")


def with_percent_sign(text: str) -> str:
    """A folded percentage with its sign, however it says that it is one: 百分之三, 3个点.

    >>> [with_percent_sign(said) for said in ("百分之三", "3个点", "3.1percent", "0.03")]
    ['3%', '3%', '3.1%', '0.03']
    """
    if not text.startswith("百分之"):
        return _PER_CENT.sub("%", text)
    number = text.removeprefix("百分之")
    with suppress(ValueError):
        number = str(chinese_integer(number))
    return f"{number}%"
