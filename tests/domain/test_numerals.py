"""Numbers in Chinese characters."""

import pytest

from service.domain.numerals import chinese_integer, chinese_numeral


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("十", 10),
        ("二十", 20),
        ("二十一", 21),
        ("一百零五", 105),
        ("三千万", 30_000_000),
        ("一亿二千万", 120_000_000),
        ("两万亿", 2 * 10**12),
        ("百万", 1_000_000),
        ("一万零二", 10_002),
        ("一万二", 12_000),
        ("三百二", 320),
        ("一亿二", 120_000_000),
        ("一亿零三千", 100_003_000),
        ("壹拾万零柒仟", 107_000),
        ("一亿三千万零五百", 130_000_500),
        ("二〇二五", 2025),
        ("零", 0),
    ],
)
def test_chinese_integer(numeral: str, value: int) -> None:
    """Places above ten multiply what stands before them, or one."""
    assert chinese_integer(numeral) == value


@pytest.mark.parametrize(
    "numeral", ["", "十百", "万万", "亿万", "一千千", "二十三四", "二x", "一亿三千", "两亿三千五"]
)
def test_what_is_no_number_is_refused(numeral: str) -> None:
    with pytest.raises(ValueError, match="no number"):
        chinese_integer(numeral)


def test_a_numeral_is_read_as_the_number_it_was_written_for() -> None:
    """Every number of an article that any document has."""
    assert [n for n in range(1, 10_000) if chinese_integer(chinese_numeral(n)) != n] == []


@pytest.mark.parametrize("number", [0, -3, 10_000])
def test_other_numbers_stay_digits(number: int) -> None:
    assert chinese_numeral(number) == str(number)
