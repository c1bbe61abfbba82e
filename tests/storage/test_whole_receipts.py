"""Receipts from when every answer was kept whole: read, verified and deleted like all others."""

import hashlib
import zlib
from pathlib import Path

import pytest

from service.domain.errors import NotFound
from service.storage import migrations
from service.storage.faults import OutOfDate
from service.storage.receipt_chain import WHOLE, ChainReport, verify_chain
from service.storage.receipt_packing import ReceiptPacking
from service.storage.receipts import ReceiptRepository
from service.storage.store import Store
from service.storage.writer import GroupCommitWriter
from tests.storage.conftest import SAVED_AT, VERSION, NewReceipt, Place, count, unprotect

TIME = SAVED_AT.isoformat(timespec="microseconds")
ASKED, ANSWER = b'{"profile":{}}', b'{"matches":[]}'
WORDS = ReceiptPacking(b"the words that answers are made of" * 9)
DIGEST = hashlib.sha256(ANSWER).hexdigest()
ENGINE = "0.0.9"


def _link(before: bytes, row: tuple[object, ...]) -> tuple[bytes, bytes, bytes]:
    """A place in the chain as programs of then wrote it."""
    content = hashlib.sha256()
    for value in row if row[-1] is not None else row[:-1]:
        part = value if isinstance(value, bytes) else str(value).encode()
        content.update(b"%d:" % len(part) + part)
    receipt = hashlib.sha256(str(row[0]).encode()).digest()
    link = hashlib.sha256(before + receipt + content.digest()).digest()
    return receipt, content.digest(), link


def _fill(store: Store) -> None:
    """Three receipts of those days: packed with zlib and from before the chain, with a dictionary,
    and with one for a tenant; the second was made of a self-check."""
    plain, words = zlib.compress, WORDS.pack
    head = (TIME, "2026-01-02", VERSION, ENGINE, DIGEST)
    rows = [
        ("oldest", *head, plain(ASKED), plain(ANSWER), None, None),
        ("open", *head, words(ASKED), words(ANSWER), WORDS.digest, None),
        ("own", *head, words(ASKED), words(ANSWER), WORDS.digest, "bank"),
    ]
    ReceiptRepository(store).use(WORDS)
    with store.transaction() as db:
        db.execute("INSERT INTO catalogue_versions (version, saved_at) VALUES (?, ?)",
                   (VERSION, TIME))  # fmt: skip
        last = bytes(32)
        for number, row in enumerate(rows):
            db.execute("INSERT INTO receipts (id, created_at, as_of, catalogue_version,"
                       " engine_version, sha256, profile, result, dictionary, tenant)"
                       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)  # fmt: skip
            if number:
                receipt, content, last = _link(last, row)
                db.execute("INSERT INTO receipt_chain (number, receipt, content, link)"
                           " VALUES (?, ?, ?, ?)", (number, receipt, content, last))  # fmt: skip
        (case,) = db.execute(
            "INSERT INTO cases (digest, expires_at, content)"
            " VALUES (?, ?, ?) RETURNING rowid", ("d", TIME, b"")
        ).fetchone()  # fmt: skip
        db.execute("INSERT INTO case_receipts (case_rowid, receipt) VALUES (?, 'open')", (case,))


@pytest.fixture
def old(place: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A database as a program of then left it."""
    known = migrations.read_migrations

    def before(folder: Path = migrations.FOLDER, engine: str = "sqlite") -> object:
        return known(folder, engine)[: migrations.LIGHT_RECEIPTS - 1]

    with monkeypatch.context() as then:
        then.setattr(migrations, "read_migrations", before)
        with place.open() as store:
            _fill(store)
    return place


def test_who_may_not_bring_it_up_to_date_is_told(old: Place) -> None:
    """Nothing is changed; what serves says so until somebody has."""
    with pytest.raises(OutOfDate):
        old.open(migrate=False)
    old.open().close()
    old.open(migrate=False).close()


def test_answers_that_were_kept_whole_still_are(old: Place) -> None:
    """To the byte, with whose they are and by which program they were given."""
    with old.open() as store:
        receipts = ReceiptRepository(store)
        for receipt_id, tenant in (("oldest", None), ("open", None), ("own", "bank")):
            kept = receipts.get(receipt_id, tenant)
            assert (kept.profile, kept.outcome, kept.result) == (ASKED, b"", ANSWER)
            assert (kept.sha256, kept.answer_form, kept.tenant) == (DIGEST, WHOLE, tenant)
            assert (kept.catalogue_version, kept.engine_version) == (VERSION, ENGINE)
            assert kept.created_at == SAVED_AT
        with pytest.raises(NotFound):
            receipts.get("own", "rival")


def test_one_chain_goes_on_over_both(old: Place, new_receipt: NewReceipt) -> None:
    """Old links hold the old rows, answers included; the next follows them."""
    with old.open() as store:
        with GroupCommitWriter(store) as writer:
            writer.put(new_receipt("new"))
        assert verify_chain(store) == ChainReport(3, 0, 1, ())
        unprotect(store)
        store.connection().execute("UPDATE receipt_answers SET content = ?", (b"0",))
        assert verify_chain(store).faults == ("receipt open", "receipt own")


def test_they_are_deleted_with_their_answers_and_their_cases(old: Place) -> None:
    """What a self-check was kept for goes with it, as before."""
    with old.open() as store:
        assert count(store, "case_receipts") == 1
        ReceiptRepository(store).delete("open")
        assert (count(store, "case_receipts"), count(store, "receipt_answers")) == (0, 2)
        assert verify_chain(store) == ChainReport(1, 1, 1, ())
