"""A comparison both sides of which name one fact is decided where every value of it agrees."""

from collections.abc import Callable
from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from service.domain.facts.profile import Subject
from service.domain.rules import quantities as forms
from service.domain.rules.conditions import Predicate
from service.domain.rules.intervals import missing_of, truth_of
from service.domain.rules.operators import Range
from service.domain.rules.quantities import Quantity
from service.domain.truth import Truth
from tests.domain.sample import CLAUSE, DAY
from tests.domain.strategies import FAST

VALUES = range(4)
NAMES = ("company.a", "company.b", "company.c")
FACTS = [forms.FactQuantity(name, Fraction(0), Fraction(max(VALUES))) for name in NAMES]
A, B, C = FACTS
ALWAYS = [
    Range(low=Fraction(0)), Range(low=Fraction(0), low_included=False),
    Range(high=Fraction(0)), Range(high=Fraction(0), high_included=False),
]  # fmt: skip


def number(value: int | Fraction) -> forms.Constant:
    return forms.Constant(Fraction(value))


def made_of(parts: SearchStrategy[Quantity]) -> SearchStrategy[Quantity]:
    """Sums, differences, means and multiples: what a straight line is made of."""
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    pair = st.tuples(parts, parts)
    factor = st.sampled_from([Fraction(1, 2), Fraction(2), Fraction(3, 10)]).map(number)
    kinds: list[Callable[..., SearchStrategy[Quantity]]] = [
        lambda: several.map(forms.Sum),
        lambda: several.map(forms.Mean),
        lambda: pair.map(lambda both: forms.Difference(*both)),
        lambda: st.tuples(factor, parts).map(forms.Product),
        lambda: parts.map(lambda part: forms.Ratio(part, number(2))),
    ]
    return st.one_of([kind() for kind in kinds])


LINES = st.recursive(
    st.sampled_from([*FACTS, number(1), number(2)]), made_of, max_leaves=4
)  # fmt: skip


def truth(test: Predicate, stated: dict[str, int]) -> Truth:
    return truth_of(test, Subject(None, dict(stated), {}), DAY)


@FAST
@given(
    LINES,
    LINES,
    st.sampled_from(ALWAYS),
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES)),
)
def test_a_comparison_is_decided_exactly_where_every_completion_agrees(
    first: Quantity, second: Quantity, bounds: Range, stated: dict[str, int]
) -> None:
    """Every value of every unknown fact is tried. Of whom nothing is known nothing is concluded."""
    test = Predicate(forms.Excess(first, second), bounds, CLAUSE)
    looked_at = set(test.quantity.facts)
    if looked_at and looked_at.isdisjoint(stated):
        assert truth(test, stated) is Truth.UNKNOWN
        return
    unknown = [name for name in NAMES if name not in stated]
    outcomes = {
        truth(test, {**stated, **dict(zip(unknown, values, strict=True))})
        for values in product(VALUES, repeat=len(unknown))
    }
    assert truth(test, stated) is (outcomes.pop() if len(outcomes) == 1 else Truth.UNKNOWN)


def test_a_part_of_a_whole() -> None:
    """a is at least half of a and b: with nothing of b so whatever a is; what settles it is a only
    where b is something."""
    half = forms.Product((number(Fraction(1, 2)), forms.Sum((A, B))))
    test = Predicate(forms.Excess(A, half), Range(low=Fraction(0)), CLAUSE)
    assert truth(test, {"company.b": 0}) is Truth.TRUE
    assert truth(test, {"company.b": 1}) is Truth.UNKNOWN
    assert missing_of(test, Subject(None, {"company.b": 1}, {}), DAY) == ("company.a",)
    assert truth(test, {"company.a": 3}) is Truth.TRUE


def test_what_cancels_is_not_asked() -> None:
    """a and b are at least a and c: a settles nothing."""
    both = forms.Excess(forms.Sum((A, B)), forms.Sum((A, C)))
    test = Predicate(both, Range(low=Fraction(0)), CLAUSE)
    assert truth(test, {"company.b": 3}) is Truth.TRUE
    assert missing_of(test, Subject(None, {"company.b": 1}, {}), DAY) == ("company.c",)


def test_what_has_no_value_is_compared_with_nothing() -> None:
    """A share of nothing is no less and no more than itself and something."""
    share = forms.Ratio(A, B)
    test = Predicate(
        forms.Excess(share, forms.Difference(share, number(1))), Range(low=Fraction(0)), CLAUSE
    )
    assert truth(test, {"company.a": 1, "company.b": 0}) is Truth.UNKNOWN
    assert truth(test, {"company.a": 1, "company.b": 1}) is Truth.TRUE


def test_a_number_that_the_text_leaves_open_may_be_chosen_twice() -> None:
    """One to two times a is at least as much as one to two times a: not for sure."""
    some = forms.Product((forms.Between(Fraction(1), Fraction(2)), A))
    test = Predicate(
        forms.Excess(some, forms.Sum((some, number(0)))), Range(low=Fraction(0)), CLAUSE
    )
    assert truth(test, {"company.a": 1}) is Truth.UNKNOWN
