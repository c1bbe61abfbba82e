"""A small catalogue in French, in euros, of a region that does not exist: no projects, no fields of
technology, no levels of government, no code of ours."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from service.api.factory import create_app
from service.app import Services, open_services, page_context
from service.web.site import register_pages
from tests.api.sample import settings_for

AIDES = Path(__file__).parent / "aides"


@pytest.fixture(scope="session")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """No code tables at all."""
    folder = tmp_path_factory.mktemp("seeds")
    (folder / "codes").mkdir()
    return folder


@pytest.fixture(scope="session")
def huice(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Iterator[Services]:
    database = tmp_path_factory.mktemp("foreign") / "huice.sqlite3"
    opened = open_services(settings_for(database, policies=AIDES, seeds=seeds, utc_offset=None))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def application(huice: Services) -> Flask:
    app = create_app(huice)
    register_pages(app, page_context(huice))
    return app
