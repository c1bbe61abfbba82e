"""Signed requests: every byte counts, and the hour."""

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from service.usecases.tenancy.signatures import SignedRequest

NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)


def signed(secret: bytes, moment: datetime) -> SignedRequest:
    body = b"{}"
    lines = ("POST", "/api/v1/match", moment.isoformat(), "nonce", sha256(body).hexdigest())
    signature = hmac.new(secret, "\n".join(lines).encode(), sha256).digest()
    return SignedRequest(
        scheme="HMAC-SHA256", key_id="k", moment=moment.isoformat(), nonce="nonce",
        signature=signature, method="POST", target="/api/v1/match", body=body,
    )  # fmt: skip


def test_a_signature_holds_for_its_secret_and_its_hour() -> None:
    """Every byte counts, and a request of yesterday is none of today."""
    request = signed(b"secret", NOW)
    assert request.is_signed_with(b"secret")
    assert not request.is_signed_with(b"secreT")
    assert request.is_timely(NOW + timedelta(seconds=60))
    assert not request.is_timely(NOW + timedelta(days=1))
