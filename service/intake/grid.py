"""A table of text cells, whatever file it is in: its first rows, the rest in numbered batches."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from service.domain.errors import ErrorCode, Refused
from service.domain.text import Text

# Of so many rows a batch is answered: more take no less time, and more memory.
ROWS = 1 << 11
HEAD_ROWS = 40


class Merge(NamedTuple):
    """Cells shown as one: first and last row and column, counted from zero."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class GridBatch:
    """Rows of a grid: their numbers as a spreadsheet counts them, and columns named "0", "1", …"""

    numbers: NDArray[np.int64]
    rows: pa.RecordBatch


class Grid(Protocol):
    """A table of text cells. `first_column`: how far to the right it begins; `spreadsheet`: whether
    numbers may have been shown otherwise than they are held; `commas`: whether a comma may part
    decimals, as where semicolons part the cells; `lines_of_text`: the numbers of rows
    passed over, complete once all batches are read; `hidden_rows` (their numbers) and
    `hidden_columns` (from zero) are not shown by the workbook, and read like any other;
    `is_hidden`: whether the whole sheet is not."""

    sheet: str | None
    first_column: int
    head: Sequence[Sequence[str | None]]
    merges: Sequence[Merge]
    spreadsheet: bool
    commas: bool
    lines_of_text: list[int]
    hidden_rows: Sequence[int]
    hidden_columns: Collection[int]
    is_hidden: bool

    def batches(self, first_row: int) -> Iterator[GridBatch]:
        """The rows from one on, counted from zero. Raises Refused."""
        ...


def refused(zh: str, en: str) -> Refused:
    """Why a file is read as no table."""
    return Refused(Text(zh, en), ErrorCode.BAD_REQUEST)
