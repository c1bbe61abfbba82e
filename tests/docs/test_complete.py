"""What the code offers, the pages describe: nothing can be added without a word about it."""

import os
import re
import subprocess
from pathlib import Path

import click
import pytest
from flask.testing import FlaskClient

from service.catalogue import (
    condition_keys,
    measure_schemas,
    operator_keys,
    programme_schemas,
    quantities,
    vocabulary_schemas,
)
from service.cli import main
from service.domain.advice import decisive_facts
from service.domain.facts.vocabulary import FactType
from service.domain.rules.caps import Per
from service.domain.rules.conditions import Basis
from service.domain.rules.measures import Evidence, NumberKind
from service.domain.rules.programmes import Commitment
from service.settings import PROJECT, read_settings
from tests.docs.pages import PAGES, read

ENVIRONMENT = re.compile(r"\b(HUICE_[A-Z_]+|PORT|PROMETHEUS_MULTIPROC_DIR)\b")
CODE = [PROJECT / "service" / name for name in ("settings.py", "gunicorn_conf.py")]
READ = re.compile(r'env\.\w+\(\s*"([A-Z_]+)"')


def settings_in_code() -> set[str]:
    """The variables that settings.py reads by name and those the server's configuration names."""
    texts = [path.read_text(encoding="utf-8") for path in CODE]
    named = {name for text in texts for name in ENVIRONMENT.findall(text)}
    return named | {f"HUICE_{name}" for name in READ.findall(texts[0])}


GUIDE = pytest.mark.parametrize("page", ["docs/guide.md", "docs/guide.zh-CN.md"])


@GUIDE
def test_every_setting_is_in_the_guide(page: str) -> None:
    """Each environment variable has its row, in either language, and only one."""
    found = settings_in_code()
    assert {"HUICE_DATABASE", "HUICE_LOG_LEVEL", "HUICE_WORKERS", "PORT"} <= found
    rows = [line for line in read(page).splitlines() if line.startswith("|")]
    assert found - set(ENVIRONMENT.findall("\n".join(rows))) == set()
    first = [row.split("|")[1] for row in rows]
    assert len(first) == len(set(first))


@GUIDE
def test_the_guide_knows_no_setting_that_is_gone(page: str) -> None:
    """A variable that the code no longer reads leaves the guide."""
    assert set(ENVIRONMENT.findall(read(page))) - settings_in_code() == set()


