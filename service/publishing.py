"""A catalogue published: stored where all machines find it, and made searchable on this one."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from service.catalogue.source import Source
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.policy_files import files_of
from service.resources import clock_of, kept_catalogue, local_of, state_of
from service.settings import Settings
from service.storage.catalogues import CatalogueVersions
from service.storage.compiled_files import program_version
from service.storage.search import IndexedDocument, SearchIndex, indexed
from service.storage.sqlite_store import SqliteStore
from service.storage.store import Store
from service.usecases.reference.search_documents import found_by, search_documents

# What more programmes say takes seconds to find: they are served before they can be searched.
MAX_INDEXED_AT_ONCE = 500


def publish_ahead(
    settings: Settings, compiled: CompiledCatalogue, source: Source | None, *, create: bool = True
) -> bool:
    """Do before the workers start what each of them would find undone, and do again; whether the
    catalogue can be searched, which of a large one is for a process of its own (`indexing`). Raises
    UnusableDatabase, StorageFault; Refused where there is no state and it may not `create` one."""
    catalogue = compiled.catalogue
    now = clock_of(settings, catalogue.vocabulary).now()
    with state_of(settings, create=create) as store:
        local = local_of(settings, store)
        try:
            files = files_of(settings, catalogue.version, source)
            if len(catalogue.programmes) > MAX_INDEXED_AT_ONCE:
                store_files(store, local, catalogue.version, files, now)
                return SearchIndex(local).is_made(catalogue.version, program_version())
            publish(settings, store, local, compiled, files, now)
            return True
        finally:
            local.close()


def publish(
    settings: Settings,
    store: Store,
    local: SqliteStore,
    compiled: CompiledCatalogue,
    files: Callable[[], Source],
    now: datetime,
) -> None:
    """Store a catalogue, and make it searchable on this machine; `files` are asked for only where
    they are not stored."""
    store_files(store, local, compiled.catalogue.version, files, now)
    make_searchable(settings, SearchIndex(local), compiled)


def store_files(
    store: Store, local: SqliteStore, version: str, files: Callable[[], Source], now: datetime
) -> None:
    """Store the files of a catalogue, where that has not been done."""
    _keep(CatalogueVersions(store), version, files, now)
    if local is not store:
        kept = CatalogueVersions(local)
        _keep(kept, version, files, now)
        kept.prune(now - timedelta(days=1), keep=version)


def make_searchable(settings: Settings, index: SearchIndex, compiled: CompiledCatalogue) -> None:
    """Index a catalogue whose files are stored, where this program has not. What did not change
    since it indexed another is taken over from there."""
    version, program = compiled.catalogue.version, program_version()
    if not index.is_made(version, program):
        index.store(version, list(_documents(settings, index, compiled)), made_by=program)


def _documents(
    settings: Settings, index: SearchIndex, compiled: CompiledCatalogue
) -> Iterator[IndexedDocument]:
    last = index.last_made(program_version())
    earlier = None if last is None else kept_catalogue(settings)(last)
    same = frozenset[str]()
    if isinstance(earlier, CompiledCatalogue):
        same = earlier.read.unchanged(compiled.digests.once()).ids
        yield from (d for d in index.documents(str(last)) if found_by(d.id) in same)
    yield from map(indexed, search_documents(compiled.catalogue, without=same))


def _keep(
    versions: CatalogueVersions, version: str, files: Callable[[], Source], now: datetime
) -> None:
    if not versions.reopen(version, at=now):
        versions.save(version, files(), saved_at=now)
