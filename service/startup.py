"""From policy files to a catalogue that can be served: prepared once, for all workers.

Files that changed are read, and their examples run, in a process of their own: whatever is wrong
with them, and however long they take, the process that holds the workers together only hears of the
outcome. A catalogue that was read before is taken up as it was kept.
"""

import gc
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TypeAlias, TypeVar

import structlog

from service.app import MAX_FAULTS_TOLD, Services, open_services
from service.catalogue.fault_words import say
from service.catalogue.file_stamps import stamp_of
from service.catalogue.source import Source, version_of
from service.catalogue.yaml_tree import unreadable_by
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.compiling import compile_files
from service.domain.errors import BrokenCatalogue, Diagnostic, Refused
from service.domain.rules.catalogue import Catalogue
from service.domain.text import Text
from service.forks import Fork, ForkEnded
from service.policy_files import folders_of, load_source
from service.resources import compiled_files, reading_engine, state_of
from service.settings import Settings
from service.storage.catalogues import CatalogueVersions
from service.storage.compiled_bytes import unpacked
from service.storage.compiled_files import write_prepared
from service.storage.filesystem import network_filesystem

# For the bytes of all files, and for what they say.
MAX_FETCHING_SECONDS = 20.0
MAX_READING_SECONDS = 600.0
_LOOK_SECONDS = 0.2
_ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)
_T = TypeVar("_T")
# What is done again and again while something is waited for, if anything.
Meanwhile: TypeAlias = Callable[[], None] | None

_log = structlog.get_logger("huice.start")


@dataclass(frozen=True)
class PreparedCatalogue:
    """A catalogue with the files it was read from, ready to answer; without them where they look as
    they did when they were read last, since they are not read again then.

    `degraded_by`: why it is not that of today's files; empty where it is. `published`: stored and
    made searchable already.
    """

    files: Source | None
    compiled: CompiledCatalogue
    degraded_by: tuple[str, ...] = ()
    published: bool = False


def prepare(settings: Settings, meanwhile: Meanwhile = None) -> PreparedCatalogue:
    """The catalogue of the policy files; where these are broken, the one that was opened last.
    `meanwhile` is done again and again while files are waited for.

    Raises BrokenCatalogue where there is none, HuiceError where the database cannot be used.
    """
    shared = network_filesystem(settings.database.parent)
    if shared is not None:
        _log.warning("network_filesystem", kind=shared, path=str(settings.database))
    try:
        return _of_today(settings, meanwhile)
    except BrokenCatalogue as error:
        _log.error("broken_catalogue", diagnostics=[str(d) for d in error.diagnostics])
        return _last_good(settings, error, meanwhile)


def checked_today(settings: Settings) -> CompiledCatalogue:
    """The catalogue of today's files, every example of which has come out, whatever the settings
    say of those that do not. It is kept: the start after a check does not read what was checked.
    Raises BrokenCatalogue with every fault."""
    return _of_today(replace(settings, failing_examples="refuse"), None).compiled


def _of_today(settings: Settings, meanwhile: Meanwhile) -> PreparedCatalogue:
    """The catalogue of today's files. Raises BrokenCatalogue."""
    folders, at = folders_of(settings).all, LookedAt()
    stamp = within(MAX_FETCHING_SECONDS, lambda: stamp_of(folders, at.note), meanwhile, at)
    known = _as_it_looks(settings, stamp)
    if known is not None:
        return PreparedCatalogue(None, known)
    fetched = within(
        MAX_FETCHING_SECONDS, lambda: load_source(settings, note=at.note), meanwhile, at
    )
    compiled = _compiled(settings, fetched, checked=True, meanwhile=meanwhile)
    _remember(settings, stamp, compiled)
    return PreparedCatalogue(fetched, compiled)


def open_prepared(settings: Settings, *, create: bool = True) -> Services:
    """The service over the catalogue that is served; under the last good one where the policy files
    are broken. Raises HuiceError where there is none, or no state and it may not `create` one."""
    found = prepare(settings)
    return open_services(
        settings,
        source=found.files,
        compiled=found.compiled,
        degraded_by=found.degraded_by,
        create=create,
    )


