"""The workbook of a batch's answers: what is in reach, beside whom, and what is wrong."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from service.app import Services
from service.bulk.batch_engine import Detail
from service.usecases.portfolio import result_workbook
from service.usecases.portfolio.batch_source import open_source
from service.usecases.portfolio.portfolio import BatchReport, origin_note, run_batch

TABLE = """name,Kind,employees,company.founded_on,company.registered_region,USCC,Manager,客户号
甲,enterprise,50,2020-01-01,900101,91310000ma1fl2ab6u,Lin,C1
乙,nonsense,80,,,,=1+1,C2
丙,enterprise,51,2020-01-01,900101,,,C3
"""


@pytest.fixture
def sheets(city: Services, tmp_path: Path) -> dict[str, list[list[Any]]]:
    """The sheets of the answers to a small table, in English."""
    table, target = tmp_path / "clients.csv", tmp_path / "answers.xlsx"
    table.write_text(TABLE, encoding="utf-8")
    source = open_source(city.compiled.catalogue, table)
    told: list[BatchReport] = []
    day = date(2026, 6, 1)
    run_batch(
        city.compiled, source, target, day, Detail.MISSING, told.append, language="en",
        origin=origin_note(table, table.name),
    )  # fmt: skip
    assert told[-1] == BatchReport(3, 1, warned=1)
    book = CalamineWorkbook.from_path(target)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_a_company_is_counted_and_one_with_an_error_is_not(
    sheets: dict[str, list[list[Any]]],
) -> None:
    """Every company has its line; the faulty one has an error for its counts."""
    heads, *lines = sheets["Companies"]
    assert [line[1] for line in lines] == ["甲", "乙", "丙"]
    place = heads.index("may qualify")
    assert lines[0][place] == 1
    assert lines[1][heads.index("Error")].startswith("Kind: ")


def test_a_code_joins_and_the_tables_own_columns_stand_behind_the_companies(
    sheets: dict[str, list[list[Any]]],
) -> None:
    """The code as it was read; whose client it is as it was filled, no formula among it."""
    heads, *lines = sheets["Companies"]
    assert lines[0][heads.index("Credit code")] == "91310000MA1FL2AB6U"
    assert heads[-2:] == ["Manager", "客户号"]
    assert [line[-2] for line in lines] == ["Lin", "=1+1", ""]


def test_every_list_says_whose_it_is_by_code_and_by_the_senders_own_number(
    sheets: dict[str, list[list[Any]]],
) -> None:
    for name in ("What may be claimed", "Verdicts", "Every programme"):
        heads, *lines = sheets[name]
        assert heads[:4] == ["Row", "Name", "Credit code", "客户号"], name
        assert lines[0][2:4] == ["91310000MA1FL2AB6U", "C1"], name
    heads, fault = sheets["Faults"]
    assert fault[: heads.index("Cell")] == [3, "乙", "", "C2"]


@pytest.mark.deep
def test_a_row_of_a_project_is_told_by_its_name(own_huice: Services, tmp_path: Path) -> None:
    """Two projects of one company are alike by everything else."""
    table, target = tmp_path / "clients.csv", tmp_path / "answers.xlsx"
    table.write_text("企业名称,项目类型,项目名称\n甲,贷款,一号车间\n甲,贷款,二号车间\n")
    source = open_source(own_huice.compiled.catalogue, table)
    run_batch(
        own_huice.compiled, source, target, date(2026, 6, 1), Detail.MISSING, print, language="zh"
    )
    book = CalamineWorkbook.from_path(target)
    heads, *lines = book.get_sheet_by_name("企业一览").to_python()
    assert [line[heads.index("项目名称")] for line in lines] == ["一号车间", "二号车间"]
    assert book.get_sheet_by_name("可争取的事项").to_python()[0][:4] == heads[:4]


def test_what_can_be_done_stands_with_its_clause(sheets: dict[str, list[list[Any]]]) -> None:
    """A line for each programme in reach, none for what is out of it."""
    heads, *lines = sheets["What may be claimed"]
    assert {line[1] for line in lines} == {"甲"}
    assert all("art. " in line[heads.index("Clause")] for line in lines)


def test_each_verdict_stands_with_what_it_rests_on(
    sheets: dict[str, list[list[Any]]], city: Services
) -> None:
    """A line for each programme of each company that has answers, with the condition that decides,
    what the company states of it, and the clause; what each programme asks for stands beside."""
    heads, *lines = sheets["Verdicts"]
    assert {line[0] for line in lines} == {2, 4}
    refused = [dict(zip(heads, line, strict=True)) for line in lines if line[0] == 4]
    why = [line["What decides"] for line in refused if line["Status"] == "does not qualify"]
    assert why
    assert all(re.search("not met: |none is met|not open for", str(words)) for words in why)
    assert any("Employees: 51" in str(line["What the company states"]) for line in refused)
    told = [str(line[heads.index("What the company states")]) for line in lines]
    derived = [words for words in told if "(derived)" in words]
    assert derived
    assert all(re.search(r"Places of business: [^;]+ \(derived\)", words) for words in derived)
    assert not any("Registered region: " in w and "Places of business" not in w for w in derived)
    names = {line[1] for line in sheets["Conditions"][1:]}
    assert names == {p.name.en for p in city.compiled.catalogue.programmes.values()}


def test_verdicts_end_where_there_are_too_many_and_say_so(
    city: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(result_workbook, "MAX_VERDICTS", len(city.compiled.catalogue.programmes))
    table, target = tmp_path / "clients.csv", tmp_path / "answers.xlsx"
    table.write_text(TABLE, encoding="utf-8")
    source, day = open_source(city.compiled.catalogue, table), date(2026, 6, 1)
    run_batch(city.compiled, source, target, day, Detail.MISSING, lambda _: None, language="en")
    book = CalamineWorkbook.from_path(target)
    *verdicts, last = book.get_sheet_by_name("Verdicts").to_python()[1:]
    assert {line[0] for line in verdicts} == {2}
    assert "ends with row 2" in str(last[1])
    about = [line[0] for line in book.get_sheet_by_name("About").to_python()]
    assert any("ends with row 2" in str(note) for note in about)


def test_faults_and_notes_have_sheets_of_their_own(sheets: dict[str, list[list[Any]]]) -> None:
    """An empty cell is explained, a faulty one shown as it was filled."""
    _, fault = sheets["Faults"]
    assert "nonsense" in fault
    about = [line[0] for line in sheets["About"]]
    assert any("empty cell means" in note for note in about)
    assert str(about[1]).startswith("Of the file clients.csv, sha256 ")
    assert any("program version" in str(note) for note in about)
