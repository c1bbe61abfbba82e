"""A bank's workbook over HTTP: 20,000 companies from the upload to the downloaded workbook, then
those that a programme fits, by a service with its worker, as `huice serve` runs it; and the pages
of the desk over as many clients.

usage: python -m scripts.bench_portfolio [FILE]

The workbook is a clerk's: Chinese headers, amounts in 万元, names of codes, certificates with their
terms, a title above and a total below. Seconds by the clock; processor seconds and memory of all
processes of the service together: memory is the highest sum of what they hold at one moment, what
several share counted once (Pss), looked at four times a second.
"""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Self, TypeVar

import xlsxwriter

from scripts.bench_companies import registry
from scripts.bench_events import TENANT, fill
from service.app import open_services
from service.catalogue.loader import load_catalogue
from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import Certificate, Profile
from service.domain.facts.vocabulary import Fact, FactType
from service.domain.principal import operator_of
from service.domain.rules.catalogue import Catalogue
from service.policy_files import load_source
from service.settings import read_settings
from service.usecases.tenancy.candidates import CandidateQuery
from service.usecases.tenancy.clients import ClientFilter

T = TypeVar("T")
COUNT = 20_000
_LOOK_EVERY = 0.25
PROGRAMME = "sh-05-gradient"
BANK = operator_of(TENANT)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def write_workbook(catalogue: Catalogue, path: Path) -> None:
    """A clerk's workbook of companies of which no two are alike."""
    facts = catalogue.vocabulary.facts
    profiles = list(registry(catalogue, COUNT))
    columns = [facts[name] for name in profiles[0].company]
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_urls": False})
    sheet = book.add_worksheet("客户")
    sheet.write(0, 0, "科技企业客户清单")
    sheet.write_row(1, 0, ["序号", *(_header(f) for f in columns)])
    for number, profile in enumerate(profiles, 1):
        cells = [_cell(catalogue, f, profile) for f in columns]
        sheet.write_row(number + 1, 0, [number, *cells])
    sheet.write_row(COUNT + 2, 0, ["合计", f"{COUNT} 家"])
    book.close()


def _header(fact: Fact) -> str:
    return fact.label.zh + ("（万元）" if fact.type is FactType.MONEY else "")


def _cell(catalogue: Catalogue, fact: Fact, profile: Profile) -> str | float | None:
    value, codes = profile.company.get(fact.id), catalogue.vocabulary.codes_of(fact)
    if value is None:
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if fact.type is FactType.MONEY and isinstance(value, Decimal):
        return float(value / 10_000)
    if isinstance(value, Decimal | int):
        return f"{value}%" if fact.unit == "%" else float(value)
    if isinstance(value, tuple):
        held = [_certificate(c, codes) for c in value if isinstance(c, Certificate) and codes]
        return "、".join(held) or "无"
    if isinstance(value, frozenset):
        return "、".join(codes.label_of(c).zh if codes else c for c in sorted(value)) or "无"
    # Names of places and industries may be several's; registers hold their codes.
    return str(value)


def _certificate(held: Certificate, codes: CodeList) -> str:
    return f"{codes.label_of(held.category).zh}（{held.issued_on}至{held.expires_on}）"


