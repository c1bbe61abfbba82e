"""What a fact is asked: from keys such as `at_least` and `holds` to the operators of the domain."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from service.catalogue.day_hints import day_hint
from service.catalogue.fault_words import NOTHING, from_to, joined_by_commas, quoted, say
from service.catalogue.faults import ConditionFault, did_you_mean, not_in_list
from service.catalogue.numbers import number_hint
from service.catalogue.operator_keys import (
    AGES,
    BOUNDS,
    DATE_LOWER,
    DATE_UPPER,
    DAYS,
    EVERY_KEY,
    LOWER,
    ONE_VALUE,
    SETS,
    SPANS,
    UPPER,
    check_key,
    keys_of_fact,
)
from service.catalogue.yaml_faults import lookalike_in_value
from service.domain.facts.code_lists import CodeList
from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.rules.operators import Age, HoldsCertificate, InSet, Operator, Quantifier, Range
from service.domain.text import nearest

_OLDEST = 12 * 1000  # months
_ALIKE = 0.75
# What people write for our words.
_OPERATOR_WORDS = {
    "min": "at_least", "max": "at_most", "gte": "at_least", "lte": "at_most", "eq": "is",
    ">=": "at_least", "≥": "at_least", "不低于": "at_least", "不少于": "at_least",
    "以上": "at_least", ">": "more_than", "超过": "more_than", "高于": "more_than",
    "<=": "at_most", "≤": "at_most", "不超过": "at_most", "不高于": "at_most", "大于": "more_than",
    "以内": "at_most",
    "<": "less_than", "低于": "less_than", "不足": "less_than", "少于": "less_than",
    "=": "is", "==": "is", "等于": "is", "in": "one_of", "属于": "within", "包括": "has_any",
}  # fmt: skip
_YES_NO = {"是": "true", "yes": "true", "oui": "true", "否": "false", "no": "false", "非": "false"}


def read_operator(asked: dict[str, Any], fact: Fact, vocabulary: Vocabulary) -> Operator:
    """What a fact is asked, by keys such as `at_least`, `within` and `holds`. Raises
    ConditionFault."""
    keys = asked.keys()
    if not keys_of_fact(fact).issuperset(keys):
        for key in sorted(keys & EVERY_KEY):
            check_key(key, fact)
    for names, build in _BUILDERS:
        if not names.isdisjoint(keys):
            return build(asked, fact, vocabulary.codes_of(fact))
    raise _no_operator(asked, fact)


def _no_operator(asked: Mapping[str, Any], fact: Fact) -> ConditionFault:
    """Why a fact is asked nothing that it can be asked."""
    every = set(keys_of_fact(fact))
    if not asked:
        return ConditionFault(say("is_asked_nothing", fact=fact.id), every)
    unknown = ", ".join(sorted(map(str, asked)))
    near = _OPERATOR_WORDS.get(unknown) or nearest(unknown, sorted(EVERY_KEY), _ALIKE)
    hint = say("did_you_mean", near=quoted(near)) if near else NOTHING
    if unknown.partition(":")[0] in every:  # less_than:250
        hint = say("a_colon_needs_a_blank_behind")
    return ConditionFault(
        say("is_asked_which_is_no_operator", fact=fact.id, unknown=quoted(unknown), hint=hint),
        every,
    )


def _among(asked: dict[str, Any], fact: Fact, codes: CodeList | None) -> Operator:
    key = only_operator(asked, frozenset({"umbrella"}))
    wanted = asked[key] if isinstance(asked[key], list) else [asked[key]]
    if (key != "within" and isinstance(asked[key], list) == (key == "is")) or not wanted:
        sign = lookalike_in_value(str(asked[key]))
        plain = isinstance(asked[key], str) and not sign
        example = say("hint_written_as", asked=asked[key]) if plain else NOTHING
        what = say("one_value") if key == "is" else say("a_list_like", example=example)
        why = say("reason_behind", reason=sign) if sign else NOTHING
        raise ConditionFault(say("takes", key=quoted(key), what=what, why=why))
    twice = [value for i, value in enumerate(wanted) if value in wanted[:i]]
    if twice:
        raise ConditionFault(say("stands_twice", twice=quoted(twice[0])))
    umbrella = asked.get("umbrella", [])
    if not isinstance(umbrella, list):
        what = say("a_list_like", example=say("hint_written_as", asked=umbrella))
        raise ConditionFault(say("takes", key=quoted("umbrella"), what=what, why=NOTHING))
    for value in (*wanted, *umbrella):
        _check_value(key, value, fact, codes)
    if umbrella and key not in ("one_of", "has_any"):
        raise ConditionFault(say("has_no_umbrella", key=quoted(key)), {"one_of", "has_any"})
    need = Quantifier.ALL if key == "has_all" else Quantifier.ANY
    return InSet(tuple(wanted), need, tuple(umbrella), codes)


def _holds(asked: dict[str, Any], fact: Fact, codes: CodeList | None) -> Operator:
    only_operator(asked)
    categories = asked["holds"] if isinstance(asked["holds"], list) else [asked["holds"]]
    assert codes is not None  # certificates have a list of categories
    for category in categories:
        _check_value("holds", category, fact, codes)
    return HoldsCertificate(tuple(categories), codes)


def only_operator(asked: Mapping[str, Any], beside: frozenset[str] = frozenset()) -> str:
    """The one operator key, after optional companions."""
    keys = set(asked) - beside
    if len(keys) != 1:
        raise ConditionFault(say("several_operators", names=joined_by_commas(sorted(keys))))
    return keys.pop()


def _check_value(key: str, value: object, fact: Fact, codes: Any) -> None:
    if codes is not None:
        if not isinstance(value, str):
            raise ConditionFault(say("must_be_a_code_in_quotes", value=quoted(value)))
        if value not in codes:
            raise not_in_list(value, codes)
        return
    wanted = {FactType.BOOLEAN: bool, FactType.INTEGER: int, FactType.TEXT: str}.get(fact.type)
    if (
        wanted is None
        or not isinstance(value, wanted)
        or (wanted is int and isinstance(value, bool))
    ):
        meant = _YES_NO.get(str(value).lower()) if wanted is bool else None
        hint = say("write", meant=meant) if meant else NOTHING
        raise ConditionFault(
            say(
                "value_does_not_fit_type",
                value=quoted(value),
                fact=fact.id,
                type=fact.type.value,
                hint=hint,
            )
        )
    if wanted is int and isinstance(value, int):
        check_within(key, value, fact)


def range_of(
    asked: Mapping[str, Any], lower: Mapping[str, bool], upper: Mapping[str, bool]
) -> Range:
    lows, highs = [k for k in asked if k in lower], [k for k in asked if k in upper]
    if len(lows) + len(highs) < len(asked) or len(lows) > 1 or len(highs) > 1:
        raise ConditionFault(say("bounds_one_lower_and_one_upper"), {*lower, *upper})
    low, high = (lows or [""])[0], (highs or [""])[0]
    if low and high and _is_empty(asked[low], lower[low], asked[high], upper[high]):
        raise ConditionFault(
            say("nothing_lies_between", low=low, asked=asked[low], high=high, asked2=asked[high])
        )
    return Range(asked.get(low), asked.get(high), lower.get(low, True), upper.get(high, True))


def _is_empty(low: Any, low_included: bool, high: Any, high_included: bool) -> bool:
    return bool(low > high or (low == high and not (low_included and high_included)))


def _numbers(asked: dict[str, Any], fact: Fact, _codes: CodeList | None) -> Operator:
    bounds = {key: read_number(key, value) for key, value in asked.items()}
    for key, bound in bounds.items():
        check_within(key, bound, fact)
    return range_of(bounds, LOWER, UPPER)


def check_within(key: str, bound: int | Decimal, fact: Fact) -> None:
    """A bound that no value of the fact can be on either side of asks nothing."""
    step = fact.step
    if step is not None and bound % step:
        raise ConditionFault(
            say("lies_between_two_values_of_apart", key=key, bound=bound, fact=fact.id, step=step)
        )
    low, high = fact.minimum, fact.maximum
    if (low is not None and bound < low) or (high is not None and bound > high):
        ends = from_to(low, high)
        raise ConditionFault(
            say("bound_outside_the_values", key=key, bound=bound, fact=fact.id, ends=ends)
        )


def read_number(key: str, value: object) -> int | Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ConditionFault(say("needs_a_number", key=key, hint=number_hint(value)))
    return value


def _dates(asked: dict[str, Any], _fact: Fact, _codes: CodeList | None) -> Operator:
    if "between" in asked:
        ends = asked[only_operator(asked)]
        if not isinstance(ends, list) or len(ends) != 2:
            raise ConditionFault(say("between_needs"))
        asked = {"on_or_after": ends[0], "on_or_before": ends[1]}
    if not all(isinstance(day, date) for day in asked.values()):
        raise ConditionFault(say("date_is_misspelt", hint=day_hint(asked.values())))
    return range_of(asked, DATE_LOWER, DATE_UPPER)


def asked_in_days(asked: Mapping[str, Any]) -> bool:
    """Whether an age is asked for in days."""
    return bool(asked) and all(
        key in AGES and isinstance(span, dict) and span.keys() == {"days"}
        for key, span in asked.items()
    )


def age_in_days(asked: Mapping[str, Any]) -> dict[str, int]:
    """The bounds of the number of days since; what has not begun yet has no age."""
    days = {key.removeprefix("age_"): _read_count(span) for key, span in asked.items()}
    return days if days.keys() & LOWER.keys() else {"at_least": 0, **days}


def _age(asked: dict[str, Any], _fact: Fact, _codes: CodeList | None) -> Operator:
    units = {unit for span in asked.values() if isinstance(span, dict) for unit in span}
    if len(units) != 1 or not units <= {"years", "months"}:
        hint = did_you_mean(min(map(str, units)), SPANS) if units else NOTHING
        raise ConditionFault(say("age_is_years_or_months", hint=hint), SPANS)
    factor = 12 if units == {"years"} else 1
    months = {k.removeprefix("age_"): _read_months(v, factor) for k, v in asked.items()}
    return Age(range_of(months, LOWER, UPPER), in_years=factor == 12)


_BUILDERS: tuple[tuple[frozenset[str], Callable[..., Operator]], ...] = (
    (ONE_VALUE | SETS | {"within"}, _among),
    (frozenset({"holds"}), _holds),
    (AGES, _age),
    (DAYS, _dates),
    (BOUNDS, _numbers),
)


def _read_count(span: object) -> int:
    value = next(iter(span.values())) if isinstance(span, dict) and span else None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ConditionFault(say("an_age_is_a_whole_number"))
    return value


def _read_months(span: object, factor: int) -> int:
    value = _read_count(span)
    if value * factor > _OLDEST:
        raise ConditionFault(
            say("nothing_is_old", count=value, span=say("years" if factor == 12 else "months"))
        )
    return value * factor
