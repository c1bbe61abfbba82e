"""What is kept of an answer for who sends its request again: never what was shown once, nor a copy
that would outlive what it was made of."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.api.http import ENVELOPE
from service.app import Services
from tests.api.sample import data

USCC = "91310000MA1FL2AB6U"
ASKED = {"profile": {"company": {"name": "甲公司", "employees": 98765}}}
HEADER = {"Idempotency-Key": "order-1"}
MATCH = "/api/v1/match"


def stored_answers(service: Services) -> list[bytes]:
    """All that the database keeps of answers."""
    return [bytes(row[0]) for row in service.store.rows("SELECT kept FROM idempotency")]


def replayed(answer: TestResponse) -> bool:
    return answer.headers.get("Idempotent-Replayed") == "true"


def assert_gone(again: TestResponse) -> None:
    """What the first answer was about is not to be had any more, and the key is named."""
    assert (again.status_code, data(again)["code"]) == (404, "not_found")
    assert [e["pointer"] for e in data(again)["errors"]] == ["/Idempotency-Key"]


def test_a_match_is_made_again_from_its_receipt(api: FlaskClient, service: Services) -> None:
    """To the byte, whichever call it was; what is kept of it is the receipt's id."""
    api.put(f"/api/v1/companies/{USCC}", json=ASKED)
    for number, (path, body) in enumerate(
        ((MATCH, ASKED), (f"/api/v1/companies/{USCC}/match", {"detail": "brief"}))
    ):
        header = {"Idempotency-Key": f"order-{number}"}
        first, again = (api.post(path, json=body, headers=header) for _ in range(2))
        assert (first.status_code, again.status_code) == (200, 200)
        assert first.data == again.data
        assert replayed(again)
        assert stored_answers(service)[-1] == data(first)["receipt_id"].encode()


def test_a_receipt_that_was_deleted_is_not_answered_again(
    api: FlaskClient, service: Services
) -> None:
    made = data(api.post(MATCH, json=ASKED, headers=HEADER))["receipt_id"]
    assert api.delete(f"/api/v1/receipts/{made}").status_code == 204
    assert_gone(api.post(MATCH, json=ASKED, headers=HEADER))
    assert service.receipts.count() == 0


@pytest.mark.parametrize("own_settings", [{"retention_days": 0}])
def test_who_keeps_no_receipts_keeps_no_answers(api: FlaskClient, service: Services) -> None:
    """Nothing was stored, so the match is made anew."""
    answers = [api.post(MATCH, json=ASKED, headers=HEADER) for _ in range(2)]
    assert [(a.status_code, replayed(a)) for a in answers] == [(200, False)] * 2
    assert stored_answers(service) == []


def test_a_batch_is_answered_again_as_it_stands(api: FlaskClient, service: Services) -> None:
    """Held at first, queued by then; once it is deleted none of its cells is kept anywhere."""
    table = "name,Kind,company.employees\n甲公司,enterprise,98765\n"
    sent: dict[str, Any] = {"data": table, "content_type": "text/csv", "headers": HEADER}
    first = api.post("/api/v1/batches?hold=yes", **sent)
    address = first.headers["Location"]
    started = api.post(f"{address}/start", headers={"Idempotency-Key": "start"})
    again = api.post("/api/v1/batches?hold=yes", **sent)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Location"] == address
    assert data(again) == data(started) != data(first)
    assert stored_answers(service) == [data(first)["id"].encode()] * 2
    assert api.delete(address).status_code == 204
    assert_gone(api.post("/api/v1/batches?hold=yes", **sent))
    assert_gone(api.post(f"{address}/start", headers={"Idempotency-Key": "start"}))


def test_the_secret_of_a_key_is_shown_once(api: FlaskClient, service: Services) -> None:
    """Who lost the answer is told which key it was, and no second one is made."""
    new = {"name": "portal", "scopes": ["match"]}
    first, again = (api.post("/api/v1/keys", json=new, headers=HEADER) for _ in range(2))
    assert first.status_code == 201
    assert (again.status_code, data(again)["code"]) == (409, "conflict")
    assert data(first)["id"] in data(again)["detail"]
    assert stored_answers(service) == [data(first)["id"].encode()]
    assert [k["name"] for k in data(api.get("/api/v1/keys"))["items"]].count("portal") == 1


def test_the_secret_of_an_address_comes_again_from_where_it_is_kept(
    api: FlaskClient, service: Services
) -> None:
    new = {"url": "https://hooks.bank.example/in"}
    first, again = (api.post("/api/v1/webhooks", json=new, headers=HEADER) for _ in range(2))
    assert data(first)["secret"] == data(again)["secret"]
    assert stored_answers(service) == [data(first)["id"].encode()]
    assert api.delete(f"/api/v1/webhooks/{data(first)['id']}").status_code == 204
    assert_gone(api.post("/api/v1/webhooks", json=new, headers=HEADER))


def test_an_answer_comes_again_in_the_form_that_is_asked_for(api: FlaskClient) -> None:
    """First in a gateway's envelope, then without."""
    new = {"kind": "tag", "target": "sme"}
    first = api.post("/api/v1/subscriptions", json=new, headers={**HEADER, "Accept": ENVELOPE})
    again = api.post("/api/v1/subscriptions", json=new, headers=HEADER)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content_type == "application/json"
    assert data(first)["data"] == data(again)
