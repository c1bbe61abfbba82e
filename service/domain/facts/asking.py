"""Which facts are asked of whom, and which are likely a matter for whom: a REIT's assets are none
for a shop that names none, nor is the title of an incubator."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeAlias

from service.domain.facts.implied_facts import MAX_VOCABULARIES, agrees
from service.domain.facts.profile import Value
from service.domain.facts.vocabulary import Owner, Vocabulary


@dataclass(frozen=True)
class UnlikelyFacts:
    """The facts that are not asked of a company, and those that are, though nothing stated of it
    hints at them. Whoever has something to say of either may."""

    unasked: frozenset[str] = frozenset()
    unhinted: frozenset[str] = frozenset()

    @cached_property
    def either(self) -> frozenset[str]:
        """Both."""
        return self.unasked | self.unhinted

    @cached_property
    def of_project(self) -> frozenset[str]:
        """The facts of a project that nothing hints at."""
        return frozenset(f for f in self.unhinted if f.startswith(f"{Owner.PROJECT}."))


NONE_UNLIKELY = UnlikelyFacts()


def unlikely_facts(company: Mapping[str, Value], vocabulary: Vocabulary) -> UnlikelyFacts:
    """The facts that nothing stated of the company makes a matter for it: they stay unknown."""
    limited, barred, hinted = _by_what_tells(vocabulary)
    return UnlikelyFacts(
        _without_agreement(limited, company, vocabulary)
        | _with_agreement(barred, company, vocabulary),
        _without_agreement(hinted, company, vocabulary),
    )


# The values of other facts that make some facts a matter, and these facts.
_Told: TypeAlias = tuple[Mapping[str, tuple[Value, ...]], frozenset[str]]


@lru_cache(MAX_VOCABULARIES)
def _by_what_tells(vocabulary: Vocabulary) -> tuple[list[_Told], list[_Told], list[_Told]]:
    """The facts that are not asked of everybody, or of nobody; those that are not asked of
    somebody, whatever else is stated; and those that are hinted at."""
    facts = vocabulary.facts.values()
    return (
        _together((f.asked_of, f.id) for f in facts if f.asked_of or f.never_asked),
        _together((f.not_asked_of, f.id) for f in facts if f.not_asked_of),
        _together((f.hinted_by, f.id) for f in facts if f.hinted_by),
    )


def _together(told: Iterable[tuple[Mapping[str, tuple[Value, ...]], str]]) -> list[_Told]:
    """Facts of which the same tells together, so that a request looks it up once."""
    found: dict[tuple[tuple[str, tuple[Value, ...]], ...], set[str]] = defaultdict(set)
    for told_by, fact in told:
        found[tuple(told_by.items())].add(fact)
    return [(dict(told_by), frozenset(facts)) for told_by, facts in found.items()]


def _without_agreement(
    told: Iterable[_Told], company: Mapping[str, Value], vocabulary: Vocabulary
) -> frozenset[str]:
    """The facts that no other fact tells of: none has one of the values that are wanted of it."""
    return frozenset[str]().union(*[
        facts for told_by, facts in told if not _one_agrees(told_by, company, vocabulary)
    ])  # fmt: skip


def _with_agreement(
    told: Iterable[_Told], company: Mapping[str, Value], vocabulary: Vocabulary
) -> frozenset[str]:
    """The facts that another fact rules out: it has one of the values that are named of it."""
    return frozenset[str]().union(*[
        facts for told_by, facts in told if _one_agrees(told_by, company, vocabulary)
    ])  # fmt: skip


def _one_agrees(
    told_by: Mapping[str, tuple[Value, ...]], company: Mapping[str, Value], vocabulary: Vocabulary
) -> bool:
    """Whether one of some facts has one of the values that are wanted of it."""
    for name, values in told_by.items():
        stated = company.get(name)
        if stated is not None and agrees(
            stated, values, vocabulary.codes_of(vocabulary.facts[name])
        ):
            return True
    return False
