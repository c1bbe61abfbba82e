"""What an ineligible company would have to change: enough, nothing more, and only what it can."""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, islice, product
from random import Random

import pytest
import z3
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from service.domain.advice.alternatives import MAX_FACTS
from service.domain.advice.candidate_values import candidate_values
from service.domain.advice.near_miss import NearMiss, near_miss
from service.domain.dates import Window
from service.domain.evaluation.evaluator import (
    Match,
    Status,
    evaluate,
    evaluate_condition,
    evaluate_programme,
)
from service.domain.facts.profile import NO_PROJECT, Certificate, Profile, Project, Subject, Value
from service.domain.facts.vocabulary import FactType, Vocabulary
from service.domain.rules.conditions import Condition, Undecided, facts_of, leaves
from service.domain.rules.conditions import tests_in as inner_tests
from service.domain.rules.operators import HoldsCertificate, is_undefined
from service.domain.rules.quantity_contents import counts_in
from service.domain.truth import Truth
from service.proof.formula import Translator
from service.proof.space import Space
from service.proof.variables import CodeVariable
from tests.domain.advice.interviews import RandomCompanies
from tests.domain.bounds import at_least, less_than, more_than, years
from tests.domain.groups import any_of, every_of, not_, some_of
from tests.domain.predicates import among, ask, holds, undecided
from tests.domain.programmes import matched, programme
from tests.domain.sample import DAY, VOCABULARY, D, subject
from tests.domain.strategies import FAST, conditions, subjects, with_ends
from tests.own import own_catalogue

FIXED = {"company.kind", "company.founded_on", "company.first_year", "company.revenue_before"}
WORDS = Vocabulary(
    {n: replace(f, changeable=n not in FIXED) for n, f in VOCABULARY.facts.items()},
    VOCABULARY.lists,
)
# A rule at random knows the ends of what it reckons with: no change goes beyond them.
RANDOM = replace(WORDS, facts={n: with_ends(f) for n, f in WORDS.facts.items()})
IS_FIRM, LISTED, IN_SHANGHAI = (
    among("kind", "enterprise"), among("listed", True), among("region", "310000"),
)  # fmt: skip
INSTITUTE = among("kind", "institute")
BIG = ask("employees", at_least(100))
MAX_STEPS = 200_000
RICH = ask("revenue", at_least(D("1000.50")))
YOUNG = ask("founded_on", years(less_than(60)))


def near(condition: Condition, **facts: Value) -> NearMiss | None:
    return near_miss(matched(condition, subject(facts)), WORDS, DAY)


def changes(found: NearMiss | None) -> dict[str, Value]:
    assert found is not None
    return {c.fact.removeprefix("company."): c.wanted for c in found.changes}


@pytest.mark.parametrize(
    ("condition", "facts", "wanted"),
    [
        (every_of(IS_FIRM, BIG), {"kind": "enterprise", "employees": 98}, {"employees": 100}),
        (ask("employees", more_than(100)), {"employees": 98}, {"employees": 101}),
        (RICH, {"revenue": D(3)}, {"revenue": D("1000.50")}),
        (ask("revenue", less_than(1000)), {"revenue": D(3000)}, {"revenue": D("999.99")}),
        (every_of(BIG, LISTED), {"employees": 1, "listed": False},
         {"employees": 100, "listed": True}),
        (any_of(every_of(BIG, LISTED), RICH), {"employees": 1, "listed": False, "revenue": D(3)},
         {"revenue": D("1000.50")}),
        (some_of(2, BIG, LISTED, RICH), {"employees": 1, "listed": True, "revenue": D(3)},
         {"employees": 100}),
        (IN_SHANGHAI, {"region": "110000"}, {"region": "310000"}),
        (not_(among("fields", "quantum")), {"fields": frozenset({"quantum", "robots"})},
         {"fields": frozenset({"robots"})}),
        (among("fields", "six_g"), {"fields": frozenset({"robots"})},
         {"fields": frozenset({"robots", "six_g"})}),
        (holds("high_tech"), {"certificates": (Certificate("specialised", DAY, DAY),)},
         {"certificates": (Certificate("specialised", DAY, DAY),
                           Certificate("high_tech", DAY, DAY))}),
        # what one change breaks another mends
        (every_of(any_of(not_(LISTED), RICH), LISTED), {"listed": False, "revenue": D(3)},
         {"listed": True, "revenue": D("1000.50")}),
    ],
)  # fmt: skip
def test_the_smallest_change_is_named(
    condition: Condition, facts: dict[str, Value], wanted: dict[str, Value]
) -> None:
    """The fewest facts, each with the nearest value that serves."""
    found = near(condition, **facts)
    assert changes(found) == wanted
    assert found is not None
    assert found.distance == len(wanted)


