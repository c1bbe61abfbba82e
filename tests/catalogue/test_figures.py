"""Figures that stand bare: a share is at most the whole, money has whole cents, wherever it is
written; what is meant otherwise says so."""

import pytest

from tests.catalogue.test_amounts import read
from tests.catalogue.test_quantities import compiled

WHEN = "when: {fact: project.new_staff, at_least: 10}"
CASES = f"cases: [{{{WHEN}, then: 30}}], otherwise: 0.1"
WHOLE = "is more than the whole: 30 per cent is 0.30"


def multiple(number: int) -> str:
    """How a multiple of something is written."""
    return f"30 per cent is 0.30, and a multiple is {{value: {number}, unit: times}}"


TIMES = f"30 times the money is more than the whole: {multiple(30)}"

LEFT_OUT = (
    "without `otherwise` whoever is in none of these would have {} of nothing: "
    "write what theirs is, 0 where they get none"
)
BEYOND = (
    "the last band has an end: whoever is beyond it would have {} of nothing, "
    "so add a band without an end"
)

REFUSED = {
    "rate: 30, of: project.cost": f"rate 30 {WHOLE}",
    "rate: {low: 0.2, high: 30}, of: project.cost": f"rate 30 {WHOLE}",
    "rate: 0.0000001, of: project.cost": "rate 0.0000001 is finer than 0.000001",
    f"rate: 0.5, of: project.cost, plus: [{{{WHEN}, points: 5}}]": f"points 5 {WHOLE}",
    f"rate: 0.5, of: project.cost, plus: [{{{WHEN}, points: -0.1}}]":
        "points -0.1 must be above 0",
    f"rate: 0.9, of: project.cost, plus: [{{{WHEN}, points: 0.2}}]":
        f"the rate with these points 1.1 {WHOLE}",
    f"amount: 100, plus: [{{{WHEN}, points: 0.2}}]":
        "points are added to a rate, and there is none",
    f"rate: 0.5, of: project.cost, plus: [{{{WHEN}, share: 20}}]": f"share 20 {WHOLE}",
    f"rate: 0.5, of: project.cost, plus: [{{{WHEN}, amount: 1.005}}]":
        "amount is finer than 0.01",
    "rate: 0.5, of: project.cost, caps: [{share: 50, of: project.sales}]": f"share 50 {WHOLE}",
    "rate: 0.5, of: project.cost, caps: [{share: 0, of: project.sales}]":
        "share 0 must be above 0",
    "rate: 0.5, of: project.cost, caps: [{price: -5, of: project.sets}]":
        "price must be above 0",
    f"rate: 0.5, of: project.cost, cap: {{cases: [{{{WHEN}, then: 30}}]}}":
        LEFT_OUT.format("a cap"),
    "rate: 0.5, of: project.cost, cap: {by: project.level, values: {national: 30}}":
        LEFT_OUT.format("a cap"),
    "rate: 0.5, of: project.cost, "
    "caps: [{amount: {product: [0.5, {by: project.level, values: {national: 30}}]}}]":
        LEFT_OUT.format("a cap"),
    f"rate: 0.5, of: {{least: [project.cost, {{cases: [{{{WHEN}, then: 30}}]}}]}}":
        LEFT_OUT.format("a cap"),
    f"amount: {{least: [project.cost, {{cases: [{{{WHEN}, then: 30}}]}}]}}":
        LEFT_OUT.format("an amount"),
    "amount: {least: [project.cost, {bands: [{up_to: 9, rate: 0.1}], of: project.sales}]}":
        BEYOND.format("an amount"),
    "rate: 0.5, of: project.cost, cap: {bands: [{up_to: 9, amount: 5}], of: project.sales}":
        BEYOND.format("a cap"),
    "amount: {by: project.level, values: {national: 30}}": LEFT_OUT.format("an amount"),
    "rate: {by: project.level, values: {national: 0.5}}, of: project.cost":
        LEFT_OUT.format("a rate"),
    "price: {by: project.level, values: {national: 30}}, of: project.sets":
        LEFT_OUT.format("a price"),
    "amount: {bands: [{up_to: 9, rate: 0.1}], of: project.sales}": BEYOND.format("an amount"),
    "amount: 100, instalments: [1]": "one instalment is the whole: leave `instalments` out",
    "amount: 100, caps: [{amount: 90, per: year}, {amount: 90, per: year}]":
        "one of the caps stands twice",
    "rate: 0.5, of: [project.cost, 30]": TIMES,
    "rate: 0.5, of: project.cost, times: [30]": TIMES,
    "price: 1.5, of: project.cost": "a price of money is a share of it: `rate`",
    "price: 0, of: project.sets": "price must be above 0",
    "price: {low: -1, high: 5}, of: project.sets": "price must be above 0",
    "amount: {bands: [{up_to: 9, rate: 30}, {rate: 0.1}], of: project.cost}": f"rate 30 {WHOLE}",
    "rate: {bands: [{up_to: 9, rate: 0.1}, {rate: 0.2}], of: project.sales}, of: project.cost":
        "the `rate` of a band is a share of what the scale is over and comes to CNY, not to a "
        "share: one that is the result itself is `amount`",
    "amount: {bands: [{up_to: 9, amount: 1.005}, {amount: 2}], of: project.cost}":
        "amount is finer than 0.01",
    "amount: {bands: [{up_to: 9.005, rate: 0.1}, {rate: 0.2}], of: project.cost}":
        "up_to is finer than 0.01",
    "amount: {product: [30, project.cost]}": TIMES,
    "amount: {product: [0, project.cost]}": "a product with 0 is nothing",
    "amount: {product: [-0.5, project.cost]}": "a share of money must not be below 0: -0.5",
    "amount: {product: [{value: 30}, project.cost]}": TIMES,
    "amount: {product: [{value: {low: 0.5, high: 30}}, project.cost]}": TIMES,
    f"amount: {{product: [{{{CASES}}}, project.cost]}}": TIMES,
    "amount: {product: [{by: project.level, values: {national: 30}}, project.cost]}": TIMES,
    "amount: {product: [{greatest: [0.1, {mean: [30, 0.2]}]}, project.cost]}": TIMES,
    "amount: {least: [{product: [30, project.cost]}, 100]}": TIMES,
    "amount: {least: [1.005, project.cost]}": "1.005 is finer than 0.01",
    "amount: {greatest: [1.005, project.cost]}": "1.005 is finer than 0.01",
    "amount: {sum: [1.005, project.cost]}": "1.005 is finer than 0.01",
    "amount: {by: project.level, values: {national: 1.005}}": "1.005 is finer than 0.01",
    "amount: {value: 1.005, unit: CNY}": "value is finer than 0.01",
    "amount: {value: {low: 1.005, high: 2}, unit: CNY}": "value is finer than 0.01",
    "amount: {low: 1.005, high: 2}": "amount is finer than 0.01",
    "amount: {low: 3, high: 2}": "low must not be above high",
    "amount: {high: 3}": "amount between two figures is {low: …, high: …}, one of which only the "
        "least is said {low: …}",
    "amount: {low: 0}": "amount must be above 0",
    "rate: {low: 0}, of: project.cost": "rate must be above 0",
    "amount: {least: [-5, project.cost]}": "amount must not be below 0: -5",
    "amount: 5, floor: {greatest: [1.005, project.cost]}": "1.005 is finer than 0.01",
    "amount: project.cost, floor: 10, cap: 5": "the floor is above the cap",
    "amount: project.cost, over: {years: 2, shares: [1, 0.5, 0.2]}":
        "over.shares has 3 shares for 2 years: one for each year, and for one that is begun",
    "amount: project.cost, over: {months: 25, amount_per: year, shares: [1, 0.5]}":
        "over.shares has 2 shares for 3 years: one for each year, and for one that is begun",
    "amount: project.cost, over: {shares: [1, 1.5]}":
        "a year's share of 1.5 is more than the whole: 30 per cent is 0.30",
    "amount: project.cost, over: {shares: {by: project.level, values: {national: [1, 1.5]}}}":
        "a year's share of 1.5 is more than the whole: 30 per cent is 0.30",
    "amount: project.cost, over: {shares: {by: project.level, values: {national: 0.5}}}":
        "over.shares by case has a list for each case, a share for each year, such as [0.60, 0.40]",
    "amount: 5, over: {years: 3, shares: {by: project.level, values: {national: [1, 1]}}}":
        "over.shares has 2 shares for 3 years: one for each year, and for one that is begun",
    "amount: 100, over: {years: -3}": "years must be above 0",
    "amount: 100, over: {months: project.months, at_most: 0}": "at_most must be above 0",
    "rate: {sum: [0.5, 0.7]}, of: project.cost": f"rate 1.2 {WHOLE}",
    "rate: {product: [2, 20]}, of: project.cost": f"rate 40 {WHOLE}",
    "rate: {mean: [0.5, 30]}, of: project.cost": f"rate 15.25 {WHOLE}",
    "amount: 100, instalments: [1.5, -0.5]": f"an instalment of 1.5 {WHOLE}",
}  # fmt: skip


