"""Accounts of a tenant's people: made, changed, ended; and their sessions at the desk."""

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta

from service.domain.clock import Clock
from service.domain.errors import ErrorCode, InvalidInput, Problem, Refused
from service.domain.principal import Principal, Role, Scope
from service.domain.text import Text
from service.rendering.json_parts import Json
from service.storage.accounts import Account, AccountRepository, Session
from service.storage.audit import Deed
from service.usecases.tenancy.passwords import MAX_LENGTH, MIN_LENGTH, Passwords, is_easy

# Failed logins: for one name, whoever tries; from one address, whomever it tries.
MAX_FAILURES_OF_NAME, MAX_FAILURES_OF_ADDRESS = 20, 50
FAILURES_COUNT_FOR = timedelta(minutes=15)
_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,62}[a-z0-9]")
_BAD_NAME = Text(
    "登录名为 3 至 64 个小写字母、数字和 . _ @ -",
    "a name is 3 to 64 lower-case letters, digits and . _ @ -",
)
_BAD_PASSWORD = Text(
    "密码应为 {least} 至 {most} 个字符，不含登录名，且不是常见密码、日期、连续按键或重复的组合",
    "a password has {least} to {most} characters, does not hold the name, and is no common"
    " password, day, row of keys or repetition",
)
_OWN = Text(
    "自己的账号由另一位管理员更改", "another administrator changes the account that is your own"
)
_WRONG = Text("登录名或密码不对", "the name or the password is wrong")
_TOO_OFTEN = Text(
    "登录失败次数过多，请一刻钟后再试",
    "too many logins have failed: try again in a quarter of an hour",
)
_NOBODY_THERE = Text(
    "身份提供方认识您，但这里没有您的账号，请联系管理员",
    "the provider of identities knows you, but you have no account here: ask an administrator",
)


