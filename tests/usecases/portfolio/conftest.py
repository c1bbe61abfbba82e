"""The project's own vocabulary."""

import pytest

from service.app import Services
from service.domain.facts.vocabulary import Vocabulary


@pytest.fixture
def vocabulary(own_huice: Services) -> Vocabulary:
    return own_huice.compiled.catalogue.vocabulary
