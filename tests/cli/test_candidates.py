"""`huice candidates`: the companies of a file, or those that a tenant keeps, for a programme."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from service.cli import main

PROGRAMME = "me-young-firm"
TABLE = (
    "name,kind,company.registered_region,company.employees,company.founded_on\n"
    "甲,enterprise,900101,50,2020-01-01\n"
    "乙,enterprise,900101,,2020-01-01\n"
    "丙,enterprise,900101,若干,2020-01-01\n"
)


@pytest.fixture
def run(on_made_up_rules: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs the command on the made-up rules."""
    monkeypatch.setenv("COLUMNS", "160")
    day = ("--as-of", "2026-11-22")
    return lambda *a: CliRunner().invoke(main, ["candidates", *map(str, a), *day])


def test_the_companies_of_a_file_are_listed(run: Callable[..., Result], table: Path) -> None:
    """How near each is, what is missing; how many cannot be read; and as the API tells it."""
    shown = run(PROGRAMME, "--batch", table)
    assert shown.exit_code == 0, shown.output
    for words in ("甲", "乙", "只差一项信息", "无法读取 1 家"):
        assert words in shown.output
    found = json.loads(run(PROGRAMME, "--batch", table, "--json").output)
    assert [(i["name"], i["class"]) for i in found["items"]] == [
        ("甲", "automatic"), ("乙", "one_fact_short")
    ]  # fmt: skip
    cells = [r["evidence"]["cell"] for r in found["items"][0]["rests_on"]]
    assert "D2" in cells


def test_the_list_is_written_whole(run: Callable[..., Result], table: Path, tmp_path: Path) -> None:
    target = tmp_path / "list.xlsx"
    assert run(PROGRAMME, "--batch", table, "--limit", 1, "-o", target).exit_code == 0
    sheet = CalamineWorkbook.from_path(target).get_sheet_by_index(0)
    assert len(sheet.to_python()) == 3


def test_what_is_asked_wrongly_is_told(run: Callable[..., Result], table: Path) -> None:
    """No source or two, another form of file, no such programme; a tenant without companies."""
    assert run(PROGRAMME).exit_code == 2
    assert run(PROGRAMME, "--batch", table, "--companies", "bank").exit_code == 2
    assert run(PROGRAMME, "--batch", table, "-o", "list.pdf").exit_code == 1
    assert run("no-such", "--batch", table).exit_code == 1
    assert run(PROGRAMME, "--companies", "nobody", "--json").exit_code == 0
