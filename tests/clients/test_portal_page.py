"""A portal is connected from the page alone: what it shows in Python and in TypeScript runs."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.settings import PROJECT
from tests.contract.conftest import Server, serving
from tests.docs.pages import blocks, read

pytestmark = pytest.mark.deep
CLIENTS = PROJECT / "build" / "clients"
PAGE = "docs/portal.md"


@pytest.fixture(scope="module")
def clients() -> Path:
    """Both clients, made from the document of this moment."""
    subprocess.run([PROJECT / "scripts" / "clients.sh"], check=True, timeout=900)
    return CLIENTS


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("portal")
    with serving(folder, policies=PROJECT / "policies", seeds=PROJECT / "seeds") as running:
        yield running


def environment(server: Server, tenant: str) -> dict[str, str]:
    """Where the service is, and a key that an operator made for the portal."""
    database = {**os.environ, "HUICE_DATABASE": str(server.database)}
    huice = str(Path(sys.executable).with_name("huice"))
    scopes = [w for s in ("match", "companies", "subscriptions") for w in ("--scope", s)]
    command = [huice, "keys", "create", "--tenant", tenant, "--name", "web", *scopes]
    made = subprocess.run(command, env=database, check=True, capture_output=True, text=True)
    url = f"http://127.0.0.1:{server.port}"
    return {**os.environ, "HUICE_URL": url, "HUICE_KEY": made.stdout.strip()}


def check_told(printed: str) -> None:
    """Three matches of which the first is the sure one, a question, and where to go on."""
    lines = printed.strip().splitlines()
    assert len(lines) == 5
    assert lines[0].endswith(" potential")
    assert lines[3].endswith("?")
    assert lines[4] == "0 events so far; go on from 0"


def run_python(text: str, clients: Path, environment: dict[str, str]) -> str:
    """What a program prints that uses the Python client."""
    done = subprocess.run(
        [clients / "venv" / "bin" / "python", "-"],
        input=text, env={**environment, "PYTHONPATH": str(clients / "python")},
        check=False, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_python_of_the_page_runs(clients: Path, server: Server) -> None:
    check_told(run_python(blocks(read(PAGE), "python")[0], clients, environment(server, "one")))


def test_the_typescript_of_the_page_compiles_strictly_and_runs(
    clients: Path, server: Server
) -> None:
    folder = clients / "typescript"
    (folder / "walk.ts").write_text(blocks(read(PAGE), "ts")[0], encoding="utf-8")
    (folder / "globals.d.ts").write_text("declare const process: { env: Record<string, string> };")
    npx = shutil.which("npx")
    assert npx is not None
    compiled = subprocess.run(
        [npx, "--no-install", "tsc"],
        cwd=folder, check=False, capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert compiled.returncode == 0, compiled.stdout
    done = subprocess.run(
        ["node", "out/walk.js"],
        cwd=folder, env=environment(server, "two"), check=False, capture_output=True, text=True,
        timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    check_told(done.stdout)


FILES = """
import os
from huice_client import AuthenticatedClient
from huice_client.api.batches import batch_template
from huice_client.api.candidates import find_candidates
from huice_client.models import CandidateQuery

client = AuthenticatedClient(os.environ["HUICE_URL"], token=os.environ["HUICE_KEY"])
print(batch_template.sync(client=client).payload.read(2))
found = find_candidates.sync_detailed(
    "sh-08-first-set", client=client, body=CandidateQuery(format_="xlsx")
)
print(found.status_code, found.parsed, found.content[:2])
found = find_candidates.sync("sh-08-first-set", client=client, body=CandidateQuery())
print(found.total)
"""


def test_the_python_client_gives_files_as_their_bytes(clients: Path, server: Server) -> None:
    """A workbook was decoded as text, and parsed as JSON where the call may also answer that."""
    told = run_python(FILES, clients, environment(server, "three"))
    assert told.splitlines() == ["b'PK'", "200 None b'PK'", "0"]
