"""What is worth asking: exactly the facts whose answers can still change a status."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import assume, given

from service.domain.advice.candidate_values import refining_values
from service.domain.advice.decisive_facts import decisive_facts
from service.domain.advice.questions import next_questions
from service.domain.evaluation.evaluator import (
    Finding,
    Match,
    Status,
    evaluate_condition,
    evaluate_programme,
)
from service.domain.facts.profile import Certificate, Profile, Subject, Value, hypothetical_subject
from service.domain.rules.conditions import Condition
from service.domain.rules.operators import InSet
from service.domain.rules.quantities import Ratio
from service.domain.truth import Truth
from tests.domain.advice.interviews import compare_orders
from tests.domain.bounds import at_least, less_than
from tests.domain.groups import any_of, every_of, not_, some_of
from tests.domain.predicates import among, ask, combined, holds, undecided
from tests.domain.programmes import matched, programme
from tests.domain.sample import DAY, PROJECT_KINDS, VOCABULARY, D, money, subject
from tests.domain.strategies import FAST, conditions, subjects
from tests.own import own_catalogue

IS_FIRM, LISTED, BIG = (
    among("kind", "enterprise"),
    among("listed", True),
    ask("employees", at_least(100)),
)
KIND, STAFF, LIST = "company.kind", "company.employees", "company.listed"
NOBODY = every_of(BIG, ask("employees", less_than(50)), LISTED)
# Trees with more sets of answers than this are left out of the exhaustive comparison.
MAX_SETS = 3_000


def decisive(condition: Condition, **facts: Value) -> set[str]:
    match = matched(condition, subject(facts))
    return set(decisive_facts(match, VOCABULARY, DAY))


@pytest.mark.parametrize(
    ("condition", "facts", "asked"),
    [
        (every_of(IS_FIRM, BIG), {}, {KIND, STAFF}),
        (every_of(IS_FIRM, BIG), {"kind": "enterprise"}, {STAFF}),
        (any_of(IS_FIRM, BIG), {}, {KIND, STAFF}),
        (some_of(2, IS_FIRM, BIG, LISTED), {"listed": True}, {KIND, STAFF}),
        (not_(any_of(IS_FIRM, undecided())), {}, {KIND}),
    ],
)
def test_facts_that_can_decide_are_asked(
    condition: Condition, facts: dict[str, Value], asked: set[str]
) -> None:
    """What is unknown and matters is asked; what is known is not."""
    assert decisive(condition, **facts) == asked


@pytest.mark.parametrize(
    ("condition", "facts", "asked"),
    [
        # beside a criterion nobody decides, "yes" changes nothing but "no" does
        (every_of(IS_FIRM, undecided()), {}, {KIND}),
        # neither answer gets past two criteria nobody decides
        (every_of(any_of(IS_FIRM, undecided()), undecided()), {}, set()),
        # a term without a definition cannot be denied, so only TRUE could come of it
        (every_of(holds("pioneer"), undecided()), {}, set()),
        (among("recognitions", "leader"), {}, {"company.recognitions"}),
        # at least two of three, two of them open for ever: one more is not enough alone
        (some_of(3, IS_FIRM, undecided(), undecided()), {}, {KIND}),
        (some_of(2, IS_FIRM, undecided(), undecided()), {}, set()),
        # one fact in two places: whatever the answer, one of them holds
        (any_of(BIG, ask("employees", less_than(100)), undecided()), {}, {STAFF}),
        (every_of(any_of(BIG, LISTED), any_of(BIG, not_(LISTED))), {"listed": True}, {STAFF}),
        # the listing no longer matters: both branches ask for the same
        (any_of(every_of(LISTED, BIG), every_of(not_(LISTED), BIG), undecided()), {},
         {LIST, STAFF}),
        # a branch that no answer can make true matters only where its being false decides
        (any_of(NOBODY, IS_FIRM), {}, {KIND, STAFF, LIST}),
        (any_of(NOBODY, undecided()), {}, set()),
        # a share of which one part is known hangs on the other
        (combined(Ratio, "rnd revenue", at_least(D("0.03"))), {"rnd": D(3)},
         {"company.revenue"}),
        # a stated zero is no answer to ask for again
        (combined(Ratio, "rnd revenue", at_least(D("0.03"))),
         {"rnd": D(3), "revenue": D(0)}, set()),
        # too coarse a place is asked more exactly; a certificate without dates for its dates
        (among("region", "310115"), {"region": "310000"}, {"company.region"}),
        (holds("high_tech"), {"certificates": (Certificate("high_tech"),)},
         {"company.certificates"}),
    ],
)  # fmt: skip
def test_facts_that_cannot_decide_are_not_asked(
    condition: Condition, facts: dict[str, Value], asked: set[str]
) -> None:
    """What is lost beside an open criterion, or decided otherwise, is not asked."""
    assert decisive(condition, **facts) == asked


def all_answers(
    condition: Condition, stated: Subject, names: list[str]
) -> Iterator[dict[str, Value]]:
    """Every set of answers to these facts, given or withheld, from all variants of each."""
    options: list[list[Value | None]] = []
    for name in names:
        fact = VOCABULARY.facts[name]
        options.append([None, *refining_values(fact, condition, stated, DAY)])
    total = 1
    for values in options:
        total *= len(values)
    assume(total <= MAX_SETS)
    for chosen in product(*options):
        yield {n: v for n, v in zip(names, chosen, strict=True) if v is not None}


@FAST
@given(conditions(VOCABULARY), subjects(VOCABULARY))
def test_exactly_the_facts_that_can_change_a_status_are_named(
    condition: Condition, stated: Subject
) -> None:
    """Against every set of answers: a fact that is not named never changes the status, and each
    one that is named does in some case."""
    combined_facts = any(
        len(leaf.missing) > 1 for leaf in _leaves(evaluate_condition(condition, stated, DAY))
    )
    assume(not combined_facts)  # a second part's variants hang on the first one's value
    match = matched(condition, stated)
    assume(match.finding.truth is Truth.UNKNOWN)
    names = sorted(set(match.missing))
    truths = {}
    for given_answers in all_answers(match.programme.condition, stated, names):
        key = frozenset(given_answers.items())
        answered = replace(stated, facts={**stated.facts, **given_answers})
        truths[key] = evaluate_condition(match.programme.condition, answered, DAY).truth
    changing = {
        name
        for key, truth in truths.items()
        for name, value in key
        if truths[key - {(name, value)}] is not truth
    }
    assert set(decisive_facts(match, VOCABULARY, DAY)) == changing


def test_more_exact_sets_that_bear_on_a_rule_alike_are_tried_once() -> None:
    """Somewhere in Shanghai: in Pudong, or elsewhere; both at once says no more than the first."""
    in_pudong = among("presence", "310115")
    stated = subject({"presence": frozenset({"310000"})})
    fact = VOCABULARY.facts["company.presence"]
    values = refining_values(fact, in_pudong, stated, DAY)
    decided = [in_pudong.operator.decide(value, DAY).truth for value in values]
    assert sorted(decided) == [Truth.FALSE, Truth.TRUE]


def _leaves(finding: Finding) -> list[Finding]:
    return [x for c in finding.children for x in _leaves(c)] if finding.children else [finding]


IS_PRODUCT = ask("project.kind", InSet(("product",), codes=PROJECT_KINDS))
AMOUNT = ask("project.contract_amount", at_least(100))


def hypothetical(*conditions: Condition, **company: Value) -> Match:
    """A programme for a product, matched for a company that has submitted no project."""
    facts = {f"company.{name}": value for name, value in company.items()}
    stated = hypothetical_subject(Profile(facts), ("product",))
    return evaluate_programme(
        programme("p", IS_PRODUCT, *conditions, supports=("product",)), stated, DAY
    )


def test_of_a_project_nobody_submitted_only_its_existence_is_asked() -> None:
    """Its amount is a question for when there is one; the company's own facts are asked."""
    asked = decisive_facts(hypothetical(AMOUNT, IS_FIRM), VOCABULARY, DAY)
    assert set(asked) == {"project.kind", KIND}


