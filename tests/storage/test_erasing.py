"""What is deleted from a SQLite file is gone from the disk."""

import json
import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from service.domain.errors import NotFound
from service.storage.database import open_database
from service.storage.receipt_packing import ReceiptPacking
from service.storage.receipts import ReceiptRepository, receipt_row
from service.storage.sqlite_store import SqliteStore
from tests.storage.conftest import SAVED_AT, NewReceipt


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with open_database(path) as opened:
        yield opened


@pytest.fixture
def receipts(store: SqliteStore) -> ReceiptRepository:
    return ReceiptRepository(store)


def _on_disk(path: Path) -> bytes:
    return b"".join(p.read_bytes() for p in path.parent.glob(path.name + "*"))


def test_a_deleted_receipt_leaves_no_bytes_behind(
    put: Callable[..., None],
    receipts: ReceiptRepository,
    new_receipt: NewReceipt,
    path: Path,
) -> None:
    """Neither in the database nor in its log: not the id, the profile, the result or a digest.

    Results from a few bytes to many pages, deleted one by one and by purging, among others kept.
    """
    old, new = SAVED_AT, SAVED_AT + timedelta(days=1)
    given = [
        new_receipt(
            secrets.token_urlsafe(16),
            created_at=old if i % 3 else new,
            profile=json.dumps({"name": secrets.token_hex(200)}).encode(),
            outcome=secrets.token_bytes(2 ** (5 + i % 12)),
            sha256=secrets.token_hex(32),
        )
        for i in range(60)
    ]
    put(*given)
    kept = [r for r in given if r.created_at == new]
    gone = [r for r in given if r.created_at == old]
    assert all(r.id.encode() in _on_disk(path) for r in given)
    for receipt in gone[::2]:
        assert receipts.delete(receipt.id)
    receipts.purge(older_than=new)
    remains = _on_disk(path)
    for receipt in gone:
        row = receipt_row(receipt, ReceiptPacking())
        traces = (row.id.encode(), row.sha256, row.content[20:80], row.content[-30:])
        assert [trace for trace in traces if trace in remains] == []
    assert [receipts.get(r.id) for r in kept] == kept


def test_a_reader_in_the_way_delays_the_erasing_and_is_reported(
    store: SqliteStore,
    put: Callable[..., None],
    receipts: ReceiptRepository,
    new_receipt: NewReceipt,
    path: Path,
) -> None:
    """The deletion itself stands; the next checkpoint erases."""
    put(new_receipt("unforgettable"))
    store.connection().execute("PRAGMA busy_timeout = 50")
    with open_database(path) as other:
        other.connection().execute("BEGIN")
        assert ReceiptRepository(other).count() == 1
        assert not receipts.delete("unforgettable")
        with pytest.raises(NotFound):
            receipts.get("unforgettable")
        assert b"unforgettable" in _on_disk(path)
    assert store.checkpoint()
    assert b"unforgettable" not in _on_disk(path)
