"""How a sentence becomes a rule: one case for each kind of slip a reader can make."""

import pytest
from flask.testing import FlaskClient

from tests.cases.answers import Ask, Case, N, P, U, judge
from tests.cases.applicants import applicant, certificate, firm, project, top_scientist

PUDONG, HAIDIAN, WUHAN, JIZHOU = "310115", "110108", "420111", "360802"
HIGH_TECH = [certificate("high_tech_enterprise", "2024-11-01", "2027-10-31")]
NOODLES = {
    "industry": "C1431",
    "fields": ["conventional"],
    "certificates": [],
    "technology_enterprise": False,
    "recognitions": ["none_of_these"],
}

QUALIFYING_WORDS = [
    Case(
        "未来产业创新型企业: a high-tech noodle maker climbs no ladder of future industries",
        firm(PUDONG, fields=["conventional"], certificates=HIGH_TECH),
        {"sh-05-gradient": N},
    ),
    Case(
        "科技创新企业: nor is its stand abroad paid for",
        firm(PUDONG, **NOODLES),
        {"sh-06-event-expo": N},
        project("event_or_exhibition", activity="attend_overseas_expo", relevant_cost="800000.00"),
    ),
    Case(
        "优化…政策 points to other policies: a loan alone makes nobody potential",
        firm(PUDONG, fields=["biomanufacturing"], certificates=HIGH_TECH),
        {"sh-10-interest": U, "sh-10-premium": U},
        project("loan", tenor_months=12),
    ),
    Case(
        "贷款贴息: without a loan there is no interest",
        firm(PUDONG, fields=["biomanufacturing"], projects_absent=["loan"]),
        {"sh-10-interest": N},
    ),
    Case(
        "前沿颠覆性: a robot firm whose technology is not of that kind",
        firm(PUDONG, fields=["embodied_intelligence"], frontier_technology=False),
        {"sh-10-fund-direct": N},
    ),
    Case(
        "本土: whether a foreign-invested firm is native nobody has said",
        firm(PUDONG, fields=["embodied_intelligence"], ownership=["foreign_invested"]),
        {"sh-12-global-division": U},
    ),
    Case(
        "依托项目经理团队: a scientist whom no team brings",
        top_scientist("320500"),
        {"sh-01-top-scientist": N},
        project(
            "rnd_project",
            location=PUDONG,
            research_features=["frontier_disruptive"],
            manager_team=False,
        ),
    ),
    Case(
        "合作、概念验证基金: an incubator that says it does neither",
        applicant(
            "incubator", PUDONG, recognitions=["high_quality_incubator"], incubator_cooperates=False
        ),
        {"sh-03-incubator": P, "sh-03-poc-fund": N},
    ),
    Case(
        "支农支小: 5,000 staff are not small, and no farm",
        firm(HAIDIAN, certificates=HIGH_TECH, employees=5000, industry="I65"),
        {"bj-06-sme-relending": U},
    ),
    Case(
        "and sixty are small, in software",
        firm(HAIDIAN, certificates=HIGH_TECH, employees=60, industry="I65"),
        {"bj-06-sme-relending": P},
    ),
    Case(
        "科技企业: a listed noodle maker is no listed technology company",
        firm(WUHAN, **NOODLES, listings=["domestic_exchange"]),
        {"w-hankou-after-list": N},
    ),
    Case(
        "升规: a year that has not come",
        firm(
            PUDONG,
            industry="C35",
            revenue="23000000.00",
            in_statistics_register=True,
            first_above_scale_year=2035,
            recognitions=["none_of_these"],
        ),
        {"sh-05-upscale": N},
    ),
]

OTHER_SENTENCES = [
    Case(
        "列入清单 was one company's story: relending is for technology and upgrading",
        firm(JIZHOU, recognitions=[], upgrading_project=True),
        {"j-tech-upgrade-loan": P},
    ),
    Case(
        "青年科学家 stands beside results and not beside exchange",
        applicant("individual", PUDONG),
        {"sh-11-young-scientist": U},
        project("person", person_titles=[], person_activities=["cross_border_exchange"]),
    ),
    Case(
        "like sentences, like answers: relending in Ji'an and in Beijing",
        firm(JIZHOU, certificates=HIGH_TECH),
        {"j-relending-quota": P},
    ),
]

PLACES = [
    Case(
        "a zone of Wuhan is not asked of a firm of Beijing",
        firm(HAIDIAN, certificates=HIGH_TECH),
        {"w-insurance-community": N, "w-donghu-angel": N, "n-insurance-zones": N},
    ),
    Case(
        "落户 speaks of those who are not there yet",
        applicant(
            "bank",
            "310115",
            founding_regions=[WUHAN],
            zones=["east_lake"],
            foundings=["institution"],
        ),
        {"w-donghu-settle": P},
    ),
]


@pytest.mark.parametrize(
    "case", [*QUALIFYING_WORDS, *OTHER_SENTENCES, *PLACES], ids=lambda c: c.says
)
def test_the_words_of_the_sentence_decide(ask: Ask, case: Case) -> None:
    """Every qualifying word is a condition, and no other sentence's word is."""
    judge(ask, case)


NO_PROJECTS = [
    "first_of_kind_product",
    "event_or_exhibition",
    "application_scenario",
    "standard_or_ip",
    "person",
    "service_platform",
    "rnd_project",
    "innovative_product",
    "international_alliance",
    "innovation_centre",
    "loan",
]


