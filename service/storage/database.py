"""Opening the one SQLite file: refuses a foreign file, an unsafe library, a newer schema."""

import re
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import sqlite_utils

from service.domain.errors import Refused
from service.domain.text import Text
from service.storage import migrations
from service.storage.faults import (
    OutOfDate,
    StorageFault,
    UnusableDatabase,
    sqlite3,
    translate_errors,
)
from service.storage.receipts import refuse_answers_apart
from service.storage.sqlite_store import SqliteStore, connect
from service.storage.whole_files import publish_file

# Older ones can corrupt a write-ahead log that two connections share.
OLDEST_SAFE_SQLITE = (3, 51, 3)
_NONE = Text(
    "没有数据库 {path}，请检查 HUICE_DATABASE。", "There is no database {path}: see HUICE_DATABASE."
)
APPLICATION_ID = 0x48756963  # "Huic"
# Waited for at the gate, and once more for locks of other programs: told within five seconds.
TIMEOUT_SECONDS = 2.4
_DROPPING = re.compile(r"^DROP TABLE (\w+);", re.MULTILINE)
_ROWS_AT_ONCE = 5_000


def open_database(
    path: Path,
    *,
    create: bool = True,
    migrate: bool = True,
    allow_old_sqlite: bool = False,
    timeout_seconds: float = TIMEOUT_SECONDS,
) -> SqliteStore:
    """The store of a database file, migrated; it is made with its folder if missing.

    `timeout_seconds` is how long a writer waits for others. Unless it may `create`, raises Refused
    where there is no file; unless it may `migrate`, OutOfDate where the file is of an earlier
    version, or another process is at that. Raises UnusableDatabase for an
    SQLite library older than 3.51.3 (unless allowed), for a file that is empty, no database, not
    ours, or newer than this program, and for a lost file that left its write-ahead log behind.
    """
    check_library(sqlite3.sqlite_version_info, allow_old=allow_old_sqlite)
    if not create and not path.exists():
        raise Refused(_NONE.format(path=str(path)))
    path.parent.mkdir(parents=True, exist_ok=True)
    _check_files(path)
    store = SqliteStore(path, timeout_seconds)
    try:
        if not path.exists():
            _create_file(store)
        _check_ours(store)
        _migrate_schema(store, migrate=migrate)
    except BaseException:
        store.close()
        raise
    store.remember_place()
    return store


def check_library(version: tuple[int, ...], *, allow_old: bool = False) -> None:
    """Raises UnusableDatabase for a version with the write-ahead log bug."""
    if version < OLDEST_SAFE_SQLITE and not allow_old:
        raise UnusableDatabase(
            f"SQLite {'.'.join(map(str, version))} can corrupt a write-ahead log; 3.51.3 or newer"
            " is needed: install the package pysqlite3"
        )


def _check_files(path: Path) -> None:
    log = path.with_name(path.name + "-wal")
    if path.exists():
        if path.stat().st_size == 0:
            raise UnusableDatabase(
                f"{path} is empty, though a database of ours never is: restore a backup, or"
                " remove the file to begin anew"
            )
    elif log.exists() and log.stat().st_size > 0:
        raise UnusableDatabase(
            f"{path} is missing but its write-ahead log {log.name} is there: put the file back, or"
            " move the log away to begin anew"
        )


def _check_ours(store: SqliteStore) -> None:
    # SQLite itself must look: opening and closing the file by other means would drop the locks
    # that this process holds on it.
    try:
        with translate_errors():
            connection = store.connection()
            (identity,) = connection.execute("PRAGMA application_id").fetchone()
    except StorageFault as error:
        raise UnusableDatabase(f"{store.path}: {error}") from error
    if identity != APPLICATION_ID:
        raise UnusableDatabase(f"{store.path} is the database of another program")
    with translate_errors():
        connection.enable_wal()  # a copy made by VACUUM INTO comes without


def _create_file(store: SqliteStore) -> None:
    """Make the file unless another process was faster; it appears complete, by renaming."""
    with store.gate.hold(), translate_errors():
        if not store.path.exists():
            _build_file(store.path)


def _migrate_schema(store: SqliteStore, *, migrate: bool) -> None:
    """Bring the schema up to date; of several processes starting together one does it."""
    known = migrations.read_migrations()
    with translate_errors():
        refuse_answers_apart(store.connection())
        if not migrations.pending_migrations(store.connection(), known):
            return
    if not migrate:
        raise OutOfDate(f"{store.path} has to be brought up to date")
    with store.transaction() as connection:
        _migrate(connection, known)


def _migrate(connection: sqlite_utils.Database, known: Sequence[migrations.Migration]) -> None:
    """A table that is dropped is emptied before, by pieces: what one statement takes away SQLite
    keeps in memory until its end, which may be gigabytes."""

    def run(script: str) -> None:
        begin = 0
        for dropping in _DROPPING.finditer(script):
            connection.executescript(script[begin : dropping.start()])
            _empty(connection, dropping[1])
            begin = dropping.start()
        connection.executescript(script[begin:])

    migrations.apply_migrations(connection, known, run)


def _empty(connection: sqlite_utils.Database, table: str) -> None:
    (no_rowid,) = connection.execute(
        "SELECT wr FROM pragma_table_list WHERE name = ?", (table,)
    ).fetchone()
    if no_rowid:
        return  # lists of ids, which are small
    some = f"SELECT rowid FROM {table} LIMIT {_ROWS_AT_ONCE}"  # noqa: S608 - a name of ours
    while connection.execute(f"DELETE FROM {table} WHERE rowid IN ({some})").rowcount:  # noqa: S608
        pass


def _build_file(path: Path) -> None:
    fresh = path.with_name(path.name + ".new")
    for leftover in fresh.parent.glob(fresh.name + "*"):
        leftover.unlink()
    fresh.touch(mode=0o600)
    with closing(connect(fresh, TIMEOUT_SECONDS)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.enable_wal()
        with connection.atomic():
            _migrate(connection, migrations.read_migrations())
    publish_file(fresh, path)
