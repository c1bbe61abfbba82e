"""What a catalogue asks of a company besides its programmes, looked up all at once: checks of
figures, size classes, the criteria of titles."""

from collections.abc import Iterator
from datetime import date
from functools import cache, partial

from service.domain.evaluation.assessment import TruthOf
from service.domain.facts.profile import Profile
from service.domain.index.truth_index import TruthIndex
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import NumberedCondition
from service.domain.truth import Truth

# An enumeration's members are slow to name.
_FALSE, _UNKNOWN, _TRUE = Truth


class ProfileConditions:
    """The conditions of one catalogue that are put to every company."""

    def __init__(self, catalogue: Catalogue) -> None:
        asked = (*check_conditions(catalogue), *standard_conditions(catalogue))
        self._index = TruthIndex({c.number: c.condition for c in asked})
        # INVARIANT: a number names one condition of the catalogue, and so one bit.
        self._bits = {number: 1 << i for i, number in enumerate(self._index.order)}

    def truths(self, profile: Profile, as_of: date) -> TruthOf:
        """What each comes to for the company of a profile; looked up once one is asked for."""
        bits, masks = self._bits, cache(partial(self._index.masks, profile.company, as_of))

        def truth_of(asked: NumberedCondition) -> Truth:
            possible, true = masks()
            bit = bits[asked.number]
            if true & bit:
                return _TRUE
            return _UNKNOWN if possible & bit else _FALSE

        return truth_of


def check_conditions(catalogue: Catalogue) -> Iterator[NumberedCondition]:
    """The conditions of a catalogue that tell figures which cannot be."""
    return (check.condition for check in catalogue.checks)


def standard_conditions(catalogue: Catalogue) -> Iterator[NumberedCondition]:
    """The conditions of a catalogue's size classes and titles."""
    for standard in catalogue.sizes.values():
        for row in standard.rows:
            yield row.industry
            yield from row.reaches.values()
    for category in catalogue.categories.values():
        found = (category.not_for, category.signs, *(c.condition for c in category.criteria))
        yield from (condition for condition in found if condition is not None)
