"""Lists of companies as files: every form says the same of each company."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from python_calamine import CalamineWorkbook

from service.app import Services
from service.usecases.tenancy.candidate_files import write_candidates
from service.usecases.tenancy.candidates import CandidateQuery
from tests.usecases.meridian import request
from tests.usecases.tenancy.tenants import BANK, USCC

PROGRAMME = "me-young-firm"


@pytest.fixture
def candidates(city: Services) -> dict[str, Any]:
    """One company that the programme fits."""
    profile = request()["profile"]
    city.company_service.put(BANK, USCC, {"profile": profile, "tags": ["sme"]}, None, "trace")
    answer: dict[str, Any] = city.candidates.find(
        BANK, PROGRAMME, CandidateQuery(date(2026, 6, 1), limit=None)
    )
    return answer


def written(city: Services, candidates: dict[str, Any], target: Path, language: str = "en") -> Path:
    catalogue = city.compiled.catalogue
    form = target.suffix.removeprefix(".")
    write_candidates(catalogue, catalogue.programmes[PROGRAMME], candidates, form, language, target)
    return target


def test_json_lines_are_the_items_of_the_answer(
    city: Services, candidates: dict[str, Any], tmp_path: Path
) -> None:
    lines = written(city, candidates, tmp_path / "list.jsonl").read_bytes().splitlines()
    assert [orjson.loads(line) for line in lines] == candidates["items"]


def test_a_table_has_a_line_a_company(
    city: Services, candidates: dict[str, Any], tmp_path: Path
) -> None:
    """Several facts in one cell, each with how it was verified."""
    text = written(city, candidates, tmp_path / "list.csv").read_text(encoding="utf-8-sig")
    (line,) = csv.DictReader(text.splitlines())
    assert (line["uscc"], line["class"], line["tags"]) == (USCC, "automatic", "sme")
    assert "company.employees=declared" in line["rests_on"].split("|")
    assert line["class_words"]
    assert line["class_words"] != line["class"]


@pytest.mark.parametrize(("language", "sheet"), [("zh", "企业名单"), ("en", "Companies")])
def test_a_workbook_speaks_its_readers_language(
    city: Services, candidates: dict[str, Any], tmp_path: Path, language: str, sheet: str
) -> None:
    """The companies, the facts each answer rests on, and notes."""
    path = written(city, candidates, tmp_path / "list.xlsx", language)
    book = CalamineWorkbook.from_path(path)
    assert len(book.sheet_names) == 3
    heads, line = book.get_sheet_by_name(sheet).to_python()
    assert len(heads) == len(line)
    assert line[1] == USCC


def test_a_workbook_has_no_column_of_a_fact_that_the_catalogue_has_not(
    city: Services, candidates: dict[str, Any], tmp_path: Path
) -> None:
    """Where nobody is asked for a credit code, no sheet has one."""
    catalogue = city.compiled.catalogue
    facts = {k: f for k, f in catalogue.vocabulary.facts.items() if k != "company.uscc"}
    without = replace(catalogue, vocabulary=replace(catalogue.vocabulary, facts=facts))
    target = tmp_path / "list.xlsx"
    write_candidates(without, without.programmes[PROGRAMME], candidates, "xlsx", "en", target)
    book = CalamineWorkbook.from_path(target)
    rows = [book.get_sheet_by_index(i).to_python() for i in (0, 1)]
    assert not {"Credit code"} & {head for sheet in rows for head in sheet[0]}
    assert all(USCC not in line for sheet in rows for line in sheet)
    assert all(len(sheet[0]) == len(sheet[1]) for sheet in rows)
