"""The steps of a scale as policy files write them."""

from service.catalogue.fault_words import say
from service.catalogue.faults import ConditionFault, check_keys, number_fault
from service.catalogue.figures import check_money, check_share, exact, is_money, written
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules import quantities as forms
from service.domain.rules.units import SHARE, Unit


def read_band(raw: object) -> forms.Band:
    """A step of a scale: where it ends, and what it is worth. Raises ConditionFault."""
    if not isinstance(raw, dict) or not raw.keys() & {"rate", "price", "amount"}:
        raise ConditionFault(say("a_band_has_up_to_or_below"))
    check_keys(raw, {"up_to", "below", "rate", "price", "amount"})
    if raw.keys() >= {"rate", "price"}:
        raise ConditionFault(say("band_has_rate_or_price"))
    ends = [key for key in ("up_to", "below") if key in raw]
    if len(ends) > 1:
        raise ConditionFault(say("band_has_two_ends"))
    limit = exact(raw[ends[0]], ends[0]) if ends else None
    head = "price" if "price" in raw else "rate"
    rate, amount = (exact(raw.get(key, 0), key) for key in (head, "amount"))
    return forms.Band(limit, ends == ["up_to"], rate, amount)


def check_bands(bands: list[forms.Band], progressive: bool) -> None:
    """Raises ConditionFault where steps do not rise, or one is worth less than nothing."""
    limits = [band.limit for band in bands[:-1]]
    if any(limit is None for limit in limits):
        raise ConditionFault(say("band_without_end_before_the_last"))
    ends = [limit for limit in (*limits, bands[-1].limit) if limit is not None]
    if ends != sorted(set(ends)):
        raise ConditionFault(say("bands_must_rise_from_the_lowest"))
    if any(band.rate < 0 or band.amount < 0 for band in bands):
        raise ConditionFault(say("a_band_is_worth_nothing_below"))
    if progressive and any(band.amount for band in bands):
        raise ConditionFault(say("progressive_bands_have_rates_only"))


def check_scale(bands: list[forms.Band], base: Unit, counted: Unit, vocabulary: Vocabulary) -> None:
    """A rate is a share of what the scale is over; ends and amounts are in units."""
    currencies = vocabulary.currencies
    for band in bands:
        if band.rate > 1 and counted == base != SHARE and not is_money(base, currencies):
            words = say("rate_is_a_share_so_much", number=written(band.rate))
            raise number_fault(band.rate, words)
        if band.rate and counted == base != SHARE:
            check_share(band.rate, "rate")
        check_money(band.amount, counted, currencies, "amount")
        if band.limit is not None:
            check_money(band.limit, base, currencies, "up_to" if band.included else "below")
