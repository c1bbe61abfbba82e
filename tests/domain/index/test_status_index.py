"""The index: the reference evaluator's statuses, for every tree, value, project and day."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.advice.candidate_values import candidate_values
from service.domain.dates import Window
from service.domain.evaluation.evaluator import Status, evaluate
from service.domain.facts.profile import (
    NO_PROJECT,
    NOBODY,
    PROJECT_KIND,
    PROJECTS_ABSENT,
    Certificate,
    Profile,
    Project,
    Value,
)
from service.domain.facts.vocabulary import Fact, FactType, Owner, Vocabulary
from service.domain.index.status_index import StatusIndex, evaluate_readings
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Condition, Connective, Group, leaves
from service.domain.rules.conditions import Predicate as Question
from service.domain.rules.operators import Age, Quantifier, Range
from service.domain.rules.programmes import Commitment
from service.domain.rules.quantities import AsOf, Mean, Ratio, Sum, YearOf
from tests.domain.bounds import at_least, at_most, less_than, more_than, years
from tests.domain.groups import any_of, every_of, not_, some_of
from tests.domain.predicates import among, ask, combined, holds, undecided
from tests.domain.programmes import catalogue, programme
from tests.domain.sample import CLAUSE, DAY, VOCABULARY, D
from tests.domain.strategies import DAYS, FAST, conditions, facts
from tests.own import own_catalogue

ROOT = Path(__file__).resolve().parents[3]
COMPARISONS = 100_000
PROJECT_KINDS = ("product", "standard")
KINDS_SUPPORTED: tuple[tuple[str, ...], ...] = ((), ("product",), ("standard",), PROJECT_KINDS)
WINDOWS = st.builds(Window, st.none() | DAYS, st.none() | DAYS)
# Made once: a strategy made anew for every draw is looked at anew each time, and so is its source.
RULES, STATED = conditions(VOCABULARY), facts(VOCABULARY)


def answers(
    index: StatusIndex, whole: Catalogue, profile: Profile, as_of: date
) -> Iterator[tuple[str, str | None, Status]]:
    """Programme, submitted project and status, as the index says."""
    for reading in index.truths_of(profile, as_of):
        for status, chosen in index.by_status(reading, as_of).items():
            for p in index.programmes_in(chosen):
                yield p.id, reading.project.ref if reading.project else None, status


def assert_agreement(index: StatusIndex, whole: Catalogue, profile: Profile, as_of: date) -> int:
    """Compares every programme and subject; gives how many there were."""
    expected = {
        (m.programme.id, m.subject.ref, m.status) for m in evaluate(whole, profile, as_of).matches
    }
    found = list(answers(index, whole, profile, as_of))
    assert set(found) == expected, (profile, as_of)
    assert len(found) == len(expected)
    return len(found)


@st.composite
def catalogues(draw: st.DrawFn, fewest: int = 1, most: int = 6) -> Catalogue:
    """Random rules for companies and projects, in force at different times."""
    rules = draw(st.lists(RULES, min_size=fewest, max_size=most))
    return catalogue(
        *(
            programme(
                f"p{i}",
                rule,
                supports=draw(st.sampled_from(KINDS_SUPPORTED)),
                window=draw(WINDOWS),
                commitment=draw(st.sampled_from(Commitment)),
            )
            for i, rule in enumerate(rules)
        )
    )


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    """Random facts, projects of several kinds, and kinds said not to be there."""
    stated = draw(STATED)
    company = {k: v for k, v in stated.items() if k.startswith("company.")}
    contested = draw(st.booleans())
    held = company.get("company.certificates", ())
    if contested and isinstance(held, tuple):
        company["company.certificates"] = tuple(
            Certificate(c.category, c.issued_on, c.expires_on, None, True)
            for c in held
            if isinstance(c, Certificate)
        )
    if draw(st.booleans()):
        company[PROJECTS_ABSENT] = draw(st.frozensets(st.sampled_from(PROJECT_KINDS)))
    projects = []
    for i, kind in enumerate(
        draw(st.lists(st.sampled_from((*PROJECT_KINDS, "other")), max_size=3))
    ):
        known = {k: v for k, v in draw(STATED).items() if k.startswith("project.")}
        projects.append(Project(f"r{i}", kind, {**known, PROJECT_KIND: kind}))
    return Profile(company, tuple(projects))


def test_random_rules_and_profiles_are_read_as_the_evaluator_reads_them() -> None:
    """Every gate, operator and combination; unknown, coarse, undefined and contested values."""

    @given(catalogues(), st.lists(profiles(), min_size=1, max_size=4), DAYS)
    @settings(FAST, max_examples=15)
    def agree(whole: Catalogue, submitted: list[Profile], as_of: date) -> None:
        index = StatusIndex(whole)
        for profile in submitted:
            assert_agreement(index, whole, profile, as_of)

    agree()


@pytest.mark.deep
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
def test_a_hundred_thousand_random_comparisons_agree() -> None:
    """The same with more rules at a time: a hundred thousand comparisons and more."""
    compared = 0

    @given(
        catalogues(8, 12),
        st.lists(profiles(), min_size=8, max_size=10),
        st.lists(DAYS, min_size=3, max_size=3, unique=True),
    )
    @settings(FAST, max_examples=100, derandomize=False)
    def agree(whole: Catalogue, submitted: list[Profile], days: list[date]) -> None:
        nonlocal compared
        index = StatusIndex(whole)
        for profile in submitted:
            compared += sum(assert_agreement(index, whole, profile, day) for day in days)

    while compared < COMPARISONS:
        agree()


@pytest.fixture(scope="module")
def real() -> tuple[Catalogue, StatusIndex]:
    whole = own_catalogue()
    return whole, StatusIndex(whole)


def test_the_real_catalogue_is_read_as_the_evaluator_reads_it(
    real: tuple[Catalogue, StatusIndex],
) -> None:
    """Profiles that stand on the edges of the rules, and random ones."""
    compare_many(*real, comparisons=2_000)


@pytest.mark.deep
def test_a_hundred_thousand_comparisons_on_the_real_catalogue_agree(
    real: tuple[Catalogue, StatusIndex],
) -> None:
    compare_many(*real, comparisons=COMPARISONS)


def compare_many(whole: Catalogue, index: StatusIndex, comparisons: int) -> None:
    random = Random(5)
    days = edges(whole)
    compared = 0
    while compared < comparisons:
        as_of = random.choice(days)
        profile = likely_profile(random, whole, as_of)
        compared += assert_agreement(index, whole, profile, as_of)


def edges(whole: Catalogue) -> list[date]:
    """The first and last days of programmes and their neighbours, and this day."""
    ends = {e for p in whole.programmes.values() for e in (p.window.start, p.window.end) if e}
    return sorted({DAY} | {end + timedelta(days=k) for end in ends for k in (-1, 0, 1)})


def likely_profile(random: Random, whole: Catalogue, as_of: date) -> Profile:
    """Values on the edges of one programme's rule or another's, with gaps."""
    words, rules = whole.vocabulary, list(whole.programmes.values())
    company: dict[str, Value] = {}
    for fact in words.company:
        if random.random() < 0.6:
            company.update(drawn(random, fact, words, random.choice(rules).condition, as_of))
    kinds = sorted({kind for p in rules for kind in p.supports})
    if random.random() < 0.4:
        company[PROJECTS_ABSENT] = frozenset(random.sample(kinds, random.randrange(len(kinds))))
    projects = []
    for i in range(random.choice((0, 0, 1, 3))):
        kind = random.choice(kinds)
        known: dict[str, Value] = {}
        for fact in words.project:
            if random.random() < 0.6:
                known.update(drawn(random, fact, words, random.choice(rules).condition, as_of))
        projects.append(Project(f"r{i}", kind, {**known, PROJECT_KIND: kind}))
    return Profile(company, tuple(projects))


def drawn(
    random: Random, fact: Fact, words: Vocabulary, rule: Condition, as_of: date
) -> dict[str, Value]:
    """The fact with a value that matters to some rule, or any; nothing where none is at hand."""
    edge = candidate_values(fact, rule, NOBODY, as_of)
    if edge and random.random() < 0.7:
        return {fact.id: random.choice(edge)}
    codes = words.codes_of(fact)
    listed = sorted(codes.codes) if codes else ["x"]
    day = as_of - timedelta(days=random.randrange(4000))
    value: dict[FactType, Value] = {
        FactType.BOOLEAN: random.random() < 0.5,
        FactType.INTEGER: random.randrange(3000),
        FactType.NUMBER: Decimal(random.randrange(10_000)) / 100,
        FactType.MONEY: Decimal(random.randrange(10**12)) / 100,
        FactType.DATE: day,
        FactType.CODE: random.choice(listed),
        FactType.CODES: frozenset(random.choices(listed, k=random.randrange(4))),
        FactType.CERTIFICATES: tuple(
            Certificate(
                random.choice(listed),
                random.choice((None, day)),
                random.choice((None, as_of, day, as_of + timedelta(days=9))),
                None,
                random.random() < 0.2,
                random.random() < 0.1,
            )
            for _ in range(random.randrange(4))
        ),
    }
    return {fact.id: value[fact.type]} if fact.type in value else {}


def statuses(condition: Condition, profile: Profile, as_of: date = DAY) -> Status:
    """The one status of a one-programme catalogue, on which both readings agree."""
    whole = catalogue(programme("p", condition))
    index = StatusIndex(whole)
    assert_agreement(index, whole, profile, as_of)
    return next(
        s
        for s, n in evaluate_readings(
            index, whole, profile, index.truths_of(profile, as_of), as_of, ()
        ).summary.items()
        if n
    )


def company(**facts_: Value) -> Profile:
    return Profile({f"company.{name}": value for name, value in facts_.items()})


POTENTIAL, OPEN, OUT = Status.POTENTIAL, Status.UNDETERMINED, Status.INELIGIBLE


@pytest.mark.parametrize(
    ("rule", "stated", "status"),
    [
        (among("region", "310000"), {"region": "310115"}, POTENTIAL),
        (among("region", "310000"), {}, OPEN),
        (among("region", "310115"), {"region": "310000"}, OPEN),
        (among("region", "310115"), {"region": "310119"}, POTENTIAL),
        (not_(among("region", "310000")), {"region": "310115"}, OUT),
        (not_(among("region", "310115")), {"region": "310000"}, OPEN),
        (among("fields", "future_health"), {"fields": frozenset({"future_information"})}, OPEN),
        (
            among("fields", "robots", umbrella="future_health"),
            {"fields": frozenset({"gene_therapy"})}, OPEN,
        ),
        (
            among("fields", "robots", umbrella="future_health"),
            {"fields": frozenset({"quantum"})}, OUT,
        ),
        (
            among("fields", "robots", "quantum", need=Quantifier.ALL),
            {"fields": frozenset({"robots"})}, OUT,
        ),
        (
            not_(among("fields", "robots", "quantum", need=Quantifier.ALL)),
            {"fields": frozenset({"robots", "quantum"})}, OUT,
        ),
        (among("recognitions", "leader"), {"recognitions": frozenset()}, OPEN),
        (not_(among("recognitions", "leader")), {"recognitions": frozenset()}, OPEN),
        (holds("high_tech"), {"certificates": (Certificate("high_tech"),)}, OPEN),
        (holds("high_tech"), {"certificates": (Certificate("high_tech", DAY, DAY),)}, POTENTIAL),
        (
            holds("high_tech"),
            {"certificates": (Certificate("high_tech", DAY, DAY, None, True),)}, OPEN,
        ),
        (
            holds("high_tech"),
            {"certificates": (Certificate("high_tech", DAY, DAY, unsure=True),)}, OPEN,
        ),
        (
            holds("high_tech"),
            {"certificates": (Certificate("high_tech", None, DAY - timedelta(days=1)),)}, OUT,
        ),
        (holds("pioneer"), {"certificates": ()}, OPEN),
        (not_(holds("high_tech")), {"certificates": ()}, POTENTIAL),
        (ask("employees", at_least(5)), {"employees": 5}, POTENTIAL),
        (ask("employees", more_than(5)), {"employees": 5}, OUT),
        (not_(ask("employees", more_than(5))), {"employees": 5}, POTENTIAL),
        (
            every_of(ask("employees", at_least(5)), ask("employees", less_than(9))),
            {"employees": 9}, OUT,
        ),
        (ask("founded_on", years(at_most(60))), {"founded_on": date(2021, 11, 22)}, POTENTIAL),
        (ask("founded_on", years(at_most(60))), {"founded_on": date(2021, 11, 21)}, OUT),
        (ask("founded_on", years(at_most(60))), {"founded_on": date(2026, 11, 23)}, OUT),
        (not_(ask("founded_on", years(at_most(60)))), {"founded_on": date(2027, 1, 1)}, POTENTIAL),
        (
            combined(Ratio, "rnd revenue", at_least(Fraction(3, 100))),
            {"rnd": D(3), "revenue": D(100)}, POTENTIAL,
        ),
        (
            combined(Ratio, "rnd revenue", more_than(Fraction(3, 100))),
            {"rnd": D(3), "revenue": D(100)}, OUT,
        ),
        (
            combined(Ratio, "rnd revenue", at_least(Fraction(3, 100))),
            {"rnd": D(3), "revenue": D(0)}, OPEN,
        ),
        (
            combined(Sum, "rnd revenue", at_least(0)),
            {"rnd": D(0), "revenue": D(0)}, POTENTIAL,
        ),
        (
            combined(Mean, "rnd revenue", less_than(0)),
            {"rnd": D(0), "revenue": D(0)}, OUT,
        ),
        (
            combined(Sum, "rnd revenue", at_most(D("1e30"))),
            {"rnd": D("1e30"), "revenue": D("0.01")}, OUT,
        ),
        (undecided(), {}, OPEN),
        (any_of(undecided(), among("listed", True)), {"listed": True}, POTENTIAL),
        (
            some_of(2, *(among("listed", v) for v in (True, True, False))),
            {"listed": True}, POTENTIAL,
        ),
        (
            not_(some_of(2, *(among("listed", v) for v in (True, True, False)))),
            {"listed": True}, OUT,
        ),
        (not_(not_(among("first_year", 2024, 2025))), {"first_year": 2023}, OUT),
    ],
)  # fmt: skip
def test_each_operator_alone(rule: Condition, stated: dict[str, Value], status: Status) -> None:
    """One rule, one value: the plain cases that the random ones are made of."""
    assert statuses(rule, company(**stated)) is status


@pytest.mark.parametrize("bound", [D("0.1"), D(7), D("123456789012345678.9")])
@pytest.mark.parametrize("nearer", [D(0), D("1e-30"), D("-1e-30"), D("1e400"), D("-1e400")])
def test_a_number_no_float_tells_from_a_bound_is_compared_exactly(
    bound: Decimal, nearer: Decimal
) -> None:
    """Two bounds are one float: what is stated is one of them, lies between, or beyond all."""
    with localcontext(prec=900):
        stated, above = bound + nearer, bound + D("2e-30")
    ends = [at_least(bound), more_than(bound), at_most(above), less_than(above)]
    asked = [programme(f"p{n}", ask("revenue", end)) for n, end in enumerate(ends)]
    whole = catalogue(*asked)
    profile = Profile({"company.revenue": stated})
    assert assert_agreement(StatusIndex(whole), whole, profile, DAY) == len(ends)


def test_february_29_completes_its_years_on_february_28() -> None:
    """An age is looked up as it is counted: to the day, with short months."""
    rule = ask("founded_on", Age(Range(low=12)))
    leap = company(founded_on=date(2024, 2, 29))
    assert statuses(rule, leap, date(2026, 2, 27)) is POTENTIAL
    whole = catalogue(programme("p", rule, window=Window()))
    for day in (date(2025, 2, 27), date(2025, 2, 28), date(2025, 3, 1)):
        assert_agreement(StatusIndex(whole), whole, leap, day)


def test_a_number_of_the_day_alone_is_looked_up_for_each_day() -> None:
    """What is made of no fact that is stated is kept, but by the day."""
    rule = Question(YearOf(AsOf()), at_least(2027), CLAUSE)
    whole = catalogue(programme("p", rule, window=Window()))
    index, silent = StatusIndex(whole), Profile({})
    days = {date(2026, 12, 31): OUT, date(2027, 1, 1): POTENTIAL}
    for day, status in days.items():
        assert_agreement(index, whole, silent, day)
        assert [s for _, _, s in answers(index, whole, silent, day)] == [status]


def test_a_denied_kind_of_project_is_asked_as_none() -> None:
    """Whoever has no project of a kind fails the rules that ask for one, and those alone."""
    kind = among(PROJECT_KIND, "product")
    whole = catalogue(
        programme("asks", kind, supports=("product",)),
        programme("silent", among("listed", True), supports=("product",)),
        programme("other", among(PROJECT_KIND, "standard"), supports=("standard",)),
    )
    profile = Profile({PROJECTS_ABSENT: frozenset({"product"}), "company.listed": True})
    found = {name: status for name, _, status in answers(StatusIndex(whole), whole, profile, DAY)}
    assert found == {"asks": OUT, "silent": POTENTIAL, "other": OPEN}
    assert_agreement(StatusIndex(whole), whole, profile, DAY)
    assert NO_PROJECT not in PROJECT_KINDS


def test_each_project_is_read_with_its_own_facts() -> None:
    """Two projects of one kind get an answer each; the company is not asked in their place."""
    rule = ask("project.contract_amount", at_least(D(10)))
    whole = catalogue(programme("p", rule, supports=("product",)))
    projects = tuple(
        Project(ref, "product", {PROJECT_KIND: "product", "project.contract_amount": D(n)})
        for ref, n in (("small", 1), ("large", 10))
    )
    found = {ref: s for _, ref, s in answers(StatusIndex(whole), whole, Profile({}, projects), DAY)}
    assert found == {"small": OUT, "large": POTENTIAL}


def test_the_survey_counts_all_and_shows_what_is_wanted() -> None:
    """Its matches are the evaluator's own, in the evaluator's order."""
    whole = catalogue(
        *(programme(f"p{n}", ask("employees", at_least(n))) for n in range(5)),
        programme("q", among("listed", True)),
    )
    index, profile = StatusIndex(whole), company(employees=2)
    full = evaluate(whole, profile, DAY)
    part = evaluate_readings(
        index, whole, profile, index.truths_of(profile, DAY), DAY, {POTENTIAL, OPEN}
    )
    assert part.summary == full.summary
    assert part.matches == tuple(m for m in full.matches if m.status in {POTENTIAL, OPEN})


def test_an_empty_catalogue_has_no_answers() -> None:
    whole = catalogue()
    assert list(answers(StatusIndex(whole), whole, company(employees=1), DAY)) == []


@pytest.mark.parametrize("gate", [Connective.ALL, Connective.ANY])
def test_a_group_of_nothing(gate: Connective) -> None:
    """All of nothing holds, any of nothing does not, under a negation too."""
    empty = Group(gate, (), CLAUSE)
    assert statuses(empty, company()) is (POTENTIAL if gate is Connective.ALL else OUT)
    assert statuses(not_(empty), company()) is (OUT if gate is Connective.ALL else POTENTIAL)


def test_the_real_catalogue_uses_every_kind_of_operator(
    real: tuple[Catalogue, StatusIndex],
) -> None:
    """So that the comparison above speaks for what it is meant to."""
    tests = [
        leaf
        for p in real[0].programmes.values()
        for leaf in leaves(p.condition)
        if isinstance(leaf, Question)
    ]
    assert {type(t.operator).__name__ for t in tests} >= {"InSet", "HoldsCertificate", "Range"}
    owners = {real[0].vocabulary.facts[f].owner for t in tests for f in t.quantity.facts}
    assert owners == set(Owner)


@settings(FAST, max_examples=25)
@given(catalogues(), facts(VOCABULARY), DAYS)
def test_a_sole_obstacle_is_what_without_it_would_not_fail(
    whole: Catalogue, stated: dict[str, Value], as_of: date
) -> None:
    """A fact stands in the way alone where the rule fails, and does not once it is not stated."""
    index = StatusIndex(whole)
    (reading,) = index.truths_of(Profile(stated), as_of)
    failing = index.by_status(reading, as_of)[Status.INELIGIBLE]
    derived = {fact for combined in index.combined for fact in combined.facts}
    alone = {
        about: {p.id for p in index.programmes_in(held)}
        for about, held in index.sole_obstacles(stated, reading.lanes, as_of, failing)
    }
    for fact in stated.keys() & index.columns.keys() - derived:
        without = Profile({f: v for f, v in stated.items() if f != fact})
        (reading,) = index.truths_of(without, as_of)
        met = {p.id for p in index.programmes_in(failing & reading.possible)}
        assert alone.get((fact,), set()) == met, fact
