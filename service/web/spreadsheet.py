"""A result as a spreadsheet. Every text is written as text: none becomes a formula or a link."""

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any, TypeAlias

from service.bulk.plain_workbook import new_workbook
from service.domain.rules.conditions import Connective
from service.domain.text import Text
from service.domain.wording import sheet_heads
from service.domain.wording.labels import TRUTH
from service.rendering.combination_words import WORDS
from service.rendering.json_parts import Json, block_of, clause_text
from service.web.formatting import label, separators, translate
from service.web.result_cards import Card
from service.web.result_model import Result

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell: TypeAlias = str | Decimal | date | int | None
_RESULT = Text("结果", "Result")
_CONDITIONS = Text("逐条判断", "Conditions")
_TOTAL = Text("上限合计", "Total")
_NUMBERS = Text("各项数目", "Numbers")
_NOT_COUNTED = Text("不计入", "not counted")
_COLUMNS = (
    *(
        sheet_heads.STATUS,
        sheet_heads.PROGRAMME,
        sheet_heads.PROJECT,
        sheet_heads.CEILING,
        sheet_heads.AMOUNT,
        sheet_heads.VALID_TO,
    ),
    *(sheet_heads.CLAUSE, sheet_heads.MISSING, sheet_heads.REASON, sheet_heads.DECIDED_BY),
)
_CONDITION_COLUMNS = (
    *(sheet_heads.PROGRAMME, sheet_heads.CONDITION, sheet_heads.OUTCOME),
    *(sheet_heads.OBSERVED, sheet_heads.SOURCE, sheet_heads.BASIS, sheet_heads.CLAUSE),
)
_TOTAL_COLUMNS = (sheet_heads.PROGRAMME, sheet_heads.PROJECT, sheet_heads.COUNTED, sheet_heads.WHY)
_NUMBER_COLUMNS = (sheet_heads.STATUS, sheet_heads.PLACE, sheet_heads.FAILED_FOR, sheet_heads.COUNT)


def workbook(result: Result, currency: Text) -> bytes:
    """A line for each match; a line for each condition of each match; where any amount counts, what
    makes up the total; and of many programmes, of which only the nearest have lines, how many there
    are of each status, by place and by what alone they fail for."""
    target = BytesIO()
    with new_workbook(target, streamed=False) as book:
        columns = tuple((t.format(currency=currency), w) for t, w in _COLUMNS)
        _sheet(book, _RESULT, columns, (_card_row(result, c) for c in result.cards))
        rows = (
            row
            for card in result.cards
            for row in _condition_rows(result, card, card.match["conditions"], 0)
        )
        _sheet(book, _CONDITIONS, _CONDITION_COLUMNS, rows)
        if result.best:
            _sheet(book, _TOTAL, _TOTAL_COLUMNS, _total_rows(result.best))
        if result.folded:
            _sheet(book, _NUMBERS, _NUMBER_COLUMNS, _number_rows(result))
    return target.getvalue()


def _sheet(
    book: Any,
    name: Text,
    columns: tuple[tuple[Text, int], ...],
    rows: Iterator[list[Cell]],
) -> None:
    sheet = book.add_worksheet(translate(name))
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
    money = book.add_format({"num_format": "#,##0.00", "valign": "top"})
    for column, (title, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, translate(title), bold)
    for line, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(line, column, datetime.combine(value, time()), day)
            elif isinstance(value, Decimal):
                sheet.write_number(line, column, float(value), money)
            elif isinstance(value, int):
                sheet.write_number(line, column, value, wrapped)
            elif value:
                _write_text(sheet, line, column, value, wrapped)
    sheet.freeze_panes(1, 0)


def _write_text(sheet: Any, line: int, column: int, text: str, form: Any) -> None:
    """XlsxWriter takes a text from "<r>" to "</r>" for XML of its own, unless it comes in parts, of
    which it wants three."""
    if text.startswith("<r>") and text.endswith("</r>"):
        sheet.write_rich_string(line, column, text[:1], text[1:2], text[2:], form)
    else:
        sheet.write_string(line, column, text, form)


def _card_row(result: Result, card: Card) -> list[Cell]:
    match, programme = card.match, card.programme
    ceiling = match["ceiling"]
    return [
        label("block", card.block),
        translate(card.name),
        result.subject_label(match),
        card.bound,
        translate(ceiling["formula"]) if ceiling else None,
        date.fromisoformat(programme["valid_to"]) if programme["valid_to"] else None,
        translate(clause_text(match["clauses"][0], result.site.catalogue)),
        separators()["comma"].join(translate(t) for t in card.open_facts),
        translate(result.failure(card)),
        translate(match["decided_by"]),
    ]


def _total_rows(best: Json) -> Iterator[list[Cell]]:
    """What is counted, the total, why it is an interval, and what is left out for which reason."""
    for chosen in best["chosen"]:
        yield [*_about(chosen), translate(chosen["amount"]), _translated(chosen["note"])]
    yield [translate(WORDS["total"]), None, translate(best["total"]), None]
    for point in best["open_points"]:
        yield [None, None, None, translate(point)]
    for group in best["left_out"]:
        for part in group["programmes"]:
            yield [*_about(part), translate(_NOT_COUNTED), translate(group["why"])]


def _number_rows(result: Result) -> Iterator[list[Cell]]:
    """Rows of a block, its places, and what keeps programmes out of reach, each with how many
    matches it has."""
    vocabulary = result.site.vocabulary
    for part in result.answer["overview"]:
        block = label("block", block_of(part))
        yield [block, None, None, part["count"]]
        for place in part["places"]:
            named = vocabulary.regions.label_of(place["jurisdiction"])
            yield [block, translate(named), None, place["count"]]
        for reason in part["reasons"]:
            about = separators()["comma"].join(
                translate(vocabulary.facts[fact].label) for fact in reason["facts"]
            )
            yield [block, None, about, reason["count"]]


def _about(part: Json) -> tuple[str, str | None]:
    """A programme, and the project it is told of."""
    return translate(part["name"]), _translated(part["subject"])


def _translated(text: Json | None) -> str | None:
    return translate(text) if text else None


def _condition_rows(
    result: Result, card: Card, conditions: list[Json], depth: int, *, judged: bool = True
) -> Iterator[list[Cell]]:
    """A row a condition, those it is made of below it; not `judged`: what they come to is not
    told."""
    for condition in conditions:
        mark = condition["provenance"]
        yield [
            translate(card.name),
            "　" * depth + translate(condition["text"]),
            translate(TRUTH[condition["truth"]]) if judged else None,
            result.observed_words(card.match, condition),
            label("provenance", mark) if mark else None,
            label("basis", condition["basis"]),
            translate(clause_text(condition["clause"], result.site.catalogue)),
        ]
        # The parts of a NOT are no requirements: one that is FALSE must not be marked as failed.
        below = judged and condition["gate"] != Connective.NOT
        yield from _condition_rows(result, card, condition["children"], depth + 1, judged=below)
