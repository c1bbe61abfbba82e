"""What an ineligible company would have to change, and nothing smaller.

Every set of changes that makes the rule true must flip, at the least, what `_alternatives` names;
so the smallest alternative that works, tried on the rule itself, is minimal. Where flipping one
thing breaks another, larger sets are tried in order of size.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, islice, product
from typing import TypeAlias

from service.domain.conditions import Condition, Gate, Group, Test, facts_of
from service.domain.evaluation import Finding, Match, Status, examine
from service.domain.profile import Value
from service.domain.truth import Truth
from service.domain.variants import candidates
from service.domain.vocabulary import Vocabulary

FactSet: TypeAlias = frozenset[str]
NOTHING: FactSet = frozenset()
# Ceilings on the search; a rule that needs more is answered "no small change" rather than guessed.
MOST_FACTS = 4
MOST_ALTERNATIVES = 64
MOST_TRIES = 20_000


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
    there are no changes. `opens_on` is the day a programme not yet in force begins.
    """

    changes: tuple[Change, ...] = ()
    assuming: tuple[str, ...] = ()
    blocked_by: tuple[Finding, ...] = ()
    opens_on: date | None = None

    @property
    def distance(self) -> int | None:
        """How many facts would have to change; None where no change helps."""
        return len(self.changes) if self.changes else None


def near_miss(match: Match, vocabulary: Vocabulary, as_of: date) -> NearMiss | None:
    """The near miss of a match that is ineligible or not yet open; None for any other."""
    start = match.programme.window.start
    if match.status is Status.NOT_IN_FORCE and start is not None and as_of < start:
        return NearMiss(opens_on=start)
    if match.status is not Status.INELIGIBLE:
        return None
    return _Search(match, vocabulary, as_of).run()


class _Search:
    def __init__(self, match: Match, vocabulary: Vocabulary, as_of: date) -> None:
        self.rule: Condition = match.programme.condition
        self.finding = match.finding
        self.subject = match.subject
        self.vocabulary = vocabulary
        self.as_of = as_of

    def run(self) -> NearMiss:
        alternatives = sorted(self._alternatives(self.finding, Truth.TRUE), key=self._cost)
        for size in range(1, MOST_FACTS + 1):
            for facts in self._sets(alternatives, size):
                changed = self._works(facts)
                if changed is not None:
                    return changed
        blocking = tuple(self._blocking(self.finding, Truth.TRUE))
        failing = tuple(f for f in blocking if f.truth is not Truth.UNKNOWN)
        return NearMiss(blocked_by=failing or blocking)

    def _cost(self, facts: FactSet) -> tuple[int, int, list[str]]:
        stated = [f for f in facts if self.subject.get(f) is not None]
        return len(stated), len(facts), sorted(facts)

    def _sets(self, alternatives: Iterable[FactSet], size: int) -> Iterator[FactSet]:
        """Sets that change exactly `size` stated facts: an alternative, or one enlarged."""
        tried: set[FactSet] = set()
        movable = [f for f in sorted(facts_of(self.rule)) if self._movable(f)]
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
        if finding.truth is wanted:
            return frozenset([NOTHING])
        condition = finding.condition
        if isinstance(condition, Test):
            facts = [f for f in condition.quantity.facts if self._movable(f)]
            unknown = frozenset(f for f in facts if self.subject.get(f) is None)
            return frozenset([unknown] if unknown else [frozenset([f]) for f in facts])
        if not isinstance(condition, Group):
            return frozenset()
        return self._of_group(condition, finding.children, wanted)

    def _of_group(
        self, group: Group, children: tuple[Finding, ...], wanted: Truth
    ) -> frozenset[FactSet]:
        if group.gate is Gate.NOT:
            return self._alternatives(children[0], ~wanted)
        options = [self._alternatives(child, wanted) for child in children]
        needed = {
            Gate.ALL: len(children) if wanted is Truth.TRUE else 1,
            Gate.ANY: 1 if wanted is Truth.TRUE else len(children),
            Gate.AT_LEAST: group.count if wanted is Truth.TRUE else len(children) - group.count + 1,
        }[group.gate]
        found: set[FactSet] = set()
        for chosen in combinations(options, needed):
            for parts in product(*chosen):
                found.add(NOTHING.union(*parts))
        return frozenset(_minimal(found)[:MOST_ALTERNATIVES])

    def _works(self, facts: FactSet) -> NearMiss | None:
        """The changes to exactly these facts that make the rule true, nearest values first."""
        order = sorted(facts, key=lambda f: (self.subject.get(f) is not None, f))
        values = [self._choices(f) for f in order]
        for chosen in islice(product(*values), MOST_TRIES):
            moved = dict(zip(order, chosen, strict=True))
            subject = replace(self.subject, facts={**self.subject.facts, **moved})
            if examine(self.rule, subject, self.as_of).truth is Truth.TRUE:
                return self._described(moved)
        return None

    def _choices(self, fact: str) -> list[Value]:
        """Values to try: those other than the present one, the nearest first."""
        present = self.subject.get(fact)
        found = candidates(self.vocabulary.facts[fact], self.rule, self.subject, self.as_of)
        if isinstance(present, frozenset):
            found = [present | v for v in found if isinstance(v, frozenset)] + found
        if isinstance(present, tuple):
            found = [(*present, *v) for v in found if isinstance(v, tuple)]
        others = [v for v in dict.fromkeys(found) if v != present]
        return sorted(others, key=lambda v: _distance(present, v))

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
        turned = ~wanted if group.gate is Gate.NOT else wanted
        for child in finding.children:
            yield from self._blocking(child, turned)


def _minimal(sets: Iterable[FactSet]) -> list[FactSet]:
    """The sets that contain no other, smallest first."""
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
