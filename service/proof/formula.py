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

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property, partial
from typing import TypeVar, assert_never

import z3

from service.domain.dates import add_months
from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import PROJECT_KIND, Subject
from service.domain.facts.vocabulary import FactType, Owner, Vocabulary
from service.domain.rules.catalogue import LEVELS
from service.domain.rules.conditions import (
    Condition,
    Connective,
    Group,
    Predicate,
    Undecided,
    tests_below,
    tests_in,
)
from service.domain.rules.held import CertificateTest, HeldTest
from service.domain.rules.operators import (
    Age,
    Bound,
    HoldsCertificate,
    InSet,
    Quantifier,
    Range,
    is_undefined,
)
from service.domain.rules.quantities import (
    Constant,
    FactQuantity,
    ProjectTotal,
    counts_in,
    totals_in,
)
from service.domain.rules.units import ITEM
from service.proof.classes import Classes, classes_of
from service.proof.node import Node
from service.proof.projects import ProjectsVariable
from service.proof.quantities import QuantityTranslator
from service.proof.quantity_ends import Ends
from service.proof.records import Records
from service.proof.variables import Choice, Formula, ScalarVariable, Terms, Variable

VariableT = TypeVar("VariableT", bound=Variable)
YES, NO = z3.BoolVal(True), z3.BoolVal(False)
# What a project is worth where rules count them.
_COUNTED = {Constant(Fraction(n), ITEM) for n in (0, 1)}


class Space:
    """The variables of all facts, shared by the rules that are looked at together.

    Facts of a company are shared by all; facts of a project by the rules of one `slot`.
    """

    def __init__(self, vocabulary: Vocabulary, conditions: Iterable[Condition]) -> None:
        self.vocabulary = vocabulary
        whole = tuple(conditions)
        self._conditions = (*whole, *_inside_totals(whole))
        self._classes: dict[str, Classes] = {}
        self._variables: dict[str, Variable] = {}

    def variable(self, fact_id: str, slot: str = "") -> Variable:
        fact = self.vocabulary.facts[fact_id]
        name = f"{slot}{fact_id}" if fact.owner is Owner.PROJECT else fact_id
        if name not in self._variables:
            self._variables[name] = self._new_variable(fact_id, name)
        return self._variables[name]

    def _new_variable(self, fact_id: str, name: str) -> Variable:
        fact = self.vocabulary.facts[fact_id]
        if fact.type in (FactType.INTEGER, FactType.NUMBER, FactType.MONEY, FactType.DATE):
            return ScalarVariable(fact, name)
        if fact.type is FactType.PROJECTS:
            totals = self._totals(fact_id)
            return ProjectsVariable(fact, name, self, totals, self._most_counted(totals))
        counted = self._counted(fact_id)
        if counted:
            levels = self.vocabulary.lists.get(LEVELS)
            return Records(fact, name, counted, self.vocabulary.codes_of(fact), levels)
        if fact_id not in self._classes:
            self._classes[fact_id] = classes_of(fact, self.vocabulary, self._conditions)
        kind = Terms if fact.type is FactType.CERTIFICATES else Choice
        return kind(fact, name, self._classes[fact_id])

    def _counted(self, fact_id: str) -> list[HeldTest]:
        """All tests of a fact's records, where any rule counts them."""
        tests = [t for c in self._conditions for t in tests_in(c) if fact_id in t.facts]
        counts = [c.test for t in tests for c in counts_in(t.quantity) if c.fact == fact_id]
        holds = [t.operator for t in tests if isinstance(t.operator, HoldsCertificate)]
        plain = [CertificateTest(h.categories, h.codes) for h in holds]
        return list(dict.fromkeys([*counts, *plain])) if counts else []

    def _totals(self, fact_id: str) -> list[ProjectTotal]:
        """What rules make of the projects that a fact holds."""
        tests = (t for c in self._conditions for t in tests_in(c))
        totals = (total for t in tests for total in totals_in(t.quantity))
        return list(dict.fromkeys(total for total in totals if total.fact == fact_id))

    def _most_counted(self, totals: list[ProjectTotal]) -> int:
        """The most projects that a rule asks for by their number."""
        counts = {t for t in totals if _COUNTED.issuperset(t.worth.parts or (t.worth,))}
        tests = (t for c in self._conditions for t in tests_in(c))
        bounds = [t.operator for t in tests if not counts.isdisjoint(totals_in(t.quantity))]
        ends = [e for b in bounds if isinstance(b, Range) for e in (b.low, b.high)]
        return max((int(e) for e in ends if e is not None and not isinstance(e, date)), default=0)

    def pinned(
        self, subject: Subject, facts: Iterable[str], as_of: date, slot: str = ""
    ) -> list[Formula]:
        """What holds of these facts where they are a subject's, stated or unknown."""
        found: list[Formula] = []
        for fact_id in facts:
            variable, value = self.variable(fact_id, slot), subject.get(fact_id)
            found.append(z3.Not(variable.is_known) if value is None else variable.is_known)
            if value is not None:
                found += variable.pinned(value, as_of)
        return found


