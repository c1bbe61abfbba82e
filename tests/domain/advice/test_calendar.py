"""What opens, closes or changes: the same as looking at every day in turn."""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.domain.advice.calendar import CalendarEvent, EventKind, events_ahead
from service.domain.advice.change_dates import CauseKind, ChangeCause, change_dates
from service.domain.dates import Span, Window
from service.domain.evaluation.evaluator import Status, evaluate_programme, subjects
from service.domain.facts.parameters import DatedValue, Parameter
from service.domain.facts.profile import NOBODY, Certificate, Profile, Subject, Value
from service.domain.facts.vocabulary import FactType
from service.domain.rules import quantities as forms
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Condition, Predicate
from service.domain.rules.intervals import truth_of
from service.domain.rules.operators import Range
from service.domain.rules.programmes import Programme
from service.domain.rules.record_tests import CertificateTest
from service.domain.rules.record_times import FromNow, Recent, Years
from service.domain.text import Text
from service.domain.truth import Truth
from tests.domain.bounds import at_least, at_most, less_than, more_than, years
from tests.domain.groups import any_of, every_of, not_
from tests.domain.predicates import among, ask, holds
from tests.domain.programmes import catalogue, programme
from tests.domain.sample import CATEGORIES, CLAUSE, VOCABULARY
from tests.domain.strategies import FAST, conditions, facts, quantities

START = date(2026, 11, 22)
IS_FIRM = among("kind", "enterprise")
ALWAYS = Window()
ONE = timedelta(days=1)


def events(*programmes: Programme, days: int = 400, **company: Value) -> list[tuple[date, str]]:
    found = events_ahead(programmes, profile(company), START, days)
    return [(e.day, f"{e.kind.value} {e.before.status} {e.after.status}") for e in found]


def profile(company: dict[str, Value]) -> Profile:
    return Profile({f"company.{name}": value for name, value in company.items()})


def test_programme_opens_on_its_first_day_and_closes_the_day_after_its_last() -> None:
    """Both ends of a window are included."""
    window = Window(date(2026, 12, 1), date(2027, 1, 31))
    assert events(programme("p", IS_FIRM, window=window), kind="enterprise") == [
        (date(2026, 12, 1), "opens not_in_force potential"),
        (date(2027, 2, 1), "closes potential not_in_force"),
    ]


def test_day_after_the_start_is_the_first_and_the_last_is_included() -> None:
    """What has happened already on the first day is no event; what happens on the last is."""
    opened = programme("a", IS_FIRM, window=Window(START, None))
    last = programme("b", IS_FIRM, window=Window(START + 10 * ONE, None))
    late = programme("c", IS_FIRM, window=Window(START + 11 * ONE, None))
    assert [day for day, _ in events(opened, last, late, days=10, kind="enterprise")] == [
        START + 10 * ONE
    ]


def turning(condition: Condition, **company: Value) -> list[date]:
    rule = programme("p", condition, window=ALWAYS)
    return [event.day for event in events_ahead([rule], profile(company), START, 400)]


def test_ages_turn_on_the_anniversary_or_the_day_after() -> None:
    """At least and less than turn on the day itself, at most and more than on the next."""
    founded = date(2022, 1, 31)
    anniversary = date(2027, 1, 31)
    for bounds, day in (
        (at_least(60), anniversary), (less_than(60), anniversary),
        (at_most(60), anniversary + ONE), (more_than(60), anniversary + ONE),
    ):  # fmt: skip
        assert turning(ask("founded_on", years(bounds)), founded_on=founded) == [day]


def test_company_not_yet_founded_comes_into_being() -> None:
    """Before its day it has no age; an age of at most five years begins with it."""
    founded = START + 9 * ONE
    assert turning(ask("founded_on", years(at_most(60))), founded_on=founded) == [founded]


def test_certificates_turn_on_their_first_day_and_after_their_last() -> None:
    """From the day of issue until the day of expiry, both included."""
    term = Certificate("high_tech", START + 5 * ONE, START + 30 * ONE)
    assert turning(holds("high_tech"), certificates=(term,)) == [START + 5 * ONE, START + 31 * ONE]


def test_change_of_a_condition_that_decides_nothing_is_no_event() -> None:
    """A certificate that runs out beside another reason is no news."""
    term = Certificate("high_tech", START, START + 30 * ONE)
    either = any_of(holds("high_tech"), IS_FIRM)
    assert turning(either, certificates=(term,), kind="enterprise") == []
    assert turning(every_of(holds("high_tech"), not_(IS_FIRM)), certificates=(term,),
                   kind="enterprise") == []  # fmt: skip


