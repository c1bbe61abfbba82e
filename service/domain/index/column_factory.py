"""The columns for a quantity's tests: which kind each operator needs, and several as one."""

from collections import defaultdict
from datetime import date
from typing import Any, assert_never

from service.domain.index.bitset import BitSet
from service.domain.index.column import Column, IndexedTest, TruthMasks
from service.domain.index.interval_columns import AgeColumn, IntervalColumn
from service.domain.index.membership_columns import CertificateColumn, MembershipColumn
from service.domain.rules.operators import Age, HoldsCertificate, InSet, Operator, Range
from service.domain.rules.quantities import Quantity


def build_columns(quantity: Quantity, entries: list[IndexedTest], full: BitSet) -> list[Column]:
    """The columns for a quantity's tests, one for each kind of operator among them."""
    kinds: dict[type[Operator], list[IndexedTest]] = defaultdict(list)
    for entry in entries:
        kinds[type(entry.operator)].append(entry)
    return [_make_column(quantity, alike, full) for alike in kinds.values()]


def _make_column(quantity: Quantity, entries: list[IndexedTest], full: BitSet) -> Column:
    """The column for tests of one kind of operator."""
    operator = entries[0].operator
    match operator:
        case InSet():
            return MembershipColumn(entries, full)
        case HoldsCertificate():
            return CertificateColumn(entries, full)
        case Age():
            return AgeColumn(entries, full)
        case Range():
            return IntervalColumn(entries, full, quantity)
        case _:
            assert_never(operator)


def merge_columns(columns: list[Column]) -> Column:
    """Several columns of one quantity as one."""
    return columns[0] if len(columns) == 1 else _MergedColumn(columns)


class _MergedColumn:
    def __init__(self, columns: list[Column]) -> None:
        self.columns = columns
        self.test_bits = 0
        for column in columns:
            self.test_bits |= column.test_bits

    def masks(self, value: Any, as_of: date) -> TruthMasks:
        (possible, unknown), *others = (column.masks(value, as_of) for column in self.columns)
        for also_possible, also_unknown in others:
            possible, unknown = possible & also_possible, unknown | also_unknown
        return possible, unknown
