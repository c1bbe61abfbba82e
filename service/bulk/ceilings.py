"""Ceilings of a batch: the same amounts as `service.domain.rules.amounts`, for a column of rows at
once.

Whole numbers do it, exactly; where a product might take more than 64 bits, the reference is asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from service.bulk.cells import Cells, Numbers
from service.domain.facts.profile import NOBODY, Subject, Value
from service.domain.rules.amounts import Benefit, ceiling
from service.domain.rules.rounding import EXACT


@dataclass(frozen=True)
class WantedRows:
    """The rows whose amounts are wanted; and in which of them the facts of projects, `projects`,
    are this programme's."""

    shown: NDArray[np.bool_]
    own: NDArray[np.bool_]
    projects: frozenset[str] = frozenset()


# Yuan, of any two facts and a rate.
AMOUNT = pa.decimal128(38, 2)
# Below this a product of floats, which may be off a little, is surely below 2 ** 63.
SAFE = float(1 << 62)
_WORD = (1 << 64) - 1


def at_most(
    benefit: Benefit, cells: Mapping[str, Cells], wanted: WantedRows, as_of: date
) -> pa.Array:
    """The upper bound of each row in `wanted.shown`, null elsewhere and where nothing bounds it.
    `cells` has the stated facts of the benefit."""
    cap = ceiling(benefit, NOBODY, as_of).at_most
    shown = wanted.shown
    rest = 0 if cap is None else _to_hundredths(cap)
    amounts = np.full(len(shown), rest, np.int64)
    bounded = shown if cap is not None else np.zeros(len(shown), bool)
    plain = benefit.plain
    if not cells:
        return _amount_column(amounts, bounded, {})
    held = {fact: cells.get(fact) for fact in plain.facts} if plain else {}
    numbers = {fact: one for fact, one in held.items() if isinstance(one, Numbers)}
    if plain is None or len(numbers) < len(plain.facts):
        found = _one_by_one(benefit, cells, wanted, np.flatnonzero(shown), as_of)
        return _amount_column(amounts, bounded, found)
    known = [
        one.stated & wanted.own if fact in wanted.projects else one.stated
        for fact, one in numbers.items()
    ]
    every, some = np.logical_and.reduce(known), np.logical_or.reduce(known)
    rows = np.flatnonzero(shown & every)
    products, sound = _multiply_rate(Fraction(plain.high), list(numbers.values()), rows)
    products = np.maximum(products, 0)
    amounts[rows] = products if cap is None else np.minimum(products, rest)
    partly = np.flatnonzero(shown & some & ~every)
    odd = _one_by_one(benefit, cells, wanted, np.concatenate((rows[~sound], partly)), as_of)
    return _amount_column(amounts, bounded | (shown & every), odd)


def _multiply_rate(
    rate: Fraction, numbers: Sequence[Numbers], rows: NDArray[np.intp]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The rate times all numbers, in hundredths rounded towards zero, and where 64 bits do."""
    share = rate * 100 / 10 ** sum(one.places for one in numbers)
    if max(share.numerator, share.denominator) >= SAFE:
        return np.zeros(len(rows), np.int64), np.zeros(len(rows), bool)
    product = np.full(len(rows), share.numerator)
    size = product.astype(np.float64)
    for one in numbers:
        whole = one.whole[rows]
        product = product * whole
        size *= whole
    found = np.sign(product) * (np.abs(product) // share.denominator)
    return found, np.abs(size) < SAFE


def _one_by_one(
    benefit: Benefit,
    cells: Mapping[str, Cells],
    wanted: WantedRows,
    rows: NDArray[np.intp],
    as_of: date,
) -> dict[int, int | None]:
    """The bounds of some rows in hundredths, as the reference has them."""
    known: dict[tuple[Value | None, ...], Decimal | None] = {}
    bounds = {}
    for row in rows.tolist():
        own = bool(wanted.own[row])
        values = tuple(
            c.value(row) if own or fact not in wanted.projects else None
            for fact, c in cells.items()
        )
        if values not in known:
            pairs = zip(cells, values, strict=True)
            stated = {fact: value for fact, value in pairs if value is not None}
            known[values] = ceiling(benefit, Subject(None, stated, {}), as_of).at_most
        bound = known[values]
        bounds[row] = None if bound is None else _to_hundredths(bound)
    return bounds


def _to_hundredths(amount: Decimal) -> int:
    return int(EXACT.multiply(amount, Decimal(100)))


def _amount_column(
    low: NDArray[np.int64], bounded: NDArray[np.bool_], odd: Mapping[int, int | None]
) -> pa.Array:
    """Hundredths as amounts: 64 bits for most rows, any number for the odd ones."""
    words = np.empty((len(low), 2), np.int64)
    words[:, 0], words[:, 1] = low, low >> 63
    valid = bounded.copy()
    for row, amount in odd.items():
        valid[row] = amount is not None
        words[row] = _split_words(amount or 0)
    bits = pa.py_buffer(np.packbits(valid, bitorder="little"))
    return pa.Array.from_buffers(AMOUNT, len(low), [bits, pa.py_buffer(words)])


def _split_words(amount: int) -> tuple[int, int]:
    """The two 64-bit words of a 128-bit number."""
    low = amount & _WORD
    return low - (1 << 64) if low >> 63 else low, amount >> 64
