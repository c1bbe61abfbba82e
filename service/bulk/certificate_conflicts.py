"""Certificates that a row claims and its own figures deny, for a whole batch.

Each criterion that could refute a certificate is indexed as if it were a programme, so that one
pass gives, for every row, which criteria are FALSE. That set and the claimed certificates are all
that the outcome depends on: of the rows that have both in common one is worked out with
`conflicts_among`, the others take its outcome. Rows without a FALSE criterion have no conflict.
"""

from collections.abc import Callable, Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from service.bulk.cells import Cells, DistinctColumn, Numbers
from service.bulk.condition_index import as_programmes, index_conditions
from service.bulk.kernel import Kernel
from service.domain.cache import BoundedCache
from service.domain.evaluation.claimed_certificates import (
    Conflict,
    claimed_certificates,
    conflicts_among,
    mark_contested,
)
from service.domain.facts.profile import Profile, Value
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Clause, Condition, Connective, Group
from service.domain.rules.standards import Category, Criterion

_CLAUSE = Clause("criteria", 1)
PLAIN, SCORED = "plain", "scored"
# A claim by itself, under any name.
_CLAIM = "claim"
CACHE_SIZE = 50_000


class ConflictRules:
    """The criteria that could refute certificates. Not for several threads at once.

    Each category has two rules, FALSE where one of its criteria is: one for criteria that are a
    condition, and one for criteria that are scored, of which this knows the condition only. What
    their points come to is left to the reference.
    """

    def __init__(self, catalogue: Catalogue, contestable: frozenset[str], as_of: date) -> None:
        self.categories = [
            c for c in catalogue.categories.values() if c.yearly and c.certificate in contestable
        ]
        rules = {
            f"{category.id} {kind}": condition
            for category in self.categories
            for kind, condition in _criteria_rules(category).items()
        }
        indexed = index_conditions(catalogue.vocabulary, as_programmes(catalogue, rules))
        self.kernel = Kernel(indexed, catalogue.vocabulary.facts, as_of)
        self.place = {p.id: i for i, p in enumerate(self.kernel.index.programmes)}
        # Of each rule: the category it belongs to, and whether only points can decide it.
        self.owners = [name.rpartition(" ")[0] for name in self.place]
        self.scored = np.array([name.endswith(f" {SCORED}") for name in self.place], bool)
        self.as_of = as_of
        self._known_rules: BoundedCache[Value, NDArray[np.bool_]] = BoundedCache(CACHE_SIZE)
        self._known_marks: BoundedCache[tuple[Value, bytes], Value] = BoundedCache(CACHE_SIZE)

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

    def mark_contested(
        self,
        held: DistinctColumn,
        cells: Mapping[str, Cells],
        spoilt: NDArray[np.bool_],
        contested_claims: Callable[[int], Value],
    ) -> DistinctColumn:
        """A column of claims, those marked that their own rows' figures deny; `spoilt` rows are
        left alone. `contested_claims` gives the claims of one row as the reference marks them."""
        mine = np.stack(
            [*(self._rules_for(v) for v in held.values), np.zeros(len(self.place), bool)]
        )
        concerned: NDArray[np.bool_] = np.asarray(mine.any(axis=1))
        claiming = concerned[held.ids] & ~spoilt
        rows = np.flatnonzero(claiming)
        if not len(rows):
            return held
        denied = self.refuted(cells, rows) & mine[held.ids[rows]]
        ids, values, place = held.ids.copy(), list(held.values), dict[Value, int]()
        for i in np.flatnonzero(denied.any(axis=1)).tolist():
            row = int(rows[i])
            if (denied[i] & self.scored).any():
                marked = contested_claims(row)
            else:
                marked = self._marked(held.values[held.ids[row]], denied[i])
            if marked not in place:
                place[marked] = len(values)
                values.append(marked)
            ids[row] = place[marked]
        return DistinctColumn(ids, values)

    def _rules_for(self, value: Value) -> NDArray[np.bool_]:
        """The rules that could deny a claim."""
        known = self._known_rules.get(value)
        if known is None:
            met = {c.category.id for c in self._conflicts(value, lambda c: c.criteria)}
            owned = [owner in met for owner in self.owners]
            known = self._known_rules.keep(value, np.array(owned, bool))
        return known

    def _marked(self, value: Value, denied: NDArray[np.bool_]) -> Value:
        """A claim as these rules leave it."""
        key = value, denied.tobytes()
        known = self._known_marks.get(key)
        if known is None:
            denying = {self.owners[i] for i in np.flatnonzero(denied).tolist()}
            found = self._conflicts(value, lambda c: c.criteria if c.id in denying else ())
            marked = mark_contested(Profile({_CLAIM: value}), found)
            known = self._known_marks.keep(key, marked.company[_CLAIM])
        return known

    def _conflicts(
        self, value: Value, refuted: Callable[[Category], tuple[Criterion, ...]]
    ) -> tuple[Conflict, ...]:
        held = claimed_certificates(Profile({_CLAIM: value}), self.as_of)
        return conflicts_among(held, self.categories, self.as_of, refuted)


def _of_rows(cells: Cells, rows: NDArray[np.intp]) -> Cells:
    if isinstance(cells, Numbers):
        return Numbers(cells.whole[rows], cells.stated[rows], cells.places)
    return DistinctColumn(cells.ids[rows], cells.values)


def _criteria_rules(category: Category) -> dict[str, Condition]:
    asked = [c for c in category.criteria if c.verified and not c.at_application]
    plain = [c.condition.condition for c in asked if c.model is None and c.condition is not None]
    scored = [_with_exemption(c) for c in asked if c.model is not None]
    rules = {PLAIN: plain, SCORED: scored}
    return {k: Group(Connective.ALL, tuple(found), _CLAUSE) for k, found in rules.items() if found}


def _with_exemption(criterion: Criterion) -> Condition:
    """A criterion with points fails only where what spares the company them is not given."""
    exemption = criterion.condition
    return exemption.condition if exemption else Group(Connective.ANY, (), _CLAUSE)
