"""Which rows of a table are companies. The others are listed, by the reason that they are none."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from service.domain.facts.vocabulary import Fact, FactType
from service.intake.grid import Grid, GridBatch
from service.intake.headers import FIGURES
from service.intake.table_columns import Layout, TableColumn
from service.usecases.portfolio.row_kinds import (
    any_of,
    blank_words,
    is_numbering,
    note_rows,
    rows_of_one_cell,
    total_rows,
)

NAME = "company.name"


@dataclass
class CompanyRows:
    """The rows of one table. Each list holds numbers of rows as a spreadsheet counts them, and is
    whole once all batches were looked at.

    `totals`: sums of others; `without_facts`: rows that state nothing; `unnamed`: figures of
    nobody; `notes`: lines about the table. `repeated` and `renamed` are companies that stood there
    before, under the same name and under another, `names_alone` rows that hold a name and nothing
    else: they are answered all the same.
    """

    grid: Grid
    layout: Layout
    totals: list[int] = field(default_factory=list)
    without_facts: list[int] = field(default_factory=list)
    unnamed: list[int] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    renamed: list[int] = field(default_factory=list)
    names_alone: list[int] = field(default_factory=list)
    _names_by_identifier: dict[str, str | None] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)
    _names_without_identifier: set[str] = field(default_factory=set)

    def companies(self, batch: GridBatch) -> pa.Array:
        """Which rows of a batch are companies (a boolean a row); the others go into the lists."""
        known = [self._known_cells(c, batch.rows) for c in self.layout.columns if c.fact]
        stated = any_of(known)
        filled = any_of(pc.is_valid(c) for c in batch.rows.columns)
        total = total_rows(batch.rows)
        line = pc.or_(self._with_titles(batch.rows), self._is_numbering_row(batch))
        note = pc.and_not(pc.or_(note_rows(batch.rows), line), total)
        unnamed = pc.and_not(self._only_figures(batch.rows), pc.or_(total, note))
        other = pc.or_(pc.or_(total, note), unnamed)
        self.unnamed += _numbers_of(batch, unnamed)
        self.totals += _numbers_of(batch, pc.and_(filled, total))
        self.notes += _numbers_of(batch, note)
        self.without_facts += _numbers_of(batch, pc.and_not(filled, pc.or_(stated, other)))
        companies = pc.and_not(stated, other)
        self.names_alone += _numbers_of(batch, pc.and_(companies, self._names_alone(batch.rows)))
        return companies

    def _known_cells(self, column: TableColumn, rows: pa.RecordBatch) -> pa.Array:
        """Which cells of a column say something; a stroke for a name says nothing."""
        cells = self._cells(column, rows)
        filled = pc.is_valid(cells)
        named = column.header.fact is not None and column.header.fact.id == NAME
        return pc.and_not(filled, blank_words(cells)) if named else filled

    def _names_alone(self, rows: pa.RecordBatch) -> pa.Array:
        """The rows that hold a name and nothing else, of a table that asks for more."""
        name = self.layout.facts.get(NAME)
        if name is None or self.layout.column_count <= 1:
            return pa.array([False] * rows.num_rows, pa.bool_())
        return pc.and_(rows_of_one_cell(rows), pc.is_valid(self._cells(name, rows)))

    def remember_repeated(self, rows: pa.RecordBatch, numbers: Sequence[int]) -> None:
        """Remember the rows whose identifier stood in the table before, or where one of the two
        has none whose name, and those of one identifier and another name: which of them is right
        nobody can tell here, so each is answered, and it is said."""
        facts = {column.header.fact for column in self.layout.columns}
        identifiers = {f.id for f in facts if f is not None and _is_identifier(f)}
        columns = [rows.column(n).to_pylist() for n in rows.schema.names if n in identifiers]
        named = NAME in rows.schema.names
        names = rows.column(NAME).to_pylist() if named else [None] * rows.num_rows
        for number, name, *cells in zip(numbers, names, *columns, strict=False):
            identifier = next(filter(None, cells), None)
            known = self._names_by_identifier.get(identifier or "")
            if name and known not in (None, name):
                self.renamed.append(number)
            elif self._stood_before(identifier, name):
                self.repeated.append(number)
            self._remember(identifier, name)

    def _stood_before(self, identifier: str | None, name: str | None) -> bool:
        """Two rows that share a name are one company unless each has an identifier of its own."""
        if identifier is None:
            return name in self._names
        return identifier in self._names_by_identifier or name in self._names_without_identifier

    def _remember(self, identifier: str | None, name: str | None) -> None:
        if identifier is not None:
            self._names_by_identifier.setdefault(identifier, name)
        elif name:
            self._names_without_identifier.add(name)
        if name:
            self._names.add(name)

    @property
    def passed_over_or_repeated(self) -> dict[str, list[int]]:
        """By the reason the numbers of rows that were taken for no company, and of those that are
        answered and should be looked at."""
        return {
            "totals": self.totals,
            "without_facts": self.without_facts,
            "unnamed": self.unnamed,
            "lines_of_text": sorted([*self.grid.lines_of_text, *self.notes]),
            "repeated": self.repeated,
            "renamed": self.renamed,
            "names_alone": self.names_alone,
        }

    def _cells(self, column: TableColumn, rows: pa.RecordBatch) -> pa.Array:
        return rows.column(column.place - self.grid.first_column)

    def _only_figures(self, rows: pa.RecordBatch) -> pa.Array:
        """The rows that name nobody, in a table that names companies, and state figures alone: a
        total that is not called one."""
        stated = {
            c.header.fact: self._known_cells(c, rows) for c in self.layout.columns if c.header.fact
        }
        figures = [cells for fact, cells in stated.items() if fact.type in FIGURES]
        others = [cells for fact, cells in stated.items() if fact.type not in FIGURES]
        others += [pc.is_valid(self._cells(c, rows)) for c in self.layout.members]
        if not figures or not any(f.id == NAME or _is_identifier(f) for f in stated):
            return pa.array([False] * rows.num_rows, pa.bool_())
        return pc.and_not(any_of(figures), any_of(others))

    def _with_titles(self, rows: pa.RecordBatch) -> pa.Array:
        """The rows in which the header stands once more, with the titles right above them."""
        again = self._headers_again(rows)
        if not pc.any(again).as_py():
            return again
        next_is = pa.concat_arrays([again.slice(1), pa.array([False])])
        return pc.or_(again, pc.and_(next_is, rows_of_one_cell(rows)))

    def _headers_again(self, rows: pa.RecordBatch) -> pa.Array:
        """The rows in which the header stands once more, as at the top of a printed page."""
        again, any_again = [], []
        for column in (c for c in self.layout.columns if c.header.fact):
            cells = self._cells(column, rows)
            same = pc.is_in(cells, value_set=pa.array(self._headers_of(column), pa.string()))
            again.append(pc.or_(same, pc.is_null(cells)))
            any_again.append(same)
        return pc.and_(reduce(pc.and_, again), any_of(any_again))

    def _headers_of(self, column: TableColumn) -> list[str]:
        """A column's header whole, without its group, and as its cells spell it, whose lines are
        one in the others."""
        whole, place = column.header.text, column.place - self.grid.first_column
        header = self.grid.head[self.layout.header_row : self.layout.first_row]
        spelt = [row[place] for row in header if place < len(row)]
        return [whole, whole.rpartition(" ")[2], *filter(None, spelt)]

    def _is_numbering_row(self, batch: GridBatch) -> pa.Array:
        """The line below a header that numbers the columns: 1, 2, 3, or 甲, 乙, 1, 2."""
        first = [n == self.layout.first_row + 1 for n in batch.numbers.tolist()[:1]]
        cells = [c for row in batch.rows.slice(0, 1).to_pylist() for c in row.values() if c]
        counted = first == [True] and is_numbering(cells)
        return pa.array([counted and i == 0 for i in range(batch.rows.num_rows)], pa.bool_())


def _is_identifier(fact: Fact) -> bool:
    return fact.type is FactType.IDENTIFIER


def _numbers_of(batch: GridBatch, mask: pa.Array) -> list[int]:
    numbers: list[int] = batch.numbers[mask.to_numpy(zero_copy_only=False)].tolist()
    return numbers
