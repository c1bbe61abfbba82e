"""The file is opened with care, or refused with a reason."""

import sqlite3 as bundled
import subprocess
import sys
from pathlib import Path

import pytest

from service.domain.errors import ErrorCode, Refused
from service.storage import database, migrations
from service.storage.database import check_library, open_database
from service.storage.faults import UnusableDatabase
from service.storage.faults import sqlite3 as used


def test_the_library_in_use_is_new_enough() -> None:
    assert used.sqlite_version_info >= database.OLDEST_SAFE_SQLITE


def test_an_old_library_is_refused_unless_allowed() -> None:
    with pytest.raises(UnusableDatabase, match=r"3\.51\.2.*pysqlite3"):
        check_library((3, 51, 2))
    check_library((3, 51, 3))
    check_library((3, 40, 1), allow_old=True)


def test_the_version_is_checked_when_opening(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(used, "sqlite_version_info", (3, 40, 1))
    with pytest.raises(UnusableDatabase, match=r"3\.40\.1"):
        open_database(path)
    assert not path.exists()
    open_database(path, allow_old_sqlite=True).close()


def test_a_zero_length_file_is_refused_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    with pytest.raises(UnusableDatabase, match="is empty"):
        open_database(path)
    assert path.stat().st_size == 0


def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"name,amount\n" * 1_000)
    with pytest.raises(UnusableDatabase, match="not a database"):
        open_database(path)
    assert path.read_bytes() == b"name,amount\n" * 1_000


def test_the_database_of_another_program_is_refused_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    other = bundled.connect(path)
    other.execute("CREATE TABLE notes (text)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(UnusableDatabase, match="another program"):
        open_database(path)
    assert path.read_bytes() == before


def test_a_lost_file_that_left_its_log_behind_is_not_replaced(path: Path) -> None:
    """A new file beside an old log would be overwritten with pages of the old one."""
    path.parent.mkdir()
    path.with_name(path.name + "-wal").write_bytes(b"\x37\x7f\x06\x82" * 100)
    with pytest.raises(UnusableDatabase, match="write-ahead log"):
        open_database(path)
    assert not path.exists()


@pytest.mark.parametrize("second", ["0001_again", "0003_three"])
def test_migrations_are_numbered_without_a_gap_or_double(tmp_path: Path, second: str) -> None:
    (tmp_path / "0001_one.sql").write_text("")
    (tmp_path / f"{second}.sql").write_text("")
    with pytest.raises(ValueError, match=f"without a gap.*{second}"):
        migrations.read_migrations(tmp_path)


_START = """
import sys, time
from pathlib import Path
from service.storage.database import open_database
path, go = Path(sys.argv[1]), Path(sys.argv[2])
print("ready", flush=True)
while not go.exists():
    time.sleep(0.0005)
with open_database(path) as store:
    print(store.connection().execute("SELECT count(*) FROM migrations").fetchone()[0])
"""


def test_processes_that_start_together_make_one_database(path: Path, tmp_path: Path) -> None:
    go = tmp_path / "go"
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", _START, str(path), str(go)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    go.touch()
    answers = [process.communicate(timeout=30)[0].strip() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0, 0]
    assert set(answers) == {str(len(migrations.read_migrations()))}


def test_a_writer_that_waits_too_long_is_told_the_service_is_busy(path: Path) -> None:
    """Whether the gate is held, or SQLite's lock by somebody who did not pass the gate."""
    with (
        open_database(path, timeout_seconds=0.5) as one,
        open_database(path, timeout_seconds=0.5) as two,
    ):
        with one.transaction(), pytest.raises(Refused) as at_the_gate, two.transaction():
            pass
        one.connection().execute("BEGIN IMMEDIATE")
        with pytest.raises(Refused) as at_the_lock, two.transaction():
            pass
        one.connection().execute("COMMIT")
        assert at_the_gate.value.code == at_the_lock.value.code == ErrorCode.BUSY
        with two.transaction() as connection:
            connection.execute(
                "INSERT INTO catalogue_versions (version, saved_at) VALUES ('v', 't')"
            )
        with one.transaction() as connection:
            assert connection["catalogue_versions"].count == 1
