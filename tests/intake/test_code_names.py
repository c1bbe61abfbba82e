"""A code by its name: places as licences print them, industries as they are called."""

import pytest

from service.domain.facts.vocabulary import Vocabulary
from service.intake.code_names import CodeNames
from service.intake.written_values import Unreadable


@pytest.fixture(scope="module")
def places(own_vocabulary: Vocabulary) -> CodeNames:
    return CodeNames(own_vocabulary.lists["regions"], shortened=True)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("310104", "310104"), ("上海市徐汇区", "310104"), ("上海徐汇", "310104"),
        ("江西省吉安市新干县", "360824"), ("江西吉安新干", "360824"), ("北京市 朝阳区", "110105"),
        ("北京朝阳", "110105"), ("上海", "310000"), ("浦东", "310115"), ("南京", "320100"),
        ("Xuhui District", "310104"), ("新疆", "650000"), ("沪", "310000"), ("京", "110000"),
        ("沪徐汇", "310104"), ("京海淀", "110108"), ("沪浦东新区", "310115"),
        ("上海市市辖区黄浦区", "310101"), ("上海（徐汇）", "310104"), ("朝阳（辽宁）", "211300"),
        ("吉林省", "220000"), ("吉林市", "220200"), ("吉", "220000"), ("Shanghai", "310000"),
    ],
)  # fmt: skip
def test_a_place_is_found_by_any_of_its_names(places: CodeNames, written: str, code: str) -> None:
    """Of 南京 and its districts the city is meant, which all the others lie in."""
    assert places.find(written) == code


def test_a_name_of_several_places_is_refused_with_all_of_them(places: CodeNames) -> None:
    with pytest.raises(Unreadable) as refused:
        places.find("朝阳区")
    assert "110105" in refused.value.text.zh
    assert "220104" in refused.value.text.en


@pytest.mark.parametrize(
    ("written", "codes"),
    [("Chaoyang", {"110105", "211300"}), ("Jilin", {"220000", "220200"}),
     ("吉林", {"220000", "220200"}), ("浦东新区（临港）", {"310115"}),
     ("上海自贸区临港新片区", {"310115", "310120"}), ("苏州工业园区", {"320500"})],
)  # fmt: skip
def test_a_place_that_may_be_several_or_lies_within_one_is_refused_with_them(
    places: CodeNames, written: str, codes: set[str]
) -> None:
    """In English as in Chinese; a zone is no place of the list, and its place is suggested."""
    with pytest.raises(Unreadable) as refused:
        places.find(written)
    assert {code for code in codes if code in refused.value.text.en} == codes


@pytest.mark.parametrize(
    ("written", "suggested"),
    [("I6513应用软件开发", "I6513"), ("C2710 化学药品原料药制造", "C2710"),
     ("IT", None), ("C39、I65", None)],
)  # fmt: skip
def test_a_code_before_a_name_that_is_not_its_own_is_suggested_and_no_part_of_a_text(
    own_vocabulary: Vocabulary, written: str, suggested: str | None
) -> None:
    """Whose name it is nobody can check; of two codes none is meant alone, IT is no misspelt T."""
    industries = own_vocabulary.lists["industries"]
    with pytest.raises(Unreadable) as refused:
        CodeNames(industries).find(written)
    if suggested is None:
        assert "是否指" not in refused.value.text.zh
    else:
        label = industries.label_of(suggested).zh
        assert refused.value.text.zh.endswith(f"是否指 {label}？")


def test_digits_that_may_be_two_classes_are_refused_with_both(own_vocabulary: Vocabulary) -> None:
    """Of three digits the fourth may be a lost zero."""
    names = CodeNames(own_vocabulary.lists["industries"])
    with pytest.raises(Unreadable) as refused:
        names.find("732")
    assert "M732" in refused.value.text.zh
    assert "B0732" in refused.value.text.zh


def test_several_values_may_hold_the_sign_that_parts_them(own_vocabulary: Vocabulary) -> None:
    names = CodeNames(own_vocabulary.lists["activities"])
    both = names.find_several("新技术、新产品成果转化、加大研发费用投入")
    assert both == ["commercialise", "raise_rnd_spending"]
    assert names.find_several("无") == []


def test_a_certificate_is_found_by_what_people_call_it(own_vocabulary: Vocabulary) -> None:
    names = CodeNames(own_vocabulary.lists["certificate_categories"])
    assert names.find_several("高企、小巨人") == ["high_tech_enterprise", "little_giant"]


@pytest.mark.parametrize("number", ["310104003", "310104003000", "３１０１０４００３０００"])
def test_the_number_of_a_township_is_its_place(places: CodeNames, number: str) -> None:
    """As registers of addresses have it; it is said that only its beginning was read."""
    assert places.find_address(number) == ("310104", "徐汇区")


@pytest.mark.parametrize("number", ["3101040030", "999999003000", "13800138000", "310104"])
def test_another_number_is_no_place(places: CodeNames, number: str) -> None:
    """Nor is a telephone's."""
    assert places.find_address(number) is None


def test_a_code_behind_a_broader_name_is_suggested(own_vocabulary: Vocabulary) -> None:
    """Of 制造业（C39） it cannot be told which of the two is meant."""
    with pytest.raises(Unreadable) as refused:
        CodeNames(own_vocabulary.lists["industries"]).find("制造业（C39）")
    assert "计算机、通信和其他电子设备制造业" in refused.value.text.zh
