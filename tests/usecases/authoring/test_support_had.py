"""Support had that a rule may miss, or count too much of."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from service.domain.rules.amounts import Benefit
from service.domain.rules.caps import Per
from service.domain.rules.conditions import Predicate
from service.domain.rules.operators import Range
from service.domain.rules.programmes import Programme
from service.domain.rules.quantities import Constant, Count, Difference, FactQuantity
from service.domain.rules.record_tests import AwardTest
from service.usecases.authoring.support_had import loose_tests_of_awards, money_without_purpose
from tests.domain.programmes import BEST_ONLY, catalogue, measure, programme
from tests.domain.sample import CLAUSE
from tests.own import own_catalogue

TEN = Constant(Fraction(10))
PRIZE = Benefit(amount=TEN)
WITH_A_CLAUSE = (measure(overlap=BEST_ONLY),)
AWARDS = "company.awards"


def topped_up(test: AwardTest) -> Programme:
    """Ten less what was had."""
    less = Count(AWARDS, test, amounts=True)
    return programme("p", benefit=Benefit(amount=Difference(TEN, less)), purpose="trial")


def notes(rule: Programme) -> list[str]:
    return [note.message.en for note in loose_tests_of_awards(catalogue(rule))]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"benefit": PRIZE}, True),
        ({"benefit": PRIZE, "purpose": "trial"}, False),
        ({"benefit": PRIZE, "purpose": "rest"}, False),
        ({"benefit": Benefit(amount=TEN, repayable=True)}, False),
        ({}, False),
    ],
    ids=["no word", "a purpose", "like no other", "paid back", "no money"],
)
def test_money_says_what_it_is_for_where_a_clause_forbids_two(
    more: dict[str, object], *, told: bool
) -> None:
    """Without a purpose it is in no group, and would be paid beside whatever it overlaps with."""
    known = catalogue(programme("p", **more), measures=WITH_A_CLAUSE)
    assert bool(list(money_without_purpose(known))) is told


def test_without_a_clause_money_needs_no_purpose() -> None:
    """Nothing is set against anything there."""
    assert not list(money_without_purpose(catalogue(programme("p", benefit=PRIZE))))


def test_a_clause_of_another_document_of_the_place_counts_too() -> None:
    """Programmes of the place form groups, whichever document has the clause."""
    measures = (measure(), measure("closing", overlap=BEST_ONLY))
    known = catalogue(programme("p", benefit=PRIZE), measures=measures)
    (fault,) = money_without_purpose(known)
    assert "`purpose`" in fault.message.en
    assert (fault.file, fault.about) == ("p.yaml", "benefit")


def test_all_money_of_ours_says_what_it_is_for() -> None:
    """Whoever adds a document with such a clause for a place that we tell of is told of no file but
    their own."""
    own = own_catalogue()
    clauses = {id_: replace(m, overlap=BEST_ONLY) for id_, m in own.measures.items()}
    assert not list(money_without_purpose(replace(own, measures=clauses)))


def test_what_is_taken_off_names_the_level_that_is_meant() -> None:
    """Support of any level would be taken off; with a level, or the programme, it is plain."""
    (note,) = notes(topped_up(AwardTest(purposes=("trial",))))
    assert "support of every level counts" in note
    assert not notes(topped_up(AwardTest(purposes=("trial",), levels=("district",))))
    assert not notes(topped_up(AwardTest(programmes=("q",))))


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"supports": ("product",), "per": Per.PROJECT}, True),
        ({"supports": ("product",), "per": Per.COMPANY}, False),
        ({"per": Per.PROJECT}, False),
    ],
    ids=str,
)
def test_what_is_taken_off_each_project_is_what_was_had_for_any(
    more: dict[str, Any], *, told: bool
) -> None:
    """A second product would get the less for what the first one had."""
    had = Count(AWARDS, AwardTest(programmes=("q",)), amounts=True)
    benefit = Benefit(amount=Difference(TEN, had), per=more.pop("per"))
    found = notes(programme("p", benefit=benefit, **more))
    assert any("for every project" in note for note in found) is told


def test_support_that_fits_nowhere_is_no_name_to_ask_for() -> None:
    """In money and in conditions: whoever states it under its own purpose is not seen."""
    (note,) = notes(topped_up(AwardTest(purposes=("rest",), levels=("district",))))
    assert "'rest' is support that fits nowhere else" in note
    had = Predicate(Count(AWARDS, AwardTest(purposes=("rest",))), Range(low=1), CLAUSE)
    assert notes(programme("p", had)) == [note]
    named = Count(AWARDS, AwardTest(purposes=("rest",), programmes=("q",)))
    assert not notes(programme("p", Predicate(named, Range(low=1), CLAUSE)))


@pytest.mark.parametrize(("received", "told"), [(None, True), (True, False), (False, False)])
def test_money_that_is_taken_off_is_said_to_be_support_or_not(
    received: bool | None, *, told: bool
) -> None:
    """Where nobody says so, an award that is stated too would be taken off a second time."""
    benefit = Benefit(amount=Difference(TEN, FactQuantity("company.rnd")))
    known = catalogue(programme("p", benefit=benefit))
    marked = replace(known.vocabulary.facts["company.rnd"], received=received)
    facts = {**known.vocabulary.facts, marked.id: marked}
    known = replace(known, vocabulary=replace(known.vocabulary, facts=facts))
    found = [note.message.en for note in loose_tests_of_awards(known)]
    assert any("company.rnd is taken off" in note for note in found) is told
