"""Cells: the columns of a batch as facts, checked, ready to be looked up.

A cell is text as in CSV, or typed as in Parquet. An empty cell is an unknown fact. Several codes
are parted by "|", and "-" says that there are none; certificates are a JSON list. A value that the
vocabulary does not allow spoils its row: the row gets an error and no answers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from service.domain.profile import Value
from service.domain.vocabulary import Fact, FactType

Ids: TypeAlias = NDArray[np.int32]
# What reads one cell; a ValueError says what is wrong with it.
Reader: TypeAlias = Callable[[str], Value]

PLACES = {FactType.INTEGER: 0, FactType.MONEY: 2, FactType.NUMBER: 6}
NUMBER = r"^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]+)?$"
TOO_LARGE = 10**15
MOST_KNOWN = 200_000


@dataclass(frozen=True)
class Numbers:
    """A column of exact numbers: `whole` is the value times 10 ** `places`, where `known`."""

    whole: NDArray[np.int64]
    known: NDArray[np.bool_]
    places: int

    def value(self, row: int) -> Value | None:
        if not self.known[row]:
            return None
        number = int(self.whole[row])
        return Decimal(number).scaleb(-self.places) if self.places else number

    def distinct(self) -> "Distinct":
        """The same column as distinct values."""
        values, ids = np.unique(self.whole, return_inverse=True)
        numbers = [Decimal(int(v)).scaleb(-self.places) if self.places else int(v) for v in values]
        return Distinct(np.where(self.known, ids, -1).astype(np.int32), list(numbers))


@dataclass(frozen=True)
class Distinct:
    """A column of any values: for each row the place of its value in `values`, or -1."""

    ids: Ids
    values: list[Value]

    def value(self, row: int) -> Value | None:
        at = int(self.ids[row])
        return None if at < 0 else self.values[at]


Cells: TypeAlias = Numbers | Distinct


@dataclass
class CellReader:
    """Reads the columns of one fact. What distinct cells mean is remembered between batches."""

    fact: Fact
    read: Reader
    known: dict[str, Value | ValueError] = field(default_factory=dict)

    def cells(self, column: pa.Array, faults: dict[int, str]) -> Cells:
        """The column's cells; rows with a value that is not allowed are added to `faults`."""
        if pa.types.is_null(column.type):
            return Distinct(np.full(len(column), -1, np.int32), [])
        if self.fact.type in PLACES:
            numbers = _numbers(column, PLACES[self.fact.type])
            if numbers is not None and self._within(numbers):
                return numbers
        return self._distinct(column, faults)

    def _within(self, numbers: Numbers) -> bool:
        """Whether all numbers lie in the fact's bounds; where not, each is read on its own."""
        held = numbers.whole[numbers.known]
        if not len(held):
            return True
        scale, fact = 10**numbers.places, self.fact
        low, high = int(held.min()), int(held.max())
        return (
            -TOO_LARGE * scale < low
            and high < TOO_LARGE * scale
            and (fact.minimum is None or low >= fact.minimum * scale)
            and (fact.maximum is None or high <= fact.maximum * scale)
            and not (fact.positive and low <= 0)
        )

    def _distinct(self, column: pa.Array, faults: dict[int, str]) -> Distinct:
        encoded = as_text(column).dictionary_encode()
        ids = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
        values: list[Value] = []
        place = np.full(len(encoded.dictionary) + 1, -1, np.int32)
        for i, text in enumerate(encoded.dictionary.to_pylist()):
            found = self._read(text)
            if isinstance(found, ValueError):
                for row in np.flatnonzero(ids == i).tolist():
                    faults.setdefault(row, f"{self.fact.id}: {found}")
            else:
                place[i] = len(values)
                values.append(found)
        return Distinct(place[ids], values)

    def _read(self, text: str) -> Value | ValueError:
        found = self.known.get(text)
        if found is None:
            if len(self.known) >= MOST_KNOWN:
                self.known.clear()
            try:
                found = self.read(text)
            except ValueError as error:
                found = error
            self.known[text] = found
        return found


def as_text(column: pa.Array) -> pa.Array:
    """The cells as text; empty text is null."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        joined = [None if v is None else "|".join(map(str, v)) or "-" for v in column.to_pylist()]
        return pa.array(joined, pa.string())
    if pa.types.is_floating(column.type):
        written = [None if v is None else f"{Decimal(repr(v)):f}" for v in column.to_pylist()]
        return pa.array(written, pa.string())
    if pa.types.is_struct(column.type) or pa.types.is_binary(column.type):
        return pa.array(["?"] * len(column), pa.string())
    text = pc.cast(column, pa.string())
    return pc.if_else(pc.equal(text, ""), None, text)


def _numbers(column: pa.Array, places: int) -> Numbers | None:
    """The numbers, where all cells plainly are some and have no more places; else None."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    known = column.is_valid().to_numpy(zero_copy_only=False)
    if pa.types.is_floating(column.type):
        return _from_floats(column.fill_null(0).to_numpy(), known, places)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = pc.if_else(pc.equal(column, ""), None, column)
        known = column.is_valid().to_numpy(zero_copy_only=False)
        if pc.any(pc.invert(pc.match_substring_regex(column, NUMBER))).as_py():
            return None
    elif not (pa.types.is_integer(column.type) or pa.types.is_decimal(column.type)):
        return None
    try:
        whole = column.cast(pa.decimal128(38, places))
    except pa.ArrowInvalid:
        return None
    return _unscaled(whole.fill_null(Decimal(0)), known, places)


def _unscaled(column: pa.Array, known: NDArray[np.bool_], places: int) -> Numbers | None:
    """The integers that decimals are kept as, unless one takes more than 64 bits."""
    words = np.frombuffer(column.buffers()[1], "<i8")[2 * column.offset :][: 2 * len(column)]
    low, high = words[0::2], words[1::2]
    if not np.array_equal(low >> 63, high):
        return None
    return Numbers(np.ascontiguousarray(low), known, places)


def _from_floats(
    values: NDArray[np.float64], known: NDArray[np.bool_], places: int
) -> Numbers | None:
    """Floats that are some number with so many places: the nearest float to it."""
    scaled = np.rint(values.astype(np.float64) * 10**places)
    sound = np.isfinite(scaled) & (np.abs(scaled) < 2**53) & (scaled / 10**places == values)
    return Numbers(scaled.astype(np.int64), known, places) if sound.all() else None


def stood_in(columns: dict[str, pa.Array], facts: Mapping[str, Fact]) -> None:
    """Facts that stand in for unstated ones, filled in cell by cell."""
    for fact in facts.values():
        source = columns.get(fact.default_from or "")
        if source is None:
            continue
        own = columns.get(fact.id)
        given = as_text(source)
        columns[fact.id] = given if own is None else pc.coalesce(as_text(own), given)
