"""Every caller who was answered has a receipt on the disk, whatever happens to the others."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import pytest

from service.domain.errors import ErrorCode, HuiceError, Refused
from service.storage.catalogues import CatalogueVersions
from service.storage.postgres_store import PostgresStore
from service.storage.receipt_chain import verify_chain
from service.storage.receipts import Receipt, ReceiptRepository
from service.storage.sqlite_store import SqliteStore
from service.storage.store import Connection, Store
from service.storage.writer import GroupCommitWriter
from tests.storage.conftest import SAVED_AT, VERSION, NewReceipt, Place


@pytest.fixture
def writer(store: Store, catalogues: CatalogueVersions) -> Iterator[GroupCommitWriter]:
    with GroupCommitWriter(store) as opened:
        yield opened


def _outcome(writer: GroupCommitWriter, receipt: Receipt) -> str:
    try:
        writer.put(receipt)
    except HuiceError as error:
        return f"{error.code}: {error}"
    return "stored"


def _wait_until_queued(writer: GroupCommitWriter, count: int) -> None:
    deadline = time.monotonic() + 10
    while len(writer._queue) < count:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_a_receipt_is_on_the_disk_when_put_returns(
    writer: GroupCommitWriter, place: Place, new_receipt: NewReceipt
) -> None:
    receipt = new_receipt("r")
    writer.put(receipt)
    with place.open() as other:
        assert ReceiptRepository(other).get("r") == receipt


def test_receipts_that_wait_together_share_a_transaction(
    store: Store,
    writer: GroupCommitWriter,
    new_receipt: NewReceipt,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Eight callers wait for the lock that the test holds: one transaction stores them all."""
    begun: list[Store] = []
    original = store.transaction

    def counted() -> AbstractContextManager[Connection]:
        begun.append(store)
        return original()

    with ThreadPoolExecutor(8) as pool:
        with store.transaction():
            monkeypatch.setattr(store, "transaction", counted)
            puts = [pool.submit(writer.put, new_receipt()) for _ in range(8)]
            _wait_until_queued(writer, 8)
        for future in puts:
            future.result()
    assert len(begun) == 1
    assert ReceiptRepository(store).count() == 8


def test_receipts_that_were_begun_are_stored_when_the_first_is_waited_for(
    store: Store, writer: GroupCommitWriter, new_receipt: NewReceipt
) -> None:
    begun = [writer.begin(new_receipt(name)) for name in ("a", "b", "c")]
    assert ReceiptRepository(store).count() == 0
    begun[1].wait()
    assert ReceiptRepository(store).count() == 3
    with store.transaction():  # nobody has anything to write, or would wait here for ever
        begun[0].wait()
        begun[2].wait()


@pytest.mark.parametrize(
    ("fault", "words"), [("same id", "UNIQUE"), ("unknown catalogue version", "FOREIGN KEY")]
)
def test_a_receipt_that_breaks_a_rule_fails_alone(
    store: Store, writer: GroupCommitWriter, new_receipt: NewReceipt, fault: str, words: str
) -> None:
    writer.put(new_receipt("taken"))
    bad = new_receipt("taken") if fault == "same id" else new_receipt(version="unknown")
    with ThreadPoolExecutor(3) as pool, store.transaction():
        futures = [pool.submit(_outcome, writer, r) for r in (new_receipt(), bad, new_receipt())]
    outcomes = [future.result() for future in futures]
    assert outcomes[0] == outcomes[2] == "stored"
    assert words in outcomes[1].upper()
    assert ReceiptRepository(store).count() == 3


_FULL: dict[type[Store], str] = {
    SqliteStore: (
        "CREATE TRIGGER full_disk BEFORE INSERT ON receipts WHEN new.id = 'last straw' BEGIN"
        " SELECT json(new.id); END;"  # an error, but of no constraint
    ),
    PostgresStore: (
        "CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN RAISE EXCEPTION USING ERRCODE = ''53100''; END';"
        "CREATE TRIGGER full_disk BEFORE INSERT ON receipts FOR EACH ROW"
        " WHEN (new.id = 'last straw') EXECUTE FUNCTION fill();"
    ),
}


def test_a_failed_transaction_fails_every_caller_in_it(
    store: Store, writer: GroupCommitWriter, new_receipt: NewReceipt
) -> None:
    """One insertion ends the whole transaction: neither those before nor those after it are stored.

    Afterwards the writer goes on.
    """
    store.connection().executescript(_FULL[type(store)])
    futures = []
    with ThreadPoolExecutor(3) as pool, store.transaction():
        for queued, name in enumerate(("before", "last straw", "after"), start=1):
            futures.append(pool.submit(_outcome, writer, new_receipt(name)))
            _wait_until_queued(writer, queued)
    assert not any(future.result() == "stored" for future in futures)
    assert ReceiptRepository(store).count() == 0
    writer.put(new_receipt("c"))
    assert ReceiptRepository(store).count() == 1


def test_too_long_a_queue_refuses_more(
    store: Store, catalogues: CatalogueVersions, new_receipt: NewReceipt
) -> None:
    with (
        GroupCommitWriter(store, backlog=2) as writer,
        ThreadPoolExecutor(2) as pool,
    ):
        with store.transaction():
            waiting = [pool.submit(_outcome, writer, new_receipt()) for _ in range(2)]
            _wait_until_queued(writer, 2)
            with pytest.raises(Refused) as refused:
                writer.put(new_receipt("one too many"))
        assert refused.value.code == ErrorCode.BUSY
        assert [future.result() for future in waiting] == ["stored", "stored"]
    assert ReceiptRepository(store).count() == 2


