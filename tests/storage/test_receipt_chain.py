"""One chain over all receipts: whatever was changed, taken out or put between is found."""

from collections.abc import Callable

import pytest

from service.storage.receipt_chain import (
    ORIGIN_COLUMNS,
    ORIGINS,
    WHOLE,
    ChainReport,
    ReceiptRow,
    append_link,
    verify_chain,
)
from service.storage.receipts import ReceiptRepository
from service.storage.store import Store
from service.storage.writer import GroupCommitWriter
from tests.storage.conftest import VERSION, NewReceipt, Place, unprotect


@pytest.fixture
def three(put: Callable[..., None], store: Store, new_receipt: NewReceipt) -> Store:
    """A store with three receipts, of which nothing protects it any more."""
    put(new_receipt("a"), new_receipt("b"))
    put(new_receipt("c"))
    unprotect(store)
    return store


def test_what_was_written_is_as_it_was(three: Store) -> None:
    """Over several writers; a deleted receipt leaves its place, and is no fault."""
    assert verify_chain(three) == ChainReport(3, 0, 0, ())
    ReceiptRepository(three).delete("b")
    assert verify_chain(three) == ChainReport(2, 1, 0, ())


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("as_of", "2020-01-01"),
        ("created_at", "2020-01-01T00:00:00.000000+00:00"),
        ("content", b"0"),
        ("sha256", b"0"),
        ("tenant", "rival"),
    ],
)
def test_every_column_of_a_receipt_is_held(three: Store, column: str, value: object) -> None:
    """The day, the engine and the profile as much as the answer."""
    with three.transaction() as db:
        db.execute(f"UPDATE receipts SET {column} = ? WHERE id = 'b'", (value,))
    assert verify_chain(three) == ChainReport(2, 0, 0, ("receipt b",))


def test_the_program_is_held_too(three: Store) -> None:
    """It stands once, for all receipts that it gave."""
    with three.transaction() as db:
        db.execute("UPDATE receipt_origins SET engine_version = '0'")
    assert verify_chain(three).faults == ("receipt a", "receipt b", "receipt c")


def test_a_link_that_was_changed_is_found(three: Store) -> None:
    """And so is the one that follows it."""
    with three.transaction() as db:
        db.execute("UPDATE receipt_chain SET link = ? WHERE number = 2", (bytes(32),))
    assert verify_chain(three).faults == ("link 2", "link 3")


def test_a_receipt_that_was_taken_out_with_its_link_is_found(three: Store) -> None:
    """The next link does not fit."""
    with three.transaction() as db:
        db.execute("DELETE FROM receipts WHERE id = 'b'")
        db.execute("DELETE FROM receipt_chain WHERE number = 2")
    assert verify_chain(three).faults == ("link 2",)


def test_receipts_that_were_cut_off_from_the_end_are_missed_by_the_link_that_was_noted(
    three: Store, put: Callable[..., None], new_receipt: NewReceipt
) -> None:
    """The rest is sound by itself; of a link that is there still nothing is said, whatever comes
    behind it."""
    noted = verify_chain(three).last
    assert noted is not None
    with three.transaction() as db:
        db.execute("DELETE FROM receipts WHERE id = 'c'")
        db.execute("DELETE FROM receipt_chain WHERE number = 3")
    found = verify_chain(three, [noted])
    assert found == ChainReport(2, 0, 0, (f"link {noted}",))
    assert found.last is not None
    put(new_receipt("d"))
    assert verify_chain(three, [found.last]).faults == ()


def test_receipts_from_before_the_chain_are_counted_apart(
    put: Callable[..., None], store: Store, new_receipt: NewReceipt
) -> None:
    """They were written without one, and kept whole; no other receipt was."""
    put(new_receipt("old", answer_form=WHOLE), new_receipt("new"))
    unprotect(store)
    with store.transaction() as db:
        db.execute("DELETE FROM receipt_chain")
    assert verify_chain(store) == ChainReport(0, 0, 1, ("receipt new",))


@pytest.mark.parametrize(
    ("at", "form"), [(9, WHOLE), (3, WHOLE), (-9, 1)],
    ids=["behind all", "among them", "before all, not kept whole"],
)  # fmt: skip
def test_a_receipt_that_no_link_holds_is_found(three: Store, at: int, form: int) -> None:
    """However it was put in: only what lies before the chain may be older than it."""
    with three.transaction() as db:
        db.execute("UPDATE receipts SET rowid = 4 WHERE id = 'c'")
        db.execute(
            "INSERT INTO receipt_origins (id, catalogue_version, engine_version, answer_form)"
            " VALUES (99, ?, '0.1.0', ?)", (VERSION, form),
        )  # fmt: skip
        db.execute(
            "INSERT INTO receipts (rowid, id, created_at, as_of, origin, sha256, content, tenant)"
            " SELECT ?, 'forged', created_at, as_of, 99, sha256, content, tenant"
            " FROM receipts WHERE id = 'a'", (at,),
        )  # fmt: skip
    assert verify_chain(three) == ChainReport(3, 0, 0, ("receipt forged",))


