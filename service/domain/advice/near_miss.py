"""The smallest change that would put an ineligible company in reach of a programme.

The rule's tree tells which facts must move: for an AND those of every failing part, for an OR those
of one part. Where "(A and B) or C" fails because all three do, A and B are one alternative, C is
the other. These *alternatives* are necessary: no set of changes that leaves all of them out makes
the rule true. They need not be sufficient, since moving a fact may break another test of it, so
each is tried on the rule itself, smallest first, and enlarged where it does not do. The first that
does is therefore smallest. The search ends after `MAX_TRIES` assignments of values; a rule that
would need more is answered "no small change".

At least 50 staff or a turnover of 900 are asked, and a company has 48 and 100:

>>> from types import SimpleNamespace as Sketch
>>> from service.domain.dates import Window
>>> from service.domain.rules.conditions import Clause, Connective, Group, Predicate
>>> from service.domain.rules.operators import Range
>>> from service.domain.rules.quantities import FactQuantity
>>> clause, day = Clause("measure", 1), date(2026, 1, 1)
>>> tests = [
...     Predicate(FactQuantity(fact), Range(low=least), clause)
...     for fact, least in (("staff", 50), ("turnover", 900))
... ]
>>> rule = Group(Connective.ANY, tuple(tests), clause)
>>> company = Subject(None, {"staff": 48, "turnover": 100}, {})
>>> match = Sketch(
...     programme=Sketch(window=Window(), condition=rule, facts=rule.facts),
...     subject=company,
...     status=Status.INELIGIBLE,
...     finding=evaluate_condition(rule, company, day),
... )
>>> from service.domain.facts.vocabulary import Fact, FactType, Owner
>>> from service.domain.text import Text
>>> def number(id):
...     words = (Text(id, id),) * 3
...     return Fact(id, Owner.COMPANY, id, FactType.INTEGER, *words, changeable=True)
>>> facts = {id: number(id) for id in ("staff", "turnover")}
>>> vocabulary = Vocabulary(facts, {})
>>> near_miss(match, vocabulary, day).changes
(Change(fact='staff', present=48, wanted=50, as_well=()),)
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, islice
from typing import NamedTuple

from service.domain.advice.alternatives import MAX_FACTS, NOTHING, Alternatives, FactSet
from service.domain.advice.attainable import Attainable, TitlesBarred, none_barred
from service.domain.advice.candidate_projects import with_none_stated
from service.domain.advice.change_dates import change_dates
from service.domain.advice.equal_changes import equal_values
from service.domain.advice.obstacles import obstacles_of
from service.domain.advice.trial_values import TrialValues, share_changed
from service.domain.evaluation.evaluator import Finding, Match, Status, evaluate_condition
from service.domain.facts.profile import Certificate, Subject, Value
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.conditions import Condition
from service.domain.truth import Truth

# Values that are tried; a rule that needs more is answered "no small change" rather than guessed.
MAX_TRIES = 600
# How far ahead waiting is looked at.
HORIZON = timedelta(days=3660)


class Change(NamedTuple):
    """One fact to change: its present value, a value that serves, and others that serve as well."""

    fact: str
    present: Value
    wanted: Value
    as_well: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class NearMiss:
    """The way from ineligible to potential.

    `changes` is smallest in number. `assuming` names unknown facts that must turn out well beside
    them. `blocked_by` are the obstacles where no change helps: those that no action of the
    company can change, or, where only others could settle the rest, all there are. One that is
    FALSE would have to be met, one that is TRUE would have not to be the case. `opens_on` is
    the day a programme not yet in force begins, or from which it would do without any change.
    `tried` says that values were tried: then the way depends on the exact figures, not only on
    which conditions they meet.
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


def near_miss(
    match: Match, vocabulary: Vocabulary, as_of: date, barred: TitlesBarred = none_barred
) -> NearMiss | None:
    """The near miss of a match that is ineligible or not yet open; None for any other. `barred`
    gives the certificates that somebody cannot come by, such as those of small companies."""
    start = match.programme.window.start
    if match.status is Status.NOT_IN_FORCE and start is not None and as_of < start:
        return NearMiss(opens_on=start, tried=False)
    if match.status is not Status.INELIGIBLE:
        return None
    found = _NearMissSearch(match, vocabulary, as_of, barred).run()
    if found.changes and not _begins_later(match.subject, as_of):
        return found
    day = _first_day(match, as_of)
    if day is not None:
        # What comes by itself is nothing to do something about.
        return replace(found, changes=(), assuming=(), opens_on=day)
    return found


def _begins_later(subject: Subject, as_of: date) -> bool:
    """Whether a certificate is held that is not valid yet."""
    return any(
        isinstance(record, Certificate)
        and record.issued_on is not None
        and record.issued_on > as_of
        for held in subject.facts.values()
        if isinstance(held, tuple)
        for record in held
    )


