"""Files that have their name only once they are whole."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def file_beside(target: Path) -> Iterator[Path]:
    """A file of our own in the target's folder, gone at the end unless it was published."""
    target.parent.stat()  # mkstemp would name a file of its own as the missing one
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    os.close(handle)
    path = Path(name)
    try:
        yield path
    finally:
        for leftover in (path, *path.parent.glob(path.name + "-*")):
            with suppress(FileNotFoundError):
                leftover.unlink()


def publish_file(path: Path, target: Path) -> None:
    """Give a file that is whole on the disk its name, so that the name outlives a power cut too."""
    path.rename(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
