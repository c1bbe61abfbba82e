"""How one cell of a machine's file is read: as the same value of a profile would be."""

import json
import re
from collections.abc import Callable
from typing import Any

from service.bulk.cells import NUMBER, PLACES, CellReader, InvalidCell, Reader
from service.domain.errors import InvalidInput
from service.domain.facts.profile import PROJECT_KIND, Value
from service.domain.facts.vocabulary import Fact, FactType, Owner, Vocabulary
from service.domain.text import SEMICOLON, Text, join
from service.intake.profiles import ProfileReader

_NUMBER = re.compile(NUMBER)
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_TRUTHS = {"true": True, "false": False, "TRUE": True, "FALSE": False}
_A_LIST = Text("应为 JSON 列表", "must be a JSON list")


def cell_readers(reader: ProfileReader) -> dict[str, Reader]:
    """For every fact the function that reads one cell of text as a profile's value is read."""
    return {fact.id: _reader_of(reader, fact) for fact in reader.vocabulary.stated}


def column_readers(vocabulary: Vocabulary) -> dict[str, CellReader]:
    """For every fact what reads columns of such cells."""
    found = cell_readers(ProfileReader(vocabulary))
    return {name: CellReader(vocabulary.facts[name], read) for name, read in found.items()}


def _reader_of(reader: ProfileReader, fact: Fact) -> Reader:

    def read(text: str) -> Value:
        try:
            profile = reader.read_stated(_profile_of(reader, fact, cell_value(fact, text)), "")
        except InvalidInput as error:
            messages = join((p.message for p in error.problems), SEMICOLON)
            raise InvalidCell(messages) from None
        facts = profile.company if fact.owner is Owner.COMPANY else profile.projects[0].facts
        return facts[fact.id]

    return read


def cell_value(fact: Fact, text: str) -> Any:
    """A cell for machines as a profile states it. Raises InvalidCell for a list that is none."""
    if fact.type in PLACES and _NUMBER.fullmatch(text):
        text = _without_zeros(text)
    return _PLAIN.get(fact.type, str)(text)


def _without_zeros(text: str) -> str:
    """A number without the zeros and the sign that say nothing: 12.0, as programs write it that
    know of no empty whole number, is 12, and -0 is 0."""
    short = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if short == "-0" else short


def _profile_of(reader: ProfileReader, fact: Fact, raw: Any) -> Any:
    """A profile that states this fact alone."""
    if fact.owner is Owner.COMPANY:
        return {"company": {fact.name: raw}}
    if fact.id == PROJECT_KIND:
        return {"projects": [{"ref": "row", "kind": raw}]}
    kinds = reader.vocabulary.codes_of(reader.vocabulary.facts[PROJECT_KIND])
    kind = fact.kinds[0] if fact.kinds else next(iter(kinds.codes if kinds else ()))
    return {"projects": [{"ref": "row", "kind": kind, fact.name: raw}]}


def _listed(text: str) -> list[str]:
    if text.startswith("["):
        return _items(text)
    return [] if text == "-" else [part.strip() for part in text.split("|")]


def _items(text: str) -> list[Any]:
    try:
        found = [] if text == "-" else json.loads(text)
    except ValueError:
        raise InvalidCell(_A_LIST) from None
    if not isinstance(found, list):
        raise InvalidCell(_A_LIST)
    return found


def _whole(text: str) -> int | str:
    return int(text) if _WHOLE.fullmatch(text) else text


_PLAIN: dict[FactType, Callable[[str], Any]] = {
    FactType.BOOLEAN: lambda text: _TRUTHS.get(text, text),
    FactType.INTEGER: _whole,
    FactType.CODES: _listed,
    FactType.CERTIFICATES: _items,
    FactType.AWARDS: _items,
}
