"""The composition root: the only place that wires files, clock and database to the use cases."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from service.catalogue.loader import load_catalogue
from service.catalogue.source import Folders, Source, read_source, version_of
from service.compiled.compiled_catalogue import Clock, CompiledCatalogue, system_clock
from service.compiled.compiled_versions import CompiledVersions
from service.delivery.mailer import Mailer
from service.delivery.reachable import ReachableNetworks, read_networks
from service.domain.errors import BrokenCatalogue, Diagnostic
from service.domain.rules.catalogue import Article, Catalogue
from service.intake.simplified import simplified
from service.rendering.json_parts import Json
from service.settings import Settings
from service.storage.accounts import AccountRepository
from service.storage.audit import AuditLog
from service.storage.batch_files import LocalFiles, SharedFiles
from service.storage.batches import BatchRepository
from service.storage.call_counts import CallCounts
from service.storage.cases import CaseRepository, server_key
from service.storage.catalogues import CatalogueVersions
from service.storage.companies import CompanyRepository
from service.storage.compiled_files import program_version
from service.storage.database import open_database
from service.storage.deliveries import DeliveryRepository
from service.storage.events import EventRepository
from service.storage.health import Health, health_of
from service.storage.idempotency import IdempotencyRepository
from service.storage.identifiers import new_id
from service.storage.jobs import JobQueue, SharedQueue
from service.storage.keys import KeyRepository
from service.storage.looks import LookRepository
from service.storage.opening import open_store
from service.storage.outlooks import OutlookRepository
from service.storage.receipt_packing import ReceiptPacking
from service.storage.receipts import ReceiptRepository
from service.storage.search import DocumentKind, IndexedDocument, SearchHits, SearchIndex
from service.storage.sqlite_store import SqliteStore
from service.storage.store import Store
from service.storage.subscriptions import SubscriptionRepository
from service.storage.writer import GroupCommitWriter
from service.usecases.advice.calendar import CalendarService
from service.usecases.advice.compare import ComparisonService
from service.usecases.authoring.examples import run_examples
from service.usecases.following.subscriptions import SubscriptionService
from service.usecases.following.webhooks import WebhookService
from service.usecases.matching import MatchService, receipt_words
from service.usecases.receipts.memo import MemoService
from service.usecases.receipts.receipts import ReceiptService
from service.usecases.reference.feed import CatalogueFeed
from service.usecases.reference.lookup import ProgrammeQuery, list_programmes
from service.usecases.reference.official_wording import official_text_json
from service.usecases.reference.search_documents import search_documents
from service.usecases.tenancy.accounts import AccountService
from service.usecases.tenancy.audit import AuditService
from service.usecases.tenancy.batches import BatchService
from service.usecases.tenancy.candidates import CandidateService
from service.usecases.tenancy.clients import ClientService
from service.usecases.tenancy.companies import CompanyService
from service.usecases.tenancy.keys import KeyService
from service.usecases.tenancy.openings import Openings
from service.usecases.tenancy.passwords import Passwords
from service.web.ports import PageContext

if TYPE_CHECKING:
    from service.identity.provider import IdentityProvider

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
        OutlookRepository(self.store).serve(self.compiled.catalogue.version, self.clock.now())

    def search(self, query: str) -> SearchHits:
        """The programmes that full text finds, best first; reports of the press come last."""
        return search_programmes(self.index, self.compiled.catalogue, query)

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


def search_programmes(index: SearchIndex, catalogue: Catalogue, query: str) -> SearchHits:
    """The programmes of a catalogue that full text finds, best first; reports of the press come
    last. Where nothing fits a query in traditional characters, it is read in simplified ones."""
    kind, words = DocumentKind.PROGRAMME, catalogue.words_of_search

    def search(asked: str) -> SearchHits:
        return index.search(catalogue.version, asked, kind, words, catalogue.reported)

    hits, plain = search(query), simplified(query)
    fits = bool(hits.ids) and not hits.nearest
    return hits if fits or plain == query else search(plain)


def load_source(settings: Settings, *, may_be_empty: bool = False) -> Source:
    """The policy files that the settings name. Raises BrokenCatalogue where one cannot be read, or,
    unless it `may_be_empty`, where a folder holds none."""
    return read_source(
        settings.policies, settings.seeds, settings.private, may_be_empty=may_be_empty
    )


def folders_of(settings: Settings) -> Folders:
    return Folders(settings.policies, settings.seeds, settings.private)


def load_from_disk(settings: Settings, files: Source) -> Catalogue:
    """The catalogue of files just read. Raises BrokenCatalogue, each fault with its file's own
    path."""
    try:
        return load_catalogue(files)
    except BrokenCatalogue as error:
        raise folders_of(settings).at_true_paths(error) from None


def check_examples(settings: Settings, compiled: CompiledCatalogue) -> None:
    """Raises BrokenCatalogue where an example does not come out as its file says."""
    failures = run_examples(compiled).failures
    if failures:
        raise folders_of(settings).at_true_paths(BrokenCatalogue(failures))


def open_services(
    settings: Settings,
    *,
    source: Source | None = None,
    compiled: CompiledCatalogue | None = None,
    degraded_by: tuple[str, ...] = (),
    published: bool = False,
) -> Services:
    """Everything that answers a request, wired; from the settings' policy files unless others are
    given, whose catalogue may have been compiled already, and `published` by another process.

    Raises BrokenCatalogue with every fault of the files, UnusableDatabase, StorageFault.
    """
    if compiled is None:
        source = load_source(settings) if source is None else source
        compiled = CompiledCatalogue(load_from_disk(settings, source))
    store = state_of(settings)
    try:
        huice = _wire(settings, compiled, store)
        # A file is looked at only where that is not done: a worker that reads all that it shares
        # with the others comes to hold a copy of its own.
        if not (published and _is_published(huice)):
            files = files_of(settings, compiled.catalogue.version, source)
            publish(store, huice.local, compiled.catalogue, files, huice.clock.now())
        huice.receipt_service.purge()
        return replace(huice, degraded_by=degraded_by)
    except BaseException:
        store.close()
        raise


def page_context(huice: Services) -> PageContext:
    """What the pages work on."""
    return PageContext(
        compiled=huice.compiled,
        matching=huice.matching,
        comparing=huice.comparing,
        scheduling=huice.scheduling,
        memos=huice.memos,
        receipts=huice.receipts,
        clock=huice.clock,
        cases=CaseRepository(huice.store, timedelta(days=huice.settings.case_days)),
        search=huice.search,
        changed=huice.feed.changed_since,
        changes=huice.feed.steps,
        wording=huice.wording,
        key=server_key(huice.store, "forms"),
        frame_ancestors=huice.settings.frame_ancestors,
        accounts=huice.account_service,
        subscriptions=huice.subscription_service,
        clients=huice.clients,
        batches=huice.batch_service,
        companies=huice.company_service,
        candidates=huice.candidates,
        openings=Openings(CallCounts(huice.store), huice.settings.case_rate),
        max_upload=huice.settings.max_upload,
        is_open=huice.settings.is_open,
        identity=_identity_provider(huice.settings),
    )


def _identity_provider(settings: Settings) -> "IdentityProvider | None":
    """The provider that people log in with, where the operator has one. Its libraries are loaded
    for that only."""
    if settings.oidc_issuer is None:
        return None
    from service.identity.provider import IdentityProvider  # noqa: PLC0415

    return IdentityProvider(
        settings.oidc_issuer,
        str(settings.oidc_client),
        str(settings.oidc_secret),
        f"{settings.public_url}/desk/login/return",
        settings.oidc_name,
    )


def _wire(settings: Settings, compiled: CompiledCatalogue, store: Store) -> Services:
    local = local_of(settings, store)
    clock = system_clock(zone_of(settings, compiled.catalogue))
    stored, receipts = CatalogueVersions(store), ReceiptRepository(store)
    packing = ReceiptPacking(receipt_words(compiled))
    receipts.use(packing)
    writer = GroupCommitWriter(store, packing=packing)
    versions = CompiledVersions(compiled, stored.load)
    retention = _as_days(settings.retention_days)
    receipt_writer = None if settings.retention_days == 0 else writer
    receipt_service = ReceiptService(receipts, stored, versions, clock, retention)
    matching = MatchService(compiled, clock, new_id, receipt_writer)
    audit = AuditLog(store)
    batches = batches_of(settings, store)
    return Services(
        settings=settings,
        compiled=compiled,
        store=store,
        local=local,
        matching=matching,
        comparing=ComparisonService(versions, clock),
        scheduling=CalendarService(compiled, clock),
        receipt_service=receipt_service,
        memos=MemoService(receipt_service),
        clock=clock,
        versions=stored,
        index=SearchIndex(local),
        receipts=receipts,
        writer=writer,
        health=health_of(store),
        key_service=KeyService(KeyRepository(store), audit, clock),
        company_service=CompanyService(
            CompanyRepository(store), audit, compiled, matching.match, clock, settings.max_companies
        ),
        audit_service=AuditService(audit),
        idempotency=IdempotencyRepository(store),
        candidates=CandidateService(CompanyRepository(store), batches, compiled, clock, audit),
        subscription_service=SubscriptionService(
            SubscriptionRepository(store),
            EventRepository(store),
            CompanyRepository(store),
            compiled,
            clock,
            settings.max_subscriptions,
        ),
        webhook_service=WebhookService(
            DeliveryRepository(store), compiled, clock, mailer_of(settings), networks_of(settings)
        ),
        feed=CatalogueFeed(versions, stored),
        clients=ClientService(CompanyRepository(store), LookRepository(store), compiled, clock),
        account_service=AccountService(
            AccountRepository(store),
            audit,
            clock,
            timedelta(minutes=settings.session_minutes),
            MAX_SESSION,
            Passwords(),
        ),
        batch_service=BatchService(
            batches,
            compiled,
            clock,
            job_queue(settings, batches).put,
            timedelta(days=settings.batch_days),
            settings.max_batches,
        ),
    )


def state_of(settings: Settings, *, create: bool = True) -> Store:
    """The state, opened. Raises UnusableDatabase, StorageFault; Refused where there is none yet
    and it may not `create` one."""
    return open_store(settings.database, settings.postgresql, create=create)


def local_of(settings: Settings, store: Store) -> SqliteStore:
    """The file to search in: the index follows from the catalogue alone, so beside a shared state
    it stays on this machine."""
    return store if isinstance(store, SqliteStore) else open_database(settings.database)


def zone_of(settings: Settings, catalogue: Catalogue) -> tzinfo:
    """The operator's offset from UTC, or else the time zone that the catalogue names."""
    if settings.utc_offset is not None:
        return timezone(timedelta(hours=settings.utc_offset))
    return ZoneInfo(catalogue.vocabulary.time_zone)


