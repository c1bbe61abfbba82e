"""A store in one SQLite file: its settings, its transactions, and a file that is harmed."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from service.domain.errors import Refused
from service.storage import database, migrations
from service.storage.database import open_database
from service.storage.faults import StorageFault, StorageFull, UnusableDatabase
from service.storage.gate import WriteGate
from service.storage.health import DatabaseHealth
from service.storage.sqlite_store import SqliteStore


@pytest.fixture
def nobody_looks_at_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who looks at every page meets harm too, at any moment, and tells it in other words."""
    monkeypatch.setattr(DatabaseHealth, "_run", lambda _: None)


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with open_database(path) as opened:
        yield opened


def _pragma(store: SqliteStore, name: str) -> object:
    return store.connection().execute(f"PRAGMA {name}").fetchone()[0]


def test_every_connection_has_our_settings(store: SqliteStore) -> None:
    """WAL, FULL, foreign keys, a wait of 2.4 seconds, deleted bytes overwritten."""
    wanted: dict[str, object] = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 2_400,
        "secure_delete": 1,
        "trusted_schema": 0,
        "journal_size_limit": 64 * 1024 * 1024,
        "application_id": database.APPLICATION_ID,
    }
    here = {name: _pragma(store, name) for name in wanted}
    there: dict[str, object] = {}
    thread = threading.Thread(target=lambda: there.update({n: _pragma(store, n) for n in wanted}))
    thread.start()
    thread.join()
    assert here == wanted
    assert there == wanted


def test_only_what_need_not_be_durable_at_once_is_not_synced(store: SqliteStore) -> None:
    for at_once, inside in ((True, 2), (False, 1), (True, 2)):
        with store.transaction(at_once=at_once):
            assert _pragma(store, "synchronous") == inside
    with suppress(ZeroDivisionError), store.transaction(at_once=False):
        raise ZeroDivisionError
    assert _pragma(store, "synchronous") == 2


def test_a_crash_while_the_file_was_made_does_no_harm(path: Path) -> None:
    """The file appears complete; what an interrupted attempt left is thrown away."""
    path.parent.mkdir()
    path.with_name(path.name + ".new").write_bytes(b"half")
    path.with_name(path.name + ".new-wal").write_bytes(b"half")
    with open_database(path) as store:
        assert "receipts" in store.connection().table_names()
    left = [path.name, path.name + ".lock", path.name + ".lock.queue"]
    assert sorted(p.name for p in path.parent.iterdir()) == left


