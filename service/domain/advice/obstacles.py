"""What stands in the way of a rule: conditions that fail and would have to be met, and conditions
that are met and would have to fail. Terms that nobody has decided stand in nobody's way."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeAlias

from service.domain.evaluation.evaluator import Finding
from service.domain.rules.conditions import Connective, Group
from service.domain.truth import Truth

# Whether a finding could come to a wanted truth.
HasWay: TypeAlias = Callable[[Finding, Truth], bool]


def obstacles_of(finding: Finding, has_way: HasWay) -> list[Finding]:
    """The parts for which there is no way; where only what is undecided has none, all that fail.
    One that is FALSE would have to be met, one that is TRUE would have not to be the case."""
    found = list(_obstacles(finding, Truth.TRUE, has_way))
    known = [f for f in found if f.truth is not Truth.UNKNOWN]
    return known or (list(_obstacles(finding, Truth.TRUE, _is_not_contrary)) if found else [])


def _is_not_contrary(finding: Finding, wanted: Truth) -> bool:
    """Whether a finding is not known to be the contrary of what is wanted."""
    return finding.truth is not ~wanted


def _obstacles(finding: Finding, wanted: Truth, has_way: HasWay) -> Iterator[Finding]:
    """What keeps a finding from the wanted truth, each for itself where all have to be overcome.
    Where some of several would do, they are one obstacle."""
    if finding.truth is wanted or has_way(finding, wanted):
        return
    group = finding.condition
    if not isinstance(group, Group):
        yield finding
    elif not _takes_some(group, wanted):
        for child in finding.children:
            yield from _obstacles(child, _wanted_below(finding, wanted), has_way)
    elif finding.truth is Truth.FALSE:
        yield from _one_of(finding, group, has_way)
    else:
        yield _met_whatever_else(finding, group, wanted, has_way)


def _takes_some(group: Group, wanted: Truth) -> bool:
    """Whether some parts of a group may be enough for it to be as wanted."""
    all_needed = {Connective.ALL: Truth.TRUE, Connective.ANY: Truth.FALSE, Connective.NOT: wanted}
    return all_needed.get(group.gate) is not wanted


def _one_of(finding: Finding, group: Group, has_way: HasWay) -> Iterator[Finding]:
    """The parts of which more would have to be met, with only what stands in the way of each; a
    single one as it is."""
    failing = [f for f in finding.children if f.truth is Truth.FALSE]
    shut = [f for f in failing if not has_way(f, Truth.TRUE)]
    needed = max(group.count, 1) - len(finding.children)
    parts = shut
    if needed + len(shut) <= 0:
        parts, has_way = failing, _is_not_contrary
    if len(parts) == 1:
        yield from _obstacles(parts[0], Truth.TRUE, has_way)
        return
    parts_in_the_way = tuple(_in_one(part, group, has_way) for part in parts)
    count = needed + len(parts)
    gate = Connective.ANY if count == 1 else Connective.AT_LEAST
    conditions = tuple(f.condition for f in parts_in_the_way)
    named = replace(group, gate=gate, children=conditions, count=0 if count == 1 else count)
    yield finding._replace(condition=named, children=parts_in_the_way)


def _met_whatever_else(finding: Finding, group: Group, wanted: Truth, has_way: HasWay) -> Finding:
    """A group that is met, by those of its parts alone that cannot be otherwise."""
    if finding.truth is not Truth.TRUE:
        return finding
    shut = tuple(f for f in finding.children if f.truth is not wanted and not has_way(f, wanted))
    named = replace(group, children=tuple(f.condition for f in shut))
    return finding._replace(condition=named, children=shut)


def _in_one(finding: Finding, group: Group, has_way: HasWay) -> Finding:
    """What stands in the way of one alternative, as one finding that is FALSE."""
    parts = [_as_demand(f) for f in obstacles_of(finding, has_way)]
    if len(parts) == 1:
        return parts[0]
    conditions = tuple(f.condition for f in parts)
    whole = Group(Connective.ALL, conditions, group.clause, group.basis)
    return Finding(whole, Truth.FALSE, children=tuple(parts))


def _as_demand(finding: Finding) -> Finding:
    """An obstacle as what is demanded: of a case that must not be, that it is not."""
    if finding.truth is Truth.FALSE:
        return finding
    condition = finding.condition
    denial = Group(Connective.NOT, (condition,), condition.clause, condition.basis)
    return Finding(denial, Truth.FALSE, children=(finding,))


def _wanted_below(finding: Finding, wanted: Truth) -> Truth:
    """What the parts of a group have to be for it to be as wanted: NOT turns it round."""
    group = finding.condition
    assert isinstance(group, Group)
    return ~wanted if group.gate is Connective.NOT else wanted
