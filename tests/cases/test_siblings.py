"""Companies worked out by hand from the words, before anything was run: siblings of what was once
wrong, with other programmes, other facts and the edges of both windows."""

import pytest

from tests.cases.answers import Ask, Case, Facts, N, P, U, W, X, judge
from tests.cases.applicants import CORE_STAFF, applicant, certificate, firm, project

HAIDIAN, XICHENG, PUDONG, MINHANG = "110108", "110102", "310115", "310112"
HIGH_TECH = [certificate("high_tech_enterprise", "2024-11-01", "2027-10-31")]
TECHNOLOGY_SME = [certificate("technology_sme", "2026-03-01", "2026-12-31")]

PLACES = [
    Case(
        "a branch office in Pudong of a firm of Hangzhou",
        firm("330100", presence_regions=["330100", PUDONG], certificates=HIGH_TECH,
             basic_research_rising=True),
        {"sh-04-basic-research": U, "bj-10-zgc-centre": N, "bj-16-xborder-loan": N},
    ),
    Case(
        "在沪 places the centre: a foreign-owned firm of Suzhou in a multinational group",
        firm("320505", multinational_member=True, ownership=["foreign_invested"]),
        {"sh-12-foreign-centre": P, "sh-09-scenario-open": N},
        project("innovation_centre", location=PUDONG, set_up_on="2026-12-01"),
    ),
    Case(
        "跨国公司 may be an insurer",
        applicant("insurer", XICHENG, multinational_member=True),
        {"sh-12-foreign-centre": P},
        project("innovation_centre", location=MINHANG, set_up_on="2025-09-26"),
    ),
    Case(
        "and a foreign-owned fund manager is left to whoever decides",
        applicant("fund_manager", XICHENG, multinational_member=False,
                  ownership=["foreign_invested"]),
        {"sh-12-foreign-centre": U},
        project("innovation_centre", location=MINHANG, set_up_on="2026-05-01"),
    ),
    Case(
        "its centre stands in Beijing",
        applicant("foreign_institution", XICHENG),
        {"sh-12-foreign-centre": N},
        project("innovation_centre", location=HAIDIAN, set_up_on="2026-05-01"),
    ),
    Case(
        "registered in the province, the city not said",
        firm("360000", exports=True),
        {"j-cross-border-loan": U, "w-boc-guarantee": N},
    ),
    Case(
        "another county of Ji'an: 等地 leaves it open",
        firm("360821"),
        {"j-digital-loan": U},
        project("loan", loan_uses=["digital_transformation"], loan_principal="2000000.00"),
    ),
    Case(
        "a shop of Nanchang is in no county of Ji'an",
        firm("360100"),
        {"j-digital-loan": N},
        project("loan", loan_uses=["digital_transformation"], loan_principal="2000000.00"),
    ),
]  # fmt: skip

