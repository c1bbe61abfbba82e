"""Keys, companies, idempotency and the audit: what belongs to a tenant is nobody else's."""

import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema_rs import Draft202012Validator

from service.api.factory import create_app
from service.app import Services
from service.domain.principal import Scope
from service.faces import api_context
from service.storage.keys import PREFIX
from tests.api.keys import authorization
from tests.api.sample import data

USCC = "91310000MA1FL2AB6U"
COMPANY = {"profile": {"company": {"name": "甲", "kind": "enterprise"}}, "tags": ["sme"]}


@pytest.fixture
def api(service: Services) -> FlaskClient:
    return create_app(api_context(service)).test_client()


@pytest.mark.sqlite
def test_a_key_is_shown_once_and_kept_as_a_digest(service: Services, api: FlaskClient) -> None:
    """What the database holds does not open anything."""
    header = authorization(service, "bank", Scope.KEYS)
    made = api.post("/api/v1/keys", json={"name": "x", "scopes": ["keys"]}, headers=header)
    assert made.status_code == 201
    secret = data(made)["secret"]
    assert re.fullmatch(rf"{PREFIX}[0-9a-f]{{12}}_[A-Za-z0-9_-]{{43}}", secret)
    listed = data(api.get("/api/v1/keys", headers=header))["items"]
    assert all("secret" not in item for item in listed)
    service.store.checkpoint()
    kept = service.settings.database.read_bytes()
    identity = secret.removeprefix(PREFIX)[:12]
    assert identity.encode() in kept
    assert secret.removeprefix(f"{PREFIX}{identity}_").encode() not in kept


@pytest.mark.parametrize(
    "header",
    ["Bearer hk_0123456789ab_" + "x" * 43, "Bearer nonsense", "Basic YTpi", "Bearer ", "hk_x"],
)
def test_who_means_to_be_somebody_is_not_taken_for_anybody(api: FlaskClient, header: str) -> None:
    """A wrong key is 401 even where none is needed."""
    calls: tuple[tuple[str, dict[str, Any] | None], ...] = (
        ("/api/v1/keys", None),
        ("/api/v1/programmes", None),
        ("/api/v1/match", {"profile": {}}),
    )
    for path, body in calls:
        send = api.get if body is None else api.post
        extra: dict[str, Any] = {} if body is None else {"json": body}
        response = send(path, headers={"Authorization": header}, **extra)
        assert response.status_code == 401
        assert data(response)["code"] == "unauthenticated"
        assert "Bearer" in response.headers["WWW-Authenticate"]


def test_matching_stays_open(api: FlaskClient) -> None:
    assert api.post("/api/v1/match", json={"profile": {}}).status_code == 200


def test_a_key_is_good_on_its_last_day_by_the_catalogues_zone(
    service: Services, api: FlaskClient
) -> None:
    """A day that is over is refused: the key would be dead when it is made."""
    header = authorization(service, "bank", Scope.KEYS)
    asked = {"name": "x", "scopes": ["keys"]}
    late = api.post("/api/v1/keys", json={**asked, "expires_on": "2020-12-31"}, headers=header)
    assert (late.status_code, data(late)["code"]) == (422, "invalid_request")
    assert data(late)["errors"][0]["pointer"] == "/expires_on"
    made = data(
        api.post("/api/v1/keys", json={**asked, "expires_on": "2099-12-31"}, headers=header)
    )
    ends = datetime.fromisoformat(made["expires_at"]).astimezone(service.clock.zone)
    assert ends.replace(tzinfo=None) == datetime(2100, 1, 1)  # noqa: DTZ001  the zone is looked at


def test_a_key_passes_on_only_what_it_has(service: Services, api: FlaskClient) -> None:
    header = authorization(service, "bank", Scope.KEYS)
    asked = {"name": "x", "scopes": ["keys", "companies"]}
    assert api.post("/api/v1/keys", json=asked, headers=header).status_code == 422
    strong = data(api.get("/api/v1/keys", headers=authorization(service, "bank")))["items"][-1][
        "id"
    ]
    assert api.post(f"/api/v1/keys/{strong}/rotate", headers=header).status_code == 422


