"""Compiled catalogues, kept beside the database: a start need not read the files again.

A catalogue is kept by the version of its files and of this program, whichever changes makes another
file. What is kept is a pickle, which may run code when it is read: so it is read only from a folder
that nobody but the user of this process can write to, and only whole.
"""

import copyreg
import hashlib
import os
import pickle
import stat
import sys
import tempfile
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import service

# How many are kept: today's, and those of a moment ago while workers change over.
KEPT = 3
_DIGEST_BYTES = 32


def read_only(content: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    """A mapping that cannot be changed; pickles name this function."""
    return MappingProxyType(content)


class _Pickler(pickle.Pickler):
    dispatch_table = copyreg.dispatch_table | {
        MappingProxyType: lambda mapping: (read_only, (dict(mapping),))
    }

    def reducer_override(self, value: object) -> Any:
        """Values of slots are made by their class again: their own way takes twice as long, and a
        catalogue has hundreds of thousands."""
        kind: Any = type(value)
        names = _parts_of(kind)
        if names is None:
            return NotImplemented
        return kind, tuple([getattr(value, name) for name in names])


@cache
def _parts_of(kind: Any) -> tuple[str, ...] | None:
    """What a class of values is made of, where it takes just that, in order; None of any other."""
    if not (is_dataclass(kind) and "__slots__" in vars(kind)) or hasattr(kind, "__post_init__"):
        return None
    parts = fields(kind)
    plain = all(part.init and not part.kw_only for part in parts)
    return tuple([part.name for part in parts]) if plain else None


@cache
def program_version() -> str:
    """What tells this program from any other that would read the same file otherwise: its version,
    its modules as they were installed, and the interpreter's."""
    root = Path(service.__file__).parent
    files = ((path.relative_to(root), path.stat()) for path in sorted(root.rglob("*.py")))
    told = [f"{path} {status.st_size} {status.st_mtime_ns}" for path, status in files]
    digest = hashlib.sha256("\n".join([sys.version, *told]).encode()).hexdigest()
    return f"{service.__version__} {digest}"


def packed(compiled: object) -> bytes:
    """A compiled catalogue as bytes of this program's own form, behind their SHA-256."""
    with tempfile.SpooledTemporaryFile() as file:
        _Pickler(file, protocol=pickle.HIGHEST_PROTOCOL).dump(compiled)
        file.seek(0)
        content = file.read()
    return hashlib.sha256(content).digest() + content


def unpacked(kept: bytes) -> object:
    """The compiled catalogue of such bytes. Raises ValueError where they are damaged."""
    digest, content = kept[:_DIGEST_BYTES], memoryview(kept)[_DIGEST_BYTES:]
    if hashlib.sha256(content).digest() != digest:
        raise ValueError("the compiled catalogue is damaged")
    compiled: object = pickle.loads(content)  # noqa: S301 - see the module
    return compiled


class CompiledFiles:
    """The folder of a database's compiled catalogues."""

    def __init__(self, database: Path) -> None:
        self._folder = database.with_name(f"{database.name}.compiled")

    def load(self, version: str, engine: str) -> object | None:
        """The compiled catalogue of a version of the files under this version of the program; None
        where it is not kept, is damaged, or somebody else could have written it."""
        try:
            if not _is_ours_alone(self._folder):
                return None
            return unpacked(self._path(version, engine).read_bytes())
        except (OSError, ValueError, pickle.UnpicklingError, EOFError):
            return None

    def save(self, version: str, engine: str, content: bytes) -> None:
        """Keep packed bytes, and drop the oldest. Raises OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_ours_alone(self._folder):
            raise PermissionError(f"{self._folder} can be written to by others")
        handle, name = tempfile.mkstemp(dir=self._folder)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).rename(self._path(version, engine))
        self._prune()

    def _path(self, version: str, engine: str) -> Path:
        return self._folder / hashlib.sha256(f"{version} {engine}".encode()).hexdigest()

    def _prune(self) -> None:
        files = sorted(self._folder.iterdir(), key=lambda f: f.stat().st_mtime, reverse=True)
        for file in files[KEPT:]:
            with suppress(FileNotFoundError):
                file.unlink()


def _is_ours_alone(folder: Path) -> bool:
    status = folder.lstat()
    private = not status.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    return stat.S_ISDIR(status.st_mode) and private and status.st_uid == os.geteuid()