@GUIDE
def test_the_guide_tells_what_a_setting_is_where_nobody_sets_it(
    page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of each row that ends with a figure or a word for every name: the same as in the code."""
    for name in [n for n in os.environ if n.startswith("HUICE_")]:
        monkeypatch.delenv(name)
    settings = read_settings()
    told: dict[str, str] = {}
    for line in read(page).splitlines():
        row = re.fullmatch(r"\| (`HUICE_.*?) \| .* \| (`[^`]+`(?:(?:, |、)`[^`]+`)*) \|", line)
        if row is not None:
            names, usual = (re.findall(r"`(?:HUICE_)?([^`]+)`", part) for part in row.groups())
            told |= dict(zip(map(str.lower, names), usual, strict=True))
    shared = [name for name in told if hasattr(settings, name)]
    assert len(shared) > 15
    values = {name: getattr(settings, name) for name in shared} | {"work": int(settings.work)}
    assert {name: str(value) for name, value in values.items()} == {n: told[n] for n in shared}


def cli_commands(group: click.Group, above: str = "huice") -> list[str]:
    found: list[str] = []
    context = click.Context(group)
    for name in group.list_commands(context):
        path, command = f"{above} {name}", group.get_command(context, name)
        if command is None or command.hidden:
            continue
        found += cli_commands(command, path) if isinstance(command, click.Group) else [path]
    return found


@pytest.mark.parametrize("command", cli_commands(main))
def test_every_command_is_on_a_page(command: str) -> None:
    """`huice …` is written out somewhere, options of the language aside."""
    pages = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert re.search(rf"{command}\b", pages.replace(" --lang en", ""))


API = pytest.mark.parametrize("name", ["docs/api.md", "docs/api.zh-CN.md"])


@API
def test_every_path_of_the_api_is_described(own_client: FlaskClient, name: str) -> None:
    """Each path of the OpenAPI document stands on the page, in either language."""
    page = read(name)
    paths = own_client.get("/api/v1/openapi.json").get_json()["paths"]
    assert [path for path in paths if f"{path}" not in page] == []


@API
def test_every_query_parameter_is_described(own_client: FlaskClient, name: str) -> None:
    """And each parameter of a query."""
    page = read(name)
    document = own_client.get("/api/v1/openapi.json").get_json()
    operations = [
        o for path in document["paths"].values() for o in path.values() if "responses" in o
    ]
    names = {
        p["name"] for o in operations for p in o.get("parameters", []) if p.get("in") == "query"
    }
    assert {parameter for parameter in names if f"`{parameter}`" not in page} == set()


def words_of_the_language() -> set[str]:
    """Every key, operator and fixed word of a policy file, from the code that reads it."""
    words = {
        *condition_keys.GATES,
        *quantities.HEADS,
        *condition_keys.BESIDE_QUANTITY,
        *condition_keys.META,
        *operator_keys.EVERY_KEY,
        "umbrella",
        *("fact", "recognised", "undecided", "use", "elsewhere", "at_least"),
    }
    tops = (
        programme_schemas.ProgrammeSchema,
        measure_schemas.MeasureSchema,
        programme_schemas.BenefitSchema,
        measure_schemas.WindowSchema,
        measure_schemas.ArticleSchema,
        measure_schemas.ApplicationSchema,
        measure_schemas.ApplicationWindowSchema,
        measure_schemas.YearlySchema,
        measure_schemas.OverlapSchema,
        programme_schemas.ExampleSchema,
        programme_schemas.ExpectationSchema,
        vocabulary_schemas.FactSchema,
        vocabulary_schemas.CodeSchema,
        vocabulary_schemas.CodeListSchema,
    )
    keys = {field.data_key or name for top in tops for name, field in top().fields.items()}
    enums = (Commitment, Basis, Per, Evidence, NumberKind, FactType)
    return words | keys | {member.value for enum in enums for member in enum}


@pytest.mark.parametrize("name", ["docs/rule-language.md", "docs/rule-language.zh-CN.md"])
def test_every_word_of_the_rule_language_is_explained(name: str) -> None:
    """Each stands in code quotes or in an example of the page, in either language."""
    page = read(name)
    fenced = re.findall(r"```\w*\n.*?```", page, re.DOTALL)
    prose = re.sub(r"```\w*\n.*?```", "", page, flags=re.DOTALL)
    quoted = " ".join([*fenced, *re.findall(r"`([^`]+)`", prose)])
    words = set(re.findall(r"[\w-]+", quoted))
    assert words_of_the_language() - words == set()


def test_no_page_names_the_machine_it_was_written_on() -> None:
    """Pages speak of the reader's paths only."""
    own = re.compile(r"(?<![\w.])/(home|root|Users)/")
    assert [p.name for p in PAGES if own.search(p.read_text(encoding="utf-8"))] == []


def test_pages_are_found() -> None:
    """The tests above look at every page there is."""
    names = {Path(p).name for p in PAGES}
    assert {"README.md", "README.zh-CN.md", "guide.md", "api.md", "rule-language.md"} <= names


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_table_of_folders_has_every_folder(page: str) -> None:
    """Those of the project and the parts of the service, so that nobody has to guess."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=PROJECT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    top = {p.split("/")[0] for p in listed if "/" in p and not p.startswith(".")} - {"service"}
    parts = {p.split("/")[1] for p in listed if p.startswith("service/") and p.count("/") > 1}
    modules = {p.split("/")[1] for p in listed if re.fullmatch(r"service/[^_]\w+\.py", p)}
    table = "\n".join(line for line in read(page).splitlines() if line.startswith("| `"))
    names = {*(f"{folder}/`" for folder in top | parts), *(f"{module}`" for module in modules)}
    assert [name for name in sorted(names) if name not in table] == []


@pytest.mark.parametrize("page", ["docs/api.md", "docs/api.zh-CN.md"])
def test_whoever_reads_the_questions_reads_up_to_where_they_are_exact(page: str) -> None:
    """Beyond these numbers of sets of answers more may be asked than is needed."""
    (row,) = [line for line in read(page).splitlines() if line.startswith("| `next_questions`")]
    assert f"{decisive_facts.MAX_COMBINATIONS:,}" in row
    assert f"{decisive_facts.MAX_TRIES:,}" in row
