"""The variables of all facts of some rules: one for each fact of a company, for all rules that are
looked at together; and one for each fact of each project that a rule is about.

Projects are only supposed here: each has a name, with which the names of its variables begin. Rules
that name one project are about the same one.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

import z3

from service.domain.facts.profile import PROJECT_KIND, Subject
from service.domain.facts.vocabulary import FactType, Owner, Vocabulary
from service.domain.rules.conditions import Condition, Predicate, tests_below, tests_in
from service.domain.rules.levels import LEVELS
from service.domain.rules.operators import HoldsCertificate, InSet, Range
from service.domain.rules.quantities import Constant, FactQuantity, ProjectTotal
from service.domain.rules.quantity_contents import counts_in, totals_in
from service.domain.rules.record_tests import CertificateTest, RecordTest
from service.domain.rules.units import ITEM
from service.proof.classes import Classes, classes_of
from service.proof.projects import ProjectsVariable
from service.proof.records import Records
from service.proof.variables import (
    CertificateVariable,
    CodeVariable,
    Formula,
    ScalarVariable,
    Variable,
)

# What a project is worth where rules count them.
_COUNTED = {Constant(Fraction(n), ITEM) for n in (0, 1)}


class Space:
    """The variables of all facts, shared by the rules that are looked at together.

    Facts of a company are shared by all; facts of a project by the rules that name that `project`.
    """

    def __init__(self, vocabulary: Vocabulary, conditions: Iterable[Condition]) -> None:
        self.vocabulary = vocabulary
        whole = tuple(conditions)
        self._conditions = (*whole, *_inside_totals(whole))
        self._classes: dict[str, Classes] = {}
        self._variables: dict[str, Variable] = {}

    def variable(self, fact_id: str, project: str = "") -> Variable:
        fact = self.vocabulary.facts[fact_id]
        name = f"{project}{fact_id}" if fact.owner is Owner.PROJECT else fact_id
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
        kind = CertificateVariable if fact.type is FactType.CERTIFICATES else CodeVariable
        return kind(fact, name, self._classes[fact_id])

    def _counted(self, fact_id: str) -> list[RecordTest]:
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

    def as_stated(
        self, subject: Subject, facts: Iterable[str], as_of: date, project: str = ""
    ) -> list[Formula]:
        """What holds of these facts where they are a subject's, stated or unknown."""
        formulas: list[Formula] = []
        for fact_id in facts:
            variable, value = self.variable(fact_id, project), subject.get(fact_id)
            formulas.append(z3.Not(variable.is_known) if value is None else variable.is_known)
            if value is not None:
                formulas += variable.equals(value, as_of)
        return formulas


def _inside_totals(conditions: Iterable[Condition]) -> Iterator[Condition]:
    """The conditions on single projects that stand in totals over all of them, and those of which
    kinds they are."""
    for test in (t for c in conditions for t in tests_in(c)):
        for total in totals_in(test.quantity):
            yield from tests_below(total.worth)
            for fact in (PROJECT_KIND, total.absent):
                yield Predicate(FactQuantity(fact), InSet(total.kinds), test.clause)
