"""Who sent a request is said by the proxies that the operator counts, and by nobody else."""

import socket

import pytest
from gunicorn.config import Config

from service.serving.client_connection import ClientConnection

CLIENT = ("10.0.0.9", 1234)


@pytest.mark.parametrize(
    ("proxies", "told", "sender"),
    [
        (0, ["203.0.113.7"], "10.0.0.9"),
        (1, ["203.0.113.7"], "203.0.113.7"),
        (1, ["forged", "198.51.100.1, 203.0.113.7"], "203.0.113.7"),
        (2, ["forged, 203.0.113.7", "10.0.0.8"], "203.0.113.7"),
        (2, ["203.0.113.7"], "10.0.0.9"),
        (1, [], "10.0.0.9"),
    ],
)
def test_a_sender_is_whom_the_outermost_of_our_proxies_saw(
    proxies: int, told: list[str], sender: str
) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        connection = ClientConnection(Config(), ours, CLIENT, CLIENT, lambda _: 1_000)
        lines = "".join(f"x-Forwarded-For: {value}\r\n" for value in told)
        head = f"POST / HTTP/1.1\r\nHost: a\r\n{lines}Content-Length: 40\r\n\r\n"
        connection.framer.feed(head.encode() + b"\r\nX-Forwarded-For: of the body, no head\r\n")
        assert connection.find_sender(proxies) == sender
