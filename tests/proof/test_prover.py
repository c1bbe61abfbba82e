"""What the proof finds wrong, on catalogues with faults put in on purpose."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import z3

from service.domain.dates import Window
from service.domain.evaluation.evaluator import Status
from service.domain.rules.conditions import Condition, Predicate
from service.domain.rules.operators import InSet, Range
from service.domain.rules.programmes import Programme
from service.domain.rules.quantities import Count, Ratio, Sum
from service.domain.rules.record_tests import AwardTest, CertificateTest
from service.domain.rules.record_times import FromNow, Years
from service.domain.text import Text
from service.proof.overlaps import Overlap, find_overlaps
from service.proof.prover import FaultKind, ProofFault, ProvenProgramme, prove, shared_space
from tests.domain.bounds import at_least, at_most, less_than, more_than, years
from tests.domain.groups import any_of, every_of, not_, some_of
from tests.domain.predicates import among, ask, combined, holds, undecided
from tests.domain.programmes import BEST_ONLY, catalogue, measure, programme
from tests.domain.sample import CATEGORIES, CLAUSE, DAY, PROJECT_KINDS

IS_FIRM = among("kind", "enterprise")
IS_FIRM_AGAIN = among("kind", "enterprise")
IN_PUDONG = among("region", "310115")
IN_SHANGHAI = among("region", "310000")
IN_BEIJING = among("region", "110000")
IS_PRODUCT = ask("project.kind", InSet(("product",), codes=PROJECT_KINDS))
YOUNG = ask("founded_on", years(at_most(60)))
OLD = ask("founded_on", years(more_than(60)))


def proven(*conditions: Condition, **more: object) -> ProvenProgramme:
    known = catalogue(programme("p", *conditions, **more))
    return prove(shared_space(known), known.programmes["p"], DAY)


def named(fault: ProofFault) -> set[int]:
    return {id(condition) for condition in fault.conditions}


@pytest.mark.parametrize(
    "conditions",
    [
        (IS_FIRM, IN_PUDONG),
        (IS_FIRM, any_of(IN_PUDONG, IN_BEIJING), YOUNG),
        (IS_FIRM, holds("high_tech", "specialised")),
        (some_of(2, IS_FIRM, YOUNG, among("listed", True)),),
        (not_(among("listed", True)), ask("employees", Range(5, 10))),
        (combined(Ratio, "rnd revenue", at_least(Decimal("0.03"))),),
        (among("recognitions", "leader"),),
    ],
)
def test_rules_without_a_fault_have_none(conditions: tuple[Condition, ...]) -> None:
    """Conditions that can be met together and each matter pass, with an example that meets them."""
    found = proven(*conditions)
    assert found.faults == ()
    assert found.witness is not None
    assert found.witness.status is Status.POTENTIAL


def test_what_the_solver_does_not_find_out_is_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told as such, and no condition is said never to change a result."""
    monkeypatch.setattr(z3.Solver, "check", lambda *_: z3.unknown)
    found = proven(IS_FIRM, IN_PUDONG)
    assert [(f.kind, f.conditions) for f in found.faults] == [(FaultKind.UNSOLVED, ())]
    assert (found.witness, found.checked) == (None, 0)


def certificates(bounds: Range, **asked: Any) -> Predicate:
    """How many certificates of high technology meet what is asked."""
    test = CertificateTest(("high_tech",), CATEGORIES, **asked)
    return Predicate(Count("company.certificates", test), bounds, CLAUSE)


def awards(bounds: Range, **asked: Any) -> Predicate:
    """How many awards meet what is asked."""
    return Predicate(Count("company.awards", AwardTest(**asked)), bounds, CLAUSE)


SOME, NONE = at_least(1), at_most(0)
IN_2020, UNTIL_2021 = Years(2020, 2020), Years(None, 2021)
LAST_YEAR = Years(FromNow(-1), FromNow(-1))


@pytest.mark.parametrize(
    "conditions",
    [
        (certificates(SOME, valid=False),),
        (certificates(SOME, valid=False, years=IN_2020),),
        (certificates(SOME, valid=False, years=IN_2020), holds("high_tech")),
        (certificates(SOME, valid=False, years=IN_2020), not_(holds("high_tech"))),
        (certificates(NONE, valid=False, years=LAST_YEAR), holds("high_tech")),
        (certificates(at_least(7), valid=False), certificates(SOME, years=UNTIL_2021)),
        (
            certificates(at_most(1), valid=False, years=UNTIL_2021),
            certificates(at_least(1), valid=False, years=LAST_YEAR),
        ),
        (certificates(SOME, issued=Window(date(2023, 1, 1), date(2023, 6, 30)), valid=False),),
        (awards(SOME, years=LAST_YEAR), awards(at_most(2), purposes=("other",))),
        (awards(SOME, programmes=("p-1",)), not_(awards(SOME, programmes=("p-2",)))),
    ],
    ids=range(10),
)
def test_counts_of_records_are_proven(conditions: tuple[Condition, ...]) -> None:
    """Whether or not they are valid, by their day or year, beside others: each matters, and what
    the solver finds the evaluator confirms."""
    found = proven(IS_FIRM, *conditions)
    assert found.faults == ()
    assert found.witness is not None
    assert found.witness.status is Status.POTENTIAL


