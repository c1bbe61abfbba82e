"""One chain over all receipts: a link is a digest of the link before and of the rows of receipts.

It holds the receipts that one transaction stored: `receipt` has the digests of their ids one after
the other, `content` those of their rows. Links of before hold one each, in the same form.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from service.storage.faults import translate_errors
from service.storage.store import Connection, Store

# The form of answers that were kept whole from the first.
WHOLE = 0
ORIGIN_COLUMNS = (
    "r.id, r.created_at, r.as_of, o.catalogue_version, o.engine_version, o.answer_form,"
    " o.dictionary, r.sha256, r.content, r.tenant"
)
ORIGINS = "receipts AS r JOIN receipt_origins AS o ON o.id = r.origin"
_DIGEST_BYTES = 32
_FIRST = bytes(_DIGEST_BYTES)
_APPEND = "INSERT INTO receipt_chain (number, receipt, content, link) VALUES (?, ?, ?, ?)"
# A page each, from behind a number on: neither fits into memory.
_CHAIN = "SELECT number, receipt, content, link FROM receipt_chain WHERE number > ? ORDER BY number"
# With the answers of those whose links hold them too.
_RECEIPTS = (
    f"SELECT r.rowid, {ORIGIN_COLUMNS}, a.content FROM {ORIGINS}"  # noqa: S608
    f" LEFT JOIN receipt_answers AS a ON a.receipt = r.rowid AND o.answer_form = {WHOLE}"
    " WHERE r.rowid > ? ORDER BY r.rowid"
)
_PAGE = 1_000
# How many receipts are held at a time against the links, some 20 MB.
_BLOCK = 50_000
# Numbers of rows begin at 1; a row that somebody put in may have any other.
BEFORE_ALL_ROWS = -(2**63)


class ReceiptRow(NamedTuple):
    """A receipt as it is stored, with its origin spelled out: `content` is packed with the
    dictionary of that digest."""

    id: str
    created_at: str
    as_of: str
    catalogue_version: str
    engine_version: str
    answer_form: int
    dictionary: str | None
    sha256: bytes
    content: bytes
    tenant: str | None

    @property
    def origin(self) -> "ReceiptOrigin":
        """What it has in common with thousands of others."""
        return self.catalogue_version, self.engine_version, self.answer_form, self.dictionary


ReceiptOrigin: TypeAlias = tuple[str, str, int, str | None]


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a look at the whole chain found. `receipts` are as they were written, `older` ones from
    before there was a chain; `faults` name the links and receipts that were changed, and receipts
    that no link holds though there was a chain. `last` is the last link, which stands for all
    before it: whoever keeps it elsewhere can tell later whether any was cut off (None: no link)."""

    receipts: int
    deleted: int
    older: int
    faults: tuple[str, ...]
    last: str | None = field(default=None, compare=False)


def append_link(connection: Connection, rows: Sequence[ReceiptRow]) -> None:
    """Add receipts to the chain as its next link, in the transaction that stores them."""
    last = connection.execute(
        "SELECT number, link FROM receipt_chain ORDER BY number DESC LIMIT 1"
    ).fetchone()
    number, before = last or (0, _FIRST)
    receipt = b"".join([_receipt_digest(row.id) for row in rows])
    content = b"".join([content_digest(row) for row in rows])
    link = _link_digest(before, receipt, content)
    connection.execute(_APPEND, (number + 1, receipt, content, link))


def verify_chain(store: Store, noted: Iterable[str] = ()) -> ChainReport:
    """Every link and every receipt held against what was written, all as of one moment; a link that
    was `noted` as the last one and is in the chain no more is a fault. Raises StorageFault.

    Receipts lie in the order of their links, so that the links are read once for all blocks of
    receipts; for a block with receipts that no link holds, once more to the end.
    """
    with store.snapshot() as db, translate_errors():
        faults: list[str] = []
        links, last = _check_links(db, faults, noted)
        comparison = _Comparison(faults)
        for block in _stored_receipts(db):
            comparison.find_links(db, block)
            comparison.judge_unlinked(block)
    return ChainReport(
        comparison.intact, links - comparison.linked, comparison.older, tuple(faults), last
    )


