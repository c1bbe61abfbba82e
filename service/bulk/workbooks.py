"""Workbooks for people: cells as text that never becomes a formula or a link, headers that stay.

XlsxWriter makes the file; the rows of a long list are written here, whole columns at a time: cell
by cell they took most of a batch's time.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

SHEET_ROWS = 1_048_576
# The text of so many rows is in memory at a time, as Arrow's, as Python's and as the file's.
_AT_ONCE = 1 << 13
# Characters that one cell holds.
MAX_TEXT = 32_767
_CUT = "…"
# What XlsxWriter may write otherwise than it stands: it looks for each of these by itself.
_PERHAPS_ESCAPED = re.compile("[\x00-\x1f&<>_\ufffe\uffff]")
# So many cells that were cut are named.
MAX_NAMED = 20


class _ListWorksheet(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
    """A sheet whose rows all come as XML, from top to bottom. Comments come before their rows."""

    def write_rows(self, xml: pa.StringArray, first: int, last: int, columns: int) -> None:
        self._check_dimensions(first, 0)
        self._check_dimensions(last, columns - 1)
        # As the bytes that Arrow holds, behind what was written as text.
        self.fh.flush()
        self.fh.buffer.write(_bytes_of(xml))
        self.previous_row = last + 1

    def shared(self, text: str, count: int) -> str:
        """The inside of so many cells with a text that the workbook holds once."""
        if text.startswith("<r>"):  # which XlsxWriter would take for parts with formats
            return self.inline(text)
        place = self.str_table._get_shared_string_index(text)  # noqa: SLF001
        self.str_table.count += count - 1
        return f' t="s"><v>{place}</v></c>'

    def inline(self, text: str) -> str:
        """A text as the inside of a cell."""
        escaped = text
        if _PERHAPS_ESCAPED.search(text):
            escaped = self._escape_data(self._escape_control_characters(text))
        keep = ' xml:space="preserve"' if text != text.strip() else ""
        return f' t="inlineStr"><is><t{keep}>{escaped}</t></is></c>'


@dataclass(frozen=True)
class CellFormat:
    """A format of the workbook, for all cells of a column or for those of some rows."""

    book_format: Any  # as the workbook made it
    rows: pa.Array | None = None

    def slice(self, start: int, count: int) -> "CellFormat":
        """The same for some of the rows."""
        return (
            self
            if self.rows is None
            else CellFormat(self.book_format, self.rows.slice(start, count))
        )

    @property
    def style(self) -> Any:
        """The end of a cell's reference, with its format where it has one."""
        with_form = f'" s="{self.book_format._get_xf_index()}"'  # noqa: SLF001
        return with_form if self.rows is None else pc.if_else(self.rows, with_form, '"')


# Formats by the place of the column.
Formats: TypeAlias = Mapping[int, CellFormat]


