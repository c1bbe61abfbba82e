"""What is built of the events of a file: values, where each stands, what is refused and where."""

from datetime import date
from decimal import Decimal

import pytest

from service.catalogue.yaml_tree import Document, Faults, parse


def document_of(text: str) -> Document:
    return parse("policies/p.yaml", text.encode(), Faults())


def faults_in(text: str) -> list[tuple[int, str]]:
    """Line and words of every fault of a file."""
    return [(fault.line, fault.message.en) for fault in document_of(text).faults.diagnostics]


def test_values_are_what_they_are_written_as() -> None:
    """Numbers exact, days as days; what stands in quotes is text."""
    text = "a: 1_000\nb: 0.50\nc: 2020-02-29\nd: '7'\ne: true\nf: ~\ng: [x, {h: -3}]\n"
    assert document_of(text).data == {
        "a": 1000, "b": Decimal("0.50"), "c": date(2020, 2, 29), "d": "7", "e": True, "f": None,
        "g": ["x", {"h": -3}],
    }  # fmt: skip


def test_every_part_has_the_line_that_it_begins_at() -> None:
    """A value of a mapping that of its key; what stands nowhere that of what is around it."""
    document = document_of("# first\nid: x\nparts:\n  - one\n  - name: two\n    more:\n      7\n")
    lines = {(): 2, ("parts",): 3, ("parts", 0): 4, ("parts", 1): 5, ("parts", 1, "more"): 6}
    assert {path: document.line(path) for path in lines} == lines
    assert document.line(("parts", 1, "gone", 3)) == 5
    assert document.line(("parts", 9)) == 3
    assert document_of("").line(("id",)) == 1


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: &x 1\nb: *x\n", 2, "aliases are not allowed"),
        ("a: *gone\n", 1, "aliases are not allowed"),
        ("a: &x b\n*x : 1\n", 2, "aliases are not allowed"),
        ("a: 1\n? [b, [c]]\n: {d: 2}\ne: 3\n", 2, "a key"),
        ("a: 1\n? {b: 1}\n: 2\n", 2, "a key"),
        ("a: 1\nb: 2\na: 3\n", 3, "'a' stands twice"),
        ("a:\n  - 1\n  - 010\n", 3, "010"),
        ("a: 1\n---\nb: 2\n", 2, "second"),
    ],
)
def test_a_fault_is_told_where_it_stands(text: str, line: int, words: str) -> None:
    """And what follows is read as if it was not there."""
    ((found, said),) = faults_in(text)
    assert found == line
    assert words in said


@pytest.mark.parametrize("text", ["- " * 62 + "x", "a: " + "[" * 80 + "]" * 80, "[" * 3_000])
def test_what_is_nested_too_deep_is_not_built(text: str) -> None:
    """Sixty levels are more than any rule has; of thousands not even the end is looked for."""
    assert faults_in(text) == [(1, "nested deeper than 60 levels")]


@pytest.mark.parametrize("text", ["- 1\n" * 60_000, "a: 1\n" * 60_000, "- [1, 1]\n" * 20_000])
def test_a_file_holds_no_more_values_than_can_be_checked(text: str) -> None:
    """A key that stands again and again counts each time. Nothing else is told of such a file."""
    assert faults_in(text) == [(1, "holds more than 50000 values")]
