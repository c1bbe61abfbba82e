"""Which unknown facts can still decide the statuses of all programmes at once, on bit sets.

What a fact can do is that of `decisive_facts`, the authority: an answer to a leaf lifts it to "not
FALSE" or to TRUE, or keeps it below, and moves the root where every node on the way lets that
level through. All rules are worked out together over the lanes: upward what answers can reach,
downward the levels that move the root. Facts that a rule asks more than once are held against it at
load (see `separable_facts`). The few rules in which the tests of an open fact hang together, or
that are open about a number made of several facts, are searched one by one by the authority.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from service.compiled.evaluated_subject import EvaluatedSubject, LeafNumbers
from service.compiled.separable_facts import Outcomes, RuleOfFact, is_separable, rule_of_fact
from service.domain.advice.candidate_values import candidate_values, refining_values
from service.domain.advice.decisive_facts import decisive_facts
from service.domain.advice.questions import PROJECT
from service.domain.cache import BoundedCache
from service.domain.evaluation.evaluator import evaluate_programme
from service.domain.facts.profile import PROJECT_KIND, Subject, Value
from service.domain.facts.vocabulary import Fact, FactType
from service.domain.index.bitset import BitSet, bitset_of
from service.domain.index.column import TruthMasks
from service.domain.index.layout import literals_by_bit
from service.domain.index.status_index import StatusIndex, SubjectTruths
from service.domain.index.truth_index import Ends, LaneTruths
from service.domain.rules.catalogue import Catalogue, Programme
from service.domain.rules.conditions import Condition, Connective, Group, Predicate, tests_in
from service.domain.rules.operators import Decision, InSet
from service.domain.truth import Truth

_SOME_DAY = date(2026, 1, 1)
COARSE = Decision.COARSE
_NOBODY = Subject(None, {}, {})
CACHE_SIZE = 8_192


class _Question(NamedTuple):
    """A test of a single fact: its number, the bits where it stands, those where it must not
    hold."""

    number: int
    at: BitSet
    negated: BitSet


class _FactTests(NamedTuple):
    """What answers can do to the tests of a fact: the bits where they stand, and which of these an
    answer can make FALSE or TRUE; the lanes they stand in; the programmes in which they cannot be
    looked at one by one; the bits at which several of them stand."""

    test_bits: BitSet
    refutable: BitSet
    provable: BitSet
    lanes: tuple[tuple[int, BitSet], ...]
    entangled: BitSet
    several: BitSet
    questions: tuple[_Question, ...]


class _RuleTests(NamedTuple):
    """A programme's tests: the first programme that has the same rule, where they stand, the facts
    they ask, those of numbers made of several parts."""

    rule: int
    bits: BitSet
    facts: tuple[str, ...]
    reckoned: frozenset[str]


class OpenFacts:
    """Finds the facts worth asking, for one catalogue."""

    def __init__(self, index: StatusIndex, catalogue: Catalogue, numbers: LeafNumbers) -> None:
        self._index, self._vocabulary, self._numbers = index, catalogue.vocabulary, numbers
        self._separable: dict[tuple[str, RuleOfFact], bool] = {}
        self._facts = dict(self._compile())
        self._derived = 0
        for derived in index.combined:
            self._derived |= derived.test_bits
        self._of_projects = bitset_of(i for i, p in enumerate(index.programmes) if p.supports)
        self._places: dict[int, _RuleTests] = {}
        self._rules: dict[Condition, int] = {}
        self._refinements: BoundedCache[tuple[str, Value], _FactTests] = BoundedCache(CACHE_SIZE)
        self._narrower: BoundedCache[object, list[TruthMasks]] = BoundedCache(CACHE_SIZE)
        self._left_open: BoundedCache[object, BitSet] = BoundedCache(CACHE_SIZE)
        self._searched: BoundedCache[object, tuple[str, ...]] = BoundedCache(CACHE_SIZE)

    def _compile(self) -> Iterator[tuple[str, _FactTests]]:
        standing: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        negated: dict[int, list[int]] = defaultdict(list)
        for bit, leaf, is_negated in literals_by_bit(self._index.lanes):
            if isinstance(leaf, Predicate) and leaf.quantity.single:
                number = self._numbers.number_of(leaf)
                standing[leaf.quantity.facts[0]][number].append(bit)
                if is_negated:
                    negated[number].append(bit)
        repeated = self._repeated()
        for fact, questions in standing.items():
            known = self._vocabulary.facts[fact]
            tests = _tests_from(
                (_Question(n, bitset_of(bits), bitset_of(negated[n])), *self._ends_of(n, known))
                for n, bits in questions.items()
            )
            lanes = tuple(
                (lane.offset, lane.occupied)
                for lane in self._index.lanes
                if (tests.test_bits >> lane.offset) & lane.occupied
            )
            entangled = self._entangled(known, repeated.get(fact, ()))
            several = bitset_of(
                bit
                for bit, count in Counter(b for bits in questions.values() for b in bits).items()
                if count > 1
            )
            yield fact, tests._replace(lanes=lanes, entangled=entangled, several=several)

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

    def _ends_of(self, number: int, fact: Fact) -> tuple[bool, bool]:
        leaf = self._leaf(number)
        return _ends(leaf, _probes(leaf, fact), _SOME_DAY)

    def _leaf(self, number: int) -> Predicate:
        leaf = self._numbers.leaves[number]
        assert isinstance(leaf, Predicate)
        return leaf

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
        tests = tuple(self._leaf(n) for n in numbers)
        whole = Group(Connective.ALL, tests, tests[0].clause)
        told = {
            tuple(t.operator.decide(value, _SOME_DAY).truth for t in tests)
            for value in candidate_values(fact, whole, _NOBODY, _SOME_DAY)
        }
        return [dict(zip(numbers, truths, strict=True)) for truths in told]

    def decisive(
        self, reading: SubjectTruths, subject: EvaluatedSubject, undetermined: BitSet
    ) -> dict[str, BitSet]:
        """For each fact worth asking, the undetermined programmes of a reading whose status an
        answer can still change."""
        if not undetermined:
            return {}
        facts, lanes = subject.facts, reading.lanes
        asked = {f: tests for f, tests in self._facts.items() if f not in facts}
        refutable, stuck, entangled = 0, self._index.undecided, 0
        for tests in asked.values():
            refutable |= tests.refutable
            stuck |= tests.test_bits & ~tests.provable
            entangled |= tests.entangled
        for fact, at, tests in self._coarse(subject, lanes.open):
            asked[fact] = tests
            refutable |= tests.refutable
            stuck |= at & ~tests.provable
            entangled |= tests.entangled
        derived = self._derived & lanes.open
        searched = live = 0
        if derived or entangled & undetermined:
            live = self._index.live_bits(lanes, undetermined)
            searched = self._hang_together(asked.values(), live, derived & live)
        searched &= undetermined
        refutes, proves = self._moves(lanes, refutable, stuck, undetermined)
        found: dict[str, BitSet] = {}
        for fact, tests in asked.items():
            moved = (tests.refutable & refutes) | (tests.provable & proves)
            if moved and (held := self._programmes(moved, tests, fact, reading) & ~searched):
                found[fact] = held
        for place, programme in self._index.numbered(searched):
            for fact in self._search(place, programme, subject, live):
                found[fact] = found.get(fact, 0) | (1 << place)
        return found

    def _hang_together(self, asked: Iterable[_FactTests], live: BitSet, derived: BitSet) -> BitSet:
        """The programmes in which two tests of one fact hang together that both have a say still,
        or a number made of several facts has."""
        found = 0
        for lane in self._index.lanes if derived else ():
            found |= (derived >> lane.offset) & lane.occupied
        for tests in asked:
            if tests.entangled & ~found:
                once = twice = 0
                at, several = tests.test_bits & live, tests.several & live
                for offset, occupied in tests.lanes:
                    here = (at >> offset) & occupied
                    twice |= (once & here) | ((several >> offset) & occupied)
                    once |= here
                found |= twice & tests.entangled
        return found

    def _coarse(
        self, subject: EvaluatedSubject, open_: BitSet
    ) -> Iterator[tuple[str, BitSet, _FactTests]]:
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
        no more exact value would settle them. Only codes can be so."""
        for fact, value in subject.facts.items():
            if isinstance(value, str | frozenset):
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
            for question in self._facts[fact].questions:
                if self._leaf(question.number).operator.decide(value, as_of) is Decision.OPEN:
                    found |= question.at
            self._left_open.keep(key, found)
        return found

    def _refined(
        self, fact: str, value: Value, at: BitSet, subject: EvaluatedSubject
    ) -> _FactTests:
        """What more exact values of a fact can do. That of dated certificates hangs on the day."""
        if isinstance(value, tuple):
            return self._refine(fact, value, at, subject)
        found = self._refinements.get((fact, value))
        if found is None:
            found = self._refinements.keep((fact, value), self._refine(fact, value, at, subject))
        return found

    def _refine(self, fact: str, value: Value, at: BitSet, subject: EvaluatedSubject) -> _FactTests:
        tests, as_of = self._facts[fact], subject.as_of
        refined = _tests_from(
            (question, *_ends(leaf, self._refinements_of(fact, leaf, subject), as_of))
            for question in tests.questions
            if question.at & at
            and (leaf := self._leaf(question.number)).operator.decide(value, as_of) is COARSE
        )
        once = twice = 0
        for question in refined.questions:
            for offset, occupied in tests.lanes:
                here = (question.at >> offset) & occupied
                twice |= once & here
                once |= here
        return refined._replace(
            test_bits=tests.test_bits, lanes=tests.lanes, entangled=twice, several=tests.several
        )

    def _refinements_of(
        self, fact: str, leaf: Predicate, subject: EvaluatedSubject
    ) -> Iterable[Value]:
        known = self._vocabulary.facts[fact]
        return refining_values(known, leaf, subject.subject, subject.as_of)

    def _moves(
        self, lanes: LaneTruths, refutable: BitSet, stuck: BitSet, undetermined: BitSet
    ) -> tuple[BitSet, BitSet]:
        """The bits at which a leaf that can be FALSE, or can be TRUE, moves the root. `stuck`:
        where no answer makes anything TRUE."""
        possible = lanes.possible
        ends = Ends(
            low=possible & ~refutable,
            least=possible & ~(lanes.open | lanes.unstated),
            high=possible,
            best=possible & ~stuck,
        )
        return self._index.moving(ends, undetermined)

    def _programmes(
        self, moved: BitSet, tests: _FactTests, fact: str, reading: SubjectTruths
    ) -> BitSet:
        """The programmes of these bits. Of a project that nobody has submitted only its existence
        is asked."""
        held = 0
        for offset, occupied in tests.lanes:
            held |= (moved >> offset) & occupied
        hypothetical = reading.project is None and fact != PROJECT_KIND
        if hypothetical and fact.startswith(PROJECT):
            held &= ~self._of_projects
        return held

    def _search(
        self, place: int, programme: Programme, subject: EvaluatedSubject, live: BitSet
    ) -> tuple[str, ...]:
        """What `decisive_facts` finds; the same where the same tests have a say still and the same
        answers can be given to them."""
        rule, bits, asked, reckoned = self._tests_of(place)
        here, facts, as_of = live & bits, subject.facts, subject.as_of
        stated = tuple([
            (f, facts[f] if f in reckoned else self._outcomes_left(rule, f, here, place, subject))
            for f in asked
            if f in facts
        ])  # fmt: skip
        hypothetical = bool(programme.supports) and subject.ref is None
        # From the programme's own place on: the same for all programmes that have this rule.
        key = rule, hypothetical, as_of, stated, here >> place
        found = self._searched.get(key)
        if found is None:
            match = evaluate_programme(programme, subject.for_programme(programme), as_of)
            found = self._searched.keep(key, decisive_facts(match, self._vocabulary, as_of))
        return found

    def _outcomes_left(
        self, rule: int, fact: str, here: BitSet, place: int, subject: EvaluatedSubject
    ) -> object:
        """What tells apart the values of a stated fact in what a rule still asks: nothing where it
        settles it; of a code what narrower ones make of it; else the value itself."""
        tests, value, as_of = self._facts.get(fact), subject.facts[fact], subject.as_of
        if tests is None or isinstance(value, int | Decimal | date):
            return None
        at = self._index.open_tests(fact, value, as_of) & here & tests.test_bits
        if not at or not isinstance(value, str):
            return value if at else None
        key = rule, fact, value
        narrower = self._narrower.get(key)
        if narrower is None:
            condition = self._index.programmes[rule].condition
            known = self._vocabulary.facts[fact]
            values = refining_values(known, condition, subject.subject, as_of)
            masks = [self._index.masks_of(fact, v, as_of) for v in values]
            narrower = self._narrower.keep(key, masks)
        return at >> place, frozenset(
            [
                ((possible & here) >> place, (unknown & here) >> place)
                for possible, unknown in narrower
            ]
        )

    def _tests_of(self, place: int) -> "_RuleTests":
        """Where a programme's tests stand, and what they ask."""
        found = self._places.get(place)
        if found is None:
            condition = self._index.programmes[place].condition
            there = (
                lane.offset + place for lane in self._index.lanes if lane.occupied >> place & 1
            )
            reckoned = frozenset(
                fact
                for test in tests_in(condition)
                if not test.quantity.single
                for fact in test.facts
            )
            rule = self._rules.setdefault(condition, place)
            found = _RuleTests(rule, bitset_of(there), condition.facts, reckoned)
            self._places[place] = found
        return found


