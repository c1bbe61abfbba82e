"""Tenants and their API keys. A key's secret is shown once; what is kept is its keyed digest.

A key reads `hk_<id>_<secret>`: the id finds the row, the secret (256 random bits) is compared by
its digest in constant time. The digest's own key lies with the server's other keys.

A key that signs never sends its secret, so it takes the secret itself to verify a signature: it is
kept sealed, and such a key opens nothing when it is sent.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from service.domain.errors import ErrorCode, InvalidInput, NotFound, Problem
from service.domain.principal import Principal, Scope
from service.domain.text import Text
from service.storage.audit import Deed, write_entry
from service.storage.cases import server_key
from service.storage.store import Connection, Repository, Store
from service.storage.times import PastTime, read_time, written_time

PREFIX = "hk_"
_ID_BYTES, _SECRET_BYTES = 6, 32
# The time of the last use is written no oftener than this.
_USE_NOTED_EVERY = timedelta(minutes=5)
_NONCE_BYTES = 12
_COLUMNS = (
    "id, tenant, name, scopes, created_at, expires_at, revoked_at, last_used_at, replaces, signing"
)

_ENDED = Text("这把密钥已经失效，不能更换，请新建一把", "this key has ended; make a new one")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret. `replaces` is the key that this one was made to follow; `signs`
    tells that it signs requests instead of being sent with them."""

    id: str
    tenant: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    replaces: str | None
    signs: bool = False

    def is_live(self, now: datetime) -> bool:
        if self.revoked_at is not None and self.revoked_at <= now:
            return False
        return self.expires_at is None or now < self.expires_at

    @property
    def principal(self) -> Principal:
        return Principal(self.tenant, f"key:{self.id}", self.scopes)


class KeyRepository(Repository):
    """The keys of a database; every call names the tenant, but the one that finds out who asks.
    What changes a key is on the tenant's record or not done."""

    def __init__(self, store: Store, time: PastTime | None = None) -> None:
        """`time`: what nonces are forgotten by."""
        super().__init__(store)
        self._digest_key: bytes | None = None
        self._sealing: AESGCM | None = None
        self._time = time or PastTime()

    def create(
        self,
        tenant: str,
        deed: Deed,
        name: str,
        scopes: Iterable[Scope],
        expires_at: datetime | None = None,
        *,
        signs: bool = False,
    ) -> tuple[ApiKey, str]:
        """A new key and the whole of it with its secret, which is kept nowhere."""
        key = ApiKey(
            secrets.token_hex(_ID_BYTES),
            tenant, name, frozenset(scopes), deed.at, expires_at, None, None, None, signs,
        )  # fmt: skip
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        row = self._row_of(key, secret)
        with self._store.transaction() as db:
            _insert(db, row, tenant, deed.at)
            write_entry(db, deed, "key.create", key.id)
        return key, f"{PREFIX}{key.id}_{secret}"

    def rotate(
        self, tenant: str, deed: Deed, key_id: str, overlap: timedelta
    ) -> tuple[ApiKey, str]:
        """A key to follow another, which works on for a while. Raises NotFound, and InvalidInput
        for one that has ended: nothing brings it back."""
        old = self.get(tenant, key_id)
        if not old.is_live(deed.at):
            raise InvalidInput((Problem("/id", ErrorCode.INVALID_VALUE, _ENDED),))
        new = replace(
            old,
            id=secrets.token_hex(_ID_BYTES),
            created_at=deed.at,
            revoked_at=None,
            last_used_at=None,
            replaces=old.id,
        )
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        row = self._row_of(new, secret)
        with self._store.transaction() as db:
            _insert(db, row, tenant, deed.at)
            _end(db, tenant, key_id, deed.at + overlap)
            write_entry(db, deed, "key.rotate", f"{key_id} {new.id}")
        return new, f"{PREFIX}{new.id}_{secret}"

    def _row_of(self, key: ApiKey, secret: str) -> tuple[object, ...]:
        """A key as it is kept. May write the server's own key, so outside of any transaction."""
        sealed = self._seal(key.id, secret) if key.signs else None
        return (*_key_row(key), sealed, self._digest(key.id, secret))

    def revoke(self, tenant: str, deed: Deed, key_id: str) -> None:
        """End a key at once. Raises NotFound."""
        with self._store.transaction() as db:
            _end(db, tenant, key_id, deed.at)
            write_entry(db, deed, "key.revoke", key_id)

    def get(self, tenant: str, key_id: str) -> ApiKey:
        """Raises NotFound, also for another tenant's."""
        query = f"SELECT {_COLUMNS} FROM api_keys WHERE tenant = ? AND id = ?"  # noqa: S608
        return _key_of(self._one(query, (tenant, key_id), _unknown_key(key_id)))

    def of_tenant(self, tenant: str) -> list[ApiKey]:
        """All its keys, the oldest first, ended ones too."""
        rows = self._store.rows(
            f"SELECT {_COLUMNS} FROM api_keys WHERE tenant = ?"  # noqa: S608
            " ORDER BY created_at, id",
            (tenant,),
        )
        return [_key_of(row) for row in rows]

    def find(self, presented: str, now: datetime) -> ApiKey | None:
        """The live key that was presented whole; None for one unknown, wrong, expired or ended."""
        key_id, _, secret = presented.removeprefix(PREFIX).partition("_")
        digest = self._digest(key_id, secret)
        row = self._store.row(
            f"SELECT {_COLUMNS}, digest FROM api_keys WHERE id = ?",  # noqa: S608
            (key_id,),
        )
        # Compared even where there is no such key: both take the same time.
        kept = bytes(row[-1]) if row is not None else bytes(len(digest))
        matches = hmac.compare_digest(kept, digest)
        if row is None or not matches or not presented.startswith(PREFIX):
            return None
        key = _key_of(row[:-1])
        if key.signs or not key.is_live(now):
            return None
        self._note_use(key, now)
        return key

    def signing(self, key_id: str, now: datetime) -> tuple[ApiKey, bytes] | None:
        """The live key of that id with the secret it signs with; None where it signs nothing."""
        row = self._store.row(f"SELECT {_COLUMNS} FROM api_keys WHERE id = ?", (key_id,))  # noqa: S608
        key = _key_of(row) if row is not None else None
        if key is None or not key.signs or not key.is_live(now):
            return None
        return key, self._unseal(key_id, bytes(row[-1]))

    def claim_nonce(self, key: ApiKey, nonce: str, now: datetime, lives: timedelta) -> bool:
        """Whether this is the first request that the key has signed with the nonce; that the key
        was used is noted with it, all or nothing. Where the power goes a nonce may be forgotten,
        but with it whatever its request had stored."""
        past = written_time(self._time.past(now))
        with self._store.transaction(at_once=False) as db:
            db.execute("DELETE FROM signed_requests WHERE expires_at < ?", (past,))
            made = db.execute(
                "INSERT INTO signed_requests (owner, nonce, expires_at) VALUES (?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (key.id, nonce, written_time(now + lives)),
            )
            is_first = bool(made.rowcount)
            if is_first and _is_use_due(key, now):
                _write_use(db, key, now)
        return is_first

    def _note_use(self, key: ApiKey, now: datetime) -> None:
        if _is_use_due(key, now):
            with self._store.transaction() as db:
                _write_use(db, key, now)

    def _seal(self, key_id: str, secret: str) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher().encrypt(nonce, secret.encode(), key_id.encode())

    def _unseal(self, key_id: str, sealed: bytes) -> bytes:
        nonce, text = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        return self._cipher().decrypt(nonce, text, key_id.encode())

    def _cipher(self) -> AESGCM:
        if self._sealing is None:
            self._sealing = AESGCM(server_key(self._store, "signing-keys"))
        return self._sealing

    def _digest(self, key_id: str, secret: str) -> bytes:
        if self._digest_key is None:
            self._digest_key = server_key(self._store, "api-keys")
        message = f"{key_id}_{secret}".encode("utf-8", "surrogatepass")
        return hmac.new(self._digest_key, message, hashlib.sha256).digest()


