"""The project's own form: pinned libraries, complete layers, plain text files."""

import ast
import configparser
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
REQUIREMENTS = ROOT / "requirements"
LOCKS = ("runtime", "test", "tools", "spark", "bench")
BINARY = {".png", ".pdf", ".xlsx", ".woff2", ".mo", ".ico", ".parquet", ".zst"}

# The name to import, where it is not the distribution's.
IMPORTED_AS = {"argon2_cffi": "argon2", "pyyaml": "yaml", "python_stdnum": "stdnum"}


def tracked_files() -> list[Path]:
    """Every file that git tracks and that is still there."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    paths = (ROOT / name for name in listing.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


def setup_cfg() -> configparser.ConfigParser:
    """The project's setup.cfg, values as written."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def normal(name: str) -> str:
    """A distribution's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def wanted(group: str) -> set[str]:
    """The names of the libraries that a group asks for itself."""
    lines = (REQUIREMENTS / f"{group}.in").read_text(encoding="utf-8").splitlines()
    names = (re.match(r"[A-Za-z0-9][\w.-]*", line) for line in lines)
    return {normal(name[0]) for name in names if name}


def locked(group: str) -> dict[str, str]:
    """Each requirement of a lock file, by name: its text from the name to the last hash."""
    text = (REQUIREMENTS / f"{group}.txt").read_text(encoding="utf-8")
    requirements = re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    lines = [line for line in requirements.splitlines() if line.strip()]
    return {normal(re.split(r"[=<>!~ ;\[]", line)[0]): line for line in lines}


@pytest.mark.parametrize("group", LOCKS)
def test_every_requirement_is_pinned_with_hashes(group: str) -> None:
    """An installation next year takes the very files that were tested."""
    loose = [
        line
        for line in locked(group).values()
        if not re.match(r"\S+==\S+ .*--hash=sha256:[0-9a-f]{64}", line)
    ]
    assert loose == []


@pytest.mark.parametrize("group", LOCKS)
def test_lock_files_hold_what_was_asked_for(group: str) -> None:
    """A library added to an .in file is locked, and each locked one says who wants it."""
    assert wanted(group) <= locked(group).keys()
    text = (REQUIREMENTS / f"{group}.txt").read_text(encoding="utf-8")
    asked = {
        normal(name)
        for name, reasons in re.findall(
            r"^([\w.-]+)==[^#]*((?: +#.*\n)+)", text, flags=re.MULTILINE
        )
        if f"-r requirements/{group}.in" in reasons
    }
    assert asked == wanted(group)


def test_groups_agree_on_versions() -> None:
    """All groups fit into one environment."""
    pins: dict[str, set[str]] = {}
    for group in LOCKS:
        for name, line in locked(group).items():
            pins.setdefault(name, set()).add(line.split()[0])
    assert {name: versions for name, versions in pins.items() if len(versions) > 1} == {}


def test_requirements_name_no_place_to_load_from() -> None:
    """Where packages come from is the installing machine's affair."""
    places = re.compile(r"://|--(extra-)?index-url|--find-links|--trusted-host")
    found = [
        path.name
        for path in REQUIREMENTS.iterdir()
        if places.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_every_part_of_the_service_is_in_a_layer() -> None:
    """A new package cannot slip past the rule that imports run only downward."""
    contract = setup_cfg()["importlinter:contract:layers"]
    layered = set(re.findall(r"\w+", contract["layers"]))
    parts = {
        path.stem
        for path in (ROOT / "service").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert contract["exhaustive"] == "true"
    assert parts - {"__init__"} <= layered


def test_domain_contract_forbids_every_library() -> None:
    """The domain is out of reach of each library the service uses, and of the database."""
    contract = setup_cfg()["importlinter:contract:domain"]
    forbidden = set(contract["forbidden_modules"].split())
    modules = {name.replace("-", "_") for name in wanted("runtime") - {"setuptools"}}
    assert {IMPORTED_AS.get(name, name) for name in modules} | {"sqlite3"} <= forbidden


def test_pytest_has_one_configuration() -> None:
    """Another file, even an empty one, would silently switch off the one in setup.cfg."""
    others = ("pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml", "tox.ini")
    assert [name for name in others if (ROOT / name).exists()] == []
    assert "[tool.pytest" not in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert setup_cfg()["tool:pytest"]["filterwarnings"] == "error"


def test_ci_runs_what_developers_run() -> None:
    """What CI does beyond `make test` nobody could repeat at their desk."""
    script = ROOT / ".ci" / "run"
    lines = script.read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith(("#", "set ", "cd "))]
    assert commands == ["exec make test"]
    assert script.stat().st_mode & 0o111


def test_tracked_text_is_utf8_with_unix_line_ends() -> None:
    """Chinese text reads the same everywhere, and diffs show only what changed."""
    wrong = []
    for path in tracked_files():
        data = path.read_bytes()
        if path.suffix in BINARY:
            continue
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            wrong.append(path)
        if b"\r" in data or data.startswith(b"\xef\xbb\xbf") or (data and data[-1:] != b"\n"):
            wrong.append(path)
    assert wrong == []


def test_no_test_imports_a_script() -> None:
    """What tests and scripts share stands in tests/ or in the service; scripts are commands."""
    imports = re.compile(r"^\s*(from|import) scripts\b", re.MULTILINE)
    tests = [p for p in tracked_files() if p.suffix == ".py" and (ROOT / "tests") in p.parents]
    assert [p.name for p in tests if imports.search(p.read_text(encoding="utf-8"))] == []


def test_every_use_case_has_tests_of_its_own() -> None:
    """A module of `service/usecases` has a test module of its name, or a test that calls it."""
    tests = ROOT / "tests"
    imported: set[str] = set()
    for path in tests.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                imported.add(node.module or "")
                imported |= {f"{node.module}.{a.name}" for a in node.names}
    untested = []
    for path in (ROOT / "service" / "usecases").rglob("[!_]*.py"):
        place = path.relative_to(ROOT)
        mirror = tests / place.relative_to("service").with_name(f"test_{path.name}")
        if not mirror.exists() and ".".join(place.with_suffix("").parts) not in imported:
            untested.append(place.as_posix())
    assert untested == []


# Bare participles say nothing of what is computed or kept.
BARE = "told|settled|asked|seen|kept|made|held|found|known"
PRIVATE = re.compile(
    rf"^ *(?:(?:async )?def|class) _*(?i:{BARE})\b|^_?MOST_\w+ *[:=]", re.MULTILINE
)


def test_a_name_is_a_noun_or_a_verb_of_the_field() -> None:
    """Functions, methods and classes alike; a limit is `MAX_…`."""
    files = [p for root in ("service", "scripts", "tests") for p in (ROOT / root).rglob("*.py")]
    assert len(files) > 500
    found = {p.name: m[0] for p in files for m in PRIVATE.finditer(p.read_text(encoding="utf-8"))}
    assert found == {}


def test_an_attribute_says_what_it_holds() -> None:
    """Of the service: no `self.kept`, no field `seen`; and nothing at all is called `told`."""
    bare = re.compile(rf"_*(?:{BARE})")
    unsaid = []
    for path in (ROOT / "service").rglob("*.py"):
        names: list[str] = []
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.ClassDef():
                    fields = [n.target for n in node.body if isinstance(n, ast.AnnAssign)]
                    names += [f.id for f in fields if isinstance(f, ast.Name)]
                case ast.Attribute(ctx=ast.Store()):
                    names.append(node.attr)
                case ast.Name(id="told") | ast.arg(arg="told"):
                    names.append("told")
        unsaid += [f"{path.relative_to(ROOT)}: {name}" for name in names if bare.fullmatch(name)]
    assert unsaid == []


def test_no_line_of_the_changes_stands_twice() -> None:
    """Merges that keep both sides ran entries together, and left half of one below another."""
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    long = [line for line in lines if len(line) > 40]
    assert len(long) > 50
    assert [line for line in set(long) if long.count(line) > 1] == []
