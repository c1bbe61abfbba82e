"""What tests of several parts share: the service over the project's own catalogue."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from service.api.factory import create_app
from service.app import Services, open_services
from service.settings import PROJECT
from tests.api.sample import settings_for
from tests.postgres import PostgresServer, postgres_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for the tests that share one."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def own_huice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The project's own catalogue in use."""
    database = tmp_path_factory.mktemp("own") / "huice.sqlite3"
    own = settings_for(database, policies=PROJECT / "policies", seeds=PROJECT / "seeds")
    opened = open_services(own)
    yield opened
    opened.close()


@pytest.fixture
def own_client(own_huice: Services) -> FlaskClient:
    return create_app(own_huice).test_client()
