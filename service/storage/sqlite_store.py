"""The state in one SQLite file: a connection per thread and process, and transactions that begin
with the write lock."""

import os
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlite_utils

from service.storage.database_files import DatabaseFiles
from service.storage.faults import (
    BrokenConstraint,
    ReadOnly,
    StorageFault,
    sqlite3,
    translate_errors,
)
from service.storage.gate import WriteGate, lock_file
from service.storage.store import Store

_WAL_BYTES_KEPT = 64 * 1024 * 1024


class SqliteStore(Store):
    """The database file. Made by `open_database`; safe to share among threads.

    Every thread has a connection of its own. Before a fork the forking thread's connection is
    closed, and the child opens its own; SQLite forbids to carry one over. A child forked while
    *other* threads held connections refuses to work: it would share their locks without owning
    them, and could lose data.
    """

    def __init__(self, path: Path, timeout_seconds: float) -> None:
        self.path = path
        self._timeout_seconds = timeout_seconds
        self.gate = WriteGate(path.with_name(path.name + ".lock"), timeout_seconds)
        self.files = DatabaseFiles(path)
        self._damage: str | None = None
        self.has_failed = False
        self._mine = threading.local()
        self._guard = threading.Lock()
        self._open: weakref.WeakSet[sqlite_utils.Database] = weakref.WeakSet()
        self._carried_over_fork: list[sqlite_utils.Database] = []
        _stores.add(self)

    @property
    def damage(self) -> str | None:
        """What is known to be wrong with the pages, found by this process or another: nothing more
        is put among them."""
        return self._damage or self.gate.announcement()

    @damage.setter
    def damage(self, words: str | None) -> None:
        self._damage = words
        self.gate.announce(words)

    def remember_place(self) -> None:
        """From now on writes are refused where another file, or none, is in this one's place.
        What was found wrong with a former one is forgotten."""
        self.files.remember()
        self.damage = None

    def _check_damage(self) -> None:
        damage = self.damage
        if damage is not None:
            raise StorageFault(damage)

    def connection(self) -> sqlite_utils.Database:
        """This thread's connection, for reading. Write inside `transaction()`."""
        connection: sqlite_utils.Database | None = getattr(self._mine, "connection", None)
        if connection is None:
            if self._carried_over_fork:
                raise StorageFault(
                    "the database was in use by other threads when this process was forked;"
                    " open it after the fork"
                )
            with translate_errors():
                connection = connect(self.path, self._timeout_seconds)
            self._mine.connection = connection
            with self._guard:
                if not self._open:
                    self.files.forget_logs()
                self._open.add(connection)
        return connection

    @contextmanager
    def transaction(self, *, at_once: bool = True) -> Iterator[sqlite_utils.Database]:
        """BEGIN IMMEDIATE … COMMIT, rolled back by any exception. What need not be durable at once
        is so with the next commit that is: the log is written in order, and synced whole.

        Raises as `Store.transaction` says; that the file let it down is left in `has_failed`.
        """
        try:
            with self._transaction(at_once=at_once) as connection:
                yield connection
        except BrokenConstraint:
            raise
        except StorageFault as fault:
            self.has_failed = True
            if isinstance(fault, ReadOnly):
                self._forget_connection()
            raise

    def _forget_connection(self) -> None:
        """Close this thread's connection, so that the next use opens another: one that was opened
        while the file was read-only stays read-only."""
        mine: sqlite_utils.Database | None = getattr(self._mine, "connection", None)
        if mine is not None:
            del self._mine.connection
            with self._guard:
                self._open.discard(mine)
            mine.close()

    @contextmanager
    def _transaction(self, *, at_once: bool) -> Iterator[sqlite_utils.Database]:
        connection = self.connection()
        if connection.conn.in_transaction:
            raise StorageFault("a transaction is already open in this thread")
        self.files.check_place()
        self._check_damage()
        with self.gate.hold(), translate_errors(), _synced(connection, at_once=at_once):
            self.files.check_file()
            self.files.check_log(connection)
            connection.execute("BEGIN IMMEDIATE")
            try:
                self.files.check_beside()
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                connection.rollback()
                raise

    @contextmanager
    def snapshot(self) -> Iterator[sqlite_utils.Database]:
        """What others write meanwhile stays in the log until the block ends."""
        connection = self.connection()
        if connection.conn.in_transaction:
            raise StorageFault("a transaction is already open in this thread")
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            connection.rollback()

    def checkpoint(self) -> bool:
        """Move the write-ahead log into the database and empty it; False if a reader is in the way.

        What was deleted is gone from the disk only after this.
        """
        with self.gate.hold(), translate_errors():
            row = self.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return bool(row[0] == 0)

    @contextmanager
    def claim(self, name: str) -> Iterator[bool]:
        with lock_file(self.path.with_name(f"{self.path.name}.{name}.lock")) as mine:
            yield mine

    def close(self) -> None:
        """Close every thread's connection. The store may be used again: connections reopen."""
        with self._guard:
            connections = list(self._open)
            self._open.clear()
        for connection in connections:
            connection.close()
        self.files.let_go()
        self._mine = threading.local()
        self.gate.close()

    def before_fork(self) -> None:
        self._guard.acquire()
        mine: sqlite_utils.Database | None = getattr(self._mine, "connection", None)
        if mine is not None and not mine.conn.in_transaction:
            self._open.discard(mine)
            del self._mine.connection
            mine.close()
        # A strong reference: a connection collected in the child would be closed there.
        self._carried_over_fork.extend(self._open)

    def after_fork_in_parent(self) -> None:
        self._carried_over_fork.clear()
        self._guard.release()

    def after_fork_in_child(self) -> None:
        self._guard = threading.Lock()
        self._open = weakref.WeakSet()
        self.files.renew_after_fork()
        self._mine = threading.local()
        self.gate.renew_after_fork()


