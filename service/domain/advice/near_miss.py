"""What an ineligible company would have to change, and nothing smaller.

The rule's tree tells which facts must move: for an AND those of every failing part, for an OR those
of one part. These *alternatives* are necessary: no set of changes that leaves all of them out makes
the rule true. They need not be sufficient, since moving a fact may break another test of it, so
each is tried on the rule itself, smallest first, and enlarged where it does not do. The first that
does is therefore smallest. The search ends after `MAX_TRIES` assignments of values; a rule that
would need more is answered "no small change".
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, islice, product
from typing import TypeAlias

from service.domain.advice.candidate_values import candidate_values, tests_of
from service.domain.evaluation.evaluator import Finding, Match, Status, evaluate_condition
from service.domain.facts.profile import Subject, Value
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.conditions import Condition, Connective, Group, Predicate
from service.domain.truth import Truth

FactSet: TypeAlias = frozenset[str]
NOTHING: FactSet = frozenset()
_NOTHING_TO_DO = frozenset([NOTHING])
# Ceilings on the search; a rule that needs more is answered "no small change" rather than guessed.
MAX_FACTS = 4
MAX_ALTERNATIVES = 64
MAX_TRIES = 5_000


@dataclass(frozen=True, slots=True)
class Change:
    """One fact to change: its present value and a value that serves."""

    fact: str
    present: Value
    wanted: Value


@dataclass(frozen=True, slots=True)
class NearMiss:
    """The way from ineligible to potential.

    `changes` is smallest in number. `assuming` names unknown facts that must turn out well beside
    them. `blocked_by` are the failing conditions that no action of the company can change; then
    there are no changes. `opens_on` is the day a programme not yet in force begins. `tried`: values
    were tried, so it hangs on the very figures, not only on which conditions they meet.
    """

    changes: tuple[Change, ...] = ()
    assuming: tuple[str, ...] = ()
    blocked_by: tuple[Finding, ...] = ()
    opens_on: date | None = None
    tried: bool = True

    @property
    def distance(self) -> int | None:
        """How many facts would have to change; None where no change helps."""
        return len(self.changes) if self.changes else None


def near_miss(match: Match, vocabulary: Vocabulary, as_of: date) -> NearMiss | None:
    """The near miss of a match that is ineligible or not yet open; None for any other."""
    start = match.programme.window.start
    if match.status is Status.NOT_IN_FORCE and start is not None and as_of < start:
        return NearMiss(opens_on=start, tried=False)
    if match.status is not Status.INELIGIBLE:
        return None
    return _NearMissSearch(match, vocabulary, as_of).run()


class _NearMissSearch:
    def __init__(self, match: Match, vocabulary: Vocabulary, as_of: date) -> None:
        self.rule: Condition = match.programme.condition
        self.facts = match.programme.facts
        self.finding = match.finding
        self.subject = match.subject
        self.vocabulary = vocabulary
        self.as_of = as_of
        self.choices: dict[str, list[Value]] = {}
        self.tries = 0
        # By identity: the findings live as long as the match.
        self._known: dict[tuple[int, Truth], frozenset[FactSet]] = {}

    def run(self) -> NearMiss:
        alternatives = sorted(self._alternatives(self.finding, Truth.TRUE), key=self._cost)
        for size in range(1, MAX_FACTS + 1) if alternatives else ():
            for facts in self._candidate_sets(alternatives, size):
                changed = self._try_changing(facts)
                if changed is not None:
                    return changed
        blocking = tuple(self._blocking(self.finding, Truth.TRUE))
        failing = tuple(f for f in blocking if f.truth is not Truth.UNKNOWN)
        return NearMiss(blocked_by=failing or blocking, tried=bool(alternatives))

    def _cost(self, facts: FactSet) -> tuple[int, int, list[str]]:
        stated = [f for f in facts if self.subject.get(f) is not None]
        return len(stated), len(facts), sorted(facts)

    def _candidate_sets(self, alternatives: Iterable[FactSet], size: int) -> Iterator[FactSet]:
        """Sets that change exactly `size` stated facts: an alternative, or one enlarged."""
        tried: set[FactSet] = set()
        movable = [f for f in sorted(self.facts) if self._movable(f)]
        stated = [f for f in movable if self.subject.get(f) is not None]
        unknown = frozenset(f for f in movable if self.subject.get(f) is None)
        for facts in alternatives:
            short = size - self._cost(facts)[0]
            if short < 0:
                continue
            for extra in combinations([f for f in stated if f not in facts], short):
                for beside in (NOTHING, unknown):
                    wanted = facts | frozenset(extra) | beside
                    if wanted not in tried:
                        tried.add(wanted)
                        yield wanted

    def _movable(self, fact: str) -> bool:
        """Whether a fact may come out otherwise: by the company's action, or as it is unknown."""
        return self.vocabulary.facts[fact].changeable or self.subject.get(fact) is None

    def _alternatives(self, finding: Finding, wanted: Truth) -> frozenset[FactSet]:
        """Minimal sets of facts of which one must move for the finding to get the wanted truth."""
        key = id(finding), wanted
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._find_alternatives(finding, wanted)
        return found

    def _find_alternatives(self, finding: Finding, wanted: Truth) -> frozenset[FactSet]:
        if finding.truth is wanted:
            return _NOTHING_TO_DO
        condition = finding.condition
        if isinstance(condition, Predicate):
            facts = [f for f in condition.quantity.facts if self._movable(f)]
            unknown = frozenset(f for f in facts if self.subject.get(f) is None)
            return frozenset([unknown] if unknown else [frozenset([f]) for f in facts])
        if not isinstance(condition, Group):
            return frozenset()
        return self._of_group(condition, finding.children, wanted)

    def _of_group(
        self, group: Group, children: tuple[Finding, ...], wanted: Truth
    ) -> frozenset[FactSet]:
        if group.gate is Connective.NOT:
            return self._alternatives(children[0], ~wanted)
        options = [self._alternatives(child, wanted) for child in children]
        if group.gate is Connective.ALL and wanted is Truth.TRUE and not all(options):
            return frozenset()
        needed = {
            Connective.ALL: len(children) if wanted is Truth.TRUE else 1,
            Connective.ANY: 1 if wanted is Truth.TRUE else len(children),
            Connective.AT_LEAST: group.count
            if wanted is Truth.TRUE
            else len(children) - group.count + 1,
        }[group.gate]
        found: set[FactSet] = set()
        for chosen in combinations(options, needed):
            for parts in product(*chosen):
                found.add(NOTHING.union(*parts))
        return frozenset(_minimal(found)[:MAX_ALTERNATIVES])

    def _try_changing(self, facts: FactSet) -> NearMiss | None:
        """The changes to exactly these facts that make the rule true, nearest values first."""
        order = sorted(facts, key=lambda f: (self.subject.get(f) is not None, f))
        for moved in islice(self._assignments(order, {}), MAX_TRIES - self.tries):
            self.tries += 1
            if evaluate_condition(self.rule, self._after(moved), self.as_of).truth is Truth.TRUE:
                return self._described(moved)
        return None

    def _after(self, moved: Mapping[str, Value]) -> Subject:
        return replace(self.subject, facts={**self.subject.facts, **moved})

    def _assignments(
        self, order: Sequence[str], moved: dict[str, Value]
    ) -> Iterator[dict[str, Value]]:
        """Every way to choose values for these facts; what serves in a sum or a ratio hangs on the
        values chosen before."""
        if not order:
            yield moved
            return
        for value in self._choices(order[0], self._after(moved)):
            yield from self._assignments(order[1:], {**moved, order[0]: value})

    def _choices(self, fact: str, subject: Subject) -> list[Value]:
        """Values to try: those other than the present one, the nearest of each outcome first."""
        if fact in self.choices:
            return self.choices[fact]
        present = self.subject.get(fact)
        found = candidate_values(self.vocabulary.facts[fact], self.rule, subject, self.as_of)
        if isinstance(present, frozenset):
            sets = [v for v in found if isinstance(v, frozenset)]
            found = [present | v for v in sets] + [present - v for v in sets] + found
        if isinstance(present, tuple):
            found = [(*present, *v) for v in found if isinstance(v, tuple)]
        others = [v for v in dict.fromkeys(found) if v != present]
        nearest = sorted(others, key=lambda v: _distance(present, v))
        tests = tests_of(fact, self.rule)
        if not all(t.quantity.single for t in tests):
            return nearest
        told: dict[tuple[Truth, ...], Value] = {}
        for value in nearest:
            after = self._after({fact: value})
            told.setdefault(
                tuple(evaluate_condition(t, after, self.as_of).truth for t in tests), value
            )
        self.choices[fact] = list(told.values())
        return self.choices[fact]

    def _described(self, moved: Mapping[str, Value]) -> NearMiss:
        changes = tuple(
            Change(fact, present, wanted)
            for fact, wanted in moved.items()
            if (present := self.subject.get(fact)) is not None
        )
        assuming = tuple(f for f in moved if self.subject.get(f) is None)
        return NearMiss(changes, assuming)

    def _blocking(self, finding: Finding, wanted: Truth) -> Iterator[Finding]:
        """The leaves for which no movable fact gives the wanted truth."""
        if finding.truth is wanted or self._alternatives(finding, wanted):
            return
        if not finding.children:
            yield finding
            return
        group = finding.condition
        assert isinstance(group, Group)
        turned = ~wanted if group.gate is Connective.NOT else wanted
        for child in finding.children:
            yield from self._blocking(child, turned)


def _minimal(sets: Iterable[FactSet]) -> list[FactSet]:
    """The sets that contain no other, smallest first.

    >>> [sorted(s) for s in _minimal([frozenset("ab"), frozenset("b"), frozenset("ac")])]
    [['b'], ['a', 'c']]
    """
    kept: list[FactSet] = []
    for candidate in sorted(sets, key=lambda s: (len(s), sorted(s))):
        if not any(k <= candidate for k in kept):
            kept.append(candidate)
    return kept


def _distance(present: Value | None, value: Value) -> Fraction:
    """How far a value is from the present one, for choosing the nearest that serves."""
    if isinstance(value, frozenset) and isinstance(present, frozenset):
        return Fraction(len(value ^ present))
    if isinstance(value, date) and isinstance(present, date):
        return Fraction(abs((value - present).days))
    if isinstance(value, int | Decimal) and isinstance(present, int | Decimal):
        return abs(Fraction(value) - Fraction(present))
    return Fraction(len(value)) if isinstance(value, tuple) else Fraction(0)
