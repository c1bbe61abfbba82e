"""Columns as people fill them, brought into the form that machines write."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from service.bulk.cells import CACHE_SIZE, CellFault, InvalidCell, encoded, read_once
from service.domain.cache import BoundedCache
from service.domain.text import Text


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


@dataclass
class ColumnNormaliser:
    """Normalises the cells of one column. `plain`: the pattern of cells that stay as they are, None
    where none may."""

    fact: str
    normalise: Normalise
    plain: str | None
    _cache: BoundedCache[str, NormalisedCell | InvalidCell] = field(
        default_factory=lambda: BoundedCache(CACHE_SIZE)
    )

    def apply(
        self, column: pa.Array, faults: list[CellFault], remarks: list[CellRemark]
    ) -> pa.Array:
        """The column for machines. Cells that cannot be read come out empty, and as faults."""
        if self.plain is None:
            return self._read(column, faults, remarks)
        stays = pc.match_substring_regex(column, self.plain)
        if not pc.any(pc.invert(stays)).as_py():
            return column
        rest = self._read(pc.if_else(stays, None, column), faults, remarks)
        return pc.if_else(stays, column, rest)

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
