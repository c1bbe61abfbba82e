"""A catalogue published: stored where all machines find it, and made searchable on this one."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from service.catalogue.source import Source
from service.compiled.compiled_catalogue import system_clock
from service.domain.rules.catalogue import Catalogue
from service.policy_files import files_of
from service.resources import local_of, state_of, zone_of
from service.settings import Settings
from service.storage.catalogues import CatalogueVersions
from service.storage.compiled_files import program_version
from service.storage.search import IndexedDocument, SearchIndex
from service.storage.sqlite_store import SqliteStore
from service.storage.store import Store
from service.usecases.reference.search_documents import search_documents


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


def is_published(versions: CatalogueVersions, index: SearchIndex, version: str) -> bool:
    """Whether a catalogue is stored, and made searchable by this program."""
    return versions.is_stored(version) and index.is_made(version, program_version())
