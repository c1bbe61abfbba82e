"""Values of a fact that holds codes, certificates, yes or no: one for each way in which tests of it
can come out.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, combinations
from typing import TypeVar

from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import Certificate, Value
from service.domain.facts.vocabulary import FactType
from service.domain.rules.conditions import Predicate
from service.domain.rules.operators import HoldsCertificate, InSet
from service.domain.truth import Truth

P = TypeVar("P")
T = TypeVar("T", InSet, HoldsCertificate)

# Of so many codes every set is tried; of more, the small ones.
MAX_POINTS = 5
_OTHER_TEXT = "another"


def member_values(type_: FactType, tests: Sequence[InSet]) -> Iterator[Value]:
    """Named values first, then one of every other class; sets of them for a fact of many."""
    if type_ is FactType.BOOLEAN:
        yield from (True, False)
        return
    points = points_of(tests)
    if type_ is not FactType.CODES:
        yield from points
        return
    for chosen in sets_of(points):
        yield frozenset(map(str, chosen))
    for test in tests:
        yield frozenset(map(str, test.values))
    yield frozenset(map(str, points))


def certificate_values(tests: Sequence[HoldsCertificate], as_of: date) -> Iterator[Value]:
    """Certificates valid on the day alone, of every set of the categories asked for."""
    points = categories_of(tests)
    for categories in chain(sets_of(points), [tuple(points)]):
        yield valid_on_day(categories, as_of)


def valid_on_day(categories: Iterable[str], day: date) -> tuple[Certificate, ...]:
    """Certificates of these categories that are valid on a day alone."""
    return tuple(Certificate(category, day, day) for category in categories)


def points_of(tests: Sequence[InSet]) -> list[str | int]:
    """The values that tests name, and one of every other class."""
    named, codes = named_members(tests), next((t.codes for t in tests if t.codes), None)
    if codes is None:
        return [*named, _unlisted_value(named)]
    points = [str(v) for v in named]
    return [*points, *_other_codes(codes, points)]


def categories_of(tests: Sequence[HoldsCertificate]) -> list[str]:
    """The categories that tests ask for, and one of every other class that counts as one."""
    named = list(dict.fromkeys(c for holds in tests for c in holds.categories))
    return [*named, *_other_codes(tests[0].codes, named, wanted=True)]


def sets_of(points: Sequence[P]) -> Iterator[tuple[P, ...]]:
    """All sets of a few points; of many, the sets of at most two."""
    sizes = range(len(points) + 1) if len(points) <= MAX_POINTS else (0, 1, 2)
    return chain.from_iterable(combinations(points, k) for k in sizes)


def operators_of(tests: Iterable[Predicate], kind: type[T]) -> list[T]:
    """What is asked by tests, of those that ask in this way."""
    return [test.operator for test in tests if isinstance(test.operator, kind)]


def named_members(tests: Iterable[InSet]) -> list[str | int]:
    """All values that tests name, and the areas that open lists belong to."""
    return list(dict.fromkeys(v for t in tests for v in (*t.values, *t.umbrella)))


def _other_codes(codes: CodeList, named: list[str], wanted: bool = False) -> list[str]:
    """One code of each class of codes to which no named code belongs; `wanted`: only of classes
    that count as a named code."""
    classes = codes.classes.others(tuple(named))
    return [c for relations, c in classes.items() if not wanted or Truth.TRUE in relations]


def _unlisted_value(points: list[str | int]) -> str | int:
    numbers = [p for p in points if isinstance(p, int)]
    return max(numbers) + 1 if numbers else _OTHER_TEXT