DAYS = [
    Case("the day before the Beijing plan", firm(HAIDIAN, owns_ip=True),
         {"bj-08-ip-pledge": X}, as_of="2025-09-28"),
    Case("its first day", firm(HAIDIAN, owns_ip=True),
         {"bj-08-ip-pledge": P}, as_of="2025-09-29"),
    Case("its last day", firm(HAIDIAN, owns_ip=True),
         {"bj-08-ip-pledge": P, "bj-02-aic-setup": N}, as_of="2027-12-31"),
    Case("the day after", firm(HAIDIAN, owns_ip=True),
         {"bj-08-ip-pledge": X}, as_of="2028-01-01"),
    Case("the day before the report from Shanghai", firm(PUDONG, certificates=HIGH_TECH),
         {"s-huke-points": X, "n-innovation-points": U}, as_of="2025-10-09"),
    Case("the day of the report", firm(PUDONG, certificates=HIGH_TECH),
         {"s-huke-points": P}, as_of="2025-10-10"),
    Case("what is only being studied is watched on the last day",
         firm(HAIDIAN, fields=["humanoid_robots"]), {"bj-14-task-pool": W}, as_of="2027-12-31"),
    Case("the certificate's last day", firm(HAIDIAN, certificates=TECHNOLOGY_SME),
         {"bj-14-inclusive": P, "bj-16-xborder-loan": P}, as_of="2026-12-31"),
    Case("the day after: none of this year is held; whether it is a technology firm is unknown",
         firm(HAIDIAN, certificates=TECHNOLOGY_SME),
         {"bj-14-inclusive": N, "bj-16-xborder-loan": N, "bj-10-zgc-centre": U},
         as_of="2027-01-01"),
    Case("a certificate of last year, run out, and it says it is no technology firm",
         firm(HAIDIAN, technology_enterprise=False,
              certificates=[certificate("technology_sme", "2025-04-01", "2025-12-31")]),
         {"bj-10-zgc-centre": N, "bj-02-aic-equity": U, "bj-15-guarantee": N}),
    Case("founded today, in a field of the measure, nothing else stated",
         firm(PUDONG, founded_on="2026-11-22", fields=["sixth_generation_mobile"],
              certificates=[], basic_research_rising=False),
         {"sh-09-scenario-open": P, "sh-04-basic-research": N, "sh-05-gradient": U}),
    Case("a high-tech certificate of which the list holds the last day only",
         firm(HAIDIAN, certificates=[
             {"category": "high_tech_enterprise", "expires_on": "2026-11-22"}]),
         {"bj-16-xborder-loan": P, "bj-14-inclusive": N}),
    Case("the same a day too late",
         firm(HAIDIAN, certificates=[
             {"category": "high_tech_enterprise", "expires_on": "2026-11-21"}]),
         {"bj-16-xborder-loan": N}),
]  # fmt: skip

LINES = [
    Case("规转强 begins above-scale: the register is not asked",
         firm(MINHANG, recognitions=["above_scale_to_strong"]), {"sh-05-upscale": P}),
    Case("a robot maker's product that is none of a future industry, as it says",
         firm(MINHANG, fields=["embodied_intelligence"]), {"sh-08-first-set": N},
         project("first_of_kind_product", contract_amount="10000000.00", future_industry=False)),
    Case("上市融资: a breakthrough, and it means to list nowhere",
         firm(MINHANG, certificates=HIGH_TECH, key_breakthrough=True, listings=[],
              plans_listing=False), {"sh-10-listing": N}),
    Case("and it has said nothing of listing",
         firm(MINHANG, certificates=HIGH_TECH, key_breakthrough=True), {"sh-10-listing": P}),
    Case("a carrier in the register for the first time, with less revenue since",
         firm(MINHANG, industry="G54", revenue="19999999.99", in_statistics_register=True,
              first_above_scale_year=2026, recognitions=["none_of_these"]),
         {"sh-05-upscale": P}),
    Case("and one that is not in the register",
         firm(MINHANG, industry="G54", revenue="19999999.99", in_statistics_register=False,
              recognitions=["none_of_these"]),
         {"sh-05-upscale": N}),
    Case("a school at its line",
         firm(MINHANG, industry="P83", revenue="10000000.00", in_statistics_register=True,
              first_above_scale_year=2026),
         {"sh-05-upscale": P}, ceilings={"sh-05-upscale": "500000.00"}),
    Case("a theatre at its line",
         firm(MINHANG, industry="R88", revenue="5000000.00", in_statistics_register=True,
              first_above_scale_year=2025),
         {"sh-05-upscale": P}),
    Case("five years to the month",
         firm(HAIDIAN, certificates=TECHNOLOGY_SME), {"bj-08-kechuang-loan": P},
         project("loan", tenor_months=60, loan_uses=["operations"])),
    Case("a month short",
         firm(HAIDIAN, certificates=TECHNOLOGY_SME), {"bj-08-kechuang-loan": N},
         project("loan", tenor_months=59, loan_uses=["operations"])),
    Case("a loan to take over another firm is none for its own research",
         firm(HAIDIAN, certificates=TECHNOLOGY_SME),
         {"bj-08-kechuang-loan": N, "n-ma-loan-pilot": P},
         project("loan", tenor_months=84, loan_uses=["acquisition"])),
    Case("half the money for the take-over, half for a pilot line: one of the uses is named",
         firm(HAIDIAN, certificates=TECHNOLOGY_SME),
         {"bj-08-kechuang-loan": P, "n-ma-loan-pilot": P},
         project("loan", tenor_months=84, loan_uses=["acquisition", "pilot_line"])),
    Case("new machines may be innovation or not",
         firm(HAIDIAN, certificates=TECHNOLOGY_SME), {"bj-08-kechuang-loan": U},
         project("loan", tenor_months=60, loan_uses=["technical_upgrading"])),
    Case("thirty per cent of a cent are rounded down to nothing",
         firm(PUDONG, fields=["quantum_technology"]), {"sh-08-first-set": P},
         project("first_of_kind_product", contract_amount="0.01"),
         ceilings={"sh-08-first-set": "0.00"}),
    Case("half of an odd cent is rounded down",
         applicant("social_organisation", PUDONG), {"sh-06-event-expo": P},
         project("event_or_exhibition", activity="host_innovation_event", influential=True,
                 relevant_cost="333333.33"),
         ceilings={"sh-06-event-expo": "166666.66"}),
    Case("half a per cent a year on a loan for digital change",
         firm("360826"), {"j-digital-loan": P},
         project("loan", loan_uses=["digital_transformation"], loan_principal="2000000.00",
                 tenor_months=12),
         ceilings={"j-digital-loan": "10000.00"}),
]  # fmt: skip

