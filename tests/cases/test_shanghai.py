"""Further cases of the Shanghai measure, worked out by hand from its text."""

import pytest
from flask.testing import FlaskClient

from tests.cases.answers import Ask, Case, N, P, U, X, judge
from tests.cases.applicants import CORE_STAFF, applicant, certificate, firm, project, top_scientist

PUDONG = "310115"
SME_CERTIFICATE = [certificate("technology_sme", "2026-03-01", "2026-12-31")]


def key_field(field: str) -> dict[str, object]:
    return firm(PUDONG, fields=[field], recognitions=["ecosystem_leader"])


FIELDS = [
    Case(
        "quantum technology is named: a leader in it has every condition of article 4",
        key_field("quantum_technology"),
        {"sh-04-eco-leader": P},
        ceilings={"sh-04-eco-leader": None},
    ),
    *(
        Case(says, key_field(field), {"sh-04-eco-leader": status})
        for says, field, status in (
            (
                "commercial space lies in a direction but is not named: the list ends in 等",
                "commercial_space",
                U,
            ),
            ("only the broad direction is stated: open", "future_materials", U),
            ("another field: the directions end in 等 as well", "other", U),
            (
                "a conventional trade is ruled out where the key fields are asked for",
                "conventional",
                N,
            ),
        )
    ),
    Case(
        "no stated field: nothing is assumed",
        firm(PUDONG, recognitions=["ecosystem_leader"]),
        {"sh-04-eco-leader": U},
    ),
    Case(
        "a major project in a named field",
        firm(PUDONG, fields=["quantum_technology"]),
        {"sh-02-major-project": P},
        project("rnd_project"),
    ),
    Case(
        "a major project in an unnamed field of a direction",
        firm(PUDONG, fields=["artificial_intelligence"]),
        {"sh-02-major-project": U},
        project("rnd_project"),
    ),
    Case(
        "a major project in an unrelated field",
        firm(PUDONG, fields=["conventional"]),
        {"sh-02-major-project": N},
        project("rnd_project"),
    ),
    Case(
        "one named field among several is enough",
        firm(PUDONG, fields=["other", "controlled_fusion"]),
        {"sh-02-major-project": P},
        project("rnd_project"),
    ),
    Case(
        "core staff of a firm in an unnamed field of a direction",
        firm(PUDONG, fields=["humanoid_robots"]),
        {"sh-11-core-rnd-staff": U},
        CORE_STAFF,
    ),
    Case(
        "core staff of a firm in an unrelated field",
        firm(PUDONG, fields=["conventional"]),
        {"sh-11-core-rnd-staff": N},
        CORE_STAFF,
    ),
    Case(
        "the sentence on basic research names no field",
        firm(
            PUDONG, fields=["conventional"], technology_enterprise=True, basic_research_rising=True
        ),
        {"sh-04-basic-research": P},
        ceilings={"sh-04-basic-research": "10000000.00"},
    ),
    Case(
        "the sentence on first-of-their-kind products speaks of future industries: a robot firm",
        firm(PUDONG, fields=["embodied_intelligence"]),
        {"sh-08-first-set": P},
        project("first_of_kind_product", contract_amount="1000000.00"),
        {"sh-08-first-set": "300000.00"},
    ),
    *(
        Case(
            says,
            company,
            {"sh-08-first-set": status},
            project("first_of_kind_product", contract_amount="1000000.00"),
        )
        for says, company, status in (
            (
                "a noodle maker with a first-set product: of the product it is asked",
                firm(PUDONG, fields=["conventional"]),
                U,
            ),
            (
                "and one that says it is no technology enterprise",
                firm(PUDONG, fields=["conventional"], technology_enterprise=False),
                U,
            ),
            (
                "one that names its other field, or its trade alone",
                firm(PUDONG, fields=["other"]),
                U,
            ),
            (
                "and one that has no field, or says that it makes noodles",
                firm(PUDONG, fields=[], industry="C1439"),
                N,
            ),
            (
                "a product entered as one of a future industry, and nothing speaks against it",
                firm(PUDONG),
                P,
            ),
        )
    ),
    Case(
        "what is called advanced in Beijing may be a future industry or not",
        firm(PUDONG, fields=["advanced_industry"], recognitions=["quality_future_industry"]),
        {"sh-11-key-talent-employer": U},
    ),
]

