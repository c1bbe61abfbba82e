"""Catalogue versions: every file of every version ever used, so that an old receipt can be replayed
under the rules of its day."""

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import zstandard

from service.domain.errors import NotFound, Refused
from service.domain.text import Text
from service.storage.faults import BrokenConstraint, StorageFault
from service.storage.store import Connection, Repository
from service.storage.times import read_time, written_time


@dataclass(frozen=True, slots=True)
class SavedVersion:
    """A stored catalogue version and when it was first saved."""

    version: str
    saved_at: datetime


class CatalogueVersions(Repository):
    """The table of versions over a table of contents that knows each content once."""

    def save(self, version: str, files: Mapping[str, bytes], *, saved_at: datetime) -> bool:
        """Store the files under their version; False if that was there already. Either way it is
        the one opened last.

        A version is the digest of its files: the same version with other files raises StorageFault.
        """
        if not files:
            raise ValueError("a catalogue version has files")
        with self._store.transaction() as db:
            known = _contents_of(db, version)
            if known:
                if known != {path: _sha256_of(content) for path, content in files.items()}:
                    raise StorageFault(f"catalogue {version} is stored with other files")
                _reopen(db, version, saved_at)
                return False
            db.execute(
                "INSERT INTO catalogue_versions (version, saved_at, opened_at) VALUES (?, ?, ?)",
                (version, written_time(saved_at), written_time(saved_at)),
            )
            blobs = dict(db.execute("SELECT sha256, id FROM catalogue_blobs").fetchall())
            packing = zstandard.ZstdCompressor()
            for path, content in files.items():
                digest = _sha256_of(content)
                if digest not in blobs:
                    blobs[digest] = _store_blob(db, digest, packing.compress(content))
                db.execute(
                    "INSERT INTO catalogue_files (version, path, blob) VALUES (?, ?, ?)",
                    (version, path, blobs[digest]),
                )
        return True

    def reopen(self, version: str, *, at: datetime) -> bool:
        """Say that a stored version is the one opened last; False where it is not stored."""
        with self._store.transaction() as db:
            return _reopen(db, version, at)

    def load(self, version: str) -> Mapping[str, bytes]:
        """Path → bytes of a version, in order of path. Raises NotFound, and StorageFault where a
        content is not what its digest says."""
        rows = self._store.rows(
            "SELECT path, sha256, content FROM catalogue_files"
            " JOIN catalogue_blobs ON catalogue_blobs.id = catalogue_files.blob"
            " WHERE version = ? ORDER BY path",
            (version,),
        )
        if not rows:
            raise _unknown_version(version)
        return {path: _unpack_content(path, sha256, content) for path, sha256, content in rows}

    def digests(self, version: str) -> Mapping[str, str]:
        """Path → digest of the content of each file of a version; nothing where it is not kept."""
        with self._store.transaction() as db:
            return _contents_of(db, version)

    def is_stored(self, version: str) -> bool:
        """Whether the files of a version are kept."""
        sql = "SELECT 1 FROM catalogue_versions WHERE version = ?"
        return self._store.row(sql, (version,)) is not None

    def last_opened(self) -> str | None:
        """The version that was opened last; None where nothing is stored."""
        row = self._store.row(
            "SELECT version FROM catalogue_versions"
            " ORDER BY coalesce(opened_at, saved_at) DESC, version LIMIT 1"
        )
        return None if row is None else str(row[0])

    def versions(self) -> tuple[SavedVersion, ...]:
        """What is stored, the newest first."""
        rows = self._store.rows(
            "SELECT version, saved_at FROM catalogue_versions ORDER BY saved_at DESC, version"
        )
        return tuple(SavedVersion(version, read_time(saved_at)) for version, saved_at in rows)

    def delete(self, version: str) -> None:
        """Forget a version, its search index, and contents no other version has.

        Raises NotFound, and Refused while a receipt was given under it.
        """
        try:
            with self._store.transaction() as db:
                db.execute(_FORGET_ORIGINS, (version,))
                gone = db.execute("DELETE FROM catalogue_versions WHERE version = ?", (version,))
                if gone.rowcount == 0:
                    raise _unknown_version(version)
                db.execute(_FORGET_CONTENTS)
        except BrokenConstraint as error:
            raise _in_use(version) from error

    def prune(self, superseded_before: datetime, *, keep: str) -> tuple[str, ...]:
        """Forget every version, but `keep`, that no receipt was given under and after which a newer
        one was saved before a moment. Which those were, oldest first."""
        with self._store.transaction() as db:
            rows = db.execute(
                "SELECT version FROM catalogue_versions AS old WHERE version != ?"
                " AND EXISTS (SELECT 1 FROM catalogue_versions"
                " WHERE saved_at > old.saved_at AND saved_at < ?)"
                " AND NOT EXISTS (SELECT 1 FROM receipts AS r JOIN receipt_origins AS o"
                " ON o.id = r.origin WHERE o.catalogue_version = version)"
                " ORDER BY saved_at, version",
                (keep, written_time(superseded_before)),
            ).fetchall()
            for row in rows:
                db.execute(_FORGET_ORIGINS, row)
                db.execute("DELETE FROM catalogue_versions WHERE version = ?", row)
            if rows:
                db.execute(_FORGET_CONTENTS)
        return tuple(version for (version,) in rows)


# Where a receipt was given there, its origin stays, and keeps the version.
_FORGET_ORIGINS = (
    "DELETE FROM receipt_origins WHERE catalogue_version = ?"
    " AND NOT EXISTS (SELECT 1 FROM receipts WHERE origin = receipt_origins.id)"
)
_FORGET_CONTENTS = "DELETE FROM catalogue_blobs WHERE id NOT IN (SELECT blob FROM catalogue_files)"


def _reopen(db: Connection, version: str, at: datetime) -> bool:
    sql = "UPDATE catalogue_versions SET opened_at = ? WHERE version = ?"
    return db.execute(sql, (written_time(at), version)).rowcount > 0


def _contents_of(db: Connection, version: str) -> dict[str, str]:
    """Path → SHA-256 of what a version holds; empty if it is not stored."""
    rows = db.execute(
        "SELECT path, sha256 FROM catalogue_files"
        " JOIN catalogue_blobs ON catalogue_blobs.id = catalogue_files.blob WHERE version = ?",
        (version,),
    )
    return dict(rows.fetchall())


def _store_blob(db: Connection, sha256: str, packed: bytes) -> int:
    """The row of a content that is new."""
    row = db.execute(
        "INSERT INTO catalogue_blobs (sha256, content) VALUES (?, ?) RETURNING id",
        (sha256, packed),
    ).fetchone()
    return int(row[0])


def _unpack_content(path: str, sha256: str, packed: bytes) -> bytes:
    """A content, which may have been packed with zlib once."""
    try:
        is_newer = packed.startswith(zstandard.FRAME_HEADER)
        content = zstandard.decompress(packed) if is_newer else zlib.decompress(packed)
    except (zstandard.ZstdError, zlib.error) as error:
        raise StorageFault(f"catalogue file {path} is damaged") from error
    if _sha256_of(content) != sha256:
        raise StorageFault(f"catalogue file {path} is damaged")
    return content


def _sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _unknown_version(version: str) -> NotFound:
    return NotFound(Text("政策库版本", "catalogue version"), version)


def _in_use(version: str) -> Refused:
    return Refused(
        Text(
            "政策库版本 {version} 仍有回执引用，不能删除。",
            "Catalogue version {version} cannot be deleted: receipts were given under it.",
        ).format(version=version)
    )