@contextmanager
def serving(folder: Path) -> Iterator[tuple[int, int, dict[str, str]]]:
    """A service with its worker: its port, its process, and the headers of a key."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    huice = str(Path(sys.executable).with_name("huice"))
    environment = {**os.environ, "PORT": str(port), "HUICE_DATABASE": str(folder / "h.sqlite3")}
    made = subprocess.run(
        [huice, "keys", "create", "--tenant", "bank", "--name", "bench", "--scope", "batches"],
        env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    process = subprocess.Popen(
        [huice, "serve"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_until_ready(port)
        yield port, process.pid, {"Authorization": f"Bearer {made.stdout.strip()}"}
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _wait_until_ready(port: int) -> None:
    for _ in range(1_200):
        try:
            ask(port, "GET", "/readyz", {})
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(port)


def ask(port: int, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    if answer.status >= 400:
        raise http.client.HTTPException(f"{path}: {answer.status}")
    return content


def _family(parent: int) -> list[int]:
    """A process and all below it."""
    children: list[str] = []
    for held in Path(f"/proc/{parent}/task").glob("*/children"):  # threads start some, too
        with suppress(OSError):  # one that has ended
            children += held.read_text().split()
    return [parent, *(pid for child in children for pid in _family(int(child)))]


def _processor_s(parent: int) -> float:
    ticks = 0
    for pid in _family(parent):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@dataclass
class MemoryWatch:
    """The most that a process and all below it hold together, watched by a thread of its own."""

    parent: int
    peak: Sequence[int] = ()
    _ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(_LOOK_EVERY):
            held = [_proportional_kb(pid) for pid in _family(self.parent)]
            self.peak = max(self.peak, held, key=sum)

    @property
    def peak_json(self) -> dict[str, Any]:
        """In megabytes: all together, and each process at that moment."""
        return {"all": sum(self.peak) // 1000, "each": [kb // 1000 for kb in self.peak]}


def _proportional_kb(pid: int) -> int:
    """What a process holds, its part of what it shares with others; nothing once it is gone."""
    try:
        told = re.search(
            r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE
        )
    except OSError:
        return 0
    return int(told[1]) if told else 0


def measure(folder: Path) -> dict[str, Any]:
    table = folder / "clients.xlsx"
    write_workbook(load_catalogue(load_source(read_settings())), table)
    with serving(folder) as (port, process, key), MemoryWatch(process) as memory:
        clock, processor = time.perf_counter(), _processor_s(process)
        content, head = table.read_bytes(), {**key, "Content-Type": XLSX}
        batch = json.loads(ask(port, "POST", "/api/v1/batches?as_of=2026-11-22", head, content))
        told: dict[str, Any] = {"sent_mb": round(len(content) / 1e6, 1)}
        told["understood_s"] = round(time.perf_counter() - clock, 2)
        one = f"/api/v1/batches/{batch['id']}"
        state = batch
        while state["state"] not in ("done", "failed", "cancelled"):
            time.sleep(0.2)
            state = json.loads(ask(port, "GET", one, key))
        book = ask(port, "GET", f"{one}/result?format=xlsx", key)
        told |= {
            "state": state["state"], "rows": state["rows"], "errors": state["errors"],
            "result_mb": round(len(book) / 1e6, 1),
            "upload_to_workbook_s": round(time.perf_counter() - clock, 2),
            "processor_s": round(_processor_s(process) - processor, 2),
            "peak_mb": memory.peak_json,
        }  # fmt: skip
        for turn in ("first", "again"):
            clock, processor = time.perf_counter(), _processor_s(process)
            asked = json.dumps({"batch": batch["id"], "as_of": "2026-11-22"}).encode()
            head = {**key, "Content-Type": "application/json"}
            path = f"/api/v1/programmes/{PROGRAMME}/candidates"
            found = json.loads(ask(port, "POST", path, head, asked))
            told[f"candidates_{turn}"] = {
                "seconds": round(time.perf_counter() - clock, 2),
                "processor_s": round(_processor_s(process) - processor, 2),
                **found["summary"],
            }
        told["peak_mb_after"] = memory.peak_json
    return told


def timed(work: Callable[[], T]) -> tuple[T, dict[str, float]]:
    clock, processor = time.perf_counter(), time.process_time()
    found = work()
    seconds = time.perf_counter() - clock, time.process_time() - processor
    return found, dict(zip(("seconds", "processor_s"), (round(s, 2) for s in seconds), strict=True))


def desk(folder: Path) -> dict[str, Any]:
    """The desk's pages over as many clients: the list, the numbers, who fits a programme."""
    services, who = open_services(replace(read_settings(), database=folder / "d.sqlite3")), BANK
    services.key_service.create(who, {"name": "x", "scopes": ["match"]}, "bench")
    fill(services, datetime.now(UTC))
    told: dict[str, Any] = {}
    first = ClientFilter()
    _, told["list"] = timed(lambda: services.clients.page(who, "a", first, ""))
    told["numbers"] = []
    while not told["numbers"] or not told["numbers"][-1]["whole"]:
        found, cost = timed(lambda: services.clients.overview(who))
        told["numbers"].append({**cost, "counted": found.counted, "whole": found.is_whole})
    _, told["numbers again"] = timed(lambda: services.clients.overview(who))
    query = CandidateQuery(date(2026, 11, 22))
    _, told["candidates"] = timed(lambda: services.candidates.find(who, PROGRAMME, query))
    services.close()
    return told


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made_here:
        results = {"batch": measure(Path(made_here)), "desk": desk(Path(made_here))}
    answer = json.dumps(results, indent=1)
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(answer, encoding="utf-8")
    print(answer)
