"""Which unknown facts can still decide the statuses of all programmes at once, on bit sets.

What a fact can do is that of `decisive_facts`, the authority: an answer to a leaf lifts it to "not
FALSE" or to TRUE, or keeps it below, and moves the root where every node on the way lets that
level through. All rules are worked out together over the lanes: upward what answers can reach,
downward the levels that move the root. Facts that a rule asks more than once are held against it at
load (see `separable_facts`). The few rules in which the tests of an open fact hang together are
tried with all answers to it (see `shared_fact_search`); those that are open about a number made of
several facts are searched one by one by the authority.
"""

from collections.abc import Iterable, Mapping

from service.compiled.answer_sums import AnswerSummer, AnswerSums
from service.compiled.coarse_values import CoarseValues
from service.compiled.evaluated_subject import EvaluatedSubject, LeafNumbers
from service.compiled.fact_compiler import FactCompiler
from service.compiled.fact_tests import (
    FactTests,
    programmes_at,
)
from service.compiled.rule_search import RuleSearch
from service.compiled.shared_fact_search import RuleEffects, SharedFactSearch
from service.domain.advice.questions import PROJECT
from service.domain.facts.profile import PROJECT_KIND
from service.domain.index.bitset import BitSet, bitset_of
from service.domain.index.column import TruthMasks
from service.domain.index.status_index import StatusIndex, SubjectTruths
from service.domain.index.truth_index import LaneTruths
from service.domain.rules.catalogue import Catalogue


class OpenFacts:
    """Finds the facts worth asking, for one catalogue."""

    def __init__(self, index: StatusIndex, catalogue: Catalogue, numbers: LeafNumbers) -> None:
        self._index, self._vocabulary, self._numbers = index, catalogue.vocabulary, numbers
        # Numbers made of one fact that is not merely read, by it; and of several.
        self._made_of: dict[str, BitSet] = {}
        self._derived = 0
        for derived in index.combined:
            if len(made_of := derived.quantity.facts) == 1:
                self._made_of[made_of[0]] = self._made_of.get(made_of[0], 0) | derived.test_bits
            else:
                self._derived |= derived.test_bits
        self._lanes = [(lane.offset, lane.occupied) for lane in index.lanes]
        compiler = FactCompiler(index, self._vocabulary, numbers, self._made_of)
        self._facts = dict(compiler.tests_by_fact())
        self.coarse = CoarseValues(index, self._vocabulary, numbers, self._facts)
        self._summer = AnswerSummer(index, self._facts)
        self._about_projects = {f for f in self._facts if f.startswith(PROJECT)} - {PROJECT_KIND}
        self._of_projects = bitset_of(i for i, p in enumerate(index.programmes) if p.supports)
        self._rules = RuleSearch(index, self._vocabulary, self._facts)
        self._shared = SharedFactSearch(index, self._vocabulary, numbers, self._rules)

    def decisive(
        self, reading: SubjectTruths, subject: EvaluatedSubject, undetermined: BitSet
    ) -> dict[str, BitSet]:
        """For each fact worth asking, the undetermined programmes of a reading whose status an
        answer can still change."""
        if not undetermined:
            return {}
        askable, coarse = self._askable_facts(subject, reading.lanes.open)
        sums = self._summer.together(subject, askable, coarse)
        moves = self._moves(reading.lanes, sums, undetermined)
        found: dict[str, BitSet] = {}
        shared = 0
        derived, alone = self._left_of_numbers(subject, reading.lanes.open)
        if derived or sums.entangled & undetermined:
            live = self._index.live_bits(reading.lanes, undetermined)
            searched = programmes_at(derived & live, self._lanes) & undetermined
            tangled = {f: tests for f, tests in askable.items() if tests.entangled & undetermined}
            shared = self._hang_together(tangled.values(), live, searched)
            shared = (shared | programmes_at(alone & live, self._lanes)) & undetermined & ~searched
            effects = self._shared.effects(tangled, sums.apart(live), shared, subject)
            searched |= bitset_of(place for place, effect in effects.items() if effect is None)
            shared &= ~searched
            moves = self._put_in_place(effects, moves, found, searched)
            for place, programme in self._index.numbered(searched):
                for fact in self._rules.search(place, programme, subject, live):
                    found[fact] = found.get(fact, 0) | (1 << place)
        refutes, proves = moves
        either = refutes | proves
        for fact, tests in askable.items():
            if not tests.test_bits & either:
                continue
            moved = (tests.refutable & refutes) | (tests.provable & proves)
            if moved and (held := programmes_at(moved, tests.lanes) & ~(shared & tests.entangled)):
                found[fact] = found.get(fact, 0) | held
        return found if reading.project is not None else self._of_nobody(found)

    def _askable_facts(
        self, subject: EvaluatedSubject, open_: BitSet
    ) -> tuple[dict[str, FactTests], dict[str, BitSet]]:
        """What answers can do to the facts that are not stated, or not exactly enough; and the
        tests that the latter leave open."""
        facts = subject.facts
        askable = {f: tests for f, tests in self._facts.items() if f not in facts}
        coarse: dict[str, BitSet] = {}
        for fact, at, tests in self.coarse.refinable(subject, open_):
            askable[fact], coarse[fact] = tests, at
        return askable, coarse

    def _put_in_place(
        self,
        effects: Mapping[int, RuleEffects | None],
        moves: TruthMasks,
        found: dict[str, BitSet],
        searched: BitSet,
    ) -> TruthMasks:
        """The bits that move the roots, with those of programmes that were looked at as a whole put
        in the place of what looking test by test found; their shared facts are put into `found`.
        Of those that are `searched` for themselves none is left."""
        refutes, proves = moves
        for place in (*effects, *(place for place, _ in self._index.numbered(searched))):
            own = ~self._rules.tests_of(place).bits
            refutes, proves = refutes & own, proves & own
            effect = effects.get(place)
            if effect is not None:
                refutes |= effect.refutes << place
                proves |= effect.proves << place
                for fact in effect.facts:
                    found[fact] = found.get(fact, 0) | (1 << place)
        return refutes, proves

    def _of_nobody(self, found: dict[str, BitSet]) -> dict[str, BitSet]:
        """Of a project that nobody has submitted only its existence is asked."""
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

    def _hang_together(self, asked: Iterable[FactTests], live: BitSet, others: BitSet) -> BitSet:
        """The programmes in which two tests of one fact hang together that both have a say still,
        but for `others`."""
        found = 0
        for tests in asked:
            if tests.entangled & ~(found | others):
                once = twice = 0
                at, several = tests.test_bits & live, tests.several & live
                for offset, occupied in tests.lanes:
                    here = (at >> offset) & occupied
                    twice |= (once & here) | ((several >> offset) & occupied)
                    once |= here
                found |= twice & tests.entangled
        return found & ~others

    def _moves(
        self,
        lanes: LaneTruths,
        sums: AnswerSums,
        undetermined: BitSet,
    ) -> TruthMasks:
        """The bits at which a leaf that can be FALSE, or can be TRUE, moves the root."""
        low, best = lanes.possible & ~sums.refutable, lanes.possible & ~sums.stuck
        return self._index.moving(lanes, low, best, undetermined)
