"""Which unknown facts can still decide the statuses of all programmes at once, on bit sets.

What a fact can do is that of `decisive_facts`, the reference: an answer to a leaf lifts it to "not
FALSE" or to TRUE, or keeps it below, and moves the root where every node on the way lets that
level through. All rules are worked out together over the lanes: upward what answers can reach,
downward the levels that move the root. Facts that a rule asks more than once are held against it at
load (see `separable_facts`). The few rules in which the tests of an open fact are entangled are
tried with all answers to it (see `shared_fact_search`); those that are open about a number made of
several facts are searched one by one by the reference.
"""

from collections.abc import Container, Iterable, Iterator

from service.compiled.decisive.answer_sums import AnswerSummer, AnswerSums
from service.compiled.decisive.coarse_values import CoarseValues
from service.compiled.decisive.fact_compiler import FactCompiler
from service.compiled.decisive.fact_tests import FactTests, bits_of_others, lanes_of, programmes_at
from service.compiled.decisive.shared_fact_search import SharedFactSearch
from service.compiled.evaluated_subject import EvaluatedSubject, OpenSubject
from service.domain.advice.decisive_facts import decisive_facts
from service.domain.advice.questions import PROJECT
from service.domain.cache import BoundedCache
from service.domain.evaluation.evaluator import evaluate_programme
from service.domain.facts.profile import PROJECT_KIND
from service.domain.index.bitset import BitSet, bitset_of, places_of
from service.domain.index.column import TruthMasks
from service.domain.index.status_index import StatusIndex
from service.domain.index.truth_index import LaneTruths
from service.domain.rules.catalogue import Catalogue

# Of rules that are searched, each for what is left open in it.
CACHE_SIZE = 512


