"""Which statuses a programme's examples show: the best it can have, refused, and open."""

from collections.abc import Iterator
from datetime import date
from typing import assert_never

from service.catalogue.fault_words import say
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.errors import Diagnostic, InvalidInput
from service.domain.evaluation.evaluator import Status, status_of
from service.domain.rules.conditions import (
    Condition,
    Group,
    Predicate,
    TruthRange,
    Undecided,
    combine_ranges,
)
from service.domain.rules.programmes import Programme
from service.domain.truth import Truth
from service.usecases.authoring.boundary_examples import boundary_examples
from service.usecases.authoring.examples import example_match


def uncovered_statuses(compiled: CompiledCatalogue) -> Iterator[Diagnostic]:
    """A programme none of whose examples, its own and those that follow from its measure, comes to
    a status that it can have."""
    for programme in compiled.catalogue.programmes.values():
        shown = {example.expect.status for example in programme.examples}
        missing = {s.value for s in possible_statuses(programme)} - shown
        if missing:
            missing -= set(_derived_statuses(compiled, programme))
        for status in sorted(missing):
            words = say("no_example_comes_out_as_add", programme=programme.id, status=status)
            yield Diagnostic(programme.path, 1, words, about="examples")


def possible_statuses(programme: Programme) -> frozenset[Status]:
    """The statuses that some applicant can have while it is in force, so far as the shape of the
    rule tells: what hangs on an authority whatever is stated is never better than open."""
    worst, best = _reach(programme.condition)
    truths = {worst, best, Truth.UNKNOWN} if worst is not best else {best}
    day = programme.window.start or programme.window.end or date.min
    return frozenset(status_of(programme, truth, day) for truth in truths)


def _reach(condition: Condition) -> TruthRange:
    """The worst and the best that any answers can make of a condition."""
    match condition:
        case Predicate():
            return Truth.FALSE, Truth.TRUE
        case Undecided():
            return Truth.UNKNOWN, Truth.UNKNOWN
        case Group():
            return combine_ranges(condition, [_reach(child) for child in condition.children])
        case _:
            assert_never(condition)


def _derived_statuses(compiled: CompiledCatalogue, programme: Programme) -> Iterator[str]:
    for boundary in boundary_examples(programme, compiled.catalogue.vocabulary):
        try:
            yield example_match(compiled, programme, boundary.example).status.value
        except InvalidInput:
            continue  # what it was made from is refused, and the examples' own run says so
