"""The empty table for a clerk to fill: a workbook with drop-downs, notes and an example, or CSV."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from service.bulk.plain_workbook import new_workbook
from service.domain.facts.code_lists import CodeList
from service.domain.facts.vocabulary import Fact, FactType, Owner, Vocabulary
from service.domain.rules.units import SHARE_NAME
from service.domain.text import Text
from service.intake.allowed_values import allowed_text, choices
from service.intake.currency import currency_of
from service.intake.headers import HeaderNames
from service.intake.writing_habits import habits_of, yes_and_no

MAX_DROP_DOWN_ROWS = 5_000
# The first of the hidden columns beside the notes: what drop-downs offer, a fact a column.
_FIRST_LIST_COLUMN = 10
_SHEET, _NOTES = Text("企业名单", "Companies"), Text("填写说明", "How to fill")
_HEADS = (
    (Text("列", "Column"), 34),
    (Text("含义", "Meaning"), 60),
    (Text("可以填写", "What may stand there"), 70),
    (Text("编号", "Id"), 34),
)
_AMOUNTS_IN_CHINESE = Text(
    "金额以{currency}计；也可写 5,200万，或在表头写明单位，如“营业收入（万{currency}）”。",
    "Amounts are in {currency}; 5,200万 is understood, and so is a unit in the header: (万元).",
)
_AMOUNTS = Text(
    "金额以{currency}计；也可写 5.2 million，或在表头写明单位，如（千{currency}）。",
    "Amounts are in {currency}; 5.2 million is understood, and so is a unit in the header: "
    "(thousand {currency}).",
)
_ROWS = Text(
    "一行一家企业；不知道的留空，不要写 0。", "One company a row; leave unknown cells empty, not 0."
)
_COLUMNS = Text(
    "用不着的列可以删去，自己的列可以加上，会原样带到结果中。",
    "Delete columns you do not need; columns of your own are handed through.",
)
_EXAMPLE_ROW = Text(
    "第二行是示例，填写前请删去。", "The second row is an example: delete it before you begin."
)
_EXAMPLES = {
    FactType.TEXT: Text("（示例）某某科技有限公司", "(Example) Technology Ltd"),
    FactType.IDENTIFIER: Text("91310000MA1FL2AB6U", "91310000MA1FL2AB6U"),
    FactType.INTEGER: Text("120", "120"),
    FactType.NUMBER: Text("12.5", "12.5"),
    FactType.MONEY: Text("52000000", "52000000"),
    FactType.DATE: Text("2021-03-01", "2021-03-01"),
}

# Where nobody says how the code of a company is made.
_ANY_CODE = "12345678"


def template_facts(vocabulary: Vocabulary) -> list[Fact]:
    """The facts that a table can hold in a cell a person fills: all but awards, which are lists of
    records, and what is read off other answers."""
    return [f for f in vocabulary.asked_facts if f.type is not FactType.AWARDS]


def headers(vocabulary: Vocabulary, language: str) -> list[str]:
    """What stands over the columns: labels, of amounts and of other figures that are no counts with
    the unit; where one would be taken for another's a further name of the fact, and its id where it
    has none."""
    names = HeaderNames(vocabulary)
    labelled = (
        (f, _labelled(f, vocabulary).in_language(language)) for f in template_facts(vocabulary)
    )
    return [
        next(
            (
                name
                for name in (label, *fact.aliases)
                if names.read(name).fact is fact and name.isascii() == label.isascii()
            ),
            fact.id,
        )
        for fact, label in labelled
    ]


def _labelled(fact: Fact, vocabulary: Vocabulary) -> Text:
    if fact.type is FactType.MONEY:
        unit = currency_of(vocabulary, fact).label
    elif fact.type is FactType.NUMBER and fact.unit not in (None, "%", SHARE_NAME):
        unit = vocabulary.unit_words(fact.unit).label
    else:
        return fact.label
    return Text("{label}（{unit}）", "{label} ({unit})").format(label=fact.label, unit=unit)


def csv_template(vocabulary: Vocabulary, language: str) -> bytes:
    """Headers and the example, as Excel opens it: UTF-8 with a mark."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(headers(vocabulary, language))
    writer.writerow(_example(vocabulary, language))
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def xlsx_template(vocabulary: Vocabulary, language: str) -> bytes:
    """The table on the first sheet, what each column means on the second."""
    target = io.BytesIO()
    with new_workbook(target, streamed=False) as book:
        _write_table(book, vocabulary, language)
        _write_notes(book, vocabulary, language)
    return target.getvalue()


