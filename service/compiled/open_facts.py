"""Which unknown facts can still decide the statuses of all programmes at once, on bit sets.

What a fact can do is that of `decisive_facts`, the authority: an answer to a leaf lifts it to "not
FALSE" or to TRUE, or keeps it below, and moves the root where every node on the way lets that
level through. Where each unknown fact stands in one leaf of a rule, siblings can be answered one by
one, and all rules are worked out together over the lanes: upward what answers can reach, downward
the levels that move the root. The few rules that ask an open fact twice, or that a more exact value
could settle, are searched one by one; what comes out depends on the truths of their leaves alone,
so that the same search is made once.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from service.compiled.evaluated_subject import EvaluatedSubject, LeafNumbers
from service.domain.advice.candidate_values import candidate_values, refining_values
from service.domain.advice.decisive_facts import decisive_facts
from service.domain.advice.questions import PROJECT
from service.domain.evaluation.evaluator import Finding, evaluate_programme
from service.domain.facts.profile import PROJECT_KIND, Subject, Value
from service.domain.facts.vocabulary import Fact, FactType
from service.domain.index.bitset import BitSet, bitset_of
from service.domain.index.layout import literals_by_bit
from service.domain.index.status_index import Ends, LaneTruths, StatusIndex, SubjectTruths
from service.domain.rules.catalogue import Catalogue, Programme
from service.domain.rules.conditions import Predicate, leaves
from service.domain.rules.operators import InSet
from service.domain.truth import Truth

_SOME_DAY = date(2026, 1, 1)
SEARCH_CACHE_SIZE = 16_384
REFINEMENT_CACHE_SIZE = 2_048


class _FactTests(NamedTuple):
    """Where a fact stands: at which bits of the lanes, and which of these an answer can make FALSE
    or TRUE; the lanes it stands in; the programmes that ask it twice; its questions by number, with
    where they stand and where of it they must not hold."""

    tested: BitSet
    refutable: BitSet
    provable: BitSet
    lanes: tuple[tuple[int, BitSet], ...]
    shared: BitSet
    questions: tuple[tuple[int, BitSet, BitSet], ...]


class OpenFacts:
    """Finds the facts worth asking, for one catalogue."""

    def __init__(self, index: StatusIndex, catalogue: Catalogue, numbers: LeafNumbers) -> None:
        self._index, self._vocabulary, self._numbers = index, catalogue.vocabulary, numbers
        self._facts = dict(self._compile())
        self._derived = 0
        for derived in index.combined:
            self._derived |= derived.test_bits
        self._of_projects = bitset_of(i for i, p in enumerate(index.programmes) if p.supports)
        self._leaves = [tuple(numbers.numbers_of(p.condition)) for p in index.programmes]
        # What more exact values can make of a question: FALSE, TRUE.
        self._outcomes: dict[tuple[int, Value], tuple[bool, bool]] = {}
        self._refinements: dict[tuple[str, Value], _FactTests | None] = {}
        self._searched: dict[object, tuple[str, ...]] = {}

    def _compile(self) -> Iterator[tuple[str, _FactTests]]:
        standing: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        negated: dict[int, set[int]] = defaultdict(set)
        for place, leaf, is_negated in literals_by_bit(self._index.lanes):
            if isinstance(leaf, Predicate):
                number = self._numbers.number_of(leaf)
                if is_negated:
                    negated[number].add(place)
                for fact in leaf.quantity.facts:
                    standing[fact][number].append(place)
        shared = self._shared()
        for fact, questions in standing.items():
            found = [
                (n, bitset_of(places), bitset_of(negated[n] & set(places)))
                for n, places in questions.items()
            ]
            tested = refutable = provable = 0
            for number, at, turned in found:
                tested |= at
                can_fail, can_hold = self._ends(number, fact)
                refutable |= (at ^ turned if can_fail else 0) | (turned if can_hold else 0)
                provable |= (at ^ turned if can_hold else 0) | (turned if can_fail else 0)
            lanes = tuple(
                (lane.offset, lane.occupied)
                for lane in self._index.lanes
                if (tested >> lane.offset) & lane.occupied
            )
            twice = shared.get(fact, 0)
            yield fact, _FactTests(tested, refutable, provable, lanes, twice, tuple(found))

    def _shared(self) -> Mapping[str, BitSet]:
        places: dict[str, list[int]] = defaultdict(list)
        for i, programme in enumerate(self._index.programmes):
            asked = Counter(
                fact
                for leaf in leaves(programme.condition)
                if isinstance(leaf, Predicate)
                for fact in dict.fromkeys(leaf.quantity.facts)
            )
            for fact, count in asked.items():
                if count > 1:
                    places[fact].append(i)
        return {fact: bitset_of(held) for fact, held in places.items()}

    def _ends(self, number: int, fact: str) -> tuple[bool, bool]:
        """Whether an answer can make a question FALSE, and whether one can make it TRUE."""
        leaf = self._numbers.leaves[number]
        assert isinstance(leaf, Predicate)
        if not leaf.quantity.single:
            return True, True
        return _ends(leaf, _probes(leaf, self._vocabulary.facts[fact]), _SOME_DAY)

    def decisive(
        self, reading: SubjectTruths, subject: EvaluatedSubject, undetermined: BitSet
    ) -> dict[str, BitSet]:
        """For each fact worth asking, the undetermined programmes of a reading whose status an
        answer can still change."""
        if not undetermined:
            return {}
        facts, open_, ambiguous = subject.facts, reading.lanes.open, 0
        asked = {f: t for f, t in self._facts.items() if f not in facts}
        if open_:
            open_, ambiguous = self._add_coarse(asked, subject, open_)
        refutes, proves = self._moves(reading.lanes, asked.values(), open_, undetermined)
        searched = self._to_search(reading.lanes, asked, subject, ambiguous) & undetermined
        plain = undetermined ^ searched
        found: dict[str, BitSet] = {}
        for fact, tests in asked.items():
            moved = (tests.refutable & refutes) | (tests.provable & proves)
            if moved and (held := self._fold(moved, tests, fact, reading) & plain):
                found[fact] = held
        for i, programme in self._index.numbered(searched):
            for fact in self._search(i, programme, subject):
                found[fact] = found.get(fact, 0) | (1 << i)
        return found

    def _add_coarse(
        self, asked: dict[str, _FactTests], subject: EvaluatedSubject, open_: BitSet
    ) -> tuple[BitSet, BitSet]:
        """Adds the stated facts that a more exact value could settle something of. What then stays
        open for good, and where several facts are open at one bit, so that it cannot be told."""
        once = twice = coarse = 0
        for fact, value in subject.facts.items():
            tests = self._facts.get(fact)
            if tests is None or not tests.tested & open_:
                continue
            may_be_open = self._index.open_tests(fact, value, subject.as_of)
            twice |= once & may_be_open
            once |= may_be_open
            refined = self._refined(fact, value, tests, subject)
            if refined:
                asked[fact] = refined
                coarse |= refined.tested
        return (open_ & ~coarse) | self._index.undecided, coarse & twice

    def _refined(
        self, fact: str, value: Value, tests: _FactTests, subject: EvaluatedSubject
    ) -> _FactTests | None:
        """What more exact values of a fact can do. That of dated certificates hangs on the day."""
        if isinstance(value, tuple):
            return self._refine(fact, tests, subject)
        if (fact, value) not in self._refinements:
            if len(self._refinements) >= REFINEMENT_CACHE_SIZE:
                self._refinements.clear()
                self._outcomes.clear()
            self._refinements[fact, value] = self._refine(fact, tests, subject)
        return self._refinements[fact, value]

    def _refine(self, fact: str, tests: _FactTests, subject: EvaluatedSubject) -> _FactTests | None:
        tested = refutable = provable = 0
        known = self._vocabulary.facts[fact]
        for number, at, turned in tests.questions:
            leaf = self._numbers.leaves[number]
            if not isinstance(leaf, Predicate) or not subject[number].missing:
                continue
            values = refining_values(known, leaf, subject.subject, subject.as_of)
            can_fail, can_hold = _ends(leaf, values, subject.as_of)
            if not isinstance(subject.facts[fact], tuple):
                self._outcomes[number, subject.facts[fact]] = can_fail, can_hold
            tested |= at
            refutable |= (at ^ turned if can_fail else 0) | (turned if can_hold else 0)
            provable |= (at ^ turned if can_hold else 0) | (turned if can_fail else 0)
        if not tested:
            return None
        return tests._replace(tested=tested, refutable=refutable, provable=provable)

    def _fold(self, moved: BitSet, tests: _FactTests, fact: str, reading: SubjectTruths) -> BitSet:
        """The programmes of these leaves. Of a project that nobody has submitted only its
        existence is asked."""
        held = 0
        for offset, occupied in tests.lanes:
            held |= (moved >> offset) & occupied
        hypothetical = reading.project is None and fact != PROJECT_KIND
        if hypothetical and fact.startswith(PROJECT):
            held &= ~self._of_projects
        return held

    def _moves(
        self,
        lanes: LaneTruths,
        asked: Iterable[_FactTests],
        stuck: BitSet,
        undetermined: BitSet,
    ) -> tuple[BitSet, BitSet]:
        """The bits at which a leaf that can be FALSE, or can be TRUE, moves the root. `stuck`:
        where no answer makes anything TRUE or FALSE."""
        refutable = 0
        for tests in asked:
            refutable |= tests.refutable
            stuck |= tests.tested & ~tests.provable
        possible = lanes.possible
        ends = Ends(
            low=possible & ~refutable,
            least=possible & ~(lanes.open | lanes.unstated),
            high=possible,
            best=possible & ~stuck,
        )
        return self._index.moving(ends, undetermined)

    def _to_search(
        self,
        lanes: LaneTruths,
        asked: Mapping[str, _FactTests],
        subject: EvaluatedSubject,
        ambiguous: BitSet,
    ) -> BitSet:
        """The programmes that ask an open fact twice, or an open number made of several."""
        found = 0
        for tests in asked.values():
            found |= tests.shared
        ambiguous |= self._derived & (lanes.open | lanes.unstated)
        for lane in self._index.lanes if ambiguous else ():
            found |= (ambiguous >> lane.offset) & lane.occupied
        return found

    def _search(
        self, place: int, programme: Programme, subject: EvaluatedSubject
    ) -> tuple[str, ...]:
        """What `decisive_facts` finds; the same for the same truths where no value can be made more
        exact."""
        values = [subject[number] for number in self._leaves[place]]
        exact = [
            self._weight(place, number, fact, subject)
            for number, value in zip(self._leaves[place], values, strict=True)
            for fact in _weighed(value)
            if fact in subject.facts
        ]
        hypothetical = bool(programme.supports) and subject.ref is None
        key = place, hypothetical, subject.as_of, *((v.truth, v.missing) for v in values), *exact
        found = self._searched.get(key)
        if found is None:
            match = evaluate_programme(programme, subject.for_programme(programme), subject.as_of)
            found = decisive_facts(match, self._vocabulary, subject.as_of)
            if len(self._searched) >= SEARCH_CACHE_SIZE:
                self._searched.clear()
            self._searched[key] = found
        return found

    def _weight(self, place: int, number: int, fact: str, subject: EvaluatedSubject) -> object:
        """What tells a stated fact's value from others in an open leaf: where the rule asks it
        once, only what more exact values can make of the leaf."""
        value = subject.facts[fact]
        if self._facts[fact].shared >> place & 1:
            return fact, value
        return fact, self._outcomes.get((number, value), value)


def _weighed(finding: Finding) -> tuple[str, ...]:
    """The facts whose very values tell what answers can do to an open leaf."""
    leaf = finding.condition
    if finding.truth is Truth.UNKNOWN and isinstance(leaf, Predicate) and not leaf.quantity.single:
        return leaf.quantity.facts
    return finding.missing


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
        if several:
            yield frozenset()
        for code in (*operator.values, *listed):
            yield frozenset([str(code)]) if several else code
    nothing = Subject(None, {}, {})
    yield from candidate_values(fact, leaf, nothing, _SOME_DAY)
    if fact.type is FactType.CERTIFICATES:
        yield ()
