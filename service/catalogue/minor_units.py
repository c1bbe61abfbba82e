"""The least that a currency is paid in: a hundredth, or what stands beside this module."""

import tomllib
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path

_DIGITS = 2


@cache
def _digits() -> Mapping[str, int]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def minor_unit(currency: str) -> Fraction:
    """The least amount of a currency, by its code.

    >>> minor_unit("EUR"), minor_unit("JPY")
    (Fraction(1, 100), Fraction(1, 1))
    """
    return Fraction(1, 10 ** _digits().get(currency, _DIGITS))
