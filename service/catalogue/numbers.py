"""Numbers as people write them, and how the same number is written in a policy file."""

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction

from service.catalogue.fault_words import NOTHING, quoted, say
from service.domain.numerals import chinese_integer
from service.domain.text import Text

_DIGITS = r"\d[\d,，_ ]*(?:\.\d*)?|\.\d+"
_CN = "〇零一二三四五六七八九十百千万亿两"
_POINTED = re.compile(r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?|\d{1,3}(?:\.\d{3})+,\d+")
# A comma that does not part thousands parts decimals: 0,30 and 1,5, as much of Europe writes them.
_COMMA = re.compile(r"(?P<whole>\d+),(?P<behind>\d+)(?P<rest>\D*)")
_THOUSANDS = re.compile(r"[1-9]\d{0,2},\d{3}\D*")
_SIGNED = re.compile(
    rf"[¥￥€$]?\s*(?P<number>{_DIGITS})\s*(?P<scale>[十百千万亿]*)"
    r"\s*(?P<rest>元|人民币|人|%|‰|per cent|percent|€|\$|£|[A-Z]{3})?"
)
_SPELT = re.compile(rf"(?P<number>[{_CN}]+)(?:点(?P<point>[{_CN}]+))?(?P<rest>元|人)?")
_TENTHS = re.compile(rf"(?P<tenths>[{_CN}]|\d(?:\.\d+)?)成(?P<more>[{_CN}]|\d)?")
_FRACTION = re.compile(r"(?P<above>\d+)\s*[/⁄]\s*(?P<below>\d+)")
_PARTS = re.compile(rf"(?P<below>[{_CN}]+)分之(?P<above>[{_CN}]+)(?:点(?P<point>[{_CN}]+))?")
# What is said about a number stands in the operator: at most, about …
_AROUND = re.compile(
    "^(?:[≤≥<>=~≈]+|约|近|超过|不超过|不低于|不少于|至多|最多|最高|至少)\\s*|(?:左右|以上|以下|以内)$"
)
# A minus, as a word processor writes it.
_MINUS = re.compile(r"^[−—–-]\s*(?=\d)")
_FROM_TO = re.compile(r"(?P<low>[^~至到—–-]+)\s*[~至到—–-]+\s*(?P<high>[^~至到—–-]+)")
_SCALE = re.compile(r"[十百千万亿%]+\D*$")
_EXPONENT = re.compile(r"\d+(?:\.\d+)?[eE]\d{1,2}")
_NUMERIC = re.compile(r"[^a-zA-Z]{0,3}\d[\d\W_]*\S?")
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟零", "一二三四五六七八九十百千〇")
_SHARES = {"%": 100, "per cent": 100, "percent": 100, "‰": 1000}
_FINEST = 10**6  # the parts of a whole that a share is written in


def number_hint(raw: object) -> Text:
    """What to write for text such as "1000万", "10,000", "20%", "三成", ".5" or "1/3"; otherwise
    nothing.

    >>> number_hint("两成五").en, number_hint("1/3").en
    (", not '两成五': write 0.25", ", not '1/3': write {ratio: [1, 3]}")
    >>> number_hint("0,30").en, number_hint("1,5%").en, number_hint("10,000").en
    (", not '0,30': write 0.3", ", not '1,5%': write 0.015", ", not '10,000': write 10_000")
    """
    meant = _meant_number(raw)
    return say("not_write", raw=quoted(raw), meant=meant) if meant else NOTHING


def _meant_number(raw: object) -> str:
    """The number as a file writes it; nothing where none can be seen."""
    if not isinstance(raw, str) or len(raw) > 40:
        return ""
    try:
        return _plain_figure(unicodedata.normalize("NFKC", raw.strip()))
    except ValueError:
        return ""


def interval_hint(raw: object) -> Text:
    """What to write for two ends of an amount, such as "3万至5万元"; otherwise as for a number.

    >>> interval_hint("30_000~50_000").en
    ", not '30_000~50_000': write {low: 30_000, high: 50_000}"
    >>> interval_hint("3-5万元").en
    ", not '3-5万元': write {low: 30_000, high: 50_000}"
    """
    meant = _meant_interval(raw)
    return say("not_write", raw=quoted(raw), meant=meant) if meant else NOTHING


def _meant_interval(raw: object) -> str:
    """Two ends of an amount as a file writes them, or else the number."""
    ends = _FROM_TO.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if ends is None:
        return _meant_number(raw)
    low, high = (end.strip() for end in ends.groups())
    scale = _SCALE.search(high)
    if scale is not None and low[-1:].isdigit():
        low += scale[0]  # 3-5万: both ends are counted so
    low, high = _meant_number(low), _meant_number(high)
    return f"{{low: {low}, high: {high}}}" if low and high else ""


def looks_like_number(text: str) -> bool:
    """Whether a number was meant, be it one that nobody can read: "1.2.3", "≤300".

    >>> looks_like_number("约300"), looks_like_number("company.revenue")
    (True, False)
    """
    return (
        bool(_meant_number(text) or _meant_interval(text))
        or _NUMERIC.fullmatch(text.strip()) is not None
    )


def _plain_figure(text: str) -> str:
    text = _AROUND.sub("", text).translate(_FORMAL)
    if minus := _MINUS.match(text):
        amount = _plain_figure(text[minus.end() :])
        return f"-{amount}" if amount[:1].isdigit() else ""
    if _POINTED.fullmatch(text):
        return written_plainly(Decimal(text.replace(".", "").replace(",", ".")))
    if _EXPONENT.fullmatch(text):
        return written_plainly(Decimal(text))
    if (match := _COMMA.fullmatch(text)) and not _THOUSANDS.fullmatch(text):
        text = f"{match['whole']}.{match['behind']}{match['rest']}"
    if match := _SIGNED.fullmatch(text):
        number = Decimal(re.sub(r"[,，_ ]", "", match["number"]))
        number *= chinese_integer(match["scale"] or "一")
        return written_plainly(number / _SHARES.get(match["rest"] or "", 1))
    if match := _TENTHS.fullmatch(text):
        return written_plainly(_read(match["tenths"]) / 10 + _read(match["more"] or "零") / 100)
    if match := _SPELT.fullmatch(text):
        return written_plainly(_read(match["number"], match["point"]))
    if match := _FRACTION.fullmatch(text):
        return _share(Decimal(match["above"]), Decimal(match["below"]))
    if match := _PARTS.fullmatch(text):
        return _share(_read(match["above"], match["point"]), _read(match["below"]))
    return ""


def _read(numeral: str, point: str | None = None) -> Decimal:
    """A number in Chinese characters or in digits, with what stands behind its point."""
    whole = numeral if re.match(r"\d", numeral) else str(chinese_integer(numeral))
    behind = "".join(str(chinese_integer(c)) for c in point or "")
    return Decimal(f"{whole}.{behind}" if behind else whole)


def _share(above: Decimal, below: Decimal) -> str:
    """A share as a decimal where that is exact, or else as what is divided by what."""
    if not below:
        return ""
    parts = (Fraction(above) / Fraction(below)).denominator
    finite = _FINEST % parts == 0
    return written_plainly(above / below) if finite else f"{{ratio: [{above}, {below}]}}"


def written_plainly(number: Decimal) -> str:
    """A number as a file best writes it."""
    whole, _, fraction = f"{number:f}".partition(".")
    fraction = fraction.rstrip("0")
    grouped = f"{int(whole):_}"
    return f"{grouped}.{fraction}" if fraction else grouped
