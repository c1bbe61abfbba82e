"""Which of a sender's own columns stand in every list."""

import pytest

from service.usecases.portfolio.own_columns import joining_columns


@pytest.mark.parametrize(
    ("names", "joining"),
    [
        (["备注", "客户经理", "客户号", "经办人"], ["客户号", "客户经理"]),
        (["借款人编号", "管户经理"], ["借款人编号", "管户经理"]),
        (["Customer ID", "Relationship Manager"], ["Customer ID", "Relationship Manager"]),
        (["主办客户经理姓名"], ["主办客户经理姓名"]),
        (["客户", "经理人数", "企业名称备注", "Manager of the fund"], []),
    ],
)
def test_a_customers_number_and_officer_join_lists(names: list[str], joining: list[str]) -> None:
    """The first of each kind, the number before the officer; nothing that is only called alike."""
    assert joining_columns(names) == joining
