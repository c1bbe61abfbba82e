"""The cases the service was asked to get right, one by one, under their own numbers."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.cases.answers import AS_OF, Answer, Ask, N, P, U, X
from tests.cases.applicants import applicant, certificate, firm, project

# Programmes of both measures whose text reaches beyond the city, so that no place rules them out.
REACHING_OUT = {
    "sh-01-top-scientist",
    "sh-12-foreign-centre",
    "sh-10-fund-subfund",
    "bj-17-foreign-inst",
    "bj-01-service-pack",
    "bj-05-share-transfer",
}
ROBOTS = firm("310115", fields=["embodied_intelligence"])
FIRST_SET = project("first_of_kind_product", contract_amount="50000000.00")


def within_the_city(answer: Answer, prefix: str) -> set[str]:
    """The statuses of the programmes of a city that its place decides."""
    programmes = answer.of(prefix)
    return {s for p, found in programmes.items() if p not in REACHING_OUT for s in found}


@pytest.mark.parametrize(
    ("day", "status"),
    [("2025-09-25", X), ("2025-09-26", P), ("2026-11-22", P), ("2030-09-25", P), ("2030-09-26", X)],
)
def test_c01_first_and_last_day_of_the_shanghai_measure(ask: Ask, day: str, status: str) -> None:
    """C01: in force from 2025-09-26 to 2030-09-25, both included."""
    answer = ask(ROBOTS, FIRST_SET, as_of=day)
    assert answer.status("sh-08-first-set") == status
    assert answer.match("sh-08-first-set")["programme"]["valid_from"] == "2025-09-26"
    if status == X:
        assert {s for found in answer.of("sh-").values() for s in found} == {X}
    else:
        assert answer.ceiling("sh-08-first-set") == "15000000.00"


def test_c01_the_day_of_issue_is_not_the_first_day(ask: Ask) -> None:
    """C01: on the day of issue, 2025-09-17, nothing is in force yet."""
    assert ask(ROBOTS, FIRST_SET, as_of="2025-09-17").status("sh-08-first-set") == X


def test_c03_a_firm_of_another_city(ask: Ask) -> None:
    """C03: registered in Suzhou with customers but no presence in Shanghai: nothing of Shanghai,
    nothing of Beijing, and the reason is the place, which no article writes."""
    suzhou = firm(
        "320500",
        presence_regions=[],
        fields=["brain_computer_interface"],
        listings=[],
        ownership=["private"],
        multinational_member=False,
    )
    answer = ask(suzhou)
    assert {s for found in answer.of("sh-").values() for s in found} == {N}
    assert {s for found in answer.of("bj-").values() for s in found} == {N}
    conditions = answer.match("sh-04-basic-research")["conditions"]
    (failed,) = (c for c in conditions if c["truth"] == "false")
    assert failed["basis"] == "implied"
    assert failed["children"][0]["facts"] == ["company.registered_region"]


def test_c03_the_founder_who_moves_is_another_applicant(ask: Ask) -> None:
    """C03: what the firm cannot have, its founder coming to Shanghai may: still open."""
    founder = applicant("individual", "320500", presence_regions=[], personal_role="entrepreneur")
    coming = project("rnd_project", location="310115", research_features=["frontier_disruptive"])
    assert ask(founder, coming).status("sh-01-top-scientist") == U


@pytest.mark.parametrize(
    ("region", "uscc", "programme", "warned"),
    [
        ("310000", "91310000MA0T0Q004U", "sh-08-first-set", set()),
        ("110115", "91110302MA0T1Q0773", "bj-19-match-platform", {"unknown_region_code"}),
        (
            "310115",
            "91320594MA0T2Q1448",
            "sh-08-first-set",
            {"unknown_region_code", "region_differs"},
        ),
    ],
    ids=["municipal registration", "code of a zone", "a firm that moved"],
)
def test_c06_the_registered_region_decides_and_the_code_only_warns(
    ask: Ask, region: str, uscc: str, programme: str, warned: set[str]
) -> None:
    """C06: the place is what is stated; the digits of the code never rule anybody out."""
    answer = ask(firm(region, uscc=uscc, presence_regions=[region]), FIRST_SET)
    assert answer.status(programme) == P
    assert set(answer.warnings()) == warned


def test_c06_the_warning_names_the_code(ask: Ask) -> None:
    """C06: the warning says which six digits the table of regions lacks."""
    answer = ask(firm("110115", uscc="91110302MA0T1Q0773", presence_regions=["110115"]))
    (warning,) = answer.body["warnings"]
    assert "110302" in warning["text"]["en"]
    assert "110302" in warning["text"]["zh"]


MINHANG = firm("310112")


@pytest.mark.parametrize(
    ("contract", "ceiling"),
    [
        ("60000000.00", "18000000.00"),
        ("66666666.66", "19999999.99"),
        ("66666666.67", "20000000.00"),
        ("100000000.00", "20000000.00"),
    ],
)
def test_c07_thirty_per_cent_or_twenty_million(ask: Ask, contract: str, ceiling: str) -> None:
    """C07: the rate binds up to 66,666,666.66 yuan, the cap from there on; rounded down. The
    product qualifies: the sentence speaks of future industries (对未来产业的支持力度)."""
    product = project("first_of_kind_product", contract_amount=contract)
    answer = ask(MINHANG, product)
    assert (answer.status("sh-08-first-set"), answer.ceiling("sh-08-first-set")) == (P, ceiling)


@pytest.mark.parametrize("contract", ["0", "0.00", "-1.00"])
def test_c07_a_contract_of_nothing_is_an_input_error(
    own_client: FlaskClient, contract: str
) -> None:
    """C07: an amount of zero or below is refused by name and not evaluated."""
    profile = {
        "company": firm("310112"),
        "projects": [project("first_of_kind_product", contract_amount=contract)],
    }
    response = own_client.post("/api/v1/match", json={"profile": profile})
    assert response.status_code == 422
    (error,) = response.get_json()["errors"]
    assert error["pointer"] == "/profile/projects/0/contract_amount"


def test_c07_an_unknown_contract_leaves_the_cap(ask: Ask) -> None:
    """C07: without the contract amount it is potential, with no figure but "at most"."""
    answer = ask(MINHANG, project("first_of_kind_product"))
    assert answer.status("sh-08-first-set") == P
    ceiling = answer.match("sh-08-first-set")["ceiling"]
    assert (ceiling["amount"], ceiling["high"]) == (None, "20000000.00")


@pytest.mark.parametrize(
    ("cost", "ceiling"), [("800000.00", "400000.00"), ("800001.00", "400000.50")]
)
def test_c09_half_the_cost_of_an_exhibition_abroad(ask: Ask, cost: str, ceiling: str) -> None:
    """C09: half of the relevant cost, and no cap in the text."""
    booth = project("event_or_exhibition", activity="attend_overseas_expo", relevant_cost=cost)
    answer = ask(firm("310104", fields=["embodied_intelligence"]), booth)
    assert (answer.status("sh-06-event-expo"), answer.ceiling("sh-06-event-expo")) == (P, ceiling)
    assert answer.match("sh-06-event-expo")["ceiling"]["cap"] is None


@pytest.mark.parametrize("revenue", ["23000000.00", "20000000.00"])
def test_c12_a_manufacturer_that_becomes_above_scale(ask: Ask, revenue: str) -> None:
    """C12: first entered in 2026; exactly twenty million counts; half a million at most, once."""
    baoshan = firm(
        "310113",
        industry="C35",
        revenue=revenue,
        revenue_previous_year="18000000.00",
        in_statistics_register=True,
        first_above_scale_year=2026,
    )
    answer = ask(baoshan)
    assert (answer.status("sh-05-upscale"), answer.ceiling("sh-05-upscale")) == (P, "500000.00")
    assert answer.match("sh-05-upscale")["ceiling"]["one_off"] is True


def test_c16_an_incubator_on_the_list(ask: Ask) -> None:
    """C16: on the list, both incubator programmes; the platform only if it runs one."""
    answer = ask(applicant("incubator", "310110", recognitions=["high_quality_incubator"]))
    assert (answer.status("sh-03-incubator"), answer.status("sh-03-poc-fund")) == (P, P)
    assert answer.ceiling("sh-03-incubator") == "20000000.00"
    assert answer.status("sh-03-service-platform") == U


@pytest.mark.parametrize(
    ("recognitions", "status"), [({"recognitions": []}, N), ({}, U)], ids=["not listed", "silent"]
)
def test_c16_an_ordinary_co_working_space(
    ask: Ask, recognitions: dict[str, Any], status: str
) -> None:
    """C16: the list is public, so not being on it rules out; saying nothing leaves it open."""
    assert ask(applicant("incubator", "310110", **recognitions)).status("sh-03-incubator") == status


@pytest.mark.parametrize(
    ("partners", "status"),
    [(["public_institution"], P), ([], N), (["enterprise"], P)],
    ids=["public hospital", "alone in its own factory", "private hospital company"],
)
def test_c18_a_scenario_is_built_with_somebody(ask: Ask, partners: list[str], status: str) -> None:
    """C18: with a public institution or an enterprise it is joint; alone it is not."""
    scenario = project("application_scenario", demonstration=True, partners=partners)
    answer = ask(firm("310112", fields=["embodied_intelligence"]), scenario)
    assert answer.status("sh-09-scenario-build") == status
    if status == P:
        assert answer.ceiling("sh-09-scenario-build") == "8000000.00"


def test_c21_an_engineer_without_employer(ask: Ask) -> None:
    """C21: an engineer who applies alone stays open: that the employer claims is only implied."""
    engineer = applicant("individual", "310115", fields=["embodied_intelligence"])
    answer = ask(engineer, project("person", role="core_rnd", employed=False))
    assert answer.status("sh-11-core-rnd-staff") == U


@pytest.mark.parametrize(("role", "status"), [("core_rnd", P), ("other", N)])
def test_c21_an_engineer_and_an_accountant_of_the_firm(ask: Ask, role: str, status: str) -> None:
    """C21: the engineer counts, up to half a million; the accountant of the same firm does not."""
    answer = ask(ROBOTS, project("person", role=role, employed=True))
    assert answer.status("sh-11-core-rnd-staff") == status
    if status == P:
        ceiling = answer.match("sh-11-core-rnd-staff")["ceiling"]
        assert (ceiling["amount"], ceiling["per"]) == ("500000.00", "person")


def test_c21_ten_engineers_are_ten_matches(ask: Ask) -> None:
    """C21: ten persons, ten ceilings of half a million; nowhere five million for the firm."""
    people = [project("person", ref=f"e{i}", role="core_rnd", employed=True) for i in range(10)]
    answer = ask(ROBOTS, *people)
    found = answer.matches("sh-11-core-rnd-staff")
    assert [m["ceiling"]["amount"] for m in found] == ["500000.00"] * 10
    assert len({m["subject"] for m in found}) == 10


HAIDIAN = firm(
    "110108",
    employees=60,
    certificates=[certificate("technology_sme", "2026-05-20", "2026-12-31")],
    owns_ip=True,
    owns_core_ip=True,
    investors=["government_fund"],
)


def test_c25_a_technology_sme_in_haidian(ask: Ask) -> None:
    """C25: the loans, the cover and the cross-border pilot; the unpublished score stays open."""
    answer = ask(HAIDIAN)
    wanted = {
        "bj-08-loan-plus-equity": P,
        "bj-08-ip-pledge": P,
        "bj-16-xborder-loan": P,
        "bj-14-inclusive": P,
        "bj-06-tech-relending": P,
        "bj-07-zgc-score": U,
        "bj-15-interest": U,
        "bj-15-guarantee-premium": U,
        "bj-15-guarantee": P,  # 现有政策 is another sentence's: the guarantor decides
        "bj-15-risk-comp": U,
    }
    assert {p: answer.status(p) for p in wanted} == wanted


@pytest.mark.parametrize(("months", "status"), [(36, N), (59, N), (60, P), (61, P)])
def test_c25_five_years_include_the_fifth(ask: Ask, months: int, status: str) -> None:
    """C25: a loan for three years fails on its tenor, exactly five years do; the rest stays."""
    answer = ask(HAIDIAN, project("loan", tenor_months=months))
    assert answer.status("bj-08-kechuang-loan") == status
    assert answer.status("bj-08-ip-pledge") == P
    assert answer.status("bj-08-loan-plus-equity") == P


def test_c27_an_institute_that_is_no_company(ask: Ask) -> None:
    """C27: a private non-enterprise institute has the foreign-exchange route and not the loan."""
    institute = applicant(
        "research_institute",
        "110108",
        uscc="52110108MA0T3Q211J",
        recognitions=["new_rnd_institution"],
    )
    answer = ask(institute)
    wanted = {"bj-16-kehuitong": P, "bj-06-ultra-long-bond": P, "bj-16-xborder-loan": N}
    assert {p: answer.status(p) for p in wanted} == wanted


def test_c27_the_same_team_as_a_company(ask: Ask) -> None:
    """C27: organised as a company it is an enterprise, and the route is closed."""
    assert ask(firm("110108", uscc="91110108MA0T4Q284R")).status("bj-16-kehuitong") == N


def test_c27_an_institute_that_is_a_public_institution(ask: Ask) -> None:
    """C27: an institute in the form of a public institution is no enterprise either."""
    institute = applicant("research_institute", "110108", uscc="12110000MA0T5Q3517")
    assert ask(institute).status("bj-16-kehuitong") == P


def test_c27_an_institute_in_shanghai(ask: Ask, own_client: FlaskClient) -> None:
    """C27: outside the document's city; the programme notes that the rule went nationwide."""
    institute = applicant("research_institute", "310115")
    assert ask(institute).status("bj-16-kehuitong") == N
    programme = own_client.get("/api/v1/programmes/bj-16-kehuitong").get_json()
    assert any("汇发〔2025〕43号" in note["zh"] for note in programme["notes"])


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"profitable": False, "research_tasks": ["major_task"]}, P),
        ({"profitable": True, "research_tasks": [], "key_breakthrough": False}, N),
        (
            {
                "profitable": False,
                "research_tasks": [],
                "key_breakthrough": False,
                "recognitions": [],
            },
            U,
        ),
    ],
    ids=["national task", "profitable and nothing else", "unprofitable and nothing else"],
)
def test_c33_three_ways_to_the_beijing_exchange(
    ask: Ask, facts: dict[str, Any], status: str
) -> None:
    """C33: any one limb is enough; "quality" alone nobody can settle."""
    assert ask(firm("110108", **facts)).status("bj-11-bse") == status


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (
            {
                "infrastructure_assets": ["data_centre"],
                "asset_title_clear": False,
                "asset_income_stable": True,
            },
            N,
        ),
        (
            {
                "infrastructure_assets": ["data_centre"],
                "asset_title_clear": True,
                "asset_income_stable": True,
            },
            P,
        ),
        ({"fields": ["artificial_intelligence"], "infrastructure_assets": []}, N),
    ],
    ids=["title in dispute", "clear title", "software without a project"],
)
def test_c33_a_reit_needs_an_asset_whose_title_nobody_disputes(
    ask: Ask, facts: dict[str, Any], status: str
) -> None:
    """C33: the asset decides and not the field the firm works in; 权属清晰 is what is brought on:
    完善相关手续 ends no dispute."""
    assert ask(firm("110108", **facts)).status("bj-13-reits") == status


