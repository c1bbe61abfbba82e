"""New policy files under load, and files that nobody could serve."""

import http.client
import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.api.sample import FICTIONAL
from tests.contract.conftest import Server, serving
from tests.contract.test_served import REQUEST
from tests.hostile.conftest import log_of

FILE = "meridian/me-2026-1/01-lighthouse.yaml"
SECOND = "meridian/me-2026-1/02-young-firm.yaml"
BODY = json.dumps(REQUEST).encode()
JSON = {"Content-Type": "application/json"}
MAX_WAIT_SECONDS = 1.0


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """A copy of the made-up catalogue that a test may change."""
    folder = tmp_path / "policies"
    shutil.copytree(FICTIONAL / "policies", folder)
    return folder


@pytest.fixture
def server(tmp_path: Path, policies: Path) -> Iterator[Server]:
    with serving(tmp_path, policies) as running:
        yield running


def version(server: Server) -> str:
    return str(server.send("GET", "/readyz").json["catalogue_version"])


def wait_until(condition: Callable[[], bool], seconds: float = 90) -> None:
    """Fails where it does not come true in time, eight times in a row: there are two workers."""
    deadline = time.monotonic() + seconds
    in_a_row = 0
    while in_a_row < 8:
        assert time.monotonic() < deadline
        in_a_row = in_a_row + 1 if condition() else 0
        time.sleep(0.05)


class Client(threading.Thread):
    """Asks one request after the other on a connection that it keeps as long as it may."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port, self.ended = port, threading.Event()
        self.answered, self.failed, self.longest = 0, [], 0.0

    failed: list[str]

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        while not self.ended.wait(0.05):
            began, matching = time.monotonic(), self.answered % 2
            try:
                if matching:
                    connection.request("POST", "/api/v1/match", BODY, JSON)
                else:
                    connection.request("GET", "/api/v1/programmes/me-lighthouse")
                response = connection.getresponse()
                response.read()
                if response.status != 200:
                    self.failed.append(str(response.status))
                if response.will_close:
                    connection.close()
            except OSError as error:
                self.failed.append(type(error).__name__)
                connection.close()
            self.answered += 1
            if not matching:
                self.longest = max(self.longest, time.monotonic() - began)
        connection.close()


@contextmanager
def asked_without_pause(server: Server) -> Iterator[None]:
    """Four clients, none of which sees an error, or waits a second for what is only read. What they
    ask for meanwhile takes about a second."""
    clients = [Client(server.port) for _ in range(4)]
    for client in clients:
        client.start()
    try:
        yield
    finally:
        for client in clients:
            client.ended.set()
        for client in clients:
            client.join()
    assert [c.failed for c in clients] == [[], [], [], []]
    assert min(c.answered for c in clients) > 8
    assert max(c.longest for c in clients) < MAX_WAIT_SECONDS


def reload(server: Server) -> None:
    server.process.send_signal(signal.SIGHUP)


def test_new_files_are_taken_up_without_a_gap(server: Server, policies: Path) -> None:
    """One that is added, and one that is changed."""
    text, before = (policies / SECOND).read_text(encoding="utf-8"), version(server)
    added = policies / SECOND.replace("02-", "03-")
    with asked_without_pause(server):
        added.write_text(text.replace("id: me-young-firm", "id: me-second"), encoding="utf-8")
        (policies / SECOND).write_text(text.replace("500_000", "400_000"), encoding="utf-8")
        reload(server)
        wait_until(lambda: version(server) != before)
    for name, cap in (("me-second", "500000.00"), ("me-young-firm", "400000.00")):
        found = server.send("GET", f"/api/v1/programmes/{name}")
        assert (found.status, found.json["ceiling"]["cap"]) == (200, cap)


# One that no parser ends, one that is told by its line: what else may be in a file is tried in
# tests/catalogue.
BROKEN = {
    b"a: " + b"[" * 100_000: "0-broken-",
    b"id: once\nid: twice\n": "1-broken-lighthouse.yaml:2",
}


def degraded_by(server: Server) -> str:
    return " ".join(server.send("GET", "/readyz").json["degraded_by"])


def test_the_last_good_rules_serve_whatever_is_in_a_file(server: Server, policies: Path) -> None:
    """After SIGHUP readiness, metrics and the log tell which files; mended, it is over."""
    sound = version(server)
    files = [policies / FILE.replace("01-", f"{i}-broken-") for i in range(len(BROKEN))]
    with asked_without_pause(server):
        for broken, content in zip(files, BROKEN, strict=True):
            broken.write_bytes(content)
        reload(server)
        wait_until(lambda: all(told in degraded_by(server) for told in BROKEN.values()))
        assert version(server) == sound
    for broken in files:
        broken.unlink()
    assert "huice_degraded 1.0" in server.send("GET", "/metrics").body.decode()
    log = (server.database.parent / "log").read_text(encoding="utf-8")
    assert "1-broken-lighthouse.yaml:2" in log
    assert "serving_last_good" in log
    reload(server)
    wait_until(lambda: server.send("GET", "/readyz").json["status"] == "ready")
    policies.rename(policies.with_name("aside"))
    policies.write_bytes(b"a file where the folder was: the settings hold no more")
    reload(server)
    wait_until(lambda: "could not be prepared" in degraded_by(server))
    assert [server.match(REQUEST).status for _ in range(8)] == [200] * 8


def children_of(server: Server) -> set[int]:
    """The first process's own."""
    process = server.process.pid
    told = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return {int(number) for number in told.split()}


