"""The desk of people with accounts: logging in, sessions, roles, clients of their tenant only."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from service.api.factory import create_app
from service.app import Services, open_services
from service.domain.clock import Clock
from service.domain.errors import InvalidInput, Refused
from service.domain.principal import Role, operator_of
from service.domain.text import Text
from service.faces import api_context, page_context
from service.storage.cases import CaseRepository
from service.storage.events import write_event
from service.usecases.tenancy.accounts import MAX_FAILURES_OF_NAME
from service.usecases.tenancy.clients import ClientService
from service.usecases.tenancy.passwords import Passwords
from service.web import clients
from service.web.cases import Case
from service.web.site import register_pages
from tests.api.sample import settings_for
from tests.batches import answer_batch
from tests.web.officer import OF_SESSION

USCC, OTHER = "91310000MA1FL2AB6U", "91110108551385082Q"
PASSWORD, PROGRAMME = "correct horse battery", "me-young-firm"
FITTING = {"name": "甲公司", "kind": "enterprise", "registered_region": "900101", "employees": 50,
           "founded_on": "2020-01-01"}  # fmt: skip


def opened(folder: Any, **changed: Any) -> Services:
    """A service whose passwords cost no second."""
    found = open_services(settings_for(folder / "huice.sqlite3", **changed))
    cheap = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    return replace(found, account_service=replace(found.account_service, passwords=cheap))


def pages(huice: Services) -> Flask:
    app = create_app(api_context(huice))
    register_pages(app, page_context(huice))
    return app


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    found = opened(tmp_path_factory.mktemp("desk"))
    yield found
    found.close()


@pytest.fixture
def huice(shared: Services) -> Services:
    """The service with three people, and nothing else of any tenant's."""
    with shared.store.transaction() as db:
        for table in (
            "batches",
            "looks",
            "sessions",
            "accounts",
            "subscriptions",
            "login_failures",
            "companies",
            "audit",
        ):
            db.execute(f"DELETE FROM {table}")
    for tenant, name, role in (
        ("bank", "chen", Role.OFFICER), ("bank", "wang", Role.VIEWER), ("rival", "zhou", Role.ADMIN)
    ):  # fmt: skip
        shared.account_service.add(operator_of(tenant), name, role, PASSWORD, "test")
    return shared


@pytest.fixture(scope="module")
def application(shared: Services) -> Flask:
    return pages(shared)


@pytest.fixture
def app(huice: Services, application: Flask) -> Flask:
    return application


def store_client(
    huice: Services, tenant: str, uscc: str, company: dict[str, Any], **more: Any
) -> None:
    body = {"profile": {"company": company, **more.pop("profile", {})}, **more}
    huice.company_service.put(operator_of(tenant), uscc, body, None, "test")


def token(page: TestResponse) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found
    return found[1]


def login(
    client: FlaskClient, name: str = "chen", password: str = PASSWORD, **more: str
) -> TestResponse:
    fields = {"csrf": token(client.get("/desk/login")), "name": name, "password": password}
    return client.post("/desk/login", data={**fields, **more})


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    """An officer of the bank, logged in."""
    client = app.test_client()
    assert login(client).status_code == 303
    return client


def test_who_is_not_logged_in_is_sent_to_do_so_and_comes_back(app: Flask) -> None:
    client = app.test_client()
    for page in ("/desk/clients", "/desk/portfolio", f"/desk/clients/{USCC}"):
        answer = client.get(page)
        assert answer.status_code == 303
        assert answer.headers["Location"] == f"/desk/login?next={page}"
    for form, page in (
        ("/desk/cases/abc/keep", "/desk/cases/abc"),  # the button stood there
        ("/desk/batches", "/desk/batches"),
        ("/en/desk/accounts", "/en/desk/accounts"),
    ):
        answer = client.post(form)
        assert answer.headers["Location"].endswith(f"/desk/login?next={page}"), form
    assert login(client, next="/desk/portfolio").headers["Location"] == "/desk/portfolio"
    assert client.get("/desk/portfolio").status_code == 200
    # Whose session ended before a form was sent comes back to the page that it stood on.
    for deed in ("/seen", "/memo"):
        sent = app.test_client().post(f"/desk/clients/{USCC}{deed}")
        assert sent.headers["Location"] == f"/desk/login?next=/desk/clients/{USCC}"


@pytest.mark.parametrize(
    "address", ["//evil.example/desk", "https://evil.example", "/api", "/desk\\x"]
)
def test_nobody_is_sent_elsewhere_after_logging_in(app: Flask, address: str) -> None:
    assert login(app.test_client(), next=address).headers["Location"] == "/desk/clients"


def test_the_cookie_is_for_this_host_and_no_script(app: Flask) -> None:
    """Over https it takes the strictest name; it is given at the login alone."""
    plain = login(app.test_client()).headers["Set-Cookie"]
    assert plain.startswith("huice=")
    assert "HttpOnly" in plain
    assert "SameSite=Lax" in plain
    client = app.test_client()
    with app.test_request_context(base_url="https://localhost"):
        pass
    got = client.get("/desk/login", base_url="https://localhost")
    fields = {"csrf": token(got), "name": "chen", "password": PASSWORD}
    safe = client.post("/desk/login", data=fields, base_url="https://localhost")
    cookie = safe.headers["Set-Cookie"]
    assert cookie.startswith("__Host-huice=")
    assert "Secure" in cookie
    assert "Domain" not in cookie
    assert "Path=/" in cookie
    assert "Set-Cookie" not in client.get("/").headers


def test_a_wrong_name_or_password_says_not_which(app: Flask) -> None:
    for name, password in (("chen", "wrong"), ("nobody", PASSWORD), ("", "")):
        answer = login(app.test_client(), name, password)
        assert answer.status_code == 403
        assert "登录名或密码不对" in answer.text
        assert "Set-Cookie" not in answer.headers


def test_guessing_ends_soon(huice: Services, app: Flask) -> None:
    """Failures count for the name and the address; the right password does not help then."""
    service, now = huice.account_service, huice.clock.now()
    for i in range(MAX_FAILURES_OF_NAME):
        with pytest.raises(Refused):
            service.login("chen", "wrong", f"10.0.0.{i}", "t", None)
    answer = login(app.test_client())
    assert answer.status_code == 429
    assert login(app.test_client(), "wang").status_code == 303
    later = Clock(lambda: now + timedelta(minutes=16), now.tzinfo)  # type: ignore[arg-type]
    assert replace(service, clock=later).login("chen", PASSWORD, "10.0.0.1", "t", None)


def test_a_login_takes_a_form_of_ours(app: Flask) -> None:
    """Without its token, or from another site, nobody is logged in as anybody."""
    client = app.test_client()
    fields = {"name": "chen", "password": PASSWORD}
    assert client.post("/desk/login", data=fields).status_code == 403
    fields["csrf"] = token(client.get("/desk/login"))
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/desk/login", data=fields, headers=foreign).status_code == 403


