"""Quantities as SQL: exact fractions of whole numbers, with both ends of what is known.

A NULL end is an open side. What takes more digits than the engine's whole numbers have comes out as
NULL altogether, which is UNKNOWN: never a wrong answer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import reduce
from math import inf

from service.bulk.sql_dialects import NumberForms
from service.domain.facts.profile import NOBODY
from service.domain.facts.vocabulary import FactType, Vocabulary
from service.domain.rules import quantities as forms
from service.domain.rules.conditions import Condition
from service.domain.rules.interval_arithmetic import End
from service.domain.rules.intervals import interval_of
from service.domain.rules.operators import Range
from service.domain.rules.quantities import Quantity
from service.domain.rules.quantity_reading import QuantityReading

_SCALE = {FactType.INTEGER: 1, FactType.MONEY: 100, FactType.NUMBER: 10**6, FactType.DATE: 1}


@dataclass(frozen=True)
class Ends:
    """Both ends of a quantity over one divisor above zero, and whether it may have no value."""

    low: str
    high: str
    over: str = "1"
    void: str = "FALSE"
    # Whether it is never below zero, whatever the facts.
    positive: bool = False


@dataclass(frozen=True)
class ProjectCells:
    """The project of a row as a total sees it: what writes its own quantities, whether it is of
    one of the kinds that count, and whether there may be others."""

    writer: "QuantityWriter"
    counts: str
    others: str


@dataclass(frozen=True)
class QuantityWriter(QuantityReading[Ends]):
    """Writes the quantities of one programme. `cell` gives a fact's text, `truth` a condition."""

    vocabulary: Vocabulary
    as_of: date
    numbers: NumberForms
    cell: Callable[[str], str]
    truth: Callable[[Condition], str]
    records: Callable[[forms.Count], tuple[str, str]]
    projects: Callable[[forms.ProjectTotal], "ProjectCells"]

    def compare(self, quantity: Quantity, bounds: Range) -> str:
        """Whether a quantity lies in a range; NULL where that is not known."""
        ends = self.ends(quantity)
        true, possible = [], []
        for bound, sign, near, far in (
            (bounds.low, ">=" if bounds.low_included else ">", ends.low, ends.high),
            (bounds.high, "<=" if bounds.high_included else "<", ends.high, ends.low),
        ):
            if bound is not None and not isinstance(bound, date):
                exact = Fraction(bound)
                right = f"{self._number(exact.numerator)} * ({ends.over})"
                scale = exact.denominator
                true.append(f"coalesce(({near}) * {scale} {sign} {right}, FALSE)")
                possible.append(f"coalesce(({far}) * {scale} {sign} {right}, TRUE)")
        begun = (
            " OR ".join(f"{self.cell(fact)} IS NOT NULL" for fact in quantity.facts_needed)
            or "TRUE"
        )
        return self.numbers.attempt.format(
            f"CASE WHEN NOT ({begun}) OR ({ends.void}) THEN NULL "
            f"WHEN {' AND '.join(true) or 'TRUE'} THEN TRUE "
            f"WHEN NOT ({' AND '.join(possible) or 'TRUE'}) THEN FALSE END"
        )

    def of_sum(self, terms: Sequence[Ends]) -> Ends:
        return reduce(_added, terms)

    def of_negative(self, part: Ends) -> Ends:
        return _negative(part)

    def of_product(self, terms: Sequence[Ends]) -> Ends:
        return reduce(_multiplied, terms)

    def of_ratio(self, first: Ends, second: Ends, _divisor: Quantity) -> Ends:
        return _divided(first, second)

    def of_least(self, terms: Sequence[Ends]) -> Ends:
        return reduce(_lesser, terms)

    def of_greatest(self, terms: Sequence[Ends]) -> Ends:
        return reduce(_greater, terms)

    def of_records(self, count: forms.Count) -> Ends:
        surely, perhaps = self.records(count)
        return Ends(surely, perhaps, self._number(100 if count.amounts else 1), positive=True)

    def of_projects(self, total: forms.ProjectTotal) -> Ends:
        cells, none = self.projects(total), self.of_number(Fraction(0), Fraction(0))
        own = cells.writer.ends(total.worth)
        zero, one, over = _same_meaning(none, own)
        low, high = (
            f"(CASE WHEN {cells.counts} THEN {end} ELSE {zero.low} END)"
            for end in (one.low, one.high)
        )
        unstated = interval_of(total, NOBODY, self.as_of)
        if total.best is not None:
            low, high = f"greatest({zero.low}, {low})", _of_both("greatest", zero.low, high)
        if unstated.low:
            low = f"(CASE WHEN {cells.others} THEN NULL ELSE {low} END)"
        if unstated.high:
            high = f"(CASE WHEN {cells.others} THEN NULL ELSE {high} END)"
        void = f"({cells.counts} AND {own.void})"
        return Ends(low, high, over, void, own.positive)

    def of_year(self, day: Ends) -> Ends:
        begin, end_ = (f"year({self._day(end)})" for end in (day.low, day.high))
        return Ends(begin, end_, "1", day.void, positive=True)

    def _number(self, whole: int) -> str:
        return f"CAST({whole} AS {self.numbers.whole})"

    def of_number(self, low: Fraction, high: End) -> Ends:
        last = high if isinstance(high, Fraction) else low  # over one divisor with it
        over = low.denominator if low == last else low.denominator * last.denominator
        least, most = (self._number(int(end * over)) for end in (low, last))
        is_open = last is not high
        return Ends(least, "NULL" if is_open else most, self._number(over), positive=low >= 0)

    def of_fact(self, quantity: forms.FactQuantity) -> Ends:
        kind, text = self.vocabulary.facts[quantity.fact].type, self.cell(quantity.fact)
        scale = _SCALE[kind]
        if kind is FactType.DATE:
            value = self.numbers.ordinal.format(f"TRY_CAST({text} AS DATE)")
        else:
            value = f"TRY_CAST({text} AS DECIMAL(28, 6)) * {scale}"
        value = f"CAST({value} AS {self.numbers.whole})"
        low, high = (
            value if end is None else f"coalesce({value}, {self._number(int(end * scale))})"
            for end in (quantity.low, quantity.high)
        )
        positive = quantity.low is not None and quantity.low >= 0
        return Ends(low, high, self._number(scale), positive=positive)

    def of_parameter(self, quantity: forms.ParameterQuantity) -> Ends:
        """The figure of the day, unless the row states its own."""
        value, low = quantity.parameter.value_on(self.as_of), quantity.parameter.minimum
        least, most = (low, None) if value is None else (value, value)
        if quantity.own is None:
            if least is None:
                return Ends("NULL", "NULL", self._number(1))
            return self.of_number(least, inf if most is None else most)
        return self.of_fact(forms.FactQuantity(quantity.own, least, most))

    def of_cases(self, cases: forms.Cases) -> Ends:
        rest = self.ends(cases.otherwise)
        for branch in reversed(cases.branches):
            holds, here = self.truth(branch.condition), self.ends(branch.quantity)
            a, b, over = _same_meaning(here, rest)
            low = f"CASE WHEN {a.low} IS NULL OR {b.low} IS NULL THEN NULL "
            low += f"ELSE least({a.low}, {b.low}) END"
            high = f"CASE WHEN {a.high} IS NULL OR {b.high} IS NULL THEN NULL "
            high += f"ELSE greatest({a.high}, {b.high}) END"
            rest = Ends(
                f"(CASE WHEN {holds} THEN {a.low} WHEN NOT {holds} THEN {b.low} ELSE {low} END)",
                f"(CASE WHEN {holds} THEN {a.high} WHEN NOT {holds} THEN {b.high} ELSE {high} END)",
                over,
                f"(CASE WHEN {holds} THEN {a.void} WHEN NOT {holds} THEN {b.void} "
                f"ELSE {a.void} OR {b.void} END)",
                a.positive and b.positive,
            )
        return rest

    def _day(self, end: str) -> str:
        return self.numbers.day.format(end)

    def of_months(self, first: Ends, second: Ends) -> Ends:
        low, high = self._full(first.high, second.low), self._full(first.low, second.high)
        low = f"coalesce({low}, 0)"
        return Ends(low, high, "1", f"({first.void} OR {second.void})", positive=True)

    def of_steps(self, whole: Ends, steps: forms.Steps) -> Ends:
        each = steps.each.value
        over = f"(({whole.over}) * {self._number(each.numerator)})"
        low, high = (self._holding(end, over, steps) for end in (whole.low, whole.high))
        return Ends(f"coalesce({low}, 0)", high, "1", whole.void, positive=True)

    def _holding(self, end: str, over: str, steps: forms.Steps) -> str:
        """How often one end holds what is counted; NULL where that side is open."""
        scaled = f"(({end}) * {self._number(steps.each.value.denominator)})"
        if steps.begun:
            scaled = f"({scaled} + {over} - 1)"
        held = self.numbers.quotient.format(scaled, over)
        return f"CASE WHEN {end} <= 0 THEN 0 WHEN {end} > 0 THEN {held} END"

    def _full(self, start: str, end: str) -> str:
        """The months that are complete; NULL where a side is open."""
        a, b = self._day(start), self._day(end)
        months = f"((year({b}) - year({a})) * 12 + month({b}) - month({a}))"
        later = self.numbers.months_later.format(a, months)
        full = f"greatest({months} - CASE WHEN {later} > {b} THEN 1 ELSE 0 END, 0)"
        return f"CASE WHEN {start} IS NOT NULL AND {end} IS NOT NULL THEN {full} END"


