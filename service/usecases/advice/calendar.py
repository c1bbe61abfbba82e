"""The calendar of a company: as data, and as iCalendar (RFC 5545) for any calendar program."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.advice.calendar import CalendarEvent, EventKind, events_ahead
from service.domain.advice.change_dates import CauseKind, ChangeCause
from service.domain.advice.settling import SettledBy, settled_by
from service.domain.clock import Clock
from service.domain.dates import DAY
from service.domain.evaluation.claimed_certificates import with_contested_certificates
from service.domain.evaluation.evaluator import Match, Status
from service.domain.facts.profile import Profile
from service.domain.facts.vocabulary import Vocabulary
from service.domain.index.bitset import places_of
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.programmes import Programme
from service.domain.text import Text
from service.domain.wording.clause_words import document_name
from service.domain.wording.labels import AUTHORITY, BLOCK
from service.intake.profiles import dump_profile
from service.intake.requests import MatchRequest
from service.rendering.canonical_json import canonical_json
from service.rendering.icalendar import icalendar
from service.rendering.json_parts import Json, subject_name, text_json
from service.rendering.texts import read_texts

MAX_DAYS = 3660
USUAL_DAYS = 90
_TEXTS = read_texts(__file__)
_HAPPENS = {kind: _TEXTS[f"event_{kind}"] for kind in EventKind}
_WINDOWS = {kind: _TEXTS[f"window_{kind}"] for kind in (EventKind.OPENS, EventKind.CLOSES)}
_CAUSES = {kind: _TEXTS[f"cause_{kind}"] for kind in CauseKind}
_ENDING = frozenset({EventKind.CLOSES, EventKind.APPLICATIONS_CLOSE})
_APPLICATIONS = (EventKind.APPLICATIONS_OPEN, EventKind.APPLICATIONS_CLOSE)
# Between these two nothing turns for the company.
_OUT_OF_REACH = frozenset({Status.INELIGIBLE, Status.NOT_IN_FORCE})


@dataclass(frozen=True)
class CalendarService:
    compiled: CompiledCatalogue
    clock: Clock

    def calendar(self, raw: object, days: int) -> Json:
        """What opens, closes or changes for the company in the days after the request's as-of date.

        A programme that it cannot have before or after is left out, unless `statuses` asks for
        such. Raises InvalidInput.
        """
        request = self.compiled.requests.read(raw)
        start = request.as_of or self.clock.today()
        owner = _owner_of(request.stated, self.compiled.catalogue.vocabulary)
        return {
            "from": start.isoformat(),
            "to": (start + timedelta(days=days)).isoformat(),
            "catalogue_version": self.compiled.catalogue.version,
            "events": [
                _event_json(e, owner, self.compiled.catalogue)
                for e in self._events(request, start, days)
            ],
        }

    def icalendar(self, answer: Json, language: str) -> str:
        """A calendar answer as an iCalendar object in one language, stamped with the present."""
        stamp = self.clock.now().astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        return icalendar(answer, self.compiled.catalogue.list_name, language, stamp)

    def _events(self, request: MatchRequest, start: date, days: int) -> Iterator[CalendarEvent]:
        profile = with_contested_certificates(self.compiled.catalogue, request.profile, start)
        for event in events_ahead(self._may_turn(profile, start, days), profile, start, days):
            turn = {event.before.status, event.after.status}
            if turn & request.statuses if request.statuses else turn - _OUT_OF_REACH:
                yield event

    def _may_turn(self, profile: Profile, start: date, days: int) -> Iterable[Programme]:
        """The programmes of which something may turn: of ten thousand few."""
        table, programmes = self.compiled.table, self.compiled.catalogue.programmes
        stated = {*profile.company, *(fact for p in profile.projects for fact in p.facts)}
        chosen = table.may_turn(stated, start, start + timedelta(days=days))
        return (programmes[table.ids[place]] for place in places_of(chosen))


def _owner_of(profile: Profile, vocabulary: Vocabulary) -> str:
    """What tells one company's events from another's: its code, else its name, else all of it."""
    for fact in reversed(vocabulary.identity):
        value = profile.company.get(fact)
        if isinstance(value, str):
            return value
    return canonical_json(dump_profile(profile)).decode()


def _event_json(event: CalendarEvent, owner: str, catalogue: Catalogue) -> Json:
    programme = event.after.programme
    day, subject = event.day.isoformat(), subject_name(event.after)
    applying = event.kind in _APPLICATIONS
    vocabulary = catalogue.vocabulary
    turn = _stands(event.after, event.day, vocabulary) if applying else _turn(event, vocabulary)
    inferred = programme.window.inferred and event.kind in _WINDOWS
    detail = _TEXTS["inferred"].format(turn=turn) if inferred else turn
    cause = _cause_text(event, catalogue)
    return {
        "id": _event_digest(owner, programme.id, subject or "", day, *([event.kind] * applying)),
        "day": day,
        "happening": event.kind.value,
        "programme": programme.id,
        "subject": subject,
        "text": text_json(_HAPPENS[event.kind].format(name=catalogue.list_name(programme.id))),
        "detail": text_json(detail),
        "before": event.before.status.value,
        "after": event.after.status.value,
        "window_inferred": inferred,
        "cause": text_json(cause) if cause else None,
        "last_day": _last_day(event),
    }


def _last_day(event: CalendarEvent) -> str | None:
    """The last day of what ends: of a window, a period for applications or a certificate."""
    cause = event.cause
    ends = event.kind in _ENDING or (cause is not None and cause.kind is CauseKind.EXPIRES)
    return (event.day - DAY).isoformat() if ends else None


def _cause_text(event: CalendarEvent, catalogue: Catalogue) -> Text | None:
    """What turned: the document itself, or what the company has; None for a period in which
    applications are taken, which is a programme's own."""
    if event.kind in _WINDOWS:
        measure = catalogue.measures[event.after.programme.measure]
        return _WINDOWS[event.kind].format(number=document_name(measure))
    cause = event.cause
    if cause is None:
        return None
    return _CAUSES[cause.kind].format(name=_cause_name(cause, catalogue.vocabulary))


def _cause_name(cause: ChangeCause, vocabulary: Vocabulary) -> Text:
    if cause.parameter is not None:
        return cause.parameter.label
    if cause.fact is None:
        return _TEXTS["today"]
    fact = vocabulary.facts[cause.fact]
    codes = vocabulary.codes_of(fact)
    return codes.label_of(cause.code) if codes and cause.code else fact.label


def _turn(event: CalendarEvent, vocabulary: Vocabulary) -> Text:
    return _TEXTS["turn"].format(
        before=_stands(event.before, event.day - DAY, vocabulary),
        after=_stands(event.after, event.day, vocabulary),
    )


def _stands(match: Match, day: date, vocabulary: Vocabulary) -> Text:
    """Where a match stands, in the words of a result."""
    by_authority = settled_by(match, vocabulary, day) is SettledBy.AUTHORITY
    return BLOCK[AUTHORITY if by_authority else match.status.value]


def _event_digest(*parts: str) -> str:
    """The same event always has the same id, so that a calendar takes it in once."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