def test_a_session_is_another_after_every_login(huice: Services, app: Flask) -> None:
    """What a browser had before logs nobody in any more."""
    client = app.test_client()
    first = login(client).headers["Set-Cookie"].split(";")[0].partition("=")[2]
    with app.test_request_context():
        before = huice.account_service
    assert before.session(first) is not None
    second = before.login("chen", PASSWORD, "127.0.0.1", "t", first)
    assert second != first
    assert before.session(first) is None
    assert before.session(second) is not None


def test_a_session_ends_when_idle_and_at_last(huice: Services) -> None:
    """Use keeps it for an hour more, but not beyond twelve."""
    start: datetime = huice.clock.now()
    moment = [start]
    clock = Clock(lambda: moment[0], start.tzinfo)  # type: ignore[arg-type]
    service = replace(huice.account_service, clock=clock)
    secret = service.login("chen", PASSWORD, "a", "t", None)
    for _ in range(13):
        moment[0] += timedelta(minutes=55)
        assert service.session(secret) is not None
    moment[0] = start + timedelta(hours=12)
    assert service.session(secret) is None
    moment[0] = start
    idle = service.login("chen", PASSWORD, "a", "t", None)
    moment[0] += timedelta(minutes=60)
    assert service.session(idle) is None


def test_sessions_can_be_ended_one_or_all(huice: Services, app: Flask) -> None:
    """By oneself, by an administrator; by a change of password or role; with the account."""
    service, who = huice.account_service, operator_of("bank")
    one, two = app.test_client(), app.test_client()
    for client in (one, two):
        login(client)
    one.post("/desk/logout", data={"csrf": token(one.get("/desk/clients"))})
    assert one.get("/desk/clients").status_code == 303
    assert two.get("/desk/clients").status_code == 200
    login(one)
    two.post("/desk/logout", data={"csrf": token(two.get("/desk/clients")), "everywhere": "yes"})
    assert one.get("/desk/clients").status_code == 303
    for end in (
        lambda: service.end_sessions(who, "chen", "t"),
        lambda: service.set_role(who, "chen", Role.VIEWER, "t"),
        lambda: service.set_password(who, "chen", PASSWORD, "t"),
        lambda: service.end(who, "chen", "t"),
    ):
        login(one)
        assert one.get("/desk/clients").status_code == 200
        end()
        assert one.get("/desk/clients").status_code == 303
    assert login(one).status_code == 403


def test_a_form_of_another_session_is_refused(
    desk: FlaskClient, app: Flask, huice: Services
) -> None:
    store_client(huice, "bank", USCC, FITTING)
    other = app.test_client()
    login(other, "wang")
    stolen = token(other.get("/desk/clients"))
    assert desk.post(f"/desk/clients/{USCC}/seen", data={"csrf": stolen}).status_code == 403
    own = token(desk.get("/desk/clients"))
    assert desk.post(f"/desk/clients/{USCC}/seen", data={"csrf": own}).status_code == 303


def test_no_form_of_the_desk_is_taken_without_its_token(desk: FlaskClient, app: Flask) -> None:
    """Every address that takes one: without a token, with one made for no session, from another
    site. Whoever is not logged in is sent to do so, and nothing is done."""
    opening, own = token(app.test_client().get("/desk/login")), token(desk.get("/desk/clients"))
    named = {
        "account": "wang",
        "subscription": "sub_x",
        "uscc": USCC,
        "fact_id": "company.employees",
        "batch_id": "x" * 24,
        "row": "2",
        "key": "x" * 43,
    }
    rules = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("pages.")
        and "POST" in (rule.methods or ())
        and OF_SESSION.match(rule.rule)
    ]
    assert len(rules) >= 7
    for rule in rules:
        address = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: named[m[1]], rule)
        for data in ({}, {"csrf": opening}, {"csrf": own + "x"}):
            assert desk.post(address, data=data).status_code == 403, rule
        for foreign in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
            assert desk.post(address, data={"csrf": own}, headers=foreign).status_code == 403, rule
        assert app.test_client().post(address, data={"csrf": own}).status_code == 303, rule


def test_passwords_are_kept_as_argon2id(huice: Services) -> None:
    """With the library's own parameters; too easy ones are refused by name of the field."""
    made = Passwords().digest(PASSWORD)
    assert made.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    service, who = huice.account_service, operator_of("bank")
    for bad in ("short", "chen-chen-chen", PASSWORD * 10):
        with pytest.raises(InvalidInput) as refused:
            service.set_password(who, "chen", bad, "t")
        assert refused.value.problems[0].pointer == "/password"
    for name in ("ab", "Chen", "a b c", "-abc"):
        with pytest.raises(InvalidInput):
            service.add(who, name, Role.VIEWER, PASSWORD, "t")
    with pytest.raises(Refused):
        service.add(operator_of("rival"), "chen", Role.VIEWER, PASSWORD, "t")


