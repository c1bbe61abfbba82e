"""Copies of the database: whole, checked, encrypted on request, never in the place of anything."""

import os
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.domain.errors import Refused
from service.storage.backup import restore_backup, write_backup
from service.storage.database import open_database
from service.storage.faults import StorageFault, UnusableDatabase, sqlite3
from service.storage.receipts import ReceiptRepository
from service.storage.sqlite_store import SqliteStore
from service.storage.writer import GroupCommitWriter
from tests.storage.conftest import NewReceipt

Put = Callable[..., None]


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with open_database(path) as opened:
        yield opened


def test_a_copy_is_restored_with_everything_in_it(
    store: SqliteStore, put: Put, new_receipt: NewReceipt, tmp_path: Path
) -> None:
    """What was stored before the copy is in it, to the byte."""
    kept = [new_receipt() for _ in range(20)]
    put(*kept)
    report = write_backup(store, tmp_path / "copy")
    restored = restore_backup(tmp_path / "copy", tmp_path / "elsewhere" / "huice.sqlite3")
    assert (report.receipts, restored.receipts) == (20, 20)
    with open_database(restored.path) as again:
        assert [ReceiptRepository(again).get(r.id) for r in kept] == kept


@pytest.mark.usefixtures("catalogues")
def test_a_copy_made_while_others_write_is_sound(
    store: SqliteStore, new_receipt: NewReceipt, tmp_path: Path
) -> None:
    """The online backup goes on beside a writer, and holds what was committed at some moment. Of a
    database of 20 MB too: made in parts, it would begin anew at each write and never end."""
    ended = threading.Event()
    with store.transaction() as db:
        db.execute("CREATE TABLE filling AS SELECT zeroblob(20000000) AS bytes")

    def write() -> None:
        with GroupCommitWriter(store) as writing:
            while not ended.is_set():
                writing.put(new_receipt())

    writer = threading.Thread(target=write)
    writer.start()
    try:
        reports = [write_backup(store, tmp_path / f"copy-{n}") for n in range(3)]
    finally:
        ended.set()
        writer.join()
    counts = [r.receipts for r in reports]
    assert counts == sorted(counts)
    assert 0 < counts[-1] <= ReceiptRepository(store).count()


def test_an_encrypted_copy_opens_with_its_key_only(
    store: SqliteStore, put: Put, new_receipt: NewReceipt, tmp_path: Path
) -> None:
    """Without the key, or with another, nothing is restored."""
    put(new_receipt())
    identity, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    copy, database = tmp_path / "copy.age", tmp_path / "new" / "huice.sqlite3"
    write_backup(store, copy, (str(identity.to_public()),))
    assert b"SQLite format" not in copy.read_bytes()
    (tmp_path / "key").write_text(f"# mine\n{identity}\n", encoding="ascii")
    (tmp_path / "other").write_text(f"{other}\n", encoding="ascii")
    for key in (None, tmp_path / "other"):
        with pytest.raises(Refused):
            restore_backup(copy, database, key)
        assert not database.exists()
    assert restore_backup(copy, database, tmp_path / "key").receipts == 1


