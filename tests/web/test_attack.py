"""Two institutions attack each other through every page of the desk, as each kind of person.

Nothing of the victim's is told, nothing of it is changed. Addresses come from the service's own
list and deeds from the forms of its templates: a new page is attacked without a word here, or fails
for want of an id.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service import web
from service.api.factory import create_app
from service.app import Services, open_services
from service.domain.principal import Role, operator_of
from service.faces import api_context, page_context
from service.usecases.tenancy.passwords import Passwords
from service.web.site import register_pages
from tests.api.sample import settings_for
from tests.api.test_attack import FIGURE, NAME, USCC, public, rows, victims

PASSWORD = "correct horse battery"
VICTIM, NOBODYS_CASE = "chen", "n" * 32
DEEDS = re.compile(r'name="(do|act)" value="(\w+)"')


@dataclass(frozen=True)
class Desk:
    """The pages, and what the victim keeps by the names of parts of addresses."""

    service: Services
    app: Flask
    parts: dict[str, str]

    @property
    def addresses(self) -> list[tuple[str, str]]:
        """Method and address of every view of the desk, the victim's ids in it."""
        return [
            (method, re.sub(r"<(?:\w+:)?(\w+)>", lambda m: self.parts[m[1]], rule.rule))
            for rule in self.app.url_map.iter_rules()
            if rule.endpoint.startswith("pages.") and rule.rule.startswith("/desk")
            for method in sorted((rule.methods or set()) & {"GET", "POST"})
        ]

    def log_in(self, name: str) -> FlaskClient:
        client = self.app.test_client()
        fields = {"csrf": csrf(client, "/desk/login"), "name": name, "password": PASSWORD}
        assert client.post("/desk/login", data=fields).status_code == 303
        return client


def csrf(client: FlaskClient, address: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(address).text)
    assert found
    return found[1]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    opened = open_services(settings_for(tmp_path_factory.mktemp("desk") / "huice.sqlite3"))
    cheap = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    service = replace(opened, account_service=replace(opened.account_service, passwords=cheap))
    app = create_app(api_context(service))
    register_pages(app, page_context(service))
    people = [("bank", VICTIM, Role.ADMIN), *(("rival", f"rival-{role}", role) for role in Role)]
    for tenant, name, role in people:
        service.account_service.add(operator_of(tenant), name, role, PASSWORD, "t")
    kept = victims(service, app.test_client())
    named = {
        "account": VICTIM, "key": NOBODYS_CASE, "subscription": kept["subscription_id"],
        "fact_id": "company.employees", "row": "2", "form": "xlsx",
    }  # fmt: skip
    yield Desk(service, app, {**public(service), **kept, **named})
    service.close()


def deeds() -> list[dict[str, str]]:
    """What a form may ask for, one at a time; and what forms name of somebody else's."""
    pages = (Path(web.__file__).parent / "templates").glob("*.html")
    named = {found for page in pages for found in DEEDS.findall(page.read_text(encoding="utf-8"))}
    asked = sorted({*named, *(("do", word) for word in ("start", "cancel", "delete"))})
    return [{}, *({name: word} for name, word in asked)]


def answers(desk: Desk, client: FlaskClient, method: str, address: str) -> list[TestResponse]:
    """To the call with the victim's ids in its address, its query and its form."""
    if method == "GET":
        batch = desk.parts["batch_id"]
        query = {"batch": batch, "from": batch, "programme": desk.parts["programme_id"]}
        return [client.get(address, query_string=q, buffered=True) for q in ({}, query)]
    form = {
        "csrf": csrf(client, "/desk/password"),
        "kind": "company", "target": USCC, "uscc": USCC, "name": VICTIM, "role": "admin",
    }  # fmt: skip
    return [client.post(address, data={**form, **deed}, buffered=True) for deed in deeds()]


def test_nothing_leaks_and_nothing_is_changed(desk: Desk) -> None:
    """Neither read nor counted, exported, deleted, followed or signed for: by a viewer, an officer,
    an administrator of another institution."""
    before = rows(desk.service, "bank")
    ids = {desk.parts[n] for n in ("batch_id", "receipt_id", "subscription_id", "uscc")}
    assert len(desk.addresses) > 30
    for role in Role:
        client = desk.log_in(f"rival-{role}")
        for method, address in desk.addresses:
            if address == "/desk/logout":
                continue
            for answer in answers(desk, client, method, address):
                where = (role, method, address, answer.status_code)
                assert answer.status_code < 500, where
                told = [w for w in (NAME, FIGURE) if w.encode() in answer.data]
                if method == "GET" and not answer.request.query_string:  # else a page repeats it
                    told += [i for i in ids if i not in address and i.encode() in answer.data]
                assert not told, (where, told)
                if method == "GET" and any(i in address for i in (*ids, "/accounts/chen")):
                    assert answer.status_code in (403, 404), where
        client.delete_cookie("huice")
    assert rows(desk.service, "bank") == before
    rival = desk.service.subscription_service.page(operator_of("rival"), "", 100)
    assert [s for s in rival["items"] if s["kind"] == "company"] == []


def test_the_owner_sees_it_all(desk: Desk) -> None:
    """What a rival is refused, the owner is shown: the attack was on what is there."""
    client = desk.log_in(VICTIM)
    own = (USCC, desk.parts["batch_id"], desk.parts["receipt_id"], f"/accounts/{VICTIM}")
    shown = [a for m, a in desk.addresses if m == "GET" and any(part in a for part in own)]
    assert len(shown) > 5
    for address in shown:
        query = {"from": desk.parts["batch_id"]}  # what a batch is compared with
        answer = client.get(address, query_string=query, buffered=True)
        assert answer.status_code == 200, address
    assert NAME in client.get(f"/desk/batches/{desk.parts['batch_id']}/rows/2").text
    assert NAME in client.get("/desk/clients").text
    assert FIGURE[:2] in client.get(f"/desk/clients/{USCC}").text


def test_who_is_not_logged_in_is_sent_to_do_so(desk: Desk) -> None:
    """Or shown what is anybody's; never what is kept."""
    client = desk.app.test_client()
    for method, address in desk.addresses:
        answer = client.open(address, method=method, buffered=True)
        assert NAME not in answer.text if answer.mimetype == "text/html" else True
        if USCC in address or desk.parts["batch_id"] in address:
            assert answer.status_code == 303, (method, address)
            assert answer.headers["Location"].startswith("/desk/login"), address
