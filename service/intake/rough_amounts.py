"""Amounts as visitors say them: 三百来万, 3m, about sixty million.

They are taken for the figure named, with a remark: a table's cell must be exact, a visitor may not
know better."""

import re
from dataclasses import replace

from service.domain.numerals import ENGLISH_NUMERAL, english_integer
from service.domain.text import Text
from service.intake.currency import Currency
from service.intake.written_amounts import names_unit, read_amount
from service.intake.written_values import Unreadable, WrittenValue, single_number

_BEFORE = re.compile(
    r"^(?:大约|大概|大致|约|差不多|将近|接近|近|超过|超|逾|不足|不到|~|≈|>|<|≥|≤"
    r"|about|around|approximately|approx\.?|roughly|circa|ca\.|nearly|almost|over|lessthan|morethan"
    r"|upto|under|below|atleast|atmost)"
)
_BEHIND = re.compile(r"(?:左右|上下|以上|以下|以内|之内|出头|有余|余元|多元|多|[+])$")
# 三百来万, 300多万, 三百余万: a little more, said within the number.
_WITHIN = re.compile(
    r"(?<=[0-9一二两三四五六七八九十百千])[来多余](?=[十百千]?[万亿]|[人名位家项件])"
)
_RANGE = re.compile(
    r"[0-9一二两三四五六七八九十百千万亿元](?:-|–|—|~|至|到)[0-9一二两三四五六七八九]"
    r"|[一二两三四五六七八][二三四五六七八九][十百千万亿]|几|^数[十百千万]|^between.*and|[0-9]to[0-9]|(?:million|thousand|billion)(?:-|–|to)[0-9a-z]"
)
# 半个亿, 三个亿.
_HALF_OF = re.compile(r"半个?(?=[十百千]?[万亿])")
_COUNTED = re.compile(r"(?<=[0-9一二两三四五六七八九十])个(?=[十百千]?[万亿])")
# 1千5百万, 1亿2千万: a figure before each word of a numeral.
_MIXED = re.compile(r"(?:[0-9][十百千万亿]{1,2}){2,}元?")
_AS_CHARACTERS = str.maketrans("0123456789", "零一二三四五六七八九")
_SHORT_MILLION = re.compile(r"(?<=[0-9])m(?![a-z])")
_TAKEN_AS_EXACT = Text("按这个数计算", "reckoned as exactly this")


def read_rough_amount(written: str, currency: Currency) -> WrittenValue:
    """An amount like the one that `read_amount` reads, also one that is only about so much, which
    is taken for the figure that it names, with a remark. Raises Unreadable, also for a range, of
    which nobody can tell which end is meant."""
    given = single_number(_in_figures(written))
    exact = without_about(given)
    refuse_range(exact, Text("300万", "3 million"))
    found = read_amount(_in_one_form(exact), currency)
    return found if exact == given else replace(found, remark=_TAKEN_AS_EXACT)


def is_rough_amount(written: str) -> bool:
    """Whether a number that can be read is said to be only about so much."""
    given = single_number(_in_figures(written))
    return without_about(given) != given


def refuse_range(text: str, example: Text) -> None:
    """Raises Unreadable for a folded text that names two numbers, or none exactly: 50-100, 十几."""
    if _RANGE.search(text):
        raise Unreadable(
            f"像是一个范围，请只写一个数，例如 {example.zh}",
            f"seems to be a range; write one figure, such as {example.en}",
        )


def rough_amount_names_unit(written: str) -> bool:
    """Whether an amount says what it is counted in; neither 6000 nor 约 6000 nor 八千 does."""
    return names_unit(without_about(single_number(_in_figures(written))))


def _in_figures(written: str) -> str:
    return ENGLISH_NUMERAL.sub(lambda m: str(english_integer(m[0])), written.casefold())


def without_about(text: str) -> str:
    """A folded amount without the words that say it is only about so much."""
    return _WITHIN.sub("", _BEHIND.sub("", _BEFORE.sub("", text)))


def _in_one_form(text: str) -> str:
    """The same amount as tables have it: 0.5亿 for 半个亿, 一千五百万 for 1千5百万, 3 million for
    3m."""
    counted = _COUNTED.sub("", _HALF_OF.sub("0.5", text))
    if _MIXED.fullmatch(counted):
        counted = counted.translate(_AS_CHARACTERS)
    return _SHORT_MILLION.sub("million", counted)