def ssh_key() -> tuple[str, bytes]:
    """Public and secret key, as ssh-keygen writes them."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(
        serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.OpenSSH,
        serialization.NoEncryption(),
    )
    return f"{public.decode()} chen@bank", secret


def test_a_copy_for_the_owner_of_an_ssh_key(
    store: SqliteStore, put: Put, new_receipt: NewReceipt, tmp_path: Path
) -> None:
    """Who has no age key has one of these; another, or half of it, opens nothing."""
    put(new_receipt())
    (public, secret), (_, other) = ssh_key(), ssh_key()
    copy, database, key = tmp_path / "copy.age", tmp_path / "huice.restored", tmp_path / "key"
    write_backup(store, copy, (public,))
    for wrong in (other, secret[:100], b"", b"AGE-SECRET-KEY-1"):
        key.write_bytes(wrong)
        with pytest.raises(Refused, match="does not open"):
            restore_backup(copy, database, key)
        assert not database.exists()
    key.write_bytes(secret)
    assert restore_backup(copy, database, key).receipts == 1
    copy.write_bytes(copy.read_bytes()[:-100])
    with pytest.raises(UnusableDatabase, match=r"copy\.age is damaged"):
        restore_backup(copy, tmp_path / "again", key)
    assert not (tmp_path / "again").exists()


def test_nothing_is_overwritten(store: SqliteStore, tmp_path: Path) -> None:
    """Neither a file by a copy nor a database by a restored one."""
    write_backup(store, tmp_path / "copy")
    with pytest.raises(Refused, match="not overwritten"):
        write_backup(store, tmp_path / "copy")
    with pytest.raises(Refused, match="stop the service"):
        restore_backup(tmp_path / "copy", store.path)


def test_a_pipe_is_no_copy(tmp_path: Path) -> None:
    """It could not be read twice, and one that nobody writes to was waited for without end."""
    os.mkfifo(tmp_path / "copy")
    with pytest.raises(Refused, match="no ordinary file"):
        restore_backup(tmp_path / "copy", tmp_path / "huice.sqlite3")


@pytest.mark.parametrize(
    "damage", ["cut", "a byte short", "lengthened", "overwritten", "empty", "other"]
)
def test_a_damaged_copy_is_not_restored(
    store: SqliteStore, put: Put, new_receipt: NewReceipt, tmp_path: Path, damage: str
) -> None:
    """It is told, and nothing stands in the database's place."""
    put(*[new_receipt() for _ in range(30)])
    copy, database = tmp_path / "copy", tmp_path / "new" / "huice.sqlite3"
    write_backup(store, copy)
    content = copy.read_bytes()
    damaged = {
        "cut": content[: len(content) // 2],
        "a byte short": content[:-1],
        "lengthened": content + content[-4096:],
        "overwritten": content[: len(content) // 2] + bytes(len(content) - len(content) // 2),
        "empty": b"",
        "other": b"a text of some length\n" * 1000,
    }[damage]
    copy.write_bytes(damaged)
    with pytest.raises(UnusableDatabase, match=re.escape(str(copy))):
        restore_backup(copy, database)
    assert not database.exists()
    assert list(database.parent.iterdir()) == []


def test_a_copy_that_has_no_room_is_told_and_leaves_nothing(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a disk that is full: which copy could not be written, and why."""
    begun: list[Path] = []

    def full(path: Path) -> sqlite3.Connection:
        begun.append(path)
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("service.storage.backup.sqlite3.connect", full)
    with pytest.raises(StorageFault, match="copy: database or disk is full"):
        write_backup(store, tmp_path / "copy")
    assert len(begun) == 1
    assert not any(path.name.startswith((".copy", "copy")) for path in tmp_path.iterdir())


def test_a_key_without_an_end_opens_nothing(
    store: SqliteStore, put: Put, new_receipt: NewReceipt, tmp_path: Path
) -> None:
    """A device named by mistake was read until the memory was full."""
    put(new_receipt())
    identity = pyrage.x25519.Identity.generate()
    write_backup(store, tmp_path / "copy", (str(identity.to_public()),))
    with pytest.raises(Refused, match="does not open"):
        restore_backup(tmp_path / "copy", tmp_path / "huice.restored", Path("/dev/zero"))


def test_a_secret_key_is_not_told_again(store: SqliteStore, tmp_path: Path) -> None:
    """Who names it where the public one belongs finds it in no log of his job."""
    secret = str(pyrage.x25519.Identity.generate())
    with pytest.raises(Refused, match="AGE-SECRET-KEY-… is no public key"):
        write_backup(store, tmp_path / "copy", (secret,))


@pytest.mark.parametrize("text", ["age1nonsense", "ssh-rsa nonsense", "ssh-ed25519", "", "AGE"])
def test_a_recipient_that_is_no_key(store: SqliteStore, tmp_path: Path, text: str) -> None:
    """Refused before anything is written."""
    with pytest.raises(Refused, match="no public key"):
        write_backup(store, tmp_path / "copy", (text,))
    assert not (tmp_path / "copy").exists()
