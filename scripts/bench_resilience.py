"""What a request pays for a service that stays up: ours beside gunicorn's own threaded worker.

The same application answers the same requests in both. "Without" has no buffering of requests, no
limits in the worker and no look at the database's files before a write. All run in turn, several
rounds; what counts is the workers' processor time a request.
Usage: python -m scripts.bench_resilience RESULTS.json
"""

import json
import sys
import tempfile
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from scripts.bench_companies import bodies, registry
from scripts.bench_http import POOL, WARM, load, post, served
from service.catalogue.loader import load_catalogue
from service.domain.rules.catalogue import Catalogue
from service.policy_files import load_source
from service.settings import read_settings
from service.storage.database_files import DatabaseFiles

ROUNDS = 9
PLAIN = ("--worker-class", "gthread")
REQUESTS: dict[str, tuple[dict[str, Any], str]] = {
    "statuses only, no receipt": ({"statuses": ["potential"], "detail": "statuses"}, "0"),
    "in full, no receipt": ({"statuses": ["potential"]}, "0"),
    "in full, with a receipt": ({"statuses": ["potential"]}, "365"),
}


def without_checks() -> Any:
    """The service, which no longer looks whether the database is where it was."""
    from service.wsgi import app  # noqa: PLC0415  prepared by gunicorn's first process

    for check in ("check_place", "check_file", "check_beside", "check_log"):
        getattr(DatabaseFiles, check)  # one that is called otherwise by now would go on
        setattr(DatabaseFiles, check, lambda _self, *_: None)
    return app


def measure(catalogue: Catalogue, request: dict[str, Any], days: str) -> dict[str, float]:
    """Processor milliseconds a request with and without, medians, and the median of the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        ours = {"HUICE_RETENTION_DAYS": days, "HUICE_DATABASE": f"{folder}/ours.sqlite3"}
        theirs = {**ours, "HUICE_DATABASE": f"{folder}/plain.sqlite3"}
        plain = "scripts.bench_resilience:without_checks()"
        with (
            served("service.wsgi:app", **ours) as (port, _, parent),
            served(plain, *PLAIN, **theirs) as (plain_port, _, plain_parent),
        ):
            new = bodies(registry(catalogue, WARM + ROUNDS * POOL, 17), **request)
            for body in islice(new, WARM):
                post(port, body)
                post(plain_port, body)
            with_, without = [], []
            for _ in range(ROUNDS):
                pool = list(islice(new, POOL))
                with_.append(load(port, pool, parent)["processor_ms"])
                without.append(load(plain_port, pool, plain_parent)["processor_ms"])
    ratios = [a / b for a, b in zip(with_, without, strict=True)]
    return {
        "with_ms": round(median(with_), 3),
        "without_ms": round(median(without), 3),
        "ratio": round(median(ratios), 3),
        "least_ratio": round(min(ratios), 3),
        "most_ratio": round(max(ratios), 3),
    }


def main() -> None:
    """Measure, print, write down."""
    catalogue = load_catalogue(load_source(read_settings()))
    results = {name: measure(catalogue, *request) for name, request in REQUESTS.items()}
    Path(sys.argv[1]).write_text(json.dumps(results, indent=1))
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
