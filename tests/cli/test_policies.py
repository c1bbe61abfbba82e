"""huice policies lint and test: what a policy officer runs after every change."""

import errno
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service import startup
from service.cli import main
from service.settings import PROJECT, read_settings

Run = Callable[..., Result]


@pytest.fixture
def policies(huice: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project's policies that a test may break; set after `huice` cleared it."""
    folder = tmp_path / "policies"
    shutil.copytree(PROJECT / "policies", folder)
    monkeypatch.setenv("HUICE_POLICIES", str(folder))
    monkeypatch.setenv("HUICE_SEEDS", str(PROJECT / "seeds"))
    return folder


def change(folder: Path, old: str, new: str) -> None:
    file = folder / "shanghai" / "sh-2025-8" / "08-first-set.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_lint_counts_what_it_found_in_order(huice: Run) -> None:
    """No fault: how many measures, programmes and facts, exit code 0."""
    done = huice("--lang", "en", "policies", "lint")
    assert done.exit_code == 0
    assert re.match(r"\d+ measures, \d{3,} programmes, \d+ facts.*: no fault\n", done.stdout)


def test_lint_names_file_and_line_of_a_fault(policies: Path, huice: Run) -> None:
    """A misspelt key: exit code 1, file, line, suggestion."""
    change(policies, "instrument: subsidy", "instrumnt: subsidy")
    done = huice("--lang", "en", "policies", "lint")
    assert done.exit_code == 1
    assert re.search(
        r"^\S*/policies/shanghai/sh-2025-8/08-first-set\.yaml:\d+: unknown key 'instrumnt', "
        r"did you mean 'instrument'\?",
        done.stderr,
        re.MULTILINE,
    )


def test_lint_notes_what_only_the_author_can_tell(policies: Path, huice: Run) -> None:
    """Support of whatever level is taken off: a note with its line, and still no fault."""
    benefit = "benefit: {rate: 0.30, of: project.contract_amount"
    change(policies, benefit, f"{benefit}, less: {{award_amounts: {{purpose: first_of_kind}}}}")
    file = policies / "shanghai" / "sh-2025-8" / "08-first-set.yaml"
    line = file.read_text(encoding="utf-8").splitlines().index
    number = 1 + next(line(row) for row in file.read_text("utf-8").splitlines() if benefit in row)
    done = huice("--lang", "en", "policies", "lint")
    assert done.exit_code == 0, done.stderr
    note = rf"^note: \S+08-first-set\.yaml:{number}: .+every level"
    assert re.search(note, done.stdout, re.MULTILINE)
    assert "no fault" in done.stdout


def test_lint_speaks_the_language_that_was_asked_for(policies: Path, huice: Run) -> None:
    """Chinese too: the fault, what is allowed there, and that there is none."""
    assert "没有错误" in huice("--lang", "zh", "policies", "lint").stdout
    change(policies, "instrument: subsidy", "instrumnt: subsidy")
    told = huice("--lang", "zh", "policies", "lint").stderr
    assert "没有“instrumnt”这个键，是否指“instrument”？（可以写：" in told


def test_lint_names_what_an_author_should_see(policies: Path, huice: Run) -> None:
    """A status that the rule can come to and no example shows, an example that nobody could state,
    a place whose code nobody has any more."""
    change(policies, "contract_amount: 50_000_000}", "contract_amount: -4}")
    gone = '    - not: {fact: company.registered_region, within: "310119"}\n'
    change(policies, "    - {fact: project.future", f"{gone}    - {{fact: project.future")
    file = policies / "hubei" / "wh-news-291" / "cdb-hubei.yaml"
    text = file.read_text(encoding="utf-8")
    without = re.sub(r"  - say: a company that is in a strategic(.*\n){3}", "", text)
    assert without != text
    file.write_text(without, encoding="utf-8")
    done = huice("--lang", "en", "policies", "lint")
    assert done.exit_code == 1
    assert "w-cdb-hubei: no example comes out as potential; add one" in done.stderr
    assert "sh-08-first-set: the example's facts are refused: " in done.stderr
    assert "'310119' is no longer given out, its place took '310115'" in done.stderr


def test_a_wrong_figure_fails_an_example(policies: Path, huice: Run) -> None:
    """A cap that is off by one yuan loads, but `policies test` finds it, with file and line."""
    change(policies, "cap: 20_000_000", "cap: 20_000_001")
    assert huice("--lang", "en", "policies", "lint").exit_code == 0
    done = huice("--lang", "en", "policies", "test")
    assert done.exit_code == 1
    assert re.search(r"^\S*/policies/shanghai/sh-2025-8/08-first-set\.yaml:\d+: ", done.stderr)


def test_the_examples_of_the_project_pass(huice: Run) -> None:
    """Every example inside the policy files comes out."""
    done = huice("--lang", "en", "policies", "test")
    assert done.exit_code == 0, done.stderr
    assert int(done.stdout.split()[0]) > 400


@pytest.mark.usefixtures("on_made_up_rules")
def test_what_passed_is_not_read_again_by_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor by the next test, which counts as many examples."""
    done = CliRunner().invoke(main, ["policies", "test"])
    assert done.exit_code == 0, done.output
    monkeypatch.setattr(startup, "compile_files", None)
    assert startup.prepare(read_settings()).files is None
    assert CliRunner().invoke(main, ["policies", "test"]).output == done.output


def test_a_test_fails_also_where_a_service_serves_all_the_same(
    policies: Path, huice: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the settings say of examples that do not come out is for those who serve."""
    change(policies, "cap: 20_000_000", "cap: 20_000_001")
    monkeypatch.setenv("HUICE_FAILING_EXAMPLES", "serve")
    assert huice("policies", "test").exit_code == 1


def test_a_broken_catalogue_serves_no_answer(policies: Path, huice: Run) -> None:
    """A fault anywhere refuses the whole: a match ends with 1 and names the file."""
    change(policies, "article: 8", "article: 88")
    done = huice("match", PROJECT / "seeds" / "companies" / "pudong-robotics.yaml")
    assert done.exit_code == 1
    assert "08-first-set.yaml" in done.stderr


def test_coverage_of_one_measure(huice: Run) -> None:
    """The one that is named; of a name that is none, the one that was perhaps meant."""
    done = huice("policies", "coverage", "sh-2025-8", "--json")
    assert [m["id"] for m in json.loads(done.stdout)["measures"]] == ["sh-2025-8"]
    done = huice("policies", "coverage", "sh-2025-9")
    assert (done.exit_code, "sh-2025-8" in done.stderr) == (1, True)


def test_nobody_reads_on(monkeypatch: pytest.MonkeyPatch, huice: Run) -> None:
    """`huice … | head`: the command ends without a word."""

    def closed(*_: object, **__: object) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    monkeypatch.setattr("click.echo", closed)
    done = huice("policies", "coverage")
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", "")


def test_what_is_prepared_is_named(huice: Run, tmp_path: Path) -> None:
    """The version that a service will say it answers by."""
    done = huice("--lang", "en", "policies", "prepare", str(tmp_path / "prepared"))
    assert done.exit_code == 0
    assert re.search(r"prepared: \d{3,} programmes, sha256:[0-9a-f]{64}\n$", done.stdout)
    (file,) = (tmp_path / "prepared").iterdir()
    assert file.stat().st_size
