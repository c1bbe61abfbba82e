"""The city's service with two tenants, each of which has a key."""

import pytest

from service.app import Services
from tests.usecases.tenancy.tenants import BANK, OTHER


@pytest.fixture
def city(city: Services) -> Services:
    for tenant in (BANK, OTHER):
        city.key_service.create(tenant, {"name": "first", "scopes": ["match"]}, "trace")
    return city
