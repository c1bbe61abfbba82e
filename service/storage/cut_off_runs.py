"""Runs of a batch that were cut off: their process was ended without being asked to.

A worker that is killed begins its batch again. One whose table is what kills it would do so for
ever, and every batch behind it would wait.
"""

import atexit
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# One more, and it is the batch. So many, since a worker may be killed at fifty moments for reasons
# of its machine, and no row may be lost by it.
MAX_CUT_OFF = 100
_FILE = "cut-off"


@contextmanager
def noted_run(folder: Path) -> Iterator[int]:
    """How many runs of the batch with this folder were cut off, one after the other, on this
    machine. This one counts as one of them unless it ends, or its process does as it should."""
    note = folder / _FILE
    before = note.stat().st_size if note.exists() else 0
    folder.mkdir(parents=True, exist_ok=True)  # another machine may have taken the table in

    def ended() -> None:
        note.unlink(missing_ok=True)

    with note.open("ab") as file:
        file.write(b"x")
    atexit.register(ended)
    try:
        yield before
    finally:
        atexit.unregister(ended)
        ended()
