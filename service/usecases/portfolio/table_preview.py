"""What was understood of a table of companies, shown before anything is answered."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.rules.catalogue import Catalogue
from service.domain.text import Text, enumerated, grouped
from service.intake.table_columns import TableColumn
from service.intake.value_suggestions import ValueSuggestions
from service.usecases.portfolio.cell_readers import column_readers
from service.usecases.portfolio.cell_words import cell_words, code_words
from service.usecases.portfolio.company_table import CompanyTable, TableBatch
from service.usecases.portfolio.faults import FaultLog
from service.usecases.portfolio.own_columns import joining_columns
from service.usecases.portfolio.row_warnings import RowWarning
from service.usecases.portfolio.table_choices import StatedFact
from service.usecases.portfolio.table_notes import passed_over_words, table_warnings, years_in

_LACKING = Text(
    "表中没有“{label}”：{of} 个事项中有 {asking} 个要看它，凡由它决定的，"
    "所有企业都得不出结论。请加一列，或对全表声明同一个值",
    "the table has no “{label}”: {asking} of {of} programmes ask for it, and wherever it"
    " decides every company stays undetermined. Add a column, or state one value for the whole"
    " table",
)
_TO_CHECK = Text(
    "请核对，{count} 行（{rows}）：{text}", "Please check, of rows {count} ({rows}): {text}"
)
_MORE_TO_CHECK = Text(
    "另有 {count} 种需要核对之处，见结果", "{count} more things to check: see the answers"
)
_SAMPLED, _MAX_TO_CHECK = 3, 10
_MAX_UNREADABLE, _MAX_PASSED_OVER = 50, 1_000
# So many rows are looked at before anything runs; of a longer table that is said.
MAX_LOOKED_AT = 50_000


# Adds to the faults of a batch the cells that no fact allows, and says what should be looked at
# again in each of its rows; of a row with a fault nothing.
RowCheck: TypeAlias = Callable[[TableBatch], Mapping[int, Sequence[RowWarning]]]


def preview(
    table: CompanyTable, catalogue: Catalogue | None = None, check: RowCheck | None = None
) -> dict[str, Any]:
    """What was understood of a table, and its first companies as they are read, as plain data; with
    a catalogue, which facts that most of it asks for the table does not have; with a `check`, what
    should be looked at again in which rows."""
    look = _look_at(table, check or _cell_check(table.vocabulary))
    lacking = [] if catalogue is None else lacking_facts(catalogue, table)
    return {
        "sheet": table.grid.sheet,
        "header_row": table.layout.header_row + 1,
        "titles": list(table.layout.titles),
        "columns": [_column_json(c) for c in table.layout.columns if c.fact],
        "passed_through": _unknown_columns(table),
        "looked_at": {"companies": look.companies, "whole": look.is_whole},
        "sample": [] if look.first is None else _sample_rows(table, look.first),
        "unreadable": _unreadable_words(table, look.unreadable),
        "lacking": [n.as_json() for n in lacking],
        "stated": [_stated_json(table, s) for s in table.choices.stated.values()],
        "choices": table.choices.as_json(),
        "other_sheets": list(table.other_sheets),
        **_rows_told(lacking, table, look.passed_over, look.to_check),
        "remarks": [r.by_language() for r in look.log.remark_notes()],
    }


# A column, its fact, what stands there, why it cannot be read.
_Unreadable = tuple[str, str, str | None, Text]


@dataclass
class _Look:
    """What was seen of a table: its first companies, how many there are, what cannot be read, and
    by the reason the rows that are no company."""

    log: FaultLog
    check: RowCheck
    first: TableBatch | None = None
    companies: int = 0
    is_whole: bool = True
    unreadable: Counter[_Unreadable] = field(default_factory=Counter)
    to_check: dict[Text, list[int]] = field(default_factory=dict)
    passed_over: Mapping[str, list[int]] = field(default_factory=dict)

    def add(self, batch: TableBatch) -> None:
        """Look at a batch, of whose cells those are faults, too, that no fact allows."""
        to_check = self.check(batch)
        self.first = self.first or batch
        self.companies += batch.rows.num_rows
        self.log.add(batch)
        given = batch.given if batch.given is not None else batch.rows
        for fault in batch.faults:
            name = fault.column or fault.fact
            if name in given.schema.names:
                word = given.column(name)[fault.row].as_py()
                self.unreadable[name, fault.fact, word, fault.why] += 1
        for row, warnings in to_check.items():
            for text in dict.fromkeys(w.text for w in warnings):
                self.to_check.setdefault(text, []).append(batch.numbers[row])


def _cell_check(vocabulary: Vocabulary) -> RowCheck:
    """Looks for what no fact allows, alone."""
    readers = column_readers(vocabulary)

    def check(batch: TableBatch) -> Mapping[int, Sequence[RowWarning]]:
        for name in batch.rows.schema.names:
            if (reader := readers.get(name)) is not None:
                reader.cells(batch.rows.column(name), batch.faults)
        return {}

    return check


def _look_at(table: CompanyTable, check: RowCheck) -> _Look:
    """Read a table, of a very long one its first rows."""
    look = _Look(FaultLog(table.vocabulary, table), check)
    for batch in table.batches():
        if look.companies >= MAX_LOOKED_AT:
            look.is_whole = False
            return look
        look.add(batch)
        # What is read next is no longer looked at, and yet noted by the table.
        look.passed_over = {why: [*rows] for why, rows in _passed_over(table).items()}
    look.passed_over = _passed_over(table)
    return look


def _passed_over(table: CompanyTable) -> Mapping[str, list[int]]:
    return table.rows.passed_over_or_repeated


def read_whole(catalogue: Catalogue, table: CompanyTable) -> dict[str, Any]:
    """What a preview could say of the first rows only, once all are read."""
    return _rows_told(lacking_facts(catalogue, table), table, table.rows.passed_over_or_repeated)


def _rows_told(
    lacking: Sequence["LackingFact"],
    table: CompanyTable,
    passed_over: Mapping[str, list[int]],
    to_check: Mapping[Text, list[int]] = MappingProxyType({}),
) -> dict[str, Any]:
    """Warnings, and the numbers of the rows that are no company, or one that stood before."""
    words = [*passed_over_words(passed_over), *_to_check_words(to_check)]
    warnings = [*(n.warning for n in lacking), *table_warnings(table), *words]
    return {
        "warnings": [w.by_language() for w in warnings],
        "passed_over": {why: rows[:_MAX_PASSED_OVER] for why, rows in passed_over.items()},
    }


def _to_check_words(to_check: Mapping[Text, list[int]]) -> Iterator[Text]:
    """What should be looked at again, the commonest first, with the first rows of each."""
    found = sorted(to_check.items(), key=lambda entry: -len(entry[1]))
    for text, rows in found[:_MAX_TO_CHECK]:
        more = ["…"] if len(rows) > _SAMPLED else []
        named = enumerated([*map(str, rows[:_SAMPLED]), *more])
        yield _TO_CHECK.format(count=grouped(len(rows)), rows=named, text=text)
    if len(found) > _MAX_TO_CHECK:
        yield _MORE_TO_CHECK.format(count=str(len(found) - _MAX_TO_CHECK))


@dataclass(frozen=True, slots=True)
class LackingFact:
    """A fact that most programmes ask for, and a table does not have: of `of` programmes `asking`
    ask for it."""

    fact: Fact
    asking: int
    of: int

    @property
    def warning(self) -> Text:
        return _LACKING.format(label=self.fact.label, asking=str(self.asking), of=str(self.of))

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        label = self.fact.label.by_language()
        return {"fact": self.fact.id, "label": label, "asking": self.asking, "of": self.of}


def lacking_facts(catalogue: Catalogue, table: CompanyTable) -> list[LackingFact]:
    """The facts of a company that at least half of the programmes ask for and no column, nor the
    sender for all, states: most asked for first."""
    facts, of = catalogue.vocabulary.facts, len(catalogue.programmes)
    held = frozenset(table.schema.names)
    found = [
        LackingFact(facts[fact], asking, of)
        for fact, asking in catalogue.fact_uses.items()
        if 2 * asking >= of and fact not in held and facts[fact].default_from is None
    ]
    return sorted(found, key=lambda lacking: -lacking.asking)


def _unreadable_words(table: CompanyTable, counted: Counter[_Unreadable]) -> list[dict[str, Any]]:
    """What could not be read, word by word: how many rows it loses."""
    found = []
    for (name, fact, word, why), rows in counted.most_common(_MAX_UNREADABLE):
        column = table.columns_by_name[name]
        place = {"column": column.letters, "header": column.header.text, "fact": fact}
        found.append({**place, "found": word, "rows": rows, "why": why.by_language()})
    return found


def _stated_json(table: CompanyTable, stated: StatedFact) -> dict[str, Any]:
    fact = table.vocabulary.facts[stated.fact]
    words = code_words(table, fact, stated.value)
    return {
        "fact": fact.id,
        "label": fact.label.by_language(),
        "value": stated.value,
        "words": words or Text(stated.written, stated.written).by_language(),
    }


def _column_json(column: TableColumn) -> dict[str, Any]:
    """What a column is about: a fact, or a part of one."""
    fact = column.fact
    assert fact is not None
    label = column.member.label if column.member else fact.label
    money = fact.type is FactType.MONEY
    return {
        "column": column.letters,
        "header": column.header.text,
        "fact": fact.id,
        "label": {"zh": label.zh, "en": label.en},
        "unit": column.unit_name if money else None,
        "unit_from": column.unit_from if money else None,
    }


def _unknown_columns(table: CompanyTable) -> list[dict[str, Any]]:
    """The columns that are no facts. Of those whose use is known, a unit or a customer's number, no
    fact is suggested: taken as one they would do harm."""
    layout, by_values = table.layout, ValueSuggestions(table.vocabulary)
    used = {unit.place for unit in layout.row_units}
    used |= {layout.period.place} if layout.period else set()
    used |= {c.place for c in layout.passed_through if c.is_beside}
    used |= _of_earlier_years(layout.passed_through)
    return [
        _unknown_column_json(
            c,
            None
            if c.place in used
            or joining_columns([c.header.text])
            or table.entries.concerns(c.header.text)  # which is said, with what to do
            else _likely_fact(table, c, by_values),
        )
        for c in layout.passed_through
    ]


def _of_earlier_years(columns: Sequence[TableColumn]) -> set[int]:
    """The places of columns beside which another has the same figure of a later year: only that one
    can be the last year's."""
    years = {c.place: max(found) for c in columns if (found := years_in(c.header.text))}
    latest: dict[Fact | None, str] = {}
    for column in (c for c in columns if c.place in years):
        last = latest.get(column.suggestion, "")
        latest[column.suggestion] = max(last, years[column.place])
    return {c.place for c in columns if years.get(c.place, "9") < latest.get(c.suggestion, "")}


