"""One version of the program against another, reading by reading, on the same rules and companies.

Each runs in a process of its own and is asked in turn, so that a busy machine burdens both alike;
of each reading the ratio of the processor times is told. The statuses are compared first. The rules
are those of the older version, so that nothing is used that it has not: a copy of its `policies`
with the units and the currency that the vocabulary must name today.

    git archive COMMIT | tar -x -C OLD
    python -m scripts.bench_versions OLD POLICIES-OF-OLD POLICIES-FOR-THIS RESULT.json
"""

import gc
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from inspect import signature
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
DAY = date(2026, 11, 22)
ROUNDS, KNOWN, NEW = 7, 400, 100
ANCHOR = "a loop of 100,000 steps"


def serve(policies: Path, seeds: Path, companies: Path) -> None:
    """One version: says how everybody comes out, then answers each line with its times."""
    from service.catalogue.loader import load_catalogue  # noqa: PLC0415  of either version
    from service.catalogue.source import read_source  # noqa: PLC0415
    from service.domain.evaluation.evaluator import evaluate  # noqa: PLC0415
    from service.domain.facts.profile import Profile, Subject, company_subject  # noqa: PLC0415
    from service.domain.index.status_index import StatusIndex  # noqa: PLC0415
    from service.domain.rules.amounts import ceiling  # noqa: PLC0415
    from service.domain.wording.sentences import sentence  # noqa: PLC0415

    source = read_source(policies, seeds)
    catalogue = load_catalogue(source)
    told = json.loads(companies.read_text("utf-8"))
    people = [Profile({k: _unpacked(v) for k, v in one.items()}) for one in told]
    known, new = people[:KNOWN], people[KNOWN:]
    index, rules = StatusIndex(catalogue), list(catalogue.programmes.values())
    day = (DAY,) if len(signature(ceiling).parameters) == 3 else ()
    paid = [rule.benefit for rule in rules if rule.benefit is not None]
    stated = [(b, Subject("p", {f: _figure(f) for f in _facts(b)}, {})) for b in paid if _facts(b)]
    conditions = [part for rule in rules for part in rule.condition.children]

    def by_index(who: Any) -> object:
        return [index.by_status(reading, DAY) for reading in index.truths_of(who, DAY)]

    def amounts(who: Any) -> object:
        return [ceiling(benefit, company_subject(who), *day) for benefit in paid]

    def amounts_stated(_: Any) -> object:
        return [ceiling(benefit, subject, *day) for benefit, subject in stated]

    for who in known:
        by_index(who)
    matches = (evaluate(catalogue, who, DAY).matches for who in known[:60])
    print(json.dumps([{m.programme.id: m.status.value for m in of} for of in matches]), flush=True)
    for line in sys.stdin:
        first = int(line) * NEW
        gc.collect()
        _timed(by_index, known)  # as in a process that does nothing else
        print(json.dumps({
            "index": _timed(by_index, known),
            "index, new companies": _timed(by_index, new[first : first + NEW]),
            "reference evaluator": _timed(lambda who: evaluate(catalogue, who, DAY), known[:12]),
            f"{len(paid)} amounts, little stated": _timed(amounts, known[:NEW]),
            f"{len(stated)} amounts, all stated": _timed(amounts_stated, known[:NEW]),
            "a sentence": _timed(lambda c: sentence(c, catalogue.vocabulary), conditions),
            "loading all files": _timed(lambda _: load_catalogue(source), [None]),
            ANCHOR: _timed(lambda _: sum(n * n % 7 for n in range(100_000)), [None]),
        }), flush=True)  # fmt: skip


def _facts(benefit: Any) -> Sequence[str]:
    """What an amount is reckoned from, as either version says it."""
    if hasattr(benefit, "facts"):
        return tuple(benefit.facts)
    return (benefit.of, *benefit.times) if benefit.of else ()


def _figure(fact: str) -> Decimal:
    return Decimal("0.035") if fact.endswith("lpr") else Decimal(3_456_789)


def _timed(work: Callable[[Any], object], items: Iterable[Any]) -> float:
    """Microseconds an item."""
    asked = list(items)
    begun = process_time()
    for item in asked:
        work(item)
    return (process_time() - begun) / len(asked) * 1e6


def _packed(value: Any) -> list[Any]:
    if isinstance(value, frozenset):
        return ["set", sorted(value)]
    if isinstance(value, tuple):
        days = [[c.category, *(d and d.isoformat() for d in (c.issued_on, c.expires_on))]
                for c in value]  # fmt: skip
        return ["certificates", days]
    return [type(value).__name__, str(value) if isinstance(value, Decimal | date) else value]


def _unpacked(packed: list[Any]) -> Any:
    from service.domain.facts.profile import Certificate  # noqa: PLC0415

    kind, held = packed
    if kind == "certificates":
        dates = ((c, [d and date.fromisoformat(d) for d in days]) for c, *days in held)
        return tuple(Certificate(c, issued, expires) for c, (issued, expires) in dates)
    read: dict[str, Callable[[Any], Any]] = {
        "set": frozenset, "Decimal": Decimal, "date": date.fromisoformat,
    }  # fmt: skip
    return read.get(kind, lambda plain: plain)(held)


def main(old: Path, old_policies: Path, policies: Path, result: Path) -> None:
    """Both versions side by side; the result is written and printed."""
    from service.catalogue.loader import load_catalogue  # noqa: PLC0415
    from service.catalogue.source import read_source  # noqa: PLC0415
    from tests.synthetic import profiles  # noqa: PLC0415

    vocabulary = load_catalogue(read_source(policies, old / "seeds")).vocabulary
    made = profiles(vocabulary, KNOWN + NEW * ROUNDS)
    companies = result.with_suffix(".companies.json")
    companies.write_text(
        json.dumps([{k: _packed(v) for k, v in who.company.items()} for who in made])
    )
    versions = [(old, old_policies), (PROJECT, policies)]
    running = [_start(tree, folder, old / "seeds", companies) for tree, folder in versions]
    answers = [json.loads(str(_read(one))) for one in running]
    if answers[0] != answers[1]:
        raise SystemExit("the two versions do not answer alike")
    rounds: list[list[dict[str, float]]] = []
    for number in range(ROUNDS):
        times: dict[int, dict[str, float]] = {}
        for which in (0, 1) if number % 2 else (1, 0):
            process = running[which]
            assert process.stdin is not None
            print(number, file=process.stdin, flush=True)
            times[which] = json.loads(_read(process))
        rounds.append([times[0], times[1]])
    for process in running:
        process.kill()
    found = {name: _compared(name, rounds) for name in rounds[0][0]}
    result.write_text(json.dumps(found, indent=1))
    for name, one in found.items():
        print(f"{name:26}", *(f"{key} {value:.2f}" for key, value in one.items()))


def _start(tree: Path, policies: Path, seeds: Path, companies: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, __file__, "serve", str(policies), str(seeds), str(companies)]
    return subprocess.Popen(
        command, cwd=tree, env={"PYTHONPATH": str(tree), "PYTHONHASHSEED": "0"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def _read(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def _compared(name: str, rounds: list[list[dict[str, float]]]) -> dict[str, float]:
    """Microseconds of either, the ratio of the medians and the ends of that of single rounds."""
    before, after = ([times[which][name] for times in rounds] for which in (0, 1))
    ratios = sorted(b / a for a, b in zip(before, after, strict=True))
    return {
        "before": median(before), "now": median(after), "ratio": median(after) / median(before),
        "least": ratios[0], "most": ratios[-1],
    }  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(*map(Path, sys.argv[2:5]))
    else:
        main(*map(Path, sys.argv[1:5]))