TERMS = [
    Case(
        "an ecosystem leader nobody has recognised: the term has no definition",
        firm(PUDONG, fields=["biomanufacturing"], recognitions=[]),
        {"sh-04-eco-leader": U},
    ),
    Case(
        "technology-innovation enterprise is a circle: without evidence it is open",
        firm(PUDONG, recognitions=[], basic_research_rising=True),
        {"sh-04-basic-research": U},
    ),
    Case(
        "a certificate is evidence",
        firm(PUDONG, certificates=SME_CERTIFICATE, basic_research_rising=True),
        {"sh-04-basic-research": P},
    ),
    Case(
        "work in a field of the measure is evidence",
        firm(PUDONG, fields=["quantum_technology"], basic_research_rising=True),
        {"sh-04-basic-research": P},
    ),
    Case(
        "and who says that it is none has answered",
        firm(
            PUDONG,
            fields=["conventional"],
            certificates=[],
            technology_enterprise=False,
            basic_research_rising=True,
        ),
        {"sh-04-basic-research": N, "sh-10-listing": N},
    ),
    Case(
        "spending on basic research that does not rise fails whatever the firm is called",
        firm(
            PUDONG, recognitions=["technology_innovation_enterprise"], basic_research_rising=False
        ),
        {"sh-04-basic-research": N},
    ),
    Case(
        "none of the four certificates, but who knows whether it grows fast",
        firm(PUDONG, certificates=[], recognitions=[]),
        {"sh-05-gradient": U},
    ),
    Case(
        "a little giant is a specialised SME, here one of a future industry",
        firm(
            PUDONG,
            fields=["silicon_photonics"],
            certificates=[certificate("little_giant", "2025-01-01", "2027-12-31")],
        ),
        {"sh-05-gradient": P},
    ),
    Case(
        "a technology SME of a conventional trade is no innovative firm of a future industry",
        firm(PUDONG, fields=["conventional"], certificates=SME_CERTIFICATE),
        {"sh-05-gradient": N},
    ),
    Case(
        "an innovative SME is none of the four kinds named",
        firm(
            PUDONG,
            certificates=[certificate("innovative_sme", "2025-01-01", "2027-12-31")],
            recognitions=[],
        ),
        {"sh-05-gradient": U},
    ),
    Case(
        "a quality enterprise has no test",
        firm(PUDONG, recognitions=[]),
        {"sh-11-key-talent-employer": U},
    ),
    Case(
        "developers of cluster zones are known: on no list means no",
        applicant("platform_operator", PUDONG, recognitions=[]),
        {"sh-06-cluster": N},
    ),
    Case(
        "a designated developer of a cluster zone",
        applicant("platform_operator", PUDONG, recognitions=["cluster_developer"]),
        {"sh-06-cluster": P},
        ceilings={"sh-06-cluster": "20000000.00"},
    ),
    Case(
        "the world's top scientists have no published test",
        applicant(
            "individual", "320500", personal_role="scientist", owns_core_ip=True, recognitions=[]
        ),
        {"sh-01-top-scientist": U},
        project("rnd_project", location="310104", research_features=["frontier_disruptive"]),
    ),
    Case(
        "a top scientist who works elsewhere does not come to Shanghai",
        top_scientist("320500"),
        {"sh-01-top-scientist": N},
        project("rnd_project", location="320500", research_features=["frontier_disruptive"]),
    ),
]


def above_scale(industry: str, revenue: str, **facts: object) -> dict[str, object]:
    given = {
        "industry": industry,
        "revenue": revenue,
        "in_statistics_register": True,
        "first_above_scale_year": 2026,
        "recognitions": [],
        **facts,
    }
    return firm("310113", **given)


