"""What a change of the policy files alters: the rule, the money, and for whom."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from service.catalogue.loader import load_catalogue
from service.catalogue.source import read_source
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.usecases.authoring.differences import AnsweredRequest, difference_json, differences
from service.usecases.authoring.money_differences import compare_money
from tests.usecases.meridian import LIGHTHOUSE, YOUNG_FIRM, request, rewritten

DAY = date(2026, 6, 1)


def city(*changes: tuple[str, str, str]) -> CompiledCatalogue:
    return CompiledCatalogue(load_catalogue(rewritten(*changes)))


def stored(**company: Any) -> AnsweredRequest:
    return AnsweredRequest("kept", request(**company)["profile"], DAY)


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
    (flip,) = found.flips
    statuses = (flip.before.statuses, flip.after.statuses)
    assert (flip.case, *statuses) == ("kept", ("potential",), ("ineligible",))


def test_a_stored_case_whose_amount_alone_changes_is_told_with_both() -> None:
    """Of a programme that it qualifies for before and after; and with whose it is."""
    changed = city((LIGHTHOUSE, "rate: 0.30", "rate: 0.20"))
    (found,) = differences(city(), changed, [stored()._replace(tenant="bank")])
    told = difference_json(found, *(side.catalogue.vocabulary for side in (city(), changed)))
    (flip,) = told["flips"]
    assert flip["before"] == flip["after"]
    assert flip["tenant"] == "bank"
    before, after = (flip["amounts"][side][0]["en"] for side in ("before", "after"))
    assert ("18,000,000" in before, "12,000,000" in after) == (True, True)


def test_days_of_application_are_a_difference() -> None:
    """Told in words on both sides; nothing else of the programme need have changed."""
    window = "\napplication: {windows: [{months: 2, after: company.founded_on}]}\nconditions:"
    longer = window.replace("months: 2", "days: 45")
    one, other = (city((YOUNG_FIRM, "\nconditions:", days)) for days in (window, longer))
    (found,) = differences(one, other)
    told = difference_json(found, one.catalogue.vocabulary, other.catalogue.vocabulary)
    said = [told[side]["applications"][0]["en"] for side in ("before", "after")]
    assert said[0].startswith("within 2 months of: ")
    assert said[1].startswith("within 45 days of: ")
    assert told["rule"] is told["money"] is None


@pytest.mark.parametrize(
    ("money", "change", "gains", "loses"),
    [
        (("cap: 20_000_000", "cap: 30_000_000"), "more", ("20000000.00", "30000000.00"), None),
        (("cap: 20_000_000", "cap: 15_000_000"), "less", None, ("20000000.00", "15000000.00")),
        (("rate: 0.30", "rate: 0.40"), "more", ("15000000.00", "20000000.00"), None),
        (("per: contract", "per: company"), "same", None, None),
    ],
    ids=["a higher cap", "a lower cap", "a higher rate", "other words"],
)
def test_changed_money_names_who_gets_more_and_who_less(
    money: tuple[str, str],
    change: str,
    gains: tuple[str, str] | None,
    loses: tuple[str, str] | None,
) -> None:
    """With what it came to and comes to, at a value where either rule turns."""
    old, new = city(), city((LIGHTHOUSE, *money))
    before, after = (side.catalogue.programmes["me-lighthouse"] for side in (old, new))
    found = compare_money(old, new, before, after)
    assert found is not None
    assert found.change == change
    for case, amounts in ((found.gains, gains), (found.loses, loses)):
        assert (case and (str(case.before), str(case.after))) == amounts


def test_money_may_be_more_for_some_and_less_for_others() -> None:
    """A higher share within a lower cap."""
    rate, cap = ("rate: 0.30", "rate: 0.40"), ("cap: 20_000_000", "cap: 15_000_000")
    changed = city((LIGHTHOUSE, *rate), (LIGHTHOUSE, *cap))
    (found,) = differences(city(), changed)
    assert found.money is not None
    assert found.money.change == "neither"
    vocabulary = changed.catalogue.vocabulary
    told = difference_json(found, vocabulary, vocabulary)["money"]
    assert [told[side]["after"]["amount"] for side in ("gains", "loses")] == ["15000000.00"] * 2


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
