"""Figures that cannot be, found in a whole batch: each check of the vocabulary is indexed as if it
were a programme, so that one pass tells the rows for which it is TRUE."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from service.bulk.cells import Cells
from service.bulk.condition_index import as_programmes, index_conditions
from service.bulk.kernel import Kernel
from service.domain.facts.vocabulary import Owner
from service.domain.rules.catalogue import Catalogue, FigureCheck
from service.domain.rules.conditions import Condition, Connective, Group, Predicate, children_of
from service.domain.rules.quantities import Quantity, Sum


class FigureChecks:
    """The checks of a catalogue on one day. Not for several threads at once."""

    def __init__(self, catalogue: Catalogue, as_of: date) -> None:
        facts = catalogue.vocabulary.facts
        named = {str(i): check for i, check in enumerate(catalogue.checks)}
        conditions = {name: check.condition.condition for name, check in named.items()}
        rules = as_programmes(catalogue, conditions)
        for name, rule in rules.items():
            own = [f for f in map(facts.__getitem__, named[name].facts) if f.owner is Owner.PROJECT]
            kinds = {kind for fact in own for kind in fact.kinds}
            rules[name] = replace(rule, supports=tuple(sorted(kinds)))
        self.checks = named
        self.needed = {name: _needed_facts(condition) for name, condition in conditions.items()}
        self.rules, self.vocabulary, self.as_of = rules, catalogue.vocabulary, as_of
        self.kernels: dict[frozenset[str], Kernel] = {}

    def failed(
        self, cells: Mapping[str, Cells], rows: int
    ) -> Iterator[tuple[FigureCheck, NDArray[np.intp]]]:
        """Each check that some rows fail, and which."""
        kernel = self._kernel(frozenset(cells))
        true = np.zeros((rows, len(kernel.index.programmes)), bool)
        for part, truths in kernel.blocks(cells, rows):
            true[part] = kernel.unpack_bits(truths.true)
        for place, programme in enumerate(kernel.index.programmes):
            found = np.flatnonzero(true[:, place])
            if len(found):
                yield self.checks[programme.id], found

    def _kernel(self, held: frozenset[str]) -> Kernel:
        """A kernel of the checks that a table with these facts can fail."""
        known = self.kernels.get(held)
        if known is None:
            rules = {
                name: rule
                for name, rule in self.rules.items()
                if self.needed[name] <= held and not self.checks[name].facts.isdisjoint(held)
            }
            index = index_conditions(self.vocabulary, rules)
            known = self.kernels[held] = Kernel(index, self.vocabulary.facts, self.as_of)
        return known


def _needed_facts(condition: Condition) -> frozenset[str]:
    """Facts without which a condition is told of nobody: all that it looks at but the terms of a
    sum, of which some may do; of alternatives none is needed."""
    if isinstance(condition, Predicate):
        return frozenset(_facts_outside_sums(condition.quantity))
    if isinstance(condition, Group) and condition.gate is not Connective.ALL:
        return frozenset()
    return frozenset().union(*map(_needed_facts, children_of(condition)))


def _facts_outside_sums(quantity: Quantity) -> Iterator[str]:
    if isinstance(quantity, Sum):
        return
    yield from quantity.facts if not quantity.parts else ()
    for part in quantity.parts:
        yield from _facts_outside_sums(part)
