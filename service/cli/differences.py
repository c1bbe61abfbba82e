"""`huice policies diff`: what changed policy files alter, and for whom."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from service.catalogue.file_kinds import MEASURE, PRIVATE, VOCABULARY
from service.catalogue.loader import home_of_measure, load_catalogue, with_measure
from service.catalogue.source import Folders, Source, digests_of, read_source, unchanged_folders
from service.catalogue.unchanged import EarlierCatalogue
from service.cli.context import FAULT, Context, command
from service.cli.inputs import for_a_machine
from service.cli.receipts import shown_by
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.errors import BrokenCatalogue
from service.domain.rules.programmes import Commitment
from service.domain.text import LIST_COMMA, SEMICOLON, Text
from service.domain.wording.change_labels import MONEY_CHANGE, RULE_CHANGE
from service.domain.wording.labels import ABSENT, COMMITMENT
from service.policy_files import folders_of, load_source
from service.rendering.texts import read_texts
from service.storage.database import open_database
from service.storage.receipts import ReceiptRepository

_WORDS = read_texts(__file__)

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_MAX_RECEIPTS = 1_000

_SIDES = {
    "before": Text("原来", "before"),
    "after": Text("现在", "after"),
    "gains": Text("新满足，例如", "gains, for example"),
    "loses": Text("不再满足，例如", "loses, for example"),
}


@click.command("diff")
@click.argument("old", type=_FOLDER)
@click.argument("new", type=_FOLDER)
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
    differences_json = [difference_json(d, *vocabularies) for d in found]
    if as_json:
        context.out(differences_json)
        return
    for line in _differing(context, differences_json):
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
    from service.usecases.authoring.differences import AnsweredRequest  # noqa: PLC0415

    if not context.settings.database.exists():
        return []
    with open_database(context.settings.database) as store:
        receipts = ReceiptRepository(store).recent(_MAX_RECEIPTS)
    return [
        AnsweredRequest(r.id, json.loads(r.profile)["profile"], r.as_of, r.tenant) for r in receipts
    ]


def _differing(context: Context, differences_json: list[dict[str, Any]]) -> Iterator[str]:
    language = context.language
    if not differences_json:
        yield context.translate(_WORDS["unchanged"])
    for one in differences_json:
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
        yield from (_flip_line(context, flip) for flip in one["flips"])


def _flip_line(context: Context, flip: dict[str, Any]) -> str:
    """A stored receipt's statuses, and its amounts where these are others."""
    before, after = (_outcome_words(flip, side, context.language) for side in ("before", "after"))
    case = shown_by(flip["case"], flip["tenant"])
    words = _WORDS["flip"].format(case=case, before=before, after=after)
    return f"  {context.translate(words)}"


def _outcome_words(flip: dict[str, Any], side: str, language: str) -> str:
    """Behind the statuses the amounts, if they are told."""
    amounts = flip["amounts"] or {side: []}
    words = ", ".join(amount[language] for amount in amounts[side] if amount)
    return f"{flip[side]} ({words})" if words else str(flip[side])


def _money_lines(context: Context, money: dict[str, Any]) -> Iterator[str]:
    """More or less, and for whom."""
    language = context.language
    change = MONEY_CHANGE[money["change"]]
    words = _WORDS["proven" if money["proven"] else "tried"]
    yield f"  {context.translate(words.format(change=change, count=str(money['tried'])))}"
    for side in ("gains", "loses"):
        if money[side]:
            example = money[side]
            facts = context.translate(SEMICOLON).join(f[language] for f in example["facts"])
            words = _WORDS["amounts"].format(
                facts=facts or _WORDS["everybody"],
                before=example["before"]["text"][language],
                after=example["after"]["text"][language],
            )
            yield f"    {context.translate(words)}"


def _side(context: Context, side: str, version: dict[str, Any] | None) -> Iterator[str]:
    name = context.translate(_SIDES[side])
    if version is None:
        yield f"  {name}: {context.translate(ABSENT)}"
        return
    promise = context.translate(COMMITMENT[Commitment(version["commitment"])])
    yield f"  {name}: {version['window']}{context.translate(LIST_COMMA)}{promise}"
    yield from (f"    {c[context.language]}" for c in version["conditions"])
    if version["money"]:
        yield f"    {version['money'][context.language]}"
    if version["applications"]:
        days = context.translate(SEMICOLON).join(
            words[context.language] for words in version["applications"]
        )
        yield f"    {context.translate(_WORDS['applications'].format(days=days))}"
