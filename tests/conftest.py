"""What tests of several parts share: the service over the project's own catalogue."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from service.api.factory import create_app
from service.app import Services, open_services
from service.settings import PROJECT, read_settings
from service.startup import open_today
from tests.api.sample import settings_for
from tests.engine import engine
from tests.own import own_compiled, own_source
from tests.postgres import PostgresServer, postgres_server


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", choices=("sqlite", "postgresql"), default="sqlite")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is only true of a file is left out where a server keeps the state."""
    if config.getoption("--engine") == "sqlite":
        return
    left_out = [item for item in items if item.get_closest_marker("sqlite")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for the tests that share one."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session", autouse=True)
def chosen_engine(request: pytest.FixtureRequest) -> None:
    """The engine that every service of the tests keeps its state with: `--engine`."""
    if request.config.getoption("--engine") == "postgresql":
        engine.server = request.getfixturevalue("postgres")


@pytest.fixture(scope="session")
def own_huice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The project's own catalogue in use."""
    database = tmp_path_factory.mktemp("own") / "huice.sqlite3"
    own = settings_for(database, policies=PROJECT / "policies", seeds=PROJECT / "seeds")
    opened = open_services(own, source=own_source(), compiled=own_compiled())
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def _compiled_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own catalogue as a start leaves it compiled, its examples run."""
    database = tmp_path_factory.mktemp("compiled") / "huice.sqlite3"
    open_today(replace(read_settings(), database=database)).close()
    return database.with_name("huice.sqlite3.compiled")


@pytest.fixture
def compiled_beside(_compiled_folder: Path, tmp_path: Path) -> Path:
    """Where a database may be made; the compiled catalogue lies there already, and nobody has to
    read its files again."""
    database = tmp_path / "huice.sqlite3"
    shutil.copytree(_compiled_folder, database.with_name("huice.sqlite3.compiled"),
                    copy_function=os.link)  # fmt: skip
    return database


@pytest.fixture
def own_client(own_huice: Services) -> FlaskClient:
    return create_app(own_huice).test_client()
