"""What can be served and was perhaps meant otherwise: noted by lint, or asked."""

from datetime import date
from typing import Any

import pytest

from service.catalogue.loader import load_catalogue
from service.domain.rules.catalogue import Catalogue
from service.usecases.authoring.ambiguous_caps import caps_beside_caps
from service.usecases.authoring.doubtful_files import doubtful_files, unread_measures
from tests.catalogue.test_loader import good

MEASURE, SOLAR = "policies/aid/measure.yaml", "policies/aid/01-solar.yaml"
SECOND = """
  - number: 2
    title: {zh: 甲, en: A}
    gist: {zh: 乙。, en: B.}
    unmatched: {zh: 无可匹配, en: nothing to match}
    digest: sha256:0000000000000000000000000000000000000000000000000000000000000000
    numbers: []
"""


def isles(file: str = SOLAR, old: str = "id:", new: str = "id:") -> Catalogue:
    source = dict(good())
    text = source[file].decode()
    assert old in text
    return load_catalogue({**source, file: text.replace(old, new, 1).encode()})


def notes(catalogue: Catalogue) -> list[tuple[str, str]]:
    return [(note.file, note.message.en) for note in doubtful_files(catalogue)]


def test_nothing_is_noted_of_files_in_order() -> None:
    """Neither of a made-up measure nor of its programme."""
    assert notes(isles()) == []


SHARE = "- {ratio: [project.cost, {sum: [project.cost, project.cost]}], at_least: 5}"
CASES: dict[str, tuple[dict[str, Any], str]] = {
    "a window of another century": (
        {"file": MEASURE, "old": "from: 2026-02-01", "new": "from: 1926-02-01"},
        "more than a year before it was issued",
    ),
    "one digest twice": (
        {"file": MEASURE, "old": "    numbers: []\n", "new": f"    numbers: []{SECOND}"},
        "articles 1 and 2 have one digest",
    ),
    "applications when it is over": (
        {"old": "article: 1", "new": "article: 1\napplication: {windows: "
                                     "[{from: 2030-03-01, to: 2030-04-30}]}"},
        "applications are taken from 2030-03-01 to 2030-04-30, outside its window",
    ),
    "yearly days turned round": (
        {"old": "article: 1",
         "new": "article: 1\napplication: {windows: [{yearly: {from: 05-31, to: 04-01}}]}"},
        "run over new year for more than half a year",
    ),
    "applications on one day": (
        {"old": "article: 1",
         "new": "article: 1\napplication: {windows: [{yearly: {from: 04-01, to: 04-01}}]}"},
        "on a single day of the year",
    ),
    "more than the measure's island": (
        {"old": "article: 1", "new": "article: 1\njurisdiction: tern"},
        "asks for a place in Outer islands, which is more than Tern Island",
    ),
    "one year by its number": (
        {"old": "- {use: on_the_outer_islands}", "new": "- {use: on_the_outer_islands}\n"
            "    - {year_of: company.founded_on, is: 2020}"},
        "asks for the year 2020 itself",
    ),
    "in force for a century": (
        {"file": MEASURE, "old": "to: 2029-01-31", "new": "to: 2129-01-31"},
        "more than fifty years",
    ),
    "another island than the measure's": (
        {"old": "- {use: on_the_outer_islands}", "new": "- {fact: company.region, within: main}"},
        "asks for a place in Main island, and the measure is of Outer islands",
    ),
    "per cent as a number": (
        {"old": "- {use: on_the_outer_islands}",
         "new": f"- {{use: on_the_outer_islands}}\n    {SHARE}"},
        "the bound of a share is 500%",
    ),
    "complete months as a limit": (
        {"old": "- {use: on_the_outer_islands}", "new": "- {use: on_the_outer_islands}\n"
            "    - {months_between: [company.founded_on, as_of], at_most: 24}"},
        "24 complete months may be some days more",
    ),
    "an example again": (
        {"old": "  - with: {company.region: main}", "new": "  - with: {company.region: main}\n"
            "    expect: {status: ineligible}\n  - with: {company.region: main}"},
        "is the one of line",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "words"), CASES.values(), ids=CASES)
def test_what_was_perhaps_meant_otherwise_is_noted(change: dict[str, Any], words: str) -> None:
    """Once, at the file in which it stands."""
    ((file, said),) = notes(isles(**change))
    assert file == change.get("file", SOLAR)
    assert words in said


def test_a_place_of_its_own_lies_in_the_measures() -> None:
    """The main one does not."""
    told = notes(isles(old="article: 1", new="article: 1\njurisdiction: main"))
    assert any("Main island, which does not lie in Outer islands" in said for _, said in told)


def test_two_programmes_of_one_name_cannot_be_told_apart() -> None:
    """At the second; what is called so in another measure is told by the measure."""
    source = good()
    again = source[SOLAR].replace(b"id: isles-solar", b"id: isles-sun")
    catalogue = load_catalogue({**source, "policies/aid/02-sun.yaml": again})
    (note,) = doubtful_files(catalogue)
    assert note.file == "policies/aid/02-sun.yaml"
    assert "is called as isles-solar is" in note.message.en


@pytest.mark.parametrize("days", ["from: 11-01, to: 02-28", "from: 04-01, to: 12-31"])
def test_days_of_application_may_run_over_new_year_or_be_many(days: str) -> None:
    """A winter's are as good as those of three quarters of a year."""
    written = f"article: 1\napplication: {{windows: [{{yearly: {{{days}}}}}]}}"
    assert notes(isles(old="article: 1", new=written)) == []


def test_a_measure_is_not_read_on_a_day_to_come() -> None:
    """The day of its review is asked for; today will do."""
    known = isles()
    assert not list(unread_measures(known, date(2026, 11, 22)))
    (fault,) = unread_measures(known, date(2026, 11, 21))
    assert (fault.file, fault.about) == (MEASURE, "2026-11-22")


@pytest.mark.parametrize(
    ("caps", "asked"),
    [
        ("[{amount: 5_000, per: year}, {amount: 9_000, per: year}]", True),
        ("[{amount: 5_000, per: year}, {amount: 9_000, per: company}]", False),
        ("[{amount: 5_000}, {amount: 9_000}]", False),
        ("[{amount: 5_000, per: year}, {share: 0.5, of: project.cost, per: year}]", False),
    ],
)
def test_of_two_figures_that_cap_the_same_one_is_a_mistake(caps: str, *, asked: bool) -> None:
    """Unless one is reckoned, or what each is counted for differs."""
    known = isles(old="cap: 9_000", new=f"caps: {caps}")
    assert bool(list(caps_beside_caps(known.programmes.values()))) is asked
