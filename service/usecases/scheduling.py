"""The calendar of a company: as data, and as iCalendar (RFC 5545) for any calendar program."""

from dataclasses import dataclass
from datetime import timedelta

from service.domain.calendar import Event, Happening, calendar
from service.domain.text import Text
from service.usecases.rendering import Json, text_json
from service.usecases.workbench import Clock, Workbench

LONGEST = 3660
_WORDS = {
    Happening.OPENS: Text("开始实施：{name}", "Opens: {name}"),
    Happening.CLOSES: Text("已过有效期：{name}", "No longer in force: {name}"),
    Happening.CHANGES: Text("结果变化：{name}", "Changes: {name}"),
}


@dataclass(frozen=True)
class Scheduling:
    bench: Workbench
    clock: Clock

    def calendar(self, raw: object, days: int) -> Json:
        """What opens, closes or changes in the days after the request's as-of date. Raises
        InvalidInput."""
        request = self.bench.requests.read(raw)
        start = request.as_of or self.clock.today()
        events = calendar(self.bench.catalogue, request.profile, start, days)
        return {
            "from": start.isoformat(),
            "to": (start + timedelta(days=days)).isoformat(),
            "catalogue_version": self.bench.catalogue.version,
            "events": [_event(e) for e in events],
        }


def _event(event: Event) -> Json:
    programme = event.after.programme
    return {
        "day": event.day.isoformat(),
        "happening": event.happening.value,
        "programme": programme.id,
        "subject": event.after.subject.ref,
        "text": text_json(_WORDS[event.happening].format(name=programme.name)),
        "before": event.before.status.value,
        "after": event.after.status.value,
        "window_inferred": programme.window.inferred,
    }


def icalendar(answer: Json, language: str, stamp: str) -> str:
    """The events of a calendar answer as an iCalendar object; `stamp` is UTC, YYYYMMDDTHHMMSSZ."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Huice//policy calendar//ZH"]
    for event in answer["events"]:
        day = event["day"].replace("-", "")
        uid = f"{day}-{event['programme']}-{event['subject'] or 'company'}@huice"
        lines += [
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{day}",
            f"SUMMARY:{_escaped(event['text'][language])}",
            f"DESCRIPTION:{_escaped(event['before'])} → {_escaped(event['after'])}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _escaped(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    """Lines of at most 75 octets, never cut inside a character."""
    parts, current, size = [], "", 0
    for character in line:
        width = len(character.encode())
        if size + width > 75:
            parts.append(current)
            current, size = " ", 1
        current += character
        size += width
    return "\r\n".join([*parts, current])
