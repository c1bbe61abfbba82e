"""Shared conditions, public figures and tables of codes that no file names: what `lint` notes, for
they were perhaps meant for a rule that does not use them.
"""

from collections.abc import Iterable, Iterator

from service.catalogue.fault_words import quoted, say
from service.catalogue.file_kinds import MEASURE, PARAMETERS, folder_of, name_of
from service.catalogue.source import Source
from service.catalogue.yaml_tree import Document, Faults, parse
from service.domain.errors import Diagnostic

_TABLES = "seeds/codes/"


def unused_entries(source: Source) -> Iterator[Diagnostic]:
    """A note for each entry of the files that nothing names. Files that cannot be read name
    nothing: this is for those that load."""
    documents = {p: parse(p, c, Faults()) for p, c in source.items() if p.endswith(".yaml")}
    for path, document in documents.items():
        if name_of(path) == MEASURE:
            folder = path.rpartition("/")[0]
            beside = [d for p, d in documents.items() if p.rpartition("/")[0] == folder]
            yield from _unused_definitions(document, _named_in("use", beside))
    figures = _named_in("parameter", documents.values())
    for path, document in documents.items():
        name = document.at(("id",))
        if folder_of(path) == PARAMETERS and name not in figures:
            yield _unused(path, "parameter_is_unused", name)
    tables = _named_in("table", documents.values())
    for path in source:
        if path.startswith(_TABLES) and path.removeprefix("seeds/") not in tables:
            yield _unused(path, "table_is_unused", path)


def _unused_definitions(document: Document, used: set[object]) -> Iterator[Diagnostic]:
    definitions = document.at(("definitions",))
    for name in definitions if isinstance(definitions, dict) else ():
        if name not in used:
            yield _unused(document.file, "definition_is_unused", name)


def _unused(file: str, key: str, name: object) -> Diagnostic:
    return Diagnostic(file, 1, say(key, name=quoted(name)), about=str(name))


def _named_in(key: str, documents: Iterable[Document]) -> set[object]:
    """What stands behind a key, wherever in the files."""
    return {name for document in documents for name in _values_of(key, document.data)}


def _values_of(key: str, data: object) -> Iterator[object]:
    if isinstance(data, dict):
        if isinstance(data.get(key), str):
            yield data[key]
        for value in data.values():
            yield from _values_of(key, value)
    elif isinstance(data, list):
        for value in data:
            yield from _values_of(key, value)
