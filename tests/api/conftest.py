"""A service over a small made-up catalogue."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.api.factory import create_app
from service.app import Services, open_services
from service.faces import api_context
from service.usecases.tenancy.batch_worker import BatchWorker
from tests.api.keys import authorization
from tests.api.sample import settings_for
from tests.batches import worker_of


@pytest.fixture(scope="session")
def huice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The made-up catalogue in use."""
    settings = settings_for(tmp_path_factory.mktemp("api") / "huice.sqlite3")
    with closing(open_services(settings)) as opened:
        yield opened


@pytest.fixture(scope="session")
def app(huice: Services) -> Flask:
    return create_app(api_context(huice))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def own_settings() -> dict[str, Any]:
    """In which settings a test's own service differs from the shared one; a module overrides it."""
    return {}


@pytest.fixture
def service(tmp_path: Path, own_settings: dict[str, Any]) -> Iterator[Services]:
    """A test's own service, with a database that nobody else writes."""
    with closing(open_services(settings_for(tmp_path / "huice.sqlite3", **own_settings))) as opened:
        opened.serve()
        yield opened


@pytest.fixture
def api(service: Services) -> FlaskClient:
    """A client of the test's own service, with a key of the bank's for everything."""
    client = create_app(api_context(service)).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = authorization(service, "bank")["Authorization"]
    return client


@pytest.fixture
def worker(service: Services) -> BatchWorker:
    return worker_of(service)


@pytest.fixture
def company() -> dict[str, Any]:
    """A company that both made-up programmes suit."""
    return {
        "kind": "enterprise",
        "registered_region": "900101",
        "employees": 50,
        "founded_on": "2020-01-01",
    }


@pytest.fixture
def lighthouse() -> dict[str, Any]:
    return {"ref": "p1", "kind": "lighthouse", "contract_amount": "60000000.00"}
