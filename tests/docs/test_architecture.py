"""The pages about the code against it: drawings, modules and places."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

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
    written = read("docs/architecture.md") + read("docs/where.md")
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


ROW = re.compile(r"^\| (.+?) \| (.+) \|$", re.MULTILINE)
PLACE = re.compile(r"`([\w/-]*[/.][\w/]*)`(?:: ((?:`[\w.]+`(?:, )?)+))?")


def decisions() -> list[tuple[str, str]]:
    """The questions of the tables, each with its place as it is written."""
    rows = ROW.findall(read("docs/where.md"))
    return [row for row in rows if row != ("question", "place") and set(row[0]) != {"-"}]


def defined_in(path: Path) -> set[str]:
    """The functions, classes, methods and constants of a module: `Class.method` for a method."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        names = ast.walk(node) if isinstance(node, ast.Assign | ast.AnnAssign) else []
        found |= {n.id for n in names if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{m.name}" for m in node.body if isinstance(m, ast.FunctionDef)}
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            found.add(node.name)
    return found


def test_every_decision_leads_to_a_file_and_a_name_in_it() -> None:
    """A question that stands once, a file that is there, and the function where it is decided."""
    rows = decisions()
    questions = [question for question, _ in rows]
    assert len(questions) > 250
    assert sorted(questions) == sorted(set(questions))
    assert [(q, fault) for q, place in rows for fault in place_faults(place)] == []


def test_the_groups_of_questions_are_named_on_the_page_to_read() -> None:
    """Each heading once, in its order, with a link that leads to it."""
    headings = re.findall(r"^## (.+)$", read("docs/where.md"), re.MULTILINE)
    links = re.findall(
        r"^\| \[(.+)\]\(where\.md#(.+)\) \|", read("docs/architecture.md"), re.MULTILINE
    )
    anchors = [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings]
    assert links == list(zip(headings, anchors, strict=True))


def test_every_module_and_every_setting_has_a_row() -> None:
    """Who asks where something is decided is led there, whichever file decides it."""
    places = " ".join(place for _, place in decisions())
    service = PROJECT / "service"
    modules = {str(p.relative_to(service)) for p in service.rglob("*.py")}
    passed_over = {m for m in modules if m.endswith(("__init__.py", "__main__.py"))}
    # What only answers a group of calls, pages or commands is called after them.
    passed_over |= {m for m in modules if re.fullmatch(r"(api|api/schemas|web|cli)/\w+\.py", m)}
    assert {m for m in modules - passed_over if f"`{m}`" not in places} == set()
    questions = " ".join(question for question, _ in decisions())
    settings = re.findall(r"^HUICE_[A-Z_]+", service_text("settings.py"), re.MULTILINE)
    assert len(settings) > 30
    assert [name for name in settings if not re.search(rf"{name}\b", questions)] == []


def service_text(name: str) -> str:
    return (PROJECT / "service" / name).read_text(encoding="utf-8")


def place_faults(place: str) -> Iterator[str]:
    """What is wrong with the place of a decision."""
    found = PLACE.findall(place)
    if not found:
        yield "names no file"
    for path, names in found:
        file = next((f for f in (PROJECT / "service" / path, PROJECT / path) if f.exists()), None)
        if file is None:
            yield f"{path} is not there"
        elif file.suffix == ".py" and not names:
            yield f"{path} without a name in it"
        elif names:
            yield from sorted(set(re.findall(r"[\w.]+", names)) - defined_in(file))


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


# Modules of fewer lines have no tests that must be named.
MIN_LINES = 100


def modules_tested_elsewhere() -> dict[str, str]:
    """The modules that have no tests of their name, each with the tests that hold it."""
    rows = ROW.findall(read("docs/tests.md"))
    return {
        module: tests.strip("`")
        for modules, tests in rows
        for module in re.findall(r"`([\w/]+\.py)`", modules)
    }


def test_every_module_has_tests_of_its_name_or_says_where_they_are() -> None:
    """The tests mirror the tree; what differs is listed."""
    service, tests = PROJECT / "service", PROJECT / "tests"
    modules = [path.relative_to(service) for path in service.rglob("*.py")]
    long = {
        str(m)
        for m in modules
        if m.parts[:2] != ("api", "schemas")
        and len((service / m).read_text(encoding="utf-8").splitlines()) >= MIN_LINES
    }
    mirrored = {str(m) for m in modules if (tests / m.parent / f"test_{m.name}").exists()}
    named = modules_tested_elsewhere()
    assert sorted(long - mirrored - set(named)) == []
    assert [m for m in named if not (service / m).exists()] == []
    assert [t for t in named.values() if not (PROJECT / t).exists()] == []
