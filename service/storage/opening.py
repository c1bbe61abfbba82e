"""Opening the state, whichever engine keeps it."""

from pathlib import Path

from service.storage.database import TIMEOUT_SECONDS, open_database
from service.storage.faults import UnusableDatabase
from service.storage.store import Store


def open_store(
    database: Path,
    postgresql: str | None = None,
    *,
    create: bool = True,
    migrate: bool = True,
    timeout_seconds: float = TIMEOUT_SECONDS,
) -> Store:
    """The store at a PostgreSQL address where there is one, else in the SQLite file `database`,
    which is made if missing; unless it may `create`, Refused is raised then, and unless it may
    `migrate`, OutOfDate where it is of an earlier version.

    Raises UnusableDatabase, also where the extra that PostgreSQL needs is not installed;
    StorageFault.
    """
    if postgresql is None:
        return open_database(
            database, create=create, migrate=migrate, timeout_seconds=timeout_seconds
        )
    try:
        # Its driver is an extra, which most do without.
        from service.storage.postgres_store import open_postgres  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise UnusableDatabase(
            "PostgreSQL needs the extra: pip install 'huice[postgresql]'"
        ) from error
    return open_postgres(postgresql, migrate=migrate, timeout_seconds=timeout_seconds)
