"""Programmes known from the press only: apart from the official ones, and never a promise."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.app import Services
from service.domain.rules.measures import Evidence, NumberKind
from service.domain.rules.programmes import Programme

MEASURES = {"cn-news-291", "sh-news-291", "ja-news-291", "wh-news-291"}


@pytest.fixture
def news(own_huice: Services) -> list[Programme]:
    return [p for p in own_huice.compiled.catalogue.programmes.values() if p.measure in MEASURES]


def figures(huice: Services) -> Iterator[tuple[str, NumberKind, str | None]]:
    for name in MEASURES:
        for article in huice.compiled.catalogue.measures[name].articles:
            for number in article.numbers:
                yield number.text, number.kind, number.programme


def test_the_press_has_measures_of_its_own(own_huice: Services, news: list[Programme]) -> None:
    """Every measure of the press is marked so, and no official one is."""
    marked = {
        m.id for m in own_huice.compiled.catalogue.measures.values() if m.evidence is Evidence.NEWS
    }
    assert marked == MEASURES
    assert len(news) == 41
    assert {p.evidence for p in news} == {Evidence.NEWS}


def test_only_five_figures_of_the_press_are_rules(own_huice: Services) -> None:
    """Cases, statistics, fund sizes and targets are never a parameter."""
    rules = {(t, p) for t, kind, p in figures(own_huice) if kind is NumberKind.PARAMETER}
    assert rules == {
        ("20%-30%", "j-xingan-ip-interest"),
        ("10万元", "j-xingan-ip-interest"),
        ("0.5%", "j-digital-loan"),
        ("100%", "j-relending-quota"),
        ("2亿元", "w-donghu-settle"),
    }


def test_only_three_of_them_name_an_amount(news: list[Programme]) -> None:
    """A quota, a fund's size and one company's loan are no benefit."""
    assert {p.id for p in news if p.benefit} == {
        "j-xingan-ip-interest",
        "j-digital-loan",
        "w-donghu-settle",
    }


def test_their_windows_are_inferred_and_open(news: list[Programme]) -> None:
    """From the day of the news; nobody stated a last day."""
    for programme in news:
        assert programme.window.start
        assert (programme.window.end, programme.window.inferred) == (None, True)


def answer_for(client: FlaskClient, programme: str, project: dict[str, Any], **company: Any) -> Any:
    profile = {"company": company, "projects": [{"ref": "p1", "kind": "loan", **project}]}
    return client.post(
        f"/api/v1/programmes/{programme}/check", json={"profile": profile}
    ).get_json()


def test_an_answer_says_by_itself_that_it_was_only_reported(own_client: FlaskClient) -> None:
    """The words name the press and send to the provider; the mark is in the programme too."""
    loan = {"ip_pledged": True, "loan_principal": "12000000", "lpr": "0.03", "tenor_months": 12}
    found = answer_for(
        own_client, "j-xingan-ip-interest", loan, kind="enterprise", registered_region="360824"
    )
    assert found["status"] == "potential"
    assert "press" in found["decided_by"]["en"]
    assert "ask the provider" in found["decided_by"]["en"]
    assert "向提供方核实" in found["decided_by"]["zh"]
    assert found["programme"]["evidence"] == "news"
    assert (found["ceiling"]["low"], found["ceiling"]["high"]) == ("72000.00", "100000.00")


def test_a_prime_rate_in_per_cent_is_refused(own_client: FlaskClient) -> None:
    """The unit is a decimal: 3 would be three hundred per cent."""
    loan = {"ip_pledged": True, "loan_principal": "12000000", "lpr": "3"}
    found = answer_for(own_client, "j-xingan-ip-interest", loan, kind="enterprise")
    assert found["status"] == 422
    assert found["errors"][0]["pointer"] == "/profile/projects/0/lpr"


def test_the_country_alone_leaves_every_place_open(own_client: FlaskClient) -> None:
    """A company known to be in China is not concluded to be elsewhere."""
    found = answer_for(
        own_client, "w-hankou-tiers", {}, kind="enterprise", registered_region="100000"
    )
    assert found["status"] == "undetermined"


def test_nothing_of_the_press_is_eligible(own_client: FlaskClient) -> None:
    """Whatever is submitted, the most is potential."""
    company = {
        "kind": "enterprise", "registered_region": "360802", "zones": ["east_lake"],
        "recognitions": ["technology_enterprise"], "exports": True,
    }  # fmt: skip
    found = own_client.post("/api/v1/match", json={"profile": {"company": company}}).get_json()
    statuses = {m["status"] for m in found["matches"] if m["programme"]["measure"] in MEASURES}
    assert "potential" in statuses
    assert "eligible" not in statuses
