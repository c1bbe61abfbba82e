"""What tests of clerks' tables share."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

from service.domain.facts.vocabulary import Vocabulary
from service.usecases.portfolio.company_table import CompanyTable
from service.usecases.portfolio.faults import FaultLog
from service.usecases.portfolio.sheet_choice import open_company_table
from service.usecases.portfolio.table_choices import NO_CHOICES, TableChoices

Fill = Callable[[Any, Any], None]


def csv_table(
    folder: Path, vocabulary: Vocabulary, text: str, choices: TableChoices = NO_CHOICES
) -> CompanyTable:
    """The table that a file of this text is."""
    path = folder / "in.csv"
    path.write_text(text)
    return open_company_table(vocabulary, path, choices)


def rows_of(table: CompanyTable) -> list[dict[str, str | None]]:
    return [row for batch in table.batches() for row in batch.rows.to_pylist()]


def faults_of(table: CompanyTable) -> dict[str, str]:
    """Each wrong cell with what is wrong, in English."""
    log = FaultLog(table.vocabulary, table)
    for batch in table.batches():
        log.add(batch)
    return {str(f.cell): f.why.en for f in log.faults}


def workbook(path: Path, fill: Fill) -> Path:
    with xlsxwriter.Workbook(path) as book:
        fill(book, book.add_worksheet("客户"))
    return path


def put(sheet: Any, lines: Mapping[int, list[object]]) -> None:
    for row, cells in lines.items():
        for column, cell in enumerate(cells):
            if cell is not None:
                sheet.write(row, column, cell)
