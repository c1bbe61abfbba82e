"""A request that anybody may send at once, in the catalogue's own words: its first good example."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from service.domain.evaluation.evaluator import PROMISING
from service.domain.facts.vocabulary import FactType, Vocabulary
from service.domain.rules.catalogue import Catalogue, Evidence, Example, Programme
from service.rendering.json_parts import Json

_PROMISING = frozenset(status.value for status in PROMISING)


def example_request(catalogue: Catalogue) -> Json:
    """What the example of an official programme with an amount describes, or the best there is; an
    empty profile where a catalogue has no example at all."""
    ranked = sorted(_examples(catalogue), key=lambda found: found[0])
    if not ranked:
        return {"profile": {"company": {}}}
    _, programme, example = ranked[0]
    profile = example_profile(programme, example, catalogue.vocabulary)
    return {"as_of": example.as_of.isoformat(), "profile": profile}


def example_profile(programme: Programme, example: Example, vocabulary: Vocabulary) -> Json:
    """The facts of an example as a client sends them: money as text, days as ISO dates."""
    parts: dict[str, Json] = {"company": {}, "project": {}}
    for fact_id, value in example.given.items():
        fact = vocabulary.facts[fact_id]
        money = fact.type is FactType.MONEY
        parts[fact.owner.value][fact.name] = _sendable(value, money=money)
    profile: Json = {"company": parts["company"]}
    if programme.supports and example.project:
        profile["projects"] = [{"ref": "p1", "kind": programme.supports[0], **parts["project"]}]
    return profile


def _examples(catalogue: Catalogue) -> Iterator[tuple[tuple[bool, bool, int], Programme, Example]]:
    """Promising examples, official before news, with an amount before without, most facts first."""
    for programme in catalogue.programmes.values():
        for example in programme.examples:
            if example.expect.status in _PROMISING:
                rank = (
                    programme.evidence is not Evidence.OFFICIAL,
                    example.expect.ceiling is None,
                    -len(example.given),
                )
                yield rank, programme, example


def _sendable(value: object, *, money: bool = False) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | Decimal):
        exact = Decimal(value)
        return f"{exact:.2f}" if money else _number(exact)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [_sendable(v) for v in value]
    if isinstance(value, dict):
        return {key: _sendable(v, money=key == "amount") for key, v in value.items()}
    return value


def _number(value: Decimal) -> int | str:
    return int(value) if value == value.to_integral_value() else f"{value:f}"
