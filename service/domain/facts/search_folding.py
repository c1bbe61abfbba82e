"""Text without differences of case, width, accent and the way a number is written: for a search,
八百万, 800万, ８，０００，０００ and eight million are 8000000."""

import re
import unicodedata
from decimal import Decimal

from service.domain.numerals import ENGLISH_NUMERAL, chinese_integer, english_integer

_NUMBER = re.compile(
    r"(?<![a-z0-9_.])(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?P<part>\.[0-9]{1,4})?"
    r"(?:(?P<short>bn|mn|[kmw])(?![a-z0-9_])"
    r"|(?![a-z0-9_.])(?:\s*(?P<unit>[百千]?万|亿|thousand|million|billion)(?![a-z]))?)"
    r"(?:\s*(?:元|yuan\b))?",
    re.IGNORECASE,
)
# An amount in characters: 八百万, 一千五百万, 两亿.
_NUMERAL = re.compile(
    "[一二两三四五六七八九][一二两三四五六七八九十百千零]*[万亿](?![一二三四五六七八九十])"
)
_UNITS = {"thousand": 10**3, "万": 10**4, "百万": 10**6, "million": 10**6, "千万": 10**7}
_UNITS |= {"亿": 10**8, "billion": 10**9}
# As people write them in a hurry: 500k, 2m, 50w.
_UNITS |= {"k": 10**3, "w": 10**4, "m": 10**6, "mn": 10**6, "bn": 10**9}
# Letters joined by a sign are one word: R&D, M&A.
_JOINED = re.compile(r"(?<![a-z0-9])([a-z])\s?&\s?([a-z])(?![a-z0-9])")


def folded(text: str) -> str:
    """Without differences of case, width, accent and the way a number is written."""
    plain = unicodedata.normalize("NFKD", text)
    # Every word of a catalogue goes through here, and few hold either sign.
    for accent in () if plain.isascii() else filter(unicodedata.combining, set(plain)):
        plain = plain.replace(accent, "")
    joined = plain.casefold()
    if "&" in joined:
        joined = _JOINED.sub(r"\1\2", joined)
    counted = ENGLISH_NUMERAL.sub(_english_digits, _NUMERAL.sub(_in_digits, joined))
    return _NUMBER.sub(_plain_number, counted)


def _in_digits(match: re.Match[str]) -> str:
    """八百万 is 8000000; 百万 alone stays, for its digits stand before it."""
    try:
        return f" {chinese_integer(match[0])} "
    except ValueError:
        return match[0]


def _english_digits(match: re.Match[str]) -> str:
    return f" {english_integer(match[0])} "


def _plain_number(match: re.Match[str]) -> str:
    value = Decimal(match["digits"].replace(",", "") + (match["part"] or ""))
    unit = match["short"] or match["unit"] or ""
    scaled = value * _UNITS.get(unit.casefold(), 1)
    return f" {scaled.normalize():f} "