KINDS = [
    Case("the founder's own shop is no firm, and is left where nobody is named",
         applicant("individual_business", HAIDIAN, owns_ip=True, exports=True),
         {"bj-08-ip-pledge": U, "bj-19-match-platform": N, "bj-16-trade": N, "bj-19-contest": U}),
    Case("a shop that shows abroad: 企业或机构 leaves it open",
         applicant("individual_business", PUDONG), {"sh-06-event-expo": U, "sh-05-key-links": N},
         project("event_or_exhibition", activity="attend_overseas_expo",
                 relevant_cost="100000.00")),
    Case("an association that hosts the yearly meeting of its field",
         applicant("social_organisation", PUDONG, fields=["biomanufacturing"]),
         {"sh-06-brand-event": P, "sh-04-basic-research": N},
         project("event_or_exhibition", activity="brand_event", world_influence=True)),
    Case("a firm out of a university is a firm",
         firm(HAIDIAN, owns_core_ip=True, certificates=TECHNOLOGY_SME, profitable=False,
              investors=["government_fund"]),
         {"bj-08-ip-pledge": P, "bj-08-loan-plus-equity": P, "bj-16-kehuitong": N,
          "bj-04-portfolio-service": P, "bj-15-guarantee": P}),
    Case("the university itself",
         applicant("university", HAIDIAN, owns_ip=True),
         {"bj-16-kehuitong": U, "bj-08-ip-pledge": U, "bj-15-guarantee": N, "bj-11-listing": N}),
    Case("an incubator that did not say whether it is a company",
         applicant("incubator", HAIDIAN, certificates=HIGH_TECH),
         {"bj-16-xborder-loan": U, "bj-15-guarantee": U}),
    Case("an incubator, a firm and a fund manager at once",
         applicant(["incubator", "enterprise", "fund_manager"], PUDONG,
                   recognitions=["high_quality_incubator"],
                   investment_focus=["frontier_technology"]),
         {"sh-03-incubator": P, "sh-10-fund-subfund": P},
         ceilings={"sh-03-incubator": "20000000.00"}),
    Case("a bank that is listed: not whom loans, interest subsidies or listing are for",
         applicant(["bank", "enterprise"], XICHENG, listings=["domestic_exchange"]),
         {"bj-15-interest": N, "bj-08-ip-pledge": N, "bj-07-zgc-score": N, "bj-12-sti-bond": P}),
    Case("a guarantor borrows nothing either under relending",
         applicant(["guarantor", "enterprise"], XICHENG, certificates=HIGH_TECH),
         {"bj-06-tech-relending": N, "bj-15-guarantee": P}),
    Case("the foundation of a university with shares of a fund",
         applicant("social_organisation", HAIDIAN, holds_fund_shares=True),
         {"bj-05-share-transfer": U, "n-ccb-s-fund": U}),
    Case("a firm that invests nothing has no investor's tax",
         firm(HAIDIAN, investor_types=[], certificates=HIGH_TECH), {"bj-15-vc-tax": N}),
    Case("a venture investor in company form may have it",
         firm(HAIDIAN, investor_types=["venture_capital"]), {"bj-15-vc-tax": U}),
    Case("the committee that builds a cluster zone",
         applicant("government", PUDONG, recognitions=["cluster_developer"]),
         {"sh-06-cluster": U}, ceilings={"sh-06-cluster": "20000000.00"}),
    Case("an inventor with a major result: the funds name nobody",
         applicant("individual", HAIDIAN, fields=["biomedicine"], major_result=True),
         {"bj-01-national-funds": U, "bj-08-kechuang-loan": N}),
    Case("a laboratory of the state",
         applicant("national_laboratory", HAIDIAN),
         {"bj-01-national-funds": P, "bj-06-ultra-long-bond": P, "bj-12-sti-bond": N}),
    Case("an insurer in space cover",
         applicant("insurer", XICHENG), {"bj-14-space-pool": U, "bj-14-drug": N,
                                         "bj-14-insurer-centre": U, "bj-05-s-fund": U}),
    Case("a securities firm founding a fund of second-hand shares: 等",
         applicant("financial_institution", XICHENG), {"bj-05-s-fund": U, "bj-02-aic-setup": N}),
    Case("an investor at Ji'an's round of visits",
         applicant("institutional_investor", "360802"), {"j-invest-loan": P}),
]  # fmt: skip

