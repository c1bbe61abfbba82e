"""Typical and odd companies, worked out by hand from the sentences and not by running the rules.

Each case names the words that decide. Only what the words decide is listed.
"""

from typing import Any

import pytest

from tests.cases.answers import Ask, Case, N, P, U, W, X, judge
from tests.cases.applicants import CORE_STAFF, applicant, certificate, digital_loan, firm, project

PUDONG, BAOSHAN, HAIDIAN, ETOWN, WUHAN, JIZHOU = (
    "310115", "310113", "110108", "110115", "420111", "360802",
)  # fmt: skip
HIGH_TECH = [certificate("high_tech_enterprise", "2024-11-01", "2027-10-31")]
SPECIALISED = [certificate("specialised_sme", "2024-06-01", "2027-05-31")]
NO_TITLES = {"certificates": [], "recognitions": ["none_of_these"]}


def robots(**facts: object) -> dict[str, object]:
    """A Pudong firm of embodied intelligence, one of the key fields by name."""
    return firm(PUDONG, fields=["embodied_intelligence"], **facts)


def capital_tech(**facts: object) -> dict[str, object]:
    """A Haidian high-tech enterprise."""
    return firm(HAIDIAN, certificates=HIGH_TECH, **facts)


def entered(industry: str, revenue: str, year: int, **facts: Any) -> dict[str, Any]:
    """A firm that the statistics office entered as above scale in a year."""
    given = {"in_statistics_register": True, "first_above_scale_year": year, **facts}
    return firm(BAOSHAN, industry=industry, revenue=revenue, **given)


