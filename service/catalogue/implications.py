"""What a vocabulary file says of a fact by means of others: `implies`, which facts follow from it;
`asked_of`, `not_asked_of` and `hinted_by`, for whom it is a matter."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from service.catalogue.fault_words import quoted, say
from service.catalogue.yaml_tree import Document, Path
from service.domain.facts.profile import Value
from service.domain.facts.vocabulary import AtLeast, Fact, FactType, Implication, Wanted

_PLAIN = {FactType.BOOLEAN: bool, FactType.INTEGER: int}


def build_implications(
    raws: Any, document: Document, facts: Mapping[str, Fact], codes_of: Mapping[str, Any]
) -> Iterator[Implication]:
    """The rules of one file; what a rule names must exist and fit."""
    for i, raw in enumerate(raws or ()):
        at: Path = ("implies", i)
        counts = {f: v for f, v in raw["when"].items() if isinstance(v, Mapping)}
        exact = {f: v for f, v in raw["when"].items() if f not in counts}
        when: dict[str, tuple[Wanted, ...]] = {
            **build_values(exact, document, (*at, "when"), facts, codes_of),
            **dict(_build_counts(counts, document, (*at, "when"), facts)),
        }
        then = {}
        for fact_id, value in raw["then"].items():
            built = _fill_value(fact_id, value, document, (*at, "then"), facts, codes_of)
            if built is not None:
                then[fact_id] = built
        yield Implication(when, then, raw.get("presumed", False))


def _build_counts(
    raws: Mapping[str, Mapping[str, Any]], document: Document, at: Path, facts: Mapping[str, Fact]
) -> Iterator[tuple[str, tuple[AtLeast, ...]]]:
    """How many there are at least, `{at_least: 1}`, of facts that are whole numbers."""
    for fact_id, raw in raws.items():
        fact, least = facts.get(fact_id), raw.get("at_least")
        counted = fact is None or fact.type is FactType.INTEGER
        if counted and len(raw) == 1 and type(least) is int:
            _read_value(fact_id, least, document, at, facts, {})
            yield fact_id, (AtLeast(least),)
        else:
            document.fault(
                (*at, fact_id), say("does_not_fit", raw=quoted(dict(raw)), fact_id=fact_id)
            )


def build_values(
    raw: Mapping[str, Any], document: Document, at: Path, facts: Mapping[str, Fact],
    codes_of: Mapping[str, Any],
) -> dict[str, tuple[Value, ...]]:  # fmt: skip
    """For each fact the values of it, one of which is wanted."""
    found = {}
    for fact_id, value in raw.items():
        wanted = value if isinstance(value, list) else [value]
        values = [_read_value(fact_id, v, document, at, facts, codes_of) for v in wanted]
        found[fact_id] = tuple(v for v in values if v is not None)
    return found


def _fill_value(
    fact_id: str, raw: Any, document: Document, at: Path, facts: Mapping[str, Fact],
    codes_of: Mapping[str, Any],
) -> Value | None:  # fmt: skip
    """A value as the fact holds it: a set for a set, an empty list for records."""
    fact = facts.get(fact_id)
    if fact and fact.type in (FactType.CERTIFICATES, FactType.AWARDS) and raw == []:
        return ()
    if fact and fact.type is FactType.CODES:
        named = raw if isinstance(raw, list) else [raw]
        values = [_read_value(fact_id, v, document, at, facts, codes_of) for v in named]
        return frozenset(str(v) for v in values if v is not None)
    return _read_value(fact_id, raw, document, at, facts, codes_of)


def _read_value(
    fact_id: str, raw: Any, document: Document, at: Path, facts: Mapping[str, Fact],
    codes_of: Mapping[str, Any],
) -> Value | None:  # fmt: skip
    fact = facts.get(fact_id)
    if fact is None:
        document.fault(
            (*at, fact_id), say("there_is_no_fact_named", fact_id=quoted(fact_id)), sorted(facts)
        )
        return None
    codes = codes_of.get(fact.list or "")
    if codes is not None:
        sound = isinstance(raw, str) and raw in codes
    elif fact.type in (FactType.MONEY, FactType.NUMBER):
        sound = isinstance(raw, int | Decimal) and not isinstance(raw, bool)
        raw = Decimal(raw) if sound else raw
    else:
        sound = type(raw) is _PLAIN.get(fact.type)
    if not sound:
        document.fault((*at, fact_id), say("does_not_fit", raw=quoted(raw), fact_id=fact_id))
        return None
    value: Value = raw
    return value
