"""Which codes the programmes of a catalogue name, for whom."""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Predicate, leaves


class NamedCodes(NamedTuple):
    """What one programme says of a list: the codes it names, and the kinds of applicant it is
    for."""

    programme: str
    kinds: frozenset[str]
    codes: frozenset[str]


CodeUses: TypeAlias = Mapping[str, tuple[NamedCodes, ...]]


def code_uses(catalogue: Catalogue) -> CodeUses:
    """For each fact of a list, one entry a programme that looks at it."""
    by_fact: dict[str, list[NamedCodes]] = {}
    for programme in catalogue.programmes.values():
        named: dict[str, set[str]] = {}
        for test in leaves(programme.condition):
            if isinstance(test, Predicate):
                values = getattr(test.operator, "values", getattr(test.operator, "categories", ()))
                for fact in test.quantity.facts:
                    named.setdefault(fact, set()).update(v for v in values if isinstance(v, str))
        kinds = frozenset(programme.kinds)
        for fact, codes in named.items():
            entry = NamedCodes(programme.id, kinds, frozenset(codes))
            by_fact.setdefault(fact, []).append(entry)
    return {fact: tuple(uses) for fact, uses in by_fact.items()}
