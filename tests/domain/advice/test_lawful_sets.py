"""The best set of what does not conflict, within caps in common and within numbers."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from service.domain.advice.common_caps import CommonCap, PaidTogether
from service.domain.advice.lawful_sets import AtMost, best_lawful_set
from service.domain.advice.packing import Number
from tests.domain.strategies import FAST

COUNT = 5
MEMBERS = st.frozensets(st.integers(0, COUNT - 1), min_size=1)
WORTH = st.lists(st.integers(0, 5), min_size=COUNT, max_size=COUNT)
PAIRS = st.frozensets(st.sampled_from(list(combinations(range(COUNT), 2))), max_size=4)


@st.composite
def limits(draw: st.DrawFn) -> list[AtMost]:
    """One or two numbers, of different members."""
    first: frozenset[int] = draw(MEMBERS)
    rest = frozenset(range(COUNT)) - first
    others = [AtMost(rest, draw(st.integers(0, 2)))] if rest else []
    return [AtMost(first, draw(st.integers(0, 3))), *others]


@FAST
@given(WORTH, PAIRS, limits(), st.lists(st.tuples(MEMBERS, st.integers(0, 9)), max_size=3))
def test_no_set_that_is_lawful_is_worth_more(
    worth: list[int],
    pairs: frozenset[tuple[int, int]],
    within: list[AtMost],
    capped: list[tuple[frozenset[int], int]],
) -> None:
    """Every set is tried: without a pair in conflict, of each group no more than its number."""
    conflicts = [{j for p in pairs for j in p if i in p and i != j} for i in range(COUNT)]
    caps = [CommonCap(members, amount) for members, amount in capped]
    best: Number = 0
    for size in range(COUNT + 1):
        for some in map(frozenset, combinations(range(COUNT), size)):
            if any(some >= set(pair) for pair in pairs):
                continue
            if all(len(some & limit.members) <= limit.number for limit in within):
                paid = PaidTogether([(w,) for w in worth], caps)
                best = max(best, sum(paid.add(i) for i in some))
    total, taken = best_lawful_set(worth, conflicts, caps, limits=within)
    assert total == best
    assert all(len(taken & limit.members) <= limit.number for limit in within)


def test_the_best_three_of_many() -> None:
    """Of two hundred of which three may be taken; a cap that binds some of them makes no search of
    every three."""
    worth = list(range(1, 201))
    limit = AtMost(frozenset(range(200)), 3)
    free: list[set[int]] = [set() for _ in worth]
    assert best_lawful_set(worth, free, limits=[limit]) == (597, {197, 198, 199})
    cap = CommonCap(frozenset(range(200)), 500)
    assert best_lawful_set(worth, free, [cap], limits=[limit])[0] == 500