SHANGHAI = [
    Case(
        "科技创新企业参加境外重要展会: half of the cost, to the cent",
        robots(technology_enterprise=True),
        {"sh-06-event-expo": P},
        project("event_or_exhibition", activity="attend_overseas_expo", relevant_cost="123456.79"),
        {"sh-06-event-expo": "61728.39"},
    ),
    Case(
        "境外: a fair at home is not one abroad",
        robots(technology_enterprise=True),
        {"sh-06-event-expo": N},
        project("event_or_exhibition", activity="domestic_expo", relevant_cost="100000.00"),
    ),
    Case(
        "举办具有行业影响力的活动: whether it has influence was not said",
        robots(technology_enterprise=True),
        {"sh-06-event-expo": U},
        project("event_or_exhibition", activity="host_innovation_event", relevant_cost="90000.00"),
    ),
    Case(
        "with influence in the industry; whether it is a brand of the world is open",
        robots(technology_enterprise=True),
        {"sh-06-event-expo": P, "sh-06-brand-event": U},
        project(
            "event_or_exhibition",
            activity="host_innovation_event",
            influential=True,
            relevant_cost="90000.00",
        ),
        {"sh-06-event-expo": "45000.00"},
    ),
    Case(
        "具有世界影响力的品牌学术活动, which may be an innovation event too",
        robots(),
        {"sh-06-brand-event": P, "sh-06-event-expo": U},
        project("event_or_exhibition", activity="brand_event", world_influence=True),
    ),
    Case(
        "首台套: three tenths, rounded down",
        robots(),
        {"sh-08-first-set": P},
        project("first_of_kind_product", contract_amount="33333333.33"),
        {"sh-08-first-set": "9999999.99"},
    ),
    Case(
        "a product that is none of a future industry, of a firm in a conventional trade",
        firm(PUDONG, fields=["conventional"]),
        {"sh-08-first-set": N},
        project("first_of_kind_product", contract_amount="1.00", future_industry=False),
    ),
    Case(
        "示范性应用场景 with a public institution",
        robots(),
        {"sh-09-scenario-build": P},
        project("application_scenario", demonstration=True, partners=["public_institution"]),
        {"sh-09-scenario-build": "8000000.00"},
    ),
    Case(
        "联合: alone it is not joint",
        robots(),
        {"sh-09-scenario-build": N},
        project("application_scenario", demonstration=True, partners=[]),
    ),
    Case(
        "示范性: a scenario that is no demonstration",
        robots(),
        {"sh-09-scenario-build": N},
        project("application_scenario", demonstration=False, partners=["enterprise"]),
    ),
    Case(
        "国际标准 that the industry follows",
        robots(),
        {"sh-12-standard-ip": P},
        project("standard_or_ip", output="international_standard", influential=True),
        {"sh-12-standard-ip": "2000000.00"},
    ),
    Case(
        "具有行业影响力: one without it",
        robots(),
        {"sh-12-standard-ip": N},
        project("standard_or_ip", output="international_standard", influential=False),
    ),
    Case(
        "国际标准: a national standard is none",
        robots(),
        {"sh-12-standard-ip": N},
        project("standard_or_ip", output="domestic_standard", influential=True),
    ),
    Case(
        "核心研发人员 of a key field, employed",
        robots(),
        {"sh-11-core-rnd-staff": P},
        CORE_STAFF,
        {"sh-11-core-rnd-staff": "500000.00"},
    ),
    Case(
        "an accountant is none",
        robots(),
        {"sh-11-core-rnd-staff": N},
        project("person", role="other", employed=True),
    ),
    Case(
        "rising basic research: a technology SME whose spending rises",
        firm(
            PUDONG,
            certificates=[certificate("technology_sme", "2026-04-01", "2026-12-31")],
            basic_research_rising=True,
        ),
        {"sh-04-basic-research": P},
        ceilings={"sh-04-basic-research": "10000000.00"},
    ),
    Case(
        "持续: it does not rise",
        robots(basic_research_rising=False),
        {"sh-04-basic-research": N},
    ),
    Case(
        "生态主导型科技企业 is a title that nobody has defined",
        robots(),
        {"sh-04-eco-leader": U},
    ),
    Case(
        "and who says that it has none of the titles has answered",
        robots(**NO_TITLES),
        {"sh-04-eco-leader": N},
    ),
    Case(
        "小升规: a software firm of 20 million, in the register for the first time this year",
        entered("I65", "20000000.00", 2026),
        {"sh-05-upscale": P},
        ceilings={"sh-05-upscale": "500000.00"},
    ),
    Case(
        "one cent short of the line of its industry, and in the register all the same",
        entered("I65", "19999999.99", 2026, **NO_TITLES),
        {"sh-05-upscale": P},
    ),
    Case(
        "a consultancy reaches its line at ten million",
        entered("L72", "10000000.00", 2025),
        {"sh-05-upscale": P},
    ),
    Case(
        "入统: revenue alone does not enter a firm",
        firm(BAOSHAN, industry="C35", revenue="30000000.00", in_statistics_register=False),
        {"sh-05-upscale": N},
    ),
    Case(
        "对企业加大研发费用投入等关键环节给予资助",
        firm(PUDONG, activities=["raise_rnd_spending"]),
        {"sh-05-key-links": P},
    ),
    Case(
        "a bakery that expands sales alone has no such step",
        firm(PUDONG, activities=[]),
        {"sh-05-key-links": N},
    ),
    Case(
        "listing: a breakthrough in a key technology",
        firm(PUDONG, certificates=HIGH_TECH, key_breakthrough=True),
        {"sh-10-listing": P},
    ),
    Case(
        "没有突破",
        firm(PUDONG, certificates=HIGH_TECH, key_breakthrough=False),
        {"sh-10-listing": N},
    ),
    Case(
        "概念验证平台 on 30 million; whoever builds it",
        applicant("university", PUDONG),
        {"sh-03-service-platform": P},
        project("service_platform", platform_type="proof_of_concept"),
        {"sh-03-service-platform": "30000000.00"},
    ),
    Case(
        "等专业服务平台: another professional platform is open",
        applicant("platform_operator", PUDONG),
        {"sh-03-service-platform": U},
        project("service_platform", platform_type="other_professional"),
    ),
    Case(
        "an ordinary co-working space is no 高质量孵化器",
        applicant("incubator", PUDONG, recognitions=["none_of_these"]),
        {"sh-03-incubator": N, "sh-03-poc-fund": N},
    ),
    Case(
        "an American group's research centre, set up in Pudong after the measure began",
        applicant("foreign_institution", PUDONG),
        {"sh-12-foreign-centre": P},
        project("innovation_centre", location=PUDONG, set_up_on="2026-03-01"),
    ),
    Case(
        "在沪设立: one in Suzhou is not in Shanghai",
        applicant("foreign_institution", "320500"),
        {"sh-12-foreign-centre": N},
        project("innovation_centre", location="320500", set_up_on="2026-03-01"),
    ),
    Case(
        "a Shanghai measure before its first day and after its last",
        robots(),
        {"sh-08-first-set": X},
        project("first_of_kind_product", contract_amount="1000000.00"),
        as_of="2025-09-25",
    ),
    Case(
        "a Nanjing firm with no team in Shanghai or Beijing",
        firm("320100", fields=["embodied_intelligence"], certificates=HIGH_TECH,
             presence_regions=["320100"]),
        {"sh-04-basic-research": N, "sh-05-gradient": N, "bj-08-kechuang-loan": N,
         "bj-11-listing": N, "sh-10-listing": N},
    ),
    Case(
        "individual: 科学家、创业者、投资人 in the open community",
        applicant("individual", PUDONG, personal_role="scientist"),
        {"sh-11-community": P},
    ),
    Case(
        "somebody who is none of these",
        applicant("individual", PUDONG, personal_role="other"),
        {"sh-11-community": N},
    ),
]  # fmt: skip

