"""The empty table for a clerk is read back as it was written."""

from datetime import date
from pathlib import Path

import pytest

from service.domain.facts.vocabulary import Vocabulary
from service.usecases.portfolio import row_kinds
from service.usecases.portfolio.sheet_choice import open_company_table
from service.usecases.portfolio.template import csv_template, xlsx_template
from tests.usecases.portfolio.tables import faults_of, rows_of


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["t.xlsx", "t.csv"])
def test_a_template_is_read_back_whole_with_its_example(
    tmp_path: Path,
    vocabulary: Vocabulary,
    language: str,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every column is known again; the example is no company, and as one it would have no fault."""
    maker = xlsx_template if name.endswith("xlsx") else csv_template
    path = tmp_path / name
    path.write_bytes(maker(vocabulary, language))
    table = open_company_table(vocabulary, path)
    assert table.layout.passed_through == ()
    assert len(table.layout.facts) == len(vocabulary.stated) - 1
    assert rows_of(table) == []
    assert table.rows.notes == [2]
    monkeypatch.setattr(row_kinds, "_EXAMPLE", "^nothing is one$")
    assert faults_of(table) == {}
    (example,) = rows_of(table)
    assert date.fromisoformat(str(example["company.founded_on"])) == date(2021, 3, 1)
