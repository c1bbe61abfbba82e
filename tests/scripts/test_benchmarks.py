"""What is measured can still be measured: `make bench` is run by hand, and what it names by a text
is seen by no type checker.

None is imported: each is started as a command, at its smallest size.
"""

import ast
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RESULT = "{result}"
CHEAP = (
    ("bench_near_miss",),
    ("bench_questions", "2"),
    ("bench_keys", "2"),
    ("bench_writes",),
    ("bench_growth", RESULT, "100"),
)


def timed_steps() -> dict[str, tuple[str, ...]]:
    """The steps of a request that `bench_request` times, and where the functions of each are."""
    tree = ast.parse((ROOT / "scripts" / "bench_request.py").read_text(encoding="utf-8"))
    (steps,) = (
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "STEPS"
    )
    found: dict[str, tuple[str, ...]] = ast.literal_eval(steps)
    return found


def test_every_step_of_a_request_that_is_timed_is_there() -> None:
    """A function that is called otherwise, or imported elsewhere, would end the measurement after
    half an hour of it."""
    steps = timed_steps()
    assert len(steps) > 15
    for place in (place for places in steps.values() for place in places):
        module, _, name = place.partition(":")
        owner: object = import_module(module)
        for part in name.split("."):
            owner = getattr(owner, part)
        assert callable(owner), place


@pytest.mark.deep
@pytest.mark.parametrize("command", CHEAP, ids=lambda command: command[0])
def test_a_measurement_says_what_it_measured(command: tuple[str, ...], tmp_path: Path) -> None:
    """Those that take seconds; the others need a quiet machine, or other engines."""
    name, *options = command
    result = subprocess.run(
        [sys.executable, "-m", f"scripts.{name}"]
        + [option.format(result=tmp_path / "result.json") for option in options],
        check=False,
        cwd=ROOT,
        env={**os.environ, "HUICE_DATABASE": str(tmp_path / "huice.sqlite3")},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert result.returncode == 0, result.stderr
    assert any(character.isdigit() for character in result.stdout)