def test_a_project_said_not_to_exist_leaves_nothing_to_ask() -> None:
    """The company has none: decided."""
    match = hypothetical(AMOUNT, projects_absent=frozenset({"product"}))
    assert match.status is Status.INELIGIBLE
    assert next_questions([match], VOCABULARY, DAY) == ()


def test_questions_are_ranked_by_what_they_decide_then_by_money() -> None:
    """First the fact most matches wait for; of equals, the one with more yuan behind it."""
    stated = subject({})
    rules = {
        "a": ((IS_FIRM, BIG), money(cap=D(100))),
        "b": ((IS_FIRM, LISTED), money(cap=D(500))),
        "c": ((IS_FIRM,), money(cap=D(70))),
    }
    matches = [
        evaluate_programme(programme(name, *conditions, benefit=benefit), stated, DAY)
        for name, (conditions, benefit) in rules.items()
    ]
    asked = next_questions(matches, VOCABULARY, DAY)
    assert [(q.fact, q.decides, q.at_stake) for q in asked] == [
        (KIND, 3, D(70)), (STAFF, 1, D(0)), (LIST, 1, D(0)),
    ]  # fmt: skip
    assert [q.settles for q in asked] == [1, 0, 0], "only `c` waits for nothing else"


def test_what_is_lent_or_in_another_currency_is_not_at_stake() -> None:
    """Nobody gains what is paid back, and dollars do not add up with yuan."""
    benefits = [
        money(cap=D(70)), replace(money(cap=D(500)), repayable=True),
        replace(money(cap=D(900)), currency="USD"),
    ]  # fmt: skip
    matches = [
        evaluate_programme(programme(str(i), IS_FIRM, benefit=benefit), subject({}), DAY)
        for i, benefit in enumerate(benefits)
    ]
    [question] = next_questions(matches, VOCABULARY, DAY)
    assert (question.settles, question.at_stake) == (3, D(70))


