"""What is proven of every programme, and what is found wrong.

Each programme is proven to be attainable and each of its conditions to matter: somebody fails by
it alone, and somebody owes the result to it alone. Every profile that the solver finds on the way
is put before the reference evaluator; where the two do not agree, the proof itself is at fault.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import z3

from service.domain.dates import Window
from service.domain.evaluation.evaluator import Match, evaluate_programme
from service.domain.facts.profile import NO_PROJECT, PROJECT_KIND, Subject
from service.domain.facts.vocabulary import Owner
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Condition, Group, Predicate, Undecided, facts_of
from service.domain.rules.operators import InSet
from service.domain.rules.programmes import Programme
from service.domain.truth import Truth
from service.proof.formula import Translator, decided_with
from service.proof.node import Node
from service.proof.space import Space
from service.proof.variables import Formula

WITNESS = "witness"


class FaultKind(StrEnum):
    NEVER_MET = "never_met"  # nobody can meet it, whatever the authority decides
    CONTRADICTION = "contradiction"  # conditions that nobody meets together
    DEAD = "dead"  # a condition that never changes the result
    DISAGREES = "disagrees"  # the formula and the reference evaluator differ: a fault of the proof
    UNSOLVED = "unsolved"  # the solver did not find out, so that nothing is proven


@dataclass(frozen=True, slots=True)
class ProofFault:
    """Something wrong with a programme, and the conditions that it concerns."""

    programme: Programme
    kind: FaultKind
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class ProvenProgramme:
    """What was found of one programme. `witness` is an example that the solver made, evaluated;
    None where there is none. `decided_elsewhere`: the best anybody reaches is that the authority
    decides. `checked` counts the conditions looked at."""

    programme: Programme
    as_of: date
    witness: Match | None
    decided_elsewhere: bool
    checked: int
    faults: tuple[ProofFault, ...]


def day_within(window: Window, as_of: date) -> date:
    """The day of a window nearest to the one asked for."""
    if window.start and as_of < window.start:
        return window.start
    return window.end if window.end and as_of > window.end else as_of


def shared_space(catalogue: Catalogue) -> Space:
    return Space(catalogue.vocabulary, [p.condition for p in catalogue.programmes.values()])


def translate_programme(
    space: Space, programme: Programme, as_of: date, project: str = ""
) -> tuple[Node, list[Formula]]:
    """A programme's formulas, and what holds of every subject it is evaluated for."""
    facts = available(space, programme)
    absent = facts_of(programme.condition) - facts
    translator = Translator(space, as_of, project, absent, f"{programme.id}{project}")
    node = translator.node(programme.condition)
    rules: list[Formula] = []
    for fact in sorted(facts):
        rules += space.variable(fact, project).bounds()
    return node, rules


def available(space: Space, programme: Programme) -> frozenset[str]:
    """The facts of a programme's conditions that its subject can have: a company has no project
    facts, a project those of its kind."""
    facts = (space.vocabulary.facts[f] for f in facts_of(programme.condition))
    kinds = programme.supports
    return frozenset(
        f.id
        for f in facts
        if f.owner is Owner.COMPANY
        or (kinds and (not f.kinds or not set(kinds).isdisjoint(f.kinds)))
    )


def prove(space: Space, programme: Programme, as_of: date) -> ProvenProgramme:
    """Everything that is proven of one programme alone, on the day of its window nearest to
    `as_of`."""
    proof = _Proof(space, programme, day_within(programme.window, as_of))
    try:
        return proof.run()
    except Unsolved:
        return proof.unsolved()


class Unsolved(Exception):
    """The solver did not find out: the formulas are beyond it, or it used up the steps that it was
    given (by `proof.money`; elsewhere it has no bound)."""


def is_possible(solver: z3.Solver, *wanted: Formula) -> bool:
    """Whether formulas can hold together; `solver.model()` then shows how. Raises Unsolved."""
    found = solver.check(*wanted)
    if found == z3.unknown:
        raise Unsolved
    return bool(found == z3.sat)


