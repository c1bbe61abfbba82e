"""Files for the command line: JSON as in a request, YAML that means what JSON would."""

import time
from decimal import Decimal
from pathlib import Path

import pytest

from service.domain.errors import InvalidInput, Malformed, NotFound
from service.intake.documents import read_document, read_yaml


def faults(content: bytes) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        read_yaml(content)
    return [(p.pointer, p.code.value) for p in caught.value.problems]


def test_yaml_is_read_as_plain_json_values() -> None:
    """Dates stay strings, fractions are exact, quoted digits stay codes, words are only true,
    false and null."""
    content = """
    company:
      name: 上海甲乙
      registered_region: "310115"
      founded_on: 2021-03-01
      employees: 120
      revenue: 52000000.10
      listed: true
      kind: on
      amount: 1_000
      parted_otherwise: 10_00
      octal: 0o17
      time: 12:30
      nothing: ~
      empty:
      tags: [a, "true", null]
    """
    assert read_yaml(content.encode()) == {
        "company": {
            "name": "上海甲乙",
            "registered_region": "310115",
            "founded_on": "2021-03-01",
            "employees": 120,
            "revenue": Decimal("52000000.10"),
            "listed": True,
            "kind": "on",
            "amount": 1000,
            "parted_otherwise": "10_00",
            "octal": "0o17",
            "time": "12:30",
            "nothing": None,
            "empty": None,
            "tags": ["a", "true", None],
        }
    }


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a: 1\na: 2", [("/a", "duplicate_key")]),
        (b"x: [{a: 1, a: 2}, 1e309]", [("/x/0/a", "duplicate_key"), ("/x/1", "out_of_range")]),
        (b"a: &x [1]\nb: *x", [("/b", "invalid_value")]),
        (b"a: !!python/object:os.system x", [("/a", "invalid_value")]),
        (b"a: !!str 1", [("/a", "invalid_value")]),
        (b'a: "\\0"', [("/a", "invalid_character")]),
        (b"? [a]\n: 1", [("", "wrong_type")]),
        (b"a: 1\n---\nb: 2", [("", "invalid_value")]),
        (b"a: 1e1000000", [("/a", "out_of_range")]),
        (b"[" * 65 + b"]" * 65, [("/0" * 64, "too_deep")]),
    ],
)
def test_what_json_has_not_is_refused(content: bytes, expected: list[tuple[str, str]]) -> None:
    """Aliases, tags, repeated or compound keys, several documents: each with its place."""
    assert faults(content) == expected


@pytest.mark.parametrize(
    "content", [b"a: [1", b"a: b: c", b"\xff\xfe\xfd", b'a: "\\ud800"', b"\t- a"]
)
def test_what_is_not_yaml_says_where(content: bytes) -> None:
    """A file that is not YAML is malformed, with line and column."""
    with pytest.raises(Malformed, match=r"line \d+, column \d+"):
        read_yaml(content)


def test_bombs_are_refused_at_once() -> None:
    """Neither nested aliases nor depth take time."""
    start = time.process_time()
    layers = [b"a0: &a0 [x, x]"]
    layers += [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}]".encode() for i in range(1, 30)]
    assert {code for _, code in faults(b"\n".join(layers))} == {"invalid_value"}
    assert [code for _, code in faults(b"[" * 100_000)] == ["too_deep"]
    assert time.process_time() - start < 2


def test_the_suffix_says_how_a_file_is_read(tmp_path: Path) -> None:
    """.json by the strict JSON reader, .yaml and .yml as YAML, nothing else at all."""
    for name, content in [("a.json", '{"a": 1}'), ("a.yaml", "a: 1"), ("a.YML", "a: 1")]:
        file = tmp_path / name
        file.write_text(content)
        assert read_document(file) == {"a": 1}
    with pytest.raises(InvalidInput, match="only"):
        read_document(tmp_path / "a.txt")
    with pytest.raises(NotFound):
        read_document(tmp_path / "missing.json")
