"""JSON lines that nobody could mean are refused in words, whatever they cost to read."""

import json
from pathlib import Path

import pytest

from service.bulk.json_lines import MAX_COLUMNS, read_lines


def rows_of(path: Path) -> list[dict[str, object]]:
    _, batches = read_lines(path, 100)
    return [row for batch in batches for row in batch.to_pylist()]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"company.kind": "enterprise", "company.kind": "bank"}', "a key stands twice"),
        ('{"a": {"b": 1, "b": 2}}', "a key stands twice"),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
        ('{"a": ' + "[" * 900 + "]" * 900 + "}", "nested too deeply"),
        ("[1]", "no JSON object"),
        ("{}", "no line holds anything"),
        ('{"a": ' * 70 + "1" + "}" * 70, "nested too deeply"),
        ('{"a": 1}\n{"b": "' + "x" * (1 << 20) + '"}', "line 2 is longer than 1 MB"),
    ],
    ids=[
        "key twice",
        "key twice within",
        "deep",
        "as deep as JSON's reader goes",
        "a list",
        "nothing",
        "objects",
        "too long",
    ],
)
def test_a_line_that_is_refused(tmp_path: Path, line: str, told: str) -> None:
    """Never the last value of several, and no traceback."""
    path = tmp_path / "companies.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=told):
        rows_of(path)


def test_keys_are_counted_no_further_than_columns_may_be(tmp_path: Path) -> None:
    """A million of them took 14 seconds to be called too many."""
    path = tmp_path / "companies.jsonl"
    path.write_text(json.dumps(dict.fromkeys(map(str, range(MAX_COLUMNS + 9)))), encoding="utf-8")
    schema, _ = read_lines(path, 100)
    assert len(schema.names) == MAX_COLUMNS + 1


def test_an_empty_file_has_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "companies.jsonl"
    path.write_text("\n \n", encoding="utf-8")
    assert rows_of(path) == []


def test_a_number_stays_as_it_was_written(tmp_path: Path) -> None:
    """However long: whether it can be a figure is decided by the fact that it is for."""
    path = tmp_path / "companies.jsonl"
    digits = "9" * 6000
    path.write_text(f'{{"a": {digits}, "b": 1234567890123456.10}}\n', encoding="utf-8")
    assert rows_of(path) == [{"a": digits, "b": "1234567890123456.10"}]
