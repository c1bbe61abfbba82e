"""Numbers in words."""

from fractions import Fraction

import pytest

from service.domain.wording.number_words import decimal_text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(100), "100"),
        (Fraction(1_234_567), "1,234,567"),
        (Fraction(1, 8), "0.125"),
        (Fraction(1, 3), "0.333333"),
        (Fraction(149_999_999, 10**9), "0.149999999"),
        (Fraction(14_999_999_999, 10**11), "0.14999999999"),
        (Fraction(-1, 2), "-0.5"),
    ],
)
def test_numbers(number: Fraction, text: str) -> None:
    """Thousands are set apart, and no digit is written that says nothing."""
    assert decimal_text(number) == text
