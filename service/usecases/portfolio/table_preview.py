"""What was understood of a table of companies, shown before anything is answered."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.domain.facts.profile import PROJECT_KIND
from service.domain.facts.vocabulary import Fact, FactType
from service.domain.rules.catalogue import Catalogue
from service.domain.text import Text, enumerated, join
from service.domain.wording.labels import NONE
from service.intake.cell_spelling import is_blank
from service.intake.entry_headers import EntryHeader, Says
from service.intake.headers import FIGURES
from service.intake.table_layout import Column
from service.rendering.texts import read_texts
from service.usecases.portfolio.company_table import CompanyTable, TableBatch
from service.usecases.portfolio.faults import FaultLog
from service.usecases.portfolio.table_choices import StatedFact

_WORDS = read_texts(__file__)

_SAMPLED = 3
_MAX_UNREADABLE, _MAX_PASSED_OVER = 50, 1_000
# So many rows are looked at before anything runs; of a longer table that is said.
MAX_LOOKED_AT = 50_000
_NAMED_ROWS = 20
_PASSED_OVER = {
    "totals": Text("合计行，未作为企业：{count} 行（{rows}）",
                   "Lines of totals, taken for no company: {count} ({rows})"),
    "without_facts": Text("没有填写任何已知事实的行，未作为企业：{count} 行（{rows}）",
                          "Rows that state no known fact, taken for no company: {count} ({rows})"),
    "unnamed": Text("没有名称或代码、只有数字的行，像是合计，未作为企业：{count} 行（{rows}）",
                    "Rows of figures with neither name nor code, like totals, taken for no"
                    " company: {count} ({rows})"),
    "lines_of_text": Text("说明文字行，未作为企业：{count} 行（{rows}）",
                          "Lines of text, taken for no company: {count} ({rows})"),
    "renamed": Text("代码与前面某行相同而名称不同，请核对，仍各算一家：{count} 行（{rows}）",
                    "Rows whose code stood there before under another name, to be checked, each"
                    " answered: {count} ({rows})"),
    "repeated": Text("代码或名称与前面某行相同，仍各算一家：{count} 行（{rows}）",
                     "Rows whose code or name stood there before, each answered: {count} ({rows})"),
}  # fmt: skip


_LEVEL = re.compile(r"(?:资质|证书|认定|荣誉|称号|资格)?(?:级别|等级|层级)|level", re.IGNORECASE)


_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?=年|财年|$|\s)")


def preview(table: CompanyTable, catalogue: Catalogue | None = None) -> dict[str, Any]:
    """What was understood of a table, and its first companies as they are read, as plain data; with
    a catalogue, which facts that most of it asks for the table does not have."""
    look = _look_at(table)
    lacking = [] if catalogue is None else lacking_facts(catalogue, table)
    return {
        "sheet": table.grid.sheet,
        "header_row": table.layout.header_row + 1,
        "titles": list(table.layout.titles),
        "columns": [_column_json(c) for c in table.layout.columns if c.fact],
        "passed_through": [_unknown_column_json(c) for c in table.layout.passed_through],
        "looked_at": {"companies": look.companies, "whole": look.is_whole},
        "sample": [] if look.first is None else _sample_rows(table, look.first),
        "unreadable": _unreadable_words(table, look.unreadable),
        "lacking": [n.as_json() for n in lacking],
        "stated": [_stated_json(table, s) for s in table.choices.stated.values()],
        "choices": table.choices.as_json(),
        "other_sheets": list(table.other_sheets),
        **_rows_told(lacking, table, look.passed_over),
        "remarks": [r.by_language() for r in look.log.remark_notes()],
    }


# A column, its fact, what stands there, why it cannot be read.
_Unreadable = tuple[str, str, str | None, Text]


@dataclass
class _Look:
    """What was seen of a table: its first companies, how many there are, what cannot be read, and
    by the reason the rows that are no company."""

    log: FaultLog
    first: TableBatch | None = None
    companies: int = 0
    is_whole: bool = True
    unreadable: Counter[_Unreadable] = field(default_factory=Counter)
    passed_over: Mapping[str, list[int]] = field(default_factory=dict)

    def add(self, batch: TableBatch) -> None:
        self.first = self.first or batch
        self.companies += batch.rows.num_rows
        self.log.add(batch)
        given = batch.given if batch.given is not None else batch.rows
        for fault in batch.faults:
            name = fault.column or fault.fact
            if name in given.schema.names:
                word = given.column(name)[fault.row].as_py()
                self.unreadable[name, fault.fact, word, fault.why] += 1


def _look_at(table: CompanyTable) -> _Look:
    """Read a table, of a very long one its first rows."""
    look = _Look(FaultLog(table.vocabulary, table))
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
    lacking: Sequence["LackingFact"], table: CompanyTable, passed_over: Mapping[str, list[int]]
) -> dict[str, Any]:
    """Warnings, and the numbers of the rows that are no company, or one that stood before."""
    words = _passed_over_words(passed_over)
    warnings = [*(n.warning for n in lacking), *table_warnings(table), *words]
    return {
        "warnings": [w.by_language() for w in warnings],
        "passed_over": {why: rows[:_MAX_PASSED_OVER] for why, rows in passed_over.items()},
    }


@dataclass(frozen=True, slots=True)
class LackingFact:
    """A fact that most programmes ask for, and a table does not have: of `of` programmes `asking`
    ask for it."""

    fact: Fact
    asking: int
    of: int

    @property
    def warning(self) -> Text:
        return _WORDS["lacking"].format(
            label=self.fact.label, fact=self.fact.id, asking=str(self.asking), of=str(self.of)
        )

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
        for fact, asking in catalogue.looks.items()
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
    words = _code_words(table, fact, stated.value)
    return {
        "fact": fact.id,
        "label": fact.label.by_language(),
        "value": stated.value,
        "words": words or Text(stated.written, stated.written).by_language(),
    }


def _column_json(column: Column) -> dict[str, Any]:
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


def _unknown_column_json(column: Column) -> dict[str, Any]:
    near = column.suggestion
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
    for i, (cells, found) in enumerate(zip(read, given, strict=True)):
        shown = []
        for column in table.layout.columns:
            fact = column.fact
            name = table.names[column.place]
            if fact is None or found[name] is None:
                continue
            why = wrong.get((i, name))
            shown.append(
                {
                    "cell": f"{column.letters}{sample.numbers[i]}",
                    "fact": fact.id,
                    "found": found[name],
                    "read_as": None if why else cells[fact.id],
                    "words": None
                    if why
                    else _cell_words(table, column, found[name], cells[fact.id]),
                    "fault": None if why is None else {"zh": why.zh, "en": why.en},
                }
            )
        rows.append({"row": sample.numbers[i], "cells": shown})
    return rows


def _cell_words(
    table: CompanyTable, column: Column, text: str, read: str | None
) -> dict[str, str] | None:
    """What a cell was read as, of one about an entry of a list what it says of that."""
    fact = column.fact
    assert fact is not None
    header = column.member if isinstance(column.member, EntryHeader) else None
    if header is None or header.code is None:
        return _code_words(table, fact, read)
    return _entry_words(table, header, text, read).by_language()


def _entry_words(table: CompanyTable, header: EntryHeader, text: str, read: str | None) -> Text:
    if is_blank(text):
        return _WORDS["taken_as_unknown"]
    codes = table.vocabulary.codes_of(header.fact)
    assert codes is not None
    code = header.code or ""
    if header.says is Says.WHETHER:
        code, said = table.entries_of(header.fact).whether(code, text)
        if said is None:
            return NONE if read is not None else _WORDS["not_this"]
    held = [r for r in _records_in(read or "") if not r.get("unsure")]
    mine = next((r for r in held if code in codes.ancestors(r["category"])), {})
    told = [str(v) for key, v in mine.items() if key != "category"]
    parts = [codes.label_of(code)] if code != header.code else []
    parts += [Text(t, t) for t in told]
    if not parts:
        return _WORDS["held"] if header.fact.type is FactType.CERTIFICATES else _WORDS["holds"]
    return Text("持有（{term}）", "held ({term})").format(term=join(parts, "、", ", "))


def _code_words(table: CompanyTable, fact: Fact, read: str | None) -> dict[str, str] | None:
    """What a cell of codes was read as, by their names."""
    codes = table.vocabulary.codes_of(fact)
    if codes is None or read is None or fact.type is FactType.AWARDS:
        return None
    if read == "-":
        return NONE.by_language()
    if fact.type is FactType.CERTIFICATES:
        held = (c for c in _records_in(read) if not c.get("unsure"))
        names = [codes.label_of(c.get("category", "")) for c in held]
        if any(c.get("unsure") for c in _records_in(read)):
            names.append(_WORDS["others_unknown"])
    else:
        names = [codes.label_of(code) for code in read.split("|")]
    shown = join(names, "、", ", ")
    return shown.by_language()


def _records_in(read: str) -> list[dict[str, str]]:
    try:
        found = json.loads(read)
    except ValueError:
        return []
    return [r for r in found if isinstance(r, dict)] if isinstance(found, list) else []


def table_notes(table: CompanyTable) -> list[Text]:
    """How the columns were understood and which rows were taken for no company."""
    notes = [
        _WORDS["taken"].format(
            column=c.letters, header=c.header.text, label=c.header.fact.label, unit=_counted_in(c))
        for c in table.layout.columns if c.header.fact
    ]  # fmt: skip
    notes += [
        _WORDS["taken"].format(
            column=c.letters, header=c.header.text, label=c.member.label, unit=Text("", ""))
        for c in table.layout.members if c.member
    ]  # fmt: skip
    if through := table.layout.passed_through:
        words = Text("原样带过的列：{names}", "Columns handed through: {names}")
        notes.append(words.format(names=enumerated(c.header.text for c in through)))
    if table.other_sheets:
        notes.append(_WORDS["other_sheets"].format(names=enumerated(table.other_sheets)))
    notes += table.choices.notes(table.vocabulary)
    return [*notes, *table_warnings(table), *passed_over_notes(table)]


def table_warnings(table: CompanyTable) -> list[Text]:
    """What to look at before anything is answered."""
    period = table.layout.period
    told = [_WORDS["period"].format(header=period.header.text)] if period else []
    years = sorted({year for title in table.layout.titles for year in _YEAR.findall(title)})
    if years and any(c.header.fact and c.header.fact.type in FIGURES for c in table.layout.columns):
        told.append(_WORDS["dated"].format(years=enumerated(years)))
    kinds = [] if PROJECT_KIND in table.names.values() else table.project_kinds.warnings()
    return [*told, *kinds, *certificate_warnings(table), *hidden_warnings(table)]


def hidden_warnings(table: CompanyTable) -> list[Text]:
    """Rows and columns that are read though the workbook does not show them."""
    rows = [n for n in table.grid.hidden_rows if n > table.layout.first_row]
    columns = [
        f"{c.letters} {c.header.text}"
        for c in table.layout.columns
        if c.header.fact and c.place in table.grid.hidden_columns
    ]
    warnings = []
    if rows:
        warnings.append(_WORDS["hidden_rows"].format(count=str(len(rows)), rows=_row_list(rows)))
    if columns:
        warnings.append(_WORDS["hidden_columns"].format(names=enumerated(columns)))
    return warnings


def certificate_warnings(table: CompanyTable) -> list[Text]:
    """Columns that name a certificate together with something else, or one code of a list, and are
    not taken; and those of the level of what another column names."""
    through = table.layout.passed_through
    members = [c.member for c in table.layout.members]
    is_register = any(isinstance(m, EntryHeader) and m.says is Says.NAMED for m in members)
    levels = [c for c in through if is_register and _LEVEL.fullmatch(c.header.text.strip())]
    told = [_WORDS["level_not_taken"].format(header=c.header.text) for c in levels]
    told += [
        _WORDS["one_of_list"].format(header=c.header.text, code=name, fact=fact.label)
        for c in through
        if (listed := table.entries.lists(c.header.text)) is not None
        for fact, name in [listed]
    ]
    return told + [
        _WORDS["certificate"].format(header=c.header.text, certificate=name, fact=fact.label)
        for c in through
        if (found := table.entries.concerns(c.header.text)) is not None
        for fact, name in [found]
    ]


def passed_over_notes(table: CompanyTable) -> list[Text]:
    """Which rows were taken for no company, and which for one that stood there before; complete
    once all are read."""
    return _passed_over_words(table.rows.passed_over_or_repeated)


def _passed_over_words(rows: Mapping[str, list[int]]) -> list[Text]:
    return [
        _PASSED_OVER[why].format(count=str(len(r)), rows=_row_list(r))
        for why, r in rows.items()
        if r
    ]


def _row_list(rows: list[int]) -> Text:
    more = ["…"] if len(rows) > _NAMED_ROWS else []
    return enumerated([*map(str, rows[:_NAMED_ROWS]), *more])


def _counted_in(column: Column) -> Text:
    """What amounts are counted in, where the column holds amounts."""
    fact = column.header.fact
    if fact is None or fact.type is not FactType.MONEY:
        return Text("", "")
    return Text("（按{unit}计）", " (in {unit})").format(unit=column.unit_name)
