"""Requests that take seconds are few at a time and never in the way of the rest."""

import time
from concurrent.futures import ThreadPoolExecutor

from tests.contract.conftest import Server
from tests.contract.test_served import REQUEST


def test_many_memos_at_once(attacked: Server) -> None:
    """Forty PDF files are asked for at once: each gets one or is told to come again; meanwhile
    probes and matches are answered."""
    receipt_id = attacked.match(REQUEST).json["receipt_id"]
    path = f"/api/v1/receipts/{receipt_id}/memo?format=pdf"

    def memo(_number: int) -> int:
        return attacked.send("GET", path).status

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
    assert statuses.count(200) >= 4
    assert max(waits) < 3
