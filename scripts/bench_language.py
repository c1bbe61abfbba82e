"""What an author of rules waits for: loading all policy files, `huice policies lint` and `prove`.

Each is run in turn, so that a busy machine burdens all alike. usage: bench_language.py RESULT
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from service.catalogue.loader import load_catalogue
from service.catalogue.source import read_source
from service.settings import PROJECT

ROUNDS = 3
LIMITS = {"load": 0.5, "lint and prove": 30.0}


def load() -> None:
    """Every file from the disk to a catalogue, with nothing prepared."""
    load_catalogue(read_source(PROJECT / "policies", PROJECT / "seeds"))


def run(command: str) -> Callable[[], None]:
    """A command as an author starts it."""

    def start() -> None:
        huice = [sys.executable, "-m", "service.cli", "policies", command]
        subprocess.run(huice, check=True, stdout=subprocess.DEVNULL)

    return start


def timed(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds on the clock, and of the processor with what the work started."""
    start, used = time.perf_counter(), _processor()
    work()
    return time.perf_counter() - start, _processor() - used


def _processor() -> float:
    parts = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(part.ru_utime + part.ru_stime for part in parts)


def main(result: Path) -> None:
    """Run all in turn and write the medians."""
    tasks = {"load": load, "lint": run("lint"), "prove": run("prove")}
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in tasks}
    for _ in range(ROUNDS):
        for name, work in tasks.items():
            seen[name].append(timed(work))
    told = {
        name: {"clock": median(c for c, _ in times), "processor": median(p for _, p in times)}
        for name, times in seen.items()
    }
    told["lint and prove"] = {
        key: told["lint"][key] + told["prove"][key] for key in ("clock", "processor")
    }
    for name, times in told.items():
        limit = f", at most {LIMITS[name]:g}" if name in LIMITS else ""
        print(f"{name}: {times['clock']:.2f} s, processor {times['processor']:.2f} s{limit}")
    load_average = os.getloadavg()[0]
    print(f"load average {load_average:.1f}")
    result.write_text(json.dumps({**told, "load_average": load_average}, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
