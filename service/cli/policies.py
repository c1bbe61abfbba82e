"""`huice policies …`: for those who write and review policy files."""

import time
from collections.abc import Callable, Iterable, Sized
from pathlib import Path

import click

from service.catalogue.file_stamps import look_at
from service.catalogue.word_lines import at_their_lines
from service.cli.authoring import (
    catalogue_on_disk,
    examples_command,
    explain_command,
    new_group,
    programmes_at,
    schema_command,
)
from service.cli.context import Context, command
from service.cli.lazy import LazyGroup
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.errors import BrokenCatalogue, Diagnostic, HuiceError
from service.domain.rules.catalogue import Catalogue
from service.domain.text import Text
from service.policy_files import folders_of, load_source
from service.rendering.texts import read_texts
from service.resources import clock_of
from service.startup import checked_today, prepare_into
from service.usecases.authoring.ambiguous_caps import (
    ambiguous_caps,
    caps_beside_caps,
    only_one_paid,
)
from service.usecases.authoring.doubtful_files import doubtful_files, unread_measures
from service.usecases.authoring.example_coverage import uncovered_statuses
from service.usecases.authoring.examples import (
    ExampleRun,
    count_examples,
    refused_examples,
    run_examples,
)
from service.usecases.authoring.explain import explain
from service.usecases.authoring.idle_conditions import idle_conditions
from service.usecases.authoring.idle_money import idle_money
from service.usecases.authoring.retired_codes import retired_codes
from service.usecases.authoring.support_had import loose_tests_of_awards, money_without_purpose
from service.usecases.authoring.uncompilable import compile_all
from service.usecases.authoring.unusable_figures import unusable_figures
from service.usecases.authoring.unused_entries import unused_entries

_WORDS = read_texts(__file__)
_PAUSE = 0.5  # seconds between two looks at the files


@click.group(
    cls=LazyGroup,
    later={
        "coverage": "service.cli.review:coverage_command",
        "diff": "service.cli.differences:diff_command",
        "prove": "service.cli.proof:prove_command",
        "verify": "service.cli.review:verify_command",
    },
)
def policies() -> None:
    """Write and check the policy files."""


def catalogue_of(context: Context) -> Catalogue:
    """The catalogue on disk. Raises BrokenCatalogue with every fault."""
    return catalogue_on_disk(context)


watch = click.option("--watch", is_flag=True, help="Again whenever a file changes, until Ctrl-C.")


@policies.command()
@watch
@command
def lint(context: Context, watch: bool) -> None:
    """Load every file strictly; print each fault with file, line and what is allowed.

    Names each status that a programme can come to and none of its examples shows. What only the
    author can tell is noted, and is no fault.
    """
    _run_watching(context, watch, lambda: _lint_once(context))


@policies.command()
@click.argument("where", metavar="[FILE]", required=False)
@click.option("-v", "--verbose", is_flag=True, help="Which condition decided each example.")
@watch
@command
def test(context: Context, where: str | None, verbose: bool, watch: bool) -> None:
    """Run the examples inside the files, and those that follow from the measures.

    With FILE (or a folder, or an id) only those of its programmes. What passed as a whole is kept:
    the next start need not read it.
    """
    _run_watching(context, watch, lambda: _test_once(context, where, verbose))


@policies.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@command
def prepare(context: Context, folder: Path) -> None:
    """Compile the files into FOLDER: a service whose HUICE_PREPARED names it need not read them.

    Their examples have to come out. Whatever changes, a file or the program, is compiled as ever.
    """
    catalogue = prepare_into(context.settings, folder)
    programmes = str(len(catalogue.programmes))
    _tell(context, "prepared", folder=str(folder), programmes=programmes, version=catalogue.version)


for _command in (new_group, explain_command, examples_command, schema_command):
    policies.add_command(_command)


def _lint_once(context: Context) -> None:
    catalogue = catalogue_of(context)
    compiled, programmes = CompiledCatalogue(catalogue), catalogue.programmes.values()
    try:
        compile_all(compiled)
    except BrokenCatalogue as error:
        raise folders_of(context.settings).at_true_paths(error) from None
    today = clock_of(context.settings, catalogue.vocabulary).today()
    unclear = (
        *refused_examples(compiled, programmes),
        *uncovered_statuses(compiled),
        *ambiguous_caps(programmes),
        *only_one_paid(programmes),
        *caps_beside_caps(programmes),
        *unread_measures(catalogue, today),
        *money_without_purpose(catalogue),
        *unusable_figures(programmes, today),
        *retired_codes(programmes),
    )
    notes = (
        *loose_tests_of_awards(catalogue),
        *doubtful_files(catalogue),
        *idle_conditions(catalogue),
        *idle_money(catalogue),
        *unused_entries(load_source(context.settings)),
    )
    for note in _placed(context, notes).diagnostics:
        _tell(context, "note", words=note.words)
    if unclear:
        raise _placed(context, unclear)
    _tell(
        context,
        "no_fault",
        measures=_counted(catalogue.measures, "measure"),
        programmes=_counted(catalogue.programmes, "programme"),
        facts=_counted(catalogue.vocabulary.facts, "fact"),
    )


def _placed(context: Context, found: Iterable[Diagnostic]) -> BrokenCatalogue:
    """What is told of files, each with its line and the path that it has on this machine."""
    placed = tuple(at_their_lines(found, load_source(context.settings)))
    return folders_of(context.settings).at_true_paths(BrokenCatalogue(placed))


def _counted(things: Sized, name: str) -> Text:
    """How many there are: one measure, two measures."""
    count = len(things)
    return Text(str(count), f"{count} {name}" if count == 1 else f"{count} {name}s")


def _test_once(context: Context, where: str | None, verbose: bool) -> None:
    if where is None and not verbose:
        _tell_passed(context, count_examples(checked_today(context.settings)))
        return
    catalogue = catalogue_of(context)
    chosen = programmes_at(context, catalogue, where) if where else None
    compiled = CompiledCatalogue(catalogue)
    for programme in (chosen or catalogue.programmes.values()) if verbose else ():
        click.echo(programme.id)
        for row in explain(compiled, programme)["examples"]:
            place = f"{row['line']}: " if row["line"] else ""
            said, why = row["say"][context.language], row["decided_by"][context.language]
            status = row["status_text"][context.language]
            click.echo(f"  {place}{row['as_of']} {said} → {status}  ({why})")
    run = run_examples(compiled, chosen)
    if run.failures:
        raise folders_of(context.settings).at_true_paths(BrokenCatalogue(run.failures))
    _tell_passed(context, run)


def _tell_passed(context: Context, run: ExampleRun) -> None:
    _tell(context, "passed", count=str(run.count), derived=str(run.derived))


def _tell(context: Context, key: str, **parts: Text | str) -> None:
    click.echo(context.translate(_WORDS[key].format(**parts)))


def _run_watching(context: Context, watching: bool, act: Callable[[], None]) -> None:
    """Once; or again after every change, a fault being told and not the end."""
    if not watching:
        act()
        return
    while True:
        seen = _look(context)
        try:
            act()
        except HuiceError as error:
            context.tell(error)
        click.echo("…")
        while _look(context) == seen:
            time.sleep(_PAUSE)


def _look(context: Context) -> str | None:
    """How the policy files look; None while they cannot be looked at."""
    try:
        return look_at(folders_of(context.settings).all)[1]
    except OSError:
        return None
