"""The codes that one name may stand for, by the list's own names and as people cut them."""

import pytest

from service.domain.facts.vocabulary import Vocabulary
from service.intake.name_lookup import NameLookup


@pytest.fixture(scope="module")
def places(own_vocabulary: Vocabulary) -> NameLookup:
    return NameLookup(own_vocabulary.lists["regions"], shortened=True)


@pytest.fixture(scope="module")
def industries(own_vocabulary: Vocabulary) -> NameLookup:
    return NameLookup(own_vocabulary.lists["industries"], shortened=False)


def test_a_place_stands_beside_all_that_lie_in_it_and_are_called_so(places: NameLookup) -> None:
    """Which one is meant is not decided: 朝阳 is a city, its county, and districts elsewhere."""
    assert {"110105", "211300", "220104"} <= set(places.codes_of("朝阳"))
    assert places.codes_of("北京朝阳") == ["110105"]
    assert places.codes_of("上海朝阳") == []


def test_only_places_are_found_by_names_cut_short(own_vocabulary: Vocabulary) -> None:
    whole_only = NameLookup(own_vocabulary.lists["regions"], shortened=False)
    assert whole_only.codes_of("徐汇区") == ["310104"]
    assert whole_only.codes_of("徐汇") == []


def test_a_label_may_be_written_without_what_its_bracket_explains(
    own_vocabulary: Vocabulary,
) -> None:
    """传统行业, as the question's help says it."""
    names = NameLookup(own_vocabulary.lists["fields"], shortened=False)
    assert names.codes_of("传统行业") == names.codes_of("Conventional trade") == ["conventional"]


def test_an_industry_is_found_by_its_whole_name_only(industries: NameLookup) -> None:
    """软件 alone may be several things, and is not guessed; nor is a code that another's name
    stands behind."""
    electronics = "计算机、通信和其他电子设备制造业"
    for clear in ("C39", "c39", electronics, f"C39 {electronics}", f"{electronics} (C39)"):
        assert industries.codes_of(clear) == ["C39"]
    for unclear in ("软件", "汽车", "C39 汽车制造业", "制造业(C39)"):
        assert industries.codes_of(unclear) == []


@pytest.mark.parametrize(
    ("digits", "codes"),
    [("73", ["M73"]), ("7320", ["M7320"]), ("0111", ["A0111"]), ("M7320", ["M7320"]),
     ("732", ["M732", "B0732"]), ("9999", []), ("73200", []), ("７", [])],
)  # fmt: skip
def test_an_industry_is_found_by_the_digits_of_its_class(
    industries: NameLookup, digits: str, codes: list[str]
) -> None:
    """As registers export it, without the letter; of three digits the fourth may be a lost zero."""
    assert industries.codes_of(digits) == codes
