"""What differs between two evaluations: all of it, each with its reason, and nothing else."""

from dataclasses import replace
from datetime import date

from hypothesis import given

from service.domain.advice.comparison import DifferenceCause, MatchDifference, compare_evaluations
from service.domain.dates import Window
from service.domain.evaluation.evaluator import Evaluation, evaluate
from service.domain.facts.profile import Profile, Project, Value
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Condition
from service.domain.rules.operators import InSet
from service.domain.rules.programmes import Commitment
from tests.domain.bounds import at_least, less_than, years
from tests.domain.groups import any_of, every_of
from tests.domain.predicates import among, ask
from tests.domain.programmes import catalogue, programme
from tests.domain.sample import DAY, PROJECT_KINDS, VOCABULARY, D, money
from tests.domain.strategies import DAYS, FAST, conditions, facts

IS_FIRM, LISTED = among("kind", "enterprise"), among("listed", True)
BIG = ask("employees", at_least(100))
YOUNG = ask("founded_on", years(less_than(60)))
IS_PRODUCT = ask("project.kind", InSet(("product",), codes=PROJECT_KINDS))


def evaluated(
    known: Catalogue, day: date = DAY, *projects: Project, **company: Value
) -> Evaluation:
    stated = {f"company.{name}": value for name, value in company.items()}
    return evaluate(known, Profile(stated, projects), day)


def reasons(difference: MatchDifference) -> list[tuple[DifferenceCause, tuple[str, ...]]]:
    return [(r.cause, r.facts) for r in difference.reasons]


def test_equal_inputs_differ_in_nothing() -> None:
    """The same company on the same day under the same rules."""
    known = catalogue(programme("p", IS_FIRM))
    same = evaluated(known, kind="enterprise")
    assert compare_evaluations(same, evaluated(known, kind="enterprise")) == ()


def test_changed_fact_is_the_reason_and_the_others_are_not() -> None:
    """Only the condition that turned is named, with what was seen before and after."""
    known = catalogue(programme("p", IS_FIRM, any_of(BIG, LISTED)))
    before = evaluated(known, kind="enterprise", employees=9, listed=False)
    after = evaluated(known, kind="enterprise", employees=100, listed=False)
    [difference] = compare_evaluations(before, after)
    assert reasons(difference) == [(DifferenceCause.FACT, ("company.employees",))]
    [reason] = difference.reasons
    assert reason.before is not None
    assert reason.after is not None
    assert (reason.before.observed, reason.after.observed) == (9, 100)


def test_fact_that_changes_no_result_is_no_difference() -> None:
    """Ninety or ninety-one employees are the same to a rule that wants a hundred."""
    known = catalogue(programme("p", BIG))
    assert compare_evaluations(evaluated(known, employees=90), evaluated(known, employees=91)) == ()


def test_same_fact_on_another_day_is_the_days_doing() -> None:
    """A company grows older without stating anything new."""
    known = catalogue(programme("p", YOUNG))
    founded = date(2022, 1, 1)
    before = evaluated(known, date(2026, 12, 31), founded_on=founded)
    after = evaluated(known, date(2027, 1, 1), founded_on=founded)
    [difference] = compare_evaluations(before, after)
    assert reasons(difference) == [(DifferenceCause.DATE, ("company.founded_on",))]


def test_window_is_named_where_it_opens_or_closes() -> None:
    """In force on one of the two days only."""
    known = catalogue(programme("p", IS_FIRM, window=Window(DAY, DAY)))
    before = evaluated(known, DAY, kind="enterprise")
    after = evaluated(known, date(2026, 11, 23), kind="enterprise")
    [difference] = compare_evaluations(before, after)
    assert reasons(difference) == [(DifferenceCause.WINDOW, ())]


def test_amounts_that_differ_name_the_figure_they_are_reckoned_from() -> None:
    """Potential before and after, with another ceiling."""
    share = money(low=D("0.3"), high=D("0.3"), of="company.revenue")
    known = catalogue(programme("p", IS_FIRM, benefit=share))
    before = evaluated(known, kind="enterprise", revenue=D(100))
    after = evaluated(known, kind="enterprise", revenue=D(200))
    [difference] = compare_evaluations(before, after)
    assert reasons(difference) == [(DifferenceCause.FACT, ("company.revenue",))]


def test_rewritten_rules_are_the_reason() -> None:
    """Conditions, amounts or commitment that another version words otherwise."""
    old = programme("p", IS_FIRM)
    for new in (
        programme("p", every_of(IS_FIRM, BIG)),
        replace(old, benefit=money(cap=D(5))),
        replace(old, commitment=Commitment.PLANNED),
    ):
        before = evaluated(catalogue(old), kind="enterprise")
        [difference] = compare_evaluations(before, evaluated(catalogue(new), kind="enterprise"))
        assert DifferenceCause.RULE in [r.cause for r in difference.reasons]


def test_programmes_and_projects_that_come_or_go_are_told_apart() -> None:
    """A programme of one catalogue only, a project of one profile only."""
    rule = programme("p", IS_PRODUCT, supports=("product",))
    known = catalogue(rule)
    grown = catalogue(rule, programme("q", IS_FIRM))
    added = compare_evaluations(evaluated(known), evaluated(grown))
    assert [(d.programme, d.before, reasons(d)) for d in added] == [
        ("q", None, [(DifferenceCause.PROGRAMME, ())])
    ]
    project = Project("p1", "product", {"project.kind": "product"})
    differences = compare_evaluations(evaluated(known), evaluated(known, DAY, project))
    assert {(d.subject, *map(str, reasons(d))) for d in differences} == {
        ("p1", str((DifferenceCause.SUBJECT, ()))), (None, str((DifferenceCause.SUBJECT, ()))),
    }  # fmt: skip


@FAST
@given(conditions(VOCABULARY), facts(VOCABULARY), facts(VOCABULARY), DAYS, DAYS)
def test_every_difference_is_found_and_has_a_true_reason(
    condition: Condition, some: dict[str, Value], more: dict[str, Value], one: date, other: date
) -> None:
    """A difference wherever status or ceiling differ, and only there; facts named as the reason do
    differ, and where the day is the reason they do not."""
    share = money(cap=D(4), low=D("0.5"), high=D("0.5"), of="company.revenue")
    window = Window(date(2021, 1, 1), date(2026, 1, 1))
    known = catalogue(
        programme("a", condition, window=Window()),
        programme("b", condition, window=window, benefit=share),
    )
    before = evaluate(known, Profile(some), one)
    after = evaluate(known, Profile(some | more), other)
    found = {d.programme: d for d in compare_evaluations(before, after)}
    old = {m.programme.id: m for m in before.matches}
    for match in after.matches:
        first, name = old[match.programme.id], match.programme.id
        differs = (first.status, first.ceiling) != (match.status, match.ceiling)
        assert (name in found) == differs
    for difference in found.values():
        assert difference.reasons
        for reason in difference.reasons:
            changed = [f for f in reason.facts if some.get(f) != (some | more).get(f)]
            assert (reason.cause is DifferenceCause.FACT) == bool(changed)
            assert one != other or reason.cause is DifferenceCause.FACT


@FAST
@given(conditions(VOCABULARY), facts(VOCABULARY), DAYS)
def test_nothing_differs_from_itself(
    condition: Condition, stated: dict[str, Value], day: date
) -> None:
    """Evaluated twice, compared: nothing."""
    known = catalogue(programme("a", condition, window=Window()))
    evaluation = evaluate(known, Profile(stated), day)
    assert compare_evaluations(evaluation, evaluate(known, Profile(dict(stated)), day)) == ()
