"""Whether a record of awards or certificates, named `r` in SQL, meets a test."""

from datetime import date
from typing import assert_never

from service.bulk.sql_text import all_of, text_literal
from service.domain.dates import Window
from service.domain.rules.record_tests import AwardTest, CertificateTest, RecordTest
from service.domain.rules.record_times import Years


def record_test(test: RecordTest, as_of: date, unknown: str) -> str:
    """Whether a record, named `r`, meets a test; `unknown` where it does not say."""
    match test:
        case AwardTest():
            return _award_test(test, as_of, unknown)
        case CertificateTest():
            return _certificate_test(test, as_of, unknown)
        case _:
            assert_never(test)


def _award_test(test: AwardTest, as_of: date, unknown: str) -> str:
    parts = [
        f"coalesce(r.{column} IN ({', '.join(map(text_literal, named))}), {unknown})"
        for column, named in (
            ("programme", test.programmes), ("purpose", test.purposes), ("level", test.levels),
        )
        if named
    ]  # fmt: skip
    parts += _year_tests(test.years, "coalesce(r.year, year(r.granted_on))", as_of, unknown)
    if test.within is not None:
        parts.append(_days_test(test.within.on(as_of), as_of, unknown))
    if test.stated:
        paid = f"r.programme IN ({', '.join(map(text_literal, test.programmes))})"
        return f"CASE WHEN r.programme IS NULL THEN {all_of(parts)} ELSE {paid} END"
    return all_of(parts)


def _days_test(window: Window, as_of: date, unknown: str) -> str:
    """Whether the day of support, or its year up to today, lies in a window: all of it, or some
    where what is unknown counts."""
    begin, end_ = "make_date(r.year, 1, 1)", "make_date(r.year, 12, 31)"
    first = f"coalesce(r.granted_on, {begin})"
    last = f"coalesce(r.granted_on, greatest({begin}, least({end_}, DATE '{as_of}')))"
    near, far = (first, last) if unknown == "FALSE" else (last, first)
    start, end = window.start, window.end
    return f"coalesce({near} >= DATE '{start}' AND {far} <= DATE '{end}', {unknown})"


def _certificate_test(test: CertificateTest, as_of: date, unknown: str) -> str:
    codes, day = test.codes, f"DATE '{as_of}'"
    counted = [c for c in codes.codes if codes.lies_in(c, test.categories)]
    parts = [f"r.category IN ({', '.join(map(text_literal, counted)) or 'NULL'})"]
    parts.append(f"(NOT coalesce(r.unsure, FALSE) OR {unknown})")
    if test.valid:
        parts.append(f"coalesce(r.issued_on <= {day}, TRUE)")
        parts.append(f"coalesce({day} <= r.expires_on, {unknown})")
    days = test.issue_days(as_of) or Window()
    for sign, end in ((">=", days.start), ("<=", days.end)):
        if end is not None:
            parts.append(f"coalesce(r.issued_on {sign} DATE '{end}', {unknown})")
    return all_of([*parts, *_year_tests(test.years, "year(r.issued_on)", as_of, unknown)])


def _year_tests(years: Years | None, column: str, as_of: date, unknown: str) -> list[str]:
    if years is None:
        return []
    first, last = years.on(as_of)
    ends = ((">=", first), ("<=", last))
    return [f"coalesce({column} {sign} {end}, {unknown})" for sign, end in ends if end is not None]
