"""Conditions of an answer as a page shows them: which failed, what they look at, what is said."""

from collections.abc import Iterator

from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.conditions import Condition
from service.domain.wording.sentences import heading
from service.rendering.json_parts import Json


def failing_facts(condition: Json) -> Iterator[str]:
    """The facts of what is not met in a condition that is not."""
    if condition["truth"] == "false" and not condition["children"]:
        yield from condition["facts"]
    for child in condition["children"]:
        yield from failing_facts(child)


def has_part_met(condition: Json) -> bool:
    return any(c["truth"] == "true" or has_part_met(c) for c in condition["children"])


def path_to(wanted: Json, conditions: list[Json]) -> tuple[Json, ...]:
    """The conditions on the way down to one of them, itself last; none where it is not there."""
    for condition in conditions:
        if condition is wanted:
            return (condition,)
        if below := path_to(wanted, condition["children"]):
            return (condition, *below)
    return ()


def is_shown_as(condition: Condition, shown: Json, vocabulary: Vocabulary) -> bool:
    """Whether a condition of a rule is the one that an answer shows."""
    return bool(heading(condition, vocabulary).zh == shown["text"]["zh"])


def first_failed(conditions: list[Json]) -> Json | None:
    """The first condition that is not met, at the depth where it says most."""
    for condition in conditions:
        if condition["truth"] == "false":
            deeper = first_failed(condition["children"])
            return deeper if deeper and len(condition["children"]) == 1 else condition
    return None
