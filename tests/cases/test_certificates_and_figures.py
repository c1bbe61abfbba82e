"""Certificates as banks list them, titles that are recommended, and figures that cannot be."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.cases.answers import Answer, Ask, N, P, U
from tests.cases.applicants import applicant, certificate, firm, project

BEIJING, SHANGHAI = "110108", "310112"
STAFFED = {
    "employees": 100, "technical_staff": 20, "revenue": "40000000.00",
    "total_assets": "50000000.00",
    "restricted_products": False, "serious_incident": False, "class_one_ip": 2,
    "rnd_expense": "4000000.00", "recognitions": [], "certificates": [],
}  # fmt: skip


def hinted(answer: Answer) -> set[str]:
    """The standards that the company could apply under."""
    return {h["standard_id"] for h in answer.body["category_hints"] if not h["size"]}


def test_a_certificate_with_its_last_day_alone_is_valid(ask: Ask) -> None:
    """What every bank's list holds: a category and when it runs out."""
    held = [{"category": "high_tech_enterprise", "expires_on": "2028-11-15"}]
    loan = {"ref": "p1", "kind": "loan", "tenor_months": 60}
    answer = ask(firm(BEIJING, certificates=held), loan)
    assert answer.status("bj-16-xborder-loan") == P
    over = [{"category": "high_tech_enterprise", "expires_on": "2026-11-21"}]
    assert ask(firm(BEIJING, certificates=over), loan).status("bj-16-xborder-loan") != P


def test_this_year_s_figures_do_not_undo_a_certificate_of_three_years(ask: Ask) -> None:
    """It stands, and a warning says what may be asked about when it is reviewed."""
    held = [certificate("specialised_sme", "2026-06-01", "2029-05-31")]
    answer = ask(firm(BEIJING, certificates=held, class_one_ip=0, recognitions=[]))
    assert answer.status("bj-16-xborder-loan") == P
    assert "differs_from_standard" in answer.warnings()
    assert "conflict" not in answer.warnings()


def test_a_yearly_certificate_is_contested_by_the_year_s_figures(ask: Ask) -> None:
    """A technology SME has at most 500 staff in the year that its number is of."""
    held = [certificate("technology_sme", "2026-06-01", "2026-12-31")]
    answer = ask(firm(BEIJING, certificates=held, employees=3000))
    assert "conflict" in answer.warnings()
    assert answer.status("bj-16-xborder-loan") == U


def test_no_title_for_small_firms_is_recommended_to_a_large_one(ask: Ask) -> None:
    """3,000 staff and 900 million of revenue in electronics are large by the statistics."""
    large = {**STAFFED, "industry": "C39", "employees": 3000, "revenue": "900000000.00"}
    held = [certificate("specialised_sme", "2024-06-01", "2027-05-31")]
    more = {
        "niche_years": 5, "main_revenue": "890000000.00", "total_liabilities": "1000000.00",
        "rnd_expense": "40000000.00", "rnd_expense_previous_year": "40000000.00",
        "market_share": "20",
        "revenue_previous_year": "800000000.00", "revenue_two_years_before": "700000000.00",
        "class_one_ip": 9, "platform_score": "80", "certificates": held,
    }  # fmt: skip
    assert hinted(ask(firm(SHANGHAI, **{**large, **more}))) & {"little-giant-2026"} == set()
    small = {**large, **more, "employees": 200}
    assert "little-giant-2026" in hinted(ask(firm(SHANGHAI, **small)))


