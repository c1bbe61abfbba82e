"""The record of what a tenant's keys did, and whether its chain holds."""

from dataclasses import asdict, dataclass

from service.domain.principal import Principal, Scope
from service.rendering.json_parts import Json
from service.storage.audit import AuditLog

MAX_PAGE, USUAL_PAGE = 1_000, 100


@dataclass(frozen=True)
class AuditService:
    audit: AuditLog

    def page(self, principal: Principal, after: int, limit: int) -> Json:
        """Entries after a number, oldest first, without figures. Raises Refused."""
        tenant = principal.of_tenant(Scope.KEYS)
        found = self.audit.page(tenant, after, limit + 1)
        items = [{k: v for k, v in asdict(e).items() if k != "tenant"} for e in found[:limit]]
        following = str(found[limit - 1].seq) if len(found) > limit else None
        return {"items": items, "next_cursor": following}
