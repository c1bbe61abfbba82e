"""A real gunicorn on a real socket, over the made-up catalogue, with a database of its own."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from service.startup import open_today
from service.storage.opening import open_store
from service.storage.receipts import ReceiptRepository
from tests.api.sample import FICTIONAL, settings_for
from tests.engine import engine

START_SECONDS = 60.0
MAX_BODY = 1_048_576


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Server:
    """A running gunicorn."""

    port: int
    database: Path
    process: subprocess.Popen[bytes]

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """One request on a connection of its own."""
        connection = self.connect()
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def post(self, path: str, body: bytes, content_type: str = "application/json") -> Answer:
        return self.send("POST", path, body, {"Content-Type": content_type})

    def match(self, request: dict[str, Any]) -> Answer:
        return self.post("/api/v1/match", json.dumps(request).encode())

    def receipts(self) -> int:
        """How many receipts the database holds."""
        with open_store(self.database, engine.address(self.database)) as store:
            return ReceiptRepository(store).count()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment_of(
    port: int,
    database: Path,
    policies: Path | str = FICTIONAL / "policies",
    seeds: Path = FICTIONAL / "seeds",
    *,
    work: bool = False,
) -> dict[str, str]:
    """The settings of a service under test; `work`: tables are answered beside it."""
    environment = {
        **os.environ,
        "PORT": str(port),
        "HUICE_DATABASE": engine.address(database) or str(database),
        "HUICE_LOCAL": str(database.parent),
        "HUICE_POLICIES": str(policies),
        "HUICE_SEEDS": str(seeds),
        "HUICE_MAX_BODY": str(MAX_BODY),
        "HUICE_WORK": "1" if work else "0",
        "PYTHONWARNINGS": "error",
    }
    environment.pop("PROMETHEUS_MULTIPROC_DIR", None)
    return environment


@contextmanager
def serving(
    folder: Path,
    policies: Path | str = FICTIONAL / "policies",
    seeds: Path = FICTIONAL / "seeds",
    *,
    work: bool = False,
) -> Iterator[Server]:
    """gunicorn as `huice serve` starts it, until the block ends. What it wrote is in `log`. The
    made-up catalogue is known from an earlier start; a test's own is read anew."""
    port, database = free_port(), folder / "huice.sqlite3"
    environment = environment_of(port, database, policies, seeds, work=work)
    if policies == FICTIONAL / "policies":
        open_today(settings_for(database)).close()
    with starting(database, environment) as server:
        wait_until_ready(server, folder / "log")
        yield server


@contextmanager
def starting(
    database: Path,
    environment: dict[str, str],
    within: Sequence[str] = (),
    application: str = "service.wsgi:app",
) -> Iterator[Server]:
    """gunicorn as it begins, until the block ends; `within`: the command that starts it."""
    gunicorn, folder = Path(sys.executable).with_name("gunicorn"), database.parent
    command = [*within, str(gunicorn), "-c", "python:service.gunicorn_conf", application]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        yield Server(int(environment["PORT"]), database, process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def wait_until_ready(server: Server, log: Path | str) -> None:
    """Returns once it is; `log` is where it says why it is not, if anywhere."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            if server.send("GET", "/readyz").status == 200:
                return
        except OSError:
            time.sleep(0.05)
    told = log.read_text(encoding="utf-8") if isinstance(log, Path) else "(no log)"
    pytest.fail(f"gunicorn did not start:\n{told}")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("served")) as running:
        yield running
