"""Numbers in Chinese characters."""

import pytest

from service.domain.numerals import chinese_integer, chinese_numeral


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("十", 10), ("二十", 20), ("二十一", 21), ("一百零五", 105), ("三千万", 30_000_000)],
)
def test_chinese_integer(numeral: str, value: int) -> None:
    """Places above ten multiply what stands before them, or one."""
    assert chinese_integer(numeral) == value


def test_a_numeral_is_read_as_the_number_it_was_written_for() -> None:
    """Every number of an article that any document has."""
    assert [n for n in range(1, 10_000) if chinese_integer(chinese_numeral(n)) != n] == []


@pytest.mark.parametrize("number", [0, -3, 10_000])
def test_other_numbers_stay_digits(number: int) -> None:
    assert chinese_numeral(number) == str(number)
