"""The formula of a condition says what the reference evaluator says."""

from datetime import date

import pytest
import z3
from hypothesis import given

from service.domain.evaluation.evaluator import evaluate_condition
from service.domain.facts.profile import Subject
from service.domain.rules.conditions import Condition, facts_of
from service.domain.truth import Truth
from service.proof.formula import Translator
from service.proof.node import Node
from service.proof.prover import subject_of, truth_in
from service.proof.space import Space
from tests.domain.sample import VOCABULARY, subject
from tests.domain.strategies import DAYS, FAST, conditions, subjects
from tests.domain.table import ROWS, Row

CONDITIONS, SUBJECTS = conditions(VOCABULARY), subjects(VOCABULARY)


def translate(condition: Condition, day: date) -> tuple[Space, Node]:
    space = Space(VOCABULARY, [condition])
    return space, Translator(space, day).node(condition)


def formula_truth(condition: Condition, stated: Subject, day: date) -> Truth:
    """What the formula says of a subject; the solver finds no other answer possible."""
    space, node = translate(condition, day)
    solver = z3.Solver()
    solver.add(*space.as_stated(stated, facts_of(condition), day))
    assert solver.check() == z3.sat
    truth = truth_in(solver.model(), node)
    solver.add(z3.Not(z3.And(node.true == (truth is Truth.TRUE),
                             node.possible == (truth is not Truth.FALSE))))  # fmt: skip
    assert solver.check() == z3.unsat
    return truth


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.key} {row.truth}")
def test_every_operator_has_the_same_meaning_as_a_formula(row: Row) -> None:
    """The table that specifies the operators holds of their formulas."""
    assert formula_truth(row.condition, subject(row.facts), row.as_of) is row.truth


@FAST
@given(CONDITIONS, SUBJECTS, DAYS)
def test_formula_and_evaluator_agree_on_every_subject(
    condition: Condition, stated: Subject, day: date
) -> None:
    """TRUE, FALSE and UNKNOWN come out alike for any tree and any profile."""
    assert formula_truth(condition, stated, day) is evaluate_condition(condition, stated, day).truth


@FAST
@given(CONDITIONS, DAYS)
def test_what_the_solver_finds_the_evaluator_confirms(condition: Condition, day: date) -> None:
    """A model of each truth that is possible at all is a subject of just that truth."""
    space, node = translate(condition, day)
    facts = facts_of(condition)
    for wanted, formula in (
        (Truth.TRUE, node.true),
        (Truth.UNKNOWN, z3.And(node.possible, z3.Not(node.true))),
        (Truth.FALSE, z3.Not(node.possible)),
    ):
        solver = z3.Solver()
        solver.add(formula, *(b for f in sorted(facts) for b in space.variable(f).bounds()))
        if solver.check() == z3.sat:
            found = subject_of(solver.model(), space, facts, day)
            assert evaluate_condition(condition, found, day).truth is wanted


@FAST
@given(CONDITIONS, SUBJECTS, DAYS)
def test_stated_exactly_only_the_authority_is_left(
    condition: Condition, stated: Subject, day: date
) -> None:
    """Where everything is stated exactly, TRUE is settled as met and FALSE as not met, whatever
    the authority decides."""
    space, node = translate(condition, day)
    truth = evaluate_condition(condition, stated, day).truth
    solver = z3.Solver()
    solver.add(*space.as_stated(stated, facts_of(condition), day), node.exact)
    solver.add(z3.Not(node.decided) if truth is Truth.TRUE else node.decided)
    assert truth is Truth.UNKNOWN or solver.check() == z3.unsat
