"""Letters through a real mail server on this machine."""

import asyncio
import email
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from service.delivery.mailer import Letter, Mailer

LETTER = Letter(
    "evt_1",
    "desk@bank.example",
    "3 家企业的结果有变化",
    "甲：可能符合",
    datetime(2026, 11, 22, 8, tzinfo=UTC),
)


class Inbox:
    """Takes letters, or refuses them with `refusal`."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.refusal: str | None = None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refusal:
            return self.refusal
        self.letters.append(envelope)
        return "250 taken"


@contextmanager
def mail_server(inbox: Inbox) -> Iterator[int]:
    """A server on a port that the system chooses, in a thread with a loop of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def open_server() -> asyncio.Server:
        return await loop.create_server(
            lambda: SMTP(inbox, hostname="test", loop=loop), "127.0.0.1", 0
        )

    async def close_server() -> None:
        server.close()
        await server.wait_closed()

    server = asyncio.run_coroutine_threadsafe(open_server(), loop).result()
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        asyncio.run_coroutine_threadsafe(close_server(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, Mailer]]:
    held = Inbox()
    with mail_server(held) as port:
        domains = frozenset({"bank.example"})
        yield held, Mailer(f"smtp://127.0.0.1:{port}", "huice@example.gov.cn", domains)


def test_a_letter_arrives_as_it_was_written(inbox: tuple[Inbox, Mailer]) -> None:
    """In Chinese, under an id that is the event's."""
    held, mailer = inbox
    assert mailer.send(LETTER).delivered
    (envelope,) = held.letters
    message = email.message_from_bytes(envelope.content)
    assert envelope.rcpt_tos == ["desk@bank.example"]
    assert str(make_header(decode_header(message["Subject"]))) == LETTER.subject
    assert message["Message-ID"] == "<evt_1@example.gov.cn>"
    content = message.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert content.decode().strip() == "甲：可能符合"


@pytest.mark.parametrize(
    "to",
    ["x@elsewhere.example", "x@bank.example.evil.example", "x@bank.example, y@evil.example",
     "A <x@bank.example>", "bank.example", "x@bank.example\r\nBcc: y@evil.example"],
)  # fmt: skip
def test_nobody_is_written_to_whom_the_operator_did_not_name(
    inbox: tuple[Inbox, Mailer], to: str
) -> None:
    held, mailer = inbox
    letter = Letter(LETTER.id, to, LETTER.subject, LETTER.text, LETTER.at)
    assert not mailer.send(letter).delivered
    assert held.letters == []


def test_what_the_server_says_is_the_outcome(inbox: tuple[Inbox, Mailer]) -> None:
    held, mailer = inbox
    held.refusal = "451 later"
    assert mailer.send(LETTER).words == "SMTP 451"
    gone = Mailer("smtp://127.0.0.1:1", mailer.sender, mailer.domains)
    assert gone.send(LETTER).words.startswith("no delivery")
    two_lines = replace(LETTER, subject="a\nBcc: y@evil.example")
    assert mailer.send(two_lines).words == "no delivery: ValueError"


def test_a_server_that_drips_is_given_up() -> None:
    """Each of its lines is in time; the letter is not, and those behind it wait no longer."""

    def drip(listener: socket.socket) -> None:
        with suppress(OSError), listener.accept()[0] as client:
            while True:
                client.sendall(b"220-wait\r\n")
                time.sleep(0.02)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,), daemon=True)
        thread.start()
        server = f"smtp://127.0.0.1:{listener.getsockname()[1]}"
        mailer = Mailer(server, "huice@example.gov.cn", frozenset({"bank.example"}), 0.1)
        assert mailer.send(LETTER).words.startswith("no delivery")
        thread.join(10)
        assert not thread.is_alive()
