"""What the projects of a company are called, wherever a match tells which one it is about."""

from collections.abc import Iterable
from typing import NamedTuple

from service.domain.facts.profile import PROJECT_KIND
from service.domain.facts.vocabulary import Vocabulary
from service.domain.text import Text


class NamedProject(NamedTuple):
    """A project as its company states it; the name may be empty."""

    ref: str
    kind: str
    name: str


def project_names(
    projects: Iterable[NamedProject], vocabulary: Vocabulary
) -> dict[str, Text | None]:
    """By reference: a project's name, else its kind and number where there are several of that
    kind; None where no other can be meant."""
    stated = tuple(projects)
    found: dict[str, Text | None] = {}
    for ref, kind, name in stated:
        same = [project.ref for project in stated if project.kind == kind]
        numbered = _numbered(kind, same.index(ref) + 1, vocabulary) if len(same) > 1 else None
        found[ref] = Text(name, name) if name else numbered
    return found


def project_labels(projects: Iterable[NamedProject], vocabulary: Vocabulary) -> dict[str, Text]:
    """The same where nothing beside it says of what kind a project is: at least its kind."""
    stated = tuple(projects)
    names = project_names(stated, vocabulary)
    return {p.ref: names[p.ref] or _kind_label(p.kind, vocabulary) for p in stated}


def _numbered(kind: str, number: int, vocabulary: Vocabulary) -> Text:
    label = _kind_label(kind, vocabulary)
    return Text("{kind} {number}", "{kind} {number}").format(kind=label, number=str(number))


def _kind_label(kind: str, vocabulary: Vocabulary) -> Text:
    fact = vocabulary.facts.get(PROJECT_KIND)
    kinds = vocabulary.codes_of(fact) if fact else None
    return kinds.label_of(kind) if kinds and kind in kinds.codes else Text(kind, kind)
