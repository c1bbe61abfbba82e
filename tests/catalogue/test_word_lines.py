"""What is found once the files are read is told at the line of the word that it is about."""

from service.catalogue.word_lines import at_their_lines
from service.domain.errors import Diagnostic
from service.domain.text import Text

SOURCE = {
    "policies/city/measure.yaml": b"id: m\ndefinitions:\n  here: {fact: a, within: old}\n",
    "policies/city/one.yaml": b"id: olds\n# old\nconditions:\n  {fact: a, one_of: [older, old]}\n",
    "policies/city/two.yaml": b"id: two\nconditions: {use: here}\nexamples: []\n",
    "policies/city/broken.yaml": b"id: [\n",
}


def place_of(file: str, about: str) -> tuple[str, int]:
    found = Diagnostic(f"policies/city/{file}", 1, Text("", ""), about=about)
    (placed,) = at_their_lines([found], SOURCE)
    return placed.file.rpartition("/")[2], placed.line


def test_a_fault_stands_at_the_word_that_it_is_about() -> None:
    """A whole key or value, not a part of one or a comment."""
    assert place_of("one.yaml", "old") == ("one.yaml", 4)
    assert place_of("two.yaml", "examples") == ("two.yaml", 3)


def test_a_word_of_a_definition_is_found_in_the_measure() -> None:
    """The programme only uses it."""
    assert place_of("two.yaml", "old") == ("measure.yaml", 3)


def test_a_word_that_stands_nowhere_leaves_the_fault_at_the_beginning() -> None:
    """So does a file that cannot be read."""
    assert place_of("two.yaml", "nowhere") == ("two.yaml", 1)
    assert place_of("two.yaml", "") == ("two.yaml", 1)
    assert place_of("broken.yaml", "nowhere") == ("broken.yaml", 1)
    assert place_of("gone.yaml", "nowhere") == ("gone.yaml", 1)
