"""What a killed process left is removed by the next; what is in use is not."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from service.serving.leftovers import make_own_folder, remove_leftovers, remove_old

_HOLD = """
import sys, time
from service.serving.leftovers import make_own_folder
print(make_own_folder("made-", sys.argv[1]), flush=True)
time.sleep(600)
"""


def test_a_folder_goes_only_when_its_process_is_gone(tmp_path: Path) -> None:
    """However it ended; a folder of another name stays."""
    (tmp_path / "other-1").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    assert remove_leftovers("made-", str(tmp_path)) == []
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert remove_leftovers("made-", str(tmp_path)) == [folder]
    assert [p.name for p in tmp_path.iterdir()] == ["other-1"]


def test_a_folder_of_our_own_is_in_use(tmp_path: Path) -> None:
    """A reload in the same process leaves it alone."""
    folder = make_own_folder("made-", str(tmp_path))
    assert remove_leftovers("made-", str(tmp_path)) == []
    assert folder.is_dir()


def test_a_folder_just_made_is_not_taken_from_its_maker(tmp_path: Path) -> None:
    """Between making and locking it there is a moment."""
    (tmp_path / "made-1").mkdir()
    assert remove_leftovers("made-", str(tmp_path)) == []
    os.utime(tmp_path / "made-1", (0, 0))
    assert remove_leftovers("made-", str(tmp_path)) == [tmp_path / "made-1"]


def test_uploads_that_were_left_go_when_they_are_old(tmp_path: Path) -> None:
    """They hold companies' figures."""
    for name in ("up-old", "up-new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "table.csv").touch()
    os.utime(tmp_path / "up-old", (0, 0))
    assert remove_old("up-", str(tmp_path)) == [tmp_path / "up-old"]
    assert [p.name for p in tmp_path.iterdir()] == ["up-new"]


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """Whoever may write to the shared folder cannot have us delete elsewhere."""
    (tmp_path / "precious").mkdir()
    (tmp_path / "up-link").symlink_to(tmp_path / "precious")
    os.utime(tmp_path / "precious", (0, 0))
    assert remove_old("up-", str(tmp_path)) == []
    assert (tmp_path / "precious").is_dir()
