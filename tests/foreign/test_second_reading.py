"""264 programmes of a foreign catalogue, four spellings, a hundred applicants: 105,600 statuses,
each held against a reading that shares no line with the service; HTTP, batch and SQL alike."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from werkzeug.test import Client

from service.api.factory import create_app
from service.app import Services
from service.bulk.batch_engine import BatchEngine, CheckedBatch, Detail, answer_all
from service.bulk.sql import SqlTranslator
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.evaluation.evaluator import Status
from service.domain.facts.profile import Profile
from service.faces import api_context
from service.usecases.portfolio.portfolio import plan_for
from tests.bulk.companies import table
from tests.foreign.conftest import service_over
from tests.foreign.second_reading import DAY, Facts, applicants, ceiling, meets, status
from tests.foreign.test_french import answer
from tests.foreign.written_rules import COUNT, SPELLINGS, files, rules

pytestmark = pytest.mark.deep

PEOPLE = applicants()
RULES = rules()
STATUSES = [[status(rule, facts) for rule in RULES] for facts in PEOPLE]


@pytest.fixture(scope="module", params=SPELLINGS)
def huice(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, seeds: Path
) -> Iterator[Services]:
    """A service over the catalogue in one of the spellings."""
    folder = tmp_path_factory.mktemp("aubrac")
    policies = folder / "policies"
    for name, text in files(request.param).items():
        path = policies / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with closing(service_over(folder, policies, seeds)) as opened:
        yield opened


def request_of(facts: Facts) -> dict[str, object]:
    """The facts as a request to the API has them, money as text."""
    money = {"chiffre_affaires", "investissement", "depense", "recherche", "salaires"}
    own = {name.partition(".")[2]: held for name, held in facts.items()}
    company = {name: str(held) if name in money else held for name, held in own.items()}
    return {"profile": {"company": company}, "as_of": str(DAY)}


def profile_of(compiled: CompiledCatalogue, facts: Facts) -> Profile:
    profile, _ = compiled.reader.read(request_of(facts)["profile"], "")
    return profile


def test_every_status_is_what_the_other_reading_says(huice: Services) -> None:
    """Over HTTP, 26,400 statuses of each spelling; and the amounts of all that are within reach."""
    client = Client(create_app(api_context(huice)))
    every = {"statuses": [s.value for s in Status], "limit": 500}
    wrong: list[tuple[object, ...]] = []
    for facts, expected in zip(PEOPLE, STATUSES, strict=True):
        body = {**request_of(facts), **every, "detail": "statuses"}
        found = answer(client, "/api/v1/match", body)["matches"]
        statuses = {m["programme"]["id"]: m["status"] for m in found}
        assert len(statuses) == COUNT
        wrong += [
            (rule, facts, statuses[rule.name], wanted)
            for rule, wanted in zip(RULES, expected, strict=True)
            if statuses[rule.name] != wanted
        ]
    assert wrong[:3] == []


def test_every_amount_is_what_the_other_reading_says(huice: Services) -> None:
    """A share of an expense, rounded down and capped; its ends where the expense is not stated."""
    client = Client(create_app(api_context(huice)))
    counted = 0
    for facts in PEOPLE[:25]:
        found = answer(client, "/api/v1/match", {**request_of(facts), "limit": 500})
        told = {m["programme"]["id"]: m for m in found["matches"]}
        for rule in (r for r in RULES if r.name in told):
            for part, amount in ceiling(rule, facts).items():
                assert told[rule.name]["ceiling"][part] == amount, (rule, facts)
            counted += 1
    assert counted > 2_000


def test_a_batch_says_the_same(huice: Services) -> None:
    """The columns of all applicants at once."""
    given = rows(huice.compiled)
    engine = BatchEngine(plan_for(huice.compiled, DAY, Detail.STATUSES), given.schema)
    (answer,) = (a for _, a in answer_all([engine], map(CheckedBatch, given.to_batches())))
    for n, rule in enumerate(RULES):
        found = answer.column(f"status.{rule.name}").to_pylist()
        assert found == [told[n] for told in STATUSES], rule


def test_sql_says_the_same(huice: Services) -> None:
    """The truth of each rule as a query over the same rows, NULL where it is unknown."""
    given = rows(huice.compiled)
    catalogue = huice.compiled.catalogue
    translator = SqlTranslator(catalogue.vocabulary, DAY, frozenset(given.schema.names))
    with duckdb.connect() as connection:
        connection.register("companies", given)
        for rule in RULES:
            asked = translator.truth(catalogue.programmes[rule.name])
            found = connection.execute(f"SELECT {asked} FROM companies").fetchall()
            assert [row[0] for row in found] == [meets(rule, facts) for facts in PEOPLE], rule


def rows(compiled: CompiledCatalogue) -> pa.Table:
    """All applicants as a table of text."""
    return table(
        compiled.catalogue, [dict(profile_of(compiled, facts).company) for facts in PEOPLE]
    )
