"""What an answer can settle, what only an authority can, and what is asked first."""

from typing import Any

import pytest

from tests.cases.answers import Answer, Ask, Facts, N, P, U
from tests.cases.applicants import applicant, firm, project


def groups(answer: Answer) -> list[str]:
    """Who can settle the undetermined, in the order in which they are listed."""
    return [m["settled_by"] for m in answer.body["matches"] if m["status"] == U]


def test_the_place_is_asked_first_of_an_enterprise(ask: Ask) -> None:
    """It decides most by itself; where else the company works is answered along with it."""
    asked = [q["fact"] for q in ask({"kind": "enterprise"}).body["next_questions"]]
    assert asked[0] == "company.registered_region"
    assert "company.presence_regions" not in asked


def test_what_an_answer_can_settle_comes_before_what_none_can(ask: Ask) -> None:
    """Every undetermined match says which, and the two groups do not mix."""
    maker = firm(
        "310112", fields=["other"], technology_enterprise=False, certificates=[],
        recognitions=["none_of_these"],
    )  # fmt: skip
    found = groups(ask(maker))
    assert set(found) == {"facts", "authority"}
    assert found == sorted(found, key=["facts", "authority"].index)


def test_only_what_is_undetermined_waits_for_anybody(ask: Ask) -> None:
    """A promising or refused match has nothing open."""
    answer = ask(firm("310112"))
    decided = [m for m in answer.body["matches"] if m["status"] != U]
    assert {m["settled_by"] for m in decided} == {None}


def test_what_nobody_can_settle_is_not_asked(ask: Ask) -> None:
    """A match that waits for an authority counts for no question."""
    answer = ask(firm("310112"))
    waiting = sum(found == "facts" for found in groups(answer))
    assert all(q["decides"] <= waiting for q in answer.body["next_questions"])


def test_what_another_city_offers_comes_last(ask: Ask) -> None:
    """A Shanghai company sees what Beijing offers from afar behind what its city and the country
    offer."""
    matches = ask(firm("310112", fields=["conventional"])).body["matches"]
    places = [m["programme"]["jurisdiction"] for m in matches if m["settled_by"] == "facts"]
    away = [place == "110000" for place in places]
    assert {"310000", "100000", "110000"} == set(places)
    assert away == sorted(away)


def test_of_two_places_the_registered_one_comes_first(ask: Ask) -> None:
    """A firm of Shanghai with a team in Beijing, and one of Beijing with a team in Shanghai: within
    what an answer settles and within what none does, the home city before the other, and the
    country no nearer than the team."""
    for home, other in (("310112", "110108"), ("110108", "310112")):
        matches = ask(firm(home, presence_regions=[home, other])).body["matches"]
        found = []
        for settled_by in ("facts", "authority"):
            listed = [m for m in matches if m["settled_by"] == settled_by]
            places = [m["programme"]["jurisdiction"][:2] for m in listed]
            away = [place == other[:2] for place in places]
            at_home = [place == home[:2] for place in places]
            assert at_home == sorted(at_home, reverse=True)
            found += away
        assert set(found) == {False, True}


# What is asked only of whom something stated makes it a matter for.
NOT_FOR_A_WORKSHOP = {
    "infrastructure_assets", "asset_title_clear", "asset_income_stable", "listed_reit",
    "investor_types", "investment_focus", "holds_fund_shares", "holds_listed_technology_shares",
    "innovative_drug", "incubator_cooperates", "personal_role",
}  # fmt: skip

# What nothing stated of a workshop hints at: titles and tasks, and what only research brings.
TITLES = {"company.recognitions", "company.research_tasks"}
RESEARCH = {"company.basic_research_rising", "company.key_breakthrough"}


def test_a_project_nobody_submitted_is_missing_as_a_whole(ask: Ask) -> None:
    """A noodle maker first reads what a fact of its own settles; within its city's programmes, and
    within the country's, what needs a project that nobody mentioned or a fact that it is not asked
    comes after that, then what cannot do without research that it is not likely to do, and last
    what hangs on nothing but such facts and titles."""
    noodles = firm("310112", industry="C14", fields=["conventional"])
    matches = [m for m in ask(noodles).body["matches"] if m["settled_by"] == "facts"]
    assert not matches[0]["hypothetical"]
    silent = {f"company.{name}" for name in NOT_FOR_A_WORKSHOP}
    for place in ("310000", "100000"):
        evidence = "official" if place == "310000" else "news"
        listed = [m for m in matches if m["programme"]["jurisdiction"] == place
                  and m["programme"]["evidence"] == evidence]  # fmt: skip
        waits = [3 if silent.union(TITLES).issuperset(m["missing_facts"])
                 else 2 if RESEARCH.intersection(m["missing_facts"])
                 else int(m["hypothetical"] or not silent.isdisjoint(m["missing_facts"]))
                 for m in listed]  # fmt: skip
        assert waits == sorted(waits)
        assert 3 in waits
    own = [m["programme"]["id"] for m in matches if m["programme"]["id"].startswith("sh-")]
    assert own[:2] == ["sh-05-key-links", "sh-05-upscale"]
    assert own.index("sh-04-basic-research") > own.index("sh-11-young-scientist")


