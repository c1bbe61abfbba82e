"""A table of text cells, whatever file it is in: its first rows, the rest in numbered batches."""

import re
from codecs import BOM_UTF8
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
# What a page that text was copied from leaves in it and nobody sees; RE2 and re read it alike. What
# joins letters in some scripts (U+200C, U+200D) stays.
INVISIBLE = "[\u00ad\u200b\u200e\u200f\u2060\ufeff]"
_INVISIBLE = re.compile(INVISIBLE)
# By how a file begins: what it is instead of a table.
_INSTEAD = {
    b"\xd0\xcf\x11\xe0": Text(
        "这是旧式的 .xls 文件，或设有打开密码：请用表格软件打开，另存为不带密码的 .xlsx",
        "this is an old .xls file, or one with a password: open it in a spreadsheet and save it as"
        " .xlsx without a password",
    ),
    **dict.fromkeys(
        (b"<html", b"<!doctype", b"<?xml", b"<table", b"<head", b"<meta", b"mime-version:"),
        Text(
            "这是网页（HTML 或 XML），不是工作簿：请用表格软件打开，另存为 .xlsx",
            "this is a page (HTML or XML) and no workbook: open it in a spreadsheet and save it as"
            " .xlsx",
        ),
    ),
    b"%pdf-": Text(
        "这是 PDF，不是表格：请取得原来的表格",
        "this is a PDF and no table: ask for the table that it was made of",
    ),
}


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


def visible(text: str) -> str | None:
    """A cell's text without blanks around it and signs that nobody sees; None if it is empty."""
    return (text if text.isascii() else _INVISIBLE.sub("", text)).strip() or None


def instead_of_table(start: bytes) -> Text | None:
    """What a file is that is called a table and begins so; None where nothing tells."""
    begun = start[:64].removeprefix(BOM_UTF8).lstrip().lower()
    return next((words for sign, words in _INSTEAD.items() if begun.startswith(sign)), None)
