"""POST /match and /check: what is answered, and what a receipt keeps."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from service.app import Services
from tests.api.sample import data

DAY = "2026-06-01"
# Of a young firm, in English.
ASKED: dict[str, Any] = {
    "lang": "en",
    "profile": {"company": {"kind": "enterprise", "founded_on": "2019-01-01"}},
}


def statuses(answer: dict[str, Any]) -> dict[str, str]:
    """Programme → status."""
    return {m["programme"]["id"]: m["status"] for m in answer["matches"]}


def match(client: FlaskClient, profile: dict[str, Any], **request: Any) -> dict[str, Any]:
    response = client.post("/api/v1/match", json={"as_of": DAY, **request, "profile": profile})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = data(response)
    return answer


def test_a_company_gets_its_programmes_with_clause_conditions_and_ceiling(
    client: FlaskClient, company: dict[str, Any], lighthouse: dict[str, Any]
) -> None:
    """Everything a reader needs stands in the match itself."""
    answer = match(client, {"company": company, "projects": [lighthouse]})
    assert statuses(answer) == {"me-lighthouse": "potential", "me-young-firm": "potential"}
    best = answer["matches"][0]
    assert best["programme"]["name"] == {"zh": "灯塔工程补助", "en": "Subsidy for lighthouses"}
    assert best["subject"] == "p1"
    assert best["ceiling"]["amount"] == "18000000.00"
    assert best["clauses"][0]["measure"] == "me-2026-1"
    assert best["clauses"][0]["article"] == 1
    assert {c["truth"] for c in best["conditions"]} == {"true"}
    assert answer["catalogue_version"].startswith("sha256:")


def test_an_empty_profile_is_answered_with_nothing_ineligible(client: FlaskClient) -> None:
    """What is not stated is unknown; a project nobody submitted is hypothetical."""
    answer = match(client, {})
    assert set(statuses(answer).values()) == {"undetermined"}
    assert answer["summary"]["ineligible"] == 0
    subjects = {m["programme"]["id"]: m["hypothetical"] for m in answer["matches"]}
    assert subjects == {"me-lighthouse": True, "me-young-firm": False}
    assert answer["next_questions"]


def test_statuses_filter_the_list_but_never_the_summary(
    client: FlaskClient, company: dict[str, Any]
) -> None:
    """Asked for the potential ones alone, the summary still counts the others."""
    answer = match(client, {"company": company}, statuses=["potential"])
    assert statuses(answer) == {"me-young-firm": "potential"}
    assert answer["summary"] == {
        "eligible": 0,
        "potential": 1,
        "undetermined": 1,
        "watch": 0,
        "ineligible": 0,
        "not_in_force": 0,
    }


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2025-12-31", "not_in_force"),
        ("2026-01-01", "potential"),
        ("2026-12-31", "potential"),
        ("2027-01-01", "not_in_force"),
    ],
)
def test_the_day_asked_for_decides_what_is_in_force(
    client: FlaskClient, company: dict[str, Any], day: str, status: str
) -> None:
    """First and last day are included."""
    answer = match(client, {"company": company}, as_of=day, statuses=["potential", "not_in_force"])
    assert answer["as_of"] == day
    assert statuses(answer)["me-young-firm"] == status


def test_a_receipt_keeps_request_and_answer_unchanged(
    client: FlaskClient, company: dict[str, Any]
) -> None:
    """The stored result is the answer but for the receipt's own id."""
    answer = match(client, {"company": company})
    response = client.get(f"/api/v1/receipts/{answer['receipt_id']}")
    receipt = data(response)
    assert response.headers["Cache-Control"] == "no-store"
    assert receipt["id"] == answer.pop("receipt_id")
    assert receipt["result"] == answer
    assert receipt["request"]["as_of"] == DAY
    assert receipt["request"]["profile"]["company"]["registered_region"] == "900101"
    assert len(receipt["digests"]["sha256"]) == len(receipt["digests"]["sm3"]) == 64


def test_every_match_has_a_receipt_of_its_own(client: FlaskClient) -> None:
    """The same question asked twice is recorded twice."""
    assert match(client, {})["receipt_id"] != match(client, {})["receipt_id"]


def test_a_check_shows_one_programme_and_leaves_no_receipt(
    client: FlaskClient, huice: Services, company: dict[str, Any]
) -> None:
    """Also a programme that does not fit is answered, with the condition that fails."""
    before = huice.receipts.count()
    response = client.post(
        "/api/v1/programmes/me-young-firm/check",
        json={"as_of": DAY, "profile": {"company": {**company, "employees": 51}}},
    )
    found = data(response)
    assert found["status"] == "ineligible"
    (failed,) = [c for c in found["conditions"] if c["truth"] == "false"]
    assert failed["facts"] == ["company.employees"]
    assert failed["observed"] == "51"
    assert huice.receipts.count() == before