def open_today(settings: Settings) -> Services:
    """The service over today's files and no others, for one command, without the receipts that have
    been kept for their time. Raises BrokenCatalogue with every fault, be it an example that does
    not come out."""
    huice = _opened_today(settings)
    huice.receipt_service.purge()
    return huice


def _opened_today(settings: Settings) -> Services:
    known = _as_it_looks(settings, stamp_of(folders_of(settings).all))
    if known is not None:
        return open_services(settings, compiled=known)
    files = load_source(settings)
    compiled = _compiled(settings, files, checked=True, aside=False)
    return open_services(settings, source=files, compiled=compiled)


def prepare_into(settings: Settings, folder: Path) -> Catalogue:
    """Read and compile the policy files into a folder that HUICE_PREPARED may name: a start that
    finds their version there does neither. Raises BrokenCatalogue, OSError."""
    files = load_source(settings)
    checked = settings.failing_examples == "refuse"
    content = _aside(partial(compile_files, settings, files, checked))
    write_prepared(folder, version_of(files), reading_engine(settings), content)
    compiled = unpacked(content)
    assert isinstance(compiled, CompiledCatalogue)
    return compiled.catalogue


def _as_it_looks(settings: Settings, stamp: str | None) -> CompiledCatalogue | None:
    """The catalogue that was kept of files that look so; None where none was."""
    kept = compiled_files(settings)
    version = None if stamp is None else kept.remembered(stamp)
    if version is None:
        return None
    found = kept.load(version, reading_engine(settings))
    return found if isinstance(found, CompiledCatalogue) else None


def _remember(settings: Settings, stamp: str | None, compiled: CompiledCatalogue) -> None:
    """Files that look so are those of this catalogue: they were read after they were looked at."""
    if stamp is not None:
        with suppress(OSError):
            compiled_files(settings).remember(stamp, compiled.catalogue.version)


_ahead: list[PreparedCatalogue] = []


def prepare_ahead(settings: Settings, meanwhile: Meanwhile = None) -> None:
    """Prepare what this very process is going to serve. Raises as `prepare`."""
    _ahead[:] = [prepare(settings, meanwhile)]


def prepared(settings: Settings, meanwhile: Meanwhile = None) -> PreparedCatalogue:
    """What was prepared ahead, once; or else prepared now. Raises as `prepare`."""
    return _ahead.pop() if _ahead else prepare(settings, meanwhile)


def _last_good(
    settings: Settings, broken: BrokenCatalogue, meanwhile: Meanwhile
) -> PreparedCatalogue:
    try:
        store = state_of(settings, create=False)
    except Refused:
        raise broken from None
    with store:
        versions = CatalogueVersions(store)
        last = versions.last_opened()
        files = None if last is None else versions.load(last)
    if files is None:
        raise broken
    _log.warning("serving_last_good", catalogue_version=last)
    degraded_by = tuple(str(d) for d in broken.diagnostics[:MAX_FAULTS_TOLD])
    compiled = _compiled(settings, files, checked=False, meanwhile=meanwhile)
    return PreparedCatalogue(files, compiled, degraded_by)


def _compiled(
    settings: Settings,
    files: Source,
    *,
    checked: bool,
    aside: bool = True,
    meanwhile: Meanwhile = None,
) -> CompiledCatalogue:
    """The catalogue of files, as it was kept or read anew, by another process where `aside`;
    `checked`: its examples have to come out as written, unless the settings say otherwise."""
    version, kept = version_of(files), compiled_files(settings)
    engine = reading_engine(settings, checked=checked)
    checked = checked and settings.failing_examples == "refuse"
    read = partial(compile_files, settings, files, checked, divided=aside)

    def run(work: Callable[[], _T]) -> _T:
        return _aside(work, meanwhile) if aside else work()

    compiled = kept.load(version, engine)
    if compiled is None:
        unkept = run(partial(_read_and_keep, read, partial(kept.save, version, engine)))
        if unkept is None:  # as it lies in the file: that memory is everybody's
            compiled = kept.load(version, engine)
        else:
            content, reason = unkept
            _log.warning("not_kept", what="compiled catalogue", reason=reason)
            compiled = unpacked(content)
    if compiled is None:  # kept where no file can be mapped, or dropped already
        compiled = unpacked(run(read))
    assert isinstance(compiled, CompiledCatalogue)
    return compiled


