"""A tenant that follows things."""

import pytest

from tests.usecases.following.world import World
from tests.usecases.meridian import Opener


@pytest.fixture
def world(opener: Opener) -> World:
    return World(opener())
