"""The code, or the fact, behind a word: what exists, and what does not."""

import pytest

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.facts.search_words import SearchWords
from service.domain.facts.vocabulary import Vocabulary
from service.domain.text import Text
from service.usecases.reference.code_words import meanings
from tests.own import own_compiled


def words_of(compiled: CompiledCatalogue) -> tuple[Vocabulary, SearchWords]:
    return compiled.catalogue.vocabulary, compiled.catalogue.search_words


@pytest.fixture(scope="module")
def ours() -> CompiledCatalogue:
    return own_compiled()


@pytest.mark.parametrize(
    ("word", "list_id", "code"),
    [
        ("高企", "certificate_categories", "high_tech_enterprise"),
        ("徐汇", "regions", "310104"),
        ("humanoid", "fields", "humanoid_robots"),
        ("专精特新认定", "award_purposes", "title_obtained"),
        ("职工总数", None, "company.employees"),
    ],
)
def test_the_code_behind_a_word_is_found(
    ours: CompiledCatalogue, word: str, list_id: str | None, code: str
) -> None:
    """By a label, by another name people use, by a fact's name."""
    assert (list_id, code) in [(m.list, m.code) for m in meanings(*words_of(ours), word)]


NAMED = {
    "points": {"isle-score": Text("小岛得分", "Isle score")},
    "parameter": {"isle_rate": Text("小岛利率", "Isle rate")},
    "size": {"micro": Text("微型", "micro"), "small": Text("小型", "small")},
}


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("小岛利率", [("parameter", "isle_rate")]),
        ("isle", [("points", "isle-score"), ("parameter", "isle_rate")]),
        ("points", [("points", "isle-score")]),
        ("中小微企业", [("size", "micro"), ("size", "small")]),
        ("大型企业", []),
    ],
)
def test_what_stands_in_a_file_of_its_own_is_found_with_the_key_that_names_it(
    ours: CompiledCatalogue, word: str, found: list[tuple[str, str]]
) -> None:
    """By its name, by its id, and all of it by the key."""
    told = [(m.list, m.code) for m in meanings(*words_of(ours), word, NAMED)]
    assert [pair for pair in told if pair[0] in NAMED] == found


def test_a_code_that_is_no_longer_given_out_says_what_took_its_place(
    ours: CompiledCatalogue,
) -> None:
    """So that nobody writes a rule for it."""
    found = {m.code: m.name.en for m in meanings(*words_of(ours), "南汇")}
    assert found["310119"].endswith("(no longer in use, now 310115 Shanghai Pudong New Area)")


def test_the_id_of_a_list_gives_all_of_its_codes(ours: CompiledCatalogue) -> None:
    """So that an author sees what there is to choose from."""
    found = [(m.list, m.code) for m in meanings(*words_of(ours), "award_purposes")]
    assert found == [
        ("award_purposes", code) for code in ours.catalogue.vocabulary.lists["award_purposes"].codes
    ]


def test_a_word_behind_which_there_is_nothing_gives_nothing(ours: CompiledCatalogue) -> None:
    """It is not forced onto something else."""
    assert meanings(*words_of(ours), "qqqqzzzz") == ()
