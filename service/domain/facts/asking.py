"""Which facts are asked of whom: a REIT's assets are no matter for a shop that names none."""

from collections.abc import Mapping
from functools import lru_cache

from service.domain.facts.implied_facts import MAX_VOCABULARIES, agrees
from service.domain.facts.profile import Value
from service.domain.facts.vocabulary import Fact, Vocabulary


def facts_not_asked(company: Mapping[str, Value], vocabulary: Vocabulary) -> frozenset[str]:
    """The facts that nothing stated of the company makes a matter for it. They stay unknown, and
    whoever has something to say of them may."""
    return frozenset(f.id for f in _limited(vocabulary) if not _concerns(f, company, vocabulary))


@lru_cache(MAX_VOCABULARIES)
def _limited(vocabulary: Vocabulary) -> tuple[Fact, ...]:
    """The facts that are not asked of everybody, or of nobody."""
    return tuple(f for f in vocabulary.facts.values() if f.asked_of or f.never_asked)


def _concerns(fact: Fact, company: Mapping[str, Value], vocabulary: Vocabulary) -> bool:
    """Whether one of the other facts has one of the values by which a fact is asked."""
    for name, values in fact.asked_of.items():
        stated = company.get(name)
        if stated is not None and agrees(
            stated, values, vocabulary.codes_of(vocabulary.facts[name])
        ):
            return True
    return False
