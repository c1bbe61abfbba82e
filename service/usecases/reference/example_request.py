"""A request that anybody may send at once, in the catalogue's own words: its first good example."""

from datetime import date
from decimal import Decimal
from typing import Any

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.facts.vocabulary import FactType
from service.rendering.example_profile import example_profile
from service.rendering.json_parts import Json


def example_request(compiled: CompiledCatalogue) -> Json:
    """What the example of an official programme with an amount describes, or the best there is; an
    empty profile where a catalogue has no example at all. Money is text, days are ISO dates."""
    if compiled.table.best_example is None:
        return {"profile": {"company": {}}}
    name, example = compiled.table.best_example
    programme, vocabulary = compiled.catalogue.programmes[name], compiled.catalogue.vocabulary

    def written(fact: str, value: object) -> Any:
        return _sendable(value, money=vocabulary.facts[fact].type is FactType.MONEY)

    profile = example_profile(programme, example, vocabulary, written)
    return {"as_of": example.as_of.isoformat(), "profile": profile}


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
