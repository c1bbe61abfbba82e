"""Files through which processes add up their metrics: written through memory, so their room is
taken beforehand.

Where the file system has none left (a container's /dev/shm is 64 MB, which others fill too), a
write through memory ends the process by SIGBUS, and the next one likewise. What cannot be kept in a
file is counted all the same, in memory of the process alone: `/metrics` of the others lacks it.
"""

import os
from contextlib import suppress
from pathlib import Path

from prometheus_client import values
from prometheus_client.mmap_dict import MmapedDict

_BYTES = 1 << 16


class ReservedDict(MmapedDict):
    """Numbers by name in a file whose room is taken; without room in memory that has no name."""

    def __init__(self, filename: str, read_mode: bool = False) -> None:
        if not read_mode and not _has_room_made(filename):
            self._open_apart(b"")
            return
        super().__init__(filename, read_mode)  # type: ignore[no-untyped-call]

    def _init_value(self, key: str) -> None:
        # A new name, padding and numbers included, is far shorter than what is free at most.
        while self._capacity - self._used < len(key.encode()) + 64:
            self._grow()
        super()._init_value(key)  # type: ignore[no-untyped-call]

    def _grow(self) -> None:
        content = self._m[:]
        try:
            os.posix_fallocate(self._f.fileno(), 0, 2 * self._capacity)
        except OSError:
            self.close()  # type: ignore[no-untyped-call]
            self._open_apart(content + bytes(len(content)))
        else:
            name = self._fname
            self.close()  # type: ignore[no-untyped-call]
            super().__init__(name)  # type: ignore[no-untyped-call]

    def _open_apart(self, content: bytes) -> None:
        handle = os.memfd_create("huice-metrics")
        try:
            os.write(handle, content)
            super().__init__(f"/proc/self/fd/{handle}")  # type: ignore[no-untyped-call]
        finally:
            os.close(handle)


def _has_room_made(filename: str) -> bool:
    """Whether a file is there whose bytes are taken; none is left that is empty, which nobody could
    read."""
    path = Path(filename)
    try:
        with path.open("a+b") as file:
            os.posix_fallocate(file.fileno(), 0, max(_BYTES, path.stat().st_size))
    except OSError:
        with suppress(OSError):
            if path.stat().st_size == 0:
                path.unlink()
        return False
    return True


def take_room_beforehand() -> None:
    """Have the library keep what is counted in such files."""
    values.MmapedDict = ReservedDict  # type: ignore[attr-defined]
