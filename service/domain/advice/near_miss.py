"""What an ineligible company would have to change, and nothing smaller.

The rule's tree tells which facts must move: for an AND those of every failing part, for an OR those
of one part. Where "(A and B) or C" fails because all three do, A and B are one alternative, C is
the other. These *alternatives* are necessary: no set of changes that leaves all of them out makes
the rule true. They need not be sufficient, since moving a fact may break another test of it, so
each is tried on the rule itself, smallest first, and enlarged where it does not do. The first that
does is therefore smallest. The search ends after `MAX_TRIES` assignments of values; a rule that
would need more is answered "no small change".
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import combinations, islice
from typing import NamedTuple, TypeAlias, assert_never

from service.domain.advice.candidate_values import candidate_values, tests_of
from service.domain.advice.change_dates import change_dates
from service.domain.advice.obstacles import obstacles_of
from service.domain.evaluation.evaluator import Finding, Match, Status, evaluate_condition
from service.domain.facts.implied_facts import following_facts
from service.domain.facts.profile import Certificate, Record, Subject, Value
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.conditions import Condition, Connective, Group, Predicate, Undecided
from service.domain.rules.operators import HoldsCertificate, InSet, is_undefined
from service.domain.truth import Truth

FactSet: TypeAlias = frozenset[str]
NOTHING: FactSet = frozenset()
_NOTHING_TO_DO = frozenset([NOTHING])
# Ceilings on the search; a rule that needs more is answered "no small change" rather than guessed.
MAX_FACTS = 4
MAX_ALTERNATIVES = 55  # the pairs of eleven facts
MAX_TRIES = 600
# How far ahead waiting is looked at.
HORIZON = timedelta(days=3660)


# The certificates that a subject cannot come by on a day.
TitlesBarred: TypeAlias = Callable[[Subject, date], Container[str]]


def _none_barred(subject: Subject, as_of: date) -> Container[str]:  # noqa: ARG001
    return ()


class Change(NamedTuple):
    """One fact to change: its present value and a value that serves."""

    fact: str
    present: Value
    wanted: Value


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
    match: Match, vocabulary: Vocabulary, as_of: date, barred: TitlesBarred = _none_barred
) -> NearMiss | None:
    """The near miss of a match that is ineligible or not yet open; None for any other. `barred`
    gives the certificates that somebody cannot come by, such as those of small companies.

    At least 50 staff or a turnover of 900 are asked, and a company has 48 and 100:

    >>> from types import SimpleNamespace as Sketch
    >>> from service.domain.dates import Window
    >>> from service.domain.rules.conditions import Clause
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
    (Change(fact='staff', present=48, wanted=50),)
    """
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
        self.finding = match.finding
        self.subject = match.subject
        self.vocabulary = vocabulary
        self.as_of = as_of
        self.choices: dict[str, list[Value]] = {}
        self.following = following_facts(match.subject.facts, vocabulary)
        # Whether an undefined title may be assumed where it is unknown, and whether one was not.
        self.assumes_titles = self.passed_over_titles = False
        self._barred = barred
        self.tries = 0
        self.cut = False  # whether some of too many alternatives were left aside
        # INVARIANT: about one subject on one day, equal conditions have equal findings.
        self._alternatives_cache: dict[tuple[Condition, Truth], frozenset[FactSet]] = {}

    def run(self) -> NearMiss:
        alternatives = sorted(self._alternatives(self.finding, Truth.TRUE), key=self._cost)
        for size in range(1, MAX_FACTS + 1) if alternatives else ():
            found = self._smallest_change(alternatives, size)
            if found is not None:
                return found
        if self.passed_over_titles:
            # Only where nothing else does is a title assumed that nobody has defined.
            self.assumes_titles, self.passed_over_titles = True, False
            self._alternatives_cache.clear()
            self.choices.clear()
            return self.run()
        failing = tuple(obstacles_of(self.finding, self._has_way))
        return NearMiss(blocked_by=failing, tried=bool(alternatives))

    def _smallest_change(self, alternatives: list[FactSet], size: int) -> NearMiss | None:
        """The best change of so many stated facts: figures before titles, then what assumes the
        least, then the smallest distance. None where none serves, or where it cannot be told that
        nothing smaller does."""
        if self.cut and size > 1:
            return None
        exact = [f for f in alternatives if self._cost(f)[0] == size]
        for sets in (exact, self._candidate_sets(alternatives, size)):
            served = [n for facts in sets if (n := self._try_changing(facts)) is not None]
            if served:
                return min(served, key=self._rank)
        return None

    def _rank(self, found: NearMiss) -> tuple[int, int, Fraction, list[str]]:
        titles = sum(not isinstance(c.wanted, int | Decimal | date) for c in found.changes)
        far = sum((_share_changed(c.present, c.wanted) for c in found.changes), Fraction(0))
        return titles, len(found.assuming), far, sorted(c.fact for c in found.changes)

    def _cost(self, facts: FactSet) -> tuple[int, int, list[str]]:
        return len(self._stated_of(facts)), len(facts), sorted(facts)

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
        """Whether a fact may come out otherwise: by the company's action, or as it is unknown. What
        is so because of another fact is not changed by itself."""
        if self.subject.get(fact) is None:
            return True
        return self.vocabulary.facts[fact].changeable and fact not in self.following

    def _facts_to_move(self, test: Predicate, wanted: Truth) -> list[str]:
        """The facts of a test that may come out otherwise; none where it asks for what nobody can
        come by."""
        operator = test.operator
        named: tuple[object, ...] = ()
        if isinstance(operator, HoldsCertificate):
            named = operator.categories
        elif isinstance(operator, InSet):
            named = operator.values
        facts = [f for f in test.quantity.facts if self._movable(f)]
        if wanted is not Truth.TRUE or not named:
            return facts
        return [f for f in facts if any(self._is_attainable(f, str(name)) for name in named)]

    def _is_attainable(self, fact: str, code: str) -> bool:
        """Whether a code can be come by: nobody awards a title that nobody has defined, and some
        are barred to some."""
        codes = self.vocabulary.codes_of(self.vocabulary.facts[fact])
        if codes is None:
            return True
        if is_undefined(codes, code):
            unknown = self.subject.get(fact) is None
            self.passed_over_titles |= unknown and not self.assumes_titles
            return unknown and self.assumes_titles
        return code not in self.barred_titles

    @cached_property
    def barred_titles(self) -> Container[str]:
        return self._barred(self.subject, self.as_of)

    def _alternatives(self, finding: Finding, wanted: Truth) -> frozenset[FactSet]:
        """Minimal sets of facts of which one must move for the finding to get the wanted truth."""
        key = finding.condition, wanted
        found = self._alternatives_cache.get(key)
        if found is None:
            found = self._alternatives_cache[key] = self._find_alternatives(finding, wanted)
        return found

    def _find_alternatives(self, finding: Finding, wanted: Truth) -> frozenset[FactSet]:
        if finding.truth is wanted:
            return _NOTHING_TO_DO
        condition = finding.condition
        match condition:
            case Predicate():
                facts = self._facts_to_move(condition, wanted)
                unknown = frozenset(f for f in facts if self.subject.get(f) is None)
                return frozenset([unknown] if unknown else [frozenset([f]) for f in facts])
            case Undecided():
                return frozenset()
            case Group():
                return self._of_group(condition, finding.children, wanted)
            case _:
                assert_never(condition)

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
        return self._some_of(options, needed)

    def _some_of(self, options: list[frozenset[FactSet]], needed: int) -> frozenset[FactSet]:
        """The minimal unions of an alternative each of `needed` options. What changes more than
        MAX_FACTS stated facts is no small change; of the rest the smallest are kept."""
        reached: list[set[FactSet]] = [{NOTHING}, *(set() for _ in range(needed))]
        for option in options:
            for count in range(needed, 0, -1):
                more = {
                    facts | part
                    for facts in reached[count - 1]
                    for part in option
                    if len(self._stated_of(facts | part)) <= MAX_FACTS
                }
                if more:
                    reached[count] = self._smallest(reached[count] | more)
        return frozenset(reached[needed])

    def _smallest(self, sets: set[FactSet]) -> set[FactSet]:
        kept = _minimal_sets(sets)
        if len(kept) <= MAX_ALTERNATIVES:
            return set(kept)
        self.cut = True
        return set(sorted(kept, key=self._cost)[:MAX_ALTERNATIVES])

    def _stated_of(self, facts: FactSet) -> list[str]:
        return [f for f in facts if self.subject.get(f) is not None]

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
            found = [*self._renewals(fact, present)] + [
                (*present, *v) for v in found if isinstance(v, tuple)
            ]
        others = [v for v in dict.fromkeys(found) if v != present and self._is_open(fact, v)]
        nearest = sorted(others, key=lambda v: _distance_from(present, v))
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

    def _renewals(self, fact: str, held: tuple[Record, ...]) -> Iterator[Value]:
        """Each certificate that has run out, as if it were valid again: nearer than another."""
        certificates = tuple(record for record in held if isinstance(record, Certificate))
        for record in certificates:
            ran_out = record.expires_on is not None and record.expires_on < self.as_of
            if ran_out and self._is_attainable(fact, record.category):
                yield (*certificates, Certificate(record.category, self.as_of, self.as_of))

    def _is_open(self, fact: str, value: Value) -> bool:
        """Whether what a value adds can be come by."""
        present = self.subject.get(fact)
        held = frozenset[str]() if present is None else _codes_in(present)
        return all(self._is_attainable(fact, code) for code in _codes_in(value) - held)

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
        return bool(self._alternatives(finding, wanted))


def _codes_in(value: Value) -> frozenset[str]:
    if isinstance(value, tuple):
        return frozenset(c.category for c in value if isinstance(c, Certificate) and not c.unsure)
    members = value if isinstance(value, frozenset) else (value,)
    return frozenset(m for m in members if isinstance(m, str))


def _share_changed(present: Value, wanted: Value) -> Fraction:
    """How far a change goes, comparable between facts: as a part of the greater figure, in years,
    or one for each code."""
    away = _distance_from(present, wanted)
    if isinstance(present, date):
        return away / 365
    if isinstance(present, int | Decimal) and isinstance(wanted, int | Decimal):
        return away / max(abs(Fraction(present)), abs(Fraction(wanted)), Fraction(1))
    return max(away, Fraction(1))


def _minimal_sets(sets: Iterable[FactSet]) -> list[FactSet]:
    """The sets that contain no other, smallest first.

    >>> [sorted(s) for s in _minimal_sets([frozenset("ab"), frozenset("b"), frozenset("ac")])]
    [['b'], ['a', 'c']]
    """
    kept: list[FactSet] = []
    for candidate in sorted(sets, key=lambda s: (len(s), sorted(s))):
        if not any(k <= candidate for k in kept):
            kept.append(candidate)
    return kept


def _distance_from(present: Value | None, value: Value) -> Fraction:
    """How far a value is from the present one, for choosing the nearest that serves."""
    if isinstance(value, frozenset) and isinstance(present, frozenset):
        return Fraction(len(value ^ present))
    if isinstance(value, date) and isinstance(present, date):
        return Fraction(abs((value - present).days))
    if isinstance(value, int | Decimal) and isinstance(present, int | Decimal):
        return abs(Fraction(value) - Fraction(present))
    return Fraction(len(value)) if isinstance(value, tuple) else Fraction(0)