UPSCALE = [
    Case(
        "in the register: the last year's revenue is not asked again",
        above_scale("C35", "19999999.99"),
        {"sh-05-upscale": P},
    ),
    *(
        Case(
            f"{industry} with {revenue}: whatever its industry, the register speaks for it",
            above_scale(industry, revenue),
            {"sh-05-upscale": P},
        )
        for industry, revenue in {"I65": "20000000.00", "M73": "9999999.99", "E47": "1.00"}.items()
    ),
    Case(
        "revenue is there but the statistics office has not entered it: not above-scale",
        above_scale("C35", "23000000.00", in_statistics_register=False),
        {"sh-05-upscale": N},
    ),
    Case(
        "above-scale for years: not the first time, and turned strong is undefined",
        above_scale("C35", "90000000.00", first_above_scale_year=2019),
        {"sh-05-upscale": U},
    ),
    Case(
        "recognised as turned strong",
        above_scale(
            "C35",
            "90000000.00",
            first_above_scale_year=2019,
            recognitions=["above_scale_to_strong"],
        ),
        {"sh-05-upscale": P},
        ceilings={"sh-05-upscale": "500000.00"},
    ),
    Case(
        "neither industry nor revenue is told, and neither is needed",
        {k: v for k, v in above_scale("C35", "1.00").items() if k not in ("revenue", "industry")},
        {"sh-05-upscale": P},
    ),
]

EVENTS = [
    Case(
        "an exhibition in China is outside the exhibition limb",
        firm("310104"),
        {"sh-06-event-expo": N},
        project("event_or_exhibition", activity="domestic_expo", relevant_cost="800000.00"),
    ),
    Case(
        "organising others' attendance abroad counts as well, and for an institution too",
        applicant("social_organisation", "310104"),
        {"sh-06-event-expo": P},
        project(
            "event_or_exhibition", activity="organise_overseas_expo", relevant_cost="90000000.01"
        ),
        {"sh-06-event-expo": "45000000.00"},
    ),
    Case(
        "hosting needs influence in the industry: unsaid is open",
        firm("310104"),
        {"sh-06-event-expo": U},
        project("event_or_exhibition", activity="host_innovation_event"),
    ),
    Case(
        "hosting without influence in the industry",
        firm("310104"),
        {"sh-06-event-expo": N},
        project("event_or_exhibition", activity="host_innovation_event", influential=False),
    ),
    Case(
        "hosting with influence",
        firm("310104", fields=["brain_computer_interface"]),
        {"sh-06-event-expo": P},
        project(
            "event_or_exhibition",
            activity="host_innovation_event",
            influential=True,
            relevant_cost="0.01",
        ),
        {"sh-06-event-expo": "0.00"},
    ),
    Case(
        "a bank or a fund manager that hosts an event may be the body meant",
        applicant("fund_manager", "310104"),
        {"sh-06-event-expo": U, "sh-06-brand-event": U},
        project(
            "event_or_exhibition",
            activity="host_innovation_event",
            influential=True,
            world_influence=True,
        ),
    ),
    Case(
        "a branded event of worldwide influence is supported, without a figure",
        firm("310104", fields=["brain_computer_interface"]),
        {"sh-06-brand-event": P},
        project("event_or_exhibition", activity="brand_event", world_influence=True),
        {"sh-06-brand-event": None},
    ),
]

