"""What a cell of a table was read as: codes by their names, amounts with their unit."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal

from service.domain.facts.vocabulary import Fact, FactType
from service.domain.text import LIST_COMMA, Text, join
from service.domain.wording.labels import NONE
from service.domain.wording.values import stated_text
from service.intake.entry_headers import EntryDetail, EntryHeader
from service.intake.table_columns import TableColumn
from service.rendering.texts import read_texts
from service.usecases.portfolio.company_table import CompanyTable
from service.usecases.portfolio.entry_columns import states_nothing

_WORDS = read_texts(__file__)
_YES_NO = {"true": True, "false": False}
_DAYS = ("issued_on", "expires_on")


def cell_words(
    table: CompanyTable, column: TableColumn, text: str, read: str | None
) -> dict[str, str] | None:
    """What a cell was read as, of one about an entry of a list what it says of that."""
    fact = column.fact
    assert fact is not None
    header = column.member if isinstance(column.member, EntryHeader) else None
    if read is None and header is None:
        return _WORDS["taken_as_unknown"].by_language()
    if header is None or header.code is None:
        return code_words(table, fact, read)
    return _entry_words(table, header, text, read).by_language()


def _entry_words(table: CompanyTable, header: EntryHeader, text: str, read: str | None) -> Text:
    if states_nothing(header, text):
        return _WORDS["taken_as_unknown"]
    codes = table.vocabulary.codes_of(header.fact)
    assert codes is not None
    code = header.code or ""
    if header.says is EntryDetail.WHETHER:
        code, said = table.entries_of(header.fact).whether(code, text)
        if said is None:
            return NONE if read is not None else _WORDS["not_this"]
    held = [r for r in _records_in(read or "") if not r.get("unsure")]
    mine = next((r for r in held if code in codes.ancestors(r["category"])), {})
    details = [*_details_in(mine)]
    parts = [codes.label_of(code)] if code != header.code else []
    parts += details
    if not parts:
        return _WORDS["held"] if header.fact.type is FactType.CERTIFICATES else _WORDS["holds"]
    return Text("持有（{term}）", "held ({term})").format(term=join(parts, LIST_COMMA))


def _details_in(record: Mapping[str, str]) -> Iterator[Text]:
    """The number and the days of a certificate, each day by what it is."""
    for key in (key for key in record if key != "category"):
        value = Text(record[key], record[key])
        yield _WORDS[key].format(day=value) if key in _DAYS else value


def code_words(table: CompanyTable, fact: Fact, read: str | None) -> dict[str, str] | None:
    """What a cell of codes was read as, by their names, one of yes or no, and an amount: beside a
    column in another unit its bare digits would be misread."""
    codes = table.vocabulary.codes_of(fact)
    if fact.type is FactType.BOOLEAN and read in _YES_NO:
        return stated_text(_YES_NO[read], fact, table.vocabulary).by_language()
    if fact.type is FactType.MONEY and read and read.replace(".", "", 1).isdecimal():
        return stated_text(Decimal(read), fact, table.vocabulary).by_language()
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
    shown = join(names, LIST_COMMA)
    return shown.by_language()


def _records_in(read: str) -> list[dict[str, str]]:
    try:
        found = json.loads(read)
    except ValueError:
        return []
    return [r for r in found if isinstance(r, dict)] if isinstance(found, list) else []
