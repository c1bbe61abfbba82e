"""Further cases of the Beijing plan, worked out by hand from its text."""

import pytest
from flask.testing import FlaskClient

from tests.cases.answers import Ask, Case, N, P, U, W, X, judge
from tests.cases.applicants import applicant, certificate, firm, project

HAIDIAN, XICHENG = "110108", "110102"
HIGH_TECH = [certificate("high_tech_enterprise", "2024-11-01", "2027-10-31")]
SME = [certificate("technology_sme", "2026-05-20", "2026-12-31")]


def technology_firm(**facts: object) -> dict[str, object]:
    return firm(HAIDIAN, certificates=HIGH_TECH, **facts)


ROLES = [
    Case(
        "a bank gives the loans of article 8 and is not offered them",
        applicant("bank", XICHENG),
        {"bj-08-kechuang-loan": N, "bj-08-loan-plus-equity": N, "bj-08-ip-pledge": N},
        project("loan", tenor_months=60),
    ),
    Case(
        "what the plan has for a bank; nobody said whether it founds anything",
        applicant("bank", XICHENG),
        {
            "bj-02-aic-setup": U,
            "bj-05-s-fund": U,
            "bj-06-sme-relending": P,
            "bj-09-leading-inst": U,
            "bj-12-sti-bond": P,
        },
    ),
    Case(
        "a bank that founds a fund of second-hand shares founds no AIC and no sub-branch by that",
        applicant("bank", XICHENG, founding_regions=[XICHENG], foundings=["secondary_fund"]),
        {"bj-02-aic-setup": N, "bj-05-s-fund": P, "bj-09-leading-inst": U},
    ),
    Case(
        "a bank of Shanghai with a branch in Beijing: 在京设立 places what is founded",
        applicant("bank", "310115", presence_regions=["310115", XICHENG]),
        {"bj-02-aic-setup": U, "bj-05-s-fund": U, "bj-09-leading-inst": U},
    ),
    Case(
        "a bank of Shanghai that founds nothing in Beijing",
        applicant("bank", "310115", founding_regions=["310115"], foundings=["secondary_fund"]),
        {"bj-02-aic-setup": N, "bj-05-s-fund": N, "bj-09-leading-inst": N},
    ),
    Case(
        "an insurer: its own pilot and centre; the assessment body is only explored",
        applicant(
            "insurer",
            XICHENG,
            founding_regions=[XICHENG],
            foundings=["securities_fund", "technology_insurance_centre"],
        ),
        {
            "bj-03-insurer-pilot": P,
            "bj-14-insurer-centre": P,
            "bj-05-s-fund": N,
            "bj-14-risk-assessor": W,
            "bj-14-inclusive": N,
            "bj-02-aic-setup": N,
        },
    ),
    Case(
        "a fund for mergers in Beijing may receive long-term capital",
        applicant(
            "fund_manager",
            HAIDIAN,
            investor_types=["merger_fund"],
            founding_regions=[HAIDIAN],
            foundings=["equity_fund"],
        ),
        {"bj-03-long-capital": P, "bj-15-vc-tax": U},
    ),
    Case(
        "the seat of a manager places no fund; 税收优惠 is for the tax law",
        applicant("fund_manager", HAIDIAN, investor_types=["merger_fund"]),
        {"bj-03-long-capital": U, "bj-15-vc-tax": U},
    ),
    Case(
        "a private securities fund is none of the three kinds of fund named",
        applicant("fund_manager", HAIDIAN, investor_types=["securities_fund"]),
        {"bj-03-long-capital": N},
    ),
    Case(
        "a fund that holds no listed technology shares has none to distribute",
        applicant(
            "fund_manager",
            HAIDIAN,
            investor_types=["private_equity"],
            holds_listed_technology_shares=False,
        ),
        {"bj-05-in-kind": N},
    ),
    Case(
        "a research institute takes no loan for technology enterprises",
        applicant("research_institute", HAIDIAN, recognitions=[]),
        {"bj-08-kechuang-loan": N, "bj-16-trade": N},
        project("loan", tenor_months=60),
    ),
    Case(
        "a university may be the institute meant by the foreign-exchange route, or not",
        applicant("university", HAIDIAN),
        {"bj-16-kehuitong": U},
    ),
    Case(
        "a person: a technology talent, which nobody defined; a patent may be pledged",
        applicant("individual", HAIDIAN, recognitions=[]),
        {"bj-16-talent-fx": U, "bj-08-ip-pledge": U},
    ),
    Case(
        "a rating agency",
        applicant("rating_agency", XICHENG),
        {"bj-12-rating": P, "bj-12-sti-bond": U},
    ),
    Case(
        "a securities firm is a financial institution",
        applicant("financial_institution", XICHENG),
        {"bj-12-sti-bond": P, "bj-05-s-fund": U, "bj-08-kechuang-loan": U},
    ),
    Case(
        "an asset investment company is whom article 2 encourages; another investor is a partner",
        applicant("fund_manager", XICHENG, investor_types=["asset_investment_company"]),
        {"bj-02-aic-equity": P},
    ),
    Case(
        "whether any institutional investor is such a partner is open",
        applicant("institutional_investor", XICHENG, investor_types=["venture_capital"]),
        {"bj-02-aic-equity": U},
    ),
    Case(
        "an enterprise of the city's state capital with fund shares",
        firm(XICHENG, ownership=["beijing_state"], holds_fund_shares=True),
        {"bj-05-share-transfer": P},
    ),
    Case(
        "and where it did not say whether it has such shares",
        firm(XICHENG, ownership=["beijing_state"]),
        {"bj-05-share-transfer": U},
    ),
    Case(
        "an incubator that is a company with a certificate has what an enterprise has",
        applicant(["incubator", "enterprise"], HAIDIAN, certificates=HIGH_TECH),
        {"bj-10-zgc-centre": P, "bj-16-xborder-loan": P, "bj-12-sti-bond": P},
    ),
    Case(
        "a fund manager in foreign hands is a foreign-invested firm",
        applicant("fund_manager", XICHENG, ownership=["foreign_invested"]),
        {"bj-16-fdi-reinvest": P},
    ),
    Case(
        "对科技型企业的覆盖: a restaurant that takes the reinvestment of a foreign-invested firm",
        firm(
            XICHENG,
            ownership=["private"],
            investors=["foreign_invested_enterprise"],
            fields=["conventional"],
            technology_enterprise=False,
        ),
        {"bj-16-fdi-reinvest": N},
    ),
    Case(
        "a guarantor: the existing policies decide on compensation, and only on that",
        applicant("guarantor", XICHENG),
        {"bj-15-guarantee": P, "bj-15-risk-comp": U},
    ),
]

