"""The pages over catalogues of other countries, as their visitors use them: by both faces, from the
first form to the memo, logged in and not, with answers that cannot be read, too."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.api.factory import create_app
from service.app import Services
from service.domain.principal import Role, operator_of
from service.faces import api_context, page_context
from service.storage.accounts import AccountRepository
from service.storage.audit import Deed
from service.usecases.authoring.examples import run_examples
from service.usecases.tenancy.passwords import Passwords
from service.web.case_evaluation import evaluate_page
from service.web.cases import Case, load_case
from service.web.site import register_pages
from tests.web.crawling import crawl, forms_on_pages, press_all

PASSWORD = "correct horse battery"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# What only our own catalogue may speak of.
OURS = re.compile(r"CNY|RMB|yuan|人民币|\d ?万?元|统一社会信用代码|credit code|GB/T")
FRENCH = {
    "company.kind": "entreprise", "company.territoire": "port", "company.secteur": "peche",
    "company.effectif": "12", "company.chiffre_affaires": "800 000",
    "company.investissement": "52 000 €", "company.creee_le": "2024-02-01",
    "company.labels": "littoral",
}  # fmt: skip
ENGLISH = {
    "company.kind": "limited", "company.district": "highfell", "company.trades": "cheese",
    "company.staff": "12", "company.turnover": "£800k", "company.founded": "2024-02-01",
    "company.exporting": "true", "company.badges": "fell",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A catalogue's pages; what an applicant answers, and the rows of a clerk's table."""

    pages: Flask
    answers: dict[str, str]
    table: str
    programme: str


@pytest.fixture(scope="module", params=["french", "english"])
def place(request: pytest.FixtureRequest, huice: Services, moor: Services) -> Place:
    is_french = request.param == "french"
    opened = huice if is_french else moor
    app = create_app(api_context(opened))
    register_pages(app, page_context(opened))
    deed = Deed(operator_of("office"), datetime.now(UTC))
    digest = Passwords().digest(PASSWORD)
    AccountRepository(opened.store).add(deed, "office", "ann", Role.ADMIN, digest)
    if is_french:
        table = "Forme du demandeur,Territoire d'implantation\nEntreprise,Port-Neuf\nx,y\n"
        return Place(app, FRENCH, table, "cotes-modernisation")
    table = "Legal form,District,Turnover\nLimited company,Highfell,800000\nx,y,-3\n"
    return Place(app, ENGLISH, table, "moor-equipment")


def test_the_examples_of_the_english_one_come_out(moor: Services) -> None:
    assert run_examples(moor.compiled).failures == ()


def words_of(page: str) -> str:
    """What a reader sees and hears of a page, but for the switch of languages and our name."""
    bare = re.sub(r"<(script|style).*?</\1>", "", page, flags=re.DOTALL)
    told = re.findall(r'(?:aria-label|placeholder|title|alt)="([^"]*)"', bare)
    words = " ".join([re.sub(r"<[^>]*>", " ", bare), *told])
    return re.sub("中文|惠策|惠", "", words)


def foreign_words(answers: Iterable[tuple[str, TestResponse]]) -> list[str]:
    """What the pages say that is not this catalogue's: the words of ours, and Chinese."""
    found = []
    for link, answer in answers:
        if answer.mimetype == "text/html":
            words = words_of(answer.get_data(as_text=True))
            strange = OURS.findall(words) + CHINESE.findall(words)
            found += [f"{link}: {''.join(strange)}"] if strange else []
    return found


def test_the_root_speaks_the_first_language_of_a_catalogue(place: Place) -> None:
    """Every page of it, whatever the browser asks for, and without a switch to the same again. The
    service's own words are English there, and called so; what the catalogue says is called by the
    language that it is in."""
    client = place.pages.test_client()
    theirs = ' lang="fr"' if place.answers is FRENCH else ""
    for path in ("/", "/library", f"/programmes/{place.programme}", "/nothing-here"):
        asked = {"Accept": "text/html", "Accept-Language": "zh-CN"}
        page = client.get(path, headers=asked).get_data(as_text=True)
        assert '<html lang="en">' in page, path
        assert 'class="lang"' not in page, path
        assert (' lang="fr"' in page) == (bool(theirs) and path != "/nothing-here"), path
    page = client.get(f"/programmes/{place.programme}").get_data(as_text=True)
    assert f"<h1{theirs}>" in page


def test_the_interface_gives_examples_of_the_catalogue(place: Place) -> None:
    """Every example is one of its own facts; its page in English has no Chinese but the switch."""
    client = place.pages.test_client()
    document = client.get("/api/v1/openapi.json").get_json()
    examples = [
        content["example"]
        for path in document["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict)
        for content in operation.get("requestBody", {}).get("content", {}).values()
        if "example" in content
    ]
    assert len(examples) > 5
    assert CHINESE.findall(str(examples)) == []
    assert foreign_words([("docs", client.get("/api/v1/docs?lang=en"))]) == []


def token_of(page: TestResponse) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page.get_data(as_text=True))
    assert found, page.request.path
    return found[1]