@pytest.mark.parametrize(
    ("hint", "first"),
    [
        ({}, "sh-12-global-division"),
        ({"kind": ["individual_business", "incubator"]}, "sh-03-incubator"),
        ({"kind": "enterprise", "fields": ["other"]}, "sh-03-incubator"),
    ],
)
def test_a_title_nobody_hinted_at_waits_behind_the_rest(ask: Ask, hint: Facts, first: str) -> None:
    """A noodle shop reads of what only a technology could have last of what its city has; who runs
    an incubator, or works in a technology, reads of titles first. All of them are asked."""
    shop = {**applicant("individual_business", "310101"), "industry": "H62", "employees": 6}
    body = ask({**shop, **hint}).body
    city = [m["programme"]["id"] for m in body["matches"]
            if m["status"] == U and m["programme"]["jurisdiction"] == "310000"]  # fmt: skip
    assert city[0] == first
    far = {"sh-03-service-platform", "sh-09-scenario-build", "sh-01-disruptive-tech"}
    if not hint:
        assert min(map(city.index, far)) > city.index("sh-08-procurement")
    else:
        assert "company.recognitions" in [q["fact"] for q in body["next_questions"]]


@pytest.mark.parametrize(
    ("place", "left"),
    [
        ("310112", {"n-tech-relending"}),
        (
            "110108",
            {"n-tech-relending", "bj-06-tech-relending", "bj-08-ip-pledge", "bj-19-contest"},
        ),
        ("440305", {"n-tech-relending"}),
    ],
)
def test_a_shop_in_a_conventional_trade_reads_of_nothing_that_needs_technology(
    ask: Ask, place: str, left: set[str]
) -> None:
    """One answer closes research, platforms, first sets and the staff for them; a project that is
    entered all the same is looked at."""
    shop = applicant("individual_business", place, fields=["conventional"])
    assert {m["programme"]["id"] for m in ask(shop).body["matches"] if m["status"] == U} == left
    firm_of_it = firm("310112", fields=["conventional"], technology_enterprise=False)
    assert ask(firm_of_it).status("sh-12-standard-ip") == N
    standard = project("standard_or_ip", output="international_standard", influential=True)
    assert ask(firm_of_it, standard).status("sh-12-standard-ip") == P


def test_a_workshop_is_not_asked_what_can_be_no_matter_for_it(ask: Ask) -> None:
    """It stays unknown, and whoever names what it is about is asked."""
    robots = firm("110108", industry="C35", fields=["embodied_intelligence"])
    assert NOT_FOR_A_WORKSHOP.isdisjoint(asked_of(ask, robots))
    assert ask(robots).status("bj-13-reits") == U
    assert "zones" not in asked_of(ask, firm("320505"))
    matters: list[tuple[dict[str, Any], str]] = [
        ({"fields": ["biomedicine"]}, "innovative_drug"),
        ({"industry": "I64"}, "infrastructure_assets"),
        ({"infrastructure_assets": ["data_centre"]}, "asset_title_clear"),
        ({"kind": ["fund_manager", "enterprise"]}, "investor_types"),
        ({"ownership": ["beijing_state"]}, "holds_fund_shares"),
    ]
    for stated, fact in matters:
        assert fact in asked_of(ask, {**robots, **stated}), fact


def test_a_start_up_reads_first_what_it_can_ask_for_by_itself(ask: Ask) -> None:
    """Loans and investors before what presupposes an issue, foreign partners or a bank's quota."""
    company = firm("110108", industry="C35", founded_on="2025-02-01", employees=14,
                   revenue="800000.00", technology_enterprise=True,
                   fields=["embodied_intelligence"])  # fmt: skip
    answer = ask(company).body
    own = [m["programme"]["id"] for m in answer["matches"]
           if m["status"] == P and m["programme"]["evidence"] == "official"]  # fmt: skip
    assert own[:2] == ["bj-10-zgc-centre", "bj-15-guarantee"]
    late = {"bj-06-sme-relending", "bj-06-tech-relending", "bj-16-qflp", "bj-12-sti-bond"}
    assert set(own[-len(late) :]) == late


FROM_AFAR = {
    ("individual", "110108"): {"sh-01-top-scientist", "sh-11-community"},
    ("other", "110108"): {"sh-12-foreign-centre"},
}


def asked_of(ask: Ask, company: Facts) -> list[str]:
    """The facts asked, in order."""
    return [
        q["fact"].removeprefix("company.")
        for q in ask(company, detail="brief").body["next_questions"]
    ]


