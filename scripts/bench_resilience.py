"""What a request pays for a service that stays up: each protection in turn taken out of one worker.

One worker of ours answers the same requests with all protections and without one of them, or
without any, in short rounds side by side: both are answered by one process with one layout of its
memory. What counts is that process's own processor time a request, and the ratio of the two rounds.
Requests are taken in whole either way, and logged: beside strict framing stands the least that
finds the end of a sound request, beside the log that waits for nobody one that is written at once.
Usage: python -m scripts.bench_resilience RESULTS.json
"""

import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from scripts.bench_companies import bodies, registry
from scripts.bench_http import CONNECTIONS, PATH, WARM, post, served
from service.api import direct_match
from service.catalogue.loader import load_catalogue
from service.policy_files import load_source
from service.serving.buffering_worker import BufferingWorker
from service.serving.client_connection import ClientConnection
from service.serving.connection_loop import ConnectionLoop
from service.serving.framing import RequestFramer
from service.serving.grouped_requests import GroupedRequests, _Group
from service.serving.logs import LogWriter
from service.settings import read_settings
from service.storage.database_files import DatabaseFiles
from service.storage.gate import WriteGate

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ROUNDS = 15
# Of a round; so many at a time, each on a connection of its own.
ASKED = 4 * CONNECTIONS
COMPANIES = 2_048
SWITCH = "/switch/"
REQUESTS: dict[str, tuple[dict[str, Any], str]] = {
    "statuses only, no receipt": ({"statuses": ["potential"], "detail": "statuses"}, "0"),
    "in full, with a receipt": ({"statuses": ["potential"]}, "365"),
}
_LENGTH = re.compile(rb"\r\ncontent-length: ([0-9]+)", re.IGNORECASE)


def _nothing(*_: Any, **__: Any) -> None:
    """In the place of a check."""


def _end_by_length(self: RequestFramer) -> bool:
    """The end of a request that is sound, found by the length that it says."""
    at = self.buffer.find(b"\r\n\r\n")
    if at < 0:
        return False
    length = _LENGTH.search(self.buffer, 0, at + 2)
    self.path = bytes(self.buffer[: self.buffer.find(b"\r")].split(b" ")[1])
    self._end = at + 4 + (int(length[1]) if length else 0)
    self.in_body = True
    return True


def _work_for_anybody(self: BufferingWorker, connection: ClientConnection) -> None:
    is_plain = connection.framer.path in self.wsgi.plain_paths  # type: ignore[attr-defined]
    connection.take_request(plain=is_plain)
    if is_plain:
        self._grouped.put("", connection)
    else:
        self._submit(self.tpool, connection)


def _wait_for_ever(self: ClientConnection, state: Any, _seconds: float) -> None:
    self.state, self.deadline = state, float("inf")


def _turn_to(self: "_Group[Any]", sender: str) -> float:
    self.sender, self.since = sender, float("inf")  # no step takes long
    return self.since


def _write_at_once(_self: LogWriter, line: bytes) -> None:
    os.write(2, line + b"\n")


@contextmanager
def _threads_alone(self: WriteGate) -> Iterator[None]:
    with self._lock:
        yield


# What stands in the place of what, by the name of a protection.
PROTECTIONS: dict[str, list[tuple[Any, str, Callable[..., Any]]]] = {
    "deadlines": [
        (ClientConnection, "_wait", _wait_for_ever),
        (ClientConnection, "begin_work", _nothing),
        (ConnectionLoop, "murder_keepalived", _nothing),
    ],
    "limits of a sender, queues of what is dear": [
        (BufferingWorker, "_work", _work_for_anybody),
        (BufferingWorker, "_end_work", ConnectionLoop._send_answer),  # noqa: SLF001
    ],
    "turns, and what takes long": [
        (_Group, "turn_to", _turn_to),
        (_Group, "spend", _nothing),
        (_Group, "has_had_share", lambda *_: False),
        (_Group, "may_begin", lambda *_: True),
        (GroupedRequests, "_leaves", lambda *_: False),
        (GroupedRequests, "look", _nothing),
    ],
    "sizes": [
        (ConnectionLoop, "_reckon", _nothing),
        (ConnectionLoop, "_body_limit", lambda *_: 1 << 60),
    ],
    "framing, with the hosts in it": [(RequestFramer, "_read_headers", _end_by_length)],
    "hosts answered": [(direct_match, "get_host", _nothing)],
    "a log that waits for nobody": [(LogWriter, "put", _write_at_once)],
    "looks at the database": [
        (DatabaseFiles, name, _nothing)
        for name in ("check_place", "check_file", "check_beside", "check_log")
    ],
    "the gate of processes that write": [(WriteGate, "hold", _threads_alone)],
}
ALL = "all of them"
_KEPT = {
    (where, name): getattr(where, name)
    for parts in PROTECTIONS.values()
    for where, name, _ in parts
}


