"""What the money rule of a programme takes off by itself of support that was had: the total takes
that off no second time.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from service.domain.evaluation.evaluator import MatchLike
from service.domain.facts.profile import Award
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.amounts import Benefit, awards_taken_off, ceiling, taken_off
from service.domain.rules.quantities import Quantity
from service.domain.truth import Truth, some

_ENDLESS = Decimal("Infinity")


def is_taken_off(item: MatchLike, award: Award, vocabulary: Vocabulary, as_of: date) -> Truth:
    """Whether the amount of an item is told without the award already, as that of a top-up is: a
    test of support had takes it off, or a fact that says what was had."""
    benefit = item.programme.benefit
    if benefit is None or benefit.amount is None:
        return Truth.FALSE
    stated = (vocabulary.facts[f] for f in _facts_taken_off(benefit) if f in item.subject.facts)
    if any(fact.received for fact in stated):
        return Truth.TRUE
    return takes_off(benefit.amount, award, as_of)


def takes_off(quantity: Quantity, award: Award, as_of: date) -> Truth:
    """Whether a quantity, such as a cap, is what is left of something after the award."""
    return some(test.meets(award, as_of) for test in awards_taken_off(quantity))


def before_caps(item: MatchLike, award: Award, as_of: date) -> tuple[Decimal, Decimal] | None:
    """The least and the most that an item comes to before the caps that take the award off; None
    where none does. The award is taken off that: ten thousand of which twelve were had are nothing,
    though a cap of fifty thousand leaves thirty-eight."""
    benefit = item.programme.benefit
    if benefit is None:
        return None
    truths = {cap: takes_off(cap.quantity, award, as_of) for cap in benefit.caps}
    if all(truth is Truth.FALSE for truth in truths.values()):
        return None
    least, most = (
        replace(benefit, caps=tuple(cap for cap, truth in truths.items() if truth in binding))
        for binding in ((Truth.FALSE, Truth.UNKNOWN), (Truth.FALSE,))
    )
    low = ceiling(least, item.subject, as_of).at_least if least.is_reckoned else _ENDLESS
    high = ceiling(most, item.subject, as_of).at_most if most.is_reckoned else None
    return low, _ENDLESS if high is None else high


def _facts_taken_off(benefit: Benefit) -> Iterator[str]:
    if benefit.amount is not None:
        yield from (fact for part in taken_off(benefit.amount) for fact in part.facts)
