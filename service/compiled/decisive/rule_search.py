"""The facts worth asking in one programme: found by `decisive_facts`, the reference, and kept.

For the few programmes whose tests cannot be looked at one by one. Companies of which the same tests
are still open, and to which the same answers are left, share what was found for the first of them.
"""

from collections.abc import Mapping
from typing import NamedTuple

from service.compiled.decisive.fact_tests import FactTests
from service.compiled.evaluated_subject import EvaluatedSubject
from service.domain.advice.decisive_facts import decisive_facts
from service.domain.cache import BoundedCache
from service.domain.evaluation.evaluator import evaluate_programme
from service.domain.facts.vocabulary import Vocabulary
from service.domain.index.bitset import BitSet, bitset_of
from service.domain.index.status_index import StatusIndex
from service.domain.rules.conditions import Condition, tests_in
from service.domain.rules.programmes import Programme

CACHE_SIZE = 512


class RuleTests(NamedTuple):
    """A programme's tests: where they stand, and what they ask."""

    rule: int  # the first programme that has the same rule
    bits: BitSet  # the programme's own bits in all lanes
    facts: tuple[tuple[str, BitSet], ...]  # each with the bits of the tests that ask it alone
    reckoned: frozenset[str]  # facts that are parts of numbers made of several


class RuleSearch:
    """Searches the rules of one catalogue; `facts` are all that stand in a test by themselves."""

    def __init__(
        self, index: StatusIndex, vocabulary: Vocabulary, facts: Mapping[str, FactTests]
    ) -> None:
        self._index, self._vocabulary, self._facts = index, vocabulary, facts
        self._places: dict[int, RuleTests] = {}
        self._rules: dict[Condition, int] = {}
        self._searched: BoundedCache[object, tuple[str, ...]] = BoundedCache(CACHE_SIZE)

    def search(
        self, place: int, programme: Programme, subject: EvaluatedSubject, live: BitSet
    ) -> tuple[str, ...]:
        """What `decisive_facts` finds. Kept by the tests that can still change the status (`live`)
        and by what is stated and leaves one of them open, or is a part of a number."""
        rule, bits, asked, reckoned = self.tests_of(place)
        here, facts, as_of = live & bits, subject.facts, subject.as_of
        left: list[object] = []
        for fact, at in asked:
            if fact not in facts:
                if at & here or fact in reckoned:
                    left.append(fact)
            elif fact in reckoned or (
                at & here and self._index.open_tests(fact, facts[fact], as_of) & at & here
            ):
                left.append((fact, facts[fact]))
        hypothetical = bool(programme.supports) and subject.ref is None
        # From the programme's own place on: the same for all programmes that have this rule.
        key = rule, hypothetical, as_of, tuple(left), here >> place
        found = self._searched.get(key)
        if found is None:
            match = evaluate_programme(programme, subject.for_programme(programme), as_of)
            found = self._searched.keep(key, decisive_facts(match, self._vocabulary, as_of))
        return found

    def tests_of(self, place: int) -> RuleTests:
        """The bits at which the tests of a programme stand, by fact, and what they ask."""
        tests = self._places.get(place)
        if tests is None:
            condition = self._index.programmes[place].condition
            there = bitset_of(
                lane.offset + place for lane in self._index.lanes if lane.occupied >> place & 1
            )
            asked = tuple(
                (fact, self._facts[fact].test_bits & there if fact in self._facts else 0)
                for fact in condition.facts
            )
            reckoned = frozenset(
                fact
                for test in tests_in(condition)
                if not test.quantity.single
                for fact in test.facts
            )
            rule = self._rules.setdefault(condition, place)
            tests = RuleTests(rule, there, asked, reckoned)
            self._places[place] = tests
        return tests
