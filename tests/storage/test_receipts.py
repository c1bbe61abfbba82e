"""A receipt is kept to the byte, never changed, and really deleted."""

import secrets
import threading
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.errors import NotFound
from service.storage.catalogues import CatalogueVersions
from service.storage.faults import StorageFault, UnusableDatabase
from service.storage.postgres_store import PostgresStore
from service.storage.receipt_chain import ChainReport, verify_chain
from service.storage.receipt_packing import PLAIN_BYTES, ReceiptPacking, unpack_receipt
from service.storage.receipts import Receipt, ReceiptRepository, digests_of
from service.storage.sqlite_store import SqliteStore
from service.storage.store import Store
from service.storage.writer import GroupCommitWriter
from tests.storage.conftest import SAVED_AT, VERSION, NewReceipt, Place, count, unprotect


@pytest.fixture
def receipts(store: Store) -> ReceiptRepository:
    return ReceiptRepository(store)


def test_a_receipt_comes_back_as_it_was(
    put: Callable[..., None], receipts: ReceiptRepository, new_receipt: NewReceipt
) -> None:
    receipt = new_receipt("r", profile=b"", outcome=bytes(range(256)) * 300)
    put(receipt)
    assert receipts.get("r") == receipt


def test_a_moment_keeps_its_place_in_time_whatever_its_zone(
    put: Callable[..., None], receipts: ReceiptRepository, new_receipt: NewReceipt
) -> None:
    moment = datetime(2026, 11, 22, 0, 30, tzinfo=timezone(timedelta(hours=8)))
    put(new_receipt("r", created_at=moment))
    assert receipts.get("r").created_at == moment
    assert receipts.get("r").created_at.tzinfo == UTC


def test_the_digests_are_sha_256_and_sm3() -> None:
    """The second value is the first example of GB/T 32905-2016."""
    assert digests_of(b"abc").sha256 == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    assert (
        digests_of(b"abc").sm3 == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )


@pytest.mark.parametrize("words", [b"", b"the words that answers are made of" * 9])
@given(content=st.binary())
def test_packing_loses_nothing(words: bytes, content: bytes) -> None:
    """What goes into the database is the same bytes again, with a dictionary and without."""
    packing = ReceiptPacking(words)
    assert (
        unpack_receipt(packing.pack(content), packing.digest, lambda _digest: packing.stored())
        == content
    )


def test_what_is_small_is_kept_as_it_is() -> None:
    """Packing takes longer than it saves. What does not begin as JSON does is packed all the same:
    whoever reads it would take it for packed."""
    packing = ReceiptPacking(b"words")
    small, large = b'{"words":1}', b'{"words":[%b]}' % (b"0," * PLAIN_BYTES)
    assert packing.pack(small) == small
    assert len(packing.pack(large)) < 100
    assert packing.pack(b"words") != b"words"


def test_the_words_of_the_catalogue_make_receipts_small(
    store: Store,
    catalogues: CatalogueVersions,
    receipts: ReceiptRepository,
    new_receipt: NewReceipt,
) -> None:
    """A receipt says which dictionary it was packed with; those packed otherwise stay readable."""
    words = secrets.token_bytes(5_000)
    packing = ReceiptPacking(words)
    receipts.use(packing)
    plain, short = new_receipt("plain", outcome=words), new_receipt("short", outcome=words)
    with GroupCommitWriter(store) as writer:
        writer.put(plain)
    with GroupCommitWriter(store, packing=packing) as writer:
        writer.put(short)
    sizes = dict(store.connection().execute("SELECT id, length(content) FROM receipts").fetchall())
    assert sizes["plain"] > 5_000
    assert sizes["short"] < 80
    assert [receipts.get("plain"), receipts.get("short")] == [plain, short]


_LOOSEN: dict[type[Store], str] = {
    SqliteStore: "PRAGMA foreign_keys = OFF",
    PostgresStore: "ALTER TABLE receipt_origins DROP CONSTRAINT receipt_origins_dictionary_fkey",
}


def test_a_receipt_without_its_dictionary_is_a_fault(
    store: Store,
    catalogues: CatalogueVersions,
    receipts: ReceiptRepository,
    new_receipt: NewReceipt,
) -> None:
    """Nothing is guessed."""
    packing = ReceiptPacking(b"words")
    receipts.use(packing)
    with GroupCommitWriter(store, packing=packing) as writer:
        writer.put(new_receipt("r", outcome=b"words" * 500))
    store.connection().execute(_LOOSEN[type(store)])
    store.connection().execute("DELETE FROM dictionaries")
    with pytest.raises(StorageFault, match=r"dictionary .* is missing"):
        receipts.get("r")


def test_a_receipt_packed_with_zlib_is_read() -> None:
    """The first ones were."""
    assert unpack_receipt(zlib.compress(b"{}"), None, lambda _digest: b"") == b"{}"


def test_an_unknown_receipt_is_not_found(receipts: ReceiptRepository) -> None:
    with pytest.raises(NotFound, match="no receipt 'r'"):
        receipts.get("r")
    with pytest.raises(NotFound, match="no receipt 'r'"):
        receipts.delete("r")