TITLES = [
    Case("no technology firm, no task: it leads nothing",
         firm(HAIDIAN, technology_enterprise=False, certificates=[], recognitions=[],
              research_tasks=[], key_breakthrough=False, major_result=False),
         {"bj-01-national-funds": N, "bj-06-ultra-long-bond": N, "n-green-channel": N,
          "bj-11-listing": U}),
    Case("another field, and it says that it is no technology firm: it has answered",
         firm(PUDONG, fields=["other"], technology_enterprise=False, certificates=[],
              recognitions=[], basic_research_rising=True, key_breakthrough=True),
         {"sh-04-basic-research": N, "sh-04-eco-leader": N, "sh-05-gradient": N,
          "sh-10-premium": N, "sh-10-listing": N}),
    Case("a restaurant that is no technology firm and plans no listing",
         firm(HAIDIAN, industry="H62", fields=["conventional"], technology_enterprise=False,
              certificates=[], listings=[], plans_listing=False),
         {"bj-15-guarantee-premium": N, "bj-15-interest": N, "bj-15-invest-reward": N,
          "bj-15-risk-comp": N, "bj-11-four-board": N, "bj-19-contest": P}),
    Case("a firm that plans a listing may meet the segment's own rules",
         firm(HAIDIAN, certificates=[], listings=[], plans_listing=True),
         {"bj-11-four-board": U, "bj-15-interest": U}),
    Case("a strategic emerging industry may be one of the advanced ones",
         firm(HAIDIAN, fields=["strategic_emerging"]),
         {"bj-09-sector-credit": U, "n-boc-ai-chain": U}),
    Case("a specialised firm already on the national board",
         firm(HAIDIAN, listings=["neeq"],
              certificates=[certificate("specialised_sme", "2025-01-01", "2027-12-31")]),
         {"bj-11-four-board": N, "bj-16-xborder-loan": P}),
    Case("a specialised firm on another regional market",
         firm(HAIDIAN, listings=["regional_board"],
              certificates=[certificate("little_giant", "2025-01-01", "2027-12-31")]),
         {"bj-11-four-board": P}),
    Case("listed abroad and at home",
         firm(HAIDIAN, listings=["overseas_exchange", "domestic_exchange"]),
         {"bj-11-return-listing": N, "bj-11-four-board": N}),
    Case("listed abroad only",
         firm(HAIDIAN, listings=["overseas_exchange"], plans_listing=True),
         {"bj-11-return-listing": U, "bj-11-training": P}),
    Case("a member of a group without a certificate, which says it is a technology firm",
         firm(HAIDIAN, multinational_member=True, technology_enterprise=True),
         {"bj-16-cash-pool": P}),
    Case("the same outside any group",
         firm(HAIDIAN, multinational_member=False, certificates=HIGH_TECH),
         {"bj-16-cash-pool": N}),
    Case("a national standard is no international one",
         firm(PUDONG), {"sh-12-standard-ip": N},
         project("standard_or_ip", output="domestic_standard", influential=True)),
    Case("intellectual property that carries weight",
         firm(PUDONG), {"sh-12-standard-ip": P},
         project("standard_or_ip", output="intellectual_property", influential=True),
         ceilings={"sh-12-standard-ip": "2000000.00"}),
    Case("a scenario in one's own hall alone",
         firm(PUDONG), {"sh-09-scenario-build": N},
         project("application_scenario", demonstration=True, partners=[])),
    Case("with a hospital of the city",
         firm(PUDONG), {"sh-09-scenario-build": P},
         project("application_scenario", demonstration=True, partners=["public_institution"]),
         ceilings={"sh-09-scenario-build": "8000000.00"}),
    Case("core staff of a firm outside the key fields",
         firm(PUDONG, fields=["conventional"]), {"sh-11-core-rnd-staff": N},
         CORE_STAFF),
    Case("核心研发人员: no word asks for employment",
         firm(PUDONG, fields=["quantum_technology"]), {"sh-11-core-rnd-staff": U},
         project("person", role="core_rnd", employed=False)),
]  # fmt: skip


