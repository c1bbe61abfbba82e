"""Groups of conditions that are said by their names alone, such as a size class: what stands below
one in an answer is a table of a standard, and explains nothing row by row."""

from collections.abc import Iterator

from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.conditions import Condition, Group, children_of
from service.domain.wording.sentences import heading
from service.rendering.json_parts import Json


def names_that_say_all(rule: Condition, vocabulary: Vocabulary) -> frozenset[str]:
    """The Chinese wording of each such group of a rule: an answer shows it by that."""
    return frozenset(heading(group, vocabulary).zh for group in _term_only(rule))


def _term_only(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, Group) and condition.term_only:
        yield condition
        return
    for child in children_of(condition):
        yield from _term_only(child)


def facts_looked_at(condition: Json) -> list[str]:
    """The facts that a condition or its parts look at, each once."""
    return list(dict.fromkeys(facts_of(condition)))


def facts_of(condition: Json) -> Iterator[str]:
    """The facts that a condition looks at, or its parts do."""
    yield from condition["facts"]
    for child in condition["children"]:
        yield from facts_of(child)
