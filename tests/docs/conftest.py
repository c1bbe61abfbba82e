"""A real server over the project's own catalogue, for the commands of the pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.settings import PROJECT
from tests.contract.conftest import Server, serving
from tests.own import copy_state


@pytest.fixture(scope="session")
def own_server(tmp_path_factory: pytest.TempPathFactory, served_before: Path) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("docs")
    copy_state(served_before, folder)
    policies, seeds = PROJECT / "policies", PROJECT / "seeds"
    with serving(folder, policies=policies, seeds=seeds, work=True) as running:
        yield running
