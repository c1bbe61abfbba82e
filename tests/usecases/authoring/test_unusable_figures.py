"""Public figures that a rule cannot reckon with."""

from datetime import date
from fractions import Fraction

import pytest

from service.domain.dates import Window
from service.domain.facts.parameters import DatedValue, Parameter
from service.domain.rules.amounts import Benefit
from service.domain.rules.quantities import ParameterQuantity
from service.domain.text import Text
from service.usecases.authoring.unusable_figures import unusable_figures
from tests.domain.programmes import programme

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("first", "checked", "ends", "said"),
    [
        (date(2026, 1, 1), TODAY, date(2026, 12, 31), []),
        (date(2027, 1, 1), TODAY, date(2026, 12, 31), ["first value on 2027-01-01"]),
        (date(2027, 1, 1), TODAY, None, []),
        (date(2026, 1, 1), date(2030, 1, 1), None, ["2030-01-01, which is still to come"]),
    ],
    ids=["in time", "after the end", "no end", "checked tomorrow"],
)
def test_a_figure_has_a_value_while_the_programme_runs(
    first: date, checked: date, ends: date | None, said: list[str]
) -> None:
    """One that begins too late, or was looked up on a day to come, is named."""
    values = (DatedValue(first, Fraction(3)),)
    figure = Parameter(
        "x", Text("数", "Figure"), "CNY", values, checked, "a bulletin", verified=False
    )
    rule = programme(
        "p", benefit=Benefit(amount=ParameterQuantity(figure)), window=Window(None, ends)
    )
    told = [fault.message.en for fault in unusable_figures([rule], TODAY)]
    assert len(told) == len(said)
    assert all(part in words for part, words in zip(said, told, strict=True))
