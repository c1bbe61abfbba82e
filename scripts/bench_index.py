"""The index against tree walks, on synthetic catalogues of 50, 1,000 and 10,000 programmes.

Times are processor seconds, the median and the least of several rounds over the same companies.
Each round asks every engine in turn, so that a busy machine slows all of them, each a while before
it is timed, so that none pays for what another left in the processor's caches; and it runs a fixed
loop that tells how fast the machine was. The garbage collector is on, as in the service. Answers
are compared first. Usage: python -m scripts.bench_index RESULTS.json
"""

import gc
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

from service.catalogue.loader import load_catalogue
from service.domain.evaluation.evaluator import Status, evaluate, evaluate_programme
from service.domain.facts.profile import Profile, Subject, company_subject
from service.domain.index.status_index import StatusIndex
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Condition, Connective, Group, Undecided
from service.domain.rules.intervals import decision_of
from service.domain.truth import Truth, at_least
from service.policy_files import load_source
from service.settings import read_settings
from tests.synthetic import DAY, profiles, synthetic

SIZES = (50, 1_000, 10_000)
COMPANIES = 400
NEW = 100  # companies a round that were never seen before
WALKED = {50: 40, 1_000: 6, 10_000: 2}
ROUNDS = 7
OF = ("median", "least")
ANCHOR = "a loop of 100,000 steps"


def truth_of(condition: Condition, subject: Subject, as_of: date) -> Truth:
    """A tree walk without evidence, which stops as soon as a gate is settled."""
    if isinstance(condition, Group):
        return _gate(condition, subject, as_of)
    if isinstance(condition, Undecided):
        return Truth.UNKNOWN
    return decision_of(condition, subject, as_of).truth


def _gate(group: Group, subject: Subject, as_of: date) -> Truth:
    if group.gate is Connective.NOT:
        return ~truth_of(group.children[0], subject, as_of)
    if group.gate is Connective.AT_LEAST:
        return at_least(group.count, [truth_of(c, subject, as_of) for c in group.children])
    conjunction = group.gate is Connective.ALL
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


def anchor() -> float:
    """Microseconds for a fixed piece of plain Python: how fast the machine is just now."""
    start, total = process_time(), 0
    for step in range(100_000):
        total += step * step % 7
    return (process_time() - start) * 1e6


def measure(catalogue: Catalogue, companies: list[Profile]) -> dict[str, Any]:
    """Seconds to build the index, and microseconds of each engine: median and least."""
    start = process_time()
    index = StatusIndex(catalogue)
    built = process_time() - start
    engines = engines_of(index, catalogue, companies)
    match, _ = engines["index"]
    agree(index, catalogue, engines["tree walk"][1])
    for profile in companies:
        match(profile)
    rounds = []
    for number in range(ROUNDS):
        new = profiles(catalogue.vocabulary, NEW, seed=1_000 + number)
        gc.collect()
        times = {}
        for name, (work, asked) in engines.items():
            timed(work, asked[:NEW])  # as in a process that does nothing else
            times[name] = timed(work, asked)
        rounds.append({**times, "index, new companies": timed(match, new), ANCHOR: anchor()})
    return {
        "build_s": built,
        "median": {n: median(r[n] for r in rounds) for n in rounds[0]},
        "least": {n: min(r[n] for r in rounds) for n in rounds[0]},
    }


def engines_of(
    index: StatusIndex, catalogue: Catalogue, companies: list[Profile]
) -> dict[str, tuple[Callable[[Profile], object], list[Profile]]]:
    """What answers, by name, each with the companies it is asked about: fewer the longer it
    takes."""
    rules = list(catalogue.programmes.values())

    def match(profile: Profile) -> object:
        return [index.by_status(r, DAY) for r in index.truths_of(profile, DAY)]

    def match_and_find(profile: Profile) -> object:
        found: list[object] = []
        for reading in index.truths_of(profile, DAY):
            chosen = index.by_status(reading, DAY)[Status.UNDETERMINED]
            subject = company_subject(profile)
            found += [
                evaluate_programme(p, subject, DAY) for p in islice(index.programmes_in(chosen), 20)
            ]
        return found

    def walk(profile: Profile) -> object:
        subject = company_subject(profile)
        return [truth_of(p.condition, subject, DAY) for p in rules]

    def reference(profile: Profile) -> object:
        return evaluate(catalogue, profile, DAY)

    few = companies[: WALKED[min(SIZES, key=lambda s: abs(s - len(rules)))]]
    return {
        "index": (match, companies),
        "index and findings of 20": (match_and_find, companies[:NEW]),
        "tree walk": (walk, few),
        "reference evaluator": (reference, few[:2]),
    }


def agree(index: StatusIndex, catalogue: Catalogue, companies: Iterable[Profile]) -> None:
    """Raises SystemExit where the index and the evaluator differ."""
    for profile in companies:
        expected = {m.programme.id: m.status for m in evaluate(catalogue, profile, DAY).matches}
        found = {
            p.id: status
            for reading in index.truths_of(profile, DAY)
            for status, chosen in index.by_status(reading, DAY).items()
            for p in index.programmes_in(chosen)
        }
        if expected != found:
            raise SystemExit("the index and the evaluator disagree")


def exponent(results: dict[str, dict[str, Any]], of: str) -> float:
    """How the match grows with programmes: time ~ programmes to this power."""
    first, last = (results[str(n)][of]["index"] for n in (SIZES[0], SIZES[-1]))
    return math.log(last / first) / math.log(SIZES[-1] / SIZES[0])


def main() -> None:
    """Measure, print, write down."""
    real = load_catalogue(load_source(read_settings()))
    words = real.vocabulary
    companies = profiles(words, COMPANIES)
    results: dict[str, Any] = {}
    for name, shared in (("shared bounds", True), ("distinct bounds", False)):
        found = {str(n): measure(synthetic(words, n, shared=shared), companies) for n in SIZES}
        results[name] = {**found, "exponent": {of: exponent(found, of) for of in OF}}
    results["real catalogue"] = {str(len(real.programmes)): measure(real, companies)}
    Path(sys.argv[1]).write_text(json.dumps(results, indent=1))
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
