"""What is asked of one certificate, or of support received once: what is not stated is open."""

from datetime import date
from decimal import Decimal

import pytest

from service.domain.dates import Span, Window
from service.domain.facts.profile import Award, Certificate
from service.domain.rules.record_tests import AwardTest, CertificateTest, RecordTest, award_days
from service.domain.rules.record_times import FromNow, Recent, Years
from service.domain.truth import Truth
from tests.domain.sample import CATEGORIES as CODES

TODAY = date(2026, 11, 22)
TITLE = "high_tech"
LAST_YEAR = Years(FromNow(-1), FromNow(-1))


def certificate(category: str = TITLE, issued: str | None = None, **other: object) -> Certificate:
    day = None if issued is None else date.fromisoformat(issued)
    return Certificate(category, day, **other)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("test", "held", "truth"),
    [
        (CertificateTest((TITLE,), CODES, valid=False), certificate(), Truth.TRUE),
        (CertificateTest((TITLE,), CODES, valid=False), certificate("specialised"), Truth.FALSE),
        (
            CertificateTest((TITLE,), CODES, valid=False),
            certificate(unsure=True),
            Truth.UNKNOWN,
        ),
        (CertificateTest((TITLE,), CODES), certificate(), Truth.UNKNOWN),
        (
            CertificateTest((TITLE,), CODES, years=LAST_YEAR, valid=False),
            certificate(issued="2025-06-01"),
            Truth.TRUE,
        ),
        (
            CertificateTest((TITLE,), CODES, years=LAST_YEAR, valid=False),
            certificate(issued="2026-01-01"),
            Truth.FALSE,
        ),
        (
            CertificateTest((TITLE,), CODES, years=LAST_YEAR, valid=False),
            certificate(),
            Truth.UNKNOWN,
        ),
        (
            CertificateTest((TITLE,), CODES, Recent(Span(months=12)), valid=False),
            certificate(issued="2025-11-22"),
            Truth.TRUE,
        ),
        (
            CertificateTest((TITLE,), CODES, Recent(Span(months=12)), valid=False),
            certificate(issued="2025-11-21"),
            Truth.FALSE,
        ),
        (CertificateTest((TITLE,), CODES), Award("rent"), Truth.FALSE),
    ],
)
def test_a_certificate_that_is_asked_for(
    test: CertificateTest, held: Certificate | Award, truth: Truth
) -> None:
    assert test.meets(held, TODAY) is truth


@pytest.mark.parametrize(
    ("asked", "held", "absent_is_false"),
    [("specialised", "little_giant", True), ("pioneer", "pioneer", False)],
)
def test_a_narrower_category_counts_and_an_undefined_one_is_never_surely_absent(
    asked: str, held: str, absent_is_false: bool
) -> None:
    test = CertificateTest((asked,), CODES, valid=False)
    assert test.meets(certificate(held), TODAY) is Truth.TRUE
    assert test.never_absent() is not absent_is_false


@pytest.mark.parametrize(
    ("test", "had", "truth"),
    [
        (AwardTest(), Award("rent"), Truth.TRUE),
        (AwardTest(purposes=("rent",)), Award("rent"), Truth.TRUE),
        (AwardTest(purposes=("rent",)), Award("listing"), Truth.FALSE),
        (AwardTest(levels=("national",)), Award("rent"), Truth.UNKNOWN),
        (AwardTest(levels=("national",)), Award("rent", "district"), Truth.FALSE),
        (AwardTest(years=LAST_YEAR), Award("rent", year=2025), Truth.TRUE),
        (AwardTest(years=LAST_YEAR), Award("rent"), Truth.UNKNOWN),
        (AwardTest(programmes=("one",)), Award("rent", programme="one"), Truth.TRUE),
        (AwardTest(programmes=("one",)), Award("rent", programme="two"), Truth.FALSE),
        (AwardTest(purposes=("rent",)), certificate(), Truth.FALSE),
    ],
)
def test_support_that_is_asked_for(test: AwardTest, had: Award | Certificate, truth: Truth) -> None:
    assert test.meets(had, TODAY) is truth


@pytest.mark.parametrize(
    ("window", "year", "truth"),
    [
        (Recent(Span(months=24)), 2025, Truth.TRUE),
        (Recent(Span(months=12)), 2025, Truth.UNKNOWN),
        (Recent(Span(months=12)), 2024, Truth.FALSE),
        (Recent(Span(months=12)), 2026, Truth.TRUE),
    ],
)
def test_of_support_whose_year_alone_is_stated_any_day_of_it_is_possible(
    window: Recent, year: int, truth: Truth
) -> None:
    """Of the year that runs, none that lies ahead is."""
    assert AwardTest(within=window).meets(Award("rent", year=year), TODAY) is truth


def test_the_days_on_which_support_may_have_been_promised() -> None:
    assert award_days(Award("rent"), TODAY) is None
    assert award_days(Award("rent", year=2026), TODAY) == (date(2026, 1, 1), TODAY)
    named = Award("rent", year=2026, granted_on=date(2026, 3, 4))
    assert award_days(named, TODAY) == (date(2026, 3, 4), date(2026, 3, 4))


@pytest.mark.parametrize(
    "test",
    [
        CertificateTest((TITLE,), CODES),
        CertificateTest((TITLE,), CODES, years=LAST_YEAR, valid=False),
        CertificateTest((TITLE,), CODES, Window(date(2026, 1, 1), None)),
        AwardTest(programmes=("one",), levels=("national",), years=LAST_YEAR),
        AwardTest(purposes=("rent",), within=Recent(Span(months=6))),
    ],
)
def test_a_witness_meets_its_test(test: RecordTest) -> None:
    """What a test names as a record that it surely counts, it counts."""
    assert test.meets(test.witness(TODAY), TODAY) is Truth.TRUE


def test_the_witness_of_support_is_worth_something() -> None:
    witness = AwardTest().witness(TODAY)
    assert isinstance(witness, Award)
    assert witness.amount == Decimal(1)
