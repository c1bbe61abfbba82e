"""`huice policies …`: for those who write and review policy files."""

import sys

import click

from service.catalogue.loader import load_catalogue
from service.catalogue.source import read_source
from service.cli.context import FAULT, Context, command
from service.domain.catalogue import Catalogue
from service.domain.errors import Diagnostic
from service.usecases.examples import run_examples
from service.usecases.workbench import Workbench


@click.group()
def policies() -> None:
    """Check the policy files."""


def catalogue_of(context: Context) -> Catalogue:
    """The catalogue on disk. Raises BrokenCatalogue with every fault."""
    settings = context.settings
    return load_catalogue(read_source(settings.policies, settings.seeds, settings.private))


def _end(faults: tuple[Diagnostic, ...]) -> None:
    for fault in faults:
        click.echo(str(fault), err=True)
    if faults:
        sys.exit(FAULT)


@policies.command()
@command
def lint(context: Context) -> None:
    """Load every file strictly; print each fault with file, line and what is allowed."""
    catalogue = catalogue_of(context)
    click.echo(
        f"{len(catalogue.measures)} measures, {len(catalogue.programmes)} programmes, "
        f"{len(catalogue.vocabulary.facts)} facts: no fault"
    )


@policies.command()
@command
def test(context: Context) -> None:
    """Run the examples inside the programme files."""
    run = run_examples(Workbench(catalogue_of(context)))
    _end(run.failures)
    click.echo(f"{run.count} examples passed")
