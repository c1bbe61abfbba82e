"""Folders of policies that somebody named one too high, one too low or in the wrong order: which
one is meant instead, told once and not by a fault for each file.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from service.catalogue.fault_words import quoted, say
from service.catalogue.file_kinds import MEASURE, VOCABULARY
from service.domain.errors import Diagnostic
from service.domain.facts.profile import COMPANY_KIND

_ID = re.compile(rb"^id:[ \t]*['\"]?([^\s#'\"]+)", re.MULTILINE)
# The one fact that every catalogue asks: whom a programme addresses.
_KIND = f"{COMPANY_KIND}:".encode()
_MAX_BYTES = 65_536  # the id stands at the beginning of a file


def misplaced_folders(policies: Path, private: tuple[Path, ...]) -> Iterator[Diagnostic]:
    """The added folders that are not what is read as one: each with the folder that is meant."""
    ours = policies.resolve()
    for folder in private:
        path = folder.resolve()
        inner = next(_catalogues_in(path), None)
        if _is_catalogue(path):
            words = say("catalogue_named_second", folder=quoted(str(folder)))
        elif inner is not None:
            words = say("catalogue_lies_within", folder=quoted(str(inner)))
        elif path.is_relative_to(ours):
            words = say("is_read_with_its_catalogue", folder=quoted(str(policies)))
        elif _id_of(path / MEASURE).startswith(f"{path.parent.name}."):
            words = say("is_one_measure_of", folder=quoted(str(folder.parent)))
        else:
            continue
        yield Diagnostic(str(folder), 0, words)


def _catalogues_in(folder: Path) -> Iterator[Path]:
    """The folders within one that hold a whole catalogue."""
    with suppress(OSError):
        yield from sorted(inner for inner in folder.iterdir() if _is_catalogue(inner))


def _is_catalogue(folder: Path) -> bool:
    """Whether it has the words of a whole catalogue, and not some of its own beside ours."""
    try:
        return _KIND in (folder / VOCABULARY).read_bytes()
    except OSError:
        return False


def _id_of(measure: Path) -> str:
    """The id that a measure's file begins with; nothing where there is none to be read."""
    try:
        with measure.open("rb") as file:
            found = _ID.search(file.read(_MAX_BYTES))
    except OSError:
        return ""
    return found[1].decode(errors="replace") if found else ""
