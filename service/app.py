"""The composition root: the only place that wires files, clock and database to the use cases."""

from dataclasses import dataclass, replace
from datetime import timedelta

from service.catalogue.source import Source
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.compiled.compiled_versions import CompiledVersions
from service.domain.clock import Clock
from service.domain.facts.search_folding import folded
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.measures import Article
from service.intake.simplified import simplified
from service.policy_files import files_of, load_from_disk, load_source
from service.publishing import publish
from service.rendering.json_parts import Json
from service.resources import (
    batches_of,
    clock_of,
    job_queue,
    kept_catalogue,
    local_of,
    mailer_of,
    networks_of,
    state_of,
)
from service.settings import Settings
from service.storage.accounts import AccountRepository
from service.storage.audit import AuditLog
from service.storage.call_counts import CallCounts
from service.storage.catalogues import CatalogueVersions
from service.storage.companies import CompanyRepository
from service.storage.compared_answers import ComparedAnswersRepository
from service.storage.deliveries import DeliveryRepository
from service.storage.events import EventRepository
from service.storage.health import Health, health_of
from service.storage.idempotency import IdempotencyRepository
from service.storage.identifiers import new_id_in_order
from service.storage.keys import KeyRepository
from service.storage.receipt_packing import ReceiptPacking
from service.storage.receipts import ReceiptRepository
from service.storage.search import DocumentKind, SearchHits, SearchIndex
from service.storage.seen_statuses import SeenStatusRepository
from service.storage.sqlite_store import SqliteStore
from service.storage.store import Store
from service.storage.subscriptions import SubscriptionRepository
from service.storage.writer import GroupCommitWriter
from service.usecases.advice.calendar import CalendarService
from service.usecases.advice.compare import ComparisonService
from service.usecases.following.subscriptions import SubscriptionService
from service.usecases.following.webhooks import WebhookService
from service.usecases.matching import MatchService, receipt_words
from service.usecases.receipts.memo import MemoService
from service.usecases.receipts.receipts import ReceiptService
from service.usecases.reference.feed import CatalogueFeed
from service.usecases.reference.lookup import ProgrammeQuery, list_programmes
from service.usecases.reference.official_wording import official_text_json
from service.usecases.tenancy.accounts import AccountService
from service.usecases.tenancy.audit import AuditService
from service.usecases.tenancy.batches import BatchService
from service.usecases.tenancy.candidates import CandidateService
from service.usecases.tenancy.clients import ClientService
from service.usecases.tenancy.companies import CompanyService
from service.usecases.tenancy.keys import KeyService
from service.usecases.tenancy.passwords import Passwords

# Of the faults that leave an earlier catalogue in use, readiness tells so many.
MAX_FAULTS_TOLD = 20
# However much somebody does at the desk, he logs in again after so long.
MAX_SESSION = timedelta(hours=12)


@dataclass(frozen=True)
class Services:
    """One catalogue in use, and everything that works on it. `local` is the file that this machine
    keeps for itself: the state where one machine has it, else what can be made anew."""

    settings: Settings
    compiled: CompiledCatalogue
    store: Store
    local: SqliteStore
    matching: MatchService
    comparing: ComparisonService
    scheduling: CalendarService
    receipt_service: ReceiptService
    memos: MemoService
    clock: Clock
    versions: CatalogueVersions
    index: SearchIndex
    receipts: ReceiptRepository
    writer: GroupCommitWriter
    health: Health
    key_service: KeyService
    company_service: CompanyService
    audit_service: AuditService
    idempotency: IdempotencyRepository
    batch_service: BatchService
    candidates: CandidateService
    subscription_service: SubscriptionService
    webhook_service: WebhookService
    feed: CatalogueFeed
    account_service: AccountService
    clients: ClientService
    degraded_by: tuple[str, ...] = ()

    def serve(self) -> None:
        """Say that this catalogue is served: what is followed is compared under it."""
        ComparedAnswersRepository(self.store).serve(
            self.compiled.catalogue.version, self.clock.now()
        )

    def search(self, query: str) -> SearchHits:
        """The programmes that full text finds, best first; reports of the press come last. Those of
        a catalogue that is being indexed are found by what the former said of them."""
        catalogue = self.compiled.catalogue
        searched = self.index.searched_for(catalogue.version)
        hits = search_programmes(self.index, catalogue, query, searched)
        if searched == catalogue.version:
            return hits
        return replace(hits, ids=tuple(n for n in hits.ids if n in catalogue.programmes))

    def list_programmes(self, query: ProgrammeQuery) -> Json:
        """One page of programmes. Raises InvalidInput for a foreign cursor."""
        search = lambda words: self.search(words).ids  # noqa: E731
        return list_programmes(self.compiled, query, search, self.feed.changed_since)

    def wording(self, measure: str, article: Article) -> Json:
        """The imported official text of an article; nulls where none was imported."""
        return official_text_json(self.store, measure, article)

    @property
    def shared_counts(self) -> CallCounts | None:
        """Where calls are counted for all machines that share the state, unless the operator has
        named another place."""
        shared = self.settings.postgresql is not None and self.settings.rate_store == "memory://"
        return CallCounts(self.store) if shared else None

    def check_ready(self) -> None:
        """Raises HuiceError where the database cannot be read and written now."""
        self.health.check()

    def close(self) -> None:
        """Write what waits and let the file go."""
        self.writer.close()
        self.store.close()
        self.local.close()


