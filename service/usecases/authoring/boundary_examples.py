"""Examples that follow from a measure and need not be typed: the days around the window, and where
the applicant is. They are made for every programme and run with those of its file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from service.domain.dates import DAY
from service.domain.evaluation.evaluator import PROMISING, Status
from service.domain.facts.code_lists import CodeList
from service.domain.facts.vocabulary import FactType, Vocabulary
from service.domain.rules import conditions as tree
from service.domain.rules.operators import InSet
from service.domain.rules.programmes import Example, Expectation, Programme
from service.domain.text import Text
from service.domain.truth import Truth

_MANY_YEARS = 10
_GOOD = frozenset(s.value for s in (*PROMISING, Status.WATCH))
_IN_FORCE = frozenset(s.value for s in Status) - {Status.NOT_IN_FORCE.value}
_NOT_IN_FORCE = frozenset({Status.NOT_IN_FORCE.value})
_BEFORE = Text("生效前一天", "the day before it begins")
_FIRST = Text("生效当天", "the first day")
_LAST = Text("有效期最后一天", "the last day")
_AFTER = Text("有效期届满次日", "the day after the last")
_LATER = Text("没有终止日期，十年以后", "ten years on, for no last day is known")
_HERE = Text("登记在本地", "registered here")
_ELSEWHERE = Text("登记在外地，本地没有经营", "registered elsewhere, not present here")
_PRESENT = Text("登记在外地，仅在本地经营", "registered elsewhere, present here only")
_UNSAID = Text("没有说明在哪里", "nobody said where")


@dataclass(frozen=True, slots=True)
class BoundaryExample:
    """An example, what it is about, and the statuses it may come out with."""

    say: Text
    example: Example
    allowed: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Place:
    """The one condition of a programme about where its applicant is registered."""

    fact: str
    presence: str | None
    targets: tuple[str, ...]
    codes: CodeList


def boundary_examples(programme: Programme, vocabulary: Vocabulary) -> Iterator[BoundaryExample]:
    """What follows for a programme from its window and from its condition on the place.

    They begin from its best example, an open one where none is promising; a programme without
    either has the days only.
    """
    by_status = {e.expect.status: e for e in reversed(programme.examples)}
    good = next((e for e in programme.examples if e.expect.status in _GOOD), None)
    best = good or by_status.get(Status.UNDETERMINED.value)
    base = best or next(iter(programme.examples), None)
    if base is None:
        return
    yield from _day_examples(programme, base)
    place = _place_of(programme.condition, vocabulary)
    if best is not None and place is not None:
        yield from _place_examples(place, best)


def _day_examples(programme: Programme, base: Example) -> Iterator[BoundaryExample]:
    start, end = programme.window.start, programme.window.end
    if start:
        yield _example_from(base, _BEFORE, _NOT_IN_FORCE, as_of=start - DAY)
        yield _example_from(base, _FIRST, _IN_FORCE, as_of=start)
    if end:
        yield _example_from(base, _LAST, _IN_FORCE, as_of=end)
        yield _example_from(base, _AFTER, _NOT_IN_FORCE, as_of=end + DAY)
    else:
        later = date(base.as_of.year + _MANY_YEARS, 12, 31)
        yield _example_from(base, _LATER, _IN_FORCE, as_of=later)


def _place_examples(place: _Place, best: Example) -> Iterator[BoundaryExample]:
    outside = _place_outside(place)
    nowhere: dict[str, object] = {place.presence: []} if place.presence else {}
    target, *_ = place.targets
    here = {place.fact: target}
    good = best.expect.status in _GOOD
    if good:
        yield _example_from(best, _HERE, frozenset({best.expect.status}), {**nowhere, **here})
    if outside is not None:
        away = {**nowhere, place.fact: outside}
        yield _example_from(best, _ELSEWHERE, frozenset({Status.INELIGIBLE.value}), away)
    if not good:
        return  # of an open one nothing else is certain
    open_ = frozenset({Status.UNDETERMINED.value})
    if outside is not None and place.presence:
        present = {place.fact: outside, place.presence: [target]}
        yield _example_from(best, _PRESENT, open_, present)
    unsaid: dict[str, object] = dict.fromkeys(
        f for f in (place.fact, place.presence) if f is not None
    )
    yield _example_from(best, _UNSAID, open_, unsaid)


def _example_from(
    base: Example, say: Text, allowed: frozenset[str], changes: Mapping[str, object] | None = None,
    as_of: date | None = None,
) -> BoundaryExample:  # fmt: skip
    """The base with some facts changed; None takes one away."""
    facts = base.given if changes is None else {**base.given, **changes}
    if None in facts.values():
        facts = {fact: value for fact, value in facts.items() if value is not None}
    day, expect = as_of or base.as_of, _expected(allowed)
    return BoundaryExample(
        say, Example(facts, day, expect, base.line, say.en, base.project), allowed
    )


@cache
def _expected(allowed: frozenset[str]) -> Expectation:
    """The same few sets for all programmes."""
    return Expectation(status=" or ".join(sorted(allowed)))


def _place_of(condition: tree.Group, vocabulary: Vocabulary) -> _Place | None:
    """The place condition among those that must all hold; None where there is none, or where the
    same facts are asked about in another condition too."""
    found = [p for child in condition.children if (p := _as_place(child, vocabulary))]
    if len(found) != 1:
        return None
    (place,) = found
    named = [t for t in tree.tests_in(condition) if {place.fact, place.presence} & set(t.facts)]
    return place if len(named) == (2 if place.presence else 1) else None


def _as_place(condition: tree.Condition, vocabulary: Vocabulary) -> _Place | None:
    """`within` of a fact that is a place; with `elsewhere`, the pair of it and a doubt."""
    if isinstance(condition, tree.Predicate):
        return _place_asked_for(condition, vocabulary)
    if not isinstance(condition, tree.Group) or condition.gate is not tree.Connective.ANY:
        return None
    if len(condition.children) != 2:
        return None
    first, second = condition.children
    place = _place_asked_for(first, vocabulary) if isinstance(first, tree.Predicate) else None
    doubtful = isinstance(second, tree.Group) and second.gate is tree.Connective.ALL
    if place is None or not doubtful or not isinstance(second, tree.Group):
        return None
    present, doubt = (*second.children, None, None)[:2]
    if not isinstance(present, tree.Predicate) or not isinstance(doubt, tree.Undecided):
        return None
    return _Place(place.fact, present.facts[0], place.targets, place.codes)


def _place_asked_for(test: tree.Predicate, vocabulary: Vocabulary) -> _Place | None:
    operator = test.operator
    if not isinstance(operator, InSet) or operator.codes is None or operator.umbrella:
        return None
    if len(test.facts) != 1 or operator.codes.id != vocabulary.region_list:
        return None
    if vocabulary.facts[test.facts[0]].type is not FactType.CODE:
        return None
    return _Place(test.facts[0], None, tuple(map(str, operator.values)), operator.codes)


def _place_outside(place: _Place) -> str | None:
    """A place beside those asked for, neither in one of them nor around it."""
    codes = place.codes
    listed = (code for code, entry in codes.codes.items() if entry.successor is None)
    return next((c for c in listed if all(_apart(codes, c, t) for t in place.targets)), None)


def _apart(codes: CodeList, one: str, other: str) -> bool:
    return codes.relation(one, other) is codes.relation(other, one) is Truth.FALSE
