"""Profiles at the edges of a sentence, worked out from the text before the service was asked: days
and figures at both ends, titles denied, branches, what was paid in another year, who is one of
several kinds."""

from typing import Any

import pytest

from tests.cases.answers import Ask, Case, N, P, U, X
from tests.cases.applicants import applicant, certificate, firm, project
from tests.cases.test_siblings import differences

PUDONG, MINHANG, BAOSHAN = "310115", "310112", "310113"
HAIDIAN, XICHENG, ABROAD = "110108", "110102", "990000"
HIGH_TECH = [certificate("high_tech_enterprise", "2024-11-01", "2027-10-31")]
YEARLY = [certificate("technology_sme", "2026-06-01", "2026-12-31")]
SPECIALISED = [certificate("specialised_sme", "2025-01-01", "2028-12-31")]
ROBOTS: dict[str, Any] = {"fields": ["embodied_intelligence"]}
NO_TITLE: dict[str, Any] = {"recognitions": ["none_of_these"]}
LEADING_FUND = {"recognitions": ["top_foreign_investor"], "investor_types": ["private_equity"]}

EDGES = [
    Case("a firm that denies every title keeps what its certificate says",
         firm("310104", fields=["quantum_technology"], certificates=HIGH_TECH,
              technology_enterprise=False, basic_research_rising=True, **NO_TITLE),
         {"sh-04-basic-research": P, "sh-05-gradient": P, "sh-04-eco-leader": N,
          "sh-11-key-talent-employer": N}),
    Case("and in Beijing nothing that hangs on a title is left open for it",
         firm(HAIDIAN, certificates=HIGH_TECH, research_tasks=[], **NO_TITLE),
         {"bj-11-listing": N, "bj-11-return-listing": N, "bj-06-ultra-long-bond": N,
          "bj-16-xborder-loan": P}),
    Case("listed abroad, and it says that nobody calls it 优质",
         firm(HAIDIAN, listings=["overseas_exchange"], **NO_TITLE), {"bj-11-return-listing": N}),
    Case("an institute that is a public institution too",
         applicant(["public_institution", "research_institute"], HAIDIAN),
         {"bj-16-kehuitong": P, "bj-16-xborder-loan": N, "bj-12-sti-bond": N}),
    Case("a yearly certificate on its last day", firm(HAIDIAN, certificates=YEARLY),
         {"bj-14-inclusive": P, "bj-16-xborder-loan": P}, as_of="2026-12-31"),
    Case("and on the day after", firm(HAIDIAN, certificates=YEARLY),
         {"bj-14-inclusive": N, "bj-16-xborder-loan": N, "bj-15-guarantee": U},
         as_of="2027-01-01"),
    Case("the year's revenue is a cent above what a technology SME may have",
         firm(HAIDIAN, certificates=YEARLY, employees=500, revenue="200000000.01",
              total_assets="100.00"), {"bj-14-inclusive": U}),
    Case("and as much as it may have",
         firm(HAIDIAN, certificates=YEARLY, employees=500, revenue="200000000.00",
              total_assets="200000000.00"), {"bj-14-inclusive": P}),
    Case("a little giant that has grown large holds its title of three years",
         firm(HAIDIAN, employees=3000, revenue="900000000.00", industry="C39",
              certificates=[certificate("little_giant", "2025-07-01", "2028-06-30")]),
         {"bj-16-xborder-loan": P, "bj-15-guarantee": P, "bj-14-inclusive": N}),
    Case("a firm of Hangzhou with a team in Pudong: the place is for the authority to judge",
         firm("330106", presence_regions=["330106", PUDONG], **ROBOTS), {"sh-08-first-set": U},
         project("first_of_kind_product", contract_amount="50000000.00"),
         ceilings={"sh-08-first-set": "15000000.00"}),
    Case("a group of the central government: too large for 支小, and one of a multinational",
         firm(XICHENG, ownership=["central_state"], multinational_member=True, employees=50000,
              revenue="90000000000.00", industry="C39", technology_enterprise=True,
              holds_fund_shares=True, certificates=HIGH_TECH),
         {"bj-16-cash-pool": P, "bj-06-sme-relending": N, "bj-05-share-transfer": P}),
    Case("中央企业、市属国资: a private holder of Beijing is not named, nor shut out",
         firm(HAIDIAN, ownership=["private"], holds_fund_shares=True),
         {"bj-05-share-transfer": U}),
    Case("a body from abroad whose centre opens on the measure's last day",
         applicant("foreign_institution", ABROAD), {"sh-12-foreign-centre": P},
         project("innovation_centre", location=PUDONG, set_up_on="2030-09-25")),
    Case("and a day later", applicant("foreign_institution", ABROAD), {"sh-12-foreign-centre": U},
         project("innovation_centre", location=PUDONG, set_up_on="2030-09-26")),
    Case("头部: a manager of Hong Kong that opens in Shanghai",
         applicant("fund_manager", "810000", founding_regions=[PUDONG], foundings=["institution"],
                   **LEADING_FUND), {"bj-17-foreign-inst": N}),
    Case("and one that did not say where",
         applicant("fund_manager", "810000", **LEADING_FUND), {"bj-17-foreign-inst": U}),
    Case("a young scientist who lives in Beijing",
         applicant("individual", HAIDIAN, personal_role="scientist"), {"sh-11-young-scientist": N},
         project("person", person_titles=["young_scientist"],
                 person_activities=["commercialise_own_result"])),
    Case("各类创新主体: a hospital with a company",
         applicant("public_institution", "310101"), {"sh-09-scenario-build": P},
         project("application_scenario", demonstration=True, partners=["enterprise"]),
         ceilings={"sh-09-scenario-build": "8000000.00"}),
    Case("a self-employed maker: a product's owner is not named, an enterprise's support is",
         applicant("individual_business", MINHANG, **ROBOTS),
         {"sh-08-first-set": U, "sh-05-gradient": N, "sh-04-basic-research": N},
         project("first_of_kind_product", contract_amount="100.00"),
         ceilings={"sh-08-first-set": "30.00"}),
    Case("企业或机构: an association takes others to a fair; half a cent is not paid",
         applicant("social_organisation", "310104"), {"sh-06-event-expo": P},
         project("event_or_exhibition", activity="organise_overseas_expo",
                 relevant_cost="1000.01"), ceilings={"sh-06-event-expo": "500.00"}),
    Case("a university with a key laboratory", applicant(["university", "national_laboratory"],
         HAIDIAN), {"bj-06-ultra-long-bond": P, "bj-01-national-funds": P}),
    Case("a rating agency of Shanghai with a branch in Beijing",
         applicant("rating_agency", PUDONG, presence_regions=[PUDONG, "110105"]),
         {"bj-12-rating": U}),
    Case("an insurer of Shanghai with a centre in Beijing",
         applicant("insurer", PUDONG, founding_regions=[XICHENG],
                   foundings=["technology_insurance_centre"]), {"bj-14-insurer-centre": P}),
    Case("a securities firm that is no technology enterprise",
         applicant(["financial_institution", "enterprise"], XICHENG, technology_enterprise=False,
                   certificates=[]), {"bj-12-sti-bond": P, "bj-15-guarantee": N}),
    Case("基石投资者: an enterprise may be one", firm(XICHENG,
         investor_types=["cornerstone_investor"]), {"bj-11-institutional": P}),
    Case("a trust company of Shanghai founds an S fund in Beijing: 等",
         applicant("financial_institution", PUDONG, founding_regions=[XICHENG],
                   foundings=["secondary_fund"]), {"bj-05-s-fund": U}),
    Case("a technology enterprise in which a foreign-invested one has put money",
         firm(HAIDIAN, ownership=["private"], investors=["foreign_invested_enterprise"],
              certificates=YEARLY), {"bj-16-fdi-reinvest": P}),
    Case("国际标准: a standard of the country is none",
         firm(PUDONG, technology_enterprise=True), {"sh-12-standard-ip": N},
         project("standard_or_ip", output="domestic_standard", influential=True)),
    Case("a month short of five years", firm(HAIDIAN, certificates=HIGH_TECH),
         {"bj-08-kechuang-loan": N},
         project("loan", tenor_months=59, loan_uses=["pilot_line"], loan_principal="1.00")),
    Case("who works in a future industry may name other fields beside it",
         firm(PUDONG, fields=["quantum_technology", "strategic_emerging", "other"]),
         {"sh-08-first-set": P}, project("first_of_kind_product", contract_amount="1000.00"),
         ceilings={"sh-08-first-set": "300.00"}),
    Case("and a food maker among them is asked what its product is",
         firm(PUDONG, fields=["biomanufacturing"], industry="C1491"), {"sh-08-first-set": U},
         project("first_of_kind_product", contract_amount="1000.00")),
    Case("no borrower and no insured is named: a university of East Lake is not shut out",
         applicant("university", "420111", zones=["east_lake"], fields=["silicon_photonics"]),
         {"w-insurance-community": U, "n-insurance-zones": U, "w-whrcb-ip": U,
          "w-hankou-products": N, "w-hankou-tiers": N},
         project("loan", ip_pledged=True)),
    Case("and an enterprise that is none of technology is",
         firm("420111", zones=["east_lake"], technology_enterprise=False, certificates=[],
              recognitions=["none_of_these"]),
         {"w-insurance-community": N, "w-hankou-products": N, "w-whrcb-ip": P},
         project("loan", ip_pledged=True)),
    Case("满足企业资金需求: the firms are named as well",
         firm("360802", technology_enterprise=True), {"j-invest-loan": P}),
    Case("and a laboratory may be meant", applicant("national_laboratory", "360802"),
         {"j-invest-loan": U}),
    Case("Shanghai sees nothing of Wuhan's zones", firm(PUDONG),
         {"w-donghu-angel": N, "w-insurance-community": N, "w-donghu-settle": N}),
    *(Case(f"the plan of Beijing on {day}", firm(HAIDIAN, certificates=SPECIALISED),
           {"bj-16-xborder-loan": status}, as_of=day)
      for day, status in [("2025-09-28", X), ("2025-09-29", P), ("2027-12-31", P),
                          ("2028-01-01", X)]),
]  # fmt: skip


