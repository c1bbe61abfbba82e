"""The rules as OpenFisca variables over companies, for one company and for a whole column of them.

OpenFisca has no facts with several values: each code that a rule asks for is a yes-or-no variable,
true where the company lies in it. What nobody stated has the variable's default: no, or zero.
Runs in the peers' environment.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import reduce
from operator import add, mul
from typing import Any, TypeAlias

import numpy as np
from openfisca_core.entities import build_entity  # type: ignore[import-not-found]
from openfisca_core.periods import DateUnit, period  # type: ignore[import-not-found]
from openfisca_core.simulations import SimulationBuilder  # type: ignore[import-not-found]
from openfisca_core.taxbenefitsystems import TaxBenefitSystem  # type: ignore[import-not-found]
from openfisca_core.variables import Variable  # type: ignore[import-not-found]

Rule: TypeAlias = list[Any]
Columns: TypeAlias = dict[str, np.ndarray[Any, Any]]
MONTH = period("2026-11")
ENTITY = build_entity(key="company", plural="companies", label="Company", is_person=True)


class System:
    """The rules as variables. `facts` are the input variables they ask for."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self.names = list(rules)
        self.facts = {name: kind for rule in rules.values() for name, kind in _inputs(rule)}
        self.system = TaxBenefitSystem([ENTITY])
        for name, kind in self.facts.items():
            self._add(name, value_type=kind)
        for name, rule in rules.items():
            self._add(name, value_type=bool, formula=_formula(rule))

    def _add(self, name: str, **members: object) -> None:
        members |= {"entity": ENTITY, "definition_period": DateUnit.ETERNITY}
        self.system.add_variable(type(name, (Variable,), members))

    def answer(self, columns: Columns, rows: int) -> Iterator[np.ndarray[Any, Any]]:
        """Whether each company meets the conditions, programme by programme."""
        simulation = SimulationBuilder().build_default_simulation(self.system, count=rows)
        for name, column in columns.items():
            simulation.set_input(name, MONTH, column)
        for name in self.names:
            yield simulation.calculate(name, MONTH)


def _inputs(rule: Rule) -> Iterator[tuple[str, type]]:
    gate, *rest = rule
    if gate in ("all", "any", "not"):
        for part in rest:
            yield from _inputs(part)
        return
    fact, wanted = rest
    if gate == "in":
        yield from ((f"{fact}__{code}", bool) for code in wanted)
    else:
        yield fact, date if isinstance(wanted, str) else float


def _formula(rule: Rule) -> Callable[..., Any]:
    decide = _decide(rule)
    return lambda company, when, _parameters=None: decide(company, when)


def _decide(rule: Rule) -> Callable[[Any, Any], Any]:
    gate, *rest = rule
    if gate == "not":
        inner = _decide(rest[0])
        return lambda c, when: ~inner(c, when)
    if gate in ("all", "any"):
        return _joined([_decide(part) for part in rest], mul if gate == "all" else add)
    fact, wanted = rest
    if gate == "in":
        return _joined([_fact_value(f"{fact}__{code}") for code in wanted], add)
    bound = np.datetime64(wanted) if isinstance(wanted, str) else wanted
    if gate == ">=":
        return lambda c, when: c(fact, when) >= bound
    return lambda c, when: c(fact, when) <= bound


def _fact_value(name: str) -> Callable[[Any, Any], Any]:
    return lambda c, when: c(name, when)


def _joined(
    parts: list[Callable[[Any, Any], Any]], join: Callable[[Any, Any], Any]
) -> Callable[[Any, Any], Any]:
    """As OpenFisca's own rules write it: `*` for and, `+` for or."""
    return lambda c, when: reduce(join, (part(c, when) for part in parts))


def one_company(rules: Mapping[str, Rule]) -> Callable[[dict[str, Any]], list[str]]:
    """An engine that answers one company: a simulation with a population of one."""
    system = System(rules)

    def match(company: dict[str, Any]) -> list[str]:
        answers = system.answer(dict(_cells(company, system.facts)), 1)
        return [n for n, held in zip(system.names, answers, strict=True) if held[0]]

    return match


def _cells(
    company: Mapping[str, Any], facts: Mapping[str, type]
) -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
    for fact, held in company.items():
        if isinstance(held, list):
            names = (f"{fact}__{code}" for code in held)
            yield from ((name, np.array([True])) for name in names if name in facts)
        elif fact in facts:
            kind = "datetime64[D]" if isinstance(held, str) else np.float32
            yield fact, np.array([held], kind)
