"""Conditions that belong to no programme, such as the criteria of a certificate or the checks of
figures, indexed as if each were a programme for everybody at any time."""

from collections.abc import Mapping
from dataclasses import replace

from service.domain.dates import Window
from service.domain.facts.vocabulary import Vocabulary
from service.domain.index.status_index import StatusIndex
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Clause, Condition, Connective, Group
from service.domain.rules.programmes import Programme

# The conditions stand in no article; nobody is shown where they stand.
_CLAUSE = Clause("conditions", 1)


def as_programmes(
    catalogue: Catalogue, conditions: Mapping[str, Condition]
) -> dict[str, Programme]:
    """A programme of the same name for each condition; none where the catalogue has none to take
    the rest from."""
    pattern = next(iter(catalogue.programmes.values()), None)
    if pattern is None:
        return {}
    return {
        name: replace(pattern, id=name, condition=_whole(condition), supports=(), window=Window())
        for name, condition in conditions.items()
    }


def index_conditions(vocabulary: Vocabulary, rules: Mapping[str, Programme]) -> StatusIndex:
    """What finds for many rows at once which of such programmes' conditions hold."""
    return StatusIndex(Catalogue("conditions", vocabulary, {}, dict(rules)))


def _whole(condition: Condition) -> Group:
    if isinstance(condition, Group):
        return condition
    return Group(Connective.ALL, (condition,), _CLAUSE)
