"""What one `POST /match` costs inside the process, piece by piece: no sockets, no other process.

Pieces are timed alone, or as what is saved without them, all in rounds; processor microseconds, the
median of the rounds' medians. Answers are made for companies that were never asked about, after
WARM others. The access log goes to standard error, as in the service.
Usage: python -m scripts.bench_request RESULTS.json 2> ACCESS.log
"""

import gc
import io
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from time import process_time_ns
from typing import Any

from flask import Flask

from scripts.bench_companies import bodies as requests_of
from scripts.bench_companies import registry
from scripts.bench_http import PATH, bare
from service.api.middleware import IDENTITY
from service.usecases.matching import answer_request

CALLS = 100
ROUNDS = 7
WARM = 2000
SIZE = 16_000
WITHOUT = "match with an answer at hand"
_ELSEWHERE = bytes(4 << 20)


def environment(body: bytes) -> dict[str, Any]:
    """A request as gunicorn hands it on."""
    return {
        "REQUEST_METHOD": "POST", "PATH_INFO": PATH, "SCRIPT_NAME": "", "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", "HTTP_HOST": "127.0.0.1:8000",
        "SERVER_PROTOCOL": "HTTP/1.1", "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)), "wsgi.url_scheme": "http", "wsgi.version": (1, 0),
        "wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True, "wsgi.errors": sys.stderr,
        "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip


def timed(work: Callable[[], object], before: Callable[[], object] = int) -> float:
    """Microseconds a call, the median of CALLS; what is done `before` each does not count."""
    times = []
    for _ in range(CALLS):
        before()
        start = process_time_ns()
        work()
        times.append((process_time_ns() - start) / 1000)
    return median(times)


def post(app: Any, bodies: Iterator[bytes]) -> Callable[[], object]:
    """A call that sends the next body and takes the answer in; SystemExit unless it is a 200."""

    def heard(status: str, _headers: object, _error: object = None) -> None:
        if not status.startswith("200"):
            raise SystemExit(status)

    return lambda: b"".join(app(environment(next(bodies)), heard))


def cold() -> int:
    """Reads as much memory as the processor's own caches hold: what was in them is out."""
    return sum(_ELSEWHERE[::64])


class Ready:
    """Matching that has its answer beforehand: what is left is the work around it."""

    def match(self, _raw: object, _who: object, _trace: str) -> bytes:
        return b'"%b"' % (b"x" * SIZE)


def pieces(app: Flask, around: Flask, service: Any, new: Iterator[bytes]) -> dict[str, float]:
    """One round: each piece's microseconds."""
    bodies = list(islice(new, CALLS))
    shell = post(around, cycle(bodies))
    reader, day = service.compiled.requests, service.clock.today()
    given = map(reader.read, [json.loads(body) for body in islice(new, CALLS)])
    requests, read = iter(list(given)), cycle(json.loads(body) for body in bodies)
    found = {
        "bare Flask": timed(post(bare(SIZE), cycle(bodies))),
        "bare Flask, cold": timed(post(bare(SIZE), cycle(bodies)), cold),
        "match, all of it": timed(post(app, iter(bodies))),
        "match, cold": timed(post(app, islice(new, CALLS)), cold),
        WITHOUT: timed(shell),
        "the answer alone": timed(lambda: answer_request(service.compiled, next(requests), day)),
        "reading the profile": timed(lambda: reader.read(next(read))),
    }
    envelope = around.wsgi_app
    inside: Any = identified(envelope._application)  # type: ignore[attr-defined]  # noqa: SLF001
    around.wsgi_app = inside  # type: ignore[method-assign]
    found["request id, headers, log, metrics"] = found[WITHOUT] - timed(shell)
    around.wsgi_app = envelope  # type: ignore[method-assign]
    return found


def identified(application: Any) -> Callable[[dict[str, Any], Any], Any]:
    """An application without what goes round it but the id, which it reads."""

    def call(environ: dict[str, Any], start: Any) -> Any:
        environ[IDENTITY] = "0123456789abcdef"
        return application(environ, start)

    return call


def main() -> None:
    """Measure, print, write down."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"PROMETHEUS_MULTIPROC_DIR": folder, "HUICE_RETENTION_DAYS": "0",
                       "HUICE_DATABASE": str(Path(folder) / "huice.sqlite3")}  # fmt: skip
        # Imported late: the metrics look for their folder when they are.
        from service.api.factory import create_app  # noqa: PLC0415
        from service.app import open_services  # noqa: PLC0415
        from service.serving.logs import configure_logging  # noqa: PLC0415
        from service.settings import read_settings  # noqa: PLC0415

        configure_logging("INFO")
        service = open_services(read_settings())
        ready: Any = Ready()
        app, around = create_app(service), create_app(replace(service, matching=ready))
        drawn = registry(service.compiled.catalogue, WARM + 3 * CALLS * ROUNDS)
        new = requests_of(drawn, statuses=["potential"])
        ask = post(app, new)
        for _ in range(WARM):
            ask()
        gc.collect()
        gc.freeze()
        rounds = [pieces(app, around, service, new) for _ in range(ROUNDS)]
    found = {name: round(median(r[name] for r in rounds), 1) for name in rounds[0]}
    Path(sys.argv[1]).write_text(json.dumps(found, indent=1))
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
