"""The least that a currency is paid in: a hundredth, or what stands beside this module."""

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

# How ISO 4217 writes a currency, be it one that no vocabulary names.
CURRENCY_CODE = re.compile("[A-Z]{3}")
_DIGITS = 2


@cache
def _digits() -> Mapping[str, int]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def coin(currency: str) -> Decimal:
    """The least amount of a currency, by its code.

    >>> coin("EUR"), coin("JPY")
    (Decimal('0.01'), Decimal('1'))
    """
    return Decimal(1).scaleb(-_digits().get(currency, _DIGITS))


@cache
def minor_unit(currency: str) -> Fraction:
    """The same as a fraction."""
    return Fraction(coin(currency))
