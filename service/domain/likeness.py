"""Likeness: values of a fact that no rule tells apart.

Subjects that are alike in every fact a rule looks at get the same finding from it, but for what was
observed. So whatever follows from a finding can be kept, and serves all who are alike.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, TypeAlias

from service.domain.bounds import Combined
from service.domain.columns import Entry, Look
from service.domain.conditions import Condition, Quantity, Test, leaves
from service.domain.looks import columns_of, joined
from service.domain.profile import Provenance, Subject

# What a value is to the rules. None: not stated.
Class: TypeAlias = Hashable
Key: TypeAlias = Callable[[Sequence[Class]], Hashable]


class Likeness:
    """The classes of a subject under a set of rules: one for each quantity that the rules test, and
    one for each of the `exact` facts, of which every value is a class of its own."""

    def __init__(self, conditions: Iterable[Condition], exact: Iterable[str] = ()) -> None:
        tests: dict[Quantity, list[Entry]] = defaultdict(list)
        for condition in conditions:
            for test in leaves(condition):
                if isinstance(test, Test):
                    found = tests[test.quantity]
                    found.append(Entry(len(found), test.operator, negated=False))
        self._places: dict[Quantity | str, int] = {}
        self._looks: dict[str, tuple[int, Look]] = {}
        self._combined: list[tuple[int, Combined]] = []
        for quantity, entries in tests.items():
            self._add(quantity, entries)
        self._exact = {fact: self._place(fact) for fact in exact}
        self._unstated: list[Class] = [None] * len(self._places)

    def _add(self, quantity: Quantity, entries: list[Entry]) -> None:
        place = self._place(quantity)
        columns = columns_of(quantity, entries, (1 << len(entries)) - 1)
        if quantity.single:
            self._looks[quantity.facts[0]] = place, joined(columns).masks
        else:
            self._combined.append((place, Combined(quantity, columns)))

    def _place(self, of: Quantity | str) -> int:
        return self._places.setdefault(of, len(self._places))

    def key(self, conditions: Iterable[Condition], exact: Iterable[str] = ()) -> Key:
        """The function that picks from a subject's classes those that these conditions look at, and
        those of the exact facts."""
        asked: list[Quantity | str] = [*exact]
        for condition in conditions:
            asked += [t.quantity for t in leaves(condition) if isinstance(t, Test)]
        places = [self._places[q] for q in dict.fromkeys(asked)]
        return itemgetter(*places) if places else _nothing

    def classes(self, subject: Subject, as_of: date) -> list[Class]:
        """The classes of a subject on a day; of one day they can be compared."""
        found = self._unstated.copy()
        looks, exact = self._looks, self._exact
        for fact, value in subject.facts.items():
            if fact in looks:
                place, look = looks[fact]
                found[place] = _class(look(value, as_of), value)
            if fact in exact:
                found[exact[fact]] = value
        for place, combined in self._combined:
            found[place] = _class_of(combined, subject, as_of)
        if subject.provenance:
            self._mark(found, subject)
        return found

    def _mark(self, found: list[Class], subject: Subject) -> None:
        """Parts what is alike by where it comes from."""
        for fact, source in subject.provenance.items():
            if fact in self._looks and source is not Provenance.DECLARED:
                place, _ = self._looks[fact]
                found[place] = found[place], source
        for place, combined in self._combined:
            found[place] = found[place], subject.provenance_of(combined.quantity.facts)


def _nothing(_classes: Sequence[Class]) -> Hashable:
    return ()


def _class(masks: tuple[int, int], value: Any) -> Class:
    """A value that leaves something open is a class of its own: another may be narrowed down to
    something else."""
    can, maybe = masks
    return (can, maybe, value) if maybe else can


def _class_of(combined: Combined, subject: Subject, as_of: date) -> Class:
    """As long as a combined number has no value, the numbers it is made of are its class."""
    facts: Mapping[str, Any] = subject.facts
    stated = tuple([facts.get(fact) for fact in combined.quantity.facts])
    if None in stated:
        return stated
    masks = combined.masks(facts, as_of)
    return stated if masks is None else tuple(masks)
