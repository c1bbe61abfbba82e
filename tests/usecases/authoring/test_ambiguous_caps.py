"""Caps of which two readers would make two things."""

from fractions import Fraction

import pytest

from service.domain.rules.amounts import Benefit
from service.domain.rules.caps import AddsUp, Cap, CountLimit, Per
from service.domain.rules.paid_over_time import Duration, Period
from service.domain.rules.quantities import Constant
from service.usecases.authoring.ambiguous_caps import ambiguous_caps, only_one_paid
from tests.domain.programmes import programme

TEN = Constant(Fraction(10))
TWO_YEARS = Duration(Period.YEAR, Constant(Fraction(2)), Period.YEAR)


@pytest.mark.parametrize(
    ("per", "cap", "over", "told"),
    [
        (Per.EVENT, Cap(TEN, Per.YEAR), TWO_YEARS, True),
        (Per.EVENT, Cap(TEN, Per.YEAR, each=Per.EVENT), TWO_YEARS, False),
        (Per.EVENT, Cap(TEN, Per.YEAR, each=Per.COMPANY), TWO_YEARS, False),
        (Per.EVENT, Cap(TEN, Per.EVENT), TWO_YEARS, False),
        (Per.EVENT, Cap(TEN, Per.YEAR), None, False),
        (Per.COMPANY, Cap(TEN, Per.YEAR), TWO_YEARS, False),
    ],
)
def test_a_yearly_cap_of_several_things_says_whose_year_it_is(
    per: Per, cap: Cap, over: Duration | None, *, told: bool
) -> None:
    """Only where each of them is paid over years can it be either."""
    rule = programme("p", benefit=Benefit(amount=TEN, caps=(cap,), per=per, over=over))
    found = [fault.message.en for fault in ambiguous_caps([rule])]
    assert bool(found) is told
    assert all("`per: [event, year]` or `per: [company, year]`" in words for words in found)


@pytest.mark.parametrize(
    ("supports", "benefit", "told"),
    [
        (("product",), Benefit(amount=TEN, per=Per.COMPANY), True),
        (("product",), Benefit(amount=TEN, caps=(Cap(TEN, Per.YEAR),), per=Per.YEAR), True),
        (("product",), Benefit(amount=TEN, caps=(Cap(TEN, Per.YEAR),), per=Per.PROJECT), False),
        (("product",), Benefit(amount=TEN, per=Per.COMPANY, adds_up=AddsUp.STATED), False),
        (("product",), Benefit(amount=TEN, per=Per.COMPANY, adds_up=AddsUp.UNSTATED), False),
        (("product",), Benefit(amount=TEN, per=Per.YEAR, limit=CountLimit(2, Per.YEAR)), False),
        (("product",), Benefit(amount=TEN, per=Per.UNSTATED), False),
        ((), Benefit(amount=TEN, per=Per.COMPANY), False),
    ],
)
def test_money_of_projects_that_is_counted_for_the_company_is_asked_about(
    supports: tuple[str, ...], benefit: Benefit, *, told: bool
) -> None:
    """Of several projects only the best would be paid: the text says so, or has a cap of them all
    beside what each comes to."""
    rule = programme("p", benefit=benefit, supports=supports)
    found = [fault.message.en for fault in only_one_paid([rule])]
    assert bool(found) is told
    assert all("`per: project`" in words and "per: year" in words for words in found)


def test_the_question_is_asked_in_the_words_of_its_language() -> None:
    """What the money is counted for is named as readers name it, and as files write it."""
    rule = programme(
        "p", benefit=Benefit(amount=TEN, caps=(Cap(TEN, Per.YEAR),), per=Per.EVENT, over=TWO_YEARS)
    )
    (fault,) = ambiguous_caps([rule])
    assert fault.message.zh == (
        "p：每年的上限是每个活动的，还是申请人一年里合计的？"
        "写 `per: [event, year]` 或 `per: [company, year]`"
    )
