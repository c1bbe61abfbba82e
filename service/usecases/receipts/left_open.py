"""What the open programmes of a memo wait for: facts, or else what the text leaves to others."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import orjson

from service.domain.facts.profile import Value
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.conditions import Condition, Group, Predicate, Undecided
from service.domain.rules.operators import InSet
from service.domain.rules.quantities import FactQuantity
from service.domain.text import Text
from service.domain.truth import Truth
from service.domain.wording.outcomes import closed
from service.domain.wording.sentences import sentence
from service.domain.wording.values import stated_text
from service.rendering.json_parts import Json, text_json

# From so many groups on, a fact that all of them wait for is said once.
MANY_GROUPS = 4
_OPEN = str(Truth.UNKNOWN)
_WHETHER = Text(
    "{fact}：{value}，原文所指是否包括", "{fact}: {value}, and whether the text means this too"
)


def left_open(
    findings: list[Json],
    conditions: tuple[Condition, ...],
    facts: Mapping[str, Value],
    vocabulary: Vocabulary,
) -> list[Json]:
    """What keeps a match open that no fact settles, each once."""
    found = [
        text
        for finding, condition in _open_leaves(findings, conditions)
        if (text := _left_open_by(finding, condition, facts, vocabulary)) is not None
    ]
    return [text_json(text) for text in dict.fromkeys(found)]


def _open_leaves(
    findings: list[Json], conditions: Iterable[Condition]
) -> Iterator[tuple[Json, Predicate | Undecided]]:
    """The conditions that hang on something unknown, below their groups, each with its finding."""
    for finding, condition in zip(findings, conditions, strict=True):
        if finding["truth"] != _OPEN:
            continue
        if isinstance(condition, Group):
            yield from _open_leaves(finding["children"], condition.children)
        else:
            yield finding, condition


def _left_open_by(
    finding: Json,
    condition: Predicate | Undecided,
    facts: Mapping[str, Value],
    vocabulary: Vocabulary,
) -> Text | None:
    """What an open condition leaves to others; None where it waits for a fact only."""
    if isinstance(condition, Undecided):
        return condition.term
    if (
        isinstance(condition.operator, InSet)
        and condition.operator.umbrella
        and isinstance(condition.quantity, FactQuantity)
        and (stated := facts.get(condition.quantity.fact)) is not None
    ):
        fact = vocabulary.facts[condition.quantity.fact]
        return _WHETHER.format(fact=fact.label, value=stated_text(stated, fact, vocabulary))
    # Of a fact that is not stated nobody else need judge: it decides nothing here.
    return None if finding["observed"] is None else sentence(closed(condition), vocabulary)


def by_what_is_missing(open_matches: list[Json], first: Json | None = None) -> list[Json]:
    """The open programmes that wait for the same, together; the order stays, but that those which
    wait for `first` come last where they are many: it is said once for them all, and `besides` is
    what each waits for beside it. What they leave to others is said once for those that share all
    of it that any two share; what only one programme leaves to others is `further` to that."""
    counted = Counter(orjson.dumps(text) for match in open_matches for text in match["left_open"])
    groups: dict[bytes, Json] = {}
    for match in open_matches:
        left = match["left_open"]
        shared = [text for text in left if counted[orjson.dumps(text)] > 1] or left
        waits = {"missing": match["missing"], "left_open": shared}
        group = groups.setdefault(orjson.dumps(waits), {**waits, "programmes": []})
        further = [text for text in left if text not in shared]
        group["programmes"].append({**match, "further": further})
    found = list(groups.values())
    first = first if sum(first in g["missing"] for g in found) >= MANY_GROUPS else None
    for group in found:
        group["first"] = first if first in group["missing"] else None
        group["besides"] = [m for m in group["missing"] if m != group["first"]]
    return sorted(found, key=lambda group: group["first"] is not None)