@pytest.mark.parametrize("cases", [PLACES, DAYS, LINES, KINDS, TITLES])
def test_siblings_come_out_as_the_words_have_them(ask: Ask, cases: list[Case]) -> None:
    """Nothing that was worked out by hand comes out otherwise."""
    wrong = {case.says: found for case in cases if (found := differences(ask, case))}
    assert wrong == {}


def differences(ask: Ask, case: Case) -> dict[str, object]:
    """What an answer has instead of what a case expects."""
    projects = () if case.project is None else (case.project,)
    answer = ask(case.company, *projects, as_of=case.as_of, detail="brief")
    found: dict[str, object] = {
        p: answer.status(p) for p, status in case.expects.items() if answer.status(p) != status
    }
    ceilings = {p: answer.ceiling(p) for p in case.ceilings}
    return found | {p: amount for p, amount in ceilings.items() if amount != case.ceilings[p]}


DENIED = [
    Case(
        "who says it is no technology enterprise has answered; its field shows nothing then",
        firm(
            PUDONG,
            technology_enterprise=False,
            fields=["embodied_intelligence"],
            basic_research_rising=True,
            key_breakthrough=True,
        ),
        {
            "sh-04-basic-research": N,
            "sh-10-listing": N,
            "sh-10-premium": N,
            "sh-09-scenario-open": P,
        },
    ),
    Case(
        "and need not be asked for its field",
        firm(
            PUDONG, technology_enterprise=False, basic_research_rising=True, key_breakthrough=True
        ),
        {"sh-04-basic-research": N, "sh-10-listing": N, "sh-05-key-links": U},
    ),
    Case(
        "a booth abroad of such a firm",
        firm(PUDONG, technology_enterprise=False, fields=["silicon_photonics"]),
        {"sh-06-event-expo": N},
        project("event_or_exhibition", activity="attend_overseas_expo", relevant_cost="100000"),
    ),
    Case(
        "a certificate is another's word, and outweighs its own",
        firm(
            PUDONG, technology_enterprise=False, certificates=HIGH_TECH, basic_research_rising=True
        ),
        {"sh-04-basic-research": P},
    ),
    Case(
        "who has said nothing of it is taken by its field",
        firm(PUDONG, fields=["embodied_intelligence"], basic_research_rising=True),
        {"sh-04-basic-research": P},
    ),
    Case(
        "and with neither, nothing is known",
        firm(PUDONG, basic_research_rising=True),
        {"sh-04-basic-research": U},
    ),
]


@pytest.mark.parametrize("case", DENIED, ids=lambda case: case.says)
def test_a_company_can_say_no_to_a_circle(ask: Ask, case: Case) -> None:
    """科技创新企业 is met on evidence, and not by who says that it is none."""
    judge(ask, case)


FOR_TECHNOLOGY = (
    "bj-01-national-funds", "bj-06-ultra-long-bond", "bj-10-e-platform", "bj-12-sti-bond",
    "bj-15-guarantee-premium", "bj-15-invest-reward", "bj-15-risk-comp", "n-sti-bond",
)  # fmt: skip


