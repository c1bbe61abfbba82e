"""What all projects of a company come to, whatever is stated of them: the reference contains every
way in which the rest may turn out, and the index, SQL and the formula say the same."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

import duckdb
import z3
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.bulk.sql import SqlTranslator
from service.domain.advice.near_miss import near_miss
from service.domain.evaluation.evaluator import Status, evaluate_programme
from service.domain.facts.profile import Profile, Subject, company_subject
from service.domain.index.truth_index import TruthIndex
from service.domain.rules.conditions import Clause, Predicate
from service.domain.rules.intervals import interval_of, truth_of
from service.domain.rules.operators import Range
from service.domain.rules.quantities import ZERO, Branch, Cases, FactQuantity, ProjectTotal
from service.domain.truth import Truth
from service.proof.formula import Translator
from service.proof.prover import truth_in
from service.proof.space import Space
from service.usecases.authoring.boundaries import boundary_rows
from tests.bulk.companies import table
from tests.conformance.test_readings import compiled
from tests.domain.sample import DAY
from tests.domain.strategies import FAST

KINDS = ("work", "show")
COST = FactQuantity("project.cost", Fraction(0))
CLAUSE = Clause("doc", 1)
LARGE = Predicate(COST, Range(Fraction(3)), CLAUSE)
WORTHS = (COST, Cases((Branch(LARGE, COST),), ZERO))
TOTALS = st.builds(
    ProjectTotal,
    st.just("company.projects"),
    st.just("company.projects_absent"),
    st.sampled_from([("work",), ("show",), KINDS]),
    st.sampled_from(WORTHS),
    st.sampled_from([None, 1, 2]),
)
STATED = st.lists(st.tuples(st.sampled_from(KINDS), st.none() | st.integers(0, 6)), max_size=2)
ABSENT = st.none() | st.frozensets(st.sampled_from(KINDS))


def profile_of(stated: list[tuple[str, int | None]], absent: frozenset[str] | None) -> Profile:
    """As a request has it."""
    projects = [
        {"ref": str(n), "kind": kind, **({} if cost is None else {"cost": str(cost)})}
        for n, (kind, cost) in enumerate(stated)
    ]
    company: dict[str, Any] = {} if absent is None else {"projects_absent": sorted(absent)}
    raw: dict[str, Any] = {"company": company, "projects": projects}
    return compiled().reader.read(raw, "")[0]


def completions(
    stated: list[tuple[str, int | None]], absent: frozenset[str] | None
) -> Iterator[list[tuple[str, int]]]:
    """Every cost that is open small or large; of kinds of which nothing is said none or one."""
    said = {kind for kind, _ in stated} | (absent or frozenset())
    costs = [[cost] if cost is not None else [0, 2, 3, 9] for _, cost in stated]
    others = [[None, 9] for kind in KINDS if kind not in said]
    open_kinds = [kind for kind in KINDS if kind not in said]
    for chosen in product(*costs, *others):
        listed = [(kind, c) for (kind, _), c in zip(stated, chosen, strict=False)]
        more = zip(open_kinds, chosen[len(stated) :], strict=True)
        yield [(k, c) for k, c in (*listed, *more) if c is not None]


def worth(total: ProjectTotal, projects: list[tuple[str, int]]) -> int:
    """What projects come to, said once more in a few words."""
    least = 0 if total.worth == COST else 3
    counted = [c for kind, c in projects if kind in total.kinds and c >= least]
    return sum(sorted(counted, reverse=True)[: total.best])


@FAST
@given(total=TOTALS, stated=STATED, absent=ABSENT)
def test_whatever_is_not_stated_lies_within(
    total: ProjectTotal, stated: list[tuple[str, int | None]], absent: frozenset[str] | None
) -> None:
    """Of every completion; where nothing is open it is the number itself, and the low end is
    reached."""
    subject = company_subject(profile_of(stated, absent))
    found = interval_of(total, subject, DAY)
    values = [worth(total, whole) for whole in completions(stated, absent)]
    assert all(found.low <= value <= found.high for value in values)
    assert found.low == min(values)
    assert found.point is None or {found.point} == set(values)


@settings(FAST, max_examples=12)
@example(
    total=ProjectTotal("company.projects", "company.projects_absent", ("work",), COST, 1),
    stated=[("work", None)],
    absent=None,
    bound=1,
)
@given(total=TOTALS, stated=STATED, absent=ABSENT, bound=st.integers(0, 7))
def test_every_reading_says_the_same(
    total: ProjectTotal,
    stated: list[tuple[str, int | None]],
    absent: frozenset[str] | None,
    bound: int,
) -> None:
    """The index and the formula of any projects, SQL of the one that a row has."""
    test = Predicate(total, Range(Fraction(bound)), CLAUSE)
    profile = profile_of(stated, absent)
    subject = company_subject(profile)
    truth = truth_of(test, subject, DAY)
    assert index_truth(test, subject) is truth
    assert formula_truth(test, subject) is truth
    if len(stated) < 2:
        assert sql_truth(test, profile) is truth


def index_truth(test: Predicate, subject: Subject) -> Truth:
    possible, true = TruthIndex({"p": test}).masks(subject.facts, DAY)
    return Truth.TRUE if true else Truth.UNKNOWN if possible else Truth.FALSE


def formula_truth(test: Predicate, subject: Subject) -> Truth:
    space = Space(compiled().catalogue.vocabulary, [test])
    node = Translator(space, DAY).node(test)
    solver = z3.Solver()
    solver.add(*space.as_stated(subject, test.quantity.facts_needed, DAY))
    assert solver.check() == z3.sat
    return truth_in(solver.model(), node)


def sql_truth(test: Predicate, profile: Profile) -> Truth:
    row = dict(profile.company)
    for project in profile.projects:
        row.update(project.facts)
    given = table(compiled().catalogue, [row])
    columns = frozenset(given.schema.names)
    translator = SqlTranslator(compiled().catalogue.vocabulary, DAY, columns)
    with duckdb.connect() as connection:
        connection.register("companies", given)
        query = f"SELECT {translator._condition(test, ())} FROM companies"
        (found,) = connection.execute(query).fetchall()[0]
    return {None: Truth.UNKNOWN, True: Truth.TRUE, False: Truth.FALSE}[found]


def test_the_values_worth_trying_are_told_in_words() -> None:
    """Projects that come to both sides of a bound, with what they cost."""
    programme = compiled().catalogue.programmes["works-in-sum"]
    rows = [row for row in boundary_rows(compiled(), programme) if row.fact == "company.projects"]
    told = {row.words.en: row.match.status.value for row in rows}
    assert told["work (cost: EUR 500,000)"] == "undetermined"  # the kind of applicant is open
    assert told["work (cost: EUR 1)"] == "ineligible"


def test_a_total_that_is_not_reached_stands_in_the_way() -> None:
    """That there are no projects of a kind brings nobody nearer to it: it was taken for a way."""
    catalogue = compiled().catalogue
    programme = catalogue.programmes["works-in-sum"]
    subject = company_subject(profile_of([("work", 1)], None))
    match = evaluate_programme(programme, subject, DAY)
    assert match.status is Status.INELIGIBLE
    near = near_miss(match, catalogue.vocabulary, DAY)
    assert near is not None
    blocking = (f.condition for f in near.blocked_by)
    assert ProjectTotal in [type(c.quantity) for c in blocking if isinstance(c, Predicate)]
    assert near.changes == ()