def test_only_ineligible_matches_have_a_near_miss() -> None:
    """Potential and undetermined ones need no change."""
    assert near(BIG, employees=200) is None
    assert near(BIG) is None


def test_day_a_programme_opens_is_said_but_not_the_day_it_closed() -> None:
    """Before its window a programme names its first day; after it nothing helps."""
    for window, opens in (
        (Window(date(2027, 1, 1), None), date(2027, 1, 1)),
        (Window(None, date(2020, 1, 1)), None),
    ):
        match = evaluate_programme(
            programme("p", BIG, window=window), subject({"employees": 1}), DAY
        )
        found = near_miss(match, WORDS, DAY)
        assert (found.opens_on if found else None) == opens


@pytest.mark.parametrize(
    ("condition", "facts", "blocking"),
    [
        (every_of(IS_FIRM, BIG), {"kind": "institute", "employees": 1}, [IS_FIRM]),
        (every_of(YOUNG, IS_FIRM), {"founded_on": date(2001, 1, 1), "kind": "enterprise"}, [YOUNG]),
        # what is excluded and is the case, without the cases that are not
        (every_of(not_(any_of(IS_FIRM, YOUNG)), BIG),
         {"kind": "enterprise", "founded_on": date(2001, 1, 1), "employees": 200}, [IS_FIRM]),
        # alternatives are one reason, with what stands in the way of each
        (any_of(every_of(IS_FIRM, BIG), YOUNG, not_(INSTITUTE)),
         {"kind": "institute", "founded_on": date(2001, 1, 1), "employees": 1},
         [any_of(IS_FIRM, YOUNG, not_(INSTITUTE))]),
        # one more than nothing of what can still come
        (some_of(2, IS_FIRM, YOUNG, BIG),
         {"kind": "institute", "founded_on": date(2001, 1, 1), "employees": 1},
         [any_of(IS_FIRM, YOUNG)]),
        # excluded for so many cases, without the one that could be otherwise
        (not_(some_of(1, IS_FIRM, BIG)), {"kind": "enterprise", "employees": 200},
         [some_of(1, IS_FIRM)]),
    ],
)  # fmt: skip
def test_reasons_beyond_the_company_are_named(
    condition: Condition, facts: dict[str, Value], blocking: list[Condition]
) -> None:
    """What cannot be changed stands in the way, and what could be is not mixed in."""
    found = near(condition, **facts)
    assert found is not None
    assert found.changes == ()
    assert [f.condition for f in found.blocked_by] == blocking


def test_an_open_criterion_is_never_the_reason() -> None:
    """What fails is the reason, also where only others could settle the rest: it is not known to
    fail."""
    found = near(every_of(IS_FIRM, undecided()), kind="institute")
    assert found is not None
    assert [f.condition for f in found.blocked_by] == [IS_FIRM]
    found = near(every_of(BIG, undecided()), employees=1)
    assert found is not None
    assert found.changes == ()
    assert [f.condition for f in found.blocked_by] == [BIG]


def test_unknown_facts_that_must_turn_out_well_are_told_beside() -> None:
    """A change alone is not promised to suffice."""
    found = near(every_of(BIG, LISTED), employees=1)
    assert changes(found) == {"employees": 100}
    assert found is not None
    assert found.assuming == ("company.listed",)


