"""Which unknown facts can still change the status of a match.

A status is a matter of two thresholds of the root's truth: is it at least UNKNOWN (or FALSE), and
is it TRUE? An answer can lift a test over a threshold, or keep it below. Whether that moves the
root is asked on the way up, group by group: a part decides its group where the other parts can
stand so that it alone tips the scale. In "A and B and C", A decides where B and C can both be over
the threshold; in "A or B or C" where neither need be; in "two of A, B, C" where just one can be.

Parts that share no open fact can be looked at one by one, as their truths move independently. Parts
that share one are taken together, and every set of answers to their facts is tried.

The answer is exact, no fact too many and none too few, as long as parts that share facts need no
more than `MAX_COMBINATIONS` sets of answers (`MAX_TRIES` where numbers are made of several facts).
Beyond that every open fact of those parts is named: possibly too many are asked, never too few.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from service.domain.advice.answer_table import AnswerTable
from service.domain.advice.candidate_values import refining_values, tests_of
from service.domain.cache import BoundedCache
from service.domain.evaluation.evaluator import Finding, Match
from service.domain.facts.profile import PROJECT_KIND, Value
from service.domain.facts.vocabulary import FactType, Vocabulary
from service.domain.rules.conditions import (
    Condition,
    Connective,
    Group,
    Predicate,
    TruthRange,
    combine,
    combine_ranges,
    leaves,
)
from service.domain.rules.intervals import truth_of
from service.domain.truth import Truth

ThresholdSet: TypeAlias = frozenset[Truth]
SharedFactGroup: TypeAlias = tuple[Finding, ...]
Answers: TypeAlias = dict[str, Value]
BOTH: ThresholdSet = frozenset([Truth.UNKNOWN, Truth.TRUE])
NEITHER: ThresholdSet = frozenset()
_NEGATED = {Truth.UNKNOWN: Truth.TRUE, Truth.TRUE: Truth.UNKNOWN}
# Sets of answers tried for one part of a rule, all at once or one by one; beyond that each of its
# facts counts as decisive.
MAX_COMBINATIONS = 1 << 18
MAX_TRIES = 4_000
CACHE_SIZE = 8_192


@dataclass(frozen=True, slots=True)
class AnswerEffect:
    """What answers can do to a part of a rule: the least and the greatest truth they can give it,
    and for each fact the thresholds over which its answer alone can move it."""

    reach: TruthRange
    moves: Mapping[str, ThresholdSet]


# What answers can do to a part hangs on its conditions, the vocabulary that gives the answers, and
# what is known; many companies share it.
_EFFECTS: BoundedCache[tuple[object, ...], AnswerEffect] = BoundedCache(CACHE_SIZE)
Outcomes: TypeAlias = tuple[Truth, ...]
# Facts that have several values at once: so many sets that a part's own tests choose among them.
_RECORDS_AND_SETS = (FactType.CODES, FactType.CERTIFICATES, FactType.AWARDS)
# The same of the outcomes that a fact can give its tests.
_OUTCOMES: BoundedCache[tuple[object, ...], tuple[Outcomes, ...]] = BoundedCache(CACHE_SIZE)


def decisive_facts(match: Match, vocabulary: Vocabulary, as_of: date) -> tuple[str, ...]:
    """The unknown facts that can still change this match's status, in the order of the rule.

    About a project nobody has submitted, only whether there is one is asked. Exact but for parts of
    a rule with very many sets of answers, of which all open facts are named.
    """
    found = set(_DecisiveSearch(match, vocabulary, as_of).walk(match.finding, BOTH))
    if match.subject.hypothetical:
        found = {f for f in found if f == PROJECT_KIND or not f.startswith("project.")}
    return tuple(f for f in match.finding.missing if f in found)


class _DecisiveSearch:
    def __init__(self, match: Match, vocabulary: Vocabulary, as_of: date) -> None:
        self.subject, self.vocabulary, self.as_of = match.subject, vocabulary, as_of
        self.condition = match.programme.condition
        self._tests: dict[str, tuple[Predicate, ...]] = {}
        # By the findings' places in memory, which the match holds.
        self._effects: dict[tuple[int, ...], AnswerEffect] = {}

    def tests_of(self, fact: str) -> tuple[Predicate, ...]:
        """All tests of a fact that the programme has."""
        if fact not in self._tests:
            self._tests[fact] = tests_of(fact, self.condition)
        return self._tests[fact]

    def walk(self, finding: Finding, levels: ThresholdSet) -> Iterator[str]:
        """The facts below a finding whose answers move the root; `levels` are those at which the
        finding itself does."""
        if not levels or not finding.missing:
            return
        parts = _parts(finding)
        if parts is None:
            moves = self._effect(Connective.ALL, (finding,)).moves
            yield from (fact for fact, moved in moves.items() if moved & levels)
            return
        group = finding.condition
        assert isinstance(group, Group)
        reaches = [self._reach_of(group.gate, part) for part in parts]
        for i, part in enumerate(parts):
            passing = _propagated_thresholds(group, levels, reaches[:i] + reaches[i + 1 :])
            if len(part) == 1:
                yield from self.walk(part[0], passing)
            else:
                moves = self._effect(group.gate, part).moves
                yield from (fact for fact, moved in moves.items() if moved & passing)

    def _reach(self, finding: Finding) -> TruthRange:
        """The lowest and the highest truth that answers can give a finding."""
        if not finding.missing:
            return finding.truth, finding.truth
        parts = _parts(finding)
        if parts is None:
            return self._effect(Connective.ALL, (finding,)).reach
        group = finding.condition
        assert isinstance(group, Group)
        return combine_ranges(group, [self._reach_of(group.gate, part) for part in parts])

    def _reach_of(self, gate: Connective, part: SharedFactGroup) -> TruthRange:
        return self._reach(part[0]) if len(part) == 1 else self._effect(gate, part).reach

    def _effect(self, gate: Connective, part: SharedFactGroup) -> AnswerEffect:
        """What answers can do to a part. It is asked for on every step of the way down."""
        place = tuple(map(id, part))
        if place not in self._effects:
            self._effects[place] = self._find_effect(gate, part)
        return self._effects[place]

    def _find_effect(self, gate: Connective, part: SharedFactGroup) -> AnswerEffect:
        """What answers can do to a part, kept where it does not hang on stated values."""
        conditions = tuple(_undecided_part(finding) for finding in part)
        missing = tuple(dict.fromkeys(fact for finding in part for fact in finding.missing))
        tests = [x for c in conditions for x in leaves(c) if isinstance(x, Predicate)]
        fresh = all(self.subject.get(f) is None for f in missing) and all(map(_of_one_fact, tests))
        key = self.vocabulary, self.as_of, gate, missing, conditions
        if fresh and (known := _EFFECTS.get(key)):
            return known
        rule = Group(gate, conditions, conditions[0].clause)
        effect = _AnswerEnumeration(self, rule, missing).run()
        return _EFFECTS.keep(key, effect) if fresh else effect


class _AnswerEnumeration:
    """Every set of answers, given or withheld, to the open facts of one part of a rule."""

    def __init__(self, search: _DecisiveSearch, rule: Group, facts: tuple[str, ...]) -> None:
        self.search, self.rule, self.facts = search, rule, facts
        self.subject = search.subject
        self.tests = {fact: tests_of(fact, rule) for fact in facts}
        self.mixed = {f for f, asked in self.tests.items() if any(len(t.quantity.facts) > 1
                                                                  for t in asked)}  # fmt: skip
        self.options: dict[str, list[Value]] = {}
        self.leaf_truths: dict[tuple[object, ...], Truth] = {}
        self.moves = dict.fromkeys(facts, NEITHER)

    def run(self) -> AnswerEffect:
        """All at once, but for numbers made of several facts, whose values hang on one another."""
        return self._one_by_one() if self.mixed else self._all_at_once()

    def _all_at_once(self) -> AnswerEffect:
        outcomes = {fact: self._outcomes_of(fact) for fact in self.facts}
        table = AnswerTable({fact: len(rows) for fact, rows in outcomes.items()})
        if table.count > MAX_COMBINATIONS:
            return self._beyond()

        def truths_of(leaf: Condition) -> tuple[str | None, Sequence[Truth]]:
            withheld = self._truth(leaf, {})
            fact = next((f for f in leaf.facts if f in outcomes), None)
            if fact is None or not isinstance(leaf, Predicate):
                return None, [withheld]
            place = self.tests[fact].index(leaf)
            return fact, [withheld, *(rows[place] for rows in outcomes[fact])]

        possible, true = table.truths(self.rule, truths_of)
        open_, failed = possible & ~true, table.whole & ~possible
        for fact in self.facts:
            for level, decided in ((Truth.UNKNOWN, failed), (Truth.TRUE, true)):
                if table.moves(fact, decided, open_):
                    self.moves[fact] |= {level}
        low = Truth.FALSE if failed else Truth.UNKNOWN
        return AnswerEffect((low, Truth.TRUE if true else Truth.UNKNOWN), self.moves)

    def _outcomes_of(self, fact: str) -> Sequence[Outcomes]:
        """What the values of a fact make of its tests, each once."""
        tests, asked = self.tests[fact], self.search.vocabulary.facts[fact]
        whole = self.search.tests_of(fact)
        if asked.type in _RECORDS_AND_SETS or not all(map(_of_one_fact, whole)):
            return self._outcomes_among(fact, tests, self.rule)
        # What values make of all tests of the programme is worked out once, whatever is left open.
        places = [whole.index(t) for t in tests]
        all_outcomes = self._outcomes_among(fact, whole, self.search.condition)
        return list(dict.fromkeys(tuple([outcome[i] for i in places]) for outcome in all_outcomes))

    def _outcomes_among(
        self, fact: str, tests: tuple[Predicate, ...], rule: Condition
    ) -> tuple[Outcomes, ...]:
        """The different outcomes that the values of a fact give these tests. They are kept for
        facts that the subject does not state."""
        as_of = self.search.as_of
        plain = self.subject.get(fact) is None and all(map(_of_one_fact, tests))
        key = self.search.vocabulary, fact, as_of, tests
        if plain and (known := _OUTCOMES.get(key)):
            return known
        asked = self.search.vocabulary.facts[fact]
        values = refining_values(asked, rule, self.subject, as_of)
        # Each value meets each test once, so no truth of them is kept.
        stated = (self.subject.with_facts({fact: value}) for value in values)
        different = dict.fromkeys(tuple([truth_of(t, who, as_of) for t in tests]) for who in stated)
        return _OUTCOMES.keep(key, tuple(different)) if plain else tuple(different)

    def _beyond(self) -> AnswerEffect:
        return AnswerEffect((Truth.FALSE, Truth.TRUE), dict.fromkeys(self.facts, BOTH))

    def _one_by_one(self) -> AnswerEffect:
        truths = {Truth.UNKNOWN}
        waiting: list[tuple[int, Answers]] = [(0, {})]
        for _ in range(MAX_TRIES):
            if not waiting:
                return AnswerEffect((min(truths), max(truths)), self.moves)
            given, stated = waiting.pop()
            truth = self._truth(self.rule, stated)
            if truth is not Truth.UNKNOWN:
                truths.add(truth)
                self._note(stated, Truth.TRUE if truth is Truth.TRUE else Truth.UNKNOWN)
            elif given < len(self.facts):
                fact = self.facts[given]
                waiting.append((given + 1, stated))
                waiting += [(given + 1, {**stated, fact: v}) for v in self._values(fact, stated)]
        return self._beyond()

    def _note(self, stated: Answers, level: Truth) -> None:
        """Mark the facts without whose answer the others would leave it open."""
        for fact in stated:
            if level in self.moves[fact]:
                continue
            others = {f: v for f, v in stated.items() if f != fact}
            if self._truth(self.rule, others) is Truth.UNKNOWN:
                self.moves[fact] |= {level}

    def _values(self, fact: str, stated: Answers) -> list[Value]:
        """Answers that the tests of a fact tell apart."""
        if fact in self.options:
            return self.options[fact]
        subject = self.subject.with_facts(stated)
        known = self.search.vocabulary.facts[fact]
        by_outcome: dict[tuple[object, ...], Value] = {}
        for value in refining_values(known, self.rule, subject, self.search.as_of):
            outcome: tuple[object, ...] = (value,)
            if fact not in self.mixed:
                outcome = tuple(self._truth(t, {fact: value}) for t in self.tests[fact])
            by_outcome.setdefault(outcome, value)
        if fact not in self.mixed:
            self.options[fact] = list(by_outcome.values())
        return list(by_outcome.values())

    def _truth(self, condition: Condition, stated: Answers) -> Truth:
        if isinstance(condition, Group):
            return combine(condition, [self._truth(c, stated) for c in condition.children])
        if not isinstance(condition, Predicate):
            return Truth.UNKNOWN
        key = condition, *(stated.get(f) for f in condition.quantity.facts)
        truth = self.leaf_truths.get(key)
        if truth is None:
            truth = truth_of(condition, self.subject.with_facts(stated), self.search.as_of)
            self.leaf_truths[key] = truth
        return truth


def _of_one_fact(test: Predicate) -> bool:
    """Whether nothing but one fact and the day decides a test."""
    return len(test.quantity.facts) == 1


def _undecided_part(finding: Finding) -> Condition:
    """What is left of an open condition: what is decided in it has no say any more."""
    group = finding.condition
    if not isinstance(group, Group) or group.gate is Connective.NOT:
        inner = tuple(_undecided_part(child) for child in finding.children)
        return replace(group, children=inner) if isinstance(group, Group) else group
    open_ = tuple(_undecided_part(c) for c in finding.children if c.truth is Truth.UNKNOWN)
    held = sum(child.truth is Truth.TRUE for child in finding.children)
    return replace(group, children=open_, count=max(group.count - held, 0))


def _parts(finding: Finding) -> list[SharedFactGroup] | None:
    """The children of a finding, those that share an open fact together. None for what is taken
    as a whole: a leaf, and a count over children that share a fact."""
    if not finding.children:
        return None
    parts: list[tuple[set[str], SharedFactGroup]] = []
    for child in finding.children:
        facts: set[str] = set(child.missing)
        together: SharedFactGroup = (child,)
        apart = []
        for known, part in parts:
            if known & facts:
                facts, together = facts | known, part + together
            else:
                apart.append((known, part))
        parts = [*apart, (facts, together)]
    group = finding.condition
    assert isinstance(group, Group)
    if group.gate is Connective.AT_LEAST and len(parts) < len(finding.children):
        return None
    return [part for _, part in parts]


def _propagated_thresholds(
    group: Group, levels: ThresholdSet, siblings: list[TruthRange]
) -> ThresholdSet:
    """The thresholds at which a part of a group moves the root, given those at which the group
    does.

    Of a group that needs `count` parts above a threshold, one part decides where exactly `count -
    1` of the others can be above it: no more of them need be (they are not yet), no fewer can be.
    NOT swaps the thresholds: its part is at least UNKNOWN where it is not TRUE.
    """
    if group.gate is Connective.NOT:
        return frozenset(_NEGATED[level] for level in levels)
    count = {
        Connective.ALL: len(siblings) + 1,
        Connective.ANY: 1,
        Connective.AT_LEAST: group.count,
    }[group.gate]
    return frozenset(
        level
        for level in levels
        if sum(low >= level for low, _ in siblings)
        <= count - 1
        <= sum(high >= level for _, high in siblings)
    )