PLACES = [
    Case(
        "在京设立 places the asset investment company and not the bank that founds it",
        applicant(
            "bank", "310115", founding_regions=["110102"], foundings=["asset_investment_company"]
        ),
        {"bj-02-aic-setup": P, "bj-05-s-fund": N, "bj-09-leading-inst": N},
    ),
    Case(
        "where something is founded, but not what",
        applicant("bank", "310115", founding_regions=["110102"]),
        {"bj-02-aic-setup": U, "bj-05-s-fund": U, "bj-09-leading-inst": U},
    ),
    Case(
        "在京设立的基金 places the fund and not its manager",
        applicant(
            "fund_manager",
            "330100",
            founding_regions=["110108"],
            investor_types=["venture_capital"],
            foundings=["equity_fund"],
        ),
        {"bj-03-long-capital": P},
    ),
    Case(
        "a bank of Beijing that founds it in Shanghai",
        applicant("bank", XICHENG, founding_regions=["310115"]),
        {"bj-02-aic-setup": N},
    ),
    Case(
        "the manager of a national fund in Shenzhen is whom Beijing wants to attract",
        applicant("fund_manager", "440305", investor_types=["national_fund"]),
        {"bj-01-service-pack": P},
    ),
    Case(
        "an ordinary private-equity manager of Shenzhen is not",
        applicant(
            "fund_manager",
            "440305",
            investor_types=["private_equity"],
            ownership=["private"],
            founding_regions=["440305"],
            foundings=["equity_fund"],
        ),
        {"bj-01-service-pack": N, "bj-03-long-capital": N, "bj-05-share-transfer": N},
    ),
    Case(
        "shares of a central enterprise's fund may be traded from anywhere",
        applicant("fund_manager", "440305", ownership=["central_state"], holds_fund_shares=True),
        {"bj-05-share-transfer": P, "n-ccb-s-fund": P},
    ),
    Case(
        "a manager that says it holds no shares",
        applicant("fund_manager", HAIDIAN, holds_fund_shares=False),
        {"bj-05-share-transfer": N, "n-ccb-s-fund": N},
    ),
    Case(
        "registered in Tianjin with a laboratory in Haidian: open",
        firm("120104", presence_regions=["120104", HAIDIAN], owns_ip=True),
        {"bj-08-ip-pledge": U},
    ),
    Case(
        "registered in Tianjin and nowhere else",
        firm("120104", presence_regions=["120104"], owns_ip=True),
        {"bj-08-ip-pledge": N},
    ),
    Case(
        "Xuanwu, merged into Xicheng in 2010, lies in Beijing",
        firm("110104", owns_ip=True),
        {"bj-08-ip-pledge": P},
    ),
    Case(
        "a leading foreign investor need not be in Beijing; what leading means is open",
        {"kind": "foreign_institution", "investor_types": ["venture_capital"], "recognitions": []},
        {"bj-17-foreign-inst": U},
    ),
    Case(
        "recognised as a leading foreign investor",
        {
            "kind": "foreign_institution",
            "investor_types": ["asset_management"],
            "recognitions": ["top_foreign_investor"],
            "founding_regions": ["110105"],
            "foundings": ["institution"],
        },
        {"bj-17-foreign-inst": P},
    ),
]

