"""At which value of one fact a quantity reaches a number, its other facts as they are.

The values are worth trying, not proven: where a fact stands in a quantity twice, or another part is
unknown, there may be others.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import assert_never

from service.domain.dates import add_months
from service.domain.facts.profile import Subject
from service.domain.rules import quantities as forms
from service.domain.rules.conditions import Predicate, leaves
from service.domain.rules.intervals import interval_of
from service.domain.rules.operators import Age, HoldsCertificate, InSet, Range
from service.domain.rules.quantities import Quantity
from service.domain.rules.reduction import reduced

# From the 31st a month leads to a day up to three days earlier in its month; and on the day after,
# other months are complete.
_AROUND_A_SHIFTED_DAY = (-3, -2, -1, 0, 1)


class QuantityInverse:
    """Inverts quantities: from what one comes to back to the values of one fact of a subject."""

    def __init__(self, fact: str, subject: Subject, as_of: date) -> None:
        self.fact, self.subject, self.as_of = fact, subject, as_of

    def reaching(  # noqa: C901  # a case for each class
        self, quantity: Quantity, wanted: Fraction
    ) -> Iterator[Fraction]:
        """Values of the fact at which the quantity is the wanted number."""
        if self.fact not in quantity.facts:
            return
        match quantity:
            case forms.FactQuantity():
                yield wanted
            case forms.Sum(terms):
                yield from self._sum(terms, wanted)
            case forms.Difference(first, second):
                if (other := self._point_of(second)) is not None:
                    yield from self.reaching(first, wanted + other)
                if (other := self._point_of(first)) is not None:
                    yield from self.reaching(second, other - wanted)
            case forms.Product(terms):
                yield from self._product(terms, wanted)
            case forms.Ratio(first, second):
                if (other := self._point_of(second)) is not None:
                    yield from self.reaching(first, wanted * other)
                if wanted and (other := self._point_of(first)) is not None:
                    yield from self.reaching(second, other / wanted)
            case forms.Least(terms) | forms.Greatest(terms):
                for term in terms:
                    yield from self.reaching(term, wanted)
            case forms.Cases():
                yield from self._cases(quantity, wanted)
            case forms.YearOf(day):
                for year in (wanted, wanted + 1):
                    yield from self.reaching(day, _new_year(year))
            case forms.Steps(whole, each):
                for times in (wanted, wanted - 1, wanted + 1):
                    yield from self.reaching(whole, times * each.value)
            case forms.MonthsBetween(first, second):
                yield from self._months(first, second, wanted)
            case forms.ParameterQuantity():
                yield wanted
            case (
                forms.Constant()
                | forms.Between()
                | forms.AsOf()
                | forms.Count()
                | forms.ProjectTotal()
            ):
                return
            case forms.ShortForm():
                yield from self.reaching(reduced(quantity), wanted)
            case _:
                assert_never(quantity)

    def _point_of(self, quantity: Quantity) -> Fraction | None:
        return interval_of(quantity, self.subject, self.as_of).point

    def _sum(self, terms: tuple[Quantity, ...], wanted: Fraction) -> Iterator[Fraction]:
        for i, term in enumerate(terms):
            others = [self._point_of(t) for t in (*terms[:i], *terms[i + 1 :])]
            if self.fact in term.facts and None not in others:
                rest = sum((o for o in others if o is not None), Fraction(0))
                yield from self.reaching(term, wanted - rest)

    def _product(self, terms: tuple[Quantity, ...], wanted: Fraction) -> Iterator[Fraction]:
        for i, term in enumerate(terms):
            rest: Fraction | None = Fraction(1)
            for other in (*terms[:i], *terms[i + 1 :]):
                number = self._point_of(other)
                rest = None if rest is None or number is None else rest * number
            if self.fact in term.facts and rest:
                yield from self.reaching(term, wanted / rest)

    def _cases(self, cases: forms.Cases, wanted: Fraction) -> Iterator[Fraction]:
        """The values at which a branch reaches the number, and those at which one branch ends and
        the next begins."""
        for part in cases.parts:
            yield from self.reaching(part, wanted)
        for branch in cases.branches:
            for test in leaves(branch.condition):
                if isinstance(test, Predicate):
                    yield from self.turning(test)

    def turning(self, test: Predicate) -> Iterator[Fraction]:
        """Values of the fact at which a test turns."""
        match test.operator:
            case Range(low, high):
                for end in (low, high):
                    if end is not None:
                        bound = Fraction(end.toordinal() if isinstance(end, date) else end)
                        yield from self.reaching(test.quantity, bound)
            case Age(Range(low, high)):
                for months in (low, high):
                    if isinstance(months, int):
                        day = add_months(self.as_of, -months).toordinal()
                        for days in _AROUND_A_SHIFTED_DAY:
                            yield from self.reaching(test.quantity, Fraction(day + days))
            case InSet() | HoldsCertificate():
                return  # of what is no number
            case _:
                assert_never(test.operator)

    def _months(self, first: Quantity, second: Quantity, wanted: Fraction) -> Iterator[Fraction]:
        """Days that are so many months apart, give or take the ends of months."""
        months = int(wanted)
        for part, other, sign in ((first, second, -1), (second, first, 1)):
            day = self._point_of(other)
            if day is not None and 1 <= day <= date.max.toordinal():
                shifted = add_months(date.fromordinal(int(day)), sign * months).toordinal()
                for days in _AROUND_A_SHIFTED_DAY:
                    yield from self.reaching(part, Fraction(shifted + days))


def _new_year(year: Fraction) -> Fraction:
    """The first day of a year, as its number among days."""
    return Fraction(date(min(max(int(year), 1), date.max.year), 1, 1).toordinal())
