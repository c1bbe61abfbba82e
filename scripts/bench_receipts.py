"""What a receipt takes: processor time beside a bare Flask POST, and room on the disk.

The service is served twice, with receipts and without, and the bare application beside them, in
turn, several rounds of the same load (see `bench_http`). The disk is what the database's file grows
by. Usage: python -m scripts.bench_receipts RESULTS.json
"""

import json
import os
import sqlite3
import sys
import tempfile
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from scripts.bench_companies import bodies, portal, registry
from scripts.bench_http import POOL, WARM, load, post, served
from service.catalogue.loader import load_catalogue
from service.policy_files import load_source
from service.settings import read_settings

ROUNDS = 5
KINDS = {"register": registry, "portal": portal}
ASKED: dict[str, dict[str, Any]] = {
    "potential in full": {"statuses": ["potential"]},
    "as asked by default": {},
}


def bytes_and_receipts(database: Path) -> tuple[int, int]:
    """The size of a database file whose log is empty, and how many receipts it has."""
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        (count,) = connection.execute("SELECT count(*) FROM receipts").fetchone()
    return database.stat().st_size, count


def compare(client: str, asked: dict[str, Any], folder: Path) -> dict[str, float]:
    """The rounds of one kind of request."""
    catalogue = load_catalogue(load_source(read_settings()))
    new = bodies(KINDS[client](catalogue, WARM + ROUNDS * POOL), **asked)
    ours, kept = "service.wsgi:app", folder / "kept.sqlite3"
    without = {"HUICE_DATABASE": str(folder / "none.sqlite3"), "HUICE_RETENTION_DAYS": "0"}
    with ExitStack() as stack:
        port, _, parent = stack.enter_context(served(ours, HUICE_DATABASE=str(kept)))
        off_port, _, off_parent = stack.enter_context(served(ours, **without))
        warm = list(islice(new, WARM))
        sizes = [len(post(port, body)) for body in warm]
        for body in warm:
            post(off_port, body)
        bare = f"scripts.bench_http:bare({sum(sizes) // WARM})"
        bare_port, _, bare_parent = stack.enter_context(served(bare, **without))
        before = bytes_and_receipts(kept)
        rounds = []
        for _ in range(ROUNDS):
            pool = list(islice(new, POOL))
            on, off = load(port, pool, parent), load(off_port, pool, off_parent)
            rounds.append((on, off, load(bare_port, pool, bare_parent)))
        after = bytes_and_receipts(kept)
    added = [(on["processor_ms"] - off["processor_ms"]) for on, off, _ in rounds]
    shares = [a / least["processor_ms"] for a, (_, _, least) in zip(added, rounds, strict=True)]
    return {
        "added_ms": round(median(added), 3),
        "bare_ms": round(median(least["processor_ms"] for _, _, least in rounds), 3),
        "added_of_bare": round(median(shares), 2),
        "least": round(min(shares), 2),
        "most": round(max(shares), 2),
        "p50_ms": round(median(on["p50_ms"] for on, _, _ in rounds), 1),
        "p50_ms_without": round(median(off["p50_ms"] for _, off, _ in rounds), 1),
        "bytes_a_receipt": round((after[0] - before[0]) / (after[1] - before[1])),
    }


def main() -> None:
    """Measure, print, write down."""
    os.environ.pop("HUICE_RETENTION_DAYS", None)
    found: dict[str, Any] = {}
    for name, asked in ASKED.items():
        for client in KINDS:
            with tempfile.TemporaryDirectory() as folder:
                found[f"{client}: {name}"] = compare(client, asked, Path(folder))
            print(client, name, json.dumps(found[f"{client}: {name}"]), flush=True)
    Path(sys.argv[1]).write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
