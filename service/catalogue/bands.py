"""The steps of a scale as policy files write them."""

from service.catalogue.faults import ConditionFault, check_keys, number_fault
from service.catalogue.figures import check_money, check_share, exact, is_money, written
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules import quantities as forms
from service.domain.rules.units import SHARE, Unit


def read_band(raw: object) -> forms.Band:
    """One step: where it ends, and what it is worth. Raises ConditionFault."""
    if not isinstance(raw, dict) or not raw.keys() & {"rate", "price", "amount"}:
        raise ConditionFault("a band has up_to or below, and a rate or a price, an amount or both")
    check_keys(raw, {"up_to", "below", "rate", "price", "amount"})
    if raw.keys() >= {"rate", "price"}:
        raise ConditionFault("a band has a rate or a price, not both")
    ends = [key for key in ("up_to", "below") if key in raw]
    if len(ends) > 1:
        raise ConditionFault("a band ends up_to (included) or below (not included), one of them")
    limit = exact(raw[ends[0]], ends[0]) if ends else None
    head = "price" if "price" in raw else "rate"
    rate, amount = (exact(raw.get(key, 0), key) for key in (head, "amount"))
    return forms.Band(limit, ends == ["up_to"], rate, amount)


def check_bands(bands: list[forms.Band], progressive: bool) -> None:
    """Raises ConditionFault where steps do not rise, or one is worth less than nothing."""
    limits = [band.limit for band in bands[:-1]]
    if any(limit is None for limit in limits):
        raise ConditionFault("only the last band may be without an end")
    ends = [limit for limit in (*limits, bands[-1].limit) if limit is not None]
    if ends != sorted(set(ends)):
        raise ConditionFault("bands must rise from the lowest up")
    if any(band.rate < 0 or band.amount < 0 for band in bands):
        raise ConditionFault("a band is worth nothing below zero")
    if progressive and any(band.amount for band in bands):
        raise ConditionFault("progressive bands have rates only")


def check_scale(bands: list[forms.Band], base: Unit, counted: Unit, vocabulary: Vocabulary) -> None:
    """A rate is a share of what the scale is over; ends and amounts are in units."""
    currencies = vocabulary.currencies
    for band in bands:
        if band.rate > 1 and counted == base != SHARE and not is_money(base, currencies):
            words = f"rate {written(band.rate)} is a share: so much for each of what is counted is"
            raise number_fault(band.rate, f"{words} `price`")
        if band.rate and counted == base != SHARE:
            check_share(band.rate, "rate")
        check_money(band.amount, counted, currencies, "amount")
        if band.limit is not None:
            check_money(band.limit, base, currencies, "up_to" if band.included else "below")
