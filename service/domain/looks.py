"""The columns for a quantity's tests: which kind each operator needs, and several as one."""

from collections import defaultdict
from datetime import date
from typing import Any

from service.domain.bounds import Ages, Points
from service.domain.columns import Certificates, Column, Entry, Masks, Members
from service.domain.conditions import Quantity
from service.domain.lanes import Bits
from service.domain.operators import Age, Among, Holds, Operator


def columns_of(quantity: Quantity, entries: list[Entry], full: Bits) -> list[Column]:
    """The columns for a quantity's tests, one for each kind of operator among them."""
    kinds: dict[type[Operator], list[Entry]] = defaultdict(list)
    for entry in entries:
        kinds[type(entry.operator)].append(entry)
    return [_make_column(kind, quantity, found, full) for kind, found in kinds.items()]


def _make_column(
    kind: type[Operator], quantity: Quantity, found: list[Entry], full: Bits
) -> Column:
    if kind is Among:
        return Members(found, full)
    if kind is Holds:
        return Certificates(found, full)
    return Ages(found, full) if kind is Age else Points(found, full, quantity)


def joined(columns: list[Column]) -> Column:
    """Several columns of one quantity as one."""
    return columns[0] if len(columns) == 1 else _Several(columns)


class _Several:
    def __init__(self, columns: list[Column]) -> None:
        self.columns = columns
        self.tested = 0
        for column in columns:
            self.tested |= column.tested

    def masks(self, value: Any, as_of: date) -> Masks:
        (can, maybe), *others = (column.masks(value, as_of) for column in self.columns)
        for may, open_ in others:
            can, maybe = can & may, maybe | open_
        return can, maybe
