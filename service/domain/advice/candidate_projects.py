"""Projects worth trying for a rule about all projects of a company: such as bring their count or
total to either side of the rule's bounds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from service.domain.dates import DAY, add_months
from service.domain.facts.profile import PROJECT_KIND, Project, Subject, Value, projects_in
from service.domain.rules.conditions import Condition, Predicate, tests_in
from service.domain.rules.intervals import interval_of
from service.domain.rules.operators import Age, HoldsCertificate, InSet, Range
from service.domain.rules.quantities import Cases, FactQuantity, ProjectTotal
from service.domain.rules.quantity_contents import totals_in
from service.domain.rules.quantity_inverse import QuantityInverse
from service.domain.rules.rounding import as_decimal
from service.domain.truth import Truth

# Nobody is asked to have more projects than this.
MAX_PROJECTS = 100
# Sizes to reckon with where another part of a comparison is unknown.
_ROUND = (0, 1, 10**4, 10**8)


def project_values(
    total: ProjectTotal, bounds: Range, subject: Subject, as_of: date
) -> Iterator[Value]:
    """Lists of projects, so many or so large that a total comes to both sides of its bounds, alone
    or beside the subject's own projects; the smaller first."""
    ends = [e for e in (bounds.low, bounds.high) if e is not None and not isinstance(e, date)]
    whole = [Fraction(end).__floor__() + k for end in ends for k in (0, 1)]
    had = interval_of(total, subject, as_of).point or Fraction(0)
    near = list(dict.fromkeys((*whole, *((n - had).__ceil__() for n in whole if n > had))))
    one = _counting_project(total, as_of)
    for several in dict.fromkeys((0, 1, 2, *(n for n in near if 0 <= n <= MAX_PROJECTS))):
        yield (one,) * several
    for number in total.worth.facts:
        inverse = QuantityInverse(number, Subject(None, one.facts, {}), as_of)
        if isinstance(one.facts.get(number), Decimal | int):
            sizes = [x for n in near for x in inverse.reaching(total.worth, Fraction(n))]
            for size in sorted({*map(Decimal, _ROUND), *(as_decimal(x) for x in sizes)}):
                yield (replace(one, facts={**one.facts, number: size}),)


def _counting_project(total: ProjectTotal, as_of: date) -> Project:
    """A project that counts, where one is found among the values that its tests tell apart."""
    facts: dict[str, Value] = {PROJECT_KIND: total.kinds[0]}
    branches = total.worth.branches if isinstance(total.worth, Cases) else ()
    plain = [f for f in total.worth.facts if f not in facts]
    for test in (t for b in branches for t in tests_in(b.condition)):
        if isinstance(test.quantity, FactQuantity) and test.quantity.fact in plain:
            for value in _meeting_values(test, as_of):
                if test.operator.decide(value, as_of).truth is Truth.TRUE:
                    facts.setdefault(test.quantity.fact, value)
    for fact in plain:
        facts.setdefault(fact, Decimal(1))
    return Project("", total.kinds[0], facts)


def _meeting_values(test: Predicate, as_of: date) -> Iterator[Value]:
    """Values one of which may meet a test of one fact."""
    match test.operator:
        case InSet(values=named):
            yield from (v for value in named for v in (value, frozenset((str(value),))))
        case Range(low, high):
            for end in (low, high):
                if isinstance(end, date):
                    yield from (end, end + DAY, end - DAY)
                elif end is not None:
                    exact = as_decimal(Fraction(end))
                    yield from (exact, exact + 1, exact - 1)
        case Age():
            yield from _days_of_age(test.operator, as_of)
        case HoldsCertificate():
            return
        case _:
            assert_never(test.operator)


def _days_of_age(age: Age, as_of: date) -> Iterator[date]:
    for months in (age.months.low, age.months.high):
        if isinstance(months, int):
            yield from (add_months(as_of, -k) for k in (months - 1, months, months + 1))


def more_projects(present: Value, candidates: Iterable[Value]) -> Iterator[Value]:
    """Others beside those that are stated, and what is not said of these as others have it."""
    stated = projects_in(present)
    for others in map(projects_in, candidates):
        yield (*stated, *others)
        for like in others[:1]:
            yield tuple(replace(p, facts={**like.facts, **p.facts}) for p in stated)


def with_none_stated(subject: Subject, rule: Condition) -> Subject:
    """Who says of every kind that a rule counts that there is none has stated his projects: no
    project at all."""
    for total in (t for test in tests_in(rule) for t in totals_in(test.quantity)):
        absent = subject.get(total.absent)
        none = isinstance(absent, frozenset) and absent.issuperset(total.kinds)
        if none and subject.get(total.fact) is None:
            subject = subject.with_facts({total.fact: ()})
    return subject
