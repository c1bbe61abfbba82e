"""The composition root: the only place that wires files, clock and database to the use cases."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.catalogue.loader import load_catalogue
from service.catalogue.source import Folders, Source, read_source, version_of
from service.domain.catalogue import Article, Catalogue, Measure, Programme
from service.domain.errors import BrokenCatalogue
from service.domain.text import Text, join
from service.settings import Settings
from service.storage.cases import Cases, server_key
from service.storage.catalogues import CatalogueVersions
from service.storage.database import open_database
from service.storage.faults import translated
from service.storage.receipts import Receipt, Receipts
from service.storage.search import DocumentKind, SearchDocument, SearchIndex
from service.storage.store import Store
from service.storage.writer import GroupCommitWriter
from service.usecases.browsing import ProgrammeQuery, list_programmes
from service.usecases.comparing import Comparing
from service.usecases.examples import run_examples
from service.usecases.matching import Matching, Record
from service.usecases.memo import Memos
from service.usecases.official_wording import official_text_json
from service.usecases.receipts import Keeping
from service.usecases.rendering import Json
from service.usecases.scheduling import Scheduling
from service.usecases.versions import Versions
from service.usecases.workbench import Clock, Workbench, system_clock
from service.web.ports import Site


@dataclass(frozen=True)
class Recording:
    """Keeps the records of matching as receipts."""

    writer: GroupCommitWriter
    clock: Clock

    def record(self, record: Record) -> None:
        """On the disk when this returns. Raises Refused (busy), StorageFault."""
        self.writer.put(
            Receipt(
                id=record.id,
                created_at=self.clock.now(),
                as_of=record.as_of,
                catalogue_version=record.catalogue_version,
                engine_version=record.engine_version,
                profile=record.request,
                result=record.result,
            )
        )


@dataclass(frozen=True)
class Huice:
    """One catalogue in use, and everything that works on it."""

    settings: Settings
    bench: Workbench
    store: Store
    matching: Matching
    comparing: Comparing
    scheduling: Scheduling
    keeping: Keeping
    memos: Memos
    clock: Clock
    versions: CatalogueVersions
    index: SearchIndex
    receipts: Receipts
    writer: GroupCommitWriter

    def search(self, query: str) -> list[str]:
        """Ids of the programmes that full text finds, best first."""
        return self.index.search(self.bench.catalogue.version, query, DocumentKind.PROGRAMME)

    def list_programmes(self, query: ProgrammeQuery) -> Json:
        """One page of programmes. Raises InvalidInput for a foreign cursor."""
        return list_programmes(self.bench, query, self.search)

    def wording(self, measure: str, article: Article) -> Json:
        """The imported official text of an article; nulls where none was imported."""
        return official_text_json(self.store, measure, article)

    def check_ready(self) -> None:
        """Raises StorageFault where the database does not answer."""
        with translated():
            self.store.connection().execute("SELECT 1").fetchone()

    def close(self) -> None:
        """Write what waits and let the file go."""
        self.writer.close()
        self.store.close()


def new_receipt_id() -> str:
    """Unguessable: 160 random bits."""
    return secrets.token_urlsafe(20)


def load_source(settings: Settings) -> Source:
    """The policy files that the settings name. Raises BrokenCatalogue where one cannot be read."""
    return read_source(settings.policies, settings.seeds, settings.private)


def folders_of(settings: Settings) -> Folders:
    return Folders(settings.policies, settings.seeds, settings.private)


def load_from_disk(settings: Settings, files: Source) -> Catalogue:
    """The catalogue of files just read. Raises BrokenCatalogue, each fault with its file's own
    path."""
    try:
        return load_catalogue(files)
    except BrokenCatalogue as error:
        raise folders_of(settings).at_true_paths(error) from None


def checked_source(settings: Settings) -> Source:
    """The policy files, fit to be served: they load, and every example comes out as written.

    Raises BrokenCatalogue; for an example not where the settings have such files served too.
    """
    files = load_source(settings)
    catalogue = load_from_disk(settings, files)
    if settings.failing_examples == "refuse":
        failures = run_examples(Workbench(catalogue)).failures
        if failures:
            raise folders_of(settings).at_true_paths(BrokenCatalogue(failures))
    return files


def open_huice(settings: Settings, *, source: Source | None = None) -> Huice:
    """Everything that answers a request, wired; from the settings' policy files unless others are
    given.

    Raises BrokenCatalogue with every fault of the files, UnusableDatabase, StorageFault.
    """
    files = load_source(settings) if source is None else source
    catalogue = load_from_disk(settings, files)
    store = open_database(settings.database)
    try:
        return _wired(settings, catalogue, files, store)
    except BaseException:
        store.close()
        raise


def site_of(huice: Huice) -> Site:
    """What the pages work on."""
    return Site(
        bench=huice.bench,
        matching=huice.matching,
        comparing=huice.comparing,
        scheduling=huice.scheduling,
        memos=huice.memos,
        shelf=huice.receipts,
        clock=huice.clock,
        cases=Cases(huice.store, timedelta(days=huice.settings.case_days)),
        search=huice.search,
        wording=huice.wording,
        key=server_key(huice.store, "forms"),
        frame_ancestors=huice.settings.frame_ancestors,
    )


def open_last_good(settings: Settings, broken: BrokenCatalogue) -> Huice:
    """The service under the catalogue it was opened with last, where today's files are broken.

    Raises the given error where nothing that loads is stored.
    """
    with open_database(settings.database) as store:
        versions = CatalogueVersions(store)
        last = versions.last_opened()
        source = None if last is None else versions.load(last)
    if source is None:
        raise broken
    return open_huice(settings, source=source)


def _wired(settings: Settings, catalogue: Catalogue, files: Source, store: Store) -> Huice:
    clock = system_clock(settings.utc_offset)
    writer, bench = GroupCommitWriter(store), Workbench(catalogue)
    stored, receipts = CatalogueVersions(store), Receipts(store)
    versions = Versions(bench, stored.load)
    retention = _days(settings.retention_days)
    recorder = None if settings.retention_days == 0 else Recording(writer, clock)
    keeping = Keeping(receipts, stored, versions, clock, retention)
    huice = Huice(
        settings=settings,
        bench=bench,
        store=store,
        matching=Matching(bench, clock, new_receipt_id, recorder),
        comparing=Comparing(versions, clock),
        scheduling=Scheduling(bench, clock),
        keeping=keeping,
        memos=Memos(keeping),
        clock=clock,
        versions=stored,
        index=SearchIndex(store),
        receipts=receipts,
        writer=writer,
    )
    _publish(huice, files, clock.now())
    keeping.purge()
    return huice


def _days(count: int | None) -> timedelta | None:
    return None if count is None else timedelta(days=count)


def _publish(huice: Huice, files: Source, now: datetime) -> None:
    """Store the catalogue's files, so that receipts can be replayed, and make it searchable."""
    catalogue = huice.bench.catalogue
    assert catalogue.version == version_of(files)
    huice.versions.save(catalogue.version, files, saved_at=now)
    huice.index.index(catalogue.version, search_documents(catalogue))


