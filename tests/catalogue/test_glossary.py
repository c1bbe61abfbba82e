"""Words of the documents that a page explains where they stand."""

from collections.abc import Mapping

import pytest

from service.catalogue.loader import load_catalogue
from service.catalogue.source import read_source
from service.domain.facts.glossary import Glossary, Term
from service.domain.text import Text
from service.settings import PROJECT
from tests.catalogue.diagnosing import diagnose
from tests.own import own_catalogue

NAME = Text("再贷款", "relending")
TERM = Term(NAME, Text("央行借给银行的钱", "Money for banks"), ("re-lending",))
OTHER = Term(Text("S 基金", "S fund"), Text("买份额的基金", "A fund"), ("S基金",))
OWN = """terms:
  - term: {zh: 税收券, en: tax voucher}
    means: {zh: 抵税的凭证。, en: Paper that pays taxes.}
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("科技创新再贷款", [TERM]),
        ("Relending for innovation", [TERM]),
        ("more re-lending", [TERM]),
        ("corelendings", []),
        ("S基金与再贷款", [TERM, OTHER]),
        ("", []),
    ],
)
def test_terms_are_found_in_any_spelling(text: str, found: list[Term]) -> None:
    """In the order of the glossary; not inside another English word."""
    assert list(Glossary((TERM, OTHER)).terms_in(text)) == found


def test_an_empty_glossary_finds_nothing() -> None:
    assert Glossary().terms_in("再贷款") == ()


@pytest.fixture(scope="module")
def few() -> Mapping[str, bytes]:
    kept = ("policies/vocabulary.yaml", "policies/glossary.yaml", "seeds/")
    source = read_source(PROJECT / "policies", PROJECT / "seeds", ())
    return {path: content for path, content in source.items() if path.startswith(kept)}


def test_an_operators_terms_stand_beside_ours(few: Mapping[str, bytes]) -> None:
    added = {**few, "private/bank/glossary.yaml": OWN.encode()}
    terms = load_catalogue(added).glossary.terms
    assert terms[-1].name.en == "tax voucher"
    assert len(terms) > 40


def test_no_word_is_explained_twice(few: Mapping[str, bytes]) -> None:
    again = OWN.replace("税收券", "再贷款")
    (fault,) = diagnose({**few, "private/bank/glossary.yaml": again.encode()})
    assert (fault.file, fault.line) == ("private/bank/glossary.yaml", 2)
    assert fault.message.en == "'再贷款' is explained already"


def test_both_languages_of_a_programme_explain_the_same() -> None:
    """But for words that one language says without a term of art; of those there are few."""
    catalogue, uneven = own_catalogue(), []
    for programme in catalogue.programmes.values():
        zh, en = (
            catalogue.glossary.terms_in(
                f"{programme.name.in_language(tag)}\n{programme.summary.in_language(tag)}"
            )
            for tag in ("zh", "en")
        )
        uneven += [programme.id] if set(zh) != set(en) else []
    assert len(uneven) <= len(catalogue.programmes) / 10, uneven
