"""The files a catalogue is made of, as bytes by relative path, and the version they amount to.

A catalogue is always loaded from such a mapping, never from a folder directly, so that a version
kept in the database loads exactly like the files on disk.
"""

import hashlib
import os
import re
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TypeAlias

from service.catalogue.fault_words import quoted, say
from service.catalogue.file_kinds import MEASURE, PRIVATE
from service.catalogue.folder_walk import Note, shown_entries, unnoted
from service.catalogue.misplaced_folders import misplaced_folders
from service.domain.errors import BrokenCatalogue, Diagnostic
from service.domain.text import Text, each_wording

Source: TypeAlias = Mapping[str, bytes]

MAX_FILE_BYTES = 8 * 1024 * 1024
# Ten thousand programmes take a twentieth of it.
MAX_TOTAL_BYTES = 512 * 1024 * 1024
_MISSPELT = (".yml", ".yaml", ".yml.txt", ".yaml.txt")
_POLICIES, _SEEDS = "policies", "seeds"
# A file of the source in the words of a fault.
_FILE = re.compile(rf"(?:{_POLICIES}|{_SEEDS}|{PRIVATE}/[\w.-]+)/[\w./-]+\.(?:yaml|csv)")


@dataclass(frozen=True)
class Folders:
    """Where the files of a catalogue stand: ours, the code tables, and every operator's own.
    `moved` are folders that are read in the place of others, by that place."""

    policies: Path
    seeds: Path
    private: tuple[Path, ...] = ()
    moved: Mapping[str, Path] = field(default_factory=dict)

    @property
    def all(self) -> tuple[Path, ...]:
        """Every folder, ours first."""
        return tuple([folder for _, folder in self._places()])

    def _places(self) -> Iterator[tuple[str, Path]]:
        yield from self.moved.items()
        yield _POLICIES, self.policies
        yield _SEEDS, self.seeds
        for folder in self.private:
            yield f"{PRIVATE}/{folder.name}", folder

    def on_disk(self, file: str) -> str:
        """The path a person finds a file of the source at: below here as it is, else in full."""
        for prefix, folder in self._places():
            if file.startswith(f"{prefix}/"):
                path = (folder / file[len(prefix) + 1 :]).absolute()
                here = Path.cwd()
                return str(path.relative_to(here) if path.is_relative_to(here) else path)
        return file

    def at_true_paths(self, error: BrokenCatalogue) -> BrokenCatalogue:
        """The faults of an error under the paths at which a person finds the files, also within
        their words."""
        found = (
            replace(d, file=self.on_disk(d.file), message=self._with_true_paths(d.message))
            for d in error.diagnostics
        )
        return BrokenCatalogue(tuple(found))

    def _with_true_paths(self, message: Text) -> Text:
        return each_wording(
            [message], lambda said, _: _FILE.sub(lambda m: self.on_disk(m[0]), said[0])
        )


def read_source(
    policies: Path,
    seeds: Path,
    extra: Iterable[Path] = (),
    *,
    may_be_empty: bool = False,
    note: Note = unnoted,
) -> Source:
    """The policy files under `policies/`, code tables under `seeds/`, and every operator's own
    folder under `private/<folder name>/`, which `may_be_empty` where somebody begins it. Raises
    BrokenCatalogue with every folder that is missing and every file that cannot be read or would be
    passed over."""
    folders = Folders(policies, seeds, tuple(extra))
    faults = list(_same_names(folders.private))
    misplaced = list(misplaced_folders(policies, folders.private))
    if misplaced:
        raise BrokenCatalogue((*faults, *misplaced))
    files = {
        **_read_files(policies, _POLICIES, "*.yaml", faults, note),
        **_read_files(seeds, _SEEDS, "codes/*.csv", faults, note, may_be_empty=True),
    }
    for folder in folders.private:
        files |= _read_files(
            folder, f"{PRIVATE}/{folder.name}", "*.yaml", faults, note, may_be_empty
        )
    if faults:
        found = BrokenCatalogue(tuple(sorted(faults, key=lambda d: d.place)))
        raise folders.at_true_paths(found)
    return files


def _same_names(folders: Iterable[Path]) -> Iterator[Diagnostic]:
    """Two folders of one name would share a namespace and overwrite each other's files."""
    counts = Counter(folder.name for folder in folders)
    for folder in folders:
        if counts[folder.name] > 1:
            yield Diagnostic(
                str(folder), 0, say("another_folder_is_called_too", folder=quoted(folder.name))
            )


def _read_files(
    folder: Path,
    prefix: str,
    pattern: str,
    faults: list[Diagnostic],
    note: Note,
    may_be_empty: bool = False,
) -> dict[str, bytes]:
    note(str(folder))
    if not folder.is_dir():
        faults.append(Diagnostic(str(folder), 0, say("no_such_folder")))
        return {}
    contents: dict[str, bytes] = {}
    paths = [p for p in _paths_in(folder, faults, note) if _is_meant(p, pattern, note)]
    paths.sort(key=lambda path: path.split("/"))
    total = 0
    for path in paths:
        if total > MAX_TOTAL_BYTES:
            faults.append(
                Diagnostic(str(folder), 0, say("holds_more_than_mb", value=MAX_TOTAL_BYTES >> 20))
            )
            break
        note(path)
        content = _read_content(path)
        if isinstance(content, bytes):
            total += len(content)
            inside = path[len(str(folder)) :].lstrip("/")
            contents[f"{prefix}/{inside}"] = content
        else:
            inside = path[len(str(folder)) :].encode(errors="replace").decode().lstrip("/")
            faults.append(Diagnostic(f"{prefix}/{inside}", 0, content))
    if not paths and not may_be_empty:
        # As an operator's folder is where its volume is not mounted.
        faults.append(Diagnostic(str(folder), 0, say("holds_no_policy_file")))
    return contents


