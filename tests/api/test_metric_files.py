"""What is counted in a file whose room cannot be had is counted all the same."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from service.api.metric_files import ReservedDict

MANY = [f"name {number}" + "x" * 200 for number in range(600)]  # more than a file has at first


def _full(*_: object) -> None:
    raise OSError(28, "No space left on device")


@contextmanager
def _opened(file: Path) -> Iterator[Any]:
    numbers: Any = ReservedDict(str(file))
    yield numbers
    numbers.close()


def _write(numbers: Any) -> None:
    for at, name in enumerate(MANY):
        numbers.write_value(name, float(at), 0.0)


def test_a_file_grows_and_its_room_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "counter_1.db"
    with _opened(file) as numbers:
        _write(numbers)
        found = {name: value for name, value, *_ in numbers.read_all_values_from_file(str(file))}
    assert found == {name: float(at) for at, name in enumerate(MANY)}
    assert file.stat().st_blocks * 512 >= file.stat().st_size > 1 << 16
    with _opened(file) as again:
        assert again.read_value(MANY[7]) == (7.0, 0.0)


@pytest.mark.parametrize("from_the_first", [True, False])
def test_without_room_numbers_go_on_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, from_the_first: bool
) -> None:
    """No file is left that nobody can read; one that was there stays as it is."""
    file = tmp_path / "counter_1.db"
    if from_the_first:
        monkeypatch.setattr(os, "posix_fallocate", _full)
    with _opened(file) as numbers:
        numbers.write_value("first", 3.0, 0.0)
        monkeypatch.setattr(os, "posix_fallocate", _full)
        _write(numbers)
        assert numbers.read_value("first") == (3.0, 0.0)
        assert numbers.read_value(MANY[-1]) == (float(len(MANY) - 1), 0.0)
    assert file.exists() is not from_the_first
