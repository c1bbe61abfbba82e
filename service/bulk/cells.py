"""Cells: the columns of a batch as facts, checked, ready to be looked up.

A cell is text as in CSV, or typed as in Parquet. An empty cell is an unknown fact. Several codes
are parted by "|", and "-" says that there are none; certificates are a JSON list. A value that the
vocabulary does not allow spoils its row: the row gets an error and no answers.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from service.domain.cache import BoundedCache
from service.domain.facts.profile import Value
from service.domain.facts.vocabulary import Fact, FactType
from service.domain.text import Text

Ids: TypeAlias = NDArray[np.int32]
Read = TypeVar("Read")
# What reads one cell; InvalidCell says what is wrong with it.
Reader: TypeAlias = Callable[[str], Value]

PLACES = {FactType.INTEGER: 0, FactType.MONEY: 2, FactType.NUMBER: 6}
NUMBER = r"^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]+)?$"
TOO_LARGE = 10**15
# Distinct cells that a column remembers between batches; where all differ none comes back.
CACHE_SIZE = 1 << 15


class InvalidCell(ValueError):
    """A value that its fact does not allow; `text` says why, in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with one cell of a batch: its row, the fact of its column, why. Where several
    columns make one fact: the name of the one that is wrong, and what may stand in it."""

    row: int
    fact: str
    why: Text
    column: str | None = None
    allowed: Text | None = None


def faulty_rows(faults: Iterable[CellFault], rows: int) -> NDArray[np.bool_]:
    """Which of so many rows have a fault."""
    faulty = np.zeros(rows, bool)
    faulty[[fault.row for fault in faults]] = True
    return faulty


@dataclass(frozen=True)
class Numbers:
    """A column of exact numbers: `whole` is the value times 10 ** `places`, where `stated`."""

    whole: NDArray[np.int64]
    stated: NDArray[np.bool_]
    places: int

    def value(self, row: int) -> Value | None:
        if not self.stated[row]:
            return None
        number = int(self.whole[row])
        return Decimal(number).scaleb(-self.places) if self.places else number

    def distinct(self) -> "DistinctColumn":
        """The same column as distinct values."""
        values, ids = np.unique(self.whole, return_inverse=True)
        numbers = [Decimal(int(v)).scaleb(-self.places) if self.places else int(v) for v in values]
        return DistinctColumn(np.where(self.stated, ids, -1).astype(np.int32), list(numbers))


@dataclass(frozen=True)
class DistinctColumn:
    """A column of any values: for each row the place of its value in `values`, or -1."""

    ids: Ids
    values: list[Value]

    def value(self, row: int) -> Value | None:
        at = int(self.ids[row])
        return None if at < 0 else self.values[at]


Cells: TypeAlias = Numbers | DistinctColumn


@dataclass(frozen=True)
class ReadWords:
    """The words of a column as values: where each stands among them, and what is wrong with it."""

    words: pa.Array
    place: Ids
    values: list[Value]
    wrong: Mapping[int, Text]


@dataclass
class CellReader:
    """Reads the columns of one fact. What distinct cells mean is remembered between batches."""

    fact: Fact
    read: Reader
    cache: BoundedCache[str, Value | InvalidCell] = field(
        default_factory=lambda: BoundedCache(CACHE_SIZE)
    )
    _last: ReadWords | None = field(default=None, init=False)

    def cells(self, column: pa.Array, faults: list[CellFault]) -> Cells:
        """The column's cells; those that are not allowed are added to `faults`."""
        if pa.types.is_null(column.type):
            return DistinctColumn(np.full(len(column), -1, np.int32), [])
        if self.fact.type in PLACES:
            places = PLACES[self.fact.type]
            numbers = _numbers(column, places)
            if numbers is not None and self._within(numbers):
                return numbers
            distinct = self._distinct(column, faults)
            return _scaled(distinct, places) or distinct
        return self._distinct(column, faults)

    def _within(self, numbers: Numbers) -> bool:
        """Whether all numbers lie in the fact's bounds; where not, each is read on its own."""
        # What stands where nothing is known seldom lies outside: then none need be picked out.
        whole, places = numbers.whole, numbers.places
        return self._bounds(whole, places) or self._bounds(whole[numbers.stated], places)

    def _bounds(self, held: NDArray[np.int64], places: int) -> bool:
        if not len(held):
            return True
        scale, fact = 10**places, self.fact
        low, high = int(held.min()), int(held.max())
        return (
            -TOO_LARGE * scale < low
            and high < TOO_LARGE * scale
            and (fact.minimum is None or low >= fact.minimum * scale)
            and (fact.maximum is None or high <= fact.maximum * scale)
            and not (fact.positive and low <= 0)
        )

    def _distinct(self, column: pa.Array, faults: list[CellFault]) -> DistinctColumn:
        ids, words = encoded(column)
        if self._last is None or not words.equals(self._last.words):
            self._last = self.read_all(words)
        last = self._last
        for i, why in last.wrong.items():
            rows = np.flatnonzero(ids == i).tolist()
            faults.extend(CellFault(row, self.fact.id, why) for row in rows)
        return DistinctColumn(last.place[ids], last.values)

    def read_all(self, words: pa.Array) -> ReadWords:
        """What each word of a dictionary says; the last place is for rows without one."""
        place = np.full(len(words) + 1, -1, np.int32)
        values: list[Value] = []
        wrong = {}
        for i, text in enumerate(words.to_pylist()):
            found = self.read_word(text) if text else None
            if isinstance(found, InvalidCell):
                wrong[i] = found.text
            elif found is not None:
                place[i] = len(values)
                values.append(found)
        return ReadWords(words, place, values, wrong)

    def read_word(self, text: str) -> Value | InvalidCell:
        """What one word says, or what is wrong with it."""
        return read_once(self.cache, self.read, text)


