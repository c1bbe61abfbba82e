"""Two machines over one PostgreSQL: what one was given the other knows."""

import io
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.api.factory import create_app
from service.app import Services, open_services
from service.faces import api_context, page_context
from service.web.site import register_pages
from tests.api.keys import authorization
from tests.api.sample import data, settings_for
from tests.batches import worker_of
from tests.postgres import PostgresServer

pytestmark = pytest.mark.deep
USCC = "91310000MA1FL2AB6U"
_schemas = itertools.count(1)


@pytest.fixture
def machines(postgres: PostgresServer, tmp_path: Path) -> Iterator[tuple[Services, Services]]:
    schema = f"machines_{next(_schemas)}"
    postgres.execute(f"CREATE SCHEMA {schema}")
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        settings = settings_for(
            tmp_path / name / "local.sqlite3",
            postgresql=postgres.address(schema),
            rate_limit="10/minute",
        )
        made.append(open_services(settings))
    yield made[0], made[1]
    for services in made:
        services.close()


@pytest.fixture
def clients(machines: tuple[Services, Services]) -> tuple[FlaskClient, FlaskClient]:
    def client(services: Services) -> FlaskClient:
        app = create_app(api_context(services))
        register_pages(app, page_context(services))
        return app.test_client()

    return client(machines[0]), client(machines[1])


def test_receipts_keys_and_companies_are_known_to_both(
    machines: tuple[Services, Services],
    clients: tuple[FlaskClient, FlaskClient],
    company: dict[str, Any],
) -> None:
    """Given by one, read, replayed and deleted at the other."""
    one, two = clients
    header = authorization(machines[0], "bank")
    body = {"profile": {"company": company}}
    receipt = data(one.post("/api/v1/match", json=body, headers=header))["receipt_id"]
    address = f"/api/v1/receipts/{receipt}"
    assert data(two.post(f"{address}/replay", headers=header))["identical"] is True
    kept = one.put(f"/api/v1/companies/{USCC}", json=body, headers=header)
    assert kept.status_code == 201
    assert two.get(f"/api/v1/companies/{USCC}", headers=header).status_code == 200
    assert two.delete(address, headers=header).status_code == 204
    assert one.get(address, headers=header).status_code == 404


def test_a_search_finds_the_same_at_both(machines: tuple[Services, Services]) -> None:
    """Each has an index of its own, made from the same catalogue."""
    found = [services.search("lighthouse").ids for services in machines]
    assert found[0] == found[1] != ()


def test_calls_are_counted_once_for_both(clients: tuple[FlaskClient, FlaskClient]) -> None:
    """Ten a minute are ten, wherever they are sent."""
    turns = itertools.cycle(clients)
    answers = [next(turns).post("/api/v1/match", json={"profile": {}}) for _ in range(22)]
    refused = [a for a in answers if a.status_code == 429]
    # A minute may end between two of them.
    assert 2 <= len(refused) <= 12
    # What was called too often in this minute still counts in the next.
    assert int(refused[0].headers["Retry-After"]) <= 120


def test_a_table_taken_in_by_one_is_answered_by_the_other(
    machines: tuple[Services, Services], clients: tuple[FlaskClient, FlaskClient]
) -> None:
    """Source and results go through the state; while one works on it the other does not."""
    one, two = machines
    header = authorization(one, "bank")
    table = {"file": (io.BytesIO("name,Kind\n甲,enterprise\n".encode()), "t.csv")}
    made = data(clients[0].post("/api/v1/batches", data=table, headers=header))["id"]
    worker = worker_of(two)
    with one.batch_service.batches.files.claim(made) as mine:
        assert mine
        worker.run(made)
        assert data(clients[0].get(f"/api/v1/batches/{made}", headers=header))["state"] == "queued"
    worker.run(made)
    assert data(clients[0].get(f"/api/v1/batches/{made}", headers=header))["state"] == "done"
    address = f"/api/v1/batches/{made}/result?format=csv"
    with clients[0].get(address, headers=header) as result:
        assert result.status_code == 200
        assert "甲" in result.get_data(as_text=True)
    assert clients[1].delete(f"/api/v1/batches/{made}", headers=header).status_code == 204
    rows = one.store.connection().execute("SELECT count(*) FROM batch_files").fetchone()
    assert rows == (0,)


def test_a_case_begun_at_one_is_open_at_the_other(machines: tuple[Services, Services]) -> None:
    """And what both change is lost by neither."""
    one, two = (page_context(services) for services in machines)
    case = one.cases.create(b"a", one.now())
    two.cases.change(case, two.now(), lambda held: held + b"b")
    one.cases.change(case, one.now(), lambda held: held + b"c")
    assert two.cases.get(case, two.now()).content == b"abc"
    assert one.key == two.key  # tokens of forms made by one are taken by the other
