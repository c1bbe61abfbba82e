"""Every verdict of a table in one file: the same lines as the workbook's, without an end."""

import csv
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from service.app import Services
from service.bulk.batch_engine import Detail
from service.domain.errors import Refused
from service.usecases.portfolio import verdict_file, verdicts
from service.usecases.portfolio.batch_source import open_source
from service.usecases.portfolio.portfolio import run_batch
from service.usecases.portfolio.verdict_file import select_verdicts
from tests.own import own_catalogue

WORDS = own_catalogue().vocabulary
TABLE = """name,Kind,employees,company.founded_on,company.registered_region,USCC,客户号
甲,enterprise,50,2020-01-01,900101,91310000ma1fl2ab6u,C1
乙,nonsense,80,,,,C2
丙,enterprise,51,2020-01-01,900101,,C3
丁,,,,,,C4
"""


@pytest.fixture
def files(city: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """The workbook and the file of verdicts, in English; rows explained two at a time."""
    monkeypatch.setattr(verdicts, "_AT_ONCE", 2)
    table, book, lines = (tmp_path / n for n in ("t.csv", "answers.xlsx", "verdicts.parquet"))
    table.write_text(TABLE, encoding="utf-8")
    run_batch(
        city.compiled, open_source(city.compiled.catalogue, table), book, date(2026, 6, 1),
        Detail.MISSING, lambda _: None, language="en", verdicts=lines,
    )  # fmt: skip
    return book, lines


def test_the_file_has_the_workbooks_lines(files: tuple[Path, Path], tmp_path: Path) -> None:
    """In its order, whichever format is asked for."""
    book, lines = files
    shown = CalamineWorkbook.from_path(book).get_sheet_by_name("Verdicts").to_python()
    select_verdicts(lines, tmp_path / "v.xlsx", None, None, "en", WORDS)
    assert (
        CalamineWorkbook.from_path(tmp_path / "v.xlsx").get_sheet_by_index(0).to_python() == shown
    )
    select_verdicts(lines, tmp_path / "v.csv", None, None, "en", WORDS)
    told = list(csv.DictReader((tmp_path / "v.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [line["why"] for line in told] == [str(line[6]) for line in shown[1:]]
    assert {line["row"] for line in told} == {"2", "4", "5"}
    warned = {line["row"]: line["warnings"] for line in told}
    assert "place" in warned["2"]  # its code's is not the one stated
    assert (warned["4"], warned["5"]) == ("", "")


def test_a_workbook_of_too_many_lines_is_refused_unless_they_are_narrowed(
    files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, lines = files
    monkeypatch.setattr(verdict_file, "MAX_SHEET_LINES", 3)
    with pytest.raises(Refused, match="are more than the 3"):
        select_verdicts(lines, tmp_path / "v.xlsx", None, None, "en", WORDS)
    assert not (tmp_path / "v.xlsx").exists()
    select_verdicts(lines, tmp_path / "v.xlsx", "me-young-firm", None, "en", WORDS)
    sheet = CalamineWorkbook.from_path(tmp_path / "v.xlsx").get_sheet_by_index(0).to_python()
    assert [(line[0], line[3]) for line in sheet[1:]] == [(2.0, "C1"), (4.0, "C3"), (5.0, "C4")]
