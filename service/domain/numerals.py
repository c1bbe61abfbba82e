"""Numbers as they are written in Chinese characters."""

import re

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1_000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_DIGIT = f"[{''.join(_DIGITS)}]"
_BELOW_WAN = f"(?:{_DIGIT}?千)?零?(?:{_DIGIT}?百)?零?(?:{_DIGIT}?十)?零?{_DIGIT}?"
_NUMERAL = re.compile(
    f"(?!.*亿万)(?:(?:{_BELOW_WAN}万)?{_BELOW_WAN}亿)?(?:{_BELOW_WAN}万)?{_BELOW_WAN}"
)


def chinese_integer(numeral: str) -> int:
    """The integer of a Chinese numeral. Digits alone are read one by one; one right behind 百, 千,
    万 or 亿 counts the next place below, as people speak. Raises ValueError where the order makes
    no number.

    >>> [chinese_integer(n) for n in ("一百零五", "一百五", "一亿二千万", "万亿", "二〇二五")]
    [105, 150, 120000000, 1000000000000, 2025]
    """
    if numeral and _DIGITS.keys() >= set(numeral):
        return int("".join(str(_DIGITS[c]) for c in numeral))
    if not numeral or not _NUMERAL.fullmatch(numeral):
        raise ValueError(f"no number: {numeral!r}")
    total = section = digit = 0
    for c in numeral:
        if c in _SMALL:
            section, digit = section + (digit or 1) * _SMALL[c], 0
        elif c == "亿":
            total, section, digit = (total + section + digit or 1) * _LARGE[c], 0, 0
        elif c == "万":
            total, section, digit = total + (section + digit or 1) * _LARGE[c], 0, 0
        else:
            digit = _DIGITS[c]
    place = (_SMALL | _LARGE).get(numeral[-2:-1], 10)
    return total + section + digit * place // 10


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
