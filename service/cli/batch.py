"""`huice batch`: a file of companies against the whole catalogue."""

import time
from pathlib import Path
from typing import Any

import click

from service.bulk.engine import Detail
from service.cli.context import Context, command
from service.domain.text import Text
from service.usecases.batch import Told, run_batch

_EVERY = 1.0


class _Progress:
    """Tells on standard error how far it is, about once a second."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.start = self.last = time.monotonic()

    def tell(self, told: Told) -> None:
        now = time.monotonic()
        if now - self.last >= _EVERY:
            self.last = now
            self.show(told)

    def show(self, told: Told) -> None:
        seconds = max(time.monotonic() - self.start, 0.001)
        said = Text("{rows} 行，{errors} 行有误，每秒 {rate} 行",
                    "{rows} rows, {errors} with errors, {rate} a second").format(
            rows=f"{told.rows:,}", errors=f"{told.errors:,}", rate=f"{told.rows / seconds:,.0f}"
        )  # fmt: skip
        click.echo(self.context.say(said), err=True)


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o", "--output", "target", required=True, type=click.Path(dir_okay=False, path_type=Path),
    help="Where the answers go: .parquet, .csv, .jsonl or .xlsx.",
)  # fmt: skip
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day to judge by (default: today)."
)
@click.option(
    "--detail", type=click.Choice([d.value for d in Detail]), default=Detail.CEILINGS.value,
    show_default=True, help="How much is written of each company.",
)  # fmt: skip
@command
def batch(context: Context, source: Path, target: Path, as_of: Any, detail: str) -> None:
    """Match every row of SOURCE (.csv, .parquet, .jsonl or .xlsx) against every programme.

    A row is one company. Columns are named as facts, such as company.kind; one project may stand in
    the columns project.*; other columns are handed through. An empty cell is an unknown fact,
    several codes are parted by "|", "-" means none, certificates are a JSON list. A row with a
    value that is not allowed gets an error and no answers.
    """
    bench = context.huice.bench
    day = as_of.date() if as_of else context.huice.clock.today()
    progress = _Progress(context)
    progress.show(run_batch(bench, source, target, day, Detail(detail), progress.tell))
