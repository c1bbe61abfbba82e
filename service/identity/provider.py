"""Logging in through a provider of identities: the authorization code flow with PKCE, by Authlib.

Nothing of the provider is asked before somebody logs in there, and by few at a time: a service
whose provider is down or silent goes on serving everybody else. Its answers are bounded in time
and followed nowhere else.
"""

import json
import secrets
from collections.abc import Callable
from threading import BoundedSemaphore
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from service.domain.errors import ErrorCode, Refused
from service.domain.text import Text
from service.identity.attempt import Identity, LoginAttempt
from service.identity.deadline import ended_within

# Of each step, and of all together: three requests at most.
TIMEOUT_SECONDS, WHOLE_SECONDS = 5.0, 10.0
MAX_BYTES = 256 * 1024
LEEWAY_SECONDS = 60
# Each waits in a thread that answers requests, of which a process has eight.
MAX_AT_ONCE = 3
# By public keys only: a secret that both sides hold would let either speak for the other.
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
_DISCOVERY = "/.well-known/openid-configuration"
_NOT_CONFIRMED = Text(
    "身份提供方没有确认您的身份，请重新登录",
    "the provider of identities did not confirm who you are: log in again",
)
_UNREACHABLE = Text(
    "暂时联系不上身份提供方，请稍后再试",
    "the provider of identities cannot be reached: try again later",
)
_CROWDED = Text(
    "此刻经身份提供方登录的人太多，请稍后再试",
    "too many are logging in through the provider of identities right now: try again later",
)


class IdentityProvider:
    """One provider, as which the service is registered there."""

    def __init__(
        self, issuer: str, client: str, secret: str, redirect: str, name_claim: str
    ) -> None:
        """`redirect` is where the provider sends people back, `name_claim` what names them here."""
        self._issuer, self._client, self._secret = issuer, client, secret
        self._redirect, self._name_claim = redirect, name_claim
        self._free = BoundedSemaphore(MAX_AT_ONCE)

    def start(self) -> tuple[str, LoginAttempt]:
        """Where to send somebody to log in, and what to keep meanwhile. Raises Refused."""
        attempt = LoginAttempt(*(secrets.token_urlsafe(32) for _ in range(3)))

        def ask(session: OAuth2Session) -> str:
            address, _ = session.create_authorization_url(
                self._metadata(session)["authorization_endpoint"],
                state=attempt.state,
                nonce=attempt.nonce,
                code_verifier=attempt.verifier,
            )
            return str(address)

        return self._with_session(ask), attempt

    def finish(self, attempt: LoginAttempt, state: str, code: str) -> Identity:
        """Who came back with a code. Raises Refused: nobody, where anything does not fit."""
        if not secrets.compare_digest(attempt.state.encode(), state.encode()):
            raise Refused(_NOT_CONFIRMED, ErrorCode.UNAUTHENTICATED)

        def ask(session: OAuth2Session) -> dict[str, Any]:
            metadata = self._metadata(session)
            token = session.fetch_token(
                metadata["token_endpoint"], code=code, code_verifier=attempt.verifier
            )
            published: Any = _fetch(session, metadata["jwks_uri"])
            keys = KeySet.import_key_set(published)
            claims: dict[str, Any] = jwt.decode(token["id_token"], keys, [*ALGORITHMS]).claims
            self._check(claims, attempt)
            return claims

        claims = self._with_session(ask)
        name = claims.get(self._name_claim)
        if not isinstance(name, str):
            raise Refused(_NOT_CONFIRMED, ErrorCode.UNAUTHENTICATED)
        return Identity(f"{self._issuer} {claims['sub']}", name)

    def _check(self, claims: dict[str, Any], attempt: LoginAttempt) -> None:
        """Raises JoseError where the token is not this provider's, for us, now, for this login."""
        jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._client},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": attempt.nonce},
        ).validate(claims)

    def _metadata(self, session: OAuth2Session) -> dict[str, Any]:
        """What the provider says of itself; of another issuer nothing is believed."""
        found = _fetch(session, self._issuer.rstrip("/") + _DISCOVERY)
        if found.get("issuer") != self._issuer:
            raise ValueError("the metadata are of another issuer")
        return found

    def _with_session(self, ask: Callable[[OAuth2Session], Any]) -> Any:
        """Raises Refused: busy where the provider is not reached or asked by too many at once, else
        unauthenticated."""
        session = OAuth2Session(
            self._client,
            self._secret,
            scope="openid profile email",
            redirect_uri=self._redirect,
            code_challenge_method="S256",
            default_timeout=TIMEOUT_SECONDS,
        )
        session.max_redirects = 0
        if not self._free.acquire(blocking=False):
            raise Refused(_CROWDED, ErrorCode.BUSY)
        with session:
            try:
                with ended_within(WHOLE_SECONDS, session):
                    return ask(session)
            except (
                requests.ConnectionError,
                requests.Timeout,
                requests.exceptions.ChunkedEncodingError,
            ) as error:
                raise Refused(_UNREACHABLE, ErrorCode.BUSY) from error
            except (
                AuthlibBaseError,
                JoseError,
                requests.RequestException,
                ValueError,
                KeyError,
                TypeError,
            ) as error:
                raise Refused(_NOT_CONFIRMED, ErrorCode.UNAUTHENTICATED) from error
            finally:
                self._free.release()


def _fetch(session: OAuth2Session, address: str) -> dict[str, Any]:
    """A small JSON object from an address, nowhere else. Raises ValueError, requests' errors."""
    with session.get(
        address, withhold_token=True, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True
    ) as answer:
        answer.raise_for_status()
        content = next(answer.iter_content(MAX_BYTES + 1), b"")
        if answer.status_code != requests.codes.ok or len(content) > MAX_BYTES:
            raise ValueError("no document of a reasonable size")
    found = json.loads(content)
    if not isinstance(found, dict):
        raise ValueError("no JSON object")
    return found
