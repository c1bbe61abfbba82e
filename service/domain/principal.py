"""Who asks: a tenant's key, or anybody.

A principal is made from a request at the edge and handed down as it is: use cases ask it what it
may do, storage takes its tenant with every statement, so that another tenant's is never found.
"""

from dataclasses import dataclass
from enum import StrEnum

from service.domain.errors import ErrorCode, Refused
from service.domain.text import Text


class Scope(StrEnum):
    """What a key may be used for."""

    MATCH = "match"
    COMPANIES_READ = "companies:read"
    COMPANIES = "companies"
    BATCHES_READ = "batches:read"
    BATCHES = "batches"
    SUBSCRIPTIONS = "subscriptions"
    RECEIPTS_DELETE = "receipts:delete"
    CATALOGUE = "catalogue"
    KEYS = "keys"


# Who may change something may read it.
_INCLUDED = {Scope.COMPANIES_READ: Scope.COMPANIES, Scope.BATCHES_READ: Scope.BATCHES}


class Role(StrEnum):
    """What a person at the desk may do."""

    VIEWER = "viewer"  # reads, and prints memos
    OFFICER = "officer"  # keeps companies, sends batches
    ADMIN = "admin"  # and manages keys, deletes receipts, reads the audit

    @property
    def scopes(self) -> frozenset[Scope]:
        return _SCOPES_OF[self]


_READING = frozenset({Scope.MATCH, Scope.CATALOGUE, Scope.COMPANIES_READ, Scope.BATCHES_READ})
_SCOPES_OF = {
    Role.VIEWER: _READING,
    Role.OFFICER: _READING | {Scope.COMPANIES, Scope.BATCHES, Scope.SUBSCRIPTIONS},
    Role.ADMIN: frozenset(Scope),
}


@dataclass(frozen=True, slots=True)
class Principal:
    """A tenant (None: nobody's), what acts for it, and what that may do."""

    tenant: str | None
    actor: str
    scopes: frozenset[Scope]

    def of_tenant(self, scope: Scope) -> str:
        """The tenant, where the principal may act for it so.

        Raises Refused: unauthenticated for nobody's principal, forbidden for a missing scope.
        """
        if self.tenant is None:
            raise Refused(_WHO, ErrorCode.UNAUTHENTICATED)
        self.require(scope)
        return self.tenant

    def may(self, scope: Scope) -> bool:
        """Whether a scope, or one that includes it, is the principal's."""
        return scope in self.scopes or _INCLUDED.get(scope) in self.scopes

    def require(self, scope: Scope) -> None:
        """Raises Refused (forbidden) where the principal lacks a scope."""
        if not self.may(scope):
            raise Refused(_SCOPE.format(scope=scope.value), ErrorCode.FORBIDDEN)


# What needs no key: matching, and reading the catalogue.
ANONYMOUS = Principal(None, "anonymous", frozenset({Scope.MATCH, Scope.CATALOGUE}))


def operator_of(tenant: str) -> Principal:
    """Who runs the service, when acting for a tenant."""
    return Principal(tenant, "operator", frozenset(Scope))


_WHO = Text(
    "这里需要接口密钥：Authorization: Bearer hk_…",
    "this needs a key: Authorization: Bearer hk_…",
)
_SCOPE = Text("密钥没有权限 {scope}", "the key lacks the scope {scope}")
