"""What holds of every condition, whatever is asked and whatever is known."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st

from service.domain.evaluation.evaluator import Finding, evaluate_condition
from service.domain.facts.profile import Subject, Value
from service.domain.facts.vocabulary import Fact, FactType
from service.domain.rules.conditions import (
    Clause,
    Condition,
    Connective,
    Group,
    Predicate,
    facts_of,
    leaves,
)
from service.domain.truth import Truth
from tests.domain.sample import DAY, VOCABULARY
from tests.domain.strategies import DAYS, FAST, conditions, facts, operators, subjects

CONDITIONS, FACTS, SUBJECTS = conditions(VOCABULARY), facts(VOCABULARY), subjects(VOCABULARY)
SEVERAL = st.lists(CONDITIONS, min_size=1, max_size=3).map(tuple)
CLAUSE = Clause("doc", 1)


def truth(condition: Condition, subject: Subject, as_of: date = DAY) -> Truth:
    return evaluate_condition(condition, subject, as_of).truth


def group(gate: Connective, *children: Condition, count: int = 0) -> Group:
    return Group(gate, children, CLAUSE, count=count)


def negated(condition: Condition) -> Group:
    return group(Connective.NOT, condition)


def knowing(stated: dict[str, Value]) -> Subject:
    return Subject(None, stated, {})


def every_finding(finding: Finding) -> Iterator[Finding]:
    yield finding
    for child in finding.children:
        yield from every_finding(child)


@FAST
@given(CONDITIONS, FACTS, FACTS, DAYS)
def test_more_facts_never_unsettle_an_answer(
    condition: Condition, some: dict[str, Value], more: dict[str, Value], day: date
) -> None:
    """TRUE and FALSE stay what they are when an unknown fact becomes known (monotonicity)."""
    before = truth(condition, knowing(some), day)
    after = truth(condition, knowing(more | some), day)
    assert before in (after, Truth.UNKNOWN)


@FAST
@given(CONDITIONS, FACTS, FACTS, DAYS)
def test_nothing_but_the_missing_facts_can_settle_an_unknown(
    condition: Condition, some: dict[str, Value], more: dict[str, Value], day: date
) -> None:
    """Whatever else becomes known, an UNKNOWN stays while its missing facts stay unknown. So one
    that names none can be settled by nobody's answer."""
    finding = evaluate_condition(condition, knowing(some), day)
    assume(finding.truth is Truth.UNKNOWN)
    others = {k: v for k, v in more.items() if k not in finding.missing}
    assert truth(condition, knowing(others | some), day) is Truth.UNKNOWN


@FAST
@given(CONDITIONS, SUBJECTS, DAYS)
def test_missing_facts_belong_to_the_condition_and_only_to_an_unknown(
    condition: Condition, subject: Subject, day: date
) -> None:
    """A settled finding asks for nothing; an open one asks each fact once, all of them its own."""
    for finding in every_finding(evaluate_condition(condition, subject, day)):
        assert len(set(finding.missing)) == len(finding.missing)
        assert set(finding.missing) <= facts_of(finding.condition)
        assert not finding.missing or finding.truth is Truth.UNKNOWN


@FAST
@given(CONDITIONS, SUBJECTS)
def test_missing_facts_stand_in_the_order_of_the_tree(
    condition: Condition, subject: Subject
) -> None:
    """They are asked in the order in which a reader meets them."""
    finding = evaluate_condition(condition, subject, DAY)
    in_order = [fact for leaf in _open(finding) for fact in leaf.missing]
    assert list(finding.missing) == list(dict.fromkeys(in_order))


def _open(finding: Finding) -> Iterator[Finding]:
    """The open leaves below open groups, left to right."""
    if finding.truth is Truth.UNKNOWN and not finding.children:
        yield finding
    elif finding.truth is Truth.UNKNOWN:
        for child in finding.children:
            yield from _open(child)


@FAST
@given(CONDITIONS)
def test_an_empty_profile_is_never_refused(condition: Condition) -> None:
    """Who has said nothing gets no TRUE and no FALSE: every test of a fact is UNKNOWN, and so is
    the tree. What a test knows without any fact, such as the year, or that no support is stated
    where only stated support counts, says nothing of anybody."""
    tests = (leaf for leaf in leaves(condition) if isinstance(leaf, Predicate))
    assume(all(test.quantity.facts_needed for test in tests))
    for finding in every_finding(evaluate_condition(condition, knowing({}), DAY)):
        assert finding.truth is Truth.UNKNOWN


@FAST
@given(SEVERAL, SUBJECTS)
def test_de_morgan(children: tuple[Condition, ...], subject: Subject) -> None:
    """Not all is any not, and not any is all not, with what is unknown left unknown."""
    nots = [negated(c) for c in children]
    not_all, not_any = (
        negated(group(Connective.ALL, *children)),
        negated(group(Connective.ANY, *children)),
    )
    assert truth(not_all, subject) is truth(group(Connective.ANY, *nots), subject)
    assert truth(not_any, subject) is truth(group(Connective.ALL, *nots), subject)


