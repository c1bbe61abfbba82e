"""Values that are taken up when they are asked for."""

import pytest

from service.domain import deferred
from service.domain.cache import BoundedCache
from service.domain.deferred import Deferred, DeferredMapping, load_all, values_of
from service.storage.compiled_bytes import packed, unpacked

_taken_up: list[str] = []


class _Noted:
    """A value that notes when it is made again."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return _take_up, (self.name,)


def _take_up(name: str) -> _Noted:
    _taken_up.append(name)
    return _Noted(name)


def test_a_value_is_found_once() -> None:
    following = iter(("found", "found again"))
    waiting = Deferred(lambda: next(following))
    assert (waiting.value, waiting.value) == ("found", "found")
    assert next(following) == "found again"


def test_so_many_values_are_held_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is asked for one after the other comes to hold no more; who needs all holds them."""
    monkeypatch.setattr(deferred, "_CACHE", BoundedCache(2))
    again = unpacked(packed(DeferredMapping.of({name: _Noted(name) for name in "abc"})))
    assert isinstance(again, DeferredMapping)
    _taken_up.clear()
    for name in "abcca":
        assert again[name].name == name
    assert _taken_up == ["a", "b", "c", "a"]
    _taken_up.clear()
    whole = load_all(again)
    assert [whole[name] is whole[name] for name in "abcabc"] == [True] * 6
    assert _taken_up == ["a", "b", "c"]


def test_of_what_was_packed_only_what_is_asked_for_is_taken_up() -> None:
    """Wherever it is asked for: a mapping, and lists of its values, share them."""
    values = DeferredMapping.of({name: _Noted(name) for name in "abc"})
    _taken_up.clear()
    again = unpacked(packed((values, values.listed("cb"))))
    assert isinstance(again, tuple)
    mapping, listed = again
    assert list(mapping) == ["a", "b", "c"]
    assert (len(listed), "a" in mapping, "d" in mapping) == (2, True, False)
    assert not _taken_up
    assert listed[0] is mapping["c"]
    assert _taken_up == ["c"]
    assert [value.name for value in listed[1:]] == ["b"]
    assert _taken_up == ["c", "b"]


def test_values_of_a_plain_mapping_are_there_at_once() -> None:
    assert values_of({"a": 1, "b": 2}, "ba") == (2, 1)