@pytest.mark.parametrize(
    "kind",
    ["enterprise", "individual_business", "other", "social_organisation", "public_institution",
     "university", "individual"],
)  # fmt: skip
def test_whoever_has_no_technical_business_has_answered(ask: Ask, kind: str) -> None:
    """A law firm, an association or a hospital in a conventional trade is no more left to others
    than a company is; one that names a field still is."""
    none = {"recognitions": ["none_of_these"], "major_result": False, "key_breakthrough": False}
    denied = applicant(kind, HAIDIAN, technology_enterprise=False, certificates=[], **none)
    answer = ask({**denied, "fields": ["conventional"]})
    assert {p: answer.status(p) for p in FOR_TECHNOLOGY} == dict.fromkeys(FOR_TECHNOLOGY, N)
    if kind not in ("enterprise", "individual_business"):
        assert ask({**denied, "fields": ["biomedicine"]}).status("bj-10-e-platform") == U


def test_no_conventional_body_builds_the_scenario_of_a_subject_of_innovation(ask: Ask) -> None:
    """创新主体 are told apart from 企事业单位, with whom they build it."""
    scenario = project("application_scenario", demonstration=True, partners=["enterprise"])
    for field, expected in (("conventional", N), ("cell_gene_therapy", P)):
        hospital = applicant("public_institution", PUDONG, fields=[field])
        assert ask(hospital, scenario).status("sh-09-scenario-build") == expected


def test_who_has_nothing_to_pledge_is_told_no_more_than_the_text_asks(ask: Ask) -> None:
    """知识产权: any will do, and none of it has to be core."""
    company = firm(HAIDIAN, owns_ip=False, owns_core_ip=False)
    near = ask(company).match("bj-08-ip-pledge")["near_miss"]
    assert near["changes"] == []
    assert [block["text"]["zh"] for block in near["blocked_by"]] == ["不满足：拥有知识产权"]


def test_a_condition_that_forbids_says_so_before_what_it_forbids(ask: Ask) -> None:
    """A tick beside 已在境内上市 would say the opposite of what is meant."""
    match = ask(firm(HAIDIAN, listings=["overseas_exchange"])).match("bj-11-return-listing")
    told = {c["text"]["zh"]: c["truth"] for c in match["conditions"]}
    assert told["不是下列情况：已在境内上市"] == "true"


@pytest.mark.parametrize("listed", [["domestic_exchange"], ["overseas_exchange"], []])
def test_a_listed_firm_may_list_elsewhere(ask: Ask, listed: list[str]) -> None:
    """上市融资 and 境内外上市 leave out nobody who is listed already."""
    beijing = firm(HAIDIAN, recognitions=["unicorn"], listings=listed)
    assert ask(beijing).status("bj-11-listing") == P
    shanghai = firm(PUDONG, certificates=HIGH_TECH, key_breakthrough=True, listings=listed)
    assert ask(shanghai).status("sh-10-listing") == P


@pytest.mark.parametrize("listed", [[], ["overseas_exchange", "domestic_exchange"], ["neeq"]])
def test_nobody_is_advised_to_list_or_to_leave_a_market(ask: Ask, listed: list[str]) -> None:
    """Where a firm is listed is what it is: the return of firms listed abroad is no advice to list
    abroad, and a firm on the national board is not sent back to the regional one."""
    answer = ask(firm(HAIDIAN, listings=listed, plans_listing=False, certificates=[]))
    changed = {
        change["fact"]
        for match in answer.body["matches"]
        for change in (match["near_miss"] or {"changes": ()})["changes"]
    }
    assert "company.listings" not in changed


def advice(ask: Ask, programme: str, company: Facts, *projects: Facts) -> list[str]:
    """The changes that a near miss names, in Chinese."""
    near = ask(company, *projects).match(programme)["near_miss"]
    return [change["text"]["zh"] for change in near["changes"]]


