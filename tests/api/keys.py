"""Keys of tenants, as their clients send them."""

import hashlib
import hmac
from datetime import UTC, datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as keyed

from service.app import Services
from service.domain.principal import Scope, operator_of

BODY = b'{"profile": {}}'
TARGET = "/api/v1/match"


def authorization(service: Services, tenant: str, *scopes: Scope) -> dict[str, str]:
    """The header of a new key of the tenant; without scopes it may do everything."""
    asked = {"name": "test", "scopes": sorted(scopes or Scope)}
    made = service.key_service.create(operator_of(tenant), asked, "test")
    return {"Authorization": f"Bearer {made['secret']}"}


def sha256(key: bytes, lines: bytes) -> str:
    return hmac.new(key, lines, hashlib.sha256).hexdigest()


def sm3(key: bytes, lines: bytes) -> str:
    mac = keyed.HMAC(key, hashes.SM3())
    mac.update(lines)
    return mac.finalize().hex()


def sm3_digest(content: bytes) -> str:
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return digest.finalize().hex()


class Signer:
    """Signs as the documentation says; parts can be said to be other than they are sent."""

    def __init__(self, secret: str) -> None:
        _, self.key_id, self.key = secret.split("_", 2)
        self._count = 0

    def header(
        self,
        method: str = "POST",
        target: str = TARGET,
        body: bytes = BODY,
        moment: datetime | None = None,
        scheme: str = "HMAC-SHA256",
    ) -> dict[str, str]:
        self._count += 1
        nonce = f"{self._count:016}"
        date = (moment or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
        digest = sm3_digest(body) if scheme == "HMAC-SM3" else hashlib.sha256(body).hexdigest()
        lines = f"{method}\n{target}\n{date}\n{nonce}\n{digest}".encode()
        signature = (sm3 if scheme == "HMAC-SM3" else sha256)(self.key.encode(), lines)
        told = f"key={self.key_id}, date={date}, nonce={nonce}, signature={signature}"
        return {"Authorization": f"{scheme} {told}"}