@dataclass(frozen=True)
class AccountService:
    """Account management by a tenant's administrator or the operator, and logging in.

    A session ends when it was not used for `idle`, and `lives` after the login at the latest.
    """

    accounts: AccountRepository
    clock: Clock
    idle: timedelta
    lives: timedelta
    passwords: Passwords

    def add(
        self, principal: Principal, name: str, role: Role, password: str | None, trace: str
    ) -> Json:
        """A new account; without a password only the provider of identities opens it. Raises
        InvalidInput, Refused."""
        tenant = principal.of_tenant(Scope.KEYS)
        if not _NAME.fullmatch(name):
            raise InvalidInput((Problem("/name", ErrorCode.INVALID_VALUE, _BAD_NAME),))
        digest = None if password is None else self._digest(name, password)
        deed = Deed(principal, self.clock.now(), trace)
        return self._json(self.accounts.add(deed, tenant, name, role, digest))

    def list(self, principal: Principal) -> Json:
        """All accounts of the tenant. Raises Refused."""
        found = self.accounts.of_tenant(principal.of_tenant(Scope.KEYS))
        return {"items": [self._json(account) for account in found]}

    def set_password(self, principal: Principal, name: str, password: str, trace: str) -> None:
        """Ends every session of the account. Raises NotFound, InvalidInput, Refused."""
        account, deed = self._managed(principal, name, trace)
        self.accounts.set_password(deed, account, self._digest(name, password))

    def set_role(self, principal: Principal, name: str, role: Role, trace: str) -> None:
        """Ends every session of the account. Raises NotFound, Refused."""
        account, deed = self._managed(principal, name, trace)
        _refuse_own(principal, account)
        self.accounts.set_role(deed, account, role)

    def end(self, principal: Principal, name: str, trace: str) -> None:
        """Nobody logs in with it any more. Raises NotFound, Refused."""
        account, deed = self._managed(principal, name, trace)
        _refuse_own(principal, account)
        self.accounts.end(deed, account)

    def end_sessions(self, principal: Principal, name: str, trace: str) -> int:
        """Log a person out everywhere; how many sessions those were. Raises NotFound, Refused."""
        account, deed = self._managed(principal, name, trace)
        return self.accounts.end_sessions(deed, account)

    def _managed(self, principal: Principal, name: str, trace: str) -> tuple[Account, Deed]:
        tenant = principal.of_tenant(Scope.KEYS)
        return self.accounts.get(tenant, name), Deed(principal, self.clock.now(), trace)

    def _digest(self, name: str, password: str) -> str:
        """Raises InvalidInput for a password that is too easy to guess."""
        if is_easy(password, name):
            words = _BAD_PASSWORD.format(least=str(MIN_LENGTH), most=str(MAX_LENGTH))
            raise InvalidInput((Problem("/password", ErrorCode.INVALID_VALUE, words),))
        return self.passwords.digest(password)

    def _json(self, account: Account) -> Json:
        return {
            "name": account.name,
            "role": account.role.value,
            "password": account.password is not None,
            "provider": account.subject is not None,
            "live": account.ended_at is None,
            "sessions": self.accounts.sessions(account, self.clock.now()),
            "created_at": account.created_at.isoformat(),
        }

    def login(self, name: str, password: str, address: str, trace: str, before: str | None) -> str:
        """The secret of a new session, in place of the one `before`. Raises Refused (rate limited,
        unauthenticated), without saying what was wrong."""
        return self._open(self._recognised(name, password, address, trace), trace, before)

    def change_own_password(
        self, session: Session, present: str, wanted: str, address: str, trace: str
    ) -> str:
        """Whoever knows the present password sets another: every session ends; the secret of a new
        one. Raises InvalidInput (too easy to guess), Refused as `login` does."""
        account = session.account
        digest = self._digest(account.name, wanted)
        self._recognised(account.name, present, address, trace)
        deed = Deed(account.principal, self.clock.now(), trace)
        self.accounts.set_password(deed, account, digest)
        return self._open(account, trace, None)

    def _recognised(self, name: str, password: str, address: str, trace: str) -> Account:
        """The account of a name and its password; failures are counted. Raises Refused."""
        name, now = name.strip().lower()[:64], self.clock.now()
        owners = (f"name:{_digest(name)}", f"address:{address}")
        since = now - FAILURES_COUNT_FOR
        for owner, most in zip(
            owners, (MAX_FAILURES_OF_NAME, MAX_FAILURES_OF_ADDRESS), strict=True
        ):
            if self.accounts.failures(owner, since) >= most:
                seconds = int(FAILURES_COUNT_FOR.total_seconds())
                raise Refused(_TOO_OFTEN, ErrorCode.RATE_LIMITED, seconds)
        account = self.accounts.find(name)
        digest = account.password if account else None
        if not self.passwords.fits(password[:MAX_LENGTH], digest) or account is None:
            deed = None if account is None else Deed(account.principal, now, trace)
            self.accounts.note_failure(owners, now, name, deed)
            raise Refused(_WRONG, ErrorCode.UNAUTHENTICATED)
        if digest is not None and self.passwords.is_outdated(digest):
            self.accounts.renew_digest(account, self.passwords.digest(password))
        return account

    def login_as(self, subject: str, name: str, trace: str, before: str | None) -> str:
        """The secret of a new session for whom the provider of identities vouches: who `subject` is
        there. An account without a password is bound to the first subject that comes with its
        name. Raises Refused where there is none."""
        account = self.accounts.find_subject(subject)
        if account is None:
            named = self.accounts.find(name.strip().lower())
            if named is None or named.password is not None or named.subject is not None:
                raise Refused(_NOBODY_THERE, ErrorCode.FORBIDDEN)
            self.accounts.bind(named, subject)
            account = self.accounts.find_subject(subject)
            if account is None:  # somebody else was faster
                raise Refused(_NOBODY_THERE, ErrorCode.FORBIDDEN)
        return self._open(account, trace, before)

    def _open(self, account: Account, trace: str, before: str | None) -> str:
        if before is not None:
            self.accounts.close_session(before)
        deed = Deed(account.principal, self.clock.now(), trace)
        return self.accounts.open_session(deed, account, self.lives)

    def session(self, secret: str) -> Session | None:
        """The live session of a secret."""
        return self.accounts.session(secret, self.clock.now(), self.idle)

    def logout(self, secret: str) -> None:
        self.accounts.close_session(secret)

    def logout_everywhere(self, session: Session, trace: str) -> None:
        deed = Deed(session.account.principal, self.clock.now(), trace)
        self.accounts.end_sessions(deed, session.account)


def _refuse_own(principal: Principal, account: Account) -> None:
    """Nobody takes the last administrator away by mistake: another one does it. Raises Refused."""
    if principal.actor == account.principal.actor:
        raise Refused(_OWN, ErrorCode.FORBIDDEN)


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
