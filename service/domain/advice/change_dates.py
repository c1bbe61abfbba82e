"""The days on which something about a programme can turn for a subject, as it stands today."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import assert_never

from service.domain.dates import add_months
from service.domain.facts.profile import Certificate, Subject
from service.domain.rules.catalogue import Programme
from service.domain.rules.conditions import Predicate, leaves
from service.domain.rules.operators import Age, HoldsCertificate, InSet, Range
from service.domain.rules.quantities import FactQuantity

_DAY = timedelta(days=1)


def change_dates(programme: Programme, subject: Subject) -> Iterator[date]:
    """Every day on which a truth may differ from the day before."""
    if programme.window.start:
        yield programme.window.start
    if programme.window.end:
        yield programme.window.end + _DAY
    for leaf in leaves(programme.condition):
        if isinstance(leaf, Predicate):
            yield from _leaf_days(leaf, subject)


def _leaf_days(test: Predicate, subject: Subject) -> Iterator[date]:
    quantity, operator = test.quantity, test.operator
    value = subject.get(quantity.fact) if isinstance(quantity, FactQuantity) else None
    match operator:
        case HoldsCertificate():
            for certificate in value if isinstance(value, tuple) else ():
                if isinstance(certificate, Certificate):
                    yield from _certificate_days(certificate)
        case Age():
            if isinstance(value, date):
                yield value
                for months in _bounds(operator.months):
                    completed = add_months(value, months)
                    yield from (completed, completed + _DAY)
        case InSet() | Range():  # these say the same on every day
            return
        case _:
            assert_never(operator)


def _certificate_days(certificate: Certificate) -> Iterator[date]:
    if certificate.issued_on:
        yield certificate.issued_on
    if certificate.expires_on:
        yield certificate.expires_on + _DAY


def _bounds(months: Range) -> Iterator[int]:
    return (m for m in (months.low, months.high) if isinstance(m, int))
