"""The files a catalogue is made of, as bytes by relative path, and the version they amount to.

A catalogue is always loaded from such a mapping, never from a folder directly, so that a version
kept in the database loads exactly like the files on disk.
"""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

from service.domain.errors import BrokenCatalogue, Diagnostic

Source: TypeAlias = Mapping[str, bytes]


def read_source(policies: Path, seeds: Path, extra: Iterable[Path] = ()) -> Source:
    """The policy files under `policies/`, code tables under `seeds/`, and every operator's own
    folder under `private/<folder name>/`. Raises BrokenCatalogue where a folder is missing."""
    files = {**_files(policies, "policies", "*.yaml"), **_files(seeds, "seeds", "codes/*.csv")}
    for folder in extra:
        files |= _files(folder, f"private/{folder.name}", "*.yaml")
    return files


def _files(folder: Path, prefix: str, pattern: str) -> dict[str, bytes]:
    if not folder.is_dir():
        raise BrokenCatalogue((Diagnostic(str(folder), 0, "no such folder"),))
    found = sorted(p for p in folder.rglob(pattern) if p.is_file())
    return {f"{prefix}/{p.relative_to(folder).as_posix()}": p.read_bytes() for p in found}


def version_of(source: Source) -> str:
    """`sha256:` and the digest over the sorted paths and the digests of their contents."""
    total = hashlib.sha256()
    for path in sorted(source):
        total.update(f"{hashlib.sha256(source[path]).hexdigest()}  {path}\n".encode())
    return f"sha256:{total.hexdigest()}"
