"""Single matches as JSON: templates filled with what a profile decides."""

import threading
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from service.compiled.evaluated_subject import NULL, EvaluatedSubject, LeafNumbers
from service.compiled.match_template import DetailAndLanguage, MatchTemplate, WrittenPieces
from service.domain.advice.settling import SettledBy
from service.domain.deferred import Deferred
from service.domain.evaluation.evaluator import (
    IN_REACH,
    OPEN,
    AnswerDetail,
    AnswerOptions,
    Status,
    evaluate_condition,
    evaluate_programme,
)
from service.domain.facts.asking import lacking_facts
from service.domain.facts.profile import Subject
from service.domain.rules.amounts import ceiling
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.ceiling import Ceiling
from service.domain.rules.programmes import Programme
from service.domain.truth import Truth
from service.domain.wording.values import observed_text
from service.rendering.canonical_json import canonical_json
from service.rendering.json_parts import COMPANY, in_language
from service.rendering.match_json import DECIDED_BY_ONE, MAX_WARM, MatchRenderer

# Programmes whose templates are held at a time.
MAX_TEMPLATES = 1_000
_WHEN_SHOWN = ("_shared", "_templates")
_NOBODY = Subject(None, {}, {})
_COMPANY = canonical_json(COMPANY)
_STATUS = {status: canonical_json(status.value) for status in Status}
_SETTLED_BY = {by: canonical_json(by) for by in (None, *SettledBy)}
_BOOLEAN = {True: b"true", False: b"false"}


class SubjectMatch(NamedTuple):
    """A programme for a subject, as far as its order and advice need it; `place` is the index's."""

    programme: Programme
    evaluated: EvaluatedSubject
    status: Status
    ceiling: Ceiling | None
    place: int
    missing: tuple[str, ...] = ()
    settled_by: SettledBy | None = None

    @property
    def subject(self) -> Subject:
        return self.evaluated.subject


