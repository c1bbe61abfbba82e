"""Requests that take seconds are few at a time and never in the way of the rest."""

import json
import select
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.serving.buffering_worker import MAX_AT_ONCE
from service.startup import open_today
from service.storage.faults import sqlite3
from tests.api.sample import settings_for
from tests.contract.conftest import Server, environment_of, free_port, starting, wait_until_ready
from tests.contract.test_served import REQUEST
from tests.hostile.conftest import log_of


def test_many_memos_at_once(attacked: Server) -> None:
    """Forty PDF files are asked for at once, under each name that their route has: each gets one
    or is told to come again; meanwhile probes and matches are answered."""
    receipt_id = attacked.match(REQUEST).json["receipt_id"]
    names = f"/api/v1/receipts/{receipt_id}/memo", f"//api/v1/receipts/{receipt_id}/memo/"

    def memo(number: int) -> int:
        return attacked.send("GET", f"{names[number % 2]}?format=pdf").status

    with ThreadPoolExecutor(40) as pool:
        memos = [pool.submit(memo, number) for number in range(40)]
        time.sleep(0.2)
        waits: list[float] = []
        while not all(m.done() for m in memos) and len(waits) < 20:
            began = time.monotonic()
            assert attacked.send("GET", "/healthz").status == 200
            assert attacked.match(REQUEST).status == 200
            waits.append(time.monotonic() - began)
        statuses = [m.result() for m in memos]
    assert set(statuses) == {200, 503}
    assert statuses.count(200) >= 3  # so many of one address wait at a worker
    assert max(waits) < 10  # a memo behind another takes longer


def test_one_sender_has_so_many_requests_at_once(attacked: Server) -> None:
    """Many matches while none can be written: those above the limit are told to come again at once,
    whichever worker they came to; probes are answered, the others when the lock is free."""
    body = json.dumps(REQUEST).encode()
    ask = b"POST /api/v1/match HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    ask += b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    with_lock = sqlite3.connect(attacked.database, isolation_level=None)
    with_lock.execute("BEGIN IMMEDIATE")
    clients = []
    try:
        for _ in range(2 * MAX_AT_ONCE + 150):
            clients.append(socket.create_connection(("127.0.0.1", attacked.port), timeout=60))
            clients[-1].sendall(ask)
        assert select.select(clients, [], [], 60)[0]
        assert attacked.send("GET", "/healthz").status == 200
    finally:
        with_lock.execute("ROLLBACK")
        with_lock.close()
    heads = []
    for client in clients:
        heads.append(client.recv(4096))
        client.close()
    statuses = [int(head.split()[1]) for head in heads]
    assert set(statuses) <= {200, 429, 503}
    assert statuses.count(429) >= 100  # of 150; a few come when others have ended
    refusal = next(head for head in heads if b" 429 " in head)
    assert b"Retry-After: 1" in refusal
    assert b"rate_limited" in refusal


@pytest.mark.deep
@pytest.mark.parametrize("path", ["/api/v1/match", "/api/v1/calendar"])
def test_a_request_without_end_is_given_up(tmp_path: Path, path: str) -> None:
    """Its sender is told, the log says where it was, and everybody else is answered before,
    meanwhile and afterwards, though the only worker is replaced."""
    database = tmp_path / "huice.sqlite3"
    open_today(settings_for(database)).close()
    environment = environment_of(free_port(), database) | {
        "HUICE_WORKERS": "1",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    headers = {"Content-Type": "application/json", "User-Agent": "endless"}
    body = json.dumps(REQUEST).encode()
    with starting(database, environment, application="tests.hostile.endless:app") as server:
        wait_until_ready(server, tmp_path / "log")
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(server.send, "POST", path, body, headers)
            others = [server.match(REQUEST).status for _ in range(5)]
            while not asked.done():
                others += [server.match(REQUEST).status, server.send("GET", "/readyz").status]
        others += [server.match(REQUEST).status for _ in range(5)]
    assert (asked.result().status, asked.result().json["code"]) == (500, "internal")
    assert set(others) == {200}
    assert len(others) > 15
    log = log_of(server)
    assert log.count("Booting worker") == 2
    (told,) = (json.loads(line) for line in log.splitlines() if "request_without_end" in line)
    assert "endless.py" in told["where"][-1]
