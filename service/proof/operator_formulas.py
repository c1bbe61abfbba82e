"""The formulas of one test of a value that is known, for each operator: when it is TRUE, when it is
not FALSE, and when the value is exact enough to say which.
"""

from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple, assert_never

import z3

from service.domain.dates import add_months
from service.domain.facts.code_lists import CodeList
from service.domain.rules import operators
from service.domain.rules.record_tests import CertificateTest
from service.proof.quantity_ends import YES
from service.proof.records import Records
from service.proof.variables import (
    CertificateVariable,
    CodeVariable,
    Formula,
    ScalarVariable,
    Variable,
)


class OperatorFormulas(NamedTuple):
    """When a test is TRUE, when it is not FALSE, and when the value is exact."""

    true: Formula
    possible: Formula
    exact: Formula


def formulas_of(operator: operators.Operator, variable: Variable, as_of: date) -> OperatorFormulas:
    """The formulas of what is asked of a fact, of a value that is known."""
    match operator:
        case operators.InSet():
            if isinstance(variable, ScalarVariable):
                return _equality_formulas(operator, variable)
            assert isinstance(variable, CodeVariable)
            return _among_formulas(operator, variable)
        case operators.HoldsCertificate():
            if isinstance(variable, Records):
                return _count_formulas(operator, variable, as_of)
            assert isinstance(variable, CertificateVariable)
            return _holds_certificate(operator, variable)
        case operators.Age():
            assert isinstance(variable, ScalarVariable)
            holds = _age_formula(operator, variable, as_of)
        case operators.Range():
            assert isinstance(variable, ScalarVariable)
            holds = _range_formula(operator, variable)
        case _:
            assert_never(operator)
    return OperatorFormulas(holds, holds, YES)


def _among_formulas(operator: operators.InSet, variable: CodeVariable) -> OperatorFormulas:
    pairs = [variable.lies_in(target) for target in operator.values]
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
    join = z3.Or if operator.need is operators.Quantifier.ANY else z3.And
    near = [variable.lies_in(area)[1] for area in operator.umbrella]
    coarse = [
        z3.And(  # a coarse code beside one that settles it leaves nothing open
            variable.too_coarse_for(target),
            z3.Not(z3.Or(variable.lies_in(target)[0], variable.excludes(target))),
        )
        for target in (*operator.values, *operator.umbrella)
        if not _never_absent(operator.codes, str(target))  # nobody could state that more exactly
    ]
    return OperatorFormulas(join(sure), z3.Or(join(maybe), *near), z3.Not(z3.Or(coarse)))


def _never_absent(codes: CodeList | None, code: str) -> bool:
    """Whether nobody can conclude that a code is not held."""
    return codes is not None and operators.is_undefined(codes, code)


def _equality_formulas(operator: operators.InSet, variable: ScalarVariable) -> OperatorFormulas:
    equal = [z3.Or(list(variable.equals(v, date.min))) for v in operator.values]
    near = [z3.Or(list(variable.equals(int(v), date.min))) for v in operator.umbrella]
    join = z3.Or if operator.need is operators.Quantifier.ANY else z3.And
    return OperatorFormulas(join(equal), z3.Or(join(equal), *near), YES)


def _count_formulas(
    operator: operators.HoldsCertificate, variable: Records, as_of: date
) -> OperatorFormulas:
    low, high = variable.counted(CertificateTest(operator.categories, operator.codes), as_of)
    never = [_never_absent(operator.codes, c) for c in operator.categories]
    return OperatorFormulas(low > 0, z3.Or(high > 0, *never), low == high)


def _holds_certificate(
    operator: operators.HoldsCertificate, variable: CertificateVariable
) -> OperatorFormulas:
    counting = variable.counting(operator.categories)
    valid = z3.Or([variable.valid[c] for c in counting])
    possible = z3.Or([variable.possible[c] for c in counting])
    never_absent = [_never_absent(operator.codes, c) for c in operator.categories]
    dated = [variable.valid[c] == variable.possible[c] for c in counting]
    return OperatorFormulas(valid, z3.Or(possible, *never_absent), z3.And(dated))


def _age_formula(age: operators.Age, variable: ScalarVariable, as_of: date) -> Formula:
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


def _range_formula(bounds: operators.Range, variable: ScalarVariable) -> Formula:
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


def _bound_in_steps(bound: operators.Bound, variable: ScalarVariable) -> Fraction:
    if isinstance(bound, date):
        return Fraction(bound.toordinal())
    return Fraction(bound) * variable.scale
