"""Days in a query and in the index."""

from datetime import date

import pytest

from service.storage.search_dates import day_words, take_days


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("2025年9月26日发布", ["on20250926"]),
        ("2025 年 9 月", ["on202509"]),
        ("2030年到期", ["on2030"]),
        ("2025-09-26", ["on20250926"]),
        ("2025/9/26", ["on20250926"]),
        ("2025.9.26", ["on20250926"]),
        ("september 2025", ["on202509"]),
        ("sept. 2025", ["on202509"]),
        ("26th september 2025", ["on20250926"]),
        ("september 26, 2025", ["on20250926"]),
        ("1 may 2026 and 2027年", ["on2027", "on20260501"]),
    ],
)
def test_a_day_is_read_however_it_is_written(typed: str, words: list[str]) -> None:
    assert list(take_days(typed)[1]) == words


@pytest.mark.parametrize(
    "typed", ["沪府办规2025-8号", "5年期贷款", "market 2025", "20250万元", "1.5 million"]
)
def test_what_is_no_day_stays(typed: str) -> None:
    """The number of a document, a term, an amount."""
    assert take_days(typed) == (typed, {})


def test_a_day_is_found_by_itself_its_month_and_its_year() -> None:
    assert day_words(date(2025, 9, 6)).split() == ["on2025", "on202509", "on20250906"]
