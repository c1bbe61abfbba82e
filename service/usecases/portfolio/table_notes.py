"""How a table was understood, in words: columns, rows that are no company, what to look at."""

import re
from collections.abc import Iterator, Mapping

from service.domain.facts.profile import PROJECT_KIND
from service.domain.facts.vocabulary import FactType
from service.domain.text import Text, enumerated, listed
from service.intake.entry_headers import EntryDetail, EntryHeader
from service.intake.headers import FIGURES
from service.intake.table_columns import TableColumn
from service.rendering.texts import read_texts
from service.usecases.portfolio.company_rows import NAME
from service.usecases.portfolio.company_table import CompanyTable

_WORDS = read_texts(__file__)
_NAMED_ROWS = 20
_LEVEL = re.compile(r"(?:资质|证书|认定|荣誉|称号|资格)?(?:级别|等级|层级)|level", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?=年|财年|$|\s)")


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
        names = enumerated(c.header.text for c in through)
        notes.append(_WORDS["handed_through"].format(names=names))
    if table.other_sheets:
        notes.append(_WORDS["other_sheets"].format(names=enumerated(table.other_sheets)))
    notes += table.choices.notes(table.vocabulary)
    return [*notes, *table_warnings(table), *passed_over_notes(table)]


def table_warnings(table: CompanyTable) -> list[Text]:
    """What to look at before anything is answered."""
    texts = []
    if table.sheets_alike:
        texts.append(_WORDS["sheets_alike"].format(names=enumerated(table.sheets_alike)))
    if table.hidden_lists:
        texts.append(_WORDS["hidden_lists"].format(names=enumerated(table.hidden_lists)))
    texts += [*_beside_warnings(table), *_doubled_warnings(table), *_untold_kind_warnings(table)]
    if period := table.layout.period:
        texts.append(_WORDS["period"].format(header=period.header.text))
    units = {u.place for u in table.layout.row_units}
    if units:
        named = [f"{c.letters} {c.header.text}" for c in table.layout.columns if c.place in units]
        texts.append(_WORDS["row_units"].format(names=enumerated(named)))
    years = sorted({year for title in table.layout.titles for year in years_in(title)})
    if years and any(c.header.fact and c.header.fact.type in FIGURES for c in table.layout.columns):
        texts.append(_WORDS["dated"].format(years=enumerated(years)))
    faulty = [c for c in table.layout.columns if c.unit_fault]
    for why in dict.fromkeys(
        c.unit_fault.fault for c in faulty if c.unit_fault and c.unit_fault.fault
    ):
        names = enumerated(f"{c.letters} {c.header.text}" for c in faulty)
        texts.append(_WORDS["unit_refused"].format(why=why, columns=names))
    kinds = [] if PROJECT_KIND in table.names.values() else table.project_kinds.warnings()
    return [*texts, *kinds, *certificate_warnings(table), *hidden_warnings(table)]


def years_in(text: str) -> list[str]:
    """The years that a title or a header names."""
    return _YEAR.findall(text)


def _beside_warnings(table: CompanyTable) -> list[Text]:
    """Columns of another list beside the one that is read."""
    beside = [f"{c.letters} {c.header.text}" for c in table.layout.columns if c.is_beside]
    if not beside:
        return []
    read = next(c for c in table.layout.columns if c.header.fact and c.header.fact.id == NAME)
    name = f"{read.letters} {read.header.text}"
    return [_WORDS["beside"].format(name=name, columns=enumerated(beside))]


def _doubled_warnings(table: CompanyTable) -> list[Text]:
    """Columns that are one fact, of which none was taken."""
    doubled: dict[Text, list[str]] = {}
    for column in table.layout.columns:
        if column.is_doubled and column.suggestion:
            named = f"{column.letters} {column.header.text}"
            doubled.setdefault(column.suggestion.label, []).append(named)
    return [
        _WORDS["doubled"].format(columns=enumerated(named), fact=label)
        for label, named in doubled.items()
    ]


def _untold_kind_warnings(table: CompanyTable) -> Iterator[Text]:
    """Columns that any project may have, and what to do where one kind is meant."""
    kinds = table.vocabulary.facts.get(PROJECT_KIND)
    codes = table.vocabulary.codes_of(kinds) if kinds else None
    for column in (c for c in table.layout.columns if c.lacks_kind):
        fact = column.suggestion
        if fact is not None and codes is not None:
            yield _WORDS["untold_kind"].format(
                column=column.letters,
                header=column.header.text,
                kinds=listed([codes.label_of(k) for k in fact.kinds], "or"),
                label=table.vocabulary.facts[PROJECT_KIND].label,
            )


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
    is_register = any(isinstance(m, EntryHeader) and m.says is EntryDetail.NAMED for m in members)
    levels = [c for c in through if is_register and _LEVEL.fullmatch(c.header.text.strip())]
    texts = [_WORDS["level_not_taken"].format(header=c.header.text) for c in levels]
    headers = [c.header.text for c in through]
    for header in headers:
        if (listed := table.entries.lists(header)) is not None:
            fact, code = listed
            texts.append(_WORDS["one_of_list"].format(header=header, code=code, fact=fact.label))
    for header in headers:
        if (concerned := table.entries.concerns(header)) is not None:
            fact, name = concerned
            words = _WORDS["certificate"]
            texts.append(words.format(header=header, certificate=name, fact=fact.label))
    return texts


def passed_over_notes(table: CompanyTable) -> list[Text]:
    """Which rows were taken for no company, and which for one that stood there before; complete
    once all are read."""
    return passed_over_words(table.rows.passed_over_or_repeated)


def passed_over_words(rows: Mapping[str, list[int]]) -> list[Text]:
    return [
        _WORDS[why].format(count=str(len(r)), rows=_row_list(r)) for why, r in rows.items() if r
    ]


def _row_list(rows: list[int]) -> Text:
    more = ["…"] if len(rows) > _NAMED_ROWS else []
    return enumerated([*map(str, rows[:_NAMED_ROWS]), *more])


def _counted_in(column: TableColumn) -> Text:
    """What amounts are counted in, where the column holds amounts."""
    fact = column.header.fact
    if fact is None or fact.type is not FactType.MONEY:
        return Text("", "")
    return Text("（按{unit}计）", " (in {unit})").format(unit=column.unit_name)
