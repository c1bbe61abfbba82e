"""What the settings name outside the process, opened: the state and what lies beside it, the queue
of work, the mail server, the networks that events may go to."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from service.delivery.mailer import Mailer
from service.delivery.reachable import ReachableNetworks, read_networks
from service.domain.clock import Clock
from service.domain.facts.vocabulary import Vocabulary
from service.settings import Settings
from service.storage.batch_files import LocalFiles, SharedFiles
from service.storage.batches import BatchRepository
from service.storage.compiled_files import CompiledFiles, program_version
from service.storage.database import open_database
from service.storage.jobs import JobQueue, SharedQueue
from service.storage.opening import open_store
from service.storage.sqlite_store import SqliteStore
from service.storage.store import Store


def state_of(settings: Settings, *, create: bool = True, migrate: bool = True) -> Store:
    """The state, opened. Raises UnusableDatabase, StorageFault; Refused where there is none yet
    and it may not `create` one, OutOfDate where it is of an earlier version and it may not
    `migrate` it."""
    return open_store(settings.database, settings.postgresql, create=create, migrate=migrate)


def local_of(settings: Settings, store: Store) -> SqliteStore:
    """The file to search in: the index follows from the catalogue alone, so beside a shared state
    it stays on this machine."""
    return store if isinstance(store, SqliteStore) else open_database(settings.database)


def clock_of(settings: Settings, vocabulary: Vocabulary) -> Clock:
    """What "today" is: by the operator's offset from UTC, or else in the catalogue's time zone."""
    offset = settings.utc_offset
    here = ZoneInfo(vocabulary.time_zone) if offset is None else timezone(timedelta(hours=offset))
    return Clock(lambda: datetime.now(UTC), here)


def compiled_files(settings: Settings) -> CompiledFiles:
    """The compiled catalogues beside the database, and those that came with the program."""
    return CompiledFiles(_path_beside(settings, "compiled"), settings.prepared)


def kept_catalogue(settings: Settings) -> Callable[[str], object | None]:
    """What gives the catalogue of a version as this program compiled it, where that is kept."""
    return partial(compiled_files(settings).load, engine=reading_engine(settings))


def reading_engine(settings: Settings, *, checked: bool = True) -> str:
    """What reads files: this program, and whether it refuses examples that do not come out."""
    checked = checked and settings.failing_examples == "refuse"
    return f"{program_version()} {'checked' if checked else 'as it is'}"


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