def _tests_from(found: Iterable[tuple[_Question, bool, bool]]) -> _FactTests:
    """Questions with whether an answer can make each FALSE, and whether one can make it TRUE."""
    tested = refutable = unprovable = 0
    questions = []
    for question, can_fail, can_hold in found:
        questions.append(question)
        plain, negated = question.at & ~question.negated, question.at & question.negated
        tested |= question.at
        refutable |= (plain if can_fail else 0) | (negated if can_hold else 0)
        unprovable |= (0 if can_hold else plain) | (0 if can_fail else negated)
    return _FactTests(tested, refutable, tested & ~unprovable, (), 0, 0, tuple(questions))


def _ends(leaf: Predicate, values: Iterable[Value], as_of: date) -> tuple[bool, bool]:
    """Whether one of these values makes a question FALSE, and whether one makes it TRUE."""
    found: set[Truth] = set()
    for value in values:
        found.add(leaf.operator.decide(value, as_of).truth)
        if Truth.FALSE in found and Truth.TRUE in found:
            break
    return Truth.FALSE in found, Truth.TRUE in found


def _probes(leaf: Predicate, fact: Fact) -> Iterator[Value]:
    """Values of a fact that between them make a question FALSE and TRUE, where any do."""
    operator = leaf.operator
    if isinstance(operator, InSet) and fact.type in (FactType.CODE, FactType.CODES):
        several = fact.type is FactType.CODES
        listed = operator.codes.codes if operator.codes else ()
        if several and not fact.at_least_one:
            yield frozenset()
        for code in (*operator.values, *listed):
            yield frozenset([str(code)]) if several else code
    yield from candidate_values(fact, leaf, _NOBODY, _SOME_DAY)
    if fact.type is FactType.CERTIFICATES:
        yield ()
