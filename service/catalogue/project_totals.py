"""What all projects of a company come to: `projects: {kind: …, where: …, sum: project.cost}`."""

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from service.catalogue.certificates_and_awards import record_fact
from service.catalogue.fault_words import quoted, say
from service.catalogue.faults import ConditionFault, check_keys, not_in_list
from service.domain.facts.profile import PROJECT_KIND, PROJECTS_ABSENT
from service.domain.facts.vocabulary import FactType, Owner, Vocabulary
from service.domain.rules import quantities as forms
from service.domain.rules.conditions import Clause
from service.domain.rules.quantities import Quantity
from service.domain.rules.units import ITEM

if TYPE_CHECKING:
    from service.catalogue.quantities import QuantityReader

_KEYS = {"kind", "where", "sum", "largest", "best"}
# More of the best than these nobody pays for one by one.
_MAX_BEST = 20
_ONE = forms.Constant(Fraction(1), ITEM)


def read_total(reader: "QuantityReader", raw: Mapping[str, Any], clause: Clause) -> Quantity:
    """How many projects there are, what they come to, the largest or so many of the best. Raises
    ConditionFault."""
    check_keys(raw, {"projects"})
    asked = raw["projects"]
    if not isinstance(asked, dict):
        raise ConditionFault(say("must_be_a_mapping"), _KEYS)
    check_keys(asked, _KEYS)
    how = asked.keys() & {"sum", "largest"}
    if len(how) > 1:
        raise ConditionFault(say("projects_have_a_sum_or_the_largest"), {"sum", "largest"})
    fact = record_fact({}, FactType.PROJECTS, reader.vocabulary)
    worth = reader.read(asked[min(how)], clause) if how else _ONE
    if "where" in asked:
        where = reader.compile_condition(asked["where"], clause)
        rest = forms.Constant(Fraction(0), reader.check(worth))
        worth = forms.Cases((forms.Branch(where, worth),), rest)
    _check_own(worth, reader.vocabulary)
    kinds = _read_kinds(asked.get("kind"), reader.vocabulary)
    best = 1 if how == {"largest"} else _read_best(asked)
    return forms.ProjectTotal(fact.id, PROJECTS_ABSENT, kinds, worth, best)


def _read_best(asked: Mapping[str, Any]) -> int | None:
    """How many of the best are summed; None where all are."""
    if "best" not in asked:
        return None
    best = asked["best"]
    whole = isinstance(best, int) and not isinstance(best, bool)
    if "sum" not in asked or not whole or not 1 < best <= _MAX_BEST:
        raise ConditionFault(say("best_is_how_many_are_summed", most=_MAX_BEST))
    return int(best)


def _check_own(worth: Quantity, vocabulary: Vocabulary) -> None:
    """Each project counts by its own facts alone: who has it is the same for all."""
    for name in worth.facts:
        if vocabulary.facts[name].owner is not Owner.PROJECT:
            own = [f.id for f in vocabulary.project]
            raise ConditionFault(say("projects_count_by_their_own_facts", name=quoted(name)), own)


def _read_kinds(raw: Any, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The kinds that count; all where none is named."""
    kind = vocabulary.facts.get(PROJECT_KIND)
    codes = vocabulary.codes_of(kind) if kind else None
    if codes is None or PROJECTS_ABSENT not in vocabulary.facts:
        raise ConditionFault(say("the_vocabulary_has_no_projects"))
    if raw is None:
        return tuple(codes.codes)
    named = raw if isinstance(raw, list) else [raw]
    if not named:
        raise ConditionFault(say("a_list_that_names_nothing_leave"))
    for code in named:
        if code not in codes:
            raise not_in_list(code, codes)
    return tuple(dict.fromkeys(named))
