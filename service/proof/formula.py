"""A condition tree as formulas over the variables of a subject.

A solver knows two values, Kleene logic has three. So a condition becomes a pair of formulas: when
the evaluator says TRUE, and when it says anything but FALSE (`possible`).

That pair cannot find every dead rule. A term that the text leaves open is UNKNOWN to the evaluator
whatever is stated, and so is a rule that asks for it both to hold and not to hold; yet nobody will
ever meet that rule. Therefore a condition has a third formula, `decided`: what it comes to in the
end, once everything is stated exactly (`exact`) and whoever has the say has decided each open term
one way or the other. Every such decision is a free variable of the solver. An undefined term is
shared by all conditions that use it, since it is decided once; where a stated value leaves a single
test open, that test has a variable of its own. A rule whose `decided` formula has no solution is
dead; a condition without which the formula says the same decides for nobody.
"""

from datetime import date
from functools import cached_property, partial
from typing import TypeVar, assert_never

import z3

from service.domain.rules.conditions import Condition, Connective, Group, Predicate, Undecided
from service.domain.rules.operators import Range
from service.domain.rules.quantities import FactQuantity, ProjectTotal
from service.proof.node import Node
from service.proof.operator_formulas import formulas_of
from service.proof.projects import ProjectsVariable
from service.proof.quantities import QuantityTranslator
from service.proof.quantity_ends import NO, YES, Ends
from service.proof.records import Records
from service.proof.space import Space
from service.proof.variables import CodeVariable, Formula, ScalarVariable, Variable

VariableT = TypeVar("VariableT", bound=Variable)


class Translator:
    """Translates the conditions of one subject on one day.

    `absent` are facts that the subject cannot have; `name` tells its open points from others'.
    """

    def __init__(
        self, space: Space, as_of: date, project: str = "", absent: frozenset[str] = frozenset(),
        name: str = "",
    ) -> None:  # fmt: skip
        self.space, self.as_of, self.project = space, as_of, project
        self.absent, self.name = absent, name
        self._open = 0

    def node(self, condition: Condition) -> Node:
        """The formulas of a condition and of everything below it."""
        match condition:
            case Group():
                return self._group(condition)
            case Undecided():
                return Node(condition, NO, YES, YES, z3.Bool(f"authority: {condition.term.en}"))
            case Predicate():
                return self._test(condition)
            case _:
                assert_never(condition)

    def _group(self, group: Group) -> Node:
        children = tuple(self.node(child) for child in group.children)
        true, possible = [c.true for c in children], [c.possible for c in children]
        if group.gate is Connective.NOT:
            true, possible = possible, true
        return Node(
            group,
            combine_formulas(group, true),
            combine_formulas(group, possible),
            z3.And([c.exact for c in children]),
            combine_formulas(group, [c.decided for c in children]),
            children,
        )

    def _test(self, test: Predicate) -> Node:
        if not isinstance(test.quantity, FactQuantity):
            assert isinstance(test.operator, Range)
            return self._node_of(test, self._quantities.compare(test.quantity, test.operator))
        if test.quantity.fact in self.absent:
            return Node(test, NO, YES, YES, NO)
        variable = self.space.variable(test.quantity.fact, self.project)
        true, possible, exact = formulas_of(test.operator, variable, self.as_of)
        known = variable.is_known
        return self._node_of(
            test,
            (z3.And(known, true), z3.Or(z3.Not(known), possible), z3.And(known, exact)),
            (true, possible),
        )

    def _node_of(
        self, test: Predicate, formulas: tuple[Formula, Formula, Formula],
        stated: tuple[Formula, Formula] | None = None,
    ) -> Node:  # fmt: skip
        """A test's node. `stated` are its formulas of values that are known."""
        true, possible = stated or formulas[:2]
        self._open += 1
        agreed = z3.Bool(f"{self.name} open point {self._open}")
        return Node(test, *formulas, z3.Or(true, z3.And(possible, agreed)))

    @cached_property
    def _quantities(self) -> QuantityTranslator:
        return QuantityTranslator(
            self.as_of, self._scalar, self.node, self._is_known, self._records, self._projects
        )

    def _projects(self, total: ProjectTotal) -> Ends:
        variable = self._variable(total.fact, ProjectsVariable)
        absent = self._variable(total.absent, CodeVariable)
        assert variable is not None
        assert absent is not None
        return variable.total(total, self.as_of, absent, partial(self._worth_of_one, total))

    def _worth_of_one(self, total: ProjectTotal, project: str) -> Ends:
        one = Translator(self.space, self.as_of, project, name=f"{self.name} {project}")
        return one._quantities.ends(total.worth)

    def _is_known(self, fact: str) -> Formula:
        return NO if fact in self.absent else self.space.variable(fact, self.project).is_known

    def _records(self, fact: str) -> Records | None:
        return self._variable(fact, Records)

    def _scalar(self, fact: str) -> ScalarVariable | None:
        return self._variable(fact, ScalarVariable)

    def _variable(self, fact: str, kind: type[VariableT]) -> VariableT | None:
        """The variable of a fact of this kind; None for one that is not there."""
        if fact in self.absent:
            return None
        variable = self.space.variable(fact, self.project)
        assert isinstance(variable, kind)
        return variable


def combine_formulas(group: Group, parts: list[Formula]) -> Formula:
    """A gate over formulas."""
    match group.gate:
        case Connective.ALL:
            return z3.And(parts)
        case Connective.ANY:
            return z3.Or(parts)
        case Connective.NOT:
            return z3.Not(parts[0])
        case Connective.AT_LEAST:
            return z3.PbGe([(part, 1) for part in parts], group.count)


def decided_with(node: Node, swapped: Node, formula: Formula) -> Formula:
    """The decided reading of a node with a formula in the place of one node below it."""
    if node is swapped:
        return formula
    if not node.children:
        return node.decided
    assert isinstance(node.condition, Group)
    return combine_formulas(
        node.condition, [decided_with(child, swapped, formula) for child in node.children]
    )
