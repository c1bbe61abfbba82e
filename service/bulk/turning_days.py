"""The days on which some rule's answer about a certificate turns: between them all are alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from service.domain.dates import DAY, Window
from service.domain.facts.profile import Certificate
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Condition, tests_below, tests_in
from service.domain.rules.quantities import Quantity
from service.domain.rules.quantity_contents import counts_in
from service.domain.rules.record_tests import CertificateTest


@dataclass(frozen=True)
class TurningDays:
    """The days on which some rule's answer about a certificate turns: about its day of issue and
    its last day."""

    issued: tuple[date, ...]
    expires: tuple[date, ...]

    def representative(self, certificate: Certificate) -> Certificate:
        """The certificate that stands for all that no rule tells from this one."""
        issued, expires = certificate.issued_on, certificate.expires_on
        return Certificate(
            certificate.category,
            None if issued is None else _standing_for(self.issued, issued),
            None if expires is None else _standing_for(self.expires, expires),
            contested=certificate.contested,
            unsure=certificate.unsure,
        )


def turning_days(catalogue: Catalogue, as_of: date) -> TurningDays:
    """The days that matter to the rules of a catalogue on a day."""
    issued = {as_of + DAY}
    for category in catalogue.categories.values():
        # Other certificates are not contested, whenever they were issued.
        if category.yearly:
            issued.update(_turning_days(category.window))
    for test in _certificate_tests(catalogue):
        days = test.issue_days(as_of)
        issued.update(_turning_days(days) if days else ())
        if test.years is not None:
            first, last = test.years.on(as_of)
            issued.update(date(year, 1, 1) for year in (first, last and last + 1) if year)
    return TurningDays(tuple(sorted(issued)), (as_of,))


def _turning_days(window: Window) -> Iterator[date]:
    if window.start is not None:
        yield window.start
    if window.end is not None:
        yield window.end + DAY


def _certificate_tests(catalogue: Catalogue) -> Iterator[CertificateTest]:
    for quantity in _all_quantities(catalogue):
        for count in counts_in(quantity):
            if isinstance(count.test, CertificateTest):
                yield count.test


def _all_quantities(catalogue: Catalogue) -> Iterator[Quantity]:
    """All that is reckoned with in conditions and in money."""
    for condition in _all_conditions(catalogue):
        yield from (test.quantity for test in tests_in(condition))
    for programme in catalogue.programmes.values():
        for quantity in programme.money:
            yield quantity
            yield from (test.quantity for test in tests_below(quantity))


def _all_conditions(catalogue: Catalogue) -> Iterator[Condition]:
    yield from (p.condition for p in catalogue.programmes.values())
    for category in catalogue.categories.values():
        for criterion in category.criteria:
            if criterion.condition is not None:
                yield criterion.condition.condition
            for indicator in criterion.model.indicators if criterion.model else ():
                yield from (b.condition for ladder in indicator.ladders for b in ladder.bands)


def _standing_for(turns: Sequence[date], day: date) -> date:
    """The last turning day up to a day, or the day before the first."""
    reached = [turn for turn in turns if turn <= day]
    return reached[-1] if reached else turns[0] - DAY


def day_classes(turns: Sequence[date], ordinals: NDArray[np.int64]) -> NDArray[np.int64]:
    """0 for no day, 1 before the first turning day, 2 from it on, and so on."""
    reached = np.searchsorted([t.toordinal() for t in turns], ordinals, side="right")
    return np.where(ordinals > 0, reached + 1, 0)


def day_of_class(turns: Sequence[date], place: int) -> date | None:
    """A day of a class: the turning day it begins with."""
    if not place:
        return None
    return turns[place - 2] if place > 1 else turns[0] - DAY
