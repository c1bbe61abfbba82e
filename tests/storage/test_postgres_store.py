"""The state on a server: what is confirmed is there, what fails is told, what breaks is renewed."""

import itertools
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from service.domain.errors import ErrorCode, Refused
from service.storage import migrations
from service.storage.faults import (
    BrokenConstraint,
    ReadOnly,
    StorageFault,
    StorageFull,
    UnusableDatabase,
)
from service.storage.health import health_of
from service.storage.opening import open_store
from service.storage.postgres_store import PostgresStore, open_postgres
from tests.postgres import PostgresServer, postgres_server

pytestmark = pytest.mark.deep
PUT = "INSERT INTO catalogue_versions (version, saved_at) VALUES (?, ?)"


_schemas = itertools.count(1)


@pytest.fixture
def address(postgres: PostgresServer) -> str:
    schema = f"own_{next(_schemas)}"
    postgres.execute(f"CREATE SCHEMA {schema}")
    return postgres.address(schema)


@pytest.fixture
def store(address: str) -> Iterator[PostgresStore]:
    with open_postgres(address) as opened:
        yield opened


def versions(store: PostgresStore) -> list[str]:
    rows = store.connection().execute("SELECT version FROM catalogue_versions ORDER BY version")
    return [row[0] for row in rows]


def test_a_server_that_cannot_be_reached_is_named() -> None:
    """Not the password that should have opened it."""
    with pytest.raises(StorageFault, match=r"127\.0\.0\.1.*refused") as caught:
        open_postgres("postgresql://huice:secret@127.0.0.1:1/huice")
    assert "secret" not in str(caught.value)


def test_the_schema_is_made_once(store: PostgresStore, address: str) -> None:
    """By the first; whoever opens it next finds it done."""
    with open_store(Path("unused"), address) as again:
        rows = again.connection().execute("SELECT number, name, digest FROM migrations").fetchall()
    known = migrations.read_migrations(engine="postgresql")
    assert sorted(rows) == [(m.number, m.name, m.digest) for m in known]


def test_text_is_ordered_by_its_bytes(store: PostgresStore) -> None:
    """As in SQLite, whatever language the server was set up for."""
    for version in ("b", "B", "a", "_"):
        with store.transaction() as db:
            db.execute(PUT, (version, "t"))
    assert versions(store) == ["B", "_", "a", "b"]


