"""What a growing catalogue costs: the real one with generated programmes beside it, served over
HTTP as `huice serve` does it.

The generated programmes stand in folders of measures, a hundred each, as an operator would write
them: rules of two to six conditions over the vocabulary's facts, alternatives and exceptions,
bounds and amounts that all differ, texts of their own in both languages, an example each. None is a
copy of another. For each size: how long a first and a second start take, what a worker holds, what
an answer, a search and the pages cost.
Usage: python -m scripts.bench_growth RESULTS.json [PROGRAMMES ...]
"""

import hashlib
import json
import os
import signal
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import yaml

from scripts.bench_companies import DAY, bodies, portal, registry
from scripts.bench_http import children_of, post, processor_s, service_served
from service.catalogue.loader import load_catalogue
from service.domain.facts.vocabulary import Fact, FactType
from service.domain.rules.catalogue import Catalogue
from service.intake.documents import read_document
from service.intake.profiles import ProfileReader
from service.policy_files import load_source
from service.settings import read_settings
from service.storage.cases import CaseRepository
from service.storage.database import open_database
from service.web.cases import Case
from tests.synthetic import NUMBERS, asked_facts

ROOT = Path(__file__).resolve().parent.parent
SIZES = (132, 1_000, 10_000, 50_000)
NAME = "growth"
OF_A_MEASURE = 100
# Requests of a kind, each of its own company; the first WARM do not count.
CALLS = 60
WARM = 10
_CITIES = ("110000", "310000", "420100", "360800")
_WORDS = (
    ("技术改造", "Technical renewal"), ("研发投入", "Research spending"),
    ("首次应用", "First use"), ("贷款贴息", "Interest on loans"),
    ("人才引进", "Hiring of experts"), ("绿色制造", "Green production"),
    ("出海服务", "Services abroad"), ("数据要素", "Data as a resource"),
    ("创业孵化", "Incubation"), ("检验检测", "Testing"),
)  # fmt: skip


