"""The values of a fact that are worth trying: one for each outcome of the rule's tests, the nearest
to the present one."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from service.domain.advice.attainable import Attainable
from service.domain.advice.candidate_values import candidate_values, tests_of
from service.domain.evaluation.evaluator import evaluate_condition
from service.domain.facts.profile import Certificate, Record, Subject, Value, records_in
from service.domain.rules.conditions import Condition
from service.domain.truth import Truth


class TrialValues:
    """The values worth trying for the facts of one rule and one company."""

    def __init__(self, rule: Condition, attainable: Attainable) -> None:
        self._rule, self._attainable = rule, attainable
        self._subject, self._as_of = attainable.subject, attainable.as_of
        self._facts = attainable.vocabulary.facts
        self._of_fact: dict[str, list[Value]] = {}

    def of(self, fact: str, subject: Subject) -> list[Value]:
        """Values to try: those other than the present one, the nearest of each outcome first."""
        if fact in self._of_fact:
            return self._of_fact[fact]
        present = self._subject.get(fact)
        found = candidate_values(self._facts[fact], self._rule, subject, self._as_of)
        if isinstance(present, frozenset):
            sets = [v for v in found if isinstance(v, frozenset)]
            found = [present | v for v in sets] + [present - v for v in sets] + found
        if isinstance(present, tuple):
            found = [*self._renewals(fact, records_in(present))] + [
                (*present, *v) for v in found if isinstance(v, tuple)
            ]
        others = [v for v in dict.fromkeys(found) if v != present and self._is_open(fact, v)]
        nearest = sorted(others, key=lambda v: _distance_from(present, v))
        tests = tests_of(fact, self._rule)
        if not all(t.quantity.single for t in tests):
            return nearest
        by_outcome: dict[tuple[Truth, ...], Value] = {}
        for value in nearest:
            after = self._subject.with_facts({fact: value})
            by_outcome.setdefault(
                tuple(evaluate_condition(t, after, self._as_of).truth for t in tests), value
            )
        self._of_fact[fact] = list(by_outcome.values())
        return self._of_fact[fact]

    def _renewals(self, fact: str, held: tuple[Record, ...]) -> Iterator[Value]:
        """Each certificate that has run out, as if it were valid again: nearer than another."""
        certificates = tuple(record for record in held if isinstance(record, Certificate))
        for record in certificates:
            ran_out = record.expires_on is not None and record.expires_on < self._as_of
            if ran_out and self._attainable.is_attainable(fact, record.category):
                yield (*certificates, Certificate(record.category, self._as_of, self._as_of))

    def _is_open(self, fact: str, value: Value) -> bool:
        """Whether what a value adds can be come by."""
        present = self._subject.get(fact)
        held = frozenset[str]() if present is None else _codes_in(present)
        return all(self._attainable.is_attainable(fact, code) for code in _codes_in(value) - held)


def _codes_in(value: Value) -> frozenset[str]:
    if isinstance(value, tuple):
        return frozenset(c.category for c in value if isinstance(c, Certificate) and not c.unsure)
    members = value if isinstance(value, frozenset) else (value,)
    return frozenset(m for m in members if isinstance(m, str))


def share_changed(present: Value, wanted: Value) -> Fraction:
    """How far a change goes, comparable between facts: as a part of the greater figure, in years,
    or one for each code."""
    away = _distance_from(present, wanted)
    if isinstance(present, date):
        return away / 365
    if isinstance(present, int | Decimal) and isinstance(wanted, int | Decimal):
        return away / max(abs(Fraction(present)), abs(Fraction(wanted)), Fraction(1))
    return max(away, Fraction(1))


def _distance_from(present: Value | None, value: Value) -> Fraction:
    """How far a value is from the present one, for choosing the nearest that serves."""
    if isinstance(value, frozenset) and isinstance(present, frozenset):
        return Fraction(len(value ^ present))
    if isinstance(value, date) and isinstance(present, date):
        return Fraction(abs((value - present).days))
    if isinstance(value, int | Decimal) and isinstance(present, int | Decimal):
        return abs(Fraction(value) - Fraction(present))
    return Fraction(len(value)) if isinstance(value, tuple) else Fraction(0)
