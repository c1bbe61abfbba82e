"""Cells that cannot be read and are to count as unknown, because the sender chose so for a fact:
each is left out, with a remark, and its row is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from service.bulk.cell_normalising import CellRemark
from service.bulk.cells import CellFault, CellReader
from service.domain.facts.vocabulary import Vocabulary
from service.usecases.portfolio.cell_readers import column_readers
from service.usecases.portfolio.entry_columns import EntryColumns
from service.usecases.portfolio.place_columns import PlaceColumns
from service.usecases.portfolio.table_choices import NOT_READ_BY_CHOICE, TableChoices


@dataclass(frozen=True)
class UnknownByChoice:
    """For the batches of one table."""

    vocabulary: Vocabulary
    choices: TableChoices

    def combine(
        self,
        made: EntryColumns | PlaceColumns,
        filled: dict[str, pa.Array],
        faults: list[CellFault],
        remarks: list[CellRemark],
    ) -> pa.Array:
        """The fact that several columns make. Where whatever cannot be read of it is to count as
        unknown, such cells are left out and the others stay."""
        found: list[CellFault] = []
        column = made.combine(filled, found)
        named = dict.fromkeys(fault.column for fault in found if fault.column)
        if not named or made.fact.id not in self.choices.unknown_facts:
            faults += found
            return column
        for name in named:
            cells = filled[name]
            wrong = [fault.row for fault in found if fault.column == name]
            remarks += [
                CellRemark(i, made.fact.id, cells[i].as_py(), NOT_READ_BY_CHOICE, name)
                for i in wrong
            ]
            filled[name] = _without_rows(cells, wrong)
        return self.combine(made, filled, faults, remarks)

    def leave_out(
        self,
        faults: Sequence[CellFault],
        given: pa.RecordBatch,
        remarks: list[CellRemark],
    ) -> list[CellFault]:
        """The faults without those of facts of which whatever cannot be read is to count as
        unknown."""
        kept = []
        for fault in faults:
            if fault.fact not in self.choices.unknown_facts or fault.column is not None:
                kept.append(fault)
                continue
            text = given.column(fault.fact)[fault.row].as_py()
            remarks.append(CellRemark(fault.row, fault.fact, text, NOT_READ_BY_CHOICE))
        return kept

    def without_forbidden(
        self, rows: pa.RecordBatch, given: pa.RecordBatch, remarks: list[CellRemark]
    ) -> pa.RecordBatch:
        """Rows without the cells that no fact allows, such as a code of a wrong check character,
        where whatever cannot be read of the fact is to count as unknown."""
        for name in given.schema.names:
            if name not in self.choices.unknown_facts:
                continue
            wrong: list[CellFault] = []
            self._column_readers[name].cells(rows.column(name), wrong)
            cells = given.column(name)
            remarks += [
                CellRemark(f.row, name, cells[f.row].as_py(), NOT_READ_BY_CHOICE) for f in wrong
            ]
            kept = _without_rows(rows.column(name), [f.row for f in wrong])
            rows = rows.set_column(rows.schema.get_field_index(name), name, kept)
        return rows

    @cached_property
    def _column_readers(self) -> Mapping[str, CellReader]:
        return column_readers(self.vocabulary)


def _without_rows(cells: pa.Array, rows: Sequence[int]) -> pa.Array:
    """A column with nothing in these rows."""
    mask = np.zeros(len(cells), bool)
    mask[list(rows)] = True
    return pc.if_else(pa.array(mask), None, cells)
