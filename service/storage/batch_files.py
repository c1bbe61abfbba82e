"""The files of batches: in a folder beside the state, or through the state where it is shared."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from service.storage.faults import translate_errors
from service.storage.gate import lock_file
from service.storage.store import Store
from service.storage.times import read_time, written_time

_PIECE = 1 << 20
# A batch is stored within this after its files, or never.
_STRAY = timedelta(hours=1)
# Clocks of file systems are coarser than ours; nothing is published twice within this.
_MIN_SECONDS_APART = 0.01


class BatchFiles(Protocol):
    """Where a batch's files are, and who works on it."""

    def folder_of(self, batch_id: str) -> Path:
        """Its folder on this machine. The id is made by us and holds no path."""
        ...

    def publish(self, batch_id: str, names: Iterable[str], now: datetime) -> None:
        """Does nothing: everybody looks into the folder itself."""
        ...

    def path(self, batch_id: str, name: str) -> Path:
        """One of its files, here, if there is such a file at all."""
        ...

    def remove(self, batch_id: str) -> None:
        """Delete its files."""
        ...

    def remove_strays(self, known: Callable[[str], bool], now: datetime) -> None:
        """Delete files of batches that were never stored, or that the files outlived."""
        ...

    def claim(self, batch_id: str) -> AbstractContextManager[bool]:
        """Whether this process alone works on it; let go with the process, however it ends."""
        ...


def _mark(copy: Path, at: datetime) -> None:
    """Set the time of a copy to the moment its original in the state was written."""
    os.utime(copy, (at.timestamp(), at.timestamp()))


class LocalFiles:
    """A folder for each batch, on the one machine that has the state."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def folder_of(self, batch_id: str) -> Path:
        return self._folder / batch_id

    def publish(self, batch_id: str, names: Iterable[str], now: datetime) -> None:
        """Nothing: the folder is where everybody looks."""

    def path(self, batch_id: str, name: str) -> Path:
        return self.folder_of(batch_id) / name

    def remove(self, batch_id: str) -> None:
        shutil.rmtree(self.folder_of(batch_id), ignore_errors=True)

    def remove_strays(self, known: Callable[[str], bool], now: datetime) -> None:
        if not self._folder.is_dir():
            return
        old = (now - _STRAY).timestamp()
        for path in self._folder.iterdir():
            if path.is_dir() and path.stat().st_mtime < old and not known(path.name):
                shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def claim(self, batch_id: str) -> Iterator[bool]:
        folder = self.folder_of(batch_id)
        if not folder.is_dir():
            yield False
            return
        with lock_file(folder / "lock") as mine:
            yield mine


class SharedFiles(LocalFiles):
    """Files of batches that several machines share: all are kept in the state, and each machine has
    copies of those that it needs."""

    def __init__(self, folder: Path, store: Store) -> None:
        super().__init__(folder)
        self._store = store

    def publish(self, batch_id: str, names: Iterable[str], now: datetime) -> None:
        for name in names:
            self._upload(batch_id, self.folder_of(batch_id) / name, now)

    def _upload(self, batch_id: str, path: Path, now: datetime) -> None:
        """Piece by piece, each for itself: nobody else's writing waits for a large file. Nobody
        reads it before the batch says that it is there."""
        with translate_errors(), path.open("rb") as file:
            db = self._store.connection()
            db.execute(
                "DELETE FROM batch_files WHERE batch = ? AND name = ?", (batch_id, path.name)
            )
            part = 0
            while piece := file.read(_PIECE):
                db.execute(
                    "INSERT INTO batch_files (batch, name, part, at, content)"
                    " VALUES (?, ?, ?, ?, ?)",
                    (batch_id, path.name, part, written_time(now), piece),
                )
                part += 1
        _mark(path, now)

    def path(self, batch_id: str, name: str) -> Path:
        found = super().path(batch_id, name)
        if not found.exists() or self._is_outdated(batch_id, name, found):
            self._download(batch_id, name, found)
        return found

    def _is_outdated(self, batch_id: str, name: str, copy: Path) -> bool:
        """Whether the state has a later one: a batch may run again, or be understood otherwise."""
        query = "SELECT at FROM batch_files WHERE batch = ? AND name = ? AND part = 0"
        with translate_errors():
            row = self._store.connection().execute(query, (batch_id, name)).fetchone()
        return (
            row is not None
            and read_time(str(row[0])).timestamp() > copy.stat().st_mtime + _MIN_SECONDS_APART
        )

    def _download(self, batch_id: str, name: str, target: Path) -> None:
        """Under its name only once it is whole."""
        target.parent.mkdir(parents=True, exist_ok=True)
        half = target.with_name(f".{target.name}.part")
        query = "SELECT content, at FROM batch_files WHERE batch = ? AND name = ? AND part = ?"
        at = None
        with translate_errors(), half.open("wb") as file:
            part = 0
            while row := self._store.connection().execute(query, (batch_id, name, part)).fetchone():
                file.write(row[0])
                at = read_time(str(row[1]))
                part += 1
        if at is not None:
            _mark(half, at)
            half.rename(target)
        else:
            half.unlink()

    def remove(self, batch_id: str) -> None:
        super().remove(batch_id)
        with translate_errors():
            self._store.connection().execute("DELETE FROM batch_files WHERE batch = ?", (batch_id,))

    def remove_strays(self, known: Callable[[str], bool], now: datetime) -> None:
        super().remove_strays(known, now)
        with translate_errors():
            self._store.connection().execute(
                "DELETE FROM batch_files WHERE at < ? AND batch NOT IN (SELECT id FROM batches)",
                (written_time(now - _STRAY),),
            )

    @contextmanager
    def claim(self, batch_id: str) -> Iterator[bool]:
        with self._store.claim(f"batch-{batch_id}") as mine:
            yield mine