def test_a_noodle_maker_is_first_asked_what_its_own_city_pays_for(ask: Ask) -> None:
    """Half a million hangs on the register; who owns it matters most to Beijing and comes later."""
    noodles = firm(
        "310112", industry="C1431", fields=["conventional"], technology_enterprise=False,
        certificates=[], recognitions=["none_of_these"],
        projects_absent=["rnd_project", "innovation_centre"],
    )  # fmt: skip
    asked = [fact for fact in asked_of(ask, noodles) if not fact.startswith("project.")]
    own = {"activities", "in_statistics_register", "first_above_scale_year"}
    assert set(asked[:3]) == own
    assert "ownership" in asked[3:]


@pytest.mark.parametrize(
    "kind",
    [
        "university", "research_institute", "public_institution", "social_organisation",
        "individual", "individual_business", "government",
    ],
)  # fmt: skip
@pytest.mark.parametrize("region", ["310110", "110108", "360802"])
def test_who_is_no_enterprise_is_asked_for_no_certificate_of_one(
    ask: Ask, kind: str, region: str
) -> None:
    """科技型企业 is an enterprise: that others are none is known without asking them."""
    asked = asked_of(ask, applicant(kind, region))
    assert not {"certificates", "technology_enterprise"} & set(asked)


@pytest.mark.parametrize(
    "kind",
    [
        "individual", "individual_business", "university", "research_institute",
        "public_institution", "social_organisation", "national_laboratory", "government", "other",
    ],
)  # fmt: skip
@pytest.mark.parametrize(("region", "other"), [("310115", "bj-"), ("110108", "sh-")])
def test_the_other_citys_programmes_are_closed_to_who_is_no_company(
    ask: Ask, kind: str, region: str, other: str
) -> None:
    """None of them is listed abroad, belongs to the state's capital or to a multinational."""
    found = ask(applicant(kind, region), detail="brief").of(other)
    open_ = {p for p, statuses in found.items() if statuses != {N}}
    assert open_ == FROM_AFAR.get((kind, region), set())


def test_what_many_programmes_leave_to_others_is_said_once(ask: Ask) -> None:
    """A branch in Beijing: whether it is enough is one question, however many programmes ask it."""
    points = ask(firm("310112", presence_regions=["310112", "110108"])).body["open_points"]
    (branch,) = [p for p in points if "branch" in p["text"]["en"]]
    assert branch["matches"] == len(branch["programmes"]) >= 40
    assert {p[:3] for p in branch["programmes"]} == {"bj-"}
    assert "分支机构" in branch["text"]["zh"]


def test_whether_a_kind_qualifies_is_said_once(ask: Ask) -> None:
    """A university, where the sentence names the product, or lists that end in 等."""
    (point,) = ask(applicant("university", "310110")).body["open_points"]
    assert point["text"]["zh"] == "主体类型：高等学校；原文所指是否包括，由有关方面认定"
    assert {"sh-08-first-set", "sh-08-procurement"} <= set(point["programmes"])


def test_a_title_that_is_held_is_no_doubt_of_another(ask: Ask) -> None:
    """Nobody has to say whether an incubator of quality is one that leads an ecosystem: what is
    open is who has titles that nobody has defined."""
    for held in ([], ["high_quality_incubator"]):
        points = ask(firm("310112", recognitions=held, fields=["embodied_intelligence"])).body[
            "open_points"
        ]
        assert [p["text"]["zh"] for p in points if p["text"]["zh"].startswith("所获认定")] == [
            "所获认定：条文所用的称号没有公开标准，是否具备由有关方面认定"
        ]


def test_a_company_of_the_city_reads_no_doubt_about_its_place(ask: Ask) -> None:
    """It is registered there, and nobody has to decide that."""
    points = ask(firm("310112")).body["open_points"]
    assert not [p for p in points if "branch" in p["text"]["en"]]


@pytest.mark.parametrize(
    ("kind", "region"),
    [("foreign_institution", "990000"), ("bank", "110102"), ("insurer", "110102"),
     ("incubator", "310110")],
)  # fmt: skip
def test_who_says_that_it_is_nothing_else_is_not_asked_again(
    ask: Ask, kind: str, region: str
) -> None:
    """What an enterprise may have is out of its reach then, and nothing waits for its kind."""
    open_answer, closed = (
        ask(applicant(kinds, region), detail="brief") for kinds in ([kind], [kind, "nothing_else"])
    )
    assert "company.kind" in {q["fact"] for q in open_answer.body["next_questions"]}
    assert "company.kind" not in {q["fact"] for q in closed.body["next_questions"]}
    assert closed.status("bj-08-loan-plus-equity") == N
    potential = {m["programme"]["id"] for m in open_answer.body["matches"] if m["status"] == P}
    assert potential == {m["programme"]["id"] for m in closed.body["matches"] if m["status"] == P}
    as_enterprise = ask(applicant([kind, "enterprise", "nothing_else"], region), detail="brief")
    said = ask(applicant([kind, "enterprise"], region), detail="brief")
    assert as_enterprise.body["summary"] == said.body["summary"]
