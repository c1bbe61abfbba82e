"""Where the processor time of one `POST /match` goes inside the process, step by step.

Requests come as the bytes that a client sends and leave as the bytes that go to the socket: no
sockets, no other process, no two companies alike, none asked twice. Each step is a function whose
time is taken without that of the steps inside it; what timing itself costs is measured beforehand
and taken off. Beside it stands a bare Flask POST, as gunicorn's parser and writer hand it on.
Processor microseconds, means over CALLS requests after WARM others, the median of ROUNDS; the
access log goes to standard error, as in the service.
Usage: python -m scripts.bench_request RESULTS.json 2> ACCESS.log
"""

import gc
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import islice
from pathlib import Path
from statistics import median
from time import thread_time_ns
from types import SimpleNamespace
from typing import Any

from flask import Flask
from gunicorn.config import Config
from gunicorn.http.parser import RequestParser
from gunicorn.http.wsgi import create

from scripts.bench_companies import bodies, portal, registry
from scripts.bench_http import PATH, bare
from service.faces import api_context
from service.serving.plain_requests import PlainRequests

CALLS = 300
ROUNDS = 5
WARM = 1500
CLIENT, SERVER = ("127.0.0.1", 40000), ("127.0.0.1", 8000)
DETAILS = ("statuses", "brief", "full")
# Step, and the functions that do it: a module and a name in it, of a class or imported.
STEPS = {
    "head of the request read": ("service.serving.plain_requests:PlainRequests.environ_of",),
    "answer's bytes": ("service.serving.plain_requests:PlainRequests.answer",),
    "request id, headers": ("service.api.middleware:RequestMiddleware.__call__",),
    "log and metrics": ("service.api.middleware:record_request",),
    "who asks, limit": ("service.api.direct_match:find_match_principal",),
    "JSON": ("service.api.direct_match:read_json",),
    "request around the profile": ("service.intake.requests:RequestReader.read",),
    "profile": ("service.intake.profiles:ProfileReader.read_stated",),
    "stand-ins and notices": ("service.intake.profiles:ProfileReader.complete",),
    "implied facts": (
        "service.intake.profiles:with_implied",
        "service.intake.profiles:contradicted_implications",
    ),
    "conflicts of certificates": ("service.usecases.matching:find_conflicts",),
    "impossible figures": ("service.usecases.matching:find_implausible",),
    "warnings": (
        "service.usecases.matching:conflict_warnings",
        "service.usecases.matching:certificate_warnings",
        "service.usecases.matching:parameter_warnings",
    ),
    "titles to apply for": ("service.usecases.matching:hints_json",),
    "index": (
        "service.domain.index.status_index:StatusIndex.truths_of",
        "service.domain.index.status_index:StatusIndex.by_status",
    ),
    "matches": ("service.compiled.match_writer:MatchWriter.match",),
    "matches written": ("service.compiled.match_writer:MatchWriter.write",),
    "facts worth asking": ("service.compiled.decisive.open_facts:OpenFacts.decisive",),
    "questions": ("service.compiled.question_writer:QuestionWriter.write",),
    "points left open": ("service.compiled.left_open:LeftOpen.shared",),
    "best combination": ("service.compiled.match_answers:best_combination",),
    "combination written": ("service.compiled.match_answers:combination_json",),
    "unlikely facts": ("service.compiled.match_answers:unlikely_facts",),
    "rest of the answer": ("service.domain.steps:took_step",),
}
OTHER = "everything else"


class StepTimes:
    """Takes the time of steps, each without those inside it."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self._inner = [0]
        self._cost = 0
        self._calibrate()

    def _calibrate(self) -> None:
        work = self.timed("nothing", lambda: None)
        for _ in range(20_000):
            start = thread_time_ns()
            work()
            self.spent["calls"] += thread_time_ns() - start
        self._cost = self.spent["calls"] // 20_000
        self._own = self.spent["nothing"] // 20_000
        self.spent.clear()

    def timed(self, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        spent, inner = self.spent, self._inner

        def call(*args: Any, **kwargs: Any) -> Any:
            before, inner[0] = inner[0], 0
            start = thread_time_ns()
            try:
                return function(*args, **kwargs)
            finally:
                took = thread_time_ns() - start
                spent[step] += took - inner[0] - self._own_cost
                inner[0] = before + took + self._around

        return call

    _own_cost = _around = 0

    def settle(self) -> None:
        """From now on what timing costs is taken off."""
        self._own_cost, self._around = self._own, self._cost - self._own


def patch(times: StepTimes, step: str, place: str) -> None:
    """Have a function's time taken."""
    module, _, name = place.partition(":")
    owner: Any = import_module(module)
    *outer, last = name.split(".")
    for part in outer:
        owner = getattr(owner, part)
    setattr(owner, last, times.timed(step, getattr(owner, last)))


