#!/usr/bin/env python3
"""What a key, a signature and the limits cost a request: processor time with and without.

Two applications over the project's own rules answer in turn, in one process, no two companies
alike: one without limits is asked by nobody, one with limits by a key, or by a key that signs.

usage: bench_keys.py [ROUNDS]
"""

import hashlib
import hmac
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from flask.testing import FlaskClient

from service.api.factory import create_app
from service.app import open_services
from service.domain.principal import Scope, operator_of
from service.faces import api_context
from service.serving.logs import configure_logging
from service.settings import read_settings

TARGET = "/api/v1/match"
WARM = 50


@contextmanager
def application(folder: Path, rate: str | None) -> Iterator[tuple[FlaskClient, str, str]]:
    """A client of a service with a limit, a key of it, and one that signs."""
    settings = replace(read_settings(), database=folder / "huice.sqlite3", rate_limit=rate)
    services = open_services(settings)
    keys = [
        services.key_service.create(
            operator_of("bank"), {"name": "k", "scopes": [Scope.MATCH], "signs": signs}, "bench"
        )["secret"]
        for signs in (False, True)
    ]
    try:
        yield create_app(api_context(services)).test_client(), keys[0], keys[1]
    finally:
        services.close()


def body_of(number: int) -> bytes:
    """No two companies alike."""
    company = {
        "kind": "enterprise", "registered_region": ["310115", "110108"][number % 2],
        "employees": 10 + number, "revenue": f"{1_000_000 + 137 * number}.00",
    }  # fmt: skip
    return json.dumps({"profile": {"company": company}}).encode()


def signed(secret: str, number: int, body: bytes) -> dict[str, str]:
    _, key_id, key = secret.split("_", 2)
    date, nonce = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), f"{number:016}"
    lines = f"POST\n{TARGET}\n{date}\n{nonce}\n{hashlib.sha256(body).hexdigest()}"
    signature = hmac.new(key.encode(), lines.encode(), hashlib.sha256).hexdigest()
    told = f"key={key_id}, date={date}, nonce={nonce}, signature={signature}"
    return {"Authorization": f"HMAC-SHA256 {told}"}


def cost(client: FlaskClient, body: bytes, headers: dict[str, str]) -> float:
    """Microseconds of this process's time, all threads, for one request."""
    began = time.process_time_ns()
    answer = client.post(TARGET, data=body, content_type="application/json", headers=headers)
    spent = (time.process_time_ns() - began) / 1000
    assert answer.status_code == 200, answer.text
    return spent


def main(rounds: int) -> None:
    configure_logging("ERROR")
    with (
        tempfile.TemporaryDirectory() as first,
        tempfile.TemporaryDirectory() as second,
        application(Path(first), None) as (plain, _, _),
        application(Path(second), "1000000/minute") as (limited, key, signing),
    ):
        bearer = {"Authorization": f"Bearer {key}"}
        ways: dict[str, Callable[[int, bytes], float]] = {
            "nobody, no limit": lambda _, body: cost(plain, body, {}),
            "a key and a limit": lambda _, body: cost(limited, body, bearer),
            "a signature and a limit": lambda n, body: cost(
                limited, body, signed(signing, n, body)
            ),
        }
        spent: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(rounds + WARM):
            for place, (name, ask) in enumerate(ways.items()):
                asked = number * len(ways) + place
                found = ask(asked, body_of(asked))
                if number >= WARM:
                    spent[name].append(found)
    base = statistics.median(spent["nobody, no limit"])
    for name, times in spent.items():
        median = statistics.median(times)
        print(f"{name}: {median:,.0f} µs of processor time, {median / base - 1:+.1%}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