def search_documents(catalogue: Catalogue) -> Iterator[SearchDocument]:
    """What full text can find: programmes and articles."""
    for programme in catalogue.programmes.values():
        yield _programme_document(catalogue, programme)
    for measure in catalogue.measures.values():
        for article in measure.articles:
            yield _article_document(measure, article)


def _programme_document(catalogue: Catalogue, programme: Programme) -> SearchDocument:
    measure, lists = catalogue.measures[programme.measure], catalogue.vocabulary.lists
    article = measure.article(programme.article)
    labels = (
        *(lists["fields"].label_of(field) for field in programme.fields),
        *(lists["kinds"].label_of(kind) for kind in programme.kinds),
        lists["instruments"].label_of(programme.instrument),
        lists["regions"].label_of(programme.jurisdiction),
    )
    return SearchDocument(
        id=programme.id,
        kind=DocumentKind.PROGRAMME,
        name=programme.name,
        summary=programme.summary,
        body=_lines(
            *([article.gist] if article else []),
            *programme.departments,
            *programme.notes,
            *labels,
            measure.title,
            Text(measure.number, programme.id),
        ),
    )


def _article_document(measure: Measure, article: Article) -> SearchDocument:
    return SearchDocument(
        id=f"{measure.id}/{article.number}",
        kind=DocumentKind.ARTICLE,
        name=article.title,
        summary=article.gist,
        body=_lines(measure.title, *([article.unmatched] if article.unmatched else [])),
    )


def _lines(*texts: Text) -> Text:
    return join(texts, "\n", "\n")
