"""What can go wrong in storage, in the words of the one exception tree."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from service.domain.errors import ErrorCode, HuiceError, Refused
from service.domain.text import Text

if TYPE_CHECKING:
    import sqlite3
else:  # the module sqlite-utils itself uses: pysqlite3 where installed, else the standard library's
    from sqlite_utils.utils import sqlite3

__all__ = [
    "BrokenConstraint",
    "NewerDatabase",
    "OutOfDate",
    "ReadOnly",
    "StorageFault",
    "StorageFull",
    "UnusableDatabase",
    "refused_as_busy",
    "sqlite3",
    "translate_errors",
]


class StorageFault(HuiceError):
    """The database could not do what it must; nothing was stored."""

    code = ErrorCode.STORAGE_UNAVAILABLE


class StorageFull(StorageFault):
    """There is no room for what should be stored; nothing was."""

    code = ErrorCode.STORAGE_FULL


class ReadOnly(StorageFault):
    """The file can only be read, or could only be when the connection was opened."""


class BrokenConstraint(StorageFault):
    """What should be stored does not go with what is: an id exists, or what it points at does not.
    Nothing of its transaction was stored."""


class UnusableDatabase(StorageFault):
    """The file, the server, or the library must not be used; the message says what to do."""


class NewerDatabase(UnusableDatabase):
    """The database was written by a later version of the program: this one does not know its
    form."""

    code = ErrorCode.DATABASE_NEWER


class OutOfDate(StorageFault):
    """The database is of an earlier version and has yet to be brought up to date, which takes
    minutes for millions of receipts."""

    code = ErrorCode.MIGRATING


def refused_as_busy() -> Refused:
    """The refusal that asks a client to come again."""
    return Refused(
        Text(
            "系统繁忙，记录未保存，请稍后重试。",
            "The service is busy; nothing was stored, try again.",
        ),
        ErrorCode.BUSY,
    )


@contextmanager
def translate_errors() -> Iterator[None]:
    """Turn SQLite's errors into ours: a lock waited for too long is Refused, a full disk
    StorageFull, the rest a fault."""
    try:
        yield
    except sqlite3.Error as error:
        primary_code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if primary_code == sqlite3.SQLITE_BUSY:
            raise refused_as_busy() from error
        if primary_code == sqlite3.SQLITE_FULL:
            raise StorageFull(f"database: {error}") from error
        if primary_code == sqlite3.SQLITE_READONLY:
            raise ReadOnly(f"database: {error}") from error
        if primary_code == sqlite3.SQLITE_CONSTRAINT:
            raise BrokenConstraint(f"database: {error}") from error
        raise StorageFault(f"database: {error}") from error