def _check_links(db: Connection, faults: list[str], noted: Iterable[str]) -> tuple[int, str | None]:
    """How many receipts the links hold, and the last link; links that do not fit, and noted ones
    that are none, are named as faults."""
    count, before, expected = 0, _FIRST, 1
    last, missing = None, dict.fromkeys(noted)
    for number, receipt, content, link in _rows_by_page(db, _CHAIN):
        fits = len(receipt) == len(content) and link == _link_digest(before, receipt, content)
        if number != expected or not fits:
            faults.append(f"link {expected}")
        count += len(_digests(receipt))
        before, expected = link, number + 1
        last = f"{number}:{link.hex()}"
        missing.pop(last, None)
    faults += [f"link {link}" for link in missing]
    return count, last


class _StoredReceipt(NamedTuple):
    """What is held against the links. Receipts from before the chain are WHOLE."""

    place: int
    id: str
    content: bytes
    is_whole: bool


# By the digest of the id, which is what a link says.
_Block: TypeAlias = dict[bytes, _StoredReceipt]


def _stored_receipts(db: Connection) -> Iterator[_Block]:
    block: _Block = {}
    for place, *columns, answer in _rows_by_page(db, _RECEIPTS):
        row = ReceiptRow(*columns)
        block[_receipt_digest(row.id)] = _StoredReceipt(
            place, row.id, content_digest(row, answer), row.answer_form == WHOLE
        )
        if len(block) == _BLOCK:
            yield block
            block = {}
    yield block


class _Comparison:
    """Holds receipts against the links of the chain, a block at a time, and goes on from the link
    of the last receipt that was found, which may hold some of the next block too."""

    def __init__(self, faults: list[str]) -> None:
        self.intact = self.linked = self.older = 0
        self._faults = faults
        self._before_last = BEFORE_ALL_ROWS
        self._first_linked: int | None = None

    def find_links(self, db: Connection, block: _Block) -> None:
        """Take out of a block the receipts that a link holds. The first one counts: a later one
        is no receipt's."""
        if not block:
            return
        for number, receipts, contents, _ in _rows_by_page(db, _CHAIN, self._before_last):
            for receipt, content in zip(_digests(receipts), _digests(contents), strict=False):
                stored = block.pop(receipt, None)
                if stored is not None:
                    self._before_last = number - 1
                    self._compare(stored, content)
            if not block:
                return

    def _compare(self, stored: "_StoredReceipt", content: bytes) -> None:
        self.linked += 1
        if self._first_linked is None:
            self._first_linked = stored.place
        if stored.content == content:
            self.intact += 1
        else:
            self._faults.append(f"receipt {stored.id}")

    def judge_unlinked(self, block: _Block) -> None:
        """What is left of a block is older than the chain, or was put in by somebody else."""
        for stored in block.values():
            before = self._first_linked is None or stored.place < self._first_linked
            if before and stored.is_whole:
                self.older += 1
            else:
                self._faults.append(f"receipt {stored.id}")


def _rows_by_page(
    db: Connection, query: str, last: int = BEFORE_ALL_ROWS
) -> Iterator[tuple[Any, ...]]:
    """Every row of a query, whose first column is the number that it is ordered by."""
    while page := db.execute(f"{query} LIMIT {_PAGE}", (last,)).fetchall():
        yield from page
        last = page[-1][0]


def content_digest(row: ReceiptRow, answer: bytes | None = None) -> bytes:
    """The SHA-256 of all that is stored of a receipt. The length stands before each value, so that
    no two can run into one another. Where the answer itself is not stored, its digest stands for
    it."""
    values = [v if isinstance(v, bytes) else str(v).encode() for v in _chained_values(row, answer)]
    return hashlib.sha256(b"".join([b"%d:%b" % (len(v), v) for v in values])).digest()


def _chained_values(row: ReceiptRow, answer: bytes | None) -> tuple[Any, ...]:
    """What a link holds, in the order in which it always did; the tenant counts where there is
    one, for links are older than tenants."""
    given = (*row[:3], row.catalogue_version, row.engine_version)
    tenant = () if row.tenant is None else (row.tenant,)
    if row.answer_form == WHOLE:
        return (*given, row.sha256.hex(), row.content, answer or b"", row.dictionary, *tenant)
    return (*given, row.answer_form, row.sha256, row.content, row.dictionary, *tenant)


def _receipt_digest(receipt_id: str) -> bytes:
    return hashlib.sha256(receipt_id.encode()).digest()


def _digests(joined: bytes) -> list[bytes]:
    """The digests that stand one after the other."""
    return [joined[at : at + _DIGEST_BYTES] for at in range(0, len(joined), _DIGEST_BYTES)]


def _link_digest(before: bytes, receipt: bytes, content: bytes) -> bytes:
    return hashlib.sha256(before + receipt + content).digest()
