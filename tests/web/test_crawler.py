"""Every link that a page shows is followed and every button pressed: none is broken, in either
language, in or out of a frame, whoever is logged in."""

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from service.app import Services
from service.domain.principal import Role, operator_of
from service.storage.accounts import AccountRepository
from service.storage.audit import Deed
from service.usecases.tenancy.passwords import Passwords
from service.web.cases import Case
from service.web.ports import PageContext
from service.web.site import FACES
from tests.web.crawling import crawl, forms_on_pages, press_all
from tests.web.officer import Officer, add_officer
from tests.web.pressing import Form, forms_of


def filled(site: PageContext) -> str:
    """The key of a case with most of what a case can have."""
    held = {
        "category": "high_tech_enterprise",
        "issued_on": "2024-11-01",
        "expires_on": "2027-10-31",
    }
    company = {
        "name": "甲公司", "kind": ["enterprise"], "registered_region": "310115", "employees": 80,
        "revenue": "52000000.00", "fields": ["embodied_intelligence"], "certificates": [held],
    }  # fmt: skip
    projects = [
        {"ref": "p1", "kind": "first_of_kind_product", "contract_amount": "60000000"},
        {"ref": "p2", "kind": "loan"},
    ]
    return site.cases.create(Case("", company, projects).content(), site.now())


# A frame in English differs from one in Chinese as pages out of a frame do.
IN_DEPTH = {"/embed/en"}


@pytest.mark.parametrize(
    "prefix",
    [pytest.param(p, marks=pytest.mark.deep if p in IN_DEPTH else ()) for p in FACES.values()],
)
def test_no_link_is_broken(site: PageContext, client: FlaskClient, prefix: str) -> None:
    """One of each kind from every page, beginning at the first and at a case that is filled in; in
    the first face two of each kind, and one file of each."""
    key = filled(site)
    starts = [f"{prefix}/", f"{prefix}/cases/{key}/result", f"{prefix}/desk/cases/{key}"]
    answers = dict(crawl(client, starts, 1 if prefix else 2, dear=not prefix))
    assert {link: a.status_code for link, a in answers.items() if a.status_code >= 400} == {}
    assert len(answers) > 30


@pytest.fixture(scope="module")
def accounts(huice: Services) -> Officer:
    """An institution with a client, and in it one of each role."""
    found = add_officer(huice.store)
    digest = Passwords().digest(found.password)
    for role in Role:
        deed = Deed(operator_of("bank"), datetime.now(UTC))
        AccountRepository(huice.store).add(deed, "bank", role.value, role, digest)
    return found


@pytest.mark.parametrize(("name", "prefix"), [("viewer", ""), ("officer", "/en"), ("admin", "")])
def test_no_button_of_the_desk_fails(
    client: FlaskClient, accounts: Officer, name: str, prefix: str
) -> None:
    """Nobody is shown one that is not for him. The admin comes last, since he ends the others."""
    login = client.get(f"{prefix}/desk/login").get_data(as_text=True)
    fields = dict(next(f for f in forms_of(login, "/desk/login") if f.missing).fields)
    sent = {**fields, "name": name, "password": accounts.password}
    assert client.post(f"{prefix}/desk/login", data=sent).status_code == 303
    starts = [f"{prefix}/desk/clients", f"{prefix}/desk/clients/{accounts.client}"]
    found = forms_on_pages(client, starts, f"{prefix}/desk/")
    assert len(found) > 2
    assert refused(client, found) == []


def test_no_button_of_the_pages_fails(site: PageContext, client: FlaskClient) -> None:
    """Of nobody who is logged in; what needs something typed first is left."""
    key = filled(site)
    starts = ["/", "/library", "/kept?p=sh-08-first-set&p=sh-03-incubator", f"/cases/{key}/answers"]
    found = forms_on_pages(client, [*starts, f"/cases/{key}/result"], f"/cases/{key}/")
    assert len(found) > 8
    assert refused(client, found) == []


def refused(client: FlaskClient, forms: Iterable[Form]) -> list[tuple[str, int, object]]:
    """What failed of forms that were sent as they stand."""
    return [
        (form.action, answer.status_code, form.buttons)
        for form, answer in press_all(client, forms)
        if answer.status_code >= 400
    ]
