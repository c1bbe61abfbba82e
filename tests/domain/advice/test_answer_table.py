"""A truth table of all sets of answers says what trying them one by one would."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from service.domain.advice.answer_table import AnswerTable
from service.domain.evaluation.evaluator import evaluate_condition
from service.domain.facts.profile import Subject, Value
from service.domain.rules.conditions import Condition, Connective, Group
from service.domain.truth import Truth
from tests.domain.bounds import at_least
from tests.domain.predicates import among, ask, undecided
from tests.domain.sample import CLAUSE, DAY
from tests.domain.strategies import FAST

VALUES: dict[str, list[Value]] = {
    "company.kind": [frozenset(["enterprise"]), frozenset(["institute"])],
    "company.listed": [True, False],
    "company.employees": [50, 200],
}
LEAVES: list[Condition] = [
    among("kind", "enterprise"),
    among("kind", "institute", "individual"),
    among("listed", True),
    ask("employees", at_least(100)),
    undecided(),
]


def _group(children: list[Condition], gate: Connective) -> Group:
    chosen = children[:1] if gate is Connective.NOT else children
    return Group(gate, tuple(chosen), CLAUSE, count=len(chosen) // 2 + 1)


RULES = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.builds(
        _group, st.lists(inner, min_size=1, max_size=4), st.sampled_from(Connective)
    ),
    max_leaves=8,
)


def truth(rule: Condition, given_: dict[str, Value]) -> Truth:
    return evaluate_condition(rule, Subject(None, given_, {}), DAY).truth


def outcomes(leaf: Condition) -> tuple[str | None, list[Truth]]:
    fact = next(iter(leaf.facts), None)
    told = [truth(leaf, {fact: v}) for v in VALUES[fact]] if fact else []
    return fact, [truth(leaf, {}), *told]


@given(RULES)
@FAST
def test_each_combination_has_the_truth_of_its_answers(rule: Condition) -> None:
    """Withheld or given, below every gate: the bit of a combination is what an evaluation finds."""
    table = AnswerTable({fact: len(values) for fact, values in VALUES.items()})
    possible, true = table.truths(rule, outcomes)
    digits = [range(1 + len(values)) for values in reversed(VALUES.values())]
    for bit, chosen in enumerate(product(*digits)):
        pairs = zip(VALUES.items(), reversed(chosen), strict=True)
        found = truth(rule, {fact: values[d - 1] for (fact, values), d in pairs if d})
        assert (found is not Truth.FALSE) == bool(possible >> bit & 1)
        assert (found is Truth.TRUE) == bool(true >> bit & 1)


def test_an_answer_moves_a_rule_where_it_decides_what_the_others_leave_open() -> None:
    """Listed, or large: that is decided by either; once another answer has, by neither."""
    table = AnswerTable({"company.listed": 2, "company.employees": 2})
    rule = Group(Connective.ANY, (LEAVES[2], LEAVES[3]), CLAUSE)
    possible, true = table.truths(rule, outcomes)
    open_ = possible & ~true
    assert table.moves("company.listed", true, open_)
    assert table.moves("company.employees", table.whole & ~possible, open_)
    assert not table.moves("company.listed", true, 0)
