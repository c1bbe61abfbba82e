"""The empty table for a clerk is read back as it was written."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from service.catalogue.loader import load_catalogue
from service.catalogue.source import read_source
from service.domain.facts.vocabulary import FactType, Vocabulary
from service.intake.allowed_values import allowed_text, choices
from service.settings import PROJECT
from service.usecases.portfolio import row_kinds
from service.usecases.portfolio.sheet_choice import open_company_table
from service.usecases.portfolio.template import csv_template, template_facts, xlsx_template
from tests.usecases.portfolio.tables import faults_of, rows_of

ABROAD = PROJECT / "tests" / "usecases" / "authoring" / "provisions" / "abroad"


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
    assert len(table.layout.facts) == len(vocabulary.asked_facts) - 1
    # Everybody is told in words what a column is: none is called by its id.
    assert [c.header.text for f, c in table.layout.facts.items() if c.header.text == f] == []
    assert rows_of(table) == []
    assert table.rows.notes == [2]
    monkeypatch.setattr(row_kinds, "_EXAMPLE", "^nothing is one$")
    assert faults_of(table) == {}
    (example,) = rows_of(table)
    assert date.fromisoformat(str(example["company.founded_on"])) == date(2021, 3, 1)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_drop_down_offers_each_choice_whole(vocabulary: Vocabulary, language: str) -> None:
    """A comma within a choice does not part it: the choices stand in cells."""
    made = xlsx_template(vocabulary, language)
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    lists = re.findall(r"<formula1>'([^']+)'!\$([A-Z]+)\$1:\$[A-Z]+\$(\d+)</formula1>", sheet)
    cells = CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_index(1).to_python()
    offered = [
        [cells[row][column_number(column)] for row in range(int(count))]
        for _, column, count in lists
    ]
    wanted = [choices(fact, vocabulary) for fact in template_facts(vocabulary)]
    assert offered == [[c.in_language(language) for c in of] for of in wanted if of]
    assert any("," in str(choice) for of in offered for choice in of) or language == "zh"


def test_a_drop_down_offers_what_may_stand_alone(vocabulary: Vocabulary) -> None:
    """A row whose one kind of applicant is that there is no other kind is refused."""
    kind = vocabulary.facts["company.kind"]
    codes = vocabulary.codes_of(kind)
    assert codes is not None
    assert codes.completing
    offered = choices(kind, vocabulary)
    assert codes.label_of("enterprise") in offered
    assert not {codes.label_of(code) for code in codes.completing} & {*offered}


def test_what_is_read_off_other_answers_has_no_column(vocabulary: Vocabulary) -> None:
    assert [f.id for f in template_facts(vocabulary) if f.never_asked] == []
    assert any(f.never_asked for f in vocabulary.stated)


def test_yes_and_no_are_written_as_people_of_the_catalogue_write_them(
    vocabulary: Vocabulary,
) -> None:
    """In the example, in what is offered and in what may stand there."""
    german = replace(vocabulary, languages=("de",))
    _, example = csv.reader(io.StringIO(csv_template(german, "en").decode("utf-8-sig")))
    assert "ja" in example
    assert "yes" not in example
    fact = next(f for f in german.stated if f.type is FactType.BOOLEAN)
    assert [c.en for c in choices(fact, german)] == ["ja", "nein"]
    assert allowed_text(fact, german).en == "ja or nein"


def test_a_figure_that_is_no_count_carries_its_unit(tmp_path: Path) -> None:
    """Square metres, an amount for each person; and the header is read back, sign and all."""
    source = read_source(ABROAD, ABROAD.parent)
    words = source["policies/vocabulary.yaml"].replace(
        b"company.floor_area: {type: integer,", b"company.floor_area: {type: number,"
    )
    vocabulary = load_catalogue({**source, "policies/vocabulary.yaml": words}).vocabulary
    path = tmp_path / "t.csv"
    path.write_bytes(csv_template(vocabulary, "en"))
    layout = open_company_table(vocabulary, path).layout
    texts = {fact: column.header.text for fact, column in layout.facts.items()}
    assert texts["company.floor_area"] == "Surface (m²)"
    assert texts["company.wage_each"] == "Salaire par embauche (EUR/person)"
    assert texts["company.staff"] == "Effectif"
    assert layout.passed_through == ()


def column_number(letters: str) -> int:
    """The place of a column named by its letters, from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
