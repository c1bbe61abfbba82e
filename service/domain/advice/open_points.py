"""What no answer of the applicant's settles, said once for all the programmes that share it.

Such a point is a term that the text leaves to others, or a stated fact of which the text does not
say whether it qualifies and that no more exact value would settle. It counts while it still has a
say: while it and all above it in the rule are UNKNOWN.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple, TypeAlias, assert_never

from service.domain.evaluation.evaluator import Finding, Match, Status
from service.domain.facts.profile import Subject, Value
from service.domain.rules.conditions import Basis, Group, Predicate, Undecided
from service.domain.text import Text
from service.domain.truth import Truth

# As many as one answer lists matches.
MAX_NAMED = 500


class LeftTerm(NamedTuple):
    """A term that the text leaves to others, and whether nobody has defined it."""

    term: Text
    undefined: bool


class UnsettledFact(NamedTuple):
    """A stated fact of which the text leaves open whether it qualifies."""

    fact: str
    value: Value


Point: TypeAlias = LeftTerm | UnsettledFact


class SharedPoint(NamedTuple):
    """What several programmes leave to others: in how many matches, and the programmes by id; no
    ids where they are more than `MAX_NAMED`."""

    point: Point
    matches: int
    programmes: tuple[str, ...]


def left_term(condition: Undecided) -> LeftTerm:
    """What a condition leaves to others."""
    return LeftTerm(condition.term, condition.basis is Basis.UNDEFINED)


def shared_points(matches: Iterable[Match]) -> tuple[SharedPoint, ...]:
    """The points that the undetermined of these matches share, those of most matches first."""
    return gather(
        (point, match.programme.id)
        for match in matches
        if match.status is Status.UNDETERMINED
        for point in set(_left_open(match.finding, match.subject))
    )


def gather(found: Iterable[tuple[Point, str]]) -> tuple[SharedPoint, ...]:
    """Points, each with a programme that leaves it open, as those that several programmes share."""
    by_point: dict[Point, list[str]] = defaultdict(list)
    for point, programme in found:
        by_point[point].append(programme)
    return in_order(
        SharedPoint(point, len(ids), named(set(ids)))
        for point, ids in by_point.items()
        if len(set(ids)) > 1
    )


def named(programmes: Collection[str]) -> tuple[str, ...]:
    """What a shared point names of these programmes: none where they are more than `MAX_NAMED`."""
    return tuple(sorted(programmes)) if len(programmes) <= MAX_NAMED else ()


def in_order(points: Iterable[SharedPoint]) -> tuple[SharedPoint, ...]:
    """The points, those of most matches first."""
    return tuple(sorted(points, key=lambda p: (-p.matches, p.programmes, _name(p.point))))


def _left_open(finding: Finding, subject: Subject) -> Iterator[Point]:
    condition = finding.condition
    if finding.truth is not Truth.UNKNOWN:
        return
    match condition:
        case Group():
            for child in finding.children:
                yield from _left_open(child, subject)
        case Undecided():
            yield left_term(condition)
        case Predicate():
            if condition.quantity.single and not finding.missing:
                (fact,) = condition.facts
                yield UnsettledFact(fact, subject.facts[fact])
        case _:
            assert_never(condition)


def _name(point: Point) -> tuple[str, ...]:
    if isinstance(point, LeftTerm):
        return "", point.term.en
    value = point.value
    return (
        point.fact,
        *(sorted(map(str, value)) if isinstance(value, frozenset) else [str(value)]),
    )