def test_a_certificate_that_is_lacking_is_named_beside_what_is_held(ask: Ask) -> None:
    """One that has run out is shown with its term, and none that is held is asked for again."""
    over = [certificate("technology_sme", "2025-05-20", "2025-12-31")]
    for held, words in (
        (over, "科技型中小企业（2025-05-20 至 2025-12-31），需要重新取得有效的科技型中小企业"),
        (HIGH_TECH, "高新技术企业（2024-11-01 至 2027-10-31），还需要有效的科技型中小企业"),
    ):
        assert advice(ask, "bj-14-inclusive", firm(HAIDIAN, certificates=held)) == [
            f"资质证书：现有 {words}"
        ]
    assert advice(ask, "bj-14-inclusive", firm(HAIDIAN, certificates=[])) == [
        "资质证书：需要有效的科技型中小企业"
    ]


@pytest.mark.parametrize(
    ("of", "words"),
    [
        ({}, "高新技术企业、专精特新中小企业或科技型中小企业"),
        ({"industry": "C39", "employees": 3000, "revenue": "5000000000.00"}, "高新技术企业"),
        ({"serious_dishonesty": True}, "高新技术企业"),
    ],
    ids=["any company", "a large one", "a seriously dishonest one"],
)
def test_all_certificates_that_would_do_are_named(ask: Ask, of: Facts, words: str) -> None:
    """And none that somebody cannot come by."""
    company = firm(HAIDIAN, technology_enterprise=True, certificates=[], **of)
    assert advice(ask, "bj-16-xborder-loan", company) == [f"资质证书：需要有效的{words}"]


def test_what_would_do_stands_in_the_answer_for_machines_too(ask: Ask) -> None:
    """All that would do, and no term of what is not held yet."""
    over = [certificate("technology_sme", "2025-05-20", "2025-12-31")]
    for held, required, any_of in (
        ([], "high_tech_enterprise",
         ["high_tech_enterprise", "specialised_sme", "technology_sme"]),
        (over, "technology_sme 2025-05-20..2025-12-31, technology_sme", ["technology_sme"]),
    ):  # fmt: skip
        company = firm(HAIDIAN, certificates=held)
        (change,) = ask(company).match("bj-16-xborder-loan")["near_miss"]["changes"]
        assert (change["required"], change["any_of"]) == (required, any_of)
    loan = project("loan", tenor_months=59, loan_uses=["operations"])
    (change,) = ask(firm(HAIDIAN, certificates=HIGH_TECH), loan).match("bj-08-kechuang-loan")[
        "near_miss"
    ]["changes"]
    assert (change["required"], change["any_of"]) == ("60", ["60"])


def test_all_partners_that_would_do_are_named(ask: Ask) -> None:
    """A scenario that is built alone."""
    alone = project("application_scenario", demonstration=True, partners=[])
    (words,) = advice(ask, "sh-09-scenario-build", firm(MINHANG, fields=["humanoid_robots"]), alone)
    assert words.endswith("政府部门、企业或事业单位")


def test_where_something_is_founded_is_offered_as_no_change(ask: Ask) -> None:
    """What is founded, and where, is what somebody is about and no advice."""
    investor = applicant("guarantor", PUDONG, investor_types=["cornerstone_investor"],
                         founding_regions=[PUDONG])  # fmt: skip
    assert ask(investor).status("bj-11-institutional") == N
    assert advice(ask, "bj-11-institutional", investor) == []


def test_what_somebody_has_declared_is_no_change(ask: Ask) -> None:
    """Neither to plan, nor to export or to own what it does not."""
    denied = firm(HAIDIAN, plans_listing=False, exports=False, owns_ip=False, research_tasks=[])
    for programme in ("bj-11-training", "bj-16-trade", "bj-08-ip-pledge", "n-cdb-major-task-loan"):
        assert advice(ask, programme, denied) == []


def test_what_a_loan_is_for_is_missing_once(ask: Ask) -> None:
    """What is read off its uses is no second thing to state."""
    match = ask(firm(HAIDIAN, certificates=HIGH_TECH)).match("bj-08-kechuang-loan")
    assert match["missing_facts"] == ["project.kind", "project.tenor_months", "project.loan_uses"]


def test_nobody_is_advised_to_call_a_loan_something_else(ask: Ask) -> None:
    """What a loan is for is a fact of the loan: one to take over a firm is none for research."""
    loan = project("loan", tenor_months=60, loan_uses=["acquisition"])
    assert advice(ask, "bj-08-kechuang-loan", firm(HAIDIAN, certificates=HIGH_TECH), loan) == []
