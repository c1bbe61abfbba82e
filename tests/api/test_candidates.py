"""政策找企业: the kept companies a programme fits, and what each answer rests on."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from service.app import Services
from tests.api.keys import authorization
from tests.api.sample import data

WHOLE, SHORT, FAR, OUT = (
    "91310000MA1FL2AB6U", "91110108551385082Q", "91440300708461136T", "91310115MA1K3YJ15R"
)  # fmt: skip


def keep(api: FlaskClient, uscc: str, company: dict[str, Any], **more: Any) -> None:
    body = {"profile": {"company": company}, **more}
    kept = api.put(f"/api/v1/companies/{uscc}", json=body)
    assert kept.status_code == 201, kept.text


def ask(api: FlaskClient, programme: str, **query: Any) -> dict[str, Any]:
    body = {"as_of": "2026-11-22", **query}
    answer = api.post(f"/api/v1/programmes/{programme}/candidates", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = data(answer)
    return found


def test_companies_are_classed_by_what_is_still_missing(
    api: FlaskClient, company: dict[str, Any], programme: str
) -> None:
    """All met, one fact short and which, more than one; what does not fit is only counted."""
    shown = {"company.employees": {"document": "payroll 2026-10"}}
    keep(api, WHOLE, company, evidence=shown, tags=["sme"])
    keep(api, SHORT, {k: v for k, v in company.items() if k != "employees"})
    keep(api, FAR, {"name": "丙"})
    keep(api, OUT, {**company, "employees": 9_000})
    found = ask(api, programme)
    assert found["summary"] == {
        "automatic": 1, "one_fact_short": 1, "open": 1, "not_fitting": 1, "unreadable": 0
    }  # fmt: skip
    first, second, third = found["items"]
    assert [i["uscc"] for i in found["items"]] == [WHOLE, SHORT, FAR]
    assert first["missing_facts"] == []
    assert second["missing_facts"] == ["company.employees"]
    assert len(third["missing_facts"]) > 1
    (rested,) = [r for r in first["rests_on"] if r["fact"] == "company.employees"]
    assert rested["evidence"] == {"document": "payroll 2026-10"}
    assert rested["provenance"] == "declared"


def test_the_list_is_narrowed_and_paged(
    api: FlaskClient, company: dict[str, Any], programme: str
) -> None:
    keep(api, WHOLE, company, tags=["a"])
    keep(api, SHORT, company, tags=["b"])
    assert [i["uscc"] for i in ask(api, programme, tag="b")["items"]] == [SHORT]
    assert ask(api, programme, **{"class": "open"})["items"] == []
    page = ask(api, programme, limit=1)
    following = ask(api, programme, limit=1, cursor=page["next_cursor"])
    assert {i["uscc"] for p in (page, following) for i in p["items"]} == {WHOLE, SHORT}
    assert following["next_cursor"] is None


def test_only_ones_own_companies_are_looked_at(
    service: Services, api: FlaskClient, company: dict[str, Any], programme: str
) -> None:
    keep(api, WHOLE, company)
    api.environ_base["HTTP_AUTHORIZATION"] = authorization(service, "rival")["Authorization"]
    assert ask(api, programme)["summary"]["automatic"] == 0
    del api.environ_base["HTTP_AUTHORIZATION"]
    path = f"/api/v1/programmes/{programme}/candidates"
    assert api.post(path, json={}).status_code == 401


def test_what_is_asked_is_read_strictly(api: FlaskClient, programme: str) -> None:
    path = f"/api/v1/programmes/{programme}/candidates"
    for body, pointer in (
        ({"class": "sure"}, "/class"), ({"limit": 0}, "/limit"), ({"cursor": "x"}, "/cursor"),
        ({"sort": 1}, "/sort"),
    ):  # fmt: skip
        refused = api.post(path, json=body)
        assert refused.status_code == 422
        assert data(refused)["errors"][0]["pointer"] == pointer
    assert api.post("/api/v1/programmes/none/candidates", json={}).status_code == 404


@pytest.fixture
def programme() -> str:
    """A programme of the made-up catalogue for the company itself."""
    return "me-young-firm"