def test_several_programmes_come_in_the_order_of_days() -> None:
    """By day, then programme."""
    first = programme("b", IS_FIRM, window=Window(START + ONE, None))
    same = programme("a", IS_FIRM, window=Window(START + ONE, None))
    later = programme("c", IS_FIRM, window=Window(None, START + ONE))
    found = events_ahead([first, same, later], profile({"kind": "enterprise"}), START, 9)
    assert [e.after.programme.id for e in found] == ["a", "b", "c"]


def counted(count: forms.Quantity, low: int) -> Predicate:
    """At least so many of a quantity."""
    return Predicate(count, Range(low=Fraction(low)), CLAUSE)


def test_months_and_years_that_a_quantity_counts_turn_in_the_calendar() -> None:
    """24 complete months on the second birthday, the 24th begun a day after the 23rd is complete;
    the year of founding is last year's from the first of January."""
    founded = date(2025, 3, 31)
    months = forms.MonthsBetween(forms.FactQuantity("company.founded_on"), forms.AsOf())
    assert turning(counted(months, 24), founded_on=founded) == [date(2027, 3, 31)]
    begun = forms.MonthsBegun(forms.FactQuantity("company.founded_on"), forms.AsOf())
    assert turning(counted(begun, 24), founded_on=founded) == [date(2027, 3, 1)]
    ago = forms.Difference(
        forms.YearOf(forms.AsOf()), forms.YearOf(forms.FactQuantity("company.founded_on"))
    )
    assert turning(counted(ago, 2), founded_on=founded) == [date(2027, 1, 1)]
    days = forms.Difference(forms.AsOf(), forms.FactQuantity("company.founded_on"))
    assert turning(counted(days, 700), founded_on=founded) == [founded + 700 * ONE]
    since = forms.Excess(forms.AsOf(), forms.FactQuantity("company.founded_on"))
    assert turning(counted(since, 1), founded_on=START + 7 * ONE) == [START + 8 * ONE]


def test_public_figures_and_years_of_issue_turn_in_the_calendar() -> None:
    """A figure from the day of its new value, and unknown beyond the day it was last looked at;
    what was issued last year is not so any more next year. Each says why."""
    values = (DatedValue(date(2020, 1, 1), Fraction(3)), DatedValue(START + 5 * ONE, Fraction(4)))
    rate = Parameter("rate", Text("率", "Rate"), None, values, START + 20 * ONE, "seen", True)
    rule = counted(forms.ParameterQuantity(rate), 4)
    assert turning(rule) == [START + 5 * ONE, START + 21 * ONE]
    last_year = CertificateTest(("high_tech",), CATEGORIES, years=Years(FromNow(-1), FromNow(-1)))
    held = Certificate("high_tech", date(2025, 5, 1), date(2028, 4, 30))
    issued = counted(forms.Count("company.certificates", last_year), 1)
    (event,) = events_ahead(
        [programme("p", issued, window=ALWAYS)], profile({"certificates": (held,)}),
        START, 400,
    )  # fmt: skip
    assert (event.day, event.cause) == (date(2027, 1, 1), ChangeCause(CauseKind.YEAR))


def test_what_was_issued_in_the_last_months_is_so_no_longer_the_day_after() -> None:
    """Six months from 31 August end on the last day of February, which still counts."""
    recent = CertificateTest(("high_tech",), CATEGORIES, issued=Recent(Span(6)))
    held = Certificate("high_tech", date(2026, 8, 31), date(2029, 8, 30))
    rule = counted(forms.Count("company.certificates", recent), 1)
    days = [
        event.day
        for event in events_ahead(
            [programme("p", rule, window=ALWAYS)],
            profile({"certificates": (held,)}),
            date(2026, 9, 1), 400,
        )
    ]  # fmt: skip
    assert days == [date(2027, 3, 1)]


def day_by_day(known: Catalogue, company: Profile, start: date, days: int) -> Iterator[
    tuple[date, str, Status, Status]
]:  # fmt: skip
    """What calendar should say, by checking every programme on every day."""
    for rule in known.programmes.values():
        for subject in subjects(rule, company):
            before = evaluate_programme(rule, subject, start).status
            for k in range(1, days + 1):
                after = evaluate_programme(rule, subject, start + k * ONE).status
                if after is not before:
                    yield start + k * ONE, rule.id, before, after
                before = after


def event_row(event: CalendarEvent) -> tuple[date, str, Status, Status]:
    return event.day, event.after.programme.id, event.before.status, event.after.status


