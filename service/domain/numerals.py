"""Numbers as they are written in Chinese characters and in English words."""

import re

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1_000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_DIGIT = f"[{''.join(_DIGITS)}]"
_BELOW_WAN = f"零?(?:{_DIGIT}?千)?零?(?:{_DIGIT}?百)?零?(?:{_DIGIT}?十)?零?{_DIGIT}?"
_NUMERAL = re.compile(
    f"(?!.*亿万)(?!.*亿{_DIGIT}[十百千][^万亿]*$)"
    f"(?:(?:{_BELOW_WAN}万)?{_BELOW_WAN}亿)?(?:{_BELOW_WAN}万)?{_BELOW_WAN}"
)

ENGLISH_DIGITS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
    "twenty": 20, "thirty": 30,
    "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_ENGLISH_LARGE = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_COUNTED = f"(?:{'|'.join(ENGLISH_DIGITS)})"
# Two hundred million, half a million, two and a half million, in small letters.
ENGLISH_NUMERAL = re.compile(
    rf"\b(?:half a|{_COUNTED} and a half|{_COUNTED}(?:[\s-](?:and\s)?(?:hundred|{_COUNTED}))*)"
    r"\s(?:thousand|million|billion)\b"
)
# As figures stand on cheques.
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")


def chinese_integer(numeral: str) -> int:
    """The integer of a Chinese numeral. Digits alone are read one by one; one right behind 百, 千,
    万 or 亿 counts the next place below, as people speak, also before 万 and 亿. Formal characters
    (叁佰万) are read as plain ones. Raises ValueError where the order makes no number, and for
    一亿三千, which is said of 130 million as well.

    >>> [chinese_integer(n) for n in ("一百零五", "一百五", "一亿二千万", "万亿", "二〇二五")]
    [105, 150, 120000000, 1000000000000, 2025]
    >>> [chinese_integer(n) for n in ("三百五万", "三百零五万", "零万")]
    [3500000, 3050000, 0]
    """
    numeral = numeral.translate(_FORMAL)
    if numeral and _DIGITS.keys() >= set(numeral):
        return int("".join(str(_DIGITS[c]) for c in numeral))
    if not numeral or not _NUMERAL.fullmatch(numeral):
        raise ValueError(f"no number: {numeral!r}")
    total = section = digit = 0
    behind = ""  # what the last digit stands right behind
    for c, before in zip(numeral, " " + numeral, strict=False):
        if c in _SMALL:
            section, digit = section + (digit or 1) * _SMALL[c], 0
        elif c in _LARGE:
            counted = section + digit * _SMALL.get(behind, 10) // 10 if before != " " else 1
            total = (total + counted) * _LARGE[c] if c == "亿" else total + counted * _LARGE[c]
            section = digit = 0
        else:
            digit, behind = _DIGITS[c], before
    return total + section + digit * (_SMALL | _LARGE).get(behind, 10) // 10


def english_integer(words: str) -> int:
    """The integer of English words that end in a large unit.

    >>> [english_integer(n) for n in ("two hundred million", "half a million", "one thousand")]
    [200000000, 500000, 1000]
    >>> english_integer("two and a half million")
    2500000
    """
    *counted, large = re.split(r"[\s-]+", words)
    if counted == ["half", "a"]:
        return _ENGLISH_LARGE[large] // 2
    if counted[1:] == ["and", "a", "half"]:
        return (2 * ENGLISH_DIGITS[counted[0]] + 1) * _ENGLISH_LARGE[large] // 2
    total = 0
    for word in counted:
        total = total * 100 if word == "hundred" else total + ENGLISH_DIGITS.get(word, 0)
    return total * _ENGLISH_LARGE[large]


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
