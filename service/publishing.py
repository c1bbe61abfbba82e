"""A catalogue published: stored where all machines find it, and made searchable on this one."""

from collections.abc import Callable
from datetime import datetime, timedelta

from service.catalogue.source import Source
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.policy_files import files_of
from service.resources import clock_of, local_of, state_of
from service.settings import Settings
from service.storage.catalogues import CatalogueVersions
from service.storage.compiled_files import program_version
from service.storage.search import SearchIndex
from service.storage.sqlite_store import SqliteStore
from service.storage.store import Store
from service.usecases.reference.search_documents import search_documents


def publish_ahead(
    settings: Settings, compiled: CompiledCatalogue, source: Source | None, *, create: bool = True
) -> None:
    """Do before the workers start what each of them would find undone, and do again. Raises
    UnusableDatabase, StorageFault; Refused where there is no state and it may not `create` one."""
    catalogue = compiled.catalogue
    now = clock_of(settings, catalogue.vocabulary).now()
    with state_of(settings, create=create) as store:
        local = local_of(settings, store)
        try:
            files = files_of(settings, catalogue.version, source)
            publish(store, local, compiled, files, now)
        finally:
            local.close()


def publish(
    store: Store,
    local: SqliteStore,
    compiled: CompiledCatalogue,
    files: Callable[[], Source],
    now: datetime,
) -> None:
    """Store a catalogue, and make it searchable on this machine; `files` are asked for only where
    they are not stored."""
    version, program = compiled.catalogue.version, program_version()
    _keep(CatalogueVersions(store), version, files, now)
    if local is not store:
        kept = CatalogueVersions(local)
        _keep(kept, version, files, now)
        kept.prune(now - timedelta(days=1), keep=version)
    index = SearchIndex(local)
    if not index.is_made(version, program):
        documents = compiled.documents.once()
        if documents is None:
            index.index(version, search_documents(compiled.catalogue), made_by=program)
        else:
            index.store(version, documents, made_by=program)


def _keep(
    versions: CatalogueVersions, version: str, files: Callable[[], Source], now: datetime
) -> None:
    if not versions.reopen(version, at=now):
        versions.save(version, files(), saved_at=now)


def is_published(versions: CatalogueVersions, index: SearchIndex, version: str) -> bool:
    """Whether a catalogue is stored, and made searchable by this program."""
    return versions.is_stored(version) and index.is_made(version, program_version())
