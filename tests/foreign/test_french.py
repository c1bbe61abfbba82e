"""A catalogue of another country works in every page, call and command, with no Python changed."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from flask import Flask
from python_calamine import CalamineWorkbook
from werkzeug.test import Client

from service.api.problems import TITLES
from service.app import Services
from service.bulk.batch_engine import Detail
from service.cli import main
from service.delivery.mailer import Mailer
from service.domain.clock import Clock
from service.domain.errors import ErrorCode
from service.domain.principal import Principal, Scope
from service.settings import PROJECT
from service.usecases.authoring.examples import run_examples
from service.usecases.portfolio.portfolio import run_batch
from service.usecases.portfolio.sheet_choice import open_company_table
from service.usecases.portfolio.template import xlsx_template
from tests.foreign.conftest import AIDES, MOOR

COMPANY = {
    "kind": "entreprise",
    "territoire": "port",
    "secteur": "peche",
    "effectif": 12,
    "chiffre_affaires": "800000.00",
    "investissement": "50000.00",
}
REQUEST = {"as_of": "2026-11-22", "profile": {"company": COMPANY}}
PARIS = ZoneInfo("Europe/Paris")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def client(application: Flask) -> Client:
    return Client(application)


def test_its_examples_come_out(huice: Services) -> None:
    """Both programmes mean what their authors wrote down."""
    assert run_examples(huice.compiled).failures == ()


def test_it_says_what_it_is_written_in(huice: Services) -> None:
    """Languages, currency, time zone and places are the catalogue's own."""
    words = huice.compiled.catalogue.vocabulary
    assert (words.languages, words.currency) == (("fr",), "EUR")
    assert (words.time_zone, words.regions.id) == ("Europe/Paris", "territoires")
    assert words.facts["company.kind"].label.by_language()["fr"] == "Forme du demandeur"


def test_today_is_today_in_its_time_zone(huice: Services) -> None:
    """Half past eleven at night in London is tomorrow in Paris."""
    assert huice.clock.zone == PARIS
    late = Clock(lambda: datetime(2026, 6, 1, 22, 30, tzinfo=UTC), huice.clock.zone)
    assert late.today().isoformat() == "2026-06-02"


def answer(client: Client, path: str, body: Any = None) -> Any:
    response = client.get(path) if body is None else client.post(path, json=body)
    assert response.status_code == 200, response.text[:500]
    return response.json


@pytest.mark.parametrize("path", ["/library", "/en/library"])
def test_the_library_proposes_words_of_its_own(application: Flask, path: str) -> None:
    """What one may search for is what there is."""
    page = application.test_client().get(path).text
    assert 'placeholder="for example: Subvention' in page


def test_it_is_matched_over_http(client: Client) -> None:
    """One is eligible with a third of the investment; the other lacks two facts."""
    told = answer(client, "/api/v1/match", REQUEST)
    matches = {m["programme"]["id"]: m for m in told["matches"]}
    first, second = matches["cotes-modernisation"], matches["cotes-jeunes"]
    assert (first["status"], first["ceiling"]["amount"]) == ("eligible", "16500.00")
    assert second["status"] == "undetermined"
    assert second["missing_facts"] == ["company.creee_le", "company.labels"]
    assert first["programme"]["name"]["fr"] == "Modernisation des navires"
    assert "Forme du demandeur" in first["conditions"][0]["text"]["fr"]
    assert {q["fact"] for q in told["next_questions"]} == {"company.creee_le", "company.labels"}


def test_every_call_of_the_catalogue_answers(client: Client) -> None:
    """Lists, search in French, places, documents, vocabulary, code lists, the OpenAPI document."""
    found = answer(client, "/api/v1/programmes?q=p%C3%AAche")
    assert "cotes-modernisation" in [p["id"] for p in found["items"]]
    found = answer(client, "/api/v1/programmes?jurisdiction=port&in_force_on=2026-11-22")
    assert found["total"] == 2
    whole = answer(client, "/api/v1/programmes/cotes-jeunes")
    assert whole["application"]["contact"]["fr"] == "guichet du littoral"
    assert answer(client, "/api/v1/measures/cotes-2026/articles/1")["programmes"] == [
        "cotes-modernisation"
    ]
    for path in ("measures", "measures/cotes-2026", "vocabulary", "codes/territoires"):
        answer(client, f"/api/v1/{path}")
    assert answer(client, "/api/v1/openapi.json")["openapi"].startswith("3.1")
    for call in ("check", "calendar", "compare", "points"):
        body = {**REQUEST, "before": REQUEST, "after": REQUEST} if call == "compare" else REQUEST
        path = f"programmes/cotes-jeunes/{call}" if call == "check" else call
        response = client.post(f"/api/v1/{path}", json=body)
        assert response.status_code < 500, path


