"""Where another table begins among the rows of a table of companies."""

from pathlib import Path

import pytest

from service.domain.errors import InvalidInput
from service.domain.facts.vocabulary import Vocabulary
from tests.usecases.portfolio.tables import csv_table, rows_of

TABLE = "企业名称,信用代码,注册地,总资产\n甲,,上海徐汇,80000000\n"


@pytest.mark.parametrize(
    ("line", "cell"),
    [
        pytest.param("企业名称,行业,资产,员工", "A3", id="in the same column"),
        pytest.param("序号,公司名称,所在区,员工数", "B3", id="in another column"),
        pytest.param("No.,统一社会信用代码,Name,x", "B3", id="in two languages"),
        pytest.param("注册地,上海徐汇,,", "A3", id="a form of one company"),
    ],
)
def test_what_stands_below_another_header_is_not_read(
    tmp_path: Path, vocabulary: Vocabulary, line: str, cell: str
) -> None:
    """Its columns may be others: staff below 总资产 would be assets."""
    table = csv_table(tmp_path, vocabulary, f"{TABLE}{line}\n1,乙,,60\n")
    with pytest.raises(InvalidInput) as refused:
        rows_of(table)
    assert [p.pointer for p in refused.value.problems] == [f"/{cell}"]


@pytest.mark.parametrize("line", ["乙,公司名称,上海徐汇,60000000", "乙,,行业,60000000"])
def test_one_name_of_a_fact_alone_is_no_header(
    tmp_path: Path, vocabulary: Vocabulary, line: str
) -> None:
    """It is what somebody wrote into a cell, and a fault of that at most."""
    assert len(rows_of(csv_table(tmp_path, vocabulary, f"{TABLE}{line}\n"))) == 2
