"""Values worth trying for a fact: finitely many, one for every way its tests can come out.

Used to find what a company would have to change, and to prove things about rules: between the
values that stand in the tests, nothing can happen that one of these does not show.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import chain, combinations, islice, product
from typing import assert_never

from service.domain.advice.candidate_projects import more_projects, project_values
from service.domain.dates import DAY, add_months
from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import Award, Certificate, Subject, Value, records_in
from service.domain.facts.vocabulary import Fact, FactType
from service.domain.rules.conditions import Condition, Predicate, tests_in
from service.domain.rules.member_values import (
    certificate_values,
    member_values,
    named_members,
    operators_of,
)
from service.domain.rules.operators import Age, HoldsCertificate, InSet, Range
from service.domain.rules.quantities import Count, FactQuantity
from service.domain.rules.quantity_contents import counts_in, totals_in
from service.domain.rules.quantity_inverse import QuantityInverse
from service.domain.rules.record_tests import AwardTest
from service.domain.rules.rounding import EXACT
from service.domain.truth import Truth

_NUMBERS = (FactType.INTEGER, FactType.NUMBER, FactType.MONEY)
# Never more sets of values than this.
MAX_SETS = 1_000
# Nobody is asked to hold more records of one kind than this.
MAX_RECORDS = 100
_OTHER_TEXT = "another"
# Beyond all that is counted or paid, and on every grid.
_FAR = Decimal(10**30)
# Amounts to reckon with in a sum or a ratio, where another part of it is unknown or zero.
_ROUND = (0, 1, 100, 10_000)


def tests_of(fact: str, condition: Condition) -> tuple[Predicate, ...]:
    """The tests of a tree that look at a fact, with those inside quantities."""
    return tuple(test for test in tests_in(condition) if fact in test.quantity.facts)


def candidate_values(
    fact: Fact, condition: Condition, subject: Subject, as_of: date
) -> list[Value]:
    """Values of a fact that between them give every outcome of the tree's tests of it, the
    subject's other facts as they are."""
    return list(dict.fromkeys(candidates(fact, condition, subject, as_of)))


def candidates(fact: Fact, condition: Condition, subject: Subject, as_of: date) -> Iterator[Value]:
    """Such values, each made when it is asked for; some more than once."""
    tests = tests_of(fact.id, condition)
    # What sets and certificates call for hangs on all tests together.
    first = {type(test.operator): test for test in reversed(tests)}
    for test in tests:
        operator = test.operator
        match operator:
            case InSet() | HoldsCertificate() if first[type(operator)] is not test:
                continue
            case Range():
                values = _boundary_values(fact, test, operator, subject, as_of)
            case Age():
                values = _age_values(operator, as_of)
            case HoldsCertificate():
                values = certificate_values(operators_of(tests, HoldsCertificate), as_of)
            case InSet():
                values = member_values(fact.type, operators_of(tests, InSet))
            case _:
                assert_never(operator)
        yield from (value for value in values if is_allowed(fact, value))


def is_allowed(fact: Fact, value: Value) -> bool:
    """Whether the vocabulary lets a fact have this value."""
    if isinstance(value, frozenset):
        return bool(value) or not fact.at_least_one
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return True
    low, high = fact.minimum, fact.maximum
    return (low is None or value >= low) and (high is None or value <= high) and not (
        fact.positive and value <= 0
    )  # fmt: skip


def extreme_values(fact: Fact) -> Iterator[Value]:
    """The ends of what a number or a day may be; where there is none, values beyond every bound."""
    if fact.type is FactType.DATE:
        yield from (date.min, date.max)
    elif fact.type in _NUMBERS:
        low = -_FAR if fact.minimum is None else fact.minimum
        high = _FAR if fact.maximum is None else fact.maximum
        yield from (end for end in (low, high) if is_allowed(fact, end))


