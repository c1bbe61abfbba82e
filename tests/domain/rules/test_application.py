"""When applications are taken: the period that runs on a day, or the next to come."""

from datetime import date

import pytest

from service.domain.dates import Span, Window
from service.domain.facts.profile import Certificate, Profile, company_subject
from service.domain.rules.application import (
    Application,
    ApplicationWindow,
    EventWindow,
    YearlyWindow,
    next_period,
    period_days,
)

FOR_EVER = Window()
SPRING = YearlyWindow((3, 1), (4, 30))
WINTER = YearlyWindow((12, 15), (1, 15))
LEAP = YearlyWindow((2, 1), (2, 29))
DATED = Window(date(2026, 3, 2), date(2026, 3, 20))
D = date.fromisoformat


def period(*windows: ApplicationWindow, on: str, in_force: Window = FOR_EVER) -> str:
    """The period as text: its days, and a star where it is running."""
    found = next_period(Application(windows=windows), in_force, D(on))
    if found is None:
        return "none"
    return f"{found.window.start}..{found.window.end}{'*' if found.open else ''}"


@pytest.mark.parametrize(
    ("windows", "on", "expected"),
    [
        ((SPRING,), "2026-02-28", "2026-03-01..2026-04-30"),
        ((SPRING,), "2026-03-01", "2026-03-01..2026-04-30*"),
        ((SPRING,), "2026-04-30", "2026-03-01..2026-04-30*"),
        ((SPRING,), "2026-05-01", "2027-03-01..2027-04-30"),
        ((WINTER,), "2026-01-15", "2025-12-15..2026-01-15*"),
        ((WINTER,), "2026-01-16", "2026-12-15..2027-01-15"),
        ((LEAP,), "2027-02-28", "2027-02-01..2027-02-28*"),
        ((LEAP,), "2028-02-29", "2028-02-01..2028-02-29*"),
        ((DATED,), "2026-03-20", "2026-03-02..2026-03-20*"),
        ((DATED,), "2026-03-21", "none"),
        ((Window(),), "2026-03-21", "None..None*"),
        ((Window(D("2026-05-01"), None),), "2026-04-30", "2026-05-01..None"),
        ((SPRING, DATED), "2026-03-10", "2026-03-02..2026-03-20*"),
        ((SPRING, WINTER), "2026-06-01", "2026-12-15..2027-01-15"),
        ((), "2026-06-01", "none"),
    ],
)
def test_both_ends_count_and_the_next_one_is_found(
    windows: tuple[ApplicationWindow, ...], on: str, expected: str
) -> None:
    """Yearly, over the turn of the year, in leap years, several at once, open-ended."""
    assert period(*windows, on=on) == expected


def test_no_application_outlives_the_document() -> None:
    """A yearly window ends with what it rests on, and is cut short by its last day."""
    in_force = Window(D("2025-01-01"), D("2026-04-10"))
    assert period(SPRING, on="2026-04-01", in_force=in_force) == "2026-03-01..2026-04-10*"
    assert period(SPRING, on="2026-04-11", in_force=in_force) == "none"


def test_months_from_a_day_of_the_applicant_s_own() -> None:
    """Within twelve months of listing, or of a certificate's issue; without the day, not known."""
    listed = Application(windows=(EventWindow(Span(12), "company.listed_on"),))
    title = Application(windows=(EventWindow(Span(6), "company.certificates", "guild"),))
    stated = company_subject(
        Profile(
            {
                "company.listed_on": D("2026-02-28"),
                "company.certificates": (
                    Certificate("guild", D("2026-08-31"), None),
                    Certificate("other", D("2020-01-01"), None),
                ),
            }
        )
    )
    found = next_period(listed, FOR_EVER, D("2027-02-28"), stated)
    assert found
    assert (found.window, found.open) == (Window(D("2026-02-28"), D("2027-02-28")), True)
    assert next_period(listed, FOR_EVER, D("2027-03-01"), stated) is None
    assert next_period(listed, FOR_EVER, D("2026-03-01")) is None
    found = next_period(title, FOR_EVER, D("2026-09-01"), stated)
    assert found
    assert found.window.end == D("2027-02-28")


def test_the_days_on_which_something_turns() -> None:
    """The first day of a period and the day after its last, within what is looked at."""
    spring = Application(windows=(SPRING,))
    days = set(period_days(spring, FOR_EVER, D("2026-03-01"), D("2028-03-01"), None))
    assert days == {D("2026-05-01"), D("2027-03-01"), D("2027-05-01"), D("2028-03-01")}


def test_what_is_given_stands_over_what_was_there() -> None:
    """Key by key: an overlay that names the address leaves the windows."""
    below = Application(url="https://a.example", windows=(SPRING,))
    above = Application(url="https://b.example")
    assert above.over(below) == Application(url="https://b.example", windows=(SPRING,))
    assert not Application()
    assert above
