"""Signed requests: a signature stands for this request, now, once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.api.factory import create_app
from service.app import Services, open_services
from service.domain.principal import Scope, operator_of
from service.faces import api_context
from tests.api.keys import BODY, TARGET, Signer
from tests.api.sample import data, settings_for


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    opened = open_services(settings_for(tmp_path_factory.mktemp("signed") / "huice.sqlite3"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def api(service: Services) -> FlaskClient:
    return create_app(api_context(service)).test_client()


@pytest.fixture(scope="module")
def secret(service: Services) -> str:
    """A key that signs, as it was shown."""
    asked = {"name": "portal", "scopes": sorted(Scope), "signs": True}
    made: str = service.key_service.create(operator_of("bank"), asked, "test")["secret"]
    return made


@pytest.fixture(scope="module")
def signer(secret: str) -> Signer:
    return Signer(secret)


def match(
    api: FlaskClient, headers: dict[str, str], body: bytes = BODY, target: str = TARGET
) -> Any:
    return api.post(target, data=body, content_type="application/json", headers=headers)


@pytest.mark.parametrize("scheme", ["HMAC-SHA256", "HMAC-SM3"])
def test_a_signature_stands_for_its_key(api: FlaskClient, signer: Signer, scheme: str) -> None:
    """By either digest; the receipt is the tenant's; a query is covered as it is sent."""
    answer = match(api, signer.header(scheme=scheme))
    assert answer.status_code == 200
    address = f"/api/v1/receipts/{data(answer)['receipt_id']}"
    assert api.get(address).status_code == 404
    assert (
        api.get(address, headers=signer.header("GET", address, b"", scheme=scheme)).status_code
        == 200
    )
    page = "/api/v1/companies?limit=5&tag=%E7%94%B2"
    assert api.get(page, headers=signer.header("GET", page, b"", scheme=scheme)).status_code == 200


def test_a_request_that_is_sent_again_is_refused(api: FlaskClient, signer: Signer) -> None:
    headers = signer.header()
    assert match(api, headers).status_code == 200
    again = match(api, headers)
    assert (again.status_code, data(again)["code"]) == (401, "unauthenticated")


def test_no_part_may_be_other_than_was_signed(api: FlaskClient, signer: Signer) -> None:
    """Body, query, path, method, date, nonce, scheme: each alone undoes the signature."""
    assert match(api, signer.header(), b'{"profile":{}}').status_code == 401
    page = "/api/v1/companies?limit=5"
    other = api.get(page, headers=signer.header("GET", "/api/v1/companies?limit=6", b""))
    assert other.status_code == 401
    assert match(api, signer.header(target="/api/v1/match/compare")).status_code == 401
    assert (
        api.get("/api/v1/keys", headers=signer.header("POST", "/api/v1/keys", b"")).status_code
        == 401
    )
    told = signer.header()["Authorization"]
    minute = (datetime.now(UTC) + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    date = told.split("date=")[1].split(",")[0]
    for changed in (
        told.replace(date, minute),
        told.replace("nonce=0", "nonce=1"),
        told.replace("SHA256", "SM3"),
        told[:-1] + ("0" if told[-1] != "0" else "1"),
        told.replace(signer.key_id, "0" * 12),
        told.replace(date, "2026-19-39T29:00:00Z"),
        "HMAC-SHA256 key=",
    ):
        assert match(api, {"Authorization": changed}).status_code == 401, changed


@pytest.mark.parametrize(("minutes", "status"), [(-6, 401), (-4, 200), (4, 200), (6, 401)])
def test_a_date_is_of_about_now(
    api: FlaskClient, signer: Signer, minutes: int, status: int
) -> None:
    """Five minutes either way; a test of a minute on each side."""
    moment = datetime.now(UTC) + timedelta(minutes=minutes)
    assert match(api, signer.header(moment=moment)).status_code == status


def test_a_key_that_signs_is_never_sent_and_one_that_is_sent_never_signs(
    service: Services, api: FlaskClient, secret: str
) -> None:
    """The secret is in no file as it is; a key that follows another signs as that one does."""
    assert match(api, {"Authorization": f"Bearer {secret}"}).status_code == 401
    who = operator_of("bank")
    plain = service.key_service.create(who, {"name": "x", "scopes": ["match"]}, "test")
    assert plain["signs"] is False
    assert match(api, Signer(plain["secret"]).header()).status_code == 401
    service.store.checkpoint()
    assert secret.split("_", 2)[2].encode() not in Path(service.settings.database).read_bytes()
    after = service.key_service.rotate(who, secret.split("_")[1], "test")
    assert after["signs"] is True
    assert match(api, Signer(after["secret"]).header()).status_code == 200


def test_a_table_is_signed_whole(api: FlaskClient, signer: Signer) -> None:
    target, table = "/api/v1/batches", b"name,Kind\nx,enterprise\n"
    headers = signer.header("POST", target, table)
    sent = api.post(target, data=table, content_type="text/csv", headers=headers)
    assert sent.status_code == 201
    other = api.post(target, data=table + b"y,enterprise\n", content_type="text/csv",
                     headers=signer.header("POST", target, table))  # fmt: skip
    assert other.status_code == 401
