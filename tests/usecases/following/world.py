"""A tenant of the made-up city that keeps companies and follows things, on a test's own days."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from service.app import Services
from service.background import change_detector
from service.domain.clock import Clock
from service.domain.principal import Principal, Scope
from service.usecases.following.comparing import ChangeDetector

BANK = Principal("bank", "key:test", frozenset(Scope))
FIRM, OTHER = "91310000MA1FL2AB6U", "91110108551385082Q"
YOUNG: Mapping[str, Any] = {
    "kind": "enterprise",
    "registered_region": "900101",
    "employees": 50,
    "founded_on": "2020-01-01",
}


@dataclass
class World:
    """The service under a clock of the test's own, and what compares in the background."""

    service: Services
    now: datetime = datetime(2026, 11, 22, 8, tzinfo=UTC)
    who: Principal = BANK
    detector: ChangeDetector = field(init=False)

    def __post_init__(self) -> None:
        self.move_to(self.service)
        self.service.key_service.create(self.who, {"name": "x", "scopes": ["match"]}, "test")
        made = change_detector(self.service.settings, self.service.store, self.service.local)
        self.detector = replace(made, today_of=lambda _: self.clock)

    def move_to(self, service: Services) -> None:
        """Serve another catalogue from now on."""
        self.service = service
        zone = service.clock.zone
        self.clock = Clock(lambda: self.now, zone)
        self.companies = replace(service.company_service, clock=self.clock)
        self.following = replace(service.subscription_service, clock=self.clock)
        service.serve()

    def store_company(self, uscc: str, company: Mapping[str, Any], *tags: str, **more: Any) -> None:
        document = {"profile": {"company": dict(company), **more}, "tags": list(tags)}
        self.companies.put(self.who, uscc, document, None, "test")
        self.pass_time(minutes=1)

    def follow(self, kind: str, target: str) -> str:
        made = self.following.create(self.who, {"kind": kind, "target": target}, "test")
        self.pass_time(minutes=1)
        return str(made["id"])

    def pass_time(self, **much: float) -> None:
        self.now += timedelta(**much)

    def events(self) -> list[dict[str, Any]]:
        """Compare what is due; everything told so far."""
        self.detector.run()
        found: list[dict[str, Any]] = self.following.event_page(self.who, 0, 500)["items"]
        return found
