"""Numbers, days, yes and no as people of the catalogue's language write them."""

import tomllib
from pathlib import Path

import pytest

from service.intake import writing_habits
from service.intake.writing_habits import WritingHabits, habits_of

FIGURES = {
    "1 234 567,89 €": "1234567.89 €",
    "1.234.567,89": "1234567.89",
    "43 000 000,00": "43000000.00",
    "1'234'567.89": "1234567.89",
    "1.000.000": "1000000",
    "0,5": "0.5",
    "1,5 M€": "1.5 M€",
    "2 millions": "2 millions",
    "1234567.89": "1234567.89",
    "1,234,567": "1,234,567",
    "12 et 13,5": "12 et 13,5",
    "1 2 3": "1 2 3",
    "": "",
}


@pytest.mark.parametrize(("written", "meant"), FIGURES.items())
def test_a_figure_with_a_comma_before_its_decimals(written: str, meant: str) -> None:
    """What cannot be such a figure is left to whoever reads it next."""
    assert habits_of(["fr"]).figure(written) == meant


@pytest.mark.parametrize(
    ("languages", "written", "meant"),
    [
        (["fr"], "31/12/2020", "2020-12-31"),
        (["fr"], "1-2-2020", "2020-02-01"),
        (["fr"], "1er août 2021", "2021-08-01"),
        (["de"], "31.12.2020", "2020-12-31"),
        (["de-AT"], "3. März 2021", "2021-03-03"),
        (["pt-BR"], "31 de dezembro de 2020", "2020-12-31"),
        (["fr"], "2020-12-31", "2020-12-31"),
        (["fr"], "31/12/20", "31/12/20"),
        (["zh", "fr"], "31/12/2020", "31/12/2020"),
        (["en"], "31/12/2020", "31/12/2020"),
        (["en-IN"], "31/12/2020", "2020-12-31"),
        (["en-GB"], "31 December 2020", "2020-12-31"),
        (["hi"], "31 दिसंबर 2020", "2020-12-31"),
    ],
)
def test_a_day_begins_with_the_day_where_people_write_so(
    languages: list[str], written: str, meant: str
) -> None:
    """By the first of the catalogue's languages; never a year of two figures."""
    assert habits_of(languages).day(written) == meant


@pytest.mark.parametrize(
    ("language", "written", "meant"),
    [
        ("ja", "2021年3月1日", "2021-03-01"),
        ("ja", "令和3年3月1日", "2021-03-01"),
        ("ja", "令和元年5月1日", "2019-05-01"),
        ("ja", "平成28年11月29日", "2016-11-29"),
        ("ja", "３年３月１日", "３年３月１日"),
        ("ja", "2021/3/1", "2021/3/1"),
        ("ko", "2021년 3월 1일", "2021-03-01"),
        ("ko", "2021. 3. 1.", "2021-03-01"),
        ("ko", "21년 3월 1일", "21년 3월 1일"),
    ],
)
def test_a_day_begins_with_the_year_where_people_write_so(
    language: str, written: str, meant: str
) -> None:
    """Also with the year of an era; never a year without its century."""
    assert habits_of([language]).day(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("₹12,34,567.50", "₹1234567.50"),
        ("1,00,000", "100000"),
        ("10,000", "10000"),
        ("1,23", "1,23"),
        ("1,23,45", "1,23,45"),
    ],
)
def test_digits_are_parted_by_hundreds_where_people_write_so(written: str, meant: str) -> None:
    """As in India; what is parted otherwise is left to whoever reads it next."""
    assert habits_of(["en-IN"]).figure(written) == meant


def test_a_language_nobody_has_described_changes_nothing() -> None:
    """Nor does a catalogue without any."""
    assert habits_of(["fi"]) == habits_of([]) == WritingHabits()
    assert WritingHabits().figure("1,5") == "1,5"


def test_every_language_is_described_whole() -> None:
    """Twelve months, or what stands behind the parts of a day, and a word for each thing."""
    path = Path(writing_habits.__file__).with_suffix(".toml")
    described = tomllib.loads(path.read_text("utf-8"))
    assert {*described} >= {"fr", "de"}
    for tag, words in described.items():
        habits = habits_of([tag])
        assert len(set(habits.months)) == 12 or len(set(habits.parts)) == 3
        assert habits.yes
        assert habits.no
        assert not habits.yes & habits.no, words
