"""A sheet of a workbook as a table of text cells: merged cells, lines of text, what is shown."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.csv
from python_calamine import CalamineSheet

from service.intake.grid import HEAD_ROWS, ROWS, GridBatch, Merge, visible
from service.intake.sheet_signs import SheetSigns

# A cell merged over so many columns beyond its own is a line of text.
_WIDE = 2


class SheetGrid:
    spreadsheet, commas = True, False

    def __init__(self, sheet: CalamineSheet, signs: SheetSigns, *, is_hidden: bool = False) -> None:
        self.sheet: str | None = sheet.name
        self.is_hidden = is_hidden
        assert sheet.start is not None
        self._signs = signs
        self.hidden_rows: Sequence[int] = [i + 1 for i in signs.hidden_rows]
        self.hidden_columns: Collection[int] = signs.hidden_columns
        self._errors: dict[int, dict[int, str]] = {}
        for (row, column), text in signs.errors.items():
            self._errors.setdefault(row, {})[column - sheet.start[1]] = text or "#?"
        self.first_column = left = sheet.start[1]
        self._sheet = sheet
        self._width = max(sheet.width, 1)
        places = range(left, left + self._width)
        self._worded = [column - left for column in signs.worded if column in places]
        self.merges: Sequence[Merge] = [
            Merge(top, a - left, bottom, b - left)
            for (top, a), (bottom, b) in sheet.merged_cell_ranges or ()
        ]
        self.head: Sequence[Sequence[str | None]] = [
            self._cells(row, i) for i, row in enumerate(islice(sheet.iter_rows(), HEAD_ROWS))
        ]
        self.lines_of_text: list[int] = []

    def batches(self, first_row: int) -> Iterator[GridBatch]:
        self.lines_of_text.clear()
        lines = self._lines(first_row)
        names = [str(i) for i in range(self._width)]
        while block := list(islice(lines, ROWS)):
            columns = ([cells[i] for _, cells in block] for i in range(self._width))
            arrays = [pa.array(c, pa.string()) for c in columns]
            numbers = np.array([n for n, _ in block], np.int64)
            yield GridBatch(numbers, pa.record_batch(arrays, names=names))

    def _lines(self, first_row: int) -> Iterator[tuple[int, list[str | None]]]:
        """Rows with their numbers. What is merged downwards holds for each of its rows; a line of
        text across the table (a note, a signature) is no company."""
        tall: dict[int, list[Merge]] = {}
        for merge in self.merges:
            if merge.left == merge.right and merge.bottom > merge.top:
                tall.setdefault(merge.top, []).append(merge)
        wide = {m.top for m in self.merges if m.top == m.bottom and m.right - m.left >= _WIDE}
        held: dict[int, tuple[int, str | None]] = {}
        for i, row in enumerate(self._sheet.iter_rows()):
            cells = self._cells(row, i)
            for column, (bottom, text) in held.items():
                if i <= bottom:
                    cells[column] = cells[column] or text
            for merge in tall.get(i, ()):
                held[merge.left] = merge.bottom, cells[merge.left]
            if i < first_row:
                continue
            if i in wide:
                self.lines_of_text.append(i + 1)
            else:
                yield i + 1, cells

    def _cells(self, row: Sequence[object], number: int) -> list[str | None]:
        """A row as text. A cell in which a formula failed says so, rather than be empty; a number
        is what is shown of it: 12.5% of 0.125."""
        cells = [*map(cell_text, row), *[None] * (self._width - len(row))]
        for column in self._worded:
            value = row[column] if column < len(row) else None
            if isinstance(value, float) and (
                words := self._signs.words(number, column + self.first_column)
            ):
                cells[column] = words.shown(value)
        for column, text in self._errors.get(number, {}).items():
            if 0 <= column < len(cells):
                cells[column] = text
        return cells


def cell_text(cell: object) -> str | None:
    """A cell as text: a whole number without a fraction, a day without a time; None if empty."""
    if isinstance(cell, str):
        return visible(cell)
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        # Of 52.34 a book may hold 52.340000000000003; the person who filled it saw fifteen digits.
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else f"{cell:.15g}"
    if isinstance(cell, datetime):
        whole = cell.time() == time.min
        return cell.date().isoformat() if whole else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip() or None