def _paths_in(folder: Path, faults: list[Diagnostic], note: Note) -> Iterator[str]:
    """All that is in a folder and in those within it."""

    def unreadable(error: OSError) -> None:
        faults.append(Diagnostic(str(error.filename or folder), 0, _why_unreadable(error)))

    return (entry.path for entry in shown_entries(folder, unreadable, note))


def _is_meant(path: str, pattern: str, note: Note) -> bool:
    """Whether a path is a file of the catalogue, or somebody took it for one."""
    # Of ten thousand paths most are plain; to make a `Path` of each takes as long as to read it.
    if fnmatchcase(path, f"*/{pattern}"):
        return True
    return _is_misnamed(Path(path)) or _is_linked_folder(Path(path), pattern, note)


def _is_linked_folder(path: Path, pattern: str, note: Note) -> bool:
    """Whether files of the catalogue lie behind a link to their folder, which is not followed:
    it may lead round, or to what changes meanwhile."""
    if not (path.is_symlink() and path.is_dir()):
        return False
    behind = shown_entries(path, lambda _: None, note)
    return any(fnmatchcase(entry.path, f"*/{pattern}") for entry in behind)


def _is_misnamed(path: Path) -> bool:
    """Whether somebody meant a policy file by a name that is none: 01.yml, 01.YAML, 01.yaml.txt."""
    return path.suffix != ".yaml" and path.name.lower().endswith(_MISSPELT)


def _read_content(name: str) -> bytes | Text:
    """The bytes of a file, or why there are none to be had."""
    try:
        fault = None if _is_plain(name) else _why_passed_over(Path(name))
        if fault is not None:
            return fault
        # What looked like a file and has nothing to read yet, as the kernel's log, is not waited
        # for: there is no content then, and no end. The size is what the system says, or grows.
        with open(name, "rb", opener=_without_waiting) as file:
            size = os.fstat(file.fileno()).st_size
            if size > MAX_FILE_BYTES:
                return _too_large()
            # Room for more than there is would take as long as to read it.
            content: bytes | None = file.read(size + 1)
            if content is None:
                return say("is_no_ordinary_file")
            if len(content) > size:
                content += file.read(MAX_FILE_BYTES + 1 - len(content)) or b""
        return content if len(content) <= MAX_FILE_BYTES else _too_large()
    except OSError as error:
        return _why_unreadable(error)


def _without_waiting(name: str, flags: int) -> int:
    return os.open(name, flags | os.O_NONBLOCK)


def _is_plain(name: str) -> bool:
    """Whether a path is a file, and no link to one, by a name that is right: of most one look tells
    all."""
    if not (name.endswith((".yaml", ".csv")) and name.isprintable()):
        return False
    with suppress(OSError):
        return stat.S_ISREG(os.lstat(name).st_mode)
    return False


def _why_passed_over(path: Path) -> Text | None:
    """Why a path cannot be read as a policy file; None where it can."""
    if _is_misnamed(path):
        return say("would_be_passed_over_a_policy")
    if not str(path).isprintable():
        return say("file_name_cannot_be_written")
    if path.is_symlink() and path.is_dir():
        return say("is_a_link_to_a_folder")
    if path.is_dir():
        return say("is_a_folder_with_the_name")
    if path.exists() and not path.is_file():
        return say("is_no_ordinary_file")
    return None


def _too_large() -> Text:
    return say("is_larger_than_mb", value=MAX_FILE_BYTES >> 20)


def _why_unreadable(error: OSError) -> Text:
    return say("cannot_be_read", value=error.strerror or error)


def unchanged_folders(then: Mapping[str, object], now: Mapping[str, object]) -> frozenset[str]:
    """The folders of measures in which no file differs between two catalogues, given what stands
    for the content of each; none where a file differs that all programmes may rest on."""
    measures = f"/{MEASURE}"
    homes = {path.rpartition("/")[0] for path in now if path.endswith(measures) and path in then}
    differing = {
        path.rpartition("/")[0]
        for path in then.keys() | now.keys()
        if then.get(path) != now.get(path)
    }
    known = {path.rpartition("/")[0] for path in (*then, *now) if path.endswith(measures)}
    return frozenset(homes - differing) if differing <= known else frozenset()


def digests_of(source: Source) -> dict[str, str]:
    """The SHA-256 of each file, by path."""
    return {path: hashlib.sha256(content).hexdigest() for path, content in source.items()}


def version_of(source: Source) -> str:
    """`sha256:` and the digest over the sorted paths and the digests of their contents."""
    total = hashlib.sha256()
    for path, digest in sorted(digests_of(source).items()):
        total.update(f"{digest}  {path}\n".encode())
    return f"sha256:{total.hexdigest()}"
