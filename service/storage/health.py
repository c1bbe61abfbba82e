"""Whether the database can be read and written now, and still is the file that was opened."""

import os
import threading
import time
from contextlib import closing
from functools import cache
from typing import Final, Protocol

from service.domain.errors import HuiceError
from service.storage.faults import ReadOnly, StorageFault, StorageFull, sqlite3
from service.storage.migrations import apply_migrations, read_migrations
from service.storage.sqlite_store import SqliteStore, connect
from service.storage.store import Store

# A write is tried at most so often, in seconds, however often one asks.
PROBE_SECONDS: Final = 5.0
AWAY_SECONDS: Final = 0.5
# Every page is looked at so often; a large file less often, so that it takes a share of the time.
CHECK_SECONDS: Final = 5.0
MAX_CHECK_SECONDS: Final = 900.0
CHECK_SHARE: Final = 0.01
# Less than this, in bytes, takes a small write now and then, but no receipt.
LEAST_ROOM: Final = 512 * 1024
_PARTS: Final = "SELECT name FROM sqlite_master WHERE type IN ('table', 'trigger')"


class Health(Protocol):
    """Whether the state can be read and written now."""

    def check(self) -> None:
        """Raises StorageFault, or Refused (busy) where the writer's place is not to be had."""
        ...


def health_of(store: Store) -> Health:
    return DatabaseHealth(store) if isinstance(store, SqliteStore) else ServerHealth(store)


class ServerHealth:
    """Asked by probes, of a server that looks after its own files: whether it takes writes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._probed_at = float("-inf")
        self._fault: HuiceError | None = None

    def check(self) -> None:
        with self._lock:
            # One that was away may be back at any moment, and a proxy waits to hear of it.
            pause = PROBE_SECONDS if self._fault is None else AWAY_SECONDS
            if time.monotonic() - self._probed_at >= pause:
                self._fault = self._probe()
                self._probed_at = time.monotonic()
            if self._fault is not None:
                raise self._fault

    def _probe(self) -> HuiceError | None:
        """A transaction gets a number only from a server that writes; one that was told to be read
        alone gives it too, and says so."""
        try:
            with self._store.transaction() as connection:
                connection.execute("SELECT pg_current_xact_id()")
                (read_only,) = connection.execute("SHOW transaction_read_only").fetchone()
                if read_only == "on":
                    return ReadOnly("the server takes no writes")
        except HuiceError as error:
            return error
        return None


@cache
def _own_parts() -> frozenset[str]:
    """The tables and triggers that a whole database has, made anew and not read from this one: a
    process that opened a damaged one would take what is left for all there is."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        apply_migrations(connection, read_migrations(), connection.executescript)
        return frozenset(name for (name,) in connection.execute(_PARTS).fetchall())


class DatabaseHealth:
    """Asked by probes. A write is tried, since a full disk or a lock shows in nothing else; whether
    the pages make sense is looked at by a thread of its own, which starts with the first question.
    """

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._probed_at = float("-inf")
        self._fault: HuiceError | None = None
        self._checker: threading.Thread | None = None

    def check(self) -> None:
        """Raises StorageFault, or Refused (busy) where the write lock is not to be had."""
        damage = self._store.damage  # as it is known before a look that begins here may end it
        self._store.files.check_place()
        self._store.files.check_file()
        with self._lock:
            if self._checker is None:
                self._checker = threading.Thread(target=self._run, name="pages", daemon=True)
                self._checker.start()
            # A writer that was in the way may be gone at any moment, as a fault may be over.
            faulty = self._fault is not None
            pause = AWAY_SECONDS if faulty else PROBE_SECONDS
            # What a write has met since needs no waiting to be told.
            failed = self._store.has_failed and not faulty
            if failed or time.monotonic() - self._probed_at >= pause:
                self._fault = self._probe()
                self._store.has_failed = False
                self._probed_at = time.monotonic()
        if damage is not None:
            raise StorageFault(damage)
        if self._fault is not None:
            raise self._fault

    def _probe(self) -> HuiceError | None:
        """What a small write meets. SQLite leaves `user_version` to the application, and ours
        counts the probes."""
        try:
            self._check_room()
            with self._store.transaction() as connection:
                (count,) = connection.execute("PRAGMA user_version").fetchone()
                connection.execute(f"PRAGMA user_version = {(count + 1) % 2**31}")
        except HuiceError as error:
            return error
        return None

    def _check_room(self) -> None:
        try:
            room = os.statvfs(self._store.path.parent)
        except OSError as error:
            raise StorageFault(f"{self._store.path} is gone: {error.strerror}") from error
        if room.f_blocks and room.f_bavail * room.f_frsize < LEAST_ROOM:
            raise StorageFull(f"{self._store.path}: the disk is full")
        # An immutable file takes the writes of who had it open before, and of nobody else.
        if not os.access(self._store.path, os.W_OK):
            raise ReadOnly(f"{self._store.path} can only be read")

    def _run(self) -> None:
        while True:
            began = time.monotonic()
            self.look()
            took = time.monotonic() - began
            time.sleep(min(max(CHECK_SECONDS, took / CHECK_SHARE), MAX_CHECK_SECONDS))

    def look(self) -> None:
        """Tell all processes of damage, or that what was known when this look began is over."""
        known, found = self._store.damage, self.find_damage()
        if known != found:
            self._store.damage = found

    def find_damage(self) -> str | None:
        """What is wrong with the pages, or which table is no longer there."""
        try:
            with closing(connect(self._store.path, PROBE_SECONDS)) as connection:
                (outcome,) = connection.execute("PRAGMA quick_check(1)").fetchone()
                parts = frozenset(name for (name,) in connection.execute(_PARTS).fetchall())
        except sqlite3.Error as error:
            return f"{self._store.path}: {error}"
        if outcome != "ok":
            return f"{self._store.path} is damaged: {outcome}"
        lost = sorted(_own_parts() - parts)
        return f"{self._store.path} has lost {lost[0]}" if lost else None
