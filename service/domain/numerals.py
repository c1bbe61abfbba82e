"""Numbers as they are written in Chinese characters."""

import re

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1_000}
_LARGE = {"万": 10_000, "亿": 100_000_000}


def chinese_integer(numeral: str) -> int:
    """The integer of a Chinese numeral such as 二十, 一百零五, 万亿. Raises KeyError for others."""
    total = section = digit = 0
    for c in numeral:
        if c in _LARGE:
            whole = total + section + digit
            total, section, digit = (whole or 1) * _LARGE[c], 0, 0
        elif c in _SMALL:
            section, digit = section + (digit or 1) * _SMALL[c], 0
        else:
            digit = _DIGITS[c]
    return total + section + digit


_WRITTEN = "零一二三四五六七八九"
_MAX_NUMERAL = 10_000


def chinese_numeral(number: int) -> str:
    """A whole number as documents count their articles: 八, 二十五, 一百零五. Ten thousand and
    more, and what is below one, stay digits.

    >>> [chinese_numeral(n) for n in (10, 12, 25, 105, 110, 1_260, 2_003)]
    ['十', '十二', '二十五', '一百零五', '一百一十', '一千二百六十', '二千零三']
    """
    if not 0 < number < _MAX_NUMERAL:
        return str(number)
    places = zip(f"{number:04d}", ("千", "百", "十", ""), strict=True)
    read = "".join(_WRITTEN[int(d)] + (unit if d != "0" else "") for d, unit in places)
    read = re.sub("零+", "零", read).strip("零")
    return read.removeprefix("一") if read.startswith("一十") else read
