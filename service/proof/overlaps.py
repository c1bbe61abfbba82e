"""Programmes of one purpose or instrument that one company can meet together."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product

import z3

from service.domain.facts.profile import Subject
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.programmes import Programme
from service.proof.prover import available, subject_of, translate_programme
from service.proof.space import Space
from service.proof.variables import Formula


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two programmes for the same thing. `shared` is "purpose" or "instrument", `code` which.

    `certain`: somebody meets every condition of both; otherwise an authority would have to agree.
    `one_project`: one project can meet both. `best_only`: a clause lets only the better be paid.
    `example` is such a company, once with each one's project.
    """

    first: Programme
    second: Programme
    shared: str
    code: str
    certain: bool
    one_project: bool
    best_only: bool
    example: tuple[Subject, Subject]


def find_overlaps(catalogue: Catalogue, space: Space, as_of: date) -> tuple[Overlap, ...]:
    """All pairs in force on the day that can be met together, each under its closest tie."""
    return tuple(_Pairs(catalogue, space, as_of).overlaps())


class _Pairs:
    """One solver for all: each programme's rules are behind marks, a pair is two marks."""

    def __init__(self, catalogue: Catalogue, space: Space, as_of: date) -> None:
        self.catalogue, self.space, self.as_of = catalogue, space, as_of
        self.solver = z3.Solver()
        self.marked: dict[str, tuple[Formula, Formula]] = {}

    def overlaps(self) -> Iterator[Overlap]:
        open_now = [p for p in self.catalogue.programmes.values() if self.as_of in p.window]
        for (shared, code), first, second in _candidate_pairs(open_now):
            alike = next((kind for kind in first.supports if kind in second.supports), None)
            for certain, other in product((True, False), ("", "other ") if alike else ("",)):
                projects = _project_of(first, alike), _project_of(second, alike, other)
                if self._together((first, second), projects, certain):
                    one_project, best_only = (
                        bool(alike) and not other,
                        self._best_only(first, second),
                    )
                    example = self._example((first, second), projects)
                    yield Overlap(
                        first, second, shared, code, certain, one_project, best_only, example
                    )
                    break

    def _best_only(self, first: Programme, second: Programme) -> bool:
        groups = self.catalogue.overlap_groups
        group = groups[first.id]
        return group is not None and group == groups[second.id]

    def _together(
        self, programmes: tuple[Programme, ...], projects: tuple[str, ...], certain: bool
    ) -> bool:
        marks = [self._marks(p, s)[certain] for p, s in zip(programmes, projects, strict=True)]
        return bool(self.solver.check(*marks) == z3.sat)

    def _example(
        self, programmes: tuple[Programme, Programme], projects: tuple[str, str]
    ) -> tuple[Subject, Subject]:
        model = self.solver.model()
        one, other = (
            subject_of(model, self.space, available(self.space, p), self.as_of, project)
            for p, project in zip(programmes, projects, strict=True)
        )
        return one, other

    def _marks(self, programme: Programme, project: str) -> tuple[Formula, Formula]:
        """Two marks: the programme is met once the authority has decided; it is met for certain."""
        name = f"{project}{programme.id}"
        if name not in self.marked:
            node, rules = translate_programme(self.space, programme, self.as_of, project)
            agreed, certain = z3.Bool(f"{name} can be met"), z3.Bool(f"{name} is met")
            self.solver.add(rules)
            self.solver.add(z3.Implies(agreed, z3.And(node.decided, node.exact)))
            self.solver.add(z3.Implies(certain, node.true))
            self.marked[name] = agreed, certain
        return self.marked[name]


def _project_of(programme: Programme, shared: str | None, prefix: str = "") -> str:
    """What the project is named that a programme is about: the same for both where they share a
    kind. `prefix` tells a second project apart."""
    kind = shared or next(iter(programme.supports), None)
    return f"{prefix}{kind} " if kind else ""


def _candidate_pairs(
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
