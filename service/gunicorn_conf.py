"""How gunicorn serves Huice: `gunicorn -c python:service.gunicorn_conf service.wsgi:app`."""

from service.serving.held_signals import hold_signals, release_signals

hold_signals()  # before what takes long to import

import gc
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

from environs import EnvValidationError
from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from service.bulk.memory import share_free_memory
from service.serving.buffering_worker import BufferingWorker
from service.serving.collector import leave_what_is_there
from service.serving.companion import Companion
from service.serving.first_process import FirstProcess
from service.serving.handover import Handover
from service.serving.leftovers import has_room, make_own_folder, remove_leftovers, remove_old
from service.serving.logs import hold_standard_streams
from service.serving.process_limits import (
    allow_large_files,
    allow_open_files,
    forbid_core_dumps,
)
from service.setting_checks import is_port
from service.settings import read_settings

_MEMORY = Path("/dev/shm")  # noqa: S108 - named files in it are made by tempfile

hold_standard_streams()
# The workers that are forked from here look through tables too.
share_free_memory()
# Tables of companies, their answers and the queue: nobody else on this machine reads them.
os.umask(0o077)
try:
    _settings = read_settings()
except EnvValidationError as error:
    faults = cast("dict[str, list[str]]", error.error_messages)
    sys.exit("\n".join(f"{name}: {' '.join(words)}" for name, words in faults.items()))
logger_class = "service.serving.logs.GunicornLogger"

_port = os.environ.get("PORT", "8000")
if not is_port(_port):
    sys.exit(f"PORT: not a port such as 8000: {_port}")
_host = _settings.host.strip("[]")
bind = f"[{_host}]:{_port}" if ":" in _host else f"{_host}:{_port}"
# Slow clients hold no thread: ADR 11.
worker_class = "service.serving.buffering_worker.BufferingWorker"
workers = _settings.workers
threads = _settings.threads

# Connections a worker holds at a time, each a file descriptor; others are for the database, for
# what is uploaded and for answers that are files.
_MAX_CONNECTIONS, _OTHER_FILES = 4096, 128
allow_large_files()
forbid_core_dumps()
_files = allow_open_files(2 * _MAX_CONNECTIONS)
worker_connections = max(32, min(_MAX_CONNECTIONS, _files - _OTHER_FILES))
# Also known to the worker, which refuses a larger body by its declared size.
BufferingWorker.default_body_limit = _settings.max_body
# Addresses that take a table of companies, larger than any other body.
_UPLOAD_PATHS = (b"/api/v1/batches", b"/desk/batches", b"/en/desk/batches")
BufferingWorker.body_limits = dict.fromkeys(_UPLOAD_PATHS, _settings.max_upload)
BufferingWorker.proxies = _settings.proxies
BufferingWorker.groups_plain_requests = (
    _settings.postgresql is None and _settings.rate_store == "memory://"
)
BufferingWorker.handover = Handover(workers)
# Files go to the worker's socket, whose loop sends them on: no thread waits for their readers.
sendfile = True

# The code is imported once and shared by the workers, and so is the catalogue, which is prepared
# before they start. Each worker opens a database and threads of its own, since neither survives a
# fork. HUP takes up new policy files; new code needs a new master.
preload_app = True

# What a start makes, first the code and then the catalogue, stays as long as its process: the
# collector waits until it is there, and never walks through it.
gc.disable()

# A worker that grew is replaced now and then; the jitter keeps both from leaving at once.
max_requests = 50_000
max_requests_jitter = 5_000
# With what comes after it below the 30 seconds that container engines wait before they kill.
graceful_timeout = 25
WORK_SECONDS = 4

# A heartbeat file on a slow disk would make a busy worker look dead.
worker_tmp_dir = str(_MEMORY) if has_room(_MEMORY) else None
control_socket_disable = True

# Workers add up their metrics through files; the folder has to be there before a worker imports.
# One of ours that is named already is that of the process which this one takes the place of (USR2),
# and goes with it.
_METRICS, _PREFIX = "PROMETHEUS_MULTIPROC_DIR", "huice-metrics-"
_own_metrics_dir: str | None = None
if Path(os.environ.get(_METRICS, _PREFIX)).name.startswith(_PREFIX):
    remove_leftovers(_PREFIX, worker_tmp_dir)
    _own_metrics_dir = str(make_own_folder(_PREFIX, worker_tmp_dir))
    os.environ[_METRICS] = _own_metrics_dir
# Tables that were being taken in when a process was killed.
remove_old("huice-upload-")


# What runs batches beside the service; HUICE_WORK=0 leaves that to another machine.
_worker: Companion | None = None
if _settings.work:
    _worker = Companion([sys.executable, "-m", "service.cli", "work", "--parent"])


def on_starting(server: Arbiter) -> None:
    """Before signals are heard."""
    server.__class__ = FirstProcess


def when_ready(_server: Arbiter) -> None:
    """Prepare what the workers share, and let somebody do what is put in the queue."""
    # Imported late, as below.
    from service.serving.migrating import bring_up_to_date  # noqa: PLC0415

    release_signals()
    bring_up_to_date(_settings, os.getpid())
    _prepare_catalogue()
    if _worker is not None:
        _worker.start()


def on_reload(server: FirstProcess) -> None:
    """Take up new policy files, while the workers go on with the former; batches are answered by
    the new ones, too."""
    _prepare_catalogue(server.keep_workers)
    if BufferingWorker.handover is not None:
        BufferingWorker.handover.begin()
    if _worker is not None:
        _worker.renew()


def _prepare_catalogue(meanwhile: Callable[[], None] | None = None) -> None:
    """Prepare the catalogue that the workers share, and keep the collector from it: by walking
    through it, each worker would write to it and so take a copy. Nor does it walk now: that takes a
    tenth of a start, and finds a few hundred values to let go. `meanwhile` is done while files are
    waited for."""
    # Imported late: gunicorn imports it after this.
    from service.wsgi import preparation  # noqa: PLC0415

    gc.disable()
    preparation.refresh(meanwhile)
    gc.freeze()
    gc.enable()


def post_fork(_server: Arbiter, _forked: Worker) -> None:
    """What does the work is no child of the workers."""
    if _worker is not None:
        _worker.disown()


def post_worker_init(worker: Worker) -> None:
    """Open the service before the first request comes, not in it."""
    gc.disable()
    warm = getattr(worker.wsgi, "warm", None)
    if warm is not None:
        warm()
    leave_what_is_there()
    if BufferingWorker.handover is not None:
        BufferingWorker.handover.arrive()


def child_exit(_server: Arbiter, worker: Worker) -> None:
    """Take what a worker that has left counted out of the sums."""
    # Imported late: it looks for the folder at import and keeps what it found.
    from prometheus_client import multiprocess  # noqa: PLC0415

    multiprocess.mark_process_dead(worker.pid)


def on_exit(_server: Arbiter) -> None:
    """Leave nothing behind in memory, and nobody at work: whoever waits for this process may move
    the database then."""
    if _worker is not None:
        _worker.end(WORK_SECONDS)
    if _own_metrics_dir:
        shutil.rmtree(_own_metrics_dir, ignore_errors=True)
