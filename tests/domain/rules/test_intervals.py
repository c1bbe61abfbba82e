"""What is known of a quantity: a number, an interval that unknown facts leave, or nothing."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import inf
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.dates import Span, months_before
from service.domain.evaluation.evaluator import evaluate_condition
from service.domain.facts.parameters import DatedValue, Parameter
from service.domain.facts.profile import Award, Project, Subject, Value
from service.domain.rules import quantities as forms
from service.domain.rules.conditions import Predicate
from service.domain.rules.interval_arithmetic import Interval
from service.domain.rules.intervals import interval_of, observed_value, within
from service.domain.rules.operators import Range
from service.domain.rules.quantities import ONE, ZERO, Quantity
from service.domain.rules.record_tests import AwardTest
from service.domain.rules.record_times import FiscalYears, Recent, Years
from service.domain.rules.units import SHARE
from service.domain.text import Text
from service.domain.truth import Truth
from tests.domain.bounds import at_least, at_most
from tests.domain.predicates import among
from tests.domain.sample import CLAUSE, DAY, VOCABULARY, D, subject
from tests.domain.strategies import DAYS, FAST, facts, quantities

A = forms.FactQuantity("company.revenue", low=Fraction(0))
B = forms.FactQuantity("company.rnd", low=Fraction(0))
STAFF = forms.FactQuantity("company.employees", low=Fraction(1), high=Fraction(10))
SIGNED = forms.FactQuantity("company.debt_ratio")
FOUNDED = forms.FactQuantity("company.founded_on")


def number(value: int | str) -> forms.Constant:
    return forms.Constant(Fraction(value))


def exactly(value: int | str) -> Interval:
    return Interval(Fraction(value), Fraction(value))


SHARES = forms.Bands(
    A,
    (forms.Band(Fraction(10), True, Fraction("0.01")), forms.Band(None, False, Fraction("0.02"))),
    False,
    SHARE,
)
PARTS = forms.Bands(
    A,
    (forms.Band(Fraction(10), True, Fraction("0.5")), forms.Band(None, False, Fraction("0.3"))),
    True,
    SHARE,
)
FIXED = forms.Bands(
    A,
    (
        forms.Band(Fraction(10), False, amount=Fraction(3)),
        forms.Band(Fraction(20), False, amount=Fraction(7)),
    ),
    False,
    SHARE,
)
LISTED = forms.Cases((forms.Branch(among("listed", True), number(5)),), number(2))
KINDS = (("enterprise", number(3)), ("institute", number(4)))
BY_KIND = forms.ByCode(
    "company.kind", tuple(forms.Branch(among("kind", k), q) for k, q in KINDS), ZERO
)
YEAR, MONTHS = forms.YearOf(FOUNDED), forms.MonthsBetween(FOUNDED, forms.AsOf())
FROM_TWO = forms.Between(Fraction(2), None)
TO_COME = forms.MonthsBetween(forms.AsOf(), FOUNDED)

HUNDREDS = forms.Steps(A, number(100))
BEGUN = forms.Steps(A, number(100), begun=True)
AWARDS = forms.Count("company.awards", AwardTest(purposes=("trial",), years=Years(2025, 2026)))
LATELY = forms.Count("company.awards", AwardTest(purposes=("trial",), within=Recent(Span(12))))
FISCAL = forms.Count("company.awards", AwardTest(purposes=("trial",), within=FiscalYears(2, 3, 31)))
AMOUNTS = forms.Count("company.awards", AwardTest(purposes=("trial",)), amounts=True)
COST = forms.FactQuantity("project.cost", Fraction(0))
LARGE = Predicate(COST, Range(Fraction(4)), CLAUSE)
EACH = forms.Cases((forms.Branch(LARGE, number(1)),), ZERO)
KINDS_OF = ("company.projects", "company.projects_absent", ("work",))
TOTAL, LARGEST, BEST = (forms.ProjectTotal(*KINDS_OF, COST, best) for best in (None, 1, 2))
MONTH = forms.MonthOf(FOUNDED)
SEVERAL = forms.ProjectTotal(*KINDS_OF, EACH)


def begun(first: str, second: str) -> Quantity:
    """The months begun between two days."""
    days = (forms.FixedDay(date.fromisoformat(day)) for day in (first, second))
    return forms.MonthsBegun(*days)


def works(*costs: int | None) -> tuple[Project, ...]:
    """Projects of these costs; None where it is not stated."""
    return tuple(
        Project(str(n), "work", {} if cost is None else {"project.cost": D(cost)})
        for n, cost in enumerate(costs)
    )


RATE = Parameter(
    "rate", Text("利率", "Rate"), None, (DatedValue(date(2026, 1, 1), Fraction("0.03")),), DAY,
    "a bulletin", verified=False, minimum=Fraction(0),
)  # fmt: skip
FOUNDED = forms.FactQuantity("company.founded_on")
OF_DAY = forms.ParameterOn(RATE, FOUNDED)
PUBLIC, OWN = forms.ParameterQuantity(RATE), forms.ParameterQuantity(RATE, "project.lpr")
TRIAL_2026, TRIAL = Award("trial", year=2026), Award("trial")
TRIAL_5, FIRST_7 = Award("trial", amount=D(5)), Award("first_set", amount=D(7))

# A quantity, the facts, and what is known of it.
ROWS: list[tuple[Quantity, Mapping[str, Value], Interval]] = [
    (A, {"revenue": Decimal("1.5")}, exactly("1.5")),
    (A, {}, Interval(Fraction(0), inf)),
    (OF_DAY, {"founded_on": date(2026, 1, 1)}, exactly("0.03")),
    (OF_DAY, {"founded_on": date(2025, 12, 31)}, Interval(Fraction(0), inf)),
    (OF_DAY, {"founded_on": DAY}, exactly("0.03")),
    (OF_DAY, {"founded_on": DAY + timedelta(days=1)}, Interval(Fraction(0), inf)),
    (OF_DAY, {}, Interval(Fraction(0), inf)),
    (STAFF, {}, Interval(Fraction(1), Fraction(10))),
    (SIGNED, {}, Interval(-inf, inf)),
    (number(7), {}, exactly(7)),
    (forms.Between(Fraction(2), Fraction(3)), {}, Interval(Fraction(2), Fraction(3))),
    (FROM_TWO, {}, Interval(Fraction(2), inf)),
    (forms.Product((FROM_TWO, A)), {"revenue": 3}, Interval(Fraction(6), inf)),
    (forms.Product((FROM_TWO, A)), {"revenue": 0}, exactly(0)),
    (forms.Sum((A, B)), {"revenue": 1, "rnd": 2}, exactly(3)),
    (forms.Sum((A, B)), {"revenue": 1}, Interval(Fraction(1), inf)),
    (forms.Sum((STAFF, number(5))), {}, Interval(Fraction(6), Fraction(15))),
    (forms.Difference(A, B), {"revenue": 1, "rnd": 3}, exactly(-2)),
    (forms.Difference(A, B), {"revenue": 1}, Interval(-inf, Fraction(1))),
    (forms.Difference(A, B), {"rnd": 1}, Interval(Fraction(-1), inf)),
    (forms.Product((A, B)), {"revenue": 3, "rnd": 4}, exactly(12)),
    (forms.Product((A, STAFF)), {"revenue": 3}, Interval(Fraction(3), Fraction(30))),
    (forms.Product((A, STAFF)), {"revenue": 0}, exactly(0)),
    (forms.Product((number(0), SIGNED)), {}, exactly(0)),
    (forms.Product((number(-2), STAFF)), {}, Interval(Fraction(-20), Fraction(-2))),
    (forms.Product((A, SIGNED)), {"revenue": 3}, Interval(-inf, inf)),
    (forms.Ratio(A, B), {"revenue": 1, "rnd": 4}, exactly("1/4")),
    (forms.Ratio(A, B), {"revenue": 1, "rnd": 0}, Interval(void=True)),
    (forms.Ratio(A, STAFF), {"revenue": 10}, Interval(Fraction(1), Fraction(10))),
    (forms.Ratio(STAFF, A), {"revenue": 2}, Interval(Fraction("1/2"), Fraction(5))),
    (forms.Growth(A, B), {"revenue": 5, "rnd": 4}, exactly("1/4")),
    (forms.Power(A, 3), {"revenue": 2}, exactly(8)),
    (forms.Power(STAFF, 2), {}, Interval(Fraction(1), Fraction(100))),
    (forms.Score(A, Text("得分", "Score")), {"revenue": 2}, exactly(2)),
    (forms.Mean((A, B, number(3))), {"revenue": 1, "rnd": 2}, exactly(2)),
    (forms.Mean((A, STAFF)), {"revenue": 2}, Interval(Fraction("1.5"), Fraction(6))),
    (forms.Least((A, B)), {"revenue": 5, "rnd": 2}, exactly(2)),
    (forms.Least((A, B)), {"revenue": 5}, Interval(Fraction(0), Fraction(5))),
    (forms.Greatest((A, B)), {"revenue": 5, "rnd": 2}, exactly(5)),
    (forms.Greatest((A, B)), {"revenue": 5}, Interval(Fraction(5), inf)),
    (LISTED, {"listed": True}, exactly(5)),
    (LISTED, {"listed": False}, exactly(2)),
    (LISTED, {}, Interval(Fraction(2), Fraction(5))),
    (BY_KIND, {"kind": "institute"}, exactly(4)),
    (BY_KIND, {"kind": "individual"}, exactly(0)),
    (BY_KIND, {}, Interval(Fraction(0), Fraction(4))),
    (SHARES, {"revenue": 10}, exactly("0.1")),
    (SHARES, {"revenue": Decimal("10.01")}, exactly("0.2002")),
    (PARTS, {"revenue": 10}, exactly(5)),
    (PARTS, {"revenue": 30}, exactly(11)),
    (PARTS, {}, Interval(Fraction(0), inf)),
    (FIXED, {"revenue": Decimal("9.99")}, exactly(3)),
    (FIXED, {"revenue": 10}, exactly(7)),
    (FIXED, {"revenue": 20}, exactly(0)),
    (FIXED, {}, Interval(Fraction(0), Fraction(7))),
    (forms.Excess(A, B), {"revenue": 5, "rnd": 2}, exactly(3)),
    (forms.AsOf(), {}, exactly(DAY.toordinal())),
    (YEAR, {"founded_on": date(2024, 12, 31)}, exactly(2024)),
    (MONTH, {"founded_on": date(2024, 12, 31)}, exactly(12)),
    (MONTH, {"founded_on": date(2024, 2, 29)}, exactly(2)),
    (MONTH, {"founded_on": date(1, 1, 1)}, exactly(1)),
    (MONTH, {}, Interval(Fraction(1), Fraction(12))),
    (MONTHS, {"founded_on": date(2026, 1, 22)}, exactly(10)),
    (MONTHS, {"founded_on": date(2026, 1, 23)}, exactly(9)),
    (MONTHS, {"founded_on": date(2027, 1, 1)}, exactly(0)),
    (MONTHS, {}, Interval(Fraction(0), inf)),
    (TO_COME, {}, Interval(Fraction(0), inf)),
    (AWARDS, {"awards": (TRIAL_2026, Award("trial", year=2024))}, exactly(1)),
    (AWARDS, {"awards": (TRIAL, TRIAL_2026)}, Interval(Fraction(1), Fraction(2))),
    (LATELY, {"awards": (Award("trial", granted_on=months_before(DAY, 12)),)}, exactly(1)),
    (LATELY, {"awards": (Award("trial", granted_on=DAY - timedelta(days=366)),)}, exactly(0)),
    (LATELY, {"awards": (Award("trial", year=DAY.year - 1),)}, Interval(Fraction(0), Fraction(1))),
    (LATELY, {"awards": (Award("trial", year=DAY.year),)}, exactly(1)),
    (LATELY, {"awards": (TRIAL,)}, Interval(Fraction(0), Fraction(1))),
    (FISCAL, {"awards": (Award("trial", granted_on=date(2025, 4, 1)),)}, exactly(1)),
    (FISCAL, {"awards": (Award("trial", granted_on=date(2025, 3, 31)),)}, exactly(0)),
    (TOTAL, {"company.projects": works(3, 4)}, exactly(7)),
    (TOTAL, {"company.projects": works(3, None)}, Interval(Fraction(3), inf)),
    (TOTAL, {"company.projects_absent": frozenset({"work"})}, exactly(0)),
    (TOTAL, {}, Interval(Fraction(0), inf)),
    (LARGEST, {"company.projects": works(3, 4)}, exactly(4)),
    (LARGEST, {"company.projects": works(3, None)}, Interval(Fraction(3), inf)),
    (BEST, {"company.projects": works(3, 4, 5)}, exactly(9)),
    (BEST, {"company.projects": works(3)}, exactly(3)),
    (BEST, {"company.projects": works(3, 4, None)}, Interval(Fraction(7), inf)),
    (BEST, {"company.projects_absent": frozenset({"work"})}, exactly(0)),
    (BEST, {}, Interval(Fraction(0), inf)),
    (SEVERAL, {"company.projects": works(3, 4, 5)}, exactly(2)),
    (SEVERAL, {"company.projects": works(3, 4, None)}, Interval(Fraction(1), Fraction(2))),
    (AWARDS, {"awards": ()}, exactly(0)),
    (AWARDS, {}, Interval(Fraction(0), inf)),
    (AMOUNTS, {"awards": (TRIAL_5, FIRST_7)}, exactly(5)),
    (AMOUNTS, {"awards": (TRIAL_5, TRIAL)}, Interval(Fraction(5), inf)),
    (PUBLIC, {}, exactly("0.03")),
    (OWN, {}, exactly("0.03")),
    (OWN, {"project.lpr": D("0.04")}, exactly("0.04")),
    (forms.MonthsBetween(FOUNDED, FOUNDED), {"founded_on": DAY}, exactly(0)),
    (begun("2026-01-31", "2026-01-31"), {}, exactly(0)),
    (begun("2026-01-31", "2026-02-01"), {}, exactly(1)),
    (begun("2026-01-31", "2026-02-28"), {}, exactly(1)),
    (begun("2026-01-31", "2026-03-01"), {}, exactly(2)),
    (begun("2026-01-31", "2025-01-31"), {}, exactly(0)),
    (begun("2024-02-29", "2025-02-28"), {}, exactly(12)),
    (begun("2024-02-29", "2025-03-01"), {}, exactly(13)),
    (forms.MonthsBegun(FOUNDED, forms.AsOf()), {}, Interval(Fraction(0), inf)),
    (forms.FixedDay(DAY), {}, exactly(DAY.toordinal())),
    (HUNDREDS, {"revenue": 299}, exactly(2)),
    (HUNDREDS, {"revenue": 300}, exactly(3)),
    (HUNDREDS, {}, Interval(Fraction(0), inf)),
    (BEGUN, {"revenue": 201}, exactly(3)),
    (BEGUN, {"revenue": 200}, exactly(2)),
    (forms.Steps(SIGNED, number(3)), {"debt_ratio": -7}, exactly(0)),
    (forms.Steps(SIGNED, number(3)), {}, Interval(Fraction(0), inf)),
    (forms.Steps(STAFF, number(4)), {}, Interval(Fraction(0), Fraction(2))),
    (forms.Steps(STAFF, number(4), begun=True), {}, Interval(Fraction(1), Fraction(3))),
]  # fmt: skip


@pytest.mark.parametrize(("quantity", "stated", "expected"), ROWS)
def test_what_is_known_of_a_quantity(
    quantity: Quantity, stated: Mapping[str, Value], expected: Interval
) -> None:
    assert interval_of(quantity, subject(stated), DAY) == expected


def test_every_class_of_quantities_has_a_row() -> None:
    """A class that is added without saying here what it means is found."""
    named = {type(quantity) for quantity, _, _ in ROWS}
    assert named == {*get_args(forms.Core), *get_args(forms.Short)}


@pytest.mark.parametrize(
    ("low", "high", "truth"),
    [(5, 6, Truth.TRUE), (4, 6, Truth.UNKNOWN), (3, 4, Truth.FALSE), (5, inf, Truth.TRUE),
     (-inf, inf, Truth.UNKNOWN), (-inf, 4, Truth.FALSE), (-inf, 5, Truth.UNKNOWN)],
)  # fmt: skip
def test_a_test_holds_where_all_of_an_interval_does(low: float, high: float, truth: Truth) -> None:
    """TRUE of all of it, FALSE of none, UNKNOWN of some."""
    ends = [end if abs(end) == inf else Fraction(end) for end in (low, high)]
    known = Interval(ends[0], ends[1])
    assert within(at_least(Fraction(5)), known) is truth


def test_one_part_may_be_enough() -> None:
    """A sum that one part reaches already asks for nothing; one that no part can reach neither."""
    reached = evaluate_condition(
        Predicate(forms.Sum((A, B)), at_least(Fraction(10)), CLAUSE), subject({"rnd": 10}), DAY
    )
    assert (reached.truth, reached.missing) == (Truth.TRUE, ())
    above = evaluate_condition(
        Predicate(forms.Sum((A, B)), at_most(Fraction(9)), CLAUSE), subject({"rnd": 10}), DAY
    )
    assert (above.truth, above.missing) == (Truth.FALSE, ())


def test_of_whom_nothing_is_known_nothing_is_concluded() -> None:
    """Even where the ends of the vocabulary would do."""
    found = evaluate_condition(
        Predicate(forms.Sum((A, B)), at_least(Fraction(0)), CLAUSE), subject({}), DAY
    )
    assert (found.truth, found.missing) == (Truth.UNKNOWN, (A.fact, B.fact))


def test_a_comparison_shows_its_left_side() -> None:
    """The other side stands in the sentence."""
    twice = forms.Excess(A, forms.Product((number(2), B)))
    assert observed_value(twice, subject({"revenue": 5, "rnd": 2}), DAY) == 5
    assert evaluate_condition(
        Predicate(twice, at_least(Fraction(0)), CLAUSE), subject({"revenue": 5, "rnd": 2}), DAY
    ).truth


QUANTITIES, FACTS = quantities(VOCABULARY), facts(VOCABULARY)


@FAST
@given(QUANTITIES, FACTS, FACTS, DAYS)
def test_an_interval_contains_the_value_of_every_completion(
    quantity: Quantity, some: dict[str, Value], more: dict[str, Value], day: date
) -> None:
    """Whatever the unknown facts turn out to be: the more is known, the narrower it gets, and an
    interval without gaps never loses its value."""
    before = interval_of(quantity, Subject(None, some, {}), day)
    after = interval_of(quantity, Subject(None, more | some, {}), day)
    assert before.void or not after.void
    if not before.void:
        assert before.low <= after.low
        assert after.high <= before.high


def every_fact(quantity: Quantity) -> Iterator[str]:
    """The facts as often as they stand in a quantity, those of conditions too."""
    if isinstance(quantity, forms.FactQuantity | forms.Count):
        yield quantity.fact
    if isinstance(quantity, forms.Cases | forms.ByCode):
        for branch in quantity.branches:
            yield from branch.condition.facts
    for part in quantity.parts:
        yield from every_fact(part)


LOOSE: list[Quantity] = [
    forms.FactQuantity(f"company.f{i}", Fraction(-1), Fraction(6)) for i in range(5)
]


@st.composite
def smooth(draw: st.DrawFn) -> Quantity:
    """Any quantity that rises or falls without a leap in each of its facts, which all stand in it
    once."""
    parts: list[Quantity] = [*draw(st.permutations(LOOSE))][: draw(st.integers(2, 4))]
    parts += draw(st.lists(st.integers(-2, 3).map(number), max_size=2))
    several = (forms.Sum, forms.Product, forms.Mean, forms.Least, forms.Greatest)
    while len(parts) > 1:
        first, second, *parts = draw(st.permutations(parts))
        kind = draw(st.sampled_from([*several, forms.Difference, forms.Excess, forms.Bands]))
        if kind is forms.Bands:
            steps = (
                forms.Band(Fraction(3), True, Fraction(2)),
                forms.Band(None, False, Fraction(1, 2)),
            )
            parts += [forms.Bands(first, steps, True, SHARE), second]
            kind = forms.Sum
            first, second, *parts = parts
        made = kind((first, second)) if kind in several else kind(first, second)
        parts.append(made)
    return parts[0]


@FAST
@given(smooth(), st.data())
def test_the_ends_of_an_interval_are_reached(quantity: Quantity, data: st.DataObject) -> None:
    """Where every unknown fact stands there once, some completion has the value of each end."""
    known = data.draw(st.sets(st.sampled_from(quantity.facts), max_size=len(quantity.facts) - 1))
    stated: dict[str, Value] = {f: data.draw(st.integers(-1, 6)) for f in sorted(known)}
    unknown = [f for f in quantity.facts if f not in stated]
    found = interval_of(quantity, Subject(None, stated, {}), DAY)
    values = []
    for corner in product((-1, 6), repeat=len(unknown)):
        whole = Subject(None, {**stated, **dict(zip(unknown, corner, strict=True))}, {})
        values.append(interval_of(quantity, whole, DAY))
    assert (min(v.low for v in values), max(v.high for v in values)) == (found.low, found.high)


@FAST
@given(QUANTITIES)
def test_a_quantity_names_all_its_facts_once(quantity: Quantity) -> None:
    assert len(set(quantity.facts)) == len(quantity.facts)
    assert set(quantity.facts) == set(every_fact(quantity))


def test_a_step_of_one_is_no_factor() -> None:
    assert interval_of(forms.Product((ONE, A)), subject({"revenue": 3}), DAY) == exactly(3)