def _likely_fact(
    table: CompanyTable, column: TableColumn, by_values: ValueSuggestions
) -> Fact | None:
    """What a column may be: by the first words in it, or else by its header; never what another
    column is taken for. A column that two are the same as is what they are."""
    if column.is_doubled:
        return column.suggestion
    place = column.place - table.grid.first_column
    rows = table.grid.head[table.layout.first_row :]
    cells = [cell for row in rows if place < len(row) and (cell := row[place])]
    taken = {c.fact.id for c in table.layout.columns if c.fact}
    near = by_values.fact_of(cells, taken) or column.suggestion
    return None if near is None or near.id in taken else near


def _unknown_column_json(column: TableColumn, near: Fact | None) -> dict[str, Any]:
    suggestion = (
        None if near is None else {"fact": near.id, "zh": near.label.zh, "en": near.label.en}
    )
    return {"column": column.letters, "header": column.header.text, "suggestion": suggestion}


def _sample_rows(table: CompanyTable, sample: TableBatch) -> list[dict[str, Any]]:
    """The first companies: for each known cell what stands there and what it is read as."""
    read = sample.rows.slice(0, _SAMPLED).to_pylist()
    given = (sample.given or sample.rows).slice(0, _SAMPLED).to_pylist()
    wrong: Mapping[tuple[int, str], Text] = {
        (f.row, f.column or f.fact): f.why for f in sample.faults
    }
    rows = []
    for i, (cells, values) in enumerate(zip(read, given, strict=True)):
        shown = []
        for column in table.layout.columns:
            fact = column.fact
            name = table.names[column.place]
            if fact is None or values[name] is None:
                continue
            why = wrong.get((i, name))
            shown.append(
                {
                    "cell": f"{column.letters}{sample.numbers[i]}",
                    "fact": fact.id,
                    "found": values[name],
                    "read_as": None if why else cells[fact.id],
                    "words": None
                    if why
                    else cell_words(table, column, values[name], cells[fact.id]),
                    "fault": None if why is None else {"zh": why.zh, "en": why.en},
                }
            )
        rows.append({"row": sample.numbers[i], "cells": shown})
    return rows
