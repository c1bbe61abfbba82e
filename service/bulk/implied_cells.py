"""Facts that follow from facts, for a whole batch: the same rules as for one profile."""

from collections.abc import Mapping
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from service.bulk.cells import Cells, Distinct, Ids, Numbers
from service.domain.facts.implied_facts import agrees, filled_value
from service.domain.facts.profile import Value
from service.domain.facts.vocabulary import Implication, Vocabulary


def fill_implied(cells: dict[str, Cells], rows: int, vocabulary: Vocabulary) -> None:
    """Fill in what follows from the facts of each row, until nothing more does."""
    changed = bool(vocabulary.implications)
    while changed:
        changed = False
        for rule in vocabulary.implications:
            met = _rows_of(rule, cells, vocabulary)
            if met is None or not met.any():
                continue
            for fact, value in rule.then.items():
                filled = _filled(cells.get(fact), value, met, rows)
                if filled is not None:
                    cells[fact], changed = filled, True


def _rows_of(
    rule: Implication, cells: Mapping[str, Cells], vocabulary: Vocabulary
) -> NDArray[np.bool_] | None:
    """The rows in which all that a rule asks is stated; None where a fact has no column."""
    met: NDArray[np.bool_] | None = None
    for fact, wanted in rule.when.items():
        held = cells.get(fact)
        if held is None:
            return None
        if isinstance(held, Numbers):
            numbers = [v for v in wanted if isinstance(v, int | Decimal)]
            whole = [int(Decimal(v).scaleb(held.places)) for v in numbers]
            here = held.known & np.isin(held.whole, whole)
        else:
            codes = vocabulary.codes_of(vocabulary.facts[fact])
            agreed = [agrees(v, wanted, codes) for v in held.values]
            here = np.array([*agreed, False])[held.ids]
        met = here if met is None else met & here
    return met


def _filled(held: Cells | None, value: Value, met: NDArray[np.bool_], rows: int) -> Distinct | None:
    """The column with the value in these rows; None where it changes none of them."""
    if held is None:
        held = Distinct(np.full(rows, -1, np.int32), [])
    distinct = held.distinct() if isinstance(held, Numbers) else held
    values = list(distinct.values)
    place: Ids = np.arange(len(values) + 1, dtype=np.int32)
    place[-1] = -1
    for i, stated in enumerate([*distinct.values, None]):
        filled = filled_value(stated, value)
        if filled is not None and filled != stated:
            place[i] = len(values)
            values.append(filled)
    ids = np.where(met, place[distinct.ids], distinct.ids).astype(np.int32)
    return None if np.array_equal(ids, distinct.ids) else Distinct(ids, values)
