"""Facts that follow from facts, for a whole batch: the same rules as for one profile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from service.bulk.cells import Cells, DistinctColumn, Ids, Numbers, stated_rows
from service.domain.cache import BoundedCache
from service.domain.facts.agreement import agrees
from service.domain.facts.asking import following_project_facts
from service.domain.facts.implied_facts import filled_value
from service.domain.facts.profile import OF_PROJECT, PROJECT_KIND, Value
from service.domain.facts.vocabulary import AtLeast, Implication, Vocabulary, Wanted

CACHE_SIZE = 20_000


class ImpliedFacts:
    """Fills in what follows from the facts of each row. What distinct values mean to a rule is
    remembered between batches."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.rules = [
            _Rule(rule, vocabulary, {fact: BoundedCache(CACHE_SIZE) for fact in rule.when})
            for rule in vocabulary.implications
        ]

    def fill(self, cells: dict[str, Cells], rows: int) -> None:
        """Until nothing more follows."""
        changed = bool(self.rules)
        while changed:
            changed = False
            for rule in self.rules:
                met = rule.rows(cells, rows)
                if met is None or not met.any():
                    continue
                for fact, value in rule.rule.then.items():
                    filled = rule.fill(fact, cells.get(fact), value, met, rows)
                    if filled is not None:
                        cells[fact], changed = filled, True

    def come_with_project(
        self, cells: Mapping[str, Cells], rows: int
    ) -> Mapping[str, NDArray[np.bool_]]:
        """For each fact of projects that may follow from others, the rows in which entering a
        project, of whichever of its kinds, gives it."""
        company = {f: held for f, held in cells.items() if not f.startswith(OF_PROJECT)}
        found = {}
        for fact in following_project_facts(self.vocabulary):
            given = np.ones(rows, bool)
            for kind in self.vocabulary.facts[fact].kinds:
                entered = {
                    **company,
                    PROJECT_KIND: DistinctColumn(np.zeros(rows, np.int32), [kind]),
                }
                self.fill(entered, rows)
                given &= stated_rows(entered[fact]) if fact in entered else False
            found[fact] = given
        return found


@dataclass(frozen=True)
class _Rule:
    """One rule; `agreeing` has the values of its facts that agree with it, and that do not, `last`
    the values of each fact that it was last held against, since a batch is filled several times."""

    rule: Implication
    vocabulary: Vocabulary
    agreeing: Mapping[str, BoundedCache[Value, bool]]
    last: dict[str, tuple[Sequence[Value], NDArray[np.bool_]]] = field(default_factory=dict)

    def rows(self, cells: Mapping[str, Cells], rows: int) -> NDArray[np.bool_] | None:
        """The rows in which all that the rule asks is stated, all where it asks nothing; None where
        a fact has no column."""
        met = np.ones(rows, bool)
        for fact, wanted in self.rule.when.items():
            held = cells.get(fact)
            if held is None:
                return None
            if isinstance(held, Numbers):
                numbers = [v for v in wanted if isinstance(v, int | Decimal)]
                whole = [int(Decimal(v).scaleb(held.places)) for v in numbers]
                here = np.isin(held.whole, whole)
                for least in (v.least for v in wanted if isinstance(v, AtLeast)):
                    here |= held.whole >= int(Decimal(least).scaleb(held.places))
                here &= held.stated
            else:
                here = self._agreed(fact, held.values, wanted)[held.ids]
            met &= here
        return met

    def _agreed(
        self, fact: str, values: Sequence[Value], wanted: tuple[Wanted, ...]
    ) -> NDArray[np.bool_]:
        """Which values of a column agree with the rule; at the end that an unknown one does not."""
        last = self.last.get(fact)
        if last is None or last[0] is not values:
            agreed = np.array([*(self._agrees(fact, v, wanted) for v in values), False])
            last = self.last[fact] = values, agreed
        return last[1]

    def _agrees(self, fact: str, value: Value, wanted: tuple[Wanted, ...]) -> bool:
        found = self.agreeing[fact].get(value)
        if found is None:
            codes = self.vocabulary.codes_of(self.vocabulary.facts[fact])
            found = self.agreeing[fact].keep(value, agrees(value, wanted, codes))
        return found

    def fill(
        self, fact: str, held: Cells | None, value: Value, met: NDArray[np.bool_], rows: int
    ) -> Cells | None:
        """The column with the value in these rows; None where it changes none of them."""
        if held is None:
            held = DistinctColumn(np.full(rows, -1, np.int32), [])
        if isinstance(held, Numbers):
            return _with_number(held, value, met)
        values = list(held.values)
        place: Ids = np.arange(len(values) + 1, dtype=np.int32)
        place[-1] = -1
        used = np.zeros(len(place), bool)
        used[held.ids[met]] = True
        for i in np.flatnonzero(used).tolist():
            stated = held.values[i] if i < len(held.values) else None
            filled = filled_value(fact, stated, value)
            if filled is not None and filled != stated:
                place[i] = len(values)
                values.append(filled)
        ids = np.where(met, place[held.ids], held.ids).astype(np.int32)
        return None if np.array_equal(ids, held.ids) else DistinctColumn(ids, values)


def _with_number(held: Numbers, value: Value, met: NDArray[np.bool_]) -> Numbers | None:
    """Numbers with one more where these rows state none; None where all of them do."""
    new = met & ~held.stated
    if not new.any():
        return None
    assert isinstance(value, int | Decimal)
    whole = int(Decimal(value).scaleb(held.places))
    return Numbers(np.where(new, whole, held.whole), held.stated | new, held.places)
