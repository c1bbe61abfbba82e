"""What belongs to a tenant, as its callers ask for it: each deed within its scope, on record."""

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from service.app import Services
from service.domain.errors import InvalidInput, NotFound, Refused
from service.domain.principal import Principal, Scope
from service.usecases.tenancy.batches import BatchRequest
from service.usecases.tenancy.candidates import CandidateQuery
from service.usecases.tenancy.signatures import SignedRequest
from tests.usecases.meridian import request

BANK = Principal("bank", "key", frozenset(Scope))
READER = Principal("bank", "reader", frozenset({Scope.COMPANIES_READ}))
OTHER = Principal("other", "key", frozenset(Scope))
USCC = "91310000MA1FL2AB6U"
NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)


@pytest.fixture
def city(city: Services) -> Services:
    """The city's service with two tenants, each of which has a key."""
    for tenant in (BANK, OTHER):
        city.key_service.create(tenant, {"name": "first", "scopes": ["match"]}, "trace")
    return city


def test_a_key_is_found_by_its_secret_until_it_is_ended(city: Services) -> None:
    """What it may do is what was asked for; the record says who made and ended it."""
    made = city.key_service.create(BANK, {"name": "desk", "scopes": ["match"]}, "trace")
    found = city.key_service.find(made["secret"])
    assert found is not None
    assert (found.tenant, found.scopes) == ("bank", frozenset({Scope.MATCH}))
    city.key_service.revoke(BANK, made["id"], "trace")
    assert city.key_service.find(made["secret"]) is None
    deeds = city.audit_service.page(BANK, 0, 10)["items"]
    assert [d["action"] for d in deeds] == ["key.create", "key.create", "key.revoke"]


def test_nobody_gives_away_what_he_does_not_have(city: Services) -> None:
    """Nor does a key of another tenant exist for him."""
    half = Principal("bank", "half", frozenset({Scope.KEYS}))
    with pytest.raises(InvalidInput):
        city.key_service.create(half, {"name": "more", "scopes": ["match"]}, "trace")
    made = city.key_service.create(BANK, {"name": "desk", "scopes": ["match"]}, "trace")
    with pytest.raises(NotFound):
        city.key_service.revoke(OTHER, made["id"], "trace")
    with pytest.raises(Refused):
        city.key_service.list(READER)


def test_a_company_is_kept_in_versions_and_matched_as_it_is_kept(city: Services) -> None:
    """A change is a new version; another tenant has no such company."""
    profile = request()["profile"]
    first, new = city.company_service.put(BANK, USCC, {"profile": profile}, None, "trace")
    assert (first["version"], new) == (1, True)
    changed = {"profile": {"company": {"employees": 51}}}
    second = city.company_service.patch(BANK, USCC, changed, 1, "trace")
    assert second["profile"]["company"]["employees"] == 51
    history = city.company_service.history(READER, USCC)["items"]
    assert [v["version"] for v in history] == [2, 1]
    with pytest.raises(NotFound):
        city.company_service.get(OTHER, USCC)
    with pytest.raises(Refused):
        city.company_service.put(READER, USCC, {"profile": profile}, None, "trace")


def test_companies_are_found_for_a_programme(city: Services) -> None:
    """By class, with what the answer rests on; one that it does not fit is counted only."""
    for number, employees in ((USCC, 50), ("91110108551385082Q", 51)):
        profile = request(employees=employees)["profile"]
        city.company_service.put(BANK, number, {"profile": profile}, None, "trace")
    found = city.candidates.find(READER, "me-young-firm", CandidateQuery(NOW.date()))
    assert [item["uscc"] for item in found["items"]] == [USCC]
    assert found["summary"] == {
        "automatic": 1, "one_fact_short": 0, "open": 0, "not_fitting": 1, "unreadable": 0,
    }  # fmt: skip
    assert city.candidates.find(OTHER, "me-young-firm", CandidateQuery())["total"] == 0


def test_a_table_that_is_none_leaves_no_batch(city: Services, tmp_path: Path) -> None:
    """It is refused by name of the file, and nothing is kept of it."""
    table = tmp_path / "table.csv"
    table.write_text("weather,wind\nfine,none\n", encoding="utf-8")
    asked = BatchRequest(name="t", ending=".csv", as_of=None, language="zh", hold=True)
    with pytest.raises(InvalidInput):
        city.batch_service.create(BANK, table, asked, "trace")
    assert city.batch_service.list(BANK)["items"] == []


def signed(secret: bytes, moment: datetime) -> SignedRequest:
    body = b"{}"
    lines = ("POST", "/api/v1/match", moment.isoformat(), "nonce", sha256(body).hexdigest())
    signature = hmac.new(secret, "\n".join(lines).encode(), sha256).digest()
    return SignedRequest(
        scheme="HMAC-SHA256", key_id="k", moment=moment.isoformat(), nonce="nonce",
        signature=signature, method="POST", target="/api/v1/match", body=body,
    )  # fmt: skip


def test_a_signature_holds_for_its_secret_and_its_hour() -> None:
    """Every byte counts, and a request of yesterday is none of today."""
    request = signed(b"secret", NOW)
    assert request.is_signed_with(b"secret")
    assert not request.is_signed_with(b"secreT")
    assert request.is_timely(NOW + timedelta(seconds=60))
    assert not request.is_timely(NOW + timedelta(days=1))