@pytest.mark.parametrize("case", EDGES, ids=lambda case: case.says)
def test_profiles_at_an_edge_come_out_as_the_words_have_them(ask: Ask, case: Case) -> None:
    assert differences(ask, case) == {}


GROWN = firm(
    BAOSHAN, industry="C39", revenue="23000000.00", in_statistics_register=True,
    first_above_scale_year=2026,
)  # fmt: skip
FAIRS = tuple(
    project("event_or_exhibition", ref, activity="attend_overseas_expo", relevant_cost=cost)
    for ref, cost in (("a", "800000.00"), ("b", "600000.00"))
)
STAND: dict[str, Any] = {
    "purpose": "event_or_exhibition", "level": "municipal", "amount": "400000.00", "year": 2026,
}  # fmt: skip


@pytest.mark.parametrize(
    ("company", "projects", "award", "ends"),
    [
        (GROWN, (), {"purpose": "above_scale", "level": "municipal", "amount": "300000.00",
                     "year": 2019}, ("500000.00", "500000.00")),
        (firm(MINHANG, technology_enterprise=True, basic_research_rising=True, **ROBOTS), (),
         {"purpose": "basic_research", "level": "municipal", "amount": "3000000.00",
          "year": 2024}, ("10000000.00", "10000000.00")),
        (firm(MINHANG, technology_enterprise=True, basic_research_rising=True, **ROBOTS), (),
         {"purpose": "basic_research", "level": "municipal", "amount": "3000000.00"},
         ("0.00", "0.00")),
        (firm(MINHANG, **ROBOTS), FAIRS, {**STAND, "project": "a"}, ("300000.00", "300000.00")),
        (firm(MINHANG, **ROBOTS), FAIRS, STAND, ("300000.00", "700000.00")),
    ],
    ids=["grown above scale long ago, and again", "basic research of years before the measure",
         "basic research of an unknown year", "one of two fairs", "one fair, nobody said which"],
)  # fmt: skip
def test_what_was_paid_counts_for_its_own_thing_in_its_own_year(
    ask: Ask, company: Any, projects: Any, award: Any, ends: tuple[str, str]
) -> None:
    """What is given once is for one occasion: an award older than the programme was for another.
    Where the year is not said it may have been this one, and so it is still asked who paid it."""
    best = ask({**company, "awards_received": [award]}, *projects).body["best_combination"]
    total = best["total"] if best else {"low": "0.00", "high": "0.00"}
    assert (total["low"], total["high"]) == ends


def test_a_figure_that_is_short_is_told_with_the_side_of_its_bound(ask: Ask) -> None:
    """A bound that is not reached, and one that is passed: no firm is told to have 299 staff."""
    large = firm(HAIDIAN, industry="C39", employees=1000, revenue="400000000.00",
                 certificates=HIGH_TECH)  # fmt: skip
    short = project("loan", tenor_months=36, loan_uses=["research"], loan_principal="100.00")
    answer = ask(large, short)
    told = {p: [c["text"]["zh"] for c in answer.match(p)["near_miss"]["changes"]]
            for p in ("bj-06-sme-relending", "bj-08-kechuang-loan")}  # fmt: skip
    assert told == {
        "bj-06-sme-relending": ["职工总数：现为 1,000 人，条件需要不超过 299 人"],
        "bj-08-kechuang-loan": ["贷款期限：现为 36 个月，条件需要至少 60 个月"],
    }