def _boundary_values(
    fact: Fact, test: Predicate, bounds: Range, subject: Subject, as_of: date
) -> Iterator[Value]:
    """Each bound as seen by this fact, and its neighbours on both sides."""
    if isinstance(test.quantity, FactQuantity):
        for bound in (bounds.low, bounds.high):
            if isinstance(bound, date):
                yield from (bound, bound - DAY, bound + DAY)
            elif bound is not None:
                yield from _grid_neighbours(fact, Fraction(bound))
        return
    for point in dict.fromkeys(QuantityInverse(fact.id, subject, as_of).turning(test)):
        yield from _grid_neighbours(fact, point)
    for count in (c for c in counts_in(test.quantity) if c.fact == fact.id):
        yield from _record_values(count, bounds, as_of)
    for total in (t for t in totals_in(test.quantity) if t.fact == fact.id):
        yield from project_values(total, bounds, subject, as_of)
    if fact.type in _NUMBERS:
        yield from (n if fact.type is FactType.INTEGER else Decimal(n) for n in _ROUND)


def _record_values(count: Count, bounds: Range, as_of: date) -> Iterator[Value]:
    """So many records, or so much money in one, as bring a count to both sides of its bounds."""
    record = count.test.witness(as_of)
    ends = (e for e in (bounds.low, bounds.high) if e is not None and not isinstance(e, date))
    near = [n for end in ends for n in (Fraction(end).__floor__(), Fraction(end).__floor__() + 1)]
    for several in dict.fromkeys((0, 1, 2, *(n for n in near if 0 <= n <= MAX_RECORDS))):
        yield (record,) * several  # type: ignore[misc]  # all records are of one kind
    if count.amounts and isinstance(record, Award):
        yield from ((replace(record, amount=Decimal(n)),) for n in near if n > 0)


def _grid_neighbours(fact: Fact, point: Fraction) -> Iterator[Value]:
    floor = point.numerator // point.denominator
    if fact.type is FactType.DATE:
        days = (floor + k for k in (-1, 0, 1))
        yield from (date.fromordinal(d) for d in days if 1 <= d <= date.max.toordinal())
    elif fact.type is FactType.INTEGER:
        yield from (floor - 1, floor, floor + 1, floor + 2)
    elif fact.step is not None:
        floor_steps = (point / Fraction(fact.step)).__floor__()
        yield from (EXACT.multiply(fact.step, Decimal(floor_steps + k)) for k in (-1, 0, 1, 2))


def _age_values(age: Age, as_of: date) -> Iterator[Value]:
    for months in (age.months.low, age.months.high):
        if isinstance(months, int):
            for k in (months - 1, months, months + 1):
                day = add_months(as_of, -k)
                yield from (day, day - DAY, day + DAY)
    yield as_of + DAY


def refining_values(fact: Fact, condition: Condition, subject: Subject, as_of: date) -> list[Value]:
    """Values that an answer can give a fact: any of the candidates where it is unknown, a more
    exact value where a stated one is too coarse, none where it is settled."""
    present = subject.get(fact.id)
    if present is None:
        return candidate_values(fact, condition, subject, as_of)
    tests = tests_of(fact.id, condition)
    if fact.type is FactType.PROJECTS:
        return list(more_projects(present, candidate_values(fact, condition, subject, as_of)))
    if isinstance(present, tuple):
        tests_of_awards = [
            count.test
            for test in tests
            for count in counts_in(test.quantity)
            if isinstance(count.test, AwardTest)
        ]
        return list(_completed(records_in(present), tests_of_awards, as_of))
    codes = next((t.operator.codes for t in tests if isinstance(t.operator, InSet)), None)
    if codes is None:
        return []
    named = tuple(map(str, named_members(operators_of(tests, InSet))))
    if isinstance(present, str):
        return [code for code in _narrower_codes(codes, present, named) if code != present]
    if not isinstance(present, frozenset):
        return []
    parts = [_distinct(codes, named, _finer_codes(codes, code, named)) for code in sorted(present)]
    return [value for value in _finer_sets(parts) if value != present]


