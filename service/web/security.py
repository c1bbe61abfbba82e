"""What keeps the pages safe: headers, and tokens without which no form is taken.

There are no cookies. A case is opened by its unguessable id alone, so a token is bound to the case
it was made for; and a browser tells by itself whether a form came from a page of ours.
"""

import secrets
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from flask import Response, abort, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from service.domain.errors import RETRY_AFTER_SECONDS, ErrorCode, Refused
from service.rendering.compression import packed

FIELD = "csrf"
OPENING = "open"
# Seconds after which it is worth asking again, by the status of a page.
_AGAIN_AFTER: Final = {
    503: RETRY_AFTER_SECONDS[ErrorCode.STORAGE_UNAVAILABLE],
    507: RETRY_AFTER_SECONDS[ErrorCode.STORAGE_FULL],
}
_TOKEN_SECONDS = 24 * 3600
_PACKED: Final = frozenset(
    {"text/html", "text/css", "text/javascript", "image/svg+xml", "application/atom+xml"}
)
_OWN_SITES = ("same-origin", "none")


class Tokens:
    """Makes and checks the tokens of forms."""

    def __init__(self, key: bytes) -> None:
        self._signer = URLSafeTimedSerializer(key, salt="huice-form")

    def make(self, scope: str) -> str:
        """A token for forms about one case, or OPENING; never the same twice."""
        return str(self._signer.dumps([scope, secrets.token_hex(4)]))

    def require(self, scope: str) -> str:
        """What tells the form from every other; refuses the request (403) unless it comes from a
        form of ours made for this scope."""
        try:
            held, form = self._signer.loads(request.form.get(FIELD, ""), max_age=_TOKEN_SECONDS)
        except (BadData, ValueError, TypeError):
            abort(403)
        if held != scope or not _from_own_page():
            abort(403)
        return str(form)


def _from_own_page() -> bool:
    """What the browser says of where a form was; older browsers tell the origin only."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in _OWN_SITES
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def own_address(path: str) -> str:
    """A path of ours as others can open it. Where nobody has set which hosts are ours, a name that
    only the request gives is not repeated in a link: it may be anybody's."""
    name = urlsplit(f"//{request.host}").hostname or ""
    ours = current_app.config["TRUSTED_HOSTS"] or name in ("localhost", "127.0.0.1", "::1")
    return f"{request.host_url.rstrip('/')}{path}" if ours else path


def policy(embedders: tuple[str, ...]) -> str:
    """The Content-Security-Policy of a page that these origins may embed."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
        " connect-src 'self'; form-action 'self'; base-uri 'none';"
        f" frame-ancestors {' '.join(embedders) or chr(39) + 'none' + chr(39)}"
    )


def compress(response: Response) -> Response:
    """Pages and what they load, packed where the browser takes it. Tokens differ from page to
    page, so the length of a compressed page tells nothing of them."""
    response.vary.add("Accept-Encoding")
    plain = response.mimetype in _PACKED and not response.direct_passthrough
    plain = plain and response.status_code != HTTPStatus.NOT_MODIFIED
    if plain and "Content-Encoding" not in response.headers:
        data, headers = packed(response.get_data(), request.headers.get("Accept-Encoding"))
        if encoding := dict(headers).get("Content-Encoding"):
            response.set_data(data)
            response.headers["Content-Encoding"] = encoding
            if tag := response.get_etag()[0]:  # of other bytes
                response.set_etag(tag, weak=True)
    return response


def with_retry(response: Response, refusal: Refused) -> Response:
    """A refusal's page with when it is worth asking again, where that is known."""
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def secure(response: Response, embedders: tuple[str, ...]) -> Response:
    """A page's headers. The address of a case is its key: no other site learns it."""
    response.headers.setdefault("Content-Security-Policy", policy(embedders))
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    response.headers.setdefault("Cache-Control", "no-store")
    if response.status_code in _AGAIN_AFTER:
        response.headers.setdefault("Retry-After", str(_AGAIN_AFTER[response.status_code]))
    return response
