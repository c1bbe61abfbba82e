"""A fact that is asked in several ways makes its tests come out together."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from service.domain.facts.code_lists import Code, CodeList
from service.domain.facts.profile import NOBODY, Certificate, Subject, Value
from service.domain.rules import quantities as forms
from service.domain.rules.conditions import Condition, Predicate
from service.domain.rules.interval_arithmetic import End
from service.domain.rules.intervals import interval_of, truth_of
from service.domain.rules.joint_outcomes import open_outcomes
from service.domain.rules.narrowing import narrowed
from service.domain.rules.operators import HoldsCertificate, InSet, Quantifier
from service.domain.rules.quantities import Quantity
from service.domain.rules.quantity_contents import all_parts
from service.domain.rules.repeats import repeats_in
from service.domain.text import Text
from tests.domain.groups import any_of, every_of, not_
from tests.domain.sample import CATEGORIES, CLAUSE, DAY, FIELDS, REGIONS, VOCABULARY, full_name
from tests.domain.strategies import FAST


def fact(name: str) -> forms.FactQuantity:
    return forms.FactQuantity(full_name(name), type=VOCABULARY.facts[full_name(name)].type)


def is_in(*regions: str) -> Predicate:
    return Predicate(fact("region"), InSet(regions, codes=REGIONS), CLAUSE)


def works_in(*fields: str, need: Quantifier = Quantifier.ANY) -> Predicate:
    return Predicate(fact("fields"), InSet(fields, need, codes=FIELDS), CLAUSE)


def holds(*categories: str) -> Predicate:
    return Predicate(fact("certificates"), HoldsCertificate(categories, CATEGORIES), CLAUSE)


def is_called(*names: str) -> Predicate:
    return Predicate(fact("name"), InSet(names), CLAUSE)


def since(*years: int) -> Predicate:
    return Predicate(fact("first_year"), InSet(years), CLAUSE)


LISTED, UNLISTED = (Predicate(fact("listed"), InSet((said,)), CLAUSE) for said in (True, False))


def number(value: int) -> forms.Constant:
    return forms.Constant(Fraction(value))


def by_case(*cases: tuple[Condition, int], otherwise: int) -> forms.Cases:
    return forms.Cases(tuple(forms.Branch(c, number(n)) for c, n in cases), number(otherwise))


def interval(quantity: Quantity, **stated: Value) -> tuple[End, End]:
    """The ends of a quantity of a company that states so much."""
    subject = Subject(None, {full_name(name): value for name, value in stated.items()}, {})
    found = interval_of(quantity, subject, DAY)
    found = narrowed(quantity, repeats_in(quantity), found, subject, DAY)
    return found.low, found.high


def test_an_amount_for_each_code_and_a_cap_for_some_of_them() -> None:
    """30, 20 and 10 by district, at most 15 in the first two: 10 to 15."""
    amount = by_case((is_in("310106"), 30), (is_in("310115"), 20), otherwise=10)
    cap = by_case((is_in("310106", "310115"), 15), otherwise=50)
    assert interval(forms.Least((amount, cap))) == (10, 15)


def test_a_code_and_the_broader_one_it_lies_in() -> None:
    """30 in a district, 10 elsewhere; at most 20 in its city, 5 elsewhere: 5, 10 or 20."""
    amount, cap = by_case((is_in("310106"), 30), otherwise=10), by_case((is_in("310000"), 20),
                                                                       otherwise=5)  # fmt: skip
    assert interval(forms.Least((amount, cap))) == (5, 20)
    assert interval(forms.Least((amount, cap)), region="310000") == (10, 20)


def test_yes_and_no_are_asked_of_one_fact() -> None:
    amount, cap = by_case((LISTED, 30), otherwise=10), by_case((UNLISTED, 5), otherwise=20)
    assert interval(forms.Least((amount, cap))) == (5, 20)
    assert interval(forms.Difference(amount, cap)) == (5, 10)


def test_a_code_is_not_one_and_not_the_other() -> None:
    """Nobody is neither in the city nor outside it."""
    inside = is_in("310000")
    kinds = by_case((inside, 1), (not_(is_in("310000", "110000")), 2), otherwise=3)
    assert interval(forms.Sum((kinds, by_case((is_in("110000"), 10), otherwise=0)))) == (1, 13)


def test_a_condition_whole_and_a_part_of_it() -> None:
    """Listed and in the city is paid 30, and at most 5 where it is not in the city."""
    both = every_of(LISTED, is_in("310000"))
    amount, cap = by_case((both, 30), otherwise=10), by_case((is_in("310000"), 20), otherwise=5)
    extra = by_case((both, 1), otherwise=0)
    assert interval(forms.Sum((forms.Least((amount, cap)), extra))) == (5, 21)


@pytest.mark.parametrize("tests", [(is_called("a"), is_called("a", "b")), (since(3), since(3, 4))])
def test_what_is_no_code_of_a_list(tests: tuple[Condition, Condition]) -> None:
    one, either = tests
    assert interval(forms.Difference(by_case((either, 1), otherwise=0),
                                     by_case((one, 1), otherwise=0))) == (0, 1)  # fmt: skip


def test_of_too_many_sets_each_test_comes_out_by_itself() -> None:
    """Of six codes and more the sets are not looked at, and nothing is left out."""
    letters = CodeList("letters", Text("", ""), {c: Code(c, Text(c, c)) for c in "abcdefg"})
    asked = [Predicate(fact("fields"), InSet((c,), codes=letters), CLAUSE) for c in letters.codes]
    gains = forms.Sum(tuple(by_case((test, 1), otherwise=0) for test in asked))
    assert open_outcomes(repeats_in(gains), NOBODY, DAY) == {}
    assert interval(gains) == (0, len(asked))


_TESTS = {
    "region": (is_in("310106"), is_in("310115"), is_in("310000"), is_in("310115", "110000")),
    "listed": (LISTED, UNLISTED),
    "fields": (
        works_in("gene_therapy"),
        works_in("future_health", "robots"),
        works_in("gene_therapy", "robots", need=Quantifier.ALL),
    ),
    "certificates": (holds("high_tech"), holds("specialised", "high_tech"), holds("little_giant")),
    "name": (is_called("a"), is_called("a", "b")),
}


_FIELDS = ("gene_therapy", "brain_interface", "robots")
_HELD = tuple(Certificate(c, DAY, DAY) for c in ("high_tech", "little_giant", "specialised"))
# Whatever a company may be, as far as the tests go: all of it as exact as can be.
_VALUES: Mapping[str, Sequence[Value]] = {
    "region": ("110105", "310106", "310108", "310115"),
    "listed": (True, False),
    "fields": [frozenset(c) for n in range(4) for c in combinations(_FIELDS, n)],
    "certificates": [c for n in range(4) for c in combinations(_HELD, n)],
    "name": ("a", "b", "c"),
}


def conditions(asked: Sequence[str]) -> st.SearchStrategy[Condition]:
    """Tests of these facts, and groups of two."""
    tests: list[Condition] = [test for name in asked for test in _TESTS[name]]
    some = st.sampled_from(tests)
    return some | some.map(not_) | st.builds(every_of, some, some) | st.builds(any_of, some, some)


@st.composite
def chosen(draw: st.DrawFn, asked: Sequence[str]) -> Quantity:
    """Quantities that are chosen by such conditions, put together."""
    small, condition = st.integers(0, 9), conditions(asked)
    parts: list[Quantity] = [
        by_case(*draw(st.lists(st.tuples(condition, small), min_size=1, max_size=2)),
                otherwise=draw(small))
        for _ in range(draw(st.integers(2, 4)))
    ]  # fmt: skip
    while len(parts) > 1:
        first, second, *parts = parts
        kind = draw(st.sampled_from([forms.Sum, forms.Least, forms.Greatest, forms.Difference]))
        made = kind(first, second) if kind is forms.Difference else kind((first, second))
        parts.append(made)
    return parts[0]


@settings(FAST, max_examples=100)
@given(
    st.lists(st.sampled_from(list(_TESTS)), min_size=1, max_size=2, unique=True).flatmap(
        lambda asked: st.tuples(st.just(asked), chosen(asked))
    )
)
def test_the_interval_is_what_the_completions_come_to(drawn: tuple[list[str], Quantity]) -> None:
    """Both ends are reached, whatever of one or two facts the cases hang on. Conditions that all
    meet, or nobody, are refused as a file is read."""
    asked, quantity = drawn
    companies = [
        Subject(None, {full_name(n): value for n, value in zip(asked, said, strict=True)}, {})
        for said in product(*(_VALUES[name] for name in asked))
    ]
    for condition in dict.fromkeys(_conditions_in(quantity)):
        assume(len({truth_of(condition, company, DAY) for company in companies}) == 2)
    reached = [interval_of(quantity, company, DAY).point for company in companies]
    known = [value for value in reached if value is not None]
    assert len(known) == len(companies)
    assert interval(quantity) == (min(known), max(known))


def _conditions_in(quantity: Quantity) -> Iterator[Condition]:
    for part in all_parts(quantity):
        yield from [b.condition for b in part.branches] if isinstance(part, forms.Cases) else []