def test_that_there_is_a_project_settles_nothing_where_more_is_asked_of_it() -> None:
    """Of a project that nobody has submitted only its existence is asked; a programme that goes by
    the amount waits for that as well."""
    stated = hypothetical_subject(Profile({"company.kind": "enterprise"}), ("product",))
    for rule, settled in (((IS_PRODUCT,), 1), ((IS_PRODUCT, AMOUNT), 0)):
        match = evaluate_programme(programme("p", *rule, supports=("product",)), stated, DAY)
        [question] = next_questions([match], VOCABULARY, DAY)
        assert (question.fact, question.decides, question.settles) == ("project.kind", 1, settled)


def test_decided_matches_are_not_asked_about() -> None:
    """Ineligible and potential matches have no question."""
    matches = [matched(IS_FIRM, subject({"kind": k})) for k in ("enterprise", "institute")]
    assert next_questions(matches, VOCABULARY, DAY) == ()


def test_question_about_a_project_names_the_projects() -> None:
    """The submitter learns which of the projects it is asked about."""
    stated = Subject("p1", {"project.kind": "product"}, {})
    match = evaluate_programme(
        programme("p", IS_PRODUCT, AMOUNT, supports=("product",)), stated, DAY
    )
    [question] = next_questions([match], VOCABULARY, DAY)
    assert (question.fact, question.subjects) == ("project.contract_amount", ("p1",))


def test_asking_by_rank_needs_fewer_questions_than_the_form() -> None:
    """On the project's own catalogue, for companies drawn at random; `scripts.bench_questions`
    measures it over a thousand."""
    ranks, forms = compare_orders(own_catalogue(), DAY, companies=3)
    assert sum(ranks) < 0.7 * sum(forms)