def secured(api: FlaskClient) -> list[tuple[str, str, dict[str, Any]]]:
    """Every operation that needs a key, from the document."""
    document = data(api.get("/api/v1/openapi.json"))
    return [
        (method.upper(), path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if isinstance(operation, dict) and operation.get("security")
    ]


def call(api: FlaskClient, method: str, path: str, operation: dict[str, Any], **more: Any) -> Any:
    """The operation with its own example as a body."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    if "example" in content:
        more["json"] = content["example"]
    return api.open(path, method=method, **more)


def test_every_call_that_needs_a_key_needs_the_right_scope(
    service: Services, api: FlaskClient
) -> None:
    """No key 401, a key of another purpose 403; from the document, so that none is forgotten."""
    wrong = authorization(service, "bank", Scope.MATCH)
    operations = secured(api)
    assert len(operations) >= 12
    for method, path, operation in operations:
        address = path.replace("{uscc}", USCC).replace("{key_id}", "0123456789ab")
        address = (
            address.replace("{receipt_id}", "x")
            .replace("{batch_id}", "x" * 24)
            .replace("{row}", "1")
        )
        assert call(api, method, address, operation).status_code == 401, (method, path)
        refused = call(api, method, address, operation, headers=wrong)
        assert refused.status_code == 403, (method, path, refused.text)


def test_a_company_is_versioned_and_changed_only_as_expected(
    service: Services, api: FlaskClient
) -> None:
    header, address = authorization(service, "bank"), f"/api/v1/companies/{USCC}"
    first = api.put(address, json=COMPANY, headers=header)
    assert (first.status_code, first.headers["ETag"]) == (201, '"1"')
    same = api.put(address, json=COMPANY, headers=header)
    assert (same.status_code, same.headers["ETag"]) == (200, '"1"')
    patch = {"profile": {"company": {"employees": 120}}, "tags": None}
    changed = api.patch(address, json=patch, headers={**header, "If-Match": '"1"'})
    assert changed.headers["ETag"] == '"2"'
    assert data(changed)["profile"]["company"]["employees"] == 120
    assert data(changed)["tags"] == []
    merge = {"Content-Type": "application/merge-patch+json", **header, "If-Match": '"2"'}
    again = api.patch(address, data=json.dumps(patch), headers=merge)
    assert again.status_code == 200
    stale = api.patch(address, json=patch, headers={**header, "If-Match": '"1"'})
    assert (stale.status_code, data(stale)["code"]) == (412, "precondition_failed")
    again = api.get(address, headers={**header, "If-None-Match": '"2"'})
    assert again.status_code == 304
    versions = data(api.get(f"{address}/history", headers=header))["items"]
    assert [v["version"] for v in versions] == [2, 1]
    newest = data(api.get(f"{address}/history?limit=1", headers=header))
    cursor = newest["next_cursor"]
    oldest = data(api.get(f"{address}/history?limit=1&cursor={cursor}", headers=header))
    assert [v["version"] for v in (*newest["items"], *oldest["items"])] == [2, 1]
    assert oldest["next_cursor"] is None
    gone = api.delete(address, headers={**header, "If-Match": '"2"'})
    assert data(gone)["deleted_versions"] == 2
    assert "receipts" in data(gone)["kept"]["en"]
    assert api.get(address, headers=header).status_code == 404


def test_a_precondition_that_fails_says_what_is_so(service: Services, api: FlaskClient) -> None:
    """Kept already, kept no longer, changed: whoever wrote it does something else next. One that is
    not understood is refused, not passed over."""
    header, address = authorization(service, "bank"), f"/api/v1/companies/{USCC}"

    def put_if(**precondition: str) -> tuple[int, str]:
        asked = {name.replace("_", "-"): value for name, value in precondition.items()}
        answer = api.put(address, json=COMPANY, headers={**header, "Accept-Language": "en"} | asked)
        return answer.status_code, data(answer).get("detail", "")

    status, detail = put_if(If_Match='"1"')
    assert (status, "not kept" in detail) == (412, True)
    assert put_if(If_None_Match="*")[0] == 201
    status, detail = put_if(If_None_Match="*")
    assert (status, "kept already, at version 1" in detail) == (412, True)
    status, detail = put_if(If_Match='"7"')
    assert (status, "has changed" in detail) == (412, True)
    wrong = api.put(address, json=COMPANY, headers={**header, "If-None-Match": '"1"'})
    assert (wrong.status_code, data(wrong)["errors"][0]["pointer"]) == (422, "/If-None-Match")


def test_what_is_wrong_with_a_company_is_named(service: Services, api: FlaskClient) -> None:
    """The code of the address, facts, evidence for what is not stated, unknown keys."""
    header, address = authorization(service, "bank"), f"/api/v1/companies/{USCC}"
    bad: list[tuple[str, dict[str, Any], str]] = [
        ("/api/v1/companies/123", COMPANY, "/uscc"),
        (address, {"profile": {"company": {"uscc": "123"}}}, "/profile/company/uscc"),
        (address, {"profile": {"company": {"kindd": "x"}}}, "/profile/company/kindd"),
        (address, {**COMPANY, "evidence": {"company.employees": {"document": "x"}}},
         "/evidence/company.employees"),
        (address, {**COMPANY, "extra": 1}, "/extra"),
        (address, {"tags": []}, "/profile"),
    ]  # fmt: skip
    for path, body, pointer in bad:
        answer = api.put(path, json=body, headers=header)
        assert answer.status_code == 422, answer.text
        assert data(answer)["errors"][0]["pointer"] == pointer


def test_evidence_says_by_which_document_a_fact_was_verified(
    service: Services, api: FlaskClient
) -> None:
    header, address = authorization(service, "bank"), f"/api/v1/companies/{USCC}"
    shown = {"document": "licence", "on": "2026-03-01"}
    body = {**COMPANY, "evidence": {"company.kind": shown}}
    api.put(address, json=body, headers=header)
    assert data(api.get(address, headers=header))["evidence"] == {"company.kind": shown}


def test_a_kept_company_is_matched_as_if_sent(service: Services, api: FlaskClient) -> None:
    header, address = authorization(service, "bank"), f"/api/v1/companies/{USCC}"
    api.put(address, json=COMPANY, headers=header)
    asked = {"as_of": "2026-11-22"}
    answer = data(api.post(f"{address}/match", json=asked, headers=header))
    profile = {"company": {**COMPANY["profile"]["company"], "uscc": USCC}}  # type: ignore[index]
    direct = data(api.post("/api/v1/match", json={**asked, "profile": profile}))
    assert answer["receipt_id"] != direct["receipt_id"]
    assert {**answer, "receipt_id": None} == {**direct, "receipt_id": None}
    with_profile = api.post(f"{address}/match", json={"profile": {}}, headers=header)
    assert with_profile.status_code == 422


def test_companies_are_listed_page_by_page_and_by_tag(service: Services, api: FlaskClient) -> None:
    header = authorization(service, "bank")
    codes = [USCC, "91110108551385082Q", "91440300708461136T"]
    for i, code in enumerate(codes):
        body = {**COMPANY, "tags": ["even"] if i % 2 == 0 else ["odd"]}
        assert api.put(f"/api/v1/companies/{code}", json=body, headers=header).status_code == 201
    seen, cursor = [], None
    while True:
        query = {"limit": 1, **({"cursor": cursor} if cursor else {})}
        page = data(api.get("/api/v1/companies", query_string=query, headers=header))
        seen += [item["uscc"] for item in page["items"]]
        assert page["total"] == 3
        if (cursor := page["next_cursor"]) is None:
            break
    assert seen == sorted(codes)
    odd = data(api.get("/api/v1/companies", query_string={"tag": "odd"}, headers=header))
    assert [item["uscc"] for item in odd["items"]] == [codes[1]]
    assert odd["total"] == 1
    refused = api.get("/api/v1/companies?cursor=zzz", headers=header)
    assert (refused.status_code, data(refused)["code"]) == (422, "invalid_cursor")


def test_a_tag_in_chinese_is_what_the_document_says_it_may_be(
    service: Services, api: FlaskClient
) -> None:
    """A client that holds a company against the document sends what the service takes."""
    schemas = data(api.get("/api/v1/openapi.json"))["components"]["schemas"]
    fields = schemas["CompanyDocument"]["properties"]
    pattern = re.compile(fields["tags"]["items"]["pattern"])
    header = authorization(service, "bank")
    for tag, is_allowed in {"小微": True, "sme-1": True, "a b": False, "，": False}.items():
        sent = api.put(f"/api/v1/companies/{USCC}", json={**COMPANY, "tags": [tag]}, headers=header)
        assert (sent.status_code < 300) is is_allowed
        assert bool(pattern.match(tag)) is is_allowed
    assert len(set(fields["evidence"]["type"])) == len(fields["evidence"]["type"])
    part = Draft202012Validator({**schemas["CompanyPatch"], "components": {"schemas": schemas}})
    for change, fits in (
        ({"tags": ["y"]}, True),
        (
            {"profile": {"company": {"employees": None}}, "evidence": {"company.employees": None}},
            True,
        ),
        ({"profile": None}, True),
        ({"tags": "y"}, False),
    ):
        assert part.is_valid(change) is fits, change


def test_parts_that_several_change_at_once_are_all_changed(
    service: Services, api: FlaskClient
) -> None:
    """Whoever names no version wants what he changes changed, whatever others do meanwhile."""
    header, address = authorization(service, "bank"), f"/api/v1/companies/{USCC}"
    api.put(address, json={"profile": {}}, headers=header)
    start = threading.Barrier(4)

    def patch(number: int) -> int:
        start.wait(10)
        part = {"tags": [f"t{number}"]}
        return api.application.test_client().patch(address, json=part, headers=header).status_code

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(patch, range(4))) == [200] * 4
    assert api.get(address, headers=header).headers["ETag"] == '"5"'


def test_a_request_sent_twice_is_done_once(service: Services, api: FlaskClient) -> None:
    """The same body gets the same answer, another body is refused; a receipt is given once."""
    header = {"Idempotency-Key": "order-1"}
    first = api.post("/api/v1/match", json={"profile": {}}, headers=header)
    again = api.post("/api/v1/match", json={"profile": {}}, headers=header)
    assert first.data == again.data
    assert again.headers["Idempotent-Replayed"] == "true"
    assert service.receipts.count() == 1
    other = api.post("/api/v1/match", json={"profile": {"company": {}}}, headers=header)
    assert (other.status_code, data(other)["code"]) == (422, "idempotency_mismatch")


def test_a_refused_request_gives_its_key_back(api: FlaskClient) -> None:
    header = {"Idempotency-Key": "order-2"}
    assert api.post("/api/v1/match", json={}, headers=header).status_code == 422
    assert api.post("/api/v1/match", json={"profile": {}}, headers=header).status_code == 200


def test_a_request_at_work_is_a_conflict(service: Services, api: FlaskClient) -> None:
    """Claimed and not answered yet; the claim of a process that died ends after fifteen seconds."""
    kept, now = service.idempotency, datetime(2026, 11, 22, 8, tzinfo=UTC)
    assert kept.claim("-", "k", "POST /x", b"a", now) is None
    with pytest.raises(Exception, match="being answered"):
        kept.claim("-", "k", "POST /x", b"a", now + timedelta(seconds=14))
    assert kept.claim("-", "k", "POST /x", b"a", now + timedelta(seconds=15)) is None


def test_the_audit_names_every_deed_and_shows_any_change(
    service: Services, api: FlaskClient
) -> None:
    """No figure is in it; a changed, removed or inserted entry breaks the chain."""
    header, address = authorization(service, "bank"), f"/api/v1/companies/{USCC}"
    traced = {**header, "traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}
    body = {"profile": {"company": {"name": "甲", "employees": 98765}}}
    api.put(address, json=body, headers=traced)
    api.post(f"{address}/match", json={}, headers=header)
    api.delete(address, headers=header)
    made = data(api.post("/api/v1/match", json={"profile": {}}, headers=traced))["receipt_id"]
    api.delete(f"/api/v1/receipts/{made}", headers=header)
    programme = next(iter(service.compiled.catalogue.programmes))
    api.post(f"/api/v1/programmes/{programme}/candidates", json={}, headers=header)
    page = data(api.get("/api/v1/audit", headers=header))
    actions = [e["action"] for e in page["items"]]
    assert actions == [
        "key.create", "company.put", "match", "company.match", "company.delete", "match",
        "receipt.delete", "programme.candidates",
    ]  # fmt: skip
    asked = [(e["subject"], e["trace"]) for e in page["items"] if e["action"] == "match"]
    assert asked[1] == (made, "a" * 32)
    assert page["items"][1]["trace"] == "a" * 32
    assert "98765" not in str(page)
    log = service.audit_service.audit
    assert list(log.broken_entries("bank")) == []
    for change in (
        "UPDATE audit SET actor = 'x' WHERE seq = 2",
        "DELETE FROM audit WHERE seq = 2",
    ):
        with service.store.transaction() as db:
            db.execute("SAVEPOINT before")
            db.execute(change)
            assert list(log.broken_entries("bank")) != []
            db.execute("ROLLBACK TO before")
