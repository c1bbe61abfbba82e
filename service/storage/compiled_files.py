"""Compiled catalogues, kept beside the database: a start need not read the files again.

Of a large one each programme lies there by itself: the file is mapped into memory, which all
workers share, and a programme is taken up when it is first asked for.

A catalogue is kept by the version of its files and of this program, whichever changes makes another
file. What is kept is a pickle, which may run code when it is read: so it is read only from a folder
that nobody but the user of this process can write to, and only whole.
"""

import copyreg
import hashlib
import mmap
import os
import pickle
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from io import BytesIO
from itertools import accumulate
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any

import service
from service.domain.deferred import Deferred
from service.domain.facts.code_lists import CodeList
from service.domain.facts.vocabulary import Vocabulary

# How many are kept: today's, and those of a moment ago while workers change over.
MAX_FILES = 3
# How the files looked that were read last, and their version.
_STAMP = "stamp"
_DIGEST_BYTES, _LENGTH_BYTES = 32, 8
# Equal to nothing but themselves: a copy would be another one.
_ONLY_ONE = (CodeList, Vocabulary)


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
        found = _reducer_of(kind)
        if found is None:
            raise KeyError(kind)
        self[kind] = found
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
        return super().find_class(module, name)


@cache
def _reducer_of(kind: Any) -> Callable[[Any], Any] | None:
    """How a value of slots is taken apart, so that its class makes it again: their own way takes
    twice as long. None of any class that does not take just its parts, in order."""
    if not (is_dataclass(kind) and "__slots__" in vars(kind)) or hasattr(kind, "__post_init__"):
        return None
    parts = fields(kind)
    if not all(part.init and not part.kw_only for part in parts):
        return None
    if len(parts) < 2:
        names = [part.name for part in parts]
        return lambda value: (kind, tuple([getattr(value, name) for name in names]))
    taken_apart = attrgetter(*[part.name for part in parts])
    return lambda value: (kind, taken_apart(value))


@cache
def program_version() -> str:
    """What tells this program from any other that would read the same file otherwise: its version,
    its modules (what they hold: an image that is sent elsewhere keeps no exact times) and the
    interpreter's."""
    root = Path(service.__file__).parent
    total = hashlib.sha256(sys.version.encode())
    for path in sorted(root.rglob("*.py")):
        content = hashlib.sha256(path.read_bytes()).digest()
        total.update(str(path.relative_to(root)).encode() + content)
    return f"{service.__version__} {total.hexdigest()}"


def packed(compiled: object, beside: Iterable[Deferred[Any]] = ()) -> bytes:
    """A compiled catalogue as bytes of this program's own form, behind their SHA-256: what is taken
    up at once, behind its length, and then the values that are taken up when they are asked for.
    Those that lie packed `beside` the first of some that does are kept as they lie there."""
    packer = _ValuePacker(next((place for value in beside if (place := _place_of(value))), None))
    first = packer.pack(compiled)
    content = b"".join([len(first).to_bytes(_LENGTH_BYTES, "little"), first, *packer.packed])
    return hashlib.sha256(content).digest() + content


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
    """Such values, each of which is taken up when it is asked for."""
    lying = list(pieces)
    ends = [0, *accumulate(map(len, lying))]
    values = _PackedValues(memoryview(b"".join(lying)), list(shared), ends)
    return [Deferred(_PackedPiece(values, number)) for number in range(len(lying))]


class _ValuePacker:
    """Values that are packed each by itself. What there is only one of, and they share, they name
    by its place among all that is shared."""

    def __init__(self, known: "_PackedPiece | None") -> None:
        self.packed: list[bytes | memoryview] = []
        self._ends: list[int] = [0]
        # What is packed already names what is shared by its places there.
        self._known = known and known.values
        self._shared = list(self._known.shared) if self._known else []
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
        lying = _place_of(value)
        if lying is not None and lying.values is self._known:
            return lying.content
        return _dumped(value.value, self._reducers)

    def _place(self, value: object) -> int:
        known = self._places.get(value)
        if known is None:
            known = self._places[value] = len(self._shared)
            self._shared.append(value)
        return known


class _PackedValues:
    """The bytes of packed values, of which each is taken up when it is asked for."""

    def __init__(
        self, content: memoryview, shared: Sequence[object] = (), ends: Sequence[int] = ()
    ) -> None:
        self._content = content
        self.shared, self._ends = shared, ends
        self._deferred: dict[int, Deferred[object]] = {}

    def unpack(self, first: memoryview) -> object:
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
    """Finds one of several values where it lies packed."""

    values: _PackedValues
    number: int

    @property
    def content(self) -> memoryview:
        return self.values.content_of(self.number)

    def __call__(self) -> object:
        return _Unpickler(self.content, self.values.shared.__getitem__).load()


