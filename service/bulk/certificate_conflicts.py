"""Certificates that a row claims and its own figures deny, for a whole batch.

Each criterion that could refute a certificate is indexed as if it were a programme, so that one
pass gives, for every row, which criteria are FALSE. That set and the claimed certificates are all
that the outcome depends on: of the rows that have both in common one is worked out with
`conflicts_among`, the others take its outcome. Rows without a FALSE criterion have no conflict.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from service.bulk.cells import Cells, Distinct, Numbers
from service.bulk.kernel import Kernel
from service.domain.dates import Window
from service.domain.facts.profile import Certificate, Value
from service.domain.index.status_index import StatusIndex
from service.domain.rules.catalogue import Catalogue, Programme
from service.domain.rules.conditions import Clause, Condition, Connective, Group
from service.domain.rules.standards import Category, Criterion

_CLAUSE = Clause("criteria", 1)
PLAIN, SCORED = "plain", "scored"


class ConflictRules:
    """The criteria that could refute certificates. Not for several threads at once.

    For each category two rules: one says that no criterion with a condition alone is FALSE, the
    other that none with points is, as far as its condition tells; points are for the reference.
    """

    def __init__(self, catalogue: Catalogue, contestable: frozenset[str], as_of: date) -> None:
        self.categories = [
            c for c in catalogue.categories.values() if c.yearly and c.certificate in contestable
        ]
        pattern = next(iter(catalogue.programmes.values()), None)
        rules = {}
        for category in self.categories if pattern else ():
            for kind, condition in _rules(category).items():
                assert pattern is not None
                rules[f"{category.id} {kind}"] = _rule(pattern, f"{category.id} {kind}", condition)
        whole = Catalogue("criteria", catalogue.vocabulary, {}, rules)
        self.kernel = Kernel(StatusIndex(whole), catalogue.vocabulary.facts, as_of)
        self.place = {p.id: i for i, p in enumerate(self.kernel.index.programmes)}

    def refuted(self, cells: Mapping[str, Cells], rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which rules are FALSE for which of the rows, rows first."""
        asked = self.kernel.index.columns.keys() | {
            fact for c in self.kernel.index.combined for fact in c.quantity.facts
        }
        mine = {f: _of_rows(c, rows) for f, c in cells.items() if f in asked}
        found = np.empty((len(rows), len(self.place)), bool)
        for part, truths in self.kernel.blocks(mine, len(rows)):
            found[part] = self.kernel.unpack_bits(truths.possible) == 0
        return found

    def claimed(self, value: Value) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """The rules that matter to a claim, and those of them that only points can decide."""
        claims = value if isinstance(value, tuple) else ()
        held = {c.category for c in claims if isinstance(c, Certificate)}
        mine, scored = np.zeros(len(self.place), bool), np.zeros(len(self.place), bool)
        for category in self.categories:
            for kind in (PLAIN, SCORED):
                place = self.place.get(f"{category.id} {kind}")
                if place is not None and category.certificate in held:
                    mine[place], scored[place] = True, kind == SCORED
        return mine, scored


def _of_rows(cells: Cells, rows: NDArray[np.intp]) -> Cells:
    if isinstance(cells, Numbers):
        return Numbers(cells.whole[rows], cells.known[rows], cells.places)
    return Distinct(cells.ids[rows], cells.values)


def _rules(category: Category) -> dict[str, Condition]:
    asked = [c for c in category.criteria if c.verified and not c.at_application]
    plain = [c.condition for c in asked if c.model is None and c.condition is not None]
    scored = [_with_exemption(c) for c in asked if c.model is not None]
    rules = {PLAIN: plain, SCORED: scored}
    return {k: Group(Connective.ALL, tuple(found), _CLAUSE) for k, found in rules.items() if found}


def _with_exemption(criterion: Criterion) -> Condition:
    """A criterion with points fails only where what spares the company them is not given."""
    return criterion.condition or Group(Connective.ANY, (), _CLAUSE)


def _rule(pattern: Programme, name: str, condition: Condition) -> Programme:
    whole = (
        condition if isinstance(condition, Group) else Group(Connective.ALL, (condition,), _CLAUSE)
    )
    return replace(pattern, id=name, condition=whole, supports=(), window=Window())
