"""What people write, read as one value: what is common to all kinds, codes, yes and no.

What is written comes out in the one form that a profile holds, together with what had to be said
about it: that only a month was given, for instance. Whatever could mean two things is not read at
all: `Unreadable` says what would be.
"""

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal

from service.domain.text import Text
from service.intake.simplified import folded, simplified

SIGNED = r"(?P<sign>[-−]?)"
GROUPED = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
NUMBER = re.compile(rf"{SIGNED}(?P<digits>{GROUPED})(?P<unit>[^0-9.,]*)")
MAX_LENGTH = 60
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
MAGNITUDES = "百千万亿"
_MYRIADS = re.compile(f"[{MAGNITUDES}]")
# A spreadsheet keeps fifteen digits of a number.
_SCIENTIFIC = re.compile(r"[0-9]+(?:[.,][0-9]+)?E[+-]?[0-9]+")
_CUT_DIGITS = re.compile(r"[0-9]{15}000")
_MAY_BE_CUT = Text(
    "末三位是 000，若曾被表格软件当作数字则已不是原来的代码，请核对",
    "ends in 000: if a spreadsheet ever took it for a number it is another code; please compare",
)


_ASKING = re.compile(r"^(?:是否|有无|已经?|拥?有)")
_DENYING = re.compile(r"^(?:[尚暂]?未|没有?|[无不非])")
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
        "没",
        "暂无",
        "none",
        "nil",
        "nothing",
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
class WrittenValue:
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


def read_identifier(written: str, is_sound: Callable[[str], bool]) -> WrittenValue:
    """A code, in capitals, without the strokes that part it; an apostrophe keeps a spreadsheet from
    taking it for a number. Raises Unreadable where one has done so, and its last digits are lost.
    """
    code = plain_text(written).lstrip("'‘’`").upper()
    if "-" in code and is_sound(bare := code.replace("-", "")):
        code = bare
    if _CUT_DIGITS.fullmatch(code) and is_sound(code):
        return WrittenValue(code, _MAY_BE_CUT)
    if _SCIENTIFIC.fullmatch(code) or _CUT_DIGITS.fullmatch(code):
        raise Unreadable(
            "表格软件把代码当成了数字，末几位已丢失：请先把这一列设为“文本”格式，再按执照重新填写",
            "the spreadsheet took the code for a number, and its last digits are lost: format the"
            " column as text, then enter the code anew from the licence",
        )
    return WrittenValue(code)


def refuse_long(written: str) -> None:
    """Raises Unreadable for what is longer than any value."""
    if len(written) > _MAX_CELL:
        raise Unreadable(
            f"有 {len(written)} 个字符，不像一个值",
            f"has {len(written)} characters: no single value",
        )


def single_number(written: str) -> str:
    """A text that holds one number, folded. Raises Unreadable."""
    refuse_long(written)
    refuse_footnote(written)
    if _SEVERAL.search(written) and not _BY_BLANKS.fullmatch(written.strip()):
        raise Unreadable("像是写了两个数，请只写一个", "seems to hold two numbers; write one")
    return plain_text(written)


def plain_decimal(amount: Decimal) -> str:
    """A number without an exponent, and without zeros at its end."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def says_no(written: str) -> bool:
    """Whether somebody says there is none: 无, 没有, no; a number is none of these."""
    text = plain_text(written)
    return text in _NO and not text.isdigit()


def read_yes_no(written: str, called: Collection[str] = ()) -> WrittenValue:
    """是, 有, √, yes … or 否, 无, ×, no …; or the question's own words, where it is `called` so (by
    `asked_for`): 已盈利, 未盈利. Raises Unreadable."""
    text = plain_text(written)
    if text in _YES or asked_for(text) in called:
        return WrittenValue("true")
    denied = _DENYING.sub("", text)
    if text in _NO or (denied != text and denied in called):
        return WrittenValue("false")
    raise Unreadable("请写“是”或“否”", "write yes or no")


def asked_for(name: str) -> str:
    """What a question of yes or no is about: 盈利 of both 是否盈利 and 已经盈利."""
    return _ASKING.sub("", plain_text(name))


def says_whether(text: str) -> bool:
    """Whether a cell says yes or no and nothing else."""
    folded = plain_text(text)
    return folded in _YES or folded in _NO


def says_none(text: str) -> bool:
    """Whether a cell says that there is none."""
    return simplified(text.strip().casefold()) in ("-", "无", "没有", "暂无", "none")