class ListSheet:
    """A list with a header that stays in sight and can be filtered. A list longer than a sheet goes
    on in another, named with its number. `cut` names the first cells whose text did not fit."""

    def __init__(self, book: Any, name: str, columns: Sequence[tuple[str, int]]) -> None:
        """`columns`: each with its width in characters."""
        self._book, self._name, self._columns = book, name, columns
        self._head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF4", "border": 1}
        )
        self._part = 0
        self.cut: list[str] = []
        self._begin()

    def _begin(self) -> None:
        self._part += 1
        name = self._name if self._part == 1 else f"{self._name} ({self._part})"
        self.sheet = self._book.add_worksheet(name, worksheet_class=_ListWorksheet)
        self.row = 0
        for i, (_, width) in enumerate(self._columns):
            self.sheet.set_column(i, i, width)
        titles = [pa.array([title]) for title, _ in self._columns]
        self._write(titles, dict.fromkeys(range(len(titles)), CellFormat(self._head)))
        self.sheet.freeze_panes(1, min(2, len(self._columns) - 1))

    def add(self, *rows: Sequence[object], formats: Formats | None = None) -> None:
        """Rows of numbers and text, None for an empty cell; a column holds one or the other."""
        if rows:
            self.add_columns([pa.array(cells) for cells in zip(*rows, strict=True)], formats)

    def add_columns(self, columns: Sequence[pa.Array], formats: Formats | None = None) -> None:
        """Rows as columns of one length: numbers as numbers, text as text, null as an empty cell.
        `formats` by the place of the column."""
        start, rows = 0, len(columns[0])
        while start < rows:
            if self.row == SHEET_ROWS:
                self.close()
                self._begin()
            count = min(rows - start, SHEET_ROWS - self.row, _AT_ONCE)
            held = {i: cells.slice(start, count) for i, cells in (formats or {}).items()}
            self._write([c.slice(start, count) for c in columns], held)
            start += count

    def _write(self, columns: Sequence[pa.Array], formats: Formats) -> None:
        first, last = self.row, self.row + len(columns[0]) - 1
        numbers = pa.array(range(first + 1, last + 2)).cast(pa.string())
        cells = [
            self._cells(column, numbers, xl_col_to_name(i), formats.get(i))
            for i, column in enumerate(columns)
        ]
        lines = pc.binary_join_element_wise('<row r="', numbers, '">', *cells, "</row>", "")
        self.sheet.write_rows(lines, first, last, len(columns))
        self.row = last + 1

    def _cells(
        self, column: pa.Array, numbers: pa.Array, letters: str, cell_format: "CellFormat | None"
    ) -> pa.Array:
        """The XML of one column's cells, empty where there is nothing to write."""
        if pa.types.is_null(column.type):
            return pa.array([""] * len(column), pa.string())
        style = '"' if cell_format is None else cell_format.style
        if pa.types.is_string(column.type) or pa.types.is_dictionary(column.type):
            inside = self._texts(column, letters)
        else:
            inside = pc.binary_join_element_wise("><v>", column.cast(pa.string()), "</v></c>", "")
        cells = pc.binary_join_element_wise(f'<c r="{letters}', numbers, style, inside, "")
        return pc.fill_null(cells, "")

    def _texts(self, column: pa.Array, letters: str) -> pa.Array:
        """The inside of cells of text, each different text turned once. The words of a dictionary
        are the workbook's, which holds them once; a text of a row stands in its cell, or all of
        them were in memory until the end."""
        is_shared = pa.types.is_dictionary(column.type)
        if not is_shared:
            column = column.dictionary_encode()
        words = column.dictionary.to_pylist()
        counts = np.bincount(column.indices.drop_null(), minlength=len(words)).tolist()
        for place, word in enumerate(words):
            if word is not None and len(word) > MAX_TEXT:
                where = pc.index(column.indices, pa.scalar(place, column.indices.type)).as_py()
                if where >= 0:
                    self.cut.append(f"{self.sheet.get_name()}!{letters}{self.row + where + 1}")
        inside = [
            (self.sheet.shared(cell_of(w), n) if is_shared else self.sheet.inline(cell_of(w)))
            if w and n
            else None
            for w, n in zip(words, counts, strict=True)
        ]
        return pa.array(inside, pa.string()).take(column.indices)

    def close(self) -> None:
        """The filter over all rows."""
        if self.row > 1:
            self.sheet.autofilter(0, 0, self.row - 1, len(self._columns) - 1)


def _bytes_of(texts: pa.StringArray) -> memoryview:
    """Texts, none of them null, one behind the other in UTF-8: so they lie in Arrow's memory."""
    _, ends, content = texts.buffers()
    within = memoryview(ends).cast("i")[texts.offset : texts.offset + len(texts) + 1]
    return memoryview(content)[within[0] : within[-1]]


def cell_of(text: str) -> str:
    """A text as one cell holds it; what does not fit is visibly cut."""
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + _CUT
