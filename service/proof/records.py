"""Certificates and support had as logical variables: how many there are of each kind that the rules
can tell apart.

Two records are of one kind on a day where every test of the rules says the same of both. So
whatever counts the solver finds are those of records that can be held together.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import TypeAlias

import z3

from service.domain.advice.candidate_values import MAX_RECORDS
from service.domain.dates import DAY
from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import Award, Certificate, Record, Value, records_in
from service.domain.facts.vocabulary import Fact
from service.domain.rules.record_tests import AwardTest, CertificateTest, RecordTest
from service.domain.rules.record_times import Years
from service.domain.rules.rounding import EXACT
from service.domain.truth import Truth
from service.proof.variables import Formula, Model, Variable

# A programme that no rule names.
_ANOTHER = "another-programme"

Sums: TypeAlias = tuple[Formula, Formula]


@dataclass(frozen=True)
class _Kind:
    """Records that no test tells apart: one of them, what each test says of it, how many there
    are, and what they come to in money."""

    record: Record
    truths: tuple[Truth, ...]
    count: Formula
    money: Formula


class Records(Variable):
    """The records of one fact, as what rules count of them. `purposes` and `levels` are the lists
    that support is told by."""

    def __init__(
        self, fact: Fact, name: str, tests: list[RecordTest],
        purposes: CodeList | None = None, levels: CodeList | None = None,
    ) -> None:  # fmt: skip
        super().__init__(fact, name)
        self.tests = tests
        self.lists = purposes, levels
        self._kinds: dict[date, tuple[_Kind, ...]] = {}

    def counted(self, test: RecordTest, as_of: date) -> Sums:
        """How many records surely meet a test on a day, and how many may."""
        self._on(as_of)
        name = self._name(test, as_of)
        return z3.Int(f"{name} surely"), z3.Int(f"{name} perhaps")

    def summed(self, test: RecordTest, as_of: date) -> tuple[Formula, Formula, Formula]:
        """What the records that surely meet a test come to, those that may, and whether nothing
        bounds that."""
        self._on(as_of)
        name = self._name(test, as_of)
        low, high = (z3.Real(f"{name} {end} in money") for end in ("low", "high"))
        return low, high, z3.Bool(f"{name} without end")

    def _name(self, test: RecordTest, as_of: date) -> str:
        return f"{self.name} {self.tests.index(test)} on {as_of}"

    def _on(self, as_of: date) -> tuple[_Kind, ...]:
        """The kinds of records there are on a day."""
        if as_of not in self._kinds:
            seen: dict[tuple[Truth, ...], Record] = {}
            for record in self._candidates(as_of):
                truths = tuple(test.meets(record, as_of) for test in self.tests)
                if Truth.TRUE in truths and Truth.UNKNOWN not in truths:
                    seen.setdefault(truths, record)
            self._kinds[as_of] = tuple(
                _Kind(record, truths, z3.Int(f"{self.name} kind {i} on {as_of}"),
                      z3.Int(f"{self.name} kind {i} on {as_of} in money"))
                for i, (truths, record) in enumerate(seen.items())
            )  # fmt: skip
        return self._kinds[as_of]

    def _candidates(self, as_of: date) -> Iterator[Record]:
        certificates = [t for t in self.tests if isinstance(t, CertificateTest)]
        awards = [t for t in self.tests if isinstance(t, AwardTest)]
        yield from _certificates(certificates, as_of)
        yield from _awards(awards, as_of, *self.lists)

    def bounds(self) -> Iterator[Formula]:
        """What is counted on the days that rules were translated for is what there is."""
        for as_of, kinds in self._kinds.items():
            for kind in kinds:
                yield z3.And(kind.count >= 0, kind.count <= MAX_RECORDS, kind.money >= 0)
                yield (kind.money == 0) == (kind.count == 0)
            for i, test in enumerate(self.tests):
                low, high = self.counted(test, as_of)
                money, most, endless = self.summed(test, as_of)
                met = [kind for kind in kinds if kind.truths[i] is Truth.TRUE]
                yield z3.And(low == z3.Sum([k.count for k in met]), high == low)
                yield z3.And(money == z3.Sum([k.money for k in met]), most == money)
                yield z3.Not(endless)

    def equals(self, value: Value, as_of: date) -> Iterator[Formula]:
        held = records_in(value)
        for test in self.tests:
            low, high = self.counted(test, as_of)
            truths = [test.meets(record, as_of) for record in held]
            yield low == truths.count(Truth.TRUE)
            yield high == sum(truth is not Truth.FALSE for truth in truths)
            yield from self._sums_equal(test, held, truths, as_of)

    def _sums_equal(
        self, test: RecordTest, held: tuple[Record, ...], truths: list[Truth], as_of: date
    ) -> Iterator[Formula]:
        low, high, endless = self.summed(test, as_of)
        amounts = [r.amount if isinstance(r, Award) else None for r in held]
        pairs = list(zip(amounts, truths, strict=True))
        sure = sum(Fraction(a or 0) for a, t in pairs if t is Truth.TRUE)
        most = sum(Fraction(a or 0) for a, t in pairs if t is not Truth.FALSE)
        yield low == z3.Q(sure.numerator, sure.denominator)
        yield high == z3.Q(most.numerator, most.denominator)
        yield endless == z3.BoolVal(any(a is None and t is not Truth.FALSE for a, t in pairs))

    def value(self, model: Model, as_of: date) -> Value:
        """Records of each kind, as many as the model says; the first of them has all the money."""
        held: list[Record] = []
        for kind in self._on(as_of):
            count = model.eval(kind.count, model_completion=True).as_long()
            money = model.eval(kind.money, model_completion=True).as_long()
            held += [_with_amount(kind.record, Decimal(money))] * min(count, 1)
            held += [_with_amount(kind.record, Decimal(0))] * (count - 1)
        return tuple(held)  # type: ignore[return-value]  # all records are of one kind


def _with_amount(record: Record, amount: Decimal) -> Record:
    exact = EXACT.create_decimal(amount)
    return replace(record, amount=exact) if isinstance(record, Award) else record


def _certificates(tests: list[CertificateTest], as_of: date) -> Iterator[Certificate]:
    """Certificates of every category that a test names, valid and run out, issued on both sides of
    every bound."""
    days = {as_of, as_of - DAY}
    for test in tests:
        issued = test.issue_days(as_of)
        if issued is not None:
            days.update(_around(issued.start, issued.end, DAY))
        if test.years is not None:
            first, last = test.years.on(as_of)
            start = None if first is None else date(first, 1, 1)
            days.update(_around(start, None if last is None else date(last, 12, 31), DAY))
    for category, day in product(_categories(tests), sorted(days)):
        yield Certificate(category, day, max(day, as_of))
        if day < as_of:
            yield Certificate(category, day, day)


def _categories(tests: list[CertificateTest]) -> Iterable[str]:
    """A category for each way in which one can count for some tests and not for others: one that
    lies in two that are named counts for both at once."""
    found: dict[tuple[bool, ...], str] = {}
    for category in dict.fromkeys(c for t in tests for c in (*t.categories, *t.codes.codes)):
        found.setdefault(tuple(test.counts(category) for test in tests), category)
    return found.values()


def _around(start: date | None, end: date | None, step: timedelta) -> Iterator[date]:
    """The ends of a span and the days outside it."""
    if start is not None:
        yield from (start - step, start)
    if end is not None:
        yield from (end, end + step)


def _awards(
    tests: list[AwardTest], as_of: date, purposes: CodeList | None, levels: CodeList | None
) -> Iterator[Award]:
    """Awards of every purpose, level and programme that a test names and of one that none names, in
    the years on both sides of every bound."""
    if not tests:
        return
    years = {as_of.year, *(y for t in tests if t.years for y in _years(t.years, as_of))}
    windows = [t.within.on(as_of) for t in tests if t.within]
    days = {day for w in windows for day in _around(w.start, w.end, DAY)}
    when: list[tuple[int, date | None]] = [(year, None) for year in sorted(years)]
    if days:
        # Where a test looks at days every record has one, also of the years that tests name.
        days |= {date(year, 12, 31) for year in years if year != as_of.year}
        when = [(day.year, day) for day in sorted(days)]
    programmes = list[str | None](dict.fromkeys(p for t in tests for p in t.programmes))
    programmes.append(_ANOTHER if programmes else None)
    for purpose, level, programme, (year, day) in product(
        _with_another((p for t in tests for p in t.purposes), purposes),
        _with_another((level for t in tests for level in t.levels), levels),
        programmes,
        when,
    ):
        yield Award(purpose or "other", level, Decimal(1), year, programme, granted_on=day)


def _years(years: Years, as_of: date) -> Iterator[int]:
    first, last = years.on(as_of)
    if first is not None:
        yield from (first - 1, first)
    if last is not None:
        yield from (last, last + 1)


def _with_another(named: Iterable[str], codes: CodeList | None) -> list[str | None]:
    """The codes that tests name, and one that none names."""
    found = list[str | None](dict.fromkeys(named))
    another = next((c for c in codes.codes if c not in found), None) if codes else None
    return [*found, another] if another or not found else found
