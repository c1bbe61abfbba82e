"""Every fault of every row of a table: cell, what stands there, what may; as a list and as a
workbook of the faulty rows with the cells marked."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from service.bulk.cells import as_text
from service.bulk.plain_workbook import new_workbook
from service.bulk.workbooks import MAX_NAMED, MAX_TEXT, CellFormat, ListSheet
from service.domain.facts.vocabulary import Vocabulary
from service.domain.text import Text, enumerated, grouped
from service.domain.wording import sheet_heads
from service.intake.allowed_values import allowed_text
from service.intake.table_columns import TableColumn
from service.rendering.texts import read_texts
from service.usecases.portfolio.company_table import CompanyTable, TableBatch
from service.usecases.portfolio.own_columns import joining_columns

_WORDS = read_texts(__file__)

# So many faulty rows are kept to be shown; all are counted.
MAX_FAULTY_ROWS = 20_000
MAX_FAULTS = 100_000
_MAX_REMARKS = 5
_OWN_WIDTH = 16
_FAULT_HEADS = (
    *(sheet_heads.CELL, sheet_heads.COLUMN),
    *(sheet_heads.FOUND, sheet_heads.FAULT, sheet_heads.ALLOWED),
)


@dataclass(frozen=True, slots=True)
class RowFault:
    """One fault where a person finds it. `cell` is None where the table has no such column."""

    sheet: str | None
    row: int
    cell: str | None
    header: str
    fact: str
    cell_text: str | None
    why: Text
    allowed: Text

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "cell": self.cell,
            "header": self.header,
            "fact": self.fact,
            "found": self.cell_text,
            "why": {"zh": self.why.zh, "en": self.why.en},
            "allowed": {"zh": self.allowed.zh, "en": self.allowed.en},
        }


def _as_filled(given: pa.RecordBatch, rows: Sequence[int]) -> dict[int, dict[str, str | None]]:
    """The cells of some rows as text. A time may be one that Python has no value for."""
    columns = [
        as_text(column.take(pa.array(rows, pa.int64()))).to_pylist() for column in given.columns
    ]
    names = given.schema.names
    cells = zip(*columns, strict=True)
    return {row: dict(zip(names, c, strict=True)) for row, c in zip(rows, cells, strict=True)}


@dataclass
class FaultLog:
    """What is wrong with the rows of one table, and the rows as they were filled."""

    vocabulary: Vocabulary
    table: CompanyTable | None = None
    faults: list[RowFault] = field(default_factory=list)
    rows: dict[int, Mapping[str, str | None]] = field(default_factory=dict)
    count: int = 0
    remarks: dict[str, list[tuple[str, str, Text]]] = field(default_factory=dict)
    remarked: Counter[str] = field(default_factory=Counter)
    joining: Sequence[str] = ()

    def add(self, batch: TableBatch) -> None:
        """The faults of a batch that was answered."""
        self.count += len({f.row for f in batch.faults})
        self._add_remarks(batch)
        if len(self.faults) >= MAX_FAULTS:
            return
        given = batch.given if batch.given is not None else batch.rows
        self.joining = joining_columns(
            n for n in given.schema.names if n not in self.vocabulary.facts
        )
        filled = _as_filled(given, sorted({f.row for f in batch.faults}))
        for fault in sorted(batch.faults, key=lambda f: (f.row, self._place(f.column or f.fact))):
            cells = filled[fault.row]
            number = batch.numbers[fault.row] if batch.numbers else fault.row + 1
            if len(self.rows) < MAX_FAULTY_ROWS:
                self.rows.setdefault(number, cells)
            fact = self.vocabulary.facts[fault.fact]
            column = self.column(fault.column or fault.fact)
            self.faults.append(
                RowFault(
                    sheet=self.table.grid.sheet if self.table else None,
                    row=number,
                    cell=f"{column.letters}{number}" if column else None,
                    header=column.header.text if column else fault.fact,
                    fact=fault.fact,
                    cell_text=cells.get(fault.column or fault.fact),
                    why=fault.why,
                    allowed=fault.allowed or allowed_text(fact, self.vocabulary),
                )
            )

    def _place(self, name: str) -> int:
        column = self.column(name)
        return column.place if column else 0

    def _add_remarks(self, batch: TableBatch) -> None:
        for remark in batch.remarks:
            self.remarked[remark.fact] += 1
            held = self.remarks.setdefault(remark.fact, [])
            column = self.column(remark.column or remark.fact)
            if column is not None and len(held) < _MAX_REMARKS:
                cell = f"{column.letters}{batch.numbers[remark.row]}"
                held.append((cell, remark.cell_text, remark.remark))

    def remark_notes(self) -> list[Text]:
        """What is to be known of how cells were read: the first of each column, and how many."""
        notes = []
        for fact, held in self.remarks.items():
            label = self.vocabulary.facts[fact].label
            for cell, found, remark in held:
                words = Text(
                    "{cell} {label}“{found}”：{remark}", "{cell} {label} “{found}”: {remark}"
                )
                notes.append(words.format(cell=cell, label=label, found=found, remark=remark))
            if self.remarked[fact] > len(held):
                rest = str(self.remarked[fact] - len(held))
                words = Text("{label}：另有 {rest} 处同样情形", "{label}: {rest} more like these")
                notes.append(words.format(label=label, rest=rest))
        return notes

    def column(self, name: str) -> TableColumn | None:
        """Where a column stands in the table, by its fact or its name in the answers."""
        return self.table.columns_by_name.get(name) if self.table else None

    @property
    def complete(self) -> bool:
        return self.count <= len(self.rows) and len(self.faults) < MAX_FAULTS


def write_faults(log: FaultLog, target: Path | BinaryIO, language: str) -> None:
    """A workbook: the list of faults, and the faulty rows under their own headers, each wrong cell
    coloured with a note that says why."""
    with new_workbook(target) as book:
        heads = [(title.in_language(language), width) for title, width in fault_heads(log)]
        listed = ListSheet(book, sheet_heads.FAULTS.in_language(language), heads)
        listed.add(*(fault_line(log, fault, language) for fault in log.faults))
        if not log.complete:
            listed.add(_note_line(log, _WORDS["more"], language))
        rows = _write_rows(book, log, log.table, language) if log.table is not None else None
        for note in cut_notes(listed, *filter(None, [rows])):
            listed.add(_note_line(log, note, language))
        listed.close()


def cut_notes(*sheets: ListSheet) -> list[Text]:
    """That texts were longer than a cell holds, and where."""
    cut = [cell for sheet in sheets for cell in sheet.cut]
    if not cut:
        return []
    named = enumerated([*cut[:MAX_NAMED], *(["…"] if len(cut) > MAX_NAMED else [])])
    return [_WORDS["too_long"].format(count=str(len(cut)), cells=named, most=grouped(MAX_TEXT))]


def fault_heads(log: FaultLog) -> list[sheet_heads.Head]:
    """The heads of a list of faults: whose row it is, also by the sender's own columns."""
    own = [(Text(name, name), _OWN_WIDTH) for name in log.joining]
    whose = sheet_heads.identity_heads(log.vocabulary).values()
    return [sheet_heads.ROW, *whose, *own, *_FAULT_HEADS]


