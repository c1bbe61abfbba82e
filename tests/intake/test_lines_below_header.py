"""What lines right below the names of columns say of them."""

import pytest

from service.domain.facts.vocabulary import Vocabulary
from service.intake.currency import currency_of
from service.intake.header_cells import HeaderCells
from service.intake.headers import HeaderNames, read_header
from service.intake.lines_below_header import is_unit_line, with_lines_below
from tests.own import own_catalogue


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return own_catalogue().vocabulary


@pytest.mark.parametrize(
    ("cells", "is_line"),
    [
        (["万元", "人", "年/月/日"], True),
        (["万元", "（亿元）", "%"], True),
        (["—", "年-月-日", "亿元", "人", "%"], True),
        (["文本", "（必填）", "单位：千元", "YYYY-MM-DD"], True),
        (["人", "%"], False),
        (["万元", "某公司"], False),
        ([], False),
    ],
)
def test_a_line_of_units_has_one_of_money_and_nothing_else(
    vocabulary: Vocabulary, cells: list[str], is_line: bool
) -> None:
    assert is_unit_line(cells, currency_of(vocabulary)) is is_line


_NAMES = ("名称", "注册地", "营业收入", "资产总额")


@pytest.mark.parametrize(
    ("lines", "read"),
    [
        # A year, a plan or a sum so far makes another figure of what stands over it.
        ([[None, None, "2023年度", "2025年末"]], [None, None]),
        ([[None, None, 2023, 2025]], [None, None]),
        ([[None, None, "预计数", "实际数"]], [None, None]),
        ([[None, None, "本年累计（千元）", "千元"]], [None, 1_000]),
        # The last year is what it is; units stand in brackets, behind a label, or on a line below.
        ([[None, None, "上年度（千元）", "（亿元）"]], [1_000, 100_000_000]),
        ([[None, None, "单位：千元", "单位：千元"]], [1_000, 1_000]),
        ([["文本", "（必填）", "万元", "元"]], [10_000, 1]),
        ([[None, None, "上年度", None], [None, None, "万元", "亿元"]], [10_000, 100_000_000]),
    ],
)
def test_a_line_below_the_names_belongs_to_them(
    vocabulary: Vocabulary, lines: list[list[object]], read: list[int | None]
) -> None:
    """None: not taken for the fact that the name above is by itself."""
    rows = [[None if c is None else str(c) for c in line] for line in lines]
    header = HeaderCells(0, 0, tuple((name,) for name in _NAMES))
    found = with_lines_below(header, [_NAMES, *rows], HeaderNames(vocabulary))
    assert found.last == len(lines)
    texts = [("客户信息" if i < 2 else "财务信息", *own) for i, own in enumerate(found.texts)]
    columns = [read_header(HeaderNames(vocabulary), *over) for over in texts]
    assert [column.fact is not None for column in columns[:2]] == [True, True]
    assert [c.fact and c.scale for c in columns[2:]] == read


@pytest.mark.parametrize(
    "row",
    [
        ["某公司", "上海", "5200万（预计）", "1亿"],  # a company
        [None, None, "5200万（预计）", None],  # figures of nobody
        [None, "上海", "2023年度", None],  # a place is no part of a header
        [None, None, "-", "-"],
    ],
)
def test_a_row_of_figures_or_of_a_company_is_no_line_of_the_header(
    vocabulary: Vocabulary, row: list[str | None]
) -> None:
    header = HeaderCells(0, 0, tuple((name,) for name in _NAMES))
    assert with_lines_below(header, [_NAMES, row], HeaderNames(vocabulary)) is header