def send(client: FlaskClient, page: TestResponse, fields: dict[str, str]) -> TestResponse:
    """Send the form of a page; what comes of it."""
    sent = {**fields, "csrf": token_of(page)}
    return client.post(page.request.path, data=sent, follow_redirects=True)


def answered_case(client: FlaskClient, place: Place, prefix: str) -> str:
    """The address of a case that every page of the check was answered for. What cannot be read is
    refused first, in words of the page's language and the catalogue's."""
    page = send(client, client.get(f"{prefix}/check"), {})
    refused = []
    while "/steps/" in page.request.path:
        faulty = send(client, page, dict.fromkeys(place.answers, "!!"))
        refused.append((page.request.path, faulty))
        page = send(client, page, place.answers)
    assert all('role="alert"' in answer.text for _, answer in refused)
    assert foreign_words(refused) == []
    assert page.status_code == 200
    return page.request.path.rsplit("/", 1)[0]


def log_in(client: FlaskClient, prefix: str) -> None:
    login = client.get(f"{prefix}/desk/login")
    assert send(client, login, {"name": "ann", "password": PASSWORD}).status_code == 200


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["root", "en"])
def test_a_visitor_meets_only_what_the_catalogue_says(place: Place, prefix: str) -> None:
    """Every page that is linked opens, a memo and files among them; every form can be sent; logged
    in, too. No page speaks of yuan or credit codes, or in Chinese."""
    client = place.pages.test_client()
    case = answered_case(client, place, prefix)
    desk = case.replace("/cases/", "/desk/cases/")
    starts = [f"{prefix}/", f"{case}/result", f"{case}/memo", f"{case}/answers", desk]
    starts.append(f"{prefix}/library?q=zzz")
    answers = [(link, a) for link, a in crawl(client, starts) if not link.startswith("/api/")]
    log_in(client, prefix)
    held = f"{prefix}/desk/"
    answers += crawl(
        client, [f"{held}clients", f"{held}candidates", f"{held}batches", desk], 1, held
    )
    assert {link: a.status_code for link, a in answers if a.status_code >= 400} == {}
    mine = [(link, a) for link, a in answers if link.startswith("/en/") == bool(prefix)]
    assert foreign_words(mine) == []
    assert place.programme in client.get(f"{case}/result").get_data(as_text=True)
    forms = forms_on_pages(client, [*starts, f"{held}clients"], f"{prefix}/cases/")
    pressed = [(form.action, answer) for form, answer in press_all(client, forms)]
    assert {action: a.status_code for action, a in pressed if a.status_code >= 400} == {}
    assert foreign_words(pressed) == []


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["root", "en"])
def test_a_clerk_looks_over_a_table_in_the_catalogues_words(place: Place, prefix: str) -> None:
    """What cannot be read is told, without a word of ours."""
    client = place.pages.test_client()
    log_in(client, prefix)
    batches = client.get(f"{prefix}/desk/batches")
    file = (BytesIO(place.table.encode()), "table.csv")
    answer = client.post(
        f"{prefix}/desk/batches",
        data={"csrf": token_of(batches), "file": file},
        follow_redirects=True,
    )
    assert answer.status_code == 200
    assert foreign_words([("batch", answer)]) == []


def test_a_figure_that_only_an_amount_needs_is_asked_for(huice: Services) -> None:
    """Nothing more is to be decided, but how much it may be: that is asked then, on the result too,
    and the programme leads to it. Once it is put aside the result asks no more."""
    app = create_app(api_context(huice))
    site = page_context(huice)
    register_pages(app, site)
    stated = {name.removeprefix("company."): value for name, value in FRENCH.items()}
    del stated["investissement"]
    company = {**stated, "effectif": 12, "chiffre_affaires": "800000", "labels": ["littoral"]}
    key = site.cases.create(Case("", company).content(), site.now())
    client, figure = app.test_client(), "company.investissement"
    result = evaluate_page(site, load_case(site, key))
    assert figure not in {q["fact"] for q in result.answer["next_questions"]}
    assert figure in {q["fact"] for q in result.to_ask.fresh}
    opened = client.get(f"/cases/{key}/programmes/cotes-modernisation").get_data(as_text=True)
    assert f"/cases/{key}/facts/investissement?" in opened
    last: list[str] = []
    while asked := re.findall(r'name="asked" value="([^"]+)"', page_of(client, f"{key}/result")):
        last = asked
        token = re.findall(r'name="csrf" value="([^"]+)"', page_of(client, f"{key}/result"))[0]
        sent = {"csrf": token, "asked": asked, "back": "case_result", "do": "skip"}
        assert client.post(f"/cases/{key}/next", data=sent).status_code == 303
    assert last == [figure]


def page_of(client: FlaskClient, path: str) -> str:
    return client.get(f"/cases/{path}").get_data(as_text=True)
