"""From the quantities of policy files to the domain's: facts, numbers and what is made of them.

A quantity is a fact's id, a number, or a mapping with one key that says how its parts are put
together. A bare number takes the unit of what it stands beside.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

from service.catalogue.case_quantities import read_bands, read_cases, read_table
from service.catalogue.certificates_and_awards import award_test, certificate_test, record_fact
from service.catalogue.fact_quantities import day_or_year, fact_quantity, find_fact
from service.catalogue.fault_words import quoted, say
from service.catalogue.faults import (
    ConditionFault,
    check_keys,
    did_you_mean,
    did_you_mean_one_called,
    number_fault,
)
from service.catalogue.figures import check_factor, exact, is_money
from service.catalogue.number_units import between, constant, for_each, in_unit, is_bare, unit_named
from service.catalogue.numbers import interval_hint, looks_like_number
from service.catalogue.project_totals import read_total
from service.catalogue.standard_conditions import NO_STANDARDS, Standards, points_quantity
from service.domain.facts.vocabulary import FactType, Vocabulary
from service.domain.rules import quantities as forms
from service.domain.rules.conditions import Clause, Condition
from service.domain.rules.quantities import Quantity
from service.domain.rules.unit_check import UnitError, unit_of
from service.domain.rules.units import SHARE, Unit, unit

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
        "fact", "value", "power", "year_of", "month_of", "months_between", "cases", "by", "bands",
        "parameter", "points", "steps", "price",
        "awards", "award_amounts", "certificates", "projects",
    }
)  # fmt: skip
# What stands beside such a key.
_BESIDE_HEADS = {"of", "otherwise", "values", "unit", "own", "day", "each", "begun", "progressive"}
# More years of interest upon interest nobody writes.
_MAX_POWER = 100
CompileCondition = Callable[[Any, Clause], Condition]


@dataclass(frozen=True)
class QuantityReader:
    """Reads the quantities of one file. `compile_condition` compiles the conditions inside. `paid`:
    what is read is an amount that somebody may get, in which a bare factor is a share; bare money
    in it is in the `currency` of its rule, the catalogue's where it names none."""

    vocabulary: Vocabulary
    compile_condition: CompileCondition
    standards: Standards = NO_STANDARDS
    paid: bool = False
    currency: str | None = None

    @property
    def money(self) -> Unit:
        """The unit of bare money."""
        return unit(self.currency or self.vocabulary.currency)

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
                raise ConditionFault(say("must_be_a_number", hint=interval_hint(raw)))
            return day_or_year(raw) or fact_quantity(self.vocabulary, raw)
        if isinstance(raw, int | Decimal) and not isinstance(raw, bool):
            return forms.Constant(Fraction(raw))
        if isinstance(raw, date):
            return forms.FixedDay(raw)
        if not isinstance(raw, dict):
            raise ConditionFault(say("is_no_quantity_name_a_fact", raw=quoted(raw)))
        heads = raw.keys() & HEADS
        if len(heads) != 1:
            unknown = [] if heads else [key for key in raw if key not in _BESIDE_HEADS]
            words = say("quantity_without_a_head")
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
            "power": self._power,
            "year_of": self._year_of,
            "month_of": self._month_of,
            "months_between": self._months_between,
            "steps": self._steps,
            "cases": partial(read_cases, self),
            "by": partial(read_table, self),
            "bands": partial(read_bands, self),
            "price": self._price,
            "parameter": self._parameter,
            "points": self._points,
            "awards": self._awards,
            "award_amounts": self._awards,
            "certificates": self._certificates,
            "projects": partial(read_total, self),
        }
        return makers[head](raw, clause)

    def check(self, quantity: Quantity) -> Unit:
        """The unit of a quantity; a fault where its parts do not go together."""
        try:
            return unit_of(quantity, self.vocabulary)
        except UnitError as error:
            raise ConditionFault(error.words) from None

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
            raise ConditionFault(say("divisor_not_above_0", head=head))
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
        fact = self.vocabulary.facts[part.fact]
        if fact.step is None and not (fact.type is FactType.DATE and head == "difference"):
            raise ConditionFault(say("needs_facts_that_are_numbers", head=head))

    def _value(self, raw: Mapping[str, Any], clause: Clause) -> Quantity:
        check_keys(raw, {"value", "unit"})
        value, counted = raw["value"], unit_named(raw.get("unit"), self.vocabulary)
        if isinstance(value, dict):
            return between(value, counted, "value", self.vocabulary)
        return constant(exact(value, "value"), counted, "value", self.vocabulary)

    def _fact(self, raw: Mapping[str, Any], clause: Clause) -> Quantity:
        return fact_quantity(self.vocabulary, _alone(raw, "fact"))

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
            models = self.standards.models
            hint = did_you_mean_one_called(name, {key: m.name for key, m in models.items()})
            words = say("there_is_no_points_model", name=quoted(name), hint=hint)
            raise ConditionFault(words, set(models))
        return points_quantity(model, clause)

    def _parameter(self, raw: Mapping[str, Any], clause: Clause) -> Quantity:
        check_keys(raw, {"parameter", "own"} if "own" in raw else {"parameter", "day"})
        known = self.vocabulary.parameters
        name, own = raw["parameter"], raw.get("own")
        if not isinstance(name, str) or name not in known:
            hint = did_you_mean_one_called(name, {key: p.label for key, p in known.items()})
            words = say("there_is_no_parameter", name=quoted(name), hint=hint)
            raise ConditionFault(words, set(known))
        if own is not None and find_fact(self.vocabulary, own).parameter != name:
            allowed = {f.id for f in self.vocabulary.facts.values() if f.parameter == name}
            raise ConditionFault(say("does_not_stand_in_the_place", own=own, name=name), allowed)
        if "day" in raw:
            return forms.ParameterOn(known[name], self._day_fact(raw["day"]))
        return forms.ParameterQuantity(known[name], own)

    def _day_fact(self, name: object) -> forms.FactQuantity:
        if find_fact(self.vocabulary, name).type is not FactType.DATE:
            days = {f.id for f in self.vocabulary.facts.values() if f.type is FactType.DATE}
            raise ConditionFault(say("day_names_a_day"), days)
        return fact_quantity(self.vocabulary, str(name))

    def _price(self, raw: Mapping[str, Any], clause: Clause) -> Quantity:
        check_keys(raw, {"price", "of"})
        if "of" not in raw:
            raise ConditionFault(say("price_needs_of_what_is_counted"), {"of"})
        of = self.read(raw["of"], clause)
        counted = self.check(of)
        if counted == self.money:
            raise ConditionFault(say("price_of_money_is_a_product"))
        each = self.money / counted
        if isinstance(raw["price"], dict):
            found = in_unit(self.read(raw["price"], clause), each, self.vocabulary)
            if self.check(found) == self.money:
                found = for_each(found, counted)
            return forms.Product((found, of))
        price = constant(exact(raw["price"], "price"), each, "price", self.vocabulary)
        return forms.Product((price, of))

    def _power(self, raw: Mapping[str, Any], clause: Clause) -> Quantity:
        asked = _alone(raw, "power")
        if not isinstance(asked, dict) or asked.keys() != {"of", "times"}:
            raise ConditionFault(say("power_has_of_and_times"), {"of", "times"})
        times = asked["times"]
        if isinstance(times, bool) or not isinstance(times, int) or not 1 < times <= _MAX_POWER:
            raise ConditionFault(say("power_has_of_and_times"))
        return forms.Power(self.read(asked["of"], clause), times)

    def _year_of(self, raw: Mapping[str, Any], clause: Clause) -> Quantity:
        return forms.YearOf(self.read(_alone(raw, "year_of"), clause))

    def _month_of(self, raw: Mapping[str, Any], clause: Clause) -> Quantity:
        return forms.MonthOf(self.read(_alone(raw, "month_of"), clause))

    def _months_between(self, raw: Mapping[str, Any], clause: Clause) -> Quantity:
        check_keys(raw, {"months_between", "begun"})
        parts = raw["months_between"]
        if not isinstance(parts, list) or len(parts) != 2:
            raise ConditionFault(say("months_between_needs"))
        kind = forms.MonthsBegun if _is_begun(raw) else forms.MonthsBetween
        return kind(*(self.read(part, clause) for part in parts))

    def _steps(self, raw: Mapping[str, Any], clause: Clause) -> Quantity:
        check_keys(raw, {"steps", "each", "begun"})
        if "each" not in raw:
            raise ConditionFault(say("steps_needs_each_of_how_much"), {"each"})
        begun = _is_begun(raw)
        of = self.read(raw["steps"], clause)
        if isinstance(of, forms.FactQuantity):
            self._check_number("steps", of)
        number = exact(raw["each"], "each")
        if number <= 0:
            raise number_fault(number, say("each_must_be_above_0"))
        return forms.Steps(of, constant(number, self.check(of), "each", self.vocabulary), begun)


def _is_begun(raw: Mapping[str, Any]) -> bool:
    """Whether what is begun counts whole."""
    begun = raw.get("begun", False)
    if not isinstance(begun, bool):
        raise ConditionFault(say("begun_must_be_true_or_false"))
    return begun


def _alone(raw: Mapping[str, Any], head: str) -> Any:
    check_keys(raw, {head})
    return raw[head]
