"""Runs the examples that stand inside programme files: the rules' own specification."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from service.catalogue.cases import UNKNOWN
from service.catalogue.fault_words import at_place, joined_by_and, joined_by_or, quoted, say
from service.catalogue.yaml_faults import lookalike_in_value
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.deferred import each_once
from service.domain.errors import Diagnostic, InvalidInput
from service.domain.evaluation.evaluator import (
    Match,
    Status,
    evaluate_condition,
    evaluate_programme,
    status_of,
    subjects,
)
from service.domain.facts.profile import Profile, Subject
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.programmes import Example, Programme
from service.domain.rules.rounding import round_down
from service.domain.text import Text, nearest
from service.domain.truth import Truth
from service.rendering.example_profile import example_profile
from service.rendering.json_parts import Json, plain_value
from service.rendering.parameter_warnings import unknown_parameters, used_parameters
from service.usecases.authoring.boundary_examples import BoundaryExample, boundary_examples
from service.usecases.authoring.deciding_conditions import deciding_words
from service.usecases.authoring.standard_cases import run_cases
from service.usecases.authoring.uncompilable import collecting_errors

_NOT_KNOWN = ("未知", "不清楚", "不知道", "不详", "未填", "null", "none")


@dataclass(frozen=True, slots=True)
class ExampleRun:
    """How many examples ran, what did not come out as written, and how many ran beside them that
    follow from the measures."""

    count: int
    failures: tuple[Diagnostic, ...]
    derived: int = 0


def run_examples(
    compiled: CompiledCatalogue, chosen: Iterable[Programme] | None = None
) -> ExampleRun:
    """Every example of every programme, category and points model, through the same reader that
    requests go through; or those of the chosen programmes alone."""
    count, derived = 0, 0
    failures: list[Diagnostic] = []
    programmes = compiled.catalogue.programmes.values() if chosen is None else chosen
    for programme in programmes:
        with collecting_errors(programme) as errors:
            run = _run_programme(compiled, programme)
            count, derived = count + run.count, derived + run.derived
            failures += run.failures
        failures += errors
    for faults in run_cases(compiled) if chosen is None else ():
        count += 1
        failures += faults
    return ExampleRun(count, tuple(failures), derived)


def count_examples(compiled: CompiledCatalogue) -> ExampleRun:
    """How many `run_examples` runs, of a catalogue of which each has come out as written."""
    catalogue = compiled.catalogue
    count, derived = sum(1 for _ in run_cases(compiled)), 0
    for programme in each_once(catalogue.programmes):
        count += len(programme.examples)
        derived += sum(1 for _ in boundary_examples(programme, catalogue.vocabulary))
    return ExampleRun(count, (), derived)


def _run_programme(compiled: CompiledCatalogue, programme: Programme) -> ExampleRun:
    derived, failures = 0, []
    failed = set[int]()
    refused = set[Text]()
    read = _SubjectReader(compiled, programme)
    for example in programme.examples:
        try:
            faults = list(_faults(compiled, read, example))
        except InvalidInput as error:
            words = _refusal_words(error, example)
            faults = [] if words in refused else [words]
            refused.add(words)
            failed.add(example.line)
        for fault in faults:
            failed.add(example.line)
            words = at_place(programme.id, fault)
            failures.append(Diagnostic(programme.path, example.line, words))
    for boundary in boundary_examples(programme, compiled.catalogue.vocabulary):
        derived += 1
        if boundary.example.line not in failed:
            failures += _boundary_faults(compiled, read, boundary)
    return ExampleRun(len(programme.examples), tuple(failures), derived)


def refused_examples(
    compiled: CompiledCatalogue, programmes: Iterable[Programme]
) -> Iterator[Diagnostic]:
    """The examples whose facts nobody could state: minus four employees."""
    for programme in programmes:
        reported = set[Text]()
        for example in programme.examples:
            try:
                compiled.reader.read(
                    raw_profile(programme, example, compiled.catalogue.vocabulary), ""
                )
            except InvalidInput as error:
                words = _refusal_words(error, example)
                if words not in reported:  # what is common to all stands in `given`
                    yield Diagnostic(programme.path, example.line, at_place(programme.id, words))
                reported.add(words)


def _refusal_words(error: InvalidInput, example: Example) -> Text:
    """Why the facts of an example are refused: first of all for a sign that makes no part of a
    value."""
    for problem in error.problems:
        owner, *_, name = problem.pointer.strip("/").split("/")
        value = example.given.get(f"{owner.removesuffix('s')}.{name}")
        sign = lookalike_in_value(value) if isinstance(value, str) else None
        if sign is None and isinstance(value, str) and _is_unknown_misspelt(value):
            sign = say("a_fact_is_taken_away_by_unknown")
        if sign is not None:
            at_value = say("value", name=quoted(str(value)), sign=sign)
            return say("the_example_s_facts_are_refused", error=at_value)
    return say("the_example_s_facts_are_refused", error=error.words)


def _is_unknown_misspelt(value: str) -> bool:
    """Whether a value that is none was meant to take the fact away."""
    return value in _NOT_KNOWN or nearest(value.lower(), [UNKNOWN]) is not None


class _SubjectReader:
    """Reads the company or project that each example of a programme describes. Examples that state
    the same facts, and differ in their day alone, share one."""

    def __init__(self, compiled: CompiledCatalogue, programme: Programme) -> None:
        self._compiled, self.programme = compiled, programme
        self._subjects: list[tuple[Example, Subject]] = []

    def match(self, example: Example) -> Match:
        """The match that an example describes. Raises InvalidInput as `example_match`."""
        return evaluate_programme(self.programme, self._subject(example), example.as_of)

    def status(self, example: Example) -> Status:
        """Its status alone: reckoning the amount takes longer than the conditions. Raises
        InvalidInput as `example_match`."""
        programme, subject, day = self.programme, self._subject(example), example.as_of
        if day not in programme.window:  # whatever the conditions come to
            return status_of(programme, Truth.UNKNOWN, day)
        found = evaluate_condition(programme.condition, subject, day)
        return status_of(programme, found.truth, day)

    def _subject(self, example: Example) -> Subject:
        for other, subject in self._subjects:
            if other.project is example.project and _are_same(other.given, example.given):
                return subject
        subject = _subject_of(self._compiled, self.programme, example)
        self._subjects.append((example, subject))
        return subject


def _are_same(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Whether two are of the very same values: a number may equal a flag that is read otherwise."""
    if one is other:
        return True
    return one.keys() == other.keys() and all(one[fact] is other[fact] for fact in one)


