"""The key `checks` of a vocabulary file: figures that cannot be, and what is then told. That who
holds none of a list holds nothing of it is checked without a word in any file.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from service.catalogue.conditions import Compiler
from service.catalogue.schema_fields import Bilingual
from service.catalogue.yaml_tree import Document
from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.rules.catalogue import FigureCheck
from service.domain.rules.conditions import numbered
from service.domain.text import Text

CHECKS = "checks"
_BESIDE_OTHERS = Text(
    "{fact}同时填了“{none}”和其他选项，请核对",
    "{fact}: “{none}” stands beside others; please check",
)


def build_checks(
    documents: Sequence[Document], vocabulary: Vocabulary, numbers: Iterator[int]
) -> tuple[FigureCheck, ...]:
    """The checks of all vocabulary files, each a condition in the ordinary language, numbered."""
    compiler, found = Compiler(vocabulary, CHECKS, {}), []
    for document, place, asked, text in (*_written(documents), *_of_lists(documents, vocabulary)):
        condition = compiler.compile(asked, document, place, CHECKS)
        if condition is not None:
            found.append(FigureCheck(numbered(condition, numbers), text))
    return tuple(found)


_Check = tuple[Document, tuple[str | int, ...], Any, Text]


def _written(documents: Sequence[Document]) -> Iterator[_Check]:
    """Those that stand in the files."""
    for document in documents:
        entries = document.data.get(CHECKS) if isinstance(document.data, dict) else None
        for i, raw in enumerate(entries or ()):
            text = Bilingual().deserialize(raw["text"])
            yield document, (CHECKS, i, "when"), raw["when"], text


def _of_lists(documents: Sequence[Document], vocabulary: Vocabulary) -> Iterator[_Check]:
    """For each fact of several codes whose list has one for none of the others."""
    for fact in vocabulary.facts.values():
        none = _none_of(fact, vocabulary)
        if none is not None:
            others, label = none
            asked = {"all": [{"fact": fact.id, "has_any": held} for held in others]}
            yield documents[0], (CHECKS,), asked, _BESIDE_OTHERS.format(fact=fact.label, none=label)


def _none_of(fact: Fact, vocabulary: Vocabulary) -> tuple[list[list[str]], Text] | None:
    """The code for none of a fact's list and all others that say what is held, and its label."""
    codes = vocabulary.codes_of(fact)
    if fact.type is not FactType.CODES or codes is None or codes.none_code is None:
        return None
    others = [
        c.code for c in codes.codes.values() if not (c.none_of_others or c.rest or c.completes)
    ]
    return ([[codes.none_code], others], codes.codes[codes.none_code].label) if others else None
