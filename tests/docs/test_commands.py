"""Every command a page shows does what the page says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from service.settings import PROJECT
from tests.contract.conftest import Server
from tests.docs.pages import PAGES, Commands, commands

# Run by every other test of this folder, by this very run, or by the check of the image.
ELSEWHERE = {
    "make serve\n",
    "make test\n",
    """docker build -t huice .
docker run --read-only --tmpfs /tmp -v huice-data:/data -p 127.0.0.1:8000:8000 huice
""",
}


# Blocks that stand on several pages are run once; so are those that show nothing and differ only in
# the language that is asked for.
BLOCKS = {
    (c.text if c.shown else c.text.replace("--lang en ", ""), c.shown): c
    for c in commands()
    if c.text not in ELSEWHERE
}


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().splitlines()]


@pytest.mark.parametrize("block", BLOCKS.values(), ids=str)
def test_commands_run_and_print_what_the_page_shows(
    block: Commands, own_server: Server, tmp_path: Path
) -> None:
    """Each block runs as it stands, a hundred columns wide; its output is the page's."""
    script = block.text.replace("127.0.0.1:8000", f"127.0.0.1:{own_server.port}")
    environment = {
        **os.environ,
        "COLUMNS": "100",
        "HUICE_DATABASE": str(own_server.database),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    for name in (".venv", "seeds", "policies"):
        target = Path(sys.executable).parent.parent if name == ".venv" else PROJECT / name
        (tmp_path / name).symlink_to(target)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        check=False,
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    if block.shown is not None:
        assert lines(done.stdout) == lines(block.shown)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_a_page_links_only_to_what_is_there(page: Path) -> None:
    """Links between the project's own files lead somewhere."""
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    assert [t for t in targets if not (page.parent / t).exists()] == []