def test_a_backup_without_write_ahead_log_gets_it_back(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    with open_database(path) as store:
        store.connection().execute("VACUUM INTO ?", (str(copy),))
    with open_database(copy) as store:
        assert _pragma(store, "journal_mode") == "wal"


def test_migrations_run_once(path: Path) -> None:
    open_database(path).close()
    with open_database(path) as store:
        rows = store.connection().execute("SELECT number, name, digest FROM migrations").fetchall()
    known = migrations.read_migrations()
    assert rows == [(m.number, m.name, m.digest) for m in known]


def test_a_migration_is_applied_whole_or_not_at_all(store: SqliteStore) -> None:
    known = migrations.read_migrations()
    broken = migrations.Migration(
        len(known) + 1, "broken", "CREATE TABLE half (a); INSERT INTO nowhere VALUES (1);"
    )
    with pytest.raises(StorageFault, match="nowhere"), store.transaction() as connection:
        migrations.apply_migrations(connection, (*known, broken), connection.executescript)
    assert "half" not in store.connection().table_names()
    assert migrations.pending_migrations(store.connection(), (*known, broken)) == (broken,)


def test_a_pending_migration_is_applied_at_the_next_start(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_database(path).close()
    known = migrations.read_migrations()
    further = migrations.Migration(len(known) + 1, "further", "CREATE TABLE further (a TEXT);")
    monkeypatch.setattr(migrations, "read_migrations", lambda: (*known, further))
    with open_database(path) as store:
        assert "further" in store.connection().table_names()


def test_a_large_table_is_dropped_without_being_held_in_memory(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two million receipts would be as many gigabytes, and a start that is killed each time."""
    known = migrations.read_migrations()
    with open_database(path) as store, store.transaction() as connection:
        connection.execute("CREATE TABLE large (a)")
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 24000)"
            " INSERT INTO large SELECT zeroblob(1000) FROM n"
        )
    dropped = migrations.Migration(len(known) + 1, "dropped", "DROP TABLE large;")
    monkeypatch.setattr(migrations, "read_migrations", lambda: (*known, dropped))
    before = _memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the most is that of now
    with open_database(path) as store:
        assert "large" not in store.connection().table_names()
    assert _memory("VmHWM") - before < 16_000


def _memory(what: str) -> int:
    """Of this process, in kB."""
    (line,) = (x for x in Path("/proc/self/status").read_text("ascii").splitlines() if what in x)
    return int(line.split()[1])


def test_a_database_of_a_newer_version_is_refused(path: Path) -> None:
    with open_database(path) as store, store.transaction() as connection:
        connection.execute("INSERT INTO migrations VALUES (99, 'later', 'd')")
    with pytest.raises(UnusableDatabase, match="newer version"):
        open_database(path)


def test_an_edited_migration_is_refused(path: Path) -> None:
    with open_database(path) as store, store.transaction() as connection:
        connection.execute("UPDATE migrations SET digest = 'other' WHERE number = 2")
    with pytest.raises(UnusableDatabase, match=r"migration 2 \(search\) was edited"):
        open_database(path)


def test_a_transaction_is_rolled_back_by_an_exception(store: SqliteStore) -> None:
    def interrupted() -> None:
        with store.transaction() as connection:
            connection.execute(
                "INSERT INTO catalogue_versions (version, saved_at) VALUES ('v', 't')"
            )
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert store.connection()["catalogue_versions"].count == 0
    assert not store.connection().conn.in_transaction


def test_a_statement_that_returns_rows_is_committed_too(store: SqliteStore, path: Path) -> None:
    """The driver's own transactions, which nobody would end, are off."""
    store.connection().execute(
        "INSERT INTO catalogue_versions (version, saved_at) VALUES ('v', 't') RETURNING version"
    ).fetchall()
    with open_database(path) as other:
        assert other.connection()["catalogue_versions"].count == 1


def _in_child(store: SqliteStore) -> int:
    """Fork; the child writes through the inherited store. Its exit status: 0 well, 3 refused."""
    child = os.fork()
    if child == 0:
        try:
            with store.transaction() as connection:
                connection.execute(
                    "INSERT INTO catalogue_versions (version, saved_at) VALUES ('child', 't')"
                )
            os._exit(0)
        except StorageFault:
            os._exit(3)
        except BaseException:  # noqa: BLE001
            os._exit(4)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_forked_child_opens_connections_of_its_own(store: SqliteStore) -> None:
    with store.transaction() as connection:
        connection.execute(
            "INSERT INTO catalogue_versions (version, saved_at) VALUES ('parent', 't')"
        )
    assert _in_child(store) == 0
    assert store.connection()["catalogue_versions"].count == 2


# Python 3.12 and newer warn of the very thing this is about.
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_child_forked_while_other_threads_hold_connections_refuses_to_work(
    store: SqliteStore,
) -> None:
    """It would believe to hold locks that only the parent holds."""
    ready, done = threading.Event(), threading.Event()

    def read() -> None:
        store.connection()
        ready.set()
        done.wait()

    thread = threading.Thread(target=read)
    thread.start()
    ready.wait()
    assert _in_child(store) == 3
    done.set()
    thread.join()
    assert store.connection()["catalogue_versions"].count == 0


def test_a_closed_store_opens_again_when_used(store: SqliteStore) -> None:
    store.close()
    with store.transaction() as connection:
        assert connection["catalogue_versions"].count == 0


def test_a_full_database_is_told_as_such(store: SqliteStore) -> None:
    """Nothing of the transaction stays, and it goes on when there is room again."""
    connection = store.connection()
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}").fetchone()

    def fill() -> None:
        with store.transaction() as writing:
            writing.execute("CREATE TABLE filler AS SELECT zeroblob(1000000) AS content")

    with pytest.raises(StorageFull):
        fill()
    connection.execute("PRAGMA max_page_count = 100000").fetchone()
    fill()


@pytest.mark.parametrize("what", ["moved", "replaced"])
def test_nothing_is_written_to_a_file_that_was_moved_away(store: SqliteStore, what: str) -> None:
    """It would be acknowledged and never found again."""
    moved = store.path.with_name("moved")
    store.path.rename(moved)
    if what == "replaced":
        store.path.write_bytes(moved.read_bytes())
    with pytest.raises(StorageFault, match=r"gone|another file"), store.transaction():
        pass


@pytest.mark.usefixtures("nobody_looks_at_pages")
@pytest.mark.parametrize(
    "harm", ["header zeroed", "cut by a page", "cut within a page", "emptied", "an earlier copy"]
)
def test_harm_to_an_open_file_is_noticed_by_the_next_write_and_the_next_question(
    store: SqliteStore, harm: str
) -> None:
    """SQLite has the pages in its memory and would confirm what nobody finds again. It is over when
    the file is as it was."""
    health = DatabaseHealth(store)
    health.check()
    store.checkpoint()
    earlier = store.path.read_bytes()
    DatabaseHealth(store).check()  # a probe that is counted
    store.checkpoint()
    was = store.path.read_bytes()
    with store.transaction():
        pass
    told = r"does not begin|was cut|earlier copy"
    lengths = {"cut by a page": len(was) - 4096, "cut within a page": len(was) - 1000, "emptied": 0}
    with store.path.open("r+b") as file:
        if harm in lengths:
            file.truncate(lengths[harm])
        else:
            file.write(earlier if harm == "an earlier copy" else bytes(100))
    with pytest.raises(StorageFault, match=told), store.transaction():
        pass
    with pytest.raises(StorageFault, match=told):
        health.check()
    with store.path.open("r+b") as file:
        file.write(was)
    with store.transaction():
        pass


def test_a_write_that_failed_makes_readiness_red_at_once_and_no_longer_than_it_lasts(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks need not wait until a probe is due."""
    health = DatabaseHealth(store)
    health.check()
    log = store.path.with_name(store.path.name + "-wal")
    moved = log.rename(log.with_name("moved"))
    health.check()
    with pytest.raises(StorageFault), store.transaction():
        pass
    with pytest.raises(StorageFault):
        health.check()
    moved.rename(log)
    monkeypatch.setattr("service.storage.health.AWAY_SECONDS", 0.0)
    health.check()


def test_a_file_that_was_moved_makes_readiness_red_at_once(store: SqliteStore) -> None:
    health = DatabaseHealth(store)
    health.check()
    moved = store.path.rename(store.path.with_name("moved"))
    with pytest.raises(StorageFault):
        health.check()
    moved.rename(store.path)
    health.check()


def test_a_writer_in_the_way_makes_readiness_red_no_longer_than_it_is(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.storage.health.AWAY_SECONDS", 0.0)
    with open_database(path, timeout_seconds=0.5) as store, open_database(path) as other:
        health = DatabaseHealth(store)
        with other.transaction(), pytest.raises(Refused):
            health.check()
        health.check()


def is_waited_for(file: Path) -> bool:
    """Whether anybody stands before a file's lock, by the system's own list."""
    of_file = f":{file.stat().st_ino} "
    listed = Path("/proc/locks").read_text(encoding="ascii").splitlines()
    return any(" -> " in line and of_file in line for line in listed)


def test_who_comes_back_at_once_lets_whoever_waits_go_first(tmp_path: Path) -> None:
    """A large catalogue is stored in many transactions, while others keep receipts: on one busy
    processor who waits is not awake before the lock is taken again."""
    order, gates = list[str](), [WriteGate(tmp_path / "lock", 2.4) for _ in range(2)]

    def come_in() -> None:
        with gates[1].hold():
            order.append("who waited")

    processors = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(processors)})
    try:
        for _ in range(20):
            waiting = threading.Thread(target=come_in)
            with gates[0].hold():
                waiting.start()
                while not is_waited_for(tmp_path / "lock"):
                    time.sleep(0.001)
            with gates[0].hold():
                order.append("who came back")
            waiting.join()
    finally:
        os.sched_setaffinity(0, processors)
    assert order == ["who waited", "who came back"] * 20


def test_closing_one_store_of_a_file_leaves_the_locks_of_another(store: SqliteStore) -> None:
    """The locks of a file are the process's, and end with whichever of its descriptors is closed
    first: another process still cannot write."""
    other = open_database(store.path)
    with store.transaction():
        other.close()
        asks = "import sqlite3, sys; sqlite3.connect(sys.argv[1], 0).execute('BEGIN IMMEDIATE')"
        told = subprocess.run(
            [sys.executable, "-c", asks, str(store.path)], capture_output=True, check=False
        )
        assert b"locked" in told.stderr


@pytest.mark.parametrize("ending", ["-wal", "-shm"])
def test_nothing_is_written_beside_a_log_that_was_removed(
    store: SqliteStore, path: Path, ending: str
) -> None:
    """What is in a removed write-ahead log goes with its last process, and without the log's index
    two programs write over each other. Closed and opened again, all is there."""
    log = path.with_name(path.name + ending)
    with store.transaction() as connection:
        connection.execute("PRAGMA user_version = 7")
    log.unlink()
    with pytest.raises(StorageFault, match=f"{ending} is gone"), store.transaction():
        pass
    log.touch()
    with pytest.raises(StorageFault, match=r"another file|was cut"), store.transaction():
        pass
    log.unlink()
    store.close()
    with store.transaction() as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (7,)


@pytest.mark.usefixtures("nobody_looks_at_pages")
@pytest.mark.parametrize("left", [0, 100, 4_000])
def test_nothing_is_written_to_a_log_that_was_cut(
    store: SqliteStore, path: Path, left: int
) -> None:
    """Its index knows of frames that are no longer there, and what follows them is never read."""
    with store.transaction() as connection:
        connection.execute("PRAGMA user_version = 7")
    log = path.with_name(path.name + "-wal")
    was = log.read_bytes()
    os.truncate(log, left)
    for _ in range(2):
        with pytest.raises(StorageFault, match="-wal was cut"), store.transaction() as connection:
            connection.execute("PRAGMA user_version = 8")
    with pytest.raises(StorageFault, match="-wal was cut"):
        DatabaseHealth(store).check()
    log.write_bytes(was)
    with store.transaction() as connection:
        connection.execute("PRAGMA user_version = 8")
    assert store.checkpoint()
    with store.transaction() as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (8,)


def test_a_file_that_only_some_can_write_is_not_ready(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one that was made immutable: who had it open before goes on, and readiness would say now
    this and now that."""
    with monkeypatch.context() as now:
        now.setattr(os, "access", lambda _path, _mode: False)
        with pytest.raises(StorageFault, match="can only be read"):
            DatabaseHealth(store).check()
    DatabaseHealth(store).check()


def test_a_lost_table_is_damage(store: SqliteStore) -> None:
    """Somebody else dropped it: every page makes sense, and nothing can be stored. Who looks for
    the first time afterwards finds the same, and withdraws nothing."""
    health, later = DatabaseHealth(store), DatabaseHealth(store)
    assert health.find_damage() is None
    store.connection().execute("DROP TABLE receipt_chain")
    health.look()
    later.look()
    with pytest.raises(StorageFault, match="has lost receipt_chain"), store.transaction():
        pass


def test_a_connection_that_could_only_read_is_not_kept(store: SqliteStore) -> None:
    """The file was made read-only for a moment in which a thread opened it: that thread writes
    again when the moment is over."""
    store.connection().execute("PRAGMA query_only = ON")
    with pytest.raises(StorageFault), store.transaction() as connection:
        connection.execute("PRAGMA user_version = 5")
    with store.transaction() as connection:
        connection.execute("PRAGMA user_version = 5")
    assert _pragma(store, "user_version") == 5


def test_damage_that_one_process_finds_stops_all(store: SqliteStore) -> None:
    """They look at different moments: none of them confirms what another knows to be lost. When it
    is over all go on, and who starts anew looks for itself."""
    other = open_database(store.path)
    health = DatabaseHealth(store)
    store.damage = "page 7"
    with pytest.raises(StorageFault, match="page 7"), other.transaction():
        pass
    with pytest.raises(StorageFault, match="page 7"):
        DatabaseHealth(other).check()
    health.look()
    with other.transaction():
        pass
    store.damage = "page 7"
    open_database(store.path).close()
    with other.transaction():
        pass
    other.close()
