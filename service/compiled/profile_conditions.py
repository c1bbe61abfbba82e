"""What a catalogue asks of a company besides its programmes, looked up all at once: checks of
figures, size classes, the criteria of titles."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from service.domain.evaluation.assessment import TruthOf
from service.domain.facts.profile import Profile
from service.domain.index.truth_index import TruthIndex
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Condition
from service.domain.truth import Truth


class ProfileConditions:
    """The conditions of one catalogue that are put to every company."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._conditions = list({id(c): c for c in conditions_of(catalogue)}.values())
        self._index = TruthIndex(dict(enumerate(self._conditions)))
        self._bits = self._bits_by_place()

    def __getstate__(self) -> dict[str, Any]:
        return {name: part for name, part in vars(self).items() if name != "_bits"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._bits = self._bits_by_place()

    def _bits_by_place(self) -> dict[int, int]:
        """The bits by where a condition lies in memory, since hashing a tree costs more than a
        look-up: they are held here, so that no place comes to mean another one."""
        return {id(self._conditions[n]): 1 << i for i, n in enumerate(self._index.order)}

    def truths(self, profile: Profile, as_of: date) -> TruthOf:
        """What each comes to for the company of a profile."""
        possible, true = self._index.masks(profile.company, as_of)
        bits = self._bits

        def truth_of(condition: Condition) -> Truth:
            bit = bits[id(condition)]
            if true & bit:
                return Truth.TRUE
            return Truth.UNKNOWN if possible & bit else Truth.FALSE

        return truth_of


def conditions_of(catalogue: Catalogue) -> Iterator[Condition]:
    """The conditions of a catalogue that are put to every company."""
    for check in catalogue.checks:
        yield check.condition
    for standard in catalogue.sizes.values():
        for row in standard.rows:
            yield row.industry
            yield from row.reaches.values()
    for category in catalogue.categories.values():
        asked = (category.not_for, *(c.condition for c in category.criteria))
        yield from (condition for condition in asked if condition is not None)
