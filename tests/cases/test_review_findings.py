"""What a line-by-line review found wrong, input by input, with the value that is right.

`E` is an enterprise of Minhang of which nothing else is known. Each line stands for a kind of
fault; its siblings are in the other files.
"""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.cases.answers import Ask, Case, Facts, N, P, U, judge
from tests.cases.applicants import applicant, certificate, firm, project

E = firm("310112")
ROBOTS = {**E, "fields": ["embodied_intelligence"]}
HIGH_TECH = [certificate("high_tech_enterprise", "2024-11-01", "2027-10-31")]
NOODLES: dict[str, Any] = {
    **E, "industry": "C1431", "fields": ["conventional"], "technology_enterprise": False,
    "certificates": [], "recognitions": ["none_of_these"],
}  # fmt: skip
PRODUCT = project("first_of_kind_product", contract_amount="100000000.00")
LOAN = {"ref": "l", "kind": "loan", "loan_principal": "1000000.00", "lpr": "0.03",
        "tenor_months": 12, "ip_pledged": True}  # fmt: skip
EVENT = project(
    "event_or_exhibition", activity="host_innovation_event", influential=True,
    relevant_cost="100000.00",
)  # fmt: skip


def award(**of: Any) -> Facts:
    return {"awards_received": [of]}


TOTALS: list[tuple[str, Facts, tuple[Facts, ...], tuple[str, str]]] = [
    ("an award of 2023, and a contract of which nobody says that it is the same product",
     {**E, **award(purpose="first_of_kind", level="municipal", amount="20000000.00", year=2023)},
     (PRODUCT,), ("0.00", "20000000.00")),
    ("the one-off for basic research was received",
     {**ROBOTS, "basic_research_rising": True,
      **award(purpose="basic_research", level="municipal", amount="3000000.00", year=2026,
              programme="sh-04-basic-research")},
     (), ("0.00", "0.00")),
    ("two fairs abroad: half of each, without a cap",
     ROBOTS,
     tuple(project("event_or_exhibition", ref, activity="attend_overseas_expo", relevant_cost=cost)
           for ref, cost in (("a", "800000.00"), ("b", "600000.00"))),
     ("700000.00", "700000.00")),
    ("Xingan: a fifth to three tenths of three per cent on a million takes part by its ends",
     firm("360824"), (LOAN,), ("6000.00", "9000.00")),
    ("in a municipality the province is the city",
     {**ROBOTS, **award(purpose="first_of_kind", level="provincial", amount="20000000.00",
                        project="p1")},
     (PRODUCT,), ("0.00", "0.00")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("says", "company", "projects", "ends"), TOTALS, ids=[t[0] for t in TOTALS]
)
def test_totals(
    ask: Ask, says: str, company: Facts, projects: tuple[Facts, ...], ends: tuple[str, str]
) -> None:
    """The best lawful set, from its least to its most."""
    total = ask(company, *projects).body["best_combination"]["total"]
    assert (total["low"], total["high"]) == ends


WHO_AND_WHERE = [
    Case("a WFOE of a multinational with a centre in Pudong: when it was set up is asked",
         firm("310115", ownership=["foreign_invested"], multinational_member=True),
         {"sh-12-foreign-centre": U}, project("innovation_centre", location="310115")),
    Case("and it was set up under the measure",
         firm("310115", ownership=["foreign_invested"], multinational_member=True),
         {"sh-12-foreign-centre": P},
         project("innovation_centre", location="310115", set_up_on="2026-03-01")),
    Case("机构: a fund manager hosts an event",
         applicant("fund_manager", "310115"), {"sh-06-event-expo": U}, EVENT),
    Case("and so may a bank", applicant("bank", "310115"), {"sh-06-event-expo": U}, EVENT),
    Case("各类创新主体: a bank builds a scenario",
         applicant("bank", "310115"), {"sh-09-scenario-build": U},
         project("application_scenario", demonstration=True, partners=["enterprise"])),
    Case("like words, like answers: a university with a first version of software",
         applicant("university", "310110"), {"sh-08-first-set": U, "sh-08-procurement": U},
         PRODUCT),
    Case("the city's state capital: whether it holds shares of a fund is asked",
         firm("110108", ownership=["beijing_state"]), {"bj-05-share-transfer": U}),
    Case("and it does",
         firm("110108", ownership=["beijing_state"], holds_fund_shares=True),
         {"bj-05-share-transfer": P}),
    Case("the AIC is founded in Beijing, by a bank of Shanghai",
         applicant("bank", "310115", founding_regions=["110102"],
                   foundings=["asset_investment_company"]), {"bj-02-aic-setup": P}),
    Case("the fund is set up in Beijing, by a manager of Hangzhou",
         applicant("fund_manager", "330100", founding_regions=["110000"],
                   investor_types=["venture_capital"], foundings=["equity_fund"]),
         {"bj-03-long-capital": P}),
    Case("an asset investment company",
         applicant("financial_institution", "110102",
                   investor_types=["asset_investment_company"]),
         {"bj-02-aic-equity": P}),
    Case("any institutional investor is not named",
         applicant("institutional_investor", "110102", technology_enterprise=False,
                   certificates=[], investor_types=["private_equity"]),
         {"bj-02-aic-equity": U}),
    Case("Ji'an and Beijing say the same of relending",
         firm("360802", certificates=HIGH_TECH, employees=60, industry="I65"),
         {"j-relending-quota": P}),
    Case("Beijing and Ji'an say the same of relending",
         firm("110108", certificates=HIGH_TECH, employees=60, industry="I65"),
         {"bj-06-sme-relending": P}),
    Case("a foreign-invested fund manager reinvests",
         applicant("fund_manager", "110108", ownership=["foreign_invested"]),
         {"bj-16-fdi-reinvest": P}),
]  # fmt: skip


def test_to_support_is_not_to_encourage(own_client: FlaskClient) -> None:
    """支持…本土企业: the programme is told with the verb of its sentence."""
    shown = own_client.get("/api/v1/programmes/sh-12-global-division").get_json()
    assert shown["commitment"] == "support"
    assert not [text for text in (shown["name"], shown["summary"]) if "鼓励" in text["zh"]]


def test_when_the_centre_was_set_up_is_asked(ask: Ask) -> None:
    """Of the WFOE above: it is all that its match lacks, and it is among the questions."""
    wfoe = firm("310115", ownership=["foreign_invested"], multinational_member=True)
    answer = ask(wfoe, project("innovation_centre", location="310115"))
    assert answer.match("sh-12-foreign-centre")["missing_facts"] == ["project.set_up_on"]
    assert "project.set_up_on" in {q["fact"] for q in answer.body["next_questions"]}


def test_an_incubator_that_is_a_company_has_what_the_company_has(ask: Ask) -> None:
    """A role hides nothing: as much as the same firm that runs no incubator, and more."""
    both = ask(applicant(["incubator", "enterprise"], "110108", certificates=HIGH_TECH))
    alone = ask(firm("110108", certificates=HIGH_TECH))
    assert {p for p, s in alone.of("").items() if P in s} <= {
        p for p, s in both.of("").items() if P in s
    }


WORDS = [
    Case("未来产业", NOODLES, {"sh-08-first-set": N}, PRODUCT),
    Case("未来产业创新型企业, 科技型企业, 前沿颠覆性, 本土: a noodle maker", NOODLES,
         {"sh-05-gradient": N, "sh-10-listing": N, "sh-10-premium": N, "sh-10-fund-direct": N,
          "sh-12-global-division": N, "sh-04-basic-research": N}),
    Case("科技创新企业: its stand at a fair", NOODLES, {"sh-06-event-expo": N},
         project("event_or_exhibition", activity="attend_overseas_expo", relevant_cost="1.00")),
    Case("优化…政策 gives nothing to a company without a loan",
         {**ROBOTS, "projects_absent": ["loan"]}, {"sh-10-interest": N}),
    Case("nor to one that has a loan", ROBOTS, {"sh-10-interest": U}, LOAN),
    Case("全球顶尖, 拥有核心知识产权: nobody said so",
         applicant("individual", "330100", personal_role="scientist"),
         {"sh-01-top-scientist": U}),
    Case("用于…研发活动: a loan to buy a company",
         firm("110108", certificates=HIGH_TECH), {"bj-08-kechuang-loan": N},
         {**LOAN, "tenor_months": 84, "loan_uses": ["acquisition"], "ip_pledged": False}),
    Case("支农支小: five thousand staff",
         firm("110108", certificates=HIGH_TECH, employees=5000, industry="I65",
              revenue="9000000000.00"), {"bj-06-sme-relending": N}),
    Case("在新三板快速挂牌, 回归境内: already listed at home",
         firm("110108", certificates=HIGH_TECH, listings=["domestic_exchange"]),
         {"bj-11-four-board": N, "bj-11-return-listing": N, "bj-11-training": U}),
    Case("跨境贸易: exports nothing",
         firm("110108", certificates=HIGH_TECH, exports=False), {"bj-16-trade": N}),
    Case("市级政府投资基金: no word shuts out who is no technology firm; each fund decides",
         firm("110108", technology_enterprise=False, certificates=[]), {"bj-03-gov-funds": U}),
    Case("参与长期投资改革试点: an insurer of the city that founds no fund here may be meant",
         {"kind": "insurer", "registered_region": "110102", "founding_regions": [],
          "foundings": []}, {"bj-03-insurer-pilot": U, "bj-05-s-fund": N}),
    Case("and none of another city that founds nothing here",
         {"kind": "insurer", "registered_region": "310115", "founding_regions": [],
          "foundings": []}, {"bj-03-insurer-pilot": N}),
    Case("技术创新、成果转化、产品应用: none of them",
         firm("110108", innovation_steps=[]), {"bj-14-lifecycle": N}),
    Case("上市: a company that is not listed",
         firm("420111", certificates=HIGH_TECH, listings=[]), {"w-hankou-after-list": N}),
    Case("现有 is another sentence's: guarantees for technology firms",
         firm("110108", certificates=HIGH_TECH), {"bj-15-guarantee": P}),
    Case("纳入清单 was one company's story",
         firm("360802", certificates=HIGH_TECH, recognitions=[]), {"j-tech-upgrade-loan": P}),
    Case("升规 in a year that has not come",
         {**E, "industry": "C35", "revenue": "23000000.00", "in_statistics_register": True,
          "first_above_scale_year": 2035, "recognitions": ["none_of_these"]},
         {"sh-05-upscale": N}),
    Case("升规 before the measure: the text says nothing of it",
         {**E, "industry": "C35", "revenue": "23000000.00", "in_statistics_register": True,
          "first_above_scale_year": 2024, "recognitions": ["none_of_these"]},
         {"sh-05-upscale": U}),
    Case("物业管理 is K702",
         {**E, "industry": "K702", "revenue": "10000000.00", "in_statistics_register": True,
          "first_above_scale_year": 2026}, {"sh-05-upscale": P}),
    Case("高精尖 is none of the six directions, nor is it outside them",
         {**E, "fields": ["advanced_industry"]}, {"sh-09-scenario-open": U}),
    Case("另一领域: the directions end in 等", {**E, "fields": ["other"]},
         {"sh-09-scenario-open": U}),
]  # fmt: skip


@pytest.mark.parametrize("case", [*WHO_AND_WHERE, *WORDS], ids=lambda c: c.says)
def test_who_is_addressed_and_what_each_word_asks(ask: Ask, case: Case) -> None:
    """A status for each word that was passed over, and for each that was read into a sentence."""
    judge(ask, case)


@pytest.mark.parametrize("field_code", ["artificial_intelligence", "smart_city", "medicine_health"])
def test_which_direction_a_field_lies_in_is_our_reading(ask: Ask, field_code: str) -> None:
    """No text puts any of these into a direction: the condition is implied."""
    match = ask({**E, "fields": [field_code]}).match("sh-09-scenario-open")
    (field,) = [c for c in match["conditions"] if c["facts"] == ["company.fields"]]
    assert (field["truth"], field["basis"]) == ("true", "implied")


@pytest.mark.parametrize(
    ("region", "asked"), [("310112", False), ("110108", False), ("420111", True)]
)
def test_the_zones_of_wuhan_are_asked_of_wuhan(ask: Ask, region: str, asked: bool) -> None:
    """Of nobody whom its programmes cannot reach."""
    wuhan = [m for m in ask(firm(region)).body["matches"]
             if m["programme"]["jurisdiction"] == "420100"]  # fmt: skip
    assert any("company.zones" in m["missing_facts"] for m in wuhan) is asked


def test_a_title_held_and_not_run_out_is_valid(ask: Ask) -> None:
    """What every bank's list holds: the last day of a certificate, and no first one."""
    held = [{"category": "high_tech_enterprise", "expires_on": "2028-11-15"}]
    assert ask(firm("110108", certificates=held)).status("bj-16-xborder-loan") == P


def test_this_year_s_patents_undo_no_certificate_of_three_years(ask: Ask) -> None:
    """And the standard has exemptions."""
    held = [certificate("specialised_sme", "2026-06-01", "2029-05-31")]
    answer = ask(firm("110108", certificates=held, class_one_ip=0))
    assert answer.status("bj-16-xborder-loan") == P
    assert "conflict" not in answer.warnings()


def test_a_large_company_is_recommended_no_title_of_small_ones(ask: Ask) -> None:
    """3,000 staff and 900 million of revenue in electronics."""
    large = {**E, "industry": "C39", "employees": 3000, "revenue": "900000000.00"}
    hints = ask(large).body["category_hints"]
    assert {hint["standard_id"] for hint in hints} == {"size-class-2017", "above-scale"}


def test_the_score_of_known_figures_is_one_number(ask: Ask) -> None:
    """Half of staff technical 20, R&D of 15 % of costs 20, two rights of class II 12: of no
    revenue nothing is missing."""
    known = {**E, "revenue": "0.00", "rnd_expense": "1500000.00", "costs": "10000000.00",
             "employees": 20, "technical_staff": 10, "class_one_ip": 0, "class_two_ip": 2,
             "total_assets": "5000000.00", "restricted_products": False,
             "serious_incident": False}  # fmt: skip
    hints = ask(known).body["category_hints"]
    (hint,) = [h for h in hints if h["standard_id"] == "technology-sme-2017"]
    (score,) = [c for c in hint["criteria"] if c["id"] == "score"]
    assert (score["observed"], score["missing_facts"]) == ("52", [])
    assert score["text"]["zh"] == "“科技型中小企业评价得分”达到 60 分"
    assert [(p["id"], p["low"], p["high"]) for p in score["parts"]] == [
        ("staff", "20", "20"), ("rnd", "20", "20"), ("ip", "12", "12")
    ]  # fmt: skip


ADVICE_ON_FIELDS = "n-psbc-biomanufacturing"


def test_no_near_miss_tells_anybody_to_work_in_another_field(ask: Ask) -> None:
    """A field is what a company is: of nothing else stated, no programme offers any change."""
    answer = ask({**E, "fields": ["other"]})
    assert answer.match(ADVICE_ON_FIELDS)["near_miss"]["changes"] == []
    offered = {m["programme"]["id"]: m["near_miss"]["changes"]
               for m in answer.body["matches"] if m["near_miss"]}  # fmt: skip
    assert {name for name, changes in offered.items() if changes} == set()


def test_no_change_of_any_near_miss_is_a_title_a_zone_or_what_nobody_can_bring_about(
    ask: Ask,
) -> None:
    """Of a firm that said no to all of them; and 即可 is said nowhere."""
    refused = {**ROBOTS, "recognitions": ["none_of_these"], "zones": [], "certificates": []}
    event = project(
        "event_or_exhibition", activity="brand_event", world_influence=False, influential=False
    )
    answer = ask(refused, event)
    for match in answer.body["matches"]:
        changed = {c["fact"] for c in (match["near_miss"] or {"changes": []})["changes"]}
        assert not changed & {
            "company.recognitions", "company.zones", "company.fields", "company.kind",
            "project.world_influence",
        }  # fmt: skip
    assert "即可" not in str(answer.body)


def test_a_bare_enterprise_is_first_asked_where_it_is_registered(ask: Ask) -> None:
    """Which by itself decides most."""
    first, *_ = ask({"kind": "enterprise"}).body["next_questions"]
    assert first["fact"] == "company.registered_region"


def test_a_branch_s_one_doubt_is_said_once(ask: Ask) -> None:
    """A branch in Beijing of a company of Shanghai."""
    points = ask(firm("310112", presence_regions=["310112", "110108"])).body["open_points"]
    assert sum("分支机构" in p["text"]["zh"] for p in points) == 1
