"""Addresses that events are delivered to: named, tried, replayed, given other secrets, ended."""

import base64
import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.delivery.mailer import Mailer
from service.delivery.reachable import NOT_PUBLIC, ONLY_HTTPS, ReachableNetworks, Unreachable
from service.domain.clock import Clock
from service.domain.errors import ErrorCode, InvalidInput, Problem
from service.domain.principal import Principal, Scope
from service.domain.text import Text, first_spoken
from service.intake.following import read_replay, read_webhook
from service.rendering.json_parts import Json, whole_list
from service.storage.audit import Deed
from service.storage.deliveries import Delivery, DeliveryRepository, Webhook

TEST = "webhook.test"
MAIL = "mailto:"
# How long a secret that was replaced signs on.
OVERLAP = timedelta(days=1)
_SECRET_BYTES = 32
_NO_MAIL = Text(
    "本服务没有设置邮件，或不往这个域名发信",
    "this service sends no e-mail, or none to addresses of this domain",
)

_NEVER_CALLED = {
    NOT_PUBLIC: Text(
        "这个地址不在公网上，不会被调用；可用 https 的公网地址，或请运营方开放它所在的网络",
        "this address is not a public one and is never called; name a public one by https, or have"
        " the operator open its network",
    ),
    ONLY_HTTPS: Text(
        "运营方自己的网络之外只用 https",
        "outside the operator's own networks only https is called",
    ),
}


@dataclass(frozen=True)
class WebhookService:
    """Addresses of the tenant that asks. `mailer` is None where the operator named no mail
    server; `networks` are where events may be delivered to."""

    deliveries: DeliveryRepository
    compiled: CompiledCatalogue
    clock: Clock
    mailer: Mailer | None
    networks: ReachableNetworks

    def create(self, principal: Principal, raw: object, trace: str) -> Json:
        """Deliver events there from now on. Its secret is shown once. Raises InvalidInput,
        Refused."""
        tenant = principal.of_tenant(Scope.SUBSCRIPTIONS)
        asked = read_webhook(raw)
        if asked.url.startswith(MAIL):
            self._check_mail(asked.url.removeprefix(MAIL))
        else:
            self._check_address(asked.url)
        now = self.clock.now()
        made = Webhook(
            f"wh_{secrets.token_hex(10)}",
            tenant,
            asked.url,
            asked.language or first_spoken(self.compiled.catalogue.vocabulary.languages),
            now,
            principal.actor,
            True,
            secrets.token_bytes(_SECRET_BYTES),
        )
        self.deliveries.create(made, Deed(principal, now, trace))
        return issued_json(made)

    def _check_mail(self, address: str) -> None:
        if self.mailer is None or not self.mailer.may_write_to(address):
            raise InvalidInput(
                (Problem("/url", ErrorCode.INVALID_VALUE, _NO_MAIL),), ErrorCode.INVALID_VALUE
            )

    def _check_address(self, url: str) -> None:
        parts = urlsplit(url)
        try:
            self.networks.check_named(parts.hostname or "", secure=parts.scheme == "https")
        except Unreachable as error:
            words = _NEVER_CALLED[str(error)]
            raise InvalidInput((Problem("/url", ErrorCode.INVALID_VALUE, words),)) from None

    def list(self, principal: Principal) -> Json:
        """The tenant's addresses, without secrets. Raises Refused."""
        tenant = principal.of_tenant(Scope.SUBSCRIPTIONS)
        found = self.deliveries.of_tenant(tenant)
        return whole_list(webhook_json(w, waiting, dead) for w, waiting, dead in found)

    def delete(self, principal: Principal, webhook_id: str, trace: str) -> None:
        """Deliver there no longer. Raises NotFound, Refused."""
        tenant = principal.of_tenant(Scope.SUBSCRIPTIONS)
        self.deliveries.delete(tenant, Deed(principal, self.clock.now(), trace), webhook_id)

    def rotate(self, principal: Principal, webhook_id: str, trace: str) -> Json:
        """Another secret; for a day both sign. Raises NotFound, Refused."""
        tenant = principal.of_tenant(Scope.SUBSCRIPTIONS)
        deed = Deed(principal, self.clock.now(), trace)
        secret = secrets.token_bytes(_SECRET_BYTES)
        self.deliveries.rotate(tenant, deed, webhook_id, secret, OVERLAP)
        return self.issued(principal, webhook_id)

    def issued(self, principal: Principal, webhook_id: str) -> Json:
        """An address with its secret, for who has made it or rotated its secret. Raises NotFound,
        Refused."""
        tenant = principal.of_tenant(Scope.SUBSCRIPTIONS)
        return issued_json(self.deliveries.get(tenant, webhook_id))

    def test(self, principal: Principal, webhook_id: str, trace: str) -> Json:
        """Send a test message there alone; the event of it. Raises NotFound, Refused."""
        tenant = principal.of_tenant(Scope.SUBSCRIPTIONS)
        webhook = self.deliveries.get(tenant, webhook_id)
        data: Json = {
            "cause": "test",
            "as_of": self.clock.today().isoformat(),
            "catalogue_version": self.compiled.catalogue.version,
            "companies": [],
            "programmes": [],
        }
        deed = Deed(principal, self.clock.now(), trace)
        return {"event": self.deliveries.test(webhook, deed, TEST, data)}

    def replay(self, principal: Principal, webhook_id: str, raw: object, trace: str) -> Json:
        """Deliver again: one event, all after a cursor, or else what is dead. Raises NotFound,
        InvalidInput, Refused."""
        tenant = principal.of_tenant(Scope.SUBSCRIPTIONS)
        webhook = self.deliveries.get(tenant, webhook_id)
        event, since = read_replay(raw)
        deed = Deed(principal, self.clock.now(), trace)
        return {"replayed": self.deliveries.replay(webhook, deed, event, since)}

    def latest(self, principal: Principal, webhook_id: str) -> Json:
        """The latest deliveries to an address. Raises NotFound, Refused."""
        tenant = principal.of_tenant(Scope.SUBSCRIPTIONS)
        webhook = self.deliveries.get(tenant, webhook_id)
        return whole_list(delivery_json(d) for d in self.deliveries.deliveries(webhook.id))


def webhook_json(webhook: Webhook, waiting: int = 0, dead: int = 0) -> Json:
    return {
        "id": webhook.id,
        "url": webhook.url,
        "lang": webhook.language,
        "live": webhook.live,
        "created_at": webhook.created_at.isoformat(),
        "created_by": webhook.actor,
        "waiting": waiting,
        "dead": dead,
    }


def issued_json(webhook: Webhook) -> Json:
    """With the secret, as Standard Webhooks writes it; e-mail has none."""
    written = f"whsec_{base64.b64encode(webhook.secret).decode()}"
    return {**webhook_json(webhook), "secret": None if webhook.url.startswith(MAIL) else written}


def delivery_json(delivery: Delivery) -> Json:
    waits = delivery.state == "waiting"
    return {
        "event": delivery.event,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "next_at": delivery.next_at.isoformat() if waits else None,
        "updated_at": delivery.updated_at.isoformat(),
        "outcome": delivery.outcome,
    }
