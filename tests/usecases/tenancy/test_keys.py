"""Keys of a tenant: shown once, never given more than their maker has, on record."""

from datetime import datetime

import pytest

from service.app import Services
from service.domain.errors import InvalidInput, NotFound, Refused
from service.domain.principal import Principal, Scope
from service.usecases.tenancy.keys import OVERLAP
from tests.usecases.tenancy.tenants import BANK, OTHER, READER


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


def test_a_replaced_key_works_on_for_a_while(city: Services) -> None:
    """Its follower has the same scopes and says what it replaces."""
    old = city.key_service.create(BANK, {"name": "desk", "scopes": ["match"]}, "trace")
    new = city.key_service.rotate(BANK, old["id"], "trace")
    assert (new["replaces"], new["scopes"]) == (old["id"], ["match"])
    assert city.key_service.find(old["secret"]) is not None
    listed = {k["id"]: k["revoked_at"] for k in city.key_service.list(BANK)["items"]}
    until = datetime.fromisoformat(listed[old["id"]])
    assert until - datetime.fromisoformat(new["created_at"]) == OVERLAP


def test_a_key_that_has_ended_is_not_replaced(city: Services) -> None:
    """Whoever was shut out would be let in again by a key that follows."""
    ended = city.key_service.create(BANK, {"name": "desk", "scopes": ["match"]}, "trace")
    city.key_service.revoke(BANK, ended["id"], "trace")
    before = len(city.key_service.list(BANK)["items"])
    with pytest.raises(InvalidInput):
        city.key_service.rotate(BANK, ended["id"], "trace")
    assert len(city.key_service.list(BANK)["items"]) == before