def movable(facts: frozenset[str], stated: Subject) -> list[str]:
    return sorted(f for f in facts if RANDOM.facts[f].changeable or stated.get(f) is None)


def smallest(condition: Condition, stated: Subject) -> int | None:
    """The fewest stated facts that have to change, by the solver; None where no change helps."""
    facts = facts_of(condition)
    space = Space(RANDOM, [condition])
    fixed = facts - set(movable(facts, stated))
    solver = z3.Optimize()
    solver.add(Translator(space, DAY).node(condition).true)
    solver.add(*space.as_stated(stated, sorted(fixed), DAY))
    for fact in sorted(facts - fixed):
        variable, value = space.variable(fact), stated.get(fact)
        solver.add(*variable.bounds(), real_project(space, fact))
        if value is not None:
            solver.add(variable.is_known)
            solver.add_soft(z3.And(list(variable.equals(value, DAY))), 1)
    if solver.check() != z3.sat:
        return None
    model = solver.model()
    return sum(
        not z3.is_true(model.eval(z3.And(list(space.variable(f).equals(v, DAY))), True))
        for f in facts - fixed
        if (v := stated.get(f)) is not None
    )


def real_project(space: Space, fact: str) -> z3.BoolRef:
    """Nobody changes a project into none."""
    variable = space.variable(fact)
    if (
        not isinstance(variable, CodeVariable)
        or NO_PROJECT not in variable.classes.members.values()
    ):
        return z3.BoolVal(True)
    return z3.Not(z3.And(list(variable.equals(NO_PROJECT, DAY))))


# Several conditions at once and most facts stated: most subjects fail somewhere.
RULES = st.lists(conditions(RANDOM), min_size=1, max_size=3).map(lambda parts: every_of(*parts))
STATED = st.builds(
    lambda one, other: replace(one, facts={**one.facts, **other.facts}),
    subjects(RANDOM), subjects(RANDOM),
)  # fmt: skip
SEARCHED = settings(
    FAST, max_examples=20, suppress_health_check=[*FAST.suppress_health_check,
                                                   HealthCheck.filter_too_much],
)  # fmt: skip


def ineligible(condition: Condition, stated: Subject) -> Match:
    """The match, where it is ineligible and reckons with one sum or ratio at most: the ceilings on
    the search are for rules beyond that."""
    match = matched(condition, stated)
    assume(match.status is Status.INELIGIBLE)
    tests = [leaf for leaf in leaves(condition) if not isinstance(leaf, Undecided)]
    assume(sum(not t.quantity.single for t in tests) <= 1)
    # Of whom no support is stated none is supposed where only what is stated counts.
    counts = [c for t in inner_tests(condition) for c in counts_in(t.quantity) if c.test.stated]
    assume(all(c.fact in stated.facts for c in counts))
    # A title that nobody has defined is come by by nobody, though a solver supposes it.
    held = [t.operator for t in tests if isinstance(t.operator, HoldsCertificate)]
    assume(not any(is_undefined(h.codes, c) for h in held for c in h.categories))
    return match


def searched(test: Callable[[Condition, Subject], None]) -> Callable[[], None]:
    """A test of any rule and what somebody states of what it asks."""
    return SEARCHED(given(RULES, STATED)(test))


def near_miss_of(condition: Condition, stated: Subject) -> tuple[Match, NearMiss]:
    """An ineligible match and what stands between it and a potential one."""
    match = ineligible(condition, stated)
    found = near_miss(match, RANDOM, DAY)
    assert found is not None
    return match, found


@searched
def test_no_smaller_change_exists(condition: Condition, stated: Subject) -> None:
    """As many changes as the solver needs at least; none only where it finds none either."""
    match, found = near_miss_of(condition, stated)
    needed = smallest(match.programme.condition, stated)
    if needed is None or needed <= MAX_FACTS:
        assert found.distance == needed


