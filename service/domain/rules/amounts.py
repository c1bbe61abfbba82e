"""Amounts: what a programme's text bounds, in exact money. A ceiling is never an expectation.

The money rule is quantities with a shape: an amount, caps, a floor, and over how long it is paid.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import inf

from service.domain.facts.profile import NOBODY, Subject
from service.domain.rules.capped_intervals import (
    AT_ZERO,
    from_minimum,
    from_zero,
    least_cap,
    within_bounds,
)
from service.domain.rules.caps import EACH_FOR_ITSELF, AddsUp, Cap, CountLimit, Per, by_span
from service.domain.rules.ceiling import Ceiling, rounded_ceiling
from service.domain.rules.conditions import Basis, Clause, Predicate, is_dated
from service.domain.rules.instalments import Instalment
from service.domain.rules.interval_arithmetic import Interval
from service.domain.rules.intervals import interval_of
from service.domain.rules.money_over_time import MoneyOverTime
from service.domain.rules.narrowing import narrowed
from service.domain.rules.operators import Range
from service.domain.rules.paid_over_time import Duration, PaidOverTime, ceiling_over_time
from service.domain.rules.plain_shares import PlainShare, plain_share
from service.domain.rules.quantities import (
    ZERO,
    Between,
    Branch,
    Cases,
    Constant,
    Count,
    Difference,
    Greatest,
    Least,
    Product,
    Quantity,
    Sum,
)
from service.domain.rules.quantity_contents import all_parts, counts_in
from service.domain.rules.record_tests import RecordTest
from service.domain.rules.repeats import NO_REPEATS, Repeats, repeats_in
from service.domain.rules.rounding import DOWN_TO_CENT, Rounding, money, share_of
from service.domain.rules.units import SHARE
from service.domain.text import Text

# Nobody is shown where it stands: the money rule says it in its own words.
_MINIMUM = Clause("minimum", 0)


@dataclass(frozen=True)
class Benefit:
    """The money rule of a programme.

    `amount` is what it may come to, before the caps: None where the text names caps alone, or only
    words (`text`), which are shown and never reckoned. What comes to less than the `minimum` is not
    paid at all. Where it is paid `over` time, it is the
    amount of one period, and yearly caps bound each year. `repayable` money (a loan, a limit, a
    guarantee) is shown and never totalled. `adds_up` is None where it follows from
    `per`, or from the `limit` up to which there may be several.
    """

    amount: Quantity | None = None
    caps: tuple[Cap, ...] = ()
    floor: Quantity | None = None
    minimum: Constant | None = None
    per: Per = Per.UNSTATED
    per_basis: Basis = Basis.STATED
    one_off: bool | None = None
    over: Duration | None = None
    instalments: tuple[Instalment, ...] = ()
    rounding: Rounding = DOWN_TO_CENT
    adds_up: AddsUp | None = None
    limit: CountLimit | None = None
    repayable: bool = False
    currency: str | None = None
    text: Text | None = None

    def adds_up_in(self, currency: str) -> bool:
        """Whether it is money that is kept, in a currency, so that it adds up with such."""
        return not self.repayable and self.currency in (None, currency)

    @property
    def is_reckoned(self) -> bool:
        """Whether the text gives a rule, and not words alone."""
        return self.amount is not None or bool(self.caps) or self.floor is not None

    @property
    def personal(self) -> bool:
        """Whether the money is meant for a person rather than for the company that applies."""
        return self.per is Per.PERSON

    @property
    def several(self) -> AddsUp:
        """Whether several of them add up for one company."""
        if self.adds_up is not None:
            return self.adds_up
        if self.limit is not None:
            return AddsUp.IMPLIED
        stated = self.per in EACH_FOR_ITSELF and self.per_basis is Basis.STATED
        return AddsUp.IMPLIED if stated else AddsUp.UNSTATED

    @property
    def quantities(self) -> Iterator[Quantity]:
        """Everything it is reckoned from."""
        if self.amount is not None:
            yield self.amount
        yield from (cap.quantity for cap in self.caps)
        if self.floor is not None:
            yield self.floor
        if self.over is not None:
            yield self.over.lasts
            yield from self.over.shares

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """What an amount is reckoned from."""
        return tuple(dict.fromkeys(fact for q in self.quantities for fact in q.facts))

    @cached_property
    def over_time(self) -> MoneyOverTime | None:
        """What it is paid over time; None where it is not, or where only caps are named."""
        if self.over is None or self.amount is None:
            return None
        return MoneyOverTime(self.amount, tuple((c.per, c.quantity) for c in self.caps), self.over)

    @cached_property
    def whole(self) -> Quantity | None:
        """What it comes to within its caps and above its floor, as one quantity; None where there
        is none, or where caps alone are paid over time."""
        if self.over_time is not None:
            return Greatest((self.over_time.whole(), ZERO if self.floor is None else self.floor))
        within = tuple(c.quantity for c in self.caps)
        if self.amount is not None:
            within = (Greatest((self.amount, ZERO)), *within)
        if not within or self.over is not None:
            return None
        least = within[0] if len(within) == 1 else Least(within)
        paid = Greatest((least, ZERO if self.floor is None else self.floor))
        if self.minimum is None:
            return paid
        enough = Predicate(paid, Range(self.minimum.value), _MINIMUM)
        return Cases((Branch(enough, paid),), ZERO)

    @cached_property
    def repeats(self) -> Repeats:
        """What stands more than once in what it is reckoned from."""
        return NO_REPEATS if self.whole is None else repeats_in(Sum(tuple(self.quantities)))

    @cached_property
    def repeats_by_year(self) -> tuple[Repeats, ...]:
        """The same for each year that it is paid over."""
        years = () if self.over_time is None else self.over_time.years
        return tuple(map(repeats_in, years))

    @cached_property
    def dated(self) -> bool:
        """Whether it comes to something else on another day, whatever the facts."""
        return any(is_dated(q) for q in self.quantities)

    @cached_property
    def cap(self) -> Decimal | None:
        """The smallest cap that is the same for everybody, rounded down; None where none is."""
        figures = [c.quantity.value for c in self.caps if isinstance(c.quantity, Constant)]
        return money(min(figures)) if figures else None

    @cached_property
    def of_anybody(self) -> Ceiling:
        """What it comes to where nothing is stated that it is reckoned from: the same for all, if
        no day matters."""
        return _reckoned(self, NOBODY, date.min)

    @cached_property
    def most(self) -> Decimal | None:
        """The most that it can come to for anybody, on any day; None where nothing bounds it."""
        over = () if self.over is None else (self.over.lasts, *self.over.shares)
        if any(q is not None and is_dated(q) for q in (self.floor, *over)):
            return None
        if not self.dated:
            return self.of_anybody.at_most
        amount = None if self.amount is None or is_dated(self.amount) else self.amount
        caps = tuple(c for c in self.caps if not is_dated(c.quantity))
        return replace(self, amount=amount, caps=caps).of_anybody.at_most

    @cached_property
    def rate(self) -> tuple[Decimal, Decimal | None] | None:
        """The lowest and highest share that an amount is of its base, with no highest where the
        text names none; None where it is no share."""
        for term in self.amount.terms if isinstance(self.amount, Product) else ():
            if isinstance(term, Constant) and term.unit == SHARE:
                return share_of(term.value), share_of(term.value)
            if isinstance(term, Between) and term.unit == SHARE:
                return share_of(term.low), None if term.high is None else share_of(term.high)
        return None

    @cached_property
    def plain(self) -> PlainShare | None:
        """The amount as a share of a product of facts, where it is nothing else: no floor, no time
        it is paid over, no rounding of its own, and caps that are the same for everybody. None for
        any other."""
        bounded = self.floor is not None or self.minimum is not None
        if bounded or self.over is not None or self.rounding != DOWN_TO_CENT:
            return None
        return plain_share(self.amount, [cap.quantity for cap in self.caps])


def ceiling(benefit: Benefit, subject: Subject, as_of: date) -> Ceiling:
    """The ceiling of a benefit for a subject on a day."""
    plain = benefit.plain
    if plain is not None and (found := plain.ceiling(subject.facts)) is not None:
        return found
    if subject.facts.keys().isdisjoint(benefit.facts) and not benefit.dated:
        return benefit.of_anybody
    return _reckoned(benefit, subject, as_of)


def _reckoned(benefit: Benefit, subject: Subject, as_of: date) -> Ceiling:
    amount = Interval(inf if benefit.caps else Fraction(0), inf)
    if benefit.amount is not None:
        amount = from_zero(interval_of(benefit.amount, subject, as_of))
    caps = [(c.per, interval_of(c.quantity, subject, as_of)) for c in benefit.caps]
    floor = AT_ZERO if benefit.floor is None else interval_of(benefit.floor, subject, as_of)
    if benefit.over is not None:
        months = benefit.over.months(subject, as_of)
        shares = [interval_of(share, subject, as_of) for share in benefit.over.shares]
        paid_over = PaidOverTime(benefit.over, amount, by_span(caps), floor, months, shares)
        return _over_time(benefit, paid_over, subject, as_of)
    cap = least_cap([cap for _, cap in caps])
    paid = within_bounds(amount, cap, floor)
    if benefit.minimum is not None:
        paid = from_minimum(paid, benefit.minimum.value)
    paid = narrowed(benefit.whole, benefit.repeats, paid, subject, as_of)
    whole = rounded_ceiling(paid, cap, benefit.rounding)
    return replace(whole, had=_had(benefit, subject, as_of)) if benefit.instalments else whole


def _over_time(benefit: Benefit, paid: PaidOverTime, subject: Subject, as_of: date) -> Ceiling:
    whole, years = paid.ends()
    whole = narrowed(benefit.whole, benefit.repeats, whole, subject, as_of)
    if benefit.over_time is not None:
        parts = zip(benefit.over_time.years, benefit.repeats_by_year, years, strict=True)
        years = [narrowed(year, repeats, end, subject, as_of) for year, repeats, end in parts]
    return ceiling_over_time(whole, years, least_cap(paid.caps.whole), benefit.rounding)


def awards_taken_off(quantity: Quantity | None) -> Iterator[RecordTest]:
    """The support had that a quantity, such as an amount or a cap, takes off itself, as a top-up
    does."""
    parts = () if quantity is None else taken_off(quantity)
    yield from (count.test for part in parts for count in counts_in(part) if count.amounts)


def taken_off(quantity: Quantity) -> Iterator[Quantity]:
    """What is taken off something in a quantity, however deep."""
    return (part.second for part in all_parts(quantity) if isinstance(part, Difference))


def _had(benefit: Benefit, subject: Subject, as_of: date) -> Decimal:
    """How much of support that is paid in parts is stated to have been received; zero where that is
    not known."""
    less = benefit.amount.second if isinstance(benefit.amount, Difference) else None
    if not isinstance(less, Count):
        return Decimal(0)
    known = interval_of(less, subject, as_of).point
    return Decimal(0) if known is None else money(known)