def test_a_noodle_maker_that_has_answered_is_told_nothing_embarrassing(ask: Ask) -> None:
    """A Shanghai noodle maker without technology, projects or titles: nothing is potential, and
    what is left open is a plain question to it (fund shares, an upgrading project)."""
    maker = firm(
        "310112",
        **NOODLES,
        presence_regions=["310112"],
        zones=[],
        activities=[],
        in_statistics_register=False,
        investors=[],
        listings=[],
        research_tasks=[],
        ownership=["private"],
        multinational_member=False,
        projects_absent=NO_PROJECTS,
    )
    answer = ask(maker)
    open_or_more = {p for p, s in answer.of("").items() if s & {P, U, "watch"}}
    assert open_or_more == {"n-ccb-s-fund", "n-tech-relending"}


def test_what_is_unknown_is_never_named_as_what_fails(ask: Ask) -> None:
    """A company that plans no listing: this fails, and not what only the exchange can decide."""
    near = ask(firm(HAIDIAN, certificates=HIGH_TECH, plans_listing=False)).match("n-star-1plus6")[
        "near_miss"
    ]
    assert near["changes"] == []
    assert [b["text"]["zh"] for b in near["blocked_by"]] == ["不满足：准备挂牌上市"]


def test_no_match_of_any_city_blames_what_is_unknown(ask: Ask) -> None:
    """Of a company that has answered: no reason for a refusal is a term left to others, and none
    stands twice."""
    for company in (firm(PUDONG, **NOODLES, plans_listing=False), applicant("university", HAIDIAN)):
        for match in ask(company).body["matches"]:
            blocks = (match["near_miss"] or {"blocked_by": []})["blocked_by"]
            words = [b["text"]["zh"] for b in blocks]
            assert not [w for w in words if w.endswith("（由有关方面认定）")]
            assert all(blocks.count(block) == 1 for block in blocks)


def test_no_word_of_another_sentence_stands_in_the_text_of_a_programme(
    own_client: FlaskClient,
) -> None:
    """Being listed as a key institution promises no 落户 (registration of residence), and a
    guarantee is no 现有 policy."""
    for ident, foreign in (
        ("sh-11-key-talent-employer", ("落户", "户口", "residence")),
        ("bj-15-guarantee", ("现有", "已有", "existing")),
    ):
        shown = own_client.get(f"/api/v1/programmes/{ident}").get_json()
        said = [shown["name"], shown["summary"], *shown["notes"]]
        words = " ".join(f"{text['zh']} {text['en']}" for text in said)
        assert [word for word in foreign if word in words] == []


def test_an_article_names_only_programmes_that_exist(own_client: FlaskClient) -> None:
    """Of the whole plan; article 12 only studies a policy for bonds, and says that nothing can be
    matched to it."""
    listed = own_client.get("/api/v1/programmes?measure=bj-2025-19&limit=100").get_json()["items"]
    for number in range(1, 21):
        article = own_client.get(f"/api/v1/measures/bj-2025-19/articles/{number}").get_json()
        own = {i["id"] for i in listed if i["id"].startswith(f"bj-{number:02}-")}
        assert set(article["programmes"]) == own
        if number == 12:
            assert own == {"bj-12-sti-bond", "bj-12-rating"}
            assert "还在研究" in article["unmatched"]["zh"]


def test_no_near_miss_names_what_the_company_cannot_come_by_or_has_denied(ask: Ask) -> None:
    """No title of small firms for a large one; no certificate for who says that he is no technology
    enterprise, by one of several ways that a rule accepts."""
    large = firm(HAIDIAN, industry="C39", employees=3000, revenue="5000000000.00", certificates=[])
    answer = ask(large)
    assert answer.match("bj-14-inclusive")["near_miss"]["changes"] == []
    (block,) = answer.match("bj-14-inclusive")["near_miss"]["blocked_by"]
    assert block["text"]["zh"].startswith("不满足：资质证书包括科技型中小企业")
    assert answer.match("bj-16-xborder-loan")["near_miss"]["changes"] != []
    silent: dict[str, list[str]] = {}
    for certificates in (silent, {"certificates": list[str]()}):
        denied = applicant(
            ["guarantor", "enterprise"], HAIDIAN, technology_enterprise=False, **certificates
        )
        for match in ask(denied).body["matches"]:
            changes = (match["near_miss"] or {"changes": []})["changes"]
            assert "company.certificates" not in [c["fact"] for c in changes]


def test_an_entry_that_is_missing_is_named_before_a_title_that_nobody_defined(ask: Ask) -> None:
    """The register and not “turned strong”; revenue is for the statistics office to look at."""
    maker = firm("310113", industry="C34", revenue="19999999.99", in_statistics_register=False)
    near = ask(maker).match("sh-05-upscale")["near_miss"]
    wanted = {c["fact"]: c["required"] for c in near["changes"]}
    assert wanted == {"company.in_statistics_register": "true"}
    assert near["assuming"] == ["company.first_above_scale_year"]


def test_what_is_excluded_and_alternatives_are_told_as_such(ask: Ask) -> None:
    """A firm that is listed already fails for just that; no place is asked for beside another."""
    listed = firm(HAIDIAN, fields=["artificial_intelligence"], listings=["domestic_exchange"])
    answer = ask(listed)

    def blocked(programme: str) -> list[str]:
        return [b["text"]["zh"] for b in answer.match(programme)["near_miss"]["blocked_by"]]

    assert blocked("n-star-1plus6") == ["属于不适用的情形：上市挂牌情况包括境内证券交易所"]
    assert blocked("bj-11-four-board") == ["属于不适用的情形：上市挂牌情况包括境内证券交易所"]
    (place,) = blocked("n-insurance-zones")
    assert place.startswith("位于三个示范区之一：以下须满足其一，均不满足【")