def _inside_totals(conditions: Iterable[Condition]) -> Iterator[Condition]:
    """The conditions on single projects that stand in totals over all of them, and those of which
    kinds they are."""
    for test in (t for c in conditions for t in tests_in(c)):
        for total in totals_in(test.quantity):
            yield from tests_below(total.worth)
            for fact in (PROJECT_KIND, total.absent):
                yield Predicate(FactQuantity(fact), InSet(total.kinds), test.clause)


class Translator:
    """Translates the conditions of one subject on one day.

    `absent` are facts that the subject cannot have; `name` tells its open points from others'.
    """

    def __init__(
        self, space: Space, as_of: date, slot: str = "", absent: frozenset[str] = frozenset(),
        name: str = "",
    ) -> None:  # fmt: skip
        self.space, self.as_of, self.slot = space, as_of, slot
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
        variable = self.space.variable(test.quantity.fact, self.slot)
        true, possible, exact = self._test_formulas(test, variable)
        known = variable.is_known
        return self._node_of(
            test,
            (z3.And(known, true), z3.Or(z3.Not(known), possible), z3.And(known, exact)),
            (true, possible),
        )

    def _node_of(
        self, test: Predicate, found: tuple[Formula, Formula, Formula],
        stated: tuple[Formula, Formula] | None = None,
    ) -> Node:  # fmt: skip
        """A test's node. `stated` are its formulas of values that are known."""
        true, possible = stated or found[:2]
        self._open += 1
        agreed = z3.Bool(f"{self.name} open point {self._open}")
        return Node(test, *found, z3.Or(true, z3.And(possible, agreed)))

    @cached_property
    def _quantities(self) -> QuantityTranslator:
        return QuantityTranslator(
            self.as_of, self._scalar, self.node, self._is_known, self._records, self._projects
        )

    def _projects(self, total: ProjectTotal) -> Ends:
        variable = self._variable(total.fact, ProjectsVariable)
        absent = self._variable(total.absent, Choice)
        assert variable is not None
        assert absent is not None
        return variable.total(total, self.as_of, absent, partial(self._worth_of_one, total))

    def _worth_of_one(self, total: ProjectTotal, slot: str) -> Ends:
        one = Translator(self.space, self.as_of, slot, name=f"{self.name} {slot}")
        return one._quantities.ends(total.worth)

    def _is_known(self, fact: str) -> Formula:
        return NO if fact in self.absent else self.space.variable(fact, self.slot).is_known

    def _records(self, fact: str) -> Records | None:
        return self._variable(fact, Records)

    def _scalar(self, fact: str) -> ScalarVariable | None:
        return self._variable(fact, ScalarVariable)

    def _variable(self, fact: str, kind: type[VariableT]) -> VariableT | None:
        """The variable of a fact of this kind; None for one that is not there."""
        if fact in self.absent:
            return None
        variable = self.space.variable(fact, self.slot)
        assert isinstance(variable, kind)
        return variable

    def _test_formulas(
        self, test: Predicate, variable: Variable
    ) -> tuple[Formula, Formula, Formula]:
        """TRUE, not FALSE, and exact, of a value that is known."""
        operator = test.operator
        match operator:
            case InSet():
                if isinstance(variable, ScalarVariable):
                    return _equality_formulas(operator, variable)
                assert isinstance(variable, Choice)
                return _among_formulas(operator, variable)
            case HoldsCertificate():
                if isinstance(variable, Records):
                    return _count_formulas(operator, variable, self.as_of)
                assert isinstance(variable, Terms)
                return _holds_certificate(operator, variable)
            case Age():
                assert isinstance(variable, ScalarVariable)
                found = _age_formula(operator, variable, self.as_of)
            case Range():
                assert isinstance(variable, ScalarVariable)
                found = _range_formula(operator, variable)
            case _:
                assert_never(operator)
        return found, found, YES


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