def test_a_title_for_small_firms_is_not_called_met_before_the_size_is_known(ask: Ask) -> None:
    """A certificate spares the score, but whether the firm is of the right size is asked first."""
    held = [certificate("high_tech_enterprise", "2024-11-01", "2027-10-31")]

    def title(**more: Any) -> Any:
        hints = ask(firm("110108", certificates=held, **more)).body["category_hints"]
        return next(h for h in hints if h["standard_id"] == "innovative-sme-2022")

    unsized = title(industry="I65")
    assert unsized["verdict"] == "open"
    assert unsized["missing_facts"] == ["company.employees", "company.revenue"]
    assert "所填的还不能判断" in unsized["text"]["zh"]
    sized = title(industry="I65", employees=50, revenue="10000000.00")
    assert (sized["verdict"], sized["missing_facts"]) == ("meets", [])


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-05-31", True),
        ("2026-06-01", False),
        ("2026-08-31", False),
        ("2026-09-01", True),
        ("2027-09-01", False),
    ],
)
def test_out_of_season_is_said(ask: Ask, day: str, said: bool) -> None:
    """Technology SMEs of 2026 applied from 1 June to 31 August; of other years nobody knows."""
    hints = ask(firm(SHANGHAI, **STAFFED), as_of=day).body["category_hints"]
    (hint,) = [h for h in hints if h["standard_id"] == "technology-sme-2017"]
    season = "2026 年的申报受理期是 2026-06-01 至 2026-08-31，评估日不在其中"
    assert (season in hint["text"]["zh"]) is said
    assert ("from 2026-06-01 to 2026-08-31" in hint["text"]["en"]) is said


def test_who_is_in_the_register_is_not_sent_there(ask: Ask) -> None:
    """The line is met; entered already, there is nothing to apply for."""
    grown = {**STAFFED, "industry": "C35", "revenue": "23000000.00"}
    assert "above-scale" in hinted(ask(firm(SHANGHAI, **grown)))
    assert "above-scale" not in hinted(ask(firm(SHANGHAI, **grown, in_statistics_register=True)))


