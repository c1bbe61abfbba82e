"""gunicorn's own start reads the settings once, and says in words what is wrong with them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFIGURED = ("-c", "python:service.gunicorn_conf")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HUICE_WORK", "maybe"),
        ("PORT", "0"),
    ],
)
def test_wrong_settings_are_named_without_a_traceback(
    tmp_path: Path, name: str, value: str
) -> None:
    gunicorn = str(Path(sys.executable).with_name("gunicorn"))
    done = subprocess.run(
        [gunicorn, *CONFIGURED, "service.wsgi:app"],
        cwd=tmp_path,
        env={**os.environ, name: value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"{name}: ")
    assert "Traceback" not in done.stderr


@pytest.mark.deep
@pytest.mark.parametrize(
    ("limit", "told", "ended_by"),
    [("--nofile=40:40", "open files", "ulimit -n"), ("--fsize=9999:9999", "size of files", "-f")],
)
@pytest.mark.parametrize("command", [["gunicorn", *CONFIGURED, "x:y"], ["huice", "serve"]])
def test_a_system_that_allows_too_little_is_told_so(
    tmp_path: Path, limit: str, told: str, ended_by: str, command: list[str]
) -> None:
    """The workers would begin, and answer nobody."""
    program = str(Path(sys.executable).with_name(command[0]))
    done = subprocess.run(
        ["prlimit", limit, program, *command[1:]],
        cwd=tmp_path,
        env={**os.environ, "HUICE_DATABASE": str(tmp_path / "huice.sqlite3")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr.partition(":")[0]) == (1, told)
    assert ended_by in done.stderr


def test_metrics_of_a_process_that_is_replaced_go_with_it(tmp_path: Path) -> None:
    """Its successor (USR2), which begins with its environment, makes a folder of its own; a folder
    that the operator names is used."""
    script = "import os, service.gunicorn_conf as c; print(os.environ[c._METRICS])"
    for name, is_kept in (("huice-metrics-former", False), ("operators", True)):
        folder = tmp_path / name
        done = subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert (done.stdout.strip() == str(folder)) is is_kept


def test_processes_add_up_their_metrics_whatever_was_loaded_before_their_folder_was_made(
    tmp_path: Path,
) -> None:
    """A start that reads policy files anew loads what serves meanwhile: /metrics was empty then for
    as long as the service ran."""
    program = """
import os
from service.cli.serve import _load
_load()
import service.gunicorn_conf
from service.api.observe import metrics_text, record_degraded
if os.fork() == 0:
    record_degraded(degraded=True)
    os._exit(0)
os.wait()
print(metrics_text().decode())
"""
    environ = {k: v for k, v in os.environ.items() if k != "PROMETHEUS_MULTIPROC_DIR"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**environ, "HUICE_DATABASE": str(tmp_path / "huice.sqlite3")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "huice_degraded 1.0" in done.stdout
