"""Values as people write them: one value, or refused in words."""

import pytest

from service.intake.written_amounts import read_amount
from service.intake.written_days import read_day
from service.intake.written_numbers import read_count, read_number
from service.intake.written_values import Unreadable, asked_for, read_yes_no
from tests.intake.test_written_amounts import YUAN


def test_counts_and_yes_and_no() -> None:
    assert [read_count(w).value for w in ("1,200", "120人", "120.0", "12个月")] == [
        "1200", "120", "120", "12"
    ]  # fmt: skip
    assert {read_yes_no(w).value for w in ("是", "√", "Yes", "有", "1")} == {"true"}
    assert {read_yes_no(w).value for w in ("否", "×", "no", "无", "0")} == {"false"}
    for wrong in ("1.5", "几", "百"):
        with pytest.raises(Unreadable):
            read_count(wrong)
    asked = frozenset(map(asked_for, ("已经盈利", "是否盈利", "入统")))
    assert {read_yes_no(w, asked).value for w in ("盈利", "已盈利", "已入统")} == {"true"}
    assert {read_yes_no(w, asked).value for w in ("未盈利", "尚未入统", "不盈利")} == {"false"}
    for wrong in ("可能", "亏损", "盈利能力强", "出口"):
        with pytest.raises(Unreadable):
            read_yes_no(wrong, asked)


@pytest.mark.parametrize("written", ["①120", "5200②", "52²", "120\n30", "120\n300", "5200 6000"])
def test_a_footnote_or_a_second_number_makes_no_larger_one(written: str) -> None:
    """Without its blanks, and its raised figures as plain ones, each would be another number."""
    with pytest.raises(Unreadable):
        read_count(written)
    with pytest.raises(Unreadable):
        read_amount(written, YUAN)
    with pytest.raises(Unreadable):
        read_number(written, percent=False)
    with pytest.raises(Unreadable):
        read_day(f"2021-3-{written}")
    assert read_amount("52 000 000", YUAN).value == "52000000"
    assert read_amount("52\u00a0000 元", YUAN).value == "52000"