_stores: weakref.WeakSet[SqliteStore] = weakref.WeakSet()


_forking: list[SqliteStore] = []


def _before_fork() -> None:
    for store in list(_stores):
        store.before_fork()
        _forking.append(store)


def _after_fork_in_parent() -> None:
    while _forking:
        _forking.pop().after_fork_in_parent()


def _after_fork_in_child() -> None:
    while _forking:
        _forking.pop().after_fork_in_child()


os.register_at_fork(
    before=_before_fork,
    after_in_parent=_after_fork_in_parent,
    after_in_child=_after_fork_in_child,
)


def connect(path: Path, timeout_seconds: float) -> sqlite_utils.Database:
    """A connection with every setting of ours; the file must exist.

    isolation_level None: the driver begins nothing by itself, so that no statement is left in a
    transaction that nobody ends.
    """
    raw = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=timeout_seconds,
        isolation_level=None,
        check_same_thread=False,
    )
    connection = sqlite_utils.Database(raw, execute_plugins=False)
    with _closed_on_error(connection):
        for pragma in (
            "foreign_keys = ON",
            "synchronous = FULL",
            "secure_delete = ON",
            "trusted_schema = OFF",
            f"journal_size_limit = {_WAL_BYTES_KEPT}",
        ):
            connection.execute(f"PRAGMA {pragma}").fetchall()
    return connection


@contextmanager
def _synced(connection: sqlite_utils.Database, *, at_once: bool) -> Iterator[None]:
    """Whether commits wait for the disk meanwhile, as they do before and after."""
    if at_once:
        yield
        return
    connection.execute("PRAGMA synchronous = NORMAL")
    try:
        yield
    finally:
        connection.execute("PRAGMA synchronous = FULL")


@contextmanager
def _closed_on_error(connection: sqlite_utils.Database) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with suppress(sqlite3.Error):
            connection.close()
        raise
