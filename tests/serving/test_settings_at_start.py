"""gunicorn's own start reads the settings once, and says in words what is wrong with them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("name", "value"),
    [("HUICE_MAX_BODY", "a lot"), ("HUICE_WORKERS", "0"), ("HUICE_DATABASE", "mysql://db/huice")],
)
def test_wrong_settings_are_named_without_a_traceback(
    tmp_path: Path, name: str, value: str
) -> None:
    gunicorn = str(Path(sys.executable).with_name("gunicorn"))
    done = subprocess.run(
        [gunicorn, "-c", "python:service.gunicorn_conf", "service.wsgi:app"],
        cwd=tmp_path,
        env={**os.environ, name: value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"{name}: ")
    assert "Traceback" not in done.stderr
