"""`huice policies new`, `explain`, `examples`, `schema`: writing rules."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from service.catalogue.measures_in_text import title_of
from service.catalogue.named_standards import named_standards
from service.catalogue.official_text import decode
from service.cli.codes import words_of, words_on_disk
from service.cli.context import Context, command
from service.cli.inputs import FILE, for_a_machine
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.errors import NotFound, Refused
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.programmes import Programme
from service.domain.text import SPOKEN
from service.policy_files import folders_of, load_from_disk, load_source
from service.rendering.texts import read_texts
from service.resources import clock_of
from service.usecases.authoring.boundary_yaml import boundary_yaml
from service.usecases.authoring.explain import explain
from service.usecases.authoring.json_schema import policy_schema
from service.usecases.authoring.skeletons import Skeletons

_WORDS = read_texts(__file__)

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
WHERE = click.Path(exists=True, path_type=Path)


def catalogue_on_disk(context: Context) -> Catalogue:
    return load_from_disk(context.settings, load_source(context.settings))


def programmes_at(context: Context, catalogue: Catalogue, where: str) -> list[Programme]:
    """The programmes of a file or folder, or the one of an id. Raises NotFound."""
    if where in catalogue.programmes:
        return [catalogue.programmes[where]]
    folders, path = folders_of(context.settings), Path(where).resolve()
    found = [
        p
        for p in catalogue.programmes.values()
        if Path(folders.on_disk(p.path)).resolve().is_relative_to(path)
    ]
    if not found:
        raise NotFound(_WORDS["file"], where)
    return found


@click.group("new")
def new_group() -> None:
    """Begin a file: with digests and numbers from the official text, and blanks for the rest."""


@new_group.command("measure")
@click.argument("measure")
@click.option("--title", help="The title of the document, if it is not the text's first line.")
@click.option("--text", "file", type=FILE, help="The official text: articles, digests, numbers.")
@click.option("--folder", type=click.Path(path_type=Path), required=True, help="Its new folder.")
@command
def new_measure(
    context: Context, measure: str, title: str | None, file: Path | None, folder: Path
) -> None:
    """Write FOLDER/measure.yaml for the document MEASURE (its id).

    Lint then names every text that is still to be written.
    """
    text = decode(file.read_bytes()) if file else None
    title = title or title_of(text or "")
    if not title:
        raise click.UsageError("--title or --text is needed: how is the document called?")
    _make_home(context, measure, folder)
    vocabulary, _ = words_on_disk(context)
    today = clock_of(context.settings, vocabulary).today()
    content = Skeletons(vocabulary, context.language).measure(measure, title, text, today)
    _write(folder / "measure.yaml", content)


@new_group.command("programme")
@click.argument("programme")
@click.option("--article", required=True, help="The article it rests on.")
@click.option("--folder", type=FOLDER, required=True, help="The folder of the measure.")
@command
def new_programme(context: Context, programme: str, article: str, folder: Path) -> None:
    """Write FOLDER/PROGRAMME.yaml, PROGRAMME being its id."""
    _make_home(context, programme, folder)
    number = int(article) if article.isdecimal() else article
    vocabulary, _ = words_on_disk(context)
    content = Skeletons(vocabulary, context.language).programme(programme, number)
    _write(folder / f"{programme}.yaml", content)


def _make_home(context: Context, name: str, folder: Path) -> None:
    """See that what is begun in a folder will be read: an operator's own folder is made where it is
    missing, and an id begins with its name. Raises Refused."""
    settings, path = context.settings, folder.resolve()
    homes = (settings.policies, *settings.private)
    home = next((h for h in homes if path.is_relative_to(h.resolve())), None)
    if home is None:
        place = _WORDS["not_read"].format(folder=str(path.parent))
        click.echo(context.translate(place), err=True)
    elif home in settings.private:
        home.mkdir(parents=True, exist_ok=True)
        if not name.startswith(f"{home.name}."):
            raise Refused(_WORDS["own_id"].format(id=name, name=home.name))


def _write(path: Path, content: str) -> None:
    """A new file; nothing that exists is overwritten."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(content)
    except FileExistsError:
        raise Refused(_WORDS["exists"].format(path=str(path))) from None
    click.echo(str(path))


