"""Which unit stands over the amounts of a table, in a header or on a line of its own."""

import pytest

from service.domain.facts.vocabulary import Vocabulary
from service.intake.currency import currency_of
from service.intake.header_units import says_unit, unit_said


@pytest.mark.parametrize(
    ("lines", "scale"),
    [
        (["单位：万元"], 10**4),
        (["單位：萬元"], 10**4),
        (["单位：万元、人"], 10**4),
        (["编制单位：徐汇支行 金额单位：亿元"], 10**8),
        (["客户名单（万元）"], 10**4),
        (["单位：万元", "单位：亿元"], None),
        (["编制单位：徐汇支行"], None),
        ([], None),
    ],
)
def test_a_line_over_the_table_names_the_unit_of_all_its_amounts(
    own_vocabulary: Vocabulary, lines: list[str], scale: int | None
) -> None:
    """Where lines name two, neither is it."""
    said = unit_said(lines, currency_of(own_vocabulary))
    assert (said and said.scale) == scale


@pytest.mark.parametrize(
    ("text", "says"),
    [("单位：万元", True), ("Unit: k€", True), ("单位名称", False), ("万元", False)],
)
def test_a_line_that_names_a_unit_is_no_name_of_a_column(text: str, says: bool) -> None:
    assert says_unit(text) is says