@searched
def test_exhaustive_search_finds_nothing_smaller(condition: Condition, stated: Subject) -> None:
    """No set of fewer facts serves, whatever variants of them are taken."""
    match, found = near_miss_of(condition, stated)
    rule = match.programme.condition
    moving = movable(facts_of(rule), stated)
    unknown = [f for f in moving if stated.get(f) is None]
    changing = [f for f in moving if stated.get(f) is not None]
    smaller = (found.distance or MAX_FACTS + 1) - 1
    for chosen in combinations(changing, smaller):
        names = [*unknown, *chosen]
        options = [candidate_values(RANDOM.facts[f], rule, stated, DAY) for f in names]
        for values in islice(product(*options), 2_000):
            facts = {**stated.facts, **dict(zip(names, values, strict=True))}
            assert (
                evaluate_condition(rule, replace(stated, facts=facts), DAY).truth is not Truth.TRUE
            )


@searched
def test_the_changes_serve(condition: Condition, stated: Subject) -> None:
    """Applied, with the assumed facts well chosen, they make the match potential."""
    match, found = near_miss_of(condition, stated)
    rule = match.programme.condition
    moving = movable(facts_of(rule), stated)
    assert all(stated.get(c.fact) == c.present != c.wanted for c in found.changes)
    assert {c.fact for c in found.changes} <= set(moving)
    assert all(stated.get(fact) is None for fact in found.assuming)
    if found.changes:
        after = replace(stated, facts={**stated.facts, **{c.fact: c.wanted for c in found.changes}})
        assert solvable(rule, after, set(found.assuming))


@searched
def test_what_stands_in_the_way_fails(condition: Condition, stated: Subject) -> None:
    """Reasons are named only where there is no change, and none of them is unknown. None looks at
    a fact that the company could alter, unless what only others can settle is in the way too."""
    _, found = near_miss_of(condition, stated)
    assert not (found.blocked_by and found.changes)
    assert all(blocking.truth is not Truth.UNKNOWN for blocking in found.blocked_by)
    if not any(isinstance(leaf, Undecided) for leaf in leaves(condition)):
        for blocking in found.blocked_by:
            assert not movable(facts_of(blocking.condition), stated)


def solvable(condition: Condition, stated: Subject, free: set[str]) -> bool:
    """Whether some answers about the free facts alone make the condition TRUE."""
    space = Space(RANDOM, [condition])
    solver = z3.Solver()
    solver.add(Translator(space, DAY).node(condition).true)
    solver.add(*space.as_stated(stated, sorted(facts_of(condition) - free), DAY))
    solver.add(*(bound for f in sorted(free) for bound in space.variable(f).bounds()))
    return bool(solver.check() == z3.sat)


def test_near_misses_of_the_own_catalogue_are_confirmed_by_evaluation() -> None:
    """For companies drawn at random each change named turns the match potential, or leaves it to
    the facts that are named as assumed."""
    known = own_catalogue()
    companies, random = RandomCompanies(known, DAY), Random(3)
    seen = 0
    for _ in range(120):
        answers = companies.draw(random)
        projects = tuple(Project(k, k, facts) for k, facts in answers.projects.items())
        for match in evaluate(known, Profile(answers.company, projects), DAY).matches:
            found = near_miss(match, known.vocabulary, DAY)
            if found is None or not found.changes:
                continue
            moved = {c.fact: c.wanted for c in found.changes}
            after = replace(match.subject, facts={**match.subject.facts, **moved})
            status = evaluate_programme(match.programme, after, DAY).status
            promised = {Status.POTENTIAL, Status.ELIGIBLE, Status.WATCH}
            assert status in (promised if not found.assuming else {Status.UNDETERMINED})
            seen += 1
    assert seen > 10


def steps(work: Callable[[], object]) -> int:
    """How many functions are called: the same on every machine, however busy it is."""
    called = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal called
        called += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return called


