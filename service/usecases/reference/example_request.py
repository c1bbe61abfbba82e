"""A request that anybody may send at once, in the catalogue's own words: its first good example."""

from datetime import date
from decimal import Decimal
from typing import Any

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.facts.vocabulary import FactType, Vocabulary
from service.domain.rules.programmes import Example, Programme
from service.rendering.json_parts import Json, with_refs


def example_request(compiled: CompiledCatalogue) -> Json:
    """What the example of an official programme with an amount describes, or the best there is; an
    empty profile where a catalogue has no example at all."""
    if compiled.table.best_example is None:
        return {"profile": {"company": {}}}
    programme, example = compiled.table.best_example
    profile = example_profile(programme, example, compiled.catalogue.vocabulary)
    return {"as_of": example.as_of.isoformat(), "profile": profile}


def example_profile(programme: Programme, example: Example, vocabulary: Vocabulary) -> Json:
    """The facts of an example as a client sends them: money as text, days as ISO dates."""
    parts: dict[str, Json] = {"company": {}, "project": {}}
    listed: list[Any] = []
    for fact_id, value in example.given.items():
        fact = vocabulary.facts[fact_id]
        if fact.type is FactType.PROJECTS:
            listed += with_refs(_sendable(value))
        else:
            money = fact.type is FactType.MONEY
            parts[fact.owner.value][fact.name] = _sendable(value, money=money)
    if programme.supports and example.project:
        listed.insert(0, {"ref": "p1", "kind": programme.supports[0], **parts["project"]})
    return {"company": parts["company"], **({"projects": listed} if listed else {})}


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