BEIJING = [
    Case(
        "5年期以上 for a technology enterprise's research: five years exactly count",
        capital_tech(),
        {"bj-08-kechuang-loan": P},
        project("loan", tenor_months=60, loan_uses=["rnd_equipment"]),
    ),
    Case(
        "one month less",
        capital_tech(),
        {"bj-08-kechuang-loan": N},
        project("loan", tenor_months=59, loan_uses=["rnd_equipment"]),
    ),
    Case(
        "用于…创新研发活动: an acquisition is none",
        capital_tech(),
        {"bj-08-kechuang-loan": N},
        project("loan", tenor_months=60, loan_uses=["acquisition"]),
    ),
    Case(
        "获得政府投资基金投资的企业",
        firm(HAIDIAN, investors=["government_fund"]),
        {"bj-08-loan-plus-equity": P, "bj-04-portfolio-service": P},
    ),
    Case(
        "nobody has invested",
        firm(HAIDIAN, investors=[]),
        {"bj-08-loan-plus-equity": N, "bj-04-portfolio-service": N},
    ),
    Case(
        "知识产权质押: who owns none has none to pledge",
        firm(HAIDIAN, owns_ip=False, owns_core_ip=False),
        {"bj-08-ip-pledge": N},
    ),
    Case(
        "a shop that owns a patent: the sentence names nobody",
        applicant("individual_business", HAIDIAN, owns_ip=True),
        {"bj-08-ip-pledge": U},
    ),
    *(
        Case(says, firm(HAIDIAN, fields=[field]), {"bj-09-sector-credit": status})
        for says, field, status in (
            ("人工智能、医药健康等高精尖产业", "artificial_intelligence", P),
            ("等: semiconductors may belong", "fourth_generation_semiconductors", U),
            ("a noodle maker does not", "conventional", N),
        )
    ),
    Case(
        "承担重大科技攻关任务 is one of three limbs",
        firm(HAIDIAN, research_tasks=["major_task"], profitable=True),
        {"bj-11-bse": P},
    ),
    Case(
        "profitable, no task, no breakthrough: none of the three",
        firm(HAIDIAN, research_tasks=[], key_breakthrough=False, profitable=True),
        {"bj-11-bse": N},
    ),
    Case(
        "准备上市挂牌: who does not plan to list is not trained for it",
        firm(HAIDIAN, plans_listing=False),
        {"bj-11-training": N},
    ),
    Case(
        "独角兽企业 to list at home or abroad",
        firm(HAIDIAN, recognitions=["unicorn"], plans_listing=True),
        {"bj-11-listing": P, "bj-11-training": P},
    ),
    Case(
        "跨境融资便利化 for the three kinds of title",
        firm(ETOWN, certificates=SPECIALISED),
        {"bj-16-xborder-loan": P},
    ),
    Case(
        "an institute that is no enterprise: 科汇通",
        applicant("research_institute", HAIDIAN),
        {"bj-16-kehuitong": P, "bj-16-xborder-loan": N},
    ),
    Case(
        "the same team as a company",
        firm(HAIDIAN),
        {"bj-16-kehuitong": N},
    ),
    Case(
        "鼓励科技型企业参与跨国公司…集中运营: a member of a group",
        capital_tech(multinational_member=True),
        {"bj-16-cash-pool": P},
    ),
    Case(
        "办理跨境贸易…便利化: a technology firm that trades with nobody abroad",
        capital_tech(exports=False),
        {"bj-16-trade": N},
    ),
    Case(
        "and one that does",
        capital_tech(exports=True),
        {"bj-16-trade": P},
    ),
    Case(
        "普惠型科技保险 for technology SMEs",
        firm(HAIDIAN, certificates=[certificate("technology_sme", "2026-04-01", "2026-12-31")]),
        {"bj-14-inclusive": P},
    ),
    Case(
        "重大科技创新成果的首试首用",
        firm(HAIDIAN, first_applications=["first_use"]),
        {"bj-14-first-trial": P},
    ),
    Case(
        "本市创新药",
        firm(HAIDIAN, innovative_drug=True),
        {"bj-14-drug": P},
    ),
    Case(
        "研究在…人形机器人…领域组建: only studied",
        firm(HAIDIAN, fields=["humanoid_robots"]),
        {"bj-14-task-pool": W},
    ),
    Case(
        "探索支持保险公司设立…风险评估专业机构: only explored",
        applicant("insurer", "110102"),
        {"bj-14-risk-assessor": W, "bj-03-insurer-pilot": U, "bj-14-insurer-centre": U},
    ),
    Case(
        "数据中心 with clear title and stable income",
        firm(HAIDIAN, infrastructure_assets=["data_centre"], asset_title_clear=True,
             asset_income_stable=True),
        {"bj-13-reits": P},
    ),
    Case(
        "权属清晰: a dispute about the title is no paper that is missing",
        firm(HAIDIAN, infrastructure_assets=["data_centre"], asset_title_clear=False,
             asset_income_stable=True),
        {"bj-13-reits": N},
    ),
    Case(
        "加快培育孵化: income that is not stable yet",
        firm(HAIDIAN, infrastructure_assets=["data_centre"], asset_title_clear=True,
             asset_income_stable=False),
        {"bj-13-reits": U},
    ),
    Case(
        "评级机构",
        applicant("rating_agency", "110102"),
        {"bj-12-rating": P},
    ),
    Case(
        "an enterprise rates nobody",
        firm(HAIDIAN),
        {"bj-12-rating": N},
    ),
    Case(
        "鼓励优质境外上市企业回归: one listed at home only",
        firm(HAIDIAN, listings=["domestic_exchange"]),
        {"bj-11-return-listing": N},
    ),
    Case(
        "优质: nobody has published who is of quality",
        firm(HAIDIAN, listings=["overseas_exchange"], recognitions=[]),
        {"bj-11-return-listing": U},
    ),
    Case(
        "境外 and 境内 place the listings: a firm of Guangzhou with nothing in Beijing",
        firm("440106", listings=["overseas_exchange"], presence_regions=["440106"]),
        {"bj-11-return-listing": N, "bj-11-listing": N, "bj-19-contest": N},
    ),
    Case(
        "聚焦高风险、高价值的重大科学问题: frontier technology on no such question",
        firm(PUDONG),
        {"sh-01-disruptive-tech": N},
        project("rnd_project", research_features=["frontier_disruptive"]),
    ),
    Case(
        "guarantees for technology firms: both sides are named",
        applicant("guarantor", HAIDIAN),
        {"bj-15-guarantee": P},
    ),
    Case(
        "after the last day of 2027 nothing is stated: the plan runs 2025 to 2027",
        capital_tech(),
        {"bj-16-xborder-loan": X},
        as_of="2028-01-01",
    ),
    Case(
        "a Shanghai bank cannot be lent Beijing's innovation loan",
        applicant("bank", PUDONG),
        {"bj-08-kechuang-loan": N, "bj-08-ip-pledge": N, "bj-10-zgc-centre": N},
    ),
]  # fmt: skip

