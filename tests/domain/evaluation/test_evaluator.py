"""From a profile to matches: subjects, statuses, missing facts, and the order of reading."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest

from service.domain.dates import Window
from service.domain.evaluation.evaluator import (
    Evaluation,
    Match,
    Status,
    evaluate,
    evaluate_programme,
    status_of,
    subjects,
)
from service.domain.facts.profile import Profile, Project, Provenance, Value, company_subject
from service.domain.rules.amounts import Benefit
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Condition, Group
from service.domain.rules.measures import Evidence
from service.domain.rules.programmes import Commitment, Programme
from service.domain.text import Text
from service.domain.truth import Truth
from tests.domain.bounds import at_least
from tests.domain.groups import any_of, every_of
from tests.domain.predicates import among, ask, undecided
from tests.domain.sample import DAY, VOCABULARY, money

FIRST, LAST = date(2025, 9, 26), date(2030, 9, 25)
ENTERPRISE = among("kind", "enterprise")
STAFF = ask("employees", at_least(100))
PRODUCT = among("project.kind", "product")
CONTRACT = ask("project.contract_amount", at_least(1))
COMPANY: Mapping[str, Value] = {"company.kind": "enterprise", "company.employees": 100}


def programme(
    name: str,
    condition: Condition = ENTERPRISE,
    commitment: Commitment = Commitment.FUNDING,
    supports: tuple[str, ...] = (),
    benefit: Benefit | None = None,
) -> Programme:
    text = Text(name, name)
    whole = condition if isinstance(condition, Group) else every_of(condition)
    return Programme(
        id=name, name=text, summary=text, measure="doc", article=3, instrument="subsidy",
        commitment=commitment, jurisdiction="310000", evidence=Evidence.OFFICIAL,
        window=Window(FIRST, LAST), condition=whole, decided_by=text, departments=(),
        kinds=("enterprise",), fields=(), benefit=benefit,
        supports=supports,
    )  # fmt: skip


def run(profile: Profile, *programmes: Programme, as_of: date = DAY) -> Evaluation:
    catalogue = Catalogue("v1", VOCABULARY, {}, {p.id: p for p in programmes})
    return evaluate(catalogue, profile, as_of)


def the_match(condition: Condition, company: Mapping[str, Value]) -> Match:
    return evaluate_programme(programme("p", condition), company_subject(Profile(company)), DAY)


def a_project(ref: str, kind: str = "product", **more: Value) -> Project:
    return Project(
        ref, kind, {"project.kind": kind, **{f"project.{k}": v for k, v in more.items()}}
    )


HELD = {
    Commitment.ENTITLEMENT: Status.ELIGIBLE,
    Commitment.FUNDING: Status.POTENTIAL,
    Commitment.SUPPORT: Status.POTENTIAL,
    Commitment.FACILITATION: Status.POTENTIAL,
    Commitment.PLANNED: Status.WATCH,
}


@pytest.mark.parametrize("commitment", Commitment)
@pytest.mark.parametrize("day", [FIRST, DAY, LAST])
def test_status_while_in_force(commitment: Commitment, day: date) -> None:
    """Both end days are in force. Only an entitlement whose conditions hold makes eligible."""
    rule = programme("p", commitment=commitment)
    assert status_of(rule, Truth.TRUE, day) is HELD[commitment]
    assert status_of(rule, Truth.UNKNOWN, day) is Status.UNDETERMINED
    assert status_of(rule, Truth.FALSE, day) is Status.INELIGIBLE


@pytest.mark.parametrize(("commitment", "truth"), [*product(Commitment, Truth)])
@pytest.mark.parametrize("day", [FIRST - timedelta(1), LAST + timedelta(1)])
def test_status_outside_the_window(commitment: Commitment, truth: Truth, day: date) -> None:
    """The day before the first and the day after the last it is not in force for anybody."""
    assert status_of(programme("p", commitment=commitment), truth, day) is Status.NOT_IN_FORCE


@pytest.mark.parametrize(
    ("company", "truth", "status"),
    [
        (COMPANY, Truth.TRUE, Status.POTENTIAL),
        ({"company.kind": "enterprise"}, Truth.UNKNOWN, Status.UNDETERMINED),
        ({"company.kind": "individual"}, Truth.FALSE, Status.INELIGIBLE),
        ({}, Truth.UNKNOWN, Status.UNDETERMINED),
    ],
)
def test_a_match_carries_its_finding(
    company: Mapping[str, Value], truth: Truth, status: Status
) -> None:
    match = the_match(every_of(ENTERPRISE, STAFF), company)
    assert (match.finding.truth, match.status) == (truth, status)
    assert [f.condition for f in match.finding.children] == [ENTERPRISE, STAFF]


def test_nobody_is_refused_for_silence() -> None:
    """An empty profile is undetermined everywhere, never ineligible."""
    rules = (programme("a"), programme("b", every_of(PRODUCT, STAFF), supports=("product",)))
    assert {m.status for m in run(Profile(), *rules).matches} == {Status.UNDETERMINED}


def test_missing_facts_are_listed_in_the_order_of_the_tree() -> None:
    """Each once, where the tree first asks it, and none that no longer matters."""
    revenue = ask("revenue", at_least(1))
    tree = every_of(STAFF, any_of(revenue, ENTERPRISE), STAFF)
    wanted = ("company.employees", "company.revenue", "company.kind")
    assert the_match(tree, {}).missing == wanted
    assert the_match(tree, {"company.kind": "enterprise"}).missing == ("company.employees",)


def test_nothing_is_missing_once_the_status_is_settled() -> None:
    """Refused on one ground, or out of force: no further question could change the answer."""
    refused = the_match(every_of(STAFF, ENTERPRISE), {"company.kind": "individual"})
    assert (refused.status, refused.missing) == (Status.INELIGIBLE, ())
    late = evaluate_programme(programme("p"), company_subject(Profile()), LAST + timedelta(1))
    assert (late.status, late.missing) == (Status.NOT_IN_FORCE, ())


def test_what_nobody_can_answer_is_not_asked() -> None:
    """A criterion that an authority judges leaves it undetermined with nothing missing."""
    match = the_match(every_of(ENTERPRISE, undecided()), COMPANY)
    assert (match.status, match.missing) == (Status.UNDETERMINED, ())


def test_a_programme_for_the_company_is_evaluated_once() -> None:
    """However many projects there are."""
    profile = Profile(COMPANY, (a_project("a"), a_project("b")))
    (match,) = run(profile, programme("p")).matches
    assert (match.subject.ref, match.subject.hypothetical) == (None, False)


def test_ten_projects_make_ten_matches() -> None:
    """Each with its own facts, and only those of the kind the programme supports."""
    refs = [f"p{n}" for n in range(10)]
    projects = [a_project(ref, contract_amount=Decimal(n)) for n, ref in enumerate(refs)]
    profile = Profile(COMPANY, (*projects, a_project("s", "standard")))
    rule = programme("p", every_of(PRODUCT, CONTRACT), supports=("product",))
    matches = run(profile, rule).matches
    assert sorted(str(m.subject.ref) for m in matches) == refs
    assert {m.subject.ref for m in matches if m.status is Status.INELIGIBLE} == {"p0"}
    assert {m.subject.get("project.contract_amount") for m in matches} == {*map(Decimal, range(10))}


@pytest.mark.parametrize("projects", [(), (a_project("s", "standard"),)])
def test_without_such_a_project_there_is_a_hypothetical_one(projects: tuple[Project, ...]) -> None:
    """Whether there is one, and all about it, is unknown; another kind's facts do not leak in."""
    rule = programme("p", every_of(ENTERPRISE, PRODUCT, CONTRACT), supports=("product",))
    (match,) = run(Profile(COMPANY, projects), rule).matches
    assert match.subject.hypothetical
    assert match.status is Status.UNDETERMINED
    assert match.missing == ("project.kind", "project.contract_amount")


