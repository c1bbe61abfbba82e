"""What tests of several parts share: the service over the project's own catalogue."""

import fcntl
import gc
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as property_settings

from service.api.factory import create_app
from service.app import Services, open_services
from service.faces import api_context
from service.settings import PROJECT, read_settings
from service.startup import open_today
from tests.api.sample import settings_for
from tests.engine import engine
from tests.own import copy_state, own_compiled, own_source
from tests.postgres import PostgresServer, postgres_server

# What a process prepares for its tests stays until it ends: a collector that walks through all of
# it after each seven hundred objects takes a third of the time of tests that read policy files.
COLLECTED_AFTER = (50_000, 50, 100)
gc.set_threshold(*COLLECTED_AFTER)

# Beside other tests examples are slow to make, and slow to try: that is the machine's fault.
property_settings.register_profile(
    "busy", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
property_settings.load_profile("busy")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", choices=("sqlite", "postgresql"), default="sqlite")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browsers come first, so that one process has one, and the longest tests do not end last. What
    is only true of a file is left out where a server keeps the state."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)
    if config.getoption("--engine") == "sqlite":
        return
    left_out = [item for item in items if item.get_closest_marker("sqlite")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish() -> None:
    """The modules and the tests stay until the process ends: a batch, which has the collector look
    for what it leaves, would walk through all of them twice."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Or else a library tells at the end that what it made is still there."""
    gc.unfreeze()


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
def served_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a first start over the project's own catalogue leaves in its folder: the state, and the
    catalogue compiled, its examples run. Of the processes of a run the first makes it, and the
    others find it."""
    run = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        run = run.parent
    folder, made = run / "before", run / "before-made"
    with (run / "before-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            made.mkdir(exist_ok=True)
            open_today(replace(read_settings(), database=made / "huice.sqlite3")).close()
            made.rename(folder)
    return folder


@pytest.fixture
def compiled_beside(served_before: Path, tmp_path: Path) -> Path:
    """A test's own state, as a first start leaves it: nobody reads the policy files again."""
    return copy_state(served_before, tmp_path)


@pytest.fixture(scope="session")
def new_own_client(own_huice: Services) -> Callable[[], FlaskClient]:
    """Makes clients of one application over the project's own catalogue."""
    return create_app(api_context(own_huice)).test_client


@pytest.fixture
def own_client(new_own_client: Callable[[], FlaskClient]) -> FlaskClient:
    """Asks the project's own catalogue over its public interface."""
    return new_own_client()