CERTIFICATES = [
    Case(
        "a technology SME on the last day of its certificate",
        firm(HAIDIAN, certificates=SME),
        {"bj-14-inclusive": P, "bj-16-xborder-loan": P},
        as_of="2026-12-31",
    ),
    Case(
        "and on the day after",
        firm(HAIDIAN, certificates=SME),
        {"bj-14-inclusive": N, "bj-16-xborder-loan": N},
        as_of="2027-01-01",
    ),
    Case(
        "the day before the certificate is issued",
        firm(HAIDIAN, certificates=SME),
        {"bj-14-inclusive": N},
        as_of="2026-05-19",
    ),
    Case(
        "the day it is issued",
        firm(HAIDIAN, certificates=SME),
        {"bj-14-inclusive": P},
        as_of="2026-05-20",
    ),
    Case(
        "a high-tech enterprise is no technology SME by that alone",
        technology_firm(),
        {"bj-14-inclusive": N, "bj-16-xborder-loan": P},
    ),
    Case(
        "a little giant is a specialised SME, one of the three kinds of article 16",
        firm(HAIDIAN, certificates=[certificate("little_giant", "2025-01-01", "2027-12-31")]),
        {"bj-16-xborder-loan": P, "bj-14-inclusive": N},
    ),
    Case(
        "certificates not stated: asked for, not assumed",
        firm(HAIDIAN),
        {"bj-14-inclusive": U, "bj-16-xborder-loan": U},
    ),
    Case(
        "no certificate and no recognition: technology enterprise is undefined, so open",
        firm(HAIDIAN, certificates=[], recognitions=[]),
        {"bj-16-trade": U, "bj-10-zgc-centre": U, "bj-16-xborder-loan": N},
    ),
]