def _is_use_due(key: ApiKey, now: datetime) -> bool:
    return key.last_used_at is None or now - key.last_used_at >= _USE_NOTED_EVERY


def _write_use(db: Connection, key: ApiKey, now: datetime) -> None:
    db.execute("UPDATE api_keys SET last_used_at = ? WHERE id = ?", (written_time(now), key.id))


def _insert(db: Connection, row: tuple[object, ...], tenant: str, now: datetime) -> None:
    db.execute(
        "INSERT INTO tenants (id, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
        (tenant, written_time(now)),
    )
    db.execute(
        f"INSERT INTO api_keys ({_COLUMNS}, digest)"  # noqa: S608
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row,
    )


def _end(db: Connection, tenant: str, key_id: str, at: datetime) -> None:
    """A key ends at a moment, or when it was to end, if that is earlier. Raises NotFound."""
    moment = written_time(at)
    changed = db.execute(
        "UPDATE api_keys SET revoked_at ="
        " CASE WHEN revoked_at < ? THEN revoked_at ELSE ? END WHERE tenant = ? AND id = ?",
        (moment, moment, tenant, key_id),
    )
    if changed.rowcount == 0:
        raise _unknown_key(key_id)


def _key_row(key: ApiKey) -> tuple[str | None, ...]:
    return (
        key.id,
        key.tenant,
        key.name,
        " ".join(sorted(key.scopes)),
        written_time(key.created_at),
        _written_moment(key.expires_at),
        _written_moment(key.revoked_at),
        _written_moment(key.last_used_at),
        key.replaces,
    )


def _key_of(row: tuple[str | None, ...]) -> ApiKey:
    key_id, tenant, name, scopes, created, expires, revoked, used, replaces, sealed = row
    return ApiKey(
        id=str(key_id),
        tenant=str(tenant),
        name=str(name),
        scopes=frozenset(map(Scope, str(scopes).split())),
        created_at=read_time(str(created)),
        expires_at=read_time(expires) if expires else None,
        revoked_at=read_time(revoked) if revoked else None,
        last_used_at=read_time(used) if used else None,
        replaces=replaces,
        signs=sealed is not None,
    )


def _written_moment(moment: datetime | None) -> str | None:
    return None if moment is None else written_time(moment)


def _unknown_key(key_id: str) -> NotFound:
    return NotFound(Text("密钥", "key"), key_id)
