"""政策找企业: the kept companies a programme fits, and what each answer rests on."""

import csv
import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from service.app import Services
from service.domain.principal import Scope
from tests.api.keys import authorization
from tests.api.sample import data
from tests.batches import worker_of

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
    unknown = api.post("/api/v1/programmes/none/candidates", json={})
    assert (unknown.status_code, data(unknown)["errors"]) == (404, [])


@pytest.fixture
def programme() -> str:
    """A programme of the made-up catalogue for the company itself."""
    return "me-young-firm"


def test_the_list_is_sorted_and_narrowed_to_one_missing_fact(
    api: FlaskClient, company: dict[str, Any], programme: str
) -> None:
    """By name, by code, by what is missing; those that lack this one fact and nothing else."""
    keep(api, WHOLE, {**company, "name": "乙"})
    keep(api, SHORT, {**{k: v for k, v in company.items() if k != "employees"}, "name": "甲"})
    for sort, first in (("uscc", SHORT), ("missing", WHOLE), ("ceiling", WHOLE), ("class", WHOLE)):
        assert ask(api, programme, sort=sort)["items"][0]["uscc"] == first, sort
    assert {i["name"] for i in ask(api, programme, sort="name")["items"]} == {"甲", "乙"}
    lacking = ask(api, programme, missing_fact="company.employees")
    assert [i["uscc"] for i in lacking["items"]] == [SHORT]
    met = [rested["fact"] for rested in lacking["items"][0]["rests_on"]]
    assert "company.registered_region" in met
    assert "company.employees" not in met
    assert ask(api, programme, missing_fact="company.founded_on")["items"] == []
    body = {"missing_fact": "company.employes"}
    unknown = data(api.post(f"/api/v1/programmes/{programme}/candidates", json=body))
    assert unknown["code"] == "invalid_request"
    assert "company.employees" in unknown["errors"][0]["message"]


def test_the_list_without_application_rests_on_verified_facts_alone(
    api: FlaskClient, company: dict[str, Any], programme: str
) -> None:
    """免申即享: whoever has declared one of the facts only is not on it."""
    verified = {f"company.{name}": "verified" for name in company}
    shown = {key: {"document": "登记簿"} for key in verified}
    body = {"profile": {"company": company, "provenance": verified}, "evidence": shown}
    assert api.put(f"/api/v1/companies/{WHOLE}", json=body).status_code == 201
    del verified["company.employees"]
    body["profile"]["provenance"] = verified
    assert api.put(f"/api/v1/companies/{SHORT}", json=body).status_code == 201
    found = ask(api, programme, verified=True, **{"class": "automatic"})
    assert [(i["uscc"], i["provenance"]) for i in found["items"]] == [(WHOLE, "verified")]
    assert {i["provenance"] for i in ask(api, programme)["items"]} == {"verified", "declared"}


TABLE = (
    "企业名单\n"
    "name,kind,company.registered_region,company.employees,company.founded_on\n"
    "甲,enterprise,900101,50,2020-01-01\n"
    "乙,enterprise,900101,,2020-01-01\n"
    "丙,enterprise,900101,若干,2020-01-01\n"
    "丁,enterprise,900101,9000,2020-01-01\n"
)


@pytest.fixture
def batch(service: Services, api: FlaskClient) -> str:
    """A batch of four companies that has run."""
    scopes = (Scope.BATCHES, Scope.COMPANIES)
    api.environ_base["HTTP_AUTHORIZATION"] = authorization(service, "bank", *scopes)[
        "Authorization"
    ]
    file = (io.BytesIO(TABLE.encode()), "客户.csv")
    made = data(api.post("/api/v1/batches?as_of=2026-06-02", data={"file": file}))
    worker = worker_of(service)
    worker.run(made["id"])
    return str(made["id"])


def test_the_companies_of_a_batch_are_looked_through(
    service: Services, api: FlaskClient, batch: str, programme: str
) -> None:
    """Each with its row, what it rests on with the cell; a faulty row is no company. Another
    tenant's batch is not there, and a key without the scope is told so."""
    found = ask(api, programme, batch=batch)
    path = f"/api/v1/programmes/{programme}/candidates"
    assert data(api.post(path, json={"batch": batch}))["as_of"] == "2026-06-02"
    assert found["summary"] == {
        "automatic": 1, "one_fact_short": 1, "open": 0, "not_fitting": 1, "unreadable": 1
    }  # fmt: skip
    first, second = found["items"]
    assert (first["name"], first["row"], first["version"]) == ("甲", 3, 0)
    (rested,) = [r for r in first["rests_on"] if r["fact"] == "company.employees"]
    assert rested["evidence"] == {"document": "客户.csv", "row": 3, "cell": "D3"}
    assert (second["name"], second["missing_facts"]) == ("乙", ["company.employees"])
    path = f"/api/v1/programmes/{programme}/candidates"
    for tenant, scope, status in (
        ("rival", Scope.BATCHES, 404), ("bank", Scope.COMPANIES, 403), ("bank", Scope.KEYS, 403),
    ):  # fmt: skip
        head = authorization(service, tenant, scope)
        assert api.post(path, json={"batch": batch}, headers=head).status_code == status
    unknown = api.post(path, json={"batch": "0" * 24})
    assert (unknown.status_code, data(unknown)["errors"][0]["pointer"]) == (404, "/batch")


def test_a_batch_that_has_not_run_has_no_candidates_yet(
    api: FlaskClient, service: Services
) -> None:
    head = authorization(service, "bank", Scope.BATCHES)
    file = (io.BytesIO(TABLE.encode()), "客户.csv")
    made = data(api.post("/api/v1/batches?hold=yes", data={"file": file}, headers=head))
    waiting = api.post(
        "/api/v1/programmes/me-young-firm/candidates", json={"batch": made["id"]}, headers=head
    )
    assert (waiting.status_code, "held" in data(waiting)["detail"]) == (409, True)


def test_the_whole_list_comes_as_a_file(api: FlaskClient, batch: str, programme: str) -> None:
    """A workbook with what each answer rests on, a table, lines; a page's limits do not cut it."""
    path = f"/api/v1/programmes/{programme}/candidates"
    asked = {"as_of": "2026-11-22", "batch": batch, "limit": 1}
    book = api.post(path, json={**asked, "format": "xlsx", "lang": "zh"})
    opened = CalamineWorkbook.from_filelike(io.BytesIO(book.data))
    assert opened.sheet_names == ["企业名单", "依据的事实", "说明"]
    lines = opened.get_sheet_by_name("企业名单").to_python()
    assert [line[0] for line in lines] == ["名称", "甲", "乙"]
    assert "客户.csv D3" in [line[5] for line in opened.get_sheet_by_name("依据的事实").to_python()]
    table = api.post(path, json={**asked, "format": "csv"})
    assert table.content_type == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert [row["class"] for row in rows] == ["automatic", "one_fact_short"]
    assert rows[1]["missing_facts"] == "company.employees"
    answer = api.post(path, json={**asked, "format": "jsonl"})
    assert [json.loads(line)["row"] for line in answer.data.splitlines()] == [3, 4]
    assert api.post(path, json={**asked, "format": "pdf"}).status_code == 422
