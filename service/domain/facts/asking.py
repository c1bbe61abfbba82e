"""Which facts an applicant is asked, and which are unlikely to concern it: who names no assets of
a REIT is not asked about them first, nor a shop whether it is a recognised incubator.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from service.domain.cache import BoundedCache
from service.domain.facts.agreement import agreements
from service.domain.facts.implied_facts import MAX_VOCABULARIES, implied_facts
from service.domain.facts.profile import PROJECT_KIND, Value
from service.domain.facts.vocabulary import Owner, Vocabulary

# Of companies that the same is told of, each once.
CACHE_SIZE = 512


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


def lacking_facts(
    missing: Iterable[str], stated: Mapping[str, Value], vocabulary: Vocabulary
) -> list[str]:
    """Of the facts that a match misses those to ask for: none that is read off others and, where no
    project is entered, none that would follow from entering one."""
    lacking = vocabulary.askable(missing)
    if PROJECT_KIND not in lacking or following_project_facts(vocabulary).isdisjoint(lacking):
        return lacking
    return [fact for fact in lacking if not _comes_with_project(fact, stated, vocabulary)]


@lru_cache(MAX_VOCABULARIES)
def following_project_facts(vocabulary: Vocabulary) -> frozenset[str]:
    """The facts of a project that follow from others by some rule."""
    facts = {fact for rule in vocabulary.implications for fact in rule.then}
    return frozenset(f for f in facts if vocabulary.facts[f].kinds)


def _comes_with_project(fact: str, stated: Mapping[str, Value], vocabulary: Vocabulary) -> bool:
    """Whether a fact of projects follows as soon as one is entered, of whichever of its kinds."""
    if fact not in following_project_facts(vocabulary):
        return False
    entered = ({**stated, PROJECT_KIND: kind} for kind in vocabulary.facts[fact].kinds)
    return all(any(i.fact == fact for i in implied_facts(e, vocabulary)) for e in entered)


def unlikely_facts(company: Mapping[str, Value], vocabulary: Vocabulary) -> UnlikelyFacts:
    """The facts that nothing stated of the company makes a matter for it: they stay unknown."""
    return _tellers_of(vocabulary).unlikely(company)


class _Tellers:
    """What tells of some facts, by the values of others, that they are a matter; each a bit."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        facts = vocabulary.facts.values()
        # Not asked of everybody, or of nobody; not asked of somebody, whatever else is stated; and
        # those that are hinted at.
        limited = _together((f.asked_of, f.id) for f in facts if f.asked_of or f.never_asked)
        barred = _together((f.not_asked_of, f.id) for f in facts if f.not_asked_of)
        hinted = _together((f.hinted_by, f.id) for f in facts if f.hinted_by)
        tellers = [*limited, *barred, *hinted]
        self._agreements = list(agreements([by_fact for by_fact, _ in tellers], vocabulary).items())
        self._facts = [facts for _, facts in tellers]
        self._first_hinted = len(limited) + len(barred)
        # One of `barred` tells where a value agrees, the others where none does.
        self._silent = (1 << len(tellers)) - 1 ^ (((1 << len(barred)) - 1) << len(limited))
        self._by_agreement: BoundedCache[int, UnlikelyFacts] = BoundedCache(CACHE_SIZE)

    def unlikely(self, company: Mapping[str, Value]) -> UnlikelyFacts:
        agreeing = 0
        for fact, agreement in self._agreements:
            value = company.get(fact)
            if value is not None:
                agreeing |= agreement.bits(value)
        telling = agreeing ^ self._silent
        return self._by_agreement.get(telling) or self._by_agreement.keep(
            telling, self._make(telling)
        )

    def _make(self, telling: int) -> UnlikelyFacts:
        first = self._first_hinted
        unlikely = [
            facts if telling >> i & 1 else frozenset() for i, facts in enumerate(self._facts)
        ]
        return UnlikelyFacts(
            frozenset().union(*unlikely[:first]), frozenset().union(*unlikely[first:])
        )


@lru_cache(MAX_VOCABULARIES)
def _tellers_of(vocabulary: Vocabulary) -> _Tellers:
    return _Tellers(vocabulary)


def _together(
    tellers: Iterable[tuple[Mapping[str, tuple[Value, ...]], str]],
) -> list[tuple[Mapping[str, tuple[Value, ...]], frozenset[str]]]:
    """Facts of which the same tells together, so that a request looks it up once."""
    found: dict[tuple[tuple[str, tuple[Value, ...]], ...], set[str]] = defaultdict(set)
    for told_by, fact in tellers:
        found[tuple(told_by.items())].add(fact)
    return [(dict(told_by), frozenset(facts)) for told_by, facts in found.items()]