def test_an_offender_is_recommended_no_title(ask: Ask) -> None:
    """The standards exclude those with a serious offence."""
    assert "technology-sme-2017" in hinted(ask(firm(SHANGHAI, **STAFFED)))
    offender = ask(firm(SHANGHAI, **{**STAFFED, "serious_incident": True}))
    assert hinted(offender) == set()


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"employees": 10, "technical_staff": 20}, "impossible_figures"),
        ({"rnd_expense_three_years": "4000000.00",
          "rnd_expense_in_china_three_years": "99000000.00"}, "impossible_figures"),
        ({"founded_on": "2026-11-23"}, "impossible_figures"),
        ({"certificates": [certificate("technology_sme", "2027-01-01", "2027-12-31")]},
         "impossible_date"),
        ({"founded_on": "2025-01-01",
          "certificates": [certificate("high_tech_enterprise", "2024-11-01", "2027-10-31")]},
         "impossible_date"),
        ({"awards_received": [{"purpose": "above_scale", "year": 2099}]}, "impossible_date"),
        ({"founded_on": "2024-01-01",
          "awards_received": [{"purpose": "above_scale", "year": 2023}]}, "impossible_date"),
        ({"founded_on": "2024-03-01",
          "awards_received": [{"purpose": "above_scale", "granted_on": "2024-02-29"}]},
         "impossible_date"),
        ({"founded_on": "2024-01-01", "first_above_scale_year": 2023}, "impossible_figures"),
        ({"first_above_scale_year": 2027}, "impossible_figures"),
        ({"founded_on": "2023-01-01", "niche_years": 4}, "impossible_figures"),
        ({"founded_on": "2026-01-01", "revenue": "1.00"}, "impossible_figures"),
        ({"founded_on": "2025-01-01", "revenue_previous_year": "1.00"}, "impossible_figures"),
        ({"founded_on": "2024-01-01", "revenue_two_years_before": "1.00"}, "impossible_figures"),
        ({"founded_on": "2026-01-01", "rnd_expense": "1.00"}, "impossible_figures"),
        ({"founded_on": "2025-12-31", "rnd_expense_previous_year": "1.00"}, "impossible_figures"),
        ({"revenue": "60.00", "revenue_previous_year": "60.00",
          "revenue_three_years": "100.00"}, "impossible_figures"),
        ({"first_above_scale_year": 2026, "awards_received": [
            {"purpose": "above_scale", "year": 2019}]}, "impossible_figures"),
        ({"first_above_scale_year": 2025, "awards_received": [
            {"purpose": "above_scale", "granted_on": "2024-12-31"}]}, "impossible_figures"),
        ({"class_one_ip": 3, "owns_ip": False}, "impossible_figures"),
        ({"registered_region": "310230"}, "withdrawn_code"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told(ask: Ask, facts: dict[str, Any], code: str) -> None:
    """As a warning: it changes no status."""
    assert code in ask({**firm(SHANGHAI), **facts}, detail="brief").warnings()


@pytest.mark.parametrize(
    ("category", "issued", "longest"),
    [
        ("high_tech_enterprise", "2024-11-01", "2027-11-01"),
        ("technology_sme", "2026-05-20", "2027-05-20"),
        ("little_giant", "2024-07-01", "2027-07-01"),
        ("specialised_sme", None, "2029-11-22"),
    ],
)  # fmt: skip
def test_a_term_longer_than_such_a_certificate_has_is_told(
    ask: Ask, category: str, issued: str | None, longest: str
) -> None:
    """To the day; where nobody says since when it is held, from the day on which it is. It changes
    no status: whoever wrote the date knows it."""
    day_after = str(date.fromisoformat(longest) + timedelta(days=1))
    for expires, told in ((longest, []), (day_after, ["impossible_date"])):
        held = {"category": category, "issued_on": issued, "expires_on": expires}
        company = firm(SHANGHAI, certificates=[held], fields=["embodied_intelligence"])
        answer = ask(company, detail="brief")
        assert [w for w in answer.warnings() if w == "impossible_date"] == told
        assert answer.status("sh-05-gradient") == P


def test_a_founding_to_come_is_told_and_no_years_that_nobody_stated(ask: Ask) -> None:
    said = ask({**firm(SHANGHAI), "founded_on": "2099-01-01"}).warnings()
    assert said.count("impossible_figures") == 1


def test_a_withdrawn_code_is_told_once(ask: Ask) -> None:
    """Of the fact that states it, and not of those that are taken from it."""
    assert ask(firm("310119")).warnings().count("withdrawn_code") == 1


def test_no_title_rests_on_figures_that_cannot_be(ask: Ask) -> None:
    """Twenty technical staff among ten employees recommend nothing, and tell no size either."""
    doubtful = {**STAFFED, "industry": "C35", "employees": 10, "technical_staff": 20}
    assert "technology-sme-2017" not in hinted(ask(firm(SHANGHAI, **doubtful)))
    for technical, told in ((20, []), (5, ["micro"])):
        hints = ask(firm(SHANGHAI, **{**doubtful, "technical_staff": technical})).body[
            "category_hints"
        ]
        assert [h["size"] for h in hints if h["size"]] == told


def test_no_title_rests_on_more_research_at_home_than_there_was(ask: Ask) -> None:
    """Every line of a high-tech enterprise is met, three fifths of its research being done in
    China; of 99 million out of 40 nothing is said to be met."""
    three_years = {"rnd_expense_three_years": "40000000.00", "revenue_three_years": "100000000.00"}
    whole = {**STAFFED, **three_years, "founded_on": "2015-01-01", "fields": ["biomedicine"],
             "frontier_technology": True, "owns_core_ip": True, "high_tech_income": "39000000.00",
             "total_income": "40000000.00", "innovation_evaluation": 80}  # fmt: skip
    for at_home, hint, warned in (("24000000.00", True, False), ("99000000.00", False, True)):
        answer = ask(firm(SHANGHAI, **whole, rnd_expense_in_china_three_years=at_home))
        assert ("high-tech-enterprise-2016" in hinted(answer)) is hint
        assert ("impossible_figures" in answer.warnings()) is warned


def test_who_enters_a_project_and_says_that_there_is_none_is_told(ask: Ask) -> None:
    """The project that was entered is judged; one of another kind contradicts nothing."""
    for absent, told in ((["loan", "person"], True), (["person"], False)):
        answer = ask({**firm(SHANGHAI), "projects_absent": absent}, project("loan"))
        assert ("contradictory_facts" in answer.warnings()) is told


def test_who_denies_what_its_title_says_is_told(ask: Ask) -> None:
    denied = applicant("enterprise", "310110", recognitions=["technology_enterprise"])
    assert "contradictory_facts" in ask({**denied, "technology_enterprise": False}).warnings()


def test_who_denies_what_was_only_presumed_contradicts_nothing(ask: Ask) -> None:
    """A listed incubator is taken to work with others; the title is no proof of it."""
    listed = applicant("incubator", "310110", recognitions=["high_quality_incubator"])
    assert ask(listed).status("sh-03-poc-fund") == P
    alone = ask({**listed, "incubator_cooperates": False})
    assert alone.status("sh-03-poc-fund") == N
    assert "contradictory_facts" not in alone.warnings()


@pytest.mark.parametrize(
    "fact", [{"technical_business": False}, {"may_found_elsewhere": True}, {"listing_open": False}]
)
def test_who_says_otherwise_than_a_default_contradicts_nothing(
    ask: Ask, fact: dict[str, Any]
) -> None:
    """A default holds for whoever says nothing: no other statement is there to contradict."""
    assert "contradictory_facts" not in ask({**firm(SHANGHAI), **fact}).warnings()


def test_what_can_be_is_not_warned_of(ask: Ask) -> None:
    """On the very day of founding, all staff technical."""
    facts = {
        "founded_on": "2026-11-22",
        "employees": 5,
        "technical_staff": 5,
        "first_above_scale_year": 2026,
        "niche_years": 0,
        "revenue": "0.00",
        "revenue_two_years_before": "0.00",
        "rnd_expense": "0.00",
        "awards_received": [{"purpose": "above_scale", "year": 2026}],
    }
    assert set(ask(firm(SHANGHAI, **facts)).warnings()) == {"derived_fact"}


@pytest.mark.parametrize(
    ("uscc", "kind", "warned"),
    [
        ("12310112MA1G9X2K97", ["enterprise"], True),
        ("51310112MA1G9X2K96", ["enterprise"], True),
        ("52310112MA1G9X2K93", ["enterprise"], True),
        ("93310112MA1G9X2K9U", ["enterprise"], True),
        ("92310112MA1G9X2K9Y", ["enterprise"], True),
        ("91310112MA1G9X2K92", ["enterprise"], False),
        ("91310112MA1G9X2K92", ["individual_business"], True),
        ("92310112MA1G9X2K9Y", ["individual_business"], False),
        ("52310112MA1G9X2K93", ["research_institute"], False),
        ("52310112MA1G9X2K93", ["incubator"], False),
        ("52310112MA1G9X2K93", ["incubator", "enterprise"], True),
        ("12310112MA1G9X2K97", ["university"], False),
    ],
)
def test_a_credit_code_that_begins_as_those_of_another_kind_is_told(
    ask: Ask, uscc: str, kind: list[str], warned: bool
) -> None:
    """Public institutions are registered under 12, societies under 51, private non-enterprise units
    under 52, farmers' cooperatives under 93, companies under 91. What was chosen is used."""
    stated = {"kind": kind, "registered_region": SHANGHAI, "uscc": uscc}
    answer = ask(stated, detail="brief")
    assert ("kind_differs" in answer.warnings()) is warned


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ({"kind": ["university", "enterprise"]}, True),
        ({"kind": ["individual_business", "enterprise"]}, True),
        ({"kind": ["national_laboratory", "enterprise"]}, False),
        ({"kind": ["incubator", "enterprise"]}, False),
        ({"fields": ["conventional", "embodied_intelligence"]}, True),
        ({"fields": ["conventional"]}, False),
        ({"recognitions": ["none_of_these", "unicorn"]}, True),
        ({"recognitions": ["none_of_these", "technology_talent"]}, True),
        ({"recognitions": ["none_of_these", "rest_unstated"]}, False),
        ({"profitable": True, "recognitions": ["quality_unprofitable"]}, True),
        ({"profitable": False, "recognitions": ["quality_unprofitable"]}, False),
    ],
)
def test_answers_that_exclude_each_other_are_told(
    ask: Ask, stated: dict[str, Any], told: bool
) -> None:
    """What is no enterprise in law is none; a conventional trade has none of the technologies."""
    answer = ask({**firm(BEIJING), **stated}, detail="brief")
    assert ("impossible_figures" in answer.warnings()) is told
