"""The keys of a condition in a policy file: which stand together, what is said if they do not."""

from collections.abc import Mapping
from typing import Any

from service.catalogue.fact_quantities import day_or_year
from service.catalogue.fault_words import at_place, joined_by_and, quoted, say
from service.catalogue.faults import ConditionFault, did_you_mean
from service.catalogue.operator_keys import EVERY_KEY, SPANS
from service.catalogue.quantities import HEADS
from service.catalogue.texts import WrongText, read_text
from service.catalogue.yaml_tree import Path
from service.domain.rules.conditions import Basis, Connective
from service.domain.text import Text

GATES = {"all": Connective.ALL, "any": Connective.ANY, "not": Connective.NOT}
# Keys that stand beside the key of a quantity, such as `of` beside `bands`.
BESIDE_QUANTITY = {
    "of",
    "progressive",
    "unit",
    "values",
    "otherwise",
    "own",
    "day",
    "each",
    "begun",
}
META = {"article", "basis", "term"}
# What people write for our words.
_GATE_WORDS = {
    "全部": "all", "都": "all", "且": "all", "同时": "all", "and": "all", "任一": "any",
    "任意": "any", "或": "any", "or": "any", "非": "not", "不": "not", "none": "not",
}  # fmt: skip


def keys_of(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is asked, without where it comes from."""
    return {k: v for k, v in raw.items() if k not in META}


def is_choice(raw: Mapping[str, Any]) -> bool:
    """Whether `at_least` counts conditions here, and is no bound of a number."""
    return isinstance(raw.get("at_least"), dict | list) or set(raw) - META == {"at_least"}


def no_head(raw: Mapping[str, Any], heads: set[str]) -> ConditionFault:
    """Why a test asks about nothing: two things at once, or a key that is misspelt."""
    allowed = {
        "fact",
        "had",
        "meets",
        "recognised",
        "size",
        "undecided",
        "use",
        "at_least",
        *HEADS,
        *GATES,
    }
    if heads:
        return ConditionFault(
            say("condition_names_several_things", names=joined_by_and(sorted(heads))), allowed
        )
    beside = {*EVERY_KEY, "umbrella", "elsewhere", "issued", *BESIDE_QUANTITY, *META}
    for key in raw:
        if key not in beside and key not in allowed:
            unparted = str(key).partition(":")[0] in allowed  # fact:company.size
            meant = _GATE_WORDS.get(str(key), key)
            hint = say("a_colon_needs_a_blank_behind") if unparted else did_you_mean(meant, allowed)
            return ConditionFault(
                say("unknown_key_in_a_condition", key=quoted(key), hint=hint), allowed
            )
    return ConditionFault(say("condition_names_nothing"), allowed)


def read_basis(raw: Mapping[str, Any]) -> Basis:
    if "basis" not in raw:
        return Basis.STATED
    try:
        return Basis(raw["basis"])
    except ValueError:
        raise ConditionFault(
            say("is_no_basis", basis=quoted(raw["basis"])), {b.value for b in Basis}
        ) from None


def read_term(raw: Mapping[str, Any]) -> Text | None:
    return read_words(raw["term"], "term") if "term" in raw else None


def read_words(raw: object, key: str) -> Text:
    try:
        return read_text(raw)
    except WrongText as fault:
        raise ConditionFault(at_place(key, fault.message)) from None


def with_paths(parts: object, at: Path, key: str) -> list[tuple[Any, Path]]:
    if not isinstance(parts, list) or not parts:
        raise ConditionFault(say("needs_a_list_of_conditions", key=quoted(key)))
    return [(part, (*at, i)) for i, part in enumerate(parts)]


def of_records(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """Short forms about records as counts: support that was had, certificates by their issue."""
    if "had" in raw and not raw.keys() & HEADS:
        rest = {k: v for k, v in raw.items() if k != "had"}
        return {**rest, "awards": raw["had"], "at_least": 1}
    if "issued" in raw and "holds" in raw:
        asked = {"fact": raw.get("fact"), "category": raw["holds"], "issued": raw["issued"]}
        kept = {k: v for k, v in raw.items() if k in META}
        return {**kept, "certificates": asked, "at_least": 1}
    return raw


def is_quantity(raw: object) -> bool:
    """Whether something asked is a quantity rather than a bound as it stands."""
    return (isinstance(raw, dict) and not raw.keys() & SPANS) or (
        isinstance(raw, str)
        and (day_or_year(raw) is not None or raw.startswith(("company.", "project.")))
    )
