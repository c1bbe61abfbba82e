"""Finding a code as a person looks for it."""

import re
import time

import pytest

from service.app import Services
from service.domain.facts.code_lists import CodeList
from service.usecases.reference.code_search import find_codes, names_listed, path_of, resolve_code


@pytest.fixture
def regions(own_huice: Services) -> CodeList:
    return own_huice.compiled.catalogue.vocabulary.regions


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("310115", "310115"),  # its digits
        ("浦东新区", "310115"),  # its name
        ("浦东", "310115"),  # a part of it
        ("上海市徐汇区", "310104"),  # written in one with what it lies in
        ("北京市海淀区中关村大街1号", "110108"),  # an address
        ("中国（上海）自由贸易试验区蔡伦路150号", "310000"),  # as licences of zones print it
        ("上海 徐汇", "310104"),  # every word fits
        ("Xuhui, Shanghai", "310104"),  # parted by a comma, as English addresses are
        ("Jingan", "310106"),  # without the apostrophe
        ("Minhang Dist.", "310112"),  # what kind of place it is, cut short
        ("Pudong New District", "310115"),  # or called otherwise
        ("张江", "310115"),  # what its people call a part of it
        ("Lujiazui", "310115"),
        ("海淀中关村", "110108"),
        ("上海闵行莘庄", "310112"),
        ("闵行区颛桥", "310112"),  # a part nobody listed, behind the name
        ("苏州工业园区", "320500"),
        ("shmh", "310112"),  # initials, behind those of the city
        ("境外", "990000"),  # any other country, by its name too
        ("新加坡", "990000"),
        ("Germany", "990000"),
        ("United States", "990000"),
        ("abroad", "990000"),
    ],
)
def test_the_likeliest_code_comes_first(regions: CodeList, query: str, code: str) -> None:
    assert find_codes(regions, query)[0] == code


@pytest.mark.parametrize(
    ("query", "code"),
    [("面条", "C14"), ("食品厂", "C14"), ("做机器人的", "C34"), ("robot", "C34"),
     ("robotics", "C34"), ("special equipment", "C35"), ("面馆", "H62"), ("AI", "I65"),
     ("chip design", "I65")],
)  # fmt: skip
def test_an_industry_is_found_by_what_it_makes(own_huice: Services, query: str, code: str) -> None:
    """Keywords of the table, in either language; what they name may lie in two of them."""
    assert code in find_codes(own_huice.compiled.catalogue.vocabulary.lists["industries"], query)


def test_a_name_of_several_places_is_left_to_choose(regions: CodeList) -> None:
    """朝阳 is a district of Beijing and one of Changchun, and a city of Liaoning."""
    code, candidates = resolve_code(regions, "朝阳区")
    assert code is None
    assert {"110105", "220104"} <= set(candidates)


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("漕河泾", {"310104", "310112"}),
        ("临港", {"310115", "310120"}),
        ("雄安", {"130629", "130638"}),
    ],
)
def test_what_lies_in_several_places_is_left_to_choose(
    regions: CodeList, query: str, codes: set[str]
) -> None:
    """A quarter may lie across the bounds of districts."""
    code, candidates = resolve_code(regions, query)
    assert code is None
    assert codes <= set(candidates)


@pytest.mark.parametrize("listed", ["regions", "industries"])
def test_a_name_of_the_list_is_one_name(own_huice: Services, listed: str) -> None:
    """Also one with a sign or a word in it that parts names: 农、林、牧、渔业; 呼和浩特市."""
    codes = own_huice.compiled.catalogue.vocabulary.lists[listed]
    labels = [entry.label for entry in codes.codes.values()]
    parting = re.compile(r"[、;；,，和及与]|\band\b")
    names = [n for label in labels for n in (label.zh, label.en) if parting.search(n)]
    assert [name for name in names if names_listed(codes, name) != [name]] == []


def test_a_city_is_meant_by_its_name_and_not_one_of_its_districts(regions: CodeList) -> None:
    assert resolve_code(regions, "上海") == ("310000", [])


def test_a_park_named_whole_is_in_no_other_city(regions: CodeList) -> None:
    """What Nanshan's park is called for short stands in the names of many parks."""
    assert resolve_code(regions, "中关村科技园区海淀园") == ("110108", [])
    assert resolve_code(regions, "南山科技园") == ("440305", [])


def test_of_places_that_fit_as_well_a_preferred_one_comes_first(regions: CodeList) -> None:
    """As where programmes are: of 新华区 and 徐汇区, both xhq."""
    assert find_codes(regions, "xh", preferred=["310000"])[0] == "310104"
    assert find_codes(regions, "xh")[0] != "310104"
    assert len(find_codes(regions, "xh", None)) > len(find_codes(regions, "xh"))


def test_nothing_is_found_for_a_word_that_fits_nothing(regions: CodeList) -> None:
    assert find_codes(regions, "亚特兰蒂斯") == []
    assert resolve_code(regions, "亚特兰蒂斯") == (None, [])


def test_a_code_is_named_with_what_it_lies_in(regions: CodeList) -> None:
    """Broad to narrow, the country left out."""
    assert path_of(regions, "310115").zh == "上海市 浦东新区"


@pytest.mark.parametrize("piece", ["9", "a", "a ", "市 ", "上海", "sh"])
@pytest.mark.parametrize("times", [100, 5_000])
def test_no_search_takes_long_whatever_is_sought(regions: CodeList, piece: str, times: int) -> None:
    """A form field takes a megabyte, and what a case is changed by holds up all who write."""
    began = time.process_time()
    find_codes(regions, piece * times)
    names_listed(regions, piece * times)
    assert time.process_time() - began < 0.5
