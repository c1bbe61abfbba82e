"""The commands of advice, over the made-up city."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from icalendar import Calendar

from tests.api.sample import FICTIONAL
from tests.cli.commands import run_in_english
from tests.usecases.meridian import DAY, LIGHTHOUSE, request, rewritten

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in English on the city's rules, which lie in `policies`."""
    for path, content in rewritten().items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    monkeypatch.setenv("HUICE_POLICIES", str(tmp_path / "policies"))
    monkeypatch.setenv("HUICE_SEEDS", str(FICTIONAL / "seeds"))
    monkeypatch.setenv("HUICE_DATABASE", str(tmp_path / "huice.sqlite3"))
    monkeypatch.setenv("COLUMNS", "160")
    # A test rewrites a rule, and not its examples.
    monkeypatch.setenv("HUICE_FAILING_EXAMPLES", "serve")

    return run_in_english


@pytest.fixture
def company(tmp_path: Path) -> Callable[..., str]:
    """Writes a request file; its path."""

    def write(name: str = "company.json", **facts: Any) -> str:
        file = tmp_path / name
        file.write_text(json.dumps(request(**facts)), encoding="utf-8")
        return str(file)

    return write


def test_a_memo_is_written_as_html_pdf_or_data(
    run: Run, company: Callable[..., str], tmp_path: Path
) -> None:
    """The file's name tells the form; a receipt stands behind each."""
    for suffix, start in ((".html", b"<!doctype html>"), (".pdf", b"%PDF-"), (".json", b"{")):
        output = tmp_path / f"memo{suffix}"
        assert "written" in run("memo", company(), "-o", str(output)).output
        assert output.read_bytes().startswith(start)
    receipt = json.loads((tmp_path / "memo.json").read_text())["origin"]["receipt_id"]
    assert json.loads(run("receipts", "show", receipt).output)["id"] == receipt


def test_a_memo_in_another_form_is_refused(
    run: Run, company: Callable[..., str], tmp_path: Path
) -> None:
    """Before anything is evaluated or written."""
    result = run("memo", company(), "-o", str(tmp_path / "memo.docx"), code=1)
    assert ".pdf" in result.stderr
    assert not (tmp_path / "memo.docx").exists()


def test_a_memo_without_a_receipt_says_so(
    run: Run, company: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the operator keeps none."""
    monkeypatch.setenv("HUICE_RETENTION_DAYS", "0")
    output = tmp_path / "memo.html"
    run("memo", company(), "-o", str(output))
    assert "cannot be replayed" in output.read_text(encoding="utf-8")


def test_the_calendar_is_printed_for_people_machines_and_calendars(
    run: Run, company: Callable[..., str]
) -> None:
    """From the as-of date of the file."""
    asked = ("calendar", company(), "--days", "300")
    printed = run(*asked).output
    assert "No longer in force: Subsidy for lighthouses" in printed
    assert "Because of" in printed
    for event in json.loads(run(*asked, "--json").output)["events"]:
        assert event["programme"] in printed
        assert event["cause"]["en"] in printed
    assert len(json.loads(run(*asked, "--json").output)["events"]) == 2
    assert len(Calendar.from_ical(run(*asked, "--ics").output).walk("VEVENT")) == 1
    assert "nothing changes" in run("calendar", company(), "--days", "1").output


def test_two_files_are_compared(run: Run, company: Callable[..., str]) -> None:
    """The fact that made the difference stands in the last column."""
    before, after = company("a.json"), company("b.json", employees=51)
    shown = run("compare", before, after).output
    assert "50 → 51" in shown
    assert "does not qualify" in shown
    assert json.loads(run("compare", before, before, "--json").output)["changes"] == []


def test_one_file_is_compared_at_two_dates_and_under_two_versions(
    run: Run, company: Callable[..., str], tmp_path: Path
) -> None:
    """The old version is still at hand after the rules were rewritten."""
    file = company()
    shown = run("compare", file, file, "--before-as-of", "2025-01-01").output
    assert "not in force" in shown
    assert "came into force" in shown
    old = json.loads(run("match", file, "--json").output)["catalogue_version"]
    rule = tmp_path / LIGHTHOUSE
    text = rule.read_text(encoding="utf-8")
    rule.write_text(text.replace("rate: 0.30", "rate: 0.20"), encoding="utf-8")
    shown = run("compare", file, file, "--before-version", old).output
    assert "18,000,000" in shown
    assert "12,000,000" in shown
    assert "its rule was rewritten" in shown


def test_receipts_are_replayed_deleted_and_purged(run: Run, company: Callable[..., str]) -> None:
    """By their ids; what was deleted is not found any more."""
    first, second = (
        json.loads(run("match", company(), "--json").output)["receipt_id"] for _ in range(2)
    )
    assert "identical to the byte" in run("receipts", "replay", first).output
    replay = json.loads(run("receipts", "replay", first, "--json").output)
    assert (replay["as_of"], replay["identical"]) == (DAY, True)
    assert "2 as they were written" in run("verify-receipts", "--answers").output
    assert json.loads(run("receipts", "keep", "--json").output) == {"kept": 2, "apart": []}
    assert "answers kept whole: 0" in run("receipts", "keep").output
    found = json.loads(run("verify-receipts", "--json").output)
    assert found["receipts"] == 2
    assert "last link: " + found["last"] in run("verify-receipts", "--noted", found["last"]).output
    assert "deleted" in run("receipts", "delete", first).output
    assert first in run("receipts", "show", first, code=1).stderr
    assert "0 receipts" in run("receipts", "purge").output
    assert "1 receipts" in run("receipts", "purge", "--older-than", "0").output
    run("receipts", "replay", second, code=1)
