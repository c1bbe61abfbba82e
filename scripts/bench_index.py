"""The index against tree walks, on synthetic catalogues of 50, 1,000 and 10,000 programmes.

Times are processor seconds, the median of several rounds over the same companies; each round asks
every engine in turn, so that a busy machine slows all of them. Answers are compared first.
Usage: python -m scripts.bench_index RESULTS.json
"""

import json
import math
import sys
from collections.abc import Callable, Iterable
from datetime import date
from itertools import islice
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from scripts.bench_catalogues import (
    DAY,
    leaf_profiles,
    plain_catalogue,
    plain_profile,
    profiles,
    synthetic,
)
from service.app import load_source
from service.catalogue.loader import load_catalogue
from service.domain.catalogue import Catalogue
from service.domain.conditions import Condition, Gate, Group, Undecided
from service.domain.evaluation import Status, check, evaluate
from service.domain.index import Index
from service.domain.profile import Profile, Subject, company_subject
from service.domain.truth import Truth, at_least
from service.settings import read_settings

SIZES = (50, 1_000, 10_000)
COMPANIES = 100
WALKED = {50: 40, 1_000: 6, 10_000: 2}
ROUNDS = 7


def truth_of(condition: Condition, subject: Subject, as_of: date) -> Truth:
    """A tree walk without evidence, which stops as soon as a gate is settled."""
    if isinstance(condition, Group):
        return _gate(condition, subject, as_of)
    if isinstance(condition, Undecided):
        return Truth.UNKNOWN
    value = condition.quantity.read(subject)
    return Truth.UNKNOWN if value is None else condition.operator.decide(value, as_of).truth


def _gate(group: Group, subject: Subject, as_of: date) -> Truth:
    if group.gate is Gate.NOT:
        return ~truth_of(group.children[0], subject, as_of)
    if group.gate is Gate.AT_LEAST:
        return at_least(group.count, [truth_of(c, subject, as_of) for c in group.children])
    conjunction = group.gate is Gate.ALL
    stop, found = (Truth.FALSE, Truth.TRUE) if conjunction else (Truth.TRUE, Truth.FALSE)
    for child in group.children:
        truth = truth_of(child, subject, as_of)
        if truth is stop:
            return stop
        found = min(found, truth) if conjunction else max(found, truth)
    return found


def timed(work: Callable[[Profile], object], companies: Iterable[Profile]) -> float:
    """Microseconds a company."""
    asked = list(companies)
    start = process_time()
    for profile in asked:
        work(profile)
    return (process_time() - start) / len(asked) * 1e6


def measure(catalogue: Catalogue, companies: list[Profile]) -> dict[str, float]:
    """Build and match times of one catalogue, in microseconds but for the build's seconds."""
    start = process_time()
    index = Index(catalogue)
    built = process_time() - start
    rules = list(catalogue.programmes.values())

    def match(profile: Profile) -> object:
        return [index.by_status(r, DAY) for r in index.read(profile, DAY)]

    def match_and_find(profile: Profile) -> object:
        found: list[object] = []
        for reading in index.read(profile, DAY):
            chosen = index.by_status(reading, DAY)[Status.UNDETERMINED]
            subject = company_subject(profile)
            found += [check(p, subject, DAY) for p in islice(index.pick(chosen), 20)]
        return found

    def walk(profile: Profile) -> object:
        subject = company_subject(profile)
        return [truth_of(p.condition, subject, DAY) for p in rules]

    def reference(profile: Profile) -> object:
        return evaluate(catalogue, profile, DAY)

    few = companies[: WALKED[min(SIZES, key=lambda s: abs(s - len(rules)))]]
    agree(index, catalogue, few)
    for profile in companies:
        match(profile)
    engines = {
        "index": (match, companies),
        "index and findings of 20": (match_and_find, companies),
        "tree walk": (walk, few),
        "reference evaluator": (reference, few[:2]),
    }
    rounds: list[dict[str, float]] = [
        {name: timed(work, asked) for name, (work, asked) in engines.items()} for _ in range(ROUNDS)
    ]
    return {"build_s": built, **{n: median(r[n] for r in rounds) for n in engines}}


def agree(index: Index, catalogue: Catalogue, companies: Iterable[Profile]) -> None:
    """Raises SystemExit where the index and the evaluator differ."""
    for profile in companies:
        expected = {m.programme.id: m.status for m in evaluate(catalogue, profile, DAY).matches}
        found = {
            p.id: status
            for reading in index.read(profile, DAY)
            for status, chosen in index.by_status(reading, DAY).items()
            for p in index.pick(chosen)
        }
        if expected != found:
            raise SystemExit("the index and the evaluator disagree")


def exponent(results: dict[str, dict[str, float]]) -> float:
    """How the match grows with programmes: time ~ programmes to this power."""
    first, last = (results[str(n)]["index"] for n in (SIZES[0], SIZES[-1]))
    return math.log(last / first) / math.log(SIZES[-1] / SIZES[0])


def for_peers(words: Any) -> Any:
    """Catalogues and companies in plain JSON with the expected answers, for other engines."""
    told = {}
    for size in SIZES:
        catalogue = synthetic(words, size, shared=True, plain=True)
        index = Index(catalogue)
        companies = leaf_profiles(words, 20)
        expected = []
        for profile in companies:
            (reading,) = index.read(profile, DAY)
            expected.append(sorted(p.id for p in index.pick(reading.true)))

        def match(profile: Profile, index: Index = index) -> object:
            return [index.by_status(r, DAY) for r in index.read(profile, DAY)]

        timed(match, companies)
        told[str(size)] = {
            "rules": plain_catalogue(catalogue),
            "companies": [plain_profile(words, p) for p in companies],
            "expected": expected,
            "index": median(timed(match, companies * 5) for _ in range(ROUNDS)),
        }
    return told


def main() -> None:
    """Measure, print, write down."""
    real = load_catalogue(load_source(read_settings()))
    words = real.vocabulary
    companies = profiles(words, COMPANIES)
    results: dict[str, Any] = {}
    for name, shared in (("shared bounds", True), ("distinct bounds", False)):
        found = {str(n): measure(synthetic(words, n, shared=shared), companies) for n in SIZES}
        results[name] = {**found, "exponent": exponent(found)}
    results["real catalogue"] = {str(len(real.programmes)): measure(real, companies)}
    target = Path(sys.argv[1])
    target.write_text(json.dumps(results, indent=1))
    target.with_name("peers_input.json").write_text(json.dumps(for_peers(words)))
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