@pytest.mark.parametrize(
    ("conditions", "kind"),
    [
        (
            (
                certificates(SOME, valid=False, years=IN_2020),
                certificates(NONE, valid=False, years=UNTIL_2021),
            ),
            FaultKind.CONTRADICTION,
        ),
        ((holds("high_tech"), certificates(NONE)), FaultKind.CONTRADICTION),
        (
            (
                certificates(SOME, valid=False, years=UNTIL_2021),
                certificates(SOME, valid=False, years=IN_2020),
            ),
            FaultKind.DEAD,
        ),
    ],
    ids=["none beside one", "none valid", "one year within others"],
)
def test_faulty_counts_of_records_are_found(
    conditions: tuple[Condition, ...], kind: FaultKind
) -> None:
    """Who has one of a year has one of the years around it."""
    assert [f.kind for f in proven(IS_FIRM, *conditions).faults] == [kind]


@pytest.mark.parametrize(
    "pair",
    [
        (IN_PUDONG, IN_BEIJING),
        (YOUNG, OLD),
        (ask("employees", at_least(10)), ask("employees", less_than(10))),
        (among("listed", True), among("listed", False)),
        (
            combined(Sum, "rnd revenue", at_least(100)),
            every_of(ask("rnd", less_than(10)), ask("revenue", less_than(10))),
        ),
    ],
)
def test_contradicting_conditions_are_named_and_no_others(
    pair: tuple[Condition, Condition],
) -> None:
    """Only the conditions that exclude each other are named, not their neighbours."""
    found = proven(IS_FIRM, *pair, holds("high_tech"))
    assert [f.kind for f in found.faults] == [FaultKind.CONTRADICTION]
    assert named(found.faults[0]) == {id(c) for c in pair}
    assert found.witness is None


def test_condition_nobody_meets_is_named_alone() -> None:
    """A range without a value in it keeps everybody out by itself."""
    nobody = ask("employees", Range(5, 6, low_included=False, high_included=False))
    found = proven(IS_FIRM, nobody)
    assert [f.kind for f in found.faults] == [FaultKind.NEVER_MET]
    assert named(found.faults[0]) == {id(nobody)}


def test_condition_that_another_implies_is_dead() -> None:
    """Who is in Pudong is in Shanghai: the wider condition never fails alone."""
    found = proven(IS_FIRM, IN_PUDONG, IN_SHANGHAI)
    assert [(f.kind, named(f)) for f in found.faults] == [(FaultKind.DEAD, {id(IN_SHANGHAI)})]


def test_condition_written_twice_is_dead_in_both_places() -> None:
    """Neither of two equal conditions ever decides beside the other."""
    found = proven(IN_PUDONG, IS_FIRM, IS_FIRM_AGAIN)
    assert {f.kind for f in found.faults} == {FaultKind.DEAD}
    assert set[int]().union(*map(named, found.faults)) == {id(IS_FIRM), id(IS_FIRM_AGAIN)}


def test_beneficiaries_may_be_told_apart_once_more_but_not_repeated() -> None:
    """The condition every programme has of itself may be implied; a copy of it is dead."""
    kinds = among("kind", "enterprise", "institute")
    branches = any_of(
        every_of(among("kind", "enterprise"), YOUNG), every_of(among("kind", "institute"), OLD)
    )
    assert proven(kinds, branches, kinds=("enterprise", "institute")).faults == ()
    copy = among("kind", "enterprise")
    found = proven(IS_FIRM, copy, kinds=("enterprise",))
    assert [(f.kind, named(f)) for f in found.faults] == [(FaultKind.DEAD, {id(copy)})]


def test_alternative_that_adds_nobody_is_dead() -> None:
    """In "Shanghai or Pudong" nobody owes anything to Pudong."""
    found = proven(IS_FIRM, any_of(IN_SHANGHAI, IN_PUDONG))
    assert [(f.kind, named(f)) for f in found.faults] == [(FaultKind.DEAD, {id(IN_PUDONG)})]


