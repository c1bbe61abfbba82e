"""Categories: hints from figures, and certificates that the figures contradict."""

from datetime import date
from itertools import product

import pytest

from service.domain.dates import Window
from service.domain.evaluation.assessment import Verdict, assess_category, size_class
from service.domain.evaluation.category_hints import category_hints
from service.domain.evaluation.claimed_certificates import find_conflicts, mark_contested
from service.domain.facts.profile import Certificate, Profile, Value
from service.domain.rules.conditions import Condition, NumberedCondition
from service.domain.rules.standards import Category, Criterion, Size, SizeRow, SizeStandard
from service.domain.text import Text
from tests.domain.bounds import at_least, at_most
from tests.domain.groups import every_of
from tests.domain.predicates import among, ask, holds
from tests.domain.sample import DAY, D

NAME = Text("样例", "sample")
ALWAYS = Window()


def criterion(
    name: str, condition: Condition, verified: bool = True, late: bool = False
) -> Criterion:
    return Criterion(name, NumberedCondition(0, condition), None, verified, late, "sample")


STAFF = criterion("staff", ask("employees", at_least(10)))
DEBT = criterion("debt", ask("debt_ratio", at_most(80)))
RUMOUR = criterion("rumour", ask("tenor", at_least(3)), verified=False)
AGE = criterion("age", ask("revenue", at_least(100)), late=True)


def category(
    *criteria: Criterion,
    window: Window = ALWAYS,
    certificate: str = "high_tech",
    name: str = "new",
    yearly: bool = True,
) -> Category:
    return Category(
        name, certificate, NAME, "", "", window, ("enterprise",), NAME, criteria, yearly=yearly
    )


def profile(*certificates: Certificate, **facts: Value) -> Profile:
    company: dict[str, Value] = {"company.kind": "enterprise"}
    company |= {f"company.{key}": value for key, value in facts.items()}
    if certificates:
        company["company.certificates"] = certificates
    return Profile(company)


