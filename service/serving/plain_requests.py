"""Requests whose head is plain, handed to the application without gunicorn's parser and writer.

gunicorn looks at a head and at an answer's headers piece by piece, in what takes as long as finding
the status of every programme. A head of which one expression tells that there is nothing to look
at becomes the same environment here; every other is left to gunicorn.
"""

import re
import time
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from gunicorn import SERVER
from gunicorn.config import Config
from gunicorn.http.message import HeaderPolicy
from gunicorn.http.wsgi import base_environ
from gunicorn.util import http_date

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MAX_PLAIN_HEAD_BYTES = 4096
_HEAD = re.compile(
    rb"POST (/[A-Za-z0-9/_-]*) HTTP/1\.1\r\n(?:[A-Za-z][A-Za-z0-9-]*: ?[!-~][ -~]*\r\n){1,40}"
)
_END_OF_HEAD = b"\r\n\r\n"
# What says how a request is framed or answered: gunicorn's business.
_UNUSUAL = frozenset({
    "HTTP_EXPECT", "HTTP_HTTP2_SETTINGS", "HTTP_TE", "HTTP_TRAILER", "HTTP_TRANSFER_ENCODING",
    "HTTP_UPGRADE",
})  # fmt: skip
_CONNECTION = "HTTP_CONNECTION"
_OWN_KEYS = {"HTTP_CONTENT_TYPE": "CONTENT_TYPE", "HTTP_CONTENT_LENGTH": "CONTENT_LENGTH"}
_SOUND_HEADERS = re.compile(r"(?:[A-Za-z][A-Za-z0-9-]*: [ -~]*\r\n)*")


class _Peer(HeaderPolicy):
    """Who sent a request, as far as gunicorn's settings believe him."""

    def __init__(self, cfg: Config, client: Any) -> None:
        self.cfg, self.peer_addr = cfg, client

    @property
    def is_trusted(self) -> bool:
        # Newer than the stubs of gunicorn's types.
        return bool(self._peer_is_trusted_proxy())  # type: ignore[attr-defined]


class PlainRequests:
    """Reads plain requests, and writes their answers, under one configuration of gunicorn."""

    def __init__(self, cfg: Config) -> None:
        self._cfg = cfg
        self._every: dict[str, Any] = {
            **base_environ(cfg),
            "wsgi.multithread": True,
            "SCRIPT_NAME": "",
            "QUERY_STRING": "",
            "SERVER_PROTOCOL": "HTTP/1.1",
        }
        self._schemes = {
            f"HTTP_{name.replace('-', '_')}": secure
            for name, secure in cfg.secure_scheme_headers.items()
        }
        self._date = 0, ""

    def environ_of(self, request: bytes, client: Any, server: Any) -> "WSGIEnvironment | None":
        """The WSGI environment of a request that was taken in whole, as gunicorn would make it;
        None for a request that is not plain."""
        at = request.find(_END_OF_HEAD, 0, MAX_PLAIN_HEAD_BYTES) + 2
        found = _HEAD.fullmatch(request, 0, at)
        if found is None or not (isinstance(client, tuple) and isinstance(server, tuple)):
            return None
        lines = request[:at].decode("ascii").split("\r\n")
        environ = {}
        for line in lines[1:-1]:
            name, _, value = line.partition(":")
            environ["HTTP_" + name.upper().replace("-", "_")] = value.strip()
        if len(environ) < len(lines) - 2 or not _UNUSUAL.isdisjoint(environ):
            return None
        if environ.get(_CONNECTION, "close").lower() not in ("close", "keep-alive"):
            return None
        for name, key in _OWN_KEYS.items():
            if name in environ:
                environ[key] = environ.pop(name)
        scheme = self._scheme(environ, client)
        if scheme is None:
            return None
        path = found[1].decode("ascii")
        return {
            **self._every,
            **environ,
            "REQUEST_METHOD": "POST",
            "PATH_INFO": path,
            "RAW_URI": path,
            "wsgi.url_scheme": scheme,
            "wsgi.input": BytesIO(request[at + 2 :]),
            "REMOTE_ADDR": client[0],
            "REMOTE_PORT": str(client[1]),
            "SERVER_NAME": server[0],
            "SERVER_PORT": str(server[1]),
        }

    def _scheme(self, environ: dict[str, str], client: Any) -> str | None:
        """How the client reached the outermost of those whom gunicorn believes; None where they
        contradict each other."""
        secure_or_not = {
            environ[key] == secure for key, secure in self._schemes.items() if key in environ
        }
        if not secure_or_not or not _Peer(self._cfg, client).is_trusted:
            return "http"
        return None if len(secure_or_not) > 1 else "https" if True in secure_or_not else "http"

    def wants_more(self, environ: "WSGIEnvironment") -> bool:
        """Whether the client may send another request on its connection."""
        return str(environ.get(_CONNECTION, "")).lower() != "close"

    def answer(
        self, application: Callable[..., Iterable[bytes]], environ: "WSGIEnvironment", *, keep: bool
    ) -> bytes:
        """The whole response of an application. Raises ValueError where it sets a header that is
        none."""
        return self.finish(BegunAnswer(application, environ), keep=keep)

    def finish(self, begun: "BegunAnswer", *, keep: bool) -> bytes:
        """The whole response of an application that was called. Raises as `answer`."""
        body = begun.read()
        headers = begun.headers
        if "content-length:" not in headers.lower():
            headers += f"Content-Length: {len(body)}\r\n"
        connection = "keep-alive" if keep else "close"
        head = (
            f"HTTP/1.1 {begun.status}\r\nServer: {SERVER}\r\nDate: {self._today()}\r\n"
            f"Connection: {connection}\r\n{headers}\r\n"
        )
        return head.encode("ascii") + body

    def _today(self) -> str:
        """The date as a header has it, written once a second."""
        now = int(time.time())
        known, text = self._date
        if known != now:
            text = http_date(now)
            self._date = now, text
        return text


class BegunAnswer:
    """An application that was called, and may have more to do before its answer is there."""

    def __init__(
        self, application: Callable[..., Iterable[bytes]], environ: "WSGIEnvironment"
    ) -> None:
        self.status = self.headers = ""
        self._parts = application(environ, self._start)
        # Taken by whoever answers several; reading the answer takes those that are left.
        self.steps: Iterator[None] = getattr(self._parts, "steps", iter(()))

    def _start(self, status: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers])
        if _SOUND_HEADERS.fullmatch(lines) is None:
            raise ValueError("a header that is none")
        self.status, self.headers = status, lines

    def read(self) -> bytes:
        """The body; only then status and headers are there for certain."""
        try:
            return b"".join(self._parts)
        finally:
            close = getattr(self._parts, "close", None)
            if close is not None:
                close()