def search_programmes(
    index: SearchIndex, catalogue: Catalogue, query: str, version: str | None = None
) -> SearchHits:
    """The programmes that full text finds, best first, in a version of the catalogue (its own where
    none is named). Reports of the press come behind official documents; in a query for money
    programmes that are not open yet come behind all others. Where nothing fits a query in
    traditional characters, it is read in simplified ones."""
    kind, words = DocumentKind.PROGRAMME, catalogue.words_of_search

    def search(asked: str) -> SearchHits:
        hits = index.search(
            version or catalogue.version, asked, kind, words, catalogue.reported, catalogue.planned
        )
        if not words.ask_amount(folded(query)):
            return hits
        return replace(hits, ids=tuple(sorted(hits.ids, key=catalogue.planned.__contains__)))

    hits, plain = search(query), simplified(query)
    fits = bool(hits.ids) and not hits.nearest
    return hits if fits or plain == query else search(plain)


def open_services(
    settings: Settings,
    *,
    source: Source | None = None,
    compiled: CompiledCatalogue | None = None,
    degraded_by: tuple[str, ...] = (),
    published: bool = False,
    create: bool = True,
) -> Services:
    """Everything that answers a request, wired; from the settings' policy files unless others are
    given, whose catalogue may have been compiled already, and `published` by another process.
    Unless it may `create` the state, Refused is raised where there is none.

    Raises BrokenCatalogue with every fault of the files, UnusableDatabase, StorageFault.
    """
    if compiled is None:
        source = load_source(settings) if source is None else source
        compiled = CompiledCatalogue(load_from_disk(settings, source))
    store = state_of(settings, create=create)
    try:
        huice = _wire(settings, compiled, store)
        # Where another process has published it, no file is looked at: a worker that reads all that
        # it shares with the others comes to hold a copy of its own.
        version = compiled.catalogue.version
        if not (published and huice.versions.is_stored(version)):
            files = files_of(settings, version, source)
            publish(settings, store, huice.local, compiled, files, huice.clock.now())
        if settings.retention_days == 0:  # none is to be kept, whatever the clock says
            huice.receipt_service.purge()
        return replace(huice, degraded_by=degraded_by)
    except BaseException:
        store.close()
        raise


class _Wiring:
    """What the services of one catalogue are made of, each made once."""

    def __init__(self, settings: Settings, compiled: CompiledCatalogue, store: Store) -> None:
        self.settings, self.compiled, self.store = settings, compiled, store
        self.clock = clock_of(settings, compiled.catalogue.vocabulary)
        self.audit, self.companies = AuditLog(store), CompanyRepository(store)
        self.batches, self.stored = batches_of(settings, store), CatalogueVersions(store)
        self.compiled_versions = CompiledVersions(
            compiled,
            self.stored.load,
            load_compiled=kept_catalogue(settings),
            digests_of=self.stored.digests,
        )
        packing = ReceiptPacking(receipt_words(compiled))
        self.receipts = ReceiptRepository(store)
        self.receipts.use(packing)
        self.writer = GroupCommitWriter(store, packing=packing)

    def receipt_service(self) -> ReceiptService:
        days = self.settings.retention_days
        retention = None if days is None else timedelta(days=days)
        return ReceiptService(
            self.receipts, self.stored, self.compiled_versions, self.clock, retention
        )

    def matching(self) -> MatchService:
        writer = None if self.settings.retention_days == 0 else self.writer
        return MatchService(self.compiled, self.clock, new_id_in_order, writer)

    def company_service(self, matching: MatchService) -> CompanyService:
        match, most = matching.match, self.settings.max_companies
        return CompanyService(self.companies, self.audit, self.compiled, match, self.clock, most)

    def subscription_service(self) -> SubscriptionService:
        followed, events = SubscriptionRepository(self.store), EventRepository(self.store)
        most = self.settings.max_subscriptions
        return SubscriptionService(
            followed, events, self.companies, self.compiled, self.clock, most
        )

    def webhook_service(self) -> WebhookService:
        mailer, networks = mailer_of(self.settings), networks_of(self.settings)
        deliveries = DeliveryRepository(self.store)
        return WebhookService(deliveries, self.compiled, self.clock, mailer, networks)

    def account_service(self) -> AccountService:
        accounts, idle = AccountRepository(self.store), self.settings.session_minutes
        session = timedelta(minutes=idle)
        return AccountService(accounts, self.clock, session, MAX_SESSION, Passwords())

    def batch_service(self) -> BatchService:
        enqueue = job_queue(self.settings, self.batches).put
        kept, most = timedelta(days=self.settings.batch_days), self.settings.max_batches
        return BatchService(self.batches, self.compiled, self.clock, enqueue, kept, most)


def _wire(settings: Settings, compiled: CompiledCatalogue, store: Store) -> Services:
    made = _Wiring(settings, compiled, store)
    clock, audit, companies = made.clock, made.audit, made.companies
    local, matching = local_of(settings, store), made.matching()
    receipt_service = made.receipt_service()
    return Services(
        settings=settings,
        compiled=compiled,
        store=store,
        local=local,
        matching=matching,
        comparing=ComparisonService(made.compiled_versions, clock),
        scheduling=CalendarService(compiled, clock),
        receipt_service=receipt_service,
        memos=MemoService(receipt_service),
        clock=clock,
        versions=made.stored,
        index=SearchIndex(local),
        receipts=made.receipts,
        writer=made.writer,
        health=health_of(store),
        key_service=KeyService(KeyRepository(store), clock),
        company_service=made.company_service(matching),
        audit_service=AuditService(audit),
        idempotency=IdempotencyRepository(store),
        candidates=CandidateService(companies, made.batches, compiled, clock, audit),
        subscription_service=made.subscription_service(),
        webhook_service=made.webhook_service(),
        feed=CatalogueFeed(made.compiled_versions, made.stored),
        clients=ClientService(companies, SeenStatusRepository(store), compiled, clock),
        account_service=made.account_service(),
        batch_service=made.batch_service(),
    )
