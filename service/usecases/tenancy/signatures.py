"""Signed requests: what a signature covers, and how it is held against what was sent."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as keyed

# By how much a client's clock may differ from ours; a nonce is remembered as long.
WINDOW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request that claims to come from a key: its parts as they were sent. `target` is the path
    with its query, `moment` and `nonce` are written by the client."""

    scheme: str
    key_id: str
    moment: str
    nonce: str
    signature: bytes
    method: str
    target: str
    body: bytes

    @property
    def covered(self) -> bytes:
        """The five lines that are signed."""
        digest = _DIGESTS[self.scheme](self.body)
        lines = (self.method, self.target, self.moment, self.nonce, digest)
        return "\n".join(lines).encode("utf-8", "surrogatepass")

    def is_timely(self, now: datetime) -> bool:
        """Whether it was written about now."""
        written = datetime.fromisoformat(self.moment)
        return abs(now - written) <= WINDOW

    def is_signed_with(self, secret: bytes) -> bool:
        """Whether this secret made the signature; takes the same time either way."""
        return hmac.compare_digest(_MACS[self.scheme](secret, self.covered), self.signature)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _sm3(content: bytes) -> str:
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return digest.finalize().hex()


def _hmac_sha256(secret: bytes, content: bytes) -> bytes:
    return hmac.new(secret, content, hashlib.sha256).digest()


def _hmac_sm3(secret: bytes, content: bytes) -> bytes:
    mac = keyed.HMAC(secret, hashes.SM3())
    mac.update(content)
    return mac.finalize()


_DIGESTS = {"HMAC-SHA256": _sha256, "HMAC-SM3": _sm3}
_MACS = {"HMAC-SHA256": _hmac_sha256, "HMAC-SM3": _hmac_sm3}