def test_a_digest_of_weaker_parameters_is_renewed_at_the_login(huice: Services) -> None:
    stronger = Passwords(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    service = replace(huice.account_service, passwords=stronger)
    before = huice.account_service.accounts.get("bank", "chen").password
    service.login("chen", PASSWORD, "a", "t", None)
    after = huice.account_service.accounts.get("bank", "chen").password
    assert before != after
    assert service.login("chen", PASSWORD, "a", "t", None)


def test_what_happened_is_in_the_tenants_audit(huice: Services, desk: FlaskClient) -> None:
    """Who logged in, who was refused, what was made; no password."""
    entries = huice.audit_service.audit.page("bank", 0, 100)
    assert [e.action for e in entries] == ["account.add", "account.add", "account.login"]
    with pytest.raises(Refused):
        huice.account_service.login("wang", "wrong", "a", "t", None)
    last = huice.audit_service.audit.page("bank", 0, 100)[-1]
    assert (last.action, last.actor) == ("account.refused", "account:wang")


def test_clients_are_the_tenants_and_say_how_they_stand(
    huice: Services, desk: FlaskClient, app: Flask
) -> None:
    """The list, one client with its facts and marks; another tenant's is not found."""
    marks = {"provenance": {"company.employees": "verified"}}
    shown = {"company.employees": {"document": "社保缴费证明", "by": "李"}}
    store_client(huice, "bank", USCC, FITTING, tags=["重点"], profile=marks, evidence=shown)
    store_client(huice, "rival", OTHER, {**FITTING, "name": "乙机密"})
    listed = desk.get("/desk/clients").text
    assert "甲公司" in listed
    assert "乙机密" not in listed
    page = desk.get(f"/desk/clients/{USCC}")
    for words in ("甲公司", "社保缴费证明", "已核验", "自报", "重点"):
        assert words in page.text, words
    assert desk.get(f"/desk/clients/{OTHER}").status_code == 404
    for address in (f"/desk/clients/{OTHER}/seen", f"/desk/clients/{OTHER}/memo"):
        assert (
            desk.post(address, data={"csrf": token(desk.get("/desk/clients"))}).status_code == 404
        )
    rival = app.test_client()
    login(rival, "zhou")
    assert rival.get(f"/desk/clients/{OTHER}").status_code == 200
    assert rival.get(f"/desk/clients/{USCC}").status_code == 404


def test_a_fact_of_a_project_says_of_which(huice: Services, desk: FlaskClient) -> None:
    """By its kind, and its number among several; nobody at the desk knows what it is kept under."""
    one = {"ref": "p7", "kind": "lighthouse", "contract_amount": "1000000.00"}
    kinds = huice.compiled.catalogue.vocabulary.lists["project_kinds"]
    kind = kinds.label_of("lighthouse").zh
    for projects, named in (
        ([one], [kind]),
        ([one, {**one, "ref": "p9"}], [f"{kind} 1", f"{kind} 2"]),
    ):
        store_client(huice, "bank", USCC, FITTING, profile={"projects": projects})
        page = desk.get(f"/desk/clients/{USCC}").text
        assert re.findall(r"合同金额 <small>([^<]+)</small>", page) == named


def test_filters_narrow_the_list(huice: Services, desk: FlaskClient) -> None:
    """By status, programme, tag, and by change since the last look; what is no choice narrows
    nothing."""
    store_client(huice, "bank", USCC, FITTING, tags=["a"])
    store_client(
        huice,
        "bank",
        OTHER,
        {"name": "乙公司", "kind": "enterprise", "registered_region": "900101"},
    )
    states = huice.clients.client(operator_of("bank"), "x", USCC).statuses
    assert states
    fitting = next(name for name, status in states.items() if status.value == "potential")

    def listed(**query: str) -> set[str]:
        text = desk.get("/desk/clients", query_string=query).text
        return {name for name in ("甲公司", "乙公司") if f">{name}</a>" in text}

    assert listed() == listed(status="nonsense") == listed(programme="none") == {"甲公司", "乙公司"}
    assert listed(tag="a") == {"甲公司"}
    assert "甲公司" in listed(status="potential", programme=fitting)
    assert listed(changed="yes") == {"甲公司", "乙公司"}
    for uscc in (USCC, OTHER):
        desk.post(f"/desk/clients/{uscc}/seen", data={"csrf": token(desk.get("/desk/clients"))})
    assert listed(changed="yes") == set()
    store_client(huice, "bank", USCC, {**FITTING, "kind": "bank"})
    assert listed(changed="yes") == {"甲公司"}
    assert "可能符合 → 不符合或不在有效期" in desk.get(f"/desk/clients/{USCC}").text


def test_of_two_programmes_of_one_name_the_numbers_say_which(
    huice: Services, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interest subsidy may be one city's or another's."""
    store_client(huice, "bank", USCC, FITTING)
    apart = {p: Text(f"补助（{p}）", p) for p in huice.compiled.catalogue.programmes}
    monkeypatch.setitem(vars(huice.compiled.catalogue), "names_told_apart", apart)
    page = desk.get("/desk/portfolio").text
    named = set(re.findall(r'/desk/clients\?programme=[^"]+">([^<]+)</a>', page))
    assert named
    assert named <= {name.zh for name in apart.values()}


def test_programmes_are_chosen_below_the_document_they_are_of(
    huice: Services, desk: FlaskClient
) -> None:
    """Two cities may call a programme alike."""
    for address in ("/desk/clients", "/desk/candidates"):
        page = desk.get(address).text
        for measure in huice.compiled.catalogue.measures.values():
            group = page.split(f'{measure.number}">')[1].split("</optgroup>")[0]
            listed = re.findall(r'<option value="([^"]+)"', group)
            own = [
                p for p in huice.compiled.catalogue.programmes.values() if p.measure == measure.id
            ]
            assert listed == sorted(p.id for p in own)


def test_of_many_programmes_one_is_typed(
    huice: Services, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of ten thousand is nobody's choice: no page writes it out, and the name is enough."""
    monkeypatch.setattr("service.web.programme_choice.MAX_LISTED", 1)
    programme = next(iter(huice.compiled.catalogue.programmes.values()))
    for address in ("/desk/clients", "/desk/candidates"):
        assert '<input id="programme"' in desk.get(address).text
        found = desk.get(address, query_string={"programme": programme.name.zh}).text
        assert f'value="{programme.name.zh}"' in found
        assert 'value=""' in desk.get(address, query_string={"programme": "\x00"}).text


def test_a_page_is_followed_by_the_next(
    huice: Services, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.usecases.tenancy.clients.PAGE", 1)
    for uscc, name in ((USCC, "甲公司"), (OTHER, "乙公司")):
        store_client(huice, "bank", uscc, {**FITTING, "name": name})
    first = desk.get("/desk/clients?status=potential").text
    following = re.search(r'href="([^"]*after=[^"]+)"', first)
    assert following
    assert "status=potential" in following[1]
    second = desk.get(following[1].replace("&amp;", "&")).text
    assert ("甲公司" in first, "甲公司" in second) in ((True, False), (False, True))


def test_a_memo_from_a_client_is_a_receipt_of_the_tenant(
    huice: Services, desk: FlaskClient, app: Flask
) -> None:
    store_client(huice, "bank", USCC, FITTING)
    fields = {"csrf": token(desk.get(f"/desk/clients/{USCC}"))}
    made = desk.post(f"/desk/clients/{USCC}/memo", data=fields)
    assert made.status_code == 303
    address = made.headers["Location"]
    assert "甲公司" in desk.get(address).text
    rival = app.test_client()
    login(rival, "zhou")
    assert rival.get(address).status_code == 404
    identity = address.split("/")[-2]
    assert app.test_client().get(f"/api/v1/receipts/{identity}").status_code == 404


def test_of_many_programmes_the_numbers_name_the_first(
    huice: Services, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are counted only: a page is no longer for a larger catalogue."""
    store_client(huice, "bank", USCC, FITTING)
    whole = desk.get("/desk/portfolio").text
    monkeypatch.setattr(clients, "FIRST_PROGRAMMES", 0)
    monkeypatch.setattr(clients, "MAX_PROGRAMMES", 1)
    page, row = desk.get("/desk/portfolio").text, "/desk/clients?programme="
    assert page.count(row) == 1 < whole.count(row)
    assert f"另有 {whole.count(row) - 1} 项" in page


def test_the_portfolio_in_numbers(huice: Services, desk: FlaskClient) -> None:
    """How many clients each programme fits, the most by industry and place; drawn and written."""
    store_client(huice, "bank", USCC, FITTING)
    store_client(huice, "bank", OTHER, {"name": "乙公司", "kind": "enterprise"})
    page = desk.get("/desk/portfolio").text
    assert "<svg" in page
    assert "没有填写" in page
    # Many of them only the authority can settle.
    assert '<th scope="col">尚不能判断</th>' in page
    assert "补充信息后可判断" not in page
    found = huice.clients.overview(operator_of("bank"))
    assert (found.total, found.counted, found.is_whole) == (2, 2, True)
    assert sum(a.companies for a in found.by_district) == 2
    assert found.by_district[-1].label is None
    states = huice.clients.client(operator_of("bank"), "x", USCC).statuses or {}
    promising = {p.programme for p in found.programmes if p.promising}
    assert promising >= {n for n, s in states.items() if s.value == "potential"}
    none = huice.clients.overview(operator_of("rival"))
    assert (none.total, none.programmes) == (0, ())


def test_a_page_of_numbers_asks_again_until_all_are_in_it(
    huice: Services, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits sees the first numbers soon, and how many are in them."""
    store_client(huice, "bank", USCC, {**FITTING, "name": "丁公司"})
    overview = ClientService.overview
    monkeypatch.setattr(ClientService, "overview", lambda self, who: overview(self, who, -1))
    pages = [desk.get("/desk/portfolio").text]
    monkeypatch.undo()
    pages.append(desk.get("/desk/portfolio").text)
    asks = ["hx-get" in p.partition('id="numbers"')[2].partition(">")[0] for p in pages]
    assert asks == [True, False]
    assert "还没有客户" not in pages[0]


def test_an_overview_that_takes_longer_says_how_far_it_is(huice: Services) -> None:
    """And goes on where it was."""
    store_client(huice, "bank", USCC, {**FITTING, "name": "丙公司"})
    cut = huice.clients.overview(operator_of("bank"), seconds=-1)
    assert (cut.counted, cut.total, cut.is_whole) == (0, 1, False)
    huice.clients.overview(operator_of("bank"))
    assert huice.clients.overview(operator_of("bank"), seconds=-1).is_whole


def test_an_overview_gets_on_however_long_what_it_knows_takes(
    huice: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every look at the clock is an hour later than the one before: one company more each time."""
    for number, code in enumerate((USCC, OTHER, "91440300708461136T")):
        store_client(huice, "bank", code, {**FITTING, "employees": 60 + number})
    hours = iter(range(0, 10**6, 3_600))
    monkeypatch.setattr("service.usecases.tenancy.clients.time.monotonic", lambda: next(hours))
    counts = [huice.clients.overview(operator_of("bank")).counted for _ in range(4)]
    assert counts == [1, 2, 3, 3]


TABLE = "name,Kind,company.employees,备注\n丁公司,enterprise,50,x\n戊公司,nonsense,80,y\n"


def send_table(client: FlaskClient, table: str = TABLE, name: str = "客户.csv") -> TestResponse:
    fields = {
        "csrf": token(client.get("/desk/batches")), "file": (io.BytesIO(table.encode()), name)
    }  # fmt: skip
    return client.post("/desk/batches", data=fields)


def test_a_table_may_be_larger_than_other_bodies(huice: Services, desk: FlaskClient) -> None:
    table = TABLE + f"丙公司,enterprise,50,{'x' * 1_000}\n" * 1_100
    assert len(table) > huice.settings.max_body
    file = FileStorage(io.BytesIO(table.encode()), "a.csv", "file")
    boundary, body = encode_multipart({"csrf": token(desk.get("/desk/batches")), "file": file})
    kind = f"multipart/form-data; boundary={boundary}"
    sent = desk.post("/desk/batches", data=body, content_type=kind)
    assert sent.status_code == 303


def test_a_table_is_looked_over_then_run_then_fetched(huice: Services, desk: FlaskClient) -> None:
    """What was understood, the progress, the answers and the faults, then its end."""
    sent = send_table(desk)
    assert sent.status_code == 303
    address = sent.headers["Location"]
    held = desk.get(address).text
    for words in ("待确认", "company.employees", "备注", "不认识", "丁公司", "理解无误"):
        assert words in held, words
    assert "hx-trigger" not in held

    def do(what: str) -> TestResponse:
        return desk.post(address, data={"csrf": token(desk.get(address)), "do": what})

    assert do("start").status_code == 303
    waiting = desk.get(address).text
    assert 'hx-trigger="every 2s"' in waiting
    assert do("start").status_code == 303  # twice does no harm
    identity = address.rsplit("/", 1)[1]
    answer_batch(huice, identity)
    done = desk.get(address).text
    for words in ("已完成", "B3", "nonsense", "1 行有错误"):
        assert words in done, words
    assert "hx-trigger" not in done
    book = desk.get(f"{address}/result.xlsx", buffered=True)
    assert len(CalamineWorkbook.from_filelike(io.BytesIO(book.data)).sheet_names) >= 2
    assert "丁公司" in desk.get(f"{address}/result.csv", buffered=True).data.decode("utf-8-sig")
    for form, begins in (("jsonl", b'{"row"'), ("parquet", b"PAR1")):
        assert f"{address}/result.{form}" in done
        assert desk.get(f"{address}/result.{form}", buffered=True).data.startswith(begins)
    assert desk.get(f"{address}/result.docx").status_code == 404
    assert desk.get(f"{address}/faults.xlsx", buffered=True).status_code == 200
    assert "客户.csv" in desk.get("/desk/batches").text
    assert do("delete").headers["Location"] == "/desk/batches"
    assert desk.get(address).status_code == 404


def test_what_a_table_lacks_is_stated_and_an_odd_word_let_go_before_it_runs(
    huice: Services, desk: FlaskClient
) -> None:
    """The form offers what most programmes ask for and every word that cannot be read; what is
    chosen stays chosen, is written down, and holds when the batch runs."""
    table = "name,company.employees,Kind\n丁公司,50,\n戊公司,60,小作坊\n"
    address = send_table(desk, table).headers["Location"]
    assert "小作坊" in desk.get(address).text

    def choose(**fields: str) -> TestResponse:
        sent = {"csrf": token(desk.get(address)), "do": "choose", **fields}
        return desk.post(address, data=sent)

    refused = choose(**{"set.company.kind": "nonsense"})
    assert (refused.status_code, 'role="alert"' in refused.text) == (422, True)
    assert (
        choose(unknown="company.kind=小作坊", **{"set.company.kind": "enterprise"}).status_code
        == 303
    )
    held = desk.get(address).text
    chosen = held.partition('value="company.kind=小作坊" checked')[2]
    assert "类型：<b>小作坊</b> <small>按未知处理</small>" in chosen
    assert 'name="set.company.kind"' in held
    identity = address.rsplit("/", 1)[1]
    desk.post(address, data={"csrf": token(desk.get(address)), "do": "start"})
    answer_batch(huice, identity)
    assert "错误" not in desk.get(address).text
    fields = {"column.B": "-", "read.company.kind=小作坊": "enterprise"}
    assert choose(**fields).status_code == 303  # what is done waits anew
    again = desk.get(address).text
    assert '<option value="-" selected>' in again
    chosen = again.partition('value="company.kind=小作坊=enterprise" checked')[2]
    assert "类型：小作坊 读作 enterprise" in chosen
    assert "下载结果" not in again
    desk.post(address, data={"csrf": token(desk.get(address)), "do": "start"})
    assert choose(**fields).status_code == 409  # under way


def test_the_companies_of_a_batch_are_read_one_by_one_and_kept(
    huice: Services, desk: FlaskClient, app: Flask
) -> None:
    """How each stands and why; those with a sound code become clients, once, and who is one already
    stays as it is. Before the batch is done its own page is shown."""
    store_client(huice, "bank", OTHER, {**FITTING, "name": "原名"})
    address = send_table(
        desk,
        "name,USCC,Kind,company.employees,company.registered_region,company.founded_on\n"
        f"丁公司,{USCC},enterprise,50,900101,2020-01-01\n戊公司,{OTHER},enterprise,50,900101,\n"
        "己公司,,enterprise,50,900101,\n庚公司,,nonsense,50,,\n",
    ).headers["Location"]
    rows = f"{address}/rows"
    assert "chen<" in desk.get("/desk/batches").text
    assert desk.get(rows).headers["Location"] == address
    assert desk.get(f"{rows}/2").headers["Location"] == address
    desk.post(address, data={"csrf": token(desk.get(address)), "do": "start"})
    identity = address.rsplit("/", 1)[1]
    answer_batch(huice, identity)
    assert rows in desk.get(address).text
    assert desk.get(f"{address}/verdicts.csv").status_code == 409
    desk.post(address, data={"csrf": token(desk.get(address)), "do": "verdicts"})
    answer_batch(huice, identity)
    assert f"{address}/verdicts.csv" in desk.get(address).text
    why = desk.get(f"{address}/verdicts.csv", buffered=True).data.decode("utf-8-sig")
    assert ("丁公司" in why, "庚公司" in why) == (True, False)
    listed = desk.get(rows).text
    assert all(name in listed for name in ("丁公司", "戊公司", "己公司", "庚公司"))
    one = desk.get(f"{rows}/2").text
    assert all(words in one for words in ("丁公司", "可能符合", "存为客户"))
    assert "不能存为客户" in desk.get(f"{rows}/4").text
    assert desk.get(f"{rows}/5").status_code == 404  # has an error
    rival = app.test_client()
    login(rival, "zhou")
    assert {rival.get(path).status_code for path in (rows, f"{rows}/2")} == {404}
    query = {"programme": PROGRAMME, "batch": identity}
    assert f"{rows}/2" in desk.get("/desk/candidates", query_string=query).text
    other = send_table(
        desk, f"name,USCC,Kind,employees\n丁公司,{USCC},bank,5\n辛公司,,bank,5\n庚公司,,bank,5\n"
    )
    later = other.headers["Location"]
    desk.post(later, data={"csrf": token(desk.get(later)), "do": "start"})
    answer_batch(huice, later[-24:])
    assert f'value="{identity}"' in desk.get(f"{later}/rows").text
    changed = desk.get(f"{later}/changes", query_string={"from": identity}).text
    assert "两批都有 2 家，其中结论不同的 2 家；新增 1 家，少了 2 家" in changed
    assert "第 5 行原有错误，现在有结论" in changed
    back = desk.get(f"{address}/changes", query_string={"from": later[-24:]}).text
    assert "第 5 行有错误，不再有结论" in back
    assert f"{rows}/5" not in back  # which has nothing to be read
    assert "可能符合 → 不符合" in changed
    assert desk.get(f"{later}/changes").headers["Location"] == later
    assert rival.get(f"{later}/changes", query_string={"from": identity}).status_code == 404
    single = desk.post(f"{rows}/2", data={"csrf": token(desk.get(f"{rows}/2"))})
    assert single.headers["Location"] == f"/desk/clients/{USCC}"
    told = desk.post(rows, data={"csrf": token(desk.get(rows))}).text
    assert "新存为客户 0 家；原来就是客户的 2 家未改动；代码或内容不能保存的 1 家" in told
    kept = huice.company_service.get(operator_of("bank"), USCC)
    assert (kept["tags"], kept["profile"]["company"]["employees"]) == (["客户"], 50)
    assert huice.company_service.get(operator_of("bank"), OTHER)["name"] == "原名"


def test_a_client_of_many_versions_is_read_in_pages(huice: Services, desk: FlaskClient) -> None:
    """Each version stands on one of them, beside what it changed."""
    for employees in range(103):
        store_client(huice, "bank", USCC, {**FITTING, "employees": employees})
    first = desk.get(f"/desk/clients/{USCC}/history").text
    further = re.search(r'<a class="btn quiet" href="([^"]*before=\d+)">', first)
    assert further
    last = desk.get(further[1]).text
    assert '<a class="btn quiet" href' not in last.partition("</table>")[2]
    told = re.findall(r"(\d+)(?:\s*人)? → (\d+)", first + last)
    assert told == [(str(n), str(n + 1)) for n in reversed(range(102))]


def test_a_client_is_read_by_its_versions_and_deleted_by_right(
    huice: Services, desk: FlaskClient, app: Flask
) -> None:
    """A viewer reads both, and can delete nothing."""
    store_client(huice, "bank", USCC, FITTING)
    store_client(huice, "bank", USCC, {**FITTING, "employees": 51})
    client = f"/desk/clients/{USCC}"
    assert f"{client}/history" in desk.get(client).text
    history = desk.get(f"{client}/history").text
    assert re.search(r"50.{0,10} → 51", history)
    others = "项目、标签、来源或证明材料有变化"
    assert others not in history
    address = f"{client}/facts/company.employees"
    desk.post(address, data={"csrf": token(desk.get(address)), "company.employees": "52"})
    by = re.findall(r'data-name="经手人">([^<]+)<', desk.get(f"{client}/history").text)
    assert by[0] == "chen"
    tagged = {"tags": ["重点"], "profile": {"company": {"employees": 51}}}
    huice.company_service.patch(operator_of("bank"), USCC, tagged, None, "test")
    assert others in desk.get(f"{client}/history").text
    assert desk.get(f"/desk/clients/{OTHER}/history").status_code == 404
    viewer = app.test_client()
    login(viewer, "wang")
    assert viewer.get(f"{client}/history").status_code == 200
    refused = viewer.post(f"{client}/delete", data={"csrf": token(viewer.get(client))})
    assert (refused.status_code, viewer.get(client).status_code) == (403, 200)
    gone = desk.post(f"{client}/delete", data={"csrf": token(desk.get(client))})
    assert gone.headers["Location"] == "/desk/clients"
    assert desk.get(client).status_code == 404


def test_a_table_that_is_not_understood_is_refused_with_the_reason(desk: FlaskClient) -> None:
    """No known column, no such form, no file."""
    unknown = send_table(desk, "编号,备注\n1,x\n")
    assert unknown.status_code == 422
    assert 'role="alert"' in unknown.text
    assert send_table(desk, name="a.exe").status_code == 409
    bare = desk.post("/desk/batches", data={"csrf": token(desk.get("/desk/batches"))})
    assert bare.status_code == 409
    assert "还没有批次" in desk.get("/desk/batches").text


def test_a_fact_of_a_client_is_entered_and_corrected_with_its_source(
    huice: Services, desk: FlaskClient, app: Flask
) -> None:
    """What is stated, how it was verified and by which document stand with the client; a viewer is
    not offered it, and nobody of another tenant finds it."""
    store_client(huice, "bank", USCC, {"name": "甲公司", "kind": "enterprise"})
    client, address = f"/desk/clients/{USCC}", f"/desk/clients/{USCC}/facts/company.employees"
    assert address in desk.get(client).text

    def save(**fields: str) -> TestResponse:
        return desk.post(address, data={"csrf": token(desk.get(address)), **fields})

    wrong = save(**{"company.employees": "many"})
    assert (wrong.status_code, 'aria-invalid="true"' in wrong.text) == (422, True)
    unproven = save(**{"company.employees": "50", "provenance": "verified"})
    assert (unproven.status_code, "证明材料：看过的原件" in unproven.text) == (422, True)
    fields = {"company.employees": "50", "provenance": "verified", "document": "社保清单"}
    assert save(**fields).status_code == 303
    kept = huice.company_service.get(operator_of("bank"), USCC)
    assert kept["profile"]["company"]["employees"] == 50
    assert kept["profile"]["provenance"] == {"company.employees": "verified"}
    shown = kept["evidence"]["company.employees"]
    assert (shown["document"], shown["by"]) == ("社保清单", "chen")
    assert "社保清单" in desk.get(client).text
    assert save(**{"company.employees": "60", "provenance": "declared"}).status_code == 303
    corrected = huice.company_service.get(operator_of("bank"), USCC)
    assert corrected["profile"]["company"]["employees"] == 60
    assert (corrected["profile"].get("provenance") or {}, corrected["evidence"]) == ({}, {})
    assert save(**{"company.employees": ""}).status_code == 303
    assert (
        "employees"
        not in huice.company_service.get(operator_of("bank"), USCC)["profile"]["company"]
    )
    for missing in ("company.nothing", "company.uscc", "project.name"):
        assert desk.get(f"{client}/facts/{missing}").status_code == 404
    viewer, rival = app.test_client(), app.test_client()
    login(viewer, "wang")
    login(rival, "zhou")
    assert f"{client}/facts" not in viewer.get(client).text
    assert viewer.get(address).status_code == 403
    assert rival.get(address).status_code == 404


def test_a_viewer_reads_and_changes_nothing(desk: FlaskClient, app: Flask) -> None:
    address = send_table(desk).headers["Location"]
    viewer = app.test_client()
    login(viewer, "wang")
    assert viewer.get(address).status_code == 200
    assert "理解无误" not in viewer.get(address).text
    assert 'type="file"' not in viewer.get("/desk/batches").text
    fields = {"csrf": token(viewer.get(address)), "do": "delete"}
    assert viewer.post(address, data=fields).status_code == 403
    assert send_table(viewer).status_code == 403
    assert desk.get(address).status_code == 200


def test_another_tenant_finds_nothing_at_any_page_of_the_desk(
    huice: Services, desk: FlaskClient, app: Flask
) -> None:
    """Every address of the desk that names something, by every way, from the list of addresses."""
    store_client(huice, "bank", USCC, FITTING)
    fields = {"csrf": token(desk.get(f"/desk/clients/{USCC}"))}
    memo = desk.post(f"/desk/clients/{USCC}/memo", data=fields).headers["Location"]
    page = send_table(desk).headers["Location"]
    batch = page.rsplit("/", 1)[1]
    desk.post(page, data={"csrf": token(desk.get(page)), "do": "start"})
    answer_batch(huice, batch)
    named = {
        "account": "wang",
        "subscription": _followed(huice),
        "uscc": USCC,
        "receipt_id": memo.split("/")[-2],
        "batch_id": batch,
        "form": "xlsx",
        "row": "2",
        "fact_id": "company.employees",
    }
    rival = app.test_client()
    login(rival, "zhou")
    tried = 0
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("pages.") or not rule.rule.startswith("/desk/"):
            continue
        if not rule.arguments or rule.arguments == {"key"}:  # a case is its secret's
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: named[m[1]], rule.rule)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            data = {"csrf": token(rival.get("/desk/clients")), "do": "delete", "act": "end"}
            answer = rival.open(path, method=method, data=data if method == "POST" else None)
            assert answer.status_code == 404, (method, path, answer.status_code)
            assert "甲公司" not in answer.text
            tried += 1
    assert tried >= 9
    assert desk.get(f"/desk/clients/{USCC}").status_code == 200
    for own in (page, f"{page}/rows", f"{page}/rows/2"):
        assert desk.get(own).status_code == 200
    earlier = {"from": batch}
    assert desk.get(f"{page}/changes", query_string=earlier).status_code == 200
    theirs = send_table(rival).headers["Location"]
    rival.post(theirs, data={"csrf": token(rival.get(theirs)), "do": "start"})
    answer_batch(huice, theirs[-24:])
    compared = {a: rival.get(f"{a}/changes", query_string=earlier) for a in (page, theirs)}
    assert {a.status_code for a in compared.values()} == {404}  # nor from a batch of their own


def test_a_programme_finds_its_clients_and_the_companies_of_a_batch(
    huice: Services, desk: FlaskClient, app: Flask
) -> None:
    """The list with what each rests on, narrowed, fetched as a file; nobody else's batch."""
    store_client(huice, "bank", USCC, FITTING)
    query = {"programme": PROGRAMME}
    page = desk.get("/desk/candidates", query_string=query)
    assert f"/desk/clients/{USCC}" in page.text
    verified = desk.get("/desk/candidates", query_string={**query, "verified": "yes"})
    assert f"/desk/clients/{USCC}" not in verified.text
    listed = desk.get("/desk/candidates.csv", query_string=query)
    assert USCC in listed.text
    assert desk.get("/desk/candidates.xlsx", query_string=query).status_code == 200
    assert desk.get("/desk/candidates.xlsx").status_code == 404
    batch = send_table(desk).headers["Location"].rsplit("/", 1)[1]
    desk.post(
        f"/desk/batches/{batch}", data={"csrf": token(desk.get("/desk/batches")), "do": "start"}
    )
    answer_batch(huice, batch)
    found = desk.get("/desk/candidates", query_string={**query, "batch": batch})
    assert (found.status_code, "丁公司" in found.text) == (200, True)
    rival = app.test_client()
    login(rival, "zhou")
    for address in ("/desk/candidates", "/desk/candidates.csv"):
        assert rival.get(address, query_string={**query, "batch": batch}).status_code == 404
        assert USCC not in rival.get(address, query_string=query).text


NEW = "another horse entirely"


def test_whoever_knows_the_present_password_sets_another(
    huice: Services, desk: FlaskClient, app: Flask
) -> None:
    """Wrong, too short, not twice the same: refused, and nothing changes. Then every other session
    ends, this one goes on under a new secret, and the old password opens nothing."""
    other = app.test_client()
    login(other)
    for present, wanted, again, status in (
        ("wrong", NEW, NEW, 403), (PASSWORD, "short", "short", 422), (PASSWORD, NEW, NEW[1:], 422),
        (PASSWORD, "chen and his horse", "chen and his horse", 422),
    ):  # fmt: skip
        fields = {"csrf": token(desk.get("/desk/password")), "present": present}
        refused = desk.post("/desk/password", data={**fields, "wanted": wanted, "again": again})
        assert (refused.status_code, 'role="alert"' in refused.text) == (status, True)
    assert other.get("/desk/clients").status_code == 200
    fields = {"csrf": token(desk.get("/desk/password")), "present": PASSWORD}
    changed = desk.post("/desk/password", data={**fields, "wanted": NEW, "again": NEW})
    assert changed.status_code == 303
    assert desk.get("/desk/clients").status_code == 200
    assert other.get("/desk/clients").status_code == 303
    assert login(app.test_client()).status_code == 403
    assert login(app.test_client(), password=NEW).status_code == 303
    actions = [e.action for e in huice.audit_service.audit.page("bank", 0, 100)]
    assert "account.password" in actions


def _followed(huice: Services) -> str:
    """The id of something that the bank follows."""
    wanted = {"kind": "company", "target": USCC}
    made = huice.subscription_service.create(operator_of("bank"), wanted, "test")
    return str(made["id"])


def test_an_officer_follows_what_the_institution_keeps(
    huice: Services, desk: FlaskClient, app: Flask
) -> None:
    """Companies, programmes and the rest; what is not there is said, and nothing is kept of it. A
    viewer follows nothing."""
    store_client(huice, "bank", USCC, FITTING)
    own = {"csrf": token(desk.get("/desk/following"))}
    for kind, target in (("company", USCC), ("programme", PROGRAMME), ("search", "贷款")):
        made = desk.post("/desk/following", data={**own, "kind": kind, "target": target})
        assert made.status_code == 303, kind
    for kind, target in (("programme", "nothing"), ("company", OTHER), ("king", "x"), ("tag", "")):
        wrong = desk.post("/desk/following", data={**own, "kind": kind, "target": target})
        assert (wrong.status_code, 'role="alert"' in wrong.text) == (422, True), (kind, target)
    shown = desk.get("/desk/following").text
    ends = re.findall(r'action="(/desk/following/[^"]+/end)"', shown)
    assert (len(ends), f"/desk/clients/{USCC}" in shown) == (3, True)
    assert desk.post(ends[0], data=own).status_code == 303
    assert desk.get("/desk/following").text.count("/end") == 2
    viewer = app.test_client()
    login(viewer, "wang")
    assert viewer.get("/desk/following").status_code == 403
    assert "/desk/following" not in viewer.get("/desk/clients").text
    assert "没有变化" in shown


def test_an_event_stands_under_its_day_in_the_zone(huice: Services, desk: FlaskClient) -> None:
    """Not under that of UTC, which is the day before for a third of every day."""
    data = {"cause": "test", "as_of": "2026-11-29", "companies": [], "programmes": []}
    with huice.store.transaction() as db:
        write_event(db, "bank", "webhook.test", data, datetime(2026, 11, 28, 20, tzinfo=UTC))
    shown = desk.get("/desk/following").text
    assert ("2026-11-29" in shown, "2026-11-28" in shown) == (True, False)


def _admin(app: Flask, huice: Services) -> FlaskClient:
    huice.account_service.add(operator_of("bank"), "sun", Role.ADMIN, PASSWORD, "test")
    client = app.test_client()
    assert login(client, "sun").status_code == 303
    return client


def test_an_administrator_makes_accounts_and_changes_them(huice: Services, app: Flask) -> None:
    """Another password or role, logged out everywhere, ended: each is in the audit, and what was
    open of the person's is no more."""
    admin = _admin(app, huice)
    person = app.test_client()
    own = {"csrf": token(admin.get("/desk/accounts"))}
    new = {"name": "Li.Na", "role": "officer", "password": PASSWORD}
    assert admin.post("/desk/accounts", data={**own, **new}).status_code == 303
    listed = admin.get("/desk/accounts").text
    assert listed.count('<th scope="row">') == 4  # none of the other tenant's
    page = "/desk/accounts/li.na"
    for act in ({"act": "role", "role": "viewer"}, {"act": "sessions"},
                {"act": "password", "password": NEW}):  # fmt: skip
        secret = PASSWORD
        assert login(person, "li.na", secret).status_code == 303
        assert admin.post(page, data={**own, **act}).status_code == 303
        assert person.get("/desk/clients").status_code == 303, act
    assert login(person, "li.na").status_code == 403
    assert login(person, "li.na", NEW).status_code == 303
    assert person.post("/desk/accounts", data={}).status_code == 403  # a viewer
    assert admin.post(page, data={**own, "act": "end"}).status_code == 303
    assert login(app.test_client(), "li.na", NEW).status_code == 403
    actions = {e.action for e in huice.audit_service.audit.page("bank", 0, 100)}
    assert {"account.add", "account.role", "account.end_sessions", "account.password",
            "account.end"} <= actions  # fmt: skip


def test_what_an_administrator_may_not_do_is_said(huice: Services, app: Flask) -> None:
    """Names and passwords that are none, a name that is taken, the own account, somebody else's."""
    admin = _admin(app, huice)
    own = {"csrf": token(admin.get("/desk/accounts"))}
    good = {"name": "li", "role": "viewer", "password": PASSWORD}
    for wrong, status in (
        ({"name": "x y"}, 422), ({"password": "short"}, 422), ({"role": "king"}, 422),
        ({"name": "chen"}, 409), ({"name": "zhou"}, 409), ({"name": ""}, 422),
    ):  # fmt: skip
        refused = admin.post("/desk/accounts", data={**own, **good, "name": "lili", **wrong})
        assert (refused.status_code, 'role="alert"' in refused.text) == (status, True), wrong
    for act in ({"act": "role", "role": "viewer"}, {"act": "end"}):
        assert admin.post("/desk/accounts/sun", data={**own, **act}).status_code == 403
    for act in ({"act": "end"}, {"act": "sessions"}):
        assert admin.post("/desk/accounts/zhou", data={**own, **act}).status_code == 404
    assert admin.get("/desk/accounts/zhou").status_code == 404
    assert admin.post("/desk/accounts/chen", data={**own, "act": "crown"}).status_code == 422
    assert login(app.test_client(), "zhou").status_code == 303


def test_people_are_an_administrators(desk: FlaskClient) -> None:
    for path in ("/desk/accounts", "/desk/accounts/wang"):
        assert desk.get(path).status_code == 403
    assert "/desk/accounts" not in desk.get("/desk/clients").text


def huice_case(huice: Services, company: dict[str, Any]) -> str:
    """The secret of a self-check that states this company."""
    content = Case("", company=company).content()
    return CaseRepository(huice.store, timedelta(days=1)).create(content, huice.clock.now())


def test_a_self_check_is_kept_as_a_client(huice: Services, desk: FlaskClient, app: Flask) -> None:
    """By an officer, under its code; kept again it is a new version with its tags and documents,
    but not the document of a figure that has changed. Without a code, the page leads to where it is
    filled in. A viewer may not; nobody else's is touched."""
    key = huice_case(huice, {**FITTING, "uscc": USCC})
    page = desk.get(f"/desk/cases/{key}")
    (token,) = re.findall(r'/keep">.*?name="csrf" value="([^"]+)"', page.text)
    fields = {"csrf": token}
    kept = desk.post(f"/desk/cases/{key}/keep", data=fields)
    assert (kept.status_code, kept.headers["Location"]) == (303, f"/desk/clients/{USCC}")
    bank, service = operator_of("bank"), huice.company_service
    found = service.get(bank, USCC)
    shown = {f"company.{n}": {"document": n} for n in ("employees", "kind")}
    service.put(
        bank, USCC, {"profile": found["profile"], "tags": ["x"], "evidence": shown}, None, "t"
    )
    again = huice_case(huice, {**FITTING, "uscc": USCC, "employees": 51})
    assert desk.post(f"/desk/cases/{again}/keep", data=fields).status_code == 303
    found = service.get(bank, USCC)
    assert (found["version"], found["tags"]) == (3, ["x"])
    assert found["evidence"].keys() == {"company.kind"}
    nameless = huice_case(huice, FITTING)
    assert (
        f'href="/cases/{nameless}/facts/uscc?back=desk_case"'
        in desk.get(f"/desk/cases/{nameless}").text
    )
    assert desk.post(f"/desk/cases/{nameless}/keep", data=fields).status_code == 422
    viewer = app.test_client()
    login(viewer, "wang")
    assert "/keep" in desk.get(f"/cases/{key}/result").text
    for looked_at in (f"/desk/cases/{key}", f"/cases/{key}/result"):
        assert "/keep" not in viewer.get(looked_at).text
        assert "/keep" not in app.test_client().get(looked_at).text
    assert viewer.post(f"/desk/cases/{key}/keep", data=fields).status_code == 403


def test_who_comes_from_the_desk_finds_back_to_it(
    huice: Services, desk: FlaskClient, app: Flask
) -> None:
    """With the answer to a question that the desk led to, and from every page of the self-check;
    nobody else is shown the way there."""
    key = huice_case(huice, FITTING)
    at_desk, stranger = f"/desk/cases/{key}", app.test_client()
    for question in ("facts/uscc", "next"):
        asked = desk.get(f"/cases/{key}/{question}?back=desk_case")
        fields = {"csrf": token(asked), "back": "desk_case", "do": "skip"}
        assert 'name="back" value="desk_case"' in asked.text
        assert desk.post(f"/cases/{key}/{question}", data=fields).headers["Location"] == at_desk
    for page in ("steps/1", "projects", "answers", "result", "summary", "share"):
        assert f'<a href="{at_desk}">回到银行尽调</a>' in desk.get(f"/cases/{key}/{page}").text
        assert "回到银行尽调" not in stranger.get(f"/cases/{key}/{page}").text


def test_of_many_changes_of_a_client_the_first_are_listed(
    huice: Services, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of ten thousand programmes half may turn when a client moves: what came into reach or left it
    stands first, and the rest is a number."""
    monkeypatch.setattr(clients, "MAX_SHOWN", 1)
    store_client(huice, "bank", USCC, FITTING)
    desk.post(f"/desk/clients/{USCC}/seen", data={"csrf": token(desk.get("/desk/clients"))})
    store_client(huice, "bank", USCC, {**FITTING, "registered_region": "910000", "employees": 2000})
    page = desk.get(f"/desk/clients/{USCC}").text
    listed = page.partition('<ul class="changes">')[2].partition("</ul>")[0]
    assert listed.count("<li>") == 1
    assert "可能符合 →" in listed
    assert re.search(r"另有 \d+ 项", page.partition(listed)[2].partition("</section>")[0])


def test_a_company_that_is_deleted_leaves_no_look(huice: Services, desk: FlaskClient) -> None:
    store_client(huice, "bank", USCC, FITTING)
    desk.post(f"/desk/clients/{USCC}/seen", data={"csrf": token(desk.get("/desk/clients"))})
    huice.company_service.delete(operator_of("bank"), USCC, None, "t")
    (count,) = huice.store.connection().execute("SELECT count(*) FROM looks").fetchone()
    assert count == 0


def test_a_service_may_be_closed_to_whoever_is_nobody(tmp_path: Any) -> None:
    """Pages lead to the login, the API asks for a key; probes and the document stay."""
    found = opened(tmp_path, anonymous="closed")
    found.account_service.add(operator_of("bank"), "chen", Role.VIEWER, PASSWORD, "t")
    client = pages(found).test_client()
    for path in ("/", "/check", "/library", "/en/library", "/about"):
        answer = client.get(path)
        assert answer.status_code == 303, path
        assert "/desk/login" in answer.headers["Location"]
    assert client.get("/embed").status_code == 403
    assert client.post("/api/v1/match", json={"profile": {}}).status_code == 401
    assert client.get("/api/v1/programmes").status_code == 401
    asked = {"name": "k", "scopes": ["match", "catalogue"]}
    key = found.key_service.create(operator_of("bank"), asked, "t")["secret"]
    header = {"Authorization": f"Bearer {key}"}
    assert client.get("/api/v1/programmes", headers=header).status_code == 200
    assert client.get("/healthz").status_code == 200
    assert client.get("/api/v1/openapi.json").status_code == 200
    login(client)
    assert client.get("/library").status_code == 200
    found.close()


def test_the_desk_is_in_no_frame(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/embed/desk/login").status_code == 404
    assert client.get("/embed/desk/clients").status_code == 404
    assert client.get("/embed/desk").status_code == 200
    login(client)
    assert (
        "frame-ancestors 'none'" in client.get("/desk/clients").headers["Content-Security-Policy"]
    )
