"""What would do as well as a change: another certificate, investor or partner that the same rule
names, so that nobody takes the first of several for the only one."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from service.domain.advice.attainable import Attainable
from service.domain.advice.candidate_values import tests_of
from service.domain.evaluation.evaluator import evaluate_condition
from service.domain.facts.profile import Certificate, Subject, Value
from service.domain.rules.conditions import Condition
from service.domain.rules.operators import named_values
from service.domain.truth import Truth

# More than so many named codes are a list that a sentence cannot tell.
MAX_NAMED = 12


def equal_values(
    fact: str, after: Subject, rule: Condition, attainable: Attainable
) -> tuple[Value, ...]:
    """The values that serve as well as the one which the subject has after a change, in the order
    in which the rule names them; none where the change does more than add one code."""
    present, wanted = attainable.subject.facts[fact], after.facts[fact]
    added = _added(present, wanted)
    if added is None:
        return ()
    found = (
        _instead(wanted, added, code)
        for code in islice(_codes_named(fact, rule), MAX_NAMED)
        if code != added and attainable.is_attainable(fact, code)
    )
    return tuple(
        value
        for value in found
        if value != present
        and evaluate_condition(rule, after.with_facts({fact: value}), attainable.as_of).truth
        is Truth.TRUE
    )


def _added(present: Value, wanted: Value) -> str | None:
    """The one code, or the category of the one certificate, that is new."""
    if isinstance(present, frozenset) and isinstance(wanted, frozenset) and present < wanted:
        new = [str(code) for code in wanted - present]
        return new[0] if len(new) == 1 else None
    if not (isinstance(present, tuple) and isinstance(wanted, tuple)):
        return None
    records = [record for record in wanted if record not in present]
    if len(records) != 1 or not isinstance(records[0], Certificate):
        return None
    category = records[0].category
    held = {record.category for record in present if isinstance(record, Certificate)}
    return None if category in held else category


def _instead(wanted: Value, added: str, code: str) -> Value:
    """The value with another code, or a certificate of another category, in the place of one."""
    if isinstance(wanted, frozenset):
        return wanted - {added} | {code}
    assert isinstance(wanted, tuple)
    certificates = [record for record in wanted if isinstance(record, Certificate)]
    return tuple(replace(c, category=code) if c.category == added else c for c in certificates)


def _codes_named(fact: str, rule: Condition) -> Iterator[str]:
    """The codes and categories that the tests of a fact name, each once."""
    codes = (str(v) for test in tests_of(fact, rule) for v in named_values(test.operator))
    yield from dict.fromkeys(codes)
