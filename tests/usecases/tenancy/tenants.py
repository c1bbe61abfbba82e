"""Who asks: two tenants with every scope, and one who may only read."""

from service.domain.principal import Principal, Scope

BANK = Principal("bank", "key", frozenset(Scope))
READER = Principal("bank", "reader", frozenset({Scope.COMPANIES_READ}))
OTHER = Principal("other", "key", frozenset(Scope))
USCC = "91310000MA1FL2AB6U"
