"""Accounts of people, where they are logged in, and logins that failed.

A session is found by the digest of its secret, which is nowhere but with the browser. It ends when
it was not used for a while, at its last moment, when its person logs out, or when somebody ends it.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.errors import ErrorCode, NotFound, Refused
from service.domain.principal import Principal, Role
from service.domain.text import Text
from service.storage.audit import Deed, write_entry
from service.storage.store import Repository
from service.storage.times import read_time, written_time

_ID_BYTES, _SECRET_BYTES = 8, 32
# The time of the last use is written no oftener than this.
_USE_NOTED_EVERY = timedelta(minutes=1)
_COLUMNS = "id, tenant, name, role, password, subject, created_at, ended_at"
_TAKEN = Text("这个登录名已有人使用", "somebody has this name already")


@dataclass(frozen=True, slots=True)
class Account:
    """A person of a tenant. `password` is its argon2id digest, None where only the provider of
    identities lets the person in; `subject` is who the person is there."""

    id: str
    tenant: str
    name: str
    role: Role
    password: str | None
    subject: str | None
    created_at: datetime
    ended_at: datetime | None

    @property
    def principal(self) -> Principal:
        return Principal(self.tenant, f"account:{self.name}", self.role.scopes)


@dataclass(frozen=True, slots=True)
class Session:
    """Where a person is logged in; `digest` names it."""

    digest: str
    account: Account
    made_at: datetime
    used_at: datetime
    expires_at: datetime


class AccountRepository(Repository):
    """The accounts of all tenants; whatever is asked for a tenant names it."""

    def add(self, deed: Deed, tenant: str, name: str, role: Role, password: str | None) -> Account:
        """Raises Refused where the name is taken."""
        account = Account(
            secrets.token_hex(_ID_BYTES), tenant, name, role, password, None, deed.at, None
        )
        moment = written_time(deed.at)
        with self._store.transaction() as db:
            db.execute(
                "INSERT INTO tenants (id, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
                (tenant, moment),
            )
            made = db.execute(
                f"INSERT INTO accounts ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
                " ON CONFLICT DO NOTHING",
                (account.id, tenant, name, role.value, password, None, moment, None),
            )
            if not made.rowcount:
                raise Refused(_TAKEN, ErrorCode.DUPLICATE_VALUE)
            write_entry(db, deed, "account.add", f"{name} {role.value}")
        return account

    def of_tenant(self, tenant: str) -> list[Account]:
        """All its accounts by name, ended ones too."""
        return self._all("tenant = ? ORDER BY name", tenant)

    def get(self, tenant: str, name: str) -> Account:
        """Raises NotFound, also for another tenant's."""
        return _only_account(self._all("tenant = ? AND name = ?", tenant, name), name)

    def find(self, name: str) -> Account | None:
        """For a login: the account of that name, whosever it is, unless it has ended."""
        return next(iter(self._all("name = ? AND ended_at IS NULL", name)), None)

    def find_subject(self, subject: str) -> Account | None:
        """For a login: who that is at the provider of identities."""
        return next(iter(self._all("subject = ? AND ended_at IS NULL", subject)), None)

    def set_password(self, deed: Deed, account: Account, password: str) -> None:
        """A new password ends every session."""
        self._change(deed, account, "account.password", "password = ?", password)

    def renew_digest(self, account: Account, password: str) -> None:
        """Keep the digest of an unchanged password under stronger parameters. No session ends."""
        with self._store.transaction() as db:
            db.execute(
                "UPDATE accounts SET password = ? WHERE id = ? AND password = ?",
                (password, account.id, account.password),
            )

    def set_role(self, deed: Deed, account: Account, role: Role) -> None:
        """Another role ends every session."""
        self._change(deed, account, "account.role", "role = ?", role.value)

    def end(self, deed: Deed, account: Account) -> None:
        """Nobody logs in as this person any more."""
        self._change(deed, account, "account.end", "ended_at = ?", written_time(deed.at))

    def end_sessions(self, deed: Deed, account: Account) -> int:
        """Log a person out everywhere; how many sessions those were."""
        with self._store.transaction() as db:
            gone = db.execute("DELETE FROM sessions WHERE account = ?", (account.id,))
            write_entry(db, deed, "account.end_sessions", account.name)
        return int(gone.rowcount)

    def bind(self, account: Account, subject: str) -> None:
        """From the first login through the provider on, the account is this subject's."""
        with self._store.transaction() as db:
            db.execute(
                "UPDATE accounts SET subject = ? WHERE id = ? AND subject IS NULL",
                (subject, account.id),
            )

    def _change(self, deed: Deed, account: Account, action: str, change: str, value: str) -> None:
        with self._store.transaction() as db:
            db.execute(f"UPDATE accounts SET {change} WHERE id = ?", (value, account.id))  # noqa: S608
            db.execute("DELETE FROM sessions WHERE account = ?", (account.id,))
            write_entry(db, deed, action, account.name)

    def open_session(self, deed: Deed, account: Account, lives: timedelta) -> str:
        """The secret of a new session."""
        secret, moment = secrets.token_urlsafe(_SECRET_BYTES), written_time(deed.at)
        with self._store.transaction() as db:
            db.execute("DELETE FROM sessions WHERE expires_at <= ?", (moment,))
            db.execute(
                "INSERT INTO sessions (digest, tenant, account, made_at, used_at, expires_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (_secret_digest(secret), account.tenant, account.id, moment, moment,
                 written_time(deed.at + lives)),
            )  # fmt: skip
            write_entry(db, deed, "account.login", account.name)
        return secret

    def session(self, secret: str, now: datetime, idle: timedelta) -> Session | None:
        """The live session of a secret, whose use is noted; None where there is none."""
        wanted = ", ".join(f"a.{name}" for name in _COLUMNS.split(", "))
        row = self._store.row(
            f"SELECT s.digest, s.made_at, s.used_at, s.expires_at, {wanted}"  # noqa: S608
            " FROM sessions AS s JOIN accounts AS a ON a.id = s.account"
            " WHERE s.digest = ? AND s.expires_at > ? AND s.used_at > ?"
            " AND a.ended_at IS NULL",
            (_secret_digest(secret), written_time(now), written_time(now - idle)),
        )
        if row is None:
            return None
        moments = [read_time(text) for text in row[1:4]]
        found = Session(row[0], _account_of(row[4:]), moments[0], moments[1], moments[2])
        self._note_use(found, now)
        return found

    def _note_use(self, session: Session, now: datetime) -> None:
        if now - session.used_at >= _USE_NOTED_EVERY:
            with self._store.transaction() as db:
                db.execute(
                    "UPDATE sessions SET used_at = ? WHERE digest = ?",
                    (written_time(now), session.digest),
                )

    def close_session(self, secret: str) -> None:
        """Log out here. No error where the session has ended already."""
        with self._store.transaction() as db:
            db.execute("DELETE FROM sessions WHERE digest = ?", (_secret_digest(secret),))

    def sessions(self, account: Account, now: datetime) -> int:
        """In how many places a person is logged in."""
        (count,) = self._store.row(
            "SELECT count(*) FROM sessions WHERE account = ? AND expires_at > ?",
            (account.id, written_time(now)),
        )
        return int(count)

    def note_failure(
        self, owners: tuple[str, ...], now: datetime, name: str, deed: Deed | None
    ) -> None:
        """A login under a name that failed, for each of those it counts for; where there is an
        account of the name, whose `deed` it was, it is on its tenant's record."""
        with self._store.transaction() as db:
            for owner in owners:
                db.execute(
                    "INSERT INTO login_failures (owner, at) VALUES (?, ?)",
                    (owner, written_time(now)),
                )
            if deed is not None:
                write_entry(db, deed, "account.refused", name)

    def failures(self, owner: str, since: datetime) -> int:
        """How many logins have failed since a moment; what is older is forgotten."""
        with self._store.transaction() as db:
            db.execute("DELETE FROM login_failures WHERE at <= ?", (written_time(since),))
            (count,) = db.execute(
                "SELECT count(*) FROM login_failures WHERE owner = ?", (owner,)
            ).fetchone()
        return int(count)

    def _all(self, where: str, *values: str) -> list[Account]:
        rows = self._store.rows(f"SELECT {_COLUMNS} FROM accounts WHERE {where}", values)  # noqa: S608
        return [_account_of(row) for row in rows]


def _account_of(row: tuple[str, ...]) -> Account:
    account_id, tenant, name, role, password, subject, created, ended = row
    return Account(
        account_id,
        tenant,
        name,
        Role(role),
        password,
        subject,
        read_time(created),
        read_time(ended) if ended else None,
    )


def _only_account(found: list[Account], name: str) -> Account:
    if not found:
        raise NotFound(Text("账号", "account"), name)
    return found[0]


def _secret_digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
