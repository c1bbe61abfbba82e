"""Numbered migrations: the SQL files of `schema/`, applied in order, each recorded.

A file that has been released is never edited: its digest is recorded with it and held against it at
every start. A change of the schema is a new file `NNNN_name.sql`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlite_utils

from service.storage.faults import UnusableDatabase

FOLDER = Path(__file__).parent / "schema"


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema; numbers run from 1 without a gap."""

    number: int
    name: str
    sql: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def read_migrations(folder: Path = FOLDER) -> tuple[Migration, ...]:
    """The migrations of a folder in order. Raises ValueError where a number is missing
    or given twice."""
    found = []
    for path in sorted(folder.glob("*.sql")):
        number, _, name = path.stem.partition("_")
        found.append(Migration(int(number), name, path.read_text(encoding="utf-8")))
    if [m.number for m in found] != list(range(1, len(found) + 1)):
        names = ", ".join(f"{m.number:04}_{m.name}" for m in found)
        raise ValueError(f"migrations must be numbered 1, 2, 3 … without a gap or double: {names}")
    return tuple(found)


def pending(
    connection: sqlite_utils.Database, migrations: Sequence[Migration]
) -> tuple[Migration, ...]:
    """Those not applied yet.

    Raises UnusableDatabase where the database is newer than this program, or was built by a
    migration that has been edited since.
    """
    applied = _applied(connection)
    for migration in migrations:
        if applied.get(migration.number, migration.digest) != migration.digest:
            raise UnusableDatabase(
                f"migration {migration.number} ({migration.name}) was edited after it was applied"
            )
    if any(number > len(migrations) for number in applied):
        raise UnusableDatabase(
            f"the database was written by a newer version (migration {max(applied)});"
            " install that version or restore a backup"
        )
    return tuple(m for m in migrations if m.number not in applied)


def apply(connection: sqlite_utils.Database, migrations: Sequence[Migration]) -> None:
    """Apply what is pending. The caller holds an open transaction: all of it or nothing."""
    connection.execute(
        "CREATE TABLE IF NOT EXISTS migrations"
        " (number INTEGER PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL) STRICT"
    )
    for migration in pending(connection, migrations):
        connection.executescript(migration.sql)
        connection.execute(
            "INSERT INTO migrations (number, name, digest) VALUES (?, ?, ?)",
            (migration.number, migration.name, migration.digest),
        )


def _applied(connection: sqlite_utils.Database) -> dict[int, str]:
    if "migrations" not in connection.table_names():
        return {}
    return dict(connection.execute("SELECT number, digest FROM migrations").fetchall())
