"""`huice serve`: the API and the pages, by gunicorn."""

import gc
import os
import sys
from contextlib import suppress
from pathlib import Path

import click

from service.cli.context import FAULT, Context, command
from service.serving.held_signals import hold_signals
from service.serving.process_limits import allow_large_files


@click.command()
@command
def serve(context: Context) -> None:
    """Serve the API and the pages in the foreground: 127.0.0.1:8000 unless HOST and PORT say so."""
    hold_signals()
    _check_own_of_gunicorn()
    # As in gunicorn's settings, which it becomes: what a start makes stays.
    gc.disable()
    # Imported late: it takes as long as the rest of what comes before.
    from service.resources import state_of  # noqa: PLC0415
    from service.startup import prepare_ahead  # noqa: PLC0415
    from service.storage.faults import OutOfDate  # noqa: PLC0415

    allow_large_files()
    with suppress(OutOfDate):  # gunicorn's first process sees to that, while probes are answered
        state_of(context.settings, migrate=False).close()
    prepare_ahead(context.settings, _load)
    # This process becomes gunicorn's first: what is imported and prepared is so once. Its arguments
    # are what gunicorn starts itself with again when it is told to (USR2).
    gunicorn = str(Path(sys.executable).with_name("gunicorn"))
    sys.argv = [gunicorn, "-c", "python:service.gunicorn_conf", "service.wsgi:app"]
    # Imported late: it keeps the arguments that it finds.
    from gunicorn.app.wsgiapp import run  # noqa: PLC0415

    run()


def _load() -> None:
    """What serves, while another process reads. As it is imported, the library of metrics decides
    whether processes add them up in a folder; gunicorn's settings make that folder afterwards."""
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", "huice-metrics-")
    import service.wsgi  # noqa: F401, PLC0415


def _check_own_of_gunicorn() -> None:
    """gunicorn reads this variable as it is imported, before it hears that HUICE_WORKERS counts."""
    value = os.environ.get("WEB_CONCURRENCY", "1")
    try:
        int(value)
    except ValueError:
        fault = "not a number; HUICE_WORKERS says how many processes serve"
        click.echo(f"WEB_CONCURRENCY: {fault}", err=True)
        sys.exit(FAULT)
