"""Services over the made-up city, closed when a test ends."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.api.factory import create_app
from service.app import Services
from service.faces import api_context
from tests.usecases.meridian import Opener, open_city


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "huice.sqlite3"


@pytest.fixture
def opener(database: Path) -> Iterator[Opener]:
    """Opens the city's service, each time over the same database."""
    with ExitStack() as opened:

        def open_again(*changes: tuple[str, str, str], **settings: Any) -> Services:
            return opened.enter_context(closing(open_city(database, *changes, **settings)))

        yield open_again


@pytest.fixture
def city(opener: Opener) -> Services:
    return opener()


@pytest.fixture
def client(city: Services) -> FlaskClient:
    return create_app(api_context(city)).test_client()
