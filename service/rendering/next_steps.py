"""What to do next about a programme: when and where to apply, or whom to ask.

How long a document is in force is not when applications are taken; only a published period says
that. Where nobody has published anything, that is said, with whom to ask.
"""

from dataclasses import dataclass
from datetime import date

from service.domain.rules.application import Application, ApplicationPeriod, next_period
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.measures import Evidence, Measure
from service.domain.rules.programmes import Commitment, Programme
from service.domain.text import LIST_COMMA, SEMICOLON, Text, join
from service.rendering.application_json import window_text
from service.rendering.texts import read_texts

_WORDS = read_texts(__file__)

_MAX_NAMED = 2


@dataclass(frozen=True)
class NextStep:
    """`words` is the next step in one line; `published`, whether anybody has said how to apply;
    `behind`, the departments of the document where only a kind of body can be asked and none by
    name; `windows` are the periods in words; `source` is the original text, last looked at on
    `reviewed_on`."""

    application: Application
    period: ApplicationPeriod | None
    words: Text
    published: bool
    windows: tuple[Text, ...]
    source: str | None
    reviewed_on: date
    behind: Text | None = None


def next_step(catalogue: Catalogue, programme: Programme, today: date) -> NextStep:
    """The next step about a programme, seen from a day."""
    measure, application = catalogue.measures[programme.measure], programme.application
    period = next_period(application, programme.window, today)
    whom = application.lead_department or _whom(programme, measure)
    parts = _words(application, period, whom)
    return NextStep(
        application,
        period,
        join(parts, SEMICOLON) if parts else _asking(programme).format(whom=whom),
        bool(parts),
        tuple(window_text(w, catalogue.vocabulary) for w in application.windows),
        application.source_url or measure.url,
        application.reviewed_on or measure.reviewed_on,
        None if parts else _departments_behind(programme),
    )


def _whom(programme: Programme, measure: Measure) -> Text:
    """Who can say how to apply: whoever gives what a document only eases, such as a bank its loan;
    else, or where that is only a kind of body, the departments that answer for it."""
    if _is_asked_of_giver(programme):
        return programme.decided_by
    return _named(programme.departments or measure.issuers)


def _departments_behind(programme: Programme) -> Text | None:
    """Whom an official document makes answer for what others decide: who reads 放贷的银行 can ring
    nobody."""
    is_official = programme.evidence is Evidence.OFFICIAL
    is_needed = is_official and _is_asked_of_giver(programme)
    return _named(programme.departments) if is_needed else None


def _is_asked_of_giver(programme: Programme) -> bool:
    return programme.commitment is Commitment.FACILITATION and not programme.decider_is_kind


def _asking(programme: Programme) -> Text:
    if programme.commitment is Commitment.PLANNED:
        return _WORDS["ask_planned"]
    if programme.commitment is not Commitment.FACILITATION:
        return _WORDS["ask"]
    return _WORDS["ask_department" if programme.decider_is_kind else "ask_giver"]


def _named(bodies: tuple[Text, ...]) -> Text:
    """The bodies to ask; of many the first, for the text names the leading one first."""
    if len(bodies) <= _MAX_NAMED:
        return join(bodies, LIST_COMMA)
    return _WORDS["and_others"].format(first=bodies[0])


def _words(application: Application, period: ApplicationPeriod | None, whom: Text) -> list[Text]:
    """What has been published about applying, in words."""
    parts = [_period_words(period)] if period else []
    if application.url:
        parts.append(_WORDS["at"])
    elif application.contact or application.lead_department:
        parts.append(_WORDS["contact"].format(whom=application.contact or whom))
    elif application.steps:
        parts.append(application.steps[0])
    return parts


def _period_words(period: ApplicationPeriod) -> Text:
    start, end = period.window.start, period.window.end
    if not period.open:
        return _WORDS["from"].format(start=str(start))
    return _WORDS["open_until"].format(end=str(end)) if end else _WORDS["open"]
