"""How fast Huice is on this machine: loading the rules, one match, matches a second over HTTP.

Figures of different machines do not compare, so the last one is also given as a ratio: `/match`
against a bare Flask application that takes the same request and sends an answer of the same size,
under the same gunicorn settings. Usage: python scripts/bench.py
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import timeit
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, Response, request

from service.app import load_source
from service.catalogue.loader import load_catalogue
from service.domain.evaluation import evaluate
from service.settings import read_settings
from service.usecases.matching import render
from service.usecases.workbench import Workbench, system_clock

HERE = Path(__file__).resolve().parent
REQUEST = HERE / "bench_request.json"
SECONDS = 10
CONNECTIONS = 16


def bare(size: int) -> Flask:
    """The least that a Flask service can do: read JSON, answer `size` bytes of it."""
    app = Flask(__name__)
    answer = json.dumps({"pad": "x" * (size - len('{"pad": ""}'))})

    @app.post("/api/v1/match")
    def match() -> Response:
        request.get_json()
        return Response(answer, content_type="application/json")

    @app.get("/readyz")
    def ready() -> Response:
        return Response("{}", content_type="application/json")

    return app


def main() -> None:
    """Print the figures."""
    in_process()
    with tempfile.TemporaryDirectory() as folder:
        database = str(Path(folder) / "huice.sqlite3")
        with served("service.wsgi:app", database) as port:
            size = len(post(port))
            ours = requests_per_second(port)
        with served(f"bench:bare({size})", database) as port:
            theirs = requests_per_second(port)
    print(f"over HTTP, answers of {size} bytes, {CONNECTIONS} connections:")
    print(f"  match      {ours:10.0f} a second")
    print(f"  bare Flask {theirs:10.0f} a second")
    print(f"  ratio      {ours / theirs:10.3f}")


def in_process() -> None:
    """Print the figures that need no server."""
    settings = read_settings()
    bench = Workbench(load_catalogue(load_source(settings)))
    raw = json.loads(REQUEST.read_bytes())
    read = bench.requests.read(raw)
    today = system_clock(settings.utc_offset).today()
    found = evaluate(bench.catalogue, read.profile, today)
    print(f"{len(bench.catalogue.programmes)} programmes, best of several runs:")
    show("load the catalogue", lambda: load_catalogue(load_source(settings)), runs=3)
    show("read a profile", lambda: bench.requests.read(raw))
    show("match with findings", lambda: evaluate(bench.catalogue, read.profile, today))
    show("put into words", lambda: render(bench, found, read))


def show(what: str, work: Callable[[], object], *, runs: int = 50) -> None:
    """Print the milliseconds of the fastest run."""
    best = min(timeit.repeat(work, number=1, repeat=runs))
    print(f"  {what:20} {best * 1000:10.3f} ms")


@contextmanager
def served(app: str, database: str) -> Iterator[int]:
    """A WSGI application under the service's own gunicorn settings; gives its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    environment = {**os.environ, "PORT": str(port), "HUICE_DATABASE": database}
    gunicorn = Path(sys.executable).with_name("gunicorn")
    configuration = ["-c", "python:service.gunicorn_conf", "--log-level", "error"]
    process = subprocess.Popen(
        [gunicorn, *configuration, "--pythonpath", str(HERE), app], env=environment
    )
    try:
        wait_until_ready(port, process)
        yield port
    finally:
        process.terminate()
        process.wait()


def wait_until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    """Returns once the service answers. Raises SystemExit if it ends or takes 30 seconds."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the service did not start")


def post(port: int) -> bytes:
    """The answer to the sample request."""
    sample = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/match",
        data=REQUEST.read_bytes(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(sample, timeout=30) as answer:  # noqa: S310 - loopback
        body: bytes = answer.read()
        return body


def requests_per_second(port: int) -> float:
    """What wrk counts over SECONDS. Raises SystemExit if any answer is not 200."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(f'wrk.method, wrk.body = "POST", io.open("{REQUEST}"):read("*a")\n')
        script.write('wrk.headers["Content-Type"] = "application/json"\n')
        script.flush()
        load = ["-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", script.name]
        command = ["wrk", *load, f"http://127.0.0.1:{port}/api/v1/match"]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    if rate is None or "Non-2xx" in told or "Socket errors" in told:
        raise SystemExit(told)
    return float(rate[1])


if __name__ == "__main__":
    main()