def read_once(
    cache: BoundedCache[str, Read | InvalidCell], read: Callable[[str], Read], text: str
) -> Read | InvalidCell:
    """What a word says, or what is wrong with it, found out once."""
    found = cache.get(text)
    if found is None:
        try:
            found = read(text)
        except InvalidCell as error:
            found = error
        cache.keep(text, found)
    return found


def encoded(column: pa.Array) -> tuple[Ids, pa.Array]:
    """The distinct cells as text, and each row's place among them, -1 where it has none."""
    if not pa.types.is_dictionary(column.type) or len(column.dictionary) > len(column):
        column = _hashable(column).dictionary_encode()
    ids = column.indices.cast(pa.int32()).fill_null(-1).to_numpy(zero_copy_only=False)
    return ids, as_text(column.dictionary)


def _hashable(column: pa.Array) -> pa.Array:
    """The column without a dictionary, as text where Arrow may not tell equal cells."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    plain = pa.types.is_string(kind) or pa.types.is_primitive(kind)
    return column if plain else as_text(column)


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
    if pa.types.is_nested(column.type) or pa.types.is_binary(column.type):
        return pa.array(["?"] * len(column), pa.string())
    text = pc.cast(column, pa.string())
    return pc.if_else(pc.equal(text, ""), None, text)


def _numbers(column: pa.Array, places: int) -> Numbers | None:
    """The numbers, where all cells plainly are some and have no more places; else None."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    known = _valid(column)
    if pa.types.is_floating(column.type):
        return _from_floats(column.fill_null(0).to_numpy(), known, places)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = pc.if_else(pc.equal(column, ""), None, column)
        known = _valid(column)
        if pc.any(pc.invert(pc.match_substring_regex(column, NUMBER))).as_py():
            return None
    elif pa.types.is_int64(column.type) and not places:
        return Numbers(column.fill_null(0).to_numpy(), known, 0)
    elif pa.types.is_decimal128(column.type) and 0 < column.type.scale <= places:
        return _unscaled(column, known, column.type.scale)
    elif not (pa.types.is_integer(column.type) or pa.types.is_decimal(column.type)):
        return None
    try:
        whole = column.cast(pa.decimal128(38, places))
    except pa.ArrowInvalid:
        return None
    return _unscaled(whole, known, places)


def _valid(column: pa.Array) -> NDArray[np.bool_]:
    if not column.null_count:
        return np.ones(len(column), bool)
    valid: NDArray[np.bool_] = column.is_valid().to_numpy(zero_copy_only=False)
    return valid


def _scaled(cells: DistinctColumn, places: int) -> Numbers | None:
    """The numbers as integers with so many decimal places; None where one has more places, or takes
    more than 64 bits."""
    scaled = [Fraction(v) * 10**places for v in cells.values if isinstance(v, int | Decimal)]
    if any(v.denominator > 1 or not -(2**63) <= v < 2**63 for v in scaled):
        return None
    whole = np.array([*map(int, scaled), 0], np.int64)
    return Numbers(whole[cells.ids], cells.ids >= 0, places)


def _unscaled(column: pa.Array, known: NDArray[np.bool_], places: int) -> Numbers | None:
    """The integers that decimals are kept as, unless one takes more than 64 bits."""
    words = np.frombuffer(column.buffers()[1], "<i8")[2 * column.offset :][: 2 * len(column)]
    low, high = np.where(known, words[0::2], 0), words[1::2]
    if np.any((low >> 63 != high) & known):
        return None
    return Numbers(low, known, places)


def _from_floats(
    values: NDArray[np.float64], known: NDArray[np.bool_], places: int
) -> Numbers | None:
    """Floats that are some number with so many places: the nearest float to it."""
    scaled = np.rint(values.astype(np.float64) * 10**places)
    sound = np.isfinite(scaled) & (np.abs(scaled) < 2**53) & (scaled / 10**places == values)
    return Numbers(scaled.astype(np.int64), known, places) if sound.all() else None


def stated_rows(cells: Cells) -> NDArray[np.bool_]:
    """The rows that state the fact."""
    return cells.stated if isinstance(cells, Numbers) else cells.ids >= 0


def apply_default_facts(columns: dict[str, pa.Array], facts: Mapping[str, Fact]) -> None:
    """Facts that stand in for unstated ones, filled in cell by cell."""
    for fact in facts.values():
        source = columns.get(fact.default_from or "")
        if source is None:
            continue
        own = columns.get(fact.id)
        columns[fact.id] = source if own is None else _first_stated(own, source)


def _first_stated(own: pa.Array, source: pa.Array) -> pa.Array:
    """For each row its own cell, or else the source's: one dictionary after the other."""
    (ids, words), (others, more) = encoded(own), encoded(source)
    unstated = np.append(pc.is_null(words).to_numpy(zero_copy_only=False), True)[ids]
    joint = np.where(unstated, np.where(others < 0, -1, others + len(words)), ids)
    places = pa.array(joint, pa.int32(), mask=joint < 0)
    return pa.DictionaryArray.from_arrays(places, pa.concat_arrays([words, more]))
