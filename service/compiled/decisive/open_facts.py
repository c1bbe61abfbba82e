"""Which unknown facts can still decide the statuses of all programmes at once, on bit sets.

What a fact can do is that of `decisive_facts`, the reference: an answer to a leaf lifts it to "not
FALSE" or to TRUE, or keeps it below, and moves the root where every node on the way lets that
level through. All rules are worked out together over the lanes: upward what answers can reach,
downward the levels that move the root. Facts that a rule asks more than once are held against it at
load (see `separable_facts`). The few rules in which the tests of an open fact are entangled are
tried with all answers to it (see `shared_fact_search`); those that are open about a number made of
several facts are searched one by one by the reference.
"""

from collections.abc import Container, Sequence

from service.compiled.decisive.coarse_values import CoarseValues
from service.compiled.decisive.fact_compiler import FactCompiler
from service.compiled.decisive.fact_tests import FactTests, bits_of_others, programmes_at
from service.compiled.decisive.rule_effects import NodeStates
from service.compiled.decisive.shared_fact_search import SharedFactSearch
from service.compiled.evaluated_subject import EvaluatedSubject, SubjectStatuses
from service.domain.advice.decisive_facts import decisive_facts
from service.domain.advice.questions import PROJECT
from service.domain.cache import BoundedCache
from service.domain.evaluation.evaluator import evaluate_programme
from service.domain.facts.profile import PROJECT_KIND
from service.domain.index.bitset import BitSet, bitset_of, places_of, union_of
from service.domain.index.status_index import StatusIndex
from service.domain.rules.catalogue import Catalogue

# Of rules that are searched, each for what is left open in it.
CACHE_SIZE = 512


class OpenFacts:
    """Finds the facts worth asking, for one catalogue."""

    def __init__(self, index: StatusIndex, catalogue: Catalogue, compiler: FactCompiler) -> None:
        self._index, self._vocabulary, self._facts = index, catalogue.vocabulary, compiler.tests
        self._lanes = [(lane.offset, lane.occupied) for lane in index.lanes]
        self._made_of, self._derived = compiler.made_of, compiler.derived
        self.coarse = CoarseValues(index, compiler.numbers, self._facts)
        self._about_projects = {f for f in self._facts if f.startswith(PROJECT)} - {PROJECT_KIND}
        self._of_projects = bitset_of(i for i, p in enumerate(index.programmes) if p.supports)
        entangled = {fact: tests.entangled for fact, tests in self._facts.items()}
        self._shared = SharedFactSearch(index, self._vocabulary, entangled)
        self._reckoned = {fact for number in index.combined for fact in number.quantity.facts}
        # Of rules that are searched, the facts that they ask.
        self._rule_facts: dict[int, tuple[str, ...]] = {}
        self._searches: BoundedCache[object, tuple[str, ...]] = BoundedCache(CACHE_SIZE)

    def decisive(self, opened: SubjectStatuses) -> dict[str, BitSet]:
        """For each fact worth asking, the undetermined programmes of a subject whose status an
        answer can still change."""
        subject, reading, live = opened.subject, opened.reading, opened.live
        undetermined = opened.undetermined
        if not undetermined:
            return {}
        possible, open_, *_ = reading.lanes
        coarse = dict(self.coarse.coarse_facts(opened))
        facts = subject.facts
        asked = [(fact, tests) for fact, tests in self._facts.items() if fact not in facts]
        asked += coarse.items()
        states = self._states([tests for _, tests in asked], live)
        low, best = possible & ~states.refutable, possible & ~(states.open & ~states.provable)
        refutes, proves = self._index.moving(reading.lanes, low, best, undetermined)
        by_fact: dict[str, BitSet] = {}
        searched = programmes_at(self._derived_for(subject) & open_ & live, self._lanes)
        entangled = union_of([tests.entangled for _, tests in asked])
        if apart := (entangled | searched) & undetermined:
            shared = apart & ~searched
            held = [(fact, tests.entangled) for fact, tests in coarse.items() if tests.entangled]
            effects = self._shared.effects(held, states, shared, subject)
            by_fact = effects.by_fact
            for place in places_of((apart & searched) | effects.beyond):
                for fact in self._searched(place, subject, live, coarse):
                    by_fact[fact] = by_fact.get(fact, 0) | (1 << place)
            others = bits_of_others(self._lanes, apart)
            refutes = (refutes & others) | effects.refutes
            proves = (proves & others) | effects.proves
        moving = refutes | proves
        for fact, tests in asked:
            if tests.test_bits & moving and (
                moved := (tests.refutable & refutes) | (tests.provable & proves)
            ):
                by_fact[fact] = by_fact.get(fact, 0) | programmes_at(moved, tests.lanes)
        return by_fact if reading.project is not None else self._of_nobody(by_fact)

    def _states(self, asked: Sequence[FactTests], live: BitSet) -> NodeStates:
        """What answers to all these facts together can do at the nodes of which some are `live`.
        Terms that nobody has defined are open, too, and no answer decides them."""
        undecided = self._index.undecided
        open_ = undecided | union_of([tests.open for tests in asked])
        refutable = union_of([tests.refutable for tests in asked])
        stuck = [tests.open & ~tests.provable for tests in asked if tests.open != tests.provable]
        return NodeStates(live, open_, refutable, open_ & ~(undecided | union_of(stuck)))

    def _searched(
        self, place: int, subject: EvaluatedSubject, live: BitSet, coarse: Container[str]
    ) -> tuple[str, ...]:
        """What the reference finds in a rule that does not yield to bit sets. Companies of which
        the same tests are open, and to which the same answers are left, share it."""
        programme, facts = self._index.programmes[place], subject.facts
        asked = self._rule_facts.get(place)
        if asked is None:
            asked = self._rule_facts[place] = programme.condition.facts
        left = [
            (fact, facts.get(fact))
            for fact in asked
            if fact not in facts or fact in coarse or fact in self._reckoned
        ]
        who = subject.for_programme(programme)
        here = live & ~bits_of_others(self._lanes, 1 << place)
        key = place, who.hypothetical, subject.as_of, tuple(left), here
        found = self._searches.get(key)
        if found is None:
            match = evaluate_programme(programme, who, subject.as_of)
            named = decisive_facts(match, self._vocabulary, subject.as_of)
            found = self._searches.keep(key, named)
        return found

    def _of_nobody(self, found: dict[str, BitSet]) -> dict[str, BitSet]:
        """The facts found, without what only a submitted project could answer: of one that nobody
        submitted its existence alone is asked."""
        for fact in found.keys() & self._about_projects:
            found[fact] &= ~self._of_projects
            if not found[fact]:
                del found[fact]
        return found

    def _derived_for(self, subject: EvaluatedSubject) -> BitSet:
        """The tests of numbers that are made of several facts, or of one that is stated."""
        stated = [tests for fact, tests in self._made_of.items() if fact in subject.facts]
        return union_of((self._derived, *stated))
