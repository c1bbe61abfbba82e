"""What repositories are written against: the state of the service, whichever engine keeps it.

Statements are written once, in the words that SQLite and PostgreSQL share, with `?` for values.
What differs is an adapter's: `sqlite_store` for the embedded file, `postgres_store` (with the rules
of `dialect`) where several machines share one state.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, Self

from service.domain.errors import ErrorCode, NotFound, Refused
from service.domain.text import Text, grouped
from service.storage.faults import translate_errors


class Cursor(Protocol):
    """What a statement gave: rows are tuples, `rowcount` says how many were written."""

    @property
    def rowcount(self) -> int: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """Executes statements. Outside a transaction each stands for itself."""

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Cursor: ...

    def executescript(self, sql: str, /) -> object:
        """Several statements without values."""
        ...


def insert_rows(connection: Connection, statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows by one statement; it is written for one row, whose marks it ends with."""
    head, values, marks = statement.rpartition("VALUES ")
    several = ", ".join([marks] * len(rows))
    connection.execute(f"{head}{values}{several}", [value for row in rows for value in row])


class Store(ABC):
    """The database. Safe to share among threads, each of which has a connection of its own."""

    @abstractmethod
    def connection(self) -> Connection:
        """This thread's connection, for reading. Write inside `transaction()`."""

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """All rows of a query outside a transaction. Raises Refused (busy) and StorageFault."""
        with translate_errors():
            return self.connection().execute(query, values).fetchall()

    def row(self, query: str, values: Sequence[Any] = ()) -> Any:
        """The first row of a query outside a transaction, None where there is none. Raises Refused
        (busy) and StorageFault."""
        with translate_errors():
            return self.connection().execute(query, values).fetchone()

    @abstractmethod
    def transaction(self, *, at_once: bool = True) -> AbstractContextManager[Connection]:
        """One writer at a time, whether thread, process or machine, so that what is read inside is
        still so when it is written; rolled back by any exception. Durable when it returns, or where
        that need not be `at_once`, no later than whatever is written after it.

        Raises Refused (busy) where the writer's place is not to be had in time, BrokenConstraint,
        StorageFault for whatever else is reported.
        """

    @abstractmethod
    def snapshot(self) -> AbstractContextManager[Connection]:
        """Reading as of one moment, however long it takes and whatever others write meanwhile.
        Raises StorageFault."""

    @abstractmethod
    def checkpoint(self) -> bool:
        """See to it that deleted bytes are gone from our files; False if a reader is in the way."""

    @abstractmethod
    def claim(self, name: str) -> AbstractContextManager[bool]:
        """Whether this process alone, of all that share the state, has the name in the block. It is
        let go with the process, however that ends."""

    @abstractmethod
    def close(self) -> None:
        """Close every thread's connection. The store may be used again: connections reopen."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


class Repository:
    """One kind of things in a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def _one(self, query: str, values: Sequence[Any], absent: NotFound) -> Any:
        """The row that a query finds. Raises what is given where it finds none."""
        row = self._store.row(query, values)
        if row is None:
            raise absent
        return row


def count_below(db: Connection, table: str, tenant: str, most: int, quota: Text) -> None:
    """Raises Refused where a tenant has as many rows of a table as it may have."""
    query = f"SELECT count(*) FROM {table} WHERE tenant = ?"  # noqa: S608 - a name of ours
    (count,) = db.execute(query, (tenant,)).fetchone()
    if count >= most:
        raise Refused(quota.format(most=grouped(most)), ErrorCode.QUOTA_EXCEEDED)


def delete_own(db: Connection, table: str, tenant: str, row_id: str, absent: NotFound) -> None:
    """Delete a tenant's row of a table. Raises what is given where it has none of that id."""
    query = f"DELETE FROM {table} WHERE tenant = ? AND id = ?"  # noqa: S608 - a name of ours
    if not db.execute(query, (tenant, row_id)).rowcount:
        raise absent
