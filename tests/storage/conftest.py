"""A store in a real file, and receipts to put into it."""

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from service.storage.catalogues import CatalogueVersions
from service.storage.database import open_database
from service.storage.receipts import Receipt
from service.storage.store import Store
from service.storage.writer import GroupCommitWriter

VERSION = "sha256:1"
SAVED_AT = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)

NewReceipt = Callable[..., Receipt]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "huice.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with open_database(path) as opened:
        yield opened


@pytest.fixture
def catalogues(store: Store) -> CatalogueVersions:
    """Versions, of which one is stored."""
    versions = CatalogueVersions(store)
    versions.save(VERSION, {"vocabulary.yaml": b"facts: []"}, saved_at=SAVED_AT)
    return versions


@pytest.fixture
def put(store: Store, catalogues: CatalogueVersions) -> Callable[..., None]:
    """Stores receipts."""

    def write(*receipts: Receipt) -> None:
        with GroupCommitWriter(store) as writer:
            for receipt in receipts:
                writer.put(receipt)

    return write


@pytest.fixture
def new_receipt() -> NewReceipt:
    numbers = itertools.count(1)

    def make(
        receipt_id: str | None = None,
        *,
        created_at: datetime = SAVED_AT,
        version: str = VERSION,
        profile: bytes = b'{"company":{}}',
        result: bytes = '{"matches":[],"名":"无"}'.encode(),
        tenant: str | None = None,
    ) -> Receipt:
        return Receipt(
            id=receipt_id or f"receipt-{next(numbers)}",
            created_at=created_at,
            as_of=date(2026, 1, 2),
            catalogue_version=version,
            engine_version="0.1.0",
            profile=profile,
            result=result,
            tenant=tenant,
        )

    return make
