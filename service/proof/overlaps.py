"""Programmes of one purpose or instrument that one company can meet together."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

import z3

from service.domain.catalogue import Catalogue, Programme
from service.domain.combination import overlap_group
from service.proof.formula import Node, Space
from service.proof.prover import translated


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two programmes for the same thing. `shared` is "purpose" or "instrument", `code` which.
    `one_project`: one project can meet both. `best_only`: a clause lets only the better be paid.
    """

    first: Programme
    second: Programme
    shared: str
    code: str
    one_project: bool
    best_only: bool


def find_overlaps(catalogue: Catalogue, space: Space, as_of: date) -> tuple[Overlap, ...]:
    """All pairs in force on the day that can be met together, each under its closest tie."""
    return tuple(_Pairs(catalogue, space, as_of).found())


class _Pairs:
    """One solver for all: each programme's rules are behind a mark, a pair is two marks."""

    def __init__(self, catalogue: Catalogue, space: Space, as_of: date) -> None:
        self.catalogue, self.space, self.as_of = catalogue, space, as_of
        self.solver = z3.Solver()
        self.marks: dict[str, z3.BoolRef] = {}

    def found(self) -> Iterator[Overlap]:
        open_now = [p for p in self.catalogue.programmes.values() if self.as_of in p.window]
        for (shared, code), first, second in _candidates(open_now):
            alone = first.supports is not None and first.supports == second.supports
            one_project = self._together(first, second, ("", ""))
            if one_project or (alone and self._together(first, second, ("", "other "))):
                group = overlap_group(self.catalogue, first)
                best_only = group is not None and group == overlap_group(self.catalogue, second)
                yield Overlap(first, second, shared, code, alone and one_project, best_only)

    def _together(self, first: Programme, second: Programme, slots: tuple[str, str]) -> bool:
        marks = [
            self._mark(p, f"{slot}{p.supports} " if p.supports else "")
            for p, slot in zip((first, second), slots, strict=True)
        ]
        return bool(self.solver.check(*marks) == z3.sat)

    def _mark(self, programme: Programme, slot: str) -> z3.BoolRef:
        """A mark that means: the programme is met, once the authority has decided."""
        name = f"{slot}{programme.id} is met"
        if name not in self.marks:
            self.marks[name] = z3.Bool(name)
            node, rules = translated(self.space, programme, self.as_of, slot)
            self.solver.add(rules)
            self.solver.add(z3.Implies(self.marks[name], _met(node)))
        return self.marks[name]


def _met(node: Node) -> z3.BoolRef:
    return z3.And(node.settled, node.exact)


def _candidates(
    programmes: list[Programme],
) -> Iterator[tuple[tuple[str, str], Programme, Programme]]:
    """Pairs of one purpose, then the other pairs of one instrument."""
    groups: dict[tuple[str, str], list[Programme]] = defaultdict(list)
    for programme in programmes:
        if programme.purpose:
            groups["purpose", programme.purpose].append(programme)
    for programme in programmes:
        groups["instrument", programme.instrument].append(programme)
    seen: set[tuple[str, str]] = set()
    for tie, members in groups.items():
        for first, second in combinations(members, 2):
            if (first.id, second.id) not in seen:
                seen.add((first.id, second.id))
                yield tie, first, second
