"""Answers kept by the client's own key, so that a request sent twice is done once.

A key stands for its owner, the call and the body together. It is claimed before the work begins;
while that lasts, and where the work failed on our side, the claim does not outlive a minute.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.errors import ErrorCode, Refused
from service.domain.text import Text
from service.storage.store import Repository
from service.storage.times import written_time

LIFETIME = timedelta(hours=24)
_CLAIM = timedelta(minutes=1)
_OTHER = Text(
    "这个 Idempotency-Key 已用于内容不同的请求", "this Idempotency-Key was used for another request"
)
_RUNNING = Text(
    "同一 Idempotency-Key 的请求正在处理", "a request with this Idempotency-Key is being answered"
)


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What was answered: a status, the media type and the headers worth keeping, the bytes."""

    status: int
    content_type: str
    location: str
    body: bytes


class IdempotencyRepository(Repository):
    """The kept answers of all owners. `owner` is a tenant, or nobody's shared name."""

    def claim(
        self, owner: str, key: str, call: str, body: bytes, now: datetime
    ) -> KeptAnswer | None:
        """The answer given before, or None where the work is now the caller's.

        Raises Refused: idempotency mismatch for another body or call, idempotency conflict while
        the first is at work.
        """
        digest = hashlib.sha256(call.encode() + b"\0" + body).digest()
        with self._store.transaction() as db:
            db.execute("DELETE FROM idempotency WHERE expires_at <= ?", (written_time(now),))
            row = db.execute(
                "SELECT digest, status, content_type, location, body FROM idempotency"
                " WHERE owner = ? AND key = ?",
                (owner, key),
            ).fetchone()
            if row is None:
                db.execute(
                    "INSERT INTO idempotency (owner, key, digest, expires_at) VALUES (?, ?, ?, ?)",
                    (owner, key, digest, written_time(now + _CLAIM)),
                )
                return None
        if bytes(row[0]) != digest:
            raise Refused(_OTHER, ErrorCode.IDEMPOTENCY_MISMATCH)
        if row[1] is None:
            raise Refused(_RUNNING, ErrorCode.IDEMPOTENCY_CONFLICT)
        return KeptAnswer(row[1], row[2], row[3], bytes(row[4]))

    def store_answer(self, owner: str, key: str, answer: KeptAnswer, now: datetime) -> None:
        """The answer of the work that was claimed."""
        with self._store.transaction() as db:
            db.execute(
                "UPDATE idempotency SET status = ?, content_type = ?, location = ?, body = ?,"
                " expires_at = ? WHERE owner = ? AND key = ?",
                (
                    answer.status,
                    answer.content_type,
                    answer.location,
                    answer.body,
                    written_time(now + LIFETIME),
                    owner,
                    key,
                ),
            )

    def release(self, owner: str, key: str) -> None:
        """Give a claim up: the work failed on our side and may be asked for again."""
        with self._store.transaction() as db:
            db.execute(
                "DELETE FROM idempotency WHERE owner = ? AND key = ? AND status IS NULL",
                (owner, key),
            )