def finer_parts(
    value: Value, codes: CodeList | None, near: Callable[[str], Iterable[str]], as_of: date
) -> Iterator[tuple[Value, Iterable[Value]]]:
    """The parts of a stated value that can be stated more exactly one by one, each with what may
    then stand in its place: as many values as tests of codes or certificates tell apart, which name
    no others than those `near` a code. A set of codes of which one may say something of another is
    one part."""
    if isinstance(value, tuple):
        for record in records_in(value):
            if isinstance(record, Certificate):
                yield (record,), ((known,) for known in _terms(record, as_of)[1:])
    elif codes is None:
        return
    elif isinstance(value, str):
        yield value, codes.classes.below(value, tuple(near(value)))
    elif isinstance(value, frozenset) and codes.has_ties:
        named = tuple(dict.fromkeys(chain.from_iterable(map(near, value))))
        yield value, _finer_sets([_finer_codes(codes, code, named) for code in sorted(value)])
    elif isinstance(value, frozenset):
        for code in sorted(value):
            below = codes.classes.below(code, tuple(near(code)))
            yield frozenset([code]), (frozenset([narrower]) for narrower in below)


def _narrower_codes(codes: CodeList, code: str, named: tuple[str, ...]) -> list[str]:
    """The code itself and one of every class of codes that lie in it."""
    return list(dict.fromkeys([code, *codes.classes.within(code, named)]))


def _completed_codes(codes: CodeList, code: str) -> Iterator[tuple[str, ...]]:
    """A code with what its holder may be besides, and with what rules that out."""
    for other in codes.also(code):
        yield (code, other)
        yield from ((code, c) for c in islice(codes.excluding(other), 1))


def _finer_codes(codes: CodeList, code: str, named: tuple[str, ...]) -> list[tuple[str, ...]]:
    """What may stand in the place of a code of a set: itself, one or two that lie in it, and what
    completes it."""
    narrower = _narrower_codes(codes, code, named)
    alone = ((c,) for c in narrower)
    return [*alone, *combinations(narrower[1:], 2), *_completed_codes(codes, code)]


def _finer_sets(parts: Sequence[Sequence[tuple[str, ...]]]) -> Iterable[frozenset[str]]:
    """The sets of codes in which each has in its place what is listed for it, up to a limit."""
    chosen = islice(product(*parts), MAX_SETS)
    return dict.fromkeys(frozenset(chain(*several)) for several in chosen)


def _distinct(
    codes: CodeList, named: tuple[str, ...], parts: Iterable[tuple[str, ...]]
) -> list[tuple[str, ...]]:
    """The first of each set of groups that lie to the named codes in the same way."""
    found: dict[tuple[tuple[Truth, bool], ...], tuple[str, ...]] = {}
    for part in parts:
        bearings = tuple([
            (max([codes.relation(c, target) for c in part]),
             any(codes.rules_out(c, target) for c in part))
            for target in named
        ])  # fmt: skip
        found.setdefault(bearings, part)
    return list(found.values())


def _completed(
    held: tuple[Certificate | Award, ...], tests: list[AwardTest], as_of: date
) -> Iterator[Value]:
    """Records with what was not stated of them: as they are, and in each way that matters."""
    ways = [
        _terms(r, as_of) if isinstance(r, Certificate) else tuple(_payers(r, tests)) for r in held
    ]
    for chosen in islice(product(*ways), 1, MAX_SETS):
        yield tuple(chosen)  # type: ignore[misc]  # all records are of one kind


def _payers(held: Award, tests: list[AwardTest]) -> Iterator[Award]:
    """Support as it is, paid by each programme that it may be of, and by another."""
    yield held
    if held.payer_unsure:
        named = {p: name for test in tests for p, name in test.payers.items()}
        for programme in (*named, _OTHER_TEXT):
            if programme == _OTHER_TEXT or held.paid_by(programme) is Truth.UNKNOWN:
                payer = named.get(programme)
                yield replace(held, programme=programme, likely=(), payer=payer)


def _terms(held: Certificate, as_of: date) -> tuple[Certificate, ...]:
    issued, expires = held.issued_on, held.expires_on
    if expires is not None or held.contested:
        return (held,)
    valid = replace(held, issued_on=issued or as_of, expires_on=as_of, unsure=False)
    return held, valid, replace(valid, expires_on=as_of - DAY)
