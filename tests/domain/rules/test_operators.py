"""The meaning of every operator: see the table."""

import inspect
from collections import defaultdict
from collections.abc import Iterator

import pytest

from service.domain.evaluation.evaluator import evaluate_condition
from service.domain.rules import conditions, operators
from service.domain.rules.conditions import Condition, Connective, Group, Predicate
from service.domain.rules.intervals import observed_value
from service.domain.rules.operators import Decision, InSet
from service.domain.truth import Truth
from tests.domain.sample import DAY, KINDS, subject
from tests.domain.table import ROWS, Row

TRUTHS = set(Truth)
OPERATORS = {
    member
    for _, member in inspect.getmembers(operators, inspect.isclass)
    if hasattr(member, "decide")
}
KEYS = {
    "is", "one_of", "one_of umbrella", "has_any", "has_any umbrella", "has_all", "within region",
    "within elsewhere", "within industry section", "within industry division",
    "within industry group", "within industry class", "at_least", "more_than", "at_most",
    "less_than", "at_least less_than", "before", "after", "on_or_before", "on_or_after", "between",
    "age_at_least", "age_more_than", "age_at_most", "age_less_than", "holds", "recognised",
    "ratio", "growth", "sum", "mean", "all", "any", "not", "at_least of",
}  # fmt: skip


def _names() -> Iterator[str]:
    count: dict[str, int] = defaultdict(int)
    for row in ROWS:
        count[row.key] += 1
        yield f"{row.key} {count[row.key]} {row.truth}"


@pytest.mark.parametrize("row", ROWS, ids=_names())
def test_truth_and_missing_facts(row: Row) -> None:
    """A condition has the truth of its row, and names exactly the facts that could settle it."""
    finding = evaluate_condition(row.condition, subject(row.facts), row.as_of)
    assert (finding.truth, finding.missing) == (row.truth, row.missing)


def test_every_key_of_the_language_has_a_row_for_each_truth() -> None:
    """An operator without a row for what it can answer is not specified."""
    seen = defaultdict(set)
    for row in ROWS:
        seen[row.key].add(row.truth)
    assert seen == {**dict.fromkeys(KEYS, TRUTHS), "undecided": {Truth.UNKNOWN}}


def test_every_key_has_a_row_without_any_fact() -> None:
    """A missing value is UNKNOWN whatever is asked, and the fact is named as missing."""
    blank = [row for row in ROWS if not row.facts and row.key != "undecided"]
    assert {row.truth for row in blank} == {Truth.UNKNOWN}
    assert all(row.missing for row in blank)
    kinds = {type(leaf.operator) for row in blank for leaf in _tests(row.condition)}
    assert kinds == OPERATORS


def _tests(condition: Condition) -> Iterator[conditions.Predicate]:
    yield from (
        leaf for leaf in conditions.leaves(condition) if isinstance(leaf, conditions.Predicate)
    )


def test_every_class_of_the_domain_has_a_row_for_each_truth() -> None:
    """Every operator class and every gate stands in the table."""
    seen: dict[object, set[Truth]] = defaultdict(set)
    for row in ROWS:
        match row.condition:
            case Group(gate=gate):
                seen[gate].add(row.truth)
            case conditions.Predicate(operator=operator):
                seen[type(operator)].add(row.truth)
            case conditions.Undecided():
                seen[conditions.Undecided].add(row.truth)
    wanted: list[object] = [*OPERATORS, *Connective]
    assert seen == {**dict.fromkeys(wanted, TRUTHS), conditions.Undecided: {Truth.UNKNOWN}}


def test_every_decision_an_operator_can_give_is_given() -> None:
    """FALSE, open, too coarse and TRUE all occur on stated values."""
    given = {
        leaf.operator.decide(value, row.as_of)
        for row in ROWS
        for leaf in _tests(row.condition)
        if (value := observed_value(leaf.quantity, subject(row.facts), DAY)) is not None
    }
    assert given == set(Decision)


def test_an_observed_value_is_kept_as_evidence() -> None:
    """A finding shows what was seen: the value, or the exact number made of several."""
    by_key = {row.key: row for row in ROWS if row.truth is Truth.TRUE}
    kind = evaluate_condition(by_key["one_of"].condition, subject({"kind": "institute"}), DAY)
    assert kind.observed == "institute"
    ratio = evaluate_condition(by_key["growth"].condition, subject(by_key["growth"].facts), DAY)
    assert ratio.observed is not None
    assert str(ratio.observed) == "1/5"


def test_a_code_never_equals_its_name() -> None:
    """Values are compared as codes, not as words."""
    assert InSet(("enterprise",), codes=KINDS).decide("Enterprise", DAY) is Decision.FALSE


def test_only_an_operator_that_can_leaves_a_stated_value_open_for_good() -> None:
    """What is looked at for what nobody can settle holds every test that comes out so, and no test
    of a number or a day."""
    stated = [
        (leaf.operator, subject(row.facts).get(fact), row.as_of)
        for row in ROWS
        for leaf in conditions.leaves(row.condition)
        if isinstance(leaf, Predicate) and leaf.quantity.single
        for fact in leaf.facts
    ]
    left = {
        type(operator)
        for operator, value, as_of in stated
        if value is not None
        and operator.decide(value, as_of) is Decision.OPEN
        and operators.can_stay_open(operator)
    }
    settled = [o for o, _, _ in stated if not operators.can_stay_open(o)]
    assert left == {InSet, operators.HoldsCertificate}
    assert {operators.Range, operators.Age} <= {type(o) for o in settled}
    assert not any(
        operator.decide(value, as_of) is Decision.OPEN
        for operator, value, as_of in stated
        if value is not None and not operators.can_stay_open(operator)
    )
