"""From the quantities of policy files to the domain's: facts, numbers and what is made of them.

A quantity is a fact's id, a number, or a mapping with one key that says how its parts are put
together. A bare number takes the unit of what it stands beside.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from service.catalogue.bands import check_bands, check_scale, read_band
from service.catalogue.fault_words import NOTHING, quoted, say
from service.catalogue.faults import (
    ConditionFault,
    check_keys,
    did_you_mean,
    not_in_list,
    number_fault,
)
from service.catalogue.figures import (
    check_factor,
    exact,
    is_money,
)
from service.catalogue.held import award_test, certificate_test, record_fact, years_from_now
from service.catalogue.number_units import between, constant, in_unit, is_bare, unit_named
from service.catalogue.numbers import looks_like_number, number_hint
from service.catalogue.standard_conditions import NO_STANDARDS, Standards, points_quantity
from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.rules import quantities as forms
from service.domain.rules.conditions import Clause, Condition, Predicate
from service.domain.rules.operators import InSet, Range
from service.domain.rules.quantities import Quantity
from service.domain.rules.unit_check import UnitError, unit_of
from service.domain.rules.units import SHARE, YEAR, Unit, unit

_SEVERAL: Mapping[
    str, type[forms.Sum | forms.Product | forms.Mean | forms.Least | forms.Greatest]
] = {
    "sum": forms.Sum,
    "product": forms.Product,
    "mean": forms.Mean,
    "least": forms.Least,
    "greatest": forms.Greatest,
}
_PAIRS: Mapping[str, type[forms.Difference | forms.Ratio | forms.Growth]] = {
    "difference": forms.Difference,
    "ratio": forms.Ratio,
    "growth": forms.Growth,
}
# The keys that say how a quantity is made.
HEADS = frozenset(
    {
        *_SEVERAL, *_PAIRS,
        "fact", "value", "year_of", "months_between", "cases", "by", "bands", "parameter",
        "points", "steps", "price",
        "awards", "award_amounts", "certificates",
    }
)  # fmt: skip
# What stands beside such a key.
_BESIDE_HEADS = {"of", "otherwise", "values", "unit", "own", "each", "begun", "progressive"}
# In the place of a fact, for the size classes of the standard.
_SIZE = "size"
_WHOLE = re.compile("-?(0|[1-9][0-9]*)")
_STEP = {
    FactType.INTEGER: Fraction(1),
    FactType.MONEY: Fraction(1, 100),
    FactType.NUMBER: Fraction(1, 10**6),
}

CompileCondition = Callable[[Any, Clause], Condition]


@dataclass(frozen=True)
class QuantityReader:
    """Reads the quantities of one file. `compile_condition` compiles the conditions inside. `paid`:
    what is read is an amount that somebody may get, in which a bare factor is a share."""

    vocabulary: Vocabulary
    compile_condition: CompileCondition
    standards: Standards = NO_STANDARDS
    paid: bool = False

    def read(self, raw: Any, clause: Clause) -> Quantity:
        """The quantity that something written stands for. Raises ConditionFault, which knows what
        inside it is at fault."""
        try:
            return self._read(raw, clause)
        except ConditionFault as fault:
            if isinstance(raw, dict) and (fault.inside is None or fault.inside[0] is None):
                fault.inside = (raw, fault.inside[1] if fault.inside else None)
            elif fault.inside is None:
                fault.inside = (None, raw)
            raise

    def _read(self, raw: Any, clause: Clause) -> Quantity:
        if isinstance(raw, str):
            if raw not in self.vocabulary.facts and looks_like_number(raw):
                raise ConditionFault(say("must_be_a_number", hint=number_hint(raw)))
            return day_or_year(raw) or self.fact(raw)
        if isinstance(raw, int | Decimal) and not isinstance(raw, bool):
            return forms.Constant(Fraction(raw))
        if not isinstance(raw, dict):
            raise ConditionFault(say("is_no_quantity_name_a_fact", raw=quoted(raw)))
        heads = raw.keys() & HEADS
        if len(heads) != 1:
            unknown = [] if heads else [key for key in raw if key not in _BESIDE_HEADS]
            words = say("a_quantity_has_one_key_that")
            if unknown:
                words = say(
                    "makes_no_quantity",
                    unknown=quoted(unknown[0]),
                    hint=did_you_mean(unknown[0], HEADS),
                )
            raise ConditionFault(words, set(HEADS))
        found = self._form_of(heads.pop(), raw, clause)
        self.check(found)
        return found

    def _form_of(self, head: str, raw: Mapping[str, Any], clause: Clause) -> Quantity:
        if head in _SEVERAL:
            return self._several(head, raw, clause)
        if head in _PAIRS:
            return self._pair(head, raw, clause)
        makers: Mapping[str, Callable[[Mapping[str, Any], Clause], Quantity]] = {
            "fact": self._fact,
            "value": self._value,
            "year_of": self._year_of,
            "months_between": self._months_between,
            "steps": self._steps,
            "cases": self._cases,
            "by": self._by,
            "bands": self._bands,
            "price": self._price,
            "parameter": self._parameter,
            "points": self._points,
            "awards": self._awards,
            "award_amounts": self._awards,
            "certificates": self._certificates,
        }
        return makers[head](raw, clause)

    def check(self, quantity: Quantity) -> Unit:
        """The unit of a quantity; a fault where its parts do not go together."""
        try:
            return unit_of(quantity, self.vocabulary)
        except UnitError as error:
            raise ConditionFault(error.words) from None

    def fact(self, name: object) -> forms.FactQuantity:
        """A fact with the ends that the vocabulary gives it."""
        fact = find_fact(self.vocabulary, name)
        low, high = fact.minimum, fact.maximum
        step = _STEP.get(fact.type)
        if fact.positive and step is not None and (low is None or low <= 0):
            return forms.FactQuantity(fact.id, step, None if high is None else Fraction(high))
        return forms.FactQuantity(
            fact.id,
            None if low is None else Fraction(low),
            None if high is None else Fraction(high),
        )

    def in_common_unit(self, parts: list[Quantity]) -> list[Quantity]:
        """The parts, bare numbers among them in the unit of the others."""
        others = [p for p in parts if not is_bare(p)]
        if not others:
            return parts
        counted = self.check(others[0])
        return [in_unit(part, counted, self.vocabulary) for part in parts]

    def _several(self, head: str, raw: Mapping[str, Any], clause: Clause) -> Quantity:
        parts = self._parts(head, _alone(raw, head), clause)
        kind = _SEVERAL[head]
        if kind is not forms.Product:
            return kind(tuple(self.in_common_unit(parts)))
        found = forms.Product(tuple(parts))
        if self.paid and is_money(self.check(found), self.vocabulary.currencies):
            self.check_factors(raw[head], parts)
        return found

    def check_factors(self, factors: list[Any], parts: list[Quantity]) -> None:
        """What money is multiplied by: a share of it, unless it counts something."""
        for raw, part in zip(factors, parts, strict=True):
            if self.check(part) == SHARE:
                check_factor(raw)

    def _pair(self, head: str, raw: Mapping[str, Any], clause: Clause) -> Quantity:
        parts = self._parts(head, _alone(raw, head), clause)
        if len(parts) != 2:
            raise ConditionFault(say("needs_exactly_two_facts", head=head))
        first, second = parts if head == "ratio" else self.in_common_unit(parts)
        if first == second:
            raise ConditionFault(say("of_a_quantity_and_itself", head=head))
        if head != "difference" and isinstance(second, forms.Constant) and second.value <= 0:
            raise ConditionFault(say("needs_a_divisor_above_0", head=head))
        return _PAIRS[head](first, second)

    def _parts(self, head: str, raw: Any, clause: Clause) -> list[Quantity]:
        if not isinstance(raw, list) or len(raw) < 2:
            raise ConditionFault(say("needs_a_list_of_facts", head=head))
        parts = [self.read(part, clause) for part in raw]
        for part in parts:
            if isinstance(part, forms.FactQuantity):
                self._check_number(head, part)
        return parts

    def _check_number(self, head: str, part: forms.FactQuantity) -> None:
        kind = self.vocabulary.facts[part.fact].type
        if kind not in _STEP and not (kind is FactType.DATE and head == "difference"):
            raise ConditionFault(say("needs_facts_that_are_numbers", head=head))

    def _value(self, raw: Mapping[str, Any], clause: Clause) -> Quantity:
        check_keys(raw, {"value", "unit"})
        value, counted = raw["value"], unit_named(raw.get("unit"), self.vocabulary)
        if isinstance(value, dict):
            check_keys(value, {"low", "high"})
            low, high = (exact(value.get(end), f"value.{end}") for end in ("low", "high"))
            return between(low, high, counted, "value", self.vocabulary)
        return constant(exact(value, "value"), counted, "value", self.vocabulary)

    def _fact(self, raw: Mapping[str, Any], clause: Clause) -> Quantity:
        return self.fact(_alone(raw, "fact"))

    def _awards(self, raw: Mapping[str, Any], clause: Clause) -> Quantity:
        head = min(raw)
        asked = _alone(raw, head)
        named = asked if isinstance(asked, dict) else {}
        fact = record_fact(named, FactType.AWARDS, self.vocabulary)
        test = award_test(asked, fact, self.vocabulary, self.standards.programmes)
        return forms.Count(fact.id, test, amounts=head == "award_amounts")

    def _certificates(self, raw: Mapping[str, Any], clause: Clause) -> Quantity:
        asked = _alone(raw, "certificates")
        named = asked if isinstance(asked, dict) else {}
        fact = record_fact(named, FactType.CERTIFICATES, self.vocabulary)
        return forms.Count(fact.id, certificate_test(asked, fact, self.vocabulary))

    def _points(self, raw: Mapping[str, Any], clause: Clause) -> Quantity:
        name = _alone(raw, "points")
        model = self.standards.models.get(str(name))
        if model is None:
            raise ConditionFault(
                say("there_is_no_points_model", name=quoted(name)), dict(self.standards.models)
            )
        return points_quantity(model, clause)

    def _parameter(self, raw: Mapping[str, Any], clause: Clause) -> Quantity:
        check_keys(raw, {"parameter", "own"})
        known = self.vocabulary.parameters
        name, own = raw["parameter"], raw.get("own")
        if name not in known:
            raise ConditionFault(say("there_is_no_parameter", name=quoted(name)), set(known))
        if own is not None and find_fact(self.vocabulary, own).parameter != name:
            allowed = {f.id for f in self.vocabulary.facts.values() if f.parameter == name}
            raise ConditionFault(say("does_not_stand_in_the_place", own=own, name=name), allowed)
        return forms.ParameterQuantity(known[name], own)

    def _price(self, raw: Mapping[str, Any], clause: Clause) -> Quantity:
        check_keys(raw, {"price", "of"})
        if "of" not in raw:
            raise ConditionFault(say("price_needs_of_what_is_counted"), {"of"})
        of = self.read(raw["of"], clause)
        counted = self.check(of)
        if is_money(counted, self.vocabulary.currencies):
            raise ConditionFault(say("a_price_of_money_is_a_2"))
        each = unit(self.vocabulary.currency) / counted
        price = constant(exact(raw["price"], "price"), each, "price", self.vocabulary)
        return forms.Product((price, of))

    def _year_of(self, raw: Mapping[str, Any], clause: Clause) -> Quantity:
        return forms.YearOf(self.read(_alone(raw, "year_of"), clause))

    def _months_between(self, raw: Mapping[str, Any], clause: Clause) -> Quantity:
        parts = _alone(raw, "months_between")
        if not isinstance(parts, list) or len(parts) != 2:
            raise ConditionFault(say("months_between_needs"))
        return forms.MonthsBetween(*(self.read(part, clause) for part in parts))

    def _steps(self, raw: Mapping[str, Any], clause: Clause) -> Quantity:
        check_keys(raw, {"steps", "each", "begun"})
        if "each" not in raw:
            raise ConditionFault(say("steps_needs_each_of_how_much"), {"each"})
        begun = raw.get("begun", False)
        if not isinstance(begun, bool):
            raise ConditionFault(say("begun_must_be_true_or_false"))
        of = self.read(raw["steps"], clause)
        if isinstance(of, forms.FactQuantity):
            self._check_number("steps", of)
        number = exact(raw["each"], "each")
        if number <= 0:
            raise number_fault(number, say("each_must_be_above_0"))
        return forms.Steps(of, constant(number, self.check(of), "each", self.vocabulary), begun)

    def _cases(self, raw: Mapping[str, Any], clause: Clause) -> Quantity:
        check_keys(raw, {"cases", "otherwise"})
        if not isinstance(raw["cases"], list) or not raw["cases"]:
            raise ConditionFault(say("cases_needs_a_list_of"))
        conditions, parts = [], []
        for case in raw["cases"]:
            if not isinstance(case, dict) or set(case) != {"when", "then"}:
                raise ConditionFault(say("a_case_is"), {"when", "then"})
            conditions.append(self.compile_condition(case["when"], clause))
            parts.append(self.read(case["then"], clause))
        *values, otherwise = self.in_common_unit(
            [*parts, self.read(raw.get("otherwise", 0), clause)]
        )
        branches = (forms.Branch(c, q) for c, q in zip(conditions, values, strict=True))
        return forms.Cases(tuple(branches), otherwise)

    def _by(self, raw: Mapping[str, Any], clause: Clause) -> Quantity:
        check_keys(raw, {"by", "values", "otherwise"})
        values = raw.get("values")
        if not isinstance(values, dict) or not values:
            raise ConditionFault(say("by_needs_values"))
        if raw["by"] == _SIZE:
            cases = [{"when": {_SIZE: [code]}, "then": value} for code, value in values.items()]
            return self._cases({"cases": cases, "otherwise": raw.get("otherwise", 0)}, clause)
        fact = find_fact(self.vocabulary, raw["by"])
        operators = [self._each_of(fact, name) for name in values]
        parts = [self.read(value, clause) for value in values.values()]
        *parts, otherwise = self.in_common_unit(
            [*parts, self.read(raw.get("otherwise", 0), clause)]
        )
        tests = (Predicate(self.fact(fact.id), operator, clause) for operator in operators)
        branches = (forms.Branch(t, q) for t, q in zip(tests, parts, strict=True))
        complete = "otherwise" not in raw and self._names_all(fact, values)
        return forms.ByCode(fact.id, tuple(branches), otherwise, complete)

    def _names_all(self, fact: Fact, values: Mapping[str, Any]) -> bool:
        """Whether a table has a value for whatever can be stated of a fact."""
        codes = self.vocabulary.codes_of(fact) if fact.type is FactType.CODE else None
        return (
            codes is not None
            and codes.extension_pattern is None
            and codes.codes.keys() <= values.keys()
        )

    def _each_of(self, fact: Fact, name: str) -> InSet | Range:
        """The test for what a value is told for: a code of the fact's list, or a whole number."""
        if fact.type is FactType.INTEGER:
            if not _WHOLE.fullmatch(name):
                raise ConditionFault(
                    say("is_no_whole_number_as_is", name=quoted(name), fact=fact.id)
                )
            return Range(int(name), int(name))
        codes = self.vocabulary.codes_of(fact)
        if codes is None or fact.type not in (FactType.CODE, FactType.CODES):
            hint = say("ranges_of_numbers_take_bands_or") if fact.type in _STEP else NOTHING
            raise ConditionFault(say("by_needs_a_fact_with_a", fact=fact.id, hint=hint))
        if name not in codes:
            raise not_in_list(name, codes)
        return InSet((name,), codes=codes)

    def _bands(self, raw: Mapping[str, Any], clause: Clause) -> Quantity:
        check_keys(raw, {"bands", "of", "progressive", "unit"})
        if "of" not in raw or not isinstance(raw["bands"], list) or not raw["bands"]:
            raise ConditionFault(say("bands_needs_of_and_a_list"), {"of", "bands"})
        progressive = raw.get("progressive", False)
        if not isinstance(progressive, bool):
            raise ConditionFault(say("progressive_must_be_true_or_false"))
        of = self.read(raw["of"], clause)
        bands = [read_band(band) for band in raw["bands"]]
        check_bands(bands, progressive)
        counted = base = self.check(of)
        priced = any("price" in band for band in raw["bands"])
        if priced and is_money(base, self.vocabulary.currencies):
            raise ConditionFault(say("a_price_of_money_is_a"))
        if "unit" in raw:
            counted = unit_named(raw["unit"], self.vocabulary)
        elif priced or (any(b.amount for b in bands) and not any(b.rate for b in bands)):
            counted = unit(self.vocabulary.currency)
        check_scale(bands, base, counted, self.vocabulary)
        return forms.Bands(of, tuple(bands), progressive, counted)


def day_or_year(word: str) -> Quantity | None:
    """What a word stands for that names the day of the evaluation or a year by it."""
    if word == "as_of":
        return forms.AsOf()
    years = years_from_now(word)
    if years is None:
        return None
    this_year = forms.YearOf(forms.AsOf())
    before = forms.Constant(Fraction(-years), YEAR)
    return forms.Difference(this_year, before) if years else this_year


def find_fact(vocabulary: Vocabulary, name: object) -> Fact:
    """The fact of a name. Raises ConditionFault where there is none."""
    known = vocabulary.facts
    if not isinstance(name, str) or name not in known:
        near = vocabulary.suggest(str(name))
        hint = say("did_you_mean", near=quoted(near)) if near else NOTHING
        raise ConditionFault(
            say("there_is_no_fact_3", name=quoted(name), hint=hint), set(known) if not near else ()
        )
    return known[name]


def _alone(raw: Mapping[str, Any], head: str) -> Any:
    check_keys(raw, {head})
    return raw[head]
