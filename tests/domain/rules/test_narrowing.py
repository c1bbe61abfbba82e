"""Where one unknown fact stands in a quantity several times, its interval is exact."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from service.domain.facts.profile import Subject
from service.domain.rules import quantities as forms
from service.domain.rules.conditions import Predicate
from service.domain.rules.interval_arithmetic import End
from service.domain.rules.intervals import interval_of
from service.domain.rules.narrowing import StraightPieces, narrowed, repeated_facts
from service.domain.rules.quantities import Quantity
from service.domain.rules.units import SHARE
from tests.domain.bounds import at_least
from tests.domain.sample import CLAUSE, DAY
from tests.domain.strategies import FAST

X = forms.FactQuantity("company.x", Fraction(0), Fraction(6))
Y = forms.FactQuantity("company.y", Fraction(0), Fraction(6))
ENDLESS = forms.FactQuantity("company.x", Fraction(0))


def number(value: int | str) -> forms.Constant:
    return forms.Constant(Fraction(value))


def interval(quantity: Quantity, **stated: int) -> tuple[End, End]:
    """The ends of a quantity in which x is unknown."""
    subject = Subject(None, {f"company.{name}": value for name, value in stated.items()}, {})
    found = interval_of(quantity, subject, DAY)
    for fact in repeated_facts(quantity).values():
        if fact.fact not in subject.facts:
            found = narrowed(quantity, fact, found, subject, DAY)
    return found.low, found.high


def test_what_is_kept_up_and_what_is_added() -> None:
    """5 % of what there was and 10 % of what was added, of 12 this year: all of it new, 1.2; as
    much as the year before or more, 0.6."""
    kept = forms.Product((number("0.05"), forms.Least((Y, ENDLESS))))
    added = forms.Product(
        (number("0.10"), forms.Greatest((forms.Difference(Y, ENDLESS), number(0))))
    )
    assert interval(forms.Sum((kept, added)), y=12) == (Fraction("0.6"), Fraction("1.2"))


def test_what_is_taken_off_itself_is_nothing() -> None:
    assert interval(forms.Difference(ENDLESS, ENDLESS)) == (0, 0)


def test_a_case_that_hangs_on_the_same_fact() -> None:
    """Half of it from 4 on, all of it below: never more than 4, and 2 to 3 from there."""
    condition = Predicate(X, at_least(Fraction(4)), CLAUSE)
    half = forms.Product((number("0.5"), X))
    assert interval(forms.Cases((forms.Branch(condition, half),), X)) == (0, 4)
    assert interval(forms.Cases((forms.Branch(condition, half),), number(2))) == (2, 3)


def test_a_product_of_a_fact_with_itself_stays_as_wide_as_it_was() -> None:
    square = forms.Product((forms.Difference(X, number(3)), forms.Difference(X, number(3))))
    assert interval(square) == (-9, 9)


@st.composite
def bent(draw: st.DrawFn) -> Quantity:
    """Straight pieces of one fact that stands there several times, beside another that is known."""
    parts: list[Quantity] = [X, X, Y, *draw(st.lists(st.integers(-3, 5).map(number), max_size=3))]
    parts += [X] * draw(st.integers(0, 1))
    while len(parts) > 1:
        first, second, *parts = draw(st.permutations(parts))
        kinds = ["sum", "difference", "least", "greatest", "share", "bands", "cases"]
        kind = draw(st.sampled_from(kinds))
        if kind == "share":
            first = forms.Product((number(draw(st.sampled_from(["-2", "0.5", "3"]))), first))
            kind = "sum"
        if kind == "bands":
            steps = (
                forms.Band(Fraction(3), draw(st.booleans()), Fraction(2)),
                forms.Band(None, False, Fraction(1, 2)),
            )
            first = forms.Bands(first, steps, draw(st.booleans()), SHARE)
            kind = "difference"
        if kind == "cases":
            test = Predicate(first, at_least(Fraction(draw(st.integers(-2, 4)))), CLAUSE)
            parts.append(forms.Cases((forms.Branch(test, second),), first))
            continue
        made: dict[str, type[forms.Sum | forms.Least | forms.Greatest]]
        made = {"sum": forms.Sum, "least": forms.Least, "greatest": forms.Greatest}
        if kind in made:
            parts.append(made[kind]((first, second)))
        else:
            parts.append(forms.Difference(first, second))
    return parts[0]


def with_x(quantity: Quantity, x: Fraction) -> Quantity:
    """The quantity with a number in the place of the unknown fact."""
    match quantity:
        case forms.FactQuantity("company.x"):
            return forms.Constant(x)
        case forms.Bands():
            return replace(quantity, of=with_x(quantity.of, x))
        case forms.Cases():
            branches = tuple(
                forms.Branch(
                    replace(b.condition, quantity=with_x(b.condition.quantity, x)),
                    with_x(b.quantity, x),
                )
                for b in quantity.branches
                if isinstance(b.condition, Predicate)
            )
            return forms.Cases(branches, with_x(quantity.otherwise, x))
        case forms.Difference(first, second):
            return forms.Difference(with_x(first, x), with_x(second, x))
        case forms.Sum(terms) | forms.Least(terms) | forms.Greatest(terms) | forms.Product(terms):
            return replace(quantity, terms=tuple(with_x(t, x) for t in terms))
    return quantity


_STEEPEST = 10**9


@FAST
@given(bent(), st.integers(0, 6))
def test_it_contains_every_completion_and_its_ends_are_reached(quantity: Quantity, y: int) -> None:
    """Tried at every fifth of a unit, and at each bend and close beside it, by the plain intervals
    of a number in the fact's place."""
    subject = Subject(None, {"company.y": y}, {})
    low, high = interval(quantity, y=y)
    ends = {
        e for _, pair in StraightPieces("company.x", subject, DAY).of_all(quantity, X) for e in pair
    }
    bends = sorted(Fraction(end) for end in ends)
    near = min((b - a for a, b in pairwise(bends)), default=Fraction(6)) / _STEEPEST
    tried = {*bends, *(b + near for b in bends[:-1]), *(b - near for b in bends[1:])}
    values = []
    for x in (*tried, *(Fraction(i, 5) for i in range(31))):
        # A condition of which nothing is stated is unknown; here x is.
        whole = Subject(None, {"company.x": 0, "company.y": y}, {})
        value = interval_of(with_x(quantity, x), whole, DAY).point
        assert value is not None
        assert low <= value <= high
        values.append(value)
    assert min(values) - low <= near * 10**6
    assert high - max(values) <= near * 10**6
