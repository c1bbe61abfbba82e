"""The state on a PostgreSQL server: several machines share it, and any of them may be lost."""

import os
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from typing import Any, Final

import psycopg
from psycopg import errors
from psycopg.conninfo import make_conninfo

from service.storage import dialect, migrations
from service.storage.database import TIMEOUT_SECONDS
from service.storage.faults import (
    BrokenConstraint,
    OutOfDate,
    StorageFault,
    StorageFull,
    UnusableDatabase,
    refused_as_busy,
)
from service.storage.receipts import refuse_answers_apart
from service.storage.store import Connection, Cursor, Store

OLDEST_SERVER: Final = 13
# Any number, the same for all: whoever holds it is the writer.
_WRITER: Final = 0x48756963
# A server that cannot be reached, or has gone silent, is told within these.
_CONNECT_SECONDS = 3
_SILENT_MILLISECONDS = 5_000
# Writers of ours wait for each other before they touch a table, so one that is locked all the same
# is in the hands of somebody else: nobody knows for how long, and others wait behind.
_TABLE_MILLISECONDS = 250
_FORGOTTEN_MILLISECONDS = 30_000
_MIGRATION_MILLISECONDS = 2_400
_Status = psycopg.pq.TransactionStatus


def open_postgres(
    address: str, *, migrate: bool = True, timeout_seconds: float = TIMEOUT_SECONDS
) -> "PostgresStore":
    """The store of a `postgresql://` address, migrated. `timeout_seconds` is how long a writer
    waits for other writers.

    Raises UnusableDatabase for a server that is too old, keeps text in another encoding than UTF-8
    or does not write through to its disk, and for a schema newer than this program; OutOfDate for
    an older one unless it may `migrate`; StorageFault where the server cannot be reached.
    """
    store = PostgresStore(address, timeout_seconds)
    try:
        _check_server(store)
        _migrate_schema(store, migrate=migrate)
    except BaseException:
        store.close()
        raise
    return store


def _check_server(store: "PostgresStore") -> None:
    shown = {
        name: store.connection().execute(f"SHOW {name}").fetchone()[0]
        for name in ("server_version_num", "server_encoding", "fsync")
    }
    if int(shown["server_version_num"]) < OLDEST_SERVER * 10_000:
        raise UnusableDatabase(f"PostgreSQL {OLDEST_SERVER} or newer is needed")
    if shown["server_encoding"] != "UTF8":
        raise UnusableDatabase("the PostgreSQL database must be made with ENCODING 'UTF8'")
    if shown["fsync"] != "on":
        raise UnusableDatabase("PostgreSQL runs with fsync off: what it confirms could be lost")


def _migrate_schema(store: "PostgresStore", *, migrate: bool) -> None:
    """Bring the schema up to date; of several processes starting together one does it."""
    known = migrations.read_migrations(engine="postgresql")
    (table,) = store.connection().execute("SELECT to_regclass('migrations')").fetchone()
    if table is not None:
        refuse_answers_apart(store.connection())
        if not migrations.pending_migrations(store.connection(), known):
            return
    if not migrate:
        raise OutOfDate("the database has to be brought up to date")
    with store.transaction() as connection:
        # Others may be reading the tables that change.
        connection.execute(f"SET LOCAL lock_timeout = {_MIGRATION_MILLISECONDS}")
        connection.executescript(dialect.PRELUDE)

        def run(script: str) -> None:
            connection.executescript(dialect.postgres_schema(script))

        migrations.apply_migrations(connection, known, run)


class PostgresConnection:
    """A thread's connection. Between transactions it is renewed where the server has ended it."""

    def __init__(self, address: str, timeout_seconds: float) -> None:
        self._address = address
        self._writer_milliseconds = round(timeout_seconds * 1_000)
        self._settings = " ".join(
            f"-c {name}={value}"
            for name, value in {
                "lock_timeout": _TABLE_MILLISECONDS,
                "idle_in_transaction_session_timeout": _FORGOTTEN_MILLISECONDS,
                "synchronous_commit": "on",
                "client_min_messages": "warning",
            }.items()
        )
        self._owner = os.getpid()
        self._raw = self._connect()

    def __del__(self) -> None:
        """A thread that ended leaves its connection; one carried over a fork is the parent's."""
        if getattr(self, "_raw", None) is not None and self._owner == os.getpid():
            self._raw.close()

    def _connect(self) -> psycopg.Connection[Any]:
        """`options` of the address itself, such as a search path, stay."""
        given = psycopg.conninfo.conninfo_to_dict(self._address).get("options", "")
        whole = make_conninfo(
            self._address,
            options=f"{given} {self._settings}".strip(),
            connect_timeout=_CONNECT_SECONDS,
            tcp_user_timeout=_SILENT_MILLISECONDS,
            keepalives_idle=5,
            keepalives_interval=2,
            keepalives_count=3,
        )
        try:
            return psycopg.connect(whole, autocommit=True)
        except psycopg.OperationalError as error:
            # No row stands in it, and no password.
            raise StorageFault(f"database: {str(error).splitlines()[0]}") from None

    @property
    def in_transaction(self) -> bool:
        return self._raw.info.transaction_status in (_Status.INTRANS, _Status.INERROR)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Cursor:
        with translate_postgres_errors():
            within = self.in_transaction
            try:
                return self._executed(sql, parameters)
            except psycopg.OperationalError:
                if within or not self._raw.closed:
                    raise
            self._raw = self._connect()
            return self._executed(sql, parameters)

    def _executed(self, sql: str, parameters: Sequence[Any]) -> psycopg.Cursor[Any]:
        if not parameters:
            return self._raw.execute(sql.encode())
        return self._raw.execute(
            dialect.postgres_statement(sql).encode(),
            [_storable_value(value) for value in parameters],
        )

    def executescript(self, sql: str) -> None:
        with translate_postgres_errors():
            self._raw.execute(sql.encode())

    def begin(self) -> None:
        """Open a transaction as the only writer. Raises Refused (busy)."""
        self.execute(f"BEGIN; SET LOCAL lock_timeout = {self._writer_milliseconds}")
        as_ever = f"set_config('lock_timeout', '{_TABLE_MILLISECONDS}', true)"
        self.execute(f"SELECT pg_advisory_xact_lock({_WRITER}), {as_ever}")

    def commit(self) -> None:
        """Raises StorageFault also where the server rolled back: it does so, without an error, when
        a statement before had failed."""
        with translate_postgres_errors():
            done = self._raw.execute(b"COMMIT").statusmessage
        if done != "COMMIT":
            raise StorageFault("the database rolled the transaction back")

    def rollback(self) -> None:
        with suppress(psycopg.Error):
            self._raw.rollback()

    def close(self) -> None:
        self._raw.close()