def _first_day(match: Match, as_of: date) -> date | None:
    """The day from which it would do as it is: an age that is reached by waiting."""
    programme, subject = match.programme, match.subject
    days = {d.day for d in change_dates(programme, subject, as_of, as_of + HORIZON)}
    for day in sorted(days):
        if day in programme.window:
            finding = evaluate_condition(programme.condition, subject, day)
            if finding.truth is Truth.TRUE:
                return day
    return None


class _NearMissSearch:
    def __init__(
        self, match: Match, vocabulary: Vocabulary, as_of: date, barred: TitlesBarred
    ) -> None:
        self.rule: Condition = match.programme.condition
        self.facts = match.programme.facts
        self.finding, self.as_of = match.finding, as_of
        self.subject = with_none_stated(match.subject, self.rule)
        self.attainable = Attainable(self.subject, vocabulary, as_of, barred)
        self.tries = 0

    def run(self) -> NearMiss:
        self.alternatives = Alternatives(self.attainable)
        self.values = TrialValues(self.rule, self.attainable)
        ways = sorted(self.alternatives.of(self.finding, Truth.TRUE), key=self.alternatives.cost)
        for size in range(1, MAX_FACTS + 1) if ways else ():
            found = self._smallest_change(ways, size)
            if found is not None:
                return found
        if self.attainable.passed_over_titles:
            # Only where nothing else does is a title assumed that nobody has defined.
            self.attainable.assume_titles()
            return self.run()
        failing = tuple(obstacles_of(self.finding, self._has_way))
        return NearMiss(blocked_by=failing, tried=bool(ways))

    def _smallest_change(self, ways: list[FactSet], size: int) -> NearMiss | None:
        """The best change of so many stated facts: figures before titles, then what assumes the
        least, then the smallest distance. None where none serves, or where it cannot be told that
        nothing smaller does."""
        if self.alternatives.cut and size > 1:
            return None
        exact = [f for f in ways if self.alternatives.cost(f)[0] == size]
        for sets in (exact, self._candidate_sets(ways, size)):
            served = [n for facts in sets if (n := self._try_changing(facts)) is not None]
            if served:
                return self._with_equals(min(served, key=self._rank))
        return None

    def _with_equals(self, found: NearMiss) -> NearMiss:
        """A way that changes one fact and assumes nothing, with what would do as well."""
        if len(found.changes) != 1 or found.assuming:
            return found
        (change,) = found.changes
        after = self.subject.with_facts({change.fact: change.wanted})
        equal = equal_values(change.fact, after, self.rule, self.attainable)
        return replace(found, changes=(change._replace(as_well=equal),))

    def _rank(self, found: NearMiss) -> tuple[int, int, Fraction, list[str]]:
        titles = sum(not isinstance(c.wanted, int | Decimal | date) for c in found.changes)
        far = sum((share_changed(c.present, c.wanted) for c in found.changes), Fraction(0))
        return titles, len(found.assuming), far, sorted(c.fact for c in found.changes)

    def _candidate_sets(self, ways: Iterable[FactSet], size: int) -> Iterator[FactSet]:
        """Sets that change exactly `size` stated facts: an alternative, or one enlarged."""
        tried: set[FactSet] = set()
        movable = [f for f in sorted(self.facts) if self.attainable.is_movable(f)]
        stated = [f for f in movable if self.subject.get(f) is not None]
        unknown = frozenset(f for f in movable if self.subject.get(f) is None)
        for facts in ways:
            short = size - self.alternatives.cost(facts)[0]
            if short < 0:
                continue
            for extra in combinations([f for f in stated if f not in facts], short):
                for beside in (NOTHING, unknown):
                    wanted = facts | frozenset(extra) | beside
                    if wanted not in tried:
                        tried.add(wanted)
                        yield wanted

    def _try_changing(self, facts: FactSet) -> NearMiss | None:
        """The changes to exactly these facts that make the rule true, nearest values first."""
        order = sorted(facts, key=lambda f: (self.subject.get(f) is not None, f))
        for moved in islice(self._assignments(order, {}), MAX_TRIES - self.tries):
            self.tries += 1
            if (
                evaluate_condition(self.rule, self.subject.with_facts(moved), self.as_of).truth
                is Truth.TRUE
            ):
                return self._described(moved)
        return None

    def _assignments(
        self, order: Sequence[str], moved: dict[str, Value]
    ) -> Iterator[dict[str, Value]]:
        """Every way to choose values for these facts; what serves in a sum or a ratio hangs on the
        values chosen before."""
        if not order:
            yield moved
            return
        for value in self.values.of(order[0], self.subject.with_facts(moved)):
            yield from self._assignments(order[1:], {**moved, order[0]: value})

    def _described(self, moved: Mapping[str, Value]) -> NearMiss:
        changes = tuple(
            Change(fact, present, wanted)
            for fact, wanted in moved.items()
            if (present := self.subject.get(fact)) is not None
        )
        assuming = tuple(f for f in moved if self.subject.get(f) is None)
        return NearMiss(changes, assuming)

    def _has_way(self, finding: Finding, wanted: Truth) -> bool:
        """Whether some movable facts could give a finding the wanted truth."""
        return bool(self.alternatives.of(finding, wanted))
