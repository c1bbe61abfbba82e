"""Three replicas behind a proxy, one PostgreSQL: a replica and the database are killed under load.

What was acknowledged is there afterwards, and but for the moment in which the database is away,
everybody is answered. The figures are printed; docs/scaling.md has those of a quiet machine.
"""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from service.storage.opening import open_store
from service.storage.receipt_chain import verify_chain
from tests.contract.conftest import environment_of, free_port
from tests.contract.test_served import REQUEST
from tests.postgres import PostgresServer, postgres_server

pytestmark = pytest.mark.deep

CLIENTS, BEFORE, BETWEEN, AWAY, AFTER = 8, 4.0, 6.0, 1.0, 12.0
# After the database is back, and after a replica is gone, the proxy needs to notice.
WINDOW = 3.0
BODY = json.dumps(REQUEST).encode()
PROXY = """\
defaults
  mode http
  timeout connect 1s
  timeout client 30s
  timeout server 30s
  timeout check 1s
  retries 3
  option redispatch 1
  retry-on conn-failure empty-response response-timeout
frontend front
  bind 127.0.0.1:{port}
  default_backend replicas
backend replicas
  option httpchk GET /readyz
  default-server check inter 300ms fall 2 rise 1
"""


@dataclass
class Load:
    """What clients saw: when each request began and ended, its status, its receipt."""

    port: int
    requests: list[tuple[float, float, int, str]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self.over.is_set():
            began = time.monotonic()
            status, receipt = self._ask()
            self.requests.append((began, time.monotonic(), status, receipt))
            if status != 200:
                time.sleep(0.05)

    def _ask(self) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", "/api/v1/match", BODY, {"Content-Type": "application/json"})
            response = connection.getresponse()
            answer = response.read()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()
        if response.status != 200:
            return response.status, ""
        return 200, str(json.loads(answer)["receipt_id"])


@contextmanager
def replica(folder: Path, address: str) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """A gunicorn of its own session, with a folder of its own."""
    folder.mkdir()
    port = free_port()
    environment = environment_of(port, folder / "unused.sqlite3")
    environment |= {"HUICE_DATABASE": address, "HUICE_LOCAL": str(folder), "HUICE_WORK": "0",
                    "HUICE_WORKERS": "1"}  # fmt: skip
    gunicorn = str(Path(sys.executable).with_name("gunicorn"))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [gunicorn, "-c", "python:service.gunicorn_conf", "service.wsgi:app"],
            cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        wait_for(port, process)
        yield port, process
    finally:
        kill(process)


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Until it is ready."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert process.poll() is None
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    pytest.fail("not ready")


def kill(process: "subprocess.Popen[bytes]") -> None:
    """All of it at once, as when a machine is lost."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def proxy(folder: Path, ports: list[int]) -> Iterator[int]:
    """HAProxy before the replicas."""
    port, program = free_port(), shutil.which("haproxy", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program is not None, "haproxy is missing: scripts/system_packages.sh deep"
    lines = [f"  server r{i} 127.0.0.1:{p}" for i, p in enumerate(ports)]
    settings = folder / "haproxy.cfg"
    settings.write_text(PROXY.format(port=port) + "\n".join(lines) + "\n", encoding="ascii")
    with (folder / "proxy.log").open("wb") as log:
        process = subprocess.Popen([program, "-db", "-f", str(settings)], stdout=log, stderr=log)
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait()


def attack(
    load: Load, victim: "subprocess.Popen[bytes]", server: PostgresServer
) -> list[tuple[float, float]]:
    """Kill a replica, then the database, which comes back; when that was, to the end of each."""
    time.sleep(BEFORE)
    killed = time.monotonic()
    kill(victim)
    time.sleep(BETWEEN)
    gone = time.monotonic()
    server.kill()
    time.sleep(AWAY)
    server.start()
    back = time.monotonic()
    time.sleep(AFTER)
    return [(killed, killed), (gone, back)]


def test_nothing_acknowledged_is_lost_and_nearly_everybody_is_answered(tmp_path: Path) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(postgres_server())
        running = [
            stack.enter_context(replica(tmp_path / f"r{i}", server.address())) for i in range(3)
        ]
        load = Load(stack.enter_context(proxy(tmp_path, [port for port, _ in running])))
        threads = [threading.Thread(target=load.run) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        (killed, _), (gone, back) = attack(load, running[0][1], server)
        load.over.set()
        for thread in threads:
            thread.join()
        with open_store(tmp_path / "unused", server.address()) as store:
            rows = store.connection().execute("SELECT id FROM receipts").fetchall()
            chain = verify_chain(store)
    acknowledged = {receipt for *_, receipt in load.requests if receipt}
    assert acknowledged <= {row[0] for row in rows}
    assert chain.faults == ()
    outside = [s for s in load.requests if s[1] < gone or s[0] > back + WINDOW]
    answered = sum(status == 200 for _, _, status, _ in outside)
    first = min(s[1] for s in load.requests if s[0] > gone and s[2] == 200) - back
    after_kill = [s for s in load.requests if killed <= s[0] and s[1] < gone]
    slowest = max(s[1] - s[0] for s in after_kill)
    print(
        f"\n{len(load.requests)} requests, {len(acknowledged)} acknowledged, none lost.",
        f"{answered} of {len(outside)} answered outside {back - gone + WINDOW:.1f} s.",
        f"Of {len(after_kill)} after a replica was killed the slowest took {slowest:.2f} s.",
        f"The first answer came {first:.2f} s after the database was back.",
        sep="\n",
    )
    assert len(outside) > 100
    assert answered / len(outside) >= 0.999
