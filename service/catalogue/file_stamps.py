"""How policy files look from outside: enough to tell, without reading one of ten thousand, that
none has changed since all of them were read."""

import hashlib
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from service.catalogue.folder_walk import Note, shown_entries, unnoted

# A file that was written so lately may be written again within what its system takes for the same
# moment: the coarsest count in two seconds.
SETTLED_NS = 2_000_000_000


def stamp_of(folders: Iterable[Path], note: Note = unnoted) -> str | None:
    """A digest over the name, size, times and place of every file in some folders; None where that
    says too little: one was changed just now, is a link to a folder, or cannot be looked at."""
    now = time.time_ns()
    try:
        newest, stamp = look_at(folders, note)
    except OSError:
        return None
    return stamp if newest < now - SETTLED_NS else None


def look_at(folders: Iterable[Path], note: Note = unnoted) -> tuple[int, str]:
    """When the latest of the files in some folders was changed, and the digest of how they look.
    Raises OSError."""
    total = hashlib.sha256()
    newest = 0
    for folder in folders:
        total.update(f"{folder.absolute()}\n".encode(errors="surrogateescape"))
        for path, changed, stamp in sorted(_looked_at(folder, note)):
            newest = max(newest, changed)
            total.update(f"{path} {stamp}\n".encode(errors="surrogateescape"))
    return newest, total.hexdigest()


def _looked_at(folder: Path, note: Note) -> Iterator[tuple[str, int, str]]:
    """The files below a folder, when each was changed last, and how it looks. Raises OSError."""

    def unreadable(error: OSError) -> None:
        raise error

    for entry in shown_entries(folder, unreadable, note):
        if entry.is_dir(follow_symlinks=False):
            continue
        if entry.is_symlink() and entry.is_dir():
            raise NotADirectoryError(entry.path)
        note(entry.path)
        found = entry.stat()
        # The last change of whatever kind (ctime) is set by the system alone.
        identity = f"{found.st_dev} {found.st_ino} {found.st_size} {found.st_mtime_ns}"
        changed = max(found.st_ctime_ns, found.st_mtime_ns)
        yield entry.path, changed, f"{identity} {found.st_ctime_ns}"
