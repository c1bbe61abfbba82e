"""The command line over the project's own catalogue, with a database of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli import main
from service.settings import PROJECT
from tests.api.sample import FICTIONAL

COMPANIES = PROJECT / "seeds" / "companies"
DAY = ("--as-of", "2026-11-22")


@pytest.fixture
def on_made_up_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands read the made-up rules and have a database of their own."""
    monkeypatch.setenv("HUICE_POLICIES", str(FICTIONAL / "policies"))
    monkeypatch.setenv("HUICE_SEEDS", str(FICTIONAL / "seeds"))
    monkeypatch.setenv("HUICE_DATABASE", str(tmp_path / "huice.sqlite3"))


@pytest.fixture
def table(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The companies of a file of tests, its `TABLE`, as a clerk would name it."""
    path = tmp_path / "名单.csv"
    path.write_text(request.module.TABLE, encoding="utf-8")
    return path


@pytest.fixture
def huice(compiled_beside: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run `huice` with arguments; what it prints and its exit code come back."""
    monkeypatch.setenv("HUICE_DATABASE", str(compiled_beside))
    monkeypatch.setenv("COLUMNS", "120")
    for name in ("HUICE_POLICIES", "HUICE_SEEDS"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str | Path) -> Result:
        return CliRunner().invoke(main, [str(a) for a in arguments])

    return run
