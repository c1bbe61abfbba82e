"""A calendar of changes as an iCalendar file: one event for one cause, with an alarm before it."""

import hashlib
from collections.abc import Callable, Iterable, Iterator

from service.domain.evaluation.evaluator import Status
from service.domain.text import Text
from service.rendering.json_parts import Json, wording

# How long before a last day, or before a beginning, a calendar program reminds.
_ALARMS = {True: "-P30D", False: "-P7D"}
_LAST_DAY = Text("最后一天：{text}", "Last day: {text}")
_FROM = Text("自 {day} 起：", "From {day}:")
_CHANGES = Text("{cause}，{count} 项结果变化", "{cause}: {count} results change")
# One line for all that turns alike, short enough for a telephone.
_ALIKE = Text("{turn}，{count} 项：{names}", "{turn}, {count}: {names}")
_AND_MORE = Text("{names}等", "{names} and others")
MAX_NAMES = 8
_COMMA = Text("、", ", ")
# The promising ones before the rest.
_PLACES = {status.value: place for place, status in enumerate(Status)}


def icalendar(answer: Json, name_of: Callable[[str], Text], language: str, stamp: str) -> str:
    """The events of a calendar answer as an iCalendar object; `name_of` gives that of a programme
    in a list, `stamp` is UTC, YYYYMMDDTHHMMSSZ.

    What ends stands on its last day; changes of one day that have one cause are one event.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Huice//policy calendar//{language.upper()}",
    ]
    groups: dict[object, list[Json]] = {}
    for event in answer["events"]:
        cause = event["cause"] and wording(event["cause"], language)
        groups.setdefault((event["day"], cause) if cause else event["id"], []).append(event)
    for events in groups.values():
        lines += _event_lines(events, name_of, language, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{_fold_line(line)}\r\n" for line in lines)


def _event_lines(
    events: list[Json], name_of: Callable[[str], Text], language: str, stamp: str
) -> Iterable[str]:
    first = events[0]
    day = (first["last_day"] or first["day"]).replace("-", "")
    summary = _summary_text(events, language)
    detail = wording(first["detail"], language)
    if first["cause"]:
        turns = _turns(events, name_of, language)
        detail = "\n".join([_FROM.in_language(language).format(day=first["day"]), *turns])
    return (
        "BEGIN:VEVENT",
        f"UID:{_event_id(events)}@huice",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{day}",
        f"SUMMARY:{_escape_text(summary)}",
        f"DESCRIPTION:{_escape_text(detail)}",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_escape_text(summary)}",
        f"TRIGGER:{_ALARMS[first['last_day'] is not None]}",
        "END:VALARM",
        "END:VEVENT",
    )


def _turns(events: list[Json], name_of: Callable[[str], Text], language: str) -> Iterator[str]:
    """What turns alike in one line: how many, and the first of them by name."""
    alike: dict[str, list[str]] = {}
    for event in sorted(events, key=lambda e: _PLACES[e["before"]]):
        name = name_of(event["programme"]).in_language(language)
        alike.setdefault(wording(event["detail"], language), []).append(name)
    for turn, programmes in alike.items():
        listed = _COMMA.in_language(language).join(dict.fromkeys(programmes[:MAX_NAMES]))
        if len(programmes) > MAX_NAMES:
            listed = _AND_MORE.in_language(language).format(names=listed)
        words = _ALIKE.in_language(language)
        yield words.format(turn=turn, count=len(programmes), names=listed)


def _summary_text(events: list[Json], language: str) -> str:
    first = events[0]
    text: str = wording(first["text"], language)
    if first["cause"]:
        cause = wording(first["cause"], language)
        text = _CHANGES.in_language(language).format(cause=cause, count=len(events))
    return _LAST_DAY.in_language(language).format(text=text) if first["last_day"] else text


def _event_id(events: list[Json]) -> str:
    """The same event always has the same id, so that a calendar takes it in once."""
    if len(events) == 1:
        name: str = events[0]["id"]
        return name
    joined = "\0".join(sorted(e["id"] for e in events))
    return hashlib.sha256(joined.encode()).hexdigest()[:32]


def _escape_text(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", "\\n")


def _fold_line(line: str) -> str:
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
