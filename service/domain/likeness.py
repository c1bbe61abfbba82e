"""Likeness: values of a fact that no rule tells apart.

Subjects that are alike in every fact a rule looks at get the same finding from it, but for what was
observed. So whatever follows from a finding can be kept, and serves all who are alike.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, TypeAlias

from service.domain.facts.profile import COMPANY_KIND, PROJECTS_ABSENT, Provenance, Subject, Value
from service.domain.index.column import ColumnLookup, IndexedTest
from service.domain.index.column_factory import build_columns, merge_columns
from service.domain.index.interval_columns import DerivedQuantity, IntervalTable, interval_table_of
from service.domain.rules.catalogue import Catalogue, Programme
from service.domain.rules.conditions import Condition, Predicate, leaves
from service.domain.rules.points_model import Indicator
from service.domain.rules.quantities import Quantity

# What a value is to the rules. None: not stated.
Class: TypeAlias = Hashable
Facts: TypeAlias = Mapping[str, Value]
Key: TypeAlias = Callable[[Sequence[Class]], Hashable]
# Quantities; exact facts; and facts that make a number together.
_Of: TypeAlias = Quantity | str | tuple[str, ...]


class Likeness:
    """The classes of a subject under a set of rules: one for each quantity that the rules test, and
    one for each of the `exact` facts, of which every value is a class of its own."""

    def __init__(self, conditions: Iterable[Condition], exact: Iterable[str] = ()) -> None:
        tests: dict[Quantity, list[IndexedTest]] = defaultdict(list)
        for condition in conditions:
            for test in leaves(condition):
                if isinstance(test, Predicate):
                    found = tests[test.quantity]
                    found.append(IndexedTest(len(found), test.operator, negated=False))
        self._places: dict[_Of, int] = {}
        self._lines: dict[str, tuple[int, IntervalTable]] = {}
        self._looks: dict[str, tuple[int, ColumnLookup]] = {}
        self._combined: list[tuple[int, int, DerivedQuantity]] = []
        for quantity, entries in tests.items():
            self._add(quantity, entries)
        self._exact = {fact: self._place(fact) for fact in exact}
        self._unstated: list[Class] = [None] * len(self._places)
        for place, close, combined in self._combined:
            self._unstated[place], self._unstated[close] = _classes_of(combined, {}, date.min)

    def _add(self, quantity: Quantity, entries: list[IndexedTest]) -> None:
        place = self._place(quantity)
        columns = build_columns(quantity, entries, (1 << len(entries)) - 1)
        column = merge_columns(columns)
        if not quantity.single:
            self._combined.append(
                (place, self._place(quantity.facts), DerivedQuantity(quantity, columns))
            )
        elif line := interval_table_of(column):
            self._lines[quantity.facts[0]] = place, line
        else:
            self._looks[quantity.facts[0]] = place, column.masks

    def _place(self, of: _Of) -> int:
        return self._places.setdefault(of, len(self._places))

    def key(
        self, conditions: Iterable[Condition], exact: Iterable[str] = (), *, further: bool = False
    ) -> Key:
        """The function that picks from a subject's classes those that these conditions look at, and
        those of the exact facts. `further`: those who share them also stay alike whatever further
        facts they state."""
        asked: list[_Of] = [*exact]
        for condition in conditions:
            quantities = [t.quantity for t in leaves(condition) if isinstance(t, Predicate)]
            asked += quantities
            if further:
                asked += [q.facts for q in quantities if not q.single]
        places = [self._places[q] for q in dict.fromkeys(asked)]
        return itemgetter(*places) if places else _nothing

    def classes(self, subject: Subject, as_of: date) -> list[Class]:
        """The classes of a subject on a day; of one day they can be compared."""
        found = self._read(self._unstated, subject.facts, subject.facts, as_of)
        if subject.provenance:
            self._mark(found, subject)
        return found

    def further(
        self, known: Sequence[Class], stated: Facts, subject: Subject, as_of: date
    ) -> list[Class]:
        """The same for a subject whose classes are `known` but for what it has `stated` since."""
        if subject.provenance:
            return self.classes(subject, as_of)
        return self._read(known, stated, subject.facts, as_of)

    def _read(
        self, known: Sequence[Class], stated: Facts, facts: Facts, as_of: date
    ) -> list[Class]:
        found = [*known]
        lines, looks, exact = self._lines, self._looks, self._exact
        for fact, value in stated.items():
            if fact in lines:
                # As in the index: most facts are numbers, which leave nothing open.
                place, (bounds, table, last) = lines[fact]
                i = bisect_left(bounds, value)
                found[place] = table[2 * i + (i < last and bounds[i] == value)]
            elif fact in looks:
                place, look = looks[fact]
                found[place] = _class(look(value, as_of), value)
            if fact in exact:
                found[exact[fact]] = value
        names = stated.keys()
        for place, close, combined in self._combined:
            if not names.isdisjoint(combined.quantity.facts):
                found[place], found[close] = _classes_of(combined, facts, as_of)
        return found

    def _mark(self, found: list[Class], subject: Subject) -> None:
        """Parts what is alike by where it comes from."""
        for fact, source in subject.provenance.items():
            looked = self._lines.get(fact) or self._looks.get(fact)
            if looked is not None and source is not Provenance.DECLARED:
                found[looked[0]] = found[looked[0]], source
        for place, _, combined in self._combined:
            found[place] = found[place], subject.provenance_of(combined.quantity.facts)


def _nothing(_classes: Sequence[Class]) -> Hashable:
    return ()


def _class(masks: tuple[int, int], value: Any) -> Class:
    """A value that leaves something open is a class of its own: another may be narrowed down to
    something else."""
    can, maybe = masks
    return (can, maybe, value) if maybe else can


def _classes_of(combined: DerivedQuantity, facts: Facts, as_of: date) -> tuple[Class, Class]:
    """The class of a combined number; as long as it has none, which of its facts are stated. What
    further facts could make of it hangs on the very numbers."""
    stated = tuple([facts.get(fact) for fact in combined.quantity.facts])
    masks = combined.masks(facts, as_of)
    if None in stated or masks is None or any(maybe for _, maybe in masks):
        gaps = tuple([value is None for value in stated])
        return (gaps, None if masks is None else tuple(masks)), stated
    return tuple(masks), None


def likeness_of(catalogue: Catalogue) -> Likeness:
    """The likeness under everything that an answer is drawn from."""
    conditions, exact = asked_by_categories(catalogue)
    return Likeness([*asked_by_programmes(catalogue), *conditions], {*exact, PROJECTS_ABSENT})


def asked_by_programmes(catalogue: Catalogue) -> list[Condition]:
    """All conditions of all programmes."""
    return [c for p in catalogue.programmes.values() for c in conditions_of(p, catalogue)]


def asked_by_categories(catalogue: Catalogue) -> tuple[list[Condition], set[str]]:
    """All conditions of categories and sizes, and the facts whose very value counts for them."""
    criteria = [c for standard in catalogue.categories.values() for c in standard.criteria]
    models = [c.model for c in criteria if c.model is not None]
    rows = [row for standard in catalogue.sizes.values() for row in standard.rows]
    conditions = [
        *(c.condition for c in criteria if c.condition is not None),
        *(band for model in models for i in model.indicators for band in bands_of(i)),
        *(c for row in rows for c in (row.industry, *row.reaches.values())),
        *(s.not_for for s in catalogue.categories.values() if s.not_for is not None),
        *(check.condition for check in catalogue.checks),
    ]
    return conditions, {COMPANY_KIND, *(m.stage for m in models if m.stage)}


def conditions_of(programme: Programme, catalogue: Catalogue) -> list[Condition]:
    """All that is asked of a subject before anything is told of a programme."""
    usual = catalogue.measures[programme.measure].usual_conditions
    return [programme.condition, *(u.condition for u in usual)]


def bands_of(indicator: Indicator) -> list[Condition]:
    """The conditions of an indicator's points."""
    return [band.condition for ladder in indicator.ladders for band in ladder.bands]
