"""Folders of policies that are named one too high, one too low or in the wrong order."""

from pathlib import Path

import pytest

from service.catalogue.source import read_source
from service.domain.errors import BrokenCatalogue

FILES = (
    "ours/policies/vocabulary.yaml",
    "ours/policies/aid/measure.yaml",
    "bank/loans/measure.yaml",
    "empty/nothing.txt",
)
CONTENT = {
    "vocabulary.yaml": "facts:\n  company.kind: {type: code}\n",
    "measure.yaml": "id: bank.loans\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in FILES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(CONTENT.get(path.name, ""), encoding="utf-8")
    (tmp_path / "seeds").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("named", "meant"),
    [
        ("ours", "ours/policies'"),
        ("ours/policies", "first in HUICE_POLICIES"),
        ("ours/policies/aid", "is read with it"),
        ("bank/loans", "bank' above it"),
        ("empty", "HUICE_POLICIES names the folder"),
        ("nowhere", "no such folder"),
    ],
)
def test_a_folder_that_is_not_meant_names_the_one_that_is(
    root: Path, named: str, meant: str
) -> None:
    """One line for the folder, and none for the files in it."""
    with pytest.raises(BrokenCatalogue) as refused:
        read_source(root / "ours/policies", root / "seeds", [root / named])
    (fault,) = refused.value.diagnostics
    assert fault.file == str(root / named)
    assert meant in fault.message.en


def test_a_folder_of_measures_is_read(root: Path) -> None:
    """Its files stand under its own name."""
    files = read_source(root / "ours/policies", root / "seeds", [root / "bank"])
    assert "private/bank/loans/measure.yaml" in files


def test_words_of_its_own_make_a_folder_no_catalogue(root: Path) -> None:
    """A file of facts beside ours may be called a vocabulary too."""
    own = root / "bank" / "vocabulary.yaml"
    own.write_text("facts:\n  bank.clients: {type: integer}\n", encoding="utf-8")
    files = read_source(root / "ours/policies", root / "seeds", [root / "bank"])
    assert "private/bank/vocabulary.yaml" in files
