"""What a word that no document holds was probably meant for."""

import pytest

from service.storage.search_spelling import IndexTerms, Respelling, Spelling

HELD = (
    "patent",
    "incubator",
    "incubators",
    "loan",
    "procurement",
    "首台",
    "台套",
    "首批",
    "批次",
    "贴息",
)
SPELLING = Spelling(IndexTerms(HELD), lambda text: text in {*HELD, "首台套", "首批次"})


@pytest.mark.parametrize(
    ("word", "first"),
    [
        pytest.param("incubater", "incubator", id="a letter wrong"),
        pytest.param("patant", "patent", id="a vowel wrong"),
        pytest.param("procurment", "procurement", id="a letter missing"),
        pytest.param("satelite", "satellite", id="a word that is only known"),
    ],
)
def test_a_word_is_like_those_written_alike(word: str, first: str) -> None:
    found = SPELLING.word_like(word, ["satellite"])
    assert found is not None
    assert found.readings[0] == first


@pytest.mark.parametrize("word", ["laon", "parent", "kindergarten", "2025", "５００", "indicator"])
def test_a_short_word_a_number_and_a_stranger_are_like_nothing(word: str) -> None:
    assert SPELLING.word_like(word) is None


def test_the_middle_of_three_characters_may_be_wrong() -> None:
    """Where it is met, or one before."""
    expected = Respelling("首抬套", ("首台套",), 3)
    assert SPELLING.characters_like("首抬套", 0) == expected
    assert SPELLING.characters_like("首抬套", 1) == expected


def test_characters_that_stand_nowhere_so_are_like_nothing() -> None:
    assert SPELLING.characters_like("首都套", 0) is None  # another word: it sounds otherwise
    assert SPELLING.characters_like("养老院", 0) is None
    assert SPELLING.characters_like("首套", 0) is None
    assert SPELLING.characters_like("首批套", 0) is None  # 首批 is a word: nothing is wrong in it
