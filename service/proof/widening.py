"""Two versions of one rule: whether the new one is met by more, by fewer, by others or by the same,
with somebody who gains and somebody who loses, found by the solver.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import z3

from service.domain.facts.profile import Subject
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.programmes import Programme
from service.proof.node import Node
from service.proof.prover import Unsolved, available, find_subject, translate_programme
from service.proof.space import Space
from service.proof.variables import Formula


class Widening(StrEnum):
    """The new rule beside the old one."""

    SAME = "same"
    WIDER = "wider"
    NARROWER = "narrower"
    NEITHER = "neither"  # some gain, others lose
    OPEN = "open"  # the solver did not find out


@dataclass(frozen=True, slots=True)
class RuleComparison:
    """`gains` meets the new rule and not the old, `loses` the old and not the new; None where
    nobody does."""

    widening: Widening
    gains: Subject | None
    loses: Subject | None


def compare_rules(
    vocabulary: Vocabulary, old: Programme, new: Programme, as_of: date
) -> RuleComparison:
    """Whether the new rule is wider or narrower than the old: compared by who surely meets every
    condition, and where nobody can, by who is not ruled out."""
    comparison = _Comparison(vocabulary, old, new, as_of)
    try:
        by_truth = comparison.by(lambda node: node.true)
        if by_truth.widening is not Widening.SAME:
            return by_truth
        return comparison.by(lambda node: node.possible)
    except Unsolved:
        return RuleComparison(Widening.OPEN, None, None)


class _Comparison:
    def __init__(self, vocabulary: Vocabulary, old: Programme, new: Programme, as_of: date) -> None:
        self.space = Space(vocabulary, [old.condition, new.condition])
        self.as_of = as_of
        self.facts = available(self.space, old) | available(self.space, new)
        self.old, rules = translate_programme(self.space, old, as_of)
        self.new, more = translate_programme(self.space, new, as_of)
        self.solver = z3.Solver()
        self.solver.add(*rules, *more)

    def by(self, reading: Callable[[Node], Formula]) -> RuleComparison:
        old, new = reading(self.old), reading(self.new)
        gains = self._somebody(z3.And(new, z3.Not(old)))
        loses = self._somebody(z3.And(old, z3.Not(new)))
        kinds = {
            (False, False): Widening.SAME,
            (True, False): Widening.WIDER,
            (False, True): Widening.NARROWER,
            (True, True): Widening.NEITHER,
        }
        return RuleComparison(kinds[gains is not None, loses is not None], gains, loses)

    def _somebody(self, wanted: Formula) -> Subject | None:
        return find_subject(self.solver, wanted, self.space, self.facts, self.as_of)
