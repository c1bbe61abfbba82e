"""Numbers as they are written in Chinese characters."""

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
