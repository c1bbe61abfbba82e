"""Two versions of one money rule: whether anybody who meets both gets more by the new one, with
somebody who does, found by the solver.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import z3

from service.domain.facts.profile import Subject
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.amounts import Benefit, ceiling
from service.domain.rules.conditions import Clause, Connective, Group, Predicate
from service.domain.rules.operators import Range
from service.domain.rules.programmes import Programme
from service.domain.rules.quantities import Difference, Quantity
from service.proof.node import Node
from service.proof.prover import Unsolved, available, find_subject, translate_programme
from service.proof.space import Space
from service.proof.variables import Formula

# Nobody is shown where they stand.
_CLAUSE = Clause("money", 0)
# What the solver may take for one question, in its own steps: the same on every machine. Two facts
# that are multiplied may be beyond it.
_MAX_STEPS = 2_000_000


@dataclass(frozen=True, slots=True)
class MoneyProof:
    """Somebody who gets more and somebody who gets less; None where it is proven that nobody
    does."""

    gains: Subject | None
    loses: Subject | None


def prove_money(
    vocabulary: Vocabulary, old: Programme, new: Programme, as_of: date
) -> MoneyProof | None:
    """Who gains and who loses by a change of the money among those who meet both rules; where
    nobody meets them for certain, among those whom they do not rule out. None where the two are in
    different currencies, rounded otherwise or for different kinds of project, where caps alone are
    paid over time, or where the solver does not find out."""
    before, after = old.benefit, new.benefit
    if before is None or after is None or before.whole is None or after.whole is None:
        return None
    alike = (before.currency, before.rounding, old.supports)
    if alike != (after.currency, after.rounding, new.supports):
        return None
    step = after.rounding.to
    more, less = _above(after.whole, before.whole, step), _above(before.whole, after.whole, step)
    parts = (old.condition, new.condition, *more, *less)
    # Translated as one rule, so that its parts are about one subject.
    both = replace(new, condition=Group(Connective.ALL, parts, _CLAUSE))
    try:
        return _Proof(vocabulary, both, (before, after), as_of).run()
    except Unsolved:
        return None


def _above(one: Quantity, other: Quantity, step: Fraction) -> tuple[Predicate, Predicate]:
    """The conditions that one amount is greater than another: by at least a step in which it is
    paid, so that they still differ once rounded; and at all."""
    ranges = Range(step), Range(Fraction(0), low_included=False)
    first, second = (Predicate(Difference(one, other), by, _CLAUSE) for by in ranges)
    return first, second


class _Proof:
    def __init__(
        self, vocabulary: Vocabulary, both: Programme, benefits: tuple[Benefit, Benefit], day: date
    ) -> None:
        self.benefits, self.day = benefits, day
        self.space = Space(vocabulary, [both.condition])
        self.facts = available(self.space, both)
        root, rules = translate_programme(self.space, both, day)
        nodes = root.children
        self.conditions, self.more, self.less = nodes[:2], nodes[2:4], nodes[4:]
        self.solver = z3.Solver()
        self.solver.set("rlimit", _MAX_STEPS)
        self.solver.add(*rules)

    def run(self) -> MoneyProof:
        who = z3.And([node.true for node in self.conditions])
        if self._somebody(who) is None:
            who = z3.And([node.possible for node in self.conditions])
        return MoneyProof(self._differing(who, self.more), self._differing(who, self.less))

    def _differing(self, who: Formula, amounts: Sequence[Node]) -> Subject | None:
        """Somebody of these to whom the two come out otherwise, in one direction. Raises
        Unsolved."""
        by_a_step, at_all = (self._somebody(z3.And(who, node.true, node.exact)) for node in amounts)
        found = by_a_step or at_all
        if found is not None:
            before, after = (ceiling(b, found, self.day).amount for b in self.benefits)
            if before is None or after is None or before == after:
                raise Unsolved
        return found

    def _somebody(self, wanted: Formula) -> Subject | None:
        return find_subject(self.solver, wanted, self.space, self.facts, self.day)
