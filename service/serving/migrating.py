"""Brings the database up to date beside the service, which tells of it meanwhile.

With millions of receipts that takes minutes. No supervisor should take these for a start that
hangs: the process that serves is alive, says that it is not ready, and why.
"""

import subprocess
import sys
import time
from contextlib import suppress

import structlog

from service.domain.errors import HuiceError
from service.forks import end_with
from service.resources import state_of
from service.serving.logs import configure_logging, log_internal
from service.settings import Settings, read_settings
from service.storage.faults import OutOfDate

# A small database is up to date before the first worker starts.
_AWAITED_SECONDS = 10.0
# What stood in the way, a full disk say, may be over by then.
_PAUSE_SECONDS = 10.0
_log = structlog.get_logger("huice.migration")


def bring_up_to_date(settings: Settings, parent: int) -> None:
    """Have another process, which ends with `parent`, bring the state up to date where it is not;
    returns when that is done, or takes longer."""
    with suppress(HuiceError):  # whoever opens it for use tells of it
        try:
            state_of(settings, create=False, migrate=False).close()
        except OutOfDate:
            command = [sys.executable, "-m", "service.serving.migrating", str(parent)]
            process = subprocess.Popen(command)  # noqa: S603  our own program
            with suppress(subprocess.TimeoutExpired):
                process.wait(_AWAITED_SECONDS)


def migrate(settings: Settings, pause: float = _PAUSE_SECONDS) -> None:
    """Bring the state up to date, however often it takes."""
    _log.warning("migrating", database=str(settings.database))
    began = time.monotonic()
    while True:
        try:
            state_of(settings, create=False).close()
        except HuiceError as error:
            log_internal(_log, "cannot_migrate", error)
            time.sleep(pause)
        else:
            _log.warning("migrated", seconds=round(time.monotonic() - began, 1))
            return


if __name__ == "__main__":
    end_with(int(sys.argv[1]))
    _settings = read_settings()
    configure_logging(_settings.log_level)
    migrate(_settings)
