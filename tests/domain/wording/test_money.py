"""The money rule in words."""

from fractions import Fraction

import pytest

from service.domain.rules.amounts import Benefit
from service.domain.rules.caps import Cap, Per
from service.domain.rules.paid_over_time import Duration, Period
from service.domain.rules.quantities import Constant
from service.domain.rules.units import unit
from service.domain.wording.money import formula
from tests.domain.sample import VOCABULARY

CNY = unit("CNY")
TEN, SIX = Constant(Fraction(10), CNY), Constant(Fraction(6), CNY)
TWO_YEARS = Duration(Period.YEAR, Constant(Fraction(2), unit("year")), Period.YEAR)


def words(*caps: Cap, per: Per, over: Duration | None = None) -> tuple[str, str]:
    said = formula(Benefit(amount=TEN, caps=caps, per=per, over=over), VOCABULARY)
    return said.zh, said.en


@pytest.mark.parametrize(
    ("per", "zh", "en"),
    [
        (Per.YEAR, "同一企业每年合计最高 6 元", "at most CNY 6 a year for one company in all"),
        (Per.COMPANY, "同一企业合计最高 6 元", "at most CNY 6 for one company in all"),
        (Per.PROGRAMME, "同一企业在政策有效期内合计最高 6 元", "over the life of the programme"),
    ],
)
def test_a_cap_of_all_projects_cannot_be_read_as_that_of_each(per: Per, zh: str, en: str) -> None:
    """What the amount is counted for stands with the amount, and the cap names whose it is; it
    comes last."""
    each = Cap(TEN, Per.PROJECT)
    said = words(Cap(SIX, per), each, per=Per.PROJECT)
    assert said[0].startswith("最高 10 元（按项目计），且单个项目最高 10 元，且")
    assert said[0].endswith(zh)
    assert en in said[1]


def test_a_cap_of_a_year_of_money_counted_for_the_company_is_plain() -> None:
    """There is one thing only that it can be of; and so where a year of several is told."""
    assert (
        words(Cap(SIX, Per.YEAR), per=Per.COMPANY)[0] == "最高 10 元，且每年最高 6 元（按企业计）"
    )
    assert "合计" not in words(Cap(SIX, Per.YEAR), per=Per.PROJECT, over=TWO_YEARS)[0]
