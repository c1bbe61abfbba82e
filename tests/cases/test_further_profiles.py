"""Profiles of further shapes, worked out from the sentences before the service was asked: several
kinds at once, bodies from outside the mainland, certificates at their ends, parts paid already."""

from typing import Any

import pytest

from tests.cases.answers import Ask, Case, N, P, U, W
from tests.cases.applicants import applicant, certificate, firm, project
from tests.cases.test_siblings import differences

PUDONG, MINHANG, HAIDIAN, XICHENG, HONG_KONG = "310115", "310112", "110108", "110102", "810000"
HIGH_TECH = [certificate("high_tech_enterprise", "2024-11-01", "2027-10-31")]
ROBOTS: dict[str, Any] = {"fields": ["embodied_intelligence"]}

FURTHER = [
    Case("an insurer that is an enterprise too founds an S fund and a centre",
         applicant(["insurer", "enterprise"], XICHENG, founding_regions=[XICHENG],
                   foundings=["secondary_fund", "technology_insurance_centre"]),
         {"bj-05-s-fund": P, "bj-14-insurer-centre": P, "bj-14-risk-assessor": W}),
    Case("等: an enterprise that invests may found one, one that does not founds none",
         firm(XICHENG, investor_types=["private_equity"]), {"bj-05-s-fund": U}),
    Case("a noodle shop company of Beijing that invests nothing",
         firm(HAIDIAN, fields=["conventional"], investor_types=[]), {"bj-05-s-fund": N}),
    Case("境外: a fund manager of Hong Kong opens in Beijing",
         applicant("fund_manager", HONG_KONG, recognitions=["top_foreign_investor"],
                   investor_types=["venture_capital"], founding_regions=[XICHENG],
                   foundings=["institution"]),
         {"bj-17-foreign-inst": P}),
    Case("and one of Shenzhen is not from outside",
         applicant("fund_manager", "440305", recognitions=["top_foreign_investor"],
                   investor_types=["venture_capital"], founding_regions=[XICHENG]),
         {"bj-17-foreign-inst": N}),
    Case("国外机构等: a company of Hong Kong with a centre in Pudong",
         firm(HONG_KONG, ownership=["private"], multinational_member=False),
         {"sh-12-foreign-centre": U},
         project("innovation_centre", location=PUDONG, set_up_on="2026-01-05")),
    Case("私募股权投资机构和创业投资机构: an investor that is no fund",
         applicant("institutional_investor", XICHENG, investor_types=["venture_capital"]),
         {"bj-12-sti-bond": P, "n-sti-bond": P}),
    Case("whether a guarantor is an enterprise too is not said",
         applicant("guarantor", HAIDIAN, certificates=HIGH_TECH),
         {"bj-16-xborder-loan": U, "bj-15-guarantee": P}),
    Case("a certificate on its last day, and one that was recognised again",
         firm(HAIDIAN, certificates=[
             certificate("high_tech_enterprise", "2022-11-01", "2025-10-31"),
             certificate("high_tech_enterprise", "2025-11-20", "2026-11-22")]),
         {"bj-16-xborder-loan": P}),
    Case("one that begins tomorrow",
         firm(HAIDIAN, certificates=[certificate("specialised_sme", "2026-11-23", "2029-11-22")]),
         {"bj-16-xborder-loan": N}),
    Case("a yearly one of a firm one person too large",
         firm(HAIDIAN, employees=501,
              certificates=[certificate("technology_sme", "2026-06-01", "2026-12-31")]),
         {"bj-14-inclusive": U}),
    Case("registered in Nanchang, with a branch in Xingan",
         firm("360102", presence_regions=["360102", "360824"]), {"j-xingan-ip-interest": U},
         project("loan", loan_principal="1000000.00", lpr="0.03", tenor_months=12,
                 ip_pledged=True)),
    Case("a data centre's owner has no featured park",
         applicant(["platform_operator", "enterprise"], HAIDIAN, asset_title_clear=True,
                   asset_income_stable=True, infrastructure_assets=["featured_park"]),
         {"bj-13-park-reits": P, "bj-13-reits": N}),
    Case("half of three cents is one cent",
         firm("310104", certificates=HIGH_TECH), {"sh-06-event-expo": P},
         project("event_or_exhibition", activity="organise_overseas_expo", relevant_cost="0.03"),
         ceilings={"sh-06-event-expo": "0.01"}),
    Case("a shop that sells over the counter, a cent short of its line and in the register",
         firm(MINHANG, industry="F52", revenue="4999999.99", in_statistics_register=True,
              first_above_scale_year=2026, recognitions=["none_of_these"]),
         {"sh-05-upscale": P}),
    Case("企业或机构: a person is neither",
         applicant("individual", PUDONG, personal_role="scientist",
                   recognitions=["high_quality_incubator", "cluster_developer"]),
         {"sh-06-event-expo": N, "sh-03-incubator": N, "sh-03-poc-fund": N, "sh-06-cluster": N},
         project("event_or_exhibition", activity="attend_overseas_expo", relevant_cost="10000.00")),
    Case("引育: a founder of Suzhou may be one of those to come",
         applicant("individual", "320505", personal_role="entrepreneur"),
         {"sh-11-community": U, "sh-11-core-rnd-staff": N}),
    Case("共保体: an insurer that is an enterprise too may be no member",
         applicant(["insurer", "enterprise"], XICHENG, fields=["conventional"]),
         {"bj-14-space-pool": U, "bj-14-task-pool": U, "bj-19-match-platform": N}),
    Case("科技金融服务: a restaurant that is no technology firm",
         firm(HAIDIAN, industry="H62", fields=["conventional"], technology_enterprise=False),
         {"bj-10-e-platform": N, "bj-10-zgc-centre": N, "bj-19-match-platform": P}),
    Case("贴息: the sentence names nobody, so that a shop may be meant",
         applicant("individual_business", "360802"), {"j-digital-loan": U},
         project("loan", loan_uses=["digital_transformation"], loan_principal="300000.00",
                 tenor_months=12),
         ceilings={"j-digital-loan": "1500.00"}),
    Case("a certificate that ran out yesterday, and no other word on technology",
         firm(HAIDIAN, certificates=[
             certificate("high_tech_enterprise", "2023-11-22", "2026-11-21")]),
         {"bj-16-xborder-loan": N, "bj-15-guarantee": U}),
    Case("an innovative SME is none of the three kinds",
         firm(HAIDIAN, certificates=[certificate("innovative_sme", "2025-01-01", "2028-01-01")]),
         {"bj-16-xborder-loan": N, "bj-14-inclusive": N}),
    Case("中央企业、市属国资: state capital of another city is neither",
         firm("440305", ownership=["other_state"], holds_fund_shares=True),
         {"bj-05-share-transfer": N}),
    Case("a fund set up in Beijing whose manager is not there",
         applicant("fund_manager", "330106", founding_regions=[HAIDIAN],
                   investor_types=["venture_capital"], foundings=["equity_fund"]),
         {"bj-03-long-capital": P, "bj-15-vc-tax": N, "bj-12-sti-bond": N}),
    Case("在沪设立: a centre of Hong Kong in Suzhou",
         applicant("foreign_institution", HONG_KONG), {"sh-12-foreign-centre": N},
         project("innovation_centre", location="320505", set_up_on="2027-03-01")),
    Case("在京设立的基金: a fund of Beijing that founds nothing may be one itself",
         applicant("fund_manager", "110108", investor_types=["venture_capital"],
                   foundings=[], founding_regions=[]), {"bj-03-long-capital": U}),
    Case("and one that has founded something is a manager",
         applicant("fund_manager", "110108", investor_types=["venture_capital"],
                   foundings=["institution"], founding_regions=["110108"]),
         {"bj-03-long-capital": N}),
    Case("本土: whether a foreign-invested enterprise is native is not said",
         applicant(["enterprise", "foreign_institution"], PUDONG, **ROBOTS),
         {"sh-12-global-division": U}),
    Case("and a foreign body with nothing in the city has no part in it",
         applicant("foreign_institution", HONG_KONG, **ROBOTS), {"sh-12-global-division": N}),
]  # fmt: skip


@pytest.mark.parametrize("case", FURTHER, ids=lambda case: case.says)
def test_further_profiles_come_out_as_the_words_have_them(ask: Ask, case: Case) -> None:
    assert differences(ask, case) == {}


@pytest.mark.parametrize(
    ("level", "total"),
    [
        ("municipal", "0.00"),
        ("district", "3000000.00"),
        ("national", "3000000.00"),
        ("elsewhere", "3000000.00"),
    ],
)
def test_only_what_its_own_level_paid_for_this_product_is_taken_off(
    ask: Ask, level: str, total: str
) -> None:
    """重复 is between policies of the city: what a district, the country
    or another city paid is none of it."""
    paid = {"purpose": "first_of_kind", "level": level, "amount": "20000000.00", "year": 2026,
            "project": "p1"}  # fmt: skip
    product = project("first_of_kind_product", contract_amount="10000000.00")
    best = ask(firm(MINHANG, awards_received=[paid], **ROBOTS), product).body["best_combination"]
    assert (best["total"]["low"], best["total"]["high"]) == (total, total)
