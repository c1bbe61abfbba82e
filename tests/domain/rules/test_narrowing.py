"""Where something unknown stands in a quantity several times, its interval is exact."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, product

from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.facts.profile import Subject
from service.domain.facts.vocabulary import FactType
from service.domain.rules import quantities as forms
from service.domain.rules.conditions import Condition, Predicate, Undecided
from service.domain.rules.interval_arithmetic import End
from service.domain.rules.intervals import interval_of
from service.domain.rules.joint_outcomes import open_outcomes
from service.domain.rules.narrowing import StraightPieces, narrowed
from service.domain.rules.operators import InSet
from service.domain.rules.quantities import Quantity
from service.domain.rules.quantity_contents import is_whole
from service.domain.rules.record_tests import AwardTest
from service.domain.rules.repeats import NO_REPEATS, repeats_in
from service.domain.rules.units import SHARE
from service.domain.text import Text
from tests.domain.bounds import at_least
from tests.domain.sample import CLAUSE, DAY
from tests.domain.strategies import FAST

X = forms.FactQuantity("company.x", Fraction(0), Fraction(6))
Y = forms.FactQuantity("company.y", Fraction(0), Fraction(6))
PEOPLE = forms.FactQuantity("company.people", Fraction(0), Fraction(6), type=FactType.INTEGER)
ENDLESS = forms.FactQuantity("company.x", Fraction(0))
HAD = forms.Count("company.awards", AwardTest(), amounts=True)
TIMES_HAD = forms.Count("company.awards", AwardTest(purposes=("loan",)))
LISTED = Predicate(forms.FactQuantity("company.listed"), InSet((True,)), CLAUSE)
MAJOR = Undecided(Text("重大", "major"), CLAUSE)
ONE = Fraction(1)
NUMBERS: tuple[Quantity, ...] = (X, PEOPLE, HAD, TIMES_HAD)


def number(value: int | str) -> forms.Constant:
    return forms.Constant(Fraction(value))


def interval(quantity: Quantity, **stated: int) -> tuple[End, End]:
    """The ends of a quantity of a company that states so much."""
    subject = Subject(None, {f"company.{name}": value for name, value in stated.items()}, {})
    found = interval_of(quantity, subject, DAY)
    found = narrowed(quantity, repeats_in(quantity), found, subject, DAY)
    return found.low, found.high


def share(of: Quantity, rate: str) -> Quantity:
    return forms.Product((number(rate), of))


def either(condition: Condition, one: Quantity, other: Quantity) -> Quantity:
    return forms.Cases((forms.Branch(condition, one),), other)


def test_what_is_kept_up_and_what_is_added() -> None:
    """5 % of what there was and 10 % of what was added, of 12 this year: all of it new, 1.2; as
    much as the year before or more, 0.6."""
    kept = share(forms.Least((Y, ENDLESS)), "0.05")
    added = share(forms.Greatest((forms.Difference(Y, ENDLESS), number(0))), "0.10")
    assert interval(forms.Sum((kept, added)), y=12) == (Fraction("0.6"), Fraction("1.2"))


def test_what_is_taken_off_itself_is_nothing() -> None:
    assert interval(forms.Difference(ENDLESS, ENDLESS)) == (0, 0)


def test_a_case_that_hangs_on_the_same_fact() -> None:
    """Half of it from 4 on, all of it below: never more than 4, and 2 to 3 from there."""
    condition = Predicate(X, at_least(Fraction(4)), CLAUSE)
    assert interval(either(condition, share(X, "0.5"), X)) == (0, 4)
    assert interval(either(condition, share(X, "0.5"), number(2))) == (2, 3)


def test_support_that_was_had_bounds_and_is_taken_off() -> None:
    """As much as was had, but no more than what half of an investment of 5 exceeds it by: 1.25 at
    most, where as much again was had."""
    topped_up = forms.Least((HAD, forms.Difference(number("2.5"), HAD)))
    assert interval(forms.Greatest((topped_up, number(0)))) == (0, Fraction("1.25"))


def test_people_are_counted_whole() -> None:
    """Of at most so many people, and five less: two and a half would make it 2.5, two or three come
    to 2."""
    assert interval(forms.Least((PEOPLE, forms.Difference(number(5), PEOPLE)))) == (-1, 2)
    assert interval(forms.Least((X, forms.Difference(number(5), X)))) == (-1, Fraction("2.5"))


def test_a_condition_that_the_amount_and_its_cap_hang_on() -> None:
    """Who is listed is paid 6 of an amount and at most 1, anybody else 4 and at most 3: 1 or 3, as
    4 and at most 1 or 6 and at most 3 are paid to nobody."""
    amount = either(LISTED, number(6), number("2.5"))
    cap = either(LISTED, number(1), number(3))
    assert interval(forms.Least((amount, cap))) == (1, Fraction("2.5"))


def test_a_condition_that_nobody_can_decide_is_one_condition() -> None:
    gain, loss = either(MAJOR, number(6), number(2)), either(MAJOR, number(5), number(1))
    assert interval(forms.Difference(gain, loss)) == (1, 1)


def test_a_bound_on_what_somebody_will_choose_is_one_condition() -> None:
    """A score of 2 to 5 reaches 4 or not: 6 of an amount of which 1 is paid, or 2 within 3."""
    reached = Predicate(forms.Between(Fraction(2), Fraction(5)), at_least(Fraction(4)), CLAUSE)
    amount, cap = either(reached, number(6), number(2)), either(reached, number(1), number(3))
    assert interval(forms.Least((amount, cap))) == (1, 2)


def test_whole_steps_of_one_number() -> None:
    """Begun pairs less whole pairs are one, or none where the number comes out even."""
    begun = forms.Steps(X, number(2), begun=True)
    assert interval(forms.Difference(begun, forms.Steps(X, number(2)))) == (0, 1)


def test_what_comes_to_its_ends_together_is_not_looked_at_again() -> None:
    """Parts that all rise with a number, a scale of fixed amounts, and cases only one of which
    counts; a part that falls with it, or a bound on it beside them, is another matter."""
    rising = forms.Sum((X, share(X, "0.5"), forms.Least((X, number(3)))))
    steps = (
        forms.Band(Fraction(3), False, amount=Fraction(2)),
        forms.Band(None, False, amount=ONE),
    )
    scale = forms.Bands(X, steps, False, SHARE)
    exclusive = either(LISTED, scale, replace(scale, bands=steps[1:]))
    for quantity in (rising, scale, exclusive):
        assert repeats_in(quantity) == NO_REPEATS
    falling = forms.Difference(number(5), X)
    bound = either(Predicate(X, at_least(Fraction(4)), CLAUSE), number(1), number(2))
    for other in (falling, bound, scale):
        assert repeats_in(forms.Least((rising, other))).numbers == (X,)


def test_a_product_of_a_fact_with_itself_stays_as_wide_as_it_was() -> None:
    square = forms.Product((forms.Difference(X, number(3)), forms.Difference(X, number(3))))
    assert interval(square) == (-9, 9)


@st.composite
def bent(draw: st.DrawFn, moving: Quantity) -> Quantity:
    """Straight pieces of one number that stands there several times, beside another that is known,
    and cases that hang on the number or on what nobody has said."""
    parts: list[Quantity] = [moving, moving, Y]
    parts += draw(st.lists(st.integers(-3, 5).map(number), max_size=3))
    parts += [moving] * draw(st.integers(0, 1))
    while len(parts) > 1:
        first, second, *parts = draw(st.permutations(parts))
        kind = draw(st.sampled_from(_KINDS))
        if kind == "steps" and moving not in (HAD, TIMES_HAD):  # of which there are too many
            first = forms.Steps(first, number(2), draw(st.booleans()))
            kind = "sum"
        if kind == "share":
            first = share(first, draw(st.sampled_from(["-2", "0.5", "3"])))
            kind = "sum"
        if kind == "bands":
            steps = (
                forms.Band(Fraction(3), draw(st.booleans()), Fraction(2)),
                forms.Band(None, False, Fraction(1, 2)),
            )
            first = forms.Bands(first, steps, draw(st.booleans()), SHARE)
            kind = "difference"
        if kind == "cases":
            reached = Predicate(first, at_least(Fraction(draw(st.integers(-2, 4)))), CLAUSE)
            asked: list[Condition] = [reached, LISTED, LISTED, MAJOR]
            condition = draw(st.sampled_from(asked))
            parts.append(either(condition, second, first))
            continue
        made: dict[str, type[forms.Sum | forms.Least | forms.Greatest]]
        made = {"sum": forms.Sum, "least": forms.Least, "greatest": forms.Greatest}
        if kind in made:
            parts.append(made[kind]((first, second)))
        else:
            parts.append(forms.Difference(first, second))
    return parts[0]


_KINDS = ("sum", "difference", "least", "greatest", "share", "bands", "cases", "cases", "steps")


def completed(
    quantity: Quantity, moving: Quantity, value: Fraction, truths: Mapping[Condition, bool]
) -> Quantity:
    """The quantity with a number in the place of the unknown one, and each condition met or not."""

    def of(part: Quantity) -> Quantity:
        return completed(part, moving, value, truths)

    match quantity:
        case _ if quantity == moving:
            return forms.Constant(value)
        case forms.Bands() | forms.Steps():
            return replace(quantity, of=of(quantity.of))
        case forms.Cases((forms.Branch(condition, then),), otherwise):
            if condition in truths:
                return of(then if truths[condition] else otherwise)
            assert isinstance(condition, Predicate)
            test = replace(condition, quantity=of(condition.quantity))
            return either(test, of(then), of(otherwise))
        case forms.Difference(first, second):
            return forms.Difference(of(first), of(second))
        case forms.Sum(terms) | forms.Least(terms) | forms.Greatest(terms) | forms.Product(terms):
            return replace(quantity, terms=tuple(of(t) for t in terms))
    return quantity


_STEEPEST = 10**9
_FAR = Fraction(10**9)
_SAID: list[dict[Condition, bool]] = [
    {LISTED: listed, MAJOR: major} for listed, major in product((True, False), repeat=2)
]


def tried(quantity: Quantity, moving: Quantity, subject: Subject) -> tuple[set[Fraction], Fraction]:
    """Values of the unknown number: every fifth of a unit, each bend and close beside it, and far
    away; of what is counted the whole ones. And how close."""
    pieces = StraightPieces(moving, open_outcomes(repeats_in(quantity), subject, DAY), subject, DAY)
    ends = {e for piece, _ in pieces.of_all(quantity) for e in piece.ends}
    bends = sorted(end for end in ends if isinstance(end, Fraction))
    near = min((b - a for a, b in pairwise(bends)), default=Fraction(6)) / _STEEPEST
    beside = {bend + step for bend in bends for step in (-near, near)}
    found = {*bends, *beside, *(Fraction(i, 5) for i in range(61)), _FAR}
    if is_whole(moving):
        whole = {Fraction(value // 1 + step) for value in found for step in (0, 1)}
        found, near = whole, Fraction(0)
    low, high = interval_of(moving, subject, DAY).ends
    return {value for value in found if low <= value <= high}, near


@settings(FAST, max_examples=150)
@given(
    st.sampled_from(NUMBERS).flatmap(lambda of: st.tuples(st.just(of), bent(of))), st.integers(0, 6)
)
def test_it_contains_every_completion_and_its_ends_are_reached(
    drawn: tuple[Quantity, Quantity], y: int
) -> None:
    """By the plain intervals of a number in the unknown one's place, whatever was not said."""
    moving, quantity = drawn
    low, high = interval(quantity, y=y)
    values, near = tried(quantity, moving, Subject(None, {"company.y": y}, {}))
    reached = []
    for value, truths in product(values, _SAID):
        # A condition of which nothing is stated is unknown; here the number is.
        whole = Subject(None, {"company.x": 0, "company.people": 0, "company.y": y}, {})
        found = interval_of(completed(quantity, moving, value, truths), whole, DAY).point
        assert found is not None
        assert low <= found <= high
        reached.append(found)
    close = near * 10**6
    assert min(reached) - low <= close if isinstance(low, Fraction) else min(reached) < -1000
    assert high - max(reached) <= close if isinstance(high, Fraction) else max(reached) > 1000
