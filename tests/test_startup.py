"""Files that do not come to an end hold nobody up, and who is told to end does so."""

import os
import shutil
import signal
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import FrameType

import pytest

from service import startup
from service.app import open_services
from service.catalogue import source
from service.domain.errors import BrokenCatalogue, Diagnostic
from service.domain.text import Text
from service.policy_files import files_of, load_source
from service.publishing import publish_ahead
from service.startup import StartInterrupted, prepare, prepare_into, within
from service.storage.compiled_files import CompiledFiles
from tests.api.sample import FICTIONAL, settings_for


def test_reading_that_takes_too_long_is_a_fault_of_the_files() -> None:
    """A file of the kernel's, or of a machine that is away, may never be read to its end."""
    never = threading.Event()
    with pytest.raises(BrokenCatalogue, match="took longer than"):
        within(0.1, never.wait)
    never.set()


def test_a_file_that_never_answers_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one on a machine that is away."""
    monkeypatch.setattr(startup, "MAX_FETCHING_SECONDS", 0.5)
    shutil.copytree(FICTIONAL / "policies", tmp_path / "policies")
    silent = tmp_path / "policies" / "meridian" / "silent.yaml"
    silent.write_text("", encoding="utf-8")
    never, is_plain = threading.Event(), source._is_plain

    def look(name: str) -> bool:
        return is_plain(name) if name != str(silent) else never.wait(10)

    monkeypatch.setattr(source, "_is_plain", look)
    settings = replace(settings_for(tmp_path / "huice.sqlite3"), policies=tmp_path / "policies")
    with pytest.raises(BrokenCatalogue) as caught:
        prepare(settings)
    assert [d.file for d in caught.value.diagnostics] == [str(silent)]
    never.set()


def test_a_signal_to_end_is_heard_while_files_are_read() -> None:
    """And does what it did before, too."""
    heard: list[int] = []

    def end(number: int, _frame: FrameType | None) -> None:
        heard.append(number)

    never, former = threading.Event(), signal.signal(signal.SIGTERM, end)

    def end_it() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        never.wait()

    try:
        with pytest.raises(StartInterrupted):
            within(60, end_it)
        assert heard == [signal.SIGTERM]
        assert signal.getsignal(signal.SIGTERM) is end
    finally:
        never.set()
        signal.signal(signal.SIGTERM, former)


def test_what_was_read_and_what_was_wrong_is_handed_on() -> None:
    assert within(60, lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        within(60, lambda: 1 // 0)


def test_a_worker_stores_what_was_published_only_where_it_is_not(tmp_path: Path) -> None:
    """It shares the files with the others, and would come to hold a copy of what it reads."""
    first, second = (settings_for(tmp_path / f"{name}.sqlite3") for name in ("first", "second"))
    files = load_source(first)
    with closing(open_services(first, source=files)) as made:
        version, compiled = made.compiled.catalogue.version, made.compiled
    with closing(open_services(first, source={}, compiled=compiled, published=True)) as worker:
        assert worker.versions.is_stored(version)
    with closing(open_services(second, source=files, compiled=compiled, published=True)) as alone:
        assert alone.versions.is_stored(version)
        assert alone.search("").ids == ()
        assert dict(alone.versions.load(version)) == dict(files)


def test_files_that_look_as_they_did_are_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor are they needed to store what is stored already; one that is changed is read."""
    policies = shutil.copytree(FICTIONAL / "policies", tmp_path / "policies")
    settings = settings_for(tmp_path / "huice.sqlite3", policies=policies)
    monkeypatch.setattr("service.catalogue.file_stamps.SETTLED_NS", 0)
    first, second = prepare(settings), prepare(settings)
    assert first.files is not None
    assert second.files is None
    version = first.compiled.catalogue.version
    assert second.compiled.catalogue.version == version
    for found in (first, second):
        publish_ahead(settings, found.compiled, found.files)
    programme = next(iter(second.compiled.catalogue.programmes.values()))
    file = policies / programme.path.partition("/")[2]
    file.write_text(file.read_text() + "# reviewed\n")
    assert prepare(settings).compiled.catalogue.version != version


def test_files_that_were_changed_while_they_were_taken_up_are_not_stored(tmp_path: Path) -> None:
    """Under the version of others, that is."""
    settings = settings_for(tmp_path / "huice.sqlite3")
    with pytest.raises(BrokenCatalogue, match="changed while"):
        files_of(settings, "sha256:0", None)()


def test_what_was_kept_and_cannot_be_read_from_there_is_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some shares of a network map no files into memory."""
    monkeypatch.setattr(CompiledFiles, "load", lambda *_: None)
    assert prepare(settings_for(tmp_path / "huice.sqlite3")).compiled.catalogue.programmes


def test_what_came_compiled_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As an image brings it, whose service has a database of its own."""
    settings = settings_for(tmp_path / "huice.sqlite3")
    brought = tmp_path / "brought"
    version = prepare_into(settings, brought).version
    monkeypatch.setattr("service.startup._aside", lambda *_: pytest.fail("it was read"))
    elsewhere = settings_for(tmp_path / "other" / "huice.sqlite3", prepared=brought)
    monkeypatch.setattr("service.catalogue.file_stamps.SETTLED_NS", 0)
    first, second = prepare(elsewhere), prepare(elsewhere)
    assert first.compiled.catalogue.version == version
    assert second.files is None


def test_nothing_is_taken_up_that_others_could_have_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept can run code when it is taken up."""
    settings = settings_for(tmp_path / "huice.sqlite3")
    brought = tmp_path / "brought"
    prepare_into(settings, brought)
    brought.chmod(0o777)
    monkeypatch.setattr("service.startup._aside", lambda *_: _refuse())
    with pytest.raises(BrokenCatalogue, match="read it"):
        prepare(settings_for(tmp_path / "other.sqlite3", prepared=brought))


def _refuse() -> bytes:
    raise BrokenCatalogue((Diagnostic("policies", 1, Text("读它", "read it")),))
