"""A database of an earlier version that takes its time to be brought up to date."""

import time
from pathlib import Path

import pytest

from service.storage import migrations
from service.storage.database import open_database
from service.storage.faults import sqlite3
from tests.contract.conftest import environment_of, free_port, starting
from tests.contract.test_served import REQUEST
from tests.hostile.conftest import log_of

pytestmark = pytest.mark.sqlite


@pytest.mark.deep
def test_a_service_is_alive_and_says_why_it_is_not_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever watches it sees no start that hangs; a lock of another program stands for the
    minutes that millions of receipts take. It serves by itself when that is over."""
    known, database = migrations.read_migrations(), tmp_path / "huice.sqlite3"
    with monkeypatch.context() as then:
        then.setattr(migrations, "read_migrations", lambda: known[: migrations.LIGHT_RECEIPTS - 1])
        open_database(database).close()
    with_lock = sqlite3.connect(database, isolation_level=None)
    with_lock.execute("BEGIN IMMEDIATE")
    with starting(database, environment_of(free_port(), database)) as server:
        try:
            answers = set()
            until = time.monotonic() + 60
            while (503, "migrating") not in answers:
                assert time.monotonic() < until
                try:
                    ready = server.send("GET", "/readyz")
                except OSError:
                    time.sleep(0.1)
                    continue
                answers.add((ready.status, ready.json["code"]))
                began = time.monotonic()
                assert server.send("GET", "/healthz").status == 200
                assert time.monotonic() - began < 1
            assert server.match(REQUEST).status == 503
        finally:
            with_lock.execute("ROLLBACK")
            with_lock.close()
        until = time.monotonic() + 60
        # Each worker opens the database for itself, and looks every two seconds.
        while {server.send("GET", "/readyz").status, server.match(REQUEST).status} != {200}:
            assert time.monotonic() < until
            time.sleep(0.2)
        assert '"migrated"' in log_of(server)
