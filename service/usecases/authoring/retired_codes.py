"""Codes in whose place others stand today: what `lint` asks of a rule that names them."""

from collections.abc import Iterable, Iterator

from service.catalogue.fault_words import quoted, say
from service.domain.errors import Diagnostic
from service.domain.rules.operators import InSet
from service.domain.rules.programmes import Programme


def retired_codes(programmes: Iterable[Programme]) -> Iterator[Diagnostic]:
    """A test for a code that nobody has any more, since another took its place: it asks for what no
    applicant of today can be."""
    for programme in programmes:
        for code, now in dict.fromkeys(_succeeded(programme)):
            words = say(
                "is_no_longer_given_out", programme=programme.id, code=quoted(code), now=quoted(now)
            )
            yield Diagnostic(programme.path, 1, words, about=code)


def _succeeded(programme: Programme) -> Iterator[tuple[str, str]]:
    """The codes that a programme's tests name and that others stand for today, with those."""
    for test in programme.tests:
        operator = test.operator
        if isinstance(operator, InSet) and operator.codes is not None:
            for value in map(str, (*operator.values, *operator.umbrella)):
                now = operator.codes.current(value)
                if now not in (value, *operator.values):
                    yield value, now
