"""What the API may use of the service behind it, filled in by `faces`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.clock import Clock
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


@dataclass(frozen=True, slots=True)
class ApiLimits:
    """What an operator sets of the interface: its bounds, and under which addresses it is found.

    `max_body` and `max_upload` are the largest request body and the largest table of companies, in
    bytes; `rate_limit` is how often a client may call, such as 600/minute (None: as often as it
    likes), counted in `rate_store`; `is_open` whether somebody without a key may match and read the
    catalogue; `trusted_hosts` the host names a request may be addressed to (none: any);
    `public_url` the origin at which browsers find the service; `proxies` how many proxies of ours
    add to X-Forwarded-For.
    """

    max_body: int
    max_upload: int
    rate_limit: str | None
    rate_store: str
    is_open: bool
    trusted_hosts: Sequence[str]
    public_url: str | None
    proxies: int


@dataclass(frozen=True, repr=False)  # the whole catalogue would stand in it
class ApiContext:
    """One catalogue in use, with everything that the API works on.

    `shared_counts` is where calls are counted for several machines (None: where the limits say);
    `list_programmes` gives one page of programmes, or raises InvalidInput for a foreign cursor;
    `wording` the imported official text of an article, nulls for none; `check_ready` raises
    HuiceError where a request could not be answered now; `degraded_by` says why an earlier
    catalogue than today's files is in use, and is empty where it is not.
    """

    limits: ApiLimits
    compiled: CompiledCatalogue
    matching: MatchService
    comparing: ComparisonService
    scheduling: CalendarService
    receipts: ReceiptService
    memos: MemoService
    clock: Clock
    keys: KeyService
    companies: CompanyService
    audit: AuditService
    idempotency: IdempotencyRepository
    batches: BatchService
    candidates: CandidateService
    subscriptions: SubscriptionService
    webhooks: WebhookService
    feed: CatalogueFeed
    shared_counts: CallCounts | None
    list_programmes: Callable[[ProgrammeQuery], Json]
    wording: Callable[[str, Article], Json]
    check_ready: Callable[[], None]
    degraded_by: Sequence[str]