def test_a_number_of_days_is_asked_on_few_days_of_a_long_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of the 3,660 days that a near miss looks ahead a rule of days is asked on less than a
    hundred: spans on which it comes out in one way are asked once. Of whom nothing is stated
    nothing is asked."""
    asked: list[date] = []

    def noted(condition: Condition, subject: Subject, as_of: date) -> Truth:
        asked.append(as_of)
        return truth_of(condition, subject, as_of)

    monkeypatch.setattr("service.domain.advice.change_dates.truth_of", noted)
    age = forms.Difference(forms.AsOf(), forms.FactQuantity("company.founded_on"))
    rule = programme("p", counted(age, 3000), window=ALWAYS)
    founded = Subject(None, {"company.founded_on": START - 9 * ONE}, {})
    found = change_dates(rule, founded, START, START + 3660 * ONE)
    assert [turn.day for turn in found] == [START + 2991 * ONE]
    assert 0 < len(asked) < 100
    asked.clear()
    assert not list(change_dates(rule, NOBODY, START, START + 3660 * ONE))
    assert not asked


NEAR = st.dates(date(2024, 1, 1), date(2026, 12, 31))
DAY_FACTS = [f.id for f in VOCABULARY.facts.values() if f.type is FactType.DATE]


@settings(FAST, max_examples=25, suppress_health_check=list(HealthCheck))
@given(
    quantities(VOCABULARY), st.sampled_from(DAY_FACTS), facts(VOCABULARY), NEAR,
    st.fractions(-400, 400, max_denominator=2),
)  # fmt: skip
def test_what_is_reckoned_with_the_day_turns_where_it_does_day_by_day(
    quantity: forms.Quantity, fact: str, company: dict[str, Value], start: date, bound: Fraction
) -> None:
    """Days since one that is stated, in a sum and in a case of any quantity, for 300 days."""
    since = forms.Difference(forms.AsOf(), forms.FactQuantity(fact))
    old = Predicate(since, Range(low=Fraction(180)), CLAUSE)
    reckoned = forms.Cases((forms.Branch(old, quantity),), forms.Sum((since, quantity)))
    test = Predicate(reckoned, Range(low=bound, high=bound + 200), CLAUSE)
    subject = Subject(None, {**company, fact: start - 40 * ONE}, {})
    truths = [truth_of(test, subject, start + n * ONE) for n in range(301)]
    expected = [start + n * ONE for n in range(1, 301) if truths[n] is not truths[n - 1]]
    turns = change_dates(programme("p", test, window=ALWAYS), subject, start, start + 300 * ONE)
    assert sorted({turn.day for turn in turns}) == expected


@settings(FAST, max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    conditions(VOCABULARY), facts(VOCABULARY), NEAR, st.integers(0, 120), NEAR, st.integers(0, 90)
)
def test_calendar_is_the_same_as_looking_every_day(
    condition: Condition,
    company: dict[str, Value],
    start: date,
    days: int,
    opens: date,
    length: int,
) -> None:
    """Any rule, any company, any stretch of days: the same days, programmes and statuses."""
    window = Window(opens, opens + length * ONE)
    always = programme("a", condition, window=ALWAYS)
    bounded = programme("b", condition, window=window)
    known = catalogue(always, bounded)
    found = events_ahead(known.programmes.values(), Profile(company), start, days)
    expected = sorted(day_by_day(known, Profile(company), start, days), key=lambda e: e[:2])
    assert list(map(event_row, found)) == expected
    for event in found:
        opened = event.before.status is Status.NOT_IN_FORCE
        closed = event.after.status is Status.NOT_IN_FORCE
        assert (event.kind is EventKind.OPENS) == opened
        assert (event.kind is EventKind.CLOSES) == closed


@settings(FAST, max_examples=40)
@given(
    st.dates(date(2023, 12, 1), date(2025, 3, 31)), st.sampled_from([0, 1, 6, 12, 13, 24]),
    st.sampled_from([at_least, at_most, less_than, more_than]),
)  # fmt: skip
def test_every_birthday_is_found(founded: date, months: int, bounds: object) -> None:
    """Ages turn in the calendar exactly where they turn day by day, at month ends too."""
    assert callable(bounds)
    rule = programme("p", ask("founded_on", years(bounds(months))), window=ALWAYS)
    company = profile({"founded_on": founded})
    start, days = founded - 3 * ONE, 31 * months + 9
    found = events_ahead([rule], company, start, days)
    assert list(map(event_row, found)) == list(day_by_day(catalogue(rule), company, start, days))
