"""A batch whose runs are cut off is known by them; one that ends, however it does, is not."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from service.storage.cut_off_runs import noted_run

WORKING = """
import sys, threading
from pathlib import Path
from service.storage.cut_off_runs import noted_run
begun = threading.Event()
def work():
    with noted_run(Path(sys.argv[1])):
        begun.set()
        threading.Event().wait()
threading.Thread(target=work, daemon=True).start()
begun.wait()
"""


def cut_off_before(folder: Path) -> int:
    with noted_run(folder) as count:
        return count


def test_a_run_that_ends_is_not_counted(tmp_path: Path) -> None:
    """Not even by an exception."""
    assert cut_off_before(tmp_path) == 0
    with pytest.raises(ValueError, match="x"), noted_run(tmp_path):
        raise ValueError("x")
    assert cut_off_before(tmp_path) == 0


def test_those_that_were_cut_off_are_counted_until_one_ends(tmp_path: Path) -> None:
    for expected in (0, 1, 2):
        child = os.fork()
        if child == 0:
            with noted_run(tmp_path):
                os.kill(os.getpid(), signal.SIGKILL)
        assert os.waitpid(child, 0)[1] == signal.SIGKILL
        assert len((tmp_path / "cut-off").read_bytes()) == expected + 1
    assert cut_off_before(tmp_path) == 3
    assert cut_off_before(tmp_path) == 0


def test_a_process_that_ends_in_order_cuts_nothing_off(tmp_path: Path) -> None:
    """While another thread works on it, as where a worker is told to end."""
    subprocess.run([sys.executable, "-c", WORKING, str(tmp_path)], check=True)
    assert cut_off_before(tmp_path) == 0
