"""The figures of a money rule: a share, a price, a sum of money; and what is wrong with one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from service.catalogue.fault_words import NOTHING, say
from service.catalogue.faults import ConditionFault, number_fault
from service.catalogue.figures import check_share, exact, written
from service.catalogue.number_units import ENDS, between, constant, for_each, in_unit
from service.catalogue.quantities import QuantityReader
from service.domain.facts.profile import NOBODY
from service.domain.rules import quantities as forms
from service.domain.rules.conditions import Clause, is_dated
from service.domain.rules.intervals import interval_of
from service.domain.rules.paid_over_time import Period
from service.domain.rules.quantities import ONE, Quantity
from service.domain.rules.quantity_contents import all_parts
from service.domain.rules.units import MONTH, QUARTER, SHARE, SHARE_NAME, YEAR, Unit
from service.domain.text import Text

PERIODS = {Period.YEAR: YEAR, Period.QUARTER: QUARTER, Period.MONTH: MONTH}


@dataclass(frozen=True)
class MoneyFigures:
    """Reads figures in one currency. Raises ConditionFault."""

    quantities: QuantityReader
    clause: Clause
    money: Unit

    def share(self, key: str, raw: Any) -> Quantity:
        """A share of something: a number, an interval that the text leaves open, or a quantity that
        comes to a share, such as one by size or by level."""
        if isinstance(raw, dict) and "bands" in raw:
            raw = {"unit": SHARE_NAME, **raw}
        found = self._number(raw, SHARE, key)
        counted = self.quantities.check(found)
        if counted != SHARE:
            raise ConditionFault(say("must_be_a_share_without_unit", key=key, counted=counted))
        if isinstance(found, forms.Between) and not found.low:
            if found.high is None:
                raise ConditionFault(say("must_be_above_0", key=key))
            raise ConditionFault(say("up_to_is_a_ceiling", key=key, high=written(found.high)))
        ends = (found.value,) if isinstance(found, forms.Constant) else ends_of(found)
        for end in ends:
            check_share(end, key, finest=isinstance(found, forms.Constant))
        return found

    def price(self, raw: Any, counted: Unit) -> Quantity:
        """A price: money for each of the things that are counted. Raises ConditionFault."""
        found = self._number(raw, self.money / counted, "price")
        if self.quantities.check(found) == self.money:
            found = for_each(found, counted)
        self.check_gain(found, "price")
        return found

    def sum_of_money(self, raw: Any, key: str) -> Quantity:
        """A sum of money that somebody gets. Raises ConditionFault."""
        found = self._number(raw, self.money, key)
        self.check_gain(found, key)
        self.check_money(found, key)
        return found

    def _number(self, raw: Any, counted: Unit, key: str) -> Quantity:
        """A number as it stands, or an interval that the text leaves open."""
        if isinstance(raw, dict) and raw.keys() & ENDS:
            return between(raw, counted, key, self.quantities.vocabulary)
        if isinstance(raw, int | Decimal):
            return constant(exact(raw, key), counted, key, self.quantities.vocabulary)
        return self.in_unit(raw, counted)

    def in_unit(self, raw: Any, counted: Unit) -> Quantity:
        """A quantity, its bare numbers in a unit."""
        found = self.quantities.read(raw, self.clause)
        return in_unit(found, counted, self.quantities.vocabulary)

    def check_gain(self, found: Quantity, key: str) -> None:
        """What somebody gets is above nothing, and no part of it is written below."""
        if isinstance(found, forms.Constant) and found.value <= 0:
            raise ConditionFault(say("must_be_above_0", key=key))
        if isinstance(found, forms.Between) and (
            found.low < 0 or (found.low if found.high is None else found.high) <= 0
        ):
            raise ConditionFault(say("must_be_above_0", key=key))
        for number in numbers_in(found):
            if number < 0:
                raise number_fault(
                    number, say("must_not_be_below_0", key=key, number=written(number))
                )

    def check_money(self, found: Quantity, key: Text | str) -> None:
        """What is money is so in the currency of the rule, and for nothing else than once."""
        counted = self.quantities.check(found)
        if counted != self.money:
            each = self.money / (counted / self.money)
            priced = self.money.above[0] in counted.above and each.below
            one = say("hint_money_for_each", each=each) if priced else NOTHING
            if counted == SHARE and any(number > 1 for number in numbers_in(found)):
                one = say("numbers_name_the_money", money=self.money)
            elif len(counted.above) > 1 and self.money.above[0] in counted.above:
                one = say("money_times_a_count_is_a_price")
            if counted in {self.money / period for period in PERIODS.values()}:
                one = say("hint_paid_over")
            elif counted in {self.money * period for period in PERIODS.values()}:
                one = say("hint_money_over_time")
            raise ConditionFault(
                say("must_be_money", key=key, money=self.money, counted=counted, one=one)
            )

    def is_share_of_money(self, quantity: Quantity) -> bool:
        """Whether a quantity is money of somebody's own, or a public figure, multiplied by what is
        not the whole of it. Of a figure of the text it is plain how long it is for."""
        if not isinstance(quantity, forms.Product):
            return False
        units = [self.quantities.check(term) for term in quantity.terms if term != ONE]
        return SHARE in units and any(
            self.quantities.check(part) == self.money
            for part in all_parts(quantity)
            if not part.parts and not isinstance(part, forms.Constant | forms.Between)
        )


def ends_of(quantity: Quantity) -> Iterator[Fraction]:
    """The numbers that a quantity may come to, as far as they stand there; nothing is none."""
    if isinstance(quantity, forms.Constant):
        yield from (quantity.value,) if quantity.value else ()
    elif isinstance(quantity, forms.Between):
        yield from (end for end in (quantity.low, quantity.high) if end is not None)
    elif isinstance(quantity, forms.Bands):
        yield from (band.amount for band in quantity.bands if band.amount)
    elif isinstance(quantity, forms.Cases | forms.ByCode | forms.Least | forms.Greatest):
        for part in quantity.parts:
            yield from ends_of(part)
    elif not quantity.facts and not is_dated(quantity):
        made = interval_of(quantity, NOBODY, date.min)
        yield from (end for end in made[:2] if isinstance(end, Fraction))


def numbers_in(quantity: Quantity) -> Iterator[Fraction]:
    """The numbers that stand in a quantity; what is taken off stands in it as it is written."""
    for part in all_parts(quantity):
        if isinstance(part, forms.Constant):
            yield part.value
        if isinstance(part, forms.Between):
            yield part.low