@pytest.mark.parametrize(("written", "fault"), REFUSED.items(), ids=lambda v: str(v)[:50])
def test_a_figure_that_was_not_meant_so_is_refused(written: str, fault: str) -> None:
    """Told at its key, once."""
    benefit, faults = read(f"{{{written}, per: unstated}}")
    assert benefit is None
    assert [told.partition(": ")[2] for told in faults] == [fault]


@pytest.mark.parametrize(
    "written",
    [
        "rate: 1, of: project.cost",
        "amount: {product: [{value: 2, unit: times}, project.cost]}",
        "amount: {product: [{value: 1_500, unit: CNY/person}, {least: [project.new_staff, 30]}]}",
        "price: 30, of: [project.area, {least: [project.months, 12]}]",
        "price: 0.005, of: project.tons",
        f"rate: 0.9, of: project.cost, plus: [{{{WHEN}, points: 0.1}}]",
        "amount: 100, over: {years: 3}, instalments: [0.3, 0.3, 0.4]",
        "amount: {difference: [4_000_000, project.received]}",
    ],
)
def test_a_figure_that_is_right_stays(written: str) -> None:
    """The whole, a multiple that says so, a count that takes its neighbour's unit, a fine price."""
    benefit, faults = read(f"{{{written}, per: unstated}}")
    assert (faults, benefit is None) == ([], False)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("{growth: [company.revenue, company.revenue_before], at_least: 20}",
         f"at_least 20 is 2000 per cent: {multiple(20)}"),
        ("{ratio: [company.rnd, company.revenue], more_than: 60}",
         f"more_than 60 is 6000 per cent: {multiple(60)}"),
        ("{fact: company.employees, at_least: 1.5}",
         "at_least 1.5 lies between two values of company.employees, 1 apart"),
        ("{fact: company.revenue, at_least: 1.005}",
         "at_least 1.005 lies between two values of company.revenue, 0.01 apart"),
        ("{sum: [company.revenue, company.rnd], at_least: 1.005}", "at_least is finer than 0.01"),
        ("{fact: company.revenue, at_least: {least: [1.005, company.rnd]}}",
         "1.005 is finer than 0.01"),
    ],
)  # fmt: skip
def test_a_bound_that_no_value_is_at_is_refused(written: str, fault: str) -> None:
    """Half a person, half a cent, 2,000 per cent."""
    assert compiled(written) == (None, [fault])


def test_a_multiple_may_be_a_bound() -> None:
    """A growth of twenty times is possible, where it is meant."""
    bound = "at_least: {value: 20, unit: times}"
    condition, faults = compiled(f"{{growth: [company.revenue, company.revenue_before], {bound}}}")
    assert (faults, condition is None) == ([], False)