def _same_meaning(first: Ends, second: Ends) -> tuple[Ends, Ends, str]:
    """Both over one divisor."""
    if first.over == second.over:
        return first, second, first.over
    over = f"({first.over}) * ({second.over})"
    one = [f"(({end}) * ({second.over}))" for end in (first.low, first.high)]
    other = [f"(({end}) * ({first.over}))" for end in (second.low, second.high)]
    return (
        Ends(one[0], one[1], over, first.void, first.positive),
        Ends(other[0], other[1], over, second.void, second.positive),
        over,
    )


def _void(*parts: Ends) -> str:
    voids = [p.void for p in parts if p.void != "FALSE"]
    return f"({' OR '.join(voids)})" if voids else "FALSE"


def _added(first: Ends, second: Ends) -> Ends:
    a, b, over = _same_meaning(first, second)
    low, high = f"({a.low} + {b.low})", f"({a.high} + {b.high})"
    return Ends(low, high, over, _void(a, b), a.positive and b.positive)


def _negative(part: Ends) -> Ends:
    return Ends(f"(-{part.high})", f"(-{part.low})", part.over, part.void)


def _times(a: str, b: str) -> str:
    return f"(CASE WHEN {a} = 0 OR {b} = 0 THEN 0 ELSE {a} * {b} END)"


