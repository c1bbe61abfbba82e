"""Over how long an amount is paid: the key `over` of a money rule, with its shares of each year."""

from collections.abc import Iterator, Mapping
from math import ceil
from typing import Any

from service.catalogue.fault_words import say
from service.catalogue.faults import ConditionFault
from service.catalogue.figures import check_share, exact
from service.catalogue.money_figures import PERIODS, MoneyFigures
from service.catalogue.programme_schemas import DURATIONS, share_of_whole
from service.domain.rules import quantities as forms
from service.domain.rules.paid_over_time import Duration, Period, times_a_year
from service.domain.rules.quantities import Quantity
from service.domain.rules.units import SHARE

_LONGEST_YEARS = 50


def read_duration(raw: Mapping[str, Any], figures: MoneyFigures) -> Duration:
    """Over how long. Raises ConditionFault."""
    shares = _read_shares(raw.get("shares", ()), figures)
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


def _read_shares(raw: Any, figures: MoneyFigures) -> tuple[Quantity, ...]:
    """What of it is paid in each year. Where it differs from case to case each has a list of its
    own: it is read as so many quantities, a case distinction for each year."""
    if isinstance(raw, Mapping):
        years = max(map(len, _lists_in(raw)), default=0)
        if years < 2:
            raise ConditionFault(say("shares_by_case_are_lists"))
        return tuple(figures.in_unit(_of_year(raw, year), SHARE) for year in range(years))
    for share in raw:
        check_share(share, say("share_of_a_year"), finest=False)
    return tuple(map(forms.Constant, raw))


def _lists_in(raw: Any) -> Iterator[list[Any]]:
    """The lists of shares of all cases."""
    if isinstance(raw, list):
        yield raw
    elif isinstance(raw, Mapping):
        for part in _cases_of(raw):
            yield from _lists_in(part)


def _cases_of(raw: Mapping[str, Any]) -> Iterator[Any]:
    """What counts in each case of a distinction, as it is written."""
    for case in raw["cases"] if isinstance(raw.get("cases"), list) else ():
        yield case.get("then") if isinstance(case, Mapping) else None
    values = raw.get("values")
    yield from values.values() if isinstance(values, Mapping) else ()
    if "otherwise" in raw:
        yield raw["otherwise"]


def _of_year(raw: Any, year: int) -> Any:
    """A case distinction with the share of one year, from 0, in the place of every list; nothing
    beyond its end. Raises ConditionFault."""
    if isinstance(raw, list):
        return _share(raw[year]) if year < len(raw) else 0
    if not isinstance(raw, Mapping):
        raise ConditionFault(say("shares_by_case_are_lists"))
    found = dict(raw)
    if isinstance(raw.get("cases"), list):
        found["cases"] = [
            {**case, "then": _of_year(case["then"], year)}
            if isinstance(case, Mapping) and "then" in case
            else case
            for case in raw["cases"]
        ]
    if isinstance(raw.get("values"), Mapping):
        found["values"] = {key: _of_year(of, year) for key, of in raw["values"].items()}
    if "otherwise" in raw:
        found["otherwise"] = _of_year(raw["otherwise"], year)
    return found


def _share(raw: Any) -> Any:
    """One share of a year. Raises ConditionFault."""
    check_share(share_of_whole(raw), say("share_of_a_year"), finest=False)
    return raw


def _check_shares(shares: tuple[Quantity, ...], lasts: Quantity, lasts_in: Period) -> None:
    """One share for each year, also for one that is begun."""
    ends = lasts.terms if isinstance(lasts, forms.Least) else (lasts,)
    most = min((q.value for q in ends if isinstance(q, forms.Constant)), default=None)
    years = None if most is None else ceil(most / times_a_year(lasts_in))
    if shares and years != len(shares):
        raise ConditionFault(say("over_has_a_share_for_each_year", shares=len(shares), years=years))
