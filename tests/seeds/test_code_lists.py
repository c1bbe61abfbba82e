"""The code lists that a new installation is filled with."""

import csv
import re
from pathlib import Path

import pytest

SEEDS = Path(__file__).parents[2] / "seeds" / "codes"
HEADERS = {
    "regions.csv": [
        "code",
        "zh",
        "en",
        "initials",
        "parent",
        "valid_to",
        "successor",
        "aliases",
        "keywords",
        "note",
    ],
    "industries.csv": ["code", "zh", "en", "parent", "keywords"],
}

COUNTRY = "100000"
# Any other country: no place of the standard, and none of the country.
ABROAD = "990000"


def read(name: str) -> list[dict[str, str]]:
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@pytest.fixture(scope="module")
def regions() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in read("regions.csv")}


@pytest.fixture(scope="module")
def industries() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in read("industries.csv")}


@pytest.mark.parametrize("name", HEADERS)
def test_files_are_plain_utf8_lines(name: str) -> None:
    """No byte order mark, no carriage return, a last line that ends, and every column filled in."""
    data = (SEEDS / name).read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data
    assert data.endswith(b"\n")
    lines = list(csv.reader(data.decode("utf-8").splitlines(), strict=True))
    assert lines[0] == HEADERS[name]
    assert {len(line) for line in lines} == {len(HEADERS[name])}


@pytest.mark.parametrize("name", HEADERS)
def test_codes_are_unique_and_sorted(name: str) -> None:
    """One row a code, in an order that keeps differences readable."""
    codes = [row["code"] for row in read(name)]
    assert codes == sorted(set(codes))


@pytest.mark.parametrize("name", HEADERS)
def test_every_parent_exists_and_is_broader(name: str) -> None:
    """Walking upward ends at a row without parent, never in a circle."""
    rows = {row["code"]: row for row in read(name)}
    for row in rows.values():
        passed = {row["code"]}
        while row["parent"]:
            row = rows[row["parent"]]  # noqa: PLW2901
            assert row["code"] not in passed
            passed.add(row["code"])


@pytest.mark.parametrize("name", HEADERS)
def test_every_row_is_named_in_both_languages(name: str) -> None:
    """Chinese names hold Chinese characters, English ones Latin letters; none has stray blanks."""
    for row in read(name):
        assert re.fullmatch(r"[\u4e00-\u9fff、]+", row["zh"]), row
        assert re.fullmatch(r"[A-Z][A-Za-zü', -]+", row["en"]), row
        assert row["en"] == row["en"].strip()


def test_region_codes_have_six_digits_and_stand_below_their_province(
    regions: dict[str, dict[str, str]],
) -> None:
    """A county lies in a prefecture or province of the same first two digits, a province in the
    country."""
    for code, row in regions.items():
        assert re.fullmatch(r"[1-8]\d{5}", code) or code == ABROAD
        if code.endswith("0000"):
            assert row["parent"] == ("" if code in (COUNTRY, ABROAD) else COUNTRY)
        elif code.endswith("00"):
            assert row["parent"] == code[:2] + "0000"
        else:
            assert row["parent"] in {code[:4] + "00", code[:2] + "0000"}


def test_a_county_names_the_nearest_broader_row(regions: dict[str, dict[str, str]]) -> None:
    """Where a prefecture is listed, no county jumps over it to the province."""
    for code, row in regions.items():
        if not code.endswith("00") and code[:4] + "00" in regions:
            assert row["parent"] == code[:4] + "00"


def test_initials_are_one_small_letter_for_each_character(
    regions: dict[str, dict[str, str]],
) -> None:
    """A picker finds 浦东新区 by pdxq."""
    for row in regions.values():
        assert re.fullmatch(r"[a-z]+", row["initials"])
        assert len(row["initials"]) == len(row["zh"]), row
    assert regions["310115"]["initials"] == "pdxq"
    assert regions["310112"]["initials"] == "mhq"
    assert regions["500000"]["initials"] == "cqs"


def test_every_abolished_region_leads_to_one_in_use(regions: dict[str, dict[str, str]]) -> None:
    """A last year and a successor come together; following successors ends at a current row."""
    for code, row in regions.items():
        assert bool(row["valid_to"]) == bool(row["successor"]), row
        assert re.fullmatch(r"(19|20)\d\d|", row["valid_to"])
        passed = {code}
        while row["successor"]:
            row = regions[row["successor"]]  # noqa: PLW2901
            assert row["code"] not in passed
            passed.add(row["code"])


