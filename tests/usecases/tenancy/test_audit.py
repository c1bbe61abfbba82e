"""The record of deeds: paged, chained, without anybody else's."""

import pytest

from service.app import Services
from service.domain.errors import Refused
from service.usecases.tenancy.audit import AuditService
from tests.usecases.tenancy.tenants import BANK, OTHER, READER


@pytest.fixture
def audit(city: Services) -> AuditService:
    for name in ("second", "third"):
        city.key_service.create(BANK, {"name": name, "scopes": ["match"]}, "trace")
    return city.audit_service


def test_a_page_goes_on_where_the_one_before_ended(audit: AuditService) -> None:
    """Oldest first; each digest covers the entry before."""
    first = audit.page(BANK, 0, 2)
    rest = audit.page(BANK, int(first["next_cursor"]), 2)
    entries = [*first["items"], *rest["items"]]
    assert [e["seq"] for e in entries] == [1, 2, 3]
    assert rest["next_cursor"] is None
    assert [e["previous"] for e in entries[1:]] == [e["digest"] for e in entries[:-1]]


def test_it_is_read_with_the_scope_of_keys_and_only_by_its_tenant(audit: AuditService) -> None:
    assert len(audit.page(OTHER, 0, 10)["items"]) == 1
    assert "tenant" not in audit.page(OTHER, 0, 10)["items"][0]
    with pytest.raises(Refused):
        audit.page(READER, 0, 10)
