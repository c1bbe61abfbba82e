"""A copy is made, the database lost, the copy put back: as an operator does it, by commands."""

import os
from collections.abc import Callable
from pathlib import Path

import pyrage
from click.testing import Result


def test_a_lost_database_is_put_back(huice: Callable[..., Result], tmp_path: Path) -> None:
    """Nothing is made where no database is; an encrypted copy opens with its key only, never over
    another database; every receipt is held against the chain afterwards."""
    database, copy, key = Path(os.environ["HUICE_DATABASE"]), tmp_path / "copy", tmp_path / "key"
    database.unlink()
    for deed in (("backup", copy), ("verify-receipts",), ("receipts", "keep")):
        missing = huice("--lang", "en", *deed)
        assert (missing.exit_code, database.exists(), copy.exists()) == (1, False, False)
        assert str(database) in missing.output

    assert huice("receipts", "purge").exit_code == 0  # made at the first use
    identity = pyrage.x25519.Identity.generate()
    key.write_text(f"{identity}\n", encoding="ascii")
    made = huice("--lang", "en", "backup", copy, "--recipient", str(identity.to_public()))
    assert (made.exit_code, "encrypted" in made.output) == (0, True)
    assert huice("restore", copy, "--identity", key).exit_code == 1
    for left in database.parent.glob(f"{database.name}*"):
        if left.is_file():
            left.unlink()
    assert huice("restore", copy).exit_code == 1
    assert not database.exists()
    assert huice("restore", copy, "--identity", key).exit_code == 0
    checked = huice("--lang", "en", "verify-receipts")
    assert (checked.exit_code, checked.output.startswith("chain of receipts: 0")) == (0, True)
