"""What the rows of a table are beside companies."""

import pyarrow as pa
import pytest

from service.usecases.portfolio.row_kinds import is_numbering, note_rows, total_rows


def rows(*cells: tuple[str | None, ...]) -> pa.RecordBatch:
    columns = [pa.array(column, pa.string()) for column in zip(*cells, strict=True)]
    return pa.record_batch(columns, names=[str(i) for i in range(len(columns))])


@pytest.mark.parametrize(
    "said", ["合 计", "小计：", "徐汇支行 汇总", "平均值", "其中：高企", "Total"]
)
def test_a_row_that_sums_up_is_a_total_wherever_it_says_so(said: str) -> None:
    table = rows((said, None, "1"), ("1", said, "1"), ("1", "甲公司", "1"))
    assert total_rows(table).to_pylist() == [True, True, False]


def test_a_total_may_stand_in_two_cells() -> None:
    assert total_rows(rows(("合", "计", "1"), ("数据", "汇集公司", "1"))).to_pylist() == [
        True,
        False,
    ]


def test_a_note_stands_first_and_alone_or_with_what_it_is_about() -> None:
    table = rows(
        ("填表人：", "张三"), ("备注：无", "4"), ("注：数据来自系统", None), ("甲公司", "1")
    )
    assert note_rows(table).to_pylist() == [True, False, True, False]
    pages = rows(("（续上表）", None), ("以下空白", None), ("（上海）公司", None))
    assert note_rows(pages).to_pylist() == [True, True, False]


@pytest.mark.parametrize(
    ("cells", "counts"),
    [(["1", "2", "3"], True), (["甲", "乙", "1", "2"], True), (["A", "B"], False),
     (["1", "3", "5"], False)],
)  # fmt: skip
def test_columns_are_numbered_where_three_or_more_count_on(cells: list[str], counts: bool) -> None:
    assert is_numbering(cells) is counts
