"""Numbers in official prose: where they stand, and what they amount to.

`find_numbers` follows one rule, so that "every number" means something that can be checked:

- every run of Arabic digits, with its grouping, fraction, range, magnitude and unit; a date, a span
  of years and the number of a document count as one each;
- every Chinese numeral (〇 to 十, 百, 千, 万, 亿, 两), alone or in a run, with 第 before it and its
  unit behind it;
- but not 一 by itself, which mostly means "a", "whole" or "as soon as" (一批, 一定, 进一步), unless
  the unit behind it counts (一年, 一次, 一期 …);
- and not the few words that hold a numeral and no number (IDIOMS).

多, 双, 半, 首, 数 and 若干 are no numerals. Other languages write digits and days
by their own habits.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from service.catalogue.document_writing import PLAIN, DocumentWriting
from service.domain.numerals import chinese_integer
from service.domain.rules.rounding import share_of
from service.domain.text import Text, grouped

IDIOMS = (
    "十分",
    "万一",
    "百姓",
    "千方百计",
    "千家万户",
    "万众",
    "三农",
    "统一",
    "唯一",
    "单一",
    "亿万",
    "长三角",
    "上一年",
    "二者",
    "两者",
    "三者",
)

_CN = "〇零一二三四五六七八九十百千万亿两"
_COUNTING = "年月日天周期次倍成元级季"  # behind a lone 一 these make it a number
_UNIT = (
    "个月|个季度|季度|个百分点|个基点|个工作日|等奖|部门|中全会|[美欧日港澳韩加新]元|英镑|"
    "公斤|千克|吨|公里|千米|平方米|立方米|亩|小时|架次|台|套|件|辆|艘|米|千瓦|兆瓦|"
    "[年月日天周期次倍成元级季届代位体个项家条类户人名号版板%]"
)
_ARABIC = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)*"
# Without blanks a list reads 3.000,2.500: no decimals stand before thousands.
_DECIMALS = r"(?:,\d+(?!\.?\d))?"
_BY_COMMA = rf"\d{{1,3}}(?:\.\d{{3}})+(?!\d){_DECIMALS}|\d+{_DECIMALS}"
# Behind the lower number of a fraction: 3分の2, 3분의2.
_PARTS_OF = "分[之の]|분의"
_IDIOM = re.compile("|".join(IDIOMS))


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as written, and where it stands in the text it was found in."""

    text: str
    start: int
    end: int


def find_numbers(text: str, writing: DocumentWriting = PLAIN) -> tuple[Figure, ...]:
    """Every number of a normalised text, left to right."""
    idle = {i for m in _IDIOM.finditer(text) for i in range(*m.span())}
    return tuple(
        Figure(m[0], *m.span())
        for m in _number_pattern(writing).finditer(text)
        if m.start() not in idle and not _mere_one(m)
    )


def _number_pattern(writing: DocumentWriting) -> re.Pattern[str]:
    arabic = _BY_COMMA if writing.comma else _ARABIC
    atom = rf"(?:{arabic})%?[十百千万亿億]*"
    unit = "|".join(filter(None, (writing.unit_pattern, _UNIT)))
    return re.compile(
        r"(?P<document>〔\d{4}〕\d+号)"
        "|(?P<once>一次性)"
        rf"|(?P<date>\d{{4}}年\d{{1,2}}月(?:\d{{1,2}}日)?|(?i:{writing.day_pattern}))"
        rf"|(?P<arabic>{atom}(?:(?:[-~—–至到]+|{_PARTS_OF}){atom})*(?:{unit})*)"
        rf"|(?P<chinese>第?[{_CN}]+(?:分之[{_CN}]+)?(?:{unit})*)"
    )


def _mere_one(match: re.Match[str]) -> bool:
    """一 that counts nothing."""
    words = match["chinese"] or ""
    return words.startswith("一") and not (len(words) > 1 and words[1] in _COUNTING + _CN + "分")


class FigureUnit(StrEnum):
    """What a number of a programme can be compared in, beside money in the currency of a code."""

    SHARE = "share"  # 30 % is 0.30
    MONTHS = "months"
    ONCE = "once"  # paid once only
    DAY = "day"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class ParsedQuantity:
    """A number with its unit, of money the currency's code; a day is held as its date."""

    value: Decimal | date
    unit: FigureUnit | str

    @property
    def words(self) -> Text:
        """The figure as a text might write it."""
        if isinstance(self.value, date):
            return Text(self.value.isoformat(), self.value.isoformat())
        number = grouped(self.value)
        match self.unit:
            case FigureUnit.ONCE:
                return Text("一次性", "once only")
            case FigureUnit.SHARE:
                share = f"{(self.value * 100).normalize():f}%"
                return Text(share, share)
            case FigureUnit.MONTHS:
                return Text(f"{number} 个月", f"{number} months")
            case FigureUnit.COUNT:
                return Text(number, number)
            case _:
                return Text(f"{number} {self.unit}", f"{number} {self.unit}")

    def __str__(self) -> str:
        return self.words.en