def test_a_receipt_that_was_changed_is_not_made_good_by_a_second_link(three: Store) -> None:
    """The chain holds what was written first."""
    with three.transaction() as db:
        db.execute("UPDATE receipts SET as_of = '2020-01-01' WHERE id = 'b'")
        row = db.execute(f"SELECT {ORIGIN_COLUMNS} FROM {ORIGINS} WHERE r.id = 'b'").fetchone()
        append_link(db, [ReceiptRow(*row)])
    assert verify_chain(three).faults == ("receipt b",)


@pytest.fixture
def together(put: Callable[..., None], store: Store, new_receipt: NewReceipt) -> Store:
    """A store with four receipts, three of them stored by one transaction; nothing protects it."""
    put(new_receipt("a"))
    with GroupCommitWriter(store) as writer:
        for pending in [writer.begin(new_receipt(name)) for name in "bcd"]:
            pending.wait()
    unprotect(store)
    return store


def test_a_link_holds_all_receipts_of_a_transaction(together: Store) -> None:
    """Of which each may be deleted, and leaves its place in it."""
    with together.snapshot() as db:
        held = db.execute("SELECT length(receipt), length(content) FROM receipt_chain").fetchall()
    assert held == [(32, 32), (96, 96)]
    assert verify_chain(together) == ChainReport(4, 0, 0, ())
    ReceiptRepository(together).delete("c")
    assert verify_chain(together) == ChainReport(3, 1, 0, ())


def test_of_those_that_a_link_holds_the_one_that_was_changed_is_found(together: Store) -> None:
    """And no other."""
    with together.transaction() as db:
        db.execute("UPDATE receipts SET as_of = '2020-01-01' WHERE id = 'c'")
    assert verify_chain(together) == ChainReport(3, 0, 0, ("receipt c",))


def test_a_digest_that_is_taken_for_one_of_the_other_kind_is_found(together: Store) -> None:
    """The digest of a link is over both kinds, one after the other."""
    with together.transaction() as db:
        (receipt, content) = db.execute(
            "SELECT receipt, content FROM receipt_chain WHERE number = 2"
        ).fetchone()
        moved = (receipt + content[:32], content[32:])
        db.execute("UPDATE receipt_chain SET receipt = ?, content = ? WHERE number = 2", moved)
    assert "link 2" in verify_chain(together).faults


@pytest.mark.parametrize("block", [1, 2, 3, 50])
def test_receipts_of_one_link_are_read_in_several_blocks(
    together: Store, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    """A block may end in the midst of a link."""
    monkeypatch.setattr("service.storage.receipt_chain._BLOCK", block)
    ReceiptRepository(together).delete("b")
    assert verify_chain(together) == ChainReport(3, 1, 0, ())


@pytest.mark.parametrize("block", [1, 2, 3, 50])
def test_a_chain_is_read_in_blocks(
    put: Callable[..., None], store: Store, new_receipt: NewReceipt,
    monkeypatch: pytest.MonkeyPatch, block: int,
) -> None:  # fmt: skip
    """However large they are; receipts from before the chain and deleted ones lie between."""
    put(*(new_receipt(f"old{n}", answer_form=WHOLE) for n in range(5)))
    unprotect(store)
    with store.transaction() as db:
        db.execute("DELETE FROM receipt_chain")
    put(*(new_receipt(f"r{n}") for n in range(7)))
    for gone in ("r0", "r3", "r6"):
        ReceiptRepository(store).delete(gone)
    monkeypatch.setattr("service.storage.receipt_chain._BLOCK", block)
    monkeypatch.setattr("service.storage.receipt_chain._PAGE", 2)
    assert verify_chain(store) == ChainReport(4, 3, 5, ())


def test_what_is_written_meanwhile_is_not_looked_at(
    put: Callable[..., None], store: Store, new_receipt: NewReceipt, place: Place
) -> None:
    """All is read as of one moment, and nobody waits for it."""
    put(new_receipt("a"))
    with store.snapshot() as db, place.open() as other:
        before = db.execute("SELECT count(*) FROM receipt_chain").fetchone()
        with GroupCommitWriter(other) as writer:
            writer.put(new_receipt("b"))
        assert db.execute("SELECT count(*) FROM receipts").fetchone() == before == (1,)
    assert verify_chain(store) == ChainReport(2, 0, 0, ())


def test_the_chain_is_never_changed_nor_cut(
    put: Callable[..., None], store: Store, new_receipt: NewReceipt
) -> None:
    """By nobody who goes through the database."""
    put(new_receipt("a"))
    for statement in ("UPDATE receipt_chain SET number = 9", "DELETE FROM receipt_chain"):
        with pytest.raises(Exception, match="never"), store.transaction() as db:
            db.execute(statement)