class _Proof:
    def __init__(self, space: Space, programme: Programme, day: date) -> None:
        self.space, self.programme, self.day = space, programme, day
        self.root, rules = translate_programme(space, programme, day)
        self.solver = z3.Solver()
        self.solver.add(rules)
        self.faults: list[ProofFault] = []

    def run(self) -> ProvenProgramme:
        nodes = list(_below(self.root))
        if self._model(self.root.true, self._supported()):
            witness, elsewhere = self._witness(), False
        elif self._model(self.root.decided, self.root.exact, self._supported()):
            witness, elsewhere = self._witness(), True
        else:
            self._blame()
            return self._result(None, False, len(nodes))
        self.solver.add(self.root.exact)
        for node in nodes:
            if self._given(node.condition):
                continue
            if not (self._matters(node, z3.BoolVal(True)) and self._matters(node, _NO)):
                self._fault(FaultKind.DEAD, node.condition)
        return self._result(witness, elsewhere, len(nodes))

    def unsolved(self) -> ProvenProgramme:
        """That nothing is proven; what was found so far may rest on it."""
        self.faults = [ProofFault(self.programme, FaultKind.UNSOLVED)]
        return self._result(None, False, 0)

    def _result(self, witness: Match | None, elsewhere: bool, checked: int) -> ProvenProgramme:
        faults = tuple(self.faults)
        return ProvenProgramme(self.programme, self.day, witness, elsewhere, checked, faults)

    def _fault(self, kind: FaultKind, *conditions: Condition) -> None:
        self.faults.append(ProofFault(self.programme, kind, conditions))

    def _model(self, *wanted: Formula) -> bool:
        """Whether a subject is possible; `solver.model()` then shows it. Raises Unsolved."""
        return is_possible(self.solver, z3.And(wanted))

    def _supported(self) -> Formula:
        """That the project, where the programme supports one, is of one of its kinds."""
        kinds = self.programme.supports
        if not kinds:
            return z3.BoolVal(True)
        variable = self.space.variable(PROJECT_KIND)
        same_kind = [z3.And(*variable.equals(kind, self.day)) for kind in kinds]
        return z3.And(z3.Or(*same_kind), variable.is_known)

    def _given(self, condition: Condition) -> bool:
        """Whether a condition is the one that every programme has of itself, its beneficiaries;
        the conditions below may tell them apart once more."""
        if condition is not self.programme.condition.children[0] or not isinstance(
            condition, Predicate
        ):
            return False
        asked = condition.operator
        return isinstance(asked, InSet) and (*asked.values, *asked.umbrella) == self.programme.kinds

    def _matters(self, node: Node, value: Formula) -> bool:
        """Whether some subject's result turns on a condition that has this value."""
        turned = decided_with(self.root, node, z3.Not(value))
        held = decided_with(self.root, node, value)
        found = self._model(node.decided == value, held != turned)
        if found:
            self._witness()
        return found

    def _blame(self) -> None:
        """Which conditions keep everybody out: those no subject meets, or that exclude others."""
        marks = {z3.Bool(f"condition {i}"): c for i, c in enumerate(self.root.children)}
        solver = z3.Solver()
        solver.set("core.minimize", True)
        solver.add(self.solver.assertions(), self._supported())
        for mark, child in marks.items():
            solver.add(z3.Implies(mark, z3.And(child.decided, child.exact)))
        solver.check(*marks)
        core = {str(mark) for mark in solver.unsat_core()}
        guilty = tuple(c.condition for mark, c in marks.items() if str(mark) in core)
        kind = FaultKind.CONTRADICTION if len(guilty) > 1 else FaultKind.NEVER_MET
        self._fault(kind, *guilty)

    def _witness(self) -> Match | None:
        """The subject of the model at hand as the reference evaluator sees it; a fault where it
        does not see what the formula says."""
        model = self.solver.model()
        facts = available(self.space, self.programme)
        subject = subject_of(model, self.space, facts, self.day)
        match = evaluate_programme(self.programme, subject, self.day)
        if match.finding.truth is not truth_in(model, self.root):
            self._fault(FaultKind.DISAGREES)
        return match


_NO = z3.BoolVal(False)


def truth_in(model: Any, node: Node) -> Truth:
    """The truth of a condition in a model."""
    if z3.is_true(model.eval(node.true, model_completion=True)):
        return Truth.TRUE
    possible = z3.is_true(model.eval(node.possible, model_completion=True))
    return Truth.UNKNOWN if possible else Truth.FALSE


def subject_of(
    model: Any, space: Space, facts: Iterable[str], as_of: date, project: str = ""
) -> Subject:
    """The subject that a model describes."""
    stated = {}
    for fact in sorted(facts):
        variable = space.variable(fact, project)
        if z3.is_true(model.eval(variable.is_known, model_completion=True)):
            stated[fact] = variable.value(model, as_of)
    has_project = stated.get(PROJECT_KIND, NO_PROJECT) != NO_PROJECT
    return Subject(WITNESS if has_project else None, stated, {})


def find_subject(
    solver: z3.Solver, wanted: Formula, space: Space, facts: Iterable[str], as_of: date
) -> Subject | None:
    """Somebody of whom a formula holds; None where there is nobody. Raises Unsolved."""
    found = is_possible(solver, wanted)
    return subject_of(solver.model(), space, facts, as_of) if found else None


def _below(node: Node) -> Iterator[Node]:
    """All conditions under a node that somebody could have left out of the file. The doubts that
    no machine decides are taken as they are, and so is what a standard consists of: it is the same
    for every rule that asks for it."""
    for child in node.children:
        condition = child.condition
        if isinstance(condition, Undecided):
            continue
        yield child
        if not (isinstance(condition, Group) and condition.term_only):
            yield from _below(child)
