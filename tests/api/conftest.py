"""A service over a small made-up catalogue."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.api.factory import create_app
from service.app import Services, open_services
from tests.api.sample import settings_for


@pytest.fixture(scope="session")
def huice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The made-up catalogue in use."""
    opened = open_services(settings_for(tmp_path_factory.mktemp("api") / "huice.sqlite3"))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def app(huice: Services) -> Flask:
    return create_app(huice)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


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
