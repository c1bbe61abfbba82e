"""Two small catalogues of places that do not exist: one in French, in euros, without levels of
government; one in English, in pounds, with grants had. Neither has projects, fields of technology
or a code of ours."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from service.api.factory import create_app
from service.app import Services, open_services, page_context
from service.web.site import register_pages
from tests.api.sample import settings_for

AIDES = Path(__file__).parent / "aides"
MOOR = Path(__file__).parent / "moor"


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


@pytest.fixture(scope="session")
def moor(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Iterator[Services]:
    """The English catalogue."""
    database = tmp_path_factory.mktemp("moor") / "huice.sqlite3"
    opened = open_services(settings_for(database, policies=MOOR, seeds=seeds, utc_offset=None))
    yield opened
    opened.close()
