"""Amounts of money as people write them: 5,200万, ￥52,000,000, 六千万元, 5.2 million EUR."""

import re
from decimal import Decimal

from service.domain.numerals import chinese_integer
from service.domain.text import Text, grouped
from service.intake.currency import BESIDE_NAME, ONE, Currency
from service.intake.written_values import (
    GROUPED,
    MAGNITUDES,
    MAX_LENGTH,
    NUMBER,
    SIGNED,
    Unreadable,
    WrittenValue,
    plain_decimal,
    plain_text,
    single_number,
)

_APPROXIMATE = re.compile(
    r"^(?:约|大约|近|超|超过|逾|不足|~|≈|>|<|≥|≤)|(?:左右|以上|以下|余元|多元|[+])$"
)
# An amount that does not say what it counts in, as a cell has it: 6,000 or 八千, and no 八千万.
_NUMERALS = "零〇一二两兩三四五六七八九十百千壹贰貳叁參肆伍陆陸柒捌玖拾佰仟"
BARE_AMOUNT = rf"[-−]?[0-9０-９{_NUMERALS}][0-9０-９.,．，\s{_NUMERALS}]*"
_IN_BRACKETS = re.compile(r"\(([0-9][0-9.,]*[^()]{0,6})\)")
_SCALED = re.compile(
    rf"{SIGNED}(?P<digits>[0-9]{{1,15}}(?:\.[0-9]{{1,15}})?)×10\^(?P<scale>[1-9]|1[0-2])"
)
_PART = re.compile(rf"(?P<digits>{GROUPED})(?P<unit>[^0-9.,]*)")
_PARTS = re.compile(rf"(?:{GROUPED})[^0-9.,]+(?:{GROUPED})(?:[^0-9.,]+(?:{GROUPED}))*[^0-9.,]*")
_WAN = Decimal(10**4)
# A number so large in a unit that names more than one is as likely meant without it.
_MANY_OF_A_UNIT, _IMPROBABLE = Decimal(10**6), Decimal(10**10)
_LIKE_ONES = Text("按注明的单位为 {amount}；像是未按该单位填写，请核对",
                  "comes to {amount} in the unit that is named; it looks as if it were not counted"
                  " in it: please check")  # fmt: skip


def read_amount(
    written: str, currency: Currency, unit: Decimal = ONE, *, ambiguous_below: int = 0
) -> WrittenValue:
    """An amount of money: 5,200万, ￥52,000,000, 六千万元, 6000w, 5.2 million EUR. A number without
    a unit of its own is counted in `unit`; the sign or the code of a currency is no unit: one that
    stands behind a number, or before a large one, where another unit is named is not read.

    `ambiguous_below`: nobody says what the numbers count in, and one below this, which may be
    meant in 万元 or the like, is not read. Raises Unreadable.
    """
    text = _with_sign(single_number(written))
    _refuse_inexact(text, currency)
    if scaled := _SCALED.fullmatch(text):
        return _scaled_amount(scaled, unit)
    named, bare = currency.without_name(text)
    behind = currency.name_behind(text)
    # 52 000 €: behind a number a currency is its unit, unless another is named for it.
    is_own = behind is not None and (unit == ONE or currency.is_unit_word(behind))
    otherwise, is_bare = ONE if is_own else unit, not is_own and not names_unit(bare)
    found = NUMBER.fullmatch(bare)
    if found is None:
        in_parts = _amount_in_parts(bare, currency)
        number = amount = in_parts or _chinese_amount(bare, currency, otherwise)
    else:
        counted = found["unit"] and found["unit"] + (currency.names[0] if named else "")
        scale = currency.scale(counted) if counted else otherwise
        if scale is None:
            raise _no_amount(currency)
        number = Decimal(found["digits"].replace(",", ""))
        amount = number * scale
    is_unclear = named and unit != ONE and (behind is not None or number >= _MANY_OF_A_UNIT)
    if is_bare and (is_unclear or 0 < number < ambiguous_below):
        raise _no_unit(currency, written)
    large = amount > number >= _MANY_OF_A_UNIT and amount >= _IMPROBABLE
    remark = _LIKE_ONES.format(amount=grouped(int(amount))) if large else None
    negative = found is not None and found["sign"]
    return WrittenValue(plain_decimal(-amount if negative else amount), remark)


def _with_sign(text: str) -> str:
    """(300.00): what books write in brackets is less than nothing."""
    found = _IN_BRACKETS.fullmatch(text)
    return f"-{found[1]}" if found else text


def _refuse_inexact(text: str, currency: Currency) -> None:
    """Raises Unreadable for what is no amount of the currency, or not exactly one."""
    if len(text) > MAX_LENGTH:
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


def names_its_unit(written: str, currency: Currency) -> bool:
    """Whether a cell says itself what its amount counts in: 5200元 and 5,200万 do, ￥5,200 does
    not; 0 need not."""
    text = plain_text(written)
    behind = currency.name_behind(text)
    if behind is not None and currency.is_unit_word(behind):
        return True
    bare = currency.without_name(text)[1]
    return names_unit(bare) or not bare.strip("0.,零〇-−")


def names_unit(amount: str) -> bool:
    """Whether a folded amount says what it is counted in; neither 6000 nor 八千 does."""
    return not re.fullmatch(BARE_AMOUNT, amount)


def _scaled_amount(scaled: re.Match[str], unit: Decimal) -> WrittenValue:
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
    return WrittenValue(plain_decimal(Decimal(scaled["sign"] + scaled["digits"]) * scale))


def _amount_in_parts(text: str, currency: Currency) -> Decimal | None:
    """1亿5千万, 1억 2,000만, 3万5000: parts of which each fits below what the one before counts in.
    None for anything else; in 3万5 the last may be five, and is as likely five thousand."""
    if _PARTS.fullmatch(text) is None:
        return None
    amount, below = Decimal(0), Decimal("inf")
    for found in _PART.finditer(text):
        digits, word = found["digits"].replace(",", ""), found["unit"]
        scale = currency.scale(word) if word else ONE
        if scale is None and below == _WAN:  # 千 alone leaves open what it counts; below 万 not
            scale = BESIDE_NAME.get(word)
        part = Decimal(digits) * (scale or 0)
        is_full = bool(word) or len(digits) == len(f"{below:f}") - 1
        if not 0 < part < below or not is_full:
            return None
        amount, below = amount + part, scale or ONE
    return amount


def _chinese_amount(text: str, currency: Currency, unit: Decimal) -> Decimal:
    try:
        number = chinese_integer(text)
    except ValueError:
        raise _no_amount(currency) from None
    if text[0] in MAGNITUDES:  # without a number of them
        raise _no_amount(currency)
    counted = any(c in "万亿" for c in text)
    return Decimal(number) * (ONE if counted else unit)


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
    given, own = written.strip()[:MAX_LENGTH], currency.label
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
        NUMBER.fullmatch(plain_text(written)) if written and len(written) <= MAX_LENGTH else None
    )
    if found is None or found["unit"]:
        return False
    return 0 < Decimal(found["digits"].replace(",", "")) < bound
