"""Columns as people fill them, brought into the form that machines write."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from service.bulk.cells import CACHE_SIZE, PLACES, CellFault, InvalidCell, encoded, read_once
from service.domain.cache import BoundedCache
from service.domain.facts.vocabulary import FactType
from service.domain.text import Text

# Decimals of a plain number: those of 亿元 down to a hundredth of a yuan.
MAX_PLACES = 10


class NormalisedCell(NamedTuple):
    """A cell in the form that machines write, empty where it says that nothing is known, and what a
    person should know of how it was read."""

    text: str
    remark: Text | None = None


class CellRemark(NamedTuple):
    """Something to know of how one cell of a batch was read. `column`: its name where several
    columns make the fact."""

    row: int
    fact: str
    cell_text: str
    remark: Text
    column: str | None = None


# Brings one cell into that form. Raises InvalidCell, which says why it cannot.
Normalise = Callable[[str], NormalisedCell]


@dataclass(frozen=True)
class PlainForm:
    """Cells that need no reading: what matches the pattern is a number that is multiplied by a
    whole one, which gives an amount; it stays as it is where that is 1."""

    pattern: str
    times: int = 1

    def written(self, column: pa.Array) -> pa.Array:
        """Cells that match, for machines: exactly, and without zeros at their ends."""
        if self.times == 1:
            return column
        times = pa.scalar(Decimal(self.times), pa.decimal128(16, 0))
        product = pc.multiply(column.cast(pa.decimal128(21, MAX_PLACES)), times)
        # With two decimals Arrow never writes an exponent.
        product = product.cast(pa.decimal128(38, PLACES[FactType.MONEY]))
        return pc.replace_substring_regex(product.cast(pa.string()), r"\.?0+$", "")


@dataclass
class ColumnNormaliser:
    """Normalises the cells of one column. `plain`: which need no reading, None where all do."""

    fact: str
    normalise: Normalise
    plain: PlainForm | None
    _cache: BoundedCache[str, NormalisedCell | InvalidCell] = field(
        default_factory=lambda: BoundedCache(CACHE_SIZE)
    )

    def apply(
        self, column: pa.Array, faults: list[CellFault], remarks: list[CellRemark]
    ) -> pa.Array:
        """The column for machines. Cells that cannot be read come out empty, and as faults."""
        if self.plain is None:
            return self._read(column, faults, remarks)
        is_plain = pc.match_substring_regex(column, self.plain.pattern)
        if not pc.any(pc.invert(is_plain)).as_py():
            return self.plain.written(column)
        plain = self.plain.written(pc.if_else(is_plain, column, None))
        rest = self._read(pc.if_else(is_plain, None, column), faults, remarks)
        return pc.if_else(is_plain, plain, rest)

    def _read(
        self, column: pa.Array, faults: list[CellFault], remarks: list[CellRemark]
    ) -> pa.Array:
        """Each different cell read once."""
        ids, words = encoded(column)
        texts: list[str | None] = []
        for i, word in enumerate(words.to_pylist()):
            cell = read_once(self._cache, self.normalise, word) if word else NormalisedCell("")
            if isinstance(cell, InvalidCell):
                rows = np.flatnonzero(ids == i).tolist()
                faults.extend(CellFault(row, self.fact, cell.text) for row in rows)
                texts.append(None)
                continue
            if cell.remark is not None:
                rows, remark = np.flatnonzero(ids == i).tolist(), cell.remark
                remarks.extend(CellRemark(row, self.fact, word, remark) for row in rows)
            texts.append(cell.text or None)
        places = pa.array(ids, pa.int32(), mask=ids < 0)
        return pa.DictionaryArray.from_arrays(
            places, pa.array(texts, pa.string())
        ).dictionary_decode()
