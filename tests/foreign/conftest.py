"""Three small catalogues of places that do not exist: one in French, in euros, without levels of
government; one in English, in pounds, with grants had; one in Japanese, in yen, with a number for
each company. None has projects, fields of technology or a code of ours."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from service.api.factory import create_app
from service.app import Services, open_services
from service.faces import api_context, page_context
from service.web.site import register_pages
from tests.api.sample import settings_for

AIDES = Path(__file__).parent / "aides"
MOOR = Path(__file__).parent / "moor"
MINATO = Path(__file__).parent / "minato"


@pytest.fixture(scope="session")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """No code tables at all."""
    folder = tmp_path_factory.mktemp("seeds")
    (folder / "codes").mkdir()
    return folder


@pytest.fixture(scope="session")
def huice(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Iterator[Services]:
    with closing(service_over(tmp_path_factory.mktemp("foreign"), AIDES, seeds)) as opened:
        yield opened


@pytest.fixture(scope="session")
def application(huice: Services) -> Flask:
    app = create_app(api_context(huice))
    register_pages(app, page_context(huice))
    return app


@pytest.fixture(scope="session")
def moor(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Iterator[Services]:
    """The English catalogue."""
    with closing(service_over(tmp_path_factory.mktemp("moor"), MOOR, seeds)) as opened:
        yield opened


@pytest.fixture(scope="session")
def minato(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Iterator[Services]:
    """The Japanese catalogue."""
    with closing(service_over(tmp_path_factory.mktemp("minato"), MINATO, seeds)) as opened:
        yield opened


def service_over(folder: Path, policies: Path, seeds: Path) -> Services:
    """A service over one of the catalogues, with a database of its own."""
    return open_services(
        settings_for(folder / "huice.sqlite3", policies=policies, seeds=seeds, utc_offset=None)
    )
