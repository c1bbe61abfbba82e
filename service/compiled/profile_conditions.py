"""What a catalogue asks of a company besides its programmes, looked up all at once: checks of
figures, size classes, the criteria of titles."""

from collections.abc import Iterator
from datetime import date

from service.domain.evaluation.assessment import TruthOf
from service.domain.facts.profile import Profile
from service.domain.index.column import TruthMasks
from service.domain.index.truth_index import TruthIndex
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import NumberedCondition
from service.domain.truth import Truth


class ProfileConditions:
    """The conditions of one catalogue that are put to every company.

    Checks of figures are looked up for each; those of size classes and titles only where one of
    them is asked for.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        each = (check_conditions(catalogue), standard_conditions(catalogue))
        groups = [{c.number: c.condition for c in conditions} for conditions in each]
        self._indexes = [TruthIndex(conditions) for conditions in groups if conditions]
        # INVARIANT: a number names one condition of the catalogue, and so one bit of one index.
        self._places = {
            number: (place, 1 << i)
            for place, index in enumerate(self._indexes)
            for i, number in enumerate(index.order)
        }

    def truths(self, profile: Profile, as_of: date) -> TruthOf:
        """What each comes to for the company of a profile."""
        places, indexes, facts = self._places, self._indexes, profile.company
        masks: list[TruthMasks | None] = [None] * len(indexes)

        def truth_of(asked: NumberedCondition) -> Truth:
            place, bit = places[asked.number]
            found = masks[place]
            if found is None:
                found = masks[place] = indexes[place].masks(facts, as_of)
            possible, true = found
            if true & bit:
                return Truth.TRUE
            return Truth.UNKNOWN if possible & bit else Truth.FALSE

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