class MatchWriter:
    """Writes the matches of one catalogue, whose programmes are in the order of its index."""

    def __init__(
        self,
        catalogue: Catalogue,
        programmes: Sequence[Programme],
        answers: MatchRenderer,
        numbers: LeafNumbers,
    ) -> None:
        self.numbers = numbers
        self._catalogue, self._answers, self._programmes = catalogue, answers, programmes
        self.unstated_ceilings = [_ceiling(p, _NOBODY) for p in programmes]
        # Made when a programme is first shown; the same text is held once.
        self._shared: dict[bytes, bytes] = {}
        self._lock = threading.Lock()
        self._templates: dict[int, MatchTemplate] = {}
        # Written by another process, by programme; none until that has ended.
        self.ahead: Sequence[Deferred[WrittenPieces]] = ()

    @property
    def is_made_when_shown(self) -> bool:
        """Whether there are too many programmes to make what is said of each ahead: it is made when
        one is first shown, or by another process."""
        return len(self._programmes) > MAX_WARM

    def __getstate__(self) -> dict[str, Any]:
        """What is packed: of a large catalogue nothing that is made only when a programme is
        shown."""
        state = {name: part for name, part in vars(self).items() if name != "_lock"}
        state["ahead"] = ()
        if self.is_made_when_shown:
            state |= {name: {} for name in _WHEN_SHOWN}
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._lock = threading.Lock()

    def pieces(self) -> Iterator[bytes]:
        """The texts of all programmes, in all languages."""
        return (self._template(place).text for place in range(len(self._programmes)))

    def write_ahead(self) -> Iterator[Deferred[WrittenPieces]]:
        """What is the same in all matches of each programme, in all languages together: as another
        process keeps it, to be held `ahead` here."""
        for place in range(len(self._programmes)):
            template = self._template(place)
            template.write([(detail, None) for detail in AnswerDetail])
            yield Deferred.of(template.written)

    def warm(self, shown: Sequence[DetailAndLanguage]) -> None:
        """Make all that is constant with so much detail, unless there are too many programmes."""
        if not self.is_made_when_shown:
            for place in range(len(self._programmes)):
                self._template(place).write(shown)

    def _template(self, place: int) -> MatchTemplate:
        found = self._templates.get(place)
        return found or self._make_template(place)

    def _make_template(self, place: int) -> MatchTemplate:
        with self._lock:  # it numbers questions, which two threads must not do at once
            if len(self._templates) >= MAX_TEMPLATES:
                for name in _WHEN_SHOWN:
                    getattr(self, name).clear()
            made = MatchTemplate(
                self._programmes[place],
                self.unstated_ceilings[place],
                self._answers,
                self.numbers,
                self._shared,
            )
            if self.ahead:
                made.take_up(self.ahead[place].once())
            return self._templates.setdefault(place, made)

    def match(
        self, place: int, programme: Programme, subject: EvaluatedSubject, status: Status
    ) -> SubjectMatch:
        """How a programme stands for a subject."""
        bound = self.unstated_ceilings[place]
        benefit = programme.benefit
        stated = benefit and not subject.facts.keys().isdisjoint(benefit.facts)
        if benefit and (stated or benefit.dated):
            bound = ceiling(benefit, subject.subject, subject.as_of)
        return SubjectMatch(programme, subject, status, bound, place)

    def write(self, match: SubjectMatch, options: AnswerOptions) -> bytes:
        """A match as JSON."""
        subject, status = match.evaluated, match.status
        template = self._template(match.place)
        key = options.detail, options.language
        values = [self._subject(match), _hypothetical(match), _STATUS[status]]
        if options.detail is AnswerDetail.STATUSES:
            return template.fill((options.detail, None), values, (), subject)
        brief = options.detail is AnswerDetail.BRIEF
        # In brief nothing hangs on what is met of the conditions of a match that meets them all.
        needless = brief and status not in OPEN and status not in DECIDED_BY_ONE
        truths = [] if needless else template.truths(subject)
        lacking = template.missing(truths, subject) if status in OPEN else ()
        missing = lacking_facts(lacking, subject.subject.facts, self._catalogue.vocabulary)
        values += [
            canonical_json(missing) if missing else b"[]",
            self._ceiling(match, template, options),
            _SETTLED_BY[match.settled_by],
        ]
        if brief:
            values.append(self._because(match, template, truths, options))
            return template.fill(key, values, (), subject)
        values += [
            NULL,
            template.said(status, options.language),
            NULL if status in IN_REACH else self._near_miss(match, options),
            self._usual(match, options) if status in IN_REACH else b"[]",
        ]
        return template.fill(key, values, truths, subject)

    def _subject(self, match: SubjectMatch) -> bytes:
        if not match.programme.supports:
            return _COMPANY
        return NULL if match.subject.ref is None else canonical_json(match.subject.ref)

    def _ceiling(
        self, match: SubjectMatch, template: MatchTemplate, options: AnswerOptions
    ) -> bytes:
        if match.ceiling is self.unstated_ceilings[match.place]:
            return template.said(None, options.language)
        return json_in(self._answers.ceiling(match.programme, match.ceiling), options)

    def _because(
        self,
        match: SubjectMatch,
        template: MatchTemplate,
        truths: list[Truth],
        options: AnswerOptions,
    ) -> bytes:
        if match.status not in DECIDED_BY_ONE:
            return NULL
        leaf, number = template.deciding_leaf(truths)
        found = match.evaluated[number]
        seen = observed_text(found.observed)
        return json_in(
            self._answers.leaf_json(leaf, found.truth, seen, match.subject.facts), options
        )

    def _near_miss(self, match: SubjectMatch, options: AnswerOptions) -> bytes:
        """Only what is shown is searched for, by the reference."""
        subject = match.evaluated.for_programme(match.programme)
        found = evaluate_programme(match.programme, subject, match.evaluated.as_of)
        return json_in(self._answers.near_miss(found, match.evaluated.as_of), options)

    def _usual(self, match: SubjectMatch, options: AnswerOptions) -> bytes:
        """The warnings of usual further conditions that the subject is known to miss; the same for
        all programmes of a measure."""
        subject, measure = match.evaluated, self._catalogue.measures.get(match.programme.measure)
        if measure is None or not measure.usual_conditions:
            return b"[]"
        known = subject.warnings.get(measure.id)
        if known is None:
            warnings = [
                self._answers.usual_warning(usual)
                for usual in measure.usual_conditions
                if evaluate_condition(usual.condition, subject.subject, subject.as_of).truth
                is Truth.FALSE
            ]
            known = subject.warnings[measure.id] = json_in(warnings, options)
        return known


def _ceiling(programme: Programme, subject: Subject) -> Ceiling | None:
    return ceiling(programme.benefit, subject, date.min) if programme.benefit else None


def _hypothetical(match: SubjectMatch) -> bytes:
    return _BOOLEAN[bool(match.programme.supports) and match.subject.ref is None]


def json_in(data: object, options: AnswerOptions) -> bytes:
    """Data in the languages that are wanted."""
    return canonical_json(in_language(data, options.language))