def _read_and_keep(
    read: Callable[[], bytes], keep: Callable[[bytes], None]
) -> tuple[bytes, str] | None:
    """What was read and could not be kept, and why; None where it could."""
    content = read()
    try:
        keep(content)
    except OSError as error:
        return content, str(error)
    return None


def _aside(read: Callable[[], _T], meanwhile: Meanwhile = None) -> _T:
    """What reading files gives, done by a fork of this process. Raises BrokenCatalogue, also where
    the fork did not come back."""
    asking, fork = os.getpid(), Fork(partial(_outcome, read))
    try:
        outcome = within(MAX_READING_SECONDS, fork.result, meanwhile)
    except ForkEnded as error:
        raise _unreadable(say("ended_with_exit_code", code=error.code)) from None
    finally:
        if os.getpid() == asking:  # and not of a worker that was started meanwhile, and ends
            fork.end()
    if isinstance(outcome, BrokenCatalogue):
        raise outcome
    return outcome


def _outcome(read: Callable[[], _T]) -> _T | BrokenCatalogue:
    """What the fork tells: what was read, or why it cannot be. What it makes stays until it ends,
    so a collector would walk through a growing catalogue for nothing, which takes two fifths of the
    time of a large one."""
    gc.disable()
    try:
        return read()
    except BrokenCatalogue as error:
        return BrokenCatalogue(error.diagnostics)
    except Exception as error:  # noqa: BLE001  told to whoever waits, in words
        return BrokenCatalogue((Diagnostic("policies", 1, unreadable_by(error)),))


class StartInterrupted(Exception):
    """The process was told to end while it waited."""


class LookedAt:
    """Which policy file or folder is looked at: told of where it never answers."""

    def __init__(self) -> None:
        self.path = "policies"

    def note(self, path: str) -> None:
        self.path = path


def within(
    seconds: float,
    work: Callable[[], _T],
    meanwhile: Meanwhile = None,
    at: LookedAt | None = None,
) -> _T:
    """What work gives, done by a thread of its own: a file that does not come to an end, or lies on
    a machine that is away, holds nobody up for longer, and who is told to end does so.

    Raises BrokenCatalogue after so many seconds, which names what work was `at`, Interrupted, and
    what work raises.
    """
    outcome: Future[_T] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # noqa: BLE001  told to whoever waits
            outcome.set_exception(error)

    deadline = time.monotonic() + seconds
    with _told_to_end() as ending:
        threading.Thread(target=run, name="policy files", daemon=True).start()
        while not ending.wait(0) and not _is_done(outcome):
            if time.monotonic() > deadline:
                how, place = say("took_too_long", seconds=f"{seconds:.0f}"), at or LookedAt()
                raise _unreadable(how, place.path)
            if meanwhile is not None:
                meanwhile()
        if ending.is_set():
            raise StartInterrupted
    return outcome.result()


def _is_done(outcome: "Future[_T]") -> bool:
    wait([outcome], _LOOK_SECONDS)
    return outcome.done()


@contextmanager
def _told_to_end() -> Iterator[threading.Event]:
    """An event that is set by a signal to end, which does what it did before, too."""
    ending = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield ending
        return
    former = {number: signal.getsignal(number) for number in _ENDING}

    def end(number: int, frame: FrameType | None) -> None:
        ending.set()
        what = former[signal.Signals(number)]
        if callable(what):
            what(number, frame)

    for number in _ENDING:
        if callable(former[number]):
            signal.signal(number, end)
    try:
        yield ending
    finally:
        for number, what in former.items():
            if callable(what):
                signal.signal(number, what)


def _unreadable(how: Text, path: str = "policies") -> BrokenCatalogue:
    return BrokenCatalogue((Diagnostic(path, 1, say("reading_the_files", how=how)),))
