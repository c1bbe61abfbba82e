"""`POST /match` through gunicorn beside a bare Flask POST, for clients as they are.

A bank's register and a portal (see `bench_companies`): no two companies alike, none asked about
twice. The service is served with receipts and without, and beside it a bare application that takes
the same bodies and answers as many bytes; all three under the service's own gunicorn settings, in
turn, in many short rounds whose order turns round. What counts is the worker's processor time a
request, and its ratio within a round; the median of the rounds and their quartiles are told.

One worker each: connections that come together go to whichever worker wakes first, to one alone or
to both, and what a request takes depends on how many threads wait for each other there. A round is
short, since the machine's speed changes within seconds.
Usage: python -m scripts.bench_http RESULTS.json
"""

import compileall
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from typing import Any, TypeAlias
from zlib import crc32

from flask import Flask, Response, request

from scripts.bench_companies import bodies, portal, registry
from service.catalogue.loader import load_catalogue
from service.domain.rules.catalogue import Catalogue
from service.policy_files import load_source
from service.settings import read_settings

ROOT = Path(__file__).resolve().parent.parent
# What serves: its port, the seconds until it was ready, its first process.
Running: TypeAlias = AbstractContextManager[tuple[int, float, int]]
SECONDS = 1
ROUNDS = 7
CONNECTIONS = 16
# A large catalogue that nobody has read yet, on a busy machine.
MAX_START_SECONDS = 900
WARM = 300
# More requests than the service answers in a round; the bare application starts again.
POOL = 2_000
PATH = "/api/v1/match"
# wrk takes the next body for each request, and ends where there is none.
LUA = """
local bodies, at = {{}}, 0
for line in io.lines("{sent}") do bodies[#bodies + 1] = line end
local headers = {{["Content-Type"] = "application/json"}}
function request()
  at = at % #bodies + 1
  return wrk.format("POST", "{path}", headers, bodies[at])
end
"""


def bare(size: int) -> Flask:
    """The least that a Flask service can do: read JSON, answer `size` bytes of it."""
    app = Flask(__name__)
    answer = json.dumps({"pad": "x" * (size - len('{"pad": ""}'))})

    @app.post(PATH)
    def match() -> Response:
        request.get_json()
        return Response(answer, content_type="application/json")

    @app.get("/readyz")
    def ready() -> Response:
        return Response("{}", content_type="application/json")

    return app


def served(app: str, *options: str, **settings: str) -> Running:
    """A WSGI application under the service's gunicorn settings, but for what the options say."""
    gunicorn = Path(sys.executable).with_name("gunicorn")
    configuration = ["-c", "python:service.gunicorn_conf", "--log-level", "error"]
    return running(gunicorn, *configuration, *options, "--pythonpath", str(ROOT), app, **settings)


def service_served(**settings: str) -> Running:
    """The service as whoever installs it starts it."""
    return running(Path(sys.executable).with_name("huice"), "serve", **settings)


@contextmanager
def running(*command: str | Path, **settings: str) -> Iterator[tuple[int, float, int]]:
    """A command that serves on the port of its environment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    environment = {**os.environ, "PORT": str(port), "HUICE_WORK": "0", **settings}
    # As it is installed: pip compiles what it installs, whatever the environment says of byte code.
    compileall.compile_dir(ROOT / "service", quiet=1)
    start = time.monotonic()
    # The access log is written as in the service, a line a request, to a file.
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            wait_until_ready(port, process)
            yield port, time.monotonic() - start, process.pid
        finally:
            process.terminate()
            process.wait()


def wait_until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    """Returns once the service answers. Raises SystemExit if it ends or takes too long."""
    deadline = time.monotonic() + MAX_START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.02)
    raise SystemExit("the service did not start")


def post(port: int, body: bytes) -> bytes:
    """The answer to the sample request."""
    sample = urllib.request.Request(
        f"http://127.0.0.1:{port}{PATH}", data=body, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(sample, timeout=30) as answer:  # noqa: S310 - loopback
        found: bytes = answer.read()
        return found


def mean_bytes(port: int, sent: list[bytes]) -> int:
    """How many bytes a service answers on the average."""
    return sum(len(post(port, body)) for body in sent) // len(sent)


def load(port: int, bodies: list[bytes], parent: int) -> dict[str, float]:
    """What wrk counts over SECONDS, and the workers' processor time a request. Raises SystemExit if
    any answer is not 200."""
    with tempfile.TemporaryDirectory() as folder:
        sent, script = Path(folder) / "bodies.jsonl", Path(folder) / "post.lua"
        sent.write_bytes(b"\n".join(bodies))
        script.write_text(LUA.format(sent=sent, path=PATH))
        before = processor_s(parent)
        told = subprocess.run(
            ["wrk", "--latency", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", str(script),
             f"http://127.0.0.1:{port}{PATH}"],
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
    count = re.search(r"(\d+) requests in", told)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    late = {p: re.search(rf"{p}%\s+([\d.]+)(us|ms|s)\b", told) for p in (50, 99)}
    if (
        count is None
        or count[1] == "0"  # on a machine that is busier than a round is long
        or rate is None
        or not all(late.values())
        or "Non-2xx" in told
        or "Socket errors" in told
    ):
        raise SystemExit(told)
    units = {"us": 0.001, "ms": 1.0, "s": 1000.0}
    spent = (processor_s(parent) - before) / int(count[1])
    return {
        "requests_per_s": float(rate[1]),
        **{f"p{p}_ms": float(m[1]) * units[m[2]] for p, m in late.items() if m},
        "processor_ms": spent * 1000,
    }


def children_of(parent: int) -> list[str]:
    return Path(f"/proc/{parent}/task/{parent}/children").read_text().split()


def processor_s(parent: int) -> float:
    """The processor seconds that the workers have used, their own and the system's for them."""
    stats = [Path(f"/proc/{child}/stat").read_text() for child in children_of(parent)]
    ticks = sum(int(part) for stat in stats for part in stat.rpartition(")")[2].split()[11:13])
    return ticks / os.sysconf("SC_CLK_TCK")