class _Plain(yaml.CSafeDumper):
    """Writes what occurs twice twice."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


def write_programmes(folder: Path, catalogue: Catalogue, count: int, seed: int = 31) -> None:
    """So many programmes in folders of measures, the same for the same seed."""
    random = Random(seed)  # noqa: S311 - repeatable on purpose
    # What is known of somebody who states nothing would decide the example of each.
    known, _ = ProfileReader(catalogue.vocabulary).read({"company": {}}, "")
    facts = [f for f in asked_facts(catalogue.vocabulary) if f.id not in known.company]
    for first in range(0, count, OF_A_MEASURE):
        measure = f"{NAME}.m{first // OF_A_MEASURE:04}"
        home = folder / measure.replace(".", "-")
        home.mkdir(parents=True)
        city = random.choice(_CITIES)
        _write(home / "measure.yaml", _measure(measure, first // OF_A_MEASURE, city))
        for number in range(first, min(count, first + OF_A_MEASURE)):
            data = _programme(random, catalogue, facts, number)
            _write(home / f"p{number:05}.yaml", data)


def _write(path: Path, data: Mapping[str, Any]) -> None:
    text = yaml.dump(dict(data), Dumper=_Plain, allow_unicode=True, sort_keys=False)
    path.write_text(text, encoding="utf-8")


def _text(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def _measure(name: str, number: int, city: str) -> dict[str, Any]:
    office = _text(f"第{number % 37 + 1}主管部门", f"Department {number % 37 + 1}")
    return {
        "id": name,
        "number": f"增长〔2026〕{number}号",
        "title": _text(f"第 {number} 份测算用文件", f"Document {number} for measuring"),
        "issuers": [office],
        "issued_on": DAY - timedelta(days=300 + number % 200),
        "reviewed_on": DAY,
        "window": {"from": DAY - timedelta(days=300 + number % 200), "inferred": True},
        "window_note": _text("起始日取印发日。", "The first day is the day of issue."),
        "jurisdiction": city,
        "evidence": "news",
        "source": "generated to be measured with",
        "decided_by": office,
        "departments": [office],
        "articles": [
            {
                "number": f"item-{article}",
                "title": _text(f"第 {article} 项", f"Item {article}"),
                "digest": "sha256:" + hashlib.sha256(f"{name} {article}".encode()).hexdigest(),
                "gist": _text(f"第 {article} 项的内容", f"What item {article} says"),
            }
            for article in range(1, OF_A_MEASURE + 1)
        ],
    }


def _programme(
    random: Random, catalogue: Catalogue, facts: list[Fact], number: int
) -> dict[str, Any]:
    (zh, en), (also_zh, also_en) = random.sample(_WORDS, 2)
    chosen = random.sample(facts, random.randint(2, 6))
    tests = [_test(random, catalogue, fact) for fact in chosen]
    if len(tests) > 3 and random.random() < 0.4:
        term = _text(f"{zh}的条件之一", f"One of the conditions of {en.lower()}")
        tests = [*tests[2:], {"any": tests[:2], "term": term}]
    if random.random() < 0.1:
        tests[0] = {"not": tests[0]}
    cap = random.randrange(100, 500_000) * 100
    return {
        "id": f"{NAME}.p{number:05}",
        "name": _text(f"{zh}与{also_zh}支持 {number}", f"{en} and {also_en.lower()} {number}"),
        "summary": _text(
            f"对{zh}、{also_zh}给予支持，最高 {cap} 元（第 {number} 项）。",
            f"Support of {en.lower()} and {also_en.lower()}, at most CNY {cap} (item {number}).",
        ),
        "article": f"item-{number % OF_A_MEASURE + 1}",
        "instrument": "subsidy",
        "commitment": "funding",
        "kinds": ["enterprise"],
        "kinds_open": ["other"],
        "kinds_basis": "implied",
        "conditions": {"all": tests},
        "benefit": {"cap": cap, "per": "company", "per_basis": "implied"},
        "given": {},
        "examples": [{"with": {}, "expect": {"status": "undetermined"}}],
    }


def _test(random: Random, catalogue: Catalogue, fact: Fact) -> dict[str, Any]:
    codes = catalogue.vocabulary.codes_of(fact)
    if fact.type is FactType.BOOLEAN:
        return {"fact": fact.id, "is": random.random() < 0.5}
    if fact.type is FactType.DATE:
        return {"fact": fact.id, "age_at_least": {"months": random.randrange(1, 240)}}
    if fact.type in NUMBERS:
        bound = random.randrange(int(fact.minimum or 0) + 1, int(min(fact.maximum or 10**8, 10**8)))
        return {"fact": fact.id, random.choice(["at_least", "at_most"]): bound}
    assert codes is not None
    listed = sorted(c for c, entry in codes.codes.items() if entry.successor is None)
    several = random.sample(listed, min(len(listed), random.randint(1, 3)))
    asks = {FactType.CERTIFICATES: "holds", FactType.CODES: "has_any"}.get(fact.type, "one_of")
    return {"fact": fact.id, asks: several}


def measure(catalogue: Catalogue, total: int) -> dict[str, Any]:
    """One size: two starts, then what each thing costs."""
    with tempfile.TemporaryDirectory() as name:
        folder, data = Path(name) / NAME, Path(name) / "huice.sqlite3"
        folder.mkdir()
        own = len(catalogue.programmes)
        if total > own:
            write_programmes(folder, catalogue, total - own)
        settings = {"HUICE_DATABASE": str(data), "HUICE_RETENTION_DAYS": "0"}
        if total > own:
            settings["HUICE_POLICIES"] = str(folder)
        found: dict[str, Any] = {"programmes": max(total, own)}
        for start in ("first", "second"):
            with service_served(**settings) as (port, ready, parent):
                found[f"{start} start, s"] = round(ready, 2)
                found[f"{start} start, processor s"] = round(started_s(parent), 2)
                found[f"{start} start, until it can be searched, s"] = round(_searchable(port), 2)
                held = [_memory(child) for child in children_of(parent)]
                found[f"{start} start, a worker's share, MB"] = max(share for _, share in held)
                if start == "second":
                    found |= _request_times(
                        catalogue, port, parent, folder if total > own else None
                    )
                    found |= _result_page(data, port, parent)
                    found |= _reload(port, parent, folder)
        # Beside it lie the one before the changed file and what was written ahead.
        size = max(f.stat().st_size for f in data.with_name(f"{data.name}.compiled").iterdir())
        return found | {"kept file, MB": round(size / 1e6, 1)}


def started_s(parent: int) -> float:
    """The processor seconds of gunicorn's first process, what it waited for, and its workers."""
    stat = Path(f"/proc/{parent}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, stat[11:15])) / os.sysconf("SC_CLK_TCK") + processor_s(parent)


def _request_times(
    catalogue: Catalogue, port: int, parent: int, folder: Path | None
) -> Iterator[tuple[str, Any]]:
    clients = {"register": registry, "portal": portal}
    for client, companies in clients.items():
        for name, request in (
            ("as asked by default", {}),
            ("potential in full", {"statuses": ["potential"]}),
            ("statuses only", {"statuses": ["potential"], "detail": "statuses"}),
        ):
            sent = bodies(companies(catalogue, CALLS + WARM, seed=len(name)), **request)
            spent, size = _timed(parent, [partial(post, port, body) for body in sent])
            yield f"{client}, {name}, ms", spent
            yield f"{client}, {name}, bytes", size
    words = ("研发", "技术改造", "interest", "贷款", "green production", "孵化")
    measures = sorted(p.name for p in folder.iterdir()) if folder else []
    document = measures[0].replace("-", ".") if measures else "sh-2025-8"
    asked = {
        "search, API": [f"/api/v1/programmes?q={urllib.parse.quote(w)}" for w in words],
        "list of programmes, API": ["/api/v1/programmes"],
        "home page": ["/"],
        "library": ["/library"],
        "library, searched": [f"/library?q={urllib.parse.quote(w)}" for w in words],
        "documents": ["/measures"],
        "a document": [f"/measures/{document}"],
        "a document's coverage": [f"/measures/{document}/coverage"],
    }
    for name, paths in asked.items():
        calls = [partial(_get, port, path) for path in paths for _ in range(12 // len(paths))]
        yield f"{name}, ms", (told := _timed(parent, calls))[0]
        yield f"{name}, bytes", told[1]


def _result_page(data: Path, port: int, parent: int) -> Iterator[tuple[str, Any]]:
    """The result of a sample company with its projects, asked as a reader does who comes back."""
    profile = read_document(ROOT / "seeds" / "companies" / "pudong-robotics.yaml")
    assert isinstance(profile, dict)
    content = Case("", profile["company"], profile["projects"]).content()
    with open_database(data) as store:
        key = CaseRepository(store, timedelta(days=1)).create(content, datetime.now(UTC))
    calls = [partial(_get, port, f"/cases/{key}/result")] * 12
    yield "result page, ms", (told := _timed(parent, calls))[0]
    yield "result page, bytes", told[1]
    held = [_memory(child) for child in children_of(parent)]
    yield "a worker's own memory, MB", max(own for own, _ in held)
    yield "a worker's share, MB", max(share for _, share in held)


def _reload(port: int, parent: int, folder: Path) -> Iterator[tuple[str, Any]]:
    """One file changes, and the service is told: until a worker answers by the new catalogue."""
    file = next(folder.rglob("p0*.yaml"), None)
    if file is None:
        return
    before, spent, begun = _get(port, "/readyz"), started_s(parent), time.monotonic()
    file.write_text(file.read_text(encoding="utf-8") + "# reviewed\n", encoding="utf-8")
    os.kill(parent, signal.SIGHUP)
    unready = 0
    while (answer := _answer(port, "/readyz")) in (before, None):
        unready += answer is None
        time.sleep(0.2)
    yield "reload after one changed file, s", round(time.monotonic() - begun, 2)
    yield "reload after one changed file, processor s", round(started_s(parent) - spent, 2)
    yield "of the looks meanwhile, five a second, answered by 503", unready


def _searchable(port: int) -> float:
    """The seconds until a search is answered."""
    begun = time.monotonic()
    while _answer(port, "/api/v1/programmes?q=a") is None:
        time.sleep(0.2)
    return time.monotonic() - begun


def _answer(port: int, path: str) -> bytes | None:
    """What a path answers; None where that is 503."""
    try:
        return _get(port, path)
    except urllib.error.HTTPError as error:
        if error.code != HTTPStatus.SERVICE_UNAVAILABLE:
            raise
        return None


def _get(port: int, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=120) as answer:
        found: bytes = answer.read()
        return found


def _timed(parent: int, calls: Sequence[Callable[[], bytes]]) -> tuple[float, int]:
    """The processor milliseconds of a call, all workers, and the median answer's bytes. The first
    calls, a sixth, do not count."""
    warm = max(1, len(calls) // 6)
    for call in calls[:warm]:
        call()
    before = processor_s(parent)
    sizes = [len(call()) for call in calls[warm:]]
    spent = (processor_s(parent) - before) / len(sizes)
    return round(1000 * spent, 1), round(median(sizes))


def _memory(process: str) -> tuple[int, int]:
    """Private and proportional MB of a process."""
    told = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    kept: dict[str, int] = {}
    for line in told[1:]:
        name, _, size = line.partition(":")
        kept[name] = int(size.split()[0])
    return (kept["Private_Clean"] + kept["Private_Dirty"]) // 1024, kept["Pss"] // 1024


def main() -> None:
    """Measure each size, print, write down after each."""
    catalogue = load_catalogue(load_source(read_settings()))
    results = []
    for total in [int(n) for n in sys.argv[2:]] or SIZES:
        results.append(measure(catalogue, total))
        Path(sys.argv[1]).write_text(json.dumps(results, indent=1, ensure_ascii=False))
        print(json.dumps(results[-1], indent=1, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