def test_the_examples_of_the_openapi_document_are_its_own(client: Client) -> None:
    """What a reader may send at once names no fact that this catalogue has not."""
    document = answer(client, "/api/v1/openapi.json")
    body = document["paths"]["/api/v1/match"]["post"]["requestBody"]
    example = body["content"]["application/json"]["example"]
    assert example["profile"]["company"]["territoire"] == "port"
    told = answer(client, "/api/v1/match", example)
    assert told["summary"]["eligible"] == 1
    page = client.get("/en/portal").text
    assert "territoire" in page


def test_its_interface_is_described_without_chinese(client: Client) -> None:
    """Neither beside the English words nor in them, nor is a page in Chinese offered."""
    for path in ("/api/v1/openapi.json", "/api/v1/docs?lang=zh", "/changes.atom"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert re.findall("[\u4e00-\u9fff]+", answer.get_data(as_text=True)) == []


def test_its_money_is_in_euros_wherever_it_is_explained(client: Client) -> None:
    """Nobody is told to write yuan."""
    document = answer(client, "/api/v1/openapi.json")
    fields = document["components"]["schemas"]["Company"]["properties"]
    assert fields["investissement"]["x-unit"] == "EUR"
    told = json.dumps(document, ensure_ascii=False)
    assert "yuan" not in told
    assert "CNY" not in told


def test_a_memo_is_written(client: Client) -> None:
    """The answer on paper, in the pages' English with the catalogue's French."""
    receipt = answer(client, "/api/v1/match", REQUEST)["receipt_id"]
    response = client.get(f"/api/v1/receipts/{receipt}/memo?lang=en")
    text = response.text
    assert response.status_code == 200, text[:300]
    assert "Modernisation des navires" in text


@pytest.mark.parametrize(
    "arguments",
    [
        ("policies", "explain", "cotes-modernisation"),
        ("policies", "lint"),
        ("policies", "test"),
        ("programmes",),
        ("codes", "Port"),
    ],
    ids=" ".join,
)
def test_a_command_speaks_the_language_that_is_asked_for(
    arguments: tuple[str, ...], seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No Chinese beside the English where the catalogue is not written in it."""
    monkeypatch.setenv("HUICE_POLICIES", str(AIDES))
    monkeypatch.setenv("HUICE_SEEDS", str(seeds))
    monkeypatch.setenv("HUICE_DATABASE", str(tmp_path / "huice.sqlite3"))
    told = CliRunner().invoke(main, ["--lang", "en", *arguments])
    assert told.exit_code == 0, told.output
    assert not CHINESE.search(told.stdout)


@pytest.mark.parametrize(
    ("catalogue", "chinese"),
    [(AIDES, False), (MOOR, False), (PROJECT / "policies", True)],
    ids=["French", "English", "Chinese first"],
)
def test_a_command_speaks_a_language_of_the_catalogue(
    catalogue: Path, chinese: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where none is asked for: the first that the service speaks, or else English."""
    monkeypatch.setenv("HUICE_POLICIES", str(catalogue))
    told = CliRunner().invoke(main, ["codes", "qqqqzzzz"])
    assert bool(CHINESE.search(told.output)) is chinese, told.output


def test_the_pages_begin_in_the_language_of_the_catalogue(client: Client) -> None:
    """Whatever the browser asks for: nothing leads away from the first page."""
    for asked in ({"Accept-Language": "fr"}, {"Accept-Language": "zh-CN,en"}):
        begun = client.get("/", headers=asked)
        assert begun.status_code == 200
        assert 'lang="fr"' in begun.text


def test_the_interface_speaks_a_language_of_the_catalogue(client: Client) -> None:
    """To whoever asks for none; Chinese is told to who asks for it."""
    title = TITLES[ErrorCode.NOT_FOUND]
    refused = client.get("/api/v1/programmes/none")
    assert json.loads(refused.text)["title"] == title.en
    asked = client.get("/api/v1/programmes/none", headers={"Accept-Language": "zh-CN"})
    assert json.loads(asked.text)["title"] == title.zh


@pytest.mark.parametrize("sign", [";", "\t"])
def test_a_table_is_read_as_the_french_write_it(huice: Services, tmp_path: Path, sign: str) -> None:
    """A comma before decimals, the day before the month, oui and non, words for millions; what may
    mean two figures is asked for."""
    rows = [
        ["Chiffre d'affaires", "Effectif", "Date de création", "Labels obtenus"],
        ["1 234 567,89 €", "12 salarié", "31/12/2020", "néant"],
        ["1,5 million d'euros", "1.200.000", "1er mars 2021", "inconnu"],
        ["9 000 €", "1.050", "", ""],
        ["5.200", "3", "", ""],
        ["5,200", "3", "", ""],
    ]
    table = tmp_path / "in.csv"
    table.write_text("\n".join(sign.join(row) for row in rows) + "\n")
    opened = open_company_table(huice.compiled.catalogue.vocabulary, table)
    (batch,) = opened.batches()
    first, second, third, *_ = batch.rows.to_pylist()
    names = ("company.chiffre_affaires", "company.effectif", "company.creee_le", "company.labels")
    assert [first[name] for name in names] == ["1234567.89", "12", "2020-12-31", "-"]
    assert [second[name] for name in names[:3]] == ["1500000", "1200000", "2021-03-01"]
    assert not second["company.labels"]
    # Half a head is none: the point can part thousands alone.
    assert third["company.effectif"] == "1050"
    assert len(batch.faults) == 2
    assert all("may part thousands or decimals" in fault.why.en for fault in batch.faults)


def test_a_clerk_s_table_is_explained_and_read_in_euros(huice: Services, tmp_path: Path) -> None:
    """The sheet of notes names the currency; what is written as 800 k€ is read, yuan are not."""
    guide = CalamineWorkbook.from_filelike(
        BytesIO(xlsx_template(huice.compiled.catalogue.vocabulary, "en"))
    )
    notes = guide.get_sheet_by_name("How to fill").to_python()
    cells = [str(cell) for sheet in guide.sheet_names
             for row in guide.get_sheet_by_name(sheet).to_python() for cell in row]  # fmt: skip
    assert [cell for cell in cells if re.search("[、\u4e00-\u9fff]", cell)] == []
    assert str(notes[1][0]).startswith("Amounts are in EUR; 5.2 million is understood")
    table = tmp_path / "in.csv"
    table.write_text("Chiffre d'affaires (k€),Investissement prévu\n800,52 000 €\n,5000元\n")
    opened = open_company_table(huice.compiled.catalogue.vocabulary, table)
    (batch,) = opened.batches()
    row = batch.rows.to_pylist()[0]
    assert (row["company.chiffre_affaires"], row["company.investissement"]) == ("800000", "52000")
    (fault,) = batch.faults
    assert "万" not in fault.why.en


def test_answers_have_no_columns_of_facts_that_the_catalogue_has_not(
    huice: Services, tmp_path: Path
) -> None:
    """Neither a name nor a credit code of companies is asked for here, so no sheet has either."""
    table, target, verdicts = (tmp_path / n for n in ("in.csv", "out.xlsx", "verdicts.csv"))
    table.write_text("Forme du demandeur,Territoire d'implantation\nEntreprise,Port-Neuf\nx,y\n")
    run_batch(
        huice.compiled, table, target, date(2026, 6, 1), Detail.MISSING, lambda _: None,
        language="en", verdicts=verdicts,
    )  # fmt: skip
    book = CalamineWorkbook.from_path(target)
    heads = {name: book.get_sheet_by_name(name).to_python()[0] for name in book.sheet_names}
    assert {h[0] for h in heads.values()} == {"Row", "Programme id", "About"}
    assert not {"Name", "Credit code"} & {h for row in heads.values() for h in row}
    assert verdicts.read_text(encoding="utf-8-sig").startswith('"row","programme",')


def test_letters_come_in_what_is_spoken_beside_the_catalogue_s_language(huice: Services) -> None:
    """In English, which stands in for French, unless another is asked for: never in Chinese."""
    mailer = Mailer("smtp://localhost", "h@agence.example", frozenset({"agence.example"}))
    service = replace(huice.webhook_service, mailer=mailer)
    who = Principal("agence", "key:test", frozenset(Scope))
    huice.key_service.create(who, {"name": "x", "scopes": ["match"]}, "test")
    made = [
        service.create(who, {"url": f"mailto:{n}@agence.example", **asked}, "test")
        for n, asked in enumerate([{}, {"lang": "zh"}])
    ]
    assert [address["lang"] for address in made] == ["en", "zh"]


def test_a_comparison_names_the_currency(tmp_path: Path, seeds: Path) -> None:
    """Of each amount."""
    for name, staff in (("before.json", 60), ("after.json", 12)):
        profile = {"company": {**COMPANY, "effectif": staff}}
        (tmp_path / name).write_text(json.dumps({"as_of": "2026-11-22", "profile": profile}))
    env = {"HUICE_POLICIES": str(AIDES), "HUICE_SEEDS": str(seeds),
           "HUICE_DATABASE": str(tmp_path / "huice.sqlite3")}  # fmt: skip
    files = [str(tmp_path / name) for name in ("before.json", "after.json")]
    shown = CliRunner().invoke(main, ["compare", *files], env=env).output
    assert "EUR" in shown
    assert not CHINESE.search(shown)
