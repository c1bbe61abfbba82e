"""What to do next about a programme: when and where to apply, or whom to ask.

How long a document is in force is not when applications are taken; only a published period says
that. Where nobody has published anything, that is said, with whom to ask.
"""

from dataclasses import dataclass
from datetime import date

from service.domain.rules.application import Application, ApplicationPeriod, next_period
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.measures import Measure
from service.domain.rules.programmes import Commitment, Programme
from service.domain.text import LIST_COMMA, SEMICOLON, Text, join
from service.rendering.application_json import window_text

_OPEN = Text("正在受理", "applications are being taken")
_OPEN_UNTIL = Text("正在受理，{end} 截止", "applications are taken until {end}")
_FROM = Text("{start} 开始受理", "applications are taken from {start}")
_ASK = Text("向{whom}询问怎么申报", "ask the {whom} how to apply")
# A loan or a policy is not applied for as a grant is.
_ASK_GIVER = Text("向{whom}询问怎么办理", "ask {whom} how to go about it")
_AND_OTHERS = Text("{first}等部门", "{first} and others")
_NAMED = 2
_AT = Text("在线申报", "apply online")
_CONTACT = Text("联系{whom}", "contact {whom}")


@dataclass(frozen=True)
class NextStep:
    """`words` is the next step in one line; `published`, whether anybody has said how to apply;
    `windows` are the periods in words; `source` is the original text, last looked at on
    `reviewed_on`."""

    application: Application
    period: ApplicationPeriod | None
    words: Text
    published: bool
    windows: tuple[Text, ...]
    source: str | None
    reviewed_on: date


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
    )


def _whom(programme: Programme, measure: Measure) -> Text:
    """Who can say how to apply: whoever gives what a document only eases, such as a bank its loan;
    else the departments that answer for it."""
    if programme.commitment is Commitment.FACILITATION:
        return programme.decided_by
    return _named(programme.departments or measure.issuers)


def _asking(programme: Programme) -> Text:
    return _ASK_GIVER if programme.commitment is Commitment.FACILITATION else _ASK


def _named(bodies: tuple[Text, ...]) -> Text:
    """The bodies to ask; of many the first, for the text names the leading one first."""
    if len(bodies) <= _NAMED:
        return join(bodies, LIST_COMMA)
    return _AND_OTHERS.format(first=bodies[0])


def _words(application: Application, period: ApplicationPeriod | None, whom: Text) -> list[Text]:
    """What has been published about applying, in words."""
    parts = [_period_words(period)] if period else []
    if application.url:
        parts.append(_AT)
    elif application.contact or application.lead_department:
        parts.append(_CONTACT.format(whom=application.contact or whom))
    elif application.steps:
        parts.append(application.steps[0])
    return parts


def _period_words(period: ApplicationPeriod) -> Text:
    start, end = period.window.start, period.window.end
    if not period.open:
        return _FROM.format(start=str(start))
    return _OPEN_UNTIL.format(end=str(end)) if end else _OPEN
