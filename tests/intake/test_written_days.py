"""Days as people write them: one day, or refused in words."""

import pytest

from service.intake.written_days import read_day
from service.intake.written_values import Unreadable


@pytest.mark.parametrize(
    ("written", "day"),
    [("2021-03-01", "2021-03-01"), ("2021/3/1", "2021-03-01"), ("2021.3.1", "2021-03-01"),
     ("20210301", "2021-03-01"), ("2021年3月1日", "2021-03-01"),
     ("二〇二一年三月一日", "2021-03-01"), ("二零二一年十二月三十一号", "2021-12-31"),
     ("2021-03-01 00:00:00", "2021-03-01"), ("2021/3/1 0:00", "2021-03-01"),
     ("1 March 2021", "2021-03-01"), ("March 1, 2021", "2021-03-01"),
     ("1st Mar. 2021", "2021-03-01"),
     ("01-MAR-2021", "2021-03-01"), ("31 December 2021", "2021-12-31"),
     ("2021/3/1 10:30", "2021-03-01"), ("2021-03-01T12:00:00", "2021-03-01")],
)  # fmt: skip
def test_a_day_is_read_without_a_remark(written: str, day: str) -> None:
    found = read_day(written)
    assert (found.value, found.remark) == (day, None)


def test_a_month_is_read_as_its_first_day_and_says_so() -> None:
    for written in ("2021年3月", "March 2021"):
        found = read_day(written)
        assert found.value == "2021-03-01"
        assert found.remark is not None
        assert "2021-03-01" in found.remark.en
    with pytest.raises(Unreadable):
        read_day("2021年3月", month_allowed=False)


@pytest.mark.parametrize(
    "written",
    [
        "3/1/2021",
        "2021",
        "2021.1",
        "2021-02-30",
        "30 February 2021",
        "March 2021 1",
        "1 Marz 2021",
        "二〇二一年十三月",
        "45231",
        "去年",
    ],
)
def test_what_may_be_several_days_is_refused(written: str) -> None:
    """2021.1 may be October in a spreadsheet, 3/1/2021 the third of January."""
    with pytest.raises(Unreadable):
        read_day(written)