def worker_mb(parent: int) -> float:
    """The resident memory of the largest worker, in MB."""
    told = [Path(f"/proc/{child}/status").read_text() for child in children_of(parent)]
    found = [re.search(r"VmRSS:\s+(\d+) kB", status) for status in told]
    return max(int(f[1]) for f in found if f) / 1024


# What is asked for, by name.
REQUESTS: dict[str, dict[str, Any]] = {
    "potential, statuses only": {"statuses": ["potential"], "detail": "statuses"},
    "potential in brief": {"statuses": ["potential"], "detail": "brief"},
    "potential in full": {"statuses": ["potential"]},
    "as asked by default": {},
}
KINDS = {"register": registry, "portal": portal}
BARE, MATCH, KEPT = "bare Flask", "match", "match with a receipt"


def bytes_and_receipts(database: Path) -> tuple[int, int]:
    """The size of a database file whose log is empty, and how many receipts it has."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        (count,) = connection.execute("SELECT count(*) FROM receipts").fetchone()
    return database.stat().st_size, count


def run_rounds(arms: dict[str, tuple[int, int]], new: Iterator[bytes]) -> list[dict[str, Any]]:
    """Rounds of the same load on several services, by their ports and processes; every second one
    backwards. Before them each has a round that does not count."""
    rounds = []
    for number in range(ROUNDS + 1):
        pool = list(islice(new, POOL))
        order = list(arms) if number % 2 else reversed(arms)
        rounds.append({name: load(arms[name][0], pool, arms[name][1]) for name in order})
    return rounds[1:]


def measure(catalogue: Catalogue, folder: Path) -> dict[str, Any]:
    """Each kind of request, of each client."""
    found: dict[str, Any] = {}
    service = partial(served, "service.wsgi:app", HUICE_WORKERS="1")
    kept = folder / f"{KEPT}.sqlite3"
    with ExitStack() as stack:
        arms = {}
        settings = {"HUICE_DATABASE": str(folder / "none.sqlite3"), "HUICE_RETENTION_DAYS": "0"}
        port, first, parent = stack.enter_context(service(**settings))
        arms[MATCH] = port, parent
        port, _, parent = stack.enter_context(service(HUICE_DATABASE=str(kept)))
        arms[KEPT] = port, parent
        before = bytes_and_receipts(kept)
        for client, companies in KINDS.items():
            for name, asked in REQUESTS.items():
                seed = crc32(f"{client} {name}".encode())
                new = bodies(companies(catalogue, WARM + (ROUNDS + 1) * POOL, seed), **asked)
                sent = list(islice(new, WARM))
                # Both are asked the same before: what is made when first shown counts against none.
                sizes = {arm: mean_bytes(port, sent) for arm, (port, _) in arms.items()}
                size = sizes[MATCH]
                app = f"scripts.bench_http:bare({size})"
                with served(app, HUICE_WORKERS="1") as (port, _, parent):
                    rounds = run_rounds({**arms, BARE: (port, parent)}, new)
                found[f"{client}: {name}"] = summarise(rounds) | {"answer_bytes": size}
                print(client, name, json.dumps(found[f"{client}: {name}"]), flush=True)
        after = bytes_and_receipts(kept)
        found["worker_mb"] = round(max(worker_mb(parent) for _, parent in arms.values()), 1)
    with service(**settings) as (_, again, _):
        found |= {"ready_s": round(first, 2), "ready_again_s": round(again, 2)}
    found["bytes_a_receipt"] = round((after[0] - before[0]) / (after[1] - before[1]))
    return found


def summarise(rounds: list[dict[str, dict[str, float]]]) -> dict[str, float]:
    """The medians of the rounds; of what is compared within each, the quartiles too."""
    told = {
        f"{name}: {key}": round(median(r[name][key] for r in rounds), 3)
        for name in rounds[0]
        for key in rounds[0][name]
    }
    cost = [{name: r[name]["processor_ms"] for name in r} for r in rounds]
    compared = {
        "ratio": [c[BARE] / c[MATCH] for c in cost],
        "ratio with a receipt": [c[BARE] / c[KEPT] for c in cost],
        "a receipt adds, of a bare POST": [(c[KEPT] - c[MATCH]) / c[BARE] for c in cost],
    }
    for name, values in compared.items():
        lower, middle, upper = quantiles(values, n=4, method="inclusive")
        told |= {name: round(middle, 3), f"{name}, lower quartile": round(lower, 3)}
        told[f"{name}, upper quartile"] = round(upper, 3)
    return told


def main() -> None:
    """Measure, print, write down."""
    os.environ.pop("HUICE_RETENTION_DAYS", None)
    catalogue = load_catalogue(load_source(read_settings()))
    with tempfile.TemporaryDirectory() as folder:
        results = measure(catalogue, Path(folder))
    Path(sys.argv[1]).write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
