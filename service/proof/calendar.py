"""The calendar as formulas over the numbers of days, as `date.toordinal` counts them."""

from itertools import accumulate

import z3

from service.proof.variables import Formula

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_BEFORE = (0, *accumulate(_LENGTHS[:-1]))
_IN_400, _IN_100, _IN_4, _IN_1 = 146_097, 36_524, 1_461, 365


def year_of(day: Formula) -> Formula:
    """The year of a day."""
    rest = day - 1
    fours, rest = rest / _IN_400, rest % _IN_400
    centuries = _at_most(rest / _IN_100, 3)
    rest = rest - centuries * _IN_100
    leaps, rest = rest / _IN_4, rest % _IN_4
    return 400 * fours + 100 * centuries + 4 * leaps + _at_most(rest / _IN_1, 3) + 1


def full_months(first: Formula, last: Formula) -> Formula:
    """How many months are complete from one day to another; none where that is earlier."""
    year, month, day = _date_parts(first)
    last_year, last_month, last_day = _date_parts(last)
    length = _month_length(last_year, last_month)
    short = z3.If(_at_most(day, length) > last_day, 1, 0)
    months = (last_year - year) * 12 + last_month - month - short
    return z3.If(months < 0, 0, months)


def _date_parts(day: Formula) -> tuple[Formula, Formula, Formula]:
    year = year_of(day)
    before = year - 1
    start = before * _IN_1 + before / 4 - before / 100 + before / 400
    of_year = day - start  # from 1
    extra = z3.If(_is_leap(year), 1, 0)
    month: Formula = z3.IntVal(1)
    begins: Formula = z3.IntVal(0)
    for number, days in enumerate(_BEFORE[1:], start=2):
        first = days + (extra if number > 2 else 0)
        month = z3.If(of_year > first, number, month)
        begins = z3.If(of_year > first, first, begins)
    return year, month, of_year - begins


def _is_leap(year: Formula) -> Formula:
    return z3.And(year % 4 == 0, z3.Or(year % 100 != 0, year % 400 == 0))


def _month_length(year: Formula, month: Formula) -> Formula:
    found: Formula = z3.IntVal(31)
    for number, days in enumerate(_LENGTHS, start=1):
        whole = z3.If(_is_leap(year), 29, 28) if number == 2 else days
        found = z3.If(month == number, whole, found)
    return found


def _at_most(number: Formula, limit: Formula | int) -> Formula:
    return z3.If(number > limit, limit, number)
