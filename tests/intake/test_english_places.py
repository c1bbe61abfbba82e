"""Places by their English names, as a workbook in English has them."""

import pytest

from service.app import Services
from service.intake.english_places import EnglishPlaces


@pytest.mark.parametrize(
    ("written", "labels"),
    [
        ("Haidian", ["海淀区"]),
        ("haidian district", ["海淀区"]),
        ("Shanghai Pudong", ["浦东新区"]),
        ("Pudong New Area, Shanghai", ["浦东新区"]),
        ("Xuhui, Shanghai", ["徐汇区"]),
        ("Haidian Shanghai", []),
        ("Guan", ["固安县", "冠县"]),
        ("Gu'an", ["固安县"]),
        ("Xian, Shaanxi", ["西安市"]),
        ("Yanta, Xian", ["雁塔区"]),
        ("", []),
        ("海淀 Haidian", []),
        ("District", []),
    ],
)
def test_a_place_is_found_without_its_kind_and_with_what_it_lies_in(
    own_huice: Services, written: str, labels: list[str]
) -> None:
    """Before or behind it; nothing where it lies elsewhere."""
    regions = own_huice.compiled.catalogue.vocabulary.lists["regions"]
    assert [regions.label_of(c).zh for c in EnglishPlaces(regions).find(written)] == labels


def test_a_name_of_several_places_finds_them_all(own_huice: Services) -> None:
    regions = own_huice.compiled.catalogue.vocabulary.lists["regions"]
    assert len(EnglishPlaces(regions).find("Chaoyang")) > 1
