"""Values that may still lie packed where they were kept: each is taken up when it is asked for, so
that what nobody asks for takes neither time nor memory. Of those that were taken up last so many
are held; who needs one longer holds it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Generic, TypeVar, cast, overload

from service.domain.cache import BoundedCache

K = TypeVar("K")
V = TypeVar("V")
_NOT_YET = object()
# Values that are held at a time, of ten kilobytes each. A match asks for fifty programmes of ten
# thousand, and eight hundred companies of which none resembles another for two thousand.
CACHE_SIZE = 4_000


class Deferred(Generic[V]):
    """One such value: there already, or found by `load`."""

    __slots__ = ("_load", "_value")

    def __init__(self, load: Callable[[], V], value: object = _NOT_YET) -> None:
        self._load, self._value = load, value

    @classmethod
    def of(cls, value: V) -> "Deferred[V]":
        """A value that is there."""
        return cls(_unloaded, value)

    def loaded(self) -> "Deferred[V]":
        """The same, with the value there: it is held for as long as this is."""
        return Deferred(self._load, self.once())

    def once(self) -> V:
        """The value for one use: what is taken up for it is not held."""
        return self._load() if self._value is _NOT_YET else cast("V", self._value)

    @property
    def load(self) -> Callable[[], V]:
        """What finds it."""
        return self._load

    def also_found_by(self, load: Callable[[], V]) -> None:
        """Say what would find the value, were it not there."""
        self._load = load

    def is_value(self, value: object) -> bool:
        """Whether it is there already, and just that."""
        return self._value is value

    @property
    def value(self) -> V:
        """The value itself."""
        if self._value is not _NOT_YET:
            return cast("V", self._value)
        found = _CACHE.get(self)
        return cast("V", _CACHE.keep(self, self._load()) if found is None else found)


_CACHE: BoundedCache[Deferred[Any], object] = BoundedCache(CACHE_SIZE)


def _unloaded() -> Any:
    raise AssertionError("a value that is there is not loaded")


class DeferredMapping(Mapping[K, V]):
    """A mapping to such values.

    >>> numbers = DeferredMapping.of({"one": 1, "two": 2})
    >>> numbers["two"], len(numbers), numbers.listed(["two", "one"])[1]
    (2, 2, 1)
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[K, Deferred[V]]) -> None:
        self._values = values

    @classmethod
    def of(
        cls, values: Mapping[K, V], known: Mapping[K, V] = MappingProxyType({})
    ) -> "DeferredMapping[K, V]":
        """A mapping to values that are there; those that another such mapping holds already are
        shared with it."""
        already = known.deferred() if isinstance(known, DeferredMapping) else {}

        def hold(key: K, value: V) -> Deferred[V]:
            found = already.get(key)
            return found if found is not None and found.is_value(value) else Deferred.of(value)

        return cls({key: hold(key, value) for key, value in values.items()})

    def loaded(self) -> "DeferredMapping[K, V]":
        """The same, with all values there."""
        return DeferredMapping({key: value.loaded() for key, value in self._values.items()})

    def deferred(self) -> Mapping[K, Deferred[V]]:
        """Each value, packed or not."""
        return self._values

    def __getitem__(self, key: K) -> V:
        return self._values[key].value

    def __contains__(self, key: object) -> bool:
        return key in self._values

    def __iter__(self) -> Iterator[K]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def each_once(self) -> Iterator[V]:
        """Each value for one use: what is taken up for it is not held."""
        return (value.once() for value in self._values.values())

    def listed(self, keys: Iterable[K]) -> "DeferredSequence[V]":
        """The values of some keys, in their order."""
        return DeferredSequence(tuple([self._values[key] for key in keys]))


class DeferredSequence(Sequence[V]):
    """A sequence of such values."""

    __slots__ = ("_values",)

    def __init__(self, values: tuple[Deferred[V], ...]) -> None:
        self._values = values

    @overload
    def __getitem__(self, place: int) -> V: ...
    @overload
    def __getitem__(self, place: slice) -> "DeferredSequence[V]": ...
    def __getitem__(self, place: int | slice) -> "V | DeferredSequence[V]":
        if isinstance(place, slice):
            return DeferredSequence(self._values[place])
        return self._values[place].value

    def __iter__(self) -> Iterator[V]:
        return (value.value for value in self._values)

    def __len__(self) -> int:
        return len(self._values)


def each_once(values: Mapping[K, V]) -> Iterator[V]:
    """Each value of a mapping for one use: what can wait is taken up, and not held."""
    return values.each_once() if isinstance(values, DeferredMapping) else iter(values.values())


def load_all(values: Mapping[K, V]) -> Mapping[K, V]:
    """A mapping all of whose values are there."""
    return values.loaded() if isinstance(values, DeferredMapping) else values


def deferred_values(values: Mapping[K, V]) -> Iterable[Deferred[V]]:
    """Each value of a mapping, packed or not."""
    if isinstance(values, DeferredMapping):
        return values.deferred().values()
    return map(Deferred.of, values.values())


def values_of(values: Mapping[K, V], keys: Iterable[K]) -> Sequence[V]:
    """The values of some keys, in their order; those that can wait are not taken up."""
    if isinstance(values, DeferredMapping):
        return values.listed(keys)
    return tuple([values[key] for key in keys])
