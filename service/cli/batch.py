"""`huice batch`: a file of companies against the whole catalogue."""

import sys
import time
from datetime import date
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from service.bulk.addresses import source_address, target_address
from service.bulk.engine import Detail
from service.cli.context import FAULT, Context, command
from service.domain.text import Text
from service.usecases.portfolio.portfolio import BatchReport, run_batch

_EVERY = 1.0
_ONLY_SPARK = Text(
    "--master 只能与 --engine spark 一起使用", "--master goes with --engine spark only"
)
_MISSING = Text(
    "当前环境没有安装 Spark：请运行 pip install 'huice[spark]'，并安装 Java 17 或更新版本",
    "Spark is not installed here: run pip install 'huice[spark]', and install Java 17 or newer",
)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW = click.Path(dir_okay=False, path_type=Path)


class Runner(StrEnum):
    """What answers a file."""

    LOCAL = "local"  # this machine
    SPARK = "spark"  # a Spark master


class _Progress:
    """Tells on standard error how far it is, about once a second."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.start = self.last = time.monotonic()

    def tell(self, told: BatchReport) -> None:
        now = time.monotonic()
        if now - self.last >= _EVERY:
            self.last = now
            self.show(told)

    def show(self, told: BatchReport) -> None:
        seconds = max(time.monotonic() - self.start, 0.001)
        said = Text("{rows} 行，{errors} 行有误，每秒 {rate} 行",
                    "{rows} rows, {errors} with errors, {rate} a second").format(
            rows=f"{told.rows:,}", errors=f"{told.errors:,}", rate=f"{told.rows / seconds:,.0f}"
        )  # fmt: skip
        click.echo(self.context.say(said), err=True)


@click.command()
@click.argument("source")
@click.option(
    "-o", "--output", "target", required=True,
    help="Where the answers go: .parquet, .csv, .jsonl or .xlsx; with Spark a new .parquet folder.",
)  # fmt: skip
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day to judge by (default: today)."
)
@click.option(
    "--detail", type=click.Choice([d.value for d in Detail]), default=Detail.MISSING.value,
    show_default=True, help="How much is written of each company; each has the former ones' too.",
)  # fmt: skip
@click.option(
    "--engine", type=click.Choice([r.value for r in Runner]), default=Runner.LOCAL.value,
    show_default=True, help="What does the work: this process, or Spark.",
)  # fmt: skip
@click.option(
    "--master", help="Spark's master, such as local[2], yarn or spark://host:7077 "
    "(default: as Spark is configured).",
)  # fmt: skip
@command
def batch(
    context: Context, source: str, target: str, as_of: Any, detail: str, engine: str,
    master: str | None,
) -> None:  # fmt: skip
    """Match every row of SOURCE (.csv, .parquet, .jsonl or .xlsx) against every programme.

    A row is one company. Columns are named as facts, such as company.kind; one project may stand in
    the columns project.*; other columns are handed through. An empty cell is an unknown fact,
    several codes are parted by "|", "-" means none, certificates are a JSON list. A row with a
    value that is not allowed gets an error and no answers.

    Written are, as far as --detail says: count.<status>; status.<programme>; at_most.<programme>,
    the ceiling in yuan; missing.<programme>, how many facts could still decide an undetermined
    programme, and ask, the facts that most of these lack, best first.

    With --engine spark SOURCE and the output may be any address Spark knows, also a folder of
    files, but no spreadsheet.
    """
    if engine == Runner.LOCAL and master is not None:
        raise click.UsageError(context.say(_ONLY_SPARK))
    day = as_of.date() if as_of else context.huice.clock.today()
    progress = _Progress(context)
    if engine == Runner.SPARK:
        progress.show(_on_spark(context, source, target, day, Detail(detail), master))
        return
    read, written = _path(_FILE, "source", source), _path(_NEW, "target", target)
    compiled, asked = context.huice.compiled, Detail(detail)
    progress.show(run_batch(compiled, read, written, day, asked, progress.tell))


def _on_spark(
    context: Context, source: str, target: str, day: date, detail: Detail, master: str | None
) -> BatchReport:
    # What cannot be done is said before Spark starts, which takes seconds.
    source_address(source)
    target_address(target)
    if find_spec("pyspark") is None:
        click.echo(context.say(_MISSING), err=True)
        sys.exit(FAULT)
    # Only here, so that a run on one machine works without Spark.
    from service.bulk.spark import spark_session  # noqa: PLC0415
    from service.usecases.portfolio.spark import run_on_spark  # noqa: PLC0415

    huice = context.huice
    files = huice.versions.load(huice.compiled.catalogue.version)
    with spark_session(master) as session:
        return run_on_spark(session, files, source, target, day, detail)


def _path(kind: click.Path, name: str, text: str) -> Path:
    """A path that is checked as click checks it, and refused in its words."""
    context = click.get_current_context()
    parameter = next(p for p in context.command.params if p.name == name)
    found = kind.convert(text, parameter, context)
    assert isinstance(found, Path)
    return found
