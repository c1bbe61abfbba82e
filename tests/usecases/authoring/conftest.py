"""What an author's tools are tried on: the project's own rules."""

import pytest

from service.compiled.compiled_catalogue import CompiledCatalogue
from tests.own import own_compiled


@pytest.fixture(scope="module")
def ours() -> CompiledCatalogue:
    return own_compiled()
