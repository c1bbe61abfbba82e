"""Quantities that differ from case to case: `cases`, a table `by` codes, the steps of `bands`."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from service.catalogue.bands import check_bands, check_scale, read_band
from service.catalogue.fact_quantities import day_or_year, fact_quantity, find_fact
from service.catalogue.fault_words import NOTHING, quoted, say
from service.catalogue.faults import ConditionFault, check_keys, not_in_list
from service.catalogue.figures import check_reachable, is_money
from service.catalogue.number_units import unit_named
from service.catalogue.operators import check_within
from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.rules import quantities as forms
from service.domain.rules.conditions import Clause, Predicate
from service.domain.rules.operators import InSet, Range
from service.domain.rules.quantities import Quantity
from service.domain.rules.standards import Size
from service.domain.rules.units import SHARE

if TYPE_CHECKING:
    from service.catalogue.quantities import QuantityReader

# In the place of a fact, for the size classes of the standard.
_SIZE = "size"
_WHOLE = re.compile("-?(0|[1-9][0-9]*)")


def read_cases(reader: "QuantityReader", raw: Mapping[str, Any], clause: Clause) -> Quantity:
    """The first branch whose condition holds counts, or what stands under `otherwise`."""
    check_keys(raw, {"cases", "otherwise"})
    if not isinstance(raw["cases"], list) or not raw["cases"]:
        raise ConditionFault(say("cases_needs_a_list"))
    conditions, parts = [], []
    for case in raw["cases"]:
        if not isinstance(case, dict) or set(case) != {"when", "then"}:
            raise ConditionFault(say("case_is_when_and_then"), {"when", "then"})
        conditions.append(reader.compile_condition(case["when"], clause))
        parts.append(reader.read(case["then"], clause))
    *values, otherwise = reader.in_common_unit(
        [*parts, reader.read(raw.get("otherwise", 0), clause)]
    )
    branches = (forms.Branch(c, q) for c, q in zip(conditions, values, strict=True))
    return forms.Cases(tuple(branches), otherwise)


def read_table(reader: "QuantityReader", raw: Mapping[str, Any], clause: Clause) -> Quantity:
    """A value for each code of a fact, or for each whole number."""
    check_keys(raw, {"by", "values", "otherwise"})
    values = raw.get("values")
    if not isinstance(values, dict) or not values:
        raise ConditionFault(say("by_needs_values"))
    if raw["by"] == _SIZE:
        return _read_sizes(reader, raw, values, clause)
    parts = [reader.read(value, clause) for value in values.values()]
    *parts, otherwise = reader.in_common_unit(
        [*parts, reader.read(raw.get("otherwise", 0), clause)]
    )
    fact = None if is_made(raw["by"]) else find_fact(reader.vocabulary, raw["by"])
    if fact is None:
        of, operators = _numbers_of(reader, raw["by"], values, clause)
    else:
        of = fact_quantity(reader.vocabulary, fact.id)
        operators = [_each_of(reader.vocabulary, fact, name) for name in values]
    tests = (Predicate(of, operator, clause) for operator in operators)
    branches = tuple(forms.Branch(t, q) for t, q in zip(tests, parts, strict=True))
    if fact is None:
        return forms.Cases(branches, otherwise)
    complete = _names_all(reader.vocabulary, fact, values)
    return forms.ByCode(fact.id, branches, otherwise, complete)


def is_made(raw: object) -> bool:
    """Whether a table is by what is made of facts, such as the year of a day, and not by a fact."""
    return isinstance(raw, dict) or (isinstance(raw, str) and day_or_year(raw) is not None)


def _numbers_of(
    reader: "QuantityReader", raw: object, values: Mapping[str, Any], clause: Clause
) -> tuple[Quantity, list[InSet | Range]]:
    """The quantity that a table is by, and the test for each whole number of it."""
    of = reader.read(raw, clause)
    counted = reader.check(of)
    if counted == SHARE or is_money(counted, reader.vocabulary.currencies):
        hint = say("hint_ranges_take_bands")
        raise ConditionFault(say("by_needs_codes_or_a_whole_number", fact=counted, hint=hint))
    tests: list[InSet | Range] = []
    for name in values:
        number = Fraction(_whole(name, "by"))
        check_reachable(only := Range(number, number), of, name)
        tests.append(only)
    return of, tests


def _read_sizes(
    reader: "QuantityReader", raw: Mapping[str, Any], values: Mapping[str, Any], clause: Clause
) -> Quantity:
    """A value for each size class; those that have the same stand together. Where all four have one
    the last is for whoever is of none of the others: there is no fifth."""
    worths: list[Any] = []
    classes: list[list[str]] = []
    for code, value in values.items():
        if value not in worths:
            worths.append(value)
            classes.append([])
        classes[worths.index(value)].append(code)
    cases = [{"when": {_SIZE: c}, "then": w} for c, w in zip(classes, worths, strict=True)]
    otherwise = raw.get("otherwise", 0)
    if not misses_a_size(raw) and "otherwise" not in raw:
        otherwise = worths[-1]
        cases = cases[:-1] or cases
    return read_cases(reader, {"cases": cases, "otherwise": otherwise}, clause)


def misses_a_size(raw: Mapping[str, Any]) -> bool:
    """Whether a table by size has no value for one of the classes."""
    return raw.get("by") == _SIZE and {size.value for size in Size} != raw["values"].keys()


def _names_all(vocabulary: Vocabulary, fact: Fact, values: Mapping[str, Any]) -> bool:
    """Whether a table has a value for whatever can be stated of a fact."""
    codes = vocabulary.codes_of(fact) if fact.type is FactType.CODE else None
    return (
        codes is not None
        and codes.extension_pattern is None
        and codes.codes.keys() <= values.keys()
    )


def _each_of(vocabulary: Vocabulary, fact: Fact, name: str) -> InSet | Range:
    """The test for what a value is told for: a code of the fact's list, or a whole number."""
    if fact.type is FactType.INTEGER:
        number = _whole(name, fact.id)
        check_within("by", number, fact)
        return Range(number, number)
    codes = vocabulary.codes_of(fact)
    if codes is None or fact.type not in (FactType.CODE, FactType.CODES):
        hint = say("hint_ranges_take_bands") if fact.step is not None else NOTHING
        raise ConditionFault(say("by_needs_codes_or_a_whole_number", fact=fact.id, hint=hint))
    if name not in codes:
        raise not_in_list(name, codes)
    return InSet((name,), codes=codes)


