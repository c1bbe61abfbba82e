"""One process over very many companies of which none comes twice: memory, and the slowest answers.

A bank's register and a portal in turn (see `bench_companies`), receipts kept; memory is the
process's own, taken after as many companies as MARKS say. The collector is set as a worker's is.
Each answer's time is that of its thread, the first after the start included.
Usage: python -m scripts.bench_steady RESULTS.json
"""

import gc
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import thread_time_ns
from typing import Any

import orjson

from scripts.bench_companies import bodies, portal, registry

MARKS = (1_000, 10_000, 20_000, 30_000, 40_000, 50_000)
SLOW_MS = 20
# For percentiles, and for what the aims say of ten thousand.
TIMED = 10_000


def requests(catalogue: Any) -> Iterator[bytes]:
    """Of a register and a portal, in turn."""
    drawn = (bodies(f(catalogue, MARKS[-1]), statuses=["potential"]) for f in (registry, portal))
    for pair in zip(*drawn, strict=True):
        yield from pair


def resident_mb() -> float:
    """What the process holds that is its own, in MB."""
    gc.collect()
    rollup = Path("/proc/self/smaps_rollup").read_text()
    lines = (line.split() for line in rollup.splitlines() if line.startswith("Private_"))
    return round(sum(int(parts[1]) for parts in lines) / 1024, 1)


def main() -> None:
    """Measure, print, write down."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"PROMETHEUS_MULTIPROC_DIR": folder,
                       "HUICE_DATABASE": str(Path(folder) / "huice.sqlite3")}  # fmt: skip
        from service.app import open_services  # noqa: PLC0415
        from service.domain.principal import ANONYMOUS  # noqa: PLC0415
        from service.serving import collector  # noqa: PLC0415
        from service.settings import read_settings  # noqa: PLC0415

        service = open_services(read_settings())
        service.compiled.warm()
        collector.leave_what_is_there()
        memory: dict[int, float] = {}
        times: list[float] = []
        for count, body in enumerate(requests(service.compiled.catalogue), 1):
            start = thread_time_ns()
            service.matching.match(orjson.loads(body), ANONYMOUS)
            times.append((thread_time_ns() - start) / 1e6)
            collector.look_for_what_goes()  # between two requests, as the worker's loop does
            if count in MARKS:
                memory[count] = resident_mb()
                print(count, memory[count], f"{max(times):.1f}", flush=True)
            if count == MARKS[-1]:
                break
        service.close()
    first, asked = times[:TIMED], sorted(times[:TIMED])
    found = {
        "memory_mb": memory,
        "first_ms": round(times[0], 2),
        "p50_ms": round(asked[TIMED // 2], 2),
        "p99_ms": round(asked[TIMED * 99 // 100], 2),
        "slowest_ms": [round(ms, 1) for ms in asked[-5:]],
        "slow_of_10000": sum(ms > SLOW_MS for ms in first),
        "slow_of_all": sum(ms > SLOW_MS for ms in times),
    }
    Path(sys.argv[1]).write_text(json.dumps(found, indent=1))
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
