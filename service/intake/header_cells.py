"""What stands over each column of a table whose header may take several lines.

A group's name stands over its members: merged across them, or in the first of their columns with
the others left empty. A name that reaches down is merged, or has empty cells below it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.intake.grid import Merge
from service.intake.header_units import says_unit

Cell = str | None
_MAX_ABOVE = 3
# A line above the header with such a sign tells something of the table: 填报日期：2026-01-05.
_LABEL_SIGNS = (":", "：")


@dataclass(frozen=True, slots=True)
class HeaderCells:
    """A header: its first line, the one that was looked at and its last, counted from zero; for
    each column its name behind those of its groups, nothing where no name stands over it."""

    first: int
    last: int
    texts: tuple[tuple[str, ...], ...]
    row: int = 0


def header_cells(head: Sequence[Sequence[Cell]], merges: Sequence[Merge], row: int) -> HeaderCells:
    """The header of a table if this line of it belongs to it."""
    last = max((m.bottom for m in merges if m.top <= row < m.bottom), default=row)
    last = max(row, min(last, len(head) - 1))
    if last == row and row + 1 < len(head) and _names_members(head[row], head[row + 1]):
        last = row + 1
    first = row
    while first and row - first < _MAX_ABOVE and _names_groups(head[first - 1]):
        first -= 1
    lines = [list(_spread(head[i], merges, i)) for i in range(first, last)]
    lines.append(list(_lowest(head[last], merges, last)) if head else [])
    width = max(map(len, lines))
    over = ([line[i] for line in lines if i < len(line)] for i in range(width))
    return HeaderCells(first, last, tuple(map(_names, over)), row)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A text over a column: where it begins, and whether it is the column's own."""

    text: str
    own: bool


def _names(over: Sequence[_Piece | None]) -> tuple[str, ...]:
    """The column's own name, the lowest that is, behind those of the groups above it; a name that
    is said again only once."""
    lowest = max((i for i, piece in enumerate(over) if piece and piece.own), default=-1)
    return tuple(dict.fromkeys(piece.text for piece in over[: lowest + 1] if piece))


def _spread(cells: Sequence[Cell], merges: Sequence[Merge], row: int) -> Iterator[_Piece | None]:
    """A line of groups' names, each in all columns that it stands over: those it is merged across,
    or those up to the next name."""
    merged = {m.left: m for m in merges if m.top == row}
    group, until, is_merged = None, -1, False
    for column, text in enumerate(cells):
        if text is not None:
            merge = merged.get(column)
            group, is_merged = text, merge is not None
            until = merge.right if merge else len(cells)
        inside = group is not None and column <= until
        yield _Piece(group or "", own=text is not None or is_merged) if inside else None


def _lowest(cells: Sequence[Cell], merges: Sequence[Merge], row: int) -> Iterator[_Piece | None]:
    """The last line of a header: a name that is merged across columns stands over each of them."""
    across = {c: cells[m.left] for m in merges if m.top == row and m.left < len(cells)
              for c in range(m.left, m.right + 1)}  # fmt: skip
    for column, text in enumerate(cells):
        name = text or across.get(column)
        yield _Piece(name, own=True) if name else None


def _names_members(cells: Sequence[Cell], below: Sequence[Cell]) -> bool:
    """Whether the line below a header names the members of its groups, such as years below an
    amount: it has nothing below a name that stands over one column alone."""
    if not _names_groups(cells):
        return False
    width = min(len(cells), len(below))
    groups = {
        i for i in range(width)
        if cells[i] is None or (i + 1 < width and cells[i + 1] is None and below[i + 1])
    }  # fmt: skip
    filled = {i for i in range(width) if below[i]}
    return len(filled) > 1 and filled <= groups and any(cells[i] for i in filled)


def _names_groups(cells: Sequence[Cell]) -> bool:
    """Whether a line above a header has names of groups or of columns, and is no title: those stand
    alone, reach over the whole table or tell something of it."""
    texts = [text for text in cells if text]
    if len(texts) < 2:
        return False
    return not any(says_unit(t) or any(sign in t for sign in _LABEL_SIGNS) for t in texts)
