"""Which files and folders lie in a folder of policies: what is hidden is none of them."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

# Is told which file or folder is looked at next: one that never answers can be named so.
Note: TypeAlias = Callable[[str], None]


def unnoted(_path: str) -> None:
    """Nobody asks."""


def shown_entries(
    folder: Path, unreadable: Callable[[OSError], None], note: Note
) -> "Iterator[os.DirEntry[str]]":
    """All that is in a folder and in those within it; links to folders are not followed.

    What is hidden is an editor's, or what a cluster keeps behind the links that it shows. A folder
    that cannot be read is told to `unreadable`, which may raise.
    """
    pending = [str(folder)]
    while pending:
        inner = pending.pop()
        note(inner)
        try:
            with os.scandir(inner) as entries:
                shown = [entry for entry in entries if not entry.name.startswith(".")]
        except OSError as error:
            unreadable(error)
            continue
        yield from shown
        pending += (entry.path for entry in shown if entry.is_dir(follow_symlinks=False))
