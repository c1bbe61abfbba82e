"""The reading of every sentence: words, conditions, basis and promise are held together."""

import importlib.util
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Any

import pytest

from service.catalogue.normal_wording import normalise_wording
from service.catalogue.official_text import decode, split
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Basis, Undecided, leaves
from service.domain.rules.programmes import Programme
from service.settings import PROJECT
from tests.usecases.authoring.official_sources import needs_sources, project_catalogue, source

SCRIPT = PROJECT / "scripts" / "review_page.py"
TEXTS = {"sh-2025-8": "sh-2025-8.txt", "bj-2025-19": "bj-2025-19.txt"}
BULLETIN = "bulletin-291.txt"


@cache
def page_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("review_page", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["review_page"] = module
    spec.loader.exec_module(module)
    return module


@cache
def catalogue() -> Catalogue:
    return project_catalogue()


@cache
def review() -> Mapping[str, Any]:
    found: Mapping[str, Any] = page_script().read_review()
    return found


ENTRIES = review()["programmes"]


def test_the_page_is_in_step() -> None:
    """`docs/review.md` is what `scripts/review_page.py` writes."""
    page = page_script().page(catalogue(), review())
    assert (PROJECT / "docs" / "review.md").read_text(encoding="utf-8") == page


def test_every_programme_has_been_read() -> None:
    """And no other."""
    assert set(ENTRIES) == set(catalogue().programmes)


@pytest.mark.parametrize("ident", ENTRIES)
def test_every_condition_has_its_words(ident: str) -> None:
    """As many words as conditions stand side by side; none is left over on either side."""
    rows = page_script().rows(catalogue().programmes[ident])
    assert len(ENTRIES[ident]["terms"]) == len(rows)


@pytest.mark.parametrize("ident", ENTRIES)
def test_what_no_word_states_is_not_called_stated(ident: str) -> None:
    """A condition whose words are in brackets is implied; a criterion may be undefined."""
    rows = page_script().rows(catalogue().programmes[ident])
    for term, row in zip(ENTRIES[ident]["terms"], rows, strict=True):
        if term.startswith("（"):
            assert Basis.STATED not in {leaf.basis for leaf in leaves(row)}, term


@pytest.mark.parametrize("ident", ENTRIES)
def test_like_verbs_make_like_promises(ident: str) -> None:
    """The commitment is the one that the table of verbs gives."""
    entry = ENTRIES[ident]
    promises = {
        (by["by"], verb): by["commitment"] for by in review()["verbs"] for verb in by["verbs"]
    }
    assert catalogue().programmes[ident].commitment == promises[entry["by"], entry["verb"]]


POINTERS = [ident for ident, entry in ENTRIES.items() if entry["by"] == "pointer"]


@pytest.mark.parametrize("ident", POINTERS)
def test_a_pointer_to_other_policies_never_makes_anybody_potential(ident: str) -> None:
    """It holds a criterion that only those policies can settle."""
    rows = page_script().rows(catalogue().programmes[ident])
    assert any(isinstance(row, Undecided) for row in rows)


@cache
def wording(measure: str) -> Mapping[int | str, str]:
    """The text of a measure by article, squashed to what carries meaning."""
    text = decode(source(TEXTS[measure]).read_bytes())
    title = catalogue().measures[measure].title.zh
    return {part.number: squashed(part.wording) for part in split(text, title)}


def squashed(text: str) -> str:
    return re.sub(r"[^\w]", "", normalise_wording(text))


def sentences_of(programme: Programme) -> str:
    """The words a term of this programme may be quoted from."""
    if programme.measure in TEXTS:
        return wording(programme.measure)[programme.article]
    return bulletin()


@needs_sources
@pytest.mark.parametrize("ident", ENTRIES)
def test_the_words_stand_in_the_article(ident: str) -> None:
    """Every term, and the verb, is quoted from the article itself."""
    text = sentences_of(catalogue().programmes[ident])
    entry = ENTRIES[ident]
    quoted = [
        part for term in entry["terms"] if not term.startswith("（") for part in term.split(" · ")
    ]
    assert [q for q in [entry["verb"], *quoted] if squashed(q) not in text] == []


ARTICLES = [(m, a) for m, articles in review()["articles"].items() for a in articles]
PASSAGES = [p for passages in review()["reports"].values() for p in passages]
# What joins words and carries no meaning of its own, and the numbers of the articles.
PARTICLES = [*"的对等与和及或以在将为一二三四五六七八九十", "按照规定", "符合条件", "给予", "支持"]


def test_every_article_with_programmes_is_read_to_the_end() -> None:
    """Of the official documents; of the press, the passages are that speak of support."""
    read = {
        (programme.measure, programme.article)
        for programme in catalogue().programmes.values()
        if programme.measure in TEXTS
    }
    assert set(ARTICLES) == read


def test_words_that_are_no_condition_are_something_else() -> None:
    """One of the things that the page explains."""
    groups = {g for articles in review()["articles"].values() for a in articles.values() for g in a}
    groups |= {g for passage in PASSAGES for g in passage["words"]}
    assert groups == set(review()["not_conditions"])


@needs_sources
@pytest.mark.parametrize(("measure", "article"), ARTICLES)
def test_no_word_of_an_article_is_left_over(measure: str, article: int) -> None:
    """Each belongs to a condition, is left to others, or is told to be no condition."""
    text = wording(measure)[article]
    groups = review()["articles"][measure][article]
    others = [squashed(word) for words in groups.values() for word in words]
    assert [word for word in others if word not in text] == []
    assert _left_over(text, {*others, *_read_words(measure, article)}) == []


@cache
def bulletin() -> str:
    """The text of the reports, squashed to what carries meaning."""
    return squashed(decode(source(BULLETIN).read_bytes()))


def test_every_reported_programme_is_drawn_from_a_passage() -> None:
    """And no other; each from one passage of its own report."""
    drawn = [ident for passage in PASSAGES for ident in passage["programmes"]]
    reported = [i for i, p in catalogue().programmes.items() if p.measure not in TEXTS]
    assert sorted(drawn) == sorted(reported)
    for measure, passages in review()["reports"].items():
        own = {ident for passage in passages for ident in passage["programmes"]}
        assert {catalogue().programmes[ident].measure for ident in own} == {measure}


@needs_sources
@pytest.mark.parametrize("passage", PASSAGES, ids=lambda p: p["programmes"][0])
def test_no_word_of_a_passage_is_left_over(passage: Mapping[str, Any]) -> None:
    """The sentence that a reported programme is drawn from, from its first to its last word."""
    start = bulletin().index(squashed(passage["from"]))
    end = bulletin().index(squashed(passage["to"]), start) + len(squashed(passage["to"]))
    text = bulletin()[start:end]
    others = {squashed(word) for words in passage["words"].values() for word in words}
    assert [word for word in others if word not in text] == []
    read = {word for ident in passage["programmes"] for word in _words_of(ENTRIES[ident])}
    assert _left_over(text, others | read) == []


def _left_over(text: str, words: Iterable[str]) -> list[str]:
    for word in sorted(words, key=len, reverse=True) + sorted(PARTICLES, key=len, reverse=True):
        text = text.replace(word, " ")
    return text.split()


def _read_words(measure: str, article: int) -> Iterator[str]:
    """The words of an article that its programmes carry, and what they leave to others."""
    for ident, entry in ENTRIES.items():
        programme = catalogue().programmes[ident]
        if (programme.measure, programme.article) == (measure, article):
            yield from _words_of(entry)


def _words_of(entry: Mapping[str, Any]) -> Iterator[str]:
    """What an entry's conditions carry, its verb, and what it leaves to others."""
    left = re.findall(r"[\u4e00-\u9fff]+", entry["left"])
    terms = [t for term in entry["terms"] if "（" not in term for t in term.split(" · ")]
    yield from filter(None, map(squashed, [entry["verb"], *terms, *left]))
