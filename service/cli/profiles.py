"""`huice match`, `check` and `programmes`: profiles against programmes."""

from pathlib import Path
from typing import Any

import click

from service.cli.codes import words_on_disk
from service.cli.context import Context, command
from service.cli.inputs import FILE, about_profile, as_json, as_of, request_of
from service.cli.printing import Printer, facts_help
from service.domain.errors import HuiceError
from service.domain.evaluation.evaluator import Status
from service.intake.documents import read_document
from service.usecases.reference.lookup import ProgrammeQuery


class ProfileCommand(click.Command):
    """A command whose help ends with the facts of a profile, read from the vocabulary."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        context = ctx.find_object(Context) or Context()
        try:
            vocabulary, _ = words_on_disk(context)
        except HuiceError as error:
            context.tell(error)  # help is for those as well whose files are not right yet
        else:
            with formatter.section("Facts of a profile"):
                formatter.write_dl(facts_help(vocabulary, context.language))


def printer(context: Context) -> Printer:
    return Printer(context.console, context.language, context.huice.compiled.catalogue)


@click.command(cls=ProfileCommand)
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


@click.command(cls=ProfileCommand)
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


@click.command()
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
