"""Numbered migrations: the SQL files of `schema/`, applied in order, each recorded.

A file that has been released is never edited: its digest is recorded with it and held against it at
every start. A change of the schema is a new file `NNNN_name.sql`, in SQLite's spelling, which
`dialect` turns into PostgreSQL's. Where no rule could, PostgreSQL gets the file
`NNNN_name.postgresql.sql` beside it instead.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from service.storage.faults import NewerDatabase, UnusableDatabase
from service.storage.store import Connection

FOLDER = Path(__file__).parent / "schema"
# Since then receipts need not keep their answers.
LIGHT_RECEIPTS = 18
_MIGRATIONS = (
    "CREATE TABLE IF NOT EXISTS migrations"
    " (number INTEGER PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL) STRICT;"
)


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema; numbers run from 1 without a gap."""

    number: int
    name: str
    sql: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def read_migrations(folder: Path = FOLDER, engine: str = "sqlite") -> tuple[Migration, ...]:
    """The migrations of a folder for an engine, in order. Raises ValueError where a number is
    missing or given twice."""
    migrations = []
    for path in sorted(p for p in folder.glob("*.sql") if "." not in p.stem):
        number, _, name = path.stem.partition("_")
        own = path.with_suffix(f".{engine}.sql")
        text = (own if own.exists() else path).read_text(encoding="utf-8")
        migrations.append(Migration(int(number), name, text))
    if [m.number for m in migrations] != list(range(1, len(migrations) + 1)):
        names = ", ".join(f"{m.number:04}_{m.name}" for m in migrations)
        raise ValueError(f"migrations must be numbered 1, 2, 3 … without a gap or double: {names}")
    return tuple(migrations)


def pending_migrations(
    connection: Connection, migrations: Sequence[Migration]
) -> tuple[Migration, ...]:
    """Those not applied yet.

    Raises NewerDatabase where the database is newer than this program, UnusableDatabase where it
    was built by a migration that has been edited since.
    """
    applied = dict(connection.execute("SELECT number, digest FROM migrations").fetchall())
    for migration in migrations:
        if applied.get(migration.number, migration.digest) != migration.digest:
            raise UnusableDatabase(
                f"migration {migration.number} ({migration.name}) was edited after it was applied"
            )
    if any(number > len(migrations) for number in applied):
        raise NewerDatabase(
            f"the database was written by a newer version (migration {max(applied)});"
            " install that version or restore a backup"
        )
    return tuple(m for m in migrations if m.number not in applied)


def is_applied(connection: Connection, number: int) -> bool:
    """Whether a migration was applied."""
    row = connection.execute("SELECT 1 FROM migrations WHERE number = ?", (number,)).fetchone()
    return row is not None


def apply_migrations(
    connection: Connection,
    migrations: Sequence[Migration],
    run: Callable[[str], object],
) -> None:
    """Apply what is pending: `run` does what a script says, as the engine wants it. The caller
    holds an open transaction: all of it or nothing."""
    run(_MIGRATIONS)
    for migration in pending_migrations(connection, migrations):
        run(migration.sql)
        connection.execute(
            "INSERT INTO migrations (number, name, digest) VALUES (?, ?, ?)",
            (migration.number, migration.name, migration.digest),
        )