TERMS = [
    Case(
        "the loan beside equity: one known government fund is enough",
        firm(HAIDIAN, investors=["government_fund"]),
        {"bj-08-loan-plus-equity": P, "bj-04-portfolio-service": P},
    ),
    Case(
        "some market investor: whether well known no list says",
        firm(HAIDIAN, investors=["investment_institution"]),
        {"bj-08-loan-plus-equity": U, "bj-04-portfolio-service": P},
    ),
    Case(
        "no outside investor at all",
        firm(HAIDIAN, investors=[]),
        {"bj-08-loan-plus-equity": N, "bj-04-portfolio-service": N},
    ),
    Case("a unicorn", firm(HAIDIAN, recognitions=["unicorn"]), {"bj-11-listing": P}),
    Case(
        "no recognition: quality has no test", firm(HAIDIAN, recognitions=[]), {"bj-11-listing": U}
    ),
    Case(
        "the pilot score stays open for the best-known firm: its mark is unpublished",
        technology_firm(recognitions=["technology_enterprise", "leading_technology_enterprise"]),
        {"bj-07-zgc-score": U},
    ),
    Case(
        "subsidies point to policies the plan does not contain; a guarantee is the guarantor's",
        technology_firm(),
        {"bj-15-interest": U, "bj-15-guarantee-premium": U, "bj-15-guarantee": P},
    ),
    Case(
        "no loan, no subsidy of its interest",
        technology_firm(projects_absent=["loan"]),
        {"bj-15-interest": N},
    ),
    Case(
        "a loan for an acquisition is no loan for running the business or for R&D",
        technology_firm(),
        {"bj-08-kechuang-loan": N},
        project("loan", tenor_months=60, loan_uses=["acquisition"]),
    ),
    Case(
        "already on the national board or an exchange: nothing left to be quick about",
        technology_firm(listings=["domestic_exchange"]),
        {"bj-11-four-board": N, "bj-11-return-listing": N},
    ),
    Case(
        "back from abroad already",
        firm(HAIDIAN, listings=["overseas_exchange", "domestic_exchange"]),
        {"bj-11-return-listing": N},
    ),
    Case(
        "no foreign trade, nothing to make easier",
        technology_firm(exports=False),
        {"bj-16-trade": N},
    ),
    Case(
        "a firm without technology, results, tasks or plans to list is done with these",
        firm(
            HAIDIAN,
            fields=["conventional"],
            certificates=[],
            technology_enterprise=False,
            recognitions=["none_of_these"],
            innovation_steps=[],
            plans_listing=False,
            research_tasks=[],
            key_breakthrough=False,
            major_result=False,
        ),
        {
            "bj-01-national-funds": N,
            "bj-03-gov-funds": U,
            "bj-06-ultra-long-bond": N,
            "bj-11-training": N,
            "bj-14-lifecycle": N,
            "bj-11-listing": N,
        },
    ),
    Case(
        "whether a task in key core technology is a major one is left open",
        firm(HAIDIAN, research_tasks=["key_core_technology"]),
        {"bj-11-bse": U, "bj-06-ultra-long-bond": P},
    ),
    Case(
        "a member of no multinational takes no part in its cash pool",
        technology_firm(multinational_member=False),
        {"bj-16-cash-pool": N},
    ),
    Case(
        "first-set equipment is insured",
        firm(HAIDIAN, first_applications=["first_set"]),
        {"bj-14-first-trial": P},
    ),
    Case(
        "neither a first use nor a first set",
        firm(HAIDIAN, first_applications=[]),
        {"bj-14-first-trial": N},
    ),
]