def _multiplied(first: Ends, second: Ends) -> Ends:
    over, void = f"({first.over}) * ({second.over})", _void(first, second)
    if not first.positive:
        first, second = second, first
    if first.positive:
        a, b = first, second
        low = f"(CASE WHEN {b.low} >= 0 THEN {_times(a.low, b.low)} "
        high = f"(CASE WHEN {b.high} < 0 THEN {_times(a.low, b.high)} "
        low += f"ELSE {_times(a.high, b.low)} END)"
        high += f"ELSE {_times(a.high, b.high)} END)"
        if b.positive:
            low, high = _times(a.low, b.low), _times(a.high, b.high)
        return Ends(low, high, over, void, a.positive and b.positive)
    return _signed(first, second, over, void)


def _signed(a: Ends, b: Ends, over: str, void: str) -> Ends:
    """The product of two numbers that may both be negative: exact where both are known, otherwise
    bounded only where all four ends are."""
    products = [f"{x} * {y}" for x in (a.low, a.high) for y in (b.low, b.high)]
    bounded = " AND ".join(f"{end} IS NOT NULL" for end in (a.low, a.high, b.low, b.high))
    low, high = (
        f"(CASE WHEN {bounded} THEN {pick}({', '.join(products)}) END)"
        for pick in ("least", "greatest")
    )
    return Ends(low, high, over, void)


def _divided(first: Ends, second: Ends) -> Ends:
    """The first times the inverse of the second, which is above zero or there is no value."""
    low, high, over = second.low, second.high, second.over
    inverse = Ends(
        f"(CASE WHEN {high} IS NULL THEN 0 WHEN {low} = {high} THEN {over} "
        f"ELSE ({over}) * {low} END)",
        f"(CASE WHEN {high} IS NULL OR {low} = {high} THEN {over} ELSE ({over}) * {high} END)",
        f"(CASE WHEN {high} IS NULL OR {low} = {high} THEN {low} ELSE {low} * {high} END)",
        f"coalesce({low} <= 0, TRUE)",
        positive=True,
    )
    void = _void(first, second, inverse)
    found = _multiplied(inverse, first)
    return Ends(found.low, found.high, found.over, void, found.positive)


def _lesser(first: Ends, second: Ends) -> Ends:
    a, b, over = _same_meaning(first, second)
    low, high = _of_both("least", a.low, b.low), f"least({a.high}, {b.high})"
    return Ends(low, high, over, _void(a, b), a.positive and b.positive)


def _greater(first: Ends, second: Ends) -> Ends:
    a, b, over = _same_meaning(first, second)
    low, high = f"greatest({a.low}, {b.low})", _of_both("greatest", a.high, b.high)
    return Ends(low, high, over, _void(a, b), a.positive or b.positive)


def _of_both(function: str, a: str, b: str) -> str:
    """`least` or `greatest` of two ends, which is open where one of them is: the functions of SQL
    pass over what is NULL."""
    return f"(CASE WHEN {a} IS NULL OR {b} IS NULL THEN NULL ELSE {function}({a}, {b}) END)"
