"""docs/architecture.md against the code: drawings, modules and places."""

import re
import subprocess
import sys

from service.settings import PROJECT
from tests.docs.pages import read

PATHS = re.compile(r"`((?:[a-z_]+/)*[a-z_0-9]+\.py)`")


def test_drawings_and_modules_are_those_of_the_code() -> None:
    """`scripts/draw_architecture.py update` draws them anew."""
    done = subprocess.run(
        [sys.executable, "scripts/draw_architecture.py", "check"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_every_place_that_is_named_exists() -> None:
    """By its path below service/, or by its name alone where its folder was just named."""
    written, _, _ = read("docs/architecture.md").partition("## Every module")
    names = {path.name for path in (PROJECT / "service").rglob("*.py")}
    named = set(PATHS.findall(written)) - {"scripts/draw_architecture.py"}
    assert len(named) > 30
    gone = {
        path
        for path in named
        if not (PROJECT / "service" / path).exists()
        and not (PROJECT / path).exists()
        and not ("/" not in path and path in names)
    }
    assert gone == set()


def test_what_is_named_in_a_place_is_there() -> None:
    """`status_of` in `domain/evaluation/evaluator.py`: such a word is defined in such a file."""
    found = re.findall(r"`(\w+)` in `([\w/]+\.py)`", read("docs/architecture.md"))
    assert len(found) > 4
    for name, path in found:
        text = (PROJECT / "service" / path).read_text(encoding="utf-8")
        assert re.search(rf"^\s*(?:def|class) {name}\b|^{name}\b.* = ", text, re.MULTILINE), (
            name,
            path,
        )


RECORD = re.compile(r"# (\d+)\. (.+)\n\nDate: (\d{4}-\d\d-\d\d)\. Status: ([^.\n]+)\.")


def test_every_decision_is_numbered_dated_and_in_the_index() -> None:
    """With its status, so that nobody follows a decision that was replaced."""
    index = read("docs/adr/README.md")
    for path in sorted((PROJECT / "docs" / "adr").glob("0*.md")):
        found = RECORD.match(path.read_text(encoding="utf-8"))
        assert found, path.name
        number, title, day, status = found.groups()
        assert int(path.name[:4]) == int(number)
        assert f"| {number} | [{title}]({path.name}) | {day} | {status} |" in index
