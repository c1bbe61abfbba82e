"""The one kind of cache: bounded, and as quick to ask as a dictionary."""

from service.domain.cache import BoundedCache


def test_what_is_kept_is_given_back_and_found() -> None:
    """`keep` ends the line that works a value out."""
    cache: BoundedCache[str, int] = BoundedCache(2)
    assert cache.keep("a", 1) == 1
    assert cache.get("a") == 1
    assert cache.get("b") is None


def test_it_never_holds_more_than_its_size() -> None:
    """However many different values come by."""
    cache: BoundedCache[int, int] = BoundedCache(3)
    for number in range(100):
        cache.keep(number, number)
        assert len(cache) <= 3
        assert cache[number] == number
