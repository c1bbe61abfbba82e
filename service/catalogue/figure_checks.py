"""The key `checks` of a vocabulary file: figures that cannot be, and what is then told."""

from collections.abc import Iterable

from service.catalogue.conditions import Compiler
from service.catalogue.schemas import Bilingual
from service.catalogue.yaml_tree import Document
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.catalogue import FigureCheck

CHECKS = "checks"


def build_checks(documents: Iterable[Document], vocabulary: Vocabulary) -> tuple[FigureCheck, ...]:
    """The checks of all vocabulary files, each a condition in the ordinary language."""
    compiler, found = Compiler(vocabulary, CHECKS, {}), []
    for document in documents:
        entries = document.data.get(CHECKS) if isinstance(document.data, dict) else None
        for i, raw in enumerate(entries or ()):
            condition = compiler.compile(raw["when"], document, (CHECKS, i, "when"), CHECKS)
            if condition is not None:
                found.append(FigureCheck(condition, Bilingual().deserialize(raw["text"])))
    return tuple(found)
