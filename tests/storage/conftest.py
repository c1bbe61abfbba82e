"""A store on the engine that is chosen, and receipts to put into it."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from service.storage.catalogues import CatalogueVersions
from service.storage.database import TIMEOUT_SECONDS
from service.storage.opening import open_store
from service.storage.postgres_store import PostgresStore
from service.storage.receipts import Receipt
from service.storage.store import Store
from service.storage.writer import GroupCommitWriter
from tests.engine import engine

VERSION = "sha256:1"
SAVED_AT = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)

NewReceipt = Callable[..., Receipt]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "huice.sqlite3"


@dataclass(frozen=True)
class Place:
    """Where the state of a test is: a file, or a schema of a server."""

    path: Path
    postgresql: str | None = None

    def open(self, timeout_seconds: float = TIMEOUT_SECONDS, *, migrate: bool = True) -> Store:
        return open_store(
            self.path, self.postgresql, migrate=migrate, timeout_seconds=timeout_seconds
        )


@pytest.fixture
def place(path: Path) -> Place:
    """An empty state."""
    return Place(path, engine.address(path))


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    with place.open() as opened:
        yield opened


def count(store: Store, table: str) -> int:
    (rows,) = store.connection().execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(rows)


def unprotect(store: Store) -> None:
    """Take away what keeps receipts from being changed, as whoever owns the database can."""
    for trigger, table in (
        ("receipts_are_immutable", "receipts"),
        ("receipt_answers_are_immutable", "receipt_answers"),
        ("receipt_chain_is_immutable", "receipt_chain"),
        ("receipt_chain_only_grows", "receipt_chain"),
    ):
        of = f" ON {table}" if isinstance(store, PostgresStore) else ""
        store.connection().execute(f"DROP TRIGGER {trigger}{of}")


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
        profile: bytes = '{"company":{"名":"无"}}'.encode(),
        outcome: bytes = b'{"matches":[]}',
        sha256: str = "ab" * 32,
        answer_form: int = 1,
        tenant: str | None = None,
    ) -> Receipt:
        return Receipt(
            id=receipt_id or f"receipt-{next(numbers)}",
            created_at=created_at,
            as_of=date(2026, 1, 2),
            catalogue_version=version,
            engine_version="0.1.0",
            answer_form=answer_form,
            profile=profile,
            outcome=outcome,
            sha256=sha256,
            tenant=tenant,
        )

    return make
