"""Copies of the database, made while the service runs, checked before they are trusted.

A copy is made by SQLite's own online backup, verified, optionally encrypted with age
(age-encryption.org) for the owners of age or SSH keys, and appears under its name only when it is
whole and on the disk.
"""

import hashlib
import os
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pyrage

from service.domain.errors import ErrorCode, Refused
from service.domain.text import Text
from service.storage import migrations
from service.storage.database import APPLICATION_ID, open_database
from service.storage.faults import StorageFault, UnusableDatabase, sqlite3
from service.storage.sqlite_store import SqliteStore, connect
from service.storage.whole_files import file_beside, publish_file

# At once: a copy made in steps begins anew whenever another process has written between two.
_ALL_PAGES = -1
_PIECE = 1 << 20
_AGE_MAGIC = b"age-encryption.org/v1"
_SSH_MARK = b"-----BEGIN "
# What pyrage says of the system's own faults, which it gives no number: a full disk.
_OF_THE_SYSTEM = "(os error "
# More than any file of keys has: one without an end is read no further.
_MAX_KEY_BYTES = 1 << 20
# Of what is no public key so much is told: it may be the secret one.
_SHOWN = 15
_NO_FILE = Text("{path} 不是普通文件。", "{path} is no ordinary file.")
Recipient: TypeAlias = pyrage.x25519.Recipient | pyrage.ssh.Recipient
Identity: TypeAlias = pyrage.x25519.Identity | pyrage.ssh.Identity


@dataclass(frozen=True, slots=True)
class BackupReport:
    """A finished copy: its size in bytes, the SHA-256 of the file, and how many receipts it has."""

    path: Path
    size: int
    sha256: str
    receipts: int
    encrypted: bool


def write_backup(
    store: SqliteStore, target: Path, recipients: tuple[str, ...] = ()
) -> BackupReport:
    """Copy the database to a new file. With `recipients` (public keys: `age1…`, `ssh-ed25519 …`,
    `ssh-rsa …`) only their owners can read it.

    Raises Refused where the target exists or a recipient is no key, UnusableDatabase where the
    copy is not sound, StorageFault or OSError where it cannot be written.
    """
    keys = [_read_recipient(text) for text in recipients]
    if target.exists():
        raise Refused(
            Text("{path} 已经存在，不会覆盖。", "{path} exists and is not overwritten.").format(
                path=str(target)
            )
        )
    try:
        receipts = _write_copy(store, target, keys)
    except (sqlite3.Error, pyrage.EncryptError) as error:
        raise StorageFault(f"the database cannot be copied to {target}: {error}") from error
    return BackupReport(target, target.stat().st_size, _sha256_of(target), receipts, bool(keys))


def _write_copy(store: SqliteStore, target: Path, keys: list[Recipient]) -> int:
    """How many receipts the copy has that is under its name then."""
    with file_beside(target) as copy:
        _copy_database(store, copy)
        receipts = _check_copy(copy, copy)
        _strip_to_one_file(copy)
        if keys:
            with file_beside(target) as sealed:
                pyrage.encrypt_file(str(copy), str(sealed), keys)
                _publish_file(sealed, target)
        else:
            _publish_file(copy, target)
    return receipts


def restore_backup(source: Path, database: Path, identity: Path | None = None) -> BackupReport:
    """Put a copy in the place of a database that is not there.

    `identity` is the file of an age or SSH secret key, for an encrypted copy. Raises Refused where
    a database is there already or the copy cannot be decrypted, UnusableDatabase where it is not
    sound, StorageFault or OSError where it cannot be written. Nothing is in the database's place
    unless all went well.
    """
    log = database.with_name(database.name + "-wal")
    if database.exists() or log.exists():
        raise Refused(
            Text(
                "{path} 已有数据库，请先停止服务并把它移走。",
                "{path} is there: stop the service and move it away first.",
            ).format(path=str(database))
        )
    if not source.is_file():  # a pipe could not be read twice, and may never answer
        raise Refused(_NO_FILE.format(path=str(source)), ErrorCode.BAD_REQUEST)
    encrypted = _is_encrypted(source)
    database.parent.mkdir(parents=True, exist_ok=True)
    with file_beside(database) as copy:
        if encrypted:
            _decrypt_copy(source, copy, identity)
        else:
            _copy_bytes(source, copy)
        receipts = _check_copy(copy, source)
        size, digest = copy.stat().st_size, _sha256_of(copy)
        _publish_file(copy, database)
    open_database(database).close()  # migrated, and its log made anew
    return BackupReport(database, size, digest, receipts, encrypted)