def test_a_receipt_cannot_be_changed(
    put: Callable[..., None], store: Store, new_receipt: NewReceipt
) -> None:
    put(new_receipt("r"))
    with pytest.raises(StorageFault, match="never changed"), store.transaction() as connection:
        connection.execute("UPDATE receipts SET as_of = '2027-01-01'")


def test_a_damaged_receipt_is_never_handed_out(
    put: Callable[..., None], store: Store, receipts: ReceiptRepository, new_receipt: NewReceipt
) -> None:
    put(new_receipt("r"))
    unprotect(store)
    store.connection().execute("UPDATE receipts SET content = ?", (b"\x00",))
    with pytest.raises(StorageFault, match="receipt r is damaged"):
        receipts.get("r")


def _place(store: Store, receipt: str) -> int:
    (place,) = store.row("SELECT rowid FROM receipts WHERE id = ?", (receipt,))
    return int(place)


def test_an_answer_is_kept_whole_once_and_goes_with_its_receipt(
    put: Callable[..., None], store: Store, receipts: ReceiptRepository, new_receipt: NewReceipt
) -> None:
    """Packed with a dictionary of its own; one that is kept already, or whose receipt was deleted
    meanwhile, is passed over. The chain holds as before."""
    answer = b"the words that answers are made of" * 9
    receipt = new_receipt("r", sha256=digests_of(answer).sha256)
    put(receipt, new_receipt("gone"))
    packing = ReceiptPacking(answer)
    receipts.use(packing)
    place, gone = _place(store, "r"), _place(store, "gone")
    receipts.delete("gone")
    for _ in range(2):
        receipts.keep_answers([(place, answer), (gone, answer)], packing)
    assert receipts.get("r") == replace(receipt, result=answer)
    assert [(p, r.result) for page in receipts.pages() for p, r in page] == [(place, answer)]
    assert count(store, "receipt_answers") == 1
    assert verify_chain(store) == ChainReport(1, 1, 0, ())
    receipts.delete("r")
    assert count(store, "receipt_answers") == 0


def test_a_kept_answer_that_was_damaged_is_never_handed_out(
    put: Callable[..., None], store: Store, receipts: ReceiptRepository, new_receipt: NewReceipt
) -> None:
    """Its digest tells."""
    put(new_receipt("r"))
    receipts.keep_answers([(_place(store, "r"), b"another answer")], ReceiptPacking())
    with pytest.raises(StorageFault, match="receipt r is damaged"):
        receipts.get("r")


def test_answers_that_this_program_would_not_make_again_are_not_given_up(
    place: Place, new_receipt: NewReceipt
) -> None:
    """A program of another form refuses to open the database before they are kept whole."""
    answer = b"{}"
    with place.open() as store:
        CatalogueVersions(store).save(VERSION, {"a.yaml": b"a"}, saved_at=SAVED_AT)
        with GroupCommitWriter(store) as writer:
            writer.put(new_receipt("r", answer_form=99, sha256=digests_of(answer).sha256))
        with pytest.raises(UnusableDatabase, match=r"given by 0\.1\.0 .* `huice receipts keep`"):
            place.open()
        ReceiptRepository(store).keep_answers([(_place(store, "r"), answer)], ReceiptPacking())
    with place.open() as store:
        assert ReceiptRepository(store).get("r").result == answer


def test_purging_takes_what_is_older_and_leaves_the_rest(
    put: Callable[..., None], receipts: ReceiptRepository, new_receipt: NewReceipt
) -> None:
    limit = SAVED_AT + timedelta(days=30)
    put(
        new_receipt("old"),
        new_receipt("just older", created_at=limit - timedelta(microseconds=1)),
        new_receipt("at the limit", created_at=limit),
    )
    assert receipts.purge(older_than=limit) == 2
    assert receipts.count() == 1
    assert receipts.get("at the limit").created_at == limit
    assert receipts.purge(older_than=limit) == 0


def test_reading_goes_on_while_somebody_writes(
    store: Store, put: Callable[..., None], receipts: ReceiptRepository, new_receipt: NewReceipt
) -> None:
    receipt = new_receipt("r")
    put(receipt)
    found: list[Receipt] = []
    with store.transaction() as connection:
        connection.execute("DELETE FROM receipts")
        thread = threading.Thread(target=lambda: found.append(receipts.get("r")))
        thread.start()
        thread.join()
    assert found == [receipt]


def test_a_receipt_is_its_tenants_or_nobodys(
    put: Callable[..., None], store: Store, new_receipt: NewReceipt
) -> None:
    """Nobody's is read by all and deleted by none; a tenant's is read and deleted by it alone."""
    put(new_receipt("open"), new_receipt("own", tenant="bank"))
    receipts = ReceiptRepository(store)
    assert receipts.get("open", "rival").tenant is None
    assert receipts.get("own", "bank").tenant == "bank"
    for stranger in (None, "rival"):
        with pytest.raises(NotFound):
            receipts.get("own", stranger)
        with pytest.raises(NotFound):
            receipts.delete("own", stranger)
    with pytest.raises(NotFound):
        receipts.delete("open", "bank")
    assert receipts.delete("own", "bank")
    assert receipts.delete("open")
