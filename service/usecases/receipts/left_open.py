"""What the open programmes of a memo wait for: facts, or else what the text leaves to others."""

from collections import Counter
from collections.abc import Iterator, Mapping

import orjson

from service.domain.facts.profile import Value
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.conditions import Condition, Group, Undecided
from service.domain.rules.operators import InSet
from service.domain.rules.quantities import FactQuantity
from service.domain.text import Text
from service.domain.truth import Truth
from service.domain.wording.outcomes import closed
from service.domain.wording.sentences import sentence
from service.domain.wording.values import stated_text
from service.rendering.json_parts import Json, text_json

_OPEN = str(Truth.UNKNOWN)
_WHETHER = Text(
    "{fact}：{value}，条文所指是否包括", "{fact}: {value}, and whether the text means this too"
)


def left_open(
    findings: list[Json],
    conditions: tuple[Condition, ...],
    facts: Mapping[str, Value],
    vocabulary: Vocabulary,
) -> list[Json]:
    """What keeps a match open that no fact settles, each once."""
    found = _open_points(findings, conditions, facts, vocabulary)
    return [text_json(text) for text in dict.fromkeys(found)]


def _open_points(
    findings: list[Json],
    conditions: tuple[Condition, ...],
    facts: Mapping[str, Value],
    vocabulary: Vocabulary,
) -> Iterator[Text]:
    for finding, condition in zip(findings, conditions, strict=True):
        if finding["truth"] != _OPEN:
            continue
        if isinstance(condition, Group):
            yield from _open_points(finding["children"], condition.children, facts, vocabulary)
        elif isinstance(condition, Undecided):
            yield condition.term
        elif (
            isinstance(condition.operator, InSet)
            and condition.operator.umbrella
            and isinstance(condition.quantity, FactQuantity)
            and (stated := facts.get(condition.quantity.fact)) is not None
        ):
            fact = vocabulary.facts[condition.quantity.fact]
            value = stated_text(stated, fact, vocabulary)
            yield _WHETHER.format(fact=fact.label, value=value)
        elif finding["observed"] is not None:
            # Of a fact that is not stated nobody else need judge: it decides nothing here.
            yield sentence(closed(condition), vocabulary)


def by_what_is_missing(open_matches: list[Json]) -> list[Json]:
    """The open programmes that wait for the same, together; the order stays. What they leave to
    others is said once for those that share all of it that any two share; what only one programme
    leaves to others is `further` to that."""
    counted = Counter(orjson.dumps(text) for match in open_matches for text in match["left_open"])
    groups: dict[bytes, Json] = {}
    for match in open_matches:
        left = match["left_open"]
        shared = [text for text in left if counted[orjson.dumps(text)] > 1] or left
        waits = {"missing": match["missing"], "left_open": shared}
        group = groups.setdefault(orjson.dumps(waits), {**waits, "programmes": []})
        further = [text for text in left if text not in shared]
        group["programmes"].append({**match, "further": further})
    return list(groups.values())