def _whole(name: str, of: str) -> int:
    """The whole number that a value is told for, of a fact or of what a table is `by`."""
    if not _WHOLE.fullmatch(name):
        raise ConditionFault(say("value_is_no_whole_number", name=quoted(name), fact=of))
    return int(name)


def read_bands(reader: "QuantityReader", raw: Mapping[str, Any], clause: Clause) -> Quantity:
    """A scale over a quantity, a step at a time."""
    check_keys(raw, {"bands", "of", "progressive", "unit"})
    if "of" not in raw or not isinstance(raw["bands"], list) or not raw["bands"]:
        raise ConditionFault(say("bands_needs_of_and_a_list"), {"of", "bands"})
    progressive = raw.get("progressive", False)
    if not isinstance(progressive, bool):
        raise ConditionFault(say("progressive_must_be_true_or_false"))
    of = reader.read(raw["of"], clause)
    bands = [read_band(band) for band in raw["bands"]]
    check_bands(bands, progressive)
    counted = base = reader.check(of)
    priced = any("price" in band for band in raw["bands"])
    if priced and base == reader.money:
        raise ConditionFault(say("price_of_money"))
    if "unit" in raw:
        counted = unit_named(raw["unit"], reader.vocabulary)
        if counted == SHARE != base and any("rate" in band for band in raw["bands"]):
            raise ConditionFault(say("band_rate_is_of_its_base", base=base))
    elif priced or (any(b.amount for b in bands) and not any(b.rate for b in bands)):
        counted = reader.money
    check_scale(bands, base, counted, reader.vocabulary)
    return forms.Bands(of, tuple(bands), progressive, counted)
