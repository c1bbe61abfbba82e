"""A quote of a CSV file that has no other: all that follows it would be one cell, and the companies
there would be asked about by nobody."""

import csv
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from service.domain.errors import Refused
from service.intake.grid import refused

_BLOCK = 1 << 21


def refuse_open_quote(path: Path, delimiter: str, name: str) -> None:
    """Raises Refused, with the row that it begins in, where a file of UTF-8 text ends within
    quotes; it is called `name`."""
    with path.open("rb") as file:
        quotes = sum(block.count(b'"') for block in iter(partial(file.read, _BLOCK), b""))
    if quotes % 2 == 0:
        return
    # Or one stands in the midst of a cell (19" 显示器), and means itself.
    with path.open(encoding="utf-8-sig", newline="") as file:
        number, lines = _last_row(file, delimiter)
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise open_quote(name, number) from None


def open_quote(name: str, row: int) -> Refused:
    """What is said of a quote that has no other."""
    return refused(
        f"{name} 第 {row} 行有一个引号没有成对，后面的内容都成了同一格",
        f"{name}: a quote in row {row} lacks its other, so that all behind it is one cell",
    )


def _last_row(lines: Iterator[str], delimiter: str) -> tuple[int, list[str]]:
    """The number of the last row, and its lines."""
    taken, last, number = list[str](), list[str](), 0

    def noted() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    try:
        for _row in csv.reader(noted(), delimiter=delimiter):
            number, last = number + 1, taken.copy()
            taken.clear()
    except csv.Error:  # a cell that is too long: within quotes a table's never ends
        return number + 1, ['"']
    return number, last
