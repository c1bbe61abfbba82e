"""Keys of tenants, as their clients send them."""

from service.app import Services
from service.domain.principal import Scope, operator_of


def authorization(service: Services, tenant: str, *scopes: Scope) -> dict[str, str]:
    """The header of a new key of the tenant; without scopes it may do everything."""
    asked = {"name": "test", "scopes": sorted(scopes or Scope)}
    made = service.key_service.create(operator_of(tenant), asked, "test")
    return {"Authorization": f"Bearer {made['secret']}"}
