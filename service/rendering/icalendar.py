"""A calendar of changes as an iCalendar file."""

from service.rendering.json_parts import Json


def icalendar(answer: Json, language: str, stamp: str) -> str:
    """The events of a calendar answer as an iCalendar object; `stamp` is UTC, YYYYMMDDTHHMMSSZ."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Huice//policy calendar//{language.upper()}",
    ]
    for event in answer["events"]:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event['id']}@huice",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{event['day'].replace('-', '')}",
            f"SUMMARY:{_escaped(event['text'][language])}",
            f"DESCRIPTION:{_escaped(event['detail'][language])}",
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
