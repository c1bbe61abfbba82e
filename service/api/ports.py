"""What the API needs from the service behind it. The composition root provides it."""

from collections.abc import Sequence
from typing import Protocol

from service.compiled.compiled_catalogue import Clock, CompiledCatalogue
from service.domain.rules.measures import Article
from service.rendering.json_parts import Json
from service.storage.call_counts import CallCounts
from service.storage.idempotency import IdempotencyRepository
from service.usecases.advice.calendar import CalendarService
from service.usecases.advice.compare import ComparisonService
from service.usecases.following.subscriptions import SubscriptionService
from service.usecases.following.webhooks import WebhookService
from service.usecases.matching import MatchService
from service.usecases.receipts.memo import MemoService
from service.usecases.receipts.receipts import ReceiptService
from service.usecases.reference.feed import CatalogueFeed
from service.usecases.reference.lookup import ProgrammeQuery
from service.usecases.tenancy.audit import AuditService
from service.usecases.tenancy.batches import BatchService
from service.usecases.tenancy.candidates import CandidateService
from service.usecases.tenancy.companies import CompanyService
from service.usecases.tenancy.keys import KeyService


class ApiLimits(Protocol):
    """Bounds that an operator sets."""

    @property
    def max_body(self) -> int:
        """Largest request body in bytes."""
        ...

    @property
    def rate_limit(self) -> str | None:
        """How often a client may call, such as 600/minute; None: as often as it likes."""
        ...

    @property
    def rate_store(self) -> str:
        """Where calls are counted."""
        ...

    @property
    def is_open(self) -> bool:
        """Whether somebody without a key may match and read the catalogue."""
        ...

    @property
    def max_upload(self) -> int:
        """Largest table of companies in bytes."""
        ...

    @property
    def trusted_hosts(self) -> Sequence[str]:
        """Host names a request may be addressed to; none given means any."""
        ...

    @property
    def public_url(self) -> str | None:
        """The origin at which browsers find the service."""
        ...

    @property
    def proxies(self) -> int:
        """How many proxies of ours add to X-Forwarded-For."""
        ...


class ApiContext(Protocol):
    """One catalogue in use, with everything that works on it."""

    @property
    def settings(self) -> ApiLimits: ...

    @property
    def compiled(self) -> CompiledCatalogue: ...

    @property
    def matching(self) -> MatchService: ...

    @property
    def comparing(self) -> ComparisonService: ...

    @property
    def scheduling(self) -> CalendarService: ...

    @property
    def receipt_service(self) -> ReceiptService: ...

    @property
    def memos(self) -> MemoService: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def key_service(self) -> KeyService: ...

    @property
    def company_service(self) -> CompanyService: ...

    @property
    def audit_service(self) -> AuditService: ...

    @property
    def idempotency(self) -> IdempotencyRepository: ...

    @property
    def shared_counts(self) -> CallCounts | None:
        """Where calls are counted for several machines; None: as the settings say."""
        ...

    @property
    def batch_service(self) -> BatchService: ...

    @property
    def candidates(self) -> CandidateService: ...

    @property
    def subscription_service(self) -> SubscriptionService: ...

    @property
    def webhook_service(self) -> WebhookService: ...

    @property
    def feed(self) -> CatalogueFeed: ...

    def list_programmes(self, query: ProgrammeQuery) -> Json:
        """One page of programmes. Raises InvalidInput for a foreign cursor."""
        ...

    def wording(self, measure: str, article: Article) -> Json:
        """The imported official text of an article, as its answer shows it; nulls for none."""
        ...

    @property
    def degraded_by(self) -> Sequence[str]:
        """Why an earlier catalogue than today's files is in use; empty where it is not."""
        ...

    def check_ready(self) -> None:
        """Raises HuiceError where a request could not be answered now."""
        ...
