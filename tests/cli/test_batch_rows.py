"""`huice batch row`, `huice batch compare` and `--verdicts`: why a company came out so, and what
changed."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli import main

PROGRAMME = "me-young-firm"
HEAD = "name,kind,company.registered_region,company.employees,company.founded_on,客户号\n"
TABLE = f"{HEAD}甲,enterprise,900101,50,2020-01-01,C1\n乙,enterprise,900101,若干,2020-01-01,C2\n"
DAY = ("--as-of", "2026-11-22")


@pytest.fixture
def run(on_made_up_rules: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs `huice batch` on the made-up rules."""
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *a: CliRunner().invoke(main, ["batch", *map(str, a)])


def test_a_row_says_why(run: Callable[..., Result], table: Path) -> None:
    """All programmes, or one with every condition; a row with an error has no answer."""
    answer = json.loads(run("row", table, 2, "--json", *DAY).output)
    assert (answer["as_of"], answer["summary"]["potential"] > 0) == ("2026-11-22", True)
    one = json.loads(run("row", table, 2, "--programme", PROGRAMME, "--json", *DAY).output)
    assert (one["status"], bool(one["conditions"])) == ("potential", True)
    for more in ((), ("--programme", PROGRAMME)):
        shown = run("row", table, 2, *more, *DAY)
        assert (shown.exit_code, "可能符合" in shown.output) == (0, True), shown.output
    assert run("row", table, 3, *DAY).exit_code != 0
    taken = json.loads(
        run("row", table, 3, "--unknown", "company.employees=若干", "--json", *DAY).output
    )
    assert taken["summary"]["undetermined"] > answer["summary"]["undetermined"]


def test_a_row_of_a_machines_file_is_looked_at_as_the_batch_read_it(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    """12.0 persons, as programs write them that know of no empty whole number, are twelve."""
    lines, told = tmp_path / "companies.jsonl", []
    for number in ("12.0", "12"):
        lines.write_text(f'{{"company.kind": "enterprise", "company.employees": {number}}}\n')
        shown = run("row", lines, 1, "--json", *DAY)
        assert shown.exit_code == 0, shown.output
        told.append(json.loads(shown.output)["summary"])
    assert told[0] == told[1]


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_two_files_of_answers_are_compared(
    run: Callable[..., Result], table: Path, tmp_path: Path, form: str
) -> None:
    """Company by company, as the API tells it; what holds no answers is refused."""
    before, after = tmp_path / f"before.{form}", tmp_path / f"after.{form}"
    run(table, "-o", before, *DAY)
    table.write_text(TABLE.replace(",50,", ",51,").replace("若干", "50"), encoding="utf-8")
    run(table, "-o", after, *DAY)
    found = json.loads(run("compare", before, after, "--json").output)
    assert (found["both"], found["changed"], found["errors_gone"]) == (2, 2, 1)
    assert [c["name"] for c in found["items"]] == ["甲", "乙"]
    shown = run("compare", before, after).output
    assert "两次都有 2 家，其中结论不同的 2 家" in shown
    assert "可能符合 → 不符合" in shown
    assert "行有错误，现在有结论" in shown
    assert "不再有结论" in run("compare", after, before).output
    verdicts = tmp_path / "verdicts.jsonl"
    run(table, "-o", after, "--verdicts", verdicts, *DAY)
    assert run("compare", before, verdicts).exit_code != 0


def test_every_verdict_is_written_beside_the_answers(
    run: Callable[..., Result], table: Path, tmp_path: Path
) -> None:
    """With whose it is; not where statuses are not asked for, nor as a workbook."""
    target, verdicts = tmp_path / "answers.xlsx", tmp_path / "verdicts.csv"
    assert run(table, "-o", target, "--verdicts", verdicts, *DAY).exit_code == 0
    lines = list(csv.DictReader(verdicts.read_text(encoding="utf-8-sig").splitlines()))
    assert {(line["row"], line["company.name"], line["客户号"]) for line in lines} == {
        ("2", "甲", "C1")
    }
    assert all(line["why"] for line in lines)
    counts = run(table, "-o", target, "--verdicts", verdicts, "--detail", "counts")
    assert (counts.exit_code, "--detail statuses" in counts.output) == (2, True)
    book = run(table, "-o", target, "--verdicts", tmp_path / "verdicts.xlsx")
    assert (book.exit_code, ".parquet" in book.output) == (1, True)
