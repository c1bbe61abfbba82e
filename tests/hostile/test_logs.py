"""Whoever reads the log may stop reading, or go: requests are answered all the same."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from service.startup import open_today
from tests.api.sample import settings_for
from tests.contract.conftest import Server, environment_of, free_port, wait_until_ready

GUNICORN = [
    str(Path(sys.executable).with_name("gunicorn")),
    "-c",
    "python:service.gunicorn_conf",
    "service.wsgi:app",
]
# A pipe holds 64 KB; a line of the access log has some 180 bytes.
ENOUGH_TO_FILL_A_PIPE = 600


@contextmanager
def logging_to(folder: Path, shell: str, output: int | None) -> Iterator[Server]:
    """gunicorn started by a shell, whose words say where its log goes."""
    port, database = free_port(), folder / "huice.sqlite3"
    open_today(settings_for(database)).close()
    process = subprocess.Popen(
        ["/bin/sh", "-c", f'exec "$@" {shell}', "sh", *GUNICORN],
        cwd=folder,
        env=environment_of(port, database),
        stdout=output,
        stderr=output,
    )
    server = Server(port, database, process)
    try:
        wait_until_ready(server, "")
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def assert_goes_on(server: Server) -> None:
    connection = server.connect()
    for _ in range(ENOUGH_TO_FILL_A_PIPE):
        connection.request("GET", "/healthz")
        response = connection.getresponse()
        response.read()
        assert response.status == 200
        if response.will_close:
            connection.close()
    connection.close()


def test_a_reader_that_is_stuck(tmp_path: Path) -> None:
    """Nobody takes anything out of the pipe."""
    reading, writing = os.pipe()
    with logging_to(tmp_path, "", writing) as server:
        assert_goes_on(server)
        os.close(writing)
        os.close(reading)  # or it could not end


def test_a_reader_that_is_gone(tmp_path: Path) -> None:
    """The other end of the pipe is closed."""
    reading, writing = os.pipe()
    with logging_to(tmp_path, "", writing) as server:
        os.close(writing)
        os.close(reading)
        time.sleep(0.2)
        assert_goes_on(server)


@pytest.mark.parametrize("closed", [pytest.param("2>&-", marks=pytest.mark.deep), "<&- >&- 2>&-"])
def test_closed_streams(tmp_path: Path, closed: str) -> None:
    """Started without standard streams: no file that is opened takes their place."""
    with logging_to(tmp_path, closed, None) as server:
        assert server.send("GET", "/healthz").status == 200
        for process in (server.process.pid, *children_of(server.process.pid)):
            targets = [str(Path(f"/proc/{process}/fd/{number}").readlink()) for number in range(3)]
            assert not [t for t in targets if t.startswith(str(tmp_path))]


def children_of(process: int) -> list[int]:
    """The workers of a gunicorn."""
    listed = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [int(child) for child in listed.split()]