def _among_formulas(operator: InSet, variable: Choice) -> tuple[Formula, Formula, Formula]:
    pairs = [variable.lies(target) for target in operator.values]
    sure = [true for true, _ in pairs]
    maybe = [
        z3.Or(
            true,
            z3.And(
                z3.Or(possible, _never_absent(operator.codes, str(target))),
                z3.Not(variable.excludes(target)),
            ),
        )
        for target, (true, possible) in zip(operator.values, pairs, strict=True)
    ]
    join = z3.Or if operator.need is Quantifier.ANY else z3.And
    near = [variable.lies(area)[1] for area in operator.umbrella]
    vague = [
        z3.And(  # a coarse code beside one that settles it leaves nothing open
            variable.coarse(target),
            z3.Not(z3.Or(variable.lies(target)[0], variable.excludes(target))),
        )
        for target in (*operator.values, *operator.umbrella)
        if not _never_absent(operator.codes, str(target))  # nobody could state that more exactly
    ]
    return join(sure), z3.Or(join(maybe), *near), z3.Not(z3.Or(vague))


def _never_absent(codes: CodeList | None, code: str) -> bool:
    """Whether nobody can conclude that a code is not held."""
    return codes is not None and is_undefined(codes, code)


def _equality_formulas(
    operator: InSet, variable: ScalarVariable
) -> tuple[Formula, Formula, Formula]:
    equal = [z3.Or(list(variable.pinned(v, date.min))) for v in operator.values]
    near = [z3.Or(list(variable.pinned(int(v), date.min))) for v in operator.umbrella]
    join = z3.Or if operator.need is Quantifier.ANY else z3.And
    return join(equal), z3.Or(join(equal), *near), YES


def _count_formulas(
    operator: HoldsCertificate, variable: Records, as_of: date
) -> tuple[Formula, Formula, Formula]:
    low, high = variable.counted(CertificateTest(operator.categories, operator.codes), as_of)
    never = [_never_absent(operator.codes, c) for c in operator.categories]
    return low > 0, z3.Or(high > 0, *never), low == high


def _holds_certificate(
    operator: HoldsCertificate, variable: Terms
) -> tuple[Formula, Formula, Formula]:
    counting = variable.counting(operator.categories)
    valid = z3.Or([variable.valid[c] for c in counting])
    maybe = z3.Or([variable.maybe[c] for c in counting])
    never_absent = [_never_absent(operator.codes, c) for c in operator.categories]
    dated = [variable.valid[c] == variable.maybe[c] for c in counting]
    return valid, z3.Or(maybe, *never_absent), z3.And(dated)


def _age_formula(age: Age, variable: ScalarVariable, as_of: date) -> Formula:
    """An age as bounds on the day it is counted from: completion days never run backwards."""
    months, day = age.months, variable.steps
    parts = [day <= as_of.toordinal()]
    if isinstance(months.low, int):
        parts.append(day < _first_completing(months.low, as_of, after=months.low_included))
    if isinstance(months.high, int):
        parts.append(day >= _first_completing(months.high, as_of, after=not months.high_included))
    return z3.And(parts)


def _first_completing(months: int, as_of: date, after: bool) -> int:
    """The first day whose `months` are complete on the as-of day or later; or only after it."""
    day = add_months(as_of, -months) - timedelta(days=5)
    while (done := add_months(day, months)) < as_of or (after and done == as_of):
        day += timedelta(days=1)
    return day.toordinal()


def _range_formula(bounds: Range, variable: ScalarVariable) -> Formula:
    """A range of one number or date, in its own steps."""
    parts = []
    for bound, included, low in (
        (bounds.low, bounds.low_included, True), (bounds.high, bounds.high_included, False),
    ):  # fmt: skip
        if bound is not None:
            steps = _bound_in_steps(bound, variable)
            left, right = variable.steps * steps.denominator, steps.numerator
            near, far = (left >= right, left > right) if low else (left <= right, left < right)
            parts.append(near if included else far)
    return z3.And(parts)


def _bound_in_steps(bound: Bound, variable: ScalarVariable) -> Fraction:
    if isinstance(bound, date):
        return Fraction(bound.toordinal())
    return Fraction(bound) * variable.scale
