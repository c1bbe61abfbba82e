"""Days as words of the index, and the days that a query names.

A document holds a word for the day, the month and the year of each of its dates; a query asks for
the finest that it names: 2025年9月 for a month, 2027年底 for its last, 26 September 2025 for a day.
"""

import calendar
import re
from datetime import date

_MONTHS = {name.casefold()[:3]: n for n, name in enumerate(calendar.month_name) if name}
_NAMES = "|".join(f"{m.casefold()[:3]}(?:{m.casefold()[3:]})?" for m in calendar.month_name if m)
_YEAR = r"(?<!\d)(?P<year>(?:19|20)\d\d)(?!\d)"
_NAME = rf"(?P<name>sept|{_NAMES})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_WRITTEN = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_YEAR}\s*年(?:(?P<end>[底末])|\s*(?P<month>\d{{1,2}})\s*月(?:\s*(?P<day>\d{{1,2}})\s*[日号])?)?",
        rf"{_YEAR}(?P<sign>[-/.])(?P<month>\d{{1,2}})(?P=sign)(?P<day>\d{{1,2}})(?!\d)",
        rf"\b(?:{_DAY}\s+)?{_NAME}\s+{_YEAR}",
        rf"\b{_NAME}\s+{_DAY},?\s+{_YEAR}",
    )
)


def day_words(day: date) -> str:
    """The words by which a day is found."""
    return f"on{day:%Y} on{day:%Y%m} on{day:%Y%m%d}"


def take_days(text: str) -> tuple[str, dict[str, str]]:
    """A text in small letters without the days, months and years that it names, and their words,
    each with how it was written.

    >>> take_days("loans 26 september 2025"), take_days("2025年9月 贷款")
    (('loans  ', {'on20250926': '26 september 2025'}), ('  贷款', {'on202509': '2025年9月'}))
    >>> take_days("2027年底到期")
    (' 到期', {'on202712': '2027年底'})
    """
    words_by_day: dict[str, str] = {}

    def keep(match: re.Match[str]) -> str:
        parts = match.groupdict(default="")
        name = parts.get("name", "")
        month = str(_MONTHS[name[:3]]) if name else parts["month"] or _last_month(parts)
        word = "on" + parts["year"] + "".join(n.zfill(2) for n in (month, parts["day"]) if n)
        words_by_day[word] = match[0]
        return " "

    for pattern in _WRITTEN:
        text = pattern.sub(keep, text)
    return text, words_by_day


def _last_month(parts: dict[str, str]) -> str:
    """The month that the end of a year names."""
    return "12" if parts.get("end") else ""
