"""Numbers in Chinese characters."""

import pytest

from service.domain.numerals import chinese_integer


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("十", 10), ("二十", 20), ("二十一", 21), ("一百零五", 105), ("三千万", 30_000_000)],
)
def test_chinese_integer(numeral: str, value: int) -> None:
    """Places above ten multiply what stands before them, or one."""
    assert chinese_integer(numeral) == value