def _read_recipient(text: str) -> Recipient:
    kind = pyrage.ssh if text.startswith("ssh-") else pyrage.x25519
    try:
        return kind.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise Refused(
            Text(
                "{key} 不是公钥（age1…、ssh-ed25519 … 或 ssh-rsa …）。",
                "{key} is no public key (age1…, ssh-ed25519 … or ssh-rsa …).",
            ).format(key=text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")
        ) from error


def _decrypt_copy(source: Path, copy: Path, identity: Path | None) -> None:
    needed = Text(
        "这份备份已加密，请用 --identity 给出私钥文件。",
        "The copy is encrypted: name the file of the secret key by --identity.",
    )
    if identity is None:
        raise Refused(needed)
    try:
        pyrage.decrypt_file(str(source), str(copy), _read_identities(identity))
    except (pyrage.IdentityError, pyrage.DecryptError) as error:
        wrong = Text(
            "私钥打不开这份备份：不是那一把，或私钥本身有口令。",
            "The key does not open the copy: it is another one, or has a passphrase itself.",
        )
        raise Refused(wrong, ErrorCode.BAD_REQUEST) from error
    except OSError as error:
        if error.errno is not None:
            raise
        if _OF_THE_SYSTEM in str(error):
            raise StorageFault(f"{source} cannot be decrypted: {error}") from error
        # The library's word for a copy that was cut or changed.
        raise UnusableDatabase(f"{source} is damaged: it cannot be decrypted to its end") from error


def _read_identities(path: Path) -> list[Identity]:
    """The keys of a file: one of SSH, or age keys a line each. Raises IdentityError."""
    with path.open("rb") as file:
        content = file.read(_MAX_KEY_BYTES)
    if content.startswith(_SSH_MARK):
        return [pyrage.ssh.Identity.from_buffer(content)]
    lines = map(str.strip, content.decode("ascii", "replace").splitlines())
    return [pyrage.x25519.Identity.from_str(x) for x in lines if x and not x.startswith("#")]


def _copy_database(store: SqliteStore, target: Path) -> None:
    """SQLite's online backup: readers and writers go on meanwhile."""
    with closing(sqlite3.connect(target)) as fresh:
        store.connection().conn.backup(fresh, pages=_ALL_PAGES)


def _check_copy(path: Path, named: Path) -> int:
    """How many receipts a sound copy has, which is told of as `named`. Raises UnusableDatabase for
    one that is not sound."""
    try:
        with closing(connect(path, 1.0)) as connection:
            faults = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
            identity = connection.execute("PRAGMA application_id").fetchone()[0]
            orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
            if faults != ["ok"]:
                raise UnusableDatabase(f"{named} is not sound: {'; '.join(faults)}")
            if path.stat().st_size != pages * page_bytes:  # SQLite takes the rest for zeros
                raise UnusableDatabase(f"{named} is not sound: it was cut or lengthened")
            if identity != APPLICATION_ID:
                raise UnusableDatabase(f"{named} is no database of ours")
            if orphans:
                raise UnusableDatabase(f"{named} is not sound: rows refer to what is not there")
            migrations.pending_migrations(connection, migrations.read_migrations())
            (receipts,) = connection.execute("SELECT count(*) FROM receipts").fetchone()
            return int(receipts)
    except sqlite3.Error as error:
        raise UnusableDatabase(f"{named} is not sound: {error}") from error


def _strip_to_one_file(path: Path) -> None:
    """A copy is one file: no log beside it."""
    with closing(connect(path, 1.0)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE").fetchone()


def _publish_file(path: Path, target: Path) -> None:
    """On the disk first, then under its name; for its owner only."""
    path.chmod(0o600)
    with path.open("rb") as file:
        os.fsync(file.fileno())
    publish_file(path, target)


def _copy_bytes(source: Path, target: Path) -> None:
    with source.open("rb") as reading, target.open("wb") as writing:
        while piece := reading.read(_PIECE):
            writing.write(piece)


def _is_encrypted(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_AGE_MAGIC)) == _AGE_MAGIC


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
