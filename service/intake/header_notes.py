"""The notes in the brackets of a header: which there are, and whether one makes another figure of
what is named before it.
"""

import re
from collections.abc import Iterable

BRACKETS = re.compile(r"[(\[【〔{]([^()\[\]【】〔〕{}]*)[)\]】〕}]")
_BETWEEN_NOTES = re.compile(r"(?<![0-9]),|,(?![0-9])|[;、。]")
_BEFORE_A_UNIT = re.compile(r"^(?:金额)?单位\s*[:为]?")
# What in brackets makes another figure of it: of a year or some time, of somebody else, a part, a
# share, a growth, what is planned.
_OTHER_FIGURE = re.compile(
    r"[12][0-9]{3}|[0-9]{2}年|[近前末初]|[一二两三四五六七八九十0-9]个?(?:年|月|季)|[本当今去上每半]年|[本当上每]月"
    r"|季度|累计|预|计划|目标|拟|同比|环比|增[长速幅]|占|率|均|母公司|集团|合并|其中|不含|[税折]后"
)
# What in brackets only says how to fill the column. Whatever else stands there may make another
# figure of it, and is not passed over.
_ABOUT_FILLING = re.compile(
    r"填|空|必选|可选|单选|多选|选择|下拉|如有|若有|^例|例如|示例|格式|全称|名称|代码|编号|[0-9]+位|中文|汉字|精确"
    r"|执照|登记|工商|^[省市区县镇乡/及和到至]+$|[大中小门]类|国标|gb/?t|^是/?否$|^有/?无$"
    r"|^y/n$|^yes/no$|required|optional|select|choose|fill|format|code|e\.g\.|if any"
)
DAY_FORM = re.compile(r"[/ymd.年月日-]+")
COUNTED_IN = re.compile(r"[人名位家个项件]|people|persons|staff")
PERCENT = frozenset(("%", "百分比", "percent"))


def makes_another_figure(text: str) -> bool:
    """Whether a note says of which year, of whom or of which part a figure is."""
    return _OTHER_FIGURE.search(text) is not None


def is_about_filling(note: str) -> bool:
    """Whether a note in brackets says how to fill a column, and nothing of what its cells are."""
    plain = note.casefold()
    return not makes_another_figure(plain) and bool(_ABOUT_FILLING.search(plain))


def parts_in_brackets(header: str) -> tuple[str, list[str]]:
    """A header without its brackets, and the notes in them."""
    return BRACKETS.sub("", header), list(notes_of(header))


def notes_of(header: str) -> Iterable[str]:
    """What stands in a header's brackets, each note for itself, without 单位: before it."""
    for bracket in BRACKETS.findall(header):
        for part in _BETWEEN_NOTES.split(bracket):
            if note := without_unit_label(part):
                yield note


def without_unit_label(note: str) -> str:
    """A note without 单位: before it."""
    return _BEFORE_A_UNIT.sub("", note.strip()).strip()
