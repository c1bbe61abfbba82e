"""`huice codes`: the facts and codes that a word names."""

import sys

import click

from service.catalogue.loader import load_words
from service.catalogue.named_standards import named_standards
from service.catalogue.source import Source
from service.cli.context import FAULT, Context, command
from service.cli.inputs import for_a_machine
from service.domain.errors import BrokenCatalogue
from service.domain.facts.search_words import SearchWords
from service.domain.facts.vocabulary import Vocabulary
from service.policy_files import folders_of, load_source
from service.rendering.texts import read_texts
from service.usecases.reference.code_words import meanings

_WORDS = read_texts(__file__)


def words_on_disk(context: Context) -> tuple[Vocabulary, SearchWords]:
    """Facts, codes and synonyms; other files may be unfinished, and a folder still be empty."""
    return words_of(context, load_source(context.settings, may_be_empty=True))


def words_of(context: Context, source: Source) -> tuple[Vocabulary, SearchWords]:
    """Facts, codes and synonyms of files just read. Raises BrokenCatalogue."""
    try:
        return load_words(source)
    except BrokenCatalogue as error:
        raise folders_of(context.settings).at_true_paths(error) from None


@click.command("codes")
@click.argument("word")
@for_a_machine
@command
def codes_command(context: Context, word: str, as_json: bool) -> None:
    """The facts, codes and standards that WORD names, such as robots. Exit code 1 where there is
    none."""
    source = load_source(context.settings, may_be_empty=True)
    vocabulary, synonyms = words_of(context, source)
    found = meanings(vocabulary, synonyms, word, named_standards(source, vocabulary))
    if as_json:
        context.out([{"list": m.list, "code": m.code, "name": m.name.by_language()} for m in found])
    else:
        for meaning in found:
            names = " · ".join(dict.fromkeys(meaning.name.by_language().values()))
            click.echo(f"{meaning.list or 'fact'}  {meaning.code}  {names}")
    if not found:
        click.echo(context.translate(_WORDS["no_such"].format(word=word)), err=True)
        sys.exit(FAULT)
