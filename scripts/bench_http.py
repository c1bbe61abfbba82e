"""`POST /match` through gunicorn beside a bare Flask POST, for clients as they are.

A bank's register and a portal (see `bench_companies`): no two companies alike, none asked about
twice. The bare application takes the same bodies and answers as many bytes; all run under the
service's own gunicorn settings, in turn, several rounds. What counts is the workers' processor time
a request: other work on the machine disturbs it less than the clock.
Usage: python -m scripts.bench_http RESULTS.json
"""

import compileall
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask, Response, request

from scripts.bench_companies import bodies, portal, registry
from service.catalogue.loader import load_catalogue
from service.domain.rules.catalogue import Catalogue
from service.policy_files import load_source
from service.settings import read_settings

HERE = Path(__file__).resolve().parent
SECONDS = 3
ROUNDS = 3
CONNECTIONS = 16
# A large catalogue that nobody has read yet, on a busy machine.
MAX_START_SECONDS = 900
WARM = 300
# More requests than the service answers in a round; the bare application starts again.
POOL = 5_000
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


@contextmanager
def served(app: str, *options: str, **settings: str) -> Iterator[tuple[int, float, int]]:
    """A WSGI application under the service's gunicorn settings, but for what the options say: its
    port, the seconds until it was ready, and gunicorn's process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    environment = {**os.environ, "PORT": str(port), "HUICE_WORK": "0", **settings}
    gunicorn = Path(sys.executable).with_name("gunicorn")
    configuration = ["-c", "python:service.gunicorn_conf", "--log-level", "error"]
    # As it is installed: pip compiles what it installs, whatever the environment says of byte code.
    compileall.compile_dir(HERE.parent / "service", quiet=1)
    start = time.monotonic()
    # The access log is written as in the service, a line a request, to a file.
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [gunicorn, *configuration, *options, "--pythonpath", str(HERE.parent), app],
            env=environment, stderr=log,
        )  # fmt: skip
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
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    late = {p: re.search(rf"{p}%\s+([\d.]+)(us|ms|s)\b", told) for p in (50, 99)}
    if rate is None or not all(late.values()) or "Non-2xx" in told or "Socket errors" in told:
        raise SystemExit(told)
    units = {"us": 0.001, "ms": 1.0, "s": 1000.0}
    spent = (processor_s(parent) - before) / (float(rate[1]) * SECONDS)
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


def requests_by_name(client: str, kept: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is asked for, by name; with receipts only what they cost beside."""
    least = {"statuses": ["potential"]}
    yield f"{client}: potential in full", least
    if not kept:
        yield f"{client}: potential in brief", {**least, "detail": "brief"}
        yield f"{client}: potential, statuses only", {**least, "detail": "statuses"}
        yield f"{client}: as asked by default", {}


def measure(catalogue: Catalogue, kept: bool, folder: str) -> dict[str, Any]:
    """The rounds of one service, with receipts or without, each beside the bare application."""
    ours, bare_ = "service.wsgi:app", "scripts.bench_http:bare"
    data = {"HUICE_DATABASE": str(Path(folder) / f"{kept}.sqlite3")}
    if not kept:
        data["HUICE_RETENTION_DAYS"] = "0"
    found: dict[str, Any] = {}
    with served(ours, **data) as (port, ready, parent):
        for client, companies in (("register", registry), ("portal", portal)):
            for name, request in requests_by_name(client, kept):
                seed = hash((name, kept)) % 1_000_003
                new = bodies(companies(catalogue, WARM + ROUNDS * POOL, seed), **request)
                size = sum(len(post(port, body)) for body in islice(new, WARM)) // WARM
                with served(f"{bare_}({size})", **data) as (bare_port, _, least):
                    rounds = [
                        {
                            "match": load(port, pool, parent),
                            "bare Flask": load(bare_port, pool, least),
                        }
                        for pool in (list(islice(new, POOL)) for _ in range(ROUNDS))
                    ]
                found[name] = summed(rounds) | {"answer_bytes": size}
        found["worker_mb"] = round(worker_mb(parent), 1)
        found["ready_s"] = round(ready, 2)
    return found


def summed(rounds: list[dict[str, dict[str, float]]]) -> dict[str, float]:
    """The medians of the rounds, and the ratio to the bare application in each."""
    ratios = [r["bare Flask"]["processor_ms"] / r["match"]["processor_ms"] for r in rounds]
    told = {key: median(r["match"][key] for r in rounds) for key in rounds[0]["match"]}
    told["bare_processor_ms"] = median(r["bare Flask"]["processor_ms"] for r in rounds)
    told["processor_ratio"] = median(ratios)
    return {key: round(value, 3) for key, value in told.items()}


def main() -> None:
    """Measure, print, write down."""
    catalogue = load_catalogue(load_source(read_settings()))
    with tempfile.TemporaryDirectory() as folder:
        results = {
            "without receipts": measure(catalogue, False, folder),
            "with receipts": measure(catalogue, True, folder),
        }
    Path(sys.argv[1]).write_text(json.dumps(results, indent=1))
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
