"""The gate before the database, where its file system gives no locks."""

import errno
import fcntl
import os
from pathlib import Path

import pytest

from service.domain.errors import ErrorCode
from service.storage.faults import StorageFault
from service.storage.gate import WriteGate


@pytest.fixture
def gate(tmp_path: Path) -> WriteGate:
    return WriteGate(tmp_path / "lock", 5.0)


@pytest.mark.parametrize("met", ["at once", "while waiting for others"])
def test_a_file_system_without_locks_is_a_fault_of_storage(
    gate: WriteGate, monkeypatch: pytest.MonkeyPatch, met: str
) -> None:
    """A share of a network whose server of locks is away: told at once, and over when it is back;
    it was taken for a fault of the program."""

    def no_locks(_descriptor: int, how: int) -> None:
        if how & fcntl.LOCK_NB and met != "at once":
            raise BlockingIOError
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    with monkeypatch.context() as patched:
        patched.setattr(fcntl, "flock", no_locks)
        with pytest.raises(StorageFault, match="No locks available") as told, gate.hold():
            pass
    assert told.value.code is ErrorCode.STORAGE_UNAVAILABLE
    with gate.hold():
        pass


def test_a_lock_whose_file_cannot_be_made_is_a_fault_of_storage(tmp_path: Path) -> None:
    """As where a disk has no room for another file, or the process may open no more."""
    with (
        pytest.raises(StorageFault, match="cannot be locked"),
        WriteGate(tmp_path / "gone" / "lock", 5.0).hold(),
    ):
        pass
