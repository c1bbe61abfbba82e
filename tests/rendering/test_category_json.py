"""Hints and conflicts in the answer of the public interface."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from service.domain.evaluation.evaluator import Status

HIGH_TECH = {
    "category": "high_tech_enterprise", "issued_on": "2024-11-01", "expires_on": "2027-10-31",
}  # fmt: skip
TECHNOLOGY_SME = {
    "category": "technology_sme", "issued_on": "2026-06-01", "expires_on": "2026-12-31",
}  # fmt: skip
BASE = {
    "kind": "enterprise", "registered_region": "110108", "employees": 100, "technical_staff": 10,
    "recognitions": [],
}  # fmt: skip


def answer(client: FlaskClient, **company: Any) -> dict[str, Any]:
    request = {
        "as_of": "2026-11-22", "limit": 500, "statuses": [s.value for s in Status],
        "profile": {"company": {**BASE, **company}},
    }  # fmt: skip
    reply = client.post("/api/v1/match", json=request)
    assert reply.status_code == 200
    found: dict[str, Any] = reply.get_json()
    return found


def status(found: dict[str, Any], programme: str) -> str:
    return next(str(m["status"]) for m in found["matches"] if m["programme"]["id"] == programme)


def test_a_certificate_and_figures_that_agree_decide(own_client: FlaskClient) -> None:
    """A tenth of technical staff is what a high-tech enterprise must have."""
    found = answer(own_client, certificates=[HIGH_TECH])
    assert status(found, "bj-16-xborder-loan") == "potential"
    assert not [w for w in found["warnings"] if w["code"] == "conflict"]


def test_a_certificate_the_figures_deny_decides_nothing(own_client: FlaskClient) -> None:
    """Too many staff for this year's certificate: a conflict is told, and what rests on the
    certificate is undetermined."""
    found = answer(own_client, certificates=[TECHNOLOGY_SME], employees=501, technical_staff=60)
    assert status(found, "bj-16-xborder-loan") == "undetermined"
    warned = [w for w in found["warnings"] if w["code"] == "conflict"]
    assert [w["fact"] for w in warned] == ["company.certificates"]
    assert "Technology SME" in warned[0]["text"]["en"]
    assert "500" in warned[0]["text"]["en"]


def test_later_figures_leave_a_certificate_of_three_years_standing(own_client: FlaskClient) -> None:
    """One technical person fewer than a tenth: it decides, and the difference is told."""
    found = answer(own_client, certificates=[HIGH_TECH], technical_staff=9)
    assert status(found, "bj-16-xborder-loan") == "potential"
    warned = [w for w in found["warnings"] if w["code"] == "differs_from_standard"]
    assert "10%" in warned[0]["text"]["en"]


def test_a_single_check_says_the_same(own_client: FlaskClient) -> None:
    """The programme asked for alone is undetermined too, with the same warning."""
    company = {**BASE, "certificates": [TECHNOLOGY_SME], "employees": 501}
    request = {"as_of": "2026-11-22", "profile": {"company": company}}
    found = own_client.post("/api/v1/programmes/bj-16-xborder-loan/check", json=request).get_json()
    assert found["status"] == "undetermined"
    assert "conflict" in [w["code"] for w in found["profile_warnings"]]


def test_figures_never_stand_in_for_a_certificate(own_client: FlaskClient) -> None:
    """Whoever meets every criterion is told to apply; the programme still asks for the paper."""
    figures = {
        "revenue": "50000000", "total_assets": "50000000", "restricted_products": False,
        "serious_incident": False, "rnd_expense": "3000000", "class_one_ip": 1,
        "technical_staff": 30, "certificates": [], "industry": "C39",
    }  # fmt: skip
    found = answer(own_client, **figures)
    assert status(found, "bj-14-inclusive") == "ineligible"
    hint = next(h for h in found["category_hints"] if h["category"] == "technology_sme")
    assert (hint["verdict"], hint["known"], hint["total"]) == ("meets", 7, 7)
    assert "criteria that figures can show: 7, all met; ask " in hint["text"]["en"]
    assert hint["complete"] is False
    assert hint["uncomputed"]


def test_half_known_criteria_are_told_with_what_is_missing(own_client: FlaskClient) -> None:
    """How many are met, the facts that would settle the rest, and what nobody verified."""
    found = answer(own_client, revenue="50000000", total_assets="50000000", certificates=[])
    hint = next(h for h in found["category_hints"] if h["category"] == "technology_sme")
    assert (hint["verdict"], hint["known"], hint["total"]) == ("open", 4, 7)
    assert "criteria that figures can show: 7, answered and met: 4; ask " in hint["text"]["en"]
    assert "company.rnd_expense" in hint["missing_facts"]
    unverified = [c["id"] for c in hint["criteria"] if not c["verified"]]
    assert unverified == ["score"]
    assert "not verified" in hint["text"]["en"]


@pytest.mark.parametrize(
    ("industry", "employees", "revenue", "size"),
    [
        ("I65", 103, "157350000", "medium"),
        ("C39", 300, "19990000", "small"),
        ("C39", 1000, "400000000", "large"),
        ("C39", 999, "400000000", "medium"),
        ("J66", 103, "157350000", None),
    ],
)
def test_the_size_class_is_told_where_it_is_certain(
    own_client: FlaskClient, industry: str, employees: int, revenue: str, size: str | None
) -> None:
    """By the statistical standard; an industry it does not cover has none."""
    found = answer(own_client, industry=industry, employees=employees, revenue=revenue)
    sizes = [h["size"] for h in found["category_hints"] if h["category"] == "size_class"]
    assert sizes == ([size] if size else [])


def test_an_empty_profile_has_no_hint(own_client: FlaskClient) -> None:
    """Nothing known hints at nothing."""
    found = own_client.post("/api/v1/match", json={"profile": {}}).get_json()
    assert found["category_hints"] == []
