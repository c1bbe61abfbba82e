"""One POST to an address that somebody else named: bounded in time and size, never redirected."""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import SplitResult, urlsplit

from service.delivery.reachable import ONLY_HTTPS, ReachableNetworks, Unreachable, read_address

MAX_SECONDS, MAX_ANSWER = 10.0, 65_536


@dataclass(frozen=True, slots=True)
class SendOutcome:
    """The status that was answered (None: none was) and what happened, in a few words."""

    status: int | None
    words: str

    @property
    def delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True)
class HttpSender:
    """Sends to what may be reached. Plain HTTP only within networks that the operator opened."""

    networks: ReachableNetworks
    seconds: float = MAX_SECONDS

    def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> SendOutcome:
        """POST once. Whatever goes wrong is an outcome, never an exception."""
        try:
            return self._send(url, body, headers)
        except _TooLong:
            return SendOutcome(None, f"no answer within {self.seconds:g} seconds")
        except Unreachable as error:
            return SendOutcome(None, str(error))
        except ssl.SSLError as error:
            return SendOutcome(None, f"TLS: {error.reason or 'failed'}"[:200])
        except (OSError, http.client.HTTPException, ValueError) as error:
            return SendOutcome(None, f"no answer: {type(error).__name__}")

    def _send(self, url: str, body: bytes, headers: Mapping[str, str]) -> SendOutcome:
        parts = urlsplit(url)
        host, secure = parts.hostname or "", parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        address = self.networks.address_for(host, port)
        if not secure and not self.networks.is_open(read_address(address)):
            raise Unreachable(ONLY_HTTPS)
        connection = _PinnedConnection(host, port, address, secure, self.seconds)
        # Each step has a limit of its own, a server that drips has none: the whole has one too.
        watchdog = threading.Timer(self.seconds, connection.cut)
        watchdog.daemon = True
        watchdog.start()
        try:
            return self._post(connection, parts, body, headers)
        finally:
            watchdog.cancel()
            connection.cut()

    def _post(
        self,
        connection: "_PinnedConnection",
        parts: SplitResult,
        body: bytes,
        headers: Mapping[str, str],
    ) -> SendOutcome:
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", path, body, dict(headers))
            response = connection.getresponse()
            response.read(MAX_ANSWER)
        except TimeoutError:
            raise _TooLong from None
        except (OSError, http.client.HTTPException):
            if connection.was_cut:
                raise _TooLong from None
            raise
        if connection.was_cut:  # what was read of an answer then is no answer
            raise _TooLong
        return SendOutcome(response.status, f"HTTP {response.status}")


class _TooLong(Exception):
    """The whole took longer than it may."""


class _FinalResponse(http.client.HTTPResponse):
    """The answer itself: what is said ahead of it (RFC 9110, 15.2; 103, early hints) is passed
    over, as the library does with 100 alone."""

    def _read_status(self) -> tuple[str, int, str]:
        version, status, reason = super()._read_status()  # type: ignore[misc]
        early = HTTPStatus.SWITCHING_PROTOCOLS < status < HTTPStatus.OK
        return version, HTTPStatus.CONTINUE if early else status, reason


class _PinnedConnection(http.client.HTTPConnection):
    """A connection to one address, whatever its name would say now; TLS is checked for the name."""

    response_class = _FinalResponse

    def __init__(self, host: str, port: int, address: str, secure: bool, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self._address, self._secure = address, secure
        self.default_port = 443 if secure else 80
        self._open_socket: socket.socket | None = None
        self.was_cut = False

    def connect(self) -> None:
        self.sock = self._open_socket = socket.create_connection(
            (self._address, self.port), self.timeout
        )
        if self._secure:
            context = ssl.create_default_context()
            self.sock = self._open_socket = context.wrap_socket(
                self.sock, server_hostname=self.host
            )

    def cut(self) -> None:
        """End it, also for a thread that waits for it, at whatever stage."""
        self.was_cut = True
        if self._open_socket is not None:
            with suppress(OSError):
                # The plain shutdown: that of TLS would change what the waiting thread works on.
                socket.socket.shutdown(self._open_socket, socket.SHUT_RDWR)
        with suppress(OSError):
            self.close()
