"""Files whose examples do not come out answer nothing, whichever way is asked."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.catalogue.test_loader import good

FIRM = {"company": {"kind": "firm", "region": "tern"}}


@pytest.fixture
def failing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The catalogue of islands, one example of which is wrong, and a company to ask about."""
    for path, content in good().items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.replace(b"ceiling: 4_000", b"ceiling: 4_001"))
    (tmp_path / "firm.json").write_text(json.dumps(FIRM))
    (tmp_path / "firms.jsonl").write_text(json.dumps({"company.kind": "firm"}))
    monkeypatch.setenv("HUICE_POLICIES", str(tmp_path / "policies"))
    return tmp_path


def commands(folder: Path) -> list[list[str]]:
    """The ways of being answered on the command line."""
    firm = str(folder / "firm.json")
    return [
        ["match", firm],
        ["check", "isles-solar", firm],
        ["calendar", firm],
        ["programmes"],
        ["batch", str(folder / "firms.jsonl"), "-o", str(folder / "answers.jsonl")],
        ["mcp"],
    ]


def test_no_command_answers_by_them(huice: Callable[..., Result], failing: Path) -> None:
    """Each is refused by the file, the line and what came out instead."""
    for words in commands(failing):
        result = huice("--lang", "en", *words)
        assert (result.exit_code, result.stdout) == (1, ""), words
        told = f"{failing}/policies/aid/01-solar.yaml:21: isles-solar: ceiling is 4000.00, "
        assert result.stderr == f"{told}expected 4001.00\n", words


def test_unless_the_operator_says_otherwise(
    huice: Callable[..., Result], failing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`HUICE_FAILING_EXAMPLES=serve` answers all the same."""
    monkeypatch.setenv("HUICE_FAILING_EXAMPLES", "serve")
    result = huice("match", failing / "firm.json", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["summary"]["undetermined"] == 1


def test_help_needs_no_files_that_are_right(huice: Callable[..., Result], failing: Path) -> None:
    """Whoever mends them reads how a command is called, and the facts, for which the vocabulary is
    enough; where that cannot be read either, the fault is told beside the help."""
    told = huice("--lang", "en", "match", "--help")
    assert (told.exit_code, told.stderr) == (0, "")
    assert "company.kind" in told.stdout
    assert huice("points", "--help").exit_code == 0

    (failing / "policies" / "vocabulary.yaml").write_text("facts: [")
    told = huice("--lang", "en", "check", "--help")
    assert told.exit_code == 0
    assert told.stdout.startswith("Usage: ")
    assert "vocabulary.yaml" in told.stderr
