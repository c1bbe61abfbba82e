"""Folders that last as long as a process, and what is left of them where one was killed."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_LOCK = "in-use"
# A folder that has just been made may not be locked yet.
_NEW_SECONDS = 60.0
# Uploads are in work for seconds, and nothing tells whose they are.
_OLD_SECONDS = 3_600.0
# Less is too little for the files of a service.
_FEW_NAMES, _FEW_BYTES = 1_000, 8 << 20


def has_room(folder: Path) -> bool:
    """Whether small files can be made there."""
    try:
        room = os.statvfs(folder)
    except OSError:
        return False
    has_names = room.f_favail > _FEW_NAMES or not room.f_files
    has_bytes = room.f_bavail * room.f_frsize > _FEW_BYTES
    return os.access(folder, os.W_OK) and has_names and has_bytes


def make_own_folder(prefix: str, parent: str | None) -> Path:
    """A new folder that is ours, and of those forked from us, until the last of us has ended."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    # Never closed: the system lets go of the lock with the process, however it ends.
    handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return folder


def remove_leftovers(prefix: str, parent: str | None) -> list[Path]:
    """Remove what killed processes left of such folders; which those were."""
    found = [folder for folder in _ours(prefix, parent) if _is_nobodys(folder)]
    for folder in found:
        shutil.rmtree(folder, ignore_errors=True)
    return found


def remove_old(prefix: str, parent: str | None = None) -> list[Path]:
    """Remove folders of which nothing tells whether they are in use, once they are old."""
    found = [folder for folder in _ours(prefix, parent) if _age(folder) > _OLD_SECONDS]
    for folder in found:
        shutil.rmtree(folder, ignore_errors=True)
    return found


def _ours(prefix: str, parent: str | None) -> Iterator[Path]:
    for folder in Path(parent or tempfile.gettempdir()).glob(f"{prefix}*"):
        with suppress(OSError):
            if folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid == os.getuid():
                yield folder


def _age(folder: Path) -> float:
    try:
        return time.time() - folder.stat().st_mtime
    except OSError:
        return 0.0


def _is_nobodys(folder: Path) -> bool:
    """Whether no living process holds it."""
    try:
        handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return _age(folder) > _NEW_SECONDS
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True