def batches_of(settings: Settings, store: Store) -> BatchRepository:
    """The batches, whose files lie in a folder beside the database, or where all can have them."""
    folder = _path_beside(settings, "batches")
    shared = not isinstance(store, SqliteStore)
    return BatchRepository(store, SharedFiles(folder, store) if shared else LocalFiles(folder))


def job_queue(settings: Settings, batches: BatchRepository) -> JobQueue | SharedQueue:
    """The queue of background work: a file beside the database, or the shared state itself."""
    if settings.postgresql is not None:
        return SharedQueue(batches)
    return JobQueue(_path_beside(settings, "jobs"))


def mailer_of(settings: Settings) -> Mailer | None:
    """The operator's mail server; None where none is set."""
    if settings.smtp is None:
        return None
    domains = frozenset(d.lower() for d in settings.smtp_domains)
    return Mailer(settings.smtp, settings.smtp_from, domains)


def networks_of(settings: Settings) -> ReachableNetworks:
    """Where events may be delivered to."""
    return ReachableNetworks(read_networks(settings.webhook_networks))


def _path_beside(settings: Settings, what: str) -> Path:
    database = settings.database
    return database.with_name(f"{database.name}.{what}")


def _as_days(count: int | None) -> timedelta | None:
    return None if count is None else timedelta(days=count)


