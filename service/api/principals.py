"""Who asks: read from a request's Authorization, once, for the calls that need to know."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.wrappers import Request

from service.api.limiting import LIMITER, Limiter
from service.api.middleware import deed_trace
from service.api.openapi import PREFIX
from service.api.ports import ApiContext
from service.domain.errors import ErrorCode, Refused
from service.domain.principal import ANONYMOUS, Principal, Scope
from service.domain.text import Text
from service.usecases.tenancy.signatures import SignedRequest

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# Where a request's principal stands in its environment, once it is found.
_PRINCIPAL = "huice.principal"
# Schemes are named in any case (RFC 9110, 11.1).
_BEARER = re.compile(r"(?i:Bearer) +([A-Za-z0-9_-]{1,200})")
_SIGNED = re.compile(
    r"(?P<scheme>(?i:HMAC-SHA256|HMAC-SM3)) +key=(?:hk_)?(?P<key>[0-9a-f]{12}), *"
    r"date=(?P<date>20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z), *"
    r"nonce=(?P<nonce>[A-Za-z0-9_-]{16,64}), *signature=(?P<signature>[0-9a-f]{64})"
)
_NO_KEY = Text(
    "Authorization 应为 Bearer hk_…，且密钥有效；或为有效密钥对本次请求的签名，"
    "时间相差不超过五分钟，且未用过",
    "Authorization must be Bearer hk_… with a key that is live, or a live key's signature of this"
    " request, at most five minutes off and not used before",
)


def principal(service: ApiContext) -> Principal:
    """The principal of Flask's request. Raises Refused as `find_principal`."""
    return find_principal(service, request.environ, request.get_data)


def find_principal(
    service: ApiContext, environ: "WSGIEnvironment", read_body: Callable[[], bytes]
) -> Principal:
    """A request's principal: anonymous without Authorization. Found once, as a signature counts
    once; its body is read only where it is signed.

    Raises Refused (unauthenticated) for a key that is unknown, wrong, expired or ended: nobody is
    taken for anonymous who meant to be somebody.
    """
    header = environ.get("HTTP_AUTHORIZATION")
    if header is None:
        return ANONYMOUS
    if _PRINCIPAL not in environ:
        environ[_PRINCIPAL] = _identify(service, environ, header.strip(), read_body)
    found: Principal = environ[_PRINCIPAL]
    return found


def check_key(service: ApiContext) -> None:
    """Before every call of the API: what is sent as Authorization is somebody's, and a closed
    service asks for it on all but its own document. Raises Refused (unauthenticated)."""
    if not request.path.startswith(f"{PREFIX}/"):
        return
    who = principal(service)
    if request.path not in (f"{PREFIX}/openapi.json", f"{PREFIX}/docs"):
        _check_known(service, who)


def _check_known(service: ApiContext, who: Principal) -> None:
    if not service.limits.is_open and who.tenant is None:
        raise Refused(_NO_KEY, ErrorCode.UNAUTHENTICATED)


def _identify(
    service: ApiContext, environ: "WSGIEnvironment", header: str, read_body: Callable[[], bytes]
) -> Principal:
    found = _BEARER.fullmatch(header)
    signed = None if found else _read_signature(header, environ, read_body)
    who = None
    if found:
        who = service.keys.find(found[1])
    elif signed is not None:
        who = service.keys.verify(signed)
    if who is None:
        raise Refused(_NO_KEY, ErrorCode.UNAUTHENTICATED)
    return who


def _read_signature(
    header: str, environ: "WSGIEnvironment", read_body: Callable[[], bytes]
) -> SignedRequest | None:
    """The request as it was signed; None where the header is no signature."""
    signed = _SIGNED.fullmatch(header)
    if signed is None:
        return None
    try:
        datetime.fromisoformat(signed["date"])
    except ValueError:
        return None
    return SignedRequest(
        scheme=signed["scheme"].upper(),
        key_id=signed["key"],
        moment=signed["date"],
        nonce=signed["nonce"],
        signature=bytes.fromhex(signed["signature"]),
        method=environ["REQUEST_METHOD"],
        target=_target_as_sent(environ),
        body=read_body(),
    )


def _target_as_sent(environ: "WSGIEnvironment") -> str:
    """The path with its query as it was sent, before anything was decoded."""
    raw = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if raw is None:
        return str(Request(environ, populate_request=False).full_path.removesuffix("?"))
    return (
        str(raw) if raw.startswith("/") else urlsplit(raw)._replace(scheme="", netloc="").geturl()
    )


def require_scope(service: ApiContext, scope: Scope) -> Principal:
    """The request's principal, which has a tenant and the scope. Checked before anything else of
    the request is looked at. Raises Refused (unauthenticated, forbidden)."""
    who = principal(service)
    who.of_tenant(scope)
    count_call(who)
    return who


def require_any_scope(service: ApiContext, *scopes: Scope) -> Principal:
    """The principal of a call that needs one of several scopes; which one, its body says later.
    Raises Refused (unauthenticated, forbidden) for one that has none of them."""
    who = principal(service)
    return require_scope(service, next((s for s in scopes if who.may(s)), scopes[0]))


def require_match_scope(service: ApiContext) -> Principal:
    """The principal of Flask's request, who may match. Raises Refused as `find_match_principal`."""
    return find_match_principal(service, _limiter(), request.environ, request.get_data)


def find_match_principal(
    service: ApiContext,
    limiter: Limiter,
    environ: "WSGIEnvironment",
    read_body: Callable[[], bytes],
) -> Principal:
    """A request's principal, who may match: anybody where the service is open, or a key with that
    scope; counted against the limit. Raises Refused."""
    who = find_principal(service, environ, read_body)
    _check_known(service, who)
    who.require(Scope.MATCH)
    limiter.count(who, environ)
    return who


def any_principal(service: ApiContext) -> Principal:
    """The request's principal, whoever it is, counted against the limit. Raises Refused."""
    who = principal(service)
    count_call(who)
    return who


def count_call(who: Principal) -> None:
    """Count a call against the client's limit. Raises Refused (rate limited)."""
    _limiter().count(who, request.environ)


def _limiter() -> Limiter:
    found: Limiter = current_app.extensions[LIMITER]
    return found


def request_trace() -> str:
    """What the deed of this request is traced by."""
    return deed_trace(request.environ)
