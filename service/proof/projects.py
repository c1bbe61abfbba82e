"""The projects of a company as logical variables, for rules about all of them together.

A few projects are supposed, each with variables of its own and one that tells whether it is there;
what is there counts as it does for the evaluator. So whatever the solver finds are projects that
can be stated together.
"""

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import z3

from service.domain.facts.profile import (
    NO_PROJECT,
    NOBODY,
    PROJECT_KIND,
    Project,
    Subject,
    Value,
    projects_in,
)
from service.domain.facts.vocabulary import Fact
from service.domain.rules.intervals import interval_of
from service.domain.rules.quantities import ProjectTotal
from service.proof.quantity_ends import (
    End,
    Ends,
    added,
    constant_ends,
    lesser,
    negative,
    over_one_divisor,
)
from service.proof.variables import CodeVariable, Formula, Model, Variable

if TYPE_CHECKING:
    from service.proof.space import Space

# So many projects are supposed at least; more where a rule counts more.
_MIN_PROJECTS = 2
MAX_PROJECTS = 12


class ProjectsVariable(Variable):
    """The projects that are stated. `totals` are what rules make of them."""

    def __init__(
        self, fact: Fact, name: str, space: "Space", totals: list[ProjectTotal], most: int
    ) -> None:
        super().__init__(fact, name)
        self.space, self.totals = space, totals
        self.projects = [f"{name} {n}: " for n in range(min(_MIN_PROJECTS + most, MAX_PROJECTS))]
        facts = dict.fromkeys(fact for total in totals for fact in total.worth.facts)
        self.facts = [f for f in facts if f != PROJECT_KIND]
        self.present = {project: z3.Bool(f"{project}there") for project in self.projects}

    def kind(self, project: str, named: str) -> Formula:
        """Whether a project is there and of a kind."""
        variable = self.space.variable(PROJECT_KIND, project)
        return z3.And(*variable.equals(named, date.min), self.present[project])

    def bounds(self) -> Iterator[Formula]:
        yield self.is_known == z3.Or(list(self.present.values()))
        for project in self.projects:
            kind = self.space.variable(PROJECT_KIND, project)
            yield from kind.bounds()
            yield z3.Implies(self.present[project], kind.is_known)
            if isinstance(kind, CodeVariable) and NO_PROJECT in kind.classes.members.values():
                yield z3.Not(self.kind(project, NO_PROJECT))
            for fact in self.facts:
                yield from self.space.variable(fact, project).bounds()
                yield from self._of_kind(project, fact)

    def _of_kind(self, project: str, fact: str) -> Iterator[Formula]:
        """A project has the facts of its kind alone."""
        kinds = self.space.vocabulary.facts[fact].kinds
        if kinds:
            having = z3.Or([self.kind(project, kind) for kind in kinds])
            yield z3.Implies(self.space.variable(fact, project).is_known, having)

    def equals(self, value: Value, as_of: date) -> Iterator[Formula]:
        stated = projects_in(value)
        assert len(stated) <= len(self.projects), f"more projects than are supposed: {len(stated)}"
        for n, project in enumerate(self.projects):
            if n >= len(stated):
                yield z3.Not(self.present[project])
                continue
            yield self.present[project]
            subject = Subject(None, stated[n].facts, {})
            yield from self.space.as_stated(subject, [PROJECT_KIND, *self.facts], as_of, project)

    def value(self, model: Model, as_of: date) -> Value:
        held = []
        for n, project in enumerate(self.projects, 1):
            if not z3.is_true(model.eval(self.present[project], model_completion=True)):
                continue
            facts = {}
            for fact in (PROJECT_KIND, *self.facts):
                variable = self.space.variable(fact, project)
                if z3.is_true(model.eval(variable.is_known, model_completion=True)):
                    facts[fact] = variable.value(model, as_of)
            held.append(Project(f"{n}", str(facts[PROJECT_KIND]), facts))
        return tuple(held)

    def total(
        self, total: ProjectTotal, as_of: date, absent: CodeVariable, worth: Callable[[str], Ends]
    ) -> Ends:
        """What the projects come to; `worth` translates what one is worth, by its name."""
        listed = [
            _where(z3.Or([self.kind(project, kind) for kind in total.kinds]), worth(project))
            for project in self.projects
        ]
        others = z3.Or([self._may_be(kind, absent) for kind in total.kinds])
        ends = constant_ends(Fraction(0))
        for one in listed if total.best is None else _best_of(listed, total.best):
            ends = added(ends, one)
        unstated = interval_of(total, NOBODY, as_of)
        low, high = ends.low, ends.high
        if unstated.low:
            low = End(low.value, z3.Or(low.unbounded, others))
        if unstated.high:
            high = End(high.value, z3.Or(high.unbounded, others))
        exact = z3.And(ends.exact, z3.Not(others))
        positive = all(one.positive for one in listed)
        return Ends(low, high, ends.over, ends.void, exact, positive)

    def _may_be(self, kind: str, absent: CodeVariable) -> Formula:
        """Whether there may be projects of a kind of which nothing is said."""
        denied = z3.And(absent.is_known, absent.lies_in(kind)[0])
        return z3.Not(z3.Or(denied, *(self.kind(project, kind) for project in self.projects)))


def _where(counts: Formula, worth: Ends) -> Ends:
    """What is worth something where it counts, and nothing where not."""
    low, high = (
        End(z3.If(counts, end.value, z3.RealVal(0)), z3.And(counts, end.unbounded))
        for end in (worth.low, worth.high)
    )
    exact = z3.Implies(counts, worth.exact)
    void = z3.And(counts, worth.void)
    return Ends(low, high, worth.over, void, exact, worth.positive)


def _best_of(listed: list[Ends], count: int) -> list[Ends]:
    """The `count` largest numbers of a list, none of them negative, from the largest down."""
    found = [constant_ends(Fraction(0))] * min(count, len(listed))
    for one in listed:
        moved = one  # the less of two moves on to the next place
        for place, held in enumerate(found):
            found[place], moved = _greater(held, moved), lesser(held, moved)
    return found


def _greater(first: Ends, second: Ends) -> Ends:
    a, b = over_one_divisor(first, second)
    return negative(lesser(negative(a), negative(b)))
