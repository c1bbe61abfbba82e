"""One chain over all receipts: a link is a digest of the link before and of a receipt's row."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from service.storage.faults import translate_errors
from service.storage.store import Connection, Store, insert_rows

COLUMNS = (
    "id, created_at, as_of, catalogue_version, engine_version, sha256, profile, result, dictionary,"
    " tenant"
)
_FIRST = bytes(32)
_APPEND = "INSERT INTO receipt_chain (number, receipt, content, link) VALUES (?, ?, ?, ?)"
# A page each, from behind a number on: a chain may be longer than memory.
_CHAIN = "SELECT number, receipt, content, link FROM receipt_chain WHERE number > ? ORDER BY number"
_RECEIPTS = f"SELECT rowid, {COLUMNS} FROM receipts WHERE rowid > ? ORDER BY rowid"  # noqa: S608
_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a look at the whole chain found. `receipts` are as they were written, `older` ones from
    before there was a chain; `faults` name the links and receipts that were changed."""

    receipts: int
    deleted: int
    older: int
    faults: tuple[str, ...]


def append_links(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add receipts' rows to the chain, in the transaction that stores them."""
    last = connection.execute(
        "SELECT number, link FROM receipt_chain ORDER BY number DESC LIMIT 1"
    ).fetchone()
    number, link = last or (0, _FIRST)
    links = []
    for row in rows:
        receipt, content = _receipt_digest(row[0]), content_digest(row)
        number, link = number + 1, _link_digest(link, receipt, content)
        links.append((number, receipt, content, link))
    insert_rows(connection, _APPEND, links)


def verify_chain(store: Store) -> ChainReport:
    """Every link and every receipt held against what was written. Raises StorageFault."""
    faults: list[str] = []
    with translate_errors():
        db = store.connection()
        contents = dict(_chain_links(db, faults))
        seen = intact = older = 0
        for row in _stored_receipts(db):
            content = contents.get(_receipt_digest(row[0]))
            if content is None:
                older += 1
                continue
            seen += 1
            if content == content_digest(row):
                intact += 1
            else:
                faults.append(f"receipt {row[0]}")
    return ChainReport(intact, len(contents) - seen, older, tuple(faults))


def _chain_links(db: Connection, faults: list[str]) -> Iterator[tuple[bytes, bytes]]:
    """Each receipt's digest with that of its content; links that do not fit are named as faults."""
    before, expected = _FIRST, 1
    for number, receipt, content, link in _rows_by_page(db, _CHAIN):
        if number != expected or link != _link_digest(before, receipt, content):
            faults.append(f"link {expected}")
        before, expected = link, number + 1
        yield receipt, content


def _stored_receipts(db: Connection) -> Iterator[tuple[Any, ...]]:
    for _rowid, *columns in _rows_by_page(db, _RECEIPTS):
        yield tuple(columns)


def _rows_by_page(db: Connection, query: str) -> Iterator[tuple[Any, ...]]:
    """Every row of a query, whose first column is the number that it is ordered by."""
    last = 0
    while page := db.execute(f"{query} LIMIT {_PAGE}", (last,)).fetchall():
        yield from page
        last = page[-1][0]


def content_digest(row: tuple[Any, ...]) -> bytes:
    """Of all columns, each with its length before it, so that none runs into the next; the tenant
    counts where there is one, for links are older than tenants."""
    digest = hashlib.sha256()
    for value in row if row[-1] is not None else row[:-1]:
        content = value if isinstance(value, bytes) else str(value).encode()
        digest.update(b"%d:" % len(content))
        digest.update(content)
    return digest.digest()


def _receipt_digest(receipt_id: str) -> bytes:
    return hashlib.sha256(receipt_id.encode()).digest()


def _link_digest(before: bytes, receipt: bytes, content: bytes) -> bytes:
    return hashlib.sha256(before + receipt + content).digest()