# What stands behind a share, and what one of it is of the whole: 1.5 times is 150 %.
_SHARES = {
    "%": Decimal("0.01"), "‰": Decimal("0.001"), "个百分点": Decimal("0.01"),
    "个基点": Decimal("0.0001"), "基点": Decimal("0.0001"), "BP": Decimal("0.0001"),
    "倍": Decimal(1), "times": Decimal(1),
}  # fmt: skip
_SCALED = rf"(?P<own>%?)(?P<scale>[十百千万亿]*)|(?P<chinese>[{_CN}]+)(?!分点)"
_SLASHED = re.compile(r"[1-9]\d*/[1-9]\d*")
_QUARTER = re.compile("第?([一二三四1-4])季度?")
_QUARTER_MONTHS = 3


def parse_quantities(text: str, writing: DocumentWriting) -> tuple[ParsedQuantity, ...]:
    """What a number as written amounts to: one quantity, or the two ends of a range (20%-30%).

    Empty where it cannot be compared with anything, such as a day that does not exist.
    """
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").replace("億", "亿")
    if "一次性" in plain or plain == "一次":
        return (ParsedQuantity(Decimal(1), FigureUnit.ONCE),)
    if found_day := re.search(writing.day_pattern, plain.lower()):
        day = writing.day(found_day[0])
        return () if day is None else (ParsedQuantity(day, FigureUnit.DAY),)
    if quarter := _QUARTER.fullmatch(plain):
        return _months_of_quarter(quarter[1])
    arabic = _BY_COMMA if writing.comma else _ARABIC
    found = list(re.finditer(f"(?P<arabic>{arabic}){_SCALED}", plain))
    try:
        if re.search(_PARTS_OF, plain) and len(found) == 2:
            return (_as_fraction(found, writing),)
        if _SLASHED.fullmatch(plain):
            return (_as_fraction(found[::-1], writing),)
        return tuple(reversed(list(_parse_amounts(plain, found, writing))))
    except ValueError:
        return ()


def _months_of_quarter(quarter: str) -> tuple[ParsedQuantity, ...]:
    """The first and the last month of a quarter of the year, by which a rule tells it."""
    last = int(quarter if quarter.isdecimal() else chinese_integer(quarter)) * _QUARTER_MONTHS
    ends = (last - _QUARTER_MONTHS + 1, last)
    return tuple(ParsedQuantity(Decimal(month), FigureUnit.COUNT) for month in ends)


def _as_fraction(found: list[re.Match[str]], writing: DocumentWriting) -> ParsedQuantity:
    below, above = found
    share = Fraction(_plain_number(above, writing)) / Fraction(_plain_number(below, writing))
    return ParsedQuantity(share_of(share), FigureUnit.SHARE)


def _parse_amounts(
    text: str, found: list[re.Match[str]], writing: DocumentWriting
) -> Iterator[ParsedQuantity]:
    """From the right: what has neither magnitude nor unit takes those of what follows it."""
    scale: Decimal = Decimal(1)
    unit: FigureUnit | str = FigureUnit.COUNT
    for match in reversed(found):
        factor, own = _unit_behind(text[match.end() :], match["own"] or "", writing)
        joined = re.match("[-~—–至到]", text[match.end() :]) is not None
        if match["scale"] or own is not None or not joined:
            scale = Decimal(chinese_integer(match["scale"] or "一")) * factor
            unit = own or FigureUnit.COUNT
        yield ParsedQuantity(_plain_number(match, writing) * scale, unit)


def _unit_behind(
    behind: str, own: str, writing: DocumentWriting
) -> tuple[Decimal, FigureUnit | str | None]:
    if own:
        behind = own + behind
    times, behind = _scale_behind(behind, writing)
    for word, months in writing.spans.items():
        if behind.casefold().startswith(word):
            return Decimal(months), FigureUnit.MONTHS
    for word, share in _SHARES.items():
        if behind.startswith(word):
            return share, FigureUnit.SHARE
    for word, code in writing.currencies.items():
        if behind.startswith(word):
            return times, code
    if behind.startswith("个月"):
        return Decimal(1), FigureUnit.MONTHS
    return (Decimal(12), FigureUnit.MONTHS) if behind.startswith("年") else (times, None)


def _scale_behind(behind: str, writing: DocumentWriting) -> tuple[Decimal, str]:
    """What a word such as million multiplies by, and what stands behind it."""
    for word, scale in writing.scales.items():
        if behind.casefold().startswith(word):
            return scale, behind[len(word) :].removeprefix(".")
    return Decimal(1), behind


def _plain_number(match: re.Match[str], writing: DocumentWriting) -> Decimal:
    if match["arabic"]:
        digits = match["arabic"]
        plain = digits.replace(".", "").replace(",", ".") if writing.comma else digits
        return Decimal(plain.replace(",", ""))
    return Decimal(chinese_integer(match["chinese"]))
