"""Lines right below the names of columns that belong to them: they say in which unit figures are
(万元, 人), of which year or time they are (2023年, 预计数), or how to fill a column (必填, 文本).

Taken for a company such a line would be lost, and the figures below be read without it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from service.domain.facts.vocabulary import FactType
from service.intake.currency import Currency, currency_of
from service.intake.header_cells import HeaderCells
from service.intake.header_notes import (
    BRACKETS,
    COUNTED_IN,
    DAY_FORM,
    PERCENT,
    is_about_filling,
    makes_another_figure,
    without_unit_label,
)
from service.intake.header_units import is_money_unit
from service.intake.headers import FIGURES, Header, HeaderNames, read_header
from service.intake.simplified import folded, plain_characters

Cell = str | None
Texts = tuple[str, ...]

# A line of years and one of units.
_MAX_LINES = 2
# What is written where a column has no unit, or how its cells are to be written.
_FILLING_HINT = re.compile(
    r"[-–—/\\*.]+|(?:计量|货币)?单位|units?|(?:yyyy|yy|mm|dd|[-/.])+|文[本字](?:型|格式)?|字符(?:串|型)?"
    r"|数[字值](?:型|格式)?|整数|小数|金额|日期(?:型|格式)?|选项|[单多]选|下拉.{0,4}|[必选]填|可空|省市区县?"
    r"|text|string|number|integer|date|required|optional"
)
# A year or a part of one, whose digits are none of an amount.
_YEARS = re.compile(r"(?:19|20)[0-9]{2}(?:年|q[1-4]|[-/.]?(?:0?[1-9]|1[0-2])月?)?|[1-4]季度|q[1-4]")
# Types of facts by which companies are told apart: a line that states one is a company.
_IDENTIFYING = (FactType.TEXT, FactType.IDENTIFIER)


def with_lines_below(
    header: HeaderCells, head: Sequence[Sequence[Cell]], names: HeaderNames
) -> HeaderCells:
    """The header with what the lines right below it say of its columns."""
    for _ in range(_MAX_LINES):
        below = head[header.last + 1] if header.last + 1 < len(head) else ()
        texts = _with_line(header.texts, below, names)
        if texts is None:
            return header
        header = replace(header, last=header.last + 1, texts=texts)
    return header


def is_unit_line(cells: Sequence[str], currency: Currency) -> bool:
    """Whether cells are units and how cells are written, and nothing else, a unit of money among
    them: 万元, 人, 年/月/日."""
    return any(_is_money(cell, currency) for cell in cells) and all(
        _is_unit_or_hint(cell, currency) for cell in cells
    )


def _with_line(
    texts: Sequence[Texts], below: Sequence[Cell], names: HeaderNames
) -> tuple[Texts, ...] | None:
    """The names of columns with what a line below says of them; None where it is no such line."""
    currency = currency_of(names.vocabulary)
    cells = [*below, *[None] * (len(texts) - len(below))][: len(texts)]
    if any(below[len(texts) :]):
        return None
    if not is_unit_line([c for c in cells if c], currency) and not _says_which_figures(
        texts, cells, names, currency
    ):
        return None
    return tuple(_joined(above, c, currency) for above, c in zip(texts, cells, strict=True))


def _says_which_figures(
    texts: Sequence[Texts], cells: Sequence[Cell], names: HeaderNames, currency: Currency
) -> bool:
    """Whether a line tells of which time, part or plan the figures of columns are: it names no
    company, in a table that does, and holds no figure itself."""
    read = [read_header(names, *above) if above else Header("", None) for above in texts]
    if not any(h.fact and h.fact.type in _IDENTIFYING for h in read):
        return False
    filled = [
        (h, c) for h, c in zip(read, cells, strict=True) if c and not _is_unit_or_hint(c, currency)
    ]
    of_figures = [c for h, c in filled if h.fact is not None and h.fact.type in FIGURES]
    if len(of_figures) < sum(1 for h, _ in filled if h.fact is not None):
        return False
    return any(map(_tells_time_or_unit, of_figures)) and not any(_has_figure(c) for _, c in filled)


def _tells_time_or_unit(cell: str) -> bool:
    return makes_another_figure(folded(cell)) or BRACKETS.search(cell) is not None


def _has_figure(cell: str) -> bool:
    """Whether a cell has digits that are none of a year."""
    return any(c.isdigit() for c in _YEARS.sub("", folded(cell)))


def _joined(above: Texts, cell: Cell, currency: Currency) -> Texts:
    """The names over a column with what stands below them: a unit as a note in brackets, the rest
    as a name of its own; how to write a cell is said to a person only."""
    if not above or not cell:
        return above
    if not _is_unit_or_hint(cell, currency):
        return (*above, cell)
    unit = without_unit_label(plain_characters(cell).strip("()"))
    if _FILLING_HINT.fullmatch(folded(unit)) or is_about_filling(unit):
        return above
    return (*above[:-1], f"{above[-1]}（{unit}）")


def _is_unit_or_hint(cell: str, currency: Currency) -> bool:
    """Whether a cell is a unit, or says how the cells below it are to be filled."""
    word = _word(cell)
    if is_money_unit(word, currency) or word in PERCENT or COUNTED_IN.fullmatch(word):
        return True
    if DAY_FORM.fullmatch(word) or _FILLING_HINT.fullmatch(word):
        return True
    return BRACKETS.fullmatch(cell.strip()) is not None and is_about_filling(word)


def _is_money(cell: str, currency: Currency) -> bool:
    return is_money_unit(_word(cell), currency)


def _word(cell: str) -> str:
    return folded(without_unit_label(folded(cell).strip("()")))
