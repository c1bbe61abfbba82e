"""Files named `glossary.yaml`, ours and an operator's, become the terms that pages explain."""

from collections.abc import Iterable

from marshmallow import fields

from service.catalogue.fault_words import quoted, say
from service.catalogue.schema_fields import Bilingual, Str, Strict
from service.catalogue.shape_check import check_shape
from service.catalogue.yaml_tree import Document
from service.domain.facts.glossary import Glossary, Term


class _TermSchema(Strict):
    term = Bilingual(required=True)
    means = Bilingual(required=True)
    also = fields.List(Str())


class _GlossarySchema(Strict):
    terms = fields.List(fields.Nested(_TermSchema), required=True)


def build_glossary(documents: Iterable[Document]) -> Glossary:
    """The terms of all files. A spelling that two terms have is a fault of the second."""
    terms: list[Term] = []
    taken: set[str] = set()
    for document in documents:
        loaded = check_shape(_GlossarySchema(), document)
        for position, said in enumerate(loaded["terms"] if loaded else ()):
            term = Term(said["term"], said["means"], tuple(said.get("also", ())))
            spelt = {spelling.casefold() for spelling in term.spellings}
            for twice in sorted(spelt & taken):
                document.fault(("terms", position), say("is_explained_already", word=quoted(twice)))
            taken |= spelt
            terms.append(term)
    return Glossary(tuple(terms))
