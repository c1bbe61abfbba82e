"""What programmes are called where several stand in one list: those of the same name by their
place too, and those of one place by their document."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Protocol

from service.domain.facts.code_lists import CodeList
from service.domain.text import Text

_TOLD_APART = Text("{name}（{by}）", "{name} ({by})")


class NamedProgramme(Protocol):
    """The part of a programme that it is told apart by."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> Text: ...
    @property
    def jurisdiction(self) -> str: ...
    @property
    def measure(self) -> str: ...


def names_told_apart(
    programmes: Iterable[NamedProgramme], numbers: Mapping[str, str], places: CodeList
) -> Mapping[str, Text]:
    """The names by programme, of those alone that another is called like; `numbers` are those of
    the documents by measure."""
    alike: dict[str, list[NamedProgramme]] = defaultdict(list)
    for programme in programmes:
        for words in dict.fromkeys((programme.name.zh, programme.name.en)):  # the same each time
            alike[words].append(programme)
    names: dict[str, Text] = {}
    for group in alike.values():
        if len(group) > 1:
            apart = len({p.jurisdiction for p in group}) == len(group)
            for p in group:
                number = numbers[p.measure]
                by = places.label_of(p.jurisdiction) if apart else Text(number, number)
                names[p.id] = _TOLD_APART.format(name=p.name, by=by)
    return names
