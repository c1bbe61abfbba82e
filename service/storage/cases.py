"""Cases: what somebody has answered so far, under an id that cannot be guessed, for a while.

The id is the key to a case: it is given out once and only its digest is kept.
"""

import hashlib
import secrets
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from service.domain.errors import NotFound
from service.domain.text import Text
from service.storage.identifiers import new_id
from service.storage.store import Connection, Store
from service.storage.times import read_time, written_time

_LEVEL = 1


class StoredCase(NamedTuple):
    """The bytes kept for a case, and until when."""

    content: bytes
    expires_at: datetime


class CaseLink(NamedTuple):
    """A link that lets its holder read a case. `name` tells links apart and opens nothing."""

    name: str
    made_at: datetime
    expires_at: datetime


class CaseRepository:
    """The cases of a database. `retention` is how long one lives after its last change."""

    def __init__(self, store: Store, retention: timedelta) -> None:
        self._store = store
        self.retention = retention

    def create(self, content: bytes, now: datetime) -> str:
        """Keep a new case; its id."""
        case_id = new_id()
        expires = written_time(now + self.retention)
        with self._store.transaction() as db:
            db.execute(
                "INSERT INTO cases (digest, expires_at, content) VALUES (?, ?, ?)",
                (id_digest(case_id), expires, zlib.compress(content, _LEVEL)),
            )
        return case_id

    def purge(self, now: datetime) -> int:
        """Delete for good the cases past their day, with their receipts; how many those were."""
        with self._store.transaction() as db:
            gone = _forget_cases(db, "expires_at <= ?", written_time(now))
        if gone:
            self._store.checkpoint()
        return gone

    def note_receipt(self, case_id: str, receipt_id: str) -> None:
        """This receipt was made of the case, and goes with it. One that is gone is not noted."""
        with self._store.transaction() as db:
            db.execute(
                "INSERT INTO case_receipts (case_rowid, receipt)"
                " SELECT cases.rowid, receipts.id FROM cases, receipts"
                " WHERE cases.digest = ? AND receipts.id = ? ON CONFLICT DO NOTHING",
                (id_digest(case_id), receipt_id),
            )

    def get(self, case_id: str, now: datetime) -> StoredCase:
        """Raises NotFound for an id that is wrong, deleted or past its day."""
        return self._read("digest = ?", id_digest(case_id), now)

    def change(
        self, case_id: str, now: datetime, edit: Callable[[bytes], bytes | None]
    ) -> StoredCase:
        """Replace what is kept by what `edit` makes of it; the case as it is afterwards.

        Of two who change one case at once, the second is given what the first has made, and edits
        that anew. Nobody else's write waits for an edit, however long it takes. Where `edit` gives
        None, or raises, nothing changes. Raises NotFound.
        """
        digest, expires = id_digest(case_id), now + self.retention
        while True:
            held = self._store.row(
                "SELECT content, expires_at FROM cases WHERE digest = ? AND expires_at > ?",
                (digest, written_time(now)),
            )
            if held is None:
                raise _unknown_case()
            content = zlib.decompress(held[0])
            edited = edit(content)
            if edited is None:
                return StoredCase(content, read_time(held[1]))
            stored = zlib.compress(edited, _LEVEL), written_time(expires)
            with self._store.transaction() as db:
                changed = db.execute(
                    "UPDATE cases SET content = ?, expires_at = ? WHERE digest = ? AND content = ?",
                    (*stored, digest, held[0]),
                ).rowcount
            if changed:
                return StoredCase(edited, expires)

    def delete(self, case_id: str) -> None:
        """Delete a case, its links and its receipts for good. Raises NotFound."""
        with self._store.transaction() as db:
            if not _forget_cases(db, "digest = ?", id_digest(case_id)):
                raise _unknown_case()
        self._store.checkpoint()

    def link(self, case_id: str, now: datetime, lives: timedelta) -> str:
        """The id of a new link to read the case. Raises NotFound."""
        link_id = new_id()
        with self._store.transaction() as db:
            made = db.execute(
                "INSERT INTO case_links (digest, case_rowid, made_at, expires_at)"
                " SELECT ?, rowid, ?, ? FROM cases WHERE digest = ?",
                (
                    id_digest(link_id),
                    written_time(now),
                    written_time(now + lives),
                    id_digest(case_id),
                ),
            )
            if made.rowcount == 0:
                raise _unknown_case()
        return link_id

    def links(self, case_id: str, now: datetime) -> list[CaseLink]:
        """The links of a case that still open it, oldest first."""
        rows = self._store.rows(
            "SELECT case_links.digest, made_at, case_links.expires_at FROM case_links"
            " JOIN cases ON cases.rowid = case_rowid"
            " WHERE cases.digest = ? AND case_links.expires_at > ? ORDER BY made_at",
            (id_digest(case_id), written_time(now)),
        )
        return [CaseLink(name, read_time(made), read_time(until)) for name, made, until in rows]

    def linked(self, link_id: str, now: datetime) -> StoredCase:
        """The case behind a link. Raises NotFound for one wrong, revoked or past its day."""
        return self._read(
            "rowid = (SELECT case_rowid FROM case_links WHERE digest = ? AND expires_at > ?)",
            id_digest(link_id),
            now,
            written_time(now),
        )

    def revoke(self, case_id: str, name: str) -> None:
        """End a link by the name that `links` gives. No error where it has ended already."""
        with self._store.transaction() as db:
            db.execute(
                "DELETE FROM case_links WHERE digest = ?"
                " AND case_rowid = (SELECT rowid FROM cases WHERE digest = ?)",
                (name, id_digest(case_id)),
            )

    def _read(self, where: str, key: str, now: datetime, *more: str) -> StoredCase:
        row = self._store.row(
            # `where` is one of the two texts above
            f"SELECT content, expires_at FROM cases WHERE {where} AND expires_at > ?",  # noqa: S608
            (key, *more, written_time(now)),
        )
        if row is None:
            raise _unknown_case()
        return StoredCase(zlib.decompress(row[0]), read_time(row[1]))


def _forget_cases(db: Connection, which: str, value: str) -> int:
    """Delete cases and what was made of them; how many cases those were."""
    # `which` is one of the texts above
    cases = f"SELECT rowid FROM cases WHERE {which}"  # noqa: S608
    receipts = f"SELECT receipt FROM case_receipts WHERE case_rowid IN ({cases})"  # noqa: S608
    db.execute(f"DELETE FROM receipts WHERE id IN ({receipts})", (value,))  # noqa: S608
    return int(db.execute(f"DELETE FROM cases WHERE {which}", (value,)).rowcount)  # noqa: S608


def id_digest(secret_id: str) -> str:
    return hashlib.sha256(secret_id.encode("utf-8", "surrogatepass")).hexdigest()


def server_key(store: Store, name: str) -> bytes:
    """The key of that name, 256 random bits, the same for every process of the service."""
    with store.transaction() as db:
        db.execute(
            "INSERT INTO server_keys (name, key) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (name, secrets.token_bytes(32)),
        )
        (key,) = db.execute("SELECT key FROM server_keys WHERE name = ?", (name,)).fetchone()
    return bytes(key)


def _unknown_case() -> NotFound:
    # The id is a secret: it is not repeated.
    return NotFound(Text("个案", "case"), "")