PROJECTS = [
    Case(
        "a pilot-scale platform of an enterprise",
        firm(PUDONG),
        {"sh-03-service-platform": P},
        project("service_platform", platform_type="pilot_scale"),
        {"sh-03-service-platform": "30000000.00"},
    ),
    Case(
        "another professional platform: the list ends in 等",
        firm(PUDONG),
        {"sh-03-service-platform": U},
        project("service_platform", platform_type="other_professional"),
    ),
    Case(
        "a platform that offers no professional service",
        firm(PUDONG),
        {"sh-03-service-platform": N},
        project("service_platform", platform_type="not_professional"),
    ),
    Case(
        "a scenario built with a government department by an institute",
        applicant("research_institute", PUDONG),
        {"sh-09-scenario-build": P},
        project("application_scenario", demonstration=True, partners=["government_department"]),
        {"sh-09-scenario-build": "8000000.00"},
    ),
    Case(
        "a scenario that demonstrates nothing",
        firm(PUDONG),
        {"sh-09-scenario-build": N},
        project("application_scenario", demonstration=False, partners=["enterprise"]),
    ),
    Case(
        "a scenario whose partners are not stated",
        firm(PUDONG),
        {"sh-09-scenario-build": U},
        project("application_scenario", demonstration=True),
    ),
    Case(
        "an international standard that carries weight",
        applicant("social_organisation", PUDONG),
        {"sh-12-standard-ip": P},
        project("standard_or_ip", output="international_standard", influential=True),
        {"sh-12-standard-ip": "2000000.00"},
    ),
    Case(
        "a national standard is no international one",
        firm(PUDONG),
        {"sh-12-standard-ip": N},
        project("standard_or_ip", output="domestic_standard", influential=True),
    ),
    Case(
        "another output: the list ends in 等",
        firm(PUDONG),
        {"sh-12-standard-ip": U},
        project("standard_or_ip", output="other", influential=True),
    ),
    Case(
        "an intellectual-property project without influence",
        firm(PUDONG),
        {"sh-12-standard-ip": N},
        project("standard_or_ip", output="intellectual_property", influential=False),
    ),
    Case(
        "a foreign body that opens a frontier centre in Shanghai need not be there before",
        {"kind": "foreign_institution"},
        {"sh-12-foreign-centre": P},
        project("innovation_centre", location="310115", set_up_on="2026-10-01"),
    ),
    Case(
        "a firm in China that belongs to a multinational is asked when its centre was set up",
        firm(PUDONG, ownership=["foreign_invested"], multinational_member=True),
        {"sh-12-foreign-centre": U},
        project("innovation_centre", location="310115"),
    ),
    Case(
        "and one that opens it now has every condition",
        firm(PUDONG, ownership=["foreign_invested"], multinational_member=True),
        {"sh-12-foreign-centre": P},
        project("innovation_centre", location="310115", set_up_on="2026-11-22"),
    ),
    Case(
        "a university with a first version of software: 创新产品 names no owner, in both sentences",
        applicant("university", PUDONG, fields=["brain_inspired_intelligence"]),
        {"sh-08-first-set": U},
        project("first_of_kind_product", contract_amount="1000000.00"),
    ),
    Case(
        "a bank that builds a scenario: 各类创新主体",
        applicant("bank", PUDONG),
        {"sh-09-scenario-build": U},
        project("application_scenario", demonstration=True, partners=["enterprise"]),
    ),
    Case(
        "the same centre in Hangzhou",
        {"kind": "foreign_institution"},
        {"sh-12-foreign-centre": N},
        project("innovation_centre", location="330100"),
    ),
]

FRONTIER = {
    "fields": ["quantum_technology"],
    "frontier_technology": True,
    "key_breakthrough": True,
    "ownership": ["private"],
}
PLACES_AND_ROLES = [
    Case(
        "registered in Suzhou with a team in Shanghai: whether that is enough no article says",
        firm("320500", presence_regions=["320500", "310112"]),
        {"sh-08-first-set": U},
        project("first_of_kind_product", contract_amount="1000000.00"),
    ),
    Case(
        "the whole province of Zhejiang is not Shanghai",
        firm("330000"),
        {"sh-08-first-set": N},
        project("first_of_kind_product", contract_amount="1000000.00"),
    ),
    Case(
        "Nanhui, abolished in 2009, was part of Shanghai all along",
        firm("310225", fields=["biomanufacturing"]),
        {"sh-08-first-set": P},
        project("first_of_kind_product", contract_amount="1000000.00"),
    ),
    Case(
        "a bank lends and puts in money; whether it is an enterprise too is asked elsewhere",
        applicant("bank", PUDONG, fields=["quantum_technology"]),
        {"sh-10-interest": N, "sh-05-upscale": U, "sh-10-fund-direct": N},
    ),
    Case(
        "an insurer is not paid for the premiums it takes",
        applicant("insurer", PUDONG, fields=["quantum_technology"]),
        {"sh-10-premium": N, "sh-10-fund-direct": N},
    ),
    Case(
        "a fund manager of Shenzhen may raise a sub-fund: the text names no place",
        applicant("fund_manager", "440305", investment_focus=["frontier_technology"]),
        {"sh-10-fund-subfund": P, "sh-10-fund-direct": N},
    ),
    Case(
        "the sentence on direct investment names nobody; an incubator is a native body by name",
        applicant("incubator", PUDONG, **FRONTIER),
        {"sh-10-fund-direct": U, "sh-12-global-division": P},
    ),
    Case(
        "one that says it is an enterprise too has what an enterprise has",
        applicant(["incubator", "enterprise"], PUDONG, **FRONTIER),
        {"sh-10-fund-direct": P, "sh-12-global-division": P, "sh-10-listing": P},
    ),
    Case(
        "one that is a social organisation is no enterprise",
        applicant(["incubator", "social_organisation"], PUDONG, **FRONTIER),
        {"sh-10-listing": N, "sh-12-global-division": P},
    ),
    Case(
        "a certificate counts on its last day",
        firm(PUDONG, fields=["biomanufacturing"], certificates=SME_CERTIFICATE, recognitions=[]),
        {"sh-05-gradient": P},
        as_of="2026-12-31",
    ),
    Case(
        "and on the day after no more; fast growth is then what is left open",
        firm(PUDONG, fields=["biomanufacturing"], certificates=SME_CERTIFICATE, recognitions=[]),
        {"sh-05-gradient": U},
        as_of="2027-01-01",
    ),
    Case(
        "nothing of the measure on the day after its last",
        firm(PUDONG, certificates=[]),
        {"sh-09-scenario-open": X, "sh-10-interest": X},
        as_of="2030-09-26",
    ),
]