def test_a_project_never_hides_that_the_company_does_not_fit() -> None:
    """Without a project the company's own facts can already rule it out."""
    rule = programme("p", every_of(PRODUCT, ENTERPRISE), supports=("product",))
    (match,) = run(Profile({"company.kind": "individual"}), rule).matches
    assert match.status is Status.INELIGIBLE


def test_provenance_follows_the_facts_to_the_subject() -> None:
    """A project's marks are its own; of several facts the weakest mark counts."""
    profile = Profile(
        COMPANY, (a_project("x", contract_amount=Decimal(1)), a_project("y")),
        {
            "company.kind": Provenance.VERIFIED,
            "projects.x.contract_amount": Provenance.DERIVED,
            "projects.y.kind": Provenance.VERIFIED,
        },
    )  # fmt: skip
    x, y = subjects(programme("p", supports=("product",)), profile)
    amount, kind, staff = "project.contract_amount", "company.kind", "company.employees"
    assert x.provenance_of((kind,)) is Provenance.VERIFIED
    assert x.provenance_of((staff,)) is Provenance.DECLARED
    assert x.provenance_of((kind, staff)) is Provenance.DECLARED
    assert x.provenance_of((kind, amount)) is Provenance.DERIVED
    assert y.provenance_of((amount,)) is None
    assert y.provenance_of(("project.kind",)) is Provenance.VERIFIED
    assert x.provenance_of(("project.kind",)) is Provenance.DECLARED


