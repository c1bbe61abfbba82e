"""The commands of whoever writes rules."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from service.settings import PROJECT
from tests.catalogue.island import TEXT, TITLE
from tests.docs.test_new_city import with_a_bank

GOOD = PROJECT / "tests" / "catalogue" / "good"
Run = Callable[..., Result]


@pytest.fixture
def isles(huice: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small catalogue that a test may change; set after `huice` cleared the settings."""
    folder = tmp_path / "policies"
    shutil.copytree(GOOD, folder)
    monkeypatch.setenv("HUICE_POLICIES", str(folder))
    return folder


def rewrite(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_file_is_explained_and_tested_alone(huice: Run, isles: Path) -> None:
    """By its path or its id; a file that is none is told."""
    file = isles / "aid" / "01-solar.yaml"
    told = huice("--lang", "en", "policies", "explain", file)
    assert told.exit_code == 0
    assert "Size: one of Micro or Small" in told.stdout
    assert "以下各项都要满足" in told.stdout
    assert "Date of founding: 2016-11-22 → does not qualify" in told.stdout
    (plain,) = json.loads(huice("policies", "explain", "isles-solar", "--json").stdout)
    assert plain["id"] == "isles-solar"
    tested = huice("--lang", "en", "policies", "test", file, "-v")
    assert "Size: one of Micro or Small" in tested.stdout
    assert tested.stdout.endswith("7 examples and 7 that follow from the measures passed\n")
    assert huice("policies", "explain", isles / "vocabulary.yaml").exit_code == 1


def test_files_are_begun_and_never_overwritten(huice: Run, isles: Path, tmp_path: Path) -> None:
    """A measure from its text, a programme beside it."""
    text = tmp_path / "text.txt"
    text.write_text(TEXT, encoding="utf-8")
    arguments = ("policies", "new", "measure", "b-1", "--title", TITLE, "--text", text)
    made = huice(*arguments, "--folder", isles / "boats")
    assert made.exit_code == 0
    assert "digest: sha256:" in (isles / "boats" / "measure.yaml").read_text(encoding="utf-8")
    assert huice("policies", "lint").exit_code == 1
    again = huice(*arguments, "--folder", isles / "boats")
    assert (again.exit_code, "已经存在" in again.stderr) == (1, True)
    where = ("--article", "1", "--folder", isles / "aid")
    assert huice("policies", "new", "programme", "isles-wind", *where).exit_code == 0
    assert "id: isles-wind" in (isles / "aid" / "isles-wind.yaml").read_text(encoding="utf-8")


def test_a_folder_of_one_s_own_is_begun_with_its_first_measure(
    huice: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It need not be there yet; an id that lint would refuse is refused at once, and a folder that
    no setting names is told."""
    monkeypatch.setenv("HUICE_POLICIES", str(tmp_path / "bank"))
    where = ("--title", "办法", "--folder", tmp_path / "bank" / "loans")
    refused = huice("--lang", "en", "policies", "new", "measure", "loans", *where)
    assert (refused.exit_code, "bank.loans" in refused.stderr) == (1, True)
    made = huice("--lang", "en", "policies", "new", "measure", "bank.loans", *where)
    assert (made.exit_code, made.stderr) == (0, "")
    assert "the day on the document" in (tmp_path / "bank" / "loans" / "measure.yaml").read_text()
    elsewhere = ("--title", "办法", "--folder", tmp_path / "desk" / "loans")
    told = huice("policies", "new", "measure", "bank.loans", *elsewhere)
    assert (told.exit_code, f"HUICE_POLICIES={tmp_path}/desk" in told.stderr) == (0, True)
    assert "落款日期" in (tmp_path / "desk" / "loans" / "measure.yaml").read_text()


def test_a_change_is_told_with_who_gains(huice: Run, isles: Path, tmp_path: Path) -> None:
    """Sentences and amounts of both sides, wider by proof, and somebody who gains."""
    changed = tmp_path / "changed"
    shutil.copytree(isles, changed)
    file = changed / "aid" / "01-solar.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("one_of: [micro, small]", "one_of: [micro, small, large]").replace(
            "cap: 9_000", "cap: 9_500"
        ),
        encoding="utf-8",
    )
    told = huice("--lang", "en", "policies", "diff", isles, changed)
    assert told.exit_code == 0
    assert "isles-solar  wider: more applicants meet it" in told.stdout
    assert "gains, for example: " in told.stdout
    assert "Size: Large" in told.stdout
    assert "9,500" in told.stdout
    same = huice("--lang", "en", "policies", "diff", isles, isles)
    assert same.stdout == "no condition, amount, window or day of application has changed\n"


def test_a_copy_of_a_folder_of_one_s_own_is_compared_with_it(
    huice: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the copy is called, and whichever of the two it is: the ids in it begin with the
    name of the folder it was. A fault in it is told where it lies."""
    bank = with_a_bank(tmp_path)
    shutil.copytree(bank, tmp_path / "last-year")
    rewrite(bank / "award.yaml", "cap: 100_000", "cap: 90_000")
    told = huice("--lang", "en", "policies", "diff", tmp_path / "last-year", bank)
    assert told.exit_code == 0, told.stderr
    assert "bank.award" in told.stdout
    assert "CNY 90,000" in told.stdout
    monkeypatch.setenv("HUICE_POLICIES", str(bank))
    assert "bank.award" in huice("policies", "diff", bank, tmp_path / "last-year").stdout
    rewrite(tmp_path / "last-year" / "award.yaml", "kinds: [enterprise]", "kinds: [firm]")
    wrong = huice("policies", "diff", bank, tmp_path / "last-year")
    assert wrong.exit_code == 1
    assert str(tmp_path / "last-year" / "award.yaml") in wrong.stderr


def test_the_folder_of_one_measure_is_compared_in_its_place(
    huice: Run, isles: Path, tmp_path: Path
) -> None:
    """A copy of it stands for the measure of its id, whatever it is called."""
    changed = tmp_path / "draft"
    shutil.copytree(isles / "aid", changed)
    rewrite(changed / "01-solar.yaml", "cap: 9_000", "cap: 9_500")
    told = huice("--lang", "en", "policies", "diff", isles / "aid", changed)
    assert told.exit_code == 0, told.stderr
    assert "more money: some get more, nobody less (proven)" in told.stdout
    assert "9,000 → " in told.stdout


def test_a_measure_takes_its_title_from_its_text(huice: Run, tmp_path: Path) -> None:
    """The first line is the document's, and the rest of an article's first line the article's;
    without a text the title is asked for."""
    text = tmp_path / "text.txt"
    text.write_text("Boat aid\n\nArticle 1 – Repairs\nHalf of the cost.\n", encoding="utf-8")
    made = huice("policies", "new", "measure", "boats", "--text", text, "--folder", tmp_path / "b")
    assert made.exit_code == 0, made.stderr
    written = (tmp_path / "b" / "measure.yaml").read_text(encoding="utf-8")
    assert '"Boat aid"' in written
    assert '"Repairs"' in written
    asked = huice("policies", "new", "measure", "boats", "--folder", tmp_path / "c")
    assert (asked.exit_code, "--title or --text" in asked.stderr) == (2, True)


def test_the_code_behind_a_word(huice: Run) -> None:
    """Found with its list and names; otherwise exit code 1 and how to add one."""
    found = huice("codes", "高企")
    assert "certificate_categories  high_tech_enterprise" in found.stdout
    nothing = huice("--lang", "en", "codes", "qqqqzzzz")
    assert (nothing.exit_code, "extensions.yaml" in nothing.stderr) == (1, True)


def test_a_fault_of_the_words_is_told_where_the_file_lies(huice: Run, isles: Path) -> None:
    """As lint tells it, whichever command needs the words."""
    path = isles / "vocabulary.yaml"
    rewrite(path, "type: date", "type: day")
    for arguments in (("codes", "x"), ("policies", "schema")):
        told = huice(*arguments)
        assert (told.exit_code, told.stderr.startswith(f"{path}:")) == (1, True), told.stderr


def test_lint_watches(isles: Path, tmp_path: Path) -> None:
    """A fault that is written is told within seconds, and its mending too, by one process."""
    file = isles / "aid" / "01-solar.yaml"
    text = file.read_text(encoding="utf-8")
    output = tmp_path / "output"
    environment = {**os.environ, "HUICE_POLICIES": str(isles), "PYTHONUNBUFFERED": "1"}
    huice = [Path(sys.executable).with_name("huice")]
    with output.open("w") as out:
        process = subprocess.Popen(
            [*huice, "--lang", "en", "policies", "lint", "--watch"],
            env=environment, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        wait_for(output, "no fault", 1)
        file.write_text(text.replace("kinds: [firm]", "kinds: [frim]"), encoding="utf-8")
        wait_for(output, "did you mean 'firm'?", 1)
        file.write_text(text, encoding="utf-8")
        wait_for(output, "no fault", 2)
    finally:
        process.kill()
        process.wait()


def wait_for(output: Path, words: str, times: int) -> None:
    deadline = time.monotonic() + 60
    while output.read_text().count(words) < times:
        assert time.monotonic() < deadline, output.read_text()
        time.sleep(0.1)