def test_a_transaction_is_rolled_back_by_an_exception(store: PostgresStore) -> None:
    def interrupted() -> None:
        with store.transaction() as db:
            db.execute(PUT, ("v", "t"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert versions(store) == []


def test_an_error_that_was_swallowed_is_told_at_the_end(store: PostgresStore) -> None:
    """The server rolls such a transaction back without a word; nobody may take it for done."""

    def swallow() -> None:
        with store.transaction() as db:
            db.execute(PUT, ("v", "t"))
            with pytest.raises(BrokenConstraint):
                db.execute(PUT, ("v", "t"))

    with pytest.raises(StorageFault, match="rolled the transaction back"):
        swallow()
    assert versions(store) == []


def test_what_breaks_a_rule_is_told_without_the_row(store: PostgresStore) -> None:
    """The server's detail would quote what was to be stored, and messages reach logs."""
    with store.transaction() as db:
        db.execute(PUT, ("a company's figures", "t"))
    with pytest.raises(BrokenConstraint, match="unique") as told, store.transaction() as db:
        db.execute(PUT, ("a company's figures", "t"))
    assert "figures" not in str(told.value)
    assert told.value.__cause__ is None


def test_one_writer_at_a_time_and_the_next_is_told_that_it_is_busy(
    store: PostgresStore, address: str
) -> None:
    with (
        open_postgres(address, timeout_seconds=0.05) as hasty,
        store.transaction(),
        pytest.raises(Refused) as told,
        hasty.transaction(),
    ):
        pass
    assert told.value.code == ErrorCode.BUSY


@pytest.mark.parametrize("by", ["reading", "writing"])
def test_a_table_that_somebody_locked_is_told_at_once(
    postgres: PostgresServer, address: str, by: str
) -> None:
    """Also to those who stood behind others at the writer's place: each waited for the table as
    long as for its turn, so that the last of eight was told after five seconds."""

    def write(store: PostgresStore) -> None:
        with store.transaction() as connection:
            connection.execute(PUT, ("a", "t"))

    use = {"reading": versions, "writing": write}[by]

    def wait() -> float:
        with open_postgres(address) as patient:
            began = time.monotonic()
            with pytest.raises(Refused):
                use(patient)
            return time.monotonic() - began

    with open_postgres(address), psycopg.connect(address) as other, ThreadPoolExecutor(4) as pool:
        other.execute("LOCK TABLE catalogue_versions")
        assert max(pool.map(lambda _: wait(), range(4))) < 2


@pytest.mark.parametrize("by", ["reading", "writing"])
def test_a_session_that_the_server_ended_is_renewed(
    store: PostgresStore, postgres: PostgresServer, by: str
) -> None:
    """Between transactions nothing is lost by that, so nobody hears of it."""
    (process,) = store.connection().execute("SELECT pg_backend_pid()").fetchone()
    postgres.execute(f"SELECT pg_terminate_backend({process}, 5000)")
    if by == "writing":
        with store.transaction() as db:
            db.execute(PUT, ("v", "t"))
    assert versions(store) == (["v"] if by == "writing" else [])


def test_a_session_that_ends_in_a_transaction_is_a_fault(
    store: PostgresStore, postgres: PostgresServer
) -> None:
    """What was written in it is lost, and whoever asked is told so."""

    def cut() -> None:
        with store.transaction() as db:
            db.execute(PUT, ("v", "t"))
            (process,) = db.execute("SELECT pg_backend_pid()").fetchone()
            postgres.execute(f"SELECT pg_terminate_backend({process}, 5000)")
            db.execute(PUT, ("w", "t"))

    with pytest.raises(StorageFault):
        cut()
    assert versions(store) == []


def test_a_forked_child_opens_connections_of_its_own(store: PostgresStore) -> None:
    """And leaves the parent's alone."""
    assert versions(store) == []
    child = os.fork()
    if child == 0:
        try:
            with store.transaction() as db:
                db.execute(PUT, ("child", "t"))
            os._exit(0)
        except BaseException:  # noqa: BLE001
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert versions(store) == ["child"]


def test_a_full_disk_is_told_as_such(store: PostgresStore) -> None:
    """As the server's own code says, whatever language it speaks."""
    full = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END $$"
    with pytest.raises(StorageFull), store.transaction() as db:
        db.execute(full)


def test_text_with_a_nul_is_no_error(store: PostgresStore) -> None:
    """Nothing that is kept has one, so nothing is found by it."""
    found = store.connection().execute(
        "SELECT 1 FROM catalogue_versions WHERE version = ?", ("v\0",)
    )
    assert found.fetchone() is None


def test_health_is_that_of_a_server_that_writes(tmp_path: Path) -> None:
    """One that is gone is told, and again a good one when it is back."""
    with postgres_server() as server:
        store = open_postgres(server.address())
        health_of(store).check()
        server.kill()
        with pytest.raises(StorageFault):
            health_of(store).check()
        server.start()
        health_of(store).check()
        store.close()


def test_health_is_not_that_of_a_server_that_may_only_be_read(store: PostgresStore) -> None:
    """Who guards a disk that fills, or a server that was replaced, has it refuse to write."""
    store.connection().execute("SET default_transaction_read_only = on")
    with pytest.raises(ReadOnly):
        health_of(store).check()
    store.connection().execute("SET default_transaction_read_only = off")
    health_of(store).check()


def test_a_server_that_does_not_write_through_is_refused(tmp_path: Path) -> None:
    """A receipt is a promise."""
    with postgres_server(fsync="off") as server, pytest.raises(UnusableDatabase, match="fsync"):
        open_postgres(server.address())


def test_a_server_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(StorageFault):
        open_postgres(f"postgresql:///postgres?host={tmp_path}")
