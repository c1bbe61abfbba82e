"""Kept companies: in versions, matched as they are kept, nobody else's."""

import pytest

from service.app import Services
from service.domain.errors import NotFound, Refused
from tests.usecases.meridian import request
from tests.usecases.tenancy.tenants import BANK, OTHER, READER, USCC


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
