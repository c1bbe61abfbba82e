"""Over how long an amount is paid: the key `over` of a money rule, with its shares of each year."""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil
from typing import Any

from service.catalogue.fault_words import say
from service.catalogue.faults import ConditionFault
from service.catalogue.figures import check_share, exact
from service.catalogue.money_figures import PERIODS, MoneyFigures
from service.catalogue.programme_schemas import DURATIONS
from service.domain.rules import quantities as forms
from service.domain.rules.paid_over_time import Duration, Period, times_a_year
from service.domain.rules.quantities import Quantity

_LONGEST_YEARS = 50


def read_duration(raw: Mapping[str, Any], figures: MoneyFigures) -> Duration:
    """Over how long. Raises ConditionFault."""
    shares = tuple(raw.get("shares", ()))
    key = next((key for key in DURATIONS if key in raw), "years")
    lasts_in = DURATIONS[key]
    counted = PERIODS[lasts_in]
    lasts = figures.in_unit(raw.get(key, len(shares)), counted)
    if figures.quantities.check(lasts) != counted:
        raise ConditionFault(say("must_be_a_number_of_its_key", key=key))
    figures.check_gain(lasts, key)
    _check_length(lasts, key, lasts_in)
    if "at_most" in raw:
        most = exact(raw["at_most"], "at_most")
        if most <= 0:
            raise ConditionFault(say("at_most_must_be_above_0"))
        lasts = forms.Least((lasts, forms.Constant(most, counted)))
    elif shares and not isinstance(lasts, forms.Constant):
        of_shares = len(shares) * times_a_year(lasts_in)
        lasts = forms.Least((lasts, forms.Constant(of_shares, counted)))
    _check_shares(shares, lasts, lasts_in)
    return Duration(Period(raw.get("amount_per", lasts_in)), lasts, lasts_in, shares)


def _check_length(lasts: Quantity, key: str, lasts_in: Period) -> None:
    """Whatever is paid for longer is a figure of something else, such as days."""
    most = _LONGEST_YEARS * times_a_year(lasts_in)
    if isinstance(lasts, forms.Constant) and lasts.value > most:
        raise ConditionFault(say("over_is_too_long", key=key, most=most))


def _check_shares(shares: tuple[Fraction, ...], lasts: Quantity, lasts_in: Period) -> None:
    """One share for each year, also for one that is begun, none of them more than the whole of a
    year's amount."""
    for share in shares:
        check_share(share, say("share_of_a_year"), finest=False)
    ends = lasts.terms if isinstance(lasts, forms.Least) else (lasts,)
    most = min((q.value for q in ends if isinstance(q, forms.Constant)), default=None)
    years = None if most is None else ceil(most / times_a_year(lasts_in))
    if shares and years != len(shares):
        raise ConditionFault(say("over_has_a_share_for_each_year", shares=len(shares), years=years))