@FAST
@given(SEVERAL, SUBJECTS)
def test_at_least_one_is_any_and_at_least_all_is_all(
    children: tuple[Condition, ...], subject: Subject
) -> None:
    one = group(Connective.AT_LEAST, *children, count=1)
    whole = group(Connective.AT_LEAST, *children, count=len(children))
    assert truth(one, subject) is truth(group(Connective.ANY, *children), subject)
    assert truth(whole, subject) is truth(group(Connective.ALL, *children), subject)


@FAST
@given(SEVERAL, st.integers(1, 3), SUBJECTS)
def test_asking_for_more_is_never_easier(
    children: tuple[Condition, ...], count: int, subject: Subject
) -> None:
    fewer = group(Connective.AT_LEAST, *children, count=count)
    more = group(Connective.AT_LEAST, *children, count=count + 1)
    assert truth(more, subject) <= truth(fewer, subject)


@FAST
@given(CONDITIONS, SUBJECTS)
def test_double_negation(condition: Condition, subject: Subject) -> None:
    """Saying it twice changes neither the truth nor what is missing."""
    once = evaluate_condition(condition, subject, DAY)
    twice = evaluate_condition(negated(negated(condition)), subject, DAY)
    assert (twice.truth, twice.missing) == (once.truth, once.missing)


@FAST
@given(CONDITIONS, SUBJECTS)
def test_a_condition_never_holds_together_with_its_negation(
    condition: Condition, subject: Subject
) -> None:
    assert truth(group(Connective.ALL, condition, negated(condition)), subject) is not Truth.TRUE
    assert truth(group(Connective.ANY, condition, negated(condition)), subject) is not Truth.FALSE


@FAST
@given(SEVERAL, SUBJECTS, st.randoms(use_true_random=False))
def test_the_order_of_conditions_does_not_matter(
    children: tuple[Condition, ...], subject: Subject, random: Random
) -> None:
    shuffled = list(children)
    random.shuffle(shuffled)
    for gate in (Connective.ALL, Connective.ANY, Connective.AT_LEAST):
        first = evaluate_condition(group(gate, *children, count=2), subject, DAY)
        second = evaluate_condition(group(gate, *shuffled, count=2), subject, DAY)
        assert first.truth is second.truth
        assert set(first.missing) == set(second.missing)


@FAST
@given(CONDITIONS, FACTS, DAYS)
def test_neither_the_order_of_facts_matters_nor_what_is_not_named(
    condition: Condition, stated: dict[str, Value], day: date
) -> None:
    """Nor do facts that it does not name."""
    finding = evaluate_condition(condition, knowing(stated), day)
    backwards = dict(reversed(stated.items()))
    assert evaluate_condition(condition, knowing(backwards), day) == finding
    named = {k: v for k, v in stated.items() if k in facts_of(condition)}
    assert evaluate_condition(condition, knowing(named), day) == finding


@FAST
@given(CONDITIONS, FACTS, DAYS)
def test_examining_changes_nothing_and_repeats_itself(
    condition: Condition, stated: dict[str, Value], day: date
) -> None:
    """The facts handed in stay as they were, and the same question has the same answer."""
    copy = deepcopy(stated)
    first = evaluate_condition(condition, knowing(stated), day)
    assert stated == copy
    assert evaluate_condition(condition, knowing(stated), day) == first


@FAST
@given(CONDITIONS, SUBJECTS)
def test_a_finding_has_the_shape_of_its_condition(condition: Condition, subject: Subject) -> None:
    """Every condition of the tree has its finding, also where an earlier one settles the group."""
    found = [
        f.condition
        for f in every_finding(evaluate_condition(condition, subject, DAY))
        if not f.children
    ]
    assert found == list(leaves(condition))


CODE_FACTS = [f for f in VOCABULARY.facts.values() if f.type is FactType.CODE]


@FAST
@given(st.data(), st.sampled_from(CODE_FACTS))
def test_a_more_exact_value_never_unsettles_an_answer(data: st.DataObject, fact: Fact) -> None:
    """Who names the district instead of the city keeps every TRUE and FALSE; and what no more exact
    value can settle stays open."""
    codes = VOCABULARY.codes_of(fact)
    assert codes is not None
    operator = data.draw(operators(fact, VOCABULARY))
    value = data.draw(st.sampled_from(sorted(codes.codes)))
    inside = [c for c in sorted(codes.codes) if codes.relation(c, value) is Truth.TRUE]
    exact = operator.decide(data.draw(st.sampled_from(inside)), DAY)
    coarse = operator.decide(value, DAY)
    assert coarse.refinable or coarse.truth is exact.truth
