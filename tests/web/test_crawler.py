"""Every link that a page shows is followed and every button pressed: none is broken, in either
language, in or out of a frame, whoever is logged in."""

import re
from collections import Counter, deque
from datetime import UTC, datetime
from html import unescape
from urllib.parse import parse_qsl, urljoin, urlsplit

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
from tests.web.officer import Officer, add_officer
from tests.web.pressing import Form, forms_of

_LINK = re.compile(r'<a\b[^>]*\bhref="([^"]+)"|\bhx-get="([^"]+)"')
_IDS = re.compile(r"(?<=/)(?:[A-Za-z0-9_-]{20,}|(?:sh|bj|n|s|w|j|cn|wh|ja)-[\w-]+)(?=/|$)")
# What is made of the same templates whatever the face costs time once only.
_DEAR = re.compile(r"\.(pdf|xlsx)(\?|$)")


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


def links(page: str, at: str) -> list[str]:
    """Every address of this host that a page leads to by a link, or fetches a piece from."""
    found = (unescape(a or b) for a, b in _LINK.findall(page))
    whole = (urljoin(at, link.split("#")[0]) for link in found if not link.startswith("mailto:"))
    return [link for link in whole if not urlsplit(link).netloc and link]


def kind_of(link: str) -> str:
    """Links of one kind differ in ids and in the values of a query."""
    parts = urlsplit(link)
    return f"{_IDS.sub('*', parts.path)}?{sorted({k for k, _ in parse_qsl(parts.query)})}"


# A frame in English differs from one in Chinese as pages out of a frame do.
IN_DEPTH = {"/embed/en"}


@pytest.mark.parametrize(
    "prefix",
    [pytest.param(p, marks=pytest.mark.deep if p in IN_DEPTH else ()) for p in FACES.values()],
)
def test_no_link_is_broken(site: PageContext, client: FlaskClient, prefix: str) -> None:
    """One of each kind from every page, beginning at the first and at a case that is filled in; in
    the first face two of each kind, and the files too."""
    most = 1 if prefix else 2
    key = filled(site)
    starts = [f"{prefix}/", f"{prefix}/cases/{key}/result", f"{prefix}/desk/cases/{key}"]
    queue, seen, taken = deque(starts), set(starts), Counter[str]()
    broken = []
    while queue:
        link = queue.popleft()
        answer = client.get(link, follow_redirects=True, headers={"Accept": "text/html,*/*"})
        if answer.status_code >= 400:
            broken.append((link, answer.status_code))
        if answer.mimetype != "text/html":
            continue
        for found in links(answer.get_data(as_text=True), link):
            kind = kind_of(found)
            if found not in seen and taken[kind] < most and not (prefix and _DEAR.search(found)):
                seen.add(found)
                taken[kind] += 1
                queue.append(found)
    assert broken == []
    assert len(seen) > 50


# What ends what the others need comes last.
_ENDING = re.compile(r"/(delete|logout|revoke|forget)")


@pytest.fixture(scope="module")
def accounts(huice: Services) -> Officer:
    """An officer with a client, and beside him one of each other role."""
    found = add_officer(huice.store)
    digest = Passwords().digest(found.password)
    for role in (Role.VIEWER, Role.ADMIN):
        deed = Deed(operator_of("bank"), datetime.now(UTC))
        AccountRepository(huice.store).add(deed, "bank", role.value, role, digest)
    return found


@pytest.mark.parametrize(("name", "prefix"), [("viewer", ""), ("chen", "/en"), ("admin", "")])
def test_no_button_of_the_desk_fails(
    client: FlaskClient, accounts: Officer, name: str, prefix: str
) -> None:
    """Nobody is shown one that is not for him."""
    login = client.get(f"{prefix}/desk/login").get_data(as_text=True)
    fields = dict(next(f for f in forms_of(login, "/desk/login") if f.missing).fields)
    sent = {**fields, "name": name, "password": accounts.password}
    assert client.post(f"{prefix}/desk/login", data=sent).status_code == 303
    starts = [f"{prefix}/desk/clients", f"{prefix}/desk/clients/{accounts.client}"]
    found = forms_on_pages(client, starts, f"{prefix}/desk/")
    assert len(found) > 2
    assert press_all(client, found) == []


def test_no_button_of_the_pages_fails(site: PageContext, client: FlaskClient) -> None:
    """Of nobody who is logged in; what needs something typed first is left."""
    key = filled(site)
    starts = ["/", "/library", "/kept?p=sh-08-first-set&p=sh-03-incubator", f"/cases/{key}/answers"]
    found = forms_on_pages(client, [*starts, f"/cases/{key}/result"], f"/cases/{key}/")
    assert len(found) > 8
    assert press_all(client, found) == []


def press_all(client: FlaskClient, forms: list[Form]) -> list[tuple[str, int, object]]:
    """Send each form as it stands by each of its buttons, what ends the rest last; what failed."""
    return [
        (form.action, answer.status_code, form.buttons)
        for form in sorted(forms, key=lambda f: bool(_ENDING.search(f.action)))
        for answer in form.presses(client, {"Accept": "text/html"})
        if answer.status_code >= 400
    ]


def forms_on_pages(client: FlaskClient, starts: list[str], below: str) -> list[Form]:
    """One form of each kind, of the pages given and of one of each kind that they lead to below an
    address."""
    queue, seen, found = deque(starts), {kind_of(s) for s in starts}, dict[object, Form]()
    while queue:
        at = queue.popleft()
        answer = client.get(at, headers={"Accept": "text/html,*/*"}, follow_redirects=True)
        if answer.mimetype != "text/html":
            continue
        page = answer.get_data(as_text=True)
        for form in forms_of(page, at):
            if not form.missing and not form.files:
                found.setdefault((kind_of(form.action), form.kind), form)
        for link in links(page, at):
            is_here = link.startswith(below) and not _DEAR.search(link)
            if is_here and kind_of(link) not in seen:
                seen.add(kind_of(link))
                queue.append(link)
    return list(found.values())