def test_a_check_covers_every_fitting_project(
    client: FlaskClient, company: dict[str, Any], lighthouse: dict[str, Any]
) -> None:
    """The first project is the object, the others are listed behind it."""
    second = {**lighthouse, "ref": "p2", "contract_amount": "100000000.00"}
    response = client.post(
        "/api/v1/programmes/me-lighthouse/check",
        json={"as_of": DAY, "profile": {"company": company, "projects": [lighthouse, second]}},
    )
    found = data(response)
    assert (found["subject"], found["ceiling"]["amount"]) == ("p1", "18000000.00")
    (other,) = found["other_subjects"]
    assert (other["subject"], other["ceiling"]["amount"]) == ("p2", "20000000.00")


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/match", ASKED),
        ("/programmes/me-young-firm/check", ASKED),
        ("/match/compare", {"before": {**ASKED, "as_of": "2020-01-01"}, "after": ASKED}),
        ("/calendar?days=3000", ASKED),
    ],
)
def test_texts_come_in_the_language_that_is_asked_for(
    client: FlaskClient, path: str, asked: dict[str, Any]
) -> None:
    """In every answer to a profile, and in no other."""
    said = client.post(f"/api/v1{path}", json=asked).text
    assert '"en":' in said
    assert '"zh":' not in said


def test_a_check_of_an_unknown_programme_suggests_the_nearest(client: FlaskClient) -> None:
    """A slip in the id is answered with the id that was probably meant."""
    response = client.post("/api/v1/programmes/me-lighthose/check", json={"profile": {}})
    assert response.status_code == 404
    assert "me-lighthouse" in data(response)["detail"]


def test_all_errors_of_a_request_are_told_at_once(client: FlaskClient, huice: Services) -> None:
    """Around the profile and inside it, each with its place; and nothing is recorded."""
    before = huice.receipts.count()
    response = client.post(
        "/api/v1/match",
        json={
            "as_of": "2023-02-29",
            "statuses": ["potentiel"],
            "profile": {
                "company": {"employes": 1, "revenue": "many"},
                "projects": [{"ref": "p1", "kind": "lighthouse", "contract_amount": 0}],
            },
        },
    )
    errors = {e["pointer"]: e["code"] for e in data(response)["errors"]}
    assert response.status_code == 422
    assert errors.keys() == {
        "/as_of",
        "/statuses/0",
        "/profile/company/employes",
        "/profile/company/revenue",
        "/profile/projects/0/contract_amount",
    }
    assert data(response)["code"] == "invalid_profile"
    assert errors["/as_of"] == "invalid_date"
    assert errors["/profile/company/employes"] == "unknown_key"
    assert huice.receipts.count() == before


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ("null", ""),
        ("[]", ""),
        ('"profile"', ""),
        ("{}", "/profile"),
        ('{"profile": null}', "/profile"),
        ('{"profile": []}', "/profile"),
        ('{"profile": {}, "asof": "2026-01-01"}', "/asof"),
        ('{"profile": {}, "as_of": 20260101}', "/as_of"),
        ('{"profile": {}, "statuses": "potential"}', "/statuses"),
        ('{"profile": {}, "statuses": []}', "/statuses"),
        ('{"profile": {}, "statuses": ["potential", "potential"]}', "/statuses/1"),
    ],
)
def test_a_request_of_the_wrong_shape_names_the_place(
    client: FlaskClient, body: str, pointer: str
) -> None:
    """The empty pointer is the whole body."""
    response = client.post("/api/v1/match", data=body, content_type="application/json")
    assert response.status_code == 422
    assert [e["pointer"] for e in data(response)["errors"]] == [pointer]


def test_null_means_not_stated(client: FlaskClient) -> None:
    """Optional parts may be null as well as left out."""
    answer = match(client, {"company": {"employees": None}, "projects": None}, statuses=None)
    assert answer["summary"]["undetermined"] == 2


@pytest.mark.parametrize(
    ("amount", "ceiling"),
    [
        ("60000000.00", "18000000.00"),
        ("66666666.66", "19999999.99"),
        ("66666666.67", "20000000.00"),
        ("100000000.00", "20000000.00"),
    ],
)
def test_the_own_catalogue_reckons_ceilings_to_the_fen(
    own_client: FlaskClient, amount: str, ceiling: str
) -> None:
    """Rounded down; on both sides of the point where the cap begins to bind."""
    profile = {
        "company": {"kind": "enterprise", "registered_region": "310112"},
        "projects": [{"ref": "p1", "kind": "first_of_kind_product", "contract_amount": amount}],
    }
    answer = match(own_client, profile, as_of="2026-11-22")
    (found,) = [m for m in answer["matches"] if m["programme"]["id"] == "sh-08-first-set"]
    assert (found["status"], found["ceiling"]["amount"]) == ("potential", ceiling)


def test_a_name_and_a_code_alone_decide_nothing(own_client: FlaskClient) -> None:
    """The region digits of a credit code never say where a company is."""
    answer = match(own_client, {"company": {"name": "某公司", "uscc": "91310000MA1FL0000N"}})
    assert answer["summary"]["potential"] == answer["summary"]["ineligible"] == 0
    assert answer["summary"]["undetermined"] > 0


def test_a_wrong_check_character_stops_the_evaluation(own_client: FlaskClient) -> None:
    """A slip in copying is told before anything is matched."""
    profile = {"company": {"uscc": "91310000MA1FL0000X"}}
    response = own_client.post("/api/v1/match", json={"profile": profile})
    assert response.status_code == 422
    (error,) = data(response)["errors"]
    assert error["pointer"] == "/profile/company/uscc"
    assert error["code"] == "wrong_check_character"
