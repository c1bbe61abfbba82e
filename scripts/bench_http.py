"""`POST /match` through gunicorn, with and without durable receipts, against a bare Flask POST.

The bare application takes the same body and answers as many bytes; all run under the service's own
gunicorn settings, in turn, several rounds, so that a busy machine slows all alike.
Usage: python -m scripts.bench_http RESULTS.json
"""

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
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask, Response, request

HERE = Path(__file__).resolve().parent
SECONDS = 4
ROUNDS = 3
CONNECTIONS = 16
PATH = "/api/v1/match"


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
    process = subprocess.Popen(
        [gunicorn, *configuration, "--pythonpath", str(HERE.parent), app], env=environment
    )
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


def load(port: int, body: bytes) -> dict[str, float]:
    """What wrk counts over SECONDS. Raises SystemExit if any answer is not 200."""
    with tempfile.TemporaryDirectory() as folder:
        sent, script = Path(folder) / "body.json", Path(folder) / "post.lua"
        sent.write_bytes(body)
        script.write_text(
            f'wrk.method, wrk.body = "POST", io.open("{sent}"):read("*a")\n'
            'wrk.headers["Content-Type"] = "application/json"\n'
        )
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
    return {"requests_per_s": float(rate[1]), "p99_ms": float(slow[1]) * unit}


def worker_mb(parent: int) -> float:
    """The resident memory of the largest worker, in MB."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    told = [Path(f"/proc/{child}/status").read_text() for child in children]
    found = [re.search(r"VmRSS:\s+(\d+) kB", status) for status in told]
    return max(int(f[1]) for f in found if f) / 1024


def main() -> None:
    """Measure, print, write down."""
    sample: dict[str, Any] = json.loads((HERE / "bench_request.json").read_bytes())
    body = json.dumps({**sample, "statuses": ["potential"]}).encode()
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        data = str(Path(folder) / "huice.sqlite3")
        ours, bare_ = "service.wsgi:app", "scripts.bench_http:bare"
        with (
            served(ours, HUICE_DATABASE=data) as (with_port, ready, parent),
            served(ours, HUICE_DATABASE=f"{data}2", HUICE_RETENTION_DAYS="0") as (port, _, _),
        ):
            size = len(post(port, body))
            with served(f"{bare_}({size})", HUICE_DATABASE=data) as (bare_port, _, _):
                ports = {"bare Flask": bare_port, "match": port, "match and receipt": with_port}
                rounds = [{n: load(p, body) for n, p in ports.items()} for _ in range(ROUNDS)]
            results["worker_mb"] = round(worker_mb(parent), 1)
    for name in ports:
        results[name] = {k: median(r[name][k] for r in rounds) for k in rounds[0][name]}
        ratios = [r[name]["requests_per_s"] / r["bare Flask"]["requests_per_s"] for r in rounds]
        results[name]["ratio"] = round(median(ratios), 3)
    results |= {"answer_bytes": size, "ready_s": round(ready, 2)}
    Path(sys.argv[1]).write_text(json.dumps(results, indent=1))
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
