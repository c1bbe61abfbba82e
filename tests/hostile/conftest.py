"""A service of its own for each file that attacks it."""

from collections.abc import Iterator

import pytest

from tests.contract.conftest import Server, serving


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """gunicorn as `huice serve` starts it, with no proxy before it."""
    with serving(tmp_path_factory.mktemp("attacked")) as running:
        yield running


def log_of(server: Server) -> str:
    """All that the service has written so far."""
    return (server.database.parent / "log").read_text(encoding="utf-8")