def test_the_summary_names_every_status() -> None:
    """Also those that nobody has, with zero."""
    summary = run(Profile(COMPANY), programme("a"), programme("b")).summary
    assert summary == {**dict.fromkeys(Status, 0), Status.POTENTIAL: 2}
    assert list(summary) == list(Status)


def test_a_ceiling_is_there_only_where_the_text_names_money() -> None:
    """A programme without a benefit has no ceiling; that is not a ceiling of zero."""
    funded = evaluate_programme(
        programme("p", benefit=money(Decimal(5))), company_subject(Profile(COMPANY)), DAY
    )
    assert funded.ceiling is not None
    assert funded.ceiling.amount == Decimal("5.00")
    assert the_match(ENTERPRISE, COMPANY).ceiling is None


def test_matches_are_listed_by_status() -> None:
    """Best first: eligible, potential, undetermined, watch, ineligible, not in force."""
    ended = replace(programme("a6"), window=Window(None, DAY - timedelta(1)))
    rules = (
        ended,
        programme("a5", among("kind", "individual")),
        programme("a4", commitment=Commitment.PLANNED),
        programme("a3", ask("revenue", at_least(1))),
        programme("a2"),
        programme("a1", commitment=Commitment.ENTITLEMENT),
    )
    matches = run(Profile(COMPANY), *rules).matches
    assert [m.status for m in matches] == list(Status)


def test_promising_matches_are_listed_by_what_they_can_bring() -> None:
    """The greatest ceiling first, what has none last, equals by name."""
    rules = (
        programme("none-b"),
        programme("none-a"),
        programme("small", benefit=money(Decimal(5))),
        programme("great", benefit=money(Decimal(500))),
        programme(
            "up-to-50",
            benefit=money(Decimal(50), Decimal("0.3"), Decimal("0.3"), "company.revenue"),
        ),
    )
    order = [m.programme.id for m in run(Profile(COMPANY), *rules).matches]
    assert order == ["great", "up-to-50", "small", "none-a", "none-b"]


def test_open_matches_are_listed_by_how_little_is_missing() -> None:
    """What a single answer settles stands before what needs two, whatever it pays."""
    revenue = ask("revenue", at_least(1))
    rules = (
        programme("a", every_of(revenue, among("listed", True)), benefit=money(Decimal(900))),
        programme("b", revenue),
    )
    assert [m.programme.id for m in run(Profile(COMPANY), *rules).matches] == ["b", "a"]


def test_the_order_does_not_depend_on_the_order_of_files() -> None:
    """The same catalogue read in another order gives the same answer."""
    rules = [programme(n, supports=("product",)) for n in "cab"]
    profile = Profile(COMPANY, (a_project("y"), a_project("x")))
    forwards, backwards = run(profile, *rules), run(profile, *reversed(rules))
    assert forwards.matches == backwards.matches
