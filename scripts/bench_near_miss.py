"""How long a near miss takes on rules that ask for k of n figures, by processor time.

Run: python -m scripts.bench_near_miss
"""

from dataclasses import replace
from statistics import median
from time import process_time

from service.domain.advice.near_miss import near_miss
from service.domain.facts.vocabulary import Vocabulary
from tests.domain.bounds import at_least
from tests.domain.groups import some_of
from tests.domain.predicates import ask
from tests.domain.programmes import matched
from tests.domain.sample import DAY, VOCABULARY, subject

ENOUGH = 10
ROUNDS = 5
# How many of how many are asked, and how many are met: eleven short figures of which two are asked
# are the 55 sets that the search keeps at most.
RULES = ((2, 11, 0), (9, 18, 7), (9, 18, 0), (4, 24, 0), (33, 36, 29), (4, 36, 0))


def seconds(count: int, of: int, met: int) -> float:
    """The median of a few searches over one rule."""
    staff = VOCABULARY.facts["company.employees"]
    names = [f"n{i}" for i in range(of)]
    facts = {f"company.{n}": replace(staff, id=f"company.{n}", name=n) for n in names}
    words = Vocabulary({n: replace(f, changeable=True) for n, f in facts.items()}, {})
    rule = some_of(count, *(ask(n, at_least(ENOUGH)) for n in names))
    stated = {n: ENOUGH if i < met else i % (ENOUGH - 1) for i, n in enumerate(names)}
    match = matched(rule, subject(stated))
    taken = []
    for _ in range(ROUNDS):
        begun = process_time()
        near_miss(match, words, DAY)
        taken.append(process_time() - begun)
    return median(taken)


def main() -> None:
    begun = process_time()
    for _ in range(100_000):
        pass
    print(f"| a loop of 100,000 steps | {(process_time() - begun) * 1000:.1f} |")
    for count, of, met in RULES:
        print(f"| {count} of {of}, {met} met | {seconds(count, of, met) * 1000:.1f} |")


if __name__ == "__main__":
    main()
