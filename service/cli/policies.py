"""`huice policies …`: for those who write and review policy files."""

import click

from service.app import folders_of, load_from_disk, load_source
from service.cli.context import Context, command
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.errors import BrokenCatalogue
from service.domain.rules.catalogue import Catalogue
from service.usecases.authoring.examples import run_examples


@click.group()
def policies() -> None:
    """Check the policy files."""


def catalogue_of(context: Context) -> Catalogue:
    """The catalogue on disk. Raises BrokenCatalogue with every fault."""
    return load_from_disk(context.settings, load_source(context.settings))


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
    run = run_examples(CompiledCatalogue(catalogue_of(context)))
    if run.failures:
        raise folders_of(context.settings).at_true_paths(BrokenCatalogue(run.failures))
    click.echo(f"{run.count} examples passed")
