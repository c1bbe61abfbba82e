"""`huice batch`: a file of companies against the whole catalogue."""

import sys
import time
from datetime import date
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from service.bulk.batch_engine import Detail
from service.bulk.memory import bounded_memory
from service.bulk.outputs import placed_when_whole
from service.bulk.spark_paths import source_address, target_address
from service.cli.batch_printing import show_faults, show_preview
from service.cli.batch_rows import compare_runs, row_of_table
from service.cli.context import FAULT, Context, command
from service.cli.inputs import as_json, as_of, choices_asked, of_table
from service.cli.terminal import printable
from service.domain.errors import Refused
from service.domain.text import Text, enumerated, grouped
from service.usecases.portfolio.batch_source import BatchSource, open_source
from service.usecases.portfolio.choice_reader import choices_for
from service.usecases.portfolio.company_table import CompanyTable
from service.usecases.portfolio.faults import FaultLog, write_faults
from service.usecases.portfolio.portfolio import (
    TO_CHECK,
    BatchReport,
    origin_note,
    row_check,
    run_batch,
    says_whose_lines,
)
from service.usecases.portfolio.table_notes import passed_over_notes
from service.usecases.portfolio.table_preview import preview
from service.usecases.portfolio.template import csv_template, xlsx_template
from service.usecases.portfolio.verdict_file import FORMATS as VERDICT_FORMATS

