"""Group commit: receipts that wait at one moment share one transaction and one sync of the disk."""

import os
import threading
import weakref
from collections import deque
from typing import Self

from service.domain.errors import HuiceError
from service.storage.audit import Deed, write_entry
from service.storage.faults import BrokenConstraint, StorageFault, StorageFull, refused_as_busy
from service.storage.receipt_chain import ReceiptOrigin, ReceiptRow, append_link
from service.storage.receipt_packing import ReceiptPacking
from service.storage.receipts import Receipt, receipt_row
from service.storage.store import Connection, Store, insert_rows

MAX_WAITING = 256
_INSERT = (
    "INSERT INTO receipts (id, created_at, as_of, origin, sha256, content, tenant)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)


class Pending:
    """A receipt on its way to the disk."""

    __slots__ = ("_writer", "deed", "error", "is_settled", "row")

    def __init__(self, writer: "GroupCommitWriter", row: ReceiptRow, deed: Deed | None) -> None:
        self._writer, self.row, self.deed = writer, row, deed
        self.is_settled = False
        self.error: BaseException | None = None

    def wait(self) -> None:
        """Returns once the receipt is on the disk; raises as `GroupCommitWriter.put`."""
        self._writer.settle(self)
        if self.error is not None:
            raise _for_caller(self.error) from self.error


class GroupCommitWriter:
    """Writes receipts in groups: whoever waits for one first writes all that are there."""

    def __init__(
        self, store: Store, *, backlog: int = MAX_WAITING, packing: ReceiptPacking | None = None
    ) -> None:
        """`backlog`: how many receipts may wait before more are refused. `packing`: with a
        dictionary that is stored."""
        self._store = store
        self._packing = packing or ReceiptPacking()
        self._backlog = backlog
        self._queue: deque[Pending] = deque()
        self._writing = threading.Lock()
        self._closed = False
        _writers.add(self)

    def put(self, receipt: Receipt, deed: Deed | None = None) -> None:
        """Store a receipt, and in the audit of its tenant who asked; both are on the disk when this
        returns.

        Raises Refused (busy) where too many wait, the writer is closed, or the write lock was not
        to be had; StorageFault where this receipt breaks a constraint (the id exists, the catalogue
        version does not) or the transaction it shared failed. After an exception nothing is stored.
        """
        self.begin(receipt, deed).wait()

    def begin(self, receipt: Receipt, deed: Deed | None = None) -> Pending:
        """A receipt that is stored no later than somebody waits for it. Raises Refused as `put`."""
        if self._closed or len(self._queue) >= self._backlog:
            raise refused_as_busy()
        pending = Pending(self, receipt_row(receipt, self._packing), deed)
        self._queue.append(pending)
        return pending

    def settle(self, pending: Pending) -> None:
        """Write what is there, unless somebody has written this one meanwhile."""
        if not pending.is_settled:
            with self._writing:
                if not pending.is_settled:
                    self._commit_group()

    def close(self) -> None:
        """Refuse new receipts, write those that wait."""
        self._closed = True
        with self._writing:
            if self._queue:
                self._commit_group()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def renew_after_fork(self) -> None:
        """The child has none of the parent's waiting callers."""
        self._writing = threading.Lock()
        self._queue = deque()

    def _commit_group(self) -> None:
        """One transaction. The group is gathered only once the write lock is held."""
        group: list[Pending] = []
        try:
            with self._store.transaction() as db:
                group = self._gather()
                _store(db, group)
        except BrokenConstraint:
            self._commit_each(group)
        except BaseException as error:  # noqa: BLE001  every caller is told, whatever it was
            group = group or self._gather()
            for pending in group:
                pending.error = error
        for pending in group:
            pending.is_settled = True

    def _commit_each(self, group: list[Pending]) -> None:
        """A transaction for each: one that breaks a constraint makes no other suffer."""
        for waiting in group:
            try:
                with self._store.transaction() as db:
                    _store(db, [waiting])
            except BaseException as error:  # noqa: BLE001  as above
                waiting.error = error

    def _gather(self) -> list[Pending]:
        """All that are there; whoever takes them settles them, whatever happens."""
        return [self._queue.popleft() for _ in range(len(self._queue))]


def _store(db: Connection, group: list[Pending]) -> None:
    """Few statements, however many receipts: to a server each is a way there and back, while every
    other writer waits."""
    if not group:
        return
    rows = [waiting.row for waiting in group]
    origins = {origin: _origin_key(db, origin) for origin in {row.origin for row in rows}}
    values = [
        (r.id, r.created_at, r.as_of, origins[r.origin], r.sha256, r.content, r.tenant)
        for r in rows
    ]
    insert_rows(db, _INSERT, values)
    append_link(db, rows)
    for waiting in group:
        if waiting.deed is not None:
            write_entry(db, waiting.deed, "match", waiting.row.id)


def _origin_key(db: Connection, origin: ReceiptOrigin) -> int:
    """The key of an origin, which is stored if it is new. Nobody remembers it: keys are given
    again once a catalogue version is gone with its origins."""
    row = db.execute(
        "SELECT id FROM receipt_origins WHERE catalogue_version = ? AND engine_version = ?"
        " AND answer_form = ? AND dictionary IS NOT DISTINCT FROM ?",
        origin,
    ).fetchone()
    if row is None:
        row = db.execute(
            "INSERT INTO receipt_origins"
            " (catalogue_version, engine_version, answer_form, dictionary)"
            " VALUES (?, ?, ?, ?) RETURNING id",
            origin,
        ).fetchone()
    return int(row[0])


def _for_caller(error: BaseException) -> HuiceError:
    """An exception of the caller's own: one instance must not be raised in several threads."""
    if isinstance(error, HuiceError) and not isinstance(error, StorageFault):
        return refused_as_busy()
    if isinstance(error, StorageFull):
        return StorageFull(str(error))
    return StorageFault(f"the receipt was not stored: {error}")


_writers: weakref.WeakSet[GroupCommitWriter] = weakref.WeakSet()


def _after_fork_in_child() -> None:
    for writer in list(_writers):
        writer.renew_after_fork()


os.register_at_fork(after_in_child=_after_fork_in_child)