@pytest.mark.parametrize(
    "case", [*FIELDS, *TERMS, *UPSCALE, *EVENTS, *PROJECTS, *PLACES_AND_ROLES], ids=lambda c: c.says
)
def test_the_measure_as_its_text_reads(ask: Ask, case: Case) -> None:
    """What the text says about one applicant."""
    judge(ask, case)


MONEY = {
    "sh-02-major-project": None,
    "sh-05-key-links": None,
    "sh-03-incubator": (None, "20000000.00"),
    "sh-03-service-platform": (None, "30000000.00"),
    "sh-04-basic-research": (None, "10000000.00"),
    "sh-04-eco-leader": None,
    "sh-05-upscale": (None, "500000.00"),
    "sh-06-cluster": (None, "20000000.00"),
    "sh-06-event-expo": ("0.50", None),
    "sh-08-first-set": ("0.30", "20000000.00"),
    "sh-09-scenario-build": (None, "8000000.00"),
    "sh-11-core-rnd-staff": (None, "500000.00"),
    "sh-12-standard-ip": (None, "2000000.00"),
}


def test_where_the_verb_is_to_give_money_is_promised_and_nowhere_else(
    own_client: FlaskClient,
) -> None:
    """给予: ten amounts and three times without a figure; no other programme names any."""
    listed = own_client.get("/api/v1/programmes?measure=sh-2025-8&limit=100").get_json()["items"]
    found = {}
    for item in listed:
        ceiling = own_client.get(f"/api/v1/programmes/{item['id']}").get_json()["ceiling"]
        if ceiling or item["commitment"] == "funding":
            found[item["id"]] = ceiling and (ceiling["rate"], ceiling["cap"])
    assert found == MONEY


@pytest.mark.parametrize("programme", ["sh-04-basic-research", "sh-05-upscale"])
def test_one_off_is_said_where_the_text_says_it(own_client: FlaskClient, programme: str) -> None:
    """一次性 stands in two sentences."""
    programme_json = own_client.get(f"/api/v1/programmes/{programme}").get_json()
    assert programme_json["ceiling"]["one_off"] is True


@pytest.mark.parametrize(
    "programme", sorted(MONEY.keys() - {"sh-04-basic-research", "sh-05-upscale"})
)
def test_one_off_is_left_open_where_the_text_is_silent(
    own_client: FlaskClient, programme: str
) -> None:
    """Nothing is said on whether the others can be had again."""
    ceiling = own_client.get(f"/api/v1/programmes/{programme}").get_json()["ceiling"]
    assert ceiling is None or ceiling["one_off"] is None
