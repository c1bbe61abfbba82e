"""Answers kept by the client's own key, so that a request sent twice is done once.

A key stands for its owner, the call and the body together. It is claimed before the work begins.
While that lasts the claim is renewed, however long it is; that of a process which was killed ends
soon by itself, and the request may be sent again.
"""

import hashlib
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from service.domain.errors import ErrorCode, HuiceError, Refused
from service.domain.text import Text
from service.storage.store import Connection, Repository, Store
from service.storage.times import written_time

LIFETIME = timedelta(hours=24)
CLAIM = timedelta(seconds=15)
_RENEWED_EVERY = 5.0
_OTHER = Text(
    "这个 Idempotency-Key 已用于内容不同的请求", "this Idempotency-Key was used for another request"
)
_RUNNING = Text(
    "同一 Idempotency-Key 的请求正在处理，请稍后再发",
    "a request with this Idempotency-Key is being answered: send it again in some seconds",
)


class IdempotencyRepository(Repository):
    """The kept answers of all owners. `owner` is a tenant, or nobody's shared name."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._renewals = Renewals(self._renew)

    def claim(self, owner: str, key: str, call: str, body: bytes, now: datetime) -> bytes | None:
        """What was kept of the answer given before, or None where the work is now the caller's.

        Raises Refused: idempotency mismatch for another body or call, idempotency conflict while
        the first is at work.
        """
        digest = hashlib.sha256(call.encode() + b"\0" + body).digest()
        with self._store.transaction() as db:
            _purge(db, now)
            row = db.execute(
                "SELECT digest, kept FROM idempotency WHERE owner = ? AND key = ?",
                (owner, key),
            ).fetchone()
            if row is None:
                db.execute(
                    "INSERT INTO idempotency (owner, key, digest, expires_at) VALUES (?, ?, ?, ?)",
                    (owner, key, digest, written_time(now + CLAIM)),
                )
        if row is None:
            self._renewals.begin(owner, key)
            return None
        if bytes(row[0]) != digest:
            raise Refused(_OTHER, ErrorCode.IDEMPOTENCY_MISMATCH)
        if row[1] is None:
            raise Refused(_RUNNING, ErrorCode.IDEMPOTENCY_CONFLICT)
        return bytes(row[1])

    def keep(self, owner: str, key: str, kept: bytes, now: datetime) -> None:
        """What is kept of the answer of the work that was claimed: the answer, or what it is made
        again from."""
        self._renewals.end(owner, key)
        with self._store.transaction() as db:
            db.execute(
                "UPDATE idempotency SET kept = ?, expires_at = ? WHERE owner = ? AND key = ?",
                (kept, written_time(now + LIFETIME), owner, key),
            )

    def release(self, owner: str, key: str) -> None:
        """Give a claim up: the work failed on our side and may be asked for again."""
        self._renewals.end(owner, key)
        with self._store.transaction() as db:
            db.execute(
                "DELETE FROM idempotency WHERE owner = ? AND key = ? AND kept IS NULL",
                (owner, key),
            )

    def purge(self, now: datetime) -> None:
        """Delete what has been kept for its time."""
        with self._store.transaction() as db:
            _purge(db, now)

    def _renew(self, owner: str, key: str) -> None:
        expires = written_time(datetime.now(UTC) + CLAIM)
        with self._store.transaction() as db:
            db.execute(
                "UPDATE idempotency SET expires_at = ?"
                " WHERE owner = ? AND key = ? AND kept IS NULL",
                (expires, owner, key),
            )


def _purge(db: Connection, now: datetime) -> None:
    db.execute("DELETE FROM idempotency WHERE expires_at <= ?", (written_time(now),))


class Renewals:
    """Renews the claims of work that takes long, by a thread that starts with the first."""

    def __init__(self, renew: Callable[[str, str], None], every: float = _RENEWED_EVERY) -> None:
        """`every`: seconds between renewals."""
        self._renew, self._every = renew, every
        self._at_work: set[tuple[str, str]] = set()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def begin(self, owner: str, key: str) -> None:
        """Work has begun."""
        with self._changed:
            self._at_work.add((owner, key))
            self._changed.notify()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="claims", daemon=True)
                self._thread.start()

    def end(self, owner: str, key: str) -> None:
        """It is over."""
        with self._changed:
            self._at_work.discard((owner, key))

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._at_work:
                    self._changed.wait()
                before = set(self._at_work)
            time.sleep(self._every)
            for owner, key in before:
                if (owner, key) in self._at_work:
                    with suppress(HuiceError):  # the next time, if it is over by then
                        self._renew(owner, key)