def request_of(body: bytes) -> bytes:
    """The bytes that a client sends."""
    return (
        b"POST %b HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (PATH.encode(), len(body), body)
    )


def answer_to(plain: PlainRequests, app: Any, request: bytes) -> bytes:
    """The answer as the service's worker makes it. Raises SystemExit unless it is a 200."""
    environ = plain.environ_of(request, CLIENT, SERVER)
    assert environ is not None
    answer = plain.answer(app, environ, keep=plain.wants_more(environ))
    if not answer.startswith(b"HTTP/1.1 200"):
        raise SystemExit(answer[:400])
    return answer


def answer_bare(config: Config, app: Flask, request: bytes) -> None:
    """The same of a bare application, by gunicorn's own parser and writer."""
    parsed = next(RequestParser(config, iter([request]), CLIENT))
    socket: Any = SimpleNamespace(sendall=len)
    response, environ = create(parsed, socket, CLIENT, SERVER, config)
    start: Any = response.start_response
    for part in app(dict(environ), start):
        response.write(part)
    response.close()


def mean(work: Callable[[bytes], object], requests: list[bytes]) -> float:
    """Processor microseconds a request."""
    start = thread_time_ns()
    for request in requests:
        work(request)
    return (thread_time_ns() - start) / 1000 / len(requests)


def measure(app: Flask, catalogue: Any, client: Any, detail: str) -> Callable[[], Any]:
    """One kind of request: warmed up; a call takes one round."""
    drawn: Iterator[bytes] = map(
        request_of,
        bodies(
            client(catalogue, WARM + 2 * ROUNDS * CALLS, 31),
            statuses=["potential"],
            **({} if detail == "full" else {"detail": detail}),
        ),
    )
    config = Config()
    plain = PlainRequests(config)
    size = 0
    for request in islice(drawn, WARM):
        size += len(answer_to(plain, app, request))
    flask = bare(size // WARM - 250)

    def round_() -> tuple[float, float]:
        requests = list(islice(drawn, CALLS))
        return (
            mean(lambda r: answer_to(plain, app, r), requests),
            mean(lambda r: answer_bare(config, flask, r), requests),
        )

    return round_


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
        service.compiled.warm()
        app, catalogue = create_app(api_context(service)), service.compiled.catalogue
        asked_for = {
            f"{client.__name__}, {detail}": measure(app, catalogue, client, detail)
            for client in (portal, registry)
            for detail in DETAILS
        }
        gc.collect()
        gc.freeze()
        whole = {name: [one() for _ in range(ROUNDS)] for name, one in asked_for.items()}
        times = StepTimes()
        times.settle()
        globals()["answer_to"] = times.timed(OTHER, answer_to)
        for step, places in STEPS.items():
            for place in places:
                patch(times, step, place)
        found = {}
        for name, one in asked_for.items():
            rounds = []
            for _ in range(ROUNDS):
                times.spent.clear()
                one()
                rounds.append(dict(times.spent))
            steps = {s: median(r.get(s, 0) for r in rounds) / 1000 / CALLS for s in (*STEPS, OTHER)}
            ours, least = (median(r[i] for r in whole[name]) for i in range(2))
            steps["steps together"] = sum(steps.values())
            found[name] = {"all": ours, "bare Flask": least, "ratio": least / ours} | steps
    Path(sys.argv[1]).write_text(json.dumps(found, indent=1))
    print_table(found)


def print_table(found: dict[str, dict[str, float]]) -> None:
    print("|  |", " | ".join(found), "|")
    print("| --- |" + " --- |" * len(found))
    for step in next(iter(found.values())):
        digits = 2 if step == "ratio" else 0
        print("|", step, "|", " | ".join(f"{of[step]:.{digits}f}" for of in found.values()), "|")


if __name__ == "__main__":
    main()
