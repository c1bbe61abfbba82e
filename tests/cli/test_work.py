"""`huice work`: a worker that is killed at any moment loses no batch and repeats no row."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet
import pytest

from service.app import Services, open_services
from service.cli import work
from service.cli.context import Context
from service.cli.work import BackgroundWorker
from service.domain.principal import Principal, Scope
from service.settings import PROJECT
from service.storage.cases import CaseRepository
from service.storage.database import open_database
from service.storage.idempotency import IdempotencyRepository
from service.usecases.tenancy.batches import BatchRequest
from tests.api.sample import FICTIONAL, settings_for

KILLS, BATCHES, ROWS = 10, 4, 20_000
BANK = Principal("bank", "operator", frozenset(Scope))


WORK = (sys.executable, "-m", "service.cli", "work")


# Forks, as to import the program for each would take a minute.
ENDED_AT_ONCE = """
import os, signal, sys
from pathlib import Path
from service.cli.work import keep_working

for _ in range(60):
    watch = os.fork()
    if not watch:
        keep_working([sys.executable, "-c", "import time; time.sleep(600)"])
        os._exit(0)
    while not any(h.read_text() for h in Path(f"/proc/{watch}/task").glob("*/children")):
        pass
    os.kill(watch, signal.SIGTERM)
    assert os.waitpid(watch, 0)[1] == 0
"""


def environment_of(database: Path) -> dict[str, str]:
    return {
        **os.environ,
        "HUICE_DATABASE": str(database),
        "HUICE_POLICIES": str(FICTIONAL / "policies"),
        "HUICE_SEEDS": str(FICTIONAL / "seeds"),
    }


@contextmanager
def working(database: Path, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker in a process of its own."""
    quiet = subprocess.DEVNULL
    worker = subprocess.Popen(
        [*WORK, *options], cwd=PROJECT, env=environment_of(database), stdout=quiet, stderr=quiet
    )
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


def children_of(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task").glob("*/children")  # a thread starts them
    return [int(child) for held in listed for child in held.read_text(encoding="ascii").split()]


def test_a_worker_whose_starter_has_ended_works_and_what_it_writes_is_its_users_alone(
    tmp_path: Path,
) -> None:
    """As a supervisor such as systemd starts it, or a shell that is left; queue, tables and
    answers."""
    queue = tmp_path / "huice.sqlite3.jobs"
    started = ["sh", "-c", '"$@" >/dev/null 2>&1 & echo $!', "sh", *WORK]
    environment = environment_of(tmp_path / "huice.sqlite3")
    shell = subprocess.run(started, cwd=PROJECT, env=environment, capture_output=True, check=True)
    worker = int(shell.stdout)
    try:
        until = time.monotonic() + 60
        while not queue.exists():
            assert time.monotonic() < until
            os.kill(worker, 0)
            time.sleep(0.05)
    finally:
        os.kill(worker, signal.SIGKILL)
    assert queue.stat().st_mode & 0o077 == 0


def test_a_watched_worker_has_ended_when_its_watch_has(tmp_path: Path) -> None:
    """Whoever waits for the service to end may move the database then."""
    with working(tmp_path / "huice.sqlite3", "--watched") as watch:
        until = time.monotonic() + 60
        while not children_of(watch.pid):
            assert time.monotonic() < until
            assert watch.poll() is None
            time.sleep(0.05)
        (worker,) = children_of(watch.pid)
        watch.send_signal(signal.SIGTERM)
        assert watch.wait(30) == 0
        assert not Path(f"/proc/{worker}").exists()


def test_a_watch_hears_that_it_is_to_end_from_its_first_moment() -> None:
    """Also just as it begins to wait, and its worker has begun: each of many times."""
    ended = [sys.executable, "-c", ENDED_AT_ONCE]
    told = subprocess.run(ended, cwd=PROJECT, timeout=60, stderr=subprocess.PIPE, check=False)
    assert (told.returncode, told.stderr) == (0, b"")


def send(service: Services, folder: Path, number: int) -> str:
    table = folder / f"table{number}.csv"
    lines = [f"{number}-{i},enterprise,{i % 90}" for i in range(ROWS)]
    table.write_text("\n".join(["mark,company.kind,company.employees", *lines]))
    asked = BatchRequest(f"b{number}", ".csv", None, "en", hold=False)
    made = service.batch_service.create(BANK, table, asked, "test")
    return str(made["id"])


@pytest.mark.deep
def test_workers_killed_at_random_moments_lose_and_repeat_nothing(tmp_path: Path) -> None:
    """Each batch ends with every row of its table once, in order."""
    moments = random.Random(7)
    service = open_services(settings_for(tmp_path / "huice.sqlite3"))
    service.key_service.create(BANK, {"name": "x", "scopes": ["batches"]}, "test")
    batches = [send(service, tmp_path, n) for n in range(BATCHES)]
    for _ in range(KILLS):
        with working(service.settings.database) as worker:
            time.sleep(moments.uniform(0.5, 6))
            worker.send_signal(signal.SIGKILL)
    states: dict[str, str] = {}
    with working(service.settings.database):
        until = time.monotonic() + 240
        while time.monotonic() < until:
            states = {b: service.batch_service.get(BANK, b)["state"] for b in batches}
            if set(states.values()) == {"done"}:
                break
            time.sleep(0.5)
    assert set(states.values()) == {"done"}
    for number, batch in enumerate(batches):
        answers = pyarrow.parquet.read_table(service.batch_service.result(BANK, batch, "parquet"))
        expected = [f"{number}-{i}" for i in range(ROWS)]
        assert answers.column("mark").to_pylist() == expected
    service.close()


def test_nothing_is_deleted_for_its_age_by_a_worker_that_has_just_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its machine may not know yet what time it is."""
    settings = settings_for(tmp_path / "huice.sqlite3")
    context = Context()
    monkeypatch.setattr(context, "settings", settings)
    worker = BackgroundWorker(context, create=True)
    with open_database(settings.database) as store:
        long_ago = datetime.now(UTC) - timedelta(days=400)
        CaseRepository(store, timedelta(days=90)).create(b"{}", long_ago)

        answers = IdempotencyRepository(store)
        answers.claim("bank", "k", "POST /", b"", long_ago)
        answers.keep("bank", "k", b"answer", long_ago)

        def count_aged() -> list[int]:
            counts = (store.rows(f"SELECT count(*) FROM {t}") for t in ("cases", "idempotency"))
            return [rows[0][0] for rows in counts]

        worker.tidy()
        assert count_aged() == [1, 1]
        monkeypatch.setattr(work, "SETTLED_SECONDS", 0.0)
        worker.tidy()
        assert count_aged() == [0, 0]
