"""The key `checks` of a vocabulary file: figures that cannot be, and what is then told."""

from collections.abc import Iterable, Iterator

from service.catalogue.conditions import Compiler
from service.catalogue.schema_fields import Bilingual
from service.catalogue.yaml_tree import Document
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.catalogue import FigureCheck
from service.domain.rules.conditions import numbered

CHECKS = "checks"


def build_checks(
    documents: Iterable[Document], vocabulary: Vocabulary, numbers: Iterator[int]
) -> tuple[FigureCheck, ...]:
    """The checks of all vocabulary files, each a condition in the ordinary language, numbered."""
    compiler, found = Compiler(vocabulary, CHECKS, {}), []
    for document in documents:
        entries = document.data.get(CHECKS) if isinstance(document.data, dict) else None
        for i, raw in enumerate(entries or ()):
            condition = compiler.compile(raw["when"], document, (CHECKS, i, "when"), CHECKS)
            if condition is not None:
                text = Bilingual().deserialize(raw["text"])
                found.append(FigureCheck(numbered(condition, numbers), text))
    return tuple(found)
