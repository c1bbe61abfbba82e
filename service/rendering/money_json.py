"""A programme's money rule and what it bounds for somebody, as the contract's JSON."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import repeat

from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.amounts import Benefit
from service.domain.rules.caps import Cap, CountLimit, Per
from service.domain.rules.ceiling import Ceiling
from service.domain.rules.instalments import instalment_amounts
from service.domain.rules.rounding import share_of
from service.domain.wording.money import cap_words, formula
from service.rendering.json_parts import Json, money_json, range_json, text_json


def money_rule_json(rule: Benefit, vocabulary: Vocabulary) -> Json:
    """What a money rule says of itself, before any profile."""
    low, high = rule.rate or (None, None)
    return {
        "rate": None if high is None else str(high),
        "rate_low": None if low == high else str(low),
        "cap": money_json(rule.cap),
        "caps": [cap_json(cap, vocabulary) for cap in rule.caps],
        "per": _per_json(rule.per),
        "per_basis": _per_basis(rule),
        "adds_up": rule.several.value,
        "one_off": rule.one_off,
        "limit": _limit_json(rule.limit),
        "instalments": [_share_json(part.share) for part in rule.instalments],
        "repayable": rule.repayable,
        "currency": rule.currency or vocabulary.currency,
        "formula": text_json(formula(rule, vocabulary)),
    }


def ceiling_json(rule: Json, bound: Ceiling, benefit: Benefit) -> Json:
    """What a money rule bounds for somebody, in front of what `money_rule_json` says of it."""
    year = bound.per_year
    steps = {"by_year": list(map(range_json, bound.by_year))} if bound.by_year else {}
    return {
        **range_json(bound),
        "per_year": range_json(year) if year else None,
        **steps,
        **rule,
        "payments": list(_payments_json(bound, benefit)),
    }


def cap_json(cap: Cap, vocabulary: Vocabulary) -> Json:
    """One cap: its figure where it is the same for everybody, and what it says."""
    figure = Benefit(caps=(cap,)).cap
    return {
        "amount": money_json(figure),
        "per": _per_json(cap.per),
        "each": cap.each.value if cap.each else None,
        "text": text_json(cap_words(cap, vocabulary)),
    }


def _per_json(per: Per) -> str | None:
    return None if per is Per.UNSTATED else per.value


def _per_basis(rule: Benefit) -> str:
    return rule.per.value if rule.per is Per.UNSTATED else rule.per_basis.value


def _limit_json(limit: CountLimit | None) -> Json | None:
    return None if limit is None else {"count": limit.count, "per": limit.per.value}


def _share_json(share: Fraction) -> str:
    """A share as decimal text; a third and the like, which has no end as such, as 1/3."""
    decimal = share_of(share)
    return str(decimal) if Fraction(decimal) == share else str(share)


def _payments_json(bound: Ceiling, benefit: Benefit) -> Iterator[Json]:
    """Each instalment with what of it is still to come, where the whole is known."""
    parts = benefit.instalments
    amounts: Iterable[Decimal | None] = repeat(None)
    if bound.amount is not None:
        rounding = benefit.rounding.of_parts
        amounts = instalment_amounts(bound.amount, parts, bound.had, rounding)
    for part, amount in zip(parts, amounts, strict=False):
        when = None if part.when is None else text_json(part.when)
        yield {"share": _share_json(part.share), "when": when, "amount": money_json(amount)}
