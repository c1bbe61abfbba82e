"""Money over time as quantities, beside the same reckoned from the ends of its parts."""

from collections.abc import Iterable
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from service.domain.facts.profile import NOBODY, Subject
from service.domain.facts.vocabulary import FactType
from service.domain.rules import quantities as forms
from service.domain.rules.amounts import Benefit, ceiling
from service.domain.rules.capped_intervals import AT_ZERO
from service.domain.rules.caps import Cap, Per, by_span
from service.domain.rules.ceiling import Ceiling
from service.domain.rules.conditions import Predicate
from service.domain.rules.interval_arithmetic import Interval
from service.domain.rules.intervals import interval_of
from service.domain.rules.money_over_time import MoneyOverTime
from service.domain.rules.operators import InSet, Range
from service.domain.rules.paid_over_time import Duration, PaidOverTime, Period
from service.domain.rules.quantities import Quantity
from tests.domain.sample import CLAUSE, DAY
from tests.domain.strategies import FAST

MONTHS = forms.FactQuantity("company.months", Fraction(0), type=FactType.INTEGER)
LISTED = Predicate(forms.FactQuantity("company.listed"), InSet((True,)), CLAUSE)
FADING = tuple(forms.Constant(Fraction(share)) for share in ("1", "0.8", "0.5"))

amounts = st.integers(0, 50).map(lambda n: forms.Constant(Fraction(n)))
spans = st.sampled_from([Per.MONTH, Per.QUARTER, Per.YEAR, Per.COMPANY])
capped = st.lists(st.tuples(spans, amounts), max_size=3).map(tuple)
periods = st.sampled_from(Period)
tenths = st.integers(0, 10).map(lambda n: forms.Constant(Fraction(n, 10)))


def at(number: int) -> forms.Constant:
    return forms.Constant(Fraction(number))


def by_listing(listed: Quantity, other: Quantity) -> Quantity:
    return forms.Cases((forms.Branch(LISTED, listed),), other)


@FAST
@given(amounts, capped, periods, st.integers(0, 50), st.sampled_from([(), FADING]), st.booleans())
def test_both_are_the_same_money(
    amount: Quantity,
    caps: tuple[tuple[Per, Quantity], ...],
    period: Period,
    months: int,
    shares: tuple[Quantity, ...],
    stated: bool,
) -> None:
    """Whatever bounds a month, a quarter, a year or all of it, and whether the term stands in the
    text or is stated."""
    lasts = at(months) if stated else MONTHS
    over = Duration(period, lasts, Period.MONTH, shares)
    subject = NOBODY if stated else Subject(None, {"company.months": months}, {})

    def ends(quantity: Quantity) -> Interval:
        return interval_of(quantity, subject, DAY)

    of_ends = PaidOverTime(
        over,
        ends(amount),
        by_span((per, ends(cap)) for per, cap in caps),
        AT_ZERO,
        ends(at(months)),
        list(map(ends, shares)),
    )
    written = MoneyOverTime(amount, caps, over)
    assert (ends(written.whole()), list(map(ends, written.years))) == of_ends.ends()


@FAST
@given(st.tuples(amounts, amounts), st.tuples(capped, capped), st.tuples(*[st.integers(0, 50)] * 2))
def test_what_hangs_on_one_condition_is_one_of_two(
    paid: tuple[Quantity, Quantity],
    bounds: tuple[tuple[tuple[Per, Quantity], ...], tuple[tuple[Per, Quantity], ...]],
    months: tuple[int, int],
) -> None:
    """Amount, caps and term by whether somebody is listed: what it comes to lies between what those
    come to who are and who are not, and so does each year; both ends are reached."""
    listed, other = bounds
    caps = tuple(
        Cap(by_listing(one, two), per) for (per, one), (_, two) in zip(listed, other, strict=False)
    )
    lasts = by_listing(*map(at, months))
    benefit = Benefit(by_listing(*paid), caps, over=Duration(Period.MONTH, lasts, Period.MONTH))
    known = [
        ceiling(benefit, Subject(None, {"company.listed": said}, {}), DAY) for said in (True, False)
    ]
    found = ceiling(benefit, NOBODY, DAY)
    assert _ends(found) == _hull(known)
    years = [one.per_year for one in (found, *known) if one.per_year is not None]
    assert _ends(years[0]) == _hull(years[1:])


def _ends(found: Ceiling) -> tuple[Fraction, Fraction]:
    low = found.low if found.amount is None else found.amount
    return Fraction(low or 0), Fraction(found.at_most or 0)


def _hull(known: list[Ceiling]) -> tuple[Fraction, Fraction]:
    return min(_ends(k)[0] for k in known), max(_ends(k)[1] for k in known)


@FAST
@given(amounts, capped, st.lists(st.tuples(tenths, tenths), min_size=2, max_size=3))
def test_shares_of_the_years_by_a_case(
    paid: Quantity, caps: tuple[tuple[Per, Quantity], ...], shares: list[tuple[Quantity, Quantity]]
) -> None:
    """So much of it in each year where somebody is listed, and otherwise where not: the whole, and
    each year, lie between what the two come to."""
    lasts = at(len(shares))
    bounds = tuple(Cap(cap, per) for per, cap in caps)

    def benefit(of: Iterable[Quantity]) -> Benefit:
        return Benefit(paid, bounds, over=Duration(Period.YEAR, lasts, Period.YEAR, tuple(of)))

    cases = [ceiling(benefit(of), NOBODY, DAY) for of in zip(*shares, strict=True)]
    found = ceiling(benefit(by_listing(*each) for each in shares), NOBODY, DAY)
    assert _ends(found) == _hull(cases)
    by_year = zip(*(case.by_year for case in cases), strict=True)
    for year, parts in zip(found.by_year, by_year, strict=True):
        assert _ends(year) == _hull(list(parts))


def test_months_that_their_own_case_bounds() -> None:
    """As many months as the loan has, where these are fewer than 60, and 24 otherwise: nobody is
    paid for more than 59."""
    short = Predicate(MONTHS, Range(high=60, high_included=False), CLAUSE)
    lasts = forms.Cases((forms.Branch(short, MONTHS),), at(24))
    benefit = Benefit(at(1_000), over=Duration(Period.MONTH, lasts, Period.MONTH))
    assert ceiling(benefit, NOBODY, DAY).at_most == 59_000
