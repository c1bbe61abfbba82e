"""Values worth trying for a fact: finitely many, one for every way its tests can come out.

Used to find what a company would have to change, and to prove things about rules: between the
values that stand in the tests, nothing can happen that one of these does not show.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import chain, combinations

from service.domain.amounts import EXACT
from service.domain.codes import CodeList
from service.domain.conditions import Combine, Condition, Quantity, Test, leaves
from service.domain.dates import add_months
from service.domain.operators import Age, Among, Holds, Range
from service.domain.profile import Certificate, Subject, Value
from service.domain.vocabulary import Fact, FactType

_STEP = {FactType.MONEY: Decimal("0.01"), FactType.NUMBER: Decimal("0.000001")}
_OUTSIDE = "none of the list"
_DAY = timedelta(days=1)


def tests_of(fact: str, condition: Condition) -> tuple[Test, ...]:
    """The tests of a tree that look at a fact."""
    return tuple(x for x in leaves(condition) if isinstance(x, Test) and fact in x.quantity.facts)


def candidates(fact: Fact, condition: Condition, subject: Subject, as_of: date) -> list[Value]:
    """Values of a fact that between them give every outcome of the tree's tests of it, the
    subject's other facts as they are."""
    tests = tests_of(fact.id, condition)
    found: dict[Value, None] = {}
    for test in tests:
        operator = test.operator
        if isinstance(operator, Range):
            values = _around(fact, test, operator, subject)
        elif isinstance(operator, Age):
            values = _ages(operator, as_of)
        elif isinstance(operator, Holds):
            values = _certificates(operator, as_of)
        else:
            values = _members(fact, tests)
        found.update(dict.fromkeys(v for v in values if _allowed(fact, v)))
    return list(found)


def _allowed(fact: Fact, value: Value) -> bool:
    """Whether the vocabulary lets a fact have this value."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return True
    low, high = fact.minimum, fact.maximum
    return (low is None or value >= low) and (high is None or value <= high) and not (
        fact.positive and value <= 0
    )  # fmt: skip


def _around(fact: Fact, test: Test, bounds: Range, subject: Subject) -> Iterator[Value]:
    """Each bound as seen by this fact, and its neighbours on both sides."""
    for bound in (bounds.low, bounds.high):
        if bound is None:
            continue
        if isinstance(bound, date):
            yield from (bound, bound - _DAY, bound + _DAY)
        else:
            yield from _near(fact, _solve(fact.id, test.quantity, Fraction(bound), subject))


def _near(fact: Fact, point: Fraction | None) -> Iterator[Value]:
    if point is None:
        return
    if fact.type is FactType.INTEGER:
        floor = point.numerator // point.denominator
        yield from (floor - 1, floor, floor + 1, floor + 2)
        return
    step = _STEP[fact.type]
    floor_steps = (point / Fraction(step)).__floor__()
    yield from (EXACT.multiply(step, Decimal(floor_steps + k)) for k in (-1, 0, 1, 2))


def _solve(fact: str, quantity: Quantity, bound: Fraction, subject: Subject) -> Fraction | None:
    """The value of one fact at which a quantity reaches a bound, its other facts as stated."""
    if quantity.combine is Combine.VALUE:
        return bound
    values = {f: subject.get(f) for f in quantity.facts}
    others = [Fraction(v) for f, v in values.items() if f != fact and isinstance(v, int | Decimal)]
    if len(others) != len(values) - 1:
        return None
    if quantity.combine is Combine.SUM:
        return bound - sum(others)
    if quantity.combine is Combine.MEAN:
        return bound * len(values) - sum(others)
    factor = bound + 1 if quantity.combine is Combine.GROWTH else bound
    if fact == quantity.facts[0]:
        return factor * others[0]
    return others[0] / factor if factor else None


def _ages(age: Age, as_of: date) -> Iterator[Value]:
    for months in (age.months.low, age.months.high):
        if isinstance(months, int):
            for k in (months - 1, months, months + 1):
                day = add_months(as_of, -k)
                yield from (day, day - _DAY, day + _DAY)
    yield as_of + _DAY


def _certificates(holds: Holds, as_of: date) -> Iterator[Value]:
    yield ()
    for category in holds.categories:
        yield (Certificate(category, as_of, as_of),)
    yield tuple(Certificate(c, as_of, as_of) for c in holds.categories)


def _members(fact: Fact, tests: Iterable[Test]) -> Iterator[Value]:
    if fact.type is FactType.BOOLEAN:
        yield from (True, False)
        return
    amongs = [t.operator for t in tests if isinstance(t.operator, Among)]
    named = dict.fromkeys(v for a in amongs for v in (*a.values, *a.umbrella))
    codes = next((a.codes for a in amongs if a.codes), None)
    points: list[str | int] = list(named)
    points.append(_outside(codes, [str(v) for v in named]) if codes else _stranger(points))
    if fact.type is not FactType.CODES:
        yield from points
        return
    for chosen in chain.from_iterable(combinations(points, k) for k in (0, 1, 2)):
        yield frozenset(str(p) for p in chosen)
    yield frozenset(str(p) for p in points)


def _outside(codes: CodeList, named: list[str]) -> str:
    """A code that has nothing to do with the named ones; where every code has, a made-up one."""
    for code in codes.codes:
        if all(codes.relation(code, n) == 0 for n in named):
            return code
    return _OUTSIDE


def _stranger(points: list[str | int]) -> str | int:
    numbers = [p for p in points if isinstance(p, int)]
    return max(numbers) + 1 if numbers else _OUTSIDE
