"""A table of companies that people made, as batches for the engine; with what was understood of it.

Which column is which fact, what is handed through, what is not known, what every cell that could
not be read holds: all of it is told before anything is answered.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from service.bulk.batch_engine import CheckedBatch
from service.bulk.cell_normalising import CellRemark, ColumnNormaliser, NormalisedCell
from service.bulk.cells import CellFault, InvalidCell
from service.domain.errors import ErrorCode, InvalidInput, Problem
from service.domain.facts.profile import PROJECT_KIND
from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.text import Text, enumerated
from service.intake.cell_spelling import Spell, speller_for
from service.intake.currency import currency_of
from service.intake.entry_headers import EntryHeader, EntryHeaders
from service.intake.grid import Grid, GridBatch
from service.intake.header_units import says_other_unit, says_unit
from service.intake.headers import HeaderNames
from service.intake.place_headers import PlacePart
from service.intake.table_columns import Layout, TableColumn, column_letters
from service.intake.written_values import Unreadable
from service.usecases.portfolio.another_header import find_another_header
from service.usecases.portfolio.company_rows import NAME, CompanyRows
from service.usecases.portfolio.entry_columns import EntryColumns
from service.usecases.portfolio.place_columns import PlaceColumns
from service.usecases.portfolio.plain_cells import plain_form
from service.usecases.portfolio.project_kinds import ProjectKinds
from service.usecases.portfolio.row_units import with_row_units
from service.usecases.portfolio.table_choices import NO_CHOICES, TableChoices
from service.usecases.portfolio.unknown_by_choice import UnknownByChoice

_ANOTHER_HEADER = Text(
    "{cell}“{found}”是一列的名称，不是企业：这里像是另一张表的开头，或一家企业的登记表；"
    "请一张工作表只放一个表，一行一家企业",
    "{cell} “{found}” is the name of a column and no company: another table begins here, or it is a"
    " form of one company; put one table on a sheet, one company a row",
)
_UNIT_BELOW = Text(
    "{cell}“{found}”写明了单位，但它在数据下方，与 {columns} 列的理解不一致："
    "请把单位写在表头上方或表头里",
    "{cell} “{found}” names a unit below the companies, which is not how the columns {columns} were"
    " understood: name the unit above the header or in it",
)


@dataclass(frozen=True)
class TableBatch(CheckedBatch):
    """Companies ready to be answered: the number of each row, the columns as they were filled
    (None: as they are answered), and what is to be known of how cells were read."""

    numbers: Sequence[int] = ()
    given: pa.RecordBatch | None = None
    remarks: Sequence[CellRemark] = ()


@dataclass
class CompanyTable:
    """One sheet or file, its layout known, and what its sender chose. `sheets_alike` are those of
    the other sheets in which as many columns are known, `hidden_lists` those of the hidden ones.
    `rows` says which rows are companies, of all that were read so far."""

    vocabulary: Vocabulary
    grid: Grid
    layout: Layout
    other_sheets: tuple[str, ...] = ()
    choices: TableChoices = NO_CHOICES
    sheets_alike: tuple[str, ...] = ()
    hidden_lists: tuple[str, ...] = ()
    rows: CompanyRows = field(init=False)

    def __post_init__(self) -> None:
        self.rows = CompanyRows(self.grid, self.layout)

    @cached_property
    def names(self) -> dict[int, str]:
        """What each column is called in the answers: by the fact's id, or by its own header."""
        taken: set[str] = set()
        named = {}
        for column in self.layout.columns:
            fact = column.header.fact
            name = fact.id if fact else column.header.text
            if fact is None and column.is_chosen:  # left out, also where it is called as a fact is
                name = f"{column.letters} {name}"
            if name in taken:
                name = f"{name} ({column.letters})"
            taken.add(name)
            named[column.place] = name
        return named

    @cached_property
    def columns_by_name(self) -> dict[str, TableColumn]:
        return {self.names[column.place]: column for column in self.layout.columns}

    @cached_property
    def entries(self) -> EntryHeaders:
        """What tells columns that are named like an entry of a list."""
        return EntryHeaders(self.vocabulary)

    @cached_property
    def _joint_columns(self) -> Sequence[EntryColumns | PlaceColumns]:
        """The facts that several columns make together."""
        entries: dict[str, list[tuple[str, EntryHeader]]] = {}
        places: list[tuple[str, PlacePart]] = []
        for column in self.layout.members:
            name, member = self.names[column.place], column.member
            if isinstance(member, EntryHeader):
                entries.setdefault(member.fact.id, []).append((name, member))
            elif member is not None:
                places.append((name, member))
        made = [EntryColumns(self.vocabulary, columns) for columns in entries.values()]
        if not places:
            return made
        return [*made, PlaceColumns(self.vocabulary, places, self.choices.within)]

    def entries_of(self, fact: Fact) -> EntryColumns:
        """The columns that are each about one entry of a fact."""
        made = (c for c in self._joint_columns if isinstance(c, EntryColumns))
        return next(c for c in made if c.fact is fact)

    @property
    def schema(self) -> pa.Schema:
        """The columns as they stand, and the facts that several of them make together."""
        made = (c.fact.id for c in self._joint_columns)
        kind = (PROJECT_KIND,) if self.project_kinds.facts else ()
        names = dict.fromkeys((*self.names.values(), *made, *kind))
        return self.choices.schema(pa.schema([(name, pa.string()) for name in names]))

    @cached_property
    def project_kinds(self) -> ProjectKinds:
        """What the columns say of the kind of a row's project."""
        chosen = {c.header.fact.id for c in self.layout.columns if c.header.fact and c.is_chosen}
        return ProjectKinds.among(self.vocabulary, self.names.values(), chosen)

    @cached_property
    def _unknown(self) -> UnknownByChoice:
        """What is done with cells that are to count as unknown."""
        return UnknownByChoice(self.vocabulary, self.choices)

    @cached_property
    def _normalisers(self) -> dict[int, ColumnNormaliser]:
        speller = speller_for(
            self.vocabulary,
            spreadsheet=self.grid.spreadsheet,
            commas=self.grid.commas,
            within=self.choices.within,
        )
        commas = self.grid.commas or (speller.habits.comma and not self.grid.spreadsheet)
        return {
            column.place: ColumnNormaliser(
                fact.id,
                partial(_normalise, speller.reader(column)),
                plain=None if commas else plain_form(fact, column),
            )
            for column in self.layout.columns
            if (fact := column.header.fact)
        }

    def batches(self) -> Iterator[TableBatch]:
        """All companies in order. Rows that state nothing and lines of totals are passed over."""
        self.rows = CompanyRows(self.grid, self.layout)
        for batch in self.grid.batches(self.layout.first_row):
            if all(cells.null_count == len(cells) for cells in batch.rows.columns):
                continue  # what spreadsheets write where somebody has deleted: millions of lines
            found = self._batch(batch, self.rows)
            if found.rows.num_rows:
                yield found

    def _batch(self, batch: GridBatch, company_rows: CompanyRows) -> TableBatch:
        kept = company_rows.companies(batch)
        self._refuse_unit_below(batch, kept)
        rows = batch.rows.filter(kept)
        by_place = dict(enumerate(rows.columns, self.grid.first_column))
        self._refuse_another_header(rows, batch.numbers[kept.to_numpy(zero_copy_only=False)])
        faults: list[CellFault] = []
        remarks: list[CellRemark] = []
        columns, given = [], []
        for column in self.layout.columns:
            cells = by_place[column.place]
            given.append(cells)
            cells = with_row_units(self.vocabulary, self.layout, column, cells, by_place)
            if column.fact is not None:
                cells = self.choices.without_unknown(column.fact.id, cells, remarks)
            columns.append(self._respelt(column, given[-1], cells, faults, remarks))
        names = list(self.names.values())
        filled = dict(zip(names, columns, strict=True))
        for made in self._joint_columns:
            filled[made.fact.id] = self._unknown.combine(made, filled, faults, remarks)
        numbers = batch.numbers[kept.to_numpy(zero_copy_only=False)].tolist()
        found = self._completed(pa.record_batch(filled), faults)
        as_given = pa.record_batch(given, names=names)
        faults = self._unknown.leave_out(faults, as_given, remarks)
        found = self._unknown.without_forbidden(found, as_given, remarks)
        company_rows.remember_repeated(found, numbers)
        return TableBatch(found, faults, numbers, as_given, remarks)

    def _respelt(
        self,
        column: TableColumn,
        given: pa.Array,
        cells: pa.Array,
        faults: list[CellFault],
        remarks: list[CellRemark],
    ) -> pa.Array:
        """A column in the form for machines: cells as they are `given`, words that were chosen to
        mean a value as that value."""
        normaliser = self._normalisers.get(column.place)
        if normaliser is None:
            return cells
        meant = self.choices.meant(normaliser.fact, given, remarks)
        if meant is None:
            return normaliser.apply(cells, faults, remarks)
        rest = pc.if_else(pc.is_valid(meant), None, cells)
        return pc.coalesce(meant, normaliser.apply(rest, faults, remarks))

    def _completed(self, rows: pa.RecordBatch, faults: list[CellFault]) -> pa.RecordBatch:
        """Rows with the kinds of project that they name, and what is stated for all."""
        kinds = self.project_kinds
        if not kinds.facts:
            return self.choices.with_stated(rows)
        if PROJECT_KIND not in rows.schema.names:
            rows = rows.append_column(PROJECT_KIND, pa.nulls(rows.num_rows, pa.string()))
        return kinds.refuse_misplaced(self.choices.with_stated(kinds.fill(rows)), faults)

    def _refuse_unit_below(self, batch: GridBatch, kept: pa.Array) -> None:
        """A line below the companies that names a unit other than the one in which amounts were
        taken came too late for them. Raises InvalidInput."""
        if not self._by_default:
            return
        others = batch.rows.filter(pc.invert(kept))
        numbers = batch.numbers[~kept.to_numpy(zero_copy_only=False)].tolist()
        for number, row in zip(numbers, others.to_pylist(), strict=True):
            for place, text in enumerate(filter(None, row.values())):
                wrong = self._counted_otherwise(text) if says_unit(text) else []
                if wrong:
                    cell = f"{column_letters(place + self.grid.first_column)}{number}"
                    words = _UNIT_BELOW.format(cell=cell, found=text, columns=enumerated(wrong))
                    raise InvalidInput((Problem(f"/{cell}", ErrorCode.INVALID_VALUE, words),))

    @cached_property
    def _by_default(self) -> list[TableColumn]:
        """The columns of amounts whose own headers name no unit."""
        return [
            c for c in self.layout.columns
            if c.header.fact and c.header.fact.type is FactType.MONEY and c.unit_from != "header"
        ]  # fmt: skip

    def _counted_otherwise(self, text: str) -> list[str]:
        """The columns of amounts that a line names another unit for."""
        return [
            column.letters
            for column in self._by_default
            if says_other_unit(text, currency_of(self.vocabulary, column.header.fact), column.unit)
        ]

    def _refuse_another_header(self, rows: pa.RecordBatch, numbers: NDArray[np.int64]) -> None:
        """What is below another header cannot be told. Raises InvalidInput."""
        column = self.layout.facts.get(NAME)
        if column is None:
            return
        first = self.grid.first_column
        if found := find_another_header(rows, self.header_names, column.place - first):
            row, place = found
            cell = f"{column_letters(place + first)}{numbers[row]}"
            words = _ANOTHER_HEADER.format(cell=cell, found=rows.column(place)[row].as_py())
            raise InvalidInput((Problem(f"/{cell}", ErrorCode.INVALID_VALUE, words),))

    @cached_property
    def header_names(self) -> HeaderNames:
        return HeaderNames(self.vocabulary)


def _normalise(spell: Spell, text: str) -> NormalisedCell:
    try:
        written = spell(text)
    except Unreadable as error:
        raise InvalidCell(error.text) from None
    return NormalisedCell(written.value, written.remark)
