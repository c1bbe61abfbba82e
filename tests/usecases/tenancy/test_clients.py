"""The clients of a tenant: what is new of each since somebody looked, and all in numbers."""

from typing import Any

import pytest

from service.app import Services
from service.domain.errors import NotFound
from service.domain.evaluation.evaluator import Status
from service.domain.principal import Role, operator_of
from service.storage.companies import CompanyOrder
from service.usecases.tenancy.clients import ClientFilter, ClientPage, ClientService
from tests.usecases.meridian import request
from tests.usecases.tenancy.tenants import BANK, OTHER, READER, USCC

SECOND = "91110108551385082Q"


@pytest.fixture
def clients(city: Services) -> ClientService:
    for uscc, employees in ((USCC, 50), (SECOND, 51)):
        profile = request(employees=employees)["profile"]
        city.company_service.put(BANK, uscc, {"profile": profile}, None, "trace")
    return city.clients


@pytest.fixture
def officers(city: Services) -> tuple[str, str]:
    """The ids of two people of the bank."""
    service = city.account_service
    for name in ("chen", "zhou"):
        service.add(operator_of("bank"), name, Role.OFFICER, None, "trace")
    first, second = service.accounts.of_tenant("bank")
    return first.id, second.id


def test_a_change_is_told_against_what_was_seen(
    city: Services, clients: ClientService, officers: tuple[str, str]
) -> None:
    """Before anybody has looked nothing has changed; each account has looks of its own."""
    chen, zhou = officers
    clients.mark_seen(BANK, chen, USCC)
    assert clients.client(BANK, chen, USCC).changes == ()
    body = {"profile": {"company": {"employees": 51}}}
    city.company_service.patch(BANK, USCC, body, None, "trace")
    (change,) = clients.client(BANK, chen, USCC).changes
    assert (change.programme, change.after) == ("me-young-firm", None)
    assert clients.client(BANK, zhou, USCC).changes == ()


def test_clients_are_narrowed_by_what_is_in_reach(clients: ClientService) -> None:
    """Which programmes a company may claim is worked out as the list is read."""
    wanted = ClientFilter(programme="me-young-firm", status=Status.POTENTIAL)
    found, following, _ = clients.page(READER, "chen", wanted, "")
    assert ([c.company.uscc for c in found], following) == ([USCC], None)
    assert len(clients.page(READER, "chen", ClientFilter(), "")[0]) == 2


def test_clients_are_found_by_name_and_code_and_sorted(
    city: Services, clients: ClientService
) -> None:
    """All words must stand in name or code; how many there are is told, and a page goes on behind
    the last in whatever order."""
    body = {"profile": {"company": {"name": "阿尔法 Robotics"}}}
    city.company_service.patch(BANK, USCC, body, None, "trace")

    def page(after: str = "", **wanted: Any) -> ClientPage:
        return clients.page(READER, "chen", ClientFilter(**wanted), after)

    assert [c.company.uscc for c in page(words="robotics 阿尔法").clients] == [USCC]
    assert page(words=USCC[3:9].lower()).total == 1
    assert page(words="robotics nobody").total == 0
    for order in CompanyOrder:
        first, second = page(order=order).clients
        (rest,) = page(after=first.company.uscc, order=order).clients
        assert (rest.company.uscc, page(order=order).total) == (second.company.uscc, 2)
    assert page(order=CompanyOrder.UPDATED).clients[0].company.uscc == USCC


def test_the_portfolio_is_counted_and_nobody_elses_is(clients: ClientService) -> None:
    overview = clients.overview(BANK)
    assert (overview.total, overview.counted, overview.unreadable) == (2, 2, 0)
    counts = {c.programme: c.promising for c in overview.programmes}
    assert counts["me-young-firm"] == 1
    assert clients.overview(OTHER).total == 0
    with pytest.raises(NotFound):
        clients.client(OTHER, "chen", USCC)
