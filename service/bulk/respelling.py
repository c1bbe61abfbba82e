"""Columns of text as people fill them, turned into the form for machines cell by distinct cell."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from service.bulk.cells import CACHE_SIZE, CellFault, InvalidCell, encoded, read_once
from service.domain.cache import BoundedCache
from service.domain.text import Text


class Respelt(NamedTuple):
    """A cell in the form for machines, empty where it says that nothing is known, and what a person
    should know of how it was read."""

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


# What turns one cell; InvalidCell says why it cannot.
Respell = Callable[[str], Respelt]


@dataclass
class ColumnRespeller:
    """Turns the cells of one column. `plain`: the pattern of what may stay as it is, None
    where nothing may."""

    fact: str
    respell: Respell
    plain: str | None
    _cache: BoundedCache[str, Respelt | InvalidCell] = field(
        default_factory=lambda: BoundedCache(CACHE_SIZE)
    )

    def apply(
        self, column: pa.Array, faults: list[CellFault], remarks: list[CellRemark]
    ) -> pa.Array:
        """The column for machines. Cells that cannot be read come out empty, and as faults."""
        if self.plain and _all_match(column, self.plain):
            return column
        ids, words = encoded(column)
        texts: list[str | None] = []
        for i, word in enumerate(words.to_pylist()):
            respelt = read_once(self._cache, self.respell, word) if word else Respelt("")
            if isinstance(respelt, InvalidCell):
                rows = np.flatnonzero(ids == i).tolist()
                faults.extend(CellFault(row, self.fact, respelt.text) for row in rows)
                texts.append(None)
                continue
            if respelt.remark is not None:
                rows, remark = np.flatnonzero(ids == i).tolist(), respelt.remark
                remarks.extend(CellRemark(row, self.fact, word, remark) for row in rows)
            texts.append(respelt.text or None)
        places = pa.array(ids, pa.int32(), mask=ids < 0)
        return pa.DictionaryArray.from_arrays(
            places, pa.array(texts, pa.string())
        ).dictionary_decode()


def _all_match(column: pa.Array, pattern: str) -> bool:
    return not pc.any(pc.invert(pc.match_substring_regex(column, pattern))).as_py()
