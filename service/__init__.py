"""Huice (惠策): which support programmes a company may claim, under which clause, how much."""

import os
from hashlib import sha256
from pathlib import Path

RELEASE = "0.1.0"
# Receipts keep no answers, since programs of one form give the same request under the same
# catalogue the same bytes. A test says when this one does not any more: then this counts one more,
# and no database is opened whose answers a program of the form before has not kept whole.
ANSWER_FORM = 1


def digest_of_files(folder: Path) -> str:
    """Twelve hexadecimal digits that change with the name or the content of any file of a folder,
    Python's own caches aside."""
    # By the names alone: objects of paths take three times as long, and every start waits for it.
    paths = list[str]()
    for place, folders, files in os.walk(folder):
        folders[:] = (f for f in folders if f != "__pycache__")
        paths += (f"{place}/{file}" for file in files)
    digest = sha256()
    for path in sorted(paths):
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123
            content = sha256(file.read()).hexdigest()
        digest.update(f"{path.removeprefix(f'{folder}/')}\0{content}\n".encode())
    return digest.hexdigest()[:12]


# Which program gave an answer: the release, and the very files it was made of. Receipts and ETags
# carry it, so that an answer changed by an edit without a new release is told from the one before.
__version__ = f"{RELEASE}+{digest_of_files(Path(__file__).parent)}"
