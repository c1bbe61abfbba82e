"""What operators and systems do to running processes: they upgrade, and they kill."""

import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from service.startup import open_today
from tests.api.sample import settings_for
from tests.contract.conftest import (
    Server,
    environment_of,
    free_port,
    serving,
    starting,
    wait_until_ready,
)
from tests.contract.test_served import REQUEST
from tests.hostile.conftest import log_of

WAIT_SECONDS = 90.0


def wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.1)


def children_of(process: int) -> dict[int, str]:
    """Each child's command line."""
    found = {}
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text(encoding="ascii").split():
            command = Path(f"/proc/{child}/cmdline").read_text(encoding="utf-8")
            found[int(child)] = command.replace("\0", " ")
    return found


@pytest.mark.deep
def test_what_works_beside_the_service_is_killed_and_comes_back(tmp_path: Path) -> None:
    def beside(server: Server) -> list[int]:
        children = children_of(server.process.pid).items()
        return [child for child, command in children if " work " in command]

    with serving(tmp_path, work=True) as server:
        (killed,) = beside(server)
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: beside(server) not in ([killed], []))


@pytest.mark.deep
def test_a_new_master_takes_over_and_the_old_one_goes(tmp_path: Path) -> None:
    """USR2, then TERM to the old: requests, metrics and a reload go on under the new one."""
    with serving(tmp_path) as server:
        server.process.send_signal(signal.SIGUSR2)
        wait_until(lambda: log_of(server).count("Starting gunicorn") == 2)
        (successor,) = re.findall(r'"process":(\d+)', log_of(server).rpartition("Starting gun")[2])[
            :1
        ]
        try:
            wait_until(lambda: log_of(server).count("Booting worker") >= 4)
            server.process.send_signal(signal.SIGTERM)
            server.process.wait(30)
            wait_until(lambda: server.send("GET", "/readyz").status == 200)
            os.kill(int(successor), signal.SIGHUP)
            wait_until(lambda: log_of(server).count("Booting worker") >= 6)
            for _ in range(10):
                assert server.match(REQUEST).status == 200
                assert server.send("GET", "/metrics").status == 200
        finally:
            os.kill(int(successor), signal.SIGTERM)
            wait_until(lambda: not Path(f"/proc/{successor}").exists())


@pytest.mark.deep
def test_what_a_starting_service_is_told_is_done_once_it_has_started(tmp_path: Path) -> None:
    """New policy files and another log, asked for while it is still being loaded: either ended it,
    with nothing said."""
    environment = environment_of(free_port(), tmp_path / "huice.sqlite3")
    with starting(tmp_path / "huice.sqlite3", environment) as server:
        process = server.process
        wait_until(lambda: bool(caught_by(process.pid) >> (signal.SIGUSR1 - 1) & 1))
        for number in (signal.SIGHUP, signal.SIGUSR1, signal.SIGHUP):
            process.send_signal(number)
        wait_until(lambda: log_of(server).count("Booting worker") == 4)
        assert log_of(server).count("Handling signal: hup") == 1
        assert server.match(REQUEST).status == 200


def caught_by(process: int) -> int:
    """The signals that a process has said what to do at, as the system tells them."""
    told = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(re.findall(r"SigCgt:\s*([0-9a-f]+)", told)[0], 16)


def test_a_process_that_crashes_leaves_no_copy_of_its_memory(tmp_path: Path) -> None:
    """Companies' figures are in it, and a system that allows it writes it into a file."""
    database = tmp_path / "huice.sqlite3"
    open_today(settings_for(database)).close()
    environment = environment_of(free_port(), database, work=True)
    with starting(database, environment, ["prlimit", "--core=unlimited"]) as server:
        wait_until_ready(server, tmp_path / "log")
        wait_until(lambda: len(children_of(server.process.pid)) == 3)
        for process in (server.process.pid, *children_of(server.process.pid)):
            limits = Path(f"/proc/{process}/limits").read_text(encoding="ascii")
            assert re.search(r"Max core file size +0 ", limits)