class OpenFacts:
    """Finds the facts worth asking, for one catalogue."""

    def __init__(self, index: StatusIndex, catalogue: Catalogue, compiler: FactCompiler) -> None:
        self._index, self._vocabulary, self._facts = index, catalogue.vocabulary, compiler.tests
        self._lanes = [(lane.offset, lane.occupied) for lane in index.lanes]
        self._made_of, self._derived = compiler.made_of, compiler.derived
        self.coarse = CoarseValues(index, self._vocabulary, compiler.numbers, self._facts)
        self._summer = AnswerSummer(index, self._facts)
        self._width = index.all_bits.bit_length()
        # By fact: the bits at which answers can make its tests FALSE, and to their left those at
        # which they can make them TRUE.
        self._reachable = {
            fact: (tests.refutable | (tests.provable << self._width), tests)
            for fact, tests in self._facts.items()
        }
        self._entangled = {
            fact: tests._replace(lanes=lanes_of(tests.lanes, tests.entangled))
            for fact, tests in self._facts.items()
            if tests.entangled
        }
        self._about_projects = {f for f in self._facts if f.startswith(PROJECT)} - {PROJECT_KIND}
        self._of_projects = bitset_of(i for i, p in enumerate(index.programmes) if p.supports)
        self._shared = SharedFactSearch(index, self._vocabulary, self._entangled)
        self._reckoned = {fact for number in index.combined for fact in number.quantity.facts}
        self._searches: BoundedCache[object, tuple[str, ...]] = BoundedCache(CACHE_SIZE)

    def decisive(self, opened: OpenSubject) -> dict[str, BitSet]:
        """For each fact worth asking, the undetermined programmes of a subject whose status an
        answer can still change."""
        subject, reading, undetermined, live = opened
        if not undetermined:
            return {}
        lanes = reading.lanes
        coarse = list(self.coarse.coarse_facts(opened))
        sums = self._summer.together(subject, coarse)
        refutes, proves = self._moves(lanes, sums, undetermined)
        by_fact: dict[str, BitSet] = {}
        shared = 0
        derived, alone = self._left_of_numbers(subject, lanes.open)
        if derived or sums.entangled & undetermined:
            searched = programmes_at(derived & live, self._lanes) & undetermined
            entangled = {f: t for f, t in self._entangled.items() if f not in subject.facts}
            entangled |= {f: tests for f, _, tests in coarse if tests.entangled}
            shared = self._still_entangled(entangled.values(), live, undetermined & ~searched)
            shared |= programmes_at(alone & live, self._lanes) & undetermined & ~searched
            effects = self._shared.effects(entangled, sums.not_entangled(live), shared, subject)
            others = bits_of_others(self._lanes, searched | shared)
            searched, by_fact = searched | effects.beyond, effects.by_fact
            shared &= ~searched
            inexact = {fact for fact, _, _ in coarse}
            for place in places_of(searched):
                for fact in self._searched(place, subject, live, inexact):
                    by_fact[fact] = by_fact.get(fact, 0) | (1 << place)
            refutes = (refutes & others) | effects.refutes
            proves = (proves & others) | effects.proves
        for fact, tests, moved in self._moved(subject, coarse, refutes, proves):
            if held := programmes_at(moved, tests.lanes) & ~(shared & tests.entangled):
                by_fact[fact] = by_fact.get(fact, 0) | held
        return by_fact if reading.project is not None else self._of_nobody(by_fact)

    def _searched(
        self, place: int, subject: EvaluatedSubject, live: BitSet, coarse: Container[str]
    ) -> tuple[str, ...]:
        """What the reference finds in a rule that does not yield to bit sets. Companies of which
        the same tests are open, and to which the same answers are left, share it."""
        programme, facts = self._index.programmes[place], subject.facts
        left = [
            (fact, facts.get(fact))
            for fact in programme.condition.facts
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

    def _moved(
        self,
        subject: EvaluatedSubject,
        coarse: Iterable[tuple[str, BitSet, FactTests]],
        refutes: BitSet,
        proves: BitSet,
    ) -> Iterator[tuple[str, FactTests, BitSet]]:
        """The facts an answer to which, making a test FALSE or TRUE, moves a root; and where."""
        width, facts = self._width, subject.facts
        both = refutes | (proves << width)
        for fact, (reachable, tests) in self._reachable.items():
            if fact not in facts:
                moved = reachable & both
                if moved:
                    yield fact, tests, moved | (moved >> width)
        for fact, _, tests in coarse:
            moved = (tests.refutable & refutes) | (tests.provable & proves)
            if moved:
                yield fact, tests, moved

    def _of_nobody(self, found: dict[str, BitSet]) -> dict[str, BitSet]:
        """The facts found, without what only a submitted project could answer: of one that nobody
        submitted its existence alone is asked."""
        for fact in found.keys() & self._about_projects:
            found[fact] &= ~self._of_projects
            if not found[fact]:
                del found[fact]
        return found

    def _left_of_numbers(self, subject: EvaluatedSubject, open_: BitSet) -> tuple[BitSet, BitSet]:
        """The open tests of numbers that are made of several facts, or of a stated one; and those
        of numbers made of one fact that is not stated."""
        derived, alone = self._derived, 0
        for fact, tests in self._made_of.items():
            if fact in subject.facts:
                derived |= tests
            else:
                alone |= tests
        return derived & open_, alone & open_

    def _still_entangled(
        self, entangled: Iterable[FactTests], live: BitSet, among: BitSet
    ) -> BitSet:
        """The programmes among these in which two entangled tests of one fact are both live
        still."""
        programmes = 0
        for tests in entangled:
            if tests.entangled & among & ~programmes:
                once = twice = 0
                at, several = tests.test_bits & live, tests.several & live
                for offset, occupied in tests.lanes:
                    here = (at >> offset) & occupied
                    twice |= (once & here) | ((several >> offset) & occupied)
                    once |= here
                programmes |= twice & tests.entangled
        return programmes & among

    def _moves(
        self,
        lanes: LaneTruths,
        sums: AnswerSums,
        undetermined: BitSet,
    ) -> TruthMasks:
        """The bits at which a leaf that can be FALSE, or can be TRUE, moves the root."""
        low, best = lanes.possible & ~sums.refutable, lanes.possible & ~sums.stuck
        return self._index.moving(lanes, low, best, undetermined)
