"""One chain over all receipts: whatever was changed, taken out or put between is found."""

from collections.abc import Callable

import pytest

from service.storage.receipt_chain import ChainReport, verify_chain
from service.storage.receipts import ReceiptRepository
from service.storage.store import Store
from tests.storage.conftest import NewReceipt, unprotect


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


def test_receipts_from_before_the_chain_are_counted_apart(three: Store) -> None:
    """They were written without one."""
    with three.transaction() as db:
        db.execute("DELETE FROM receipt_chain")
    assert verify_chain(three) == ChainReport(0, 0, 3, ())


def test_the_chain_is_never_changed_nor_cut(
    put: Callable[..., None], store: Store, new_receipt: NewReceipt
) -> None:
    """By nobody who goes through the database."""
    put(new_receipt("a"))
    for statement in ("UPDATE receipt_chain SET number = 9", "DELETE FROM receipt_chain"):
        with pytest.raises(Exception, match="never"), store.transaction() as db:
            db.execute(statement)