def _storable_value(value: object) -> object:
    """PostgreSQL's text has no NUL; what is looked up by one is not there, so any other will do."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) and "\0" in value else value


class PostgresStore(Store):
    """Made by `open_postgres`. A forked child opens connections of its own."""

    def __init__(self, address: str, timeout_seconds: float) -> None:
        self._address = address
        self._timeout_seconds = timeout_seconds
        self._forget()
        _stores.add(self)

    def _forget(self) -> None:
        self._mine = threading.local()
        self._guard = threading.Lock()
        self._open: weakref.WeakSet[PostgresConnection] = weakref.WeakSet()

    def connection(self) -> PostgresConnection:
        found: PostgresConnection | None = getattr(self._mine, "connection", None)
        if found is None:
            found = self.new_connection()
            self._mine.connection = found
            with self._guard:
                self._open.add(found)
        return found

    def new_connection(self) -> PostgresConnection:
        """One beside this thread's own, for whoever needs a session; its owner closes it."""
        with translate_postgres_errors():
            return PostgresConnection(self._address, self._timeout_seconds)

    @contextmanager
    def transaction(self, *, at_once: bool = True) -> Iterator[Connection]:
        connection = self.connection()
        if connection.in_transaction:
            raise StorageFault("a transaction is already open in this thread")
        try:
            connection.begin()
            if not at_once:
                connection.execute("SET LOCAL synchronous_commit = off")
            yield connection
            connection.commit()
        except BaseException:
            connection.rollback()
            raise

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        connection = self.connection()
        if connection.in_transaction:
            raise StorageFault("a transaction is already open in this thread")
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            yield connection
        finally:
            connection.rollback()

    @contextmanager
    def claim(self, name: str) -> Iterator[bool]:
        """A session of its own has it, which the server ends with its process or its machine."""
        with closing(self.new_connection()) as session:
            query = "SELECT pg_try_advisory_lock(hashtextextended(?, 0))"
            yield bool(session.execute(query, (name,)).fetchone()[0])

    def checkpoint(self) -> bool:
        """Nothing: what was deleted leaves the server's files by its own vacuum and archives."""
        return True

    def after_fork_in_child(self) -> None:
        """The parent's connections are kept, unused: their sessions go on in the parent."""
        _carried_over.extend(self._open)
        self._forget()

    def close(self) -> None:
        with self._guard:
            connections = list(self._open)
        for connection in connections:
            connection.close()
        self._forget()


_BUSY = (errors.LockNotAvailable, errors.DeadlockDetected, errors.TooManyConnections)


@contextmanager
def translate_postgres_errors() -> Iterator[None]:
    """Turn the driver's errors into ours. Their text could quote a row, so it stays out."""
    try:
        yield
    except psycopg.Error as error:
        if isinstance(error, _BUSY):
            raise refused_as_busy() from None
        message = f"database: {_without_values(error)}"
        if isinstance(error, errors.DiskFull):
            raise StorageFull(message) from None
        if isinstance(error, errors.IntegrityError):
            raise BrokenConstraint(message) from None
        raise StorageFault(message) from None


def _without_values(error: psycopg.Error) -> str:
    """The kind of the error; where its first line is made of names, or is our own, that too."""
    plain = isinstance(error, errors.IntegrityError | errors.RaiseException)
    words = f": {error.diag.message_primary}" if plain else ""
    return f"{type(error).__name__}{words}"


_stores: weakref.WeakSet[PostgresStore] = weakref.WeakSet()


def _after_fork_in_child() -> None:
    for store in list(_stores):
        store.after_fork_in_child()


_carried_over: list[PostgresConnection] = []
os.register_at_fork(after_in_child=_after_fork_in_child)
