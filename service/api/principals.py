"""Who asks: read from a request's Authorization, once, for the calls that need to know."""

import re

from flask import current_app, request

from service.api.limiting import LIMITER, Limiter
from service.api.middleware import IDENTITY
from service.api.ports import ApiContext
from service.domain.errors import ErrorCode, Refused
from service.domain.principal import ANONYMOUS, Principal, Scope
from service.domain.text import Text

_BEARER = re.compile(r"Bearer +([A-Za-z0-9_-]{1,200})")
_TRACE = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_NO_KEY = Text(
    "Authorization 应为 Bearer hk_…，且密钥有效",
    "Authorization must be Bearer hk_… with a key that is live",
)


def principal(service: ApiContext) -> Principal:
    """The request's principal: anonymous without Authorization.

    Raises Refused (unauthenticated) for a key that is unknown, wrong, expired or ended: nobody is
    taken for anonymous who meant to be somebody.
    """
    header = request.environ.get("HTTP_AUTHORIZATION")
    if header is None:
        return ANONYMOUS
    found = _BEARER.fullmatch(header.strip())
    who = service.key_service.find(found[1]) if found else None
    if who is None:
        raise Refused(_NO_KEY, ErrorCode.UNAUTHENTICATED)
    return who


def keyed(service: ApiContext, scope: Scope) -> Principal:
    """The request's principal, which has a tenant and the scope. Checked before anything else of
    the request is looked at. Raises Refused (unauthenticated, forbidden)."""
    who = principal(service)
    who.of_tenant(scope)
    count(who)
    return who


def may_match(service: ApiContext) -> Principal:
    """The request's principal, who may match: anybody, or a key with that scope; counted against
    the limit. Raises Refused."""
    who = ANONYMOUS
    if "HTTP_AUTHORIZATION" in request.environ:
        who = principal(service)
        who.require(Scope.MATCH)
    count(who)
    return who


def count(who: Principal) -> None:
    """Count a call against the client's limit. Raises Refused (rate limited)."""
    limiter: Limiter = current_app.extensions[LIMITER]
    limiter.count(who)


def trace() -> str:
    """What a deed is traced by: the caller's trace id, else the request's own id."""
    found = _TRACE.fullmatch(request.environ.get("HTTP_TRACEPARENT", ""))
    return found[1] if found else str(request.environ[IDENTITY])
