"""Keys of a tenant: made, listed, replaced, ended. A secret is shown once."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from service.domain.clock import Clock
from service.domain.errors import ErrorCode, InvalidInput, Problem, Refused
from service.domain.principal import Principal, Scope
from service.domain.text import Text
from service.intake.tenancy import read_new_key
from service.rendering.json_parts import Json, whole_list
from service.storage.audit import Deed
from service.storage.keys import ApiKey, KeyRepository
from service.usecases.tenancy.signatures import WINDOW, SignedRequest

# How long a key that was replaced works on.
OVERLAP = timedelta(days=7)
_OVER = Text("这一天已经过去", "that day is over")
_SHOWN_ONCE = Text(
    "密钥 {id} 已经建好，只在第一次回答中显示；没有收到的，请作废它，另建一把",
    "the key {id} was made and shown in the first answer alone: if that was lost, end it and make"
    " another",
)
_NOT_YOURS = Text("只能授予自己也有的权限", "a key can only pass on scopes that it has itself")


@dataclass(frozen=True)
class KeyService:
    """Key management of one tenant by one of its keys."""

    keys: KeyRepository
    clock: Clock

    def find(self, presented: str) -> Principal | None:
        """Who presents a key; None where it is not a live one."""
        found = self.keys.find(presented, self.clock.now())
        return None if found is None else found.principal

    def verify(self, signed: SignedRequest) -> Principal | None:
        """Who signed a request; None where the signature does not hold, is not of about now, or
        has been used before."""
        now = self.clock.now()
        found = self.keys.signing(signed.key_id, now) if signed.is_timely(now) else None
        if found is None or not signed.is_signed_with(found[1]):
            return None
        key, _ = found
        # A date may lie ahead by the window and is believed until the window after it.
        is_first = self.keys.claim_nonce(key, signed.nonce, now, 2 * WINDOW)
        return key.principal if is_first else None

    def list(self, principal: Principal) -> Json:
        """All keys of the tenant, without secrets. Raises Refused."""
        tenant = principal.of_tenant(Scope.KEYS)
        now = self.clock.now()
        return whole_list(key_json(k, now) for k in self.keys.of_tenant(tenant))

    def create(self, principal: Principal, raw: object, trace: str) -> Json:
        """A new key with its secret. Raises InvalidInput, Refused."""
        tenant = principal.of_tenant(Scope.KEYS)
        asked = read_new_key(raw)
        if not all(map(principal.may, asked.scopes)):
            raise InvalidInput((Problem("/scopes", ErrorCode.FORBIDDEN, _NOT_YOURS),))
        deed = Deed(principal, self.clock.now(), trace)
        expires = None if asked.expires_on is None else self._end_of(asked.expires_on)
        key, secret = self.keys.create(
            tenant, deed, asked.name, asked.scopes, expires, signs=asked.signs
        )
        return {**key_json(key, deed.at), "secret": secret}

    def _end_of(self, last_day: date) -> datetime:
        """When a key ends that is good on its last day, by the catalogue's own days. Raises
        InvalidInput where that day is over."""
        if last_day < self.clock.today():
            raise InvalidInput((Problem("/expires_on", ErrorCode.OUT_OF_RANGE, _OVER),))
        following = datetime.combine(last_day + timedelta(days=1), time.min, self.clock.zone)
        return following.astimezone(UTC)

    def rotate(self, principal: Principal, key_id: str, trace: str) -> Json:
        """A key to follow another, which works on for a week. Raises NotFound, Refused."""
        tenant = principal.of_tenant(Scope.KEYS)
        if not all(map(principal.may, self.keys.get(tenant, key_id).scopes)):
            raise InvalidInput((Problem("/id", ErrorCode.FORBIDDEN, _NOT_YOURS),))
        deed = Deed(principal, self.clock.now(), trace)
        key, secret = self.keys.rotate(tenant, deed, key_id, OVERLAP)
        return {**key_json(key, deed.at), "secret": secret}

    def refuse_secret(self, _principal: Principal, key_id: str) -> Json:
        """A key's secret is shown once and kept nowhere: raises Refused for who asks for the answer
        again."""
        raise Refused(_SHOWN_ONCE.format(id=key_id))

    def revoke(self, principal: Principal, key_id: str, trace: str) -> None:
        """End a key at once. Raises NotFound, Refused."""
        tenant = principal.of_tenant(Scope.KEYS)
        self.keys.revoke(tenant, Deed(principal, self.clock.now(), trace), key_id)


def key_json(key: ApiKey, now: datetime) -> Json:
    """A key as it is shown."""
    return {
        "id": key.id,
        "name": key.name,
        "scopes": sorted(key.scopes),
        "live": key.is_live(now),
        "created_at": key.created_at.isoformat(),
        "expires_at": key.expires_at.isoformat() if key.expires_at else None,
        "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
        "last_used_at": key.last_used_at.isoformat() if key.last_used_at else None,
        "replaces": key.replaces,
        "signs": key.signs,
    }
