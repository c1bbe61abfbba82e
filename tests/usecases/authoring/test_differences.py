"""What a change of the policy files alters: the rule, the money, and for whom."""

from datetime import date
from pathlib import Path
from typing import Any

from service.catalogue.loader import load_catalogue
from service.catalogue.source import read_source
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.usecases.authoring.differences import StoredCase, differences
from tests.usecases.meridian import LIGHTHOUSE, YOUNG_FIRM, request, rewritten

DAY = date(2026, 6, 1)


def city(*changes: tuple[str, str, str]) -> CompiledCatalogue:
    return CompiledCatalogue(load_catalogue(rewritten(*changes)))


def stored(**company: Any) -> StoredCase:
    return StoredCase("kept", request(**company)["profile"], DAY)


def test_words_for_readers_are_no_difference() -> None:
    """Only what decides an answer is."""
    reworded = city((LIGHTHOUSE, "Subsidy for lighthouses", "Money for lighthouses"))
    assert differences(city(), reworded) == ()


def test_a_folder_is_no_other_than_itself() -> None:
    """However its money is reckoned: by class, by case, by awards had."""
    folder = Path(__file__).parent / "provisions" / "policies"
    source = read_source(folder, folder.parent)
    one, other = (CompiledCatalogue(load_catalogue(source)) for _ in range(2))
    assert differences(one, other) == ()


def test_what_a_programme_shuts_out_is_a_difference() -> None:
    """Who has the one may no longer have the other."""
    shut = city((YOUNG_FIRM, "\nconditions:", "\nexcludes: [me-lighthouse]\nconditions:"))
    assert [d.id for d in differences(city(), shut)] == ["me-young-firm"]


def test_a_moved_threshold_names_the_programme_and_whom_it_turns() -> None:
    """Of the stored cases, the one that now comes out otherwise."""
    stricter = city(
        (YOUNG_FIRM, "at_most: 50}", "at_most: 40}"),
        (YOUNG_FIRM, "company.employees: 50,", "company.employees: 40,"),
    )
    (found,) = differences(city(), stricter, [stored(), stored(employees=30)])
    assert found.id == "me-young-firm"
    assert found.comparison is not None
    assert found.flips == (("kept", "potential", "ineligible"),)


def test_a_sum_is_no_difference() -> None:
    """What a quantity is made of tells rules apart, whatever is asked of it and of which facts."""
    employees = "{fact: company.employees, at_most: 50}"
    one, other = (
        city((YOUNG_FIRM, employees, f"{{{head}: [company.employees, 0], at_most: 50}}"))
        for head in ("sum", "difference")
    )
    assert [d.id for d in differences(one, other)] == ["me-young-firm"]


def test_a_programme_that_is_gone_is_one_without_a_new_rule() -> None:
    """Nothing to compare it with."""
    without = {k: v for k, v in rewritten().items() if k != YOUNG_FIRM}
    (found,) = differences(city(), CompiledCatalogue(load_catalogue(without)))
    assert (found.id, found.new, found.comparison) == ("me-young-firm", None, None)
