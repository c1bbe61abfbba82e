"""Compiled catalogues, kept beside the database: a start need not read the files again.

A file is mapped into memory, which all workers share, and a programme of it is read when it is
first asked for.

A catalogue is kept by the version of its files and of this program: whichever changes makes another
file. What is kept is a pickle, which may run code when it is read: so it is read only from a folder
that nobody but the user of this process can write to, and only whole.
"""

import hashlib
import mmap
import os
import pickle
import stat
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from service import __version__
from service.storage.compiled_bytes import unpacked
from service.storage.whole_files import file_beside

# How many are kept: today's, and those of a moment ago while workers change over.
MAX_FILES = 3
# The end of the names of files that hold what is written of each programme of a catalogue.
WRITTEN = ".written"
# How the files looked that were read last, and their version.
_STAMP = "stamp"


def program_version() -> str:
    """What tells this program from any other that would read the same file otherwise: its version,
    which its files are part of (what they hold: an image that is sent elsewhere keeps no exact
    times), and the interpreter's."""
    return f"{__version__} {hashlib.sha256(sys.version.encode()).hexdigest()}"


class CompiledFiles:
    """The folder of a database's compiled catalogues; and one that came with the program, as an
    image holds it, which is only read."""

    def __init__(self, folder: Path, prepared: Path | None = None) -> None:
        self._folder, self._prepared = folder, prepared

    def load(self, version: str, engine: str, kind: str = "") -> object | None:
        """The compiled catalogue of a version of the files under this version of the program, or
        what was kept of its programmes (`kind`: WRITTEN); None where it is not kept, is damaged, or
        somebody else could have written it."""
        return self._first(folder / _name(version, engine, kind) for folder in self._folders())

    def latest(self, engine: str) -> object | None:
        """The catalogue that this version of the program compiled last; None where there is none
        that `load` would give."""
        listed = (f for folder in self._folders() for f in folder.glob(f"{_prefix(engine)}*"))
        files = (f for f in listed if f.suffix != WRITTEN)
        try:
            return self._first(sorted(files, key=lambda f: f.stat().st_mtime, reverse=True))
        except OSError:  # dropped by another process meanwhile
            return None

    def _folders(self) -> list[Path]:
        return [self._folder] if self._prepared is None else [self._folder, self._prepared]

    def _first(self, files: Iterable[Path]) -> object | None:
        """What the first file holds that is whole and could have been written by nobody else."""
        trusted = (f for f in files if self._is_trusted(f))
        return next((found for f in trusted if (found := _unpacked_file(f)) is not None), None)

    def _is_trusted(self, file: Path) -> bool:
        return (
            _is_ours_alone(self._folder) if file.parent == self._folder else _may_be_trusted(file)
        )

    def save(self, version: str, engine: str, content: bytes, kind: str = "") -> None:
        """Keep packed bytes, and drop the oldest. Raises OSError."""
        self._write(self._folder / _name(version, engine, kind), content)
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
        with file_beside(path) as beside:
            beside.write_bytes(content)
            beside.rename(path)

    def _prune(self) -> None:
        files = [file for file in self._folder.iterdir() if file.name != _STAMP]
        files.sort(key=lambda f: f.stat().st_mtime, reverse=True)
        for kind in ("", WRITTEN):
            for file in [f for f in files if f.suffix == kind][MAX_FILES:]:
                with suppress(FileNotFoundError):
                    file.unlink()


def write_prepared(folder: Path, version: str, engine: str, content: bytes) -> None:
    """Write packed bytes into a folder that HUICE_PREPARED may name. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _name(version, engine)
    path.write_bytes(content)
    path.chmod(0o644)
    folder.chmod(0o755)


def _name(version: str, engine: str, kind: str = "") -> str:
    return f"{_prefix(engine)}{hashlib.sha256(version.encode()).hexdigest()}{kind}"


def _prefix(engine: str) -> str:
    """How the names of all begin that one version of the program compiled."""
    return f"{hashlib.sha256(engine.encode()).hexdigest()[:32]}-"


# What this process, or the one that it is a fork of, has taken up and holds, by how its file looks.
_taken_up: WeakValueDictionary[tuple[int, ...], Any] = WeakValueDictionary()


def _unpacked_file(path: Path) -> object | None:
    try:
        with path.open("rb") as file:
            look = os.fstat(file.fileno())
            place = look.st_dev, look.st_ino, look.st_size, look.st_mtime_ns, look.st_ctime_ns
            found: object | None = _taken_up.get(place)
            if found is None:
                found = unpacked(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
                with suppress(TypeError):  # plain mappings cannot be held so
                    _taken_up[place] = found
            return found
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