def _write_table(book: Any, vocabulary: Vocabulary, language: str) -> None:
    sheet = book.add_worksheet(_SHEET.in_language(language))
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF4"}
    )
    example = book.add_format({"italic": True, "font_color": "#6B7280"})
    text = book.add_format({"num_format": "@"})
    named, shown = headers(vocabulary, language), _example(vocabulary, language)
    for i, fact in enumerate(template_facts(vocabulary)):
        # Codes that look like numbers must stay text: a spreadsheet keeps fifteen digits.
        plain = fact.type in (FactType.IDENTIFIER, FactType.CODE, FactType.CODES)
        sheet.set_column(i, i, 20, text if plain else None)
        sheet.write_string(0, i, named[i], head)
        allowed = allowed_text(fact, vocabulary).in_language(language)
        sheet.write_comment(0, i, f"{fact.help.in_language(language)}\n{allowed}")
        sheet.write_string(1, i, shown[i], example)
        if offered := len(choices(fact, vocabulary)):
            # A warning, not a wall: names and codes are understood in other forms too.
            rule = {"validate": "list", "source": _list_cells(i, offered, language)}
            sheet.data_validation(1, i, MAX_DROP_DOWN_ROWS, i, rule | {"error_type": "warning"})
    sheet.freeze_panes(1, 1)


def _list_cells(fact: int, count: int, language: str) -> str:
    """The cells of the notes' sheet in which the choices of a fact's drop-down stand. Written into
    the drop-down itself they could have no comma and 255 characters at the most."""
    from xlsxwriter.utility import xl_col_to_name  # noqa: PLC0415

    column = xl_col_to_name(_FIRST_LIST_COLUMN + fact, col_abs=True)
    return f"='{_NOTES.in_language(language)}'!{column}$1:{column}${count}"


def _write_notes(book: Any, vocabulary: Vocabulary, language: str) -> None:
    sheet = book.add_worksheet(_NOTES.in_language(language))
    head = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    currency = currency_of(vocabulary)
    amounts = _AMOUNTS_IN_CHINESE if currency.in_chinese else _AMOUNTS
    guide = (_ROWS, amounts.format(currency=currency.label), _COLUMNS, _EXAMPLE_ROW)
    for i, line in enumerate(guide):
        sheet.write_string(i, 0, line.in_language(language))
    top = len(guide) + 1
    for i, (title, width) in enumerate(_HEADS):
        sheet.set_column(i, i, width)
        sheet.write_string(top, i, title.in_language(language), head)
    lines = zip(headers(vocabulary, language), template_facts(vocabulary), strict=True)
    for row, (name, fact) in enumerate(lines, top + 1):
        for i, cell in enumerate(_note(name, fact, vocabulary, language)):
            sheet.write_string(row, i, cell, wrapped)
    for i, fact in enumerate(template_facts(vocabulary)):
        for row, choice in enumerate(choices(fact, vocabulary)):
            sheet.write_string(row, _FIRST_LIST_COLUMN + i, choice.in_language(language))
    sheet.set_column(_FIRST_LIST_COLUMN, _FIRST_LIST_COLUMN + i, None, None, {"hidden": True})


def _note(name: str, fact: Fact, vocabulary: Vocabulary, language: str) -> Iterator[str]:
    yield name
    yield f"{fact.question.in_language(language)} {fact.help.in_language(language)}"
    yield allowed_text(fact, vocabulary).in_language(language)
    yield fact.id


def _example(vocabulary: Vocabulary, language: str) -> Sequence[str]:
    """A row that can be read: of the company's facts a value, of a project's none."""
    return [
        _example_cell(fact, vocabulary, language) if fact.owner is Owner.COMPANY else ""
        for fact in template_facts(vocabulary)
    ]


def _example_cell(fact: Fact, vocabulary: Vocabulary, language: str) -> str:
    codes = vocabulary.codes_of(fact)
    if codes is None:
        if fact.maximum is not None and fact.maximum < 120:
            return f"{fact.maximum:f}"
        if fact.minimum is not None and fact.minimum > 120:
            return f"{fact.minimum:f}"
        if fact.type is FactType.IDENTIFIER and fact.scheme != "uscc":
            return _ANY_CODE
        if fact.type is FactType.BOOLEAN:
            return yes_and_no(vocabulary.languages)[0].in_language(language)
        shown = _EXAMPLES[fact.type].in_language(language)
        habits = habits_of(vocabulary.languages)
        return shown.replace(".", ",") if habits.comma and fact.type is FactType.NUMBER else shown
    listed = (c for c, e in codes.codes.items() if e.parents and not (e.successor or e.valid_to))
    first = next(listed, None) or next(iter(codes.codes))
    return first if _ambiguous(codes, first) else codes.label_of(first).in_language(language)


def _ambiguous(codes: CodeList, code: str) -> bool:
    label = codes.label_of(code)
    return [e.label for e in codes.codes.values()].count(label) > 1
