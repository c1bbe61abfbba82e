"""Which keys of a condition go with which type of fact: one table, from which what is refused, the
schema of policy files and the handbook follow.
"""

from collections.abc import Mapping

from service.catalogue.fault_words import quoted, say
from service.catalogue.faults import ConditionFault
from service.domain.facts.vocabulary import Fact, FactType

LOWER = {"at_least": True, "more_than": False}
UPPER = {"at_most": True, "less_than": False}
DATE_LOWER = {"on_or_after": True, "after": False}
DATE_UPPER = {"on_or_before": True, "before": False}
BOUNDS = frozenset({*LOWER, *UPPER})
DAYS = frozenset({*DATE_LOWER, *DATE_UPPER, "between"})
AGES = frozenset({"age_at_least", "age_more_than", "age_at_most", "age_less_than"})
ONE_VALUE = frozenset({"is", "one_of"})
SETS = frozenset({"has_any", "has_all"})
# What a fact is asked with a value beside it.
KEYS: Mapping[FactType, frozenset[str]] = {
    FactType.TEXT: ONE_VALUE,
    FactType.IDENTIFIER: frozenset(),
    FactType.BOOLEAN: ONE_VALUE,
    FactType.INTEGER: ONE_VALUE | BOUNDS,
    FactType.NUMBER: BOUNDS,
    FactType.MONEY: BOUNDS,
    FactType.DATE: DAYS | AGES,
    FactType.CODE: ONE_VALUE | {"within"},
    FactType.CODES: SETS | {"within"},
    FactType.CERTIFICATES: frozenset({"holds"}),
    FactType.AWARDS: frozenset(),
    FactType.PROJECTS: frozenset(),
}
# What it is asked besides with another quantity: numbers and days are compared.
COMPARED: Mapping[FactType, frozenset[str]] = {
    FactType.INTEGER: BOUNDS | {"is"},
    FactType.NUMBER: BOUNDS | {"is"},
    FactType.MONEY: BOUNDS | {"is"},
    FactType.DATE: BOUNDS | DAYS | {"is"},
}
# What an age is told in; any other mapping beside a bound is a quantity.
SPANS = {"years", "months", "days"}
EVERY_KEY = frozenset[str]().union(*KEYS.values())
# What is asked of records by a key of its own, without `fact`.
_INSTEAD = {
    FactType.AWARDS: {"had", "awards", "award_amounts"},
    FactType.PROJECTS: {"projects"},
}


def keys_of_fact(fact: Fact) -> frozenset[str]:
    """What a fact can be asked with a value; a set that is never empty also what one value is."""
    return KEYS[fact.type] | (ONE_VALUE if fact.at_least_one else frozenset())


def check_key(key: str, fact: Fact, *, comparing: bool = False) -> None:
    """Raises ConditionFault where a key does not go with the type of a fact; `comparing`: a
    quantity stands beside it."""
    beside = COMPARED.get(fact.type, frozenset()) if comparing else frozenset()
    fits = keys_of_fact(fact) | beside
    if key in EVERY_KEY and key not in fits:
        words = say(
            "operator_does_not_fit_type", key=quoted(key), fact=fact.id, type=fact.type.value
        )
        raise ConditionFault(words, {*fits, *_INSTEAD.get(fact.type, ())})
