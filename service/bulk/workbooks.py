"""Workbooks for people: cells as text that never becomes a formula or a link, headers that stay."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
SHEET_ROWS = 1_048_576
# Characters that one cell holds.
MAX_TEXT = 32_767
_CUT = "…"


def new_workbook(target: Path | BinaryIO, *, streamed: bool = False) -> Any:
    """`streamed`: written through to the disk row by row, each sheet from top to bottom."""
    options: dict[str, Any] = {**_PLAIN, "constant_memory": streamed}
    return xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options)


class ListSheet:
    """A list with a header that stays in sight and can be filtered. A list longer than a sheet goes
    on in another, named with its number."""

    def __init__(self, book: Any, name: str, columns: Sequence[tuple[str, int]]) -> None:
        """`columns`: each with its width in characters."""
        self._book, self._name, self._columns = book, name, columns
        self._head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF4", "border": 1}
        )
        self._part = 0
        self._begin()

    def _begin(self) -> None:
        self._part += 1
        name = self._name if self._part == 1 else f"{self._name} ({self._part})"
        self.sheet = self._book.add_worksheet(name)
        for i, (title, width) in enumerate(self._columns):
            self.sheet.set_column(i, i, width)
            self.sheet.write_string(0, i, title, self._head)
        self.sheet.freeze_panes(1, min(2, len(self._columns) - 1))
        self.row = 1

    def add(self, cells: Iterable[object], formats: Sequence[Any] = ()) -> None:
        """One row: numbers as numbers, everything else as text, None as an empty cell."""
        if self.row == SHEET_ROWS:
            self.close()
            self._begin()
        row = self.row
        for i, cell in enumerate(cells):
            form = formats[i] if i < len(formats) else None
            if cell is None:
                continue
            if isinstance(cell, int | float) and not isinstance(cell, bool):
                self.sheet.write_number(row, i, cell, form)
            else:
                self.sheet.write_string(row, i, cell_of(str(cell)), form)
        self.row += 1

    def close(self) -> None:
        """The filter over all rows."""
        if self.row > 1:
            self.sheet.autofilter(0, 0, self.row - 1, len(self._columns) - 1)


def cell_of(text: str) -> str:
    """A text as one cell holds it; what does not fit is visibly cut."""
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + _CUT
