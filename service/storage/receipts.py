"""Receipts: what was answered to whom under which rules. Written once, never changed."""

import hashlib
import zlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import zstandard
from cryptography.hazmat.primitives import hashes

from service.domain.errors import NotFound
from service.domain.text import Text
from service.storage.audit import Deed, write_entry
from service.storage.faults import StorageFault
from service.storage.receipt_chain import COLUMNS
from service.storage.receipt_packing import ReceiptPacking, unpack_receipt
from service.storage.store import Repository
from service.storage.times import read_time, written_time


class ContentDigests(NamedTuple):
    """Hexadecimal digests of the result bytes, by the international and by the Chinese standard."""

    sha256: str
    sm3: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """One evaluation. `id` must be impossible to guess: whoever knows it may read the receipt.

    `profile` and `result` are canonical JSON, kept to the byte. `tenant` is whose it is, None
    nobody's.
    """

    id: str
    created_at: datetime
    as_of: date
    catalogue_version: str
    engine_version: str
    profile: bytes
    result: bytes
    tenant: str | None = None

    @property
    def digests(self) -> ContentDigests:
        """Of the result. Only the first is kept, to tell damage by: a result that it fits has one
        digest of any kind."""
        return digests_of(self.result)


Row = tuple[str, str, str, str, str, str, bytes, bytes, str | None, str | None]


def digests_of(content: bytes) -> ContentDigests:
    sm3 = hashes.Hash(hashes.SM3())
    sm3.update(content)
    return ContentDigests(hashlib.sha256(content).hexdigest(), sm3.finalize().hex())


def receipt_row(receipt: Receipt, packing: ReceiptPacking) -> Row:
    """The row of a receipt, in the order of COLUMNS."""
    return (
        receipt.id,
        written_time(receipt.created_at),
        receipt.as_of.isoformat(),
        receipt.catalogue_version,
        receipt.engine_version,
        hashlib.sha256(receipt.result).hexdigest(),
        packing.pack(receipt.profile),
        packing.pack(receipt.result),
        packing.digest,
        receipt.tenant,
    )


INSERT = f"INSERT INTO receipts ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608


class ReceiptRepository(Repository):
    """Reading and deleting; `GroupCommitWriter` writes. Of another tenant's nothing is told."""

    def get(self, receipt_id: str, tenant: str | None = None) -> Receipt:
        """One of the tenant's or nobody's. Raises NotFound, and StorageFault if the stored result
        does not match its digest."""
        query = f"SELECT {COLUMNS} FROM receipts WHERE id = ?"  # noqa: S608
        query += " AND (tenant IS NULL OR tenant = ?)"
        row = self._one(query, (receipt_id, tenant), _unknown_receipt(receipt_id))
        return self._unpacked(row)

    def recent(self, limit: int) -> list[Receipt]:
        """The receipts made last, newest first. Raises StorageFault where one is damaged."""
        rows = self._store.rows(
            f"SELECT {COLUMNS} FROM receipts"  # noqa: S608
            " ORDER BY created_at DESC, id LIMIT ?",
            (limit,),
        )
        return [self._unpacked(row) for row in rows]

    def use(self, packing: ReceiptPacking) -> None:
        """Store the dictionary that receipts are about to be packed with."""
        known = "SELECT 1 FROM dictionaries WHERE digest = ?"
        if packing.digest is None or self._store.row(known, (packing.digest,)):
            return
        with self._store.transaction() as db:
            db.execute(
                "INSERT INTO dictionaries (digest, content) VALUES (?, ?) ON CONFLICT DO NOTHING",
                (packing.digest, packing.stored()),
            )

    def _dictionary(self, digest: str) -> bytes:
        query = "SELECT content FROM dictionaries WHERE digest = ?"
        row = self._store.connection().execute(query, (digest,)).fetchone()
        if row is None:
            raise StorageFault(f"the dictionary {digest} is missing")
        content: bytes = row[0]
        return content

    def _unpacked(self, row: Row) -> Receipt:
        """The receipt of a row. Raises StorageFault where it is damaged."""
        identity, created_at, as_of, version, engine, sha256, profile, result, words, tenant = row
        try:
            receipt = Receipt(
                id=identity,
                created_at=read_time(created_at),
                as_of=date.fromisoformat(as_of),
                catalogue_version=version,
                engine_version=engine,
                profile=unpack_receipt(profile, words, self._dictionary),
                result=unpack_receipt(result, words, self._dictionary),
                tenant=tenant,
            )
        except (zlib.error, zstandard.ZstdError) as error:
            raise StorageFault(f"receipt {identity} is damaged") from error
        if hashlib.sha256(receipt.result).hexdigest() != sha256:
            raise StorageFault(f"receipt {identity} is damaged")
        return receipt

    def count(self) -> int:
        (count,) = self._store.row("SELECT count(*) FROM receipts")
        return int(count)

    def delete(self, receipt_id: str, tenant: str | None = None, deed: Deed | None = None) -> bool:
        """Delete one of the tenant's own, or of nobody's where none is given, for good, and write
        who did it into the tenant's audit; raises NotFound.

        True once its bytes are gone from the disk; False if a reader kept the log from being
        emptied, which the next deletion, purge or `Store.checkpoint` makes good.
        """
        with self._store.transaction() as db:
            gone = db.execute(
                "DELETE FROM receipts WHERE id = ? AND tenant IS NOT DISTINCT FROM ?",
                (receipt_id, tenant),
            )
            if gone.rowcount == 0:
                raise _unknown_receipt(receipt_id)
            if deed is not None:
                write_entry(db, deed, "receipt.delete", receipt_id)
        return self._store.checkpoint()

    def purge(self, older_than: datetime, *, only_nobodys: bool = False) -> int:
        """Delete for good what was created before a moment, or only what belongs to no tenant; how
        many those were."""
        whose = " AND tenant IS NULL" if only_nobodys else ""
        with self._store.transaction() as db:
            gone = db.execute(
                f"DELETE FROM receipts WHERE created_at < ?{whose}",  # noqa: S608
                (written_time(older_than),),
            ).rowcount
        if gone:
            self._store.checkpoint()
        return int(gone)


def _unknown_receipt(receipt_id: str) -> NotFound:
    return NotFound(Text("回执", "receipt"), receipt_id)
