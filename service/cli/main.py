"""`huice`, and `huice match`, `check` and `programmes`: profiles against programmes."""

import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import click

from service import __version__
from service.cli.accounts import accounts
from service.cli.advice import calendar_command, compare_command, memo_command
from service.cli.authoring import codes_command
from service.cli.context import Context, command
from service.cli.inputs import FILE, about_profile, as_json, as_of, request_of
from service.cli.lazy import LazyGroup
from service.cli.points import points
from service.cli.policies import policies
from service.cli.printing import Printer, facts_help
from service.cli.proof import prove_command
from service.cli.receipts import receipts, verify_receipts_command
from service.cli.review import coverage_command, sources, verify_command
from service.cli.tenancy import audit, keys
from service.domain.evaluation.evaluator import Status
from service.domain.text import SPOKEN
from service.intake.documents import read_document
from service.usecases.reference.lookup import ProgrammeQuery


class ProfileCommand(click.Command):
    """A command whose help ends with the facts of a profile, read from the vocabulary."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        context = ctx.find_object(Context) or Context()
        with formatter.section("Facts of a profile"):
            vocabulary = context.huice.compiled.catalogue.vocabulary
            formatter.write_dl(facts_help(vocabulary, context.language))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="huice")
@click.option(
    "--lang", type=click.Choice(SPOKEN), is_eager=True,
    help="Language of output (default: the catalogue's first of these, or en).",
)  # fmt: skip
@click.pass_context
def main(ctx: click.Context, lang: str | None) -> None:
    """Huice (惠策): which support programmes a company may claim, under which clause, how much."""
    # A command that is ended cleans up behind itself, as when its terminal interrupts it; what is
    # to go on without a terminal (nohup) does.
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)
    ctx.obj = Context(lang)


def _end(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def printer(context: Context) -> Printer:
    return Printer(context.console, context.language, context.huice.compiled.catalogue)


@main.command(cls=ProfileCommand)
@click.argument("file", type=FILE)
@as_of
@click.option(
    "--status", "statuses", multiple=True, type=click.Choice([s.value for s in Status]),
    help="Show only these; may be repeated.",
)  # fmt: skip
@as_json
@command
def match(
    context: Context, file: Path, as_of: Any, statuses: tuple[str, ...], as_json: bool
) -> None:
    """Match the profile in FILE (YAML or JSON) against every programme."""
    request = request_of(read_document(file), as_of, statuses)
    answer = context.huice.matching.match_json(request, whole=False)
    if as_json:
        context.out(answer)
    else:
        printer(context).matches(answer, context.huice.compiled.requests.read(request).profile)


@main.command(cls=ProfileCommand)
@click.argument("programme")
@about_profile
def check(context: Context, programme: str, file: Path, as_of: Any, as_json: bool) -> None:
    """Check PROGRAMME against the profile in FILE, with every condition."""
    request = context.huice.compiled.requests.read(request_of(read_document(file), as_of))
    answer = context.huice.matching.check_request(programme, request)
    if as_json:
        context.out(answer)
        return
    for found in (answer, *answer["other_subjects"]):
        printer(context).match(found, request.profile.facts_of(found["subject"]), answer["as_of"])


@main.command()
@click.option("--query", "-q", help="Full text, Chinese or English.")
@click.option("--measure", help="Only of this measure.")
@click.option("--instrument", help="Only of this instrument.")
@as_json
@command
def programmes(
    context: Context, query: str | None, measure: str | None, instrument: str | None, as_json: bool
) -> None:
    """List the programmes, or those that full text finds."""
    wanted = ProgrammeQuery(q=query, measure=measure, instrument=instrument, limit=200)
    page = context.huice.list_programmes(wanted)
    if as_json:
        context.out(page)
    else:
        printer(context).programmes(page)


for reviewing in (coverage_command, verify_command, prove_command):
    policies.add_command(reviewing)
main.add_command(points)
main.add_command(policies)
main.add_command(codes_command)
main.add_command(sources)
main.add_command(receipts)
main.add_command(verify_receipts_command)
main.add_command(keys)
main.add_command(accounts)
main.add_command(audit)
for advising in (memo_command, calendar_command, compare_command):
    main.add_command(advising)
