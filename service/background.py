"""What works in the background, wired: comparisons of what is followed, and deliveries.

Nothing here is imported by what answers requests, and it reads no policy files: it works under
whichever catalogue is served, which the state holds.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

from service import resources
from service.app import search_programmes
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.compiled.compiled_versions import load_version
from service.delivery.http_sender import HttpSender
from service.publishing import publish
from service.settings import Settings
from service.storage.catalogues import CatalogueVersions
from service.storage.companies import CompanyRepository
from service.storage.deliveries import DeliveryRepository
from service.storage.search import SearchIndex
from service.storage.sqlite_store import SqliteStore
from service.storage.store import Store
from service.usecases.following.comparing import ChangeDetector
from service.usecases.following.delivering import DeliveryService


@contextmanager
def opened_state(settings: Settings) -> Iterator[tuple[Store, SqliteStore]]:
    """The state, which is there already, and the file that this machine searches in."""
    with ExitStack() as stack:
        store = stack.enter_context(resources.state_of(settings, create=False))
        local = resources.local_of(settings, store)
        if local is not store:
            stack.enter_context(local)
        yield store, local


def change_detector(settings: Settings, store: Store, local: SqliteStore) -> ChangeDetector:
    """Compares what is followed, under whichever catalogue is served."""
    versions, index = CatalogueVersions(store), SearchIndex(local)
    kept = resources.kept_catalogue(settings)

    def load(version: str) -> CompiledCatalogue:
        found = load_version(version, kept, versions.load)
        clock = resources.clock_of(settings, found.catalogue.vocabulary)
        files = partial(versions.load, version)
        publish(settings, store, local, found, files, clock.now())
        return found

    def search(compiled: CompiledCatalogue, words: str) -> tuple[str, ...]:
        return search_programmes(index, compiled.catalogue, words).ids

    return ChangeDetector(
        store,
        CompanyRepository(store),
        load,
        search,
        lambda compiled: resources.clock_of(settings, compiled.catalogue.vocabulary),
    )


def delivery_service(settings: Settings, store: Store) -> DeliveryService:
    """Delivers events to where their tenants want them."""
    sender = HttpSender(resources.networks_of(settings))
    return DeliveryService(DeliveryRepository(store), sender, resources.mailer_of(settings))
