"""What it costs at the least to have a record on the disk: processor time of one thread.

A file that is appended to and synced, the smallest transaction of SQLite under the service's own
settings, and receipts of the service, alone and in groups as they wait together.
Usage: python -m scripts.bench_writes
"""

import os
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from time import thread_time_ns

from scripts.bench_companies import bodies, registry
from service.app import open_services
from service.domain.principal import ANONYMOUS
from service.domain.steps import all_steps
from service.intake.json_reader import read_json
from service.serving.logs import configure_logging
from service.settings import read_settings
from service.storage.faults import sqlite3

RECORD = bytes(range(250)) * 2
ROUNDS = 100
GROUPS = (1, 4, 8, 16)


def print_cost(what: str, work: Callable[[], object], count: int = 1) -> None:
    """Print the median microseconds of one of `count` records."""
    spent = []
    for _ in range(ROUNDS):
        start = thread_time_ns()
        work()
        spent.append(thread_time_ns() - start)
    print(f"{what}: {median(spent) / 1000 / count:.0f} µs", flush=True)


def append_to_file(folder: Path) -> None:
    """A file."""
    file = os.open(folder / "log", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)

    def append() -> None:
        os.write(file, RECORD)
        os.fdatasync(file)

    try:
        print_cost("appended and synced", append)
    finally:
        os.close(file)


def insert_rows(folder: Path) -> None:
    """The smallest transactions."""
    with closing(sqlite3.connect(folder / "least.sqlite3", isolation_level=None)) as least:
        least.execute("PRAGMA journal_mode = wal").fetchall()
        least.execute("PRAGMA synchronous = FULL").fetchall()
        least.execute("CREATE TABLE records (id INTEGER PRIMARY KEY, content BLOB)")
        for count in GROUPS:
            values = ", ".join(["(?)"] * count)
            statement = f"INSERT INTO records (content) VALUES {values}"  # noqa: S608 - marks only
            given = (RECORD,) * count
            print_cost(f"INSERT of {count}", partial(least.execute, statement, given), count)


def store_receipts(folder: Path) -> None:
    """Matches in full of a register, all different; what is timed begins when they are answered."""
    settings = replace(read_settings(), database=folder / "huice.sqlite3", retention_days=None)
    with closing(open_services(settings)) as service:
        service.compiled.warm()
        asked = registry(service.compiled.catalogue, 500 + ROUNDS * sum(GROUPS))
        new = map(read_json, bodies(asked, statuses=["potential"]))
        for request in islice(new, 500):
            service.matching.match(request, ANONYMOUS)
        for count in GROUPS:
            spent = []
            for _ in range(ROUNDS):
                begin, some = service.matching.begin_in_steps, islice(new, count)
                begun = [all_steps(begin(request, ANONYMOUS)) for request in some]
                start = thread_time_ns()
                for match in begun:
                    match.finish()
                spent.append(thread_time_ns() - start)
            print(f"receipts, {count} at a time: {median(spent) / 1000 / count:.0f} µs", flush=True)


def main() -> None:
    """Measure and print, in a folder on the disk that the database would lie on."""
    configure_logging("WARNING")
    beside = read_settings().database.absolute().parent
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=beside) as folder:
        append_to_file(Path(folder))
        insert_rows(Path(folder))
        store_receipts(Path(folder))


if __name__ == "__main__":
    main()
