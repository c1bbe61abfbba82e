"""How long it takes until everybody who follows is told: 20,000 different companies, other rules.

usage: python -m scripts.bench_events [FILE]

Half of the companies are of a bank's register, half of a portal, no two alike; all are followed by
a tag. Timed: the first comparison, one under rules of which one programme's amount is another, a
day that passes, and a look when nothing is due. In one thread, as the worker does it.
"""

import hashlib
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

import orjson
import zstandard
from stdnum.cn import uscc

from scripts.bench_companies import portal, registry
from service.app import Services, open_services
from service.background import change_detector
from service.domain.clock import Clock
from service.domain.principal import operator_of
from service.intake.profiles import dump_profile
from service.policy_files import load_source
from service.settings import Settings, read_settings

COUNT = 20_000
TENANT = "bank"
RULE = "policies/shanghai/sh-2025-8/08-first-set.yaml"


def code(number: int) -> str:
    plain = f"91310000MA1{number:06}"
    return plain + uscc.calc_check_digit(plain)


def fill(service: Services, now: datetime) -> None:
    """Keep the companies, in one transaction."""
    catalogue = service.compiled.catalogue
    companies = chain(registry(catalogue, COUNT // 2), portal(catalogue, COUNT // 2))
    with service.store.transaction() as db:
        for number, profile in enumerate(companies):
            stated = dump_profile(profile)
            stated["company"]["uscc"] = code(number)
            content = orjson.dumps({"profile": stated, "tags": ["all"], "evidence": {}})
            digest = hashlib.sha256(content).hexdigest()
            db.execute(
                "INSERT INTO companies (tenant, uscc, version, name, tags, updated_at, actor,"
                " digest, content) VALUES (?, ?, 1, '', 'all', ?, 'bench', ?, ?)",
                (TENANT, code(number), now.isoformat(), digest, zstandard.compress(content)),
            )


def timed(work: Callable[[], int]) -> dict[str, float]:
    """How much was done, in how many seconds by the clock and of processor time."""
    clock, processor = time.perf_counter(), time.process_time()
    done = work()
    return {
        "compared": done,
        "seconds": round(time.perf_counter() - clock, 2),
        "processor": round(time.process_time() - processor, 2),
    }


def measure(folder: Path) -> dict[str, object]:
    settings: Settings = replace(read_settings(), database=folder / "bench.sqlite3")
    service = open_services(settings)
    service.serve()
    who = operator_of(TENANT)
    service.key_service.create(who, {"name": "x", "scopes": ["match"]}, "bench")
    moment = datetime.now(UTC)
    fill(service, moment)
    subscription = {"kind": "tag", "target": "all"}
    service.subscription_service.create(who, subscription, "bench")
    clock = Clock(lambda: moment, service.clock.zone)
    made = change_detector(settings, service.store, service.local)
    detector = replace(made, today_of=lambda _: clock)
    told: dict[str, object] = {"companies": COUNT, "first": timed(detector.run)}
    files = dict(load_source(settings))
    files[RULE] = files[RULE].replace(b"20_000_000", b"10_000_000")
    other = open_services(replace(settings, failing_examples="serve"), source=files)
    other.serve()
    told["other rules"] = timed(detector.run)
    events = other.subscription_service.event_page(who, 0, 500)["items"]
    told["events"] = len(events)
    told["companies told"] = sum(len(e["data"]["companies"]) for e in events)
    moment += timedelta(days=1)
    told["a day"] = timed(detector.run)
    told["nothing due"] = timed(detector.run)
    told["peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return told


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        found = json.dumps(measure(Path(folder)), indent=1)
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(found, encoding="utf-8")
    print(found)