def test_c33_listed_abroad(ask: Ask) -> None:
    """C33: a company listed abroad may be helped back. The case has it without 优质, which the
    sentence says and which is open in the rest of the article too."""
    abroad = firm("110108", listings=["overseas_exchange"])
    assert ask(abroad).status("bj-11-return-listing") == U
    quality = {**abroad, "recognitions": ["quality_technology_enterprise"]}
    assert ask(quality).status("bj-11-return-listing") == P


NAMED = {"name": "海曙样例有限公司", "uscc": "91310115MA0T6Q429F"}


def test_c36_a_name_and_a_code_decide_nothing(ask: Ask) -> None:
    """C36: without a place everything stays open; the digits of the code say nothing."""
    answer = ask(NAMED)
    assert {s for found in answer.of("sh-").values() for s in found} == {U}
    assert {s for found in answer.of("bj-").values() for s in found} == {U}


def test_c36_a_place_closes_the_other_city(ask: Ask) -> None:
    """C36: with a district of Shanghai, Beijing is out by the rule and Shanghai open."""
    answer = ask({**NAMED, "registered_region": "310115"})
    assert within_the_city(answer, "bj-") == {N}
    assert within_the_city(answer, "sh-") == {U}


def test_c36_a_wrong_check_character_is_refused(own_client: FlaskClient) -> None:
    """C36: a code that cannot be one is an input error, named, and nothing is evaluated."""
    profile = {"company": {**NAMED, "uscc": "91310115MA0T6Q4290"}}
    response = own_client.post("/api/v1/match", json={"as_of": AS_OF, "profile": profile})
    assert response.status_code == 422
    (error,) = response.get_json()["errors"]
    assert (error["pointer"], error["code"]) == ("/profile/company/uscc", "wrong_check_character")


def test_c36_serious_dishonesty_only_warns(ask: Ask) -> None:
    """C36: neither text has such a clause: every status stays, a usual further condition shows."""
    before = ask({**NAMED, "registered_region": "310115"})
    after = ask({**NAMED, "registered_region": "310115", "serious_dishonesty": True})
    assert after.of("") == before.of("")
    warned = after.match("sh-04-basic-research")["warnings"]
    assert any("信用" in w["text"]["zh"] or "失信" in w["text"]["zh"] for w in warned)
