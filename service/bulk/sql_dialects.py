"""How each engine of SQL says what the standard leaves open: the texts of `sql_dialects.toml`.

`{}` are places to fill, `{{` and `}}` stand for braces.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class NumberForms:
    """How whole numbers and days are written."""

    whole: str  # the type of the largest whole numbers
    attempt: str  # an expression, NULL where it overflows
    ordinal: str  # the number of a day among days
    day: str  # the day of a number
    months_later: str  # a day, so many months
    quotient: str  # how many times a whole number, not below zero, holds another


@dataclass(frozen=True)
class Dialect:
    """How texts, lists and records are written."""

    text: str  # the type
    quote: str  # round a column's name
    split: str  # a text at each |
    list_of: str  # a list of texts
    filtered: str  # a list, a variable, a condition
    overlap: str  # two lists
    contains: str  # a list, a text
    length: str  # of a list
    begins: str  # a text, its beginning
    certificates: str  # read from JSON
    awards: str  # the same
    total: str  # of a list of support, in hundredths
    numbers: NumberForms


def _read_dialect(name: str) -> Dialect:
    written = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))[name]
    return Dialect(**{**written, "numbers": NumberForms(**written["numbers"])})


DUCKDB = _read_dialect("duckdb")
SPARK = _read_dialect("spark")
