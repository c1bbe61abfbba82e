"""Who asks: read from a request's Authorization, once, for the calls that need to know."""

import re
from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app, g, request

from service.api.limiting import LIMITER, Limiter
from service.api.middleware import deed_trace
from service.api.openapi import PREFIX
from service.api.ports import ApiContext
from service.domain.errors import ErrorCode, Refused
from service.domain.principal import ANONYMOUS, Principal, Scope
from service.domain.text import Text
from service.usecases.tenancy.signatures import SignedRequest

_BEARER = re.compile(r"Bearer +([A-Za-z0-9_-]{1,200})")
_SIGNED = re.compile(
    r"(?P<scheme>HMAC-SHA256|HMAC-SM3) +key=(?:hk_)?(?P<key>[0-9a-f]{12}), *"
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
    """The request's principal: anonymous without Authorization. Found once, as a signature counts
    once.

    Raises Refused (unauthenticated) for a key that is unknown, wrong, expired or ended: nobody is
    taken for anonymous who meant to be somebody.
    """
    header = request.environ.get("HTTP_AUTHORIZATION")
    if header is None:
        return ANONYMOUS
    if "principal" not in g:
        g.principal = _find_principal(service, header)
    found: Principal = g.principal
    return found


def check_key(service: ApiContext) -> None:
    """Before every call of the API: what is sent as Authorization is somebody's, and a closed
    service asks for it on all but its own document. Raises Refused (unauthenticated)."""
    if not request.path.startswith(f"{PREFIX}/"):
        return
    who = principal(service)
    documents = (f"{PREFIX}/openapi.json", f"{PREFIX}/docs")
    if not service.settings.is_open and request.path not in documents and who.tenant is None:
        raise Refused(_NO_KEY, ErrorCode.UNAUTHENTICATED)


def _find_principal(service: ApiContext, header: str) -> Principal:
    found = _BEARER.fullmatch(header.strip())
    signed = None if found else _read_signature(header.strip())
    who = None
    if found:
        who = service.key_service.find(found[1])
    elif signed is not None:
        who = service.key_service.verify(signed)
    if who is None:
        raise Refused(_NO_KEY, ErrorCode.UNAUTHENTICATED)
    return who


def _read_signature(header: str) -> SignedRequest | None:
    """The request as it was signed; None where the header is no signature."""
    found = _SIGNED.fullmatch(header)
    if found is None:
        return None
    try:
        datetime.fromisoformat(found["date"])
    except ValueError:
        return None
    return SignedRequest(
        scheme=found["scheme"],
        key_id=found["key"],
        moment=found["date"],
        nonce=found["nonce"],
        signature=bytes.fromhex(found["signature"]),
        method=request.method,
        target=_target_as_sent(),
        body=request.get_data(),
    )


def _target_as_sent() -> str:
    """The path with its query as it was sent, before anything was decoded."""
    raw = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI")
    if raw is None:
        return str(request.full_path.removesuffix("?"))
    return (
        str(raw) if raw.startswith("/") else urlsplit(raw)._replace(scheme="", netloc="").geturl()
    )


def keyed(service: ApiContext, scope: Scope) -> Principal:
    """The request's principal, which has a tenant and the scope. Checked before anything else of
    the request is looked at. Raises Refused (unauthenticated, forbidden)."""
    who = principal(service)
    who.of_tenant(scope)
    count_call(who)
    return who


def keyed_for_one_of(service: ApiContext, *scopes: Scope) -> Principal:
    """The same for a call of which the body says which of several scopes it needs: whoever has none
    of them goes no further. Raises Refused (unauthenticated, forbidden)."""
    who = principal(service)
    return keyed(service, next((s for s in scopes if who.may(s)), scopes[0]))


def may_match(service: ApiContext) -> Principal:
    """The request's principal, who may match: anybody, or a key with that scope; counted against
    the limit. Raises Refused."""
    who = ANONYMOUS
    if "HTTP_AUTHORIZATION" in request.environ:
        who = principal(service)
        who.require(Scope.MATCH)
    count_call(who)
    return who


def anybody(service: ApiContext) -> Principal:
    """The request's principal, whoever it is, counted against the limit. Raises Refused."""
    who = principal(service)
    count_call(who)
    return who


def count_call(who: Principal) -> None:
    """Count a call against the client's limit. Raises Refused (rate limited)."""
    limiter: Limiter = current_app.extensions[LIMITER]
    limiter.count(who)


def trace() -> str:
    """What the deed of this request is traced by."""
    return deed_trace(request.environ)
