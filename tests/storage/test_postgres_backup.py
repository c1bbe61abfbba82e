"""A copy of a shared state, made by the server's own tools while it is written to, and put back."""

import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.storage.catalogues import CatalogueVersions
from service.storage.postgres_store import open_postgres
from service.storage.receipt_chain import verify_chain
from service.storage.receipts import ReceiptRepository
from service.storage.store import Store
from service.storage.writer import GroupCommitWriter
from tests.postgres import PostgresServer, found_program
from tests.storage.conftest import SAVED_AT, VERSION
from tests.storage.test_writer import _receipt

pytestmark = pytest.mark.deep


@pytest.fixture
def databases(postgres: PostgresServer) -> Iterator[tuple[str, str]]:
    """Two of the server, empty: the one that is copied, and the one that takes the copy."""
    names = ("original", "restored")
    for name in names:
        postgres.execute(f"CREATE DATABASE {name}")
    original, restored = (postgres.address(database=name) for name in names)
    yield original, restored
    for name in names:
        postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")


def ids(store: Store) -> set[str]:
    return {row[0] for row in store.connection().execute("SELECT id FROM receipts").fetchall()}


def test_a_copy_made_under_load_holds_what_was_confirmed_before_it(
    databases: tuple[str, str], tmp_path: Path
) -> None:
    """The commands are those of docs/scaling.md. The chain is whole, and the restored state takes
    receipts: it is no museum."""
    original, restored = databases
    copy, ended = tmp_path / "huice.dump", threading.Event()
    with open_postgres(original) as store, GroupCommitWriter(store) as writer:
        CatalogueVersions(store).save(VERSION, {"a.yaml": b"a: 1"}, saved_at=SAVED_AT)
        for number in range(50):
            writer.put(_receipt(f"before-{number}"))

        def go_on() -> None:
            number = 0
            while not ended.is_set():
                writer.put(_receipt(f"meanwhile-{number}"))
                number += 1

        thread = threading.Thread(target=go_on)
        thread.start()
        dump = [found_program("pg_dump"), "--format=custom", f"--file={copy}", original]
        subprocess.run(dump, check=True)
        ended.set()
        thread.join()
    take = ["--exit-on-error", "--single-transaction", f"--dbname={restored}", str(copy)]
    subprocess.run([found_program("pg_restore"), *take], check=True)
    with open_postgres(restored) as store, GroupCommitWriter(store) as writer:
        assert {f"before-{n}" for n in range(50)} <= ids(store)
        assert verify_chain(store).faults == ()
        writer.put(_receipt("afterwards"))
        assert ReceiptRepository(store).get("afterwards").id == "afterwards"
        assert verify_chain(store).faults == ()