def _place_of(value: Deferred[Any]) -> _PackedPiece | None:
    return value.load if isinstance(value.load, _PackedPiece) else None


def is_lying(value: Deferred[Any]) -> bool:
    """Whether a value can be taken up where it lies packed."""
    return _place_of(value) is not None


def _dumped(value: object, reducers: _Reducers) -> bytes:
    file = BytesIO()
    pickler = pickle.Pickler(file, pickle.HIGHEST_PROTOCOL)
    # pickle's own type says a plain dictionary, and takes any mapping.
    pickler.dispatch_table = reducers
    pickler.dump(value)
    return file.getvalue()


class CompiledFiles:
    """The folder of a database's compiled catalogues; and one that came with the program, as an
    image brings it, which is looked into only."""

    def __init__(self, folder: Path, brought: Path | None = None) -> None:
        self._folder, self._brought = folder, brought

    def load(self, version: str, engine: str) -> object | None:
        """The compiled catalogue of a version of the files under this version of the program; None
        where it is not kept, is damaged, or somebody else could have written it."""
        return self._first(folder / _name(version, engine) for folder in self._folders())

    def latest(self, engine: str) -> object | None:
        """The catalogue that this version of the program compiled last; None where there is none
        that `load` would give."""
        files = (f for folder in self._folders() for f in folder.glob(f"{_prefix(engine)}*"))
        try:
            return self._first(sorted(files, key=lambda f: f.stat().st_mtime, reverse=True))
        except OSError:  # dropped by another process meanwhile
            return None

    def _folders(self) -> list[Path]:
        return [self._folder] if self._brought is None else [self._folder, self._brought]

    def _first(self, files: Iterable[Path]) -> object | None:
        """What the first file holds that is whole and could have been written by nobody else."""
        trusted = (f for f in files if self._is_trusted(f))
        return next((found for f in trusted if (found := _unpacked_file(f)) is not None), None)

    def _is_trusted(self, file: Path) -> bool:
        return (
            _is_ours_alone(self._folder) if file.parent == self._folder else _may_be_trusted(file)
        )

    def save(self, version: str, engine: str, content: bytes) -> None:
        """Keep packed bytes, and drop the oldest. Raises OSError."""
        self._write(self._folder / _name(version, engine), content)
        self._prune()

    def remember(self, stamp: str, version: str) -> None:
        """Keep the version of files that look so. Raises OSError."""
        self._write(self._folder / _STAMP, f"{stamp} {version}".encode())

    def remembered(self, stamp: str) -> str | None:
        """The version of the files that looked so when they were read; None where none is known, or
        somebody else could have said so."""
        try:
            if not _is_ours_alone(self._folder):
                return None
            known, _, version = (self._folder / _STAMP).read_text().partition(" ")
        except (OSError, ValueError):
            return None
        return version if known == stamp else None

    def _write(self, path: Path, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_ours_alone(self._folder):
            raise PermissionError(f"{self._folder} can be written to by others")
        handle, name = tempfile.mkstemp(dir=self._folder)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).rename(path)

    def _prune(self) -> None:
        files = [file for file in self._folder.iterdir() if file.name != _STAMP]
        files.sort(key=lambda f: f.stat().st_mtime, reverse=True)
        for file in files[MAX_FILES:]:
            with suppress(FileNotFoundError):
                file.unlink()


def bring(folder: Path, version: str, engine: str, content: bytes) -> None:
    """Keep packed bytes for others to look into. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _name(version, engine)
    path.write_bytes(content)
    path.chmod(0o644)
    folder.chmod(0o755)


def _name(version: str, engine: str) -> str:
    return f"{_prefix(engine)}{hashlib.sha256(version.encode()).hexdigest()}"


def _prefix(engine: str) -> str:
    """How the names of all begin that one version of the program compiled."""
    return f"{hashlib.sha256(engine.encode()).hexdigest()[:32]}-"


def _unpacked_file(path: Path) -> object | None:
    try:
        with path.open("rb") as file:
            return unpacked(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except (OSError, ValueError, pickle.UnpicklingError, EOFError):
        return None


def _may_be_trusted(path: Path) -> bool:
    """Whether a file, and the folder it lies in, belong to the system or to us, and nobody else can
    write to either."""
    try:
        found = [path.lstat(), path.parent.lstat()]
    except OSError:
        return False
    others = stat.S_IWGRP | stat.S_IWOTH
    return all(s.st_uid in (0, os.geteuid()) and not s.st_mode & others for s in found)


def _is_ours_alone(folder: Path) -> bool:
    try:
        status = folder.lstat()
    except OSError:
        return False
    private = not status.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    return stat.S_ISDIR(status.st_mode) and private and status.st_uid == os.geteuid()
