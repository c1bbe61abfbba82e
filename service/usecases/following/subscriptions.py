"""Following and following no longer; reading what came of it."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.clock import Clock
from service.domain.errors import ErrorCode, InvalidInput, NotFound, Problem
from service.domain.principal import Principal, Scope
from service.domain.text import Text, did_you_mean, nearest
from service.intake.following import read_subscription
from service.intake.tenancy import read_company_code
from service.rendering.json_parts import Json
from service.storage.audit import Deed
from service.storage.companies import CompanyRepository
from service.storage.events import Event, EventRepository
from service.storage.subscriptions import Subscription, SubscriptionKind, SubscriptionRepository

MAX_PAGE, USUAL_PAGE = 500, 50
_TAG = re.compile(r"[\w.-]{1,40}")
_NO_TAG = Text("标签只用文字、数字和 . _ -", "a tag holds letters, digits and . _ - only")
_AHEAD = Text(
    "还没有这么多事件，最新的是 {last}（数据可能由备份恢复）：请从较早的游标接着读",
    "there are not so many events yet, the newest is {last} (what is kept may have been restored"
    " from a copy): go on from an earlier cursor",
)
_NOT_THERE = Text("没有 {name}", "there is no {name}")


@dataclass(frozen=True)
class SubscriptionService:
    """Subscriptions and events of the tenant that asks."""

    subscriptions: SubscriptionRepository
    events: EventRepository
    companies: CompanyRepository
    compiled: CompiledCatalogue
    clock: Clock
    quota: int

    def create(self, principal: Principal, raw: object, trace: str) -> Json:
        """Follow something from now on. Raises InvalidInput, Refused."""
        tenant = principal.of_tenant(Scope.SUBSCRIPTIONS)
        kind, target = read_subscription(raw)
        now = self.clock.now()
        made = Subscription(
            f"sub_{secrets.token_hex(10)}",
            tenant,
            SubscriptionKind(kind),
            self._target(tenant, SubscriptionKind(kind), target),
            now,
            principal.actor,
            self.compiled.catalogue.version,
            self.clock.today(),
        )
        self.subscriptions.create(made, Deed(principal, now, trace), self.quota)
        return subscription_json(made)

    def page(self, principal: Principal, after: str, limit: int) -> Json:
        """A page in the order of the ids. Raises Refused."""
        tenant = principal.of_tenant(Scope.SUBSCRIPTIONS)
        found = self.subscriptions.page(tenant, after, limit + 1)
        following = found[limit - 1].id if len(found) > limit else None
        return {"items": [subscription_json(s) for s in found[:limit]], "next_cursor": following}

    def delete(self, principal: Principal, subscription_id: str, trace: str) -> None:
        """Follow it no longer. Raises NotFound, Refused."""
        tenant = principal.of_tenant(Scope.SUBSCRIPTIONS)
        deed = Deed(principal, self.clock.now(), trace)
        self.subscriptions.delete(tenant, deed, subscription_id)

    def event_page(self, principal: Principal, after: int, limit: int) -> Json:
        """The events after a cursor, oldest first; `cursor` is where to go on, now or later.
        Raises Refused, and InvalidInput for a cursor that no event has come to yet: whoever waited
        there would miss what is made until then."""
        tenant = principal.of_tenant(Scope.SUBSCRIPTIONS)
        found = self.events.page(tenant, after, limit + 1)
        if not found and after > (last_one := self.events.last_number(tenant)):
            problem = Problem(
                "/cursor", ErrorCode.INVALID_CURSOR, _AHEAD.format(last=str(last_one))
            )
            raise InvalidInput((problem,), ErrorCode.INVALID_CURSOR)
        shown = found[:limit]
        last = str(shown[-1].seq if shown else after)
        return {
            "items": [event_json(e) for e in shown],
            "cursor": last,
            "next_cursor": last if len(found) > limit else None,
        }

    def event(self, principal: Principal, event_id: str) -> Json:
        """One event whole. Raises NotFound, Refused."""
        tenant = principal.of_tenant(Scope.SUBSCRIPTIONS)
        return event_json(self.events.get(tenant, event_id))

    def latest(self, principal: Principal, limit: int) -> list[Event]:
        """The newest events first. Raises Refused."""
        return self.events.latest(principal.of_tenant(Scope.SUBSCRIPTIONS), limit)

    def _target(self, tenant: str, kind: SubscriptionKind, target: str) -> str:
        """The target of a subscription as it is stored. Raises InvalidInput where it does not
        exist."""
        catalogue = self.compiled.catalogue
        match kind:
            case SubscriptionKind.COMPANY:
                return self._company(tenant, target)
            case SubscriptionKind.TAG:
                if not _TAG.fullmatch(target):
                    raise _wrong(ErrorCode.INVALID_VALUE, _NO_TAG)
            case SubscriptionKind.PROGRAMME:
                _check_listed(target, catalogue.programmes)
            case SubscriptionKind.JURISDICTION:
                _check_listed(target, catalogue.vocabulary.regions.codes)
            case SubscriptionKind.SEARCH:
                pass  # any words may be looked for
        return target

    def _company(self, tenant: str, target: str) -> str:
        try:
            code = read_company_code(target, self.compiled.catalogue.vocabulary)
            return self.companies.get(tenant, code).uscc
        except InvalidInput as error:
            raise _wrong(ErrorCode.INVALID_VALUE, error.problems[0].message) from None
        except NotFound:
            raise _wrong(ErrorCode.NOT_FOUND, _NOT_THERE.format(name=target)) from None


def _check_listed(name: str, known: Iterable[str]) -> None:
    listed = list(known)
    if name not in listed:
        words = did_you_mean(_NOT_THERE.format(name=name), nearest(name, listed))
        raise _wrong(ErrorCode.UNKNOWN_CODE, words)


def _wrong(code: ErrorCode, words: Text) -> InvalidInput:
    return InvalidInput((Problem("/target", code, words),), ErrorCode.INVALID_VALUE)


def subscription_json(subscription: Subscription) -> Json:
    return {
        "id": subscription.id,
        "kind": subscription.kind.value,
        "target": subscription.target,
        "created_at": subscription.created_at.isoformat(),
        "created_by": subscription.actor,
    }


def event_json(event: Event) -> Json:
    """An event as it is pulled and delivered."""
    return {
        "id": event.id,
        "type": event.type,
        "timestamp": event.at.isoformat(),
        "data": event.data,
    }
