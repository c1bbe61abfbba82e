"""Which files and folders lie in a folder of policies: what is hidden is none of them."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path


def shown_entries(
    folder: Path, unreadable: Callable[[OSError], None]
) -> "Iterator[os.DirEntry[str]]":
    """All that is in a folder and in those within it; links to folders are not followed.

    What is hidden is an editor's, or what a cluster keeps behind the links that it shows. A folder
    that cannot be read is told to `unreadable`, which may raise.
    """
    pending = [str(folder)]
    while pending:
        try:
            with os.scandir(pending.pop()) as entries:
                shown = [entry for entry in entries if not entry.name.startswith(".")]
        except OSError as error:
            unreadable(error)
            continue
        yield from shown
        pending += (entry.path for entry in shown if entry.is_dir(follow_symlinks=False))