FIELDS = [
    *(
        Case(says, firm(HAIDIAN, fields=[field]), statuses)
        for says, field, statuses in (
            (
                "artificial intelligence is named for dedicated credit",
                "artificial_intelligence",
                {"bj-09-sector-credit": P},
            ),
            (
                "biomedicine is part of medicine and health",
                "biomedicine",
                {"bj-09-sector-credit": P},
            ),
            (
                "commercial space: the list ends in 等高精尖",
                "commercial_space",
                {"bj-09-sector-credit": U, "bj-14-space-pool": P},
            ),
            (
                "another field: two of the lists are open",
                "other",
                {"bj-09-sector-credit": U, "bj-14-space-pool": N, "bj-14-task-pool": U},
            ),
            (
                "a conventional trade",
                "conventional",
                {"bj-09-sector-credit": N, "bj-14-space-pool": N, "bj-14-task-pool": N},
            ),
            (
                "pools for humanoid robots are studied and not open",
                "humanoid_robots",
                {"bj-14-task-pool": W},
            ),
            (
                "a field the study may or may not cover",
                "artificial_intelligence",
                {"bj-14-task-pool": U},
            ),
        )
    ),
    Case(
        "a REIT on other new infrastructure: the list ends in 等",
        firm(
            HAIDIAN,
            infrastructure_assets=["new_infrastructure"],
            asset_title_clear=True,
            asset_income_stable=True,
        ),
        {"bj-13-reits": U},
    ),
    Case(
        "a REIT on something else",
        firm(
            HAIDIAN,
            infrastructure_assets=["other"],
            asset_title_clear=True,
            asset_income_stable=True,
        ),
        {"bj-13-reits": N, "bj-13-park-reits": N},
    ),
]

DAYS = [
    Case(says, firm(HAIDIAN, owns_ip=True), dict.fromkeys(programmes, status), as_of=day)
    for says, day, status, programmes in (
        ("the day before the plan was issued", "2025-09-28", X, ["bj-08-ip-pledge"]),
        ("the day it was issued", "2025-09-29", P, ["bj-08-ip-pledge"]),
        ("the last day of 2027", "2027-12-31", P, ["bj-08-ip-pledge"]),
        ("the first day of 2028", "2028-01-01", X, ["bj-08-ip-pledge", "bj-14-task-pool"]),
    )
]


@pytest.mark.parametrize(
    "case", [*ROLES, *PLACES, *CERTIFICATES, *TERMS, *FIELDS, *DAYS], ids=lambda c: c.says
)
def test_the_plan_as_its_text_reads(ask: Ask, case: Case) -> None:
    """What the text says about one applicant."""
    judge(ask, case)


def test_an_expired_certificate_leaves_the_loan_open(ask: Ask) -> None:
    """The loan is for technology enterprises, a term without definition: expired is not "no"."""
    expired = firm(HAIDIAN, certificates=SME, recognitions=[])
    answer = ask(expired, project("loan", tenor_months=60), as_of="2027-01-01")
    assert answer.status("bj-08-kechuang-loan") == U


def test_the_last_day_is_marked_as_inferred(own_client: FlaskClient) -> None:
    """The plan states no day; the window is marked and explained."""
    programme = own_client.get("/api/v1/programmes/bj-08-kechuang-loan").get_json()
    assert (programme["valid_from"], programme["valid_to"]) == ("2025-09-29", "2027-12-31")
    assert programme["window_inferred"] is True


def test_no_figure_but_the_tenor_is_a_benefit(own_client: FlaskClient) -> None:
    """The trillions and billions of the plan are targets: no ceiling, and one parameter."""
    listed = own_client.get("/api/v1/programmes?measure=bj-2025-19&limit=100").get_json()
    assert listed["total"] == 58
    parameters: dict[str, dict[str, str]] = {}
    for item in listed["items"]:
        programme = own_client.get(f"/api/v1/programmes/{item['id']}").get_json()
        assert programme["ceiling"] is None, item["id"]
        parameters |= {item["id"]: programme["parameters"]} if programme["parameters"] else {}
    assert parameters == {"bj-08-kechuang-loan": {"minimum_tenor_months": "60"}}
