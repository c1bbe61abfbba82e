"""Batches of a tenant: their state in the database, their files in a folder of their own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from service.domain.errors import NotFound, Refused
from service.domain.text import Text
from service.storage.audit import Deed, write_entry
from service.storage.batch_files import BatchFiles
from service.storage.faults import translate_errors
from service.storage.store import Connection, Repository, Store, count_below, delete_own
from service.storage.times import read_time, written_time

# In the order of the fields of StoredBatch, whose `suffix` is the column `ending`.
_COLUMNS = (
    "id, tenant, name, state, created_at, updated_at, expires_at, as_of, language, ending, rows,"
    " errors, catalogue_version, problem, understood, verdicts, sent_by"
)
_BEGUN = Text("这个批次已经开始或处理完", "the batch has been started, or is done")
_QUOTA = Text(
    "批次数量已达上限 {most}，请先删除", "no more than {most} batches are kept: delete some"
)


class BatchState(StrEnum):
    HELD = "held"  # understood, waits to be started
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


_FROM_ITS_BEGINNING = "problem = NULL, rows = 0, errors = 0"
# In these states nobody works on it: what is chosen of its table may be changed.
CHANGEABLE = (BatchState.HELD, BatchState.DONE, BatchState.FAILED, BatchState.CANCELLED)


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """`suffix` is that of the file that was sent (.csv); `understood` what was understood of the
    table, `problem` why it failed, both JSON;
    `verdicts` whether every verdict of every company is wanted too, `sent_by` who sent it, as the
    audit names whoever acts (None: it is older than that)."""

    id: str
    tenant: str
    name: str
    state: BatchState
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
    as_of: date
    language: str
    suffix: str
    rows: int
    errors: int
    catalogue_version: str | None
    problem: str | None
    understood: str
    verdicts: bool = False
    sent_by: str | None = None

    @property
    def edition(self) -> str:
        """Tells the runs of a batch apart: what is made of the answers of one is kept under its
        edition, and never taken for that of another run."""
        return self.updated_at.strftime("%Y%m%d%H%M%S%f")


class BatchRepository(Repository):
    """The batches of all tenants. Whatever a client asks names its tenant; only the worker, which
    acts for all, does not."""

    def __init__(self, store: Store, files: BatchFiles) -> None:
        super().__init__(store)
        self.files = files

    def create(self, batch: StoredBatch, deed: Deed, quota: int) -> None:
        """Raises Refused (quota)."""
        with self._store.transaction() as db:
            count_below(db, "batches", batch.tenant, quota, _QUOTA)
            db.execute(
                f"INSERT INTO batches ({_COLUMNS})"  # noqa: S608
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                _batch_row(batch),
            )
            write_entry(db, deed, "batch.create", batch.id)

    def get(self, tenant: str, batch_id: str) -> StoredBatch:
        """Raises NotFound, also for another tenant's."""
        found = self._first("id = ? AND tenant = ?", batch_id, tenant)
        if found is None:
            raise _unknown_batch(batch_id)
        return found

    def find(self, batch_id: str) -> StoredBatch | None:
        """For the worker: a batch of whatever tenant, if it is still there."""
        return self._first("id = ?", batch_id)

    def of_tenant(self, tenant: str) -> list[StoredBatch]:
        """The newest first."""
        return list(self._all("tenant = ? ORDER BY created_at DESC, id", tenant))

    def in_state(self, *states: BatchState) -> list[StoredBatch]:
        """For the worker: those in one of the states, the oldest first."""
        marks = ", ".join("?" * len(states))
        return list(self._all(f"state IN ({marks}) ORDER BY created_at, id", *states))

    def start(self, tenant: str, batch_id: str, deed: Deed) -> None:
        """A held batch may run, and one that was cancelled from its beginning. Raises NotFound,
        Refused where it is neither."""
        startable = BatchState.HELD, BatchState.CANCELLED
        of_tenant = tenant, batch_id, startable
        if not self._change(of_tenant, "state = ?", (BatchState.QUEUED,), deed, "batch.start"):
            raise Refused(_BEGUN)

    def choose(self, tenant: str, batch_id: str, understood: str, deed: Deed) -> None:
        """A batch's table is understood otherwise: it waits to be started. Raises NotFound,
        Refused while it is under way."""
        changes = f"understood = ?, state = ?, {_FROM_ITS_BEGINNING}"
        values = understood, BatchState.HELD
        of_tenant = tenant, batch_id, CHANGEABLE
        if not self._change(of_tenant, changes, values, deed, "batch.choose"):
            raise Refused(_BEGUN)

    def ask_verdicts(self, tenant: str, batch_id: str, deed: Deed) -> None:
        """It runs, again where it is done, and writes every verdict too. Raises NotFound, Refused
        while it is under way."""
        changes = f"verdicts = 1, state = ?, {_FROM_ITS_BEGINNING}"
        of_tenant = tenant, batch_id, CHANGEABLE
        if not self._change(of_tenant, changes, (BatchState.QUEUED,), deed, "batch.verdicts"):
            raise Refused(_BEGUN)

    def cancel(self, tenant: str, batch_id: str, deed: Deed) -> StoredBatch:
        """End one that has not ended; of one that has, nothing changes. Raises NotFound."""
        waiting = BatchState.HELD, BatchState.QUEUED, BatchState.RUNNING
        of_tenant = tenant, batch_id, waiting
        self._change(of_tenant, "state = ?", (BatchState.CANCELLED,), deed, "batch.cancel")
        return self.get(tenant, batch_id)

    def _change(
        self,
        of_tenant: tuple[str, str, Sequence[BatchState]],
        changes: str,
        values: Sequence[object],
        deed: Deed,
        action: str,
    ) -> bool:
        """Change a tenant's batch that is in one of some states, and write down that it was done;
        False where it is in another. Raises NotFound."""
        tenant, batch_id, states = of_tenant
        marks = ", ".join("?" * len(states))
        with self._store.transaction() as db:
            changed = db.execute(
                f"UPDATE batches SET {changes}, updated_at = ?"  # noqa: S608
                f" WHERE id = ? AND tenant = ? AND state IN ({marks})",
                (*values, written_time(deed.at), batch_id, tenant, *states),
            )
            if changed.rowcount:
                write_entry(db, deed, action, batch_id)
                return True
        self.get(tenant, batch_id)
        return False

    def delete(self, tenant: str, batch_id: str, deed: Deed) -> None:
        """Delete it with its files. Raises NotFound."""
        with self._store.transaction() as db:
            delete_own(db, "batches", tenant, batch_id, _unknown_batch(batch_id))
            write_entry(db, deed, "batch.delete", batch_id)
        self.files.remove(batch_id)

    def claim(self, batch_id: str, version: str, now: datetime) -> StoredBatch | None:
        """For the worker, who holds the batch's lock: it runs now, from its beginning. None where
        it is gone or has ended."""
        with self._store.transaction() as db:
            db.execute(
                "UPDATE batches SET state = ?, rows = 0, errors = 0, catalogue_version = ?,"
                " updated_at = ? WHERE id = ? AND state IN (?, ?)",
                (BatchState.RUNNING, version, written_time(now), batch_id,
                 BatchState.QUEUED, BatchState.RUNNING),
            )  # fmt: skip
        found = self.find(batch_id)
        return found if found is not None and found.state is BatchState.RUNNING else None

    def progress(self, batch_id: str, rows: int, errors: int, now: datetime) -> bool:
        """How far it is; whether it is to go on."""
        return self._update(
            batch_id, "rows = ?, errors = ?, updated_at = ?", rows, errors, written_time(now)
        )

    def finish(self, batch_id: str, rows: int, errors: int, understood: str, now: datetime) -> bool:
        """It is done; False where it was cancelled or deleted in the meantime."""
        changes = "state = ?, rows = ?, errors = ?, understood = ?, updated_at = ?"
        values = (BatchState.DONE, rows, errors, understood, written_time(now))
        return self._update(batch_id, changes, *values)

    def fail(self, batch_id: str, problem: str, now: datetime) -> None:
        changes = "state = ?, problem = ?, updated_at = ?"
        self._update(batch_id, changes, BatchState.FAILED, problem, written_time(now))

    def _update(self, batch_id: str, changes: str, *values: object) -> bool:
        with self._store.transaction() as db:
            changed = db.execute(
                f"UPDATE batches SET {changes} WHERE id = ? AND state = ?",  # noqa: S608
                (*values, batch_id, BatchState.RUNNING),
            )
        return bool(changed.rowcount)

    def purge(self, now: datetime) -> int:
        """Delete what is past its day, and files that no batch has; how many batches went."""
        with self._store.transaction() as db:
            expired = [
                row[0]
                for row in db.execute(
                    "SELECT id FROM batches WHERE expires_at <= ?", (written_time(now),)
                ).fetchall()
            ]
            db.execute("DELETE FROM batches WHERE expires_at <= ?", (written_time(now),))
        for batch_id in expired:
            self.files.remove(batch_id)
        self.files.remove_strays(lambda batch_id: self.find(batch_id) is not None, now)
        return len(expired)

    def _first(self, where: str, *values: object) -> StoredBatch | None:
        return next(self._all(where, *values), None)

    def _all(self, where: str, *values: object) -> Iterator[StoredBatch]:
        with translate_errors():
            db: Connection = self._store.connection()
            rows = db.execute(
                f"SELECT {_COLUMNS} FROM batches WHERE {where}",  # noqa: S608
                values,
            ).fetchall()
        yield from map(_batch_of, rows)


def _batch_row(batch: StoredBatch) -> tuple[object, ...]:
    return (
        batch.id,
        batch.tenant,
        batch.name,
        batch.state,
        written_time(batch.created_at),
        written_time(batch.updated_at),
        written_time(batch.expires_at),
        batch.as_of.isoformat(),
        batch.language,
        batch.suffix,
        batch.rows,
        batch.errors,
        batch.catalogue_version,
        batch.problem,
        batch.understood,
        int(batch.verdicts),
        batch.sent_by,
    )


def _batch_of(row: tuple[object, ...]) -> StoredBatch:
    values = dict(zip(StoredBatch.__slots__, row, strict=True))
    moments = {k: read_time(str(values[k])) for k in ("created_at", "updated_at", "expires_at")}
    day, state = date.fromisoformat(str(values["as_of"])), BatchState(str(values["state"]))
    typed = {**moments, "as_of": day, "state": state, "verdicts": bool(values["verdicts"])}
    return StoredBatch(**{**values, **typed})  # type: ignore[arg-type]


def _unknown_batch(batch_id: str) -> NotFound:
    return NotFound(Text("批次", "batch"), batch_id)