def publish_ahead(
    settings: Settings,
    catalogue: Catalogue,
    source: Source | None,
    documents: Collection[IndexedDocument] | None,
) -> None:
    """Do before the workers start what each of them would find undone, and do again; `documents`
    make the catalogue searchable, where they are known. Raises UnusableDatabase, StorageFault."""
    now = system_clock(zone_of(settings, catalogue)).now()
    with state_of(settings) as store:
        local = local_of(settings, store)
        try:
            files = files_of(settings, catalogue.version, source)
            publish(store, local, catalogue, files, now, documents)
        finally:
            local.close()


def _is_published(huice: Services) -> bool:
    """Whether the catalogue in use is stored, and made searchable by this program."""
    version = huice.compiled.catalogue.version
    return huice.versions.is_stored(version) and huice.index.is_made(version, program_version())


def files_of(settings: Settings, version: str, source: Source | None) -> Callable[[], Source]:
    """What gives the files of a version: those that were read, or else those of the policy files,
    which look as they did. It raises BrokenCatalogue where these have become others."""

    def read() -> Source:
        found = load_source(settings)
        if version_of(found) != version:
            words = "the files changed while they were taken up"
            raise BrokenCatalogue((Diagnostic("policies", 1, words),))
        return found

    return read if source is None else lambda: source


def publish(
    store: Store,
    local: SqliteStore,
    catalogue: Catalogue,
    files: Callable[[], Source],
    now: datetime,
    documents: Collection[IndexedDocument] | None = None,
) -> None:
    """Store a catalogue, and make it searchable on this machine; `files` are asked for only where
    they are not stored."""
    version, program = catalogue.version, program_version()
    _keep(CatalogueVersions(store), version, files, now)
    if local is not store:
        kept = CatalogueVersions(local)
        _keep(kept, version, files, now)
        kept.prune(now - timedelta(days=1), keep=version)
    index = SearchIndex(local)
    if documents is None:
        index.index(version, search_documents(catalogue), made_by=program)
    elif not index.is_made(version, program):
        index.store(version, documents, made_by=program)


def _keep(
    versions: CatalogueVersions, version: str, files: Callable[[], Source], now: datetime
) -> None:
    if not versions.reopen(version, at=now):
        versions.save(version, files(), saved_at=now)
