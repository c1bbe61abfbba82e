"""The version of the program: it changes with every file that the program is made of."""

from pathlib import Path

import pytest

import service
from service import RELEASE, __version__, digest_of_files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rooms").mkdir()
    (tmp_path / "rooms" / "a.py").write_text("A = 1\n", encoding="utf-8")
    (tmp_path / "page.html").write_text("<p>", encoding="utf-8")
    return tmp_path


def test_the_version_is_the_release_and_the_digest_of_our_files() -> None:
    """As receipts and ETags carry it; a version of Python packages may be written so."""
    files = Path(service.__file__).parent
    assert __version__ == f"{RELEASE}+{digest_of_files(files)}"


def test_an_edited_a_renamed_and_a_new_file_change_it(folder: Path) -> None:
    """Rules of the engine, words of a page: either may change an answer."""
    digests = [digest_of_files(folder)]
    (folder / "page.html").write_text("<b>", encoding="utf-8")
    digests.append(digest_of_files(folder))
    (folder / "page.html").rename(folder / "other.html")
    digests.append(digest_of_files(folder))
    (folder / "rooms" / "b.py").write_text("", encoding="utf-8")
    digests.append(digest_of_files(folder))
    assert len(set(digests)) == 4
    assert all(len(d) == 12 for d in digests)


def test_caches_of_python_do_not_change_it(folder: Path) -> None:
    """Or the first start after an installation would be another program than the second."""
    before = digest_of_files(folder)
    (folder / "rooms" / "__pycache__").mkdir()
    (folder / "rooms" / "__pycache__" / "a.cpython-311.pyc").write_bytes(b"\0")
    assert digest_of_files(folder) == before