def _boundary_faults(
    compiled: CompiledCatalogue, read: _SubjectReader, boundary: BoundaryExample
) -> Iterator[Diagnostic]:
    """What is wrong with an example that follows from the measure; told at the example it was made
    from."""
    try:
        status = read.status(boundary.example)
    except InvalidInput:
        return  # the example it was made from is refused, and says so
    programme = read.programme
    if status.value not in boundary.allowed:
        match = read.match(boundary.example)
        words = say(
            "status_differs_from_those_expected",
            programme=programme.id,
            example=boundary.say,
            status=status.value,
            names=joined_by_or(sorted(boundary.allowed)),
            decided=deciding_words(match, compiled.catalogue),
        )
        yield Diagnostic(programme.path, boundary.example.line, words)


def example_match(compiled: CompiledCatalogue, programme: Programme, example: Example) -> Match:
    """The match an example describes. Raises InvalidInput where its facts are not acceptable."""
    subject = _subject_of(compiled, programme, example)
    return evaluate_programme(programme, subject, example.as_of)


def _subject_of(compiled: CompiledCatalogue, programme: Programme, example: Example) -> Subject:
    raw = raw_profile(programme, example, compiled.catalogue.vocabulary)
    profile = compiled.reader.read_profile(raw, "")
    return next(iter(subjects(programme, profile)))


def raw_profile(programme: Programme, example: Example, vocabulary: Vocabulary) -> Json:
    """The facts of an example as they stand in its file."""
    return example_profile(programme, example, vocabulary, lambda _, value: plain_value(value))


def _faults(compiled: CompiledCatalogue, read: _SubjectReader, example: Example) -> Iterator[Text]:
    """What comes out otherwise than expected. Raises InvalidInput where the facts are refused."""
    match = read.match(example)
    found = list(_differences(compiled, match, example))
    yield from found
    is_open = match.ceiling is not None and match.ceiling.amount is None
    if found and (is_open or match.status is Status.UNDETERMINED):
        stated = Profile(match.subject.facts)
        yield from unknown_parameters(used_parameters([read.programme]), example.as_of, stated)
    if found and is_open:
        yield from _unstated_money_facts(read.programme, match)


def _unstated_money_facts(programme: Programme, match: Match) -> Iterator[Text]:
    """What its money is made of and the example does not state."""
    facts = dict.fromkeys(fact for quantity in programme.money for fact in quantity.facts)
    unstated = [fact for fact in facts if match.subject.get(fact) is None]
    if unstated:
        yield say("the_amount_turns_on_what_is_unstated", names=joined_by_and(unstated))


def _differences(compiled: CompiledCatalogue, match: Match, example: Example) -> Iterator[Text]:
    """What an example expects and does not come out."""
    expect = example.expect
    if match.status.value != expect.status:
        yield say(
            "status_differs_from_the_expected",
            status=match.status.value,
            expected=expect.status,
            decided=deciding_words(match, compiled.catalogue),
        )
    if expect.missing is not None and set(match.missing) != set(expect.missing):
        yield say(
            "missing_is_expected", missing=sorted(match.missing), expected=sorted(expect.missing)
        )
    yield from _ceiling_faults(match, example)


def _ceiling_faults(match: Match, example: Example) -> Iterator[Text]:
    expect, bound = example.expect, match.ceiling
    amount = bound.amount if bound else None
    ends = (amount, bound.high if bound else None, bound.low if bound else None)
    wanted = (expect.ceiling, expect.at_most, expect.low)
    if expect.ceiling_unknown and amount is not None:
        yield say("ceiling_is_expected_unknown", amount=amount)
    named = [
        (name, seen, expected)
        for name, seen, expected in zip(("ceiling", "at_most", "low"), ends, wanted, strict=True)
        if expected is not None
        and not _same(seen, expected)
        and not (name == "low" and seen is None and not expected)  # the least of all is not told
    ]
    if amount is not None and any(name != "ceiling" for name, _, _ in named):
        yield say("is_decided_where_ends_are_expected", amount=amount)
        return
    for name, seen, expected in named:
        seen_words = say("nothing_is_known") if seen is None else seen
        yield say("is_expected", name=name, seen=seen_words, expected=round_down(expected))


def _same(seen: Decimal | None, expected: Decimal) -> bool:
    return seen is not None and seen == expected