def test_parts_of_a_standard_are_not_the_rule_s_to_leave_out() -> None:
    """A standard is one condition, however many of its parts a rule has no use for."""
    standard = replace(any_of(IN_PUDONG, YOUNG), term=Text("标准", "a standard"), term_only=True)
    assert proven(IS_FIRM, any_of(standard, IN_SHANGHAI)).faults == ()
    written_out = any_of(IN_PUDONG, YOUNG)
    found = proven(IS_FIRM, any_of(written_out, IN_SHANGHAI))
    assert [(f.kind, named(f)) for f in found.faults] == [(FaultKind.DEAD, {id(IN_PUDONG)})]


def test_left_to_the_authority_is_said_and_is_no_fault() -> None:
    """A programme with an open criterion is never TRUE; at best the authority decides."""
    found = proven(IS_FIRM, undecided())
    assert (found.decided_elsewhere, found.faults) == (True, ())
    assert found.witness is not None
    assert found.witness.status is Status.UNDETERMINED
    assert found.witness.missing == ()


def test_contradiction_is_found_behind_an_open_criterion() -> None:
    """That the authority decides the rest does not hide that nobody gets so far."""
    found = proven(IN_PUDONG, undecided(), IN_BEIJING)
    assert [f.kind for f in found.faults] == [FaultKind.CONTRADICTION]
    assert named(found.faults[0]) == {id(IN_PUDONG), id(IN_BEIJING)}


def test_project_facts_of_a_company_programme_can_never_be_stated() -> None:
    """A programme that supports no project has nobody to ask about one."""
    amount = ask("project.contract_amount", at_least(100))
    found = proven(IS_FIRM, amount)
    assert [(f.kind, named(f)) for f in found.faults] == [(FaultKind.NEVER_MET, {id(amount)})]
    assert proven(IS_FIRM, IS_PRODUCT, amount, supports=("product",)).faults == ()


def test_programme_not_in_force_is_proven_for_its_nearest_day() -> None:
    """Before the window its first day is taken, after it the last."""
    later = Window(date(2027, 2, 1), date(2027, 3, 1))
    earlier = Window(date(2020, 2, 1), date(2020, 3, 1))
    assert proven(YOUNG, window=later).as_of == date(2027, 2, 1)
    assert proven(YOUNG, window=earlier).as_of == date(2020, 3, 1)


def pairs(*programmes: Programme, best_only: bool = False) -> tuple[Overlap, ...]:
    measures = (measure(overlap=BEST_ONLY if best_only else None),)
    known = catalogue(*programmes, measures=measures)
    return find_overlaps(known, shared_space(known), DAY)


def test_overlap_needs_a_company_that_meets_both() -> None:
    """Pudong and Shanghai go together, Pudong and Beijing never."""
    first, second = programme("a", IN_PUDONG), programme("b", IN_SHANGHAI)
    third = programme("c", IN_BEIJING)
    found = pairs(first, second, third)
    assert [(o.first.id, o.second.id, o.shared, o.certain) for o in found] == [
        ("a", "b", "instrument", True)
    ]


def test_overlap_of_other_instruments_and_closed_programmes_is_none() -> None:
    """Only pairs that do the same thing at the same time are listed."""
    closed = Window(date(2020, 1, 1), date(2020, 12, 31))
    assert pairs(programme("a", IS_FIRM), programme("b", IS_FIRM, instrument="loan")) == ()
    assert pairs(programme("a", IS_FIRM), programme("b", IS_FIRM, window=closed)) == ()


def test_overlap_that_hangs_on_an_authority_is_not_certain() -> None:
    """Where one of the two is never TRUE, the pair is possible only."""
    found = pairs(programme("a", IS_FIRM), programme("b", IS_FIRM, undecided()))
    assert [o.certain for o in found] == [False]


def test_purpose_ties_closer_than_the_instrument() -> None:
    """Of one purpose under a clause that pays only the best: said so, and listed once."""
    found = pairs(
        programme("a", IS_FIRM, purpose="first_set"), programme("b", IS_FIRM, purpose="first_set"),
        best_only=True,
    )  # fmt: skip
    assert [(o.shared, o.code, o.best_only) for o in found] == [("purpose", "first_set", True)]


def test_one_project_or_two() -> None:
    """Small and large contracts are two projects of one company; the example shows both."""
    small = ask("project.contract_amount", less_than(100))
    large = ask("project.contract_amount", at_least(100))
    parts = {"supports": "product"}
    first = programme("a", IS_PRODUCT, small, **parts)
    second = programme("b", IS_PRODUCT, large, **parts)
    third = programme("c", IS_PRODUCT, IS_FIRM, **parts)
    found = {(o.first.id, o.second.id): o for o in pairs(first, second, third)}
    assert {k: o.one_project for k, o in found.items()} == {
        ("a", "b"): False, ("a", "c"): True, ("b", "c"): True,
    }  # fmt: skip
    one, other = found["a", "b"].example
    assert one.facts["project.contract_amount"] < 100 <= other.facts["project.contract_amount"]  # type: ignore[operator]
