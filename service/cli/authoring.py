"""`huice policies new`, `explain`, `examples`, `diff`, `schema`; `huice codes`: writing rules."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from service.catalogue.file_kinds import MEASURE, PRIVATE, VOCABULARY
from service.catalogue.loader import home_of_measure, load_catalogue, load_words, with_measure
from service.catalogue.official_text import decode, title_of
from service.catalogue.source import Folders, Source, digests_of, read_source, unchanged_folders
from service.catalogue.unchanged import EarlierCatalogue
from service.cli.context import FAULT, Context, command
from service.cli.inputs import FILE, for_a_machine
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.errors import BrokenCatalogue, NotFound, Refused
from service.domain.facts.search_words import SearchWords
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.programmes import Commitment, Programme
from service.domain.text import LIST_COMMA, SEMICOLON, SPOKEN, Text
from service.domain.wording.change_labels import MONEY_CHANGE, RULE_CHANGE
from service.domain.wording.labels import ABSENT, COMMITMENT
from service.policy_files import folders_of, load_from_disk, load_source
from service.rendering.texts import read_texts
from service.resources import clock_of
from service.storage.database import open_database
from service.storage.receipts import ReceiptRepository
from service.usecases.authoring.boundary_yaml import boundary_yaml
from service.usecases.authoring.explain import explain
from service.usecases.authoring.json_schema import policy_schema
from service.usecases.authoring.skeletons import Skeletons
from service.usecases.reference.code_words import meanings

_WORDS = read_texts(__file__)

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
WHERE = click.Path(exists=True, path_type=Path)
_RECEIPTS = 1_000

_SIDES = {
    "before": Text("原来", "before"),
    "after": Text("现在", "after"),
    "gains": Text("新满足，例如", "gains, for example"),
    "loses": Text("不再满足，例如", "loses, for example"),
}


def catalogue_on_disk(context: Context) -> Catalogue:
    return load_from_disk(context.settings, load_source(context.settings))


def _words(context: Context) -> tuple[Vocabulary, SearchWords]:
    """Facts, codes and synonyms; other files may be unfinished, and a folder still be empty."""
    return load_words(load_source(context.settings, may_be_empty=True))


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
    vocabulary, _ = _words(context)
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
    vocabulary, _ = _words(context)
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
    told = [explain(compiled, p) for p in programmes_at(context, catalogue, where)]
    if as_json:
        context.out(told)
        return
    for one in told:
        for line in _explained(context, one, _read_in(context, catalogue.vocabulary)):
            click.echo(line)


def _read_in(context: Context, vocabulary: Vocabulary) -> Sequence[str]:
    """The languages to review the sentences in: those of the service that the catalogue is written
    in, if both; otherwise the one that was asked for."""
    return SPOKEN if set(SPOKEN) <= set(vocabulary.languages) else (context.language,)


def _explained(context: Context, told: dict[str, Any], languages: Sequence[str]) -> Iterator[str]:
    language = context.language
    yield f"{told['id']}  {told['name'][language]}  ({told['measure']} § {told['article']})"
    for line in told["conditions"]:
        for words in dict.fromkeys(line["text"][tag] for tag in languages):
            yield f"{'  ' * (line['depth'] + 1)}{words}"
    if told["money"]:
        lines = (_WORDS["money"].format(words=told["money"][t]).in_language(t) for t in languages)
        yield from (f"  {line}" for line in dict.fromkeys(lines))
    yield f"  {context.translate(_WORDS['bounds'])}"
    for row in told["boundaries"]:
        ceiling = f"  {row['ceiling_text'][language]}" if row["ceiling_text"] else ""
        label, value = row["label"][language], row["value"][language]
        value += f" ({', '.join(row['codes'])})" if row["codes"] else ""
        yield f"    {label}: {value} → {row['status_text'][language]}{ceiling}"
    yield f"  {context.translate(_WORDS['examples'])}"
    for row in told["examples"]:
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
    """Print the JSON Schema of policy files, with every fact and code and its name.

    An editor with yaml-language-server completes and explains them: save it beside the files and
    begin a file with `# yaml-language-server: $schema=…`.
    """
    click.echo(json.dumps(policy_schema(_words(context)[0]),
                          ensure_ascii=False, indent=1))  # fmt: skip


@click.command("diff")
@click.argument("old", type=FOLDER)
@click.argument("new", type=FOLDER)
@for_a_machine
@command
def diff_command(context: Context, old: Path, new: Path, as_json: bool) -> None:
    """What the policy files in the folder NEW alter against those in OLD.

    Sentences and amounts; whether a rule became wider, narrower or neither, with an applicant that
    gains and one that loses; and which of the stored receipts would come out otherwise.
    """
    if find_spec("z3") is None:
        click.echo(context.translate(_WORDS["no_solver"]), err=True)
        sys.exit(FAULT)
    # Only here, so that every other command works without the solver.
    from service.usecases.authoring.differences import (  # noqa: PLC0415
        difference_json,
        differences,
    )

    name = _name_of_both(context, old, new)
    sources = [_side_source(context, folder, name) for folder in (old, new)]
    with _at_the_paths_of(context, old, name):
        then = load_catalogue(sources[0])
    with _at_the_paths_of(context, new, name):
        now = load_catalogue(sources[1], EarlierCatalogue(then, digests_of(sources[0])))
    sides = [CompiledCatalogue(then), CompiledCatalogue(now)]
    unchanged = unchanged_folders(*sources)
    found = differences(sides[0], sides[1], _stored_cases(context), unchanged)
    vocabularies = [side.catalogue.vocabulary for side in sides]
    told = [difference_json(d, *vocabularies) for d in found]
    if as_json:
        context.out(told)
        return
    for line in _differing(context, told):
        click.echo(line)


def _name_of_both(context: Context, old: Path, new: Path) -> str:
    """The name under which folders that stand beside ours are read: of that which the settings
    name, for the other is a copy of it; else of the new one."""
    named = {folder.resolve() for folder in context.settings.private}
    return next((f for f in (new.resolve(), old.resolve()) if f in named), new.resolve()).name


@contextmanager
def _at_the_paths_of(context: Context, folder: Path, name: str) -> Iterator[None]:
    """Faults of a side are told where its files lie. Raises BrokenCatalogue."""
    try:
        yield
    except BrokenCatalogue as error:
        settings = context.settings
        if (folder / VOCABULARY).exists():
            raise Folders(folder, settings.seeds).at_true_paths(error) from None
        is_measure = (folder / MEASURE).exists()
        home = home_of_measure(load_source(settings), folder) if is_measure else None
        moved = {home or f"{PRIVATE}/{name}": folder}
        folders = replace(folders_of(settings), moved=moved)
        raise folders.at_true_paths(error) from None


def _side_source(context: Context, folder: Path, name: str) -> Source:
    """The files of a folder: a whole catalogue, one measure in the place of that of its id, or a
    folder that stands beside ours under a name: a copy of it has the same ids, however the copy is
    called."""
    settings = context.settings
    if (folder / VOCABULARY).exists():
        return read_source(folder, settings.seeds)
    if (folder / MEASURE).exists():
        return with_measure(load_source(settings), folder)
    folder = folder.resolve()
    files = read_source(settings.policies, settings.seeds, (folder,))
    copied, named = f"{PRIVATE}/{folder.name}/", f"{PRIVATE}/{name}/"
    return {
        path.replace(copied, named, 1) if path.startswith(copied) else path: content
        for path, content in files.items()
    }


def _stored_cases(context: Context) -> Any:
    """What was answered last, where this installation keeps it."""
    from service.usecases.authoring.differences import StoredCase  # noqa: PLC0415

    if not context.settings.database.exists():
        return []
    with open_database(context.settings.database) as store:
        receipts = ReceiptRepository(store).recent(_RECEIPTS)
    return [StoredCase(r.id, json.loads(r.profile)["profile"], r.as_of) for r in receipts]


def _differing(context: Context, told: list[dict[str, Any]]) -> Iterator[str]:
    language = context.language
    if not told:
        yield context.translate(_WORDS["unchanged"])
    for one in told:
        change = f"  {context.translate(RULE_CHANGE[one['rule']])}" if one["rule"] else ""
        yield f"{one['programme']}{change}"
        for side in ("before", "after"):
            yield from _side(context, side, one[side])
        for side in ("gains", "loses"):
            if one[side]:
                facts = context.translate(SEMICOLON).join(f[language] for f in one[side])
                yield f"  {context.translate(_SIDES[side])}: {facts}"
        if one["money"]:
            yield from _money_lines(context, one["money"])
        for flip in one["flips"]:
            yield f"  {context.translate(_WORDS['flip'].format(**flip))}"


def _money_lines(context: Context, money: dict[str, Any]) -> Iterator[str]:
    """More or less, and for whom."""
    language = context.language
    change = MONEY_CHANGE[money["change"]]
    yield f"  {context.translate(_WORDS['tried'].format(change=change, count=str(money['tried'])))}"
    for side in ("gains", "loses"):
        if money[side]:
            told = money[side]
            facts = context.translate(SEMICOLON).join(f[language] for f in told["facts"])
            words = _WORDS["amounts"].format(
                facts=facts or _WORDS["everybody"],
                before=told["before"]["text"][language],
                after=told["after"]["text"][language],
            )
            yield f"    {context.translate(words)}"


def _side(context: Context, side: str, told: dict[str, Any] | None) -> Iterator[str]:
    name = context.translate(_SIDES[side])
    if told is None:
        yield f"  {name}: {context.translate(ABSENT)}"
        return
    promise = context.translate(COMMITMENT[Commitment(told["commitment"])])
    yield f"  {name}: {told['window']}{context.translate(LIST_COMMA)}{promise}"
    yield from (f"    {c[context.language]}" for c in told["conditions"])
    if told["money"]:
        yield f"    {told['money'][context.language]}"


@click.command("codes")
@click.argument("word")
@for_a_machine
@command
def codes_command(context: Context, word: str, as_json: bool) -> None:
    """The facts and codes that WORD names: 高企, 徐汇, robots. Exit code 1 where there is none."""
    found = meanings(*_words(context), word)
    if as_json:
        context.out([{"list": m.list, "code": m.code, "name": m.name.by_language()} for m in found])
    else:
        for meaning in found:
            names = " · ".join(dict.fromkeys(meaning.name.by_language().values()))
            click.echo(f"{meaning.list or 'fact'}  {meaning.code}  {names}")
    if not found:
        click.echo(context.translate(_WORDS["no_such"].format(word=word)), err=True)
        sys.exit(FAULT)
