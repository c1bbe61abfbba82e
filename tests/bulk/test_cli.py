"""`huice batch`, as typed."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli import main


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUICE_DATABASE", str(tmp_path / "huice.sqlite3"))
    return tmp_path


def batch(folder: Path, text: str, *more: str) -> Result:
    source = folder / "in.csv"
    source.write_text(text)
    asked = ["--lang", "en", "batch", str(source), "-o", str(folder / "out.csv"), *more]
    return CliRunner().invoke(main, asked)


def test_a_file_in_and_a_file_out(typed: Path) -> None:
    """How many rows and errors there were is told on standard error, nothing on standard output."""
    rows = "id,company.kind\na,enterprise\nb,nonsense\n"
    told = batch(typed, rows, "--as-of", "2026-11-22", "--detail", "counts")
    assert told.exit_code == 0
    assert told.stdout == ""
    assert told.stderr.startswith("2 rows, 1 with errors")
    header, sound, faulty = (typed / "out.csv").read_text(encoding="utf-8-sig").splitlines()
    assert header.startswith('"id","error","count.eligible"')
    assert sound.startswith('"a",,0,')
    assert faulty.startswith('"b","company.kind: ')


def test_a_misspelt_fact_is_named_with_the_nearest_one(typed: Path) -> None:
    told = batch(typed, "company.knid\nenterprise\n")
    assert told.exit_code == 1
    assert "did you mean company.kind?" in told.stderr
    assert not (typed / "out.csv").exists()
