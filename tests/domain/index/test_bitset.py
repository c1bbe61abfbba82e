"""Sets of small numbers as the bits of wide integers: they say what sets of numbers say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.index.bitset import Unions, bits_at, bitset_of, places_of, union_of

PLACES = st.sets(st.integers(0, 400))


@given(PLACES)
def test_a_set_holds_the_places_it_was_made_of(places: set[int]) -> None:
    """Few or many, they come out from the lowest on."""
    assert list(places_of(bitset_of(places))) == sorted(places)


@given(st.dictionaries(st.integers(0, 9), PLACES), st.lists(st.integers(0, 12)))
def test_the_sets_at_some_keys_are_put_together(held: dict[int, set[int]], keys: list[int]) -> None:
    """A key at which nothing stands adds nothing."""
    found = bits_at({key: bitset_of(places) for key, places in held.items()}, keys)
    assert set(places_of(found)) == set().union(*(held.get(key, set()) for key in keys))


@pytest.mark.parametrize("count", [0, 1, 8, 17])
def test_a_union_of_named_sets_is_theirs(count: int) -> None:
    """Asked for once or again, of however many sets."""
    sets = [1 << number for number in range(count)]
    unions, members = Unions(sets), bitset_of(range(0, count, 3))
    for _ in range(2):
        assert unions.of(members) == union_of(sets[n] for n in range(0, count, 3))
