"""Files named `synonyms.yaml`, ours and an operator's, become the words a search understands."""

from collections.abc import Iterable

from marshmallow import fields, validate

from service.catalogue.fault_words import quoted, say
from service.catalogue.schema_fields import Str, Strict
from service.catalogue.shape_check import check_shape
from service.catalogue.yaml_tree import Document
from service.domain.facts.search_folding import folded
from service.domain.facts.search_words import SearchWords


def _meanings_field() -> fields.Dict:
    return fields.Dict(
        keys=Str(), values=fields.List(Str(), required=True, validate=validate.Length(min=1))
    )


class _SynonymsSchema(Strict):
    synonyms = _meanings_field()
    broader = _meanings_field()
    ignored = fields.List(Str())
    amounts = fields.List(Str())


def build_search_words(documents: Iterable[Document]) -> SearchWords:
    """The words of all files; an operator's add to ours. Faults go to the documents."""
    meant: dict[str, dict[str, tuple[str, ...]]] = {"synonyms": {}, "broader": {}}
    ignored: set[str] = set()
    amounts: set[str] = set()
    for document in documents:
        loaded = check_shape(_SynonymsSchema(), document)
        if loaded is None:
            continue
        for part, known in meant.items():
            _add_meanings(known, document, part, loaded.get(part, {}))
        for position, word in enumerate(loaded.get("ignored", ())):
            if folded(word) in ignored:
                document.fault(("ignored", position), say("is_already_ignored", word=quoted(word)))
            ignored.add(folded(word))
        amounts |= {folded(word) for word in loaded.get("amounts", ())}
    return SearchWords(
        meant["synonyms"], frozenset(ignored), meant["broader"], amounts=frozenset(amounts)
    )


def _add_meanings(
    known: dict[str, tuple[str, ...]], document: Document, part: str, given: dict[str, list[str]]
) -> None:
    for word, meant in given.items():
        if len(set(meant)) < len(meant):
            document.fault((part, word), say("means_one_of_these_twice", word=quoted(word)))
        if word in meant:
            document.fault((part, word), say("finds_itself_anyway", word=quoted(word)))
        earlier = known.get(folded(word), ())
        known[folded(word)] = tuple(dict.fromkeys([*earlier, *meant]))
