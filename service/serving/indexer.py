"""Starts the process that makes a large catalogue searchable while it is served already, again
until it has; and takes up the parts of answers that this process writes. It lets all others go
first, and ends with the service: `python -m service.serving.indexer VERSION PARENT`.
"""

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.forks import end_with
from service.indexing import index_version, write_ahead
from service.resources import compiled_files, reading_engine
from service.settings import Settings, read_settings
from service.storage.compiled_files import WRITTEN

_PAUSE_SECONDS, _MAX_PAUSE_SECONDS = 1.0, 60.0
_TAKE_UP_SECONDS = 5.0
# What the process says when there is nothing left to do.
DONE = b"done\n"
# A third of what others get where all want the processor; with less it would never end on a busy
# machine.
_NICENESS = 5


def begin_indexing(version: str) -> None:
    """Begin such a process for a version; a thread waits for it."""
    command = [sys.executable, "-m", __name__, version, str(os.getpid())]
    threading.Thread(target=_work, args=(command,), name="indexer", daemon=True).start()


def _work(command: Sequence[str]) -> None:
    pause = _PAUSE_SECONDS
    while not _run(command):
        time.sleep(pause)
        pause = min(2 * pause, _MAX_PAUSE_SECONDS)


def _run(command: Sequence[str]) -> bool:
    """Whether it came to its end, as what it wrote tells: whoever waits for children may have taken
    the status."""
    # Our own program, with fixed arguments.
    process = subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: S603
    output, _ = process.communicate()
    return output == DONE


def take_up_written(settings: Settings, compiled: CompiledCatalogue) -> bool:
    """Use what was written of each programme of a large catalogue; False where it is not yet."""
    writer = compiled.match_answers.writer
    if not writer.is_made_when_shown or writer.ahead:
        return True
    version, engine = compiled.catalogue.version, reading_engine(settings)
    written = compiled_files(settings).load(version, engine, WRITTEN)
    if isinstance(written, tuple):
        writer.ahead = written
    return bool(writer.ahead)


def await_written(settings: Settings, compiled: CompiledCatalogue) -> None:
    """Start a thread that takes up the parts of answers as soon as the process beside the service
    has written them."""

    def look() -> None:
        while not take_up_written(settings, compiled):
            time.sleep(_TAKE_UP_SECONDS)

    if not take_up_written(settings, compiled):
        threading.Thread(target=look, name="written ahead", daemon=True).start()


def main() -> None:
    """The process itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with(int(sys.argv[2]))
    os.nice(_NICENESS)
    gc.disable()  # all it makes stays until it ends
    settings = read_settings()
    compiled = index_version(settings, sys.argv[1])
    if compiled is not None:
        write_ahead(settings, compiled)
    sys.stdout.buffer.write(DONE)


if __name__ == "__main__":
    main()
