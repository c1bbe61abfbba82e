"""`POST /match` through gunicorn, with and without durable receipts, against a bare Flask POST.

Every request is of another company: none is asked about twice, after WARM others. The bare
application takes the same bodies and answers as many bytes; all run under the service's own
gunicorn settings, in turn, several rounds, so that a busy machine slows all alike. The workers'
processor time a request is told beside, which other work on the machine disturbs less.
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
from random import Random
from statistics import median
from typing import Any

from flask import Flask, Response, request

HERE = Path(__file__).resolve().parent
SECONDS = 4
ROUNDS = 3
CONNECTIONS = 16
WARM = 2000
# More requests than any of them answers in a round.
POOL = 30_000
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
def served(app: str, **settings: str) -> Iterator[tuple[int, float, int]]:
    """A WSGI application under the service's gunicorn settings: its port, the seconds until it was
    ready, and gunicorn's process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    environment = {**os.environ, "PORT": str(port), **settings}
    gunicorn = Path(sys.executable).with_name("gunicorn")
    configuration = ["-c", "python:service.gunicorn_conf", "--log-level", "error"]
    start = time.monotonic()
    # The access log is written as in the service, a line a request, to a file.
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [gunicorn, *configuration, "--pythonpath", str(HERE.parent), app],
            env=environment, stderr=log,
        )  # fmt: skip
        try:
            wait_until_ready(port, process)
            yield port, time.monotonic() - start, process.pid
        finally:
            process.terminate()
            process.wait()


def wait_until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    """Returns once the service answers. Raises SystemExit if it ends or takes 60 seconds."""
    deadline = time.monotonic() + 60
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


def companies(sample: dict[str, Any], count: int) -> Iterator[bytes]:
    """Requests for companies like the sample, each with facts and figures of its own."""
    random = Random(7)  # noqa: S311 - repeatable on purpose
    sample["statuses"] = ["potential"]
    company = sample["profile"]["company"]
    project = sample["profile"]["projects"][0]
    for _ in range(count):
        company |= {
            "registered_region": random.choice(["310115", "310112", "310104", "310101"]),
            "industry": random.choice(["C39", "C35", "C27", "I65", "M73"]),
            "fields": [
                random.choice(["embodied_intelligence", "quantum_technology", "humanoid_robots"])
            ],
            "stage": random.choice(["seed", "startup", "growth"]),
            "founded_on": f"{random.randint(2008, 2025)}-{random.randint(1, 12):02}-01",
            "employees": random.randint(5, 900),
            "revenue": f"{random.randint(1, 9000)}0000.00",
            "total_assets": f"{random.randint(100, 9000)}0000.00",
        }
        project["contract_amount"] = f"{random.randint(100, 9000)}0000.00"
        yield json.dumps(sample).encode()


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
    slow = re.search(r"99%\s+([\d.]+)(us|ms|s)\b", told)
    if rate is None or slow is None or "Non-2xx" in told or "Socket errors" in told:
        raise SystemExit(told)
    unit = {"us": 0.001, "ms": 1.0, "s": 1000.0}[slow[2]]
    spent = (processor_s(parent) - before) / (float(rate[1]) * SECONDS)
    return {
        "requests_per_s": float(rate[1]),
        "p99_ms": float(slow[1]) * unit,
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


def main() -> None:
    """Measure, print, write down."""
    # As it is installed: pip compiles what it installs, whatever the environment says of byte code.
    compileall.compile_dir(HERE.parent / "service", quiet=1)
    sample: dict[str, Any] = json.loads((HERE / "bench_request.json").read_bytes())
    new = companies(sample, WARM + ROUNDS * POOL)
    warm = list(islice(new, WARM))
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        data = str(Path(folder) / "huice.sqlite3")
        ours, bare_ = "service.wsgi:app", "scripts.bench_http:bare"
        with (
            served(ours, HUICE_DATABASE=data) as (with_port, ready, parent),
            served(ours, HUICE_DATABASE=f"{data}2", HUICE_RETENTION_DAYS="0") as (port, _, other),
        ):
            size = sum(len(post(port, body)) for body in warm) // WARM
            for body in warm:
                post(with_port, body)
            with served(f"{bare_}({size})", HUICE_DATABASE=data) as (bare_port, _, least):
                ports = {
                    "bare Flask": (bare_port, least),
                    "match": (port, other),
                    "match and receipt": (with_port, parent),
                }
                rounds = []
                for _ in range(ROUNDS):
                    bodies = list(islice(new, POOL))
                    rounds.append(
                        {name: load(at, bodies, process) for name, (at, process) in ports.items()}
                    )
            results["worker_mb"] = round(worker_mb(parent), 1)
    for name in ports:
        results[name] = {k: median(r[name][k] for r in rounds) for k in rounds[0][name]}
        ratios = [r[name]["requests_per_s"] / r["bare Flask"]["requests_per_s"] for r in rounds]
        results[name]["ratio"] = round(median(ratios), 3)
        spent = [r["bare Flask"]["processor_ms"] / r[name]["processor_ms"] for r in rounds]
        results[name]["processor_ratio"] = round(median(spent), 3)
    results |= {"answer_bytes": size, "ready_s": round(ready, 2)}
    Path(sys.argv[1]).write_text(json.dumps(results, indent=1))
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