_SECONDS_BETWEEN_LINES = 1.0
_RUN = "run"
_NO_OUTPUT = Text("请用 -o 指定结果文件", "name the file for the answers with -o")
_ONLY_SPARK = Text(
    "--master 只能与 --engine spark 一起使用", "--master goes with --engine spark only"
)
_NOT_ON_SPARK = Text(
    "--set、--unknown、--column、--read 和 --within 不能与 --engine spark 一起使用",
    "--set, --unknown, --column, --read and --within do not go with Spark",
)
_VERDICTS_OF_STATUSES = Text(
    "--verdicts 需要 --detail statuses 或更多，不能与 --engine spark 一起使用",
    "--verdicts needs --detail statuses or more, and does not go with Spark",
)
_VERDICT_ENDINGS = Text(
    "--verdicts 的文件名应以 {all} 结尾", "the name after --verdicts must end in {all}"
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

    def tell(self, report: BatchReport) -> None:
        now = time.monotonic()
        if now - self.last >= _SECONDS_BETWEEN_LINES:
            self.last = now
            self.show(report)

    def show(self, report: BatchReport) -> None:
        seconds = max(time.monotonic() - self.start, 0.001)
        said = Text("{rows} 行，{errors} 行有误，每秒 {rate} 行",
                    "rows: {rows}; with errors: {errors}; a second: {rate}").format(
            rows=grouped(report.rows), errors=grouped(report.errors),
            rate=grouped(round(report.rows / seconds)),
        )  # fmt: skip
        click.echo(self.context.translate(said), err=True)


class _BatchGroup(click.Group):
    """`huice batch FILE …` answers a file; any other first word is a command of its own."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        helped = not args or args[0] in ctx.help_option_names
        if not helped and args[0] not in self.commands:
            args = [_RUN, *args]
        return super().parse_args(ctx, args)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What `huice batch FILE` takes."""
        with formatter.section("With a FILE"):
            taken = (p.get_help_record(ctx) for p in self.commands[_RUN].get_params(ctx))
            formatter.write_dl([record for record in taken if record is not None])


@click.group(cls=_BatchGroup)
def batch() -> None:
    """Match a file of companies: `huice batch FILE -o ANSWERS`; `huice batch FILE --preview`."""


@batch.command(_RUN, hidden=True)
@click.argument("source")
@click.option(
    "-o", "--output", "target",
    help="Where the answers go: .xlsx for people; .csv, .jsonl, .parquet for machines; with Spark "
    "a new .parquet folder.",
)  # fmt: skip
@click.option("--preview", is_flag=True, help="Only show how the file is understood.")
@click.option(
    "--faults", type=_NEW, help="Also write the faulty rows as a workbook with the cells marked."
)
@click.option(
    "--verdicts", type=_NEW, help="Also write every verdict of every company with what it rests "
    "on, a line each: .csv, .jsonl or .parquet.",
)  # fmt: skip
@of_table
@as_of
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
@as_json
@command
def run(context: Context, source: str, **asked: Any) -> None:
    """Match every row of SOURCE (.xlsx, .csv, .parquet or .jsonl) against every programme.

    A row is one company. In a workbook or CSV file a header is a fact's label, id or another name
    it goes by, Chinese or English; a title may stand above, amounts may be in thousands or 万 if a
    header or title says so, other columns are handed through. What was understood is shown before,
    and every cell that cannot be read afterwards. An empty cell is an unknown fact. One project may
    stand in the columns project.*.

    Parquet and JSON lines name columns as facts, such as company.kind; several codes are parted by
    "|", "-" means none, certificates are a JSON list.

    A row with a value that is not allowed gets an error and no answers. Where every row has one,
    the exit code is 1.

    Written for machines, as far as --detail says: count.<status>; status.<programme>;
    at_most.<programme>, the ceiling in the catalogue's currency; missing.<programme>, how many
    facts could still decide an undetermined programme, and ask, the facts that most of these lack,
    best first.

    With --engine spark SOURCE and the output may be any address Spark knows, also a folder of
    files, but no spreadsheet.
    """
    if asked["engine"] == Runner.LOCAL and asked["master"] is not None:
        raise click.UsageError(context.translate(_ONLY_SPARK))
    if asked["target"] is None and not asked["preview"]:
        raise click.UsageError(context.translate(_NO_OUTPUT))
    if asked["verdicts"] is not None:
        _check_verdicts(context, asked)
    if asked["engine"] == Runner.SPARK and choices_asked(asked):
        raise click.UsageError(context.translate(_NOT_ON_SPARK))
    if asked["engine"] == Runner.SPARK:
        day, detail = _read_day(context, asked["as_of"]), Detail(asked["detail"])
        report = _on_spark(context, source, asked["target"], day, detail, asked["master"])
        _Progress(context).show(report)
    else:
        with bounded_memory():
            _on_this_machine(context, source, asked)


def _check_verdicts(context: Context, asked: dict[str, Any]) -> None:
    """Verdicts are said of statuses, here, in a format for many lines."""
    if asked["engine"] == Runner.SPARK or asked["detail"] == Detail.COUNTS:
        raise click.UsageError(context.translate(_VERDICTS_OF_STATUSES))
    if asked["verdicts"].suffix.lower() not in VERDICT_FORMATS:
        raise Refused(_VERDICT_ENDINGS.format(all=enumerated(VERDICT_FORMATS)))


def _on_this_machine(context: Context, source: str, asked: dict[str, Any]) -> None:
    catalogue = context.huice.compiled.catalogue
    choices = choices_for(context.huice.compiled.reader, choices_asked(asked))
    opened = open_source(catalogue, _checked_path(_FILE, "source", source), choices)
    if isinstance(opened, CompanyTable):
        day = _read_day(context, asked["as_of"])
        check = row_check(context.huice.compiled, day)
        understood = preview(opened, catalogue, check)
        if asked["preview"] and asked["as_json"]:
            context.out(understood)
        else:
            show_preview(context, understood, to_error=not asked["preview"])
    if asked["preview"]:
        return
    path = Path(source)
    target, progress = _checked_path(_NEW, "target", asked["target"]), _Progress(context)
    log = FaultLog(catalogue.vocabulary)
    report = run_batch(
        context.huice.compiled,
        opened,
        target,
        _read_day(context, asked["as_of"]),
        Detail(asked["detail"]),
        progress.tell,
        log=log,
        language=context.language,
        identified=isinstance(opened, CompanyTable)
        or says_whose_lines(opened.schema, catalogue.vocabulary),
        origin=origin_note(path, path.name) if isinstance(opened, CompanyTable) else None,
        verdicts=asked["verdicts"],
    )
    _tell_end(context, opened, log, asked["faults"])
    progress.show(report)
    if report.warned:
        words = TO_CHECK.format(count=grouped(report.warned))
        click.echo(printable(context.translate(words)), err=True)
    if report.rows and report.errors == report.rows:
        sys.exit(FAULT)


def _tell_end(context: Context, source: BatchSource, log: FaultLog, faults: Path | None) -> None:
    """The first faults with their cells, the rows passed over, and the workbook of faults."""
    show_faults(context, log)
    if isinstance(source, CompanyTable):
        for note in passed_over_notes(source):
            click.echo(printable(context.translate(note)), err=True)
    if faults is not None:
        write_faults(log, faults, context.language)


def _read_day(context: Context, asked: Any) -> date:
    return asked.date() if asked else context.huice.clock.today()


batch.add_command(row_of_table)
batch.add_command(compare_runs)


@batch.command("template")
@click.option(
    "-o", "--output", "target", type=_NEW, required=True, help="Where to write: .xlsx or .csv."
)
@command
def template(context: Context, target: Path) -> None:
    """Write an empty table to fill: headers in the language of --lang, drop-downs, notes, an
    example."""
    vocabulary = context.huice.compiled.catalogue.vocabulary
    makers = {".xlsx": xlsx_template, ".csv": csv_template}
    maker = makers.get(target.suffix.lower())
    if maker is None:
        raise Refused(Text("文件名应以 .xlsx 或 .csv 结尾", "the name must end in .xlsx or .csv"))
    with placed_when_whole(target) as beside:
        beside.write_bytes(maker(vocabulary, context.language))


def _on_spark(
    context: Context, source: str, target: str, day: date, detail: Detail, master: str | None
) -> BatchReport:
    # What cannot be done is said before Spark starts, which takes seconds.
    source_address(source)
    target_address(target)
    if find_spec("pyspark") is None:
        click.echo(context.translate(_MISSING), err=True)
        sys.exit(FAULT)
    # Only here, so that a run on one machine works without Spark.
    from service.bulk.spark import spark_session  # noqa: PLC0415
    from service.usecases.portfolio.spark import run_on_spark  # noqa: PLC0415

    huice = context.huice
    files = huice.versions.load(huice.compiled.catalogue.version)
    with spark_session(master) as session:
        return run_on_spark(session, files, source, target, day, detail)


def _checked_path(kind: click.Path, name: str, text: str) -> Path:
    """A path that is checked as click checks it, and refused in its words."""
    context = click.get_current_context()
    parameter = next(p for p in context.command.params if p.name == name)
    found = kind.convert(text, parameter, context)
    assert isinstance(found, Path)
    return found
