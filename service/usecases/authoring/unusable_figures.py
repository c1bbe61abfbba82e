"""Public figures that a rule cannot reckon with: what `lint` asks of files that can be served."""

from collections.abc import Iterable, Iterator
from datetime import date

from service.catalogue.fault_words import say
from service.domain.errors import Diagnostic
from service.domain.rules.programmes import Programme
from service.rendering.parameter_warnings import parameters_of


def unusable_figures(programmes: Iterable[Programme], today: date) -> Iterator[Diagnostic]:
    """A figure whose first value comes after the last day of a programme that reckons with it, and
    one that is said to have been checked on a day that is still to come."""
    for programme in programmes:
        last = programme.window.end
        for figure in parameters_of(programme):
            first = figure.values[0].start
            if last is not None and last < first:
                words = say("begins_after_the_programme_ends", figure=figure.id, first=first,
                            programme=programme.id, last=last)  # fmt: skip
                yield Diagnostic(programme.path, 1, words, about=figure.id)
            if figure.until > today:
                words = say("was_not_checked_yet", figure=figure.id, day=figure.until,
                            programme=programme.id)  # fmt: skip
                yield Diagnostic(programme.path, 1, words, about=figure.id)