def reader_of(server: Server, workers: set[int]) -> int:
    """What reads the changed files of a reload beside these workers, stopped at once."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for number in children_of(server) - workers:
            os.kill(number, signal.SIGSTOP)
            return number
    pytest.fail("nobody reads them")


@pytest.mark.deep
def test_a_worker_that_dies_while_files_are_read_is_replaced(
    server: Server, policies: Path
) -> None:
    """However long they take, as where their disk is away: nobody served until it was given up.
    Workers started meanwhile come and go, and the reader goes on."""
    before = version(server)
    file = policies / SECOND
    file.write_text(file.read_text(encoding="utf-8").replace("500_000", "400_000"), "utf-8")
    workers = children_of(server)
    reload(server)
    reader = reader_of(server, workers)
    for end in (signal.SIGKILL, signal.SIGTERM):
        for number in children_of(server) - {reader}:
            os.kill(number, end)
        time.sleep(0.5)
        assert server.send("GET", "/healthz").status == 200
    assert version(server) == before
    os.kill(reader, signal.SIGCONT)
    wait_until(lambda: version(server) != before)


@pytest.mark.deep
def test_twenty_reloads_hold_up_neither_requests_nor_the_end(server: Server) -> None:
    """The first is done, and one for all that came meanwhile; an end in their midst does not wait
    for them: container engines kill after ten to thirty seconds."""
    with asked_without_pause(server):
        for _ in range(20):
            reload(server)
            time.sleep(0.05)
        wait_until(lambda: log_of(server).count("Booting worker") >= 6)
        time.sleep(1)
    for _ in range(20):
        reload(server)
        time.sleep(0.05)
    began = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(30) == 0
    assert time.monotonic() - began < 5
    assert log_of(server).count("Hang up") <= 6
    assert "Traceback" not in log_of(server)


def test_what_was_served_last_is_taken_up_again(tmp_path: Path, policies: Path) -> None:
    """No policy file is read again, unless somebody else could have written what was compiled; and
    where the files are broken by then, the rules that were served last are stored, and serve."""
    with serving(tmp_path, policies) as first:
        sound = version(first)
    folder = tmp_path / "huice.sqlite3.compiled"
    (kept,) = (file for file in folder.iterdir() if file.name != "stamp")
    assert (folder.stat().st_mode & 0o777, kept.stat().st_mode & 0o777) == (0o700, 0o600)
    made = kept.stat().st_mtime_ns
    with serving(tmp_path, policies) as second:
        assert version(second) == sound
    assert kept.stat().st_mtime_ns == made
    folder.chmod(0o777)
    kept.write_bytes(b"what somebody else wrote")
    (policies / FILE).write_bytes(b"id: [")
    with serving(tmp_path, policies) as third:
        assert version(third) == sound
        assert third.send("GET", "/readyz").json["status"] == "degraded"