def test_a_lock_held_too_long_by_others_is_told_as_busy(
    place: Place, store: Store, catalogues: CatalogueVersions, new_receipt: NewReceipt
) -> None:
    with place.open(timeout_seconds=0.5) as hasty, GroupCommitWriter(hasty) as writer:
        with store.transaction():
            assert _outcome(writer, new_receipt()).startswith("busy")
        assert _outcome(writer, new_receipt()) == "stored"


def test_closing_writes_what_waits_and_refuses_more(
    store: Store, writer: GroupCommitWriter, new_receipt: NewReceipt
) -> None:
    with ThreadPoolExecutor(5) as pool:
        with store.transaction():
            waiting = [pool.submit(_outcome, writer, new_receipt()) for _ in range(4)]
            _wait_until_queued(writer, 4)
            closing = pool.submit(writer.close)
            while not writer._closed:
                time.sleep(0.001)
            with pytest.raises(Refused):
                writer.put(new_receipt())
        closing.result()
        assert [future.result() for future in waiting] == ["stored"] * 4


def test_a_forked_child_leaves_what_waits_to_its_parent(
    store: Store, catalogues: CatalogueVersions, new_receipt: NewReceipt
) -> None:
    writer = GroupCommitWriter(store)
    writer.begin(new_receipt("begun by the parent"))
    child = os.fork()
    if child == 0:
        try:
            writer.put(new_receipt("from the child"))
            writer.close()
            os._exit(0)
        except BaseException:  # noqa: BLE001
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert ReceiptRepository(store).count() == 1
    writer.close()
    assert ReceiptRepository(store).count() == 2


def _receipt(identity: str) -> Receipt:
    outcome = f'{{"id":"{identity}"}}'.encode() * 50
    day, digest = date(2026, 1, 2), "ab" * 32
    return Receipt(identity, SAVED_AT, day, VERSION, "0.1.0", 1, b"{}", outcome, digest)


def _write_many(place: Place, process: int, threads: int, each: int) -> None:
    receipts = [_receipt(f"{process}-{i}") for i in range(threads * each)]
    with (
        place.open() as store,
        GroupCommitWriter(store) as writer,
        ThreadPoolExecutor(threads) as pool,
    ):
        for future in [pool.submit(writer.put, receipt) for receipt in receipts]:
            future.result()


def _all_arrive(place: Place, processes: int, threads: int, each: int) -> None:
    context = multiprocessing.get_context("spawn")
    started = [
        context.Process(target=_write_many, args=(place, number, threads, each))
        for number in range(processes)
    ]
    for process in started:
        process.start()
    for process in started:
        process.join()
    assert [process.exitcode for process in started] == [0] * processes


def test_receipts_of_four_processes_with_four_threads_all_arrive(
    store: Store, catalogues: CatalogueVersions, place: Place
) -> None:
    """An exit status other than 0 would be an exception, such as a locked database."""
    _all_arrive(place, processes=4, threads=4, each=25)
    rows = store.connection().execute("SELECT id FROM receipts").fetchall()
    assert {row[0] for row in rows} == {f"{p}-{i}" for p in range(4) for i in range(100)}


_WRITE_UNTIL_KILLED = """
import itertools, sys, threading
from pathlib import Path
from service.storage.opening import open_store
from service.storage.writer import GroupCommitWriter
from tests.storage.test_writer import _receipt
writer = GroupCommitWriter(open_store(Path(sys.argv[1]), sys.argv[3] or None))
speaking = threading.Lock()
def write(thread):
    for i in itertools.count():
        identity = f"{sys.argv[2]}-{thread}-{i}"
        writer.put(_receipt(identity))
        with speaking:
            print(identity, flush=True)
for thread in range(4):
    threading.Thread(target=write, args=(thread,)).start()
"""


def _killed_after(place: Place, run: int, seconds: float) -> set[str]:
    """Ids that a writing process had confirmed before it was killed."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            _WRITE_UNTIL_KILLED,
            str(place.path),
            str(run),
            place.postgresql or "",
        ],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    # However slow the machine is, it is in the middle of its work.
    first = [process.stdout.readline() for _ in range(12)]
    reader: list[bytes] = []
    thread = threading.Thread(target=lambda: reader.extend(process.stdout or ()))
    thread.start()
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()
    thread.join()
    process.stdout.close()
    whole = [line for line in (*first, *reader) if line.endswith(b"\n")]
    return {line.decode().strip() for line in whole}


def _survives(place: Place, runs: int) -> None:
    for run in range(runs):
        confirmed = _killed_after(place, run, 0.1 + 0.037 * (run % 7))
        with place.open() as store:
            rows = store.connection().execute("SELECT id FROM receipts").fetchall()
            assert confirmed <= {row[0] for row in rows}
            assert verify_chain(store).faults == ()
            if isinstance(store, SqliteStore):
                assert store.connection().execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_no_confirmed_receipt_is_lost_when_the_process_is_killed(
    store: Store, catalogues: CatalogueVersions, place: Place
) -> None:
    store.close()
    _survives(place, runs=2)


@pytest.mark.deep
def test_no_confirmed_receipt_is_lost_in_a_hundred_kills(
    store: Store, catalogues: CatalogueVersions, place: Place
) -> None:
    store.close()
    _survives(place, runs=100)
