"""A real server over the project's own catalogue, for the commands of the pages."""

from collections.abc import Iterator

import pytest

from service.settings import PROJECT
from tests.contract.conftest import Server, serving


@pytest.fixture(scope="session")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("docs")
    with serving(folder, policies=PROJECT / "policies", seeds=PROJECT / "seeds") as running:
        yield running