def test_a_current_region_never_lies_in_an_abolished_one(
    regions: dict[str, dict[str, str]],
) -> None:
    """Otherwise a valid address would end in a place that is gone."""
    for row in regions.values():
        if row["parent"] and not row["valid_to"]:
            assert not regions[row["parent"]]["valid_to"], row


def test_the_list_is_complete_for_the_whole_country(regions: dict[str, dict[str, str]]) -> None:
    """34 provinces, 333 prefectures, and the counties: 2844 at the end of 2023, two founded in
    2024, two districts of Chongqing merged into one in 2025. Rows with a note stand beside them.
    """
    current = [code for code, row in regions.items() if not row["valid_to"] and not row["note"]]
    provinces = [code for code in current if code.endswith("0000")]
    prefectures = [code for code in current if code.endswith("00") and code not in provinces]
    assert len(provinces) == 34
    assert len(prefectures) == 333
    assert len(current) - len(provinces) - len(prefectures) == 2844 + 2 - 1
    for code, zh in {"710000": "台湾省", "810000": "香港", "820000": "澳门"}.items():
        assert regions[code]["zh"].startswith(zh)


@pytest.mark.parametrize(
    ("place", "count"), [("110000", 16), ("310000", 16), ("360800", 13), ("420100", 13)]
)
def test_current_districts_of_a_place(
    regions: dict[str, dict[str, str]], place: str, count: int
) -> None:
    """Beijing and Shanghai have 16 districts each, Ji'an and Wuhan 13 counties and districts."""
    found = [
        code
        for code, row in regions.items()
        if row["parent"] == place and not row["valid_to"] and not row["note"]
    ]
    assert len(found) == count


@pytest.mark.parametrize(
    ("code", "year", "successor"),
    [("110103", "2010", "110101"), ("110104", "2010", "110102"), ("110228", "2015", "110118"),
     ("110229", "2015", "110119"), ("310103", "2011", "310101"), ("310108", "2015", "310106"),
     ("310119", "2009", "310115"), ("310230", "2016", "310151"), ("362401", "2000", "360802"),
     ("420123", "1998", "420116")],
)  # fmt: skip
def test_abolished_districts_live_on_in_company_codes(
    regions: dict[str, dict[str, str]], code: str, year: str, successor: str
) -> None:
    """A company keeps the code of a district that was merged away."""
    assert (regions[code]["valid_to"], regions[code]["successor"]) == (year, successor)


def test_the_development_area_of_beijing_is_marked_as_no_official_code(
    regions: dict[str, dict[str, str]],
) -> None:
    """Company codes carry 110302 although the standard has no such row."""
    assert regions["110302"]["parent"] == "110000"
    assert regions["110302"]["note"] == "not in GB/T 2260"


@pytest.mark.parametrize(
    ("code", "en"),
    [
        ("110108", "Haidian District"),
        ("140000", "Shanxi"),
        ("150000", "Inner Mongolia"),
        ("150100", "Hohhot"),
        ("310104", "Xuhui District"),
        ("310112", "Minhang District"),
        ("310115", "Pudong New Area"),
        ("341500", "Lu'an"),
        ("350200", "Xiamen"),
        ("360800", "Ji'an"),
        ("360821", "Ji'an County"),
        ("360824", "Xingan County"),
        ("420102", "Jiang'an District"),
        ("500000", "Chongqing"),
        ("540000", "Tibet"),
        ("610000", "Shaanxi"),
        ("650000", "Xinjiang"),
        ("653101", "Kashgar City"),
    ],
)
def test_english_names_are_the_usual_ones(
    regions: dict[str, dict[str, str]], code: str, en: str
) -> None:
    """Rare readings and names of other languages are not spelled character by character."""
    assert regions[code]["en"] == en


def test_industries_have_twenty_sections_and_ninety_seven_divisions(
    industries: dict[str, dict[str, str]],
) -> None:
    """GB/T 4754-2017: sections A to T; divisions 01 to 97, each once, in the section it names."""
    sections = [code for code, row in industries.items() if not row["parent"]]
    divisions = [code for code in industries if code not in sections]
    assert sections == list("ABCDEFGHIJKLMNOPQRST")
    assert [code[1:] for code in divisions] == [f"{n:02}" for n in range(1, 98)]
    assert all(industries[code]["parent"] == code[0] for code in divisions)


@pytest.mark.parametrize(
    ("code", "zh"), [("C39", "计算机、通信和其他电子设备制造业"), ("I65", "软件和信息技术服务业")]
)
def test_industries_are_those_of_2017(
    industries: dict[str, dict[str, str]], code: str, zh: str
) -> None:
    """The edition of 2011 lacks a division, which shifts everything after it."""
    assert industries[code]["zh"] == zh