def test_a_rule_of_many_choices_is_answered_at_once() -> None:
    """Nine of eighteen, none met: no small change, told after few steps: it takes forty-eight
    thousand ways to choose nine of eighteen, and many steps for each."""
    names = [n for n, f in VOCABULARY.facts.items() if f.type in (FactType.INTEGER, FactType.MONEY)]
    tests = [ask(names[i % len(names)].split(".")[1], at_least(100 + i)) for i in range(18)]
    facts = {n.split(".")[1]: 0 if VOCABULARY.facts[n].type is FactType.INTEGER else D(0)
             for n in names if n.startswith("company.")}  # fmt: skip
    tests = [t for t in tests if t.quantity.facts[0].split(".")[1] in facts]
    rule = some_of(len(tests) // 2, *tests)
    match = matched(rule, subject(facts))
    assert steps(lambda: near_miss(match, WORDS, DAY)) < MAX_STEPS


EIGHTEEN = Vocabulary(
    {f"company.n{i}": replace(VOCABULARY.facts["company.employees"], id=f"company.n{i}",
                              name=f"n{i}", changeable=True) for i in range(18)}, {},
)  # fmt: skip
NINE = some_of(9, *(ask(f"n{i}", at_least(10)) for i in range(18)))


def test_seven_of_nine_that_are_met_lack_two_more() -> None:
    """Of the eleven that are short, the two that are nearest."""
    match = matched(NINE, subject({f"n{i}": 10 if i < 7 else i - 9 for i in range(18)}))
    assert changes(near_miss(match, EIGHTEEN, DAY)) == {"n16": 10, "n17": 10}
    assert steps(lambda: near_miss(match, EIGHTEEN, DAY)) < MAX_STEPS


def test_eighteen_separate_facts_of_which_nine_are_short() -> None:
    """Every one of them stated and short: more than a small change, and told at once."""
    words, match = EIGHTEEN, matched(NINE, subject({f"n{i}": 0 for i in range(18)}))
    assert steps(lambda: near_miss(match, words, DAY)) < MAX_STEPS
    found = near_miss(match, words, DAY)
    assert found is not None
    assert found.changes == ()


def test_figures_come_before_titles() -> None:
    """One change either way: ten more staff, or a certificate."""
    found = near(any_of(holds("high_tech"), BIG), certificates=(), employees=90)
    assert changes(found) == {"employees": 100}


def test_of_two_figures_the_nearer_one_is_named() -> None:
    """Two persons short of a hundred, or half of the revenue."""
    found = near(any_of(BIG, RICH), employees=98, revenue=D(500))
    assert changes(found) == {"employees": 100}
    found = near(any_of(BIG, RICH), employees=50, revenue=D(1000))
    assert changes(found) == {"revenue": D("1000.50")}


def test_a_title_that_nobody_awards_is_no_change() -> None:
    """It is not offered, though the company could claim it."""
    found = near(every_of(IS_FIRM, among("recognitions", "leader")), kind="enterprise",
                 recognitions=frozenset({"neither"}))  # fmt: skip
    assert changes(found) == {}


def test_an_age_that_is_reached_by_waiting_has_its_day() -> None:
    """Founded on 1 June 2022, five years asked: from 1 June 2027 it would do."""
    old = ask("founded_on", years(at_least(60)))
    found = near(every_of(IS_FIRM, old), kind="enterprise", founded_on=date(2022, 6, 1))
    assert found is not None
    assert (found.changes, found.opens_on) == ((), date(2027, 6, 1))


def test_a_certificate_that_begins_later_has_its_day() -> None:
    """Nothing is to be done about what is held already from another day."""
    later = DAY + timedelta(days=1)
    held = (Certificate("high_tech", later, later + timedelta(days=1000)),)
    found = near(holds("high_tech", "specialised"), certificates=held)
    assert found is not None
    assert (found.changes, found.opens_on) == ((), later)


def test_what_has_run_out_is_renewed_before_another_title_is_sought() -> None:
    """Of two that would do, the one that was held yesterday, whichever the rule names first."""
    ended = (Certificate("specialised", date(2020, 1, 1), DAY - timedelta(days=1)),)
    found = near(holds("high_tech", "specialised"), certificates=ended)
    assert changes(found) == {"certificates": (*ended, Certificate("specialised", DAY, DAY))}