ELSEWHERE = [
    Case(
        "half a per cent a year on a digital loan in Jizhou",
        firm(JIZHOU),
        {"j-digital-loan": P},
        digital_loan("3333333.33"),
        {"j-digital-loan": "16666.66"},
    ),
    Case(
        "East Lake pays those who settle there, 200 million at most",
        applicant(
            "insurer",
            PUDONG,
            founding_regions=[WUHAN],
            zones=["east_lake"],
            foundings=["institution"],
        ),
        {"w-donghu-settle": P},
        ceilings={"w-donghu-settle": "200000000.00"},
    ),
    Case(
        "人工智能产业链: the sentence names nobody, an institute may be meant",
        applicant("research_institute", HAIDIAN, fields=["artificial_intelligence"]),
        {"n-boc-ai-chain": U},
    ),
    Case(
        "an enterprise of that chain anywhere in the country",
        firm("440300", fields=["artificial_intelligence"]),
        {"n-boc-ai-chain": P},
    ),
    Case(
        "a titled SME in Shanghai: 专精特新贷",
        firm(PUDONG, certificates=SPECIALISED),
        {"s-zjtx-loan": P},
    ),
    Case("without the title", firm(PUDONG, **NO_TITLES), {"s-zjtx-loan": N}),
]


@pytest.mark.parametrize("case", [*SHANGHAI, *BEIJING, *ELSEWHERE], ids=lambda c: c.says)
def test_what_the_sentence_says_of_a_company(ask: Ask, case: Case) -> None:
    """Statuses and ceilings that follow from the words alone."""
    judge(ask, case)
