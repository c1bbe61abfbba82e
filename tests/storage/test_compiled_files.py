"""A catalogue that was compiled is kept for the program that compiled it, and for no other."""

import errno
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from service.storage.compiled_bytes import packed
from service.storage.compiled_files import MAX_FILES, WRITTEN, CompiledFiles, program_version

DAY = date(2026, 5, 1)


@dataclass(frozen=True)
class Rulebook:
    """As a catalogue is."""

    words: dict[str, int]


def test_what_is_kept_counts_for_one_program_and_version(tmp_path: Path) -> None:
    """Another version of the files, or another program, finds nothing."""
    # Asked once: it is another one as soon as anybody writes to a module.
    program = program_version()
    kept = CompiledFiles(tmp_path / "huice.sqlite3")
    kept.save("sha256:1", program, packed(DAY))
    assert kept.load("sha256:1", program) == DAY
    assert kept.load("sha256:2", program) is None
    assert kept.load("sha256:1", f"{program} changed") is None
    assert kept.latest(program) == DAY
    assert kept.latest(f"{program} changed") is None


def test_what_is_held_is_not_taken_up_again(tmp_path: Path) -> None:
    """A reload reads what changed against the catalogue that serves. Another file of the same name
    is another one."""
    kept = CompiledFiles(tmp_path / "compiled")
    kept.save("sha256:1", "program", packed(Rulebook({"text": 1})))
    held = kept.load("sha256:1", "program")
    assert kept.latest("program") is kept.load("sha256:1", "program") is held
    kept.save("sha256:1", "program", packed(Rulebook({"text": 2})))
    other = kept.latest("program")
    assert isinstance(other, Rulebook)
    assert other.words == {"text": 2}


def test_only_the_latest_few_are_kept(tmp_path: Path) -> None:
    kept = CompiledFiles(tmp_path / "compiled")
    versions = [f"sha256:{number}" for number in range(MAX_FILES + 2)]
    for version in versions:
        kept.save(version, "program", packed(DAY))
        kept.save(version, "program", packed("words"), WRITTEN)
        for file in (tmp_path / "compiled").iterdir():
            os.utime(file, (file.stat().st_mtime - 1, file.stat().st_mtime - 1))
    assert [v for v in versions if kept.load(v, "program")] == versions[-MAX_FILES:]
    assert [v for v in versions if kept.load(v, "program", WRITTEN)] == versions[-MAX_FILES:]
    assert kept.latest("program") == DAY


def test_nothing_is_left_of_a_file_that_could_not_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full does not get fuller at each start."""

    def refuse(path: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(Path, "rename", refuse)
    files = CompiledFiles(tmp_path / "compiled")
    with pytest.raises(OSError, match="full"):
        files.save("sha256:1", "program", b"x")
    assert list((tmp_path / "compiled").iterdir()) == []
