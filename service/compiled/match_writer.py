"""Single matches as JSON: templates filled with what a profile decides."""

import threading
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from service.compiled.evaluated_subject import NULL, ConditionNumbers, EvaluatedSubject
from service.compiled.match_template import DetailAndLanguage, MatchTemplate, WrittenPieces
from service.domain.advice.settling import SettledBy
from service.domain.deferred import Deferred
from service.domain.evaluation.evaluator import (
    IN_REACH,
    OPEN,
    AnswerDetail,
    AnswerOptions,
    Status,
    evaluate_programme,
)
from service.domain.facts.asking import lacking_facts
from service.domain.facts.profile import Subject
from service.domain.rules.amounts import ceiling
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.ceiling import Ceiling
from service.domain.rules.programmes import Programme
from service.rendering.canonical_json import canonical_json
from service.rendering.json_parts import in_language, subject_name
from service.rendering.match_json import DECIDED_BY_ONE, MAX_WARM, MatchRenderer

# Programmes whose templates are held at a time.
MAX_TEMPLATES = 1_000
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
        numbers: ConditionNumbers,
    ) -> None:
        self.numbers = numbers
        self._catalogue, self._answers, self._programmes = catalogue, answers, programmes
        self._lock = threading.Lock()
        # Made when a programme is first shown.
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
            state["_templates"] = {}
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._lock = threading.Lock()

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
        with self._lock:  # it numbers conditions, which two threads must not do at once
            if len(self._templates) >= MAX_TEMPLATES:
                self._templates.clear()
            written = self.ahead[place].once() if self.ahead else WrittenPieces({}, {})
            made = MatchTemplate(self._programmes[place], self._answers, self.numbers, written)
            return self._templates.setdefault(place, made)

    def match(
        self, place: int, subject: EvaluatedSubject, status: Status, by: SettledBy | None = None
    ) -> SubjectMatch:
        """How a programme stands for a subject; `by`: who settles what is open."""
        programme = self._programmes[place]
        benefit = programme.benefit
        bound = ceiling(benefit, subject.subject, subject.as_of) if benefit else None
        return SubjectMatch(programme, subject, status, bound, place, settled_by=by)

    def write(self, match: SubjectMatch, options: AnswerOptions) -> bytes:
        """A match as JSON."""
        subject, status = match.evaluated, match.status
        template = self._template(match.place)
        key = options.detail, options.language
        values = [canonical_json(subject_name(match)), _hypothetical(match), _STATUS[status]]
        if options.detail is AnswerDetail.STATUSES:
            return template.open_json((options.detail, None)).fill(values)
        values += [
            self._missing(subject, template) if status in OPEN else b"[]",
            self._ceiling(match, options),
            _SETTLED_BY[match.settled_by],
        ]
        if options.detail is AnswerDetail.BRIEF:
            values.append(self._because(match, template, options))
            return template.open_json(key).fill(values)
        values += [
            NULL,
            template.decided_by(status, options.language),
            NULL if status in IN_REACH else self._near_miss(match, options),
            json_in(self._answers.usual_warnings(match, subject.as_of), options),
        ]
        return template.open_json(key).fill(values + template.conditions(subject))

    def _missing(self, subject: EvaluatedSubject, template: MatchTemplate) -> bytes:
        missing = subject.findings[template.rule].missing
        return canonical_json(lacking_facts(missing, subject.facts, self._catalogue.vocabulary))

    def _ceiling(self, match: SubjectMatch, options: AnswerOptions) -> bytes:
        if match.ceiling is None:
            return NULL
        return json_in(self._answers.ceiling(match.programme, match.ceiling), options)

    def _because(
        self, match: SubjectMatch, template: MatchTemplate, options: AnswerOptions
    ) -> bytes:
        if match.status not in DECIDED_BY_ONE:
            return NULL
        finding = match.evaluated.findings[template.rule]
        return json_in(self._answers.because(match, finding), options)

    def _near_miss(self, match: SubjectMatch, options: AnswerOptions) -> bytes:
        """Only what is shown is searched for, by the reference."""
        evaluated, as_of = match.evaluated, match.evaluated.as_of
        subject = evaluated.for_programme(match.programme)
        found = evaluate_programme(match.programme, subject, as_of)
        barred = evaluated.titles_barred(self._answers.barred)
        return json_in(self._answers.near_miss(found, as_of, barred), options)


def _hypothetical(match: SubjectMatch) -> bytes:
    return _BOOLEAN[bool(match.programme.supports) and match.subject.ref is None]


def json_in(data: object, options: AnswerOptions) -> bytes:
    """Data in the languages that are wanted."""
    return canonical_json(in_language(data, options.language))
