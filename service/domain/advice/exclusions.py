"""Which matches exclude each other: those for one purpose, by the text, or of one programme."""

from collections.abc import Hashable, Mapping, Sequence
from itertools import chain

from service.domain.evaluation.evaluator import MatchLike
from service.domain.rules.caps import AddsUp, Per
from service.domain.truth import Truth

# What is counted for the company or its year is paid once, unless the programme says otherwise.
ONCE = (Per.COMPANY, Per.YEAR)


def adds_up(match: MatchLike) -> Truth:
    """Whether several matches of one programme are paid beside each other."""
    benefit = match.programme.benefit
    if benefit is None:
        return Truth.UNKNOWN
    if benefit.adds_up is None and benefit.limit is None and benefit.per in ONCE:
        return Truth.FALSE
    return Truth.UNKNOWN if benefit.several is AddsUp.UNSTATED else Truth.TRUE


def excludes(one: MatchLike, other: MatchLike) -> bool:
    """Whether the text of either programme does not let it be taken beside the other."""
    return (
        other.programme.id in one.programme.excludes or one.programme.id in other.programme.excludes
    )


def conflicts_among(
    items: Sequence[MatchLike], groups: Mapping[str, str | None], needed: Truth
) -> list[set[int]]:
    """For each match those that cannot be taken beside it. Of one of the `groups` only the best is
    paid; several of one programme can be taken where it is at least as certain as `needed` that
    they add up: TRUE for the strictest reading, UNKNOWN for the widest.
    """
    group_of = [groups[m.programme.id] for m in items]
    conflicts: list[set[int]] = [set() for _ in items]
    same_object: dict[Hashable, list[int]] = {}
    same_programme: dict[str, list[int]] = {}
    for i, one in enumerate(items):
        same_programme.setdefault(one.programme.id, []).append(i)
        if group_of[i] is not None:
            same_object.setdefault((group_of[i], one.subject.ref), []).append(i)
    for i, one in enumerate(items):
        name = one.programme.id
        group = same_object.get((group_of[i], one.subject.ref), [])
        excluded = [same_programme.get(other, []) for other in one.programme.excludes]
        for j in chain(group, *excluded):
            if items[j].programme.id != name:
                conflicts[i].add(j)
                conflicts[j].add(i)
        if adds_up(one) < needed:
            conflicts[i].update(j for j in same_programme[name] if j != i)
    return conflicts
