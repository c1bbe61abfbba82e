"""Whether a changed money rule gives more, less, or to some more and to others less; with somebody
who gets more, somebody who gets less, and both amounts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import islice, product

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.facts.profile import Subject, Value
from service.domain.facts.vocabulary import Fact
from service.domain.rules.amounts import ceiling
from service.domain.rules.programmes import Programme
from service.usecases.authoring.boundaries import ORDERED, FactValues, best_example, best_match

# So many ways to combine the values at which either rule turns are tried.
_MAX_TRIALS = 4_000


class MoneyChange(StrEnum):
    """The new money beside the old, for everybody that was tried."""

    SAME = "same"
    MORE = "more"
    LESS = "less"
    NEITHER = "neither"  # some get more, others less


@dataclass(frozen=True, slots=True)
class MoneyCase:
    """Somebody, by what the money is reckoned from, and what it came to and comes to."""

    facts: dict[str, Value]
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class MoneyComparison:
    """`gains` is who gains most of those that were tried, `loses` who loses most."""

    change: MoneyChange
    tried: int
    gains: MoneyCase | None
    loses: MoneyCase | None


def compare_money(
    old: CompiledCatalogue, new: CompiledCatalogue, before: Programme, after: Programme
) -> MoneyComparison | None:
    """What a change of the money alters, by the values at which either rule turns, in every
    combination; None where there is nothing to reckon."""
    moneys = [p.benefit for p in (before, after)]
    base, best = best_match(new, after), best_example(after)
    if base is None or best is None or not all(m and m.is_reckoned for m in moneys):
        return None
    facts = new.catalogue.vocabulary.facts
    names = dict.fromkeys(f for m in moneys if m for f in m.facts if f in facts)
    sides = ((old, before), (new, after))
    values = [_values(sides, facts[name], base.subject, best.as_of) for name in names]
    trials = islice(product(*values), _MAX_TRIALS)
    subjects = (dict(zip(names, trial, strict=True)) for trial in trials)
    cases = list(_cases(before, after, base.subject, best.as_of, subjects))
    return _comparison(cases) if cases else None


def _values(
    sides: Sequence[tuple[CompiledCatalogue, Programme]], fact: Fact, subject: Subject, day: date
) -> list[Value]:
    """What either rule tells apart, what the example has, and for numbers some that lie beyond."""
    candidates: dict[Value, None] = {}
    for compiled, programme in sides:
        if fact.id in compiled.catalogue.vocabulary.facts:
            values = FactValues(compiled, programme, subject, day, fact)
            candidates.update(dict.fromkeys((*values.at_bends(), *values.single())))
    own = subject.facts.get(fact.id)
    if own is not None:
        candidates[own] = None
    numbers = [v for v in candidates if isinstance(v, int | Decimal) and not isinstance(v, bool)]
    if fact.type in ORDERED and numbers:
        beyond = max(numbers) * 2
        if fact.maximum is None or beyond <= fact.maximum:
            candidates[beyond] = None
    return list(candidates)


def _cases(
    before: Programme, after: Programme, subject: Subject, day: date,
    trials: Iterator[dict[str, Value]],
) -> Iterator[MoneyCase]:  # fmt: skip
    """The trials for which both rules come to a figure."""
    assert before.benefit is not None
    assert after.benefit is not None
    for facts in trials:
        somebody = subject.with_facts(facts)
        old, new = (ceiling(b, somebody, day).amount for b in (before.benefit, after.benefit))
        if old is not None and new is not None:
            yield MoneyCase(facts, old, new)


def _comparison(cases: Sequence[MoneyCase]) -> MoneyComparison:
    by_gain = sorted(cases, key=lambda case: case.after - case.before)
    loses, gains = by_gain[0], by_gain[-1]
    more, less = gains.after > gains.before, loses.after < loses.before
    kinds = {
        (False, False): MoneyChange.SAME,
        (True, False): MoneyChange.MORE,
        (False, True): MoneyChange.LESS,
        (True, True): MoneyChange.NEITHER,
    }
    return MoneyComparison(
        kinds[more, less], len(cases), gains if more else None, loses if less else None
    )
