"""What a catalogue asks of a company besides its programmes, looked up all at once: checks of
figures, size classes, the criteria of titles."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from service.domain.evaluation.assessment import TruthOf
from service.domain.facts.profile import Profile
from service.domain.index.column import TruthMasks
from service.domain.index.truth_index import TruthIndex
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Condition
from service.domain.truth import Truth


class ProfileConditions:
    """The conditions of one catalogue that are put to every company.

    Checks of figures are looked up for each; those of size classes and titles only where one of
    them is asked for.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        checks, standards = list(check_conditions(catalogue)), list(standard_conditions(catalogue))
        self._conditions = [list({id(c): c for c in each}.values()) for each in (checks, standards)]
        self._indexes = [TruthIndex(dict(enumerate(each))) for each in self._conditions if each]
        self._bits = self._bits_by_place()

    def __getstate__(self) -> dict[str, Any]:
        return {name: part for name, part in vars(self).items() if name != "_bits"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._bits = self._bits_by_place()

    def _bits_by_place(self) -> dict[int, tuple[int, int]]:
        """The index and the bit by where a condition lies in memory, since hashing a tree costs
        more than a look-up: they are held here, so that no place comes to mean another one."""
        held = [each for each in self._conditions if each]
        return {
            id(conditions[n]): (number, 1 << i)
            for number, (index, conditions) in enumerate(zip(self._indexes, held, strict=True))
            for i, n in enumerate(index.order)
        }

    def truths(self, profile: Profile, as_of: date) -> TruthOf:
        """What each comes to for the company of a profile."""
        bits, indexes, facts = self._bits, self._indexes, profile.company
        masks: list[TruthMasks | None] = [None] * len(indexes)

        def truth_of(condition: Condition) -> Truth:
            number, bit = bits[id(condition)]
            found = masks[number]
            if found is None:
                found = masks[number] = indexes[number].masks(facts, as_of)
            possible, true = found
            if true & bit:
                return Truth.TRUE
            return Truth.UNKNOWN if possible & bit else Truth.FALSE

        return truth_of


def check_conditions(catalogue: Catalogue) -> Iterator[Condition]:
    """The conditions of a catalogue that tell figures which cannot be."""
    return (check.condition for check in catalogue.checks)


def standard_conditions(catalogue: Catalogue) -> Iterator[Condition]:
    """The conditions of a catalogue's size classes and titles."""
    for standard in catalogue.sizes.values():
        for row in standard.rows:
            yield row.industry
            yield from row.reaches.values()
    for category in catalogue.categories.values():
        asked = (category.not_for, *(c.condition for c in category.criteria))
        yield from (condition for condition in asked if condition is not None)
