"""Files named `synonyms.yaml`, ours and an operator's, become the words a search understands."""

from collections.abc import Iterable

from marshmallow import fields, validate

from service.catalogue.schemas import Str, Strict, check_shape
from service.catalogue.yaml_tree import Document
from service.domain.facts.search_words import SearchWords

SYNONYMS = "synonyms.yaml"


class _SynonymsSchema(Strict):
    synonyms = fields.Dict(
        keys=Str(), values=fields.List(Str(), required=True, validate=validate.Length(min=1))
    )
    ignored = fields.List(Str())


def build_search_words(documents: Iterable[Document]) -> SearchWords:
    """The words of all files; an operator's add to ours. Faults go to the documents."""
    synonyms: dict[str, tuple[str, ...]] = {}
    ignored: set[str] = set()
    for document in documents:
        loaded = check_shape(_SynonymsSchema(), document)
        if loaded is None:
            continue
        for word, meant in loaded.get("synonyms", {}).items():
            _check_meant(document, word, meant)
            known = synonyms.get(word.casefold(), ())
            synonyms[word.casefold()] = tuple(dict.fromkeys([*known, *meant]))
        for position, word in enumerate(loaded.get("ignored", ())):
            if word.casefold() in ignored:
                document.fault(("ignored", position), f"{word!r} is already ignored")
            ignored.add(word.casefold())
        for word in loaded.get("synonyms", {}):
            if word.casefold() in ignored:
                document.fault(("synonyms", word), f"{word!r} is ignored and cannot mean anything")
    return SearchWords(synonyms, frozenset(ignored))


def _check_meant(document: Document, word: str, meant: list[str]) -> None:
    if len(set(meant)) < len(meant):
        document.fault(("synonyms", word), f"{word!r} means one of these twice")
    if word in meant:
        document.fault(("synonyms", word), f"{word!r} finds itself anyway")
