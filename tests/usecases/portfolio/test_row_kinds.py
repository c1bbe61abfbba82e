"""What the rows of a table are beside companies."""

import pyarrow as pa
import pytest

from service.usecases.portfolio.row_kinds import is_numbering, note_rows, total_rows


def rows(*cells: tuple[str | None, ...]) -> pa.RecordBatch:
    columns = [pa.array(column, pa.string()) for column in zip(*cells, strict=True)]
    return pa.record_batch(columns, names=[str(i) for i in range(len(columns))])


@pytest.mark.parametrize(
    "said",
    [
        "合 计",
        "小计：",
        "徐汇支行 汇总",
        "平均值",
        "其中：高企",
        "Total",
        "小计（浦东）",
        "占比",
        "环比",
        "同比增长（%）",
        "较上年末",
        "合计(万元)",
        "以上共2家企业",
        "合计：4家。",
    ],
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
    "said",
    ["单位：万元", "第1页 共3页", "审核", "负责人签字", "注1：含子公司", "*表示估计",
     "以上数据截至9月末",
     "截至2026年9月末", "以下为北京企业", "2026年11月", "新增客户", "示例", "序号", "Page 1 of 3",
     "2026-11-30", "Unit: RMB 10,000"],
)  # fmt: skip
def test_a_line_alone_in_its_row_that_tells_of_the_table_is_a_note(said: str) -> None:
    assert note_rows(rows((said, None), (said, "1"))).to_pylist() == [True, False]


@pytest.mark.parametrize(
    "name", ["*ST 某某", "截图科技公司", "以太网络公司", "审核认证公司", "单位食堂"]
)
def test_a_company_may_be_called_almost_so(name: str) -> None:
    table = rows((name, None), ("同比例科技公司", None))
    assert note_rows(table).to_pylist() == [False, False]
    assert total_rows(table).to_pylist() == [False, False]


@pytest.mark.parametrize(
    ("cells", "counts"),
    [(["1", "2", "3"], True), (["甲", "乙", "1", "2"], True), (["A", "B"], False),
     (["1", "3", "5"], False)],
)  # fmt: skip
def test_columns_are_numbered_where_three_or_more_count_on(cells: list[str], counts: bool) -> None:
    assert is_numbering(cells) is counts