@click.command("explain")
@click.argument("where", metavar="FILE")
@for_a_machine
@command
def explain_command(context: Context, where: str, as_json: bool) -> None:
    """What the programmes in FILE (or a folder, or an id) say and do.

    The sentences (in Chinese and English where the catalogue is written in both), the money, both
    sides of every bound, every example.
    """
    catalogue = catalogue_on_disk(context)
    compiled = CompiledCatalogue(catalogue)
    explanations = [explain(compiled, p) for p in programmes_at(context, catalogue, where)]
    if as_json:
        context.out(explanations)
        return
    for one in explanations:
        for line in _explained(context, one, _read_in(context, catalogue.vocabulary)):
            click.echo(line)


def _read_in(context: Context, vocabulary: Vocabulary) -> Sequence[str]:
    """The languages to review the sentences in: those of the service that the catalogue is written
    in, if both; otherwise the one that was asked for."""
    return SPOKEN if set(SPOKEN) <= set(vocabulary.languages) else (context.language,)


def _explained(
    context: Context, explained: dict[str, Any], languages: Sequence[str]
) -> Iterator[str]:
    language = context.language
    yield f"{explained['id']}  {explained['name'][language]}  ({explained['clause'][language]})"
    for line in explained["conditions"]:
        for words in dict.fromkeys(line["text"][tag] for tag in languages):
            yield f"{'  ' * (line['depth'] + 1)}{words}"
    if explained["money"]:
        lines = (
            _WORDS["money"].format(words=explained["money"][t]).in_language(t) for t in languages
        )
        yield from (f"  {line}" for line in dict.fromkeys(lines))
    yield f"  {context.translate(_WORDS['bounds'])}"
    for row in explained["boundaries"]:
        ceiling = f"  {row['ceiling_text'][language]}" if row["ceiling_text"] else ""
        label, value = row["label"][language], row["value"][language]
        value += f" ({', '.join(row['codes'])})" if row["codes"] else ""
        yield f"    {label}: {value} → {row['status_text'][language]}{ceiling}"
    yield f"  {context.translate(_WORDS['examples'])}"
    for row in explained["examples"]:
        line = _WORDS["line"].format(line=str(row["line"]))
        place = context.translate(_WORDS["derived"] if row["derived"] else line)
        said = f"{row['say'][language]}: " if row["say"][language] else ""
        status, why = row["status_text"][language], row["decided_by"][language]
        ceiling = f"  {row['ceiling_text'][language]}" if row["ceiling_text"] else ""
        yield f"    {place}, {row['as_of']}: {said}{status}{ceiling}  ({why})"


@click.command("examples")
@click.argument("where", metavar="FILE")
@command
def examples_command(context: Context, where: str) -> None:
    """Print examples for FILE: both sides of every bound, from the rule and its best example."""
    catalogue = catalogue_on_disk(context)
    compiled = CompiledCatalogue(catalogue)
    for programme in programmes_at(context, catalogue, where):
        click.echo(boundary_yaml(compiled, programme), nl=False)


@click.command("schema")
@command
def schema_command(context: Context) -> None:
    """Print the JSON Schema of policy files, with every fact, code and standard and its name.

    An editor with yaml-language-server completes and explains them: save it beside the files and
    begin a file with `# yaml-language-server: $schema=…`.
    """
    source = load_source(context.settings, may_be_empty=True)
    vocabulary, _ = words_of(context, source)
    schema = policy_schema(vocabulary, named_standards(source, vocabulary))
    click.echo(json.dumps(schema, ensure_ascii=False, indent=1))