HELD = Certificate("high_tech", date(2025, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("facts", "verdict", "known"),
    [
        ({"employees": 10, "debt_ratio": D(80)}, Verdict.MEETS, 2),
        ({"employees": 9, "debt_ratio": D(80)}, Verdict.FAILS, 2),
        ({"employees": 9}, Verdict.FAILS, 1),
        ({"employees": 10}, Verdict.OPEN, 1),
        ({}, Verdict.OPEN, 0),
    ],
)
def test_a_verdict_is_of_the_computable_criteria(
    facts: dict[str, Value], verdict: Verdict, known: int
) -> None:
    """All hold, none fails, or one fails; an unknown figure decides nothing."""
    found = assess_category(category(STAFF, DEBT), profile(**facts), DAY)
    assert (found.verdict, found.decided_count) == (verdict, known)


def test_a_figure_nobody_verified_refutes_nothing() -> None:
    """It keeps a verdict open and never raises a conflict."""
    rumoured = category(STAFF, RUMOUR)
    facts: dict[str, Value] = {"employees": 10, "tenor": D(2)}
    assert assess_category(rumoured, profile(**facts), DAY).verdict is Verdict.OPEN
    assert not find_conflicts((rumoured,), profile(HELD, **facts), DAY)


def test_a_hint_needs_half_of_the_criteria_and_none_failed() -> None:
    """One of two known is enough, none of two is not, a failed one ends it."""
    asked = (category(STAFF, DEBT),)
    assert len(category_hints(asked, profile(employees=10), DAY)) == 1
    assert not category_hints(asked, profile(), DAY)
    assert not category_hints(asked, profile(employees=9), DAY)


def test_no_hint_for_what_is_held_or_not_in_force_or_meant_for_others() -> None:
    """Only what could be applied for on this day by this kind of applicant."""
    asked = (category(STAFF),)
    assert not category_hints(asked, profile(HELD, employees=10), DAY)
    assert category_hints(
        asked, profile(Certificate("high_tech", None, date(2026, 11, 21)), employees=10), DAY
    )
    assert not category_hints(
        (category(STAFF, window=Window(None, date(2026, 11, 21))),), profile(employees=10), DAY
    )
    assert not category_hints(
        asked, Profile({"company.kind": "institute", "company.employees": 10}), DAY
    )


@pytest.mark.parametrize(
    ("certificate", "found"),
    [
        (HELD, True),
        (Certificate("high_tech"), True),
        (Certificate("high_tech", None, DAY), True),
        (Certificate("high_tech", None, date(2026, 11, 21)), False),
        (Certificate("high_tech", date(2026, 11, 23)), False),
        (Certificate("specialised", DAY, DAY), False),
    ],
)
def test_a_certificate_that_may_be_valid_conflicts_with_figures_that_fail(
    certificate: Certificate, found: bool
) -> None:
    """Of its own category and on the day only; dates nobody stated leave it possible."""
    assert bool(find_conflicts((category(STAFF),), profile(certificate, employees=9), DAY)) is found


def test_each_certificate_is_held_against_the_standard_of_its_day() -> None:
    """The older standard asks for less; a later one does not reach back."""
    old = category(STAFF, window=Window(None, date(2025, 12, 31)), name="old")
    new = category(STAFF, DEBT, window=Window(date(2026, 1, 1), None))
    facts: dict[str, Value] = {"employees": 10, "debt_ratio": D(90)}
    assert not find_conflicts((old, new), profile(HELD, **facts), DAY)
    later = Certificate("high_tech", date(2026, 1, 1), date(2028, 12, 31))
    assert [c.category.id for c in find_conflicts((old, new), profile(later, **facts), DAY)] == [
        "new"
    ]


def test_what_is_asked_on_application_contradicts_no_certificate() -> None:
    """Growth of the year before, say, was asked once."""
    late = category(AGE)
    assert assess_category(late, profile(revenue=D(99)), DAY).verdict is Verdict.FAILS
    assert not find_conflicts((late,), profile(HELD, revenue=D(99)), DAY)


def test_figures_do_not_contest_a_certificate_of_several_years() -> None:
    """They differ from the standard, which is told; the certificate still decides."""
    stated = profile(HELD, employees=9)
    found = find_conflicts((category(STAFF, yearly=False),), stated, DAY)
    assert [conflict.contests for conflict in found] == [False]
    assert mark_contested(stated, found) is stated


def test_contesting_marks_only_the_certificates_in_conflict() -> None:
    """Order and everything else stay; without a conflict the profile is the same object."""
    other = Certificate("specialised", DAY, DAY)
    stated = profile(other, HELD, employees=9)
    found = find_conflicts((category(STAFF),), stated, DAY)
    marked = mark_contested(stated, found).company["company.certificates"]
    assert marked == (other, Certificate("high_tech", HELD.issued_on, HELD.expires_on, None, True))
    assert mark_contested(stated, ()) is stated


def test_a_contested_certificate_supports_no_hint() -> None:
    """What rests on it is unknown, so the other category is not met by it."""
    leaning = category(criterion("title", holds("high_tech")), certificate="specialised")
    stated = profile(HELD, employees=9)
    assert category_hints((leaning,), stated, DAY)
    assert not category_hints(
        (leaning,), mark_contested(stated, find_conflicts((category(STAFF),), stated, DAY)), DAY
    )


BOUNDS = {Size.LARGE: (1000, 400), Size.MEDIUM: (300, 20), Size.SMALL: (20, 3)}
TABLE = SizeStandard(
    "sizes", NAME, "", "", True, Window(), ("enterprise",),
    (
        SizeRow(
            NAME,
            NumberedCondition(0, among("industry", "C")),
            {
                size: NumberedCondition(
                    i, every_of(ask("employees", at_least(x)), ask("revenue", at_least(D(y))))
                )
                for i, (size, (x, y)) in enumerate(BOUNDS.items(), 1)
            },
            {},
        ),
    ),
)  # fmt: skip


def plain_size(employees: int, revenue: int) -> Size:
    """The table read by hand: the highest class both figures reach."""
    reached = [s for s, (x, y) in BOUNDS.items() if employees >= x and revenue >= y]
    return reached[0] if reached else Size.MICRO


@pytest.mark.parametrize(
    ("employees", "revenue"),
    [*product((0, 19, 20, 299, 300, 999, 1000), (0, 2, 3, 19, 20, 399, 400))],
)
def test_a_size_class_is_the_highest_whose_every_bound_is_met(employees: int, revenue: int) -> None:
    """Both sides of every bound, in every combination."""
    stated = profile(industry="C39", employees=employees, revenue=D(revenue))
    assert size_class(TABLE, stated, DAY).size is plain_size(employees, revenue)


@pytest.mark.parametrize("employees", [0, 19, 20, 299, 300, 999, 1000])
def test_an_unknown_figure_leaves_the_classes_it_could_reach(employees: int) -> None:
    """Exactly those that some revenue would give."""
    some = {plain_size(employees, revenue) for revenue in (0, 3, 20, 400)}
    found = size_class(TABLE, profile(industry="C39", employees=employees), DAY)
    assert set(found.possible) == some


@pytest.mark.parametrize("industry", ["I65", None])
def test_an_industry_outside_the_table_has_no_class(industry: str | None) -> None:
    """Not covered, or not known: every class stays possible."""
    facts: dict[str, Value] = {"employees": 1000, "revenue": D(400)}
    if industry:
        facts["industry"] = industry
    assert size_class(TABLE, profile(**facts), DAY).size is None
