"""Whether files have changed is seen from outside; where that cannot be said they are read."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from service.catalogue.file_stamps import SETTLED_NS, stamp_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two files, one in a folder of its own."""
    (tmp_path / "policies" / "bj").mkdir(parents=True)
    (tmp_path / "policies" / "vocabulary.yaml").write_text("facts: []\n")
    (tmp_path / "policies" / "bj" / "01.yaml").write_text("id: bj-01\n")
    return tmp_path / "policies"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a while since anybody wrote a file."""
    now = 2**62
    monkeypatch.setattr("service.catalogue.file_stamps.time.time_ns", lambda: now)


@pytest.mark.usefixtures("later")
def test_files_that_stay_look_the_same(folder: Path) -> None:
    assert stamp_of([folder]) == stamp_of([folder]) is not None


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize(
    "change",
    [
        lambda f: (f / "bj" / "01.yaml").write_text("id: bj-02\n"),
        lambda f: (f / "bj" / "02.yaml").write_text(""),
        lambda f: (f / "bj" / "01.yaml").unlink(),
        lambda f: (f / "bj" / "01.yaml").rename(f / "bj" / "1.yaml"),
        lambda f: (f / "bj").rename(f / "sh"),
    ],
    ids=["of the same length", "another", "one less", "another name", "another folder"],
)
def test_whatever_changes_is_seen(folder: Path, change: Callable[[Path], object]) -> None:
    before = stamp_of([folder])
    change(folder)
    assert stamp_of([folder]) != before


@pytest.mark.usefixtures("later")
def test_a_change_that_hides_its_time_is_seen(folder: Path) -> None:
    """Only the system says when anything about a file changed last."""
    file = folder / "bj" / "01.yaml"
    found, before = file.stat(), stamp_of([folder])
    file.write_text("id: bj-02\n")
    os.utime(file, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert file.stat().st_mtime_ns == found.st_mtime_ns
    assert stamp_of([folder]) != before


@pytest.mark.usefixtures("later")
def test_a_link_looks_like_the_file_it_leads_to(folder: Path, tmp_path: Path) -> None:
    """As a cluster shows its settings."""
    first, second = tmp_path / "first", tmp_path / "second"
    for file in (first, second):
        file.write_text("id: sh-01\n")
    (folder / "02.yaml").symlink_to(first)
    before = stamp_of([folder])
    (folder / "02.yaml").unlink()
    (folder / "02.yaml").symlink_to(second)
    assert stamp_of([folder]) != before


@pytest.mark.usefixtures("later")
def test_nothing_is_said_of_a_link_to_a_folder_or_of_no_folder(
    folder: Path, tmp_path: Path
) -> None:
    assert stamp_of([folder, tmp_path / "none"]) is None
    (folder / "linked").symlink_to(folder / "bj")
    assert stamp_of([folder]) is None


def test_nothing_is_said_of_a_file_that_may_be_written_again_in_the_same_moment(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = max(file.stat().st_ctime_ns for file in folder.rglob("*.yaml"))
    for now, said in ((changed + SETTLED_NS, False), (changed + SETTLED_NS + 1, True)):
        monkeypatch.setattr("service.catalogue.file_stamps.time.time_ns", lambda now=now: now)
        assert (stamp_of([folder]) is not None) is said
