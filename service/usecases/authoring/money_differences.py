"""Whether a changed money rule gives more, less, or to some more and to others less; with somebody
who gets more, somebody who gets less, and both amounts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import islice, product

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.evaluation.evaluator import evaluate_condition
from service.domain.facts.profile import Subject, Value
from service.domain.facts.vocabulary import Fact
from service.domain.rules.amounts import ceiling
from service.domain.rules.programmes import Programme
from service.domain.truth import Truth
from service.proof.money import prove_money
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
    subject: Subject


@dataclass(frozen=True, slots=True)
class MoneyComparison:
    """`gains` is who gains most of those that were tried, `loses` who loses most, or whom the
    solver found. `proven`: where there is no such one, it is proven that nobody who meets both
    rules is one; otherwise only so many were `tried`."""

    change: MoneyChange
    tried: int
    proven: bool
    gains: MoneyCase | None
    loses: MoneyCase | None


def compare_money(
    old: CompiledCatalogue, new: CompiledCatalogue, before: Programme, after: Programme
) -> MoneyComparison | None:
    """What a change of the money alters, by the values at which either rule turns, in every
    combination, and by proof where nobody was found so; None where there is nothing to reckon."""
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
    pair = _Pair(before, after, best.as_of)
    cases = [case for s in subjects if (case := pair.case(base.subject.with_facts(s), names))]
    if not cases:
        return None
    cases.sort(key=lambda case: case.after - case.before)
    gains = next((c for c in reversed(cases) if c.after > c.before and pair.meets(c)), None)
    loses = next((c for c in cases if c.after < c.before and pair.meets(c)), None)
    proof = None
    if gains is None or loses is None:
        proof = prove_money(new.catalogue.vocabulary, before, after, best.as_of)
    if proof is not None:
        gains = gains or pair.found_case(proof.gains, names)
        loses = loses or pair.found_case(proof.loses, names)
    proven = proof is not None or (gains is not None and loses is not None)
    return MoneyComparison(
        _CHANGES[gains is not None, loses is not None], len(cases), proven, gains, loses
    )


_CHANGES = {
    (False, False): MoneyChange.SAME,
    (True, False): MoneyChange.MORE,
    (False, True): MoneyChange.LESS,
    (True, True): MoneyChange.NEITHER,
}


@dataclass(frozen=True, slots=True)
class _Pair:
    """Both versions on a day."""

    before: Programme
    after: Programme
    day: date

    def case(self, subject: Subject, names: Iterable[str]) -> MoneyCase | None:
        """What both come to for a subject; None where one comes to no figure."""
        assert self.before.benefit is not None
        assert self.after.benefit is not None
        old, new = (
            ceiling(b, subject, self.day).amount for b in (self.before.benefit, self.after.benefit)
        )
        if old is None or new is None:
            return None
        facts = {name: value for name in names if (value := subject.get(name)) is not None}
        return MoneyCase(facts, old, new, subject)

    def found_case(self, subject: Subject | None, names: Iterable[str]) -> MoneyCase | None:
        """The case of a company that the solver found; None where it found none."""
        return None if subject is None else self.case(subject, names)

    def meets(self, case: MoneyCase) -> bool:
        """Whether neither rule turns somebody away: others have no money to gain or to lose."""
        rules = (self.before.condition, self.after.condition)
        return all(
            evaluate_condition(rule, case.subject, self.day).truth is not Truth.FALSE
            for rule in rules
        )


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
