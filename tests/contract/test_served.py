"""The service as it runs: real sockets, several processes, signals."""

import http.client
import json
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.contract.conftest import Server, serving

REQUEST: dict[str, Any] = {
    "as_of": "2026-06-01",
    "profile": {
        "company": {"kind": "enterprise", "registered_region": "900101"},
        "projects": [{"ref": "p1", "kind": "lighthouse", "contract_amount": "60000000.00"}],
    },
}


def test_a_match_and_its_receipt(server: Server) -> None:
    """What one worker answered and stored, any worker can read."""
    answer = server.match(REQUEST).json
    receipt_id = answer.pop("receipt_id")
    best = answer["matches"][0]
    assert (best["programme"]["id"], best["ceiling"]["amount"]) == ("me-lighthouse", "18000000.00")
    for _ in range(8):
        receipt = server.send("GET", f"/api/v1/receipts/{receipt_id}").json
        assert receipt["result"] == answer


def test_what_is_written_is_the_services_alone(server: Server) -> None:
    """Files of companies, whatever they are written by: its user's to read and nobody else's."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text(
        "ascii"
    )
    for process in (server.process.pid, *map(int, children.split())):
        state = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
        assert "Umask:\t0077" in state.splitlines()


def test_what_serves_has_loaded_nothing_that_reads_tables(server: Server) -> None:
    """Each worker would begin later, hold 27 megabytes more, and say at its end what one of
    those libraries leaves undone."""
    maps = Path(f"/proc/{server.process.pid}/maps").read_text(encoding="utf-8")
    assert not {name for name in ("duckdb", "calamine") if name in maps}


def test_many_at_once_are_all_answered_and_all_recorded(server: Server) -> None:
    """As many receipts as answers, each id once."""
    before = server.receipts()
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: server.match(REQUEST), range(96)))
    assert [a.status for a in answers] == [200] * 96
    assert len({a.json["receipt_id"] for a in answers}) == 96
    assert len({a.headers["X-Request-Id"] for a in answers}) == 96
    assert server.receipts() == before + 96


def test_metrics_add_up_over_all_workers(server: Server) -> None:
    """Whichever worker is asked, it tells of all: no count goes backwards."""

    def total() -> float:
        text = server.send("GET", "/metrics").body.decode()
        lines = [line for line in text.splitlines() if 'route="/healthz",status="200"' in line]
        return sum(float(line.split()[-1]) for line in lines if "requests_total" in line)

    before = total()
    for _ in range(20):
        server.send("GET", "/healthz")
    assert [total() for _ in range(6)] == [before + 20] * 6


def test_a_connection_can_be_used_again(server: Server) -> None:
    """Several requests over one socket, answers in order."""
    connection = server.connect()
    try:
        for path in ("/healthz", "/api/v1/measures", "/nowhere", "/readyz"):
            connection.request("GET", path)
            response = connection.getresponse()
            response.read()
            assert response.status == (404 if path == "/nowhere" else 200)
    finally:
        connection.close()


def test_ending_it_lets_requests_in_flight_finish(tmp_path: Path) -> None:
    """SIGTERM while a body is still arriving: the answer comes, and its receipt is stored. That the
    head was read is told by the interim answer, that it is ending by what it logs."""
    body = json.dumps(REQUEST).encode()
    head = (
        "POST /api/v1/match HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Expect: 100-continue\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    with serving(tmp_path) as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as raw:
            raw.sendall(head)
            interim = b""
            while not interim.endswith(b"\r\n\r\n"):
                received = raw.recv(1)
                assert received
                interim += received
            raw.sendall(body[:20])
            server.process.send_signal(signal.SIGTERM)
            while "Handling signal: term" not in (tmp_path / "log").read_text(encoding="utf-8"):
                time.sleep(0.05)
            raw.sendall(body[20:])
            response = http.client.HTTPResponse(raw)
            response.begin()
            receipt_id = json.loads(response.read())["receipt_id"]
        assert response.status == 200
        assert server.process.wait(60) == 0
        assert receipt_id
        assert server.receipts() == 1
