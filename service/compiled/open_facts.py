"""Which unknown facts can still decide the statuses of all programmes at once, on bit sets.

What a fact can do is that of `decisive_facts`, the authority: an answer to a leaf lifts it to "not
FALSE" or to TRUE, or keeps it below, and moves the root where every node on the way lets that
level through. All rules are worked out together over the lanes: upward what answers can reach,
downward the levels that move the root. Facts that a rule asks more than once are held against it at
load (see `separable_facts`). The few rules in which the tests of an open fact hang together are
tried with all answers to it (see `shared_fact_search`); those that are open about a number made of
several facts are searched one by one by the authority.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple, TypeAlias

from service.compiled.evaluated_subject import EvaluatedSubject, LeafNumbers
from service.compiled.fact_tests import (
    NOBODY,
    SOME_DAY,
    FactTests,
    Question,
    bits_of_others,
    ends_of,
    probes,
    programmes_at,
    tests_from,
)
from service.compiled.rule_search import RuleSearch
from service.compiled.separable_facts import Outcomes, RuleOfFact, is_separable, rule_of_fact
from service.compiled.shared_fact_search import NodeStates, RuleEffects, SharedFactSearch
from service.domain.advice.candidate_values import (
    candidate_values,
    refining_values,
    relevant_part,
)
from service.domain.advice.questions import PROJECT
from service.domain.cache import BoundedCache
from service.domain.facts.profile import PROJECT_KIND, Subject, Value
from service.domain.facts.vocabulary import Fact
from service.domain.index.bitset import BitSet, bitset_of
from service.domain.index.column import TruthMasks
from service.domain.index.layout import literals_by_bit
from service.domain.index.status_index import StatusIndex, SubjectTruths
from service.domain.index.truth_index import LaneTruths
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Connective, Group, Predicate
from service.domain.rules.operators import Decision, can_stay_open

COARSE = Decision.COARSE
CACHE_SIZE = 8_192
RefinedEnds: TypeAlias = tuple[bool, bool] | None
# No ends: none have been looked for.
_NOT_YET = (False, False)


class Sums(NamedTuple):
    """What answers to several facts can do: programmes in which tests of one of them may hang
    together; the tests that answers can make FALSE, and those that none can make TRUE; of the
    programmes whose tests can be looked at one by one those that are open, and the same of them."""

    entangled: BitSet
    refutable: BitSet
    stuck: BitSet
    open_apart: BitSet
    refutable_apart: BitSet
    stuck_apart: BitSet

    def with_stuck(self, undecided: BitSet) -> "Sums":
        """The same, with what no answer decides."""
        return self._replace(
            stuck=self.stuck | undecided,
            open_apart=self.open_apart | undecided,
            stuck_apart=self.stuck_apart | undecided,
        )

    def apart(self, live: BitSet) -> NodeStates:
        """The states of nodes as far as facts decide them that stand nowhere else."""
        open_ = self.open_apart
        return NodeStates(live, open_, open_ & self.refutable_apart, open_ & ~self.stuck_apart)


class OpenFacts:
    """Finds the facts worth asking, for one catalogue."""

    def __init__(self, index: StatusIndex, catalogue: Catalogue, numbers: LeafNumbers) -> None:
        self._index, self._vocabulary, self._numbers = index, catalogue.vocabulary, numbers
        self._separable: dict[tuple[str, RuleOfFact], bool] = {}
        # Numbers made of one fact that is not merely read, by it; and of several.
        self._made_of: dict[str, BitSet] = {}
        self._derived = 0
        for derived in index.combined:
            if len(made_of := derived.quantity.facts) == 1:
                self._made_of[made_of[0]] = self._made_of.get(made_of[0], 0) | derived.test_bits
            else:
                self._derived |= derived.test_bits
        self._lanes = [(lane.offset, lane.occupied) for lane in index.lanes]
        self._facts = dict(self._compile())
        # The questions that a stated value can leave open with no more exact one to settle them.
        self._unsettled = {
            fact: tuple(
                q for q in tests.questions if can_stay_open(numbers.test(q.number).operator)
            )
            for fact, tests in self._facts.items()
        }
        self._about_projects = {f for f in self._facts if f.startswith(PROJECT)} - {PROJECT_KIND}
        self._width = index.all_bits.bit_length()
        self._sums = {f: self._summed(tests, tests.test_bits) for f, tests in self._facts.items()}
        self._of_projects = bitset_of(i for i, p in enumerate(index.programmes) if p.supports)
        self._rules = RuleSearch(index, self._vocabulary, self._facts)
        self._shared = SharedFactSearch(index, self._vocabulary, numbers, self._rules)
        self._refinements: BoundedCache[tuple[str, Value], FactTests] = BoundedCache(CACHE_SIZE)
        self._refined_ends: BoundedCache[tuple[int, Value], RefinedEnds] = BoundedCache(CACHE_SIZE)
        self._left_open: BoundedCache[object, BitSet] = BoundedCache(CACHE_SIZE)

    def _compile(self) -> Iterator[tuple[str, FactTests]]:
        standing: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        negated: dict[int, list[int]] = defaultdict(list)
        for bit, leaf, is_negated in literals_by_bit(self._index.lanes):
            if isinstance(leaf, Predicate) and leaf.quantity.single:
                number = self._numbers.number_of(leaf)
                standing[leaf.quantity.facts[0]][number].append(bit)
                if is_negated:
                    negated[number].append(bit)
        repeated = self._repeated()
        for fact in self._made_of:
            standing[fact] |= {}
        for fact, questions in standing.items():
            known = self._vocabulary.facts[fact]
            tests = tests_from(
                (Question(n, bitset_of(bits), bitset_of(negated[n])), *self._ends(n, known))
                for n, bits in questions.items()
            )
            lanes = tuple(
                (lane.offset, lane.occupied)
                for lane in self._index.lanes
                if (tests.test_bits >> lane.offset) & lane.occupied
            )
            entangled = self._entangled(known, repeated.get(fact, ()))
            entangled |= programmes_at(self._made_of.get(fact, 0), self._lanes)
            several = bitset_of(
                bit
                for bit, count in Counter(b for bits in questions.values() for b in bits).items()
                if count > 1
            )
            apart = bits_of_others(lanes, entangled)
            yield (
                fact,
                tests._replace(lanes=lanes, entangled=entangled, apart=apart, several=several),
            )

    def _repeated(self) -> dict[str, list[int]]:
        """The programmes that ask a fact more than once, by fact."""
        counts = Counter(
            (leaf.quantity.facts[0], place)
            for lane in self._index.lanes
            for place, node in lane.nodes
            for leaf, _ in node.literals
            if isinstance(leaf, Predicate) and leaf.quantity.single
        )
        found: dict[str, list[int]] = defaultdict(list)
        for (fact, place), count in counts.items():
            if count > 1:
                found[fact].append(place)
        return found

    def _ends(self, number: int, fact: Fact) -> tuple[bool, bool]:
        leaf = self._numbers.test(number)
        return ends_of(leaf, probes(leaf, fact), SOME_DAY)

    def _entangled(self, fact: Fact, places: Iterable[int]) -> BitSet:
        """Of the programmes that ask a fact more than once, those whose tests hang together."""
        found = []
        trees = dict(self._index.lanes[0].nodes)
        for place in places:
            rule = rule_of_fact(trees[place], fact.id, self._numbers.number_of)
            key = fact.id, rule
            if key not in self._separable:
                self._separable[key] = is_separable(rule, self._outcomes(fact, rule))
            if not self._separable[key]:
                found.append(place)
        return bitset_of(found)

    def _outcomes(self, fact: Fact, rule: RuleOfFact) -> list[Outcomes]:
        """What the values of a fact make of a rule's tests of it."""
        numbers = list(dict.fromkeys(rule.numbers))
        tests = tuple(self._numbers.test(n) for n in numbers)
        whole = Group(Connective.ALL, tests, tests[0].clause)
        told = {
            tuple(t.operator.decide(value, SOME_DAY).truth for t in tests)
            for value in candidate_values(fact, whole, NOBODY, SOME_DAY)
        }
        return [dict(zip(numbers, truths, strict=True)) for truths in told]

    def decisive(
        self, reading: SubjectTruths, subject: EvaluatedSubject, undetermined: BitSet
    ) -> dict[str, BitSet]:
        """For each fact worth asking, the undetermined programmes of a reading whose status an
        answer can still change."""
        if not undetermined:
            return {}
        asked, coarse = self._asked(subject, reading.lanes.open)
        sums = self._sums_of(subject, asked, coarse)
        moves = self._moves(reading.lanes, sums, undetermined)
        found: dict[str, BitSet] = {}
        shared = 0
        derived, alone = self._left_of_numbers(subject, reading.lanes.open)
        if derived or sums.entangled & undetermined:
            live = self._index.live_bits(reading.lanes, undetermined)
            searched = programmes_at(derived & live, self._lanes) & undetermined
            tangled = {f: tests for f, tests in asked.items() if tests.entangled & undetermined}
            shared = self._hang_together(tangled.values(), live, searched)
            shared = (shared | programmes_at(alone & live, self._lanes)) & undetermined & ~searched
            effects = self._shared.effects(tangled, sums.apart(live), shared, subject)
            searched |= bitset_of(place for place, effect in effects.items() if effect is None)
            shared &= ~searched
            moves = self._put(effects, moves, found, searched)
            for place, programme in self._index.numbered(searched):
                for fact in self._rules.search(place, programme, subject, live):
                    found[fact] = found.get(fact, 0) | (1 << place)
        refutes, proves = moves
        either = refutes | proves
        for fact, tests in asked.items():
            if not tests.test_bits & either:
                continue
            moved = (tests.refutable & refutes) | (tests.provable & proves)
            if moved and (held := programmes_at(moved, tests.lanes) & ~(shared & tests.entangled)):
                found[fact] = found.get(fact, 0) | held
        return found if reading.project is not None else self._of_nobody(found)

    def _asked(
        self, subject: EvaluatedSubject, open_: BitSet
    ) -> tuple[dict[str, FactTests], dict[str, BitSet]]:
        """What answers can do to the facts that are not stated, or not exactly enough; where the
        latter leave tests open."""
        facts = subject.facts
        asked = {f: tests for f, tests in self._facts.items() if f not in facts}
        coarse: dict[str, BitSet] = {}
        for fact, at, tests in self._coarse(subject, open_):
            asked[fact], coarse[fact] = tests, at
        return asked, coarse

    def _summed(self, tests: FactTests, at: BitSet) -> BitSet:
        """What answers to a fact can do where it leaves tests open, all sets of it side by side: so
        those of many facts are brought together at once."""
        found = 0
        stuck = at & ~tests.provable
        for part in Sums(
            tests.entangled,
            tests.refutable,
            stuck,
            at & tests.apart,
            tests.refutable & tests.apart,
            stuck & tests.apart,
        ):
            found = found << self._width | part
        return found

    def _sums_of(
        self,
        subject: EvaluatedSubject,
        asked: Mapping[str, FactTests],
        coarse: Mapping[str, BitSet],
    ) -> "Sums":
        """What answers to all facts can do together."""
        facts, summed = subject.facts, 0
        for fact, own in self._sums.items():
            if fact not in facts:
                summed |= own
        for fact, at in coarse.items():
            summed |= self._summed(asked[fact], at)
        sums, whole = [], self._index.all_bits
        for _ in Sums._fields:
            sums.append(summed & whole)
            summed >>= self._width
        return Sums._make(reversed(sums)).with_stuck(self._index.undecided)

    def _put(
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

    def _coarse(
        self, subject: EvaluatedSubject, open_: BitSet
    ) -> Iterator[tuple[str, BitSet, FactTests]]:
        """The stated facts that leave tests open: where, and what more exact values can do."""
        for fact, value in subject.facts.items():
            tests = self._facts.get(fact)
            if tests is None or not tests.test_bits & open_:
                continue
            at = self._index.open_tests(fact, value, subject.as_of)
            if at:
                yield fact, at, self._refined(fact, value, at, subject)

    def left_open(self, subject: EvaluatedSubject, open_: BitSet) -> Iterator[tuple[str, BitSet]]:
        """The stated facts of which these tests leave open whether they qualify, with the tests;
        no more exact value would settle them: codes, and records of certificates."""
        for fact, value in subject.facts.items():
            tests = self._facts.get(fact)
            if tests and tests.test_bits & open_:
                left = self._left_open_by(fact, value, subject.as_of) & open_
                if left:
                    yield fact, left

    def _left_open_by(self, fact: str, value: Value, as_of: date) -> BitSet:
        key = fact, value, as_of
        found = self._left_open.get(key)
        if found is None:
            found = 0
            unknown = self._index.open_tests(fact, value, as_of)
            for question in self._unsettled[fact] if unknown else ():
                if question.at & unknown:
                    operator = self._numbers.test(question.number).operator
                    if operator.decide(value, as_of) is Decision.OPEN:
                        found |= question.at
            self._left_open.keep(key, found)
        return found

    def _refined(self, fact: str, value: Value, at: BitSet, subject: EvaluatedSubject) -> FactTests:
        """What more exact values of a fact can do. That of dated certificates hangs on the day."""
        if isinstance(value, tuple):
            return self._refine(fact, value, at, subject)
        found = self._refinements.get((fact, value))
        if found is None:
            found = self._refinements.keep((fact, value), self._refine(fact, value, at, subject))
        return found

    def _refine(self, fact: str, value: Value, at: BitSet, subject: EvaluatedSubject) -> FactTests:
        tests = self._facts[fact]
        refined = tests_from(
            (question, *ends)
            for question in tests.questions
            if question.at & at and (ends := self._ends_left(fact, question.number, value, subject))
        )
        once = twice = 0
        for question in refined.questions:
            for offset, occupied in tests.lanes:
                here = (question.at >> offset) & occupied
                twice |= once & here
                once |= here
        return refined._replace(
            test_bits=tests.test_bits,
            lanes=tests.lanes,
            entangled=twice,
            apart=bits_of_others(tests.lanes, twice),
            several=tests.several,
        )

    def _ends_left(
        self, fact: str, number: int, value: Value, subject: EvaluatedSubject
    ) -> RefinedEnds:
        """Whether a more exact value of a fact makes a test FALSE, and whether one makes it TRUE;
        None where this value settles it, or none can. Of a set only that counts which has to do
        with the test, so that hardly any set is new to it."""
        leaf = self._numbers.test(number)
        if isinstance(value, tuple):
            return self._find_ends(fact, leaf, value, subject.as_of)
        relevant = relevant_part(leaf.operator, value)
        key = number, relevant
        found = self._refined_ends.get(key, _NOT_YET)
        if found is _NOT_YET:
            found = self._find_ends(fact, leaf, relevant, subject.as_of)
            self._refined_ends.keep(key, found)
        return found

    def _find_ends(self, fact: str, leaf: Predicate, value: Value, as_of: date) -> RefinedEnds:
        if leaf.operator.decide(value, as_of) is not COARSE:
            return None
        stated = Subject(None, {fact: value}, {})
        values = refining_values(self._vocabulary.facts[fact], leaf, stated, as_of)
        return ends_of(leaf, values, as_of)

    def _moves(
        self,
        lanes: LaneTruths,
        sums: "Sums",
        undetermined: BitSet,
    ) -> TruthMasks:
        """The bits at which a leaf that can be FALSE, or can be TRUE, moves the root."""
        low, best = lanes.possible & ~sums.refutable, lanes.possible & ~sums.stuck
        return self._index.moving(lanes, low, best, undetermined)
