"""What is copied or compiled stands in step with what it was made from."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def run(root: Path, script: str, action: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, f"scripts/{script}", action],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


def test_foreign_scripts_are_the_bytes_recorded(project_root: Path) -> None:
    """Nobody edits a copy, by design or by accident."""
    done = run(project_root, "vendor_assets.py", "check")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.deep
@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")
def test_foreign_scripts_are_the_bytes_that_npm_serves(project_root: Path) -> None:
    """The tarball has the recorded integrity and holds the copy."""
    done = run(project_root, "vendor_assets.py", "verify")
    assert (done.returncode, done.stderr) == (0, "")


def test_every_word_of_the_pages_is_translated(project_root: Path) -> None:
    """And the compiled words are those of the source."""
    done = run(project_root, "translate_pages.py", "check")
    assert (done.returncode, done.stderr) == (0, "")
