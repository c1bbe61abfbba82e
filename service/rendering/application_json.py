"""How and when to apply, as JSON and in words."""

from typing import assert_never

from service.domain.dates import Window
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.application import (
    Application,
    ApplicationWindow,
    EventWindow,
    YearlyWindow,
)
from service.domain.text import Text
from service.domain.wording.number_words import span_words
from service.rendering.json_parts import Json, text_json

_DATED = {
    (True, True): Text("{start} 至 {end}", "{start} to {end}"),
    (True, False): Text("自 {start} 起", "from {start}"),
    (False, True): Text("至 {end} 止", "until {end}"),
    (False, False): Text("常年受理", "open all year round"),
}
_YEARLY = Text(
    "每年 {m1} 月 {d1} 日至 {m2} 月 {d2} 日", "every year from {d1} {month1} to {d2} {month2}"
)
_AFTER = Text("自{event}起 {span}内", "within {span} of: {event}")
_ISSUED = Text("{category}的发证日期", "the day of issue of: {category}")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip


def application_json(application: Application, vocabulary: Vocabulary) -> Json:
    """The contract's `application`: null, or an empty list, for what nobody has published."""
    reviewed = application.reviewed_on
    return {
        "url": application.url,
        "contact": _maybe(application.contact),
        "materials": [text_json(m) for m in application.materials] or None,
        "steps": [text_json(s) for s in application.steps] or None,
        "windows": [_window_json(w, vocabulary) for w in application.windows] or None,
        "lead_department": _maybe(application.lead_department),
        "source_url": application.source_url,
        "reviewed_on": reviewed.isoformat() if reviewed else None,
    }


def window_text(window: ApplicationWindow, vocabulary: Vocabulary) -> Text:
    """The days on which applications are taken, in words."""
    match window:
        case Window():
            start, end = (d.isoformat() if d else "" for d in (window.start, window.end))
            return _DATED[bool(start), bool(end)].format(start=start, end=end)
        case EventWindow():
            return _AFTER.format(event=_event(window, vocabulary), span=span_words(window.span))
        case YearlyWindow((m1, d1), (m2, d2)):
            return _YEARLY.format(
                m1=str(m1), d1=str(d1), m2=str(m2), d2=str(d2),
                month1=_MONTHS[m1 - 1], month2=_MONTHS[m2 - 1],
            )  # fmt: skip
        case _:
            assert_never(window)


def _event(window: EventWindow, vocabulary: Vocabulary) -> Text:
    fact = vocabulary.facts[window.fact]
    codes = vocabulary.codes_of(fact)
    if window.category is None or codes is None:
        return fact.label
    return _ISSUED.format(category=codes.label_of(window.category))


def _window_json(window: ApplicationWindow, vocabulary: Vocabulary) -> Json:
    parts: Json = dict.fromkeys(("from", "to", "months", "days", "after"))
    match window:
        case YearlyWindow():
            first, last = (f"{month:02}-{day:02}" for month, day in (window.first, window.last))
            parts |= {"kind": "yearly", "from": first, "to": last}
        case EventWindow():
            span = {"months": window.span.months or None, "days": window.span.days or None}
            parts |= {"kind": "after_event", **span, "after": window.fact}
        case Window():
            start, end = (d.isoformat() if d else None for d in (window.start, window.end))
            parts |= {"kind": "dated" if start or end else "always", "from": start, "to": end}
        case _:
            assert_never(window)
    return {**parts, "text": text_json(window_text(window, vocabulary))}


def _maybe(text: Text | None) -> Json | None:
    return text_json(text) if text else None
