"""The bytes of a compiled catalogue: a pickle of what is needed at once, and one of each programme,
which is read when it is first asked for.

A pickle may run code when it is read: who reads one makes sure who has written it.
"""

import copyreg
import hashlib
import mmap
import pickle
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from importlib import import_module
from io import BytesIO
from itertools import accumulate
from operator import attrgetter, methodcaller
from types import MappingProxyType
from typing import Any, get_args

from service.domain.collecting import nothing_collected
from service.domain.deferred import Deferred
from service.domain.facts.code_lists import CodeList
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.operators import Operator
from service.domain.rules.quantities import Quantity

_DIGEST_BYTES, _LENGTH_BYTES = 32, 8
# Equal to nothing but themselves: a copy would be another one.
_ONLY_ONE = (CodeList, Vocabulary)
# What these remember beside their parts is found again when it is asked for.
_CACHES_DROPPED = {*get_args(Quantity), *get_args(Operator)}


def read_only(content: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    """A mapping that cannot be changed; pickles name this function."""
    return MappingProxyType(content)


def kept_elsewhere(number: int) -> object:
    """The value of a number; pickles name this function, for which each reader has its own. (What
    pickle calls a persistent id is asked for of every string, too.)"""
    raise AssertionError(number)


class _Reducers(dict[type, Callable[[Any], Any]]):
    """How values of each class are taken apart, found when a class is first met: pickle asks a
    table once a value and without a call, where it would call a method of its own for each, and a
    catalogue has hundreds of thousands.

    Values of some classes are kept elsewhere: each has a number, by which it is named.
    """

    def __init__(self, number: Callable[[Any], int], elsewhere: tuple[type, ...]) -> None:
        super().__init__(copyreg.dispatch_table)
        self[MappingProxyType] = _mapping_parts
        for kind in elsewhere:
            self[kind] = lambda value: (kept_elsewhere, (number(value),))

    def __missing__(self, kind: type) -> Callable[[Any], Any]:
        found = self[kind] = _reducer_of(kind)
        return found


def _mapping_parts(mapping: MappingProxyType[Any, Any]) -> Any:
    return read_only, (dict(mapping),)


class _Unpickler(pickle.Unpickler):
    def __init__(self, content: memoryview, named: Callable[[int], object]) -> None:
        super().__init__(BytesIO(content))
        self._named = named

    def find_class(self, module: str, name: str) -> Any:
        """What a pickle names; of what is kept elsewhere the reader's own function."""
        if name == kept_elsewhere.__name__ and module == __name__:
            return self._named
        return _find_in(module, name)


@cache
def _find_in(module: str, name: str) -> Any:
    """What a pickle names; each programme's names the same thirty classes."""
    return attrgetter(name)(import_module(module))


@cache
def _reducer_of(kind: Any) -> Callable[[Any], Any]:
    """How a value is taken apart. pickle's own way is asked for each value by an error, and a value
    of slots that its class makes again of its parts is taken up in half the time."""
    if issubclass(kind, type):
        return attrgetter("__qualname__")
    if issubclass(kind, Enum):
        return {member: f"{kind.__qualname__}.{member.name}" for member in kind}.__getitem__
    if not is_dataclass(kind) or ("__slots__" not in vars(kind) and kind not in _CACHES_DROPPED):
        return methodcaller("__reduce_ex__", pickle.HIGHEST_PROTOCOL)
    parts = [part for part in fields(kind) if part.init or part.compare]
    if hasattr(kind, "__post_init__") or not all(p.init and not p.kw_only for p in parts):
        return methodcaller("__reduce_ex__", pickle.HIGHEST_PROTOCOL)
    if len(parts) < 2:
        names = [part.name for part in parts]
        return lambda value: (kind, tuple([getattr(value, name) for name in names]))
    taken_apart = attrgetter(*[part.name for part in parts])
    return lambda value: (kind, taken_apart(value))


def packed(compiled: object, beside: Iterable[Deferred[Any]] = ()) -> bytes:
    """A compiled catalogue as bytes of this program's own form, behind their SHA-256: what is read
    at once, behind its length, and then the values that are read when they are asked for. The first
    value of `beside` that is still packed names an earlier catalogue's bytes: those of its values
    that are in this one too are copied as they are, and so are bytes that name nothing shared."""
    packer = _ValuePacker(
        next((piece for value in beside if (piece := _packed_piece(value))), None)
    )
    first = packer.pack(compiled)
    parts = [len(first).to_bytes(_LENGTH_BYTES, "little"), first, *packer.packed]
    digest = hashlib.sha256()
    for part in parts:  # which are copied once
        digest.update(part)
    return b"".join([digest.digest(), *parts])


def unpacked(content_file: "bytes | mmap.mmap") -> object:
    """The compiled catalogue of such bytes, which have to stay as they are. Raises ValueError where
    they are damaged."""
    whole = memoryview(content_file)
    digest, content = whole[:_DIGEST_BYTES], whole[_DIGEST_BYTES:]
    if hashlib.sha256(content).digest() != digest:
        raise ValueError("the compiled catalogue is damaged")
    length = int.from_bytes(content[:_LENGTH_BYTES], "little")
    rest = content[_LENGTH_BYTES:]
    return _PackedValues(rest[length:]).unpack(rest[:length])


def packed_each(values: Iterable[object], shared: Sequence[object]) -> list[bytes]:
    """Values packed each by itself, for a process that has what they `shared` with others. Raises
    KeyError where one holds a vocabulary or a list of codes that is none of these."""
    places = {value: place for place, value in enumerate(shared)}
    reducers = _Reducers(places.__getitem__, _ONLY_ONE)
    return [_dumped(value, reducers) for value in values]


def unpacked_each(pieces: Iterable[bytes], shared: Sequence[object]) -> list[Deferred[Any]]:
    """Such values, each of which is read when it is asked for."""
    contents = list(pieces)
    ends = [0, *accumulate(map(len, contents))]
    values = _PackedValues(memoryview(b"".join(contents)), shared, ends)
    return [Deferred(_PackedPiece(values, number)) for number in range(len(contents))]


class _ValuePacker:
    """Values that are packed each by itself. What there is only one of, and they share, they name
    by its place among all that is shared."""

    def __init__(self, known: "_PackedPiece | None") -> None:
        self.packed: list[bytes | memoryview] = []
        self._ends: list[int] = [0]
        # What is packed already names what is shared by its places there.
        self._earlier = known and known.values.shared
        self._shared = list(self._earlier or ())
        # By the values themselves: of what is packed so each is equal to itself alone.
        self._places = {value: place for place, value in enumerate(self._shared)}
        self._reducers = _Reducers(self._place, _ONLY_ONE)

    def pack(self, compiled: object) -> bytes:
        """What is packed at once: a value, then all that its pieces share, and where they end."""
        whole = compiled, self._shared, self._ends
        return _dumped(whole, _Reducers(self.number, (Deferred,)))

    def number(self, value: Deferred[Any]) -> int:
        """The number of the piece that a value is."""
        if value not in self._places:
            self._places[value] = len(self.packed)
            self.packed.append(self._piece(value))
            self._ends.append(self._ends[-1] + len(self.packed[-1]))
        return self._places[value]

    def _piece(self, value: Deferred[Any]) -> bytes | memoryview:
        piece = _packed_piece(value)
        # One that names nothing shared, as a fork of this process sends, means the same anywhere.
        if piece and (piece.values.shared is self._earlier or not piece.values.shared):
            return piece.content
        return _dumped(value.value, self._reducers)

    def _place(self, value: object) -> int:
        known = self._places.get(value)
        if known is None:
            known = self._places[value] = len(self._shared)
            self._shared.append(value)
        return known


class _PackedValues:
    """The bytes of packed values, each of which is read when it is asked for."""

    def __init__(
        self, content: memoryview, shared: Sequence[object] = (), ends: Sequence[int] = ()
    ) -> None:
        self._content = content
        self.shared, self._ends = shared, ends
        self._deferred: dict[int, Deferred[object]] = {}

    def unpack(self, first: memoryview) -> object:
        with nothing_collected():
            compiled, self.shared, self._ends = _Unpickler(first, self._waiting).load()
        return compiled

    def content_of(self, number: int) -> memoryview:
        return self._content[self._ends[number] : self._ends[number + 1]]

    def _waiting(self, number: int) -> Deferred[object]:
        found = self._deferred.get(number)
        if found is None:
            found = self._deferred[number] = Deferred(_PackedPiece(self, number))
        return found


@dataclass(frozen=True, slots=True, eq=False)
class _PackedPiece:
    """One of several packed values; called, it is read."""

    values: _PackedValues
    number: int

    @property
    def content(self) -> memoryview:
        return self.values.content_of(self.number)

    def __call__(self) -> object:
        return _Unpickler(self.content, self.values.shared.__getitem__).load()


def _packed_piece(value: Deferred[Any]) -> _PackedPiece | None:
    return value.load if isinstance(value.load, _PackedPiece) else None


def _dumped(value: object, reducers: _Reducers) -> bytes:
    file = BytesIO()
    pickler = pickle.Pickler(file, pickle.HIGHEST_PROTOCOL)
    # pickle's own type says a plain dictionary, and takes any mapping.
    pickler.dispatch_table = reducers
    pickler.dump(value)
    return file.getvalue()
