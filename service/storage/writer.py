"""Group commit: receipts that wait at one moment share one transaction and one sync of the disk."""

import os
import threading
import weakref
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Self

from service.domain.errors import HuiceError
from service.storage.audit import Deed, write_entry
from service.storage.faults import BrokenConstraint, StorageFault, StorageFull, refused_as_busy
from service.storage.receipt_chain import ReceiptOrigin, ReceiptRow, append_links
from service.storage.receipt_packing import ReceiptPacking
from service.storage.receipts import Receipt, receipt_row
from service.storage.store import Connection, Store, insert_rows

BACKLOG = 256
_INSERT = (
    "INSERT INTO receipts (id, created_at, as_of, origin, sha256, content, tenant)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)


class _Waiting:
    """A receipt on its way, and the caller who waits for it: until `pending` is let go. A bare lock
    is cheaper than threading.Event."""

    __slots__ = ("deed", "error", "make", "pending", "row")

    def __init__(self, make: Callable[[], Receipt], deed: Deed | None) -> None:
        self.make, self.deed = make, deed
        self.row: ReceiptRow | None = None
        self.pending = threading.Lock()
        self.pending.acquire()
        self.error: BaseException | None = None


class GroupCommitWriter:
    """Writes receipts through one thread, which starts with the first receipt of the process."""

    def __init__(
        self, store: Store, *, backlog: int = BACKLOG, packing: ReceiptPacking | None = None
    ) -> None:
        """`backlog`: how many receipts may wait before more are refused. `packing`: with a
        dictionary that is stored."""
        self._store = store
        self._packing = packing or ReceiptPacking()
        self._backlog = backlog
        self._lock = threading.Lock()
        self._queue: deque[_Waiting] = deque()
        # True each time the queue is no longer empty, False once there will be no more.
        self._calls: SimpleQueue[bool] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closed = False
        _writers.add(self)

    def put(self, receipt: Receipt, deed: Deed | None = None) -> None:
        """Store a receipt, and in the audit of its tenant who asked; both are on the disk when this
        returns.

        Raises Refused (busy) where too many wait, the writer is closed, or the write lock was not
        to be had; StorageFault where this receipt breaks a constraint (the id exists, the catalogue
        version does not) or the transaction it shared failed. After an exception nothing is stored.
        """
        self.put_made(lambda: receipt, deed)

    def put_made(self, make: Callable[[], Receipt], deed: Deed | None = None) -> None:
        """The same with a receipt that the writer's thread makes: those of a group one after the
        other, so that the processor's caches stay warm."""
        waiting = _Waiting(make, deed)
        with self._lock:
            if self._closed or len(self._queue) >= self._backlog:
                raise refused_as_busy()
            self._queue.append(waiting)
            if len(self._queue) == 1:
                self._calls.put(True)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="receipts", daemon=True)
                self._thread.start()
        waiting.pending.acquire()
        if waiting.error is not None:
            raise _for_caller(waiting.error) from waiting.error

    def close(self) -> None:
        """Refuse new receipts, write those that wait, end the thread."""
        with self._lock:
            self._closed = True
            self._calls.put(False)
            thread = self._thread
        if thread is not None:
            thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def renew_after_fork(self) -> None:
        """The child has neither the parent's thread nor its waiting callers."""
        self._lock = threading.Lock()
        self._queue = deque()
        self._calls = SimpleQueue()
        self._thread = None

    def _run(self) -> None:
        while self._calls.get():
            self._commit_group()

    def _commit_group(self) -> None:
        """One transaction. The group is gathered only once the write lock is held."""
        group: list[_Waiting] = []
        with self._lock:
            here = list(self._queue)
        self._make_rows(here)  # outside the transaction, for which others wait
        try:
            with self._store.transaction() as db:
                group = self._gather()
                self._make_rows(group)
                _store(db, group)
        except BrokenConstraint:
            self._commit_each(group)
        except BaseException as error:  # noqa: BLE001  every caller is told, whatever it was
            group = group or self._gather()
            for waiting in group:
                waiting.error = waiting.error or error
        for waiting in group:
            waiting.pending.release()

    def _commit_each(self, group: list[_Waiting]) -> None:
        """A transaction for each: one that breaks a constraint makes no other suffer."""
        for waiting in group:
            if waiting.row is None:
                continue
            try:
                with self._store.transaction() as db:
                    _store(db, [waiting])
            except BaseException as error:  # noqa: BLE001  as above
                waiting.error = error

    def _make_rows(self, group: list[_Waiting]) -> None:
        """Those that are not made yet; whose receipt cannot be made is told."""
        for waiting in group:
            if waiting.row is None and waiting.error is None:
                try:
                    waiting.row = receipt_row(waiting.make(), self._packing)
                except Exception as error:  # noqa: BLE001  the caller is told, whatever it was
                    waiting.error = error

    # INVARIANT: called once the write lock is held; whoever is gathered is let go by the caller,
    # whatever happens, so that nobody waits for ever.
    def _gather(self) -> list[_Waiting]:
        with self._lock:
            group = list(self._queue)
            self._queue.clear()
        return group


def _store(db: Connection, group: list[_Waiting]) -> None:
    """Few statements, however many receipts: to a server each is a way there and back, while every
    other writer waits."""
    rows = [waiting.row for waiting in group if waiting.row is not None]
    if not rows:
        return
    origins = {origin: _origin_key(db, origin) for origin in {row.origin for row in rows}}
    values = [
        (r.id, r.created_at, r.as_of, origins[r.origin], r.sha256, r.content, r.tenant)
        for r in rows
    ]
    insert_rows(db, _INSERT, values)
    append_links(db, rows)
    for waiting in group:
        if waiting.deed is not None and waiting.row is not None:
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
