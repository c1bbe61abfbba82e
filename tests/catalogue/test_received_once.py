"""What is paid once carries the condition that it was not received."""

from fractions import Fraction
from typing import Any

import pytest

from service.catalogue.received_once import not_received_yet
from service.domain.rules.amounts import Benefit
from service.domain.rules.caps import Cap, Per
from service.domain.rules.conditions import Clause
from service.domain.rules.quantities import Constant, Count, Difference
from service.domain.rules.record_tests import AwardTest
from service.domain.text import Text
from tests.domain.sample import VOCABULARY

CLAUSE = Clause("isle", 1)
SUPPORT = AwardTest(("isle-grant",), names=(Text("补助", "A grant"),), stated=True)
CAP = (Cap(Constant(Fraction(1000))),)


@pytest.mark.parametrize(
    ("rule", "supports", "asked"),
    [
        ({"one_off": True, "per": Per.COMPANY}, (), True),
        ({"one_off": True, "per": Per.COMPANY}, ("trial",), True),
        ({"one_off": True, "per": Per.UNSTATED}, (), True),
        ({"one_off": True, "per": Per.UNSTATED}, ("trial",), False),
        ({"one_off": True, "per": Per.PROJECT}, ("trial",), False),
        ({"one_off": True, "per": Per.COMPANY, "instalments": (1,)}, (), False),
        ({"one_off": True, "per": Per.COMPANY, "over": True}, (), False),
        ({"per": Per.COMPANY}, (), False),
    ],
)
def test_only_what_is_paid_once_for_all_asks_for_it(
    rule: dict[str, Any], supports: tuple[str, ...], asked: bool
) -> None:
    """Not where it comes in parts, or for each of several things."""
    found = not_received_yet(SUPPORT, Benefit(None, CAP, **rule), supports, CLAUSE, VOCABULARY)
    assert (found is not None) is asked


@pytest.mark.parametrize(
    ("taken_off", "asked"),
    [
        (AwardTest(programmes=("isle-grant", "isle-loan")), False),
        (AwardTest(programmes=("isle-loan",)), True),
        (AwardTest(purposes=("first_set",)), True),
    ],
    ids=str,
)
def test_what_is_made_up_to_more_is_paid_to_whoever_had_less_of_it(
    taken_off: AwardTest, asked: bool
) -> None:
    """A title's award for whoever had that of a lower one by the same programme, which is named;
    support of a purpose may be others', and what this one pays, it pays once."""
    had = Count("company.awards", taken_off, amounts=True)
    benefit = Benefit(Difference(Constant(Fraction(500)), had), CAP, one_off=True, per=Per.COMPANY)
    found = not_received_yet(SUPPORT, benefit, (), CLAUSE, VOCABULARY)
    assert (found is not None) is asked


def test_without_money_nothing_is_paid_once() -> None:
    assert not_received_yet(SUPPORT, None, (), CLAUSE, VOCABULARY) is None