def switch(off: str) -> float:
    """Have the protections of a name taken out, and no others; the processor seconds that this
    process has had."""
    for (where, name), kept in _KEPT.items():
        setattr(where, name, kept)
    for part in PROTECTIONS if off == ALL else (off,):
        for where, name, instead in PROTECTIONS.get(part, ()):
            setattr(where, name, instead)
    return time.process_time()


class SwitchedApplication:
    """The service, whose protections can be told to stay away."""

    def __init__(self) -> None:
        # Prepared by gunicorn's first process.
        from service.wsgi import app  # noqa: PLC0415

        self._app, self.plain_paths, self.warm = app, app.plain_paths, app.warm

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if not path.startswith(SWITCH):
            return self._app(environ, start_response)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [str(switch(path.removeprefix(SWITCH))).encode()]


class Clients:
    """Some that ask at the same time, on connections that stay."""

    def __init__(self, port: int, new: Iterator[bytes]) -> None:
        self._connections = [
            HTTPConnection("127.0.0.1", port, timeout=600) for _ in range(CONNECTIONS)
        ]
        self._new = new

    def switch(self, off: str) -> float:
        """What the worker says of its processor time, and goes on without."""
        self._connections[0].request("GET", SWITCH + quote(off))
        return float(self._connections[0].getresponse().read())

    def ask(self, pool: list[bytes]) -> None:
        """Raises SystemExit where any answer is not 200."""
        for start in range(0, len(pool), CONNECTIONS):
            for connection, body in zip(self._connections, pool[start:], strict=False):
                connection.request("POST", PATH, body, {"Content-Type": "application/json"})
            for connection in self._connections:
                answer = connection.getresponse()
                content = answer.read()
                if answer.status != 200:
                    raise SystemExit(f"answered {answer.status}: {content.decode()}")

    def cost(self, off: str, pool: list[bytes]) -> float:
        """Milliseconds of the processor that a request takes without something."""
        before = self.switch(off)
        self.ask(pool)
        return (self.switch("") - before) / len(pool) * 1000

    def measure(self) -> dict[str, dict[str, float]]:
        """Of each protection what it adds to a request, with it beside without it in every round,
        whose order turns round."""
        found: dict[str, list[tuple[float, float]]] = {}
        for number in range(ROUNDS):
            for off in (*PROTECTIONS, ALL):
                pool = list(islice(self._new, ASKED))
                order = ("", off) if number % 2 else (off, "")
                taken = {name: self.cost(name, pool) for name in order}
                found.setdefault(off, []).append((taken[""], taken[off]))
        return {off: summarise(pairs) for off, pairs in found.items()}


def summarise(pairs: list[tuple[float, float]]) -> dict[str, float]:
    """Medians and the least of the rounds, which a busy machine disturbs least; and the quartiles
    of what is added, in hundredths."""
    lower, middle, upper = quantiles([100 * (a / b - 1) for a, b in pairs], n=4, method="inclusive")
    return {
        "with_ms": round(median(a for a, _ in pairs), 4),
        "without_ms": round(median(b for _, b in pairs), 4),
        "least_with_ms": round(min(a for a, _ in pairs), 4),
        "least_without_ms": round(min(b for _, b in pairs), 4),
        "adds_percent": round(middle, 1),
        "lower_quartile": round(lower, 1),
        "upper_quartile": round(upper, 1),
    }


def main() -> None:
    """Measure, print, write down."""
    catalogue = load_catalogue(load_source(read_settings()))
    results = {}
    for name, (request, days) in REQUESTS.items():
        with tempfile.TemporaryDirectory() as folder:
            settings = {
                "HUICE_DATABASE": f"{folder}/huice.sqlite3",
                "HUICE_RETENTION_DAYS": days,
                "HUICE_WORKERS": "1",
                "HUICE_TRUSTED_HOSTS": "huice.example",
            }
            app = "scripts.bench_resilience:SwitchedApplication()"
            with served(app, **settings) as (port, _, _):
                new = cycle(list(bodies(registry(catalogue, COMPANIES, 17), **request)))
                for body in islice(new, WARM):
                    post(port, body)
                results[name] = Clients(port, new).measure()
        print(name, json.dumps(results[name], indent=1), flush=True)
    Path(sys.argv[1]).write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
