"""Letters through the operator's mail server."""

import re
import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from service.delivery.http_sender import SendOutcome

_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?P<domain>[A-Za-z0-9.-]{1,200})")


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent. `id` names it for ever: a letter that comes twice has the same."""

    id: str
    to: str
    subject: str
    text: str
    at: datetime


class _Bounded(smtplib.SMTP):
    """A letter handed over within `timeout` in all. The library's own is for each step, which a
    server that sends a byte now and then never reaches."""

    _watchdog: threading.Timer | None = None

    def connect(self, *place: Any, **more: Any) -> tuple[int, bytes]:
        self._watchdog = threading.Timer(self.timeout, self._cut)
        self._watchdog.daemon = True
        self._watchdog.start()
        return super().connect(*place, **more)

    def _cut(self) -> None:
        if self.sock is not None:
            with suppress(OSError):
                # The plain shutdown: that of TLS would change what the waiting thread works on.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    def close(self) -> None:
        if self._watchdog is not None:
            self._watchdog.cancel()
        super().close()


class _BoundedOverTls(_Bounded, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


@dataclass(frozen=True)
class Mailer:
    """One mail server: `smtp://host:25` (encrypted where it can), `smtps://user:pass@host:465`.
    Letters go only to addresses of these domains."""

    server: str
    sender: str
    domains: frozenset[str]
    seconds: float = 20.0

    def may_write_to(self, address: str) -> bool:
        """Whether an address is one, of a domain that the operator named."""
        found = _ADDRESS.fullmatch(address)
        return found is not None and found["domain"].lower() in self.domains

    def send(self, letter: Letter) -> SendOutcome:
        """Hand a letter over once. Whatever goes wrong is an outcome, never an exception."""
        if not self.may_write_to(letter.to):
            return SendOutcome(None, "the address is not of a domain the operator named")
        try:
            with self._connected() as server:
                server.send_message(self._message(letter))
        except smtplib.SMTPResponseException as error:
            return SendOutcome(None, f"SMTP {error.smtp_code}")
        # ValueError: words that no letter can carry, such as a subject of two lines.
        except (OSError, smtplib.SMTPException, ValueError) as error:
            return SendOutcome(None, f"no delivery: {type(error).__name__}")
        return SendOutcome(250, "SMTP 250")

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"] = self.sender, letter.to
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(letter.at)
        message["Message-ID"] = f"<{letter.id}@{self.sender.rpartition('@')[2].strip('>')}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        return message

    def _connected(self) -> smtplib.SMTP:
        parts = urlsplit(self.server)
        host, context = parts.hostname or "", ssl.create_default_context()
        server: smtplib.SMTP
        if parts.scheme == "smtps":
            server = _BoundedOverTls(host, parts.port or 465, timeout=self.seconds, context=context)
        else:
            server = _Bounded(host, parts.port or 25, timeout=self.seconds)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        return server
