"""Receipts: what was answered to whom under which rules. Written once, never changed.

A receipt keeps what was asked, the statuses and amounts that came out, and the digest of the
answer. The answer itself is made again by whoever has the rules; it is kept whole where that would
not give the same bytes.
"""

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import zstandard
from cryptography.hazmat.primitives import hashes

from service import ANSWER_FORM
from service.domain.errors import NotFound
from service.domain.text import Text
from service.storage.audit import Deed, write_entry
from service.storage.faults import StorageFault, UnusableDatabase
from service.storage.migrations import LIGHT_RECEIPTS, is_applied
from service.storage.receipt_chain import (
    BEFORE_ALL_ROWS,
    ORIGIN_COLUMNS,
    ORIGINS,
    WHOLE,
    ReceiptRow,
)
from service.storage.receipt_packing import ReceiptPacking, unpack_receipt
from service.storage.store import Connection, Repository, insert_rows
from service.storage.times import read_time, written_time


class ContentDigests(NamedTuple):
    """Hexadecimal digests of the result bytes, by the international and by the Chinese standard."""

    sha256: str
    sm3: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """One evaluation. `id` must be impossible to guess: whoever knows it may read the receipt.

    `profile` is the request and `outcome` the statuses and amounts, both canonical JSON, kept to
    the byte. `sha256` is the answer's, in hexadecimal digits; `result` the answer itself, None
    where it is not kept. `answer_form` says which programs make it again to the byte: those of the
    same form; WHOLE: it was kept from the first, and `outcome` is empty. `tenant` is whose it is,
    None nobody's.
    """

    id: str
    created_at: datetime
    as_of: date
    catalogue_version: str
    engine_version: str
    answer_form: int
    profile: bytes
    outcome: bytes
    sha256: str
    tenant: str | None = None
    result: bytes | None = None


def digests_of(content: bytes) -> ContentDigests:
    sm3 = hashes.Hash(hashes.SM3())
    sm3.update(content)
    return ContentDigests(hashlib.sha256(content).hexdigest(), sm3.finalize().hex())


# Canonical JSON has none.
_BETWEEN = b"\n"
_PAGE = 100
_KEPT = "a.content, a.dictionary"
_SELECT = (
    f"SELECT r.rowid, {ORIGIN_COLUMNS}, {_KEPT} FROM {ORIGINS}"  # noqa: S608
    " LEFT JOIN receipt_answers AS a ON a.receipt = r.rowid"
)


def receipt_row(receipt: Receipt, packing: ReceiptPacking) -> ReceiptRow:
    """A receipt as it is stored. Its result is not: see `ReceiptRepository.keep_answers`."""
    return ReceiptRow(
        receipt.id,
        written_time(receipt.created_at),
        receipt.as_of.isoformat(),
        receipt.catalogue_version,
        receipt.engine_version,
        receipt.answer_form,
        packing.digest,
        bytes.fromhex(receipt.sha256),
        packing.pack(receipt.profile + _BETWEEN + receipt.outcome),
        receipt.tenant,
    )


class ReceiptRepository(Repository):
    """Reading and deleting; `GroupCommitWriter` writes. Of another tenant's nothing is told."""

    def get(self, receipt_id: str, tenant: str | None = None) -> Receipt:
        """A receipt of the tenant, or one that belongs to nobody. Raises NotFound, and StorageFault
        where a stored result does not match its digest."""
        query = f"{_SELECT} WHERE r.id = ? AND (r.tenant IS NULL OR r.tenant = ?)"
        row = self._one(query, (receipt_id, tenant), _unknown_receipt(receipt_id))
        return self._unpacked(row)

    def recent(self, limit: int) -> list[Receipt]:
        """The receipts made last, newest first. Raises StorageFault where one is damaged."""
        query = f"{_SELECT} ORDER BY r.created_at DESC, r.id LIMIT ?"
        return [self._unpacked(row) for row in self._store.rows(query, (limit,))]

    def pages(self) -> Iterator[list[tuple[int, Receipt]]]:
        """All receipts by their place, some at a time. Raises StorageFault where one is damaged."""
        last = BEFORE_ALL_ROWS
        query = f"{_SELECT} WHERE r.rowid > ? ORDER BY r.rowid LIMIT {_PAGE}"
        while rows := self._store.rows(query, (last,)):
            yield [(row[0], self._unpacked(row)) for row in rows]
            last = rows[-1][0]

    def keep_answers(self, answers: Sequence[tuple[int, bytes]], packing: ReceiptPacking) -> None:
        """Keep the answers of the receipts at these places whole. `packing`: of a dictionary in
        `use`."""
        rows = [(place, packing.pack(answer), packing.digest) for place, answer in answers]
        insert = "INSERT INTO receipt_answers (receipt, content, dictionary) VALUES (?, ?, ?)"
        with self._store.transaction() as db:
            # One may have been deleted meanwhile, or kept by somebody else.
            marks = ", ".join("?" * len(rows))
            open_ones = db.execute(
                f"SELECT rowid FROM receipts WHERE rowid IN ({marks})"  # noqa: S608
                " AND NOT EXISTS (SELECT 1 FROM receipt_answers WHERE receipt = receipts.rowid)",
                [row[0] for row in rows],
            )
            places = {place for (place,) in open_ones.fetchall()}
            wanted = [row for row in rows if row[0] in places]
            if wanted:
                insert_rows(db, insert, wanted)

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

    def _unpacked(self, row: tuple[Any, ...]) -> Receipt:
        """The receipt of a row. Raises StorageFault where it is damaged."""
        stored, (answer, words) = ReceiptRow(*row[1:-2]), row[-2:]
        try:
            content = unpack_receipt(stored.content, stored.dictionary, self._dictionary)
            result = None if answer is None else unpack_receipt(answer, words, self._dictionary)
        except (zlib.error, zstandard.ZstdError) as error:
            raise StorageFault(f"receipt {stored.id} is damaged") from error
        profile, _, outcome = content.partition(_BETWEEN)
        if result is not None and hashlib.sha256(result).digest() != stored.sha256:
            raise StorageFault(f"receipt {stored.id} is damaged")
        return Receipt(
            id=stored.id,
            created_at=read_time(stored.created_at),
            as_of=date.fromisoformat(stored.as_of),
            catalogue_version=stored.catalogue_version,
            engine_version=stored.engine_version,
            answer_form=stored.answer_form,
            profile=profile,
            outcome=outcome,
            sha256=stored.sha256.hex(),
            tenant=stored.tenant,
            result=result,
        )

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


def refuse_answers_apart(db: Connection) -> None:
    """Raises UnusableDatabase where receipts were given whose answers are not kept, by a program
    of another form: this one would not make them again to the byte. Receipts from before they
    could do without their answers have them."""
    if not is_applied(db, LIGHT_RECEIPTS):
        return
    rows = db.execute(
        "SELECT DISTINCT o.engine_version FROM receipt_origins AS o"
        " WHERE o.answer_form NOT IN (?, ?) AND EXISTS (SELECT 1 FROM receipts AS r"
        " WHERE r.origin = o.id AND NOT EXISTS"
        " (SELECT 1 FROM receipt_answers AS a WHERE a.receipt = r.rowid))"
        " ORDER BY o.engine_version",
        (WHOLE, ANSWER_FORM),
    ).fetchall()
    if rows:
        programs = ", ".join(program for (program,) in rows)
        raise UnusableDatabase(
            f"answers given by {programs} are not kept, and this program does not make them again"
            " to the byte: run `huice receipts keep` with that program first"
        )