def _note_line(log: FaultLog, note: Text, language: str) -> list[object]:
    """A note below a list of faults, where it says what is wrong."""
    heads = fault_heads(log)
    line: list[object] = [None] * len(heads)
    line[heads.index(sheet_heads.FAULT)] = note.in_language(language)
    return line


def fault_line(log: FaultLog, fault: RowFault, language: str) -> list[object]:
    """A fault as a line of a list, with whose row it is."""
    cells = log.rows.get(fault.row, {})
    identity = sheet_heads.identity_heads(log.vocabulary)
    who = (fault.row, *(cells.get(name) for name in (*identity, *log.joining)))
    where = (*who, fault.cell, fault.header, fault.cell_text)
    return [*where, fault.why.in_language(language), fault.allowed.in_language(language)]


def _header_read_alike(table: CompanyTable, column: TableColumn) -> str:
    """A header under which a column is read as it was: with the unit that a line above the table
    or a group gave it, for neither stands above the faulty rows. What was not taken stays so."""
    text, fact = column.header.text, column.header.fact
    if fact is None or column.is_chosen:
        return text
    if column.unit_fault is not None:
        return f"{text}（{column.unit_fault.name}）"
    unit = f"（{column.unit_name}）" if column.unit_from == "title" else ""
    named = f"（{column.unit_name}）" if column.unit_from else ""
    percent = "（%）" if column.header.percent else ""
    label = fact.label.in_language(table.vocabulary.languages[0])
    for written in (text + unit, f"{label}{named}{percent}"):
        read = table.header_names.read(written)
        if (read.fact, read.percent) == (fact, column.header.percent) and (
            read.scale == column.unit if column.unit_from else read.scale is None
        ):
            return written
    return fact.id


def _write_rows(book: Any, log: FaultLog, table: CompanyTable, language: str) -> ListSheet:
    columns = table.layout.columns
    heads = [(_header_read_alike(table, column), 18) for column in columns]
    listed = ListSheet(book, _WORDS["rows"].in_language(language), heads)
    marked = book.add_format({"bg_color": "#F8D7D3", "border": 1})
    wrong: dict[tuple[int, str | None], list[str]] = {}
    for fault in log.faults:
        wrong.setdefault((fault.row, fault.cell), []).append(fault.why.in_language(language))
    names = [table.names[column.place] for column in columns]
    columns_of_rows = [[cells[name] for cells in log.rows.values()] for name in names]
    why = [[wrong.get((n, f"{c.letters}{n}")) for n in log.rows] for c in columns]
    masks = [pa.array([words is not None for words in one]) for one in why]
    for place, one in enumerate(why):
        for i, words in enumerate(one, listed.row):
            if words is not None:
                listed.sheet.write_comment(i, place, "\n".join(words))
    listed.add_columns(
        [pa.array(cells, pa.string()) for cells in columns_of_rows],
        {i: CellFormat(marked, mask) for i, mask in enumerate(masks)},
    )
    listed.close()
    return listed
